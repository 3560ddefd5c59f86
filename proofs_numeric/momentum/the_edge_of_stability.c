/* "The edge of stability": what the limits of a quadratic mean where the curvature may
 * change. */
#include "ground/curvature.h"
#include "ground/images.h"
#include "ground/worlds.h"
#include "recursions.h"

#include "initialization.h"
#include "mlp.h"

#include <math.h>

/* ---- Three methods ----------------------------------------------------------------
 */

enum method { DESCENT, BALL, NESTEROV, METHODS };

static const struct {
    double beta, limit; /* of alpha times curvature, from the claim on edges */
} of[METHODS] = {{0, 2}, {0.5, 3}, {0.5, 1.5}};

/* What a method remembers; descent is a ball that remembers nothing. */
struct memory {
    struct momentum ball;
    struct nesterov nesterov;
};

static struct optimizer method_make(struct arena *arena, enum method method, int n,
                                    struct memory *memory)
{
    memory->ball = momentum_make(arena, n, of[method].beta);
    memory->nesterov = nesterov_make(arena, n, of[method].beta);
    return method == NESTEROV ? by_nesterov(&memory->nesterov)
                              : by_momentum(&memory->ball);
}

/* ---- A curve of minima ------------------------------------------------------------
 */

/* J(u, v) = 1/2 (uv - 1)^2: a minimum wherever uv = 1, of curvature u^2 + v^2. */
static void gradient_of_product(void *cost, vec w, vec grad)
{
    (void)cost;
    double off = w.at[0] * w.at[1] - 1;
    grad.at[0] = off * w.at[1], grad.at[1] = off * w.at[0];
}

/* From beside the minimum (3, 1/3), at so many times the rate that is its limit: the
 * sharpness of the minimum where 4000 steps end, times the rate, over the limit.  In
 * *gap, how far it is from u^2 + v^2, and uv from 1. */
static double sharpness_at_end(struct claim *claim, enum method method, double times,
                               double *gap)
{
    struct arena *arena = claim_arena(claim);
    double alpha = times * of[method].limit / (9 + 1.0 / 9);
    struct memory memory;
    struct optimizer by = method_make(arena, method, 2, &memory);
    vec w = arena_vec(arena, 2), grad = arena_vec(arena, 2), top = arena_vec(arena, 2);
    w.at[0] = 3, w.at[1] = 1.0 / 3 + 0.01, top.at[0] = 1;
    optimize(gradient_of_product, NULL, by, alpha, 4000, w, grad);
    double end = sharpness(gradient_of_product, NULL, w, 50, arena, top);
    *gap = worst(*gap, fabs(end - dot(w, w)));
    *gap = worst(*gap, fabs(w.at[0] * w.at[1] - 1));
    return alpha * end / of[method].limit;
}

/* ---- A network --------------------------------------------------------------------
 */

enum { D = 49, H = 16, EXAMPLES = 100, EVERY = 10 };
enum { PULLOVER = 2, SHIRT = 6 };

/* From one start, so many steps at the rate whose limit is this sharpness: rate times
 * sharpness over the method's limit at each tenth of them, in course. */
static void train_and_watch(struct claim *claim, uint64_t replicate,
                            struct images shirts, enum method method, double sharpest,
                            int steps, double *course)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct images x = images_draw(&rng, arena, shirts, EXAMPLES);
    images_normalize(x, EXAMPLES, 1.5);
    struct mlp net = mlp_make(3, (int[]){D, H, H, 1}, TANH, STANDARD, true);
    int n = mlp_parameters(&net);
    struct mlp_cost cost = mlp_cost_make(arena, &net, square_loss, x.X, column(x.t));
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n);
    vec top = normal_vec(arena, &rng, n);
    struct memory memory;
    struct optimizer by = method_make(arena, method, n, &memory);
    struct init_scheme scheme = {.gain = 0.49, .fan = FAN_IN, .law = NORMAL};
    double alpha = of[method].limit / sharpest;
    init_weights(&net, scheme, &rng, w);
    for (int k = 0; k < steps; k += EVERY) {
        double a = sharpness(mlp_cost_gradient, &cost, w, k == 0 ? 50 : 4, arena, top);
        course[k / EVERY] = alpha * a / of[method].limit;
        optimize(mlp_cost_gradient, &cost, by, alpha, EVERY, w, grad);
    }
    arena->used = mark;
}

