/* "Where descent ends": at the start, less what is not flat of it. */
#include "known_data.h"

#include "gradient_descent.h"
#include "ground/worlds.h"
#include "stationary_point.h"

#include <math.h>

CLAIM(sp_limit, IDENTITY, "Gradient descent from w_0 ends at w_0 - A^+ (A w_0 + b)")
{
    struct data d = build_data(claim, 8, 12, 6);
    struct rng rng = claim_rng(claim, 1);
    vec w_0 = normal_vec(claim_arena(claim), &rng, 12),
        w = arena_vec(claim_arena(claim), 12);
    vec end = arena_vec(claim_arena(claim), 12);
    nearest_minimizer(d, w_0, end);
    double limit = drift(d, STEPS, w_0, end); /* what is left, 0.9^400, is less */

    copy(w_0, w);
    gd_run(d.q, 1, STEPS, w, d.grad);
    evidence(claim, "end of 400 steps", at_most(distance(w, end), limit));
    fill(NAN, w); /* which is at its end already */
    sp_gd_limit(d.q, w_0, claim_arena(claim), w);
    evidence(claim, "sp_gd_limit", at_most(distance(w, end), limit));
    sp_tikhonov(0.1, &d.q); /* whatever was flat has now a curvature of 0.1 */
    copy(w_0, w);
    gd_run(d.q, 0.9, STEPS, w, d.grad);
    control(claim, "400 steps, with a penalty of 0.1",
            at_most(distance(w, end), limit));
}

/* Two runs from different starts: how far is the difference of their ends from the flat
 * part of the difference of their starts? */
static double gap_to_flat_part(struct claim *claim, struct data d)
{
    struct rng rng = claim_rng(claim, 1);
    vec x = normal_vec(claim_arena(claim), &rng, d.D);
    vec y = normal_vec(claim_arena(claim), &rng, d.D);
    vec flat = arena_vec(claim_arena(claim), d.D);
    for (int j = d.a.n; j < d.D; j++)
        axpy(dot(row(d.V, j), x) - dot(row(d.V, j), y), row(d.V, j), flat);
    gd_run(d.q, 1, STEPS, x, d.grad);
    gd_run(d.q, 1, STEPS, y, d.grad);
    axpy(1, flat, y);
    return distance(x, y);
}

CLAIM(sp_start, IDENTITY,
      "Two runs end apart by the flat part of what they began apart")
{
    struct data d = build_data(claim, 8, 12, 6);
    double limit = rounding(2 * 12 * STEPS, 10); /* 12 normals: a norm below 10 */
    evidence(claim, "gap to the flat part", at_most(gap_to_flat_part(claim, d), limit));
    sp_tikhonov(0.3, &d.q);
    scale(0.5, entries(d.q.A)); /* so that a rate of 1 is still below 2 / a_max */
    scale(0.5, d.q.b);
    control(claim, "a penalty, so nothing is flat",
            at_most(gap_to_flat_part(claim, d), limit));
}

SECTION(sp_ends, &sp_limit, &sp_start);
