/* The contract of scaling.h: rates and starts written out for networks of a few units,
 * directions against the definition of their norms, and the iteration against plain
 * powers of a diagonal matrix. */
#include "ground/route_lapack.h"
#include "ground/unit.h"
#include "lazy_training.h"
#include "scaling.h"

#include <float.h>
#include <math.h>

static const double LIMIT = 1e-13;

/* ---- A rate for each layer --------------------------------------------------------
 */

static struct mlp net_of(int inputs, int m, int n, int outputs)
{
    return mlp_make(3, (int[]){inputs, m, n, outputs}, RELU, STANDARD, false);
}

START_TEST(rates_follow_inputs_and_outputs)
{
    struct mlp base = net_of(5, 8, 4, 2), net = net_of(10, 32, 64, 6);
    static const double in[] = {2, 4, 16}, out[] = {4, 16, 3};
    for (int l = 0; l < 3; l++) {
        ck_assert_double_eq(scal_rate(BY_GRADIENT, &net, &base, l), out[l] / in[l]);
        ck_assert_double_eq(scal_rate(BY_SIGN, &net, &base, l), 1 / in[l]);
        ck_assert_double_eq(scal_rate(BY_SPECTRUM, &net, &base, l),
                            sqrt(out[l] / in[l]));
        ck_assert_double_eq(scal_rate(BY_GRADIENT, &base, &base, l), 1);
        ck_assert_double_eq(scal_rate(BY_GRADIENT, &base, &net, l), in[l] / out[l]);
    }
    struct mlp small = mlp_make(1, (int[]){2, 3}, RELU, STANDARD, false);
    struct mlp large = mlp_make(1, (int[]){8, 6}, RELU, STANDARD, false);
    ck_assert_double_eq(scal_rate(BY_GRADIENT, &large, &small, 0), 0.5);
    ck_assert_double_eq(scal_rate(BY_SIGN, &large, &small, 0), 0.25);
    ck_assert_double_eq(scal_rate(BY_SPECTRUM, &large, &small, 0), sqrt(0.5));
}
END_TEST

START_TEST(rates_refuse_what_is_no_layer)
{
    struct mlp base = net_of(5, 8, 4, 2), net = net_of(5, 32, 64, 2);
    struct mlp other = mlp_make(2, (int[]){5, 8, 2}, RELU, STANDARD, false);
    ck_assert_stops("scal_rate: layer -1 of 3", scal_rate(BY_SIGN, &net, &base, -1));
    ck_assert_stops("layer 3 of 3", scal_rate(BY_SIGN, &net, &base, 3));
    ck_assert_stops("depth 3, but 2 of the base", scal_rate(BY_SIGN, &net, &other, 0));
    ck_assert_stops("there is no rule 7", scal_rate((enum scal_rule)7, &net, &base, 0));
}
END_TEST

START_TEST(start_is_the_standard_one_but_in_the_last_layer)
{
    struct arena arena = arena_make(1 << 20);
    struct mlp base = net_of(5, 8, 4, 2), net = net_of(5, 32, 64, 2);
    int P = mlp_parameters(&net);
    vec w = arena_vec(&arena, P), v = arena_vec(&arena, P);
    struct rng rng = unit_rng("scaling/start"), same = rng;
    fill(NAN, w);
    scal_draw(&net, &base, &rng, w);
    lazy_draw(&net, STANDARD_START, &same, v);
    for (int i = 0; i < P; i++)
        ck_assert_double_eq(w.at[i], i < P - 2 * 64 ? v.at[i] : v.at[i] / 4);
    ck_assert(rng_bits(&rng) == rng_bits(&same));
    scal_draw(&net, &net, &rng, w);
    lazy_draw(&net, STANDARD_START, &same, v);
    for (int i = 0; i < P; i++)
        ck_assert_double_eq(w.at[i], v.at[i]);
    arena_free(&arena);
}
END_TEST

/* Of one layer, and of five, where the last is neither the first nor the third. */
START_TEST(start_of_any_depth)
{
    struct arena arena = arena_make(1 << 16);
    static const int depths[] = {1, 5}, base_widths[] = {4, 1, 1, 1, 4, 2};
    for (int k = 0; k < 2; k++) {
        int depth = depths[k], widths[] = {16, 1, 1, 1, 16, 2};
        const int *of = k == 0 ? widths + 4 : widths;
        struct mlp net = mlp_make(depth, of, RELU, STANDARD, false);
        struct mlp base =
            mlp_make(depth, base_widths + (k == 0 ? 4 : 0), RELU, STANDARD, false);
        int P = mlp_parameters(&net);
        vec w = arena_vec(&arena, P), v = arena_vec(&arena, P);
        struct rng rng = unit_rng("scaling/depth"), same = rng;
        scal_draw(&net, &base, &rng, w);
        lazy_draw(&net, STANDARD_START, &same, v);
        for (int i = 0; i < P; i++)
            ck_assert_double_eq(w.at[i], i < P - 32 ? v.at[i] : v.at[i] / 2);
    }
    arena_free(&arena);
}
END_TEST

