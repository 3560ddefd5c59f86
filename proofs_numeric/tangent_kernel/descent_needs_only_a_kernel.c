#include "ground/route_lapack.h"
#include "tangent_kernel/ntk_worlds.h"

#include <math.h>

/* The largest |K_ij - the speed of f(x_i) at w0 along the gradient of f(x_j) at w|. */
static double gap_of_speeds(struct arena *arena, struct learner *x, mat K)
{
    int n = x->X.rows;
    double most = 0;
    mat G = arena_mat(arena, n, 1), speed = arena_mat(arena, n, 1);
    vec grad = arena_vec(arena, x->w0.n);
    for (int j = 0; j < n; j++) {
        fill(0, entries(G));
        G.at[j] = 1;
        mlp_forward(&x->net, x->w, x->X, &x->now);
        mlp_backward(&x->net, x->w, G, &x->now);
        mlp_gradient(&x->net, &x->now, grad);
        mlp_jvp(&x->net, x->w0, grad, (mat){0}, &x->at, arena, speed);
        for (int i = 0; i < n; i++)
            most = worst(most, fabs(speed.at[i] - K.at[i * n + j]));
    }
    return most;
}

CLAIM(ntk_features, IDENTITY, "The tangent kernel is a speed along a gradient")
{
    enum { N = 6, DIM = 5, WIDTH = 40, HIDDEN = 2 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct learner x = learner_make(arena, ntk_network(DIM, HIDDEN, WIDTH), N, 1);
    learner_draw(&rng, &x);
    mat K = learner_start(arena, &x);
    /* Sums of WIDTH or DIM products, one behind the other through 3 layers. */
    double limit = rounding((HIDDEN + 1) * WIDTH, max_norm(entries(K)));
    evidence(claim, "kernel less speed", at_most(gap_of_speeds(arena, &x, K), limit));
    scale(1.01, x.w);
    control(claim, "gradients at weights 1 % larger",
            at_most(gap_of_speeds(arena, &x, K), limit));
}

/* residual := the sum over j of q_j (1 - alpha k_j)^steps <q_j, residual>. */
static void by_modes(struct arena *arena, mat K, double alpha, int steps, vec residual)
{
    int n = K.rows;
    vec values = arena_vec(arena, n), old = arena_vec(arena, n);
    mat Q = arena_mat(arena, n, n);
    route_eigen(K, values, Q);
    copy(residual, old);
    fill(0, residual);
    for (int j = 0; j < n; j++) {
        double share = 0, factor = pow(1 - alpha * values.at[j], steps);
        for (int i = 0; i < n; i++)
            share += Q.at[i * n + j] * old.at[i];
        for (int i = 0; i < n; i++)
            residual.at[i] += Q.at[i * n + j] * factor * share;
    }
}

/* r := y - f, where f are the outputs of that pass. */
static void residuals(const struct learner *x, const struct mlp_pass *pass, vec r)
{
    copy(x->y, r);
    axpy(-1, outputs(x, pass), r);
}

enum { STEPS = 50 };

/* r := the residuals of the linear model after STEPS steps in the weights, and of the
 * network itself. */
static void descend_linear(struct arena *arena, struct learner *x, double alpha, vec r)
{
    mat F = arena_mat(arena, r.n, 1);
    copy(x->w0, x->w);
    for (int k = 0; k < STEPS; k++)
        ntk_step(&x->net, x->w0, x->y, alpha, &x->at, arena, x->w);
    ntk_model(&x->net, x->w0, x->w, &x->at, arena, F);
    copy(x->y, r);
    axpy(-1, entries(F), r);
}

static void descend_network(struct arena *arena, struct learner *x, double alpha, vec r)
{
    copy(x->w0, x->w);
    for (int k = 0; k < STEPS; k++)
        ntk_network_step(&x->net, x->X, x->y, alpha, &x->now, arena, x->w);
    mlp_forward(&x->net, x->w, x->X, &x->now);
    residuals(x, &x->now, r);
}

/* One example and eight: a kernel of one number, and one with modes. */
CLAIM(ntk_linear_law, IDENTITY,
      "k steps on the linear model multiply residuals by (I - alpha K)^k")
{
    enum { DIM = 5, WIDTH = 60 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    double in_weights = 0, with_kernel = 0, itself = 0;
    for (int n = 1; n <= 8; n += 7) {
        struct learner x = learner_make(arena, ntk_network(DIM, 2, WIDTH), n, 1);
        vec law = arena_vec(arena, n), a = arena_vec(arena, n), r = arena_vec(arena, n);
        learner_draw(&rng, &x);
        mat K = learner_start(arena, &x);
        double least, alpha = (n == 1 ? 0.1 : 1) / spectrum(arena, K, &least);
        residuals(&x, &x.at, law);
        /* At every step the rounding of the outputs, sums of WIDTH products in three
         * layers; no step enlarges what has come of it. */
        double limit = STEPS * rounding(3 * WIDTH, norm(x.y) + norm(law));
        ntk_descent(K, law, alpha, STEPS, arena, a);
        copy(law, r);
        gemv(-1, K, a, 1, r);
        by_modes(arena, K, alpha, STEPS, law);
        with_kernel = worst(with_kernel, gap(r, law) / limit);
        descend_linear(arena, &x, alpha, r);
        in_weights = worst(in_weights, gap(r, law) / limit);
        descend_network(arena, &x, alpha, r);
        itself = worst(itself, gap(r, law) / limit);
    }
    evidence(claim, "descent in the weights, of its limit", at_most(in_weights, 1));
    evidence(claim, "descent with the kernel", at_most(with_kernel, 1));
    control(claim, "the network itself", at_most(itself, 1));
}

/* The predictions of f_0 + J dw at the other points, where J dw fits y - f_0 with the
 * least dw, by LAPACK. */
static void least_norm(struct arena *arena, struct learner *x, vec dw, vec predicted)
{
    mat J = arena_mat(arena, x->X.rows, x->w0.n),
        Jz = arena_mat(arena, x->Z.rows, x->w0.n);
    vec residual = arena_vec(arena, x->y.n);
    mlp_jacobian(&x->net, x->w0, &x->at, arena, J);
    mlp_jacobian(&x->net, x->w0, &x->at_z, arena, Jz);
    residuals(x, &x->at, residual);
    route_min_norm(J, residual, dw);
    copy(outputs(x, &x->at_z), predicted);
    gemv(1, Jz, dw, 1, predicted);
}

/* predicted := f_0 + K(z, x) K^-1 (y - f_0), kernel regression. */
static void regression(struct arena *arena, struct learner *x, mat K, vec predicted)
{
    mat Kz = arena_mat(arena, x->Z.rows, K.rows);
    vec r = arena_vec(arena, K.rows), a = arena_vec(arena, K.rows);
    mlp_kernel(&x->net, &x->at_z, &x->at, arena, Kz);
    residuals(x, &x->at, r);
    REQUIRE(ntk_regression(K, r, 0, arena, a) == FACTOR_OK, "K is singular");
    copy(outputs(x, &x->at_z), predicted);
    gemv(1, Kz, a, 1, predicted);
}

/* Descends on the linear model from x->w. */
static void descend_from(struct arena *arena, struct learner *x, double alpha,
                         int steps)
{
    for (int k = 0; k < steps; k++)
        ntk_step(&x->net, x->w0, x->y, alpha, &x->at, arena, x->w);
}

CLAIM(ntk_least_norm, IDENTITY,
      "Descent on the linear model ends at kernel regression on y - f_0")
{
    enum { N = 6, OTHERS = 5, DIM = 10, WIDTH = 50 };
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct learner x = learner_make(arena, ntk_network(DIM, 1, WIDTH), N, OTHERS);
    learner_draw(&rng, &x);
    mat K = learner_start(arena, &x);
    int P = mlp_parameters(&x.net);
    vec end = arena_vec(arena, P), predicted = arena_vec(arena, OTHERS);
    vec by_kernel = arena_vec(arena, OTHERS);
    double least, most = spectrum(arena, K, &least), kappa = most / least;
    least_norm(arena, &x, end, predicted);
    regression(arena, &x, K, by_kernel);
    /* K is rounded like sums of P products, and its inverse magnifies by kappa. */
    double limit = rounding(P * kappa, norm(predicted));
    double limit_w = rounding(P * kappa, norm(end));
    evidence(claim, "prediction, regression less LAPACK",
             at_most(gap(by_kernel, predicted), limit));

    /* e^-40 is below eps: after 40 kappa steps the least mode has arrived. */
    int steps = (int)ceil(40 * kappa);
    axpy(1, x.w0, end); /* now the weights at the end, by LAPACK */
    descend_from(arena, &x, 1 / most, steps);
    evidence(claim, "weights, descent less LAPACK", at_most(gap(x.w, end), limit_w));
    rng_normals(&rng, 0, 0.1, x.w);
    axpy(1, x.w0, x.w);
    descend_from(arena, &x, 1 / most, steps);
    control(claim, "the same from a tenth beside w_0", at_most(gap(x.w, end), limit_w));
}

SECTION(ntk_needs_only_a_kernel, &ntk_features, &ntk_linear_law, &ntk_least_norm);
