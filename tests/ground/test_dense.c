/* The contract of dense.h.  The Makefile links these tests with dense.c, and once more
 * with dense_plain.c.
 *
 * The oracle is the definition, summed in long double.  The limit is that of rounding:
 * k products added in any order, fused or not, are off by at most k u / (1 - k u) times
 * the sum of their sizes, u = eps / 2; alpha, beta and the last sum cost three
 * roundings more.  (k + 3) eps is twice that, which leaves room for the oracle's own
 * rounding. [Higham 2002, "Accuracy and stability of numerical algorithms",
 * section 3.1] */
#include "ground/unit.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Every size with every other, but no more than so many products in all. */
static const int sizes[] = {0, 1, 2, 3, 5, 10, 50, 300};
enum { MOST = 20000 };
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Pairs of alpha and beta. */
static const double factors[][2] = {{1, 0}, {-0.5, 1}, {2.5, -0.75}, {0, 0.5}, {0, 0}};
enum { FACTORS = sizeof factors / sizeof *factors };

/* Memory and numbers for one test; odd numbers are zeros by half, and some of them are
 * infinite or not numbers. */
struct world {
    struct arena arena;
    struct rng rng;
    bool odd;
};

static struct world world_make(const char *test)
{
    return (struct world){arena_make(1 << 21), unit_rng(test), false};
}

static double odd_number(struct rng *rng)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1, -1, 0.5};
    int k = rng_below(rng, 60);
    return k < 30 ? 0 : k < 33 ? odd[k - 30] : odd[3 + k % 3];
}

/* Behind each vector stands a number that must neither be used nor be changed. */
static const double guard = 12345;

static void assert_guarded(vec x) { ck_assert_double_eq(x.at[x.n], guard); }

static vec new_vec(struct world *world, int n)
{
    vec x = {n, arena_take(&world->arena, (size_t)n + 1)};
    rng_uniforms(&world->rng, -1, 1, x);
    for (int i = 0; i < n && world->odd; i++)
        x.at[i] = odd_number(&world->rng);
    x.at[n] = guard;
    return x;
}

static mat new_mat(struct world *world, int rows, int cols)
{
    return (mat){rows, cols, new_vec(world, rows * cols).at};
}

static vec same_vec(struct world *world, vec x)
{
    vec y = new_vec(world, x.n);
    for (int i = 0; i < x.n; i++)
        y.at[i] = x.at[i];
    return y;
}

/* What stands behind a factor: NaN where it must not be read. */
static vec new_term(struct world *world, int n, double factor)
{
    vec x = new_vec(world, n);
    for (int i = 0; i < n && factor == 0; i++)
        x.at[i] = NAN;
    return x;
}

static mat new_term_mat(struct world *world, int rows, int cols, double factor)
{
    return (mat){rows, cols, new_term(world, rows * cols, factor).at};
}

static void assert_same(double x, double y)
{
    if (!(x == y || (isnan(x) && isnan(y))))
        ck_abort_msg("%g is not %g", x, y);
}

/* The entry i, j of A or of A'. */
static double entry(mat A, enum side side, int i, int j)
{
    return side == AS_IS ? A.at[i * A.cols + j] : A.at[j * A.cols + i];
}

struct sum {
    long double value, size;
    int terms;
};

static void add(struct sum *sum, long double term)
{
    sum->value += term;
    sum->size += fabsl(term);
    sum->terms++;
}

static void assert_sum(double got, struct sum sum)
{
    long double limit = (sum.terms + 3) * REAL_EPSILON * sum.size;
    if (!isfinite(sum.value) && !(got == sum.value || (isnan(got) && isnan(sum.value))))
        ck_abort_msg("got %g for %Lg", got, sum.value);
    if (isfinite(sum.value) && !(fabsl(got - sum.value) <= limit))
        ck_abort_msg("got %.17g for %.20Lg, limit %Lg", got, sum.value, limit);
}

/* C, which was old before, is alpha op(A) op(B) + beta old. */
static void assert_product(double alpha, enum side a, mat A, enum side b, mat B,
                           double beta, mat old, mat C)
{
    int terms = a == AS_IS ? A.cols : A.rows;
    for (int i = 0; i < C.rows; i++)
        for (int j = 0; j < C.cols; j++) {
            struct sum sum = {0};
            for (int p = 0; p < terms && alpha != 0; p++)
                add(&sum, (long double)alpha * entry(A, a, i, p) * entry(B, b, p, j));
            if (beta != 0)
                add(&sum, (long double)beta * entry(old, AS_IS, i, j));
            assert_sum(entry(C, AS_IS, i, j), sum);
        }
    assert_guarded(entries(C));
}

