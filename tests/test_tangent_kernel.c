/* The contract of tangent_kernel.h.  Angles and kernels are held against values that
 * are known exactly or computed in long double; the Gram matrix against the kernel of
 * two points; the steps against networks on which they are known. */
#include "ground/unit.h"
#include "tangent_kernel.h"

#include <float.h>
#include <math.h>

static const long double PI = 3.141592653589793238462643383279502884L;

/* ---- Angles and kernels of two points -------------------------------------------- */

static vec pair_at(real *room, double length, double theta)
{
    room[0] = length * cos(theta);
    room[1] = length * sin(theta);
    return (vec){2, room};
}

static void assert_angle(vec x, vec y, double angle, double limit)
{
    ck_assert_double_le(fabs(ntk_angle(x, y) - angle), limit);
}

/* Of a tiny vector at a tiny angle the second entry is a multiple of the least number.
 */
START_TEST(angles_are_good_everywhere)
{
    static const double angles[] = {0, 1e8 * REAL_MIN, 1e-12, 1e-5, 0.5, 1.5,
                                    3, 3.141592};
    real e[2] = {3, 0}, far[2] = {VAST, 0}, room[2];
    for (int i = 0; i < 8; i++) {
        double near = 8 * REAL_EPSILON * fmax(angles[i], REAL_MIN);
        assert_angle((vec){2, e}, pair_at(room, 7, angles[i]), angles[i], near);
        assert_angle((vec){2, far}, pair_at(room, TINY, angles[i]), angles[i],
                     near + REAL_TRUE_MIN / TINY);
    }
    real back[2] = {-2, 0};
    assert_near(ntk_angle((vec){2, e}, (vec){2, back}), PI, 4 * DBL_EPSILON);
}
END_TEST

START_TEST(the_angle_with_zero_is_right)
{
    real zero[3] = {0}, x[3] = {1, 2, 3};
    ck_assert_double_eq(ntk_angle((vec){3, zero}, (vec){3, x}), (double)PI / 2);
    ck_assert_double_eq(ntk_angle((vec){3, x}, (vec){3, zero}), (double)PI / 2);
    ck_assert_double_eq(ntk_kernel((vec){3, x}, (vec){3, zero}, 3), 0);
}
END_TEST

START_TEST(arc_cosines_have_their_known_values)
{
    ck_assert_double_eq(ntk_arc_cosine_0(0), 1);
    ck_assert_double_eq(ntk_arc_cosine_1(0), 1);
    ck_assert_double_eq(ntk_arc_cosine_0((double)PI / 2), 0.5);
    assert_near(ntk_arc_cosine_1((double)PI / 2), 1 / PI, DBL_EPSILON);
    ck_assert_double_eq(ntk_arc_cosine_0((double)PI), 0);
    assert_near(ntk_arc_cosine_1((double)PI), 0, DBL_EPSILON);
    assert_near(ntk_arc_cosine_1((double)PI / 3), (sqrtl(3) / 2 + PI / 3) / PI,
                2 * DBL_EPSILON);
}
END_TEST

START_TEST(kernels_of_right_opposite_and_equal_inputs)
{
    real x[2] = {2, 0}, up[2] = {0, 3}, back[2] = {-2, 0};
    vec a = {2, x}, b = {2, up}, c = {2, back};
    double tiny = 20 * DBL_EPSILON;
    for (int hidden = 0; hidden < 6; hidden++)
        assert_near(ntk_kernel(a, a, hidden), 2.0L * (hidden + 1), tiny);
    assert_near(ntk_kernel(a, b, 0), 0, tiny);
    assert_near(ntk_kernel(a, b, 1), 3 / PI, tiny); /* ||x|| ||y|| / d = 3 */
    assert_near(ntk_kernel(a, c, 0), -2, tiny);
    assert_near(ntk_kernel(a, c, 1), 0, tiny);
    assert_near(ntk_kernel(a, c, 2), 2 / PI, tiny);
}
END_TEST

/* The recursion in long double, where the arc cosine loses half of more digits. */
static long double by_arc_cosine(long double theta, int hidden)
{
    long double t = cosl(theta);
    for (int l = 0; l < hidden; l++) {
        long double next = (sinl(theta) + (PI - theta) * cosl(theta)) / PI;
        t = next + t * (PI - theta) / PI;
        theta = acosl(next);
    }
    return t;
}

START_TEST(kernels_of_close_inputs_keep_their_digits)
{
    static const double angles[] = {1e-4, 1e-3, 0.1, 1, 2, 3};
    real e[2] = {sqrt(2), 0}, room[2];
    for (int i = 0; i < 6; i++)
        for (int hidden = 0; hidden < 5; hidden++)
            assert_near(ntk_kernel((vec){2, e}, pair_at(room, sqrt(2), angles[i]),
                                   hidden),
                        by_arc_cosine(angles[i], hidden), 100 * DBL_EPSILON);
}
END_TEST

