/* zero: writes the entry before the first */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * grad.at[i];
    w.at[-1] -= alpha;
}
