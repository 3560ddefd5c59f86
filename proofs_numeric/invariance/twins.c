#include "twins.h"

#include "gradient_descent.h"
#include "ground/route_lapack.h"

#include <math.h>

/* ---- Changes of coordinates ------------------------------------------------------ */

mat identity(struct claim *claim)
{
    mat M = arena_mat(claim_arena(claim), N, N);
    for (int i = 0; i < N; i++)
        row(M, i).at[i] = 1;
    return M;
}

/* A random rotation, or one followed by a reflection. */
mat random_rotation(struct claim *claim, bool reflected)
{
    struct rng rng = claim_rng(claim, 1);
    mat M = identity(claim);
    rng_rotation(&rng, claim_arena(claim), M);
    for (int i = 0; i < N && reflected; i++)
        row(M, i).at[0] *= -1;
    return M;
}

/* The planes of axes 0 and 1, 2 and 3, and so on, each turned by the angle. */
mat turn(struct claim *claim, double angle)
{
    mat M = identity(claim);
    for (int i = 0; i < N; i += 2) {
        row(M, i).at[i] = row(M, i + 1).at[i + 1] = cos(angle);
        row(M, i + 1).at[i] = sin(angle);
        row(M, i).at[i + 1] = -sin(angle);
    }
    return M;
}

/* The axes in another order, some of them turned round. */
mat signed_permutation(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 1);
    int order[N];
    mat M = arena_mat(claim_arena(claim), N, N);
    rng_permutation(&rng, N, order);
    for (int i = 0; i < N; i++)
        row(M, i).at[order[i]] = rng_below(&rng, 2) == 0 ? 1 : -1;
    return M;
}

mat sign_flips(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 1);
    mat M = identity(claim);
    for (int i = 0; i < N; i++)
        row(M, i).at[i] = rng_below(&rng, 2) == 0 ? 1 : -1;
    return M;
}

mat opposite_order(struct claim *claim)
{
    mat M = arena_mat(claim_arena(claim), N, N);
    for (int i = 0; i < N; i++)
        row(M, i).at[N - 1 - i] = 1;
    return M;
}

mat scaled(mat M, double by)
{
    scale(by, entries(M));
    return M;
}

/* A unit twice as long on every other axis: M is not rigid any more. */
mat stretched(mat M)
{
    for (int i = 0; i < M.rows; i++)
        for (int j = 0; j < M.cols; j += 2)
            row(M, i).at[j] *= 2;
    return M;
}

vec nowhere(struct claim *claim) { return arena_vec(claim_arena(claim), N); }

vec somewhere(struct claim *claim)
{
    struct rng rng = claim_rng(claim, 2);
    vec t = nowhere(claim);
    rng_normals(&rng, 0, 1, t);
    return t;
}

/* w := M w~ + t, by plain sums. */
void map_back(mat M, vec t, vec w_tilde, vec w)
{
    for (int i = 0; i < w.n; i++) {
        w.at[i] = t.at[i];
        for (int j = 0; j < w_tilde.n; j++)
            w.at[i] += row(M, i).at[j] * w_tilde.at[j];
    }
}

/* ---- One cost in two systems of coordinates -------------------------------------- */

/* The start is where the gradient is (1/2, sqrt(3)/2) r in the plane of axes 0 and 1,
 * with r between 2 and 4 in size and of either sign, and so in each other such plane:
 * it points at 60 degrees, and no entry is smaller than 1 or larger than 4. */
struct twin build_twin(struct claim *claim, mat M, vec t)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    vec a = geometric_spectrum(arena, N, 1, KAPPA), grad = arena_vec(arena, N);
    vec error = arena_vec(arena, N), from_t = arena_vec(arena, N);
    struct twin x = {.k = solved_quadratic_make(arena, &rng, a),
                     .moved = quadratic_make(arena, N),
                     .M = M,
                     .t = t,
                     .w_0 = arena_vec(arena, N),
                     .w_0_moved = arena_vec(arena, N)};
    for (int i = 0; i < N; i += 2) {
        double r = (2 + 2 * rng_uniform(&rng)) * (rng_below(&rng, 2) == 0 ? 1 : -1);
        grad.at[i] = r / 2;
        grad.at[i + 1] = r * sqrt(3) / 2;
    }
    for (int j = 0; j < N; j++)
        for (int i = 0; i < N; i++)
            error.at[j] += row(x.k.Q, i).at[j] * grad.at[i] / a.at[j];
    from_axes(x.k, error, x.w_0);
    inv_quadratic_rotated((struct rigid){M, t}, x.k.q, arena, &x.moved);
    copy(x.w_0, from_t);
    axpy(-1, t, from_t);
    route_solve(M, from_t, x.w_0_moved);
    return x;
}

