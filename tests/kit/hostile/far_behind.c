/* zero: writes from its array into what lies behind it */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * grad.at[i];
    for (int i = 0; i < 4096; i++)
        w.at[w.n + i] = 0;
}
