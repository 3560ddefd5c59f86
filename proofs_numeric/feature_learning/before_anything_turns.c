/* "Before anything turns": the first t_c, which all small alpha have in common. */
#include "feature_learning/worlds.h"

#include <math.h>
#include <string.h>

/* The world at a share of t_c. */
static void world_at(struct claim *claim, int replicate, struct recipe_of_world of,
                     double share, struct world *x)
{
    world_make(claim, replicate, of, x);
    feat_to(&x->flow, share * of.rho);
}

/* ---- One run ----------------------------------------------------------------------
 */

/* ||w - w'|| / ||w - w_0|| at a share of t_c, or at a time, of rho and of 10 rho; and
 * in most the largest |F| of both. */
static double apart(struct claim *claim, int replicate, struct recipe_of_world of,
                    double share, bool same_time, double *most)
{
    size_t mark = claim_arena(claim)->used;
    struct world x, y;
    world_at(claim, replicate, of, share, &x);
    of.rho *= 10;
    world_at(claim, replicate, of, same_time ? share / 10 : share, &y);
    double off = distance(x.flow.w, y.flow.w) / distance(x.flow.w, x.w_0);
    *most = worst(max_norm(x.flow.F), max_norm(y.flow.F));
    claim_arena(claim)->used = mark;
    return off;
}

/* In s = t / t_c the flow is dw/ds = sqrt(m) mean of sigma(beta (1 - F y)) y df/dw, in
 * which rho is only in F; and the first factor is 1 less at most e^(-beta (1 - |F|)).
 * Two runs whose velocities are so close are apart by at most that times e^(K s) of the
 * path, where K is how fast the velocity changes with w: for s = 1/4 we allow K = 12.
 */
static double one_run_bound(double most) { return 20 * exp(-FEAT_BETA * (1 - most)); }

CLAIM(feat_one_run, BOUND,
      "For small alpha all runs are one run, in units of t_c = alpha sqrt(m)")
{
    double slack = rounding(1000, 1), share = 0;
    for (int k = 0; k < 6; k++) {
        struct recipe_of_world of = {1 + k % 3, 8 << k % 3, 8, pow(10, -2 - k / 3),
                                     SOFTPLUS};
        double most, off = apart(claim, k, of, 0.25, false, &most);
        evidence(claim, "apart at t_c / 4", at_most(off, one_run_bound(most) + slack));
        share = worst(share, off / one_run_bound(most));
        if (k < 3)
            control(claim, "at the same time",
                    at_most(apart(claim, k, of, 0.25, true, &most),
                            one_run_bound(most) + slack));
    }
    evidence(claim, "of the bound, most", at_least(share, 1e-3));
}

/* ---- Linear -----------------------------------------------------------------------
 */

enum { REPLICATES = 16, QUANTITIES = 5 };

static void changes(struct claim *claim, struct world *x, double *of)
{
    const struct mlp *net = &x->model.on.net;
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct mlp below = feat_first_layers(net, net->depth - 1);
    struct mlp_pass pass = mlp_pass_make(arena, &below, x->flow.F.n);
    int P = mlp_parameters(&below), L = below.depth;
    mlp_forward(&below, part(x->w_0, 0, P), x->model.on.X, &pass);
    vec z_0 = copy_of(arena, entries(pass.H[L]));
    mlp_forward(&below, part(x->flow.w, 0, P), x->model.on.X, &pass);
    of[0] = rms_apart(entries(mlp_weights(net, x->w_0, L)),
                      entries(mlp_weights(net, x->flow.w, L)));
    of[1] = rms_apart(z_0, entries(pass.H[L]));
    of[2] = kernel_change(claim, x);
    of[3] = feat_nonlinearity(&x->model, x->w_0, x->flow.w, arena);
    of[4] = rms(x->flow.F) / x->model.alpha;
    arena->used = mark;
}

/* The powers of t between two shares of t_c, in each replicate. */
struct growth {
    double of[QUANTITIES][REPLICATES];
};