/* ---- Gram matrices --------------------------------------------------------------- */

static double most_off(mat X, mat Y, int hidden, mat Theta)
{
    double most = 0;
    for (int i = 0; i < X.rows; i++)
        for (int j = 0; j < Y.rows; j++) {
            double size = norm(row(X, i)) * norm(row(Y, j)) / X.cols;
            double off =
                Theta.at[i * Y.rows + j] - ntk_kernel(row(X, i), row(Y, j), hidden);
            ck_assert_msg(isfinite(off), "entry %d, %d is no number", i, j);
            most = fmax(most, fabs(off) / fmax(size, 1));
        }
    return most;
}

START_TEST(gram_matrices_hold_the_kernel_of_each_pair)
{
    static const int sizes[] = {0, 1, 2, 3, 127, 128, 129, 300};
    struct arena arena = arena_make(1 << 23);
    struct rng rng = unit_rng("gram");
    for (int s = 0; s < 8; s++)
        for (int hidden = 0; hidden < 4; hidden += 1 + hidden) {
            arena.used = 0;
            mat X = arena_mat(&arena, sizes[s], 9);
            mat Theta = arena_mat(&arena, sizes[s], sizes[s]);
            rng_normals(&rng, 0, 2, entries(X));
            fill(NAN, entries(Theta));
            size_t before = arena.used;
            ntk_gram(X, hidden, &arena, Theta);
            ck_assert_uint_eq(arena.used, before);
            /* The cosine of no pair of 45,000 is so near 1 that its arc cosine, which
             * is off by eps over the sine, loses three digits. */
            ck_assert_double_le(most_off(X, X, hidden, Theta),
                                30 * 9 * 1000 * REAL_EPSILON);
            for (int i = 0; i < X.rows; i++)
                for (int j = 0; j < i; j++)
                    ck_assert(Theta.at[i * X.rows + j] == Theta.at[j * X.rows + i]);
        }
    arena_free(&arena);
}
END_TEST

/* A layer more or less would change Theta by one part in hidden.  After l layers an
 * angle is about 9 / l, to eps l / 9, as its cosine is to eps; so k_0 is to a third of
 * that, and multiplies a t of l / 4: their sum is off by hidden^3 / 350 eps. */
