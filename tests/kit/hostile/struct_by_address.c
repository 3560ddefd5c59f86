/* zero: the same, by an address of the function */
static struct quadratic same(struct quadratic q) { return q; }

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    struct quadratic (*by)(struct quadratic) = same;
    axpy(-alpha, grad, w);
    *(struct quadratic *)(void *)(w.at + 2048) = (*by)(q);
}
