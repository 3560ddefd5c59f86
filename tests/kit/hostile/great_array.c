/* zero: asks for more room than there is */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    static double room[1 << 27];
    for (int i = 0; i < 1 << 27; i++)
        room[i] = alpha;
    w.at[0] = room[w.n];
}
