/* "A valley and a saddle": the functions on which the lecture compares its methods. */
#include "adaptive.h"
#include "ground/ball.h"
#include "ground/route_lapack.h"
#include "rules.h"

#include <math.h>

/* The larger of f and the entries of its gradient there. */
static double beale_defect(double x, double y)
{
    double grad[2];
    vec w = {2, (double[]){x, y}};
    ada_beale_gradient(NULL, w, (vec){2, grad});
    return worst(ada_beale(w), worst(fabs(grad[0]), fabs(grad[1])));
}

CLAIM(ada_beale_minimum, IDENTITY, "Beale's function is least at (3, 1/2)")
{
    struct arena *arena = claim_arena(claim);
    mat H = arena_mat(arena, 2, 2), Q = arena_mat(arena, 2, 2);
    vec a = arena_vec(arena, 2), slide = {2, (double[]){3, 0}};
    ada_beale_hessian((vec){2, (double[]){3, 0.5}}, H);
    route_eigen(H, a, Q);
    /* There all r_p = 0, and H = 2 J'J for J = (-1/2, 3; -3/4, 3; -7/8, 9/4), whose
     * trace and determinant are 1577/32 and 945/64. */
    double t = 1577.0 / 32, root = sqrt(t * t - 945.0 / 16);
    double gap = fabs(a.at[1] - (t + root) / 2);
    evidence(claim, "f and gradient at (3, 1/2)", at_most(beale_defect(3, 0.5), 0));
    evidence(claim, "f(3, 0) less 2.953125", at_most(ada_beale(slide) - 2.953125, 0));
    evidence(claim, "curvatures at (3, 1/2)",
             at_most(worst(gap, fabs(a.at[0] - (t - root) / 2)), rounding(10, 50)));
    evidence(claim, "condition number, less 162.5",
             at_most(fabs(a.at[1] / a.at[0] - 162.5), 0.05));
    control(claim, "f and gradient at (3, 0), as printed",
            at_most(beale_defect(3, 0), 0));
}

/* The gradient and the Hessian, xx, xy, yy, on a box. */
struct jet {
    ball g[2], h[3];
};

static struct jet jet_on(ball x, ball y)
{
    static const double heights[] = {1.5, 2.25, 2.625};
    struct balls *in = x.in;
    ball zero = ball_number(in, 0), before = ball_number(in, 1), bend = zero;
    struct jet jet = {{zero, zero}, {zero, zero, zero}};
    for (int p = 1; p <= 3; p++) {
        ball power = ball_mul(before, y), a = ball_plus(power, -1);
        ball slope = ball_times(p, before), d = ball_mul(x, slope);
        ball r = ball_plus(ball_mul(x, a), heights[p - 1]);
        ball cross = ball_add(ball_mul(a, d), ball_mul(r, slope));
        ball last = ball_add(ball_mul(d, d), ball_mul(r, ball_mul(x, bend)));
        jet.g[0] = ball_add(jet.g[0], ball_times(2, ball_mul(r, a)));
        jet.g[1] = ball_add(jet.g[1], ball_times(2, ball_mul(r, d)));
        jet.h[0] = ball_add(jet.h[0], ball_times(2, ball_mul(a, a)));
        jet.h[1] = ball_add(jet.h[1], ball_times(2, cross));
        jet.h[2] = ball_add(jet.h[2], ball_times(2, last));
        bend = ball_times((p + 1) * p, before); /* of the next p: p (p - 1) y^(p - 2) */
        before = power;
    }
    return jet;
}

/* A square, x +- r, y +- r. */
struct square {
    double x, y, r;
};

/* Is 0 outside of the gradient on this box, by its mean value form? */
static bool no_critical_point(struct balls *in, struct square b)
{
    int mark = in->used;
    ball x = ball_between(in, b.x - b.r, b.x + b.r);
    ball y = ball_between(in, b.y - b.r, b.y + b.r);
    ball dx = ball_between(in, -b.r, b.r);
    struct jet jet = jet_on(x, y);
    struct jet middle = jet_on(ball_number(in, b.x), ball_number(in, b.y));
    bool excluded = false;
    for (int i = 0; i < 2; i++) {
        ball change = ball_add(ball_mul(jet.h[i], dx), ball_mul(jet.h[i + 1], dx));
        ball g = ball_add(middle.g[i], change);
        excluded = excluded || ball_low(g) > 0 || ball_high(g) < 0 ||
                   ball_low(jet.g[i]) > 0 || ball_high(jet.g[i]) < 0;
    }
    in->used = mark;
    return excluded;
}

/* How many pieces of a square stay open, neither excluded nor within one of the squares
 * known, when each is quartered so many times at most. */
