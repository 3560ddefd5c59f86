/* zero: writes where nothing is */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    *(volatile int *)8 = 1;
}
