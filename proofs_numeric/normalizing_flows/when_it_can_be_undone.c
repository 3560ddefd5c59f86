/* Which planar layers are invertible, how, and how they stay so. */
#include "flows.h"
#include "ground/certain.h"
#include "ground/vectors.h"

#include <math.h>

enum { LINE_N = 3 };

#define LINE_REACH 8.0

/* How often w'f(z) falls, where z goes up along w past w'z + b = 0, from -8 to 8, in
 * steps of 1/250.  If w'u = -1, the first step from 0 raises it by a third of the
 * step's cube: in floats, steps are so long that this is a hundred roundings. */
static int descents(struct claim *claim, struct planar layer)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    int half = (int)fmin(2000, 1 / cbrt(REAL_EPSILON)), n = 2 * half + 1;
    mat Z = arena_mat(arena, n, LINE_N);
    vec h = arena_vec(arena, n), slope = arena_vec(arena, n);
    vec log_q = arena_vec(arena, n), along = arena_vec(arena, n);
    double squared = dot(layer.w, layer.w);
    for (int i = 0; i < n; i++) {
        double a = LINE_REACH * (i - half) / half;
        for (int j = 0; j < LINE_N; j++)
            row(Z, i).at[j] = layer.w.at[j] * (a - layer.b) / squared;
    }
    nf_planar_forward(layer, Z, h, slope, log_q);
    gemv(1, Z, layer.w, 0, along);
    int count = 0;
    for (int i = 1; i < n; i++)
        count += along.at[i] <= along.at[i - 1];
    arena->used = mark;
    return count;
}

/* The distance of the images of two points, over their sizes: z -+ u tanh(delta), with
 * w'z + b = 0.  If w'u = -delta / tanh(delta), w'z + b is +-delta at the two, and both
 * go to z. */
static double collision(struct claim *claim, struct planar layer, double delta)
{
    struct arena *arena = claim_arena(claim);
    double center = -layer.b / dot(layer.w, layer.w), size = norm(layer.u);
    mat Z = arena_mat(arena, 2, LINE_N);
    vec h = arena_vec(arena, 2), slope = arena_vec(arena, 2);
    vec log_q = arena_vec(arena, 2);
    for (int i = 0; i < 2; i++) {
        axpy(center, layer.w, row(Z, i));
        axpy(i == 0 ? tanh(delta) : -tanh(delta), layer.u, row(Z, i));
        size += norm(row(Z, i));
    }
    nf_planar_forward(layer, Z, h, slope, log_q);
    axpy(-1, row(Z, 0), row(Z, 1));
    return norm(row(Z, 1)) / (size * (1 + norm(layer.u) * norm(layer.w)));
}

/* In one dimension, with w = 1 and b = 0: where layers of w'u = -3, -1 and 3 take z. */
static void record_folds(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    vec one = arena_vec(arena, 1), h = arena_vec(arena, 1), slope = arena_vec(arena, 1);
    vec u = arena_vec(arena, 1), log_q = arena_vec(arena, 1);
    struct series s = series_begin(claim, "fold", "z", "folded", "edge", "steep", NULL);
    one.at[0] = 1;
    for (int i = -20; i <= 20; i++) {
        real at[4] = {i / 5.0};
        for (int j = 1; j <= 3; j++) {
            at[j] = at[0];
            u.at[0] = j == 1 ? -3 : j == 2 ? -1 : 3;
            nf_planar_forward((struct planar){u, one, 0}, (mat){1, 1, at + j}, h, slope,
                              log_q);
        }
        series_row(&s, in_double(arena, (vec){4, at}));
    }
    series_end(&s);
}

CLAIM(nf_invertible, IDENTITY,
      "A planar layer with tanh is one-to-one exactly if w'u >= -1")
{
    static const double products[] = {-1, -0.99, -0.5, 0, 1, 10};
    struct rng rng = claim_rng(claim, 0);
    int falls = 0, falls_beyond = 0;
    double apart = 0, apart_within = 0;
    record_folds(claim);
    for (int trial = 0; trial < 6; trial++) {
        struct planar layer = random_layer(claim, &rng, LINE_N);
        double delta = 0.5 + 2 * rng_uniform(&rng);
        falls += descents(claim, with_product(layer, products[trial]));
        falls_beyond += descents(claim, with_product(layer, -1.01));
        with_product(layer, -delta / tanh(delta));
        apart = worst(apart, collision(claim, layer, delta));
        with_product(layer, 1);
        apart_within = worst(apart_within, collision(claim, layer, delta));
    }
    evidence(claim, "falls along w, w'u >= -1", at_most(falls, 0));
    evidence(claim, "two points, one image, w'u < -1",
             at_most(apart, rounding(LINE_N, 1)));
    control(claim, "falls along w, w'u = -1.01", at_most(falls_beyond, 0));
    control(claim, "two points, one image, w'u = 1",
            at_most(apart_within, rounding(LINE_N, 1)));
}