/* ---- Views ----------------------------------------------------------------------- */

START_TEST(fresh_views_are_zero)
{
    struct arena arena = arena_make(1 << 10);
    vec x = arena_vec(&arena, 3), none = arena_vec(&arena, 0);
    mat A = arena_mat(&arena, 2, 3), empty = arena_mat(&arena, 5, 0);
    ck_assert(x.n == 3 && none.n == 0);
    ck_assert(A.rows == 2 && A.cols == 3 && empty.rows == 5 && empty.cols == 0);
    ck_assert(norm(x) == 0 && norm(entries(A)) == 0);
    ck_assert(x.at + 3 <= A.at);
    ck_assert_uint_eq(arena.used, 128);
    arena_free(&arena);
}
END_TEST

START_TEST(views_of_impossible_shape_stop)
{
    struct arena arena = arena_make(0);
    ck_assert_stops("arena_vec: n must not be negative, got -1", arena_vec(&arena, -1));
    ck_assert_stops("arena_mat: the shape must not be negative, got -1 x 2",
                    arena_mat(&arena, -1, 2));
    ck_assert_stops("arena_mat: the shape must not be negative, got 2 x -1",
                    arena_mat(&arena, 2, -1));
    ck_assert_stops("arena_room_mat: the shape must not be negative, got -1 x 2",
                    arena_room_mat(&arena, -1, 2));
    ck_assert_stops("arena_room_mat: the shape must not be negative, got 2 x -1",
                    arena_room_mat(&arena, 2, -1));
    ck_assert_stops("arena_mat: rows * cols must be 0 to 2147483647, got 2147483648",
                    arena_mat(&arena, 65536, 32768));
    ck_assert_stops("bytes do not fit, the arena has room for 0",
                    arena_mat(&arena, INT_MAX, 1));
    ck_assert_int_eq(arena_mat(&arena, INT_MAX, 0).rows, INT_MAX);
    ck_assert_int_eq(arena_mat(&arena, 0, INT_MAX).cols, INT_MAX);
    ck_assert_int_eq(arena_room_mat(&arena, INT_MAX, 0).rows, INT_MAX);
    ck_assert_int_eq(arena_room_mat(&arena, 0, INT_MAX).cols, INT_MAX);
    arena_free(&arena);
}
END_TEST

START_TEST(rows_are_parts_of_their_matrix)
{
    real at[] = {0, 1, 2, 3, 4, 5};
    mat A = {3, 2, at};
    for (int i = 0; i < 3; i++)
        ck_assert(row(A, i).n == 2 && row(A, i).at == at + 2 * i);
    mat low = row_block(A, 1, 2);
    ck_assert(low.rows == 2 && low.cols == 2 && low.at == at + 2);
    ck_assert_int_eq(row_block(A, 0, 3).rows, 3);
    ck_assert_int_eq(row_block(A, 3, 0).rows, 0);
    ck_assert(entries(A).n == 6 && entries(A).at == at);
}
END_TEST

START_TEST(a_column_is_its_vector)
{
    real at[] = {1, 2, 3};
    mat A = column((vec){3, at}), none = column((vec){0, NULL});
    ck_assert(A.rows == 3 && A.cols == 1 && A.at == at);
    ck_assert(none.rows == 0 && none.cols == 1 && none.at == NULL);
    ck_assert(entries(A).n == 3 && row(A, 2).n == 1 && row(A, 2).at[0] == 3);
}
END_TEST

START_TEST(parts_lie_within_their_vector)
{
    real at[] = {1, 2, 3};
    vec x = {3, at}, none = {0, NULL};
    ck_assert(part(x, 1, 2).n == 2 && part(x, 1, 2).at == at + 1);
    ck_assert(part(x, 3, 0).n == 0 && part(x, 0, 3).n == 3);
    ck_assert(part(none, 5, 7).n == 0);
    ck_assert_stops("part: x has 3 entries, there are no 2 from entry 2",
                    part(x, 2, 2));
    ck_assert_stops("part: x has 3 entries, there are no 1 from entry -1",
                    part(x, -1, 1));
    ck_assert_stops("part: x has 3 entries, there are no -1 from entry 1",
                    part(x, 1, -1));
    ck_assert_stops("entries: A.rows * A.cols must be 0 to 2147483647, got 2147488281",
                    entries((mat){46341, 46341, NULL}));
}
END_TEST

