/* zero: an object that fills the disk */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    static char bulk[1 << 30] = {1};
    w.at[0] = bulk[w.n];
}