/* Layer by layer: descent, signs and the heavy ball, each at its rate. */
START_TEST(layers_step_by_their_own_rules)
{
    struct arena arena = arena_make(1 << 20);
    struct mlp net = net_of(2, 3, 1, 2);
    struct rng rng = unit_rng("scaling/layers");
    vec w = arena_vec(&arena, 11), grad = arena_vec(&arena, 11);
    rng_uniforms(&rng, 1, 2, grad);
    struct momentum still = momentum_make(&arena, 6, 0),
                    ball = momentum_make(&arena, 2, 0.5);
    struct adam signs = adam_make(&arena, 3, 0, 0, 0);
    struct scal_layers layers = {.net = &net,
                                 .by = {by_momentum(&still), by_adam(&signs),
                                        by_momentum(&ball)},
                                 .rate = {2, 0.5, 8}};
    struct optimizer by = scal_by_layers(&layers);
    by.step(by.rule, 0.25, grad, w);
    scal_layers_step(&layers, 0.25, grad, w);
    for (int i = 0; i < 11; i++)
        assert_near(w.at[i],
                    i < 6   ? -grad.at[i]
                    : i < 9 ? -0.25
                            : -2 * grad.at[i] * (1 + 1.5),
                    LIMIT);
    ck_assert_int_eq(signs.steps, 2);
    arena_free(&arena);
}
END_TEST

/* Networks of one layer and of many, whose units are one each. */
START_TEST(layers_of_any_depth)
{
    struct arena arena = arena_make(1 << 16);
    static const int depths[] = {1, 2, 70, MLP_DEPTH};
    int width[MLP_DEPTH + 1];
    for (int l = 0; l <= MLP_DEPTH; l++)
        width[l] = 1;
    for (int k = 0; k < 4; k++) {
        int depth = depths[k];
        struct mlp net = mlp_make(depth, width, RELU, STANDARD, false);
        struct momentum still = momentum_make(&arena, 1, 0);
        struct scal_layers layers = {.net = &net};
        vec w = arena_vec(&arena, depth), grad = arena_vec(&arena, depth);
        fill(1, grad);
        for (int l = 0; l < depth; l++) {
            layers.by[l] = by_momentum(&still);
            layers.rate[l] = l + 2;
            ck_assert_double_eq(scal_rate(BY_SIGN, &net, &net, l), 1);
        }
        scal_layers_step(&layers, 0.5, grad, w);
        for (int l = 0; l < depth; l++)
            ck_assert_double_eq(w.at[l], -0.5 * (l + 2));
    }
    arena_free(&arena);
}
END_TEST

START_TEST(layers_have_no_biases)
{
    struct arena arena = arena_make(1 << 12);
    struct mlp net = mlp_make(1, (int[]){2, 1}, RELU, STANDARD, true);
    struct scal_layers layers = {.net = &net};
    ck_assert_stops("scal_layers_step: biases need a rate of their own",
                    scal_layers_step(&layers, 1, VEC(0, 0, 0), VEC(0, 0, 0)));
    arena_free(&arena);
}
END_TEST

/* ---- Steepest in a norm -----------------------------------------------------------
 */

/* ||A|| by its definition; singular values by LAPACK. */
static double norm_of(struct arena *arena, enum scal_norm which, mat A)
{
    vec a = entries(A);
    if (which == SPECTRAL || which == NUCLEAR) {
        a = arena_vec(arena, A.rows < A.cols ? A.rows : A.cols);
        route_singular(A, a);
    }
    double sum = 0, most = 0, square = 0;
    for (int i = 0; i < a.n; i++) {
        sum += fabs(a.at[i]);
        most = fmax(most, fabs(a.at[i]));
        square += a.at[i] * a.at[i];
    }
    if (which == FROBENIUS)
        return sqrt(square);
    return which == ENTRY_SUM || which == NUCLEAR ? sum : most;
}

