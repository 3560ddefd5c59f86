#include "ground/curvature.h"

#include "ground/dense_shape.h"

#include <math.h>

/* Hv := (grad(w + h v / ||v||) - grad(w - h v / ||v||)) ||v|| / 2h.  Rounding leaves
 * some eps ||grad|| / h of it, and the gradient's own third order h^2 / 6: they are of
 * one size at h = eps^(1/3), in units in which w and the cost's changes are about 1; a
 * larger w has a larger unit.  Exact on a quadratic but for rounding.
 * w, v: n, read; v not 0.  Hv: n, overwritten.  scratch: 2 n numbers. */
void hessian_product(gradient_of *gradient, void *cost, vec w, vec v,
                     struct arena *scratch, vec Hv)
{
    REQUIRE_SAME_LENGTH(v, w);
    REQUIRE_SAME_LENGTH(Hv, w);
    double length = norm(v), h = cbrt(REAL_EPSILON) * fmax(1, norm(w));
    REQUIRE(length != 0, "v must not be 0");
    size_t mark = scratch->used;
    vec beside = arena_vec(scratch, w.n), grad = arena_vec(scratch, w.n);
    copy(w, beside);
    axpy(-h / length, v, beside);
    gradient(cost, beside, grad);
    axpy(2 * h / length, v, beside);
    gradient(cost, beside, Hv);
    axpy(-1, grad, Hv);
    scale(length / (2 * h), Hv);
    scratch->used = mark;
}

/* The eigenvalue of the Hessian at w that is largest in absolute value, with its sign:
 * v'Hv for the last v of the power method, v := Hv / ||Hv||.  Another eigenvalue that
 * is smaller by a factor q leaves an error of some q^(2 products); two of one size and
 * opposite signs are never told apart.  Near a minimum it is the largest of all.
 * w: n, read.  products: >= 1, each of two gradients.  top: n, the v to begin with, not
 * 0 and not orthogonal to what is sought; left holding the last Hv / ||Hv||, to begin
 * with where w has moved a little, or v if Hv is 0.  scratch: 3 n numbers.
 * [von Mises, Pollaczek-Geiringer 1929] */
double sharpness(gradient_of *gradient, void *cost, vec w, int products,
                 struct arena *scratch, vec top)
{
    REQUIRE(products >= 1, "products must be at least 1, got %d", products);
    REQUIRE(norm(top) != 0, "top must not be 0");
    size_t mark = scratch->used;
    vec Hv = arena_vec(scratch, w.n);
    double curvature = 0, length = 1;
    scale(1 / norm(top), top);
    for (int k = 0; k < products && length != 0; k++) {
        hessian_product(gradient, cost, w, top, scratch, Hv);
        curvature = dot(top, Hv);
        length = norm(Hv);
        if (length != 0) {
            copy(Hv, top);
            scale(1 / length, top);
        }
    }
    scratch->used = mark;
    return curvature;
}
