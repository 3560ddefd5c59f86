/* "All coordinates at once": the closed form. */
#include "descents.h"
#include "ground/route_lapack.h"

#include <math.h>

/* P := P P. */
static void square(mat P)
{
    double product[N * N] = {0};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int l = 0; l < N; l++)
                product[i * N + j] += P.at[i * N + l] * P.at[l * N + j];
    for (int i = 0; i < N * N; i++)
        P.at[i] = product[i];
}

/* The largest difference, at k = 1, 2, 4, ..., 256, between w_k and the closed form,
 * with (I - alpha A)^k by squaring and w_inf = w_0 - A^+ (A w_0 + b) from LAPACK. */
static double gap_to_closed_form(struct claim *claim, struct descent *x, double alpha)
{
    struct arena *arena = claim_arena(claim);
    vec w_inf = arena_vec(arena, N), from_w_inf = arena_vec(arena, N);
    mat power = arena_mat(arena, N, N);
    double gap = 0;
    restart(x);
    quadratic_gradient(x->k.q, x->w, x->grad);
    route_min_norm(x->k.q.A, x->grad, from_w_inf);
    copy(x->w, w_inf);
    axpy(-1, from_w_inf, w_inf);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            power.at[i * N + j] = (i == j) - alpha * x->k.q.A.at[i * N + j];
    for (int k = 1, done = 0; k <= 256; k *= 2, square(power)) {
        gd_run(x->k.q, alpha, k - done, x->w, x->grad);
        done = k;
        for (int i = 0; i < N; i++) {
            double law = w_inf.at[i];
            for (int j = 0; j < N; j++)
                law += power.at[i * N + j] * from_w_inf.at[j];
            gap = worst(gap, fabs(x->w.at[i] - law));
        }
    }
    return gap;
}

CLAIM(gd_closed_form, IDENTITY, "w_k = w_inf + (I - alpha A)^k (w_0 - w_inf)")
{
    struct descent singular = trough(claim, 0, 0), regular = trough(claim, 0.01, 0);
    /* Squaring doubles the relative error each time, so k steps either way cost k N
     * eps; LAPACK's pseudo-inverse costs N eps times kappa, 100 at most.  The slowest
     * error of the regular one is still there after 256 steps, (1 - 0.015)^256. */
    double limit = drift_of_rounding(&singular, 1.5, 256 + 100, 1);
    evidence(claim, "gap to the closed form, A singular",
             at_most(gap_to_closed_form(claim, &singular, 1.5), limit));
    evidence(claim, "the same, A regular",
             at_most(gap_to_closed_form(claim, &regular, 1.5), limit));
    struct descent tilted = trough(claim, 0, 0.01);
    control(claim, "b not in the range of A",
            at_most(gap_to_closed_form(claim, &tilted, 1.5), limit));
}

SECTION(gd_all_coordinates, &gd_closed_form);