START_TEST(rows_that_are_not_there_stop)
{
    real at[] = {0, 1, 2, 3, 4, 5};
    mat A = {3, 2, at};
    ck_assert_stops("row: A has 3 rows, there is no row 3", row(A, 3));
    ck_assert_stops("row: A has 3 rows, there is no row -1", row(A, -1));
    ck_assert_stops("row_block: A has 3 rows, there are no 3 from row 1",
                    row_block(A, 1, 3));
    ck_assert_stops("row_block: A has 3 rows, there are no 1 from row -1",
                    row_block(A, -1, 1));
    ck_assert_stops("row_block: A has 3 rows, there are no -1 from row 1",
                    row_block(A, 1, -1));
    ck_assert_stops("row_block: A has 3 rows, there are no 0 from row 4",
                    row_block(A, 4, 0));
    ck_assert_stops("row_block: A has 3 rows, there are no 2 from row 2147483647",
                    row_block(A, INT_MAX, 2));
}
END_TEST

/* ---- Vectors --------------------------------------------------------------------- */

START_TEST(vectors_are_written_to_their_ends)
{
    struct world world = world_make("dense/written");
    for (int s = 0; s < SIZES; s++) {
        vec x = new_vec(&world, sizes[s]), y = new_term(&world, sizes[s], 0);
        copy(x, y);
        for (int i = 0; i < x.n; i++)
            ck_assert_double_eq(y.at[i], x.at[i]);
        assert_guarded(y);
        fill(7, y);
        for (int i = 0; i < x.n; i++)
            ck_assert_double_eq(y.at[i], 7);
        assert_guarded(y);
    }
    arena_free(&world.arena);
}
END_TEST

START_TEST(scale_and_axpy_are_their_definitions)
{
    struct world world = world_make("dense/linear");
    for (int s = 0; s < SIZES; s++) {
        vec x = new_vec(&world, sizes[s]), y = new_vec(&world, sizes[s]);
        vec old_x = same_vec(&world, x), old_y = same_vec(&world, y);
        axpy(-1.5, x, y);
        scale(-0.75, x);
        axpy(0, new_term(&world, sizes[s], 0), y);
        for (int i = 0; i < x.n; i++) {
            struct sum sum = {0};
            add(&sum, -1.5L * old_x.at[i]);
            add(&sum, old_y.at[i]);
            assert_sum(y.at[i], sum);
            ck_assert_double_eq(x.at[i], (real)(-0.75 * old_x.at[i]));
        }
        assert_guarded(x);
        assert_guarded(y);
    }
    arena_free(&world.arena);
}
END_TEST

/* 0 times what is not finite is no number, as multiply has no alpha that leaves out. */
START_TEST(multiply_is_its_definition)
{
    struct world world = world_make("dense/multiply");
    for (int s = 0; s < SIZES; s++) {
        vec x = new_vec(&world, sizes[s]), y = new_vec(&world, sizes[s]);
        vec old_x = same_vec(&world, x), old_y = same_vec(&world, y);
        multiply(x, y);
        for (int i = 0; i < x.n; i++) {
            ck_assert_double_eq(y.at[i], old_x.at[i] * old_y.at[i]);
            ck_assert_double_eq(x.at[i], old_x.at[i]);
        }
        assert_guarded(y);
    }
    real zeros[] = {0, 0, 2}, at[] = {INFINITY, NAN, -INFINITY};
    multiply((vec){3, zeros}, (vec){3, at});
    ck_assert(isnan(at[0]) && isnan(at[1]) && at[2] == -INFINITY);
    arena_free(&world.arena);
}
END_TEST

START_TEST(scale_by_zero_forgets)
{
    real at[] = {NAN, INFINITY, -3, guard};
    vec x = {3, at};
    scale(0, x);
    ck_assert(at[0] == 0 && at[1] == 0 && at[2] == 0);
    assert_guarded(x);
}
END_TEST