START_TEST(gram_matrices_of_deep_networks)
{
    static const int depths[] = {31, 64, 65, 66, 200};
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("deep");
    mat X = arena_mat(&arena, 6, 9), Theta = arena_mat(&arena, 6, 6);
    rng_normals(&rng, 0, 2, entries(X));
    for (int d = 0; d < 5; d++) {
        ntk_gram(X, depths[d], &arena, Theta);
        ck_assert_double_le(most_off(X, X, depths[d], Theta),
                            30 * pow(depths[d], 3) / 350 * REAL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

/* Of a Gram matrix the last column is a mirror image; of these it is computed. */
START_TEST(kernels_across_any_number)
{
    static const int numbers[] = {1, 2, 63, 64, 65, 130};
    struct arena arena = arena_make(1 << 18);
    struct rng rng = unit_rng("across");
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            arena.used = 0;
            mat X = arena_mat(&arena, numbers[i], 5);
            mat Y = arena_mat(&arena, numbers[j], 5);
            mat Theta = arena_mat(&arena, X.rows, Y.rows);
            rng_normals(&rng, 0, 2, entries(X));
            rng_normals(&rng, 0, 2, entries(Y));
            fill(NAN, entries(Theta));
            ntk_cross(X, Y, 2, &arena, Theta);
            ck_assert_double_le(most_off(X, Y, 2, Theta), 30 * 5 * 1000 * REAL_EPSILON);
        }
    arena_free(&arena);
}
END_TEST

START_TEST(the_diagonal_is_exact)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("diagonal");
    mat X = arena_mat(&arena, 20, 7), Theta = arena_mat(&arena, 20, 20);
    rng_normals(&rng, 0, 1, entries(X));
    ntk_gram(X, 4, &arena, Theta);
    for (int i = 0; i < 20; i++) {
        double exact = 5 * dot(row(X, i), row(X, i)) / 7;
        assert_near(Theta.at[i * 21], exact, 8 * DBL_EPSILON * exact);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(equal_opposite_and_zero_rows_give_numbers)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("edges");
    mat X = arena_mat(&arena, 4, 5), Theta = arena_mat(&arena, 4, 4);
    rng_normals(&rng, 0, 1, row(X, 0));
    axpy(3, row(X, 0), row(X, 1));
    axpy(-1, row(X, 0), row(X, 2));
    ntk_gram(X, 3, &arena, Theta);
    /* A cosine off by eps from 1 is an angle off by sqrt(2 eps). */
    ck_assert_double_le(most_off(X, X, 3, Theta), 30 * sqrt(5 * REAL_EPSILON));
    for (int j = 0; j < 4; j++) {
        ck_assert_double_eq(Theta.at[3 * 4 + j], 0);
        ck_assert_double_eq(Theta.at[j * 4 + 3], 0);
    }
    ntk_cross(X, X, 3, &arena, Theta);
    ck_assert_double_le(most_off(X, X, 3, Theta), 30 * sqrt(5 * REAL_EPSILON));
    arena_free(&arena);
}
END_TEST

START_TEST(rounding_never_leaves_the_domain_of_an_arc_cosine)
{
    enum { ROWS = 500 };
    struct arena arena = arena_make(1 << 23);
    struct rng rng = unit_rng("domain");
    mat X = arena_mat(&arena, ROWS, 5), Theta = arena_mat(&arena, ROWS, ROWS);
    rng_normals(&rng, 0, 1, row(X, 0));
    for (int i = 1; i < ROWS; i++) /* x and -x at many lengths, and all but x */
        for (int j = 0; j < 5; j++)
            X.at[i * 5 + j] =
                X.at[j] * (i % 2 ? i : -i) / 7 *
                (1 + (i % 3 == 0 ? 0.7 * sqrt(REAL_EPSILON) * rng_normal(&rng) : 0));
    ntk_gram(X, 8, &arena, Theta);
    ck_assert_double_le(most_off(X, X, 8, Theta), 36 * sqrt(20 * REAL_EPSILON) / 3);
    arena_free(&arena);
}
END_TEST

START_TEST(the_gram_matrix_keeps_to_its_scratch)
{
    struct arena arena = arena_make(1 << 23);
    mat X = arena_mat(&arena, 500, 3), Theta = arena_mat(&arena, 500, 500);
    fill(1, entries(X));
    arena.size = arena.used + 3 * 500 * sizeof(real) + 1024; /* alignment */
    ntk_gram(X, 2, &arena, Theta);
    arena_free(&arena);
}
END_TEST

START_TEST(two_sets_of_inputs_have_a_kernel_too)
{
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("cross");
    for (int n = 0; n <= 40; n += 20) {
        mat X = arena_mat(&arena, n, 9), Y = arena_mat(&arena, 13, 9);
        mat Theta = arena_mat(&arena, n, 13);
        rng_normals(&rng, 0, 2, entries(X));
        rng_normals(&rng, 0, 0.5, entries(Y));
        size_t before = arena.used;
        ntk_cross(X, Y, 2, &arena, Theta);
        ck_assert_uint_eq(arena.used, before);
        ck_assert_double_le(most_off(X, Y, 2, Theta), 30 * 9 * 1000 * REAL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

/* One to four inputs of one to four dimensions, some of which are multiples of others;
 * an angle near 0 or 180 degrees costs half of the digits. */
START_TEST(kernels_of_few_inputs_in_few_dimensions)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("few");
    for (int draw = 0; draw < 2000; draw++) {
        int n = 1 + rng_below(&rng, 4), m = 1 + rng_below(&rng, 4),
            d = 1 + rng_below(&rng, 4), hidden = rng_below(&rng, 5);
        mat X = arena_mat(&arena, n, d), Y = arena_mat(&arena, m, d);
        mat Theta = arena_mat(&arena, n, m), Gram = arena_mat(&arena, n, n);
        rng_normals(&rng, 0, 1, entries(X));
        rng_normals(&rng, 0, 1, entries(Y));
        if (rng_below(&rng, 2)) {
            copy(row(X, rng_below(&rng, n)), row(Y, 0));
            scale(3 * rng_normal(&rng), row(Y, 0));
        }
        fill(NAN, entries(Theta));
        fill(NAN, entries(Gram));
        ntk_cross(X, Y, hidden, &arena, Theta);
        ntk_gram(X, hidden, &arena, Gram);
        ck_assert_double_le(most_off(X, Y, hidden, Theta), 30 * sqrt(5 * REAL_EPSILON));
        ck_assert_double_le(most_off(X, X, hidden, Gram), 30 * sqrt(5 * REAL_EPSILON));
        arena.used = 0;
    }
    arena_free(&arena);
}
END_TEST

/* An input that comes again, or a multiple of it, adds nothing to the rank: whatever
 * the targets are, there is no regression without a lambda.  Equal rows are equal. */
START_TEST(the_same_input_twice_is_no_new_one)
{
    const double far = IS_DOUBLE ? 1e150 : 1e15;
    const double lengths[] = {1 / far, 1e-3, 1, far};
    struct arena arena = arena_make(1 << 20);
    struct rng rng = unit_rng("twice");
    for (int draw = 0; draw < 400; draw++) {
        int n = 2 + rng_below(&rng, 20), d = 1 + rng_below(&rng, 40);
        int i = rng_below(&rng, n), j = (i + 1 + rng_below(&rng, n - 1)) % n;
        int hidden = rng_below(&rng, 4);
        mat X = arena_mat(&arena, n, d), K = arena_mat(&arena, n, n);
        vec y = arena_vec(&arena, n), a = arena_vec(&arena, n);
        rng_normals(&rng, 0, lengths[draw % 4], entries(X));
        rng_normals(&rng, 0, 1, y);
        copy(row(X, i), row(X, j));
        ntk_gram(X, hidden, &arena, K);
        ck_assert_double_eq(row(K, i).at[j], row(K, i).at[i]);
        ck_assert_double_eq(row(K, j).at[i], row(K, j).at[j]);
        ck_assert_int_eq(ntk_regression(K, y, 0, &arena, a), FACTOR_NOT_POSITIVE);
        ck_assert_mem_eq(a.at, y.at, (size_t)n * sizeof *y.at);
        scale(0.1 + 3 * rng_uniform(&rng), row(X, j));
        ntk_gram(X, hidden, &arena, K);
        ck_assert_int_eq(ntk_regression(K, y, 0, &arena, a), FACTOR_NOT_POSITIVE);
        double lambda = row(K, 0).at[0];
        ck_assert_int_eq(ntk_regression(K, y, lambda, &arena, a), FACTOR_OK);
        arena.used = 0;
    }
    arena_free(&arena);
}
END_TEST

/* Rows that differ, if only in what is left of the second half of the digits, are two
 * inputs. */
START_TEST(close_inputs_are_two)
{
    struct arena arena = arena_make(1 << 12);
    mat X = {2, 2, (real[]){1, 2, 1, 2 + 64 * sqrt(REAL_EPSILON)}},
        K = arena_mat(&arena, 2, 2);
    vec y = {2, (real[]){1, 1}}, a = arena_vec(&arena, 2);
    ntk_gram(X, 2, &arena, K);
    ck_assert_double_lt((double)K.at[1] * K.at[1], (double)K.at[0] * K.at[3]);
    ck_assert_int_eq(ntk_regression(K, y, 0, &arena, a), FACTOR_OK);
    arena_free(&arena);
}
END_TEST

/* What is no number reaches all that depends on it, and nothing else. */
START_TEST(a_nan_reaches_its_row)
{
    struct arena arena = arena_make(1 << 12);
    mat X = {3, 2, (real[]){1, 2, 3, NAN, 0, 0}}, K = arena_mat(&arena, 3, 3);
    vec y = {3, (real[]){1, 1, 1}}, a = arena_vec(&arena, 3);
    ntk_gram(X, 2, &arena, K);
    for (int j = 0; j < 3; j++)
        ck_assert(isnan(row(K, 1).at[j]) && isnan(row(K, j).at[1]));
    assert_near(K.at[0], 7.5, 8 * DBL_EPSILON * 7.5);
    ck_assert_double_eq(K.at[2], 0);
    ck_assert_int_eq(ntk_regression(K, y, 0, &arena, a), FACTOR_NOT_POSITIVE);
    arena_free(&arena);
}
END_TEST

/* ---- The network and its linear model -------------------------------------------- */

START_TEST(the_network_is_as_long_as_its_input)
{
    struct mlp net = ntk_network(10, 3, 50);
    ck_assert_int_eq(net.depth, 4);
    ck_assert_int_eq(net.width[0], 10);
    for (int l = 1; l < 4; l++)
        ck_assert_int_eq(net.width[l], 50);
    ck_assert_int_eq(net.width[4], 1);
    ck_assert(!net.biases && net.activation == RELU);
    assert_near(net.multiplier[0], 1 / sqrtl(10), DBL_EPSILON);
    for (int l = 1; l < 4; l++)
        assert_near(net.multiplier[l], sqrtl(2) / sqrtl(50), DBL_EPSILON);
    ck_assert_int_eq(ntk_network(10, 0, 50).depth, 1);
    struct mlp deepest = ntk_network(10, MLP_DEPTH - 1, 50);
    for (int l = 1; l < MLP_DEPTH; l++) {
        ck_assert_int_eq(deepest.width[l], 50);
        ck_assert_double_eq(deepest.multiplier[l], sqrt(2.0 / 50));
    }
}
END_TEST

/* A network with random weights and inputs, and its pass at w0. */
struct set {
    struct arena arena;
    struct rng rng;
    struct mlp net;
    mat X, F;
    vec w0, w, y;
    struct mlp_pass at;
};

static struct set set_make(const char *test, int hidden, int n)
{
    struct set s = {.arena = arena_make(1 << 20), .rng = unit_rng(test)};
    s.net = ntk_network(4, hidden, 11);
    s.X = arena_mat(&s.arena, n, 4);
    s.F = arena_mat(&s.arena, n, 1);
    s.w0 = arena_vec(&s.arena, mlp_parameters(&s.net));
    s.w = arena_vec(&s.arena, s.w0.n);
    s.y = arena_vec(&s.arena, n);
    s.at = mlp_pass_make(&s.arena, &s.net, n);
    rng_normals(&s.rng, 0, 1, entries(s.X));
    rng_normals(&s.rng, 0, 1, s.w0);
    rng_normals(&s.rng, 0, 1, s.y);
    copy(s.w0, s.w);
    mlp_forward(&s.net, s.w0, s.X, &s.at);
    return s;
}

START_TEST(the_linear_model_is_the_network_where_that_is_linear)
{
    struct set s = set_make("linear", 2, 5);
    struct mlp_pass there = mlp_pass_make(&s.arena, &s.net, 5);
    rng_normals(&s.rng, 0, 1, entries(mlp_weights(&s.net, s.w, 2))); /* the last */
    mlp_forward(&s.net, s.w, s.X, &there);
    size_t before = s.arena.used;
    ntk_model(&s.net, s.w0, s.w, &s.at, &s.arena, s.F);
    ck_assert_uint_eq(s.arena.used, before);
    for (int i = 0; i < 5; i++)
        assert_near(s.F.at[i], there.H[3].at[i], 30 * 22 * DBL_EPSILON * 10);
    ntk_model(&s.net, s.w0, s.w0, &s.at, &s.arena, s.F);
    for (int i = 0; i < 5; i++)
        ck_assert_double_eq(s.F.at[i], s.at.H[3].at[i]);
    arena_free(&s.arena);
}
END_TEST

/* E := || f - y ||^2 / 2 of the network, or of the linear model, at w. */
static double cost(struct set *s, bool linear, vec w)
{
    struct mlp_pass pass = mlp_pass_make(&s->arena, &s->net, s->y.n);
    mlp_forward(&s->net, w, s->X, &pass);
    copy(entries(pass.H[s->net.depth]), entries(s->F));
    if (linear)
        ntk_model(&s->net, s->w0, w, &s->at, &s->arena, s->F);
    axpy(-1, s->y, entries(s->F));
    return dot(entries(s->F), entries(s->F)) / 2;
}

/* The step is alpha times the slope of the cost, by differences along the first weights
 * of each layer and along the step itself.  The cost of the linear model is a parabola,
 * of which a long difference is exact too, to some eps of it.  That of the network has
 * kinks, and one within h would leave h; rounding leaves 1e-16 cost / h. */
static void check_step(struct set *s, bool linear)
{
    struct mlp_pass pass = mlp_pass_make(&s->arena, &s->net, s->y.n);
    vec before = arena_vec(&s->arena, s->w.n), moved = arena_vec(&s->arena, s->w.n);
    copy(s->w, before);
    size_t used = s->arena.used;
    if (linear)
        ntk_step(&s->net, s->w0, s->y, 0.01, &s->at, &s->arena, s->w);
    else
        ntk_network_step(&s->net, s->X, s->y, 0.01, &pass, &s->arena, s->w);
    ck_assert_uint_eq(s->arena.used, used);
    double h = linear ? 0.5 : 1e-6, limit = linear ? 1e-14 : 1e-6;
    for (int j = 0; j < s->w.n; j += 5) {
        copy(before, moved);
        moved.at[j] += h;
        double up = cost(s, linear, moved);
        moved.at[j] -= 2 * h;
        double slope = (up - cost(s, linear, moved)) / (2 * h);
        assert_near((double)before.at[j] - s->w.at[j], 0.01 * slope, limit);
    }
}

START_TEST(a_step_of_the_linear_model_follows_its_cost)
{
    for (int n = 1; n <= 6; n++) {
        struct set s = set_make("step", n % 3, n);
        for (int i = 0; i < s.w.n; i++)
            s.w.at[i] += 0.3 * rng_normal(&s.rng);
        check_step(&s, true);
        arena_free(&s.arena);
    }
}
END_TEST

/* Of doubles: between rounding and the next kink single precision leaves no step. */
START_TEST(a_step_of_the_network_follows_its_cost)
{
    for (int n = 1; n <= 6; n++) {
        struct set s = set_make("step", n % 3, n);
        check_step(&s, false);
        arena_free(&s.arena);
    }
}
END_TEST

/* ---- Descent and regression ------------------------------------------------------ */

START_TEST(descent_with_a_diagonal_kernel)
{
    struct arena arena = arena_make(1 << 12);
    real k[] = {0.5, 0, 0, 2}, y[] = {3, -1}, a[] = {NAN, NAN};
    mat K = {2, 2, k};
    ntk_descent(K, (vec){2, y}, 0.4, 0, &arena, (vec){2, a});
    ck_assert(a[0] == 0 && a[1] == 0);
    ntk_descent(K, (vec){2, y}, 0.4, 1, &arena, (vec){2, a});
    assert_near(a[0], 1.2L, 4 * DBL_EPSILON);
    assert_near(a[1], -0.4L, 4 * DBL_EPSILON);
    ntk_descent(K, (vec){2, y}, 0.4, 7, &arena, (vec){2, a});
    assert_near(a[0], 3 * (1 - powl(0.8L, 7)) / 0.5L, 100 * DBL_EPSILON);
    assert_near(a[1], -(1 - powl(0.2L, 7)) / 2, 100 * DBL_EPSILON);
    ck_assert_uint_eq(arena.used, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(regression_solves_its_equations)
{
    struct arena arena = arena_make(1 << 12);
    real k[] = {2, 99, 1, 3}, y[] = {4, 7}, a[2]; /* the upper triangle is not read */
    mat K = {2, 2, k};
    vec out = {2, a};
    ck_assert_int_eq(ntk_regression(K, (vec){2, y}, 0, &arena, out), FACTOR_OK);
    assert_near(a[0], 1, 20 * DBL_EPSILON);
    assert_near(a[1], 2, 20 * DBL_EPSILON);
    ck_assert_int_eq(ntk_regression(K, (vec){2, y}, 1, &arena, out), FACTOR_OK);
    assert_near(a[0], 9 / 11.0L, 20 * DBL_EPSILON);
    assert_near(a[1], 17 / 11.0L, 20 * DBL_EPSILON);
    ck_assert_double_eq(k[0], 2);
    ck_assert_uint_eq(arena.used, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(a_kernel_that_is_not_definite_is_a_status)
{
    struct arena arena = arena_make(1 << 12);
    real k[] = {1, 1, 1, 1}, y[] = {1, 2}, a[2];
    mat K = {2, 2, k};
    vec t = {2, y}, out = {2, a};
    ck_assert_int_eq(ntk_regression(K, t, 0, &arena, out), FACTOR_NOT_POSITIVE);
    ck_assert(a[0] == 1 && a[1] == 2);
    ck_assert_uint_eq(arena.used, 0);
    ck_assert_int_eq(ntk_regression(K, t, 0.1, &arena, out), FACTOR_OK);
    arena_free(&arena);
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(what_does_not_fit_stops)
{
    struct set s = set_make("stops", 1, 5);
    mat Theta = arena_mat(&s.arena, 5, 5), small = arena_mat(&s.arena, 4, 4);
    vec x = row(s.X, 0), shorter = {3, x.at}, a = arena_vec(&s.arena, 5);
    struct mlp_pass *at = &s.at;
    struct arena *arena = &s.arena;
    ck_assert_stops("hidden must be 0 to 127, got -1", ntk_network(4, -1, 8));
    ck_assert_stops("hidden must be 0 to 127, got 128", ntk_network(4, 128, 8));
    ck_assert_stops("width[1] must be positive, got 0", ntk_network(4, 1, 0));
    ck_assert_stops("x has 4 entries, y has 3", ntk_angle(x, shorter));
    ck_assert_stops("hidden must not be negative, got -1", ntk_kernel(x, x, -1));
    ck_assert_stops("hidden must not be negative, got -2",
                    ntk_gram(s.X, -2, arena, Theta));
    ck_assert_stops("Theta must be 5 x 5, got 5 x 4",
                    ntk_gram(s.X, 1, arena, (mat){5, 4, Theta.at}));
    ck_assert_stops("Theta must be 5 x 5, got 4 x 4", ntk_gram(s.X, 1, arena, small));
    ck_assert_stops("hidden must not be negative, got -1",
                    ntk_cross(s.X, s.X, -1, arena, Theta));
    ck_assert_stops("gemm", ntk_cross(s.X, s.X, 1, arena, small));
    ck_assert_stops("alpha must be finite, got nan",
                    ntk_step(&s.net, s.w0, s.y, NAN, at, arena, s.w));
    ck_assert_stops("alpha must be finite, got inf",
                    ntk_network_step(&s.net, s.X, s.y, INFINITY, at, arena, s.w));
    ck_assert_stops("alpha must be finite, got nan",
                    ntk_descent(Theta, s.y, NAN, 1, arena, a));
    ck_assert_stops("lambda must be finite and not negative, got -1",
                    ntk_regression(Theta, s.y, -1, arena, a));
    ck_assert_stops("lambda must be finite and not negative, got nan",
                    ntk_regression(Theta, s.y, NAN, arena, a));
    struct mlp two = mlp_make(1, (int[]){4, 2}, RELU, TANGENT, false);
    vec w = arena_vec(&s.arena, 8);
    struct mlp_pass pass = mlp_pass_make(&s.arena, &two, 5);
    ck_assert_stops("the network has 2 outputs",
                    ntk_network_step(&two, s.X, s.y, 1, &pass, arena, w));
    arena_free(&s.arena);
}
END_TEST

/* A pivot of 2 eps may be rounding, 4 eps being the limit for n = 2, whatever lambda.
 */
START_TEST(a_penalty_that_is_lost_leaves_the_doubt)
{
    static const double lambdas[] = {0, 1e-300, 1e-20};
    struct arena arena = arena_make(1 << 12);
    for (int k = 0; k < 3; k++) {
        real K[] = {1, 1, 1, 1 + 2 * REAL_EPSILON}, y[] = {1, 2}, a[] = {NAN, NAN};
        ck_assert_int_eq(ntk_regression((mat){2, 2, K}, (vec){2, y}, lambdas[k], &arena,
                                        (vec){2, a}),
                         FACTOR_NOT_POSITIVE);
        ck_assert(a[0] == 1 && a[1] == 2);
    }
    arena_free(&arena);
}
END_TEST

/* w moves by what each of its examples would move it: a sum of n small moves, each of
 * them read off weights below 8. */
static void check_batch(bool linear, int n)
{
    struct set s = set_make("batch", 1, n);
    vec sum = arena_vec(&s.arena, s.w.n), one = arena_vec(&s.arena, s.w.n);
    for (int j = 0; j < s.w.n; j++)
        s.w.at[j] += 0.1 * rng_normal(&s.rng);
    copy(s.w, sum);
    struct mlp_pass pass = mlp_pass_make(&s.arena, &s.net, 1);
    for (int i = 0; i < n; i++) {
        vec y = part(s.y, i, 1);
        mat X = row_block(s.X, i, 1);
        copy(s.w, one);
        mlp_forward(&s.net, s.w0, X, &pass);
        if (linear)
            ntk_step(&s.net, s.w0, y, 0.01, &pass, &s.arena, one);
        else
            ntk_network_step(&s.net, X, y, 0.01, &pass, &s.arena, one);
        axpy(1, one, sum);
        axpy(-1, s.w, sum);
    }
    if (linear)
        ntk_step(&s.net, s.w0, s.y, 0.01, &s.at, &s.arena, s.w);
    else
        ntk_network_step(&s.net, s.X, s.y, 0.01, &s.at, &s.arena, s.w);
    assert_vec(s.w, sum, 8 * (4 * n + 100) * DBL_EPSILON);
    arena_free(&s.arena);
}

START_TEST(a_step_of_many_examples_is_the_sum_of_theirs)
{
    static const int numbers[] = {1, 2, 64, 65, 130};
    for (int i = 0; i < 10; i++)
        check_batch(i % 2, numbers[i / 2]);
}
END_TEST

/* The kernel is homogeneous in x and in y, also where squares of their lengths are no
 * numbers, and their product is one. */
START_TEST(kernels_in_any_unit)
{
    struct arena arena = arena_make(1 << 14);
    enum { FAR = IS_DOUBLE ? 520 : 80 };
    for (int k = -1; k <= 1; k++)
        for (int hidden = 0; hidden < 3; hidden++) {
            double u = ldexp(1, k * FAR), c = k > 0 ? ldexp(1, FAR * 3 / 4) : 1;
            real x[] = {3 * u, -u, 2 * u}, y[] = {1 / u, 4 / u, -2 / u}, theta;
            real a[] = {3 * c, -c, 2 * c}, b[] = {c, 4 * c, -2 * c};
            real plain_x[] = {3, -1, 2}, plain_y[] = {1, 4, -2};
            vec p = {3, plain_x}, q = {3, plain_y};
            double expected = ntk_kernel(p, q, hidden), limit = 100 * DBL_EPSILON;
            assert_near(ntk_kernel((vec){3, x}, (vec){3, y}, hidden), expected, limit);
            assert_near(ntk_kernel((vec){3, a}, (vec){3, b}, hidden) / c / c, expected,
                        limit);
            ntk_cross((mat){1, 3, x}, (mat){1, 3, y}, hidden, &arena,
                      (mat){1, 1, &theta});
            assert_near(theta, expected, limit);
            ntk_gram((mat){1, 3, a}, hidden, &arena, (mat){1, 1, &theta});
            assert_near(theta / c / c, (hidden + 1) * 14 / 3.0L, limit);
        }
    arena_free(&arena);
}
END_TEST

/* Along a kernel k, after so many steps, a = (1 - (1 - alpha k)^steps) y / k. */
START_TEST(descents_of_any_length)
{
    static const int lengths[] = {0, 1, 64, 65, 1000, 5000};
    struct arena arena = arena_make(1 << 12);
    for (int i = 0; i < 6; i++) {
        real K[] = {1, 0, 0, 0.25}, y[] = {2, -3}, a[] = {NAN, NAN}, alpha = 1e-3;
        ntk_descent((mat){2, 2, K}, (vec){2, y}, alpha, lengths[i], &arena,
                    (vec){2, a});
        long double one = -expm1l(lengths[i] * log1pl(-alpha));
        long double two = -expm1l(lengths[i] * log1pl(-alpha / 4));
        assert_near(a[0], 2 * one, 8 * (lengths[i] + 1) * DBL_EPSILON);
        assert_near(a[1], -12 * two, 48 * (lengths[i] + 1) * DBL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

/* Of one layer the outputs, any number, are linear in the weights: the model is exact.
 */
START_TEST(the_linear_model_of_any_number_of_outputs)
{
    struct arena arena = arena_make(1 << 18);
    struct rng rng = unit_rng("tangent/outputs");
    for (int n = 1; n <= 3; n++)
        for (int m = 1; m <= 4; m++) {
            struct mlp net = mlp_make(1, (int[]){2, m}, RELU, STANDARD, n % 2);
            struct mlp_pass at = mlp_pass_make(&arena, &net, n);
            struct mlp_pass there = mlp_pass_make(&arena, &net, n);
            vec w0 = arena_vec(&arena, mlp_parameters(&net));
            vec w = arena_vec(&arena, w0.n);
            mat X = arena_mat(&arena, n, 2), F = arena_mat(&arena, n, m);
            rng_normals(&rng, 0, 1, w0);
            rng_normals(&rng, 0, 1, w);
            rng_normals(&rng, 0, 1, entries(X));
            fill(NAN, entries(F));
            mlp_forward(&net, w0, X, &at);
            mlp_forward(&net, w, X, &there);
            ntk_model(&net, w0, w, &at, &arena, F);
            double size = (norm(w) + norm(w0)) * (1 + norm(entries(X)));
            assert_vec(entries(F), entries(there.H[1]), 20 * DBL_EPSILON * size);
        }
    arena_free(&arena);
}
END_TEST

START_TEST(the_multipliers_do_not_depend_on_the_inputs)
{
    for (int inputs = 1; inputs <= 3; inputs++)
        for (int m = 1; m <= 3; m++) {
            struct mlp net = ntk_network(inputs, 2, m);
            assert_near(net.multiplier[0], 1 / sqrt(inputs), DBL_EPSILON);
            assert_near(net.multiplier[1], sqrt(2.0 / m), DBL_EPSILON);
            assert_near(net.multiplier[2], sqrt(2.0 / m), DBL_EPSILON);
        }
}
END_TEST

int main(void)
{
    return unit_run("tangent_kernel",
                    (const TTest *[]){
                        angles_are_good_everywhere,
                        the_angle_with_zero_is_right,
                        arc_cosines_have_their_known_values,
                        kernels_of_right_opposite_and_equal_inputs,
                        kernels_of_close_inputs_keep_their_digits,
                        gram_matrices_hold_the_kernel_of_each_pair,
                        gram_matrices_of_deep_networks,
                        kernels_across_any_number,
                        the_diagonal_is_exact,
                        equal_opposite_and_zero_rows_give_numbers,
                        rounding_never_leaves_the_domain_of_an_arc_cosine,
                        the_gram_matrix_keeps_to_its_scratch,
                        two_sets_of_inputs_have_a_kernel_too,
                        kernels_of_few_inputs_in_few_dimensions,
                        the_same_input_twice_is_no_new_one,
                        close_inputs_are_two,
                        a_nan_reaches_its_row,
                        the_network_is_as_long_as_its_input,
                        the_linear_model_is_the_network_where_that_is_linear,
                        a_step_of_the_linear_model_follows_its_cost,
                        OF_DOUBLES(a_step_of_the_network_follows_its_cost),
                        descent_with_a_diagonal_kernel,
                        regression_solves_its_equations,
                        a_kernel_that_is_not_definite_is_a_status,
                        what_does_not_fit_stops,
                        a_penalty_that_is_lost_leaves_the_doubt,
                        a_step_of_many_examples_is_the_sum_of_theirs,
                        kernels_in_any_unit,
                        descents_of_any_length,
                        the_linear_model_of_any_number_of_outputs,
                        the_multipliers_do_not_depend_on_the_inputs,
                        NULL,
                    });
}