static struct growth growth_between(struct claim *claim, struct recipe_of_world of,
                                    double early, double late)
{
    struct growth g;
    for (int r = 0; r < REPLICATES; r++) {
        size_t mark = claim_arena(claim)->used;
        double a[QUANTITIES], b[QUANTITIES];
        struct world x;
        world_at(claim, r, of, early, &x);
        changes(claim, &x, a);
        feat_to(&x.flow, late * of.rho);
        changes(claim, &x, b);
        for (int q = 0; q < QUANTITIES; q++)
            g.of[q][r] = log(b[q] / a[q]) / log(late / early);
        claim_arena(claim)->used = mark;
    }
    return g;
}

/* For the figure: the same network at three rho, from a thousandth of t_c to four t_c,
 * and lines of slope 1 through the first point; without a number once training is over.
 */
static void record_before(struct claim *claim)
{
    static const double rho[] = {1e-3, 1e-1, 10};
    struct series s = series_begin(claim, "before", "share", "kernel_a", "kernel_b",
                                   "kernel_c", "missed_a", "missed_b", "missed_c",
                                   "kernel_law", "missed_law", NULL);
    struct world x[3];
    double first[QUANTITIES] = {0};
    for (int r = 0; r < 3; r++)
        world_make(claim, 0, (struct recipe_of_world){3, 24, 8, rho[r], SOFTPLUS},
                   &x[r]);
    for (int k = 0; k <= 18; k++) {
        double share = pow(10, -3 + 0.2 * k), line[9] = {share}, of[QUANTITIES];
        for (int r = 0; r < 3; r++) {
            feat_to(&x[r].flow, share * rho[r]);
            changes(claim, &x[r], of);
            bool over = x[r].flow.t < share * rho[r];
            line[1 + r] = over ? NAN : of[2];
            line[4 + r] = over ? NAN : of[3];
            if (k == 0 && r == 0)
                memcpy(first, of, sizeof first);
        }
        line[7] = first[2] * share / 1e-3;
        line[8] = first[3] * share / 1e-3;
        series_row(&s, line);
    }
    series_end(&s);
}

CLAIM(feat_linear, RATE, "For t << t_c every change is linear in t / t_c")
{
    if (needs_double(claim, "what F_lin misses at first is 1e-6 of f"))
        return;
    static const char *const what[] = {"W_L, power of t", "pre-activations", "Theta",
                                       "share that F_lin misses", "f itself"};
    static const char *const lazy_what[] = {"lazy, at the same t / t_c: W_L", "",
                                            "lazy: Theta", "", "lazy: f"};
    struct recipe_of_world of = {3, 24, 8, 0.01, SOFTPLUS};
    struct growth before = growth_between(claim, of, 1e-3, 1e-2);
    /* A change is c t (1 + c' t), t in units of t_c: the power is off by c' (0.01 -
     * 0.001) / ln 10.  |c'| <= 12: nothing turns faster than in t_c / 12. */
    double bias = 12 * 0.009 / log(10);
    for (int q = 0; q < QUANTITIES; q++)
        evidence(claim, what[q], slopes_near(REPLICATES, before.of[q], 1, bias, 0.5));
    of.rho = 1e4; /* where t_c is long after the end of training */
    struct growth lazy = growth_between(claim, of, 1e-3, 1e-2);
    for (int q = 0; q < QUANTITIES; q += 2)
        control(claim, lazy_what[q], slopes_near(REPLICATES, lazy.of[q], 1, bias, 0.5));
    record_before(claim);
}

/* ---- What grows, and what does not ------------------------------------------------
 */

/* sqrt(m)/n sum of Theta_ij (-l'_j), of which the slide says that it is of the order of
 * sqrt(m), less t_c df_i/dt: relative, at worst.  With l' as it is where F = 0; at the
 * start, or when the loss has been halved. */
