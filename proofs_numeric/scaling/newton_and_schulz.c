/* "Singular values without their vectors": what Newton and Schulz's iteration does to a
 * singular value, proved, and that it does so to all of them at once. */
#include "ground/ball.h"
#include "ground/bisect.h"
#include "ground/certain.h"
#include "ground/claim.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"
#include "scaling.h"

#include <math.h>

/* ---- One number ------------------------------------------------------------------ */

/* p'(x) = a + 3 b x^2 + 5 c x^4, and p(x)/x = a + b x^2 + c x^4, of t = x^2. */
static ball slope_of(struct scal_odd p, ball t)
{
    ball three_b = ball_times(3, ball_number(t.in, p.b));
    ball inner = ball_add(ball_times(5, ball_times(p.c, t)), three_b);
    return ball_plus(ball_mul(t, inner), p.a);
}

static ball quotient(struct scal_odd p, ball t)
{
    return ball_plus(ball_mul(t, ball_plus(ball_times(p.c, t), p.b)), p.a);
}

/* p on an interval, by its value in the middle and its slopes all over it, which is
 * much narrower than what Horner's rule encloses. */
static ball odd_of(struct scal_odd p, ball x)
{
    ball middle = ball_middle(x);
    ball there = ball_mul(middle, quotient(p, ball_square(middle)));
    return ball_add(there, ball_mul(slope_of(p, ball_square(x)), ball_sub(x, middle)));
}

/* Does p, so often, take each number of an interval to between low and high? */
struct landing {
    struct scal_odd p;
    int steps;
    double low, high;
};

static enum verdict lands(void *context, const ball *x)
{
    const struct landing *to = context;
    ball y = x[0];
    for (int k = 0; k < to->steps; k++)
        y = odd_of(to->p, y);
    return both(is_less(ball_number(y.in, to->low), y),
                is_less(y, ball_number(y.in, to->high)));
}

static struct finding takes(struct balls *in, struct landing to, double from,
                            double until)
{
    struct search search = {0};
    struct box box = {.n = 1, .low = {from}, .high = {until}};
    return certainly(everywhere(in, lands, &to, box, 40, &search));
}

/* p(x)/x - 1 as a function of t = x^2: 0 at a fixed point. */
static void excess(void *context, const ball *t, ball *value, ball *slope)
{
    const struct scal_odd *p = context;
    *value = ball_plus(quotient(*p, t[0]), -1);
    if (slope != NULL)
        *slope = ball_plus(ball_times(2 * p->c, t[0]), p->b);
}

/* There is one fixed point with low <= x^2 <= high, and |p'| > 1 there. */
static enum verdict repels(struct balls *in, struct scal_odd p, double low, double high)
{
    ball t = ball_between(in, low, high);
    enum verdict there = newton(excess, &p, 10, t);
    return both(there, is_less(ball_number(in, 1), ball_abs(slope_of(p, t))));
}

CLAIM(scal_band, PROVED, "Muon's polynomial: a band, and no fixed point attracts")
{
    struct balls balls = balls_make(4000, 128);
    struct scal_odd p = scal_muon(), cubic = scal_classical();
    evidence(claim, "5 steps of [0.01, 1]: the band",
             takes(&balls, (struct landing){p, 5, 0.6818, 1.1345}, 0.01, 1));
    evidence(claim, "5 steps of [0.0016, 1]",
             takes(&balls, (struct landing){p, 5, 0.6818, 1.20242}, 0.0016, 1));
    /* p(x)/x is positive for all x, so p(x) >= 0 for x >= 0: its discriminant is < 0.
     */
    ball discriminant = ball_sub(ball_square(ball_number(&balls, p.b)),
                                 ball_times(4 * p.a, ball_number(&balls, p.c)));
    evidence(claim, "4 a c - b^2, so p(x) >= 0",
             ball_at_least(ball_neg(discriminant), 5));
    evidence(claim, "a step of [0, 1.20242] stays there",
             takes(&balls, (struct landing){p, 1, -1e-9, 1.20242}, 0, 1.20242));
    evidence(claim, "x^2 = 0.7535 repels",
             certainly(repels(&balls, p, 0.75345, 0.75355)));
    evidence(claim, "x^2 = 1.597 repels", certainly(repels(&balls, p, 1.5965, 1.5975)));
    evidence(claim, "and so does 0, slope a", at_least(p.a, 3));
    control(claim, "5 steps of the classical one",
            takes(&balls, (struct landing){cubic, 5, 0.6818, 1.1345}, 0.01, 1));
    control(claim, "1, the classical fixed point",
            certainly(repels(&balls, cubic, 0.9, 1.1)));
    control(claim, "from 0.0015 on, 4 steps",
            takes(&balls, (struct landing){p, 4, 0.6818, 1.20242}, 0.0015, 1));
    balls_free(&balls);
}

