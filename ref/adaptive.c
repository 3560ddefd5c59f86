#include "adaptive.h"

#include "ground/dense_shape.h"

#include <math.h>

static const double heights[] = {1.5, 2.25, 2.625}; /* 3 (1 - 2^-p), p = 1, 2, 3 */

/* Beale's function, the sum over p = 1, 2, 3 of (c_p - x + x y^p)^2, at w = (x, y).
 * It vanishes at (3, 1/2), as c_p = 3 (1 - 2^-p), and nowhere else.
 * w: 2, read.  [10707-6/15, which prints (3, 0); Beale 1958] */
double ada_beale(vec w)
{
    REQUIRE(w.n == 2, "w must have 2 entries, got %d", w.n);
    double x = w.at[0], y = w.at[1], power = 1, sum = 0;
    for (int p = 1; p <= 3; p++) {
        power *= y;
        double r = heights[p - 1] - x + x * power;
        sum += r * r;
    }
    return sum;
}

/* grad := the gradient of Beale's function at w, the sum of 2 r_p (y^p - 1) and of
 * 2 r_p p x y^(p - 1), where r_p is what is squared.  So it is a gradient_of.
 * w: 2, read.  grad: 2, overwritten. */
void ada_beale_gradient(void *unused, vec w, vec grad)
{
    (void)unused;
    REQUIRE(w.n == 2, "w must have 2 entries, got %d", w.n);
    REQUIRE_SAME_LENGTH(w, grad);
    double x = w.at[0], y = w.at[1], before = 1;
    fill(0, grad);
    for (int p = 1; p <= 3; p++) {
        double power = before * y, r = heights[p - 1] - x + x * power;
        grad.at[0] += 2 * r * (power - 1);
        grad.at[1] += 2 * r * p * x * before;
        before = power;
    }
}

/* H := the Hessian of Beale's function at w: of each r_p^2, 2 (dr dr' + r ddr).
 * w: 2, read.  H: 2 x 2, overwritten. */
void ada_beale_hessian(vec w, mat H)
{
    REQUIRE(w.n == 2, "w must have 2 entries, got %d", w.n);
    REQUIRE(H.rows == 2 && H.cols == 2, "H must be 2 x 2, got %d x %d", H.rows, H.cols);
    double x = w.at[0], y = w.at[1];
    fill(0, entries(H));
    for (int p = 1; p <= 3; p++) {
        double power = pow(y, p), slope = p * pow(y, p - 1);
        double bend = p > 1 ? p * (p - 1) * pow(y, p - 2) : 0;
        double r = heights[p - 1] - x + x * power;
        vec dr = {2, (real[]){power - 1, x * slope}};
        ger(2, dr, dr, H);
        H.at[1] += 2 * r * slope;
        H.at[2] += 2 * r * slope;
        H.at[3] += 2 * r * x * bend;
    }
}

/* w_i := the nearest number to it in [-radius, radius].  For a box this is the nearest
 * point also where each coordinate is measured in a unit of its own, as by the rules
 * that give each its rate.  A NaN stays.  radius >= 0.  w: n, moved.
 * [Reddi, Kale, Kumar 2018, section 2] */
void ada_project_box(double radius, vec w)
{
    REQUIRE(isfinite(radius) && radius >= 0,
            "radius must be finite and not negative, got %g", radius);
    for (int i = 0; i < w.n; i++) {
        double x = w.at[i];
        w.at[i] = x > radius ? radius : x < -radius ? -radius : x;
    }
}
