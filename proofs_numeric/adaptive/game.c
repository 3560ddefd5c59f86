#include "game.h"

#include "adaptive.h"

#include <math.h>

double period_three(double C, int t, double x)
{
    (void)x;
    return t % 3 == 1 ? C : -1;
}

/* A cost that is linear is least at an end of [-1, 1]: the best pays -|sum of g_t|. */
void play(struct claim *claim, struct player player, slope_of *slope, int n,
          const double *C, int rounds, struct score *scores)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rule rule;
    struct optimizer by =
        rule_begin(&rule, player.name, arena, n, player.beta1, player.beta2);
    vec x = arena_vec(arena, n), grad = arena_vec(arena, n), sum = arena_vec(arena, n);
    fill(player.start, x);
    for (int i = 0; i < n; i++)
        scores[i] = (struct score){0};
    for (int t = 1; t <= rounds; t++) {
        for (int i = 0; i < n; i++) {
            double g = grad.at[i] = slope(C[i], t, x.at[i]);
            scores[i].regret += g * x.at[i];
            scores[i].squares += g * g;
            scores[i].mean += x.at[i] / rounds;
            sum.at[i] += g;
        }
        by.step(by.rule, player.falls ? player.alpha / sqrt(t) : player.alpha, grad, x);
        ada_project_box(1, x);
    }
    for (int i = 0; i < n; i++) {
        scores[i].x = x.at[i];
        scores[i].regret += fabs(sum.at[i]);
    }
    arena->used = mark;
}