/* 1 less x after so many steps, from 1/100. */
static ball short_of_one(struct balls *in, struct scal_odd p, int steps)
{
    ball x = ball_ratio(in, 1, 100);
    for (int k = 0; k < steps; k++)
        x = odd_of(p, x);
    return ball_sub(ball_number(in, 1), x);
}

CLAIM(scal_classical_one, PROVED, "The classical iteration converges to 1, later")
{
    struct balls balls = balls_make(4000, 128);
    struct scal_odd cubic = scal_classical();
    /* It rises on [0, 1], p' = 1.5 (1 - x^2), so the least start is the last to arrive;
     * and 1 - p(x) = (1 - x)^2 (1 + x/2) >= 0. */
    evidence(claim, "0.01 after 15 steps, 1 - x",
             ball_at_most(ball_abs(short_of_one(&balls, cubic, 15)), 1e-6));
    evidence(claim, "after 10 steps, 1 - x",
             ball_at_least(short_of_one(&balls, cubic, 10), 0.4));
    control(claim, "Muon's after 15 steps",
            ball_at_most(ball_abs(short_of_one(&balls, scal_muon(), 15)), 1e-6));
    balls_free(&balls);
}

/* ---- All singular values at once ------------------------------------------------- */

/* p so often, as a polynomial of numbers. */
static double iterated(struct scal_odd p, int steps, double x)
{
    for (int k = 0; k < steps; k++)
        x = p.a * x + p.b * x * x * x + p.c * pow(x, 5);
    return x;
}

/* The largest entry of the difference between what the iteration makes of a matrix with
 * known singular vectors, and sum of p(s_j / ||s||) u_j v_j' with p iterated. */
static double off_spectrum(struct claim *claim, struct scal_odd p, struct scal_odd law,
                           int steps, int m, int n)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, (uint64_t)(100 * m + n));
    vec s = arena_vec(arena, m < n ? m : n);
    for (int j = 0; j < s.n; j++)
        s.at[j] = pow(30, -(double)j / s.n);
    struct factored_matrix x = factored_matrix_make(arena, &rng, m, n, s);
    scal_newton_schulz(p, steps, arena, x.A);
    double square = 0, most = 0;
    for (int j = 0; j < s.n; j++)
        square += s.at[j] * s.at[j];
    for (int i = 0; i < m; i++)
        for (int k = 0; k < n; k++) {
            double sum = 0;
            for (int j = 0; j < s.n; j++)
                sum += iterated(law, steps, s.at[j] / sqrt(square)) *
                       row(x.U, j).at[i] * row(x.V, j).at[k];
            most = worst(most, fabs(row(x.A, i).at[k] - sum));
        }
    return most;
}

/* For the figure: where 5 steps take a singular value, and 15 of the classical one. */
static void record_band(struct claim *claim)
{
    struct series s = series_begin(claim, "band", "sigma", "muon", "classical",
                                   "classical_15", "low", "high", NULL);
    for (int i = 0; i <= 600; i++) {
        double sigma = pow(10, -3.5 + 3.5 * i / 600);
        series_row(&s,
                   (double[]){sigma, iterated(scal_muon(), 5, sigma),
                              iterated(scal_classical(), 5, sigma),
                              iterated(scal_classical(), 15, sigma), 0.6818, 1.20242});
    }
    series_end(&s);
}

/* u_j'X v_j beside the singular value s_j that a matrix of 48 x 32 had, of which 5
 * steps made X. */
static void record_matrix(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec sigma = geometric_spectrum(arena, 32, 1, 1000), image = arena_vec(arena, 48);
    scale(1 / norm(sigma), sigma);
    struct factored_matrix x = factored_matrix_make(arena, &rng, 48, 32, sigma);
    scal_newton_schulz(scal_muon(), 5, arena, x.A);
    struct series s = series_begin(claim, "matrix", "sigma", "out", NULL);
    for (int j = 0; j < 32; j++) {
        gemv(1, x.A, row(x.V, j), 0, image);
        series_row(&s, (double[]){sigma.at[j], dot(row(x.U, j), image)});
    }
    series_end(&s);
}

