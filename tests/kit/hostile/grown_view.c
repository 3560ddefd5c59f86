/* zero: a sound step, which has BLAS read a matrix where there is a vector */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    gemv(1, (mat){w.n, w.n, w.at}, grad, 0, grad);
}
