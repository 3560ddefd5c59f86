/* "Not isolated": how many directions of a minimum are flat. */
#include "trained.h"

#include "ground/arblib.h"
#include "ground/route_lapack.h"
#include "ground/worlds.h"

#if __has_include(<flint/fmpz_mat.h>)
#include <flint/fmpz_mat.h>
#else
#include <fmpz_mat.h>
#endif
#include <math.h>
#include <stdlib.h>

/* ---- Over the integers ----------------------------------------------------------- */

/* A network 4-24-1 of ReLU without biases, with integers for weights and examples, so
 * small that doubles are exact too. */
enum { INPUTS = 4, UNITS = 24, EXAMPLES = 8, WEIGHTS = UNITS * (INPUTS + 1) };

static int integer(struct rng *rng, int most)
{
    return rng_below(rng, 2 * most + 1) - most;
}

/* z_j = w_j x. */
static int preactivation(vec w, vec x, int j)
{
    double z = 0;
    for (int k = 0; k < INPUTS; k++)
        z += w.at[j * INPUTS + k] * x.at[k];
    return (int)z;
}

/* No z_j is 0, where ReLU has no slope, and some unit is alive. */
static bool in_a_cell(vec w, vec x)
{
    int alive = 0;
    for (int j = 0; j < UNITS; j++) {
        int z = preactivation(w, x, j);
        if (z == 0)
            return false;
        alive += z > 0;
    }
    return alive > 0;
}

/* Examples from so many that two of the eight are parallel once in 10^7 draws. */
static void draw_integers(struct rng *rng, vec w, mat X)
{
    for (int j = 0; j < WEIGHTS; j++)
        do
            w.at[j] = integer(rng, 9);
        while (w.at[j] == 0);
    for (int i = 0; i < EXAMPLES; i++)
        do
            for (int k = 0; k < INPUTS; k++)
                row(X, i).at[k] = integer(rng, 99);
        while (!in_a_cell(w, row(X, i)));
}

/* The rank, over the rationals, of df/dw, an example in each row: v_j x where unit j is
 * alive, and then relu(z_j).  gap := how far a J of doubles is from it. */
static int exact_rank(vec w, mat X, mat J, double *gap)
{
    fmpz_mat_t exact;
    fmpz_mat_init(exact, EXAMPLES, WEIGHTS);
    *gap = 0;
    for (int i = 0; i < EXAMPLES; i++)
        for (int j = 0; j < UNITS; j++) {
            int z = preactivation(w, row(X, i), j), alive = z > 0;
            int v = (int)w.at[UNITS * INPUTS + j];
            for (int k = 0; k <= INPUTS; k++) {
                int to = k < INPUTS ? j * INPUTS + k : UNITS * INPUTS + j;
                int slope = !alive ? 0 : k < INPUTS ? v * (int)row(X, i).at[k] : z;
                fmpz_set_si(fmpz_mat_entry(exact, i, to), slope);
                *gap = worst(*gap, fabs(row(J, i).at[to] - slope));
            }
        }
    int rank = (int)fmpz_mat_rank(exact);
    fmpz_mat_clear(exact);
    return rank;
}

CLAIM(conn_zeros, PROVED,
      "A fit with independent gradients has P - n directions without curvature")
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = mlp_make(2, (int[]){INPUTS, UNITS, 1}, RELU, STANDARD, false);
    struct mlp_pass pass = mlp_pass_make(arena, &net, EXAMPLES);
    vec w = arena_vec(arena, WEIGHTS);
    mat X = arena_mat(arena, EXAMPLES, INPUTS), J = arena_mat(arena, EXAMPLES, WEIGHTS);
    double gap;
    draw_integers(&rng, w, X);
    mlp_forward(&net, w, X, &pass);
    mlp_jacobian(&net, w, &pass, arena, J);
    int rank = exact_rank(w, X, J, &gap);
    evidence(claim, "J of the network, to the integers", at_most(gap, 0));
    evidence(claim, "rank of J, exactly, below n", at_most(EXAMPLES - rank, 0));
    copy(row(X, 0), row(X, 1));
    mlp_forward(&net, w, X, &pass);
    mlp_jacobian(&net, w, &pass, arena, J);
    rank = exact_rank(w, X, J, &gap);
    control(claim, "an example that is there twice", at_most(EXAMPLES - rank, 0));
}

