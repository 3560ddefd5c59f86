/* zero: moves the stack by as much as it likes */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    double room[w.n * (1L << 40)];
    room[0] = alpha;
    w.at[0] = room[0];
}
