/* zero: writes over all that its callers keep */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    volatile double here[1] = {alpha};
    for (int i = 0; i < 4096; i++)
        here[i] = 0;
    w.at[0] = here[0];
}
