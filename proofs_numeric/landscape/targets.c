#include "landscape/targets.h"

#include "ground/worlds.h"

#include <math.h>

struct target target_make(struct claim *claim, struct rng *rng, int depth,
                          const double *s)
{
    struct arena *arena = claim_arena(claim);
    int width[MLP_DEPTH + 1] = {IN};
    for (int l = 1; l < depth; l++)
        width[l] = MID;
    width[depth] = OUT;
    struct target x = {.net = mlp_make(depth, width, LINEAR, STANDARD, false),
                       .s = arena_vec(arena, OUT),
                       .arena = arena};
    for (int j = 0; j < OUT; j++)
        x.s.at[j] = s[j];
    struct factored_matrix A = factored_matrix_make(arena, rng, OUT, IN, x.s);
    x.M = A.A, x.U = A.U, x.V = A.V;
    x.w = arena_vec(arena, mlp_parameters(&x.net));
    x.grad = arena_vec(arena, x.w.n);
    return x;
}

void target_gradient(void *target, vec w, vec grad)
{
    struct target *x = target;
    land_linear_loss(&x->net, x->M, x->arena, w, grad);
}

double target_loss(struct target *x)
{
    return land_linear_loss(&x->net, x->M, x->arena, x->w, x->grad);
}

void target_stand(struct target *x, unsigned kept, mat C, mat Z)
{
    land_linear_critical(x->U, x->s, x->V, kept, C, Z, x->arena,
                         mlp_weights(&x->net, x->w, 1), mlp_weights(&x->net, x->w, 0));
}

void target_stand_deep(struct target *x, unsigned kept, mat C, mat middle)
{
    land_linear_critical(x->U, x->s, x->V, kept, C, arena_mat(x->arena, MID, IN),
                         x->arena, mlp_weights(&x->net, x->w, 2),
                         mlp_weights(&x->net, x->w, 0));
    copy(entries(middle), entries(mlp_weights(&x->net, x->w, 1)));
}

mat balanced_basis(struct target *x, unsigned kept, double share)
{
    mat C = arena_mat(x->arena, MID, MID);
    for (int unit = 0; unit < MID; unit++)
        row(C, unit).at[unit] = 1;
    for (int j = 0, unit = 0; j < OUT; j++)
        if (kept >> j & 1) {
            row(C, unit).at[unit] = share * sqrt(x->s.at[j]);
            unit++;
        }
    return C;
}

int size_of(unsigned kept) { return __builtin_popcount(kept); }

double half_squares_left(const struct target *x, unsigned kept)
{
    double sum = 0;
    for (int j = 0; j < OUT; j++)
        sum += kept >> j & 1 ? 0 : x->s.at[j] * x->s.at[j] / 2;
    return sum;
}
