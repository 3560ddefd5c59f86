#include "conditioning/worlds.h"
#include "ground/route_lapack.h"

#include <math.h>

static double logistic(double z) { return 1 / (1 + exp(-z)); }
static double logistic_twice(double z) { return logistic(2 * z); }
static double centred_logistic(double z) { return logistic(z) - 0.5; }
static double centred_logistic_twice(double z) { return logistic(2 * z) - 0.5; }
static double tanh_half(double z) { return tanh(z / 2); }

/* The features of m units without biases on inputs that come in pairs x, -x, so that a
 * logistic unit, sigma(-z) = 1 - sigma(z), has the mean 1/2 exactly, and tanh 0.
 * Weights have variance 1 / inputs. */
enum { PAIRS = 512, INPUTS = 64, UNITS = 32 };

static mat hidden(struct claim *claim, double (*unit)(double))
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat X = arena_mat(arena, PAIRS, INPUTS), W = arena_mat(arena, UNITS, INPUTS);
    mat Z = arena_mat(arena, PAIRS, UNITS), H = arena_mat(arena, 2 * PAIRS, UNITS);
    rng_normals(&rng, 0, 1, entries(X));
    rng_normals(&rng, 0, 1 / sqrt(INPUTS), entries(W));
    gemm(1, AS_IS, X, TRANSPOSED, W, 0, Z);
    for (int i = 0; i < PAIRS * UNITS; i++) {
        H.at[i] = unit(Z.at[i]);
        H.at[PAIRS * UNITS + i] = unit(-Z.at[i]);
    }
    return H;
}

/* 1'T 1 / m for T = H'H / N: the mean square of the sum of the features, over m. */
static double common_part(mat H)
{
    double sum = 0;
    for (int i = 0; i < H.rows; i++) {
        double of_units = 0;
        for (int j = 0; j < H.cols; j++)
            of_units += H.at[i * H.cols + j];
        sum += of_units * of_units / H.rows / H.cols;
    }
    return sum;
}

CLAIM(cn_logistic, BOUND,
      "m logistic units give the last layer an outlier of m/4, and tanh units none")
{
    vec a = spectrum(claim, hidden(claim, logistic));
    mat H = hidden(claim, tanh_half);
    vec T = spectrum(claim, H), c = spectrum(claim, hidden(claim, centred_logistic));
    /* sigma(z) = (1 + tanh(z/2)) / 2 with features of mean 0: A = (1 1' + T) / 4. */
    double quarter = UNITS / 4.0, slack = 1 + rounding(2 * PAIRS, 1);
    double least = quarter + common_part(H) / 4, most = quarter + top(T) / 4;
    evidence(claim, "outlier, of m/4 + ||T||/4", at_most(top(a) / most, slack));
    evidence(claim, "outlier, of m/4 + 1'T1/4m", at_least(top(a) / least, 2 - slack));
    evidence(claim, "second eigenvalue, of ||T||/4",
             at_most(a.at[UNITS - 2] / (top(T) / 4), slack));
    control(claim, "tanh units", at_least(top(T) / least, 2 - slack));
    control(claim, "centred logistic units", at_least(top(c) / least, 2 - slack));
}

CLAIM(cn_tanh, BOUND, "The outlier makes the last layer worse conditioned than tanh's")
{
    double logistic_kappa = kappa(spectrum(claim, hidden(claim, logistic_twice)));
    vec t = spectrum(claim, hidden(claim, tanh));
    vec c = spectrum(claim, hidden(claim, centred_logistic_twice));
    /* 4A = 1 1' + T, of which the largest eigenvalue is at least m and at most m + t_m,
     * and, by interlacing, the smallest lies between t_1 and t_2. */
    double slack = 1 + rounding(2 * PAIRS, logistic_kappa);
    double least = UNITS / t.at[1], most = (UNITS + top(t)) / t.at[0];
    evidence(claim, "kappa, of (m + t_m) / t_1", at_most(logistic_kappa / most, slack));
    evidence(claim, "kappa, of m / t_2", at_least(logistic_kappa / least, 2 - slack));
    control(claim, "tanh units", at_least(kappa(t) / least, 2 - slack));
    control(claim, "centred logistic units", at_least(kappa(c) / least, 2 - slack));
}

