#include "conditioning/worlds.h"

#include "ground/route_lapack.h"

#include <math.h>

/* ---- Features whose mean and covariance are known -------------------------------- */

/* U: N x D, orthonormal columns, all orthogonal to 1: those of a rotation of N - 1
 * dimensions, lifted by the reflection that takes e_1 to 1 / sqrt(N). */
static mat balanced_columns(struct arena *arena, struct rng *rng, int N, int D)
{
    mat R = arena_mat(arena, N - 1, N - 1), U = arena_mat(arena, N, D);
    rng_rotation(rng, arena, R);
    for (int j = 0; j < D; j++) {
        double sum = 0, root = sqrt(N);
        for (int i = 1; i < N; i++)
            sum += U.at[i * D + j] = R.at[(i - 1) * (N - 1) + j];
        for (int i = 0; i < N; i++)
            U.at[i * D + j] += ((i == 0) - 1 / root) * sum / (root - 1);
    }
    return U;
}

/* X := 1 mu' + sqrt(N) U S'. */
struct features known_features(struct claim *claim, int N, vec mu, mat S)
{
    struct rng rng = claim_rng(claim, 0);
    int D = mu.n;
    mat U = balanced_columns(claim_arena(claim), &rng, N, D);
    struct features f = {arena_mat(claim_arena(claim), N, D), mu, S};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++) {
            double sum = 0;
            for (int l = 0; l < D; l++)
                sum += U.at[i * D + l] * S.at[j * D + l];
            f.X.at[i * D + j] = mu.at[j] + sqrt(N) * sum;
        }
    return f;
}

/* S with the deviations sqrt(v_j) on its diagonal, so Sigma = diag(v). */
mat uncorrelated(struct claim *claim, vec v)
{
    mat S = arena_mat(claim_arena(claim), v.n, v.n);
    for (int j = 0; j < v.n; j++)
        S.at[j * v.n + j] = sqrt(v.at[j]);
    return S;
}

mat identity(struct claim *claim, int D)
{
    vec ones = arena_vec(claim_arena(claim), D);
    fill(1, ones);
    return uncorrelated(claim, ones);
}

/* S = Q diag(sqrt(v)) with a random rotation Q, so that Sigma has the eigenvalues v. */
mat correlated(struct claim *claim, vec v)
{
    struct rng rng = claim_rng(claim, 1);
    mat S = arena_mat(claim_arena(claim), v.n, v.n);
    rng_rotation(&rng, claim_arena(claim), S);
    for (int i = 0; i < v.n * v.n; i++)
        S.at[i] *= sqrt(v.at[i % v.n]);
    return S;
}

/* S = diag(sigma) R^1/2, where all correlations are rho: R = (1 - rho) I + rho 1 1' has
 * the eigenvalue 1 + (D - 1) rho once and 1 - rho otherwise. */
mat equicorrelated(struct claim *claim, vec sigma, double rho)
{
    int D = sigma.n;
    double low = sqrt(1 - rho), high = sqrt(1 + (D - 1) * rho);
    mat S = arena_mat(claim_arena(claim), D, D);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            S.at[i * D + j] = sigma.at[i] * ((i == j) * low + (high - low) / D);
    return S;
}

/* D entries of size +-size. */
vec signs(struct claim *claim, int D, double size)
{
    struct rng rng = claim_rng(claim, 2);
    vec mu = arena_vec(claim_arena(claim), D);
    for (int j = 0; j < D; j++)
        mu.at[j] = rng_below(&rng, 2) == 0 ? size : -size;
    return mu;
}

/* mu' Sigma mu = ||S'mu||^2. */
double variance_along(mat S, vec mu)
{
    double sum = 0;
    for (int l = 0; l < mu.n; l++) {
        double product = 0;
        for (int j = 0; j < mu.n; j++)
            product += S.at[j * mu.n + l] * mu.at[j];
        sum += product * product;
    }
    return sum;
}

/* mu' Sigma^-1 mu = ||S^-1 mu||^2. */
double precision_along(struct claim *claim, mat S, vec mu)
{
    vec nu = arena_vec(claim_arena(claim), mu.n);
    route_solve(S, mu, nu);
    return dot(nu, nu);
}

