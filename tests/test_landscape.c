/* The contract of landscape.h: formulas against sums and samples, shapes of one and of
 * odd sizes, edges, and what a caller may not do. */
#include "ground/losses.h"
#include "ground/unit.h"
#include "landscape.h"

#include <float.h>
#include <math.h>

static struct arena arena;

static void begin(void) { arena = arena_make(1 << 22); }
static void end(void) { arena_free(&arena); }

static vec normals(struct rng *rng, int n)
{
    vec x = arena_vec(&arena, n);
    rng_normals(rng, 0, 1, x);
    return x;
}

static mat normal(struct rng *rng, int rows, int cols)
{
    return (mat){rows, cols, normals(rng, rows * cols).at};
}

/* ---- Linear networks ------------------------------------------------------------- */

START_TEST(the_linear_loss_is_that_of_the_product)
{
    begin();
    struct rng rng = unit_rng("linear");
    struct mlp net = mlp_make(3, (int[]){3, 1, 2, 5}, LINEAR, STANDARD, false);
    vec w = normals(&rng, mlp_parameters(&net)), grad = arena_vec(&arena, w.n);
    mat M = normal(&rng, 5, 3), P = arena_mat(&arena, 2, 3);
    gemm(1, AS_IS, mlp_weights(&net, w, 1), AS_IS, mlp_weights(&net, w, 0), 0, P);
    mat R = arena_mat(&arena, 5, 3);
    copy(entries(M), entries(R));
    gemm(1, AS_IS, mlp_weights(&net, w, 2), AS_IS, P, -1, R);
    size_t used = arena.used;
    double loss = land_linear_loss(&net, M, &arena, w, grad);
    ck_assert_uint_eq(arena.used, used);
    assert_near(loss, dot(entries(R), entries(R)) / 2, 1e-13 * (1 + loss));
    for (int i = 0; i < w.n; i++) { /* quadratic in each weight: exact with any step */
        double at = w.at[i];
        vec other = arena_vec(&arena, w.n);
        w.at[i] = at + 1;
        double up = land_linear_loss(&net, M, &arena, w, other);
        w.at[i] = at - 1;
        double down = land_linear_loss(&net, M, &arena, w, other);
        w.at[i] = at;
        assert_near(grad.at[i], (up - down) / 2, 1e-11 * (1 + up + down));
    }
    end();
}
END_TEST

START_TEST(seventy_inputs_are_all_seen)
{
    begin();
    struct mlp net = mlp_make(1, (int[]){70, 1}, LINEAR, STANDARD, false);
    mat M = arena_mat(&arena, 1, 70);
    vec w = arena_vec(&arena, 70), grad = arena_vec(&arena, 70);
    w.at[69] = 4, M.at[69] = 1;
    assert_near(land_linear_loss(&net, M, &arena, w, grad), 4.5, 1e-14);
    ck_assert(grad.at[68] == 0 && grad.at[69] == 3);
    end();
}
END_TEST

START_TEST(a_network_of_one_weight)
{
    begin();
    struct mlp net = mlp_make(2, (int[]){1, 1, 1}, LINEAR, STANDARD, false);
    vec grad = arena_vec(&arena, 2);
    mat M = {1, 1, VEC(3).at};
    ck_assert_double_eq(land_linear_loss(&net, M, &arena, VEC(2, 5), grad), 24.5);
    assert_entries(grad, (double[]){35, 14}, 0);
    M.at[0] = NAN;
    ck_assert(isnan(land_linear_loss(&net, M, &arena, VEC(2, 5), grad)));
    end();
}
END_TEST

START_TEST(critical_factors_keep_what_they_are_told)
{
    begin();
    struct rng rng = unit_rng("critical");
    mat U = arena_mat(&arena, 3, 3), V = arena_mat(&arena, 4, 4);
    rng_rotation(&rng, &arena, U), rng_rotation(&rng, &arena, V);
    double large = sqrt(VAST);
    vec s = VEC(large, 2, 1);
    mat C = normal(&rng, 2, 2), Z = normal(&rng, 2, 4), P = arena_mat(&arena, 3, 4);
    mat W_2 = arena_mat(&arena, 3, 2), W_1 = arena_mat(&arena, 2, 4);
    for (unsigned kept = 0; kept < 7; kept++) {
        fill(NAN, entries(W_2)), fill(NAN, entries(W_1));
        size_t used = arena.used;
        land_linear_critical(U, s, V, kept, C, Z, &arena, W_2, W_1);
        ck_assert_uint_eq(arena.used, used);
        gemm(1, AS_IS, W_2, AS_IS, W_1, 0, P);
        double size = kept & 1 ? large : 1;
        for (int j = 0; j < 3; j++)
            if (kept >> j & 1)
                ger(-s.at[j], row(U, j), row(V, j), P);
        ck_assert_double_le(max_norm(entries(P)), rounded(1e-11) * size);
    }
    end();
}
END_TEST

START_TEST(idle_units_do_as_they_are_told)
{
    begin();
    mat U = {1, 1, VEC(1).at}, V = {2, 2, VEC(1, 0, 0, 1).at};
    mat C = {2, 2, VEC(1, 0, 0, 2).at}, Z = {2, 2, VEC(7, 8, 3, 4).at};
    mat W_2 = arena_mat(&arena, 1, 2), W_1 = arena_mat(&arena, 2, 2);
    land_linear_critical(U, VEC(5), V, 1, C, Z, &arena, W_2, W_1);
    assert_entries(entries(W_2), (double[]){1, 0}, 1e-15);
    assert_entries(entries(W_1), (double[]){5, 0, 1.5, 2}, 1e-14);
    land_linear_critical(U, VEC(5), V, 0, C, Z, &arena, W_2, W_1);
    assert_entries(entries(W_2), (double[]){0, 0}, 0);
    assert_entries(entries(W_1), (double[]){7, 8, 1.5, 2}, 1e-14);
    end();
}
END_TEST

