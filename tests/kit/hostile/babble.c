/* zero: prints without end */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    for (;;)
        printf("and so on ");
}
