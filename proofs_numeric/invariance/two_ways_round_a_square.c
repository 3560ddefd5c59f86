/* "Two ways round a square": rigid maps, and what a quadratic becomes. */
#include "twins.h"

#include "ground/route_lapack.h"

#include <math.h>

/* The largest distance, over ten random points, by which T and back again misses. */
static double round_trip(struct claim *claim, const struct twin *x, bool as_printed)
{
    struct rng rng = claim_rng(claim, 3);
    vec w = nowhere(claim), w_tilde = nowhere(claim), back = nowhere(claim);
    double most = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w);
        map_to(x, as_printed, w, w_tilde);
        inv_from_rotated((struct rigid){x->M, x->t}, w_tilde, back);
        most = worst(most, distance(back, w));
    }
    return most;
}

/* The largest distance, over ten random points, from LAPACK's solution of Q w~ = w - t.
 */
static double gap_to_solution(struct claim *claim, const struct twin *x)
{
    struct rng rng = claim_rng(claim, 3);
    vec w = nowhere(claim), w_tilde = nowhere(claim), solution = nowhere(claim);
    double most = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w);
        map_to(x, false, w, w_tilde);
        axpy(-1, x->t, w);
        route_solve(x->M, w, solution);
        most = worst(most, distance(solution, w_tilde));
    }
    return most;
}

CLAIM(inv_rigid_map, IDENTITY, "T(w) = Q'(w - t) is undone by Q w~ + t")
{
    struct twin x = build_twin(claim, random_rotation(claim, true), somewhere(claim));
    struct twin bent = build_twin(claim, stretched(identity(claim)), somewhere(claim));
    double limit = rounding(2 * N, sqrt(N) + norm(x.t) + norm(x.w_0));
    evidence(claim, "T and back, largest miss",
             at_most(round_trip(claim, &x, false), limit));
    evidence(claim, "gap to LAPACK's inverse of Q",
             at_most(gap_to_solution(claim, &x), limit));
    control(claim, "the slide's T, with w^(0)",
            at_most(round_trip(claim, &x, true), limit));
    control(claim, "Q not orthogonal", at_most(round_trip(claim, &bent, false), limit));
}

/* The largest |J~(w~) - J(M w~ + t)| over ten points; or without t. */
static double gap_of_costs(struct claim *claim, const struct twin *x, vec t)
{
    struct rng rng = claim_rng(claim, 3);
    vec w = nowhere(claim), w_tilde = nowhere(claim), scratch = nowhere(claim);
    double most = 0;
    for (int trial = 0; trial < 10; trial++) {
        rng_normals(&rng, 0, 1, w_tilde);
        map_back(x->M, t, w_tilde, w);
        most = worst(most, fabs(quadratic_cost(x->moved, w_tilde, scratch) -
                                quadratic_cost(x->k.q, w, scratch)));
    }
    return most;
}

CLAIM(inv_cost, IDENTITY, "In new coordinates w = Q w~ + t a quadratic is one again")
{
    struct twin x = build_twin(claim, random_rotation(claim, true), somewhere(claim));
    struct twin bent = build_twin(claim, stretched(random_rotation(claim, false)), x.t);
    /* Three products of N terms; a point is at most 10 sqrt(N) from t after stretching,
     * ten normals being no larger than 10, and A is no larger than 1. */
    double size = pow(10 * sqrt(N) + norm(x.t) + norm(x.k.w_star), 2);
    double limit = rounding(3 * N, size);
    evidence(claim, "J~(w~) - J(w), largest of ten",
             at_most(gap_of_costs(claim, &x, x.t), limit));
    evidence(claim, "the same, any invertible Q",
             at_most(gap_of_costs(claim, &bent, x.t), limit));
    control(claim, "the translation forgotten",
            at_most(gap_of_costs(claim, &x, nowhere(claim)), limit));
}

SECTION(inv_maps, &inv_rigid_map, &inv_cost);
