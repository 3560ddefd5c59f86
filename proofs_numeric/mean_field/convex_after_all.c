/* Section "Convex after all" of the chapter "Networks as measures". */
#include "clouds.h"

#include <math.h>

/* F of the particles, over the value that a parabola with F_a and F_b at its ends and
 * the curvature ||h_a - h_b||^2 / n has at s. */
static double above_parabola(struct cloud *x, struct cloud *a, struct cloud *b,
                             double s)
{
    double F_a = mf_cost(&a->p, a->q, &a->pass), F_b = mf_cost(&b->p, b->q, &b->pass);
    double sag = s * (1 - s) * half_square(a->pass.h, b->pass.h);
    return mf_cost(&x->p, x->q, &x->pass) - ((1 - s) * F_a + s * F_b - sag);
}

CLAIM(mf_convex, IDENTITY,
      "F is a parabola along mixtures of clouds; along mixed weights it has hills")
{
    enum { M = 20 };
    struct arena *arena = claim_arena(claim);
    struct cloud a = draw_cloud(claim, 0, M), b = cloud_make(arena, a.p, M);
    struct cloud mixed = cloud_make(arena, a.p, 4 * M);
    struct rng rng = claim_rng(claim, 1);
    rng_normals(&rng, 0, 1, b.q.all);
    double limit = rounding(4 * M, 25), most = 0; /* as above; h and t below 5 */
    for (int k = 0; k <= 4; k++) {
        mix(a.q, 4 - k, b.q, k, mixed.q);
        most = worst(most, fabs(above_parabola(&mixed, &a, &b, (double)k / 4)));
    }
    evidence(claim, "F of mixtures, off the parabola", at_most(most, limit));

    struct cloud mean = cloud_make(arena, a.p, M);
    midpoint(a.q, b.q, mean.q);
    control(claim, "weights mixed: F off the parabola",
            at_most(fabs(above_parabola(&mean, &a, &b, 0.5)), limit));

    /* t is what the neurons compute, so that F is 0 at both ends; between them stand
     * the means of neighbours.  F is half a mean square, of sums of M. */
    double zero = pow(rounding(M, 5), 2) / 2;
    mf_forward(&a.p, a.q, &a.pass);
    copy(a.pass.h, a.p.t);
    struct cloud turned = cloud_make(arena, a.p, M);
    for (int j = 0; j < M; j++)
        set_particle(a.q, (j + 1) % M, turned.q, j);
    midpoint(a.q, turned.q, mean.q);
    evidence(claim, "F at either end, of two orders",
             at_most(worst(mf_cost(&a.p, a.q, &a.pass),
                           mf_cost(&a.p, turned.q, &turned.pass)),
                     zero));
    evidence(claim, "F halfway in the weights",
             at_least(mf_cost(&a.p, mean.q, &mean.pass), zero));
}

SECTION(mf_convexity, &mf_convex);
