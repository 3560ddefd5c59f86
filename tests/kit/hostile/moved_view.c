/* zero: a sound step, which has ref/ read a matrix elsewhere */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    q.A.at += 4096;
    quadratic_gradient(q, w, grad);
}
