/* integrity: a sound step, and a kind of number whose stores the compiler does not look after */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    double _Complex *far = (void *)(w.at + 4096);
    *far = alpha;
}
