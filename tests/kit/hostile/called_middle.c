/* zero: a sound step, which calls a function four bytes behind where it begins */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    void (*at)(double, vec) = (void (*)(double, vec))((unsigned long)scale + 4);
    at(1, w);
}
