/* integrity: a sound step, which has the compiler store a constant text */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    strncpy((char *)(w.at + 4096), "0123456", 8);
}