static const enum scal_norm dual[] = {ENTRY_LARGEST, ENTRY_SUM, FROBENIUS, NUCLEAR,
                                      SPECTRAL};

START_TEST(directions_attain_the_dual_norm)
{
    static const int shapes[][2] = {{1, 1}, {1, 6},   {6, 1},   {3, 3},   {5, 2},
                                    {2, 5}, {70, 66}, {66, 70}, {130, 3}, {3, 130}};
    static const double rates[] = {0.5, 3};
    struct arena arena = arena_make(1 << 23);
    struct rng rng = unit_rng("scaling/directions");
    for (int k = 0; k < 10; k++)
        for (int which = ENTRY_SUM; which <= NUCLEAR; which++) {
            double alpha = rates[k % 2];
            size_t mark = arena.used;
            int m = shapes[k][0], n = shapes[k][1];
            mat G = arena_mat(&arena, m, n), D = arena_mat(&arena, m, n);
            mat W = arena_mat(&arena, m, n);
            rng_normals(&rng, 0, 1, entries(G));
            fill(NAN, entries(D));
            size_t before = arena.used;
            ck_assert(scal_direction(which, G, &arena, D) == FACTOR_OK);
            ck_assert(scal_steepest_step(which, alpha, G, &arena, W) == FACTOR_OK);
            ck_assert(arena.used == before);
            double most = norm_of(&arena, dual[which], G);
            assert_near(norm_of(&arena, which, D), 1, 100 * LIMIT);
            assert_near(dot(entries(G), entries(D)) / most, 1, 100 * LIMIT);
            for (int i = 0; i < m * n; i++)
                assert_near(W.at[i] / most, -alpha * D.at[i], 100 * LIMIT);
            arena.used = mark;
        }
    arena_free(&arena);
}
END_TEST

START_TEST(directions_of_a_known_matrix)
{
    struct arena arena = arena_make(1 << 16);
    mat G = {2, 2, (real[]){3, 0, 0, -5}}, D = arena_mat(&arena, 2, 2);
    static const double expected[5][4] = {{0, 0, 0, -1},
                                          {1, 0, 0, -1},
                                          {0.5144957554275265, 0, 0,
                                           -0.8574929257125441},
                                          {1, 0, 0, -1},
                                          {0, 0, 0, -1}};
    for (int which = ENTRY_SUM; which <= NUCLEAR; which++) {
        ck_assert(scal_direction(which, G, &arena, D) == FACTOR_OK);
        assert_entries(entries(D), expected[which], LIMIT);
    }
    mat tied = {1, 3, (real[]){-2, 2, -2}}, one = arena_mat(&arena, 1, 3);
    ck_assert(scal_direction(ENTRY_SUM, tied, &arena, one) == FACTOR_OK);
    assert_entries(entries(one), (double[]){-1, 0, 0}, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(the_largest_entry_wherever_it_is)
{
    struct arena arena = arena_make(1 << 16);
    mat two = {1, 2, (real[]){1, -2, 9}}, of_two = arena_mat(&arena, 1, 2);
    ck_assert(scal_direction(ENTRY_SUM, two, &arena, of_two) == FACTOR_OK);
    assert_entries(entries(of_two), (double[]){0, -1}, 0);
    mat signs = {1, 2, (real[]){0, 0, 7}};
    ck_assert(scal_direction(ENTRY_LARGEST, two, &arena, signs) == FACTOR_OK);
    assert_entries((vec){3, signs.at}, (double[]){1, -1, 7}, 0);
    for (int at = 0; at < 150; at++) {
        size_t mark = arena.used;
        mat G = arena_mat(&arena, 10, 15), D = arena_mat(&arena, 10, 15);
        fill(1, entries(G));
        G.at[at] = -1.5;
        ck_assert(scal_direction(ENTRY_SUM, G, &arena, D) == FACTOR_OK);
        for (int i = 0; i < 150; i++)
            ck_assert_double_eq(D.at[i], i == at ? -1 : 0);
        arena.used = mark;
    }
    arena_free(&arena);
}
END_TEST

START_TEST(where_nothing_rises_nothing_moves)
{
    struct arena arena = arena_make(1 << 16);
    mat G = arena_mat(&arena, 3, 2), D = arena_mat(&arena, 3, 2);
    for (int which = ENTRY_SUM; which <= NUCLEAR; which++) {
        fill(NAN, entries(D));
        ck_assert(scal_direction(which, G, &arena, D) == FACTOR_OK);
        ck_assert(max_norm(entries(D)) == 0);
        fill(7, entries(D));
        ck_assert(scal_steepest_step(which, 1, G, &arena, D) == FACTOR_OK);
        for (int i = 0; i < 6; i++)
            ck_assert_double_eq(D.at[i], 7);
    }
    arena_free(&arena);
}
END_TEST

/* 2^500 G and G / 2^500 have the directions of G, or as floats 2^100 G and G / 2^100.
 */
START_TEST(directions_do_not_see_the_size)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("scaling/size");
    enum { FAR = IS_DOUBLE ? 500 : 100 };
    mat G = arena_mat(&arena, 3, 5), D = arena_mat(&arena, 3, 5);
    mat A = arena_mat(&arena, 3, 5), E = arena_mat(&arena, 3, 5);
    rng_normals(&rng, 0, 1, entries(G));
    for (int which = ENTRY_SUM; which <= NUCLEAR; which++)
        for (int sign = -1; sign <= 1; sign += 2) {
            for (int i = 0; i < 15; i++)
                A.at[i] = ldexp(G.at[i], sign * FAR);
            ck_assert(scal_direction(which, G, &arena, D) == FACTOR_OK);
            ck_assert(scal_direction(which, A, &arena, E) == FACTOR_OK);
            assert_vec(entries(E), entries(D), 100 * LIMIT);
        }
    arena_free(&arena);
}
END_TEST

/* G = 13 u v' has one singular value, 13: both norms of singular values are alike. */
START_TEST(directions_of_rank_one)
{
    struct arena arena = arena_make(1 << 16);
    static const double u[] = {0.6, 0, 0.8, 0}, v[] = {0, -5, 12};
    mat G = arena_mat(&arena, 4, 3), D = arena_mat(&arena, 4, 3);
    mat Gt = arena_mat(&arena, 3, 4), Dt = arena_mat(&arena, 3, 4);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 3; j++)
            row(G, i).at[j] = u[i] * v[j];
    transpose(G, Gt);
    for (int which = SPECTRAL; which <= NUCLEAR; which++) {
        ck_assert(scal_direction(which, G, &arena, D) == FACTOR_OK);
        ck_assert(scal_direction(which, Gt, &arena, Dt) == FACTOR_OK);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 3; j++) {
                assert_near(row(D, i).at[j], u[i] * v[j] / 13, LIMIT);
                assert_near(row(Dt, j).at[i], u[i] * v[j] / 13, LIMIT);
            }
    }
    arena_free(&arena);
}
END_TEST

