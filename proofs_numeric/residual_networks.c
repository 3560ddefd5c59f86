/* Chapter "Depth as time": its claims.
 *
 * The net under test multiplies matrices.  What it is compared with does not: the field
 * of the differential equation is summed in plain loops and handed to a solver, the
 * derivatives come from complex steps, and the laws of random layers are mixtures of
 * digamma functions. */
#include "residual_networks.h"
#include "claim.h"
#include "ode.h"
#include "oracle.h"

#include <complex.h>
#include <float.h>
#include <math.h>

/* ---- Nets whose weights are a curve -----------------------------------------------
 */

enum { D = 8, EXAMPLES = 16 };

/* The curve theta(s) = cos(s) theta_0 + sin(s) theta_1, and inputs. */
struct curve {
    vec theta_0, theta_1; /* D^2 + D: weights N(0, 0.5 / D), biases N(0, 0.25) */
    mat X;                /* EXAMPLES x D, normal                              */
    enum activation activation;
};

static void draw_layer(struct rng *rng, double gain, vec theta)
{
    rng_normals(rng, 0, gain / sqrt(D), (vec){D * D, theta.at});
    rng_normals(rng, 0, 0.5, (vec){D, theta.at + D * D});
}

static struct curve build_curve(struct claim *claim, enum activation activation)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct curve c = {arena_vec(arena, D * D + D), arena_vec(arena, D * D + D),
                      arena_mat(arena, EXAMPLES, D), activation};
    draw_layer(&rng, sqrt(0.5), c.theta_0);
    draw_layer(&rng, sqrt(0.5), c.theta_1);
    rng_normals(&rng, 0, 1, entries(c.X));
    return c;
}

static struct resnet residual(int depth, int width, enum activation activation,
                              double step)
{
    return (struct resnet){depth, width, activation, true, step};
}

/* The states of the net of so many layers on the curve, `late` layers along it. */
static struct resnet_pass run_curve(struct arena *arena, struct curve c,
                                    struct resnet net, vec w)
{
    struct resnet_pass pass = resnet_pass_make(arena, net, c.X.rows);
    resnet_smooth(net, c.theta_0, c.theta_1, w);
    resnet_forward(net, w, c.X, &pass);
    return pass;
}

static double phi(enum activation activation, double z)
{
    return activation == TANH ? tanh(z) : activation == RELU ? fmax(z, 0) : z;
}

/* The field dh/dt = phi(W(t) h + b(t)) on every row of the state, in plain loops. */
static void curve_field(void *context, double t, vec z, vec dz)
{
    const struct curve *c = context;
    double theta[D * D + D];
    for (int k = 0; k < D * D + D; k++)
        theta[k] = cos(t) * c->theta_0.at[k] + sin(t) * c->theta_1.at[k];
    for (int i = 0; i < z.n; i += D)
        for (int j = 0; j < D; j++) {
            double sum = theta[D * D + j];
            for (int k = 0; k < D; k++)
                sum += theta[j * D + k] * z.at[i + k];
            dz.at[i + j] = phi(c->activation, sum);
        }
}

/* h := the state at time 1 of the equation from X, by so many steps of a method. */
static void solve_curve(struct arena *arena, struct curve c,
                        const struct ode_tableau *method, int steps, vec h)
{
    struct ode ode = {c.X.rows * D, curve_field, &c};
    double t = 0;
    copy(entries(c.X), h);
    REQUIRE(ode_fixed(&ode, method, &t, 1, steps, h, arena) == ODE_DONE,
            "stopped at time %g", t);
}

static double distance(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (x.at[i] - y.at[i]) * (x.at[i] - y.at[i]);
    return sqrt(sum);
}

/* The largest |h_T - h_0 - sum of epsilon phi(W_t h_t + b_t)| over the examples, where
 * the sum runs over t = 0, ..., last, in plain loops from the recorded states. */
static double gap_of_sum(struct curve c, struct resnet net,
                         const struct resnet_pass *pass, int last)
{
    double gap = 0;
    for (int i = 0; i < EXAMPLES * D; i++) {
        double sum = c.X.at[i], branch[EXAMPLES * D];
        for (int t = 0; t <= last; t++) {
            vec h = entries(resnet_block(pass, pass->H, t));
            curve_field(&c, (double)t / net.depth, h, (vec){EXAMPLES * D, branch});
            sum += net.step * branch[i];
        }
        vec h_T = entries(resnet_block(pass, pass->H, net.depth));
        gap = worst(gap, fabs(h_T.at[i] - sum));
    }
    return gap;
}