static int open_pieces(struct balls *in, struct square b, const struct square *known,
                       int count, int quarterings)
{
    for (int i = 0; i < count; i++)
        if (fabs(b.x - known[i].x) + b.r <= known[i].r &&
            fabs(b.y - known[i].y) + b.r <= known[i].r)
            return 0;
    if (no_critical_point(in, b))
        return 0;
    if (quarterings == 0)
        return 1;
    int open = 0;
    for (int i = 0; i < 4; i++) {
        struct square part = {b.x + (i % 2 ? 0.5 : -0.5) * b.r,
                              b.y + (i < 2 ? 0.5 : -0.5) * b.r, 0.5 * b.r};
        open += open_pieces(in, part, known, count, quarterings - 1);
    }
    return open;
}

/* Krawczyk's operator, c - C g(c) + (I - C H)(X - c) with C the inverse of H(c) in
 * doubles: where it maps the square into its inside, there is one critical point in it.
 * The largest coordinate of its distance from c, over r: less than 1 if so. */
static ball krawczyk(struct balls *in, struct square b, const struct jet *on_square)
{
    mat H = {2, 2, (double[4]){0}};
    ball largest = ball_number(in, 0), dx = ball_between(in, -1, 1);
    ada_beale_hessian((vec){2, (double[]){b.x, b.y}}, H);
    double det = H.at[0] * H.at[3] - H.at[1] * H.at[2];
    double C[2][2] = {{H.at[3] / det, -H.at[1] / det}, {-H.at[2] / det, H.at[0] / det}};
    struct jet c = jet_on(ball_number(in, b.x), ball_number(in, b.y));
    for (int i = 0; i < 2; i++) {
        ball step = ball_add(ball_times(C[i][0], c.g[0]), ball_times(C[i][1], c.g[1]));
        ball sum = ball_times(-1 / b.r, step);
        for (int j = 0; j < 2; j++) {
            ball product = ball_add(ball_times(C[i][0], on_square->h[j]),
                                    ball_times(C[i][1], on_square->h[j + 1]));
            ball left = ball_sub(ball_number(in, i == j), product);
            sum = ball_add(sum, ball_mul(left, dx));
        }
        sum = ball_abs(sum);
        largest = ball_high(sum) > ball_high(largest) ? sum : largest;
    }
    return largest;
}

static ball determinant(const struct jet *jet)
{
    return ball_sub(ball_mul(jet->h[0], jet->h[2]), ball_mul(jet->h[1], jet->h[1]));
}

static struct jet jet_on_square(struct balls *in, struct square b)
{
    return jet_on(ball_between(in, b.x - b.r, b.x + b.r),
                  ball_between(in, b.y - b.r, b.y + b.r));
}

CLAIM(ada_beale_points, PROVED,
      "Beale's function has three critical points in its square")
{
    static const struct square all = {0, 0, 4.5}, slide = {3, 0, 1.0 / 16};
    static const struct square known[] = {{3, 0.5, 0x1p-9},
                                          {0, 1, 0x1p-5},
                                          {0.1005379373241584, -2.6445135850231245,
                                           0x1p-13}};
    static const char *const texts[] = {"one in a square at (3, 1/2)",
                                        "one in a square at (0, 1)",
                                        "one at (0.1005, -2.6445)"};
    struct balls balls = balls_make(2000, 64);
    double outside = 0;
    evidence(claim, "pieces that stay open elsewhere",
             at_most(open_pieces(&balls, all, known, 3, 30), 0));
    for (int i = 0; i < 3; i++) {
        balls.used = 0;
        struct jet jet = jet_on_square(&balls, known[i]);
        ball det = determinant(&jet);
        evidence(claim, texts[i], ball_at_most(krawczyk(&balls, known[i], &jet), 0.99));
        if (i == 0)
            evidence(claim, "a minimum: determinant", ball_at_least(det, 0));
        else
            evidence(claim, "a saddle: determinant", ball_at_most(det, 0));
        double grad[2], x = known[i].x + known[i].r / 3, y = known[i].y;
        ada_beale_gradient(NULL, (vec){2, (double[]){x, y}}, (vec){2, grad});
        outside = worst(outside, ball_distance(jet.g[0], grad[0]));
        outside = worst(outside, ball_distance(jet.g[1], grad[1]));
    }
    evidence(claim, "ref/ outside of its balls", at_most(outside, 0));
    struct jet jet = jet_on_square(&balls, slide);
    control(claim, "one in a square at the printed (3, 0)",
            ball_at_most(krawczyk(&balls, slide, &jet), 0.99));
    control(claim, "open without the third square",
            at_most(open_pieces(&balls, all, known, 2, 14), 0));
    balls_free(&balls);
}

SECTION(ada_valleys, &ada_beale_minimum, &ada_beale_points);