mat with_one(struct claim *claim, mat X)
{
    mat Phi = arena_mat(claim_arena(claim), X.rows, X.cols + 1);
    cn_with_constant(X, Phi);
    return Phi;
}

mat twin(struct claim *claim, mat X)
{
    mat Y = arena_mat(claim_arena(claim), X.rows, X.cols);
    copy(entries(X), entries(Y));
    return Y;
}

/* The curvature that least squares on these features has. */
mat curvature(struct claim *claim, mat Phi)
{
    struct quadratic q = quadratic_make(claim_arena(claim), Phi.cols);
    vec t = arena_vec(claim_arena(claim), Phi.rows);
    least_squares(Phi, t, &q);
    return q.A;
}

/* Its eigenvalues, ascending. */
vec spectrum(struct claim *claim, mat Phi)
{
    struct arena *arena = claim_arena(claim);
    vec a = arena_vec(arena, Phi.cols);
    size_t mark = arena->used;
    route_eigen(curvature(claim, Phi), a, arena_mat(arena, Phi.cols, Phi.cols));
    arena->used = mark;
    return a;
}

double top(vec a) { return a.at[a.n - 1]; }
double kappa(vec a) { return top(a) / a.at[0]; }

/* Condition numbers of the features with a constant appended. */
double kappa_of(struct claim *claim, mat X)
{
    return kappa(spectrum(claim, with_one(claim, X)));
}

/* What an eigenvalue of A may be off: sums of N products, then LAPACK's n eps ||A||. */
double eigenvalue_limit(mat X, double a_max)
{
    return rounding(X.rows + X.cols, a_max);
}

/* (m^2 + 2 + m sqrt(m^2 + 4)) / 2 = ((m + sqrt(m^2 + 4)) / 2)^2. */
double outlier_law(double m)
{
    double root = (m + sqrt(m * m + 4)) / 2;
    return root * root;
}

mat standardized(struct claim *claim, mat X)
{
    vec mu = arena_vec(claim_arena(claim), X.cols);
    vec sigma = arena_vec(claim_arena(claim), X.cols);
    mat Y = twin(claim, X);
    cn_means(X, mu);
    cn_deviations(X, mu, sigma);
    cn_standardize(mu, sigma, Y);
    return Y;
}

mat centred(struct claim *claim, mat X)
{
    vec mu = arena_vec(claim_arena(claim), X.cols);
    mat Y = twin(claim, X);
    cn_means(X, mu);
    cn_center(mu, Y);
    return Y;
}

mat whitened(struct claim *claim, mat X)
{
    struct arena *arena = claim_arena(claim);
    struct whitening w = cn_whitening_make(arena, X.cols, X.cols);
    mat Z = arena_mat(arena, X.rows, X.cols);
    enum factor_status status = cn_whitening_cholesky(X, arena, &w);
    REQUIRE(status == FACTOR_OK, "the covariance is singular");
    cn_whiten(w, twin(claim, X), Z);
    return Z;
}

/* Sigma without its mean: 1 / 2N^2 times the sum over all pairs of examples of
 * (x_ij - x_kj) (x_il - x_kl). */
double covariance_of_pairs(mat X, int j, int l)
{
    double sum = 0;
    for (int i = 0; i < X.rows; i++)
        for (int k = 0; k < i; k++)
            sum += (X.at[i * X.cols + j] - X.at[k * X.cols + j]) *
                   (X.at[i * X.cols + l] - X.at[k * X.cols + l]);
    return sum / X.rows / X.rows;
}

/* The largest difference between the spectrum and predicted values, both ascending. */
double gap_to_spectrum(vec a, const double *predicted)
{
    double gap = 0;
    for (int j = 0; j < a.n; j++)
        gap = worst(gap, fabs(a.at[j] - predicted[j]));
    return gap;
}

double gap_between(vec x, vec y)
{
    double gap = 0;
    for (int i = 0; i < x.n; i++)
        gap = worst(gap, fabs(x.at[i] - y.at[i]));
    return gap;
}
