/* arrays of its own, sorted, summed and printed */
static int up(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sum(int n, const double *x) { return n > 0 ? x[0] + sum(n - 1, x + 1) : 0; }

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    static const double weights[] = {0.5, 0.25, 0.25};
    double terms[1024] = {0};
    REQUIRE(w.n <= 1024, "there are %d entries", w.n);
    for (int i = 0; i < w.n; i++) {
        for (int j = 0; j < w.n; j++)
            terms[j] = q.A.at[i * q.A.cols + j] * w.at[j];
        qsort(terms, (size_t)w.n, sizeof *terms, up);
        grad.at[i] = (sum(w.n, terms) + q.b.at[i]) * (weights[0] + 2 * weights[1]);
        printf("%d: %g\n", i, grad.at[i]);
    }
    double largest = 0;
#pragma omp simd reduction(max : largest)
    for (int i = 0; i < w.n; i++)
        largest = fmax(largest, fabs(grad.at[i]));
    for (int i = 0; i < w.n; i++)
        w.at[i] -= alpha * grad.at[i] * (largest >= 0);
}