/* ||f(z) - x|| over the sizes of what is added up in it, where the error of a number a
 * in tanh(a) is that of w'x + b - w'u tanh(a). */
static double residual(struct claim *claim, struct planar layer, vec x, vec z)
{
    struct arena *arena = claim_arena(claim);
    mat Z = arena_mat(arena, 1, x.n);
    vec h = arena_vec(arena, 1), slope = arena_vec(arena, 1);
    vec log_q = arena_vec(arena, 1);
    double reach = norm(layer.w) * norm(layer.u);
    double size = norm(x) + norm(layer.u) * (1 + reach) *
                                (norm(layer.w) * norm(x) + fabs(layer.b) + reach);
    copy(z, row(Z, 0));
    nf_planar_forward(layer, Z, h, slope, log_q);
    axpy(-1, x, row(Z, 0));
    return norm(row(Z, 0)) / size;
}

/* The inverse that would be right if ||u|| ||w|| < 1:  z := x - u tanh(w'z + b). */
static void fixed_point_inverse(struct planar layer, vec x, vec z)
{
    copy(x, z);
    for (int steps = 0; steps < 200; steps++) {
        double h = tanh(dot(layer.w, z) + layer.b);
        copy(x, z);
        axpy(-h, layer.u, z);
    }
}

CLAIM(nf_inverse, IDENTITY,
      "One equation for one number inverts a planar layer, up to w'u = -1")
{
    static const double products[] = {-1, -1 + 1e-9, -0.9, -0.1, 0, 0.5, 5, 100};
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    double gap = 0, iterated = 0;
    for (int trial = 0; trial < 400; trial++) {
        struct planar layer =
            with_product(random_layer(claim, &rng, LINE_N), products[trial % 8]);
        vec x = arena_vec(arena, LINE_N), z = arena_vec(arena, LINE_N);
        rng_normals(&rng, 0, trial < 8 ? 0 : 2, x);
        copy(x, z);
        nf_planar_inverse(layer, z);
        gap = worst(gap, residual(claim, layer, x, z));

        /* x from w'z + b = 1/2, where the slope of the iteration is -0.79 w'u. */
        rng_normals(&rng, 0, 1, x);
        axpy((0.5 - layer.b - dot(layer.w, x)) / dot(layer.w, layer.w), layer.w, x);
        axpy(tanh(0.5), layer.u, x);
        fixed_point_inverse(layer, x, z);
        iterated = worst(iterated, residual(claim, layer, x, z));
    }
    evidence(claim, "f(inverse(x)) - x", at_most(gap, rounding(LINE_N, 1)));
    control(claim, "iterating z := x - u tanh(w'z + b)",
            at_most(iterated, rounding(LINE_N, 1)));
}

CLAIM(nf_reparametrized, BOUND,
      "From any v and w the reparametrized u has w'u > -1, and every such w'u occurs")
{
    struct rng rng = claim_rng(claim, 0);
    struct arena *arena = claim_arena(claim);
    double lowest = INFINITY, gap = 0, across = 0, free = INFINITY;
    for (int trial = 0; trial < 200; trial++) {
        vec v = arena_vec(arena, LINE_N), u = arena_vec(arena, LINE_N);
        struct planar layer = random_layer(claim, &rng, LINE_N);
        double x = -40 + 80 * trial / 199.0;
        copy(with_product(layer, x).u, v);
        nf_planar_constrain(v, layer.w, u);
        double wu = dot(layer.w, u), reach = norm(layer.w) * (norm(v) + norm(u));
        double m = log1p(exp(x)) - 1;
        lowest = smallest(lowest, (wu + 1) / fmax(1, reach));
        free = smallest(free, (dot(layer.w, v) + 1) / fmax(1, reach));
        gap = worst(gap, fabs(wu - m) / fmax(1, reach));
        axpy(-1, v, u);
        double along = dot(u, layer.w) / dot(layer.w, layer.w);
        axpy(-along, layer.w, u);
        across = worst(across, norm(u) / (norm(v) + fabs(along) * norm(layer.w)));
    }
    double limit = rounding(LINE_N, 1);
    evidence(claim, "least w'u + 1, below 0", at_most(-lowest, limit));
    evidence(claim, "w'u against ln(1 + e^w'v) - 1", at_most(gap, limit));
    evidence(claim, "what changes across w", at_most(across, limit));
    evidence(claim, "-w'u comes near 1", at_least(1 - lowest, 0.999));
    control(claim, "least w'v + 1, below 0", at_most(-free, limit));
}

/* ---- Every layer, and every point -------------------------------------------------
 */

/* The slope of a + c tanh a, where x is c and tanh' a, which has all values in (0, 1]:
 * is it positive? */
static enum verdict rises(void *context, const ball *x)
{
    (void)context;
    return is_positive(ball_plus(ball_mul(x[0], x[1]), 1));
}

