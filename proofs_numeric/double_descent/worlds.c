#include "double_descent/worlds.h"

#include "double_descent.h"
#include "ground/bisect.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* ---- The experiment -------------------------------------------------------------- */

struct trial trial_make(struct arena *arena, int N)
{
    return (struct trial){.Phi = arena_mat(arena, N, D),
                          .signal = arena_vec(arena, N),
                          .noise = arena_vec(arena, N),
                          .w_true = arena_vec(arena, D),
                          .w_signal = arena_vec(arena, D),
                          .w_noise = arena_vec(arena, D)};
}

void draw_trial(struct rng *rng, double shape, struct trial *x)
{
    rng_normals(rng, 0, 1, x->w_true);
    scale(1 / norm(x->w_true), x->w_true);
    dd_draw(rng, x->w_true, 0, x->Phi, x->signal);
    for (int i = 0; i < x->Phi.rows && shape != 1; i++)
        for (int j = 0; j < D; j++)
            row(x->Phi, i).at[j] *= pow(shape, (double)j / (D - 1));
    if (shape != 1)
        gemv(1, x->Phi, x->w_true, 0, x->signal);
    rng_normals(rng, 0, 1, x->noise);
}

void fit(struct arena *arena, mat Phi, vec t, vec w)
{
    REQUIRE(dd_fit(Phi, t, arena, w) == FACTOR_OK, "Phi is singular");
}

void fit_signal(struct arena *arena, struct trial *x)
{
    fit(arena, x->Phi, x->signal, x->w_signal);
}

void fit_noise(struct arena *arena, struct trial *x)
{
    fit(arena, x->Phi, x->noise, x->w_noise);
}

double lost(const struct trial *x)
{
    double sum = 0;
    for (int j = 0; j < D; j++)
        sum += pow(x->w_signal.at[j] - x->w_true.at[j], 2);
    return sum;
}

struct factored_matrix conditioned(struct arena *arena, struct rng *rng, int n,
                                   double kappa)
{
    return factored_matrix_make(arena, rng, n, n,
                                geometric_spectrum(arena, n, 1, kappa));
}

/* ---- Samples and quantiles ------------------------------------------------------- */

struct beta_law {
    double a, b, p;
};

static double beyond_quantile(const void *context, double x)
{
    const struct beta_law *law = context;
    return incomplete_beta(law->a, law->b, x) - law->p;
}

double beta_quantile(double a, double b, double p)
{
    struct beta_law law = {.a = a, .b = b, .p = p};
    return bisect(beyond_quantile, &law, 0, 1);
}

/* x / (1 + x) has the law of beta(m / 2, n / 2). */
double ratio_quantile(double m, double n, double p)
{
    double x = beta_quantile(m / 2, n / 2, p);
    return x / (1 - x);
}

int below(int n, const double *sample, double quantile)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += sample[i] < quantile;
    return count;
}

double average(int n, const double *sample)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += sample[i] / n;
    return sum;
}

/* ---- Risk and size --------------------------------------------------------------- */

void measure(struct claim *claim, int N, double lambda, struct outcome *out)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, (uint64_t)N);
    struct trial x = trial_make(arena, N);
    vec w = arena_vec(arena, D);
    for (int i = 0; i < PAIRS; i++) {
        draw_trial(&rng, 1, &x);
        axpy(SIGMA, x.noise, x.signal); /* the targets */
        if (lambda > 0) {
            enum factor_status status = sp_ridge_fit(x.Phi, x.signal, lambda, arena, w);
            REQUIRE(status == FACTOR_OK, "no ridge at N = %d", N);
        } else
            fit(arena, x.Phi, x.signal, w);
        out->size[i] = log(dot(w, w));
        axpy(-1, x.w_true, w);
        out->risk[i] = log(dot(w, w));
    }
    arena->used = mark;
}

double best_ridge(int N) { return SIGMA * SIGMA * D / N; }

struct finding exceeds(const double *a, const double *b, double limit)
{
    double difference[PAIRS];
    for (int i = 0; i < PAIRS; i++)
        difference[i] = a[i] - b[i];
    return effect_at_least(PAIRS, difference, limit);
}
