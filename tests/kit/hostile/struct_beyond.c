/* zero: a sound step, which takes what lies beyond for a struct */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    static double *first;
    first = first ? first : w.at;
    struct quadratic *other = (void *)(first + 512);
    grad.at[0] += 0 * other->c;
}