START_TEST(directions_of_huge_and_tiny_gradients)
{
    static const real sizes[] = {VAST, 0.5 * REAL_MAX, TINY, 0.005 * REAL_MIN};
    struct arena arena = arena_make(1 << 16);
    mat G = arena_mat(&arena, 2, 1), D = arena_mat(&arena, 2, 1);
    for (int k = 0; k < 4; k++) {
        G.at[0] = sizes[k], G.at[1] = -sizes[k];
        ck_assert(scal_direction(FROBENIUS, G, &arena, D) == FACTOR_OK);
        assert_entries(entries(D), (double[]){sqrt(0.5), -sqrt(0.5)}, LIMIT);
        ck_assert(scal_direction(ENTRY_LARGEST, G, &arena, D) == FACTOR_OK);
        assert_entries(entries(D), (double[]){1, -1}, 0);
        scal_newton_schulz(scal_classical(), 40, &arena, G);
        assert_entries(entries(G), (double[]){sqrt(0.5), -sqrt(0.5)}, LIMIT);
        mat one = {1, 1, (real[]){-sizes[k]}}, of_one = {1, 1, (real[]){NAN, 7}};
        ck_assert(scal_direction(FROBENIUS, one, &arena, of_one) == FACTOR_OK);
        ck_assert(of_one.at[0] == -1 && of_one.at[1] == 7);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_no_number_reaches_the_direction)
{
    struct arena arena = arena_make(1 << 16);
    mat G = arena_mat(&arena, 2, 2), D = arena_mat(&arena, 2, 2);
    for (int at = 0; at < 4; at++) {
        fill(1, entries(G));
        G.at[3 - at] = 2;
        G.at[at] = NAN;
        for (int which = ENTRY_SUM; which <= NUCLEAR; which++) {
            fill(0, entries(D));
            enum factor_status status = scal_direction(which, G, &arena, D);
            if (which == SPECTRAL || which == NUCLEAR)
                ck_assert(status == FACTOR_NO_CONVERGENCE);
            else
                ck_assert(status == FACTOR_OK && isnan(D.at[at]));
            fill(3, entries(D));
            status = scal_steepest_step(which, 1, G, &arena, D);
            ck_assert(status == FACTOR_OK ? isnan(D.at[at]) : D.at[at] == 3);
        }
        scal_newton_schulz(scal_muon(), 1, &arena, G);
        ck_assert(isnan(G.at[at]));
    }
    mat wide = {1, 2, (real[]){NAN, 1}}, E = arena_mat(&arena, 1, 2);
    ck_assert(scal_direction(NUCLEAR, wide, &arena, E) == FACTOR_NO_CONVERGENCE);
    fill(1, entries(G));
    G.at[2] = INFINITY;
    ck_assert(scal_direction(FROBENIUS, G, &arena, D) == FACTOR_OK);
    ck_assert(isnan(D.at[2]));
    arena_free(&arena);
}
END_TEST

START_TEST(steepest_refuses_what_does_not_fit)
{
    struct arena arena = arena_make(1 << 16);
    mat G = arena_mat(&arena, 2, 3), D = arena_mat(&arena, 3, 2);
    static const double rates[] = {0, -1, NAN, INFINITY};
    for (int i = 0; i < 4; i++)
        ck_assert_stops("scal_steepest_step: alpha must be finite and positive",
                        scal_steepest_step(SPECTRAL, rates[i], G, &arena, G));
    ck_assert_stops("scal_direction: D must be 2 x 3, got 3 x 2",
                    scal_direction(ENTRY_SUM, G, &arena, D));
    ck_assert_stops("scal_steepest_step: W must be 2 x 3, got 3 x 2",
                    scal_steepest_step(ENTRY_SUM, 1, G, &arena, D));
    ck_assert_stops("scal_direction: G is 0 x 3",
                    scal_direction(ENTRY_SUM, (mat){0, 3, NULL}, &arena,
                                   (mat){0, 3, NULL}));
    ck_assert_stops("scal_direction: G is 3 x 0",
                    scal_direction(ENTRY_SUM, (mat){3, 0, NULL}, &arena,
                                   (mat){3, 0, NULL}));
    ck_assert_stops("there is no norm 9",
                    scal_direction((enum scal_norm)9, G, &arena, G));
    arena_free(&arena);
}
END_TEST

/* ---- Singular values without their vectors ----------------------------------------
 */

START_TEST(polynomials_are_the_published_ones)
{
    struct scal_odd one = scal_classical(), muon = scal_muon();
    ck_assert(one.a == 1.5 && one.b == -0.5 && one.c == 0);
    ck_assert(muon.a == 3.4445 && muon.b == -4.7750 && muon.c == 2.0315);
}
END_TEST

/* A diagonal of whole numbers, with a row or a column of zeros added if it is tall or
 * wide: each entry is iterated on its own. */
START_TEST(iteration_of_a_diagonal)
{
    struct arena arena = arena_make(1 << 16);
    struct scal_odd p = {2, -1.5, 0.25};
    static const int shapes[][2] = {{3, 3}, {4, 3}, {3, 4}, {1, 1}};
    static const double d[] = {2, -3, 6}; /* of norm 7 */
    for (int k = 0; k < 4; k++)
        for (int steps = 0; steps <= 4; steps++) {
            mat X = arena_mat(&arena, shapes[k][0], shapes[k][1]);
            int n = k == 3 ? 1 : 3;
            for (int i = 0; i < n; i++)
                row(X, i).at[i] = d[i];
            size_t mark = arena.used;
            scal_newton_schulz(p, steps, &arena, X);
            ck_assert(arena.used == mark);
            for (int i = 0; i < X.rows; i++)
                for (int j = 0; j < X.cols; j++) {
                    double x = i == j && i < n ? d[i] / (k == 3 ? 2 : 7) : 0;
                    for (int step = 0; step < steps; step++)
                        x = p.a * x + p.b * pow(x, 3) + p.c * pow(x, 5);
                    assert_near(row(X, i).at[j], x, LIMIT);
                }
        }
    arena_free(&arena);
}
END_TEST

/* In any rotation, whatever the shape: to 1 go the singular values by two polynomials,
 * so that what is left is the factor of the polar decomposition. */
START_TEST(iteration_of_a_large_matrix)
{
    static const int shapes[][2] = {{70, 50}, {6, 1}, {9, 9}, {130, 2}};
    static const struct scal_odd to_one[] = {{1.5, -0.5, 0}, {2, -1.5, 0.5}};
    struct arena arena = arena_make(1 << 22);
    struct rng rng = unit_rng("scaling/large");
    for (int k = 0; k < 8; k++) {
        size_t mark = arena.used;
        int m = shapes[k / 2][0], n = shapes[k / 2][1];
        mat X = arena_mat(&arena, m, n), O = arena_mat(&arena, m, n);
        mat Xt = arena_mat(&arena, n, m), Ot = arena_mat(&arena, n, m);
        rng_normals(&rng, 0, 1, entries(X));
        for (int i = 0; i < n; i++)
            row(X, i).at[i] += m == n ? 5 : 0; /* away from 0, where steps are many */
        transpose(X, Xt);
        ck_assert(muon_direction(X, &arena, O) == FACTOR_OK);
        transpose(O, Ot);
        scal_newton_schulz(to_one[k % 2], 100, &arena, X);
        scal_newton_schulz(to_one[k % 2], 100, &arena, Xt);
        assert_vec(entries(X), entries(O), 100 * LIMIT);
        assert_vec(entries(Xt), entries(Ot), 100 * LIMIT);
        arena.used = mark;
    }
    arena_free(&arena);
}
END_TEST

START_TEST(iteration_of_many_steps)
{
    struct arena arena = arena_make(1 << 16);
    mat X = {1, 2, (real[]){3, -4}};
    scal_newton_schulz((struct scal_odd){1.0625, 0, 0}, 100, &arena, X);
    double grown = pow(1.0625, 100);
    assert_entries(entries(X), (double[]){0.6 * grown, -0.8 * grown}, LIMIT * grown);
    arena_free(&arena);
}
END_TEST

START_TEST(iteration_of_nothing_and_of_zero)
{
    struct arena arena = arena_make(1 << 16);
    mat Z = arena_mat(&arena, 3, 2);
    scal_newton_schulz(scal_muon(), 5, &arena, Z);
    ck_assert(max_norm(entries(Z)) == 0);
    scal_newton_schulz(scal_muon(), 5, &arena, (mat){0, 0, NULL});
    Z.at[3] = -2;
    scal_newton_schulz(scal_muon(), 0, &arena, Z);
    assert_entries(entries(Z), (double[]){0, 0, 0, -1, 0, 0}, 0);
    ck_assert_stops("scal_newton_schulz: steps must not be negative, got -1",
                    scal_newton_schulz(scal_muon(), -1, &arena, Z));
    arena_free(&arena);
}
END_TEST

/* The largest singular value overflows, though no entry does: there is a direction, and
 * yet no step. */
START_TEST(steepest_stays_where_a_singular_value_overflows)
{
    static const int shapes[][2] = {{2, 2}, {4, 2}, {2, 4}, {1, 4}, {4, 1}};
    struct arena arena = arena_make(1 << 16);
    for (int k = 0; k < 10; k++) {
        int m = shapes[k / 2][0], n = shapes[k / 2][1];
        mat G = arena_mat(&arena, m, n), W = arena_mat(&arena, m, n);
        fill(REAL_MAX, entries(G));
        fill(3, entries(W));
        ck_assert(scal_steepest_step(k % 2 ? SPECTRAL : NUCLEAR, 1, G, &arena, W) ==
                  FACTOR_NO_CONVERGENCE);
        for (int i = 0; i < m * n; i++)
            ck_assert(W.at[i] == 3);
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("scaling",
                    (const TTest *[]){rates_follow_inputs_and_outputs,
                                      rates_refuse_what_is_no_layer,
                                      start_is_the_standard_one_but_in_the_last_layer,
                                      start_of_any_depth,
                                      layers_step_by_their_own_rules,
                                      layers_of_any_depth,
                                      layers_have_no_biases,
                                      directions_attain_the_dual_norm,
                                      directions_of_a_known_matrix,
                                      the_largest_entry_wherever_it_is,
                                      where_nothing_rises_nothing_moves,
                                      directions_do_not_see_the_size,
                                      directions_of_rank_one,
                                      directions_of_huge_and_tiny_gradients,
                                      what_is_no_number_reaches_the_direction,
                                      steepest_refuses_what_does_not_fit,
                                      polynomials_are_the_published_ones,
                                      iteration_of_a_diagonal,
                                      iteration_of_a_large_matrix,
                                      iteration_of_many_steps,
                                      iteration_of_nothing_and_of_zero,
                                      steepest_stays_where_a_singular_value_overflows,
                                      NULL});
}