/* Does a + c tanh a fall at a = 0? */
static enum verdict falls_at_0(void *context, const ball *x)
{
    (void)context;
    return is_positive(ball_plus(ball_neg(x[0]), -1));
}

static struct finding for_products(struct balls *in, box_statement *statement,
                                   double from, double to)
{
    struct box box = {.n = 2, .low = {from, 0}, .high = {to, 1}};
    struct search search = {0};
    return certainly(everywhere(in, statement, NULL, box, 60, &search));
}

/* Four layers of the plane with weights that are sums of few powers of 2, and between
 * what their determinant is to be. */
enum { CHAIN = 4 };

struct chain {
    real u[CHAIN][2], w[CHAIN][2];
    double b[CHAIN], low, high;
};

static struct chain chain_make(double low, double high)
{
    return (struct chain){.u = {{0.5, 1}, {1.5, 0.25}, {-0.5, 0.5}, {-0.25, 2}},
                          .w = {{1, 0.5}, {-0.5, 1.25}, {0.75, -1}, {1.5, 0.25}},
                          .b = {0.25, -0.5, 0, 0.125},
                          .low = low,
                          .high = high};
}

/* The product of 1 + w'u tanh'(w'z + b) over the layers, of which w'u is exact. */
static ball chain_determinant(const struct chain *chain, ball x, ball y)
{
    ball product = ball_number(x.in, 1);
    for (int k = 0; k < CHAIN; k++) {
        const real *u = chain->u[k], *w = chain->w[k];
        ball a = ball_add(ball_times(w[0], x), ball_times(w[1], y));
        ball h = ball_tanh(ball_plus(a, chain->b[k]));
        ball slope = ball_plus(ball_neg(ball_square(h)), 1);
        double wu = w[0] * u[0] + w[1] * u[1];
        product = ball_mul(product, ball_plus(ball_times(wu, slope), 1));
        x = ball_add(x, ball_times(u[0], h));
        y = ball_add(y, ball_times(u[1], h));
    }
    return product;
}

static enum verdict is_within(void *context, const ball *z)
{
    const struct chain *chain = context;
    ball det = chain_determinant(chain, z[0], z[1]);
    return both(is_less(ball_number(det.in, chain->low), det),
                is_less(det, ball_number(det.in, chain->high)));
}

static struct finding all_over_the_square(struct balls *in, struct chain chain)
{
    struct box box = {.n = 2, .low = {-8, -8}, .high = {8, 8}};
    struct search search = {0};
    return certainly(everywhere(in, is_within, &chain, box, 40, &search));
}

/* How far ref/'s determinant lies outside of its ball, at 81 points. */
static double determinant_outside(struct claim *claim, struct balls *in,
                                  struct chain chain)
{
    vec h = arena_vec(claim_arena(claim), 1), slope = arena_vec(claim_arena(claim), 1);
    vec log_q = arena_vec(claim_arena(claim), 1);
    double gap = 0;
    for (int i = 0; i < 81; i++) {
        int mark = in->used;
        double det = 1;
        real z[2] = {i % 9 - 4, i / 9 - 4};
        ball law =
            chain_determinant(&chain, ball_number(in, z[0]), ball_number(in, z[1]));
        for (int k = 0; k < CHAIN; k++) {
            struct planar layer = {{2, chain.u[k]}, {2, chain.w[k]}, chain.b[k]};
            det *= nf_planar_det(layer, (vec){2, z});
            nf_planar_forward(layer, (mat){1, 2, z}, h, slope, log_q);
        }
        gap = worst(gap, ball_distance(law, det));
        in->used = mark;
    }
    return gap;
}

CLAIM(nf_every_point, PROVED,
      "All products from -0.9999 on give one-to-one layers; a determinant on a square")
{
    struct balls balls = balls_make(200, 64);
    struct chain chain = chain_make(0.05, 2.3), beyond = chain_make(0, 1000);
    beyond.u[2][0] *= 2, beyond.u[2][1] *= 2; /* w'u = -1.75 */
    evidence(claim, "-0.9999 <= w'u <= 1000: it rises",
             for_products(&balls, rises, -0.9999, 1000));
    evidence(claim, "-1000 <= w'u <= -1.0001: it falls",
             for_products(&balls, falls_at_0, -1000, -1.0001));
    evidence(claim, "four layers, all over the square",
             all_over_the_square(&balls, chain));
    evidence(claim, "ref/ outside its ball, 81 points",
             at_most(determinant_outside(claim, &balls, chain), rounding(40, 3)));
    control(claim, "-1.0001 <= w'u: it rises",
            for_products(&balls, rises, -1.0001, 1000));
    control(claim, "the determinant is below 1.9",
            all_over_the_square(&balls, chain_make(0.05, 1.9)));
    control(claim, "third u doubled: not below 0", all_over_the_square(&balls, beyond));
    balls_free(&balls);
}

SECTION(when_it_can_be_undone, &nf_invertible, &nf_inverse, &nf_reparametrized,
        &nf_every_point);
