/* integrity: a sound step, which opens the fence */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    void __fence_leave(void);
    __fence_leave();
}