/* A factor that is no number is one that the whole result shows. */
START_TEST(factors_that_are_no_numbers_show)
{
    struct world world = world_make("dense/no numbers");
    for (int s = 1; s < SIZES - 1; s++)
        for (int k = 0; k < 9; k++) {
            int n = sizes[s];
            vec x = new_vec(&world, n), y = new_vec(&world, n);
            mat A = new_mat(&world, n, n), B = new_mat(&world, n, n);
            double alpha = k % 2 ? NAN : 1, beta = k % 2 ? 1 : NAN;
            if (k < 2)
                gemv(alpha, A, x, beta, y);
            else if (k < 4)
                gemtv(alpha, A, x, beta, y);
            else if (k < 6)
                gemm(alpha, AS_IS, A, AS_IS, A, beta, B);
            else if (k == 6)
                scale(NAN, y);
            else if (k == 7)
                axpy(NAN, x, y);
            else
                ger(NAN, x, y, B);
            vec shown = k == 4 || k == 5 || k == 8 ? entries(B) : y;
            for (int i = 0; i < shown.n; i++)
                ck_assert(isnan(shown.at[i]));
            assert_guarded(shown);
        }
    arena_free(&world.arena);
}
END_TEST

START_TEST(dot_and_norm_are_their_definitions)
{
    struct world world = world_make("dense/dot");
    for (int s = 0; s < SIZES; s++) {
        vec x = new_vec(&world, sizes[s]), y = new_vec(&world, sizes[s]);
        struct sum product = {0}, square = {0};
        double most = 0;
        for (int i = 0; i < x.n; i++) {
            add(&product, (long double)x.at[i] * y.at[i]);
            add(&square, (long double)x.at[i] * x.at[i]);
            most = fmax(most, fabs(x.at[i]));
        }
        assert_sum(dot(x, y), product);
        /* Dividing, squaring and multiplying: no more than 3 roundings a term. */
        square.value = square.size = sqrtl(square.value);
        square.terms *= 3;
        assert_sum(norm(x), square);
        ck_assert_double_eq(max_norm(x), most);
    }
    arena_free(&world.arena);
}
END_TEST

/* norm((3, 4) unit) = 5 unit, for units whose squares over- or underflow. */
START_TEST(norm_holds_huge_and_tiny_entries)
{
    static const double units[] = {1, VAST, -VAST, TINY, REAL_TRUE_MIN};
    for (int i = 0; i < 5; i++) {
        real at[] = {3 * units[i], 0, 4 * units[i]}, five = 5 * fabs(units[i]);
        ck_assert_double_le(fabs(norm((vec){3, at}) - five), 6 * REAL_EPSILON * five);
    }
    ck_assert_double_eq(norm((vec){1, (real[]){-REAL_MAX}}), REAL_MAX);
    ck_assert_double_eq(norm((vec){2, (real[]){0, 0}}), 0);
}
END_TEST

START_TEST(norm_and_largest_of_what_is_not_finite)
{
    for (int i = 0; i < 3; i++) {
        real at[] = {1, -2, 3};
        vec x = {3, at};
        at[i] = -INFINITY;
        ck_assert(norm(x) == INFINITY && max_norm(x) == INFINITY);
        at[i] = NAN;
        ck_assert(isnan(norm(x)) && isnan(max_norm(x)));
    }
}
END_TEST

START_TEST(vectors_of_other_lengths_stop)
{
    real at[4] = {0};
    vec two = {2, at}, three = {3, at}, four = {4, at};
    ck_assert_stops("copy: x has 3 entries, y has 2", copy(three, two));
    ck_assert_stops("copy: x has 3 entries, y has 4", copy(three, four));
    ck_assert_stops("multiply: x has 3 entries, y has 2", multiply(three, two));
    ck_assert_stops("multiply: x has 3 entries, y has 4", multiply(three, four));
    ck_assert_stops("axpy: x has 3 entries, y has 2", axpy(1, three, two));
    ck_assert_stops("axpy: x has 3 entries, y has 4", axpy(1, three, four));
    ck_assert_stops("dot: x has 3 entries, y has 2", dot(three, two));
    ck_assert_stops("dot: x has 3 entries, y has 4", dot(three, four));
}
END_TEST

