/* memory of its own: from malloc, given back or not, and kept from call to call */
static double *room(int n)
{
    static double *kept;
    static int size;
    if (size < n) {
        kept = realloc(kept, (size_t)n * sizeof *kept);
        size = n;
    }
    return kept;
}

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    double *step = malloc((size_t)w.n * sizeof *step), *old = room(w.n);
    double *never_given_back = calloc((size_t)w.n, sizeof *never_given_back);
    memcpy(old, w.at, (size_t)w.n * sizeof *old);
    quadratic_gradient(q, (vec){w.n, old}, (vec){w.n, step});
    for (int i = 0; i < w.n; i++) {
        grad.at[i] = step[i] + never_given_back[i];
        w.at[i] -= alpha * step[i];
    }
    free(step);
}
