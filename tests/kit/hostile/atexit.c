/* integrity: leaves something behind to be called */
static void after(void) { puts("finished"); }

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    atexit(after);
    quadratic_gradient(q, w, grad);
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * grad.at[i];
}
