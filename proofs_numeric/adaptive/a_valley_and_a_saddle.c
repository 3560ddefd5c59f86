/* "A valley and a saddle": the functions on which the lecture compares its methods. */
#include "adaptive.h"
#include "ground/ball.h"
#include "ground/route_lapack.h"
#include "rules.h"

#include <limits.h>
#include <math.h>

/* The larger of f and the entries of its gradient there. */
static double beale_defect(double x, double y)
{
    real grad[2];
    vec w = {2, (real[]){x, y}};
    ada_beale_gradient(NULL, w, (vec){2, grad});
    return worst(ada_beale(w), worst(fabs(grad[0]), fabs(grad[1])));
}

CLAIM(ada_beale_minimum, IDENTITY, "Beale's function is least at (3, 1/2)")
{
    struct arena *arena = claim_arena(claim);
    mat H = arena_mat(arena, 2, 2), Q = arena_mat(arena, 2, 2);
    vec a = arena_vec(arena, 2), slide = {2, (real[]){3, 0}};
    ada_beale_hessian((vec){2, (real[]){3, 0.5}}, H);
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
    mat H = {2, 2, (real[4]){0}};
    ball largest = ball_number(in, 0), dx = ball_between(in, -1, 1);
    ada_beale_hessian((vec){2, (real[]){b.x, b.y}}, H);
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
    static const struct square known[] = {{3, 0.5, 0x1p-10},
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
        real at[] = {known[i].x + known[i].r / 3, known[i].y}, grad[2];
        ada_beale_gradient(NULL, (vec){2, at}, (vec){2, grad});
        outside = worst(outside, ball_distance(jet.g[0], grad[0]));
        outside = worst(outside, ball_distance(jet.g[1], grad[1]));
    }
    evidence(claim, "ref/ outside of its balls", at_most(outside, 0));
    struct jet jet = jet_on_square(&balls, slide);
    control(claim, "one in a square at (3, 0)",
            ball_at_most(krawczyk(&balls, slide, &jet), 0.99));
    control(claim, "open without the third square",
            at_most(open_pieces(&balls, all, known, 2, 14), 0));
    balls_free(&balls);
}

static const double starts[3][2] = {{1, 1.5}, {0, 0}, {1, -1}};
static const enum rule_name methods[] = {DESCENT, ADAGRAD, AMSGRAD, RMSPROP};
static const double rates[] = {0.02, 0.5, 0.05, 0.01};

/* The method of this number, at rest. */
static struct optimizer method_begin(struct claim *claim, int method, struct rule *rule)
{
    double beta2 = methods[method] == RMSPROP ? 0.9 : 0.999;
    return rule_begin(rule, methods[method], claim_arena(claim), 2, 0.9, beta2);
}

/* For the figure: the paths from (1, 3/2), and the floor of the valley, the best x for
 * each y, where the sum of squares is least squares in x. */
static void record_paths(struct claim *claim)
{
    struct rule rule[4];
    struct optimizer by[4];
    real w[4][2], grad[2];
    struct series s = series_begin(claim, "paths", "k", "x0", "y0", "x1", "y1", "x2",
                                   "y2", "x3", "y3", NULL);
    struct series t = series_begin(claim, "floor", "x", "y", NULL);
    for (int i = 0; i < 4; i++) {
        by[i] = method_begin(claim, i, &rule[i]);
        w[i][0] = starts[0][0], w[i][1] = starts[0][1];
    }
    for (int k = 0; k <= 2000; k++) {
        if (k < 100 || k % 20 == 0)
            series_row(&s, (double[]){k, w[0][0], w[0][1], w[1][0], w[1][1], w[2][0],
                                      w[2][1], w[3][0], w[3][1]});
        for (int i = 0; i < 4; i++)
            optimize(ada_beale_gradient, NULL, by[i], rates[i], 1, (vec){2, w[i]},
                     (vec){2, grad});
    }
    for (double y = -1; y < 0.72; y += 0.02) {
        double a = 1 - y, b = 1 - y * y, c = 1 - y * y * y;
        double best = (1.5 * a + 2.25 * b + 2.625 * c) / (a * a + b * b + c * c);
        series_row(&t, (double[]){best, y});
    }
    series_end(&s);
    series_end(&t);
}

/* The largest distance from (3, 1/2) after 20,000 steps from each of the starts. */
static double gap_to_minimum(struct claim *claim, int method)
{
    double gap = 0;
    for (int i = 0; i < 3; i++) {
        struct rule rule;
        real at[2] = {starts[i][0], starts[i][1]}, grad[2];
        optimize(ada_beale_gradient, NULL, method_begin(claim, method, &rule),
                 rates[method], 20000, (vec){2, at}, (vec){2, grad});
        gap = worst(gap, hypot(at[0] - 3, at[1] - 0.5));
    }
    return gap;
}

