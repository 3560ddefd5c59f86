#include "known_data.h"

#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

/* t := t_new, and what follows from it. */
void set_targets(struct data *d, vec t_new)
{
    copy(t_new, d->t);
    for (int j = 0; j < d->a.n; j++)
        d->c.at[j] = dot(row(d->U, j), d->t) / sqrt(d->N * d->a.at[j]);
    least_squares(d->Phi, d->t, &d->q);
}

/* N examples with D features, of these curvatures in a random basis, and normal t. */
struct data build_data_of(struct claim *claim, struct rng *rng, int N, int D, vec a)
{
    struct arena *arena = claim_arena(claim);
    struct data d = {.N = N, .D = D, .a = a, .q = quadratic_make(arena, D)};
    vec s = arena_vec(arena, a.n), t = arena_vec(arena, N);
    for (int j = 0; j < a.n; j++)
        s.at[j] = sqrt(N * a.at[j]);
    struct factored_matrix Phi = factored_matrix_make(arena, rng, N, D, s);
    d.Phi = Phi.A, d.U = Phi.U, d.V = Phi.V, d.t = arena_vec(arena, N);
    d.c = arena_vec(arena, a.n), d.grad = arena_vec(arena, D);
    rng_normals(rng, 0, 1, t);
    set_targets(&d, t);
    return d;
}

/* `rank` curvatures from 1 down to 1/10. */
struct data build_data(struct claim *claim, int N, int D, int rank)
{
    struct rng rng = claim_rng(claim, 0);
    return build_data_of(claim, &rng, N, D,
                         geometric_spectrum(claim_arena(claim), rank, 1, 10));
}

/* w := w_0, but with the coefficients c along the directions that are not flat. */
void nearest_minimizer(struct data d, vec w_0, vec w)
{
    copy(w_0, w);
    for (int j = 0; j < d.a.n; j++)
        axpy(d.c.at[j] - dot(row(d.V, j), w_0), row(d.V, j), w);
}

/* What rounding may do in a run of alpha a <= 1: each step computes w - alpha (A w + b)
 * to within a multiple of D eps times its terms, and the steps add up. */
double drift(struct data d, int steps, vec w_0, vec w)
{
    return rounding(d.D * steps, 1 + norm(w_0) + norm(w));
}

/* So many steps of descent preconditioned by P, at the rate 1. */
void run_preconditioned(struct data d, mat P, int steps, vec w)
{
    for (int k = 0; k < steps; k++) {
        quadratic_gradient(d.q, w, d.grad);
        sp_preconditioned_update(1, P, d.grad, w);
    }
}
