/* The contract of connectivity.h: what is moved and what stays, on networks of all
 * depths, and the best of all permutations by trying all of them. */
#include "connectivity.h"
#include "ground/route_lapack.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

/* ---- Networks -------------------------------------------------------------------- */

struct world {
    struct arena arena;
    struct rng rng;
};

static struct world world_make(const char *test)
{
    return (struct world){arena_make(1 << 22), unit_rng(test)};
}

static vec normals(struct world *world, int n)
{
    vec x = arena_vec(&world->arena, n);
    rng_normals(&world->rng, 0, 1, x);
    return x;
}

static mat normal_rows(struct world *world, int rows, int cols)
{
    mat A = arena_mat(&world->arena, rows, cols);
    rng_normals(&world->rng, 0, 1, entries(A));
    return A;
}

static vec same(struct world *world, vec x)
{
    vec y = arena_vec(&world->arena, x.n);
    copy(x, y);
    return y;
}

static struct mlp network(int depth, const int *width, bool biases)
{
    return mlp_make(depth, width, RELU, TANGENT, biases);
}

static void assert_bits(vec x, vec y)
{
    ck_assert_int_eq(x.n, y.n);
    for (int i = 0; i < x.n; i++)
        ck_assert(x.at[i] == y.at[i] || (isnan(x.at[i]) && isnan(y.at[i])));
}

static double distance(vec a, vec b)
{
    double sum = 0;
    for (int i = 0; i < a.n; i++)
        sum = hypot(sum, a.at[i] - b.at[i]);
    return sum;
}

/* ---- What leaves the network as it is -------------------------------------------- */

/* 2-3-1 with biases: W_0 by rows, b_0, W_1, b_1. */
START_TEST(a_permutation_moves_rows_biases_and_columns)
{
    struct world world = world_make("connectivity/permute");
    struct arena arena = world.arena;
    struct mlp net = network(2, (int[]){2, 3, 1}, true);
    vec w = VEC(1, 2, 3, 4, 5, 6, 10, 20, 30, 100, 200, 300, 7);
    size_t used = arena.used;
    conn_permute(&net, 1, (int[]){2, 0, 1}, &arena, w);
    ck_assert_uint_eq(arena.used, used);
    assert_bits(w, VEC(5, 6, 1, 2, 3, 4, 30, 10, 20, 300, 100, 200, 7));
    net = network(2, (int[]){2, 3, 2}, false);
    w = VEC(1, 2, 3, 4, 5, 6, 100, 200, 300, -1, -2, NAN);
    conn_permute(&net, 1, (int[]){2, 0, 1}, &arena, w);
    assert_bits(w, VEC(5, 6, 1, 2, 3, 4, 300, 100, 200, NAN, -1, -2));
    net = network(2, (int[]){1, 1, 1}, true);
    w = VEC(1, 2, 3, 4);
    conn_permute(&net, 1, (int[]){0}, &arena, w);
    assert_bits(w, VEC(1, 2, 3, 4));
    arena_free(&world.arena);
}
END_TEST

/* Each hidden layer of a deep network, there and back, touches its own weights alone.
 */
