#include "descents.h"

#include <math.h>

struct descent descent_from(struct claim *claim, uint64_t replicate, vec a)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct descent x = {.k = solved_quadratic_make(arena, &rng, a),
                        .e_0 = arena_vec(arena, a.n),
                        .w = arena_vec(arena, a.n),
                        .grad = arena_vec(arena, a.n),
                        .error = arena_vec(arena, a.n)};
    rng_uniforms(&rng, 1, 2, x.e_0);
    for (int j = 0; j < a.n; j++)
        x.e_0.at[j] *= rng_below(&rng, 2) == 0 ? 1 : -1;
    restart(&x);
    return x;
}

struct descent bowl(struct claim *claim, double largest, double kappa)
{
    vec a = geometric_spectrum(claim_arena(claim), N, largest, kappa);
    return descent_from(claim, 0, a);
}

struct descent trough(struct claim *claim, double a_last, double slope)
{
    vec a = geometric_spectrum(claim_arena(claim), N, 1, 10);
    a.at[N - 1] = a_last;
    struct descent x = descent_from(claim, 0, a);
    for (int i = 0; i < N; i++)
        x.k.q.b.at[i] += slope * x.k.Q.at[i * N + N - 1];
    return x;
}

struct descent bowl_at_origin(struct claim *claim, double kappa)
{
    vec a = arena_vec(claim_arena(claim), 4);
    a.at[0] = 1, a.at[1] = 0.8, a.at[2] = 0.5, a.at[3] = 1 / kappa;
    struct descent x = descent_from(claim, 0, a);
    fill(0, x.k.w_star);
    fill(0, x.k.q.b);
    x.k.q.c = x.k.least = 0;
    restart(&x);
    return x;
}

void restart(struct descent *x) { from_axes(x->k, x->e_0, x->w); }

void advance(struct descent *x, double alpha, int steps)
{
    gd_run(x->k.q, alpha, steps, x->w, x->grad);
    to_axes(x->k, x->w, x->error);
}

/* What rounding may do in so many steps.  One step computes w - alpha (A w + b) to
 * within a small multiple of n eps times its largest term, and the steps add up; where
 * errors grow by the factor `growth` over the run, so does what rounding put in on the
 * way. */
double drift_of_rounding(const struct descent *x, double alpha, int steps,
                         double growth)
{
    double size = norm(x->k.w_star) + norm(x->e_0);
    return growth * rounding(x->e_0.n * steps, (1 + alpha * max_norm(x->k.a)) * size);
}

/* The largest difference, over so many steps from the start and over the eigenvectors,
 * between the error that gd_step leaves and (1 - alpha a)^k times the first error. */
double gap_to_law(struct descent *x, double alpha, int steps)
{
    double gap = 0;
    restart(x);
    for (int k = 1; k <= steps; k++) {
        advance(x, alpha, 1);
        for (int j = 0; j < x->e_0.n; j++) {
            double law = pow(1 - alpha * x->k.a.at[j], k) * x->e_0.at[j];
            gap = worst(gap, fabs(x->error.at[j] - law));
        }
    }
    return gap;
}

/* How many of the (step, eigenvector) pairs break the pattern: each step shrinks the
 * error, and keeps its sign (side = 1) or turns it (side = -1).  As many steps as two
 * thirds of the digits, ten in double precision, leave an error that shrinks to a tenth
 * in each above rounding by the last third: a hundred thousand times. */
int misfits(struct descent *x, double alpha, int side)
{
    int count = 0, steps = (int)(-2 * log10(REAL_EPSILON) / 3);
    double before[N];
    restart(x);
    to_axes(x->k, x->w, x->error);
    for (int k = 0; k < steps; k++) {
        for (int j = 0; j < N; j++)
            before[j] = x->error.at[j];
        advance(x, alpha, 1);
        for (int j = 0; j < N; j++)
            count += !(fabs(x->error.at[j]) < fabs(before[j]) &&
                       side * x->error.at[j] * before[j] > 0);
    }
    return count;
}

/* The cost that the spectrum predicts after k steps,
 * least + sum of a_j/2 (1 - alpha a_j)^2k e_j^2. */
double predicted_cost(const struct descent *x, double alpha, int k)
{
    double cost = x->k.least;
    for (int j = 0; j < x->e_0.n; j++) {
        double a = x->k.a.at[j], e = x->e_0.at[j];
        cost += a / 2 * pow(1 - alpha * a, 2 * k) * e * e;
    }
    return cost;
}
