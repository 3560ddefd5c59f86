/* zero: calls itself without end */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    gd_step(q, alpha / 2, w, grad);
    w.at[0] += 1;
}
