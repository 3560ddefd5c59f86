/* zero: a sound step, which then looks up the stack at what its caller has */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    volatile char here = 0, *up = &here;
    for (int i = 0; i < 1 << 14; i++)
        grad.at[0] += 0 * up[i];
}