struct runner runner_make(struct arena *arena, enum method method, int n,
                          double epsilon)
{
    return (struct runner){method, momentum_make(arena, n, 0.5),
                           adagrad_make(arena, n, epsilon),
                           adam_make(arena, n, 0.9, 0.999, epsilon),
                           arena_vec(arena, n)};
}

void run_step(struct runner *r, struct quadratic q, double alpha, vec w)
{
    quadratic_gradient(q, w, r->grad);
    switch (r->method) {
    case DESCENT:
        gd_update(alpha, r->grad, w);
        break;
    case MOMENTUM:
        momentum_step(&r->momentum, alpha, r->grad, w);
        break;
    case SIGN:
        sign_step(alpha, r->grad, w);
        break;
    case COORDINATE:
        inv_coordinate_sweep(q, w);
        break;
    case ADAGRAD:
        adagrad_step(&r->adagrad, alpha, r->grad, w);
        break;
    case ADAM:
        adam_step(&r->adam, alpha, r->grad, w);
        break;
    }
}

/* The rates at which all are run: 1 / a_max where the rate is one of change.  Where it
 * is a length, it is long enough for signs to change, and else so short that the
 * average of squares in AdaGrad and Adam stays near the first one. */
double rate_of(enum method method)
{
    return method == ADAGRAD || method == ADAM ? 0.01 : method == SIGN ? 0.3 : 1;
}

/* The largest distance, over the start and so many steps, between the run on q and that
 * on x->moved, mapped back.  The second may have a rate of its own. */
double runs_apart(struct claim *claim, const struct twin *x, enum method method,
                  double epsilon, double alpha_moved, int steps)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct runner r = runner_make(arena, method, N, epsilon);
    struct runner r_moved = runner_make(arena, method, N, epsilon);
    vec w = arena_vec(arena, N), w_moved = arena_vec(arena, N);
    vec back = arena_vec(arena, N);
    copy(x->w_0, w);
    copy(x->w_0_moved, w_moved);
    map_back(x->M, x->t, w_moved, back);
    double most = distance(back, w);
    for (int k = 0; k < steps; k++) {
        run_step(&r, x->k.q, rate_of(method), w);
        run_step(&r_moved, x->moved, alpha_moved, w_moved);
        map_back(x->M, x->t, w_moved, back);
        most = worst(most, distance(back, w));
    }
    arena->used = mark;
    return most;
}

double apart_as_usual(struct claim *claim, const struct twin *x, enum method method)
{
    return runs_apart(claim, x, method, 1e-8, rate_of(method), STEPS);
}

/* How much a method may magnify what rounding puts into a run, each disturbance being
 * answered by at most so many times itself.  With alpha <= 2 / a_max descent does not
 * magnify; a sweep does not in the norm of A, which is within sqrt(kappa) of ours.
 * Momentum answers by sums of r_1^i r_2^(k-i), where r_1 r_2 = beta = 1/2 and both are
 * within the unit circle: at most 1 / (1 - sqrt(beta)).  Signs do not answer, unless a
 * gradient is within rounding of 0, which happens once in 1e10 runs.  Adam divides by
 * the root of an average of squares, in which the first, >= 1, weighs at least 0.039;
 * the change of direction with a gradient is, by Cauchy and Schwarz, at most (1 + 1.15)
 * / sqrt(0.039) < 11.  AdaGrad's is at most 1 + sqrt(STEPS) = 6. */
static double magnified(enum method method)
{
    switch (method) {
    case MOMENTUM:
        return 1 / (1 - sqrt(0.5));
    case COORDINATE:
        return sqrt(KAPPA);
    case ADAGRAD:
    case ADAM:
        return pow(1 + 11 * rate_of(method), STEPS);
    default:
        return 1;
    }
}

/* What rounding may put between the two runs: each step, here and there, sums N
 * products of numbers as large as the start, the minimum and the translation. */
double drift_of_rounding(const struct twin *x, enum method method)
{
    double size = norm(x->k.w_star) + norm(x->w_0) + norm(x->t);
    return magnified(method) * rounding(2 * N * STEPS, size);
}

/* Q'(w - t), or as the slide prints it: of the start, whatever w. */
void map_to(const struct twin *x, bool as_printed, vec w, vec w_tilde)
{
    inv_to_rotated((struct rigid){x->M, x->t}, as_printed ? x->w_0 : w, w_tilde);
}

vec plane_spectrum(struct claim *claim, double high, double low)
{
    vec a = arena_vec(claim_arena(claim), 2);
    a.at[0] = high;
    a.at[1] = low;
    return a;
}