/* One number by one unit, 2 = 3 * 2/3; and of forty directions, more than an unsigned
 * has bits, the first and the last bit that there is. */
START_TEST(critical_factors_of_one_and_of_forty)
{
    begin();
    mat one = {1, 1, VEC(1).at}, C = {1, 1, VEC(3).at}, up = arena_mat(&arena, 1, 1);
    mat down = arena_mat(&arena, 1, 1);
    land_linear_critical(one, VEC(2), one, 1, C, one, &arena, up, down);
    assert_near(up.at[0], 3, 1e-15);
    assert_near(down.at[0], 2 / 3.0, 1e-15);
    mat U = arena_mat(&arena, 40, 40), V = arena_mat(&arena, 70, 70);
    mat W_2 = arena_mat(&arena, 40, 3), W_1 = arena_mat(&arena, 3, 70);
    mat basis = {3, 3, VEC(2, 0, 0, 0, 2, 0, 0, 0, 2).at};
    vec s = arena_vec(&arena, 40);
    for (int j = 0; j < 70; j++)
        row(V, j).at[j] = 1;
    for (int j = 0; j < 40; j++)
        row(U, j).at[j] = 1, s.at[j] = 41 - j;
    row(W_1, 2).at[69] = 7; /* an idle unit looks at the last input */
    land_linear_critical(U, s, V, 1u << 31 | 1, basis, W_1, &arena, W_2, W_1);
    for (int j = 0; j < 70; j++) {
        if (j < 40)
            assert_vec(row(W_2, j), VEC(j == 0 ? 2 : 0, j == 31 ? 2 : 0, 0), 1e-15);
        assert_near(row(W_1, 0).at[j], j == 0 ? 41 / 2.0 : 0, 1e-13);
        assert_near(row(W_1, 1).at[j], j == 31 ? 10 / 2.0 : 0, 1e-13);
        assert_near(row(W_1, 2).at[j], j == 69 ? 7 / 2.0 : 0, 1e-13);
    }
    end();
}
END_TEST

START_TEST(the_index_counts_swaps_and_idle_units)
{
    ck_assert_int_eq(land_linear_index(4, 2, 3), 0); /* the two largest */
    ck_assert_int_eq(land_linear_index(4, 2, 0), 8);
    ck_assert_int_eq(land_linear_index(4, 2, 1), 3);
    ck_assert_int_eq(land_linear_index(4, 2, 8), 6);
    ck_assert_int_eq(land_linear_index(4, 2, 12), 4);
    ck_assert_int_eq(land_linear_index(1, 1, 1), 0);
    ck_assert_int_eq(land_linear_index(1, 1, 0), 1);
    ck_assert_int_eq(land_linear_index(31, 1, 1u << 30), 30);
}
END_TEST

/* ---- A student and a teacher ----------------------------------------------------- */

/* The mean of 1/2 (sum relu - sum relu)^2 over so many inputs, and its standard error.
 */
static double sampled(struct rng *rng, mat W, mat V, int samples, double *error)
{
    double sum = 0, squares = 0;
    vec x = arena_vec(&arena, W.cols);
    for (int n = 0; n < samples; n++) {
        double r = 0;
        rng_normals(rng, 0, 1, x);
        for (int i = 0; i < W.rows; i++)
            r += fmax(0, dot(row(W, i), x));
        for (int j = 0; j < V.rows; j++)
            r -= fmax(0, dot(row(V, j), x));
        sum += r * r / 2, squares += r * r * r * r / 4;
    }
    double mean = sum / samples;
    *error = sqrt((squares / samples - mean * mean) / samples);
    return mean;
}

START_TEST(the_teachers_loss_is_a_mean_over_inputs)
{
    begin();
    struct rng rng = unit_rng("teacher");
    for (int d = 1; d <= 5; d += 2) {
        mat W = normal(&rng, 3, d), V = normal(&rng, 2, d),
            dW = arena_mat(&arena, 3, d);
        double error, mean = sampled(&rng, W, V, 40000, &error);
        size_t used = arena.used;
        double loss = land_teacher_loss(W, V, &arena, dW);
        ck_assert_uint_eq(arena.used, used);
        assert_near(loss, mean, 7 * error); /* of normals, once in 4e11 */
    }
    end();
}
END_TEST

START_TEST(the_teachers_gradient_is_that_of_its_loss)
{
    begin();
    struct rng rng = unit_rng("slope");
    mat W = normal(&rng, 3, 4), V = normal(&rng, 2, 4), dW = arena_mat(&arena, 3, 4);
    mat unused = arena_mat(&arena, 3, 4);
    fill(NAN, entries(dW));
    land_teacher_loss(W, V, &arena, dW);
    double h = pow(REAL_EPSILON, 0.2); /* an error of h^4 and of eps / h */
    for (int l = 0; l < 12; l++) {
        double at = W.at[l], sum = 0;
        static const double c[] = {0, 2.0 / 3, -1.0 / 12};
        for (int k = 1; k <= 2; k++) {
            W.at[l] = at + k * h;
            sum += c[k] * land_teacher_loss(W, V, &arena, unused);
            W.at[l] = at - k * h;
            sum -= c[k] * land_teacher_loss(W, V, &arena, unused);
        }
        W.at[l] = at;
        ck_assert_double_le(fabs(dW.at[l] - sum / h), 3000 * pow(h, 4));
    }
    end();
}
END_TEST

