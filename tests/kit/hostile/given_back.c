/* zero: a sound step, which gives back memory that is not its own, with w.at read after it */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    free(w.at);
}