CLAIM(rn_telescope, IDENTITY,
      "The output of a residual net is its input plus what its layers 0 to T - 1 add")
{
    enum { T = 20 };
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, TANH);
    struct resnet net = residual(T, D, TANH, 1);
    vec w = arena_vec(arena, resnet_parameters(net));
    struct resnet_pass pass = run_curve(arena, c, net, w);
    /* T + D + 2 sums of terms whose sizes add up to less than |h_0| + T. */
    double limit = rounding(T + D + 2, largest(entries(c.X)) + T);
    evidence(claim, "h_T less the sum, t = 0 to T - 1",
             at_most(gap_of_sum(c, net, &pass, T - 1), limit));
    control(claim, "the sum of t = 0 to T",
            at_most(gap_of_sum(c, net, &pass, T), limit));
}

/* ---- Copying -------------------------------------------------------------------------
 */

/* How far the net's output moves if so many layers of weights 0 are put behind it. */
static double moved_by_zeros(struct claim *claim, struct resnet net, int more)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    struct resnet deeper = net;
    deeper.depth += more;
    vec w = arena_vec(arena, resnet_parameters(net)),
        longer = arena_vec(arena, resnet_parameters(deeper));
    mat X = arena_mat(arena, EXAMPLES, net.width);
    rng_normals(&rng, 0, 1 / sqrt(net.width), w);
    rng_normals(&rng, 0, 1, entries(X));
    copy(w, (vec){w.n, longer.at});
    struct resnet_pass pass = resnet_pass_make(arena, net, EXAMPLES),
                       beyond = resnet_pass_make(arena, deeper, EXAMPLES);
    resnet_forward(net, w, X, &pass);
    resnet_forward(deeper, longer, X, &beyond);
    return distance(entries(resnet_block(&pass, pass.H, net.depth)),
                    entries(resnet_block(&beyond, beyond.H, deeper.depth)));
}

CLAIM(rn_copy, IDENTITY,
      "Layers of weights 0 behind a residual net leave its function as it was, to the "
      "last bit")
{
    struct resnet net = residual(10, D, TANH, 1), plain = net;
    plain.skip = false;
    evidence(claim, "change by 40 layers of zeros",
             at_most(moved_by_zeros(claim, net, 40), 0));
    control(claim, "the plain net",
            at_most(moved_by_zeros(claim, plain, 40), 0));
}

/* ---- Euler's method ------------------------------------------------------------------
 */

/* The largest difference, over depths, of the net's output and so many steps of a
 * method for the equation on the interval. */
static double gap_to_method(struct claim *claim, const struct ode_tableau *method,
                            double step)
{
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, TANH);
    vec h = arena_vec(arena, EXAMPLES * D);
    double gap = 0;
    for (int T = 1; T <= 50; T += 7) {
        struct resnet net = residual(T, D, TANH, step > 0 ? step : 1.0 / T);
        vec w = arena_vec(arena, resnet_parameters(net));
        struct resnet_pass pass = run_curve(arena, c, net, w);
        solve_curve(arena, c, method, T, h);
        gap = worst(gap, distance(h, entries(resnet_block(&pass, pass.H, T))));
    }
    return gap;
}

CLAIM(rn_euler, IDENTITY,
      "A residual net of T layers whose branches are scaled by 1 / T, with weights on a "
      "curve theta(t / T), is Euler's method with T steps on the unit interval")
{
    /* Both make errors of D eps times their terms, of size 5 or so, in each of T steps
     * of size 1 / T; the flow stretches them by at most e^|W| < e^3. */
    double limit = rounding(D + 4, 5 * exp(3) * sqrt(EXAMPLES * D));
    evidence(claim, "net less Euler's method",
             at_most(gap_to_method(claim, &ode_euler, 0), limit));
    control(claim, "net less midpoint method",
            at_most(gap_to_method(claim, &ode_midpoint, 0), limit));
    control(claim, "branches as large as on the slide",
            at_most(gap_to_method(claim, &ode_euler, 1), limit));
}
