/* integrity: stops the claim */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    abort();
}