static double off_growth(struct claim *claim, int replicate, struct recipe_of_world of,
                         bool at_half)
{
    size_t mark = claim_arena(claim)->used;
    struct world x;
    world_make(claim, replicate, of, &x);
    while (at_half && isnan(x.flow.t_half))
        feat_step(&x.flow, INFINITY);
    struct lazy_problem *on = &x.model.on;
    int n = of.examples;
    mat Theta = arena_mat(claim_arena(claim), n, n);
    mat df = arena_mat(claim_arena(claim), n, 1);
    double off = 0, size = 0, slope;
    feat_kernel(&x.model, x.flow.w, claim_arena(claim), Theta);
    mlp_jvp(&on->net, x.flow.w, x.flow.grad, (mat){0}, &on->pass, claim_arena(claim),
            df);
    feat_soft_plus(FEAT_BETA, 1, &slope);
    for (int i = 0; i < n; i++) {
        double sum = sqrt(of.width) * slope * dot(row(Theta, i), on->y) / n;
        off = worst(off, fabs(-of.rho * df.at[i] - sum));
        size = worst(size, fabs(sum));
    }
    claim_arena(claim)->used = mark;
    return off / size;
}

CLAIM(feat_growth, IDENTITY,
      "t_c times the velocity of f is sqrt(m) (1/n) Theta (-l'), at the start")
{
    for (int k = 0; k < 6; k++) {
        struct recipe_of_world of = {1 + k % 3, 5 << k, 3 + 4 * k, pow(10, k - 3),
                                     SOFTPLUS};
        /* Sums over (L + 1) m and n products; the largest may be a tenth of its terms.
         */
        double limit = rounding((of.depth + 1) * of.width + of.examples, 10);
        evidence(claim, "t_c df/dt, relative",
                 at_most(off_growth(claim, k, of, false), limit));
        if (k < 3)
            control(claim, "when half the loss is gone",
                    at_most(off_growth(claim, k, of, true), limit));
    }
}

enum { MANY = 40 };

/* The powers of m, between 16 and 256 units in one hidden layer, of what has changed a
 * quarter of t_c after the start; at a fixed rho, or at alpha = 1 and t = 1/4. */
struct width_powers {
    double of[QUANTITIES][MANY];
};

static struct width_powers powers_of_width(struct claim *claim, bool alpha_is_1)
{
    struct width_powers p;
    for (int r = 0; r < MANY; r++) {
        size_t mark = claim_arena(claim)->used;
        double at[2][QUANTITIES];
        for (int k = 0; k < 2; k++) {
            struct recipe_of_world of = {1, k ? 256 : 16, 32, 0.01, SOFTPLUS};
            struct world x;
            if (alpha_is_1)
                of.rho = sqrt(of.width);
            world_at(claim, r, of, alpha_is_1 ? 0.25 / of.rho : 0.25, &x);
            changes(claim, &x, at[k]);
        }
        for (int q = 0; q < QUANTITIES; q++)
            p.of[q][r] = log(at[1][q] / at[0][q]) / log(16);
        claim_arena(claim)->used = mark;
    }
    return p;
}

CLAIM(feat_order_one, RATE,
      "By t_c / 4 f has grown ~ sqrt(m), weights and pre-activations by O(1)")
{
    /* What is measured is the root of a mean over m units, whose logarithm is off by
     * c^2 / 4m, with the coefficient of variation c of what a unit gives.  The square
     * of a normal number has c^2 = 2; for c^2 <= 8 it is 1/8 at 16 units. */
    double bias = 0.125 / log(16);
    struct width_powers p = powers_of_width(claim, false);
    struct width_powers lazy = powers_of_width(claim, true);
    evidence(claim, "f, power of m", slopes_near(MANY, p.of[4], 0.5, bias, 0.5));
    evidence(claim, "W_L, power of m", slopes_near(MANY, p.of[0], 0, bias, 0.5));
    evidence(claim, "pre-activations, power of m",
             slopes_near(MANY, p.of[1], 0, bias, 0.5));
    control(claim, "alpha = 1, t = 1/4: f",
            slopes_near(MANY, lazy.of[4], 0.5, bias, 0.5));
    control(claim, "alpha = 1: W_L", slopes_near(MANY, lazy.of[0], 0, bias, 0.5));
    control(claim, "alpha = 1: pre-activations",
            slopes_near(MANY, lazy.of[1], 0, bias, 0.5));
}

SECTION(feat_before, &feat_one_run, &feat_linear, &feat_growth, &feat_order_one);