/* A network with one hidden layer, J = mean of 1/2 (v'unit(Wx) - t)^2, on pairs x, -x;
 * p: v, and then W row by row. */
enum { NET_IN = 3, NET_UNITS = 16, NET_PAIRS = 8 };
enum { NET_SIZE = NET_UNITS * (1 + NET_IN) };

struct net {
    double (*unit)(double);
    mat X; /* 2 NET_PAIRS x NET_IN */
    vec t;
};

static double net_cost(struct net net, vec p)
{
    double cost = 0;
    for (int i = 0; i < net.X.rows; i++) {
        double y = 0;
        for (int j = 0; j < NET_UNITS; j++) {
            const real *w = p.at + NET_UNITS + j * NET_IN;
            double z = 0;
            for (int l = 0; l < NET_IN; l++)
                z += w[l] * net.X.at[i * NET_IN + l];
            y += p.at[j] * net.unit(z);
        }
        cost += (y - net.t.at[i]) * (y - net.t.at[i]) / (2 * net.X.rows);
    }
    return cost;
}

/* Differences are taken over h = 2^-10, or more where there are fewer digits. */
enum { STEP_BITS = IS_DOUBLE ? 10 : 3 };

/* The Hessian over all weights by second differences of the cost. */
static void net_hessian(struct net net, vec p, mat H)
{
    double h = ldexp(1, -STEP_BITS);
    for (int i = 0; i < p.n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0, p_i = p.at[i], p_j = p.at[j];
            for (int corner = 0; corner < 4; corner++) {
                double up = corner & 1 ? h : -h, right = corner & 2 ? h : -h;
                p.at[i] += up;
                p.at[j] += right;
                sum += up * right * net_cost(net, p);
                p.at[j] = p_j;
                p.at[i] = p_i;
            }
            H.at[i * p.n + j] = H.at[j * p.n + i] = sum / (4 * h * h * h * h);
        }
}

static double largest_curvature(struct claim *claim, double (*unit)(double),
                                double *cost)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct net net = {.unit = unit,
                      .X = arena_mat(arena, 2 * NET_PAIRS, NET_IN),
                      .t = arena_vec(arena, 2 * NET_PAIRS)};
    vec p = arena_vec(arena, NET_SIZE), a = arena_vec(arena, NET_SIZE);
    mat H = arena_mat(arena, NET_SIZE, NET_SIZE),
        Q = arena_mat(arena, NET_SIZE, NET_SIZE);
    rng_uniforms(&rng, -1, 1, entries(net.X));
    for (int i = 0; i < NET_PAIRS * NET_IN; i++)
        net.X.at[NET_PAIRS * NET_IN + i] = -net.X.at[i];
    rng_uniforms(&rng, -1, 1, net.t);
    rng_uniforms(&rng, -1, 1, p);
    scale(0.2, (vec){NET_UNITS, p.at});
    net_hessian(net, p, H);
    route_eigen(H, a, Q);
    *cost = net_cost(net, p);
    return top(a);
}

CLAIM(cn_hidden_hessian, BOUND,
      "m logistic units give the Hessian over all weights an eigenvalue of m/4")
{
    double cost, unused, quarter = NET_UNITS / 4.0;
    double uncentred = largest_curvature(claim, logistic, &cost);
    /* The block of the output weights is H'H / N, and its cost is a quadratic, on which
     * second differences are exact but for rounding, over h^2; m of them are added. */
    double slack = rounding(NET_UNITS * NET_UNITS, cost) * ldexp(1, 2 * STEP_BITS);
    evidence(claim, "largest eigenvalue, m = 16", at_least(uncentred, quarter - slack));
    control(claim, "the same units, centred",
            at_least(largest_curvature(claim, centred_logistic, &unused),
                     quarter - slack));
}

SECTION(hidden_units, &cn_logistic, &cn_tanh, &cn_hidden_hessian);
