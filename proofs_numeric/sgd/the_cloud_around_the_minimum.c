/* "The cloud around the minimum": where SGD with a constant rate comes to rest. */
#include "gradient_descent.h"
#include "ground/claim.h"
#include "ground/worlds.h"
#include "sgd.h"

#include <math.h>

enum { D = 6, MAP_STEPS = 1000, CHAINS = 1200, STEPS = 60 };
static const double ALPHA = 1.5, KAPPA = 50;

/* A quadratic in a random basis, and noise of a random covariance C in that basis. */
struct world {
    struct solved_quadratic k;
    mat C;     /* d x d, in the coordinates of the eigenvectors         */
    mat root;  /* d x 2d, in those of w: Q C Q' = root root'             */
    mat Sigma; /* d x d, predicted, in the coordinates of the eigenvectors */
};

static struct world world_make(struct claim *claim, struct rng *rng, int d,
                               double kappa)
{
    struct arena *arena = claim_arena(claim);
    struct world of = {.C = arena_mat(arena, d, d),
                       .root = arena_mat(arena, d, 2 * d),
                       .Sigma = arena_mat(arena, d, d)};
    mat L = normal_mat(arena, rng, d, 2 * d);
    of.k = solved_quadratic_make(arena, rng, geometric_spectrum(arena, d, 1, kappa));
    gemm(1, AS_IS, L, TRANSPOSED, L, 0, of.C);
    gemm(1, AS_IS, of.k.Q, AS_IS, L, 0, of.root);
    sgd_stationary(of.k.a, of.C, ALPHA, of.Sigma);
    return of;
}

/* S := (I - alpha A) S (I - alpha A) + alpha^2 root root', so many times from 0, by
 * plain sums. */
static void iterate(struct arena *arena, struct world of, double alpha, mat S)
{
    int d = S.rows;
    mat K = arena_mat(arena, d, d), KS = arena_mat(arena, d, d);
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            row(K, i).at[j] = (i == j) - alpha * row(of.k.q.A, i).at[j];
    fill(0, entries(S));
    for (int k = 0; k < MAP_STEPS; k++) {
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) {
                double sum = 0;
                for (int l = 0; l < d; l++)
                    sum += row(K, i).at[l] * row(S, l).at[j];
                row(KS, i).at[j] = sum;
            }
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) {
                double sum = 0;
                for (int l = 0; l < d; l++)
                    sum += row(KS, i).at[l] * row(K, j).at[l];
                for (int l = 0; l < of.root.cols; l++)
                    sum +=
                        alpha * alpha * row(of.root, i).at[l] * row(of.root, j).at[l];
                row(S, i).at[j] = sum;
            }
    }
}

/* The largest difference between Q Sigma Q' and S, over the largest entry of S. */
static double gap(struct arena *arena, struct world of, mat S)
{
    int d = S.rows;
    mat P = arena_mat(arena, d, d), Q = arena_mat(arena, d, d);
    gemm(1, AS_IS, of.k.Q, AS_IS, of.Sigma, 0, P);
    gemm(1, AS_IS, P, TRANSPOSED, of.k.Q, 0, Q);
    axpy(-1, entries(S), entries(Q));
    return max_norm(entries(Q)) / max_norm(entries(S));
}

/* ---- Chains ------------------------------------------------------------------------
 */

static void slope(void *world, vec w, vec grad)
{
    quadratic_gradient(((const struct world *)world)->k.q, w, grad);
}

/* Every second call, minus the noise of the call before: noise that makes up for
 * itself.
 */
struct paid_back {
    struct sgd_noise *noise;
    bool back;
};

static void paid_back_gradient(void *context, vec w, vec grad)
{
    struct paid_back *by = context;
    if (by->back) {
        by->noise->gradient(by->noise->cost, w, grad);
        gemv(-1, by->noise->root, by->noise->z, 1, grad);
    } else {
        sgd_noisy_gradient(by->noise, w, grad);
    }
    by->back = !by->back;
}

/* L with LL' = Sigma (1 - (rho_i rho_j)^STEPS), rho = 1 - alpha h: the covariance after
 * so many steps from the minimum, entry by entry a geometric sum. */
static mat covariance_root(struct arena *arena, struct world of)
{
    int d = of.C.rows;
    mat S = arena_mat(arena, d, d), L = arena_mat(arena, d, d);
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double keep = (1 - ALPHA * of.k.a.at[i]) * (1 - ALPHA * of.k.a.at[j]);
            row(S, i).at[j] = row(of.Sigma, i).at[j] * (1 - pow(keep, STEPS));
        }
    REQUIRE(cholesky(S, L) == FACTOR_OK, "a covariance that is none");
    return L;
}