/* ---- A matrix and a vector ------------------------------------------------------- */

/* Runs the check on every shape and every pair of factors, as test number k, with
 * numbers of every kind. */
static void on_all_shapes(const char *test,
                          void (*check)(struct world *world, int m, int n, int k))
{
    struct world world = world_make(test);
    for (int i = 0; i < SIZES * SIZES * FACTORS * 2; i++) {
        size_t mark = world.arena.used;
        int shape = i / FACTORS / 2, m = sizes[shape / SIZES], n = sizes[shape % SIZES];
        world.odd = i % 2;
        if (m * n <= MOST)
            check(&world, m, n, i / 2 % FACTORS);
        world.arena.used = mark;
    }
    arena_free(&world.arena);
}

static void check_gemv(struct world *world, int m, int n, int k)
{
    double alpha = factors[k][0], beta = factors[k][1];
    mat A = new_term_mat(world, m, n, alpha);
    vec x = new_vec(world, n), y = new_term(world, m, beta), old = same_vec(world, y);
    gemv(alpha, A, x, beta, y);
    assert_product(alpha, AS_IS, A, AS_IS, column(x), beta, column(old), column(y));
}

START_TEST(gemv_is_its_definition) { on_all_shapes("dense/gemv", check_gemv); }
END_TEST

static void check_gemtv(struct world *world, int m, int n, int k)
{
    double alpha = factors[k][0], beta = factors[k][1];
    mat A = new_term_mat(world, m, n, alpha);
    vec x = new_vec(world, m), y = new_term(world, n, beta), old = same_vec(world, y);
    gemtv(alpha, A, x, beta, y);
    assert_product(alpha, TRANSPOSED, A, AS_IS, column(x), beta, column(old),
                   column(y));
}

START_TEST(gemtv_is_its_definition) { on_all_shapes("dense/gemtv", check_gemtv); }
END_TEST

static void check_ger(struct world *world, int m, int n, int k)
{
    double alpha = factors[k][0];
    mat A = new_mat(world, m, n);
    mat old = {m, n, same_vec(world, entries(A)).at};
    vec x = new_term(world, m, alpha), y = new_vec(world, n);
    ger(alpha, x, y, A);
    assert_product(alpha, AS_IS, column(x), TRANSPOSED, column(y), 1, old, A);
}

START_TEST(ger_is_its_definition) { on_all_shapes("dense/ger", check_ger); }
END_TEST

/* One length too many or too few, on either side. */
START_TEST(vectors_that_do_not_fit_the_matrix_stop)
{
    real at[12] = {0};
    mat A = {2, 3, at};
    vec two = {2, at}, three = {3, at}, four = {4, at};
    ck_assert_stops("gemv: the matrix is 2 x 3, x has 2 entries, y has 2",
                    gemv(1, A, two, 0, two));
    ck_assert_stops("gemv: the matrix is 2 x 3, x has 4 entries, y has 2",
                    gemv(1, A, four, 0, two));
    ck_assert_stops("gemv: the matrix is 2 x 3, x has 3 entries, y has 3",
                    gemv(1, A, three, 0, three));
    ck_assert_stops("gemtv: the matrix is 3 x 2, x has 3 entries, y has 3",
                    gemtv(1, A, three, 0, three));
    ck_assert_stops("gemtv: the matrix is 3 x 2, x has 2 entries, y has 2",
                    gemtv(1, A, two, 0, two));
    ck_assert_stops("ger: the matrix is 2 x 3, y has 2 entries, x has 2",
                    ger(1, two, two, A));
    ck_assert_stops("ger: the matrix is 2 x 3, y has 3 entries, x has 3",
                    ger(1, three, three, A));
}
END_TEST

/* ---- Two matrices ---------------------------------------------------------------- */

static mat op_shape(struct world *world, enum side side, int rows, int cols,
                    double factor)
{
    bool as_is = side == AS_IS;
    return new_term_mat(world, as_is ? rows : cols, as_is ? cols : rows, factor);
}