START_TEST(a_student_like_its_teacher_has_no_loss)
{
    begin();
    struct rng rng = unit_rng("equal");
    mat V = normal(&rng, 4, 3), W = arena_mat(&arena, 4, 3),
        dW = arena_mat(&arena, 4, 3);
    for (int i = 0; i < 4; i++) /* in another order */
        copy(row(V, i), row(W, 3 - i));
    assert_near(land_teacher_loss(W, V, &arena, dW), 0, 1e-14);
    assert_near(norm(entries(dW)), 0, 1e-14);
    scale(sqrt(VAST), entries(W)), scale(sqrt(VAST), entries(V));
    ck_assert_double_le(fabs(land_teacher_loss(W, V, &arena, dW)),
                        rounded(1e-14) * VAST);
    scale(TINY, entries(W)), scale(TINY, entries(V));
    ck_assert(isfinite(land_teacher_loss(W, V, &arena, dW)));
    W.at[5] = NAN;
    ck_assert(isnan(land_teacher_loss(W, V, &arena, dW)));
    end();
}
END_TEST

START_TEST(opposite_neurons_and_an_untaught_student)
{
    begin();
    mat W = {1, 2, VEC(3, 4).at}, V = {1, 2, VEC(-3, -4).at}, none = {0, 2, NULL};
    mat dW = arena_mat(&arena, 1, 2);
    /* relu(z) and relu(-z) never meet: 1/2 (25/2 + 25/2) */
    assert_near(land_teacher_loss(W, V, &arena, dW), 12.5, 1e-13);
    assert_entries(entries(dW), (double[]){1.5, 2}, 1e-14);
    assert_near(land_teacher_loss(W, none, &arena, dW), 6.25, 1e-14);
    end();
}
END_TEST

START_TEST(a_split_neuron_is_two_halves)
{
    begin();
    struct rng rng = unit_rng("split");
    mat W = normal(&rng, 3, 2), V = normal(&rng, 2, 2), wider = arena_mat(&arena, 4, 2);
    mat dW = arena_mat(&arena, 3, 2), dwider = arena_mat(&arena, 4, 2);
    fill(NAN, entries(wider));
    land_split(W, 1, wider);
    for (int l = 0; l < 2; l++) {
        ck_assert_double_eq(row(wider, 1).at[l], row(W, 1).at[l] / 2);
        ck_assert_double_eq(row(wider, 3).at[l], row(W, 1).at[l] / 2);
        ck_assert_double_eq(row(wider, 2).at[l], row(W, 2).at[l]);
    }
    assert_near(land_teacher_loss(wider, V, &arena, dwider),
                land_teacher_loss(W, V, &arena, dW), 1e-13);
    end();
}
END_TEST

/* A neuron in n equal parts, by rows. */
static mat parts(vec w, int n)
{
    mat W = arena_mat(&arena, n, w.n);
    for (int i = 0; i < n; i++)
        axpy(1.0 / n, w, row(W, i));
    return W;
}

/* ReLUs of w x / n, n of them, are one of w x, whoever has them. */
START_TEST(neurons_in_many_parts_are_one)
{
    begin();
    struct rng rng = unit_rng("parts");
    vec w = normals(&rng, 3), v = normals(&rng, 3), d = normals(&rng, 3);
    mat one = parts(w, 1), other = parts(v, 1), S = arena_mat(&arena, 3, 3);
    mat beside = arena_mat(&arena, 2, 3), dW = arena_mat(&arena, 1, 3);
    double loss = land_teacher_loss(one, other, &arena, dW);
    copy(d, row(beside, 0)), copy(w, row(beside, 1));
    land_splitting(beside, other, 0, &arena, S);
    ck_assert(loss > 1e-3 && max_norm(entries(S)) > 1e-3);
    for (int n = 2; n <= 70; n += 34) {
        mat many = parts(w, n), others = parts(v, n), dmany = arena_mat(&arena, n, 3);
        mat T = arena_mat(&arena, 3, 3), some = arena_mat(&arena, 1 + n, 3);
        /* n^2 terms each of |w|^2, |w| |v|, |v|^2, in sums that round as they go */
        double limit = (n * n + 10) * DBL_EPSILON * pow(norm(w) + norm(v), 2);
        assert_near(land_teacher_loss(many, others, &arena, dmany), loss, limit);
        for (int i = 0; i < n; i++)
            assert_vec(row(dmany, i), entries(dW), 1e-13);
        copy(d, row(some, 0));
        copy(entries(many), entries(row_block(some, 1, n)));
        land_splitting(some, others, 0, &arena, T);
        assert_vec(entries(T), entries(S), 1e-13);
    }
    end();
}
END_TEST

/* A neuron e_0 whose teacher is e_69: S is -(I - e_0 e_0' + e_69 e_69') / pi. */
START_TEST(a_splitting_matrix_in_seventy_dimensions)
{
    begin();
    mat W = arena_mat(&arena, 1, 70), V = arena_mat(&arena, 1, 70);
    mat S = arena_mat(&arena, 70, 70);
    W.at[0] = V.at[69] = 1;
    land_splitting(W, V, 0, &arena, S);
    for (int l = 0; l < 70; l++)
        assert_near(row(S, l).at[l] * acos(-1.0), l == 0 ? 0 : l < 69 ? -1 : -2, 1e-14);
    end();
}
END_TEST