/* How many of the chains end within the ellipsoid that holds half of the probability.
 */
static int inside(struct claim *claim, struct world of, bool paid_back)
{
    struct arena *arena = claim_arena(claim);
    int d = of.C.rows, hits = 0;
    /* chi-square with 6 degrees of freedom: P(> x) = e^(-x/2) (1 + x/2 + x^2/8) */
    const double median = 5.348120627447120;
    mat L = covariance_root(arena, of);
    vec w = arena_vec(arena, d), grad = arena_vec(arena, d), e = arena_vec(arena, d);
    struct sgd_noise noise = {slope, &of, of.root, arena_vec(arena, 2 * d),
                              claim_rng(claim, 1 + paid_back)};
    struct paid_back by = {&noise, false};
    for (int i = 0; i < CHAINS; i++) {
        copy(of.k.w_star, w);
        optimize(paid_back ? paid_back_gradient : sgd_noisy_gradient,
                 paid_back ? (void *)&by : (void *)&noise, gd_optimizer(), ALPHA, STEPS,
                 w, grad);
        to_axes(of.k, w, e);
        solve_lower(L, AS_IS, column(e));
        hits += dot(e, e) < median;
    }
    return hits;
}

/* For the figures: a run of descent and one of SGD, with noise of this covariance, on a
 * valley whose axes are those of the paper; and the ellipse that holds 1 - e^-2 of the
 * stationary law. */
static void record(struct claim *claim)
{
    real A[] = {1, 0, 0, 0.15}, C[] = {1, -0.6, -0.6, 1}, L[4], h[] = {1, 0.15};
    real Sigma[4], root[4], z[2], b[2] = {0}, grad[2], w[] = {-4.5, 5}, v[] = {-4.5, 5};
    const double alpha = 0.3;
    struct world of = {.k.q = {{2, 2, A}, {2, b}, 0}};
    struct sgd_noise noise = {slope, &of, {2, 2, L}, {2, z}, claim_rng(claim, 3)};
    cholesky((mat){2, 2, C}, (mat){2, 2, L});
    struct series s =
        series_begin(claim, "paths", "x", "y", "x_descent", "y_descent", NULL);
    for (int k = 0; k < 240; k++) {
        series_row(&s, (double[]){w[0], w[1], v[0], v[1]});
        optimize(sgd_noisy_gradient, &noise, gd_optimizer(), alpha, 1, (vec){2, w},
                 (vec){2, grad});
        gd_step(of.k.q, alpha, (vec){2, v}, (vec){2, grad});
    }
    series_end(&s);
    sgd_stationary((vec){2, h}, (mat){2, 2, C}, alpha, (mat){2, 2, Sigma});
    cholesky((mat){2, 2, Sigma}, (mat){2, 2, root});
    s = series_begin(claim, "ellipse", "x", "y", NULL);
    for (int k = 0; k <= 90; k++) {
        double x = 2 * cos(k * acos(-1) / 45), y = 2 * sin(k * acos(-1) / 45);
        series_row(&s, (double[]){root[0] * x, root[2] * x + root[3] * y});
    }
    series_end(&s);
}

CLAIM(sgd_cloud, STATISTIC,
      "SGD comes to rest in a cloud, of covariance alpha C_ij / (h_i + h_j - ...)")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct world of = world_make(claim, &rng, D, KAPPA);
    mat S = arena_mat(arena, D, D);
    iterate(arena, of, ALPHA, S);
    /* A step makes an error of 4 D eps of the largest entry or less, of which the map
     * adds up 1 / (1 - (1 - alpha / KAPPA)^2) = 17. */
    double limit = rounding(4 * D * 17, 1);
    evidence(claim, "gap to the iterated map", at_most(gap(arena, of, S), limit));
    evidence(claim, "chains in the half ellipsoid",
             count_fits(inside(claim, of, false), CHAINS, 0.5));
    iterate(arena, of, 1.01 * ALPHA, S);
    control(claim, "the map at a rate 1 % larger", at_most(gap(arena, of, S), limit));
    control(claim, "noise that is paid back",
            count_fits(inside(claim, of, true), CHAINS, 0.5));
    record(claim);
}

SECTION(sgd_clouds, &sgd_cloud);