static void check_gemm(struct world *world, int m, int n, int k)
{
    double alpha = factors[k][0], beta = factors[k][1];
    for (int i = 0; i < 4 * SIZES; i++) {
        size_t mark = world->arena.used;
        enum side a = i & 1 ? TRANSPOSED : AS_IS, b = i & 2 ? TRANSPOSED : AS_IS;
        int inner = sizes[i / 4];
        if (m * n * inner > MOST)
            continue;
        mat A = op_shape(world, a, m, inner, alpha);
        mat B = op_shape(world, b, inner, n, alpha);
        mat C = {m, n, new_term(world, m * n, beta).at};
        mat old = {m, n, same_vec(world, entries(C)).at};
        gemm(alpha, a, A, b, B, beta, C);
        assert_product(alpha, a, A, b, B, beta, old, C);
        world->arena.used = mark;
    }
}

START_TEST(gemm_is_its_definition) { on_all_shapes("dense/gemm", check_gemm); }
END_TEST

static void check_gram_of(struct world *world, int m, int n, double alpha)
{
    mat X = new_term_mat(world, m, n, alpha), G = new_term_mat(world, n, n, 0);
    gram(alpha, X, G);
    assert_product(alpha, TRANSPOSED, X, AS_IS, X, 0, G, G);
    for (int i = 0; i < n * n; i++)
        assert_same(G.at[i], entry(G, TRANSPOSED, i / n, i % n));
}

static void check_gram(struct world *world, int m, int n, int k)
{
    if (m * n * n <= MOST)
        check_gram_of(world, m, n, factors[k][0]);
}

START_TEST(gram_is_its_definition) { on_all_shapes("dense/gram", check_gram); }
END_TEST

/* Of syrk the lower triangle counts. */
static void check_syrk_of(struct world *world, enum side side, int n, int k,
                          double alpha)
{
    mat X = op_shape(world, side, n, k, alpha), G = new_term_mat(world, n, n, 0);
    syrk(alpha, side, X, G);
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            G.at[i * n + j] = G.at[j * n + i];
    assert_product(alpha, side, X, side == AS_IS ? TRANSPOSED : AS_IS, X, 0, G, G);
}

static void check_syrk(struct world *world, int m, int n, int k)
{
    for (int side = AS_IS; side <= TRANSPOSED && m * n * n <= MOST; side++)
        check_syrk_of(world, side, n, m, factors[k][0]);
}

START_TEST(syrk_is_its_definition) { on_all_shapes("dense/syrk", check_syrk); }
END_TEST

/* On both sides of a strip's end; what stands in the upper triangle is not read. */
START_TEST(mirrors_show_the_lower_triangle)
{
    static const int numbers[] = {0, 1, 2, 31, 32, 33, 64, 100};
    struct world world = world_make("dense/mirror");
    for (int s = 0; s < 8; s++) {
        int n = numbers[s];
        mat G = new_mat(&world, n, n), old = {n, n, same_vec(&world, entries(G)).at};
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                G.at[i * n + j] = NAN;
        mirror_lower(G);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                assert_same(G.at[i * n + j],
                            i < j ? old.at[j * n + i] : old.at[i * n + j]);
        assert_guarded(entries(G));
    }
    arena_free(&world.arena);
}
END_TEST

/* Of 989,901 products, and of 1,020,100, which are not done by the same routine. */
START_TEST(large_grams_are_the_definition)
{
    struct world world = world_make("dense/gram/large");
    check_gram_of(&world, 101, 99, -0.5);
    check_gram_of(&world, 100, 101, -0.5);
    world.odd = true;
    check_gram_of(&world, 100, 101, 2);
    check_syrk_of(&world, AS_IS, 101, 100, -0.5);
    check_syrk_of(&world, AS_IS, 99, 101, -0.5);
    arena_free(&world.arena);
}
END_TEST

static void check_transpose(struct world *world, int m, int n, int k)
{
    mat A = new_mat(world, m, n), B = new_term_mat(world, n, m, 0);
    (void)k;
    transpose(A, B);
    for (int i = 0; i < n * m; i++)
        assert_same(B.at[i], entry(A, TRANSPOSED, i / m, i % m));
    assert_guarded(entries(B));
}

START_TEST(transpose_is_its_definition)
{
    on_all_shapes("dense/transpose", check_transpose);
}
END_TEST

