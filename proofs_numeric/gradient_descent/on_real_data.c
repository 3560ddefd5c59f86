/* "On real data": a training curve, written down before the run. */
#include "descents.h"
#include "ground/images.h"
#include "ground/route_lapack.h"

#include <math.h>

enum { IMAGES = 1000, PIXELS = 28 * 28, FASHION_STEPS = 200 };

/* The pixels of each image, and a constant. */
static mat with_constant(struct arena *arena, mat X)
{
    mat Phi = arena_mat(arena, X.rows, X.cols + 1);
    for (int i = 0; i < X.rows; i++) {
        copy(row(X, i), part(row(Phi, i), 0, X.cols));
        row(Phi, i).at[X.cols] = 1;
    }
    return Phi;
}

/* A problem, and all that is known of it before the run. */
struct forecast {
    mat Phi;
    vec t, residual, w, grad;
    struct quadratic q;
    vec a;     /* the spectrum of A                          */
    vec first; /* the first gradient, along each eigenvector */
};

/* One class of images against the others. */
static struct forecast forecast_make(struct claim *claim)
{
    enum { n = PIXELS + 1 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct images x = images_first(claim, IMAGES, 1);
    struct forecast f = {.Phi = with_constant(arena, x.X),
                         .t = x.t,
                         .residual = arena_vec(arena, IMAGES),
                         .w = arena_vec(arena, n),
                         .grad = arena_vec(arena, n),
                         .q = quadratic_make(arena, n),
                         .a = arena_vec(arena, n),
                         .first = arena_vec(arena, n)};
    mat Q = arena_mat(arena, n, n);
    images_signs(x, rng_below(&rng, DATASET_CLASSES));
    least_squares(f.Phi, f.t, &f.q);
    route_eigen(f.q.A, f.a, Q);
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++)
            f.first.at[j] += Q.at[i * n + j] * f.q.b.at[i];
    return f;
}

/* What k steps take off the cost, from the spectrum and the first gradient: along an
 * eigenvector a share g^2 / 2a of which (1 - alpha a)^2k is left.  Written so that it
 * stays exact where a tends to 0, and the quotient to alpha k g^2. */
static double predicted_decrease(vec a, vec gradient, double alpha, int k)
{
    double sum = 0;
    for (int j = 0; j < a.n; j++) {
        double g = gradient.at[j], gone = -expm1(2 * k * log1p(-alpha * a.at[j]));
        sum += g * g * (a.at[j] == 0 ? alpha * k : gone / (2 * a.at[j]));
    }
    return sum;
}

/* Runs at one rate, where the prediction is for another: the largest difference between
 * the cost on the data and the prediction.  Recorded in s, if there is one. */
static double gap_to_forecast(struct forecast *f, double alpha, double predicted_for,
                              struct series *s)
{
    double gap = 0;
    fill(0, f->w);
    for (int k = 0; k <= FASHION_STEPS; k++) {
        double cost = least_squares_cost(f->Phi, f->t, f->w, f->residual);
        double law = 0.5 - predicted_decrease(f->a, f->first, predicted_for, k);
        gap = worst(gap, fabs(cost - law));
        if (s != NULL)
            series_row(s, (double[]){k, cost, law});
        gd_step(f->q, alpha, f->w, f->grad);
    }
    return gap;
}

CLAIM(gd_fashion, IDENTITY,
      "The cost on Fashion-MNIST follows the curve predicted of it")
{
    struct forecast f = forecast_make(claim);
    struct series s = series_begin(claim, "fashion", "k", "cost", "predicted", NULL);
    /* Short of 1/a_max, where the law's logarithm has its pole. */
    double alpha = 0.9 / f.a.at[PIXELS];
    /* dsyevd's spectrum is that of a matrix within n eps a_max of A, and alpha times
     * that bends the share of each step by n eps of a cost of 1/2. */
    double limit = rounding((PIXELS + 1) * FASHION_STEPS, 0.5);
    evidence(claim, "gap to the prediction, 200 steps",
             at_most(gap_to_forecast(&f, alpha, alpha, &s), limit));
    series_end(&s);
    control(claim, "a rate 1 % larger than predicted for",
            at_most(gap_to_forecast(&f, 1.01 * alpha, alpha, NULL), limit));
}

SECTION(gd_on_real_data, &gd_fashion);
