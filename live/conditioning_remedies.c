/* What descent loses on a mean, on units and on a correlation, and what each remedy
 * gives back: the distance to the minimum, at the best rate and from the slowest start.
 */
#include "conditioning.h"
#include "live.h"

#include "ground/rng.h"

#include <math.h>

enum { EXAMPLES = 60, FEATURES = 2, STEPS = 40, WAYS = 4 };

const struct slider live_sliders[] = {{"mean, in deviations", 0, 5, 1, 100, EVEN},
                                      {"unit of feature 2", 0.1, 10, 2, 100,
                                       LOGARITHMIC},
                                      {"correlation", 0, 0.99, 0.5, 99, EVEN},
                                      {0}};

const char live_columns[] = "k\tgiven\tlaw1\tcentred\tlaw2\tstandard\tlaw3\twhite";

/* Normal features of the correlation r, the second in another unit, with this mean. */
static mat draw(struct arena *arena, double mean, double unit, double r)
{
    struct rng rng = rng_make(1, "live remedies", 0);
    mat X = arena_mat(arena, EXAMPLES, FEATURES);
    rng_normals(&rng, 0, 1, entries(X));
    for (int i = 0; i < X.rows; i++) {
        real *x = row(X, i).at;
        x[1] = unit * (mean + r * x[0] + sqrt(1 - r * r) * x[1]);
        x[0] += mean;
    }
    return X;
}

/* The features that each way leaves of X: as given, centred, standardized, white. */
static mat treated(struct arena *arena, int way, mat X)
{
    mat Z = arena_mat(arena, X.rows, X.cols);
    struct whitening w = cn_whitening_make(arena, X.cols, X.cols);
    vec mu = arena_vec(arena, X.cols), sigma = arena_vec(arena, X.cols);
    copy(entries(X), entries(Z));
    cn_means(X, mu);
    cn_deviations(X, mu, sigma);
    if (way == 1)
        cn_center(mu, Z);
    else if (way == 2)
        cn_standardize(mu, sigma, Z);
    else if (way == 3 && cn_whitening_cholesky(X, arena, &w) == FACTOR_OK)
        cn_whiten(w, X, Z);
    return Z;
}

/* The run of one way, in its column of the table, and in the next one the law
 * ((kappa - 1) / (kappa + 1))^k of the curvatures, which only the slowest start
 * attains: half along the steepest axis, half along the flattest. */
static void run(struct arena *arena, int way, mat X, mat curves)
{
    int n = X.cols + 1;
    mat Phi = arena_mat(arena, X.rows, n), U = arena_mat(arena, n, n),
        V = arena_mat(arena, n, n);
    vec a = arena_vec(arena, n), w = arena_vec(arena, n), grad = arena_vec(arena, n);
    struct quadratic q = quadratic_make(arena, n);
    cn_with_constant(treated(arena, way, X), Phi);
    gram(1.0 / X.rows, Phi, q.A);
    if (svd(q.A, arena, U, a, V) != FACTOR_OK)
        return;
    double largest = a.at[0], least = a.at[n - 1];
    for (int i = 0; i < n; i++)
        w.at[i] = (row(V, i).at[0] + row(V, i).at[n - 1]) / sqrt(2);
    for (int k = 0; k <= STEPS; k++) {
        real *at = row(curves, k).at;
        at[0] = k;
        at[1 + 2 * way] = norm(w);
        if (2 + 2 * way < curves.cols)
            at[2 + 2 * way] = pow((largest - least) / (largest + least), k);
        gd_step(q, 2 / (largest + least), w, grad);
    }
}

mat live(struct arena *arena, vec slider)
{
    mat curves = arena_mat(arena, STEPS + 1, 2 * WAYS);
    mat X = draw(arena, slider.at[0], slider.at[1], slider.at[2]);
    for (int way = 0; way < WAYS; way++)
        run(arena, way, X, curves);
    return curves;
}
