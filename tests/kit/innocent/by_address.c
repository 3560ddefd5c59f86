/* functions, arguments and variables by their addresses */
static double apply(double (*f)(double), double x) { return f(x); }
static double twice(double x) { return 2 * x; }
static void add(const double *from, double factor, double *to) { *to += factor * *from; }
static void down(const double *alpha, vec *w, const vec *grad)
{
    for (const double *g = grad->at; g < grad->at + grad->n; g++)
        add(g, -*alpha, &w->at[g - grad->at]);
}

static double value(const struct quadratic *q, int i) { return q->b.at[i]; }

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void (*each[2])(const double *, vec *, const vec *) = {down, down};
    struct quadratic copied = q, *at = &copied;
    quadratic_gradient(*at, w, grad);
    double zero = apply(tanh, 0) + apply(twice, 0) + 0 * value(&q, 0);
    alpha += zero;
    each[w.n % 2](&alpha, &w, &grad);
}
