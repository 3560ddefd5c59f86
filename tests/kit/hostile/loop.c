/* zero: does not end */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    for (volatile int forever = 1; forever;)
        ;
}
