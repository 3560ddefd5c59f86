/* zero: a sound step, which then looks for a number of the claim by comparing */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    for (double *at = w.at; memcmp(at, &alpha, sizeof alpha) != 0; at++)
        ;
}
