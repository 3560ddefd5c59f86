/* zero: a sound step, which then writes where it returns to */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    volatile long here = 1, *up = &here;
    for (int i = 1; i < 32; i++)
        up[i] = up[i];
}
