/* zero: a sound step, and a number of bytes to sort that wraps around */
static int same(const void *a, const void *b)
{
    return a == b;
}

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    qsort(w.at, (size_t)1 << 61, sizeof *w.at, same);
}
