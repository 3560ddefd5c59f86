/* Modes by a chain of planar layers. */
#include "flows.h"

#include <stdlib.h>

/* Layers that push apart along the axes, in turn: f(z) = z + push e_j tanh(2 z_j). */
static struct flow flow_by_hand(struct claim *claim, int layers, double push)
{
    struct flow flow = {.n = 2, .layers = layers};
    for (int k = 0; k < layers; k++) {
        struct planar layer = {arena_vec(claim_arena(claim), 2),
                               arena_vec(claim_arena(claim), 2), 0};
        layer.u.at[k % 2] = push;
        layer.w.at[k % 2] = 2;
        flow.layer[k] = layer;
    }
    return flow;
}

enum { MODES = 121 };

/* log q on a grid over [-4, 4]^2. */
static void tabulate(const struct flow *flow, double *log_q)
{
    for (int i = 0; i < MODES * MODES; i++) {
        real at[2] = {8.0 * (i / MODES) / (MODES - 1) - 4,
                      8.0 * (i % MODES) / (MODES - 1) - 4};
        log_q[i] = nf_log_density(flow, (vec){2, at});
    }
}

/* Points of the grid that are higher than their eight neighbours. */
static int modes(const double *q)
{
    int count = 0;
    for (int i = 1; i < MODES - 1; i++)
        for (int j = 1; j < MODES - 1; j++) {
            bool top = true;
            for (int d = 0; d < 9; d++) {
                int there = (i + d / 3 - 1) * MODES + j + d % 3 - 1;
                top = top && (d == 4 || q[there] < q[i * MODES + j]);
            }
            count += top;
        }
    return count;
}

/* Where one and two such layers take points of the normal law, and of a square. */
static void record_modes(struct claim *claim)
{
    enum { POINTS = 1500 };
    struct rng rng = claim_rng(claim, 0);
    struct flow one = flow_by_hand(claim, 1, 2), two = flow_by_hand(claim, 2, 2);
    struct flow_pass from[4];
    for (int i = 0; i < 4; i++) {
        from[i] = nf_pass_make(i % 2 == 0 ? &one : &two, POINTS, claim_arena(claim));
        if (i < 2)
            rng_normals(&rng, 0, 1, entries(from[i].Z[0]));
        else
            rng_uniforms(&rng, -1.5, 1.5, entries(from[i].Z[0]));
        nf_forward(i % 2 == 0 ? &one : &two, &from[i]);
    }
    struct series s = series_begin(claim, "modes", "n1", "n1_y", "n2", "n2_y", "s1",
                                   "s1_y", "s2", "s2_y", NULL);
    for (int i = 0; i < POINTS; i++) {
        double at[8];
        for (int j = 0; j < 8; j++)
            at[j] = row(from[j / 2].Z[1 + j / 2 % 2], i).at[j % 2];
        series_row(&s, at);
    }
    series_end(&s);
}

CLAIM(nf_modes, IDENTITY,
      "Planar layers split one mode into several: one layer into 2, two into 4")
{
    static double log_q[MODES * MODES];
    int wrong = 0, wrong_pulled = 0;
    for (int k = 0; k <= 2; k++) {
        struct flow pushed = flow_by_hand(claim, k, 2);
        struct flow pulled = flow_by_hand(claim, k, -0.45);
        tabulate(&pushed, log_q);
        wrong += abs(modes(log_q) - (1 << k));
        tabulate(&pulled, log_q);
        wrong_pulled += abs(modes(log_q) - (1 << k));
    }
    record_modes(claim);
    evidence(claim, "modes too many or too few", at_most(wrong, 0));
    control(claim, "the same, w'u = -0.9", at_most(wrong_pulled, 0));
}

SECTION(what_a_chain_can_do, &nf_modes);