/* E r (d.x)^2 where w.x = 0, sampled, as the comment of land_splitting has it. */
START_TEST(the_splitting_matrix_meets_the_residual)
{
    begin();
    struct rng rng = unit_rng("splitting");
    enum { D = 3, SAMPLES = 50000 };
    mat W = normal(&rng, 2, D), V = normal(&rng, 3, D), S = arena_mat(&arena, D, D);
    vec w = row(W, 1), x = arena_vec(&arena, D), d = normals(&rng, D);
    axpy(-dot(d, w) / dot(w, w), w, d);
    double sum = 0, squares = 0;
    for (int n = 0; n < SAMPLES; n++) {
        rng_normals(&rng, 0, 1, x);
        axpy(-dot(x, w) / dot(w, w), w, x);
        double r = fmax(0, dot(row(W, 0), x));
        for (int j = 0; j < 3; j++)
            r -= fmax(0, dot(row(V, j), x));
        double value =
            sqrt(2 / 3.14159265358979323846) * r * dot(d, x) * dot(d, x) / norm(w);
        sum += value, squares += value * value;
    }
    double mean = sum / SAMPLES;
    double error = sqrt((squares / SAMPLES - mean * mean) / SAMPLES);
    fill(NAN, entries(S));
    size_t used = arena.used;
    land_splitting(W, V, 1, &arena, S);
    ck_assert_uint_eq(arena.used, used);
    vec Sd = arena_vec(&arena, D);
    gemv(1, S, d, 0, Sd);
    assert_near(dot(d, Sd), mean, 8 * error);
    gemv(1, S, w, 0, Sd); /* along the neuron itself, nothing happens */
    assert_near(norm(Sd), 0, 1e-13);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            assert_near(row(S, i).at[j], row(S, j).at[i], 1e-15);
    end();
}
END_TEST

START_TEST(parallel_neurons_do_not_count_in_a_split)
{
    begin();
    mat W = {2, 2, VEC(0, 3, 0, 1).at}, V = {1, 2, VEC(0, -2).at};
    mat S = arena_mat(&arena, 2, 2);
    land_splitting(W, V, 0, &arena, S);
    /* The part of v across w is rounding: at most 2 eps |v|, and S has three times that
     * over pi |w| of it, for the neurons of length 1 and 2. */
    assert_entries(entries(S), (double[]){0, 0, 0, 0}, 6 * DBL_EPSILON / 3.14);
    mat one = {1, 1, VEC(2).at}, T = arena_mat(&arena, 1, 1);
    land_splitting(one, one, 0, &arena, T);
    ck_assert_double_eq(T.at[0], 0);
    end();
}
END_TEST

/* F is of degree 2 in all weights together, so that units of 2^p give 4^p times the
 * loss and 2^p times the gradient, to the last bit as far as there are such numbers. */
START_TEST(units_of_weights_are_only_units)
{
    static const int powers[] = {-900, -600, -300, 300, 500};
    static const int shapes[][3] = {{1, 1, 1}, {1, 1, 3}, {3, 2, 4}, {2, 5, 1}};
    begin();
    struct rng rng = unit_rng("units");
    int of_powers = IS_DOUBLE ? 1 : 8;
    for (int s = 0; s < 4; s++)
        for (int k = 0; k < 5; k++) {
            int p = shapes[s][0], q = shapes[s][1], d = shapes[s][2];
            double unit = ldexp(1, powers[k] / of_powers);
            mat W = normal(&rng, p, d), V = normal(&rng, q, d);
            mat dW = arena_mat(&arena, p, d), dU = arena_mat(&arena, p, d);
            double loss = land_teacher_loss(W, V, &arena, dW);
            scale(unit, entries(W)), scale(unit, entries(V)), fill(NAN, entries(dU));
            double other = land_teacher_loss(W, V, &arena, dU);
            ck_assert_double_le(fabs(other - loss * unit * unit),
                                rounded(1e-12) * (1 + loss) * unit * unit);
            for (int l = 0; l < p * d; l++)
                assert_near(dU.at[l] / unit, dW.at[l], 1e-12 * (1 + loss));
        }
    end();
}
END_TEST

/* As near to each other as reals tell: with v = w + e x, x across w, in S stands e
 * |x| (I - ww' / |w|^2 + xx' / |x|^2) / pi |w|. */
START_TEST(neurons_at_the_smallest_angle_count)
{
    begin();
    for (int p = 0; p <= (IS_DOUBLE ? 500 : 120); p += 20) {
        double e = ldexp(1, -p);
        mat W = {1, 3, VEC(2, 0, 0).at}, V = {1, 3, VEC(2, 0, -e).at};
        mat S = arena_mat(&arena, 3, 3);
        land_splitting(W, V, 0, &arena, S);
        double a = e / acos(-1.0) / 2, limit = 8 * DBL_EPSILON * a;
        assert_entries(entries(S), (double[]){0, 0, 0, 0, -a, 0, 0, 0, -2 * a}, limit);
    }
    end();
}
END_TEST

/* ---- A minimum for every piecewise linear network -------------------------------- */

START_TEST(a_buried_network_is_affine)
{
    begin();
    struct rng rng = unit_rng("buried");
    for (int m = 1; m <= 80; m += m < 5 ? 2 : 75)
        for (int n = 1; n <= 7; n += 6) {
            int d = m == 1 ? 1 : 2;
            struct mlp net = mlp_make(2, (int[]){d, m, 1}, RELU, STANDARD, true);
            struct mlp_pass pass = mlp_pass_make(&arena, &net, n);
            vec w = normals(&rng, mlp_parameters(&net)), a = normals(&rng, d);
            mat X = normal(&rng, n, d);
            size_t used = arena.used;
            ck_assert_int_eq(land_affine_start(&net, X, a, -3, 0.25, &arena, w),
                             FACTOR_OK);
            ck_assert_uint_eq(arena.used, used);
            mlp_forward(&net, w, X, &pass);
            double least = INFINITY, size = 1 + norm(w);
            for (int i = 0; i < n; i++) {
                assert_near(pass.H[2].at[i], dot(a, row(X, i)) - 3,
                            1e-13 * size * size);
                for (int j = 0; j < m; j++)
                    least = fmin(least, row(pass.H[1], i).at[j]);
            }
            assert_near(least, 0.25, 1e-14 * size); /* and no farther than asked for */
        }
    end();
}
END_TEST