START_TEST(a_permutation_and_its_inverse)
{
    struct world world = world_make("connectivity/inverse");
    struct mlp net = network(4, (int[]){3, 9, 70, 5, 2}, true);
    for (int l = 1; l <= 3; l++) {
        vec w = normals(&world, mlp_parameters(&net)), old = same(&world, w);
        int order[70], back[70], first = 1 + rng_below(&world.rng, net.width[l] - 1);
        for (int j = 0; j < net.width[l]; j++)
            order[j] = (first + j) % net.width[l], back[order[j]] = j;
        conn_permute(&net, l, order, &world.arena, w);
        ck_assert_double_gt(distance(w, old), 0);
        for (int k = 0; k < 4; k++)
            if (k != l && k != l - 1)
                assert_bits(entries(mlp_weights(&net, w, k)),
                            entries(mlp_weights(&net, old, k)));
        assert_bits(mlp_biases(&net, w, l), mlp_biases(&net, old, l));
        conn_permute(&net, l, back, &world.arena, w);
        assert_bits(w, old);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(a_unit_is_rescaled_alone)
{
    struct world world = world_make("connectivity/rescale");
    struct arena arena = world.arena;
    struct mlp net = network(2, (int[]){2, 2, 2}, true);
    vec w = VEC(1, 2, 3, 4, 5, 6, 8, 16, 32, 64, 7, 9);
    conn_rescale(&net, 1, 1, 4, w);
    assert_bits(w, VEC(1, 2, 12, 16, 5, 24, 8, 4, 32, 16, 7, 9));
    net = network(3, (int[]){1, 1, 2, 1}, false);
    w = VEC(3, 1, 2, 5, 6);
    conn_rescale(&net, 2, 0, 0x1p-20, w);
    assert_bits(w, VEC(3, 0x1p-20, 2, 5 * 0x1p20, 6));
    net = network(2, (int[]){1, 2, 70}, false); /* more than a block that it goes to */
    w = normals(&world, 142);
    vec old = same(&world, w);
    conn_rescale(&net, 1, 1, 4, w);
    for (int k = 0; k < 142; k++)
        ck_assert(w.at[k] == old.at[k] * (k == 1 ? 4 : k < 2 || k % 2 == 0 ? 1 : 0.25));
    copy(old, w);
    conn_drop(&net, 1, (bool[]){false, true}, w);
    for (int k = 2; k < 142; k++)
        ck_assert(w.at[k] == old.at[k] * (k % 2 ? 2 : 0));
    arena_free(&world.arena);
}
END_TEST

/* J d = 0, twice is as once, and without corrections w moves by d. */
START_TEST(a_step_along_the_fits_has_no_first_order)
{
    struct world world = world_make("connectivity/slide");
    static const int examples[] = {1, 2, 5};
    double limit = 1e6 * REAL_EPSILON; /* condition below 1e5 */
    for (int k = 0; k < 3; k++) {
        int n = examples[k];
        struct mlp net = mlp_make(3, (int[]){2, 4, 3, 2}, TANH, STANDARD, k != 1);
        int P = mlp_parameters(&net);
        mat X = normal_rows(&world, n, 2), T = arena_mat(&world.arena, n, 2);
        mat J = arena_mat(&world.arena, 2 * n, P);
        vec w = normals(&world, P), old = same(&world, w), d = normals(&world, P);
        vec Jd = arena_vec(&world.arena, 2 * n), wanted = same(&world, d);
        struct mlp_pass pass = mlp_pass_make(&world.arena, &net, n);
        mlp_forward(&net, w, X, &pass);
        copy(entries(pass.H[3]), entries(T));
        mlp_jacobian(&net, w, &pass, &world.arena, J);
        size_t used = world.arena.used;
        ck_assert_int_eq(conn_slide(&net, X, T, 0, &world.arena, d, w), FACTOR_OK);
        ck_assert_uint_eq(world.arena.used, used);
        gemv(1, J, d, 0, Jd);
        ck_assert_double_le(max_norm(Jd), limit);
        axpy(1, d, old);
        assert_bits(w, old);
        axpy(-1, d, wanted); /* what was taken is a combination of rows of J */
        vec least = arena_vec(&world.arena, 2 * n), rest = same(&world, wanted);
        mat Jt = arena_mat(&world.arena, P, 2 * n);
        transpose(J, Jt);
        route_min_norm(Jt, wanted, least);
        gemv(-1, Jt, least, 1, rest);
        ck_assert_double_le(max_norm(rest), limit);
        ck_assert_double_ge(norm(wanted), 1e-3);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(corrections_lead_back_to_the_fits)
{
    struct world world = world_make("connectivity/corrections");
    struct mlp net = mlp_make(2, (int[]){2, 9, 1}, TANH, STANDARD, true);
    int P = mlp_parameters(&net);
    mat X = normal_rows(&world, 3, 2), T = arena_mat(&world.arena, 3, 1);
    struct mlp_cost cost = mlp_cost_make(&world.arena, &net, square_loss, X, T);
    vec w = normals(&world, P), start = same(&world, w), d = normals(&world, P);
    vec grad = arena_vec(&world.arena, P);
    double lost[5];
    mlp_forward(&net, w, X, &cost.pass);
    copy(entries(cost.pass.H[2]), entries(T));
    scale(0.1 / norm(d), d);
    for (int k = 0; k < 5; k++) {
        copy(start, w);
        ck_assert_int_eq(conn_slide(&net, X, T, k, &world.arena, d, w), FACTOR_OK);
        mlp_cost_gradient(&cost, w, grad);
        lost[k] = cost.value;
    }
    double rest = rounded(rounded(1e-26)); /* a square */
    ck_assert(lost[0] > 1e-12 && lost[1] < lost[0] / 10 && lost[4] < rest);
    w.at[0] = NAN;
    ck_assert_int_eq(conn_slide(&net, X, T, 1, &world.arena, d, w),
                     FACTOR_NO_CONVERGENCE);
    copy(start, w);
    d.at[0] = NAN;
    conn_slide(&net, X, T, 0, &world.arena, d, w);
    ck_assert(isnan(w.at[0]));
    arena_free(&world.arena);
}
END_TEST

/* c may be so small that 1 / c is infinite, and the quotients are exact. */
START_TEST(a_unit_is_rescaled_by_any_number)
{
    struct world world = world_make("connectivity/far");
    struct mlp net = network(4, (int[]){1, 1, 2, 2, 1}, true);
    int small = IS_DOUBLE ? -300 : -40;
    int smaller = IS_DOUBLE ? -1060 : -140;
    for (int l = 1; l <= 3; l++) {
        vec w = normals(&world, mlp_parameters(&net)), old = same(&world, w);
        mat out = mlp_weights(&net, w, l);
        scale(ldexp(1, small), entries(out));
        conn_rescale(&net, l, 0, ldexp(1, smaller), w);
        for (int k = 0; k < out.rows; k++)
            ck_assert_double_eq(row(out, k).at[0],
                                ldexp(row(mlp_weights(&net, old, l), k).at[0],
                                      small - smaller));
        real bias = ldexp(mlp_biases(&net, old, l - 1).at[0], smaller);
        ck_assert_double_eq(mlp_biases(&net, w, l - 1).at[0], bias);
    }
    arena_free(&world.arena);
}
END_TEST

/* Corrections from where the last one ended: so many at once are one after the other,
 * each a slide along d = 0. */
START_TEST(corrections_follow_each_other)
{
    struct world world = world_make("connectivity/one_by_one");
    struct mlp net = mlp_make(2, (int[]){2, 9, 2}, TANH, STANDARD, true);
    int P = mlp_parameters(&net);
    mat X = normal_rows(&world, 3, 2), T = normal_rows(&world, 3, 2);
    vec start = normals(&world, P), d = normals(&world, P);
    vec all = same(&world, start), one = same(&world, start);
    vec zero = arena_vec(&world.arena, P), along = same(&world, d);
    scale(0.01, d);
    ck_assert_int_eq(conn_slide(&net, X, T, 0, &world.arena, same(&world, d), one),
                     FACTOR_OK);
    for (int k = 1; k <= 9; k++) {
        copy(start, all), copy(d, along);
        ck_assert_int_eq(conn_slide(&net, X, T, k, &world.arena, along, all),
                         FACTOR_OK);
        conn_slide(&net, X, T, 1, &world.arena, zero, one);
        assert_bits(all, one);
    }
    arena_free(&world.arena);
}
END_TEST

/* Where the singular values fail, at first or after a step that went too far, the
 * status says so, w is where they failed, and the scratch is back. */
START_TEST(a_slide_that_fails_says_so)
{
    struct world world = world_make("connectivity/fails");
    struct mlp net = mlp_make(3, (int[]){2, 5, 4, 1}, LINEAR, STANDARD, true);
    mat X = normal_rows(&world, 2, 2), T = normal_rows(&world, 2, 1);
    vec w = normals(&world, mlp_parameters(&net)), d = normals(&world, w.n);
    vec old = same(&world, w);
    scale(1e200, d); /* derivatives of 1e400 by the first weights */
    size_t used = world.arena.used;
    ck_assert_int_eq(conn_slide(&net, X, T, 1, &world.arena, d, w),
                     FACTOR_NO_CONVERGENCE);
    ck_assert_uint_eq(world.arena.used, used);
    axpy(1, d, old);
    assert_bits(w, old);
    fill(1, d);
    ck_assert_int_eq(conn_slide(&net, X, T, 1, &world.arena, d, w),
                     FACTOR_NO_CONVERGENCE);
    ck_assert_uint_eq(world.arena.used, used);
    assert_bits(w, old);
    ck_assert(d.at[0] == 1 && d.at[w.n - 1] == 1);
    arena_free(&world.arena);
}
END_TEST

/* ---- Ways from one network to another -------------------------------------------- */

START_TEST(lines_and_curves_are_their_formulas)
{
    struct arena arena = arena_make(1 << 16);
    double far = IS_DOUBLE ? 0x1p530 : 0x1p100; /* no square */
    vec a = VEC(1, -8, far), m = VEC(3, 0, 0), b = VEC(5, 8, -far);
    vec w = VEC(NAN, NAN, NAN);
    conn_line(a, b, 0.25, w);
    assert_bits(w, VEC(2, -4, far / 2));
    conn_line(a, b, 0, w);
    assert_bits(w, a);
    conn_line(a, b, 1, w);
    assert_bits(w, b);
    fill(NAN, w);
    conn_bezier(a, m, b, 0.25, w);
    assert_bits(w, VEC(1 * 0.5625 + 3 * 0.375 + 5 * 0.0625, -8 * 0.5625 + 8 * 0.0625,
                       far * 0.5625 - far * 0.0625));
    conn_bezier(a, m, b, 0, w);
    assert_bits(w, a);
    conn_bezier(a, m, b, 1, w);
    assert_bits(w, b);
    m.at[1] = NAN;
    conn_bezier(a, m, b, 0.5, w);
    ck_assert(isnan(w.at[1]) && !isnan(w.at[0]));
    conn_line(m, b, 0.5, w);
    ck_assert(isnan(w.at[1]) && !isnan(w.at[0]));
    arena_free(&arena);
}
END_TEST

START_TEST(a_polyline_meets_its_corners)
{
    real at[] = {0, 0, 4, 0, 4, 8};
    mat corners = {3, 2, at};
    struct arena arena = arena_make(1 << 16);
    vec w = VEC(NAN, NAN);
    for (int k = 0; k < 3; k++) {
        conn_polyline(corners, k, w);
        assert_bits(w, row(corners, k));
    }
    conn_polyline(corners, 0.5, w);
    assert_bits(w, VEC(2, 0));
    conn_polyline(corners, 1.25, w);
    assert_bits(w, VEC(4, 2));
    conn_polyline(row_block(corners, 1, 2), 0.75, w);
    assert_bits(w, VEC(4, 6));
    arena_free(&arena);
}
END_TEST

static void squares(void *cost, vec w, vec grad) /* of sum w^3 / 3 */
{
    (*(int *)cost)++;
    for (int i = 0; i < w.n; i++)
        grad.at[i] = w.at[i] * w.at[i];
}

START_TEST(a_curve_is_bent_by_the_gradient_at_a_drawn_point)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("connectivity/bend"), twin = rng;
    int calls = 0;
    vec a = VEC(1, 2), b = VEC(-3, 5), m = VEC(7, -1), grad = VEC(NAN, NAN);
    struct conn_bend bend = conn_bend_make(&arena, squares, &calls, a, b, rng);
    for (int k = 1; k <= 100; k++) {
        conn_bend_gradient(&bend, m, grad);
        long double t = rng_uniform(&twin);
        ck_assert_int_eq(calls, k);
        for (int i = 0; i < 2; i++) {
            long double w = (1 - t) * (1 - t) * a.at[i] + 2 * t * (1 - t) * m.at[i] +
                            t * t * b.at[i];
            assert_near(grad.at[i], 2 * t * (1 - t) * w * w, 1e-13);
        }
    }
    ck_assert(m.at[0] == 7 && a.at[0] == 1 && b.at[0] == -3);
    arena_free(&arena);
}
END_TEST

/* ---- Which unit is which --------------------------------------------------------- */

static double total(mat C, const int *match)
{
    double sum = 0;
    for (int j = 0; j < C.rows; j++)
        sum += row(C, j).at[match[j]];
    return sum;
}

/* The least total of all permutations that begin as match does, up to `fixed`. */
static double least_total(mat C, int *match, int fixed)
{
    double least = INFINITY;
    if (fixed == C.rows)
        return total(C, match);
    for (int k = fixed; k < C.rows; k++) {
        int here = match[fixed], there = match[k];
        match[fixed] = there, match[k] = here;
        least = fmin(least, least_total(C, match, fixed + 1));
        match[fixed] = here, match[k] = there;
    }
    return least;
}

static void assert_permutation(int n, const int *match)
{
    int seen[256] = {0};
    for (int j = 0; j < n; j++) {
        ck_assert(match[j] >= 0 && match[j] < n);
        ck_assert_int_eq(seen[match[j]]++, 0);
    }
}

/* Small integers, so that there are many ties, and sums are exact. */
START_TEST(an_assignment_is_the_best_of_all)
{
    struct world world = world_make("connectivity/assign");
    for (int trial = 0; trial < 400; trial++) {
        int n = trial % 7, match[7], all[7] = {0, 1, 2, 3, 4, 5, 6};
        size_t mark = world.arena.used;
        mat C = arena_mat(&world.arena, n, n);
        double far = IS_DOUBLE ? 0x1p530 : 0x1p100;
        double unit = (double[]){1, far, 1 / far, 16 * REAL_TRUE_MIN}[trial / 7 % 4];
        for (int i = 0; i < n * n; i++)
            C.at[i] = (rng_below(&world.rng, trial % 3 ? 9 : 3) - 4) * unit;
        size_t used = world.arena.used;
        ck_assert(conn_assign(C, &world.arena, match));
        ck_assert_uint_eq(world.arena.used, used);
        assert_permutation(n, match);
        ck_assert_double_eq(total(C, match), least_total(C, all, 0));
        world.arena.used = mark;
    }
    arena_free(&world.arena);
}
END_TEST

/* C_jk = u_j + v_k, and 1 more but for a permutation, which is the best then. */
START_TEST(a_planted_assignment_is_found)
{
    struct world world = world_make("connectivity/planted");
    static const int sizes[] = {1, 2, 65, 130};
    for (int i = 0; i < 4; i++) {
        int n = sizes[i], order[130], match[130];
        mat C = arena_mat(&world.arena, n, n);
        vec u = normals(&world, n), v = normals(&world, n);
        rng_permutation(&world.rng, n, order);
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
                row(C, j).at[k] = u.at[j] + v.at[k] + (order[j] == k ? 0 : 1);
        ck_assert(conn_assign(C, &world.arena, match));
        for (int j = 0; j < n; j++)
            ck_assert_int_eq(match[j], order[j]);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(what_is_not_finite_is_not_assigned)
{
    struct world world = world_make("connectivity/finite");
    const double bad[] = {NAN, INFINITY, -INFINITY, REAL_MAX, REAL_MAX / 5};
    for (int i = 0; i < 5; i++)
        for (int at = 0; at < 9; at++) {
            real c[9] = {5, 1, 5, 1, 5, 5, 5, 5, 1};
            int match[3] = {-1, -1, -1};
            c[at] = bad[i];
            ck_assert(!conn_assign((mat){3, 3, c}, &world.arena, match));
            ck_assert(match[0] == 0 && match[1] == 1 && match[2] == 2);
        }
    int match[3];
    real c[9] = {5, 1, 5, 1, 5, 5, 5, REAL_MAX / 7, 1};
    ck_assert(conn_assign((mat){3, 3, c}, &world.arena, match));
    ck_assert(match[0] == 1 && match[1] == 0 && match[2] == 2);
    arena_free(&world.arena);
}
END_TEST

/* With one hidden layer the nearest of all orders, b being a network as it was. */
START_TEST(matching_finds_the_nearest_order)
{
    struct world world = world_make("connectivity/match");
    for (int n = 1; n <= 5; n++)
        for (int biases = 0; biases < 2; biases++) {
            struct mlp net = network(2, (int[]){2, n, 3}, biases);
            vec a = normals(&world, mlp_parameters(&net)), b = normals(&world, a.n);
            mat D = arena_mat(&world.arena, n, n);
            int all[5] = {0, 1, 2, 3, 4};
            for (int j = 0; j < n; j++)
                for (int k = 0; k < n; k++) {
                    double sum = 0;
                    for (int i = 0; i < 2; i++)
                        sum += row(mlp_weights(&net, a, 0), j).at[i] *
                               row(mlp_weights(&net, b, 0), k).at[i];
                    for (int i = 0; i < 3; i++)
                        sum += row(mlp_weights(&net, a, 1), i).at[j] *
                               row(mlp_weights(&net, b, 1), i).at[k];
                    if (biases)
                        sum +=
                            mlp_biases(&net, a, 0).at[j] * mlp_biases(&net, b, 0).at[k];
                    row(D, j).at[k] = -2 * sum;
                }
            double squares_of_bias = 0;
            for (int i = 0; i < (biases ? 3 : 0); i++)
                squares_of_bias -=
                    2 * mlp_biases(&net, a, 1).at[i] * mlp_biases(&net, b, 1).at[i];
            double least =
                sqrt(dot(a, a) + dot(b, b) + squares_of_bias + least_total(D, all, 0));
            size_t used = world.arena.used;
            conn_match(&net, a, 1, &world.arena, b);
            ck_assert_uint_eq(world.arena.used, used);
            assert_near(distance(a, b), least, 1e-12);
            ck_assert(conn_match(&net, a, 1, &world.arena, b));
        }
    arena_free(&world.arena);
}
END_TEST

/* Of a deep network no sweep leads away, and the end of sweeps is told. */
START_TEST(matching_never_leads_away)
{
    struct world world = world_make("connectivity/sweeps");
    struct mlp net = network(4, (int[]){3, 8, 9, 7, 2}, true);
    for (int trial = 0; trial < 10; trial++) {
        vec a = normals(&world, mlp_parameters(&net)), b = normals(&world, a.n);
        double far = distance(a, b);
        ck_assert(!conn_match(&net, a, 1, &world.arena, b));
        ck_assert_double_lt(distance(a, b), far);
        for (int sweep = 0; sweep < 20; sweep++) {
            far = distance(a, b);
            conn_match(&net, a, 1, &world.arena, b);
            ck_assert_double_le(distance(a, b), far * (1 + 1e-12));
        }
        vec settled = same(&world, b);
        ck_assert(conn_match(&net, a, 50, &world.arena, b));
        assert_bits(settled, b);
        settled.at[0] = NAN;
        copy(settled, b);
        ck_assert(!conn_match(&net, a, 3, &world.arena, b));
        assert_bits(settled, b);
    }
    arena_free(&world.arena);
}
END_TEST

/* A layer that finds its order after the next one has: one sweep is not enough.  Two
 * hundred weights that go out tell the units of the second layer apart whatever the
 * first one's order is: with their biases, two units exchanged cost 4 (201) = 804, give
 * or take 80, and luck among the 20 weights that come in wins back 0, give or take 25.
 */
START_TEST(sweeps_go_on_until_nothing_moves)
{
    struct world world = world_make("connectivity/copies");
    struct mlp net = network(3, (int[]){6, 20, 21, 200}, true);
    vec a = normals(&world, mlp_parameters(&net)), b = same(&world, a);
    int order[21];
    for (int l = 1; l <= 2; l++) {
        rng_permutation(&world.rng, net.width[l], order);
        conn_permute(&net, l, order, &world.arena, b);
    }
    ck_assert(conn_match(&net, a, 9, &world.arena, b));
    assert_bits(a, b);
    arena_free(&world.arena);
}
END_TEST

/* The last hidden layer is matched last, so that after any one sweep no two of its
 * units do better in each other's places: also where the layers before it moved. */
START_TEST(a_sweep_goes_through_all_layers)
{
    struct world world = world_make("connectivity/all_layers");
    struct mlp net = network(4, (int[]){3, 6, 7, 5, 2}, true);
    for (int trial = 0; trial < 10; trial++) {
        vec a = normals(&world, mlp_parameters(&net)), b = normals(&world, a.n);
        ck_assert(!conn_match(&net, a, 1, &world.arena, b));
        double near = distance(a, b);
        for (int j = 0; j < 5; j++)
            for (int k = 0; k < j; k++) {
                int order[] = {0, 1, 2, 3, 4};
                vec other = same(&world, b);
                order[j] = k, order[k] = j;
                conn_permute(&net, 3, order, &world.arena, other);
                ck_assert_double_ge(distance(a, other), near * (1 - 1e-12));
            }
    }
    arena_free(&world.arena);
}
END_TEST

/* ---- Networks of which half is dropped ------------------------------------------- */

START_TEST(dropping_scales_what_is_kept)
{
    struct arena arena = arena_make(1 << 16);
    struct mlp net = network(2, (int[]){1, 4, 2}, true);
    vec w = VEC(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
    conn_drop(&net, 1, (bool[]){false, true, true, false}, w);
    assert_bits(w, VEC(1, 2, 3, 4, 5, 6, 7, 8, 0, 20, 22, 0, 0, 28, 30, 0, 17, 18));
    net = network(3, (int[]){1, 1, 3, 1}, false);
    w = VEC(1, 2, 3, 4, 5, NAN, 7);
    conn_drop(&net, 2, (bool[]){true, false, true}, w);
    assert_bits(w, VEC(1, 2, 3, 4, 1.5 * 5, 0, 1.5 * 7));
    conn_drop(&net, 2, (bool[]){true, true, true}, w);
    assert_bits(w, VEC(1, 2, 3, 4, 1.5 * 5, 0, 1.5 * 7));
    conn_drop(&net, 1, (bool[]){true}, w);
    assert_bits(w, VEC(1, 2, 3, 4, 1.5 * 5, 0, 1.5 * 7));
    arena_free(&arena);
}
END_TEST

/* The output weights of least norm, against LAPACK's. */
static void check_refit(struct world *world, int n, int width, bool biases)
{
    struct mlp net = mlp_make(3, (int[]){3, 4, width, 2}, TANH, MEAN_FIELD, biases);
    mat X = normal_rows(world, n, 3), T = normal_rows(world, n, 2);
    vec w = normals(world, mlp_parameters(&net)), old = same(world, w);
    struct mlp_pass pass = mlp_pass_make(&world->arena, &net, n);
    bool kept[80];
    int units = 0;
    for (int j = 0; j < width; j++)
        units += kept[j] = j % 2 == 0;
    struct unit_watch read = WATCH(&world->arena, entries(X), entries(T));
    size_t used = world->arena.used;
    fill(NAN, entries(mlp_weights(&net, w, 2)));
    fill(NAN, mlp_biases(&net, w, 2));
    ck_assert_int_eq(conn_refit(&net, X, T, kept, &world->arena, w), FACTOR_OK);
    ck_assert_uint_eq(world->arena.used, used);
    assert_unchanged(&read);
    for (int l = 0; l < 2; l++)
        assert_bits(entries(mlp_weights(&net, w, l)),
                    entries(mlp_weights(&net, old, l)));
    mlp_forward(&net, w, X, &pass);
    mat Phi = arena_mat(&world->arena, n, units + biases);
    for (int i = 0; i < n; i++) {
        fill(1, row(Phi, i));
        for (int j = 0; j < width; j += 2)
            row(Phi, i).at[j / 2] = row(pass.H[2], i).at[j] / width;
    }
    vec t = arena_vec(&world->arena, n), least = arena_vec(&world->arena, Phi.cols);
    vec s = arena_vec(&world->arena, n < Phi.cols ? n : Phi.cols);
    route_singular(Phi, s);
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < n; i++)
            t.at[i] = row(T, i).at[k];
        route_min_norm(Phi, t, least);
        /* Phi^+ is 1 / s long, and off by as much times the condition. */
        double inverse = 1 / s.at[s.n - 1];
        double off = 30 * (n + Phi.cols) * REAL_EPSILON * s.at[0] * inverse;
        double limit = off * inverse * norm(t);
        for (int j = 0; j < width; j++)
            assert_near(row(mlp_weights(&net, w, 2), k).at[j],
                        kept[j] ? least.at[j / 2] : 0, kept[j] ? limit : 0);
        if (biases)
            assert_near(mlp_biases(&net, w, 2).at[k], least.at[units], limit);
    }
}

START_TEST(a_refit_is_the_least_that_fits_best)
{
    struct world world = world_make("connectivity/refit");
    check_refit(&world, 1, 1, false);
    check_refit(&world, 1, 2, true);
    check_refit(&world, 3, 20, true);
    check_refit(&world, 9, 5, false);
    check_refit(&world, 9, 5, true);
    check_refit(&world, 70, 3, true);
    arena_free(&world.arena);
}
END_TEST

START_TEST(a_refit_that_cannot_be_leaves_the_network)
{
    struct world world = world_make("connectivity/no_refit");
    struct mlp net = network(2, (int[]){2, 4, 1}, true);
    vec w = normals(&world, mlp_parameters(&net));
    mat X = normal_rows(&world, 3, 2), T = normal_rows(&world, 3, 1);
    bool kept[] = {true, true, true, false};
    X.at[0] = INFINITY;
    w.at[0] = 1, w.at[8] = 1; /* the first unit's first weight and bias: alive */
    vec old = same(&world, w);
    ck_assert_int_eq(conn_refit(&net, X, T, kept, &world.arena, w),
                     FACTOR_NO_CONVERGENCE);
    assert_bits(w, old);
    X.at[0] = 1, T.at[1] = NAN;
    conn_refit(&net, X, T, kept, &world.arena, w);
    ck_assert(isnan(mlp_weights(&net, w, 1).at[0]) &&
              mlp_weights(&net, w, 1).at[3] == 0);
    arena_free(&world.arena);
}
END_TEST

/* 1-2-1 with biases, the second unit kept: W_0, b_0, W_1, b_1. */
START_TEST(corners_mix_layers_and_units)
{
    struct arena arena = arena_make(1 << 16);
    struct mlp net = network(2, (int[]){1, 2, 1}, true);
    vec a = VEC(1, 2, 3, 4, 5, 6, 7), a_half = VEC(1, 2, 3, 4, 0, 12, 8);
    vec b = VEC(-1, -2, -3, -4, -5, -6, -7), b_half = VEC(-1, -2, -3, -4, -10, 0, -8);
    mat corners = arena_mat(&arena, 6, 7);
    fill(NAN, entries(corners));
    conn_corners(&net, a, a_half, b_half, b, (bool[]){false, true}, corners);
    assert_bits(row(corners, 0), a);
    assert_bits(row(corners, 1), a_half);
    assert_bits(row(corners, 2), VEC(-1, 2, -3, 4, 0, 12, 8));
    assert_bits(row(corners, 3), VEC(-1, 2, -3, 4, -10, 0, -8));
    assert_bits(row(corners, 4), b_half);
    assert_bits(row(corners, 5), b);
    net = network(2, (int[]){1, 2, 1}, false);
    corners = arena_mat(&arena, 6, 4);
    conn_corners(&net, VEC(1, 2, 5, 6), VEC(1, 2, 0, 12), VEC(-1, -2, -10, 0),
                 VEC(-1, -2, -5, -6), (bool[]){false, true}, corners);
    assert_bits(row(corners, 2), VEC(-1, 2, 0, 12));
    assert_bits(row(corners, 3), VEC(-1, 2, -10, 0));
    arena_free(&arena);
}
END_TEST

START_TEST(a_layer_is_put_back_with_its_biases)
{
    struct arena arena = arena_make(1 << 16);
    struct mlp net = network(2, (int[]){1, 2, 1}, true);
    vec w = VEC(1, 2, 3, 4, 5, 6, 7), from = VEC(-1, -2, -3, -4, -5, NAN, -7);
    conn_reset(&net, 1, from, w);
    assert_bits(w, VEC(1, 2, 3, 4, -5, NAN, -7));
    conn_reset(&net, 0, from, w);
    assert_bits(w, from);
    net = network(2, (int[]){1, 2, 1}, false);
    w = VEC(1, 2, 5, 6);
    conn_reset(&net, 0, VEC(-1, -2, -5, -6), w);
    assert_bits(w, VEC(-1, -2, 5, 6));
    arena_free(&arena);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(units_that_are_not_there_stop)
{
    struct world world = world_make("connectivity/units");
    struct arena *arena = &world.arena;
    struct mlp net = network(2, (int[]){1, 2, 1}, true);
    vec w = normals(&world, 7);
    int order[2] = {0, 1};
    ck_assert_stops("layer 0 of a network of depth 2 is not hidden",
                    conn_permute(&net, 0, order, arena, w));
    ck_assert_stops("layer 2 of a network of depth 2 is not hidden",
                    conn_permute(&net, 2, order, arena, w));
    ck_assert_stops("there is no unit 2 of 2",
                    conn_permute(&net, 1, (int[]){0, 2}, arena, w));
    ck_assert_stops("there is no unit -1 of 2",
                    conn_permute(&net, 1, (int[]){-1, 0}, arena, w));
    ck_assert_stops("unit 1 has two places",
                    conn_permute(&net, 1, (int[]){1, 1}, arena, w));
    ck_assert_stops("is not hidden", conn_rescale(&net, 2, 0, 2, w));
    ck_assert_stops("conn_rescale: there is no unit 2 of 2",
                    conn_rescale(&net, 1, 2, 2, w));
    ck_assert_stops("conn_rescale: there is no unit -1 of 2",
                    conn_rescale(&net, 1, -1, 2, w));
    ck_assert_stops("c must be finite and positive, got 0",
                    conn_rescale(&net, 1, 0, 0, w));
    ck_assert_stops("c must be finite and positive, got nan",
                    conn_rescale(&net, 1, 0, NAN, w));
    ck_assert_stops("c must be finite and positive, got inf",
                    conn_rescale(&net, 1, 0, INFINITY, w));
    ck_assert_stops("is not hidden", conn_drop(&net, 0, (bool[]){true, true}, w));
    ck_assert_stops("of 2 units none is kept",
                    conn_drop(&net, 1, (bool[]){false, false}, w));
    arena_free(&world.arena);
}
END_TEST

START_TEST(ways_that_do_not_fit_stop)
{
    struct world world = world_make("connectivity/ways");
    struct arena arena = world.arena;
    struct mlp net = network(2, (int[]){1, 2, 1}, true),
               line = network(1, (int[]){1, 1}, 1);
    struct mlp deep = network(3, (int[]){1, 1, 1, 1}, true);
    vec w = normals(&world, 7), six = normals(&world, 6);
    mat corners = arena_mat(&arena, 6, 7), X = arena_mat(&arena, 2, 1);
    bool kept[] = {true, false};
    ck_assert_stops("a polyline has two corners, got 1",
                    conn_polyline(row_block(corners, 0, 1), 0, w));
    ck_assert_stops("t must be in [0, 5], got 5.1", conn_polyline(corners, 5.1, w));
    ck_assert_stops("t must be in [0, 5], got -0.1", conn_polyline(corners, -0.1, w));
    ck_assert_stops("t must be in [0, 5], got nan", conn_polyline(corners, NAN, w));
    ck_assert_stops("a has 7 entries, b has 6",
                    conn_bend_make(&arena, squares, NULL, w, six, world.rng));
    ck_assert_stops("C must be 2 x 2, got 2 x 1", conn_assign(X, &arena, NULL));
    ck_assert_stops("sweeps must be positive, got 0",
                    conn_match(&net, w, 0, &arena, w));
    ck_assert_stops("is not hidden",
                    conn_refit(&line, X, X, kept, &arena, part(w, 0, 2)));
    ck_assert_stops("T must be 2 x 1, got 1 x 1",
                    conn_refit(&net, X, row_block(X, 0, 1), kept, &arena, w));
    ck_assert_stops("of 2 units none is kept",
                    conn_refit(&net, X, X, (bool[]){false, false}, &arena, w));
    ck_assert_stops("one hidden layer is meant, the depth is 3",
                    conn_corners(&deep, six, six, six, six, kept, corners));
    ck_assert_stops("corners must be 6 x 7, got 5 x 7",
                    conn_corners(&net, w, w, w, w, kept, row_block(corners, 0, 5)));
    ck_assert_stops("T must be 2 x 1, got 1 x 1",
                    conn_slide(&net, X, row_block(X, 0, 1), 1, &arena, w, w));
    ck_assert_stops("d has 6 entries, w has 7",
                    conn_slide(&net, X, X, 1, &arena, six, w));
    ck_assert_stops("corrections must not be negative, got -1",
                    conn_slide(&net, X, X, -1, &arena, w, w));
    arena_free(&world.arena);
}
END_TEST

/* Ends, middles, corners and examples are as they were, whatever is made of them. */
START_TEST(what_is_read_stays)
{
    struct world world = world_make("connectivity/read");
    struct mlp net = mlp_make(2, (int[]){2, 3, 2}, TANH, STANDARD, true);
    int P = mlp_parameters(&net), cost = 0, match[3];
    vec a = normals(&world, P), b = normals(&world, P), m = normals(&world, P);
    vec w = normals(&world, P), d = normals(&world, P), half = normals(&world, P);
    mat X = normal_rows(&world, 2, 2), T = normal_rows(&world, 2, 2);
    mat corners = normal_rows(&world, 6, P), C = normal_rows(&world, 3, 3);
    struct unit_watch read = WATCH(&world.arena, a, b, m, half, entries(X), entries(T),
                                   entries(C), entries(row_block(corners, 0, 2)));
    struct conn_bend bend =
        conn_bend_make(&world.arena, squares, &cost, a, b, world.rng);
    conn_slide(&net, X, T, 2, &world.arena, d, w);
    conn_line(a, b, 0.3, w), conn_bezier(a, m, b, 0.3, w);
    conn_polyline(corners, 0.3, w);
    conn_bend_gradient(&bend, m, w);
    conn_assign(C, &world.arena, match);
    conn_reset(&net, 0, a, w), conn_reset(&net, 1, a, w);
    conn_match(&net, a, 3, &world.arena, w);
    assert_unchanged(&read);
    conn_corners(&net, a, half, m, b, (bool[]){true, false, true}, corners);
    read.count = 6; /* corners are made now */
    assert_unchanged(&read);
    arena_free(&world.arena);
}
END_TEST

/* Of a hundred units, of which the last ones are kept; and of the only unit there is.
 */
START_TEST(drops_and_corners_of_one_unit_and_of_a_hundred)
{
    struct world world = world_make("connectivity/hundred");
    struct mlp net = network(2, (int[]){1, 100, 2}, false);
    vec w = normals(&world, mlp_parameters(&net)), old = same(&world, w);
    bool kept[100];
    for (int j = 0; j < 100; j++)
        kept[j] = j >= 80;
    conn_drop(&net, 1, kept, w);
    for (int k = 0; k < 200; k++)
        ck_assert_double_eq(w.at[100 + k], kept[k % 100] ? 5 * old.at[100 + k] : 0);
    struct mlp one = network(2, (int[]){1, 1, 1}, true);
    vec a = normals(&world, 4), a_half = normals(&world, 4);
    vec b_half = normals(&world, 4), b = normals(&world, 4);
    mat corners = normal_rows(&world, 6, 4);
    conn_corners(&one, a, a_half, b_half, b, (bool[]){false}, corners);
    assert_bits(row(corners, 0), a);
    assert_bits(row(corners, 1), a_half);
    assert_bits(part(row(corners, 2), 0, 2), part(b, 0, 2));
    assert_bits(part(row(corners, 2), 2, 2), part(a_half, 2, 2));
    assert_bits(part(row(corners, 3), 0, 2), part(b, 0, 2));
    assert_bits(part(row(corners, 3), 2, 2), part(b_half, 2, 2));
    assert_bits(row(corners, 4), b_half);
    assert_bits(row(corners, 5), b);
    arena_free(&world.arena);
}
END_TEST

int main(void)
{
    return unit_run("connectivity",
                    (const TTest *[]){
                        a_permutation_moves_rows_biases_and_columns,
                        a_permutation_and_its_inverse,
                        a_unit_is_rescaled_alone,
                        a_step_along_the_fits_has_no_first_order,
                        corrections_lead_back_to_the_fits,
                        lines_and_curves_are_their_formulas,
                        a_polyline_meets_its_corners,
                        a_curve_is_bent_by_the_gradient_at_a_drawn_point,
                        an_assignment_is_the_best_of_all,
                        a_planted_assignment_is_found,
                        what_is_not_finite_is_not_assigned,
                        matching_finds_the_nearest_order,
                        matching_never_leads_away,
                        sweeps_go_on_until_nothing_moves,
                        dropping_scales_what_is_kept,
                        a_refit_is_the_least_that_fits_best,
                        a_refit_that_cannot_be_leaves_the_network,
                        corners_mix_layers_and_units,
                        a_layer_is_put_back_with_its_biases,
                        units_that_are_not_there_stop,
                        ways_that_do_not_fit_stop,
                        a_unit_is_rescaled_by_any_number,
                        corrections_follow_each_other,
                        a_slide_that_fails_says_so,
                        a_sweep_goes_through_all_layers,
                        what_is_read_stays,
                        drops_and_corners_of_one_unit_and_of_a_hundred,
                        NULL,
                    });
}
