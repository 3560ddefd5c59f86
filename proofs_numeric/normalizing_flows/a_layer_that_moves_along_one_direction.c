/* The determinant of a planar layer. */
#include "flows.h"

#include <complex.h>
#include <math.h>

/* |det J - value|, over what one unit of rounding in J may change of det J: the sum of
 * the squares of adj J = (1 + c s) I - s u w', and of J = I + s u w', as roots. */
static double determinant_gap(struct claim *claim, int count,
                              const struct planar *layer, vec z, double value)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    mat J = arena_mat(arena, z.n, z.n);
    double adjoint = 0, size = 0;
    for (int k = 0; k < count; k++) {
        double reach = norm(layer[k].u) * norm(layer[k].w);
        adjoint += sqrt(z.n) * (1 + reach) + reach;
        size += sqrt(z.n) + reach;
    }
    complex_jacobian(count, layer, z, J);
    double gap = fabs(lu_determinant(arena, J) - value) / (adjoint * size);
    arena->used = mark;
    return gap;
}

/* f(z) = z + u_1 tanh(w_1'z + b_1) + u_2 tanh(w_2'z + b_2) at z: I + s_1 u_1 w_1' + s_2
 * u_2 w_2', and the product of the two determinants that the lemma gives. */
static double gap_of_two_units(struct claim *claim, const struct planar *layer, vec z)
{
    struct arena *arena = claim_arena(claim);
    mat J = arena_mat(arena, z.n, z.n);
    double product = 1, size = 1;
    for (int i = 0; i < z.n; i++)
        row(J, i).at[i] = 1;
    for (int k = 0; k < 2; k++) {
        double h = tanh(dot(layer[k].w, z) + layer[k].b);
        ger(1 - h * h, layer[k].u, layer[k].w, J);
        product *= nf_planar_det(layer[k], z);
        size *= z.n + norm(layer[k].u) * norm(layer[k].w);
    }
    return fabs(lu_determinant(arena, J) - product) / size;
}

CLAIM(nf_determinant_lemma, IDENTITY,
      "The determinant of a planar layer is 1 + w'u h'(w'z + b)")
{
    static const int sizes[] = {1, 2, 3, 5, 10, 50};
    struct rng rng = claim_rng(claim, 0);
    double gap = 0, two = 0;
    for (int s = 0; s < 6; s++)
        for (int trial = 0; trial < 5; trial++) {
            int n = sizes[s];
            struct planar layer[2] = {random_layer(claim, &rng, n),
                                      random_layer(claim, &rng, n)};
            vec z = arena_vec(claim_arena(claim), n);
            rng_normals(&rng, 0, 1, z);
            double det = nf_planar_det(layer[0], z);
            gap = worst(gap, determinant_gap(claim, 1, layer, z, det) / n);
            if (n > 1)
                two = worst(two, gap_of_two_units(claim, layer, z) / n);
        }
    /* The backward error of LU is n eps ||J||, if its pivots do not grow. */
    evidence(claim, "lemma against LU, over n", at_most(gap, rounding(1, 1)));
    control(claim, "two units at once", at_most(two, rounding(1, 1)));
}

SECTION(a_layer_that_moves_along_one_direction, &nf_determinant_lemma);