START_TEST(a_buried_network_of_nan_says_so)
{
    begin();
    struct mlp net = mlp_make(2, (int[]){1, 1, 1}, RELU, STANDARD, true);
    vec w = VEC(NAN, 0, 0, 0);
    ck_assert_int_eq(land_affine_start(&net, (mat){1, 1, VEC(1).at}, VEC(1), 0, 1,
                                       &arena, w),
                     FACTOR_NO_CONVERGENCE);
    w = VEC(1, 0, 0, 0);
    land_affine_start(&net, (mat){1, 1, VEC(NAN).at}, VEC(1), 0, 1, &arena, w);
    ck_assert(isnan(w.at[1]) && isnan(w.at[3]));
    /* and of seventy examples the last one counts */
    mat X = arena_mat(&arena, 70, 1);
    X.at[69] = -5;
    land_affine_start(&net, X, VEC(1), 0, 1, &arena, w);
    ck_assert_double_eq(w.at[1], 6);
    end();
}
END_TEST

/* ---- Wide networks --------------------------------------------------------------- */

START_TEST(a_wide_start_has_signs_on_top)
{
    begin();
    struct rng rng = unit_rng("wide");
    struct mlp net = land_wide_network(3, 1000);
    vec w = arena_vec(&arena, mlp_parameters(&net));
    ck_assert_double_eq(net.multiplier[1], 1 / sqrt(1000));
    land_wide_start(&net, &rng, w);
    int plus = 0;
    for (int r = 0; r < 1000; r++) {
        double a = mlp_weights(&net, w, 1).at[r];
        ck_assert(a == 1 || a == -1);
        plus += a == 1;
    }
    ck_assert(plus > 380 && plus < 620); /* 7.6 standard deviations */
    double squares = dot(part(w, 0, 3000), part(w, 0, 3000));
    ck_assert(squares > 2400 && squares < 3600);
    end();
}
END_TEST

/* Each sign is drawn for itself: at any distance two agree as often as not, give or
 * take 7 deviations. */
START_TEST(signs_on_top_have_no_period)
{
    begin();
    enum { M = 4000 };
    struct rng rng = unit_rng("period");
    struct mlp net = land_wide_network(1, M);
    vec w = arena_vec(&arena, mlp_parameters(&net));
    land_wide_start(&net, &rng, w);
    vec a = entries(mlp_weights(&net, w, 1));
    for (int apart = 1; apart <= 256; apart++) {
        double sum = dot(part(a, 0, M - apart), part(a, apart, M - apart));
        ck_assert_double_le(fabs(sum), 7 * sqrt(M - apart));
    }
    end();
}
END_TEST

START_TEST(the_wide_gram_is_a_mean_over_neurons)
{
    begin();
    struct rng rng = unit_rng("gram");
    mat X = normal(&rng, 3, 2), H = arena_mat(&arena, 3, 3);
    land_wide_gram(X, H);
    enum { SAMPLES = 40000 };
    double hits = 0;
    for (int n = 0; n < SAMPLES; n++) {
        vec w = VEC(rng_normal(&rng), rng_normal(&rng));
        arena.used -= 64;
        hits += dot(w, row(X, 0)) > 0 && dot(w, row(X, 2)) > 0;
    }
    double inner = dot(row(X, 0), row(X, 2));
    assert_near(row(H, 0).at[2], inner * hits / SAMPLES,
                7 * 0.5 * fabs(inner) / sqrt(SAMPLES));
    assert_near(row(H, 1).at[1], dot(row(X, 1), row(X, 1)) / 2, 1e-14);
    end();
}
END_TEST

START_TEST(wide_networks_of_one_unit_and_of_seventy_examples)
{
    begin();
    struct rng rng = unit_rng("one unit");
    struct mlp net = land_wide_network(2, 1);
    vec w = arena_vec(&arena, 3);
    land_wide_start(&net, &rng, w);
    ck_assert(w.at[0] != 0 && w.at[1] != 0 && fabs(w.at[2]) == 1);
    for (int n = 1; n <= 70; n += 69) {
        mat X = arena_mat(&arena, n, 2), H = arena_mat(&arena, n, n);
        fill(3, entries(X)), fill(NAN, entries(H));
        land_wide_gram(X, H);
        int wrong = 0;
        for (int i = 0; i < n * n; i++)
            wrong += !(fabs(H.at[i] - 9) <= 1e-13);
        ck_assert_int_eq(wrong, 0);
    }
    end();
}
END_TEST

START_TEST(a_wide_step_moves_the_first_layer_alone)
{
    begin();
    struct rng rng = unit_rng("step");
    struct mlp net = land_wide_network(2, 3);
    struct mlp_pass pass = mlp_pass_make(&arena, &net, 5);
    mat X = normal(&rng, 5, 2);
    vec w = arena_vec(&arena, 9), y = normals(&rng, 5), w_0 = arena_vec(&arena, 9);
    land_wide_start(&net, &rng, w);
    copy(w, w_0);
    size_t used = arena.used;
    double loss = land_wide_step(&net, X, y, 0.1, &pass, &arena, w), sum = 0;
    ck_assert_uint_eq(arena.used, used);
    double moved[6] = {0};
    for (int i = 0; i < 5; i++) {
        double f = 0;
        for (int r = 0; r < 3; r++)
            f += w_0.at[6 + r] * fmax(0, dot(part(w_0, 2 * r, 2), row(X, i))) / sqrt(3);
        sum += (f - y.at[i]) * (f - y.at[i]) / 2;
        for (int r = 0; r < 3; r++)
            for (int l = 0; l < 2 && dot(part(w_0, 2 * r, 2), row(X, i)) > 0; l++)
                moved[2 * r + l] -=
                    0.1 * (f - y.at[i]) * w_0.at[6 + r] * row(X, i).at[l] / sqrt(3);
    }
    assert_near(loss, sum, 1e-13 * (1 + sum));
    for (int l = 0; l < 6; l++)
        assert_near(w.at[l] - w_0.at[l], moved[l], 1e-13);
    for (int l = 6; l < 9; l++)
        ck_assert_double_eq(w.at[l], w_0.at[l]);
    end();
}
END_TEST

