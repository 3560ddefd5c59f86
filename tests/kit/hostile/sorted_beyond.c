/* zero: a sound step, which then sorts more than it was lent */
static int later(const void *a, const void *b)
{
    return memcmp(b, a, sizeof(double));
}

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    qsort(w.at, (size_t)w.n + 64, sizeof *w.at, later);
}
