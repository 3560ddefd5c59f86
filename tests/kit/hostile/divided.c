/* zero: divides by the integer zero */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    volatile int none = 0;
    w.at[0] = w.n / none;
}
