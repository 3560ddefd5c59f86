/* structs that are returned, by helpers and by ref/, and stored elsewhere */
static struct quadratic twice(struct quadratic q)
{
    struct quadratic p = q;
    p.c = 2 * q.c;
    return p;
}

static struct quadratic again(const struct quadratic *q) { return twice(*q); }

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    struct quadratic each[2], *last = &each[1];
    each[0] = twice(q);
    *last = again(&each[0]);
    struct arena scratch;
    scratch = arena_make(1024);
    vec step = arena_vec(&scratch, w.n);
    quadratic_gradient(each[w.n % 2], w, grad);
    axpy(twice(*last).c == 8 * q.c ? alpha : 2 * alpha, grad, step);
    axpy(-1, step, w);
    arena_free(&scratch);
}
