/* zero: a sound step, which has realloc copy what is not its own */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    grad.at[0] += 0 * *(double *)realloc(w.at + 1024, 8);
}
