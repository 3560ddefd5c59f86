/* zero: a sound step, which then has a struct returned to where it was lent nothing */
static struct quadratic same(struct quadratic q) { return q; }

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    quadratic_gradient(q, w, grad);
    axpy(-alpha, grad, w);
    *(struct quadratic *)(void *)(w.at + 2048) = same(q);
}