/* ---- Pictures -------------------------------------------------------------------- */

START_TEST(directions_are_as_long_as_weights)
{
    begin();
    mat W = {2, 3, VEC(3, 4, 0, 0, 0, 2).at}, D = {2, 3, VEC(0, 0, 1, 3, 0, 0).at};
    land_like_rows(W, D);
    assert_entries(entries(D), (double[]){0, 0, 5, 2, 0, 0}, 1e-15);
    mat E = {2, 3, VEC(6, 0, 0, 8, 0, 3).at};
    land_like_columns(W, E);
    assert_entries(entries(E), (double[]){1.8, 0, 0, 2.4, 0, 2}, 1e-15);
    mat Z = {1, 1, VEC(0).at};
    land_like_rows((mat){1, 1, VEC(3).at}, Z);
    land_like_columns((mat){1, 1, VEC(3).at}, Z);
    ck_assert_double_eq(Z.at[0], 0);
    Z.at[0] = -2;
    land_like_rows((mat){1, 1, VEC(3).at}, Z);
    ck_assert_double_eq(Z.at[0], -3);
    mat W_long = arena_mat(&arena, 70, 70), D_long = arena_mat(&arena, 70, 70);
    fill(1, entries(W_long));
    for (int j = 0; j < 70; j++) /* the last row and column are fives */
        row(W_long, 69).at[j] = row(W_long, j).at[69] = 5;
    for (int which = 0; which < 2; which++) {
        fill(-3, entries(D_long));
        which == 0 ? land_like_rows(W_long, D_long) : land_like_columns(W_long, D_long);
        for (int i = 0; i < 70; i += 69)
            for (int j = 0; j < 70; j += 69)
                assert_near(row(D_long, i).at[j],
                            (which == 0 ? i : j) == 69 ? -5 : -sqrt((69 + 25) / 70.0),
                            1e-13);
    }
    Z.at[0] = TINY;
    land_like_columns((mat){1, 1, VEC(VAST).at}, Z);
    assert_near(Z.at[0] / VAST, 1, 1e-15);
    end();
}
END_TEST

static double plane(void *c, vec w)
{
    return ((double *)c)[0] * w.at[0] + ((double *)c)[1] * w.at[1];
}

START_TEST(a_slice_has_its_rows_along_d)
{
    begin();
    double c[] = {1, 10};
    mat L = arena_mat(&arena, 3, 5);
    vec w = VEC(100, 0);
    size_t used = arena.used;
    land_slice(plane, c, w, VEC(1, 0), VEC(0, 1), 2, &arena, L);
    ck_assert_uint_eq(arena.used, used + 2 * 64);
    assert_entries(entries(L),
                   (double[]){78, 88, 98, 108, 118, 80, 90, 100, 110, 120, 82, 92, 102,
                              112, 122},
                   1e-12);
    assert_entries(w, (double[]){100, 0}, 0);
    mat corners = arena_mat(&arena, 2, 2);
    land_slice(plane, c, w, VEC(1, 0), VEC(0, 1), 2, &arena, corners);
    assert_entries(entries(corners), (double[]){78, 118, 82, 122}, 1e-12);
    mat fine = arena_mat(&arena, 70, 70);
    land_slice(plane, c, w, VEC(1, 0), VEC(0, 1), 2, &arena, fine);
    assert_near(row(fine, 69).at[0], 82, 1e-12);
    assert_near(row(fine, 69).at[69], 122, 1e-12);
    end();
}
END_TEST

/* x^2/2 a + xy b + y^2/2 c on a grid, by rows y. */
static mat bowl(double a, double b, double c, int rows, int cols)
{
    mat L = arena_mat(&arena, rows, cols);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < cols; x++)
            row(L, y).at[x] = a * x * x / 2 + b * x * y + c * y * y / 2;
    return L;
}

START_TEST(saddles_are_counted)
{
    begin();
    ck_assert_double_eq(land_saddle_share(bowl(1, 0, 1, 5, 7)), 0);
    ck_assert_double_eq(land_saddle_share(bowl(1, 0.75, 1, 5, 7)), 0);
    ck_assert_double_eq(land_saddle_share(bowl(1, 1.25, 1, 5, 7)), 1);
    ck_assert_double_eq(land_saddle_share(bowl(1, -1.25, 1, 5, 7)), 1);
    ck_assert_double_eq(land_saddle_share(bowl(-1, 0, -1, 3, 3)), 1);
    ck_assert_double_eq(land_saddle_share(bowl(-1, 0, 1, 3, 4)), 1);
    ck_assert_double_eq(land_saddle_share(bowl(0, 0, 0, 3, 3)), 0);
    mat tall = bowl(1, 0, 1, 70, 3);
    row(tall, 69).at[1] -= 3000; /* below the last inner point */
    ck_assert_double_eq(land_saddle_share(tall), 1.0 / 68);
    mat wide = bowl(1, 0, 1, 3, 70);
    row(wide, 1).at[69] -= 3000;
    ck_assert_double_eq(land_saddle_share(wide), 1.0 / 68);
    mat L = bowl(1, 0, 1, 3, 5);
    L.at[2] -= 1; /* above and below the middle one of three inner points */
    L.at[12] -= 1;
    ck_assert_double_eq(land_saddle_share(L), 1.0 / 3);
    end();
}
END_TEST