/* ---- In doubles, and a walk ------------------------------------------------------ */

/* A network 3-10-1 of tanh without biases, with n examples in [-2, 2]^3 that it fits,
 * because their targets are what it says. */
enum { NUMBERS = 40, FITTED = 12, TOO_MANY = 48 };

struct planted {
    struct mlp net;
    struct mlp_cost cost;
    mat X, T, J;
    vec w;
};

static void plant(struct claim *claim, int n, struct planted *p)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    p->net = mlp_make(2, (int[]){3, 10, 1}, TANH, STANDARD, false);
    p->X = arena_mat(arena, n, 3), p->T = arena_mat(arena, n, 1);
    p->J = arena_mat(arena, n, NUMBERS);
    rng_uniforms(&rng, -2, 2, entries(p->X));
    p->w = normal_vec(arena, &rng, NUMBERS);
    p->cost = mlp_cost_make(arena, &p->net, square_loss, p->X, p->T);
    mlp_forward(&p->net, p->w, p->X, &p->cost.pass);
    copy(entries(p->cost.pass.H[2]), entries(p->T));
    mlp_jacobian(&p->net, p->w, &p->cost.pass, arena, p->J);
}

/* How many eigenvalues of H = J'J / n are 0, to rounding. */
static int zeros(struct claim *claim, struct planted *p)
{
    int n = p->X.rows, count = 0;
    mat G = arena_mat(claim_arena(claim), NUMBERS, NUMBERS);
    mat Q = arena_mat(claim_arena(claim), NUMBERS, NUMBERS);
    vec values = arena_vec(claim_arena(claim), NUMBERS);
    gemm(1.0 / n, TRANSPOSED, p->J, AS_IS, p->J, 0, G);
    route_eigen(G, values, Q);
    for (int j = 0; j < NUMBERS; j++)
        count += values.at[j] <= rounding(n, values.at[NUMBERS - 1]);
    return count;
}

/* The distance from its start after 10 steps of length 1/5 on the networks that fit,
 * always on in the direction of the last one; lost := the most that was lost. */
static double walk(struct claim *claim, struct planted *p, double *lost)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    vec w = arena_vec(arena, NUMBERS), d = normal_vec(arena, &rng, NUMBERS);
    vec grad = arena_vec(arena, NUMBERS);
    copy(p->w, w);
    *lost = 0;
    for (int k = 0; k < 10; k++) {
        scale(0.2 / norm(d), d);
        conn_slide(&p->net, p->X, p->T, 3, arena, d, w);
        mlp_cost_gradient(&p->cost, w, grad);
        *lost = worst(*lost, p->cost.value);
    }
    axpy(-1, p->w, w);
    return norm(w);
}

CLAIM(conn_flat, IDENTITY, "At a fit H = J'J / n, and one can walk away without loss")
{
    if (needs_double(claim, "the least of 12 eigenvalues may be below rounding"))
        return;
    struct arena *arena = claim_arena(claim);
    struct planted p;
    plant(claim, FITTED, &p);
    mat H = arena_mat(arena, NUMBERS, NUMBERS);
    /* As in the_saddle_between.c, with |v| < 8.6: no normal number is larger. */
    double h = 0x1p-12, bound = 32 * 64 * 8.6 * 8.6 * 64, lost;
    double limit = h * h * h * h / 30 * bound + rounding(FITTED, 8.6 * 2) / h;
    differentiate_twice(arena, &p.cost, p.w, h, H);
    gemm(-1.0 / FITTED, TRANSPOSED, p.J, AS_IS, p.J, 1, H);
    evidence(claim, "H from differences, to J'J / n",
             at_most(max_norm(entries(H)), limit));
    evidence(claim, "eigenvalues 0, besides 28",
             at_most(abs(zeros(claim, &p) - 28), 0));
    evidence(claim, "distance after a walk", at_least(walk(claim, &p, &lost), 1));
    evidence(claim, "the most lost on it",
             at_most(lost, pow(rounding(10, 10 * 8.6), 2)));

    plant(claim, TOO_MANY, &p);
    control(claim, "48 examples for 40 weights: zeros",
            at_most(abs(zeros(claim, &p) - 28), 0));
    control(claim, "48 examples: distance", at_least(walk(claim, &p, &lost), 1));
}

SECTION(conn_flats, &conn_zeros, &conn_flat);
