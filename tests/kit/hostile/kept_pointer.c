/* zero: a sound step, which keeps the address of w and looks behind it in the next call */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    static double *kept;
    if (kept)
        grad.at[0] += 0 * kept[1 << 12];
    kept = w.at;
}