/* BLAS prints a complaint, and goes on, where it sees a mistake. */
START_TEST(empty_matrices_are_no_mistake)
{
    FILE *said = tmpfile();
    ck_assert_int_eq(dup2(fileno(said), STDOUT_FILENO), STDOUT_FILENO);
    ck_assert_int_eq(dup2(fileno(said), STDERR_FILENO), STDERR_FILENO);
    real at[9];
    vec none = {0, at}, three = {3, at};
    mat wide = {0, 3, at}, tall = {3, 0, at}, empty = {0, 0, at};
    gemv(1, tall, none, 1, three);
    gemv(1, wide, three, 1, none);
    gemtv(1, tall, three, 1, none);
    gemtv(1, wide, none, 1, three);
    ger(1, three, none, tall);
    ger(1, none, three, wide);
    gemm(1, AS_IS, tall, AS_IS, wide, 0, (mat){3, 3, at});
    gemm(1, TRANSPOSED, tall, AS_IS, tall, 0, empty);
    gram(1, tall, empty);
    gram(1, wide, (mat){3, 3, at});
    syrk(1, AS_IS, wide, empty);
    syrk(1, AS_IS, tall, (mat){3, 3, at});
    mirror_lower(empty);
    fflush(stdout);
    ck_assert_int_eq(lseek(fileno(said), 0, SEEK_END), 0);
    fclose(said);
}
END_TEST

START_TEST(matrices_that_do_not_fit_stop)
{
    real at[25] = {0};
    mat A = {2, 3, at}, B = {3, 4, at}, C = {2, 4, at}, D = {3, 5, at}, E = {5, 4, at};
    ck_assert_stops("gemm: 2 x 3 times 4 x 3 does not fit into 2 x 4",
                    gemm(1, AS_IS, A, TRANSPOSED, B, 0, C));
    ck_assert_stops("gemm: 3 x 2 times 3 x 4 does not fit into 2 x 4",
                    gemm(1, TRANSPOSED, A, AS_IS, B, 0, C));
    ck_assert_stops("gemm: 2 x 3 times 3 x 4 does not fit into 5 x 4",
                    gemm(1, AS_IS, A, AS_IS, B, 0, E));
    ck_assert_stops("gemm: 2 x 3 times 3 x 5 does not fit into 2 x 4",
                    gemm(1, AS_IS, A, AS_IS, D, 0, C));
    ck_assert_stops("gram: G must be 3 x 3, got 3 x 4", gram(1, A, B));
    ck_assert_stops("gram: G must be 3 x 3, got 2 x 3", gram(1, A, A));
    ck_assert_stops("syrk: G must be 2 x 2, got 2 x 3", syrk(1, AS_IS, A, A));
    ck_assert_stops("syrk: G must be 3 x 3, got 2 x 3", syrk(1, TRANSPOSED, A, A));
    ck_assert_stops("mirror_lower: G must be 2 x 2, got 2 x 3", mirror_lower(A));
    ck_assert_stops("transpose: B must be 3 x 2, got 3 x 4", transpose(A, B));
    ck_assert_stops("transpose: B must be 4 x 2, got 5 x 2",
                    transpose(C, (mat){5, 2, at}));
}
END_TEST

int main(void)
{
    return unit_run("dense", (const TTest *[]){
                                 fresh_views_are_zero,
                                 views_of_impossible_shape_stop,
                                 rows_are_parts_of_their_matrix,
                                 a_column_is_its_vector,
                                 parts_lie_within_their_vector,
                                 rows_that_are_not_there_stop,
                                 vectors_are_written_to_their_ends,
                                 scale_and_axpy_are_their_definitions,
                                 multiply_is_its_definition,
                                 scale_by_zero_forgets,
                                 factors_that_are_no_numbers_show,
                                 dot_and_norm_are_their_definitions,
                                 norm_holds_huge_and_tiny_entries,
                                 norm_and_largest_of_what_is_not_finite,
                                 vectors_of_other_lengths_stop,
                                 gemv_is_its_definition,
                                 gemtv_is_its_definition,
                                 ger_is_its_definition,
                                 vectors_that_do_not_fit_the_matrix_stop,
                                 gemm_is_its_definition,
                                 gram_is_its_definition,
                                 large_grams_are_the_definition,
                                 syrk_is_its_definition,
                                 mirrors_show_the_lower_triangle,
                                 transpose_is_its_definition,
                                 empty_matrices_are_no_mistake,
                                 matrices_that_do_not_fit_stop,
                                 NULL,
                             });
}