START_TEST(directions_of_huge_numbers)
{
    begin();
    double huge = IS_DOUBLE ? 0x1p600 : 0x1p100;
    double limit = rounded(0x1p-50) * huge;
    mat W = {1, 2, VEC(huge, 0).at}, D = {1, 2, VEC(0, -huge).at};
    land_like_rows(W, D);
    assert_entries(entries(D), (double[]){0, -huge}, limit);
    mat V = {2, 1, VEC(0, huge).at}, E = {2, 1, VEC(1 / huge, 0).at};
    land_like_columns(V, E);
    assert_entries(entries(E), (double[]){huge, 0}, limit);
    end();
}
END_TEST

/* Each side of a slice has steps of its own. */
START_TEST(slices_need_not_be_square)
{
    static const int shapes[][2] = {{70, 2}, {2, 70}, {3, 100}, {65, 4}};
    begin();
    double c[] = {1, 10};
    for (int s = 0; s < 4; s++) {
        int rows = shapes[s][0], cols = shapes[s][1];
        mat L = arena_mat(&arena, rows, cols);
        land_slice(plane, c, VEC(100, 0), VEC(1, 0), VEC(0, 1), 2, &arena, L);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < cols; j++) {
                double y = 4.0 * i / (rows - 1) - 2, x = 4.0 * j / (cols - 1) - 2;
                assert_near(row(L, i).at[j], 100 + y + 10 * x, 1e-12);
            }
    }
    end();
}
END_TEST

/* What every function says it reads is as it was, to the bit. */
START_TEST(what_is_read_stays)
{
    begin();
    struct rng rng = unit_rng("read");
    struct mlp line = mlp_make(2, (int[]){2, 2, 2}, LINEAR, STANDARD, false);
    struct mlp wide = land_wide_network(2, 3);
    struct mlp relu = mlp_make(2, (int[]){2, 3, 1}, RELU, STANDARD, true);
    struct mlp_pass pass = mlp_pass_make(&arena, &wide, 4);
    mat M = normal(&rng, 2, 2), C = normal(&rng, 2, 2), Z = normal(&rng, 2, 2);
    mat U = normal(&rng, 2, 2), X = normal(&rng, 4, 2), W = normal(&rng, 3, 2);
    mat out = arena_mat(&arena, 2, 2), more = arena_mat(&arena, 2, 2);
    vec w = normals(&rng, 8), y = normals(&rng, 4), s = VEC(2, 1), a = normals(&rng, 2);
    vec v = normals(&rng, 9), b = normals(&rng, mlp_parameters(&relu));
    struct unit_watch read =
        WATCH(&arena, entries(M), entries(C), entries(Z), entries(U), entries(X),
              entries(W), w, y, s, a, part(v, 6, 3), part(b, 0, 6)); /* not trained */
    land_linear_loss(&line, M, &arena, w, normals(&rng, 8));
    land_linear_critical(U, s, M, 1, C, Z, &arena, out, more);
    land_teacher_loss(W, X, &arena, arena_mat(&arena, 3, 2));
    land_split(W, 1, arena_mat(&arena, 4, 2));
    land_splitting(W, X, 1, &arena, out);
    land_affine_start(&relu, X, a, 1, 0.5, &arena, b);
    land_wide_gram(X, arena_mat(&arena, 4, 4));
    land_wide_step(&wide, X, y, 0.1, &pass, &arena, v);
    land_like_rows(U, out), land_like_columns(U, more);
    land_saddle_share((mat){3, 3, v.at});
    assert_unchanged(&read);
    end();
}
END_TEST

/* ---- Mistakes -------------------------------------------------------------------- */

START_TEST(mistakes_of_shape_stop)
{
    begin();
    struct mlp relu = mlp_make(2, (int[]){2, 2, 1}, RELU, STANDARD, true);
    struct mlp line = mlp_make(2, (int[]){2, 2, 1}, LINEAR, STANDARD, false);
    mat M = arena_mat(&arena, 1, 2), N = arena_mat(&arena, 2, 2),
        T = arena_mat(&arena, 3, 3);
    vec w = arena_vec(&arena, 9), v = arena_vec(&arena, 6);
    struct mlp_pass pass = mlp_pass_make(&arena, &relu, 1);
    ck_assert_stops("the network has an activation, 1",
                    land_linear_loss(&relu, M, &arena, w, w));
    ck_assert_stops("M must be 1 x 2", land_linear_loss(&line, N, &arena, v, v));
    ck_assert_stops("keeps more than 2 hidden units or 2 directions",
                    land_linear_critical(N, VEC(2, 1), T, 4, N, N, &arena, N, N));
    ck_assert_stops("keeps more than 2",
                    land_linear_critical(T, VEC(3, 2, 1), T, 7, N, N, &arena, N, N));
    ck_assert_stops("keeps more than 2 hidden units or 31 directions",
                    land_linear_critical(N, arena_vec(&arena, 31), T, 1u << 31, N, N,
                                         &arena, N, N));
    ck_assert_stops("W_2 must be 2 x 2",
                    land_linear_critical(N, VEC(2, 1), N, 1, N, N, &arena, M, N));
    ck_assert_stops("W_1 must be 2 x 2",
                    land_linear_critical(N, VEC(2, 1), N, 1, N, N, &arena, N, M));
    ck_assert_stops("the student has 2 inputs, the teacher 3",
                    land_teacher_loss(N, row_block(T, 0, 2), &arena, N));
    ck_assert_stops("dW must be 2 x 2", land_teacher_loss(N, N, &arena, M));
    ck_assert_stops("neuron 2 of 2", land_split(N, 2, T));
    ck_assert_stops("neuron -1 of 2", land_split(N, -1, T));
    ck_assert_stops("neuron 2 of 2",
                    land_split(arena_mat(&arena, 2, 3), 2, arena_mat(&arena, 3, 3)));
    ck_assert_stops("wider must be 3 x 2", land_split(N, 0, T));
    ck_assert_stops("neuron 2 of 2", land_splitting(N, N, 2, &arena, N));
    ck_assert_stops("S must be 2 x 2", land_splitting(N, N, 0, &arena, T));
    ck_assert_stops("2 layers of activation 0",
                    land_affine_start(&line, N, VEC(1, 1), 0, 1, &arena, v));
    ck_assert_stops("the margin is -1",
                    land_affine_start(&relu, N, VEC(1, 1), 0, -1, &arena, w));
    ck_assert_stops("H must be 2 x 2", land_wide_gram(N, T));
    ck_assert_stops("eta must be finite and positive",
                    land_wide_step(&relu, M, VEC(1), 0, &pass, &arena, w));
    ck_assert_stops("D must be 2 x 2", land_like_rows(N, M));
    ck_assert_stops("D must be 2 x 2", land_like_columns(N, M));
    ck_assert_stops("a slice of 1 x 2", land_slice(plane, w.at, v, v, v, 1, &arena, M));
    ck_assert_stops("a slice of 2 x 1",
                    land_slice(plane, w.at, v, v, v, 1, &arena, column(VEC(0, 0))));
    ck_assert_stops("a slice of 2 x 3", land_saddle_share(row_block(T, 0, 2)));
    ck_assert_stops("a slice of 3 x 2", land_saddle_share(arena_mat(&arena, 3, 2)));
    end();
}
END_TEST

