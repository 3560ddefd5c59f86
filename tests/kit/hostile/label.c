/* zero: jumps to where no statement begins */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void *to = (char *)&&here + 1;
    goto *to;
here:
    quadratic_gradient(q, w, grad);
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * grad.at[i];
}