CLAIM(scal_singular_values, IDENTITY, "Each singular value on its own, by products")
{
    static const int shapes[][2] = {{9, 9}, {12, 7}, {7, 12}, {1, 5}, {5, 1}};
    struct scal_odd muon = scal_muon(), classical = scal_classical();
    double most = 0, slow = 0;
    for (int i = 0; i < 5; i++) {
        int m = shapes[i][0], n = shapes[i][1];
        most = worst(most, off_spectrum(claim, muon, muon, 5, m, n));
        slow = worst(slow, off_spectrum(claim, classical, classical, 12, m, n));
    }
    /* A step makes errors of some 3 (m + n) roundings of numbers up to 5, and what came
     * before larger by |p'| <= 4 on the band: 4^5 for five steps; the classical p' is
     * at most 1.5, and small before it is at 1: 1.5^12 < 4^5. */
    double limit = rounding(3 * 19, 5) * pow(4, 5);
    evidence(claim, "Muon's, off its law", at_most(most, limit));
    evidence(claim, "classical, off its law", at_most(slow, limit));
    control(claim, "the classical one by Muon's law",
            at_most(off_spectrum(claim, classical, muon, 5, 9, 9), limit));
    record_band(claim);
    record_matrix(claim);
}

/* ---- Any matrix ------------------------------------------------------------------ */

/* The least and the largest singular value of what 5 steps make of G, and <G, O> over
 * the sum of G's singular values. */
struct flattened {
    double least, most, share;
};

static struct flattened flatten(struct claim *claim, struct scal_odd p, mat G)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    int k = G.rows < G.cols ? G.rows : G.cols;
    mat O = arena_mat(arena, G.rows, G.cols);
    vec s = arena_vec(arena, k), out = arena_vec(arena, k);
    copy(entries(G), entries(O));
    scal_newton_schulz(p, 5, arena, O);
    route_singular(G, s);
    route_singular(O, out);
    double sum = 0, along = 0;
    for (int i = 0; i < k; i++)
        sum += s.at[i];
    for (int i = 0; i < entries(G).n; i++)
        along += G.at[i] * O.at[i];
    arena->used = mark;
    return (struct flattened){out.at[k - 1], out.at[0], along / sum};
}

/* Over matrices with 8 singular values from 1 down to the least, in random rotations.
 */
static struct flattened flattened_all(struct claim *claim, struct scal_odd p,
                                      double least)
{
    struct arena *arena = claim_arena(claim);
    struct flattened all = {.least = INFINITY, .share = INFINITY};
    for (int i = 0; i < 20; i++) {
        size_t mark = arena->used;
        struct rng rng = claim_rng(claim, (uint64_t)(1000 + i));
        vec s = geometric_spectrum(arena, 8, 1, 1 / least);
        struct factored_matrix x = factored_matrix_make(arena, &rng, 8 + i, 8, s);
        struct flattened one = flatten(claim, p, x.A);
        all.least = smallest(all.least, one.least);
        all.most = worst(all.most, one.most);
        all.share = smallest(all.share, one.share);
        arena->used = mark;
    }
    return all;
}

/* p four times, less the place of the largest value of Muon's p. */
static double before_the_top(const void *context, double x)
{
    const struct scal_odd *p = context;
    return iterated(*p, 4, x) - 0.5545;
}

/* The image of the singular value near 0.004 that five steps lift the most. */
static double lifted_most(struct claim *claim, struct scal_odd p)
{
    double sigma = bisect(before_the_top, &p, 0.003, 0.005);
    mat G = {2, 2, (real[]){1, 0, 0, sigma}};
    return flatten(claim, p, G).most;
}

CLAIM(scal_flattened, BOUND, "Five steps of any matrix: 0 to 1.20242, mostly from .68")
{
    struct scal_odd p = scal_muon(), steeper = p;
    steeper.a = 3.6;
    /* 1 / 200 of the largest of eight is at least 0.0016 of their norm. */
    struct flattened wide = flattened_all(claim, p, 1.0 / 200);
    double slack = rounding(3 * 35, 5) * pow(4, 5);
    evidence(claim, "largest singular value, beyond",
             at_most(wide.most - 1.20242, slack));
    evidence(claim, "least one, s >= 0.0016 ||G||",
             at_most(0.6818 - wide.least, slack));
    evidence(claim, "<G, O> over the sum of s", at_most(0.6818 - wide.share, slack));
    evidence(claim, "the bound is nearly attained",
             at_least(lifted_most(claim, p), 1.2023));
    control(claim, "a = 3.6: largest",
            at_most(flattened_all(claim, steeper, 1.0 / 200).most - 1.20242, slack));
    control(claim, "s down to 0.0002 ||G||: least",
            at_most(0.6818 - flattened_all(claim, p, 1.0 / 4000).least, slack));
}

SECTION(scal_newton_and_schulz, &scal_band, &scal_classical_one, &scal_singular_values,
        &scal_flattened);