/* How much longer or shorter than alpha the next move of x or y is, over alpha, after
 * 20,000 steps. */
static double gap_of_jump(struct claim *claim, int method)
{
    double gap = 0;
    for (int i = 0; i < 3; i++) {
        struct rule rule;
        struct optimizer by = method_begin(claim, method, &rule);
        real at[2] = {starts[i][0], starts[i][1]}, grad[2], before[2];
        vec w = {2, at};
        optimize(ada_beale_gradient, NULL, by, rates[method], 20000, w, (vec){2, grad});
        before[0] = at[0], before[1] = at[1];
        optimize(ada_beale_gradient, NULL, by, rates[method], 1, w, (vec){2, grad});
        for (int j = 0; j < 2; j++)
            gap = worst(gap, fabs(fabs(at[j] - before[j]) / rates[method] - 1));
    }
    return gap;
}

CLAIM(ada_paths, IDENTITY,
      "On Beale's function RMSProp ends by jumping to and fro, by alpha")
{
    /* Rounding of numbers near 3, over the rate times the least curvature there, 0.3;
     * AdaGrad and AMSGrad divide by a root that is below 100. */
    double limit = rounding(10, 3 / (0.3 * 0.5 / 100));
    evidence(claim, "descent, to (3, 1/2)", at_most(gap_to_minimum(claim, 0), limit));
    evidence(claim, "AdaGrad, to (3, 1/2)", at_most(gap_to_minimum(claim, 1), limit));
    evidence(claim, "AMSGrad, to (3, 1/2)", at_most(gap_to_minimum(claim, 2), limit));
    /* A move of 0.01 is the difference of numbers near 3. */
    evidence(claim, "RMSProp: moves less alpha",
             at_most(gap_of_jump(claim, 3), rounding(100, 3 / rates[3])));
    control(claim, "RMSProp, to (3, 1/2)", at_most(gap_to_minimum(claim, 3), limit));
    control(claim, "AdaGrad: moves less alpha",
            at_most(gap_of_jump(claim, 1), rounding(100, 3 / rates[3])));
    record_paths(claim);
}

/* The gradient of y^4 - x^4. */
static void saddle_gradient(void *unused, vec w, vec grad)
{
    (void)unused;
    grad.at[0] = -4 * w.at[0] * w.at[0] * w.at[0];
    grad.at[1] = 4 * w.at[1] * w.at[1] * w.at[1];
}

/* How many steps of 0.01 lead from (r, 1) to |x| >= 1; 100,000 if no fewer do. */
static int steps_to_leave(struct claim *claim, enum rule_name name, double r)
{
    struct rule rule;
    struct optimizer by = rule_begin(&rule, name, claim_arena(claim), 2, 0.9,
                                     name == RMSPROP ? 0.9 : 0.999);
    real at[2] = {r, 1}, grad[2];
    int steps = 0;
    for (; fabs(at[0]) < 1 && steps < 100000; steps++)
        optimize(saddle_gradient, NULL, by, 0.01, 1, (vec){2, at}, (vec){2, grad});
    return steps;
}

/* The most steps less the least, of starts at from, from factor, from factor^2, ... */
static double spread_of_steps(struct claim *claim, enum rule_name name, double from,
                              double factor, int count)
{
    int least = INT_MAX, most = 0;
    for (int i = 0; i < count; i++, from *= factor) {
        int steps = steps_to_leave(claim, name, from);
        least = steps < least ? steps : least;
        most = steps > most ? steps : most;
    }
    return most - least;
}

CLAIM(ada_saddle, IDENTITY, "How near the saddle it begins does not matter to Adam")
{
    static const enum rule_name names[] = {ADAGRAD, RMSPROP, ADAM};
    static const char *const texts[] = {"AdaGrad: spread of steps",
                                        "RMSProp: spread of steps",
                                        "Adam: spread of steps"};
    /* The first step is of one length, whatever the gradient is: from then on two runs
     * differ by r, of which a step or two may be rounded. */
    double factor = IS_DOUBLE ? 1e-10 : 0.2; /* r^3 > REAL_MIN */
    for (int i = 0; i < 3; i++)
        evidence(claim, texts[i],
                 at_most(spread_of_steps(claim, names[i], 1e-4, factor, 10), 1));
    control(claim, "descent: spread of steps",
            at_most(spread_of_steps(claim, DESCENT, 0.1, 0.5, 2), 1));
    control(claim, "Adam, one start at r = 0",
            at_most(spread_of_steps(claim, ADAM, 1e-4, 0, 2), 1));
}

SECTION(ada_valleys, &ada_beale_minimum, &ada_beale_points, &ada_paths, &ada_saddle);
