/* zero: a sound step, which writes a constant */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    char *text = (char *)"constant";
    text[0] = (char)w.n;
}