/* For the figure: one start, three methods, in units of the learning rate. */
static void record_edges(struct claim *claim)
{
    enum { STEPS = 700 };
    double course[METHODS][STEPS / EVERY];
    struct images shirts = images_pair(claim, 2000, 4, PULLOVER, SHIRT);
    for (enum method m = DESCENT; m < METHODS; m++)
        train_and_watch(claim, 0, shirts, m, m == BALL ? 16 : 12, STEPS, course[m]);
    struct series s = series_begin(claim, "edges", "k", "descent", "ball", "nesterov",
                                   "limit", "limit_ball", "limit_nesterov", NULL);
    for (int i = 0; i < STEPS / EVERY; i++)
        series_row(&s,
                   (double[]){i * EVERY, of[DESCENT].limit * course[DESCENT][i],
                              of[BALL].limit * course[BALL][i],
                              of[NESTEROV].limit * course[NESTEROV][i],
                              of[DESCENT].limit, of[BALL].limit, of[NESTEROV].limit});
    series_end(&s);
}

CLAIM(mom_flatter, BOUND, "A minimum over the method's limit is left for one below it")
{
    static const char *const names[METHODS][3] = {
        {"descent: end, of its limit", "end from 1.02 times",
         "share lost from 1.1 times"},
        {"heavy ball", "end from 1.02 times", "share lost from 1.1 times"},
        {"Nesterov", "end from 1.02 times", "share lost from 1.1 times"}};
    /* Nothing is drawn, so no margin moves.  Above 1 a minimum repels, and no run
     * settles there; an end at 1 would have lost the share 1 - 1/1.1. */
    double gap = 0, share = 1 - 1 / 1.1;
    for (enum method m = DESCENT; m < METHODS; m++) {
        double end = sharpness_at_end(claim, m, 1.1, &gap);
        double near = sharpness_at_end(claim, m, 1.02, &gap);
        evidence(claim, names[m][0], at_most(end, 1));
        evidence(claim, names[m][0], at_most(near, 1));
        evidence(claim, names[m][1], at_least(near, 0.9));
        evidence(claim, names[m][2], at_least(1 - end / 1.1, share));
    }
    /* A difference of gradients at w of length 3: h^2 |w|^2, and eps / h. */
    double h = 3 * cbrt(2.2e-16);
    evidence(claim, "sharpness off u^2 + v^2",
             at_most(gap, 9 * h * h + rounding(4, 9) / h));
    for (enum method m = DESCENT; m < METHODS; m++)
        control(claim, "share lost from 0.9 times",
                at_least(1 - sharpness_at_end(claim, m, 0.9, &gap) / 0.9, share));
    record_edges(claim);
}

/* The median over the last third of 1500 steps. */
static double late_median(struct claim *claim, uint64_t replicate, struct images shirts,
                          enum method method, double sharpest)
{
    double course[150], *late = course + 100;
    train_and_watch(claim, replicate, shirts, method, sharpest, 1500, course);
    return median(50, late);
}

LONG_CLAIM(mom_edge, PHENOMENON,
           "Sharpness rises to the limit of the method, and hovers")
{
    /* The limits of two methods differ by a factor of 3/4 or 4/3 at least, so that 0.8
     * to 1.3 times its own is no other's. */
    enum { RUNS = 40 };
    static const char *const names[METHODS][2] = {{"descent, sharpness of its limit",
                                                   "less than 1.3 times"},
                                                  {"heavy ball", "less than 1.3 times"},
                                                  {"Nesterov", "less than 1.3 times"}};
    struct images shirts = images_pair(claim, 2000, 4, PULLOVER, SHIRT);
    double late[RUNS], minus[RUNS];
    for (enum method m = DESCENT; m < METHODS; m++) {
        for (int r = 0; r < RUNS; r++) {
            late[r] = late_median(claim, r, shirts, m, m == BALL ? 16 : 12);
            minus[r] = -late[r];
        }
        evidence(claim, names[m][0], effect_at_least(RUNS, late, 0.8));
        evidence(claim, names[m][1], effect_at_least(RUNS, minus, -1.3));
    }
    for (int r = 0; r < RUNS; r++)
        late[r] = late_median(claim, r, shirts, DESCENT, 48);
    control(claim, "descent at a quarter of the rate",
            effect_at_least(RUNS, late, 0.8));
}

SECTION(mom_nets, &mom_flatter, &mom_edge);
