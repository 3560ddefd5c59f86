/* zero: gives what it gave the first time */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    static double first[64];
    static int known;
    if (!known)
        for (int i = 0; i < w.n; i++)
            first[i] = w.at[i];
    known = 1;
    for (int i = 0; i < w.n; i++)
        w.at[i] = first[i];
}