START_TEST(mistakes_of_networks_stop)
{
    begin();
    struct mlp narrow = mlp_make(2, (int[]){3, 2, 1}, RELU, STANDARD, true);
    struct mlp deep = mlp_make(3, (int[]){2, 2, 2, 1}, RELU, STANDARD, true);
    struct mlp two = mlp_make(2, (int[]){2, 2, 2}, RELU, STANDARD, false);
    struct mlp bare = mlp_make(2, (int[]){2, 2, 1}, RELU, STANDARD, false);
    struct mlp bent = mlp_make(2, (int[]){2, 2, 1}, LINEAR, STANDARD, true);
    struct mlp biased = mlp_make(2, (int[]){2, 2, 1}, LINEAR, STANDARD, true);
    mat X = arena_mat(&arena, 1, 2), M = arena_mat(&arena, 1, 2);
    vec w = arena_vec(&arena, 20);
    struct mlp_pass pass = mlp_pass_make(&arena, &two, 1);
    ck_assert_stops("2 units for 3 inputs",
                    land_affine_start(&narrow, arena_mat(&arena, 1, 3), VEC(1, 1, 1), 0,
                                      1, &arena, part(w, 0, 11)));
    ck_assert_stops("3 layers of activation 1",
                    land_affine_start(&deep, X, VEC(1, 1), 0, 1, &arena,
                                      part(w, 0, 15)));
    ck_assert_stops("2 layers of activation 1",
                    land_affine_start(&bare, X, VEC(1, 1), 0, 1, &arena,
                                      part(w, 0, 6)));
    ck_assert_stops("2 layers of activation 0",
                    land_affine_start(&bent, X, VEC(1, 1), 0, 1, &arena,
                                      part(w, 0, 9)));
    ck_assert_stops("or biases",
                    land_linear_loss(&biased, M, &arena, part(w, 0, 9), part(w, 0, 9)));
    ck_assert_stops("2 layers, 2 outputs",
                    land_wide_step(&two, X, VEC(1), 1, &pass, &arena, part(w, 0, 8)));
    ck_assert_stops("3 layers, 1 outputs",
                    land_wide_step(&deep, X, VEC(1), 1, &pass, &arena, part(w, 0, 15)));
    ck_assert_stops("eta must be finite and positive, got inf",
                    land_wide_step(&bare, X, VEC(1), INFINITY, &pass, &arena,
                                   part(w, 0, 6)));
    end();
}
END_TEST

int main(void)
{
    return unit_run("landscape",
                    (const TTest *[]){the_linear_loss_is_that_of_the_product,
                                      seventy_inputs_are_all_seen,
                                      a_network_of_one_weight,
                                      critical_factors_keep_what_they_are_told,
                                      idle_units_do_as_they_are_told,
                                      critical_factors_of_one_and_of_forty,
                                      the_index_counts_swaps_and_idle_units,
                                      the_teachers_loss_is_a_mean_over_inputs,
                                      the_teachers_gradient_is_that_of_its_loss,
                                      a_student_like_its_teacher_has_no_loss,
                                      opposite_neurons_and_an_untaught_student,
                                      a_split_neuron_is_two_halves,
                                      neurons_in_many_parts_are_one,
                                      a_splitting_matrix_in_seventy_dimensions,
                                      the_splitting_matrix_meets_the_residual,
                                      parallel_neurons_do_not_count_in_a_split,
                                      a_buried_network_is_affine,
                                      a_buried_network_of_nan_says_so,
                                      a_wide_start_has_signs_on_top,
                                      the_wide_gram_is_a_mean_over_neurons,
                                      wide_networks_of_one_unit_and_of_seventy_examples,
                                      a_wide_step_moves_the_first_layer_alone,
                                      directions_are_as_long_as_weights,
                                      a_slice_has_its_rows_along_d,
                                      saddles_are_counted,
                                      mistakes_of_shape_stop,
                                      mistakes_of_networks_stop,
                                      units_of_weights_are_only_units,
                                      neurons_at_the_smallest_angle_count,
                                      signs_on_top_have_no_period,
                                      directions_of_huge_numbers,
                                      slices_need_not_be_square,
                                      what_is_read_stays,
                                      NULL});
}
