/* The contract of rng.h.  The bits are Random123's, to the last one; what is made of
 * them follows its law.
 *
 * A law is tested by Pearson's chi-square over cells whose probabilities are known in
 * closed form.  Both tails count: numbers that follow a law too closely are not random.
 * Each of some fifty such tests rejects a true law with probability 2e-9, so that all
 * of them take a tenth of the book's budget of 1e-6. */
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Laws ------------------------------------------------------------------------ */

enum { CELLS = 32 };

/* How often a quantity fell into each of CELLS equal parts of [low, high). */
struct histogram {
    double low, high;
    int count[CELLS];
};

static void put(struct histogram *h, double value)
{
    int cell = (int)floor((value - h->low) / (h->high - h->low) * CELLS);
    h->count[cell < 0 ? 0 : cell < CELLS ? cell : CELLS - 1]++;
}

/* The upper tail of chi-square, Q(freedom / 2, x / 2), by the recursion
 * Q(a + 1, h) = Q(a, h) + h^a e^-h / Gamma(a + 1) from Q(1/2, h) or Q(1, h). */
static double chi_square_tail(double x, int freedom)
{
    double h = x / 2, a = freedom % 2 == 1 ? 0.5 : 1;
    double tail = freedom % 2 == 1 ? erfc(sqrt(h)) : exp(-h);
    for (; a < freedom / 2.0; a++)
        tail += exp(a * log(h) - h - lgamma(a + 1));
    return tail;
}

static void assert_counts(const int *count, const double *probability, int cells)
{
    double total = 0, chi_square = 0;
    for (int i = 0; i < cells; i++)
        total += count[i];
    for (int i = 0; i < cells; i++) {
        double expected = total * probability[i];
        ck_assert_double_gt(expected, 100); /* enough for the limiting law */
        chi_square += (count[i] - expected) * (count[i] - expected) / expected;
    }
    double tail = chi_square_tail(chi_square, cells - 1);
    ck_assert_msg(tail >= 1e-9 && tail <= 1 - 1e-9,
                  "chi-square %g on %d degrees of freedom, tail %g", chi_square,
                  cells - 1, tail);
}

/* law: the distribution function; what lies outside [low, high) is in the end cells. */
static void assert_law(const struct histogram *h, double (*law)(double))
{
    double probability[CELLS], below = 0;
    for (int i = 0; i < CELLS; i++) {
        double end = h->low + (h->high - h->low) * (i + 1) / CELLS;
        double up_to = i == CELLS - 1 ? 1 : law(end);
        probability[i] = up_to - below;
        below = up_to;
    }
    assert_counts(h->count, probability, CELLS);
}

static double uniform_law(double x) { return x; }
static double normal_law(double x) { return erfc(-x / sqrt(2)) / 2; }

START_TEST(the_chi_square_tail_is_known)
{
    /* The 5 % points of the usual tables. */
    ck_assert_double_eq_tol(chi_square_tail(3.841459, 1), 0.05, 1e-7);
    ck_assert_double_eq_tol(chi_square_tail(5.991465, 2), 0.05, 1e-7);
    ck_assert_double_eq_tol(chi_square_tail(11.070498, 5), 0.05, 1e-7);
    ck_assert_double_eq_tol(chi_square_tail(18.307038, 10), 0.05, 1e-7);
}
END_TEST

/* ---- Bits ------------------------------------------------------------------------ */

/* What Random123's file kat_vectors publishes for philox4x64 and 10 rounds; the third
 * input is made of the digits of pi. */
START_TEST(bits_are_the_known_answers)
{
    static const struct {
        uint64_t counter[4], key[2], answer[4];
    } known[] = {
        {{0},
         {0},
         {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b,
          0x7e68b68aec7ba23b}},
        {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
         {UINT64_MAX, UINT64_MAX},
         {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6,
          0xa09caebf594f0ba0}},
        {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0,
          0x082efa98ec4e6c89},
         {0x452821e638d01377, 0xbe5466cf34e90c6c},
         {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5,
          0x57bd43b5e52b7fe6}},
    };
    for (int k = 0; k < 3; k++) {
        struct rng rng = {0};
        memcpy(rng.key, known[k].key, sizeof rng.key);
        memcpy(rng.counter, known[k].counter, sizeof rng.counter);
        for (int i = 3; i >= 0; i--)
            ck_assert_uint_eq(rng_bits(&rng), known[k].answer[i]);
        ck_assert_int_eq(rng.left, 0);
        ck_assert_uint_eq(rng.counter[0], known[k].counter[0] + 1);
    }
}
END_TEST

/* Block k is the answer to counter k: the stream goes on where another would begin. */
START_TEST(blocks_follow_the_counter)
{
    struct rng rng = rng_make(1, "blocks", 2), second = rng;
    second.counter[0] = 1;
    for (int i = 0; i < 4; i++)
        rng_bits(&rng);
    for (int i = 0; i < 8; i++)
        ck_assert_uint_eq(rng_bits(&rng), rng_bits(&second));
}
END_TEST

/* The hashes of FNV's own test file, 64-bit FNV-1a. */
START_TEST(names_are_hashed_by_fnv)
{
    struct rng rng = rng_make(3, "foobar", 4);
    ck_assert_uint_eq(rng.key[0], 3);
    ck_assert_uint_eq(rng.key[1], 0x85944171f73967e8);
    ck_assert_uint_eq(rng.counter[0] | rng.counter[2], 0);
    ck_assert_uint_eq(rng.counter[3], 4);
    ck_assert_int_eq(rng.left, 0);
    ck_assert_uint_eq(rng_make(0, "", 0).key[1], 0xcbf29ce484222325);
    ck_assert_uint_eq(rng_make(0, "a", 0).key[1], 0xaf63dc4c8601ec8c);
    /* A byte past 127 counts as such, whether char is signed or not. */
    ck_assert_uint_eq(rng_make(0, "\xff", 0).key[1],
                      (0xcbf29ce484222325 ^ 0xff) * 0x100000001b3);
}
END_TEST

/* A pair of names whose FNV-1a is the same is public; their streams are not. */
START_TEST(names_with_one_hash_part)
{
    struct rng rng = rng_make(1, "8yn0iYCKYHlIj4-BwPqk", 0);
    struct rng other = rng_make(1, "GReLUrM4wMqfg9yzV3KQ", 0);
    ck_assert_uint_eq(rng.key[1], other.key[1]);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_ne(rng_bits(&rng), rng_bits(&other));
}
END_TEST

/* The counter is of 64 bits: after 2^32 blocks, and 2^34 numbers, nothing repeats. */
START_TEST(long_streams_do_not_repeat)
{
    struct rng rng = rng_make(1, "long", 0), far = rng;
    far.counter[0] = UINT32_MAX;
    for (int i = 0; i < 4; i++)
        rng_bits(&far);
    ck_assert_uint_eq(far.counter[0], UINT64_C(1) << 32);
    for (int i = 0; i < 8; i++)
        ck_assert_uint_ne(rng_bits(&rng), rng_bits(&far));
}
END_TEST

START_TEST(streams_repeat_and_differ)
{
    struct rng rng = rng_make(1, "a", 1), same = rng_make(1, "a", 1);
    const uint64_t far = 1 + (UINT64_C(1) << 32), end = UINT64_C(1) << 63;
    struct rng others[] = {rng_make(2, "a", 1),   rng_make(1, "b", 1),
                           rng_make(1, "a", 2),   rng_make(1, "a", 0),
                           rng_make(far, "a", 1), rng_make(end + 1, "a", 1),
                           rng_make(1, "a", far), rng_make(1, "a", end + 1),
                           rng_make(1, "aa", 1),  rng_make(1, "", 1)};
    for (int i = 0; i < 100; i++) {
        uint64_t bits = rng_bits(&rng);
        ck_assert_uint_eq(bits, rng_bits(&same));
        for (int k = 0; k < 10; k++)
            ck_assert_uint_ne(bits, rng_bits(&others[k]));
    }
}
END_TEST

/* ---- Numbers --------------------------------------------------------------------- */

/* A stream whose next bits are these. */
static struct rng about_to_give(uint64_t bits)
{
    struct rng rng = rng_make(1, "given", 0);
    rng.block[0] = bits;
    rng.left = 1;
    return rng;
}

static double uniform_of(uint64_t bits)
{
    struct rng rng = about_to_give(bits);
    return rng_uniform(&rng);
}

START_TEST(uniform_is_the_middle_of_a_cell)
{
    ck_assert_double_eq(uniform_of(0), 0x1p-53);
    ck_assert_double_eq(uniform_of(0xfff), 0x1p-53);
    ck_assert_double_eq(uniform_of(0x1000), 3 * 0x1p-53);
    ck_assert_double_eq(uniform_of(0x8000000000000000), 0.5 + 0x1p-53);
    ck_assert_double_eq(uniform_of(UINT64_MAX), 1 - 0x1p-53);
    ck_assert_double_lt(uniform_of(UINT64_MAX), 1);
}
END_TEST

enum { DRAWS = 200000 };

START_TEST(uniforms_are_uniform)
{
    struct rng rng = unit_rng("rng/uniform");
    struct histogram single = {.low = 0, .high = 1}, scaled = single;
    real at[] = {0, 0, -1};
    int outside = 0;
    for (int i = 0; i < DRAWS; i++) {
        put(&single, rng_uniform(&rng));
        rng_uniforms(&rng, 3, 7, (vec){2, at});
        put(&scaled, (at[i % 2] - 3) / 4);
        outside += at[0] < 3 || at[0] > 7 || at[1] < 3 || at[1] > 7;
    }
    assert_law(&single, uniform_law);
    assert_law(&scaled, uniform_law);
    ck_assert_int_eq(outside, 0);
    ck_assert_double_eq(at[2], -1);
}
END_TEST

START_TEST(normals_are_normal)
{
    struct rng rng = unit_rng("rng/normal");
    struct histogram single = {.low = -2.5, .high = 2.5}, scaled = single;
    real at[] = {0, 0, -1};
    for (int i = 0; i < DRAWS; i++) {
        put(&single, rng_normal(&rng));
        rng_normals(&rng, 3, 0.5, (vec){2, at});
        put(&scaled, (at[i % 2] - 3) / 0.5);
    }
    assert_law(&single, normal_law);
    assert_law(&scaled, normal_law);
    ck_assert_double_eq(at[2], -1);
}
END_TEST

/* Two normals in a row do not know each other: the angle of the pair is uniform. */
START_TEST(normals_are_independent)
{
    struct rng rng = unit_rng("rng/pairs");
    struct histogram angle = {.low = 0, .high = 1};
    for (int i = 0; i < DRAWS; i++) {
        double x = rng_normal(&rng), y = rng_normal(&rng);
        put(&angle, atan2(y, x) / (2 * acos(-1.0)) + 0.5);
    }
    assert_law(&angle, uniform_law);
}
END_TEST

/* Radius 2 at an angle of 120 degrees: the first coordinate is -1. */
START_TEST(normals_are_those_of_box_and_muller)
{
    struct rng rng = about_to_give((uint64_t)(0x1p64 / 3));
    rng.block[1] = (uint64_t)(0x1p64 * exp(-2));
    rng.left = 2;
    ck_assert_double_eq_tol(rng_normal(&rng), -1, 10 * DBL_EPSILON);
    ck_assert_int_eq(rng.left, 0);
}
END_TEST

/* The next normal by libm's own functions. */
static double one_by_libm(struct rng *rng)
{
    double radius = sqrt(-2 * log(rng_uniform(rng)));
    double angle = 2 * acos(-1.0) * rng_uniform(rng);
    return radius * cos(angle);
}

/* Vectors and blocks that are full, and one number more or less.  Two routes to log and
 * cos may be 5 eps apart, 4 of them libmvec's; the root halves those of log; root and
 * product round on both routes, 9.5 eps of z in all.  To halve is exact, to add 3
 * rounds twice. */
START_TEST(normals_are_scaled_and_moved)
{
    static const int sizes[] = {0, 1, 2, 7, 8, 9, 63, 64, 65, 127, 128, 129, 300};
    struct rng rng = unit_rng("rng/moved"), same = rng;
    for (int s = 0; s < 13; s++) {
        real at[301];
        fill(NAN, (vec){300, at});
        at[sizes[s]] = -7;
        rng_normals(&rng, 3, 0.5, (vec){sizes[s], at});
        for (int i = 0; i < sizes[s]; i++) {
            double z = one_by_libm(&same), x = 3 + 0.5 * z;
            double limit = 9.5 * 0.5 * fabs(z) * DBL_EPSILON + fabs(x) * REAL_EPSILON;
            ck_assert_double_le(fabs(at[i] - x), limit);
        }
        ck_assert_double_eq(at[sizes[s]], -7);
        ck_assert_uint_eq(rng_bits(&rng), rng_bits(&same));
    }
}
END_TEST

/* Whatever the vector unit makes of a number, it makes anywhere, to the last bit. */
START_TEST(normals_do_not_depend_on_how_many_are_drawn)
{
    struct rng rng = unit_rng("rng/pieces"), by_piece = rng, one_by_one = rng;
    real at[300], piece[24];
    rng_normals(&rng, 3, 0.7, (vec){300, at});
    for (int n = 1, from = 0; n <= 24; from += n++) {
        rng_normals(&by_piece, 3, 0.7, (vec){n, piece});
        ck_assert_mem_eq(piece, at + from, n * sizeof *at);
    }
    for (int i = 0; i < 300; i++)
        ck_assert_double_eq((real)(3 + 0.7 * rng_normal(&one_by_one)), at[i]);
}
END_TEST

/* Radius and cosine at the first cell and the last, where log is near 0; two numbers of
 * each, in two lanes of a vector. */
START_TEST(normals_at_the_ends_of_the_uniforms_are_finite)
{
    for (int ends = 0; ends < 4; ends++) {
        uint64_t u = ends & 1 ? UINT64_MAX : 0, v = ends & 2 ? UINT64_MAX : 0;
        double radius = sqrt(ends & 1 ? 0x1p-52 : 106 * log(2));
        real at[2];
        struct rng rng = about_to_give(v);
        rng.block[1] = rng.block[3] = u;
        rng.block[2] = v;
        rng.left = 4;
        rng_normals(&rng, 0, 1, (vec){2, at});
        for (int i = 0; i < 2; i++)
            ck_assert_double_le(fabs(at[i] / radius - 1), 10 * REAL_EPSILON);
        ck_assert_double_le(at[0], 8.58);
    }
}
END_TEST

START_TEST(intervals_and_deviations_may_be_empty)
{
    struct rng rng = rng_make(1, "empty", 0);
    real at[] = {0, 0};
    rng_uniforms(&rng, -2, -2, (vec){2, at});
    ck_assert(at[0] == -2 && at[1] == -2);
    rng_normals(&rng, 5, 0, (vec){2, at});
    ck_assert(at[0] == 5 && at[1] == 5);
    rng_uniforms(&rng, 0, 1, (vec){0, NULL});
    rng_normals(&rng, 0, 1, (vec){0, NULL});
}
END_TEST

/* ---- Choices --------------------------------------------------------------------- */

START_TEST(below_is_uniform)
{
    struct rng rng = unit_rng("rng/below");
    int count[6] = {0};
    double sixth[6];
    for (int i = 0; i < 6; i++)
        sixth[i] = 1.0 / 6;
    for (int i = 0; i < DRAWS; i++)
        count[rng_below(&rng, 6)]++;
    assert_counts(count, sixth, 6);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(rng_below(&rng, 1), 0);
}
END_TEST

/* n = 3 * 2^29 takes 2^32 two and two thirds times: without rejection three quarters of
 * the numbers would lie in its first two thirds. */
START_TEST(below_favours_no_remainder)
{
    struct rng rng = unit_rng("rng/remainder");
    int n = 3 << 29, count[2] = {0}, outside = 0;
    for (int i = 0; i < DRAWS; i++) {
        int number = rng_below(&rng, n);
        outside += number < 0 || number >= n;
        count[number >= 1 << 30]++;
    }
    ck_assert_int_eq(outside, 0);
    assert_counts(count, (double[]){2.0 / 3, 1.0 / 3}, 2);

    struct rng kept = about_to_give((uint64_t)1 << 62), dropped = about_to_give(0);
    struct rng next = rng_make(1, "given", 0);
    dropped.block[0] = ((uint64_t)1 << 62) - 1;
    ck_assert_int_eq(rng_below(&kept, n), 1 << 30);
    ck_assert_int_eq(rng_below(&dropped, n), rng_below(&next, n));
}
END_TEST

START_TEST(permutations_are_equally_likely)
{
    struct rng rng = unit_rng("rng/permutation");
    int count[256] = {0}, found[24], orders = 0;
    double likely[24];
    for (int i = 0; i < DRAWS; i++) {
        int order[4];
        rng_permutation(&rng, 4, order);
        count[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    for (int code = 0; code < 256; code++)
        if (count[code] > 0) {
            ck_assert_int_lt(orders, 24);
            likely[orders] = 1.0 / 24;
            found[orders++] = count[code];
        }
    ck_assert_int_eq(orders, 24);
    assert_counts(found, likely, 24);
}
END_TEST

START_TEST(permutations_hold_each_number_once)
{
    struct rng rng = unit_rng("rng/once");
    for (int n = 0; n <= 100; n++) {
        int order[101], seen[100] = {0};
        order[n] = -7;
        rng_permutation(&rng, n, order);
        for (int i = 0; i < n; i++) {
            ck_assert(0 <= order[i] && order[i] < n);
            ck_assert_int_eq(seen[order[i]]++, 0);
        }
        ck_assert_int_eq(order[n], -7);
    }
}
END_TEST

START_TEST(choices_hold_each_number_once)
{
    struct rng rng = unit_rng("rng/choose");
    for (int n = 0; n <= 40; n++)
        for (int count = 0; count <= n; count++) {
            int chosen[41], seen[40] = {0};
            chosen[count] = -7;
            rng_choose(&rng, n, count, chosen);
            for (int i = 0; i < count; i++) {
                ck_assert(0 <= chosen[i] && chosen[i] < n);
                ck_assert_int_eq(seen[chosen[i]]++, 0);
            }
            ck_assert_int_eq(chosen[count], -7);
        }
    int none[1];
    ck_assert_stops("cannot choose 4 of 3", rng_choose(&rng, 3, 4, none));
    ck_assert_stops("cannot choose -1 of 3", rng_choose(&rng, 3, -1, none));
}
END_TEST

/* The ten sets of two of five. */
START_TEST(choices_are_equally_likely)
{
    struct rng rng = unit_rng("rng/choose two");
    int count[32] = {0}, found[10], sets = 0;
    double likely[10];
    for (int i = 0; i < DRAWS; i++) {
        int pair[2];
        rng_choose(&rng, 5, 2, pair);
        count[1 << pair[0] | 1 << pair[1]]++;
    }
    for (int set = 0; set < 32; set++)
        if (count[set] > 0) {
            ck_assert_int_lt(sets, 10);
            likely[sets] = 0.1;
            found[sets++] = count[set];
        }
    ck_assert_int_eq(sets, 10);
    assert_counts(found, likely, 10);
}
END_TEST

/* ---- Rotations ------------------------------------------------------------------- */

/* det A, by elimination with row exchanges.  A: n x n, overwritten. */
static double determinant(mat A)
{
    double det = 1;
    for (int k = 0; k < A.rows; k++) {
        int pivot = k;
        for (int i = k + 1; i < A.rows; i++)
            if (fabs(row(A, i).at[k]) > fabs(row(A, pivot).at[k]))
                pivot = i;
        for (int j = 0; j < A.cols && pivot != k; j++) {
            double moved = row(A, k).at[j];
            row(A, k).at[j] = -row(A, pivot).at[j];
            row(A, pivot).at[j] = moved;
        }
        det *= row(A, k).at[k];
        for (int i = k + 1; i < A.rows; i++)
            axpy(-row(A, i).at[k] / row(A, k).at[k], row(A, k), row(A, i));
    }
    return det;
}

/* n - 1 reflections, each orthogonal to a small multiple of eps; 30 n eps is LAPACK's
 * limit for a product of n. */
START_TEST(rotations_are_orthogonal_and_keep_orientation)
{
    static const int sizes[] = {0, 1, 2, 3, 5, 10, 50};
    struct rng rng = unit_rng("rng/orthogonal");
    struct arena arena = arena_make(1 << 20);
    for (int s = 0; s < 7; s++) {
        int n = sizes[s];
        mat Q = arena_mat(&arena, n, n), gap = arena_mat(&arena, n, n);
        size_t used = arena.used;
        fill(NAN, entries(Q));
        rng_rotation(&rng, &arena, Q);
        ck_assert_uint_eq(arena.used, used);
        gram(1, Q, gap);
        for (int i = 0; i < n; i++)
            row(gap, i).at[i] -= 1;
        ck_assert_double_le(max_norm(entries(gap)), 30 * n * REAL_EPSILON);
        ck_assert_double_le(fabs(determinant(Q) - 1), 30 * n * REAL_EPSILON);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(the_only_rotation_of_a_line_is_one)
{
    struct rng rng = rng_make(1, "line", 0);
    struct arena arena = arena_make(1 << 10);
    real at[] = {NAN};
    rng_rotation(&rng, &arena, (mat){1, 1, at});
    ck_assert_double_eq(at[0], 1);
    arena_free(&arena);
}
END_TEST

/* Q e_1 points where the last n of the n (n + 1) / 2 - 1 normals do.  The largest gap
 * of an entry. */
static double gap_to_direction(struct rng *rng, struct arena *arena, int n)
{
    struct rng same = *rng;
    size_t mark = arena->used;
    mat Q = arena_mat(arena, n, n);
    vec x = arena_vec(arena, n * (n + 1) / 2 - 1);
    rng_rotation(rng, arena, Q);
    rng_normals(&same, 0, 1, x);
    vec last = {n, x.at + n * (n - 1) / 2 - 1};
    double length = norm(last), gap = 0;
    for (int i = 0; i < n; i++)
        gap = fmax(gap, fabs(row(Q, i).at[0] - last.at[i] / length));
    arena->used = mark;
    return gap;
}

/* In the plane often enough that some normals come close to the axis, by 1e-3: there a
 * reflection that cancels loses three digits. */
START_TEST(the_first_column_is_the_direction_of_normals)
{
    struct rng rng = unit_rng("rng/direction");
    struct arena arena = arena_make(1 << 12);
    double gap = 0;
    for (int i = 0; i < 20000; i++)
        gap = fmax(gap, gap_to_direction(&rng, &arena, 2));
    ck_assert_double_le(gap, 60 * REAL_EPSILON);
    ck_assert_double_le(gap_to_direction(&rng, &arena, 6), 180 * REAL_EPSILON);
    arena_free(&arena);
}
END_TEST

/* One rotation after another of n dimensions, and what is seen of them. */
enum { ROTATIONS = 20000, MOST = 5 };

static void see_rotations(const char *test, int n, struct histogram *of_entries,
                          struct histogram *of_trace, double *mean_square_trace)
{
    struct rng rng = unit_rng(test);
    struct arena arena = arena_make(1 << 10);
    mat Q = arena_mat(&arena, n, n);
    double squares = 0;
    for (int k = 0; k < ROTATIONS; k++) {
        double trace = 0;
        rng_rotation(&rng, &arena, Q);
        for (int i = 0; i < n * n; i++)
            put(&of_entries[i], Q.at[i]);
        for (int i = 0; i < n; i++)
            trace += row(Q, i).at[i];
        put(of_trace, trace);
        squares += trace * trace;
    }
    *mean_square_trace = squares / ROTATIONS;
    arena_free(&arena);
}

/* A coordinate of a uniform point of the sphere in n dimensions, here 2, 3 and 5, has a
 * density proportional to (1 - x^2)^((n - 3) / 2). */
static double circle_law(double x) { return 1 - acos(x) / acos(-1.0); }
static double sphere_law(double x) { return (1 + x) / 2; }
static double sphere_law_5(double x) { return (2 + 3 * x - x * x * x) / 4; }

/* The angle t of a rotation of space has density (1 - cos t) / pi, the trace is
 * 1 + 2 cos t.  [Weyl's integration formula for SO(3)] */
static double trace_law_3(double x)
{
    double t = acos((x - 1) / 2);
    return 1 - (t - sin(t)) / acos(-1.0);
}

static double trace_law_2(double x) { return circle_law(x / 2); }

START_TEST(rotations_of_the_plane_are_uniform)
{
    struct histogram of_entries[4], of_trace = {.low = -2, .high = 2};
    double mean_square;
    for (int i = 0; i < 4; i++)
        of_entries[i] = (struct histogram){.low = -1, .high = 1};
    see_rotations("rng/plane", 2, of_entries, &of_trace, &mean_square);
    for (int i = 0; i < 4; i++)
        assert_law(&of_entries[i], circle_law);
    assert_law(&of_trace, trace_law_2);
}
END_TEST

START_TEST(rotations_of_space_are_uniform)
{
    struct histogram of_entries[9], of_trace = {.low = -1, .high = 2.8};
    double mean_square;
    for (int i = 0; i < 9; i++)
        of_entries[i] = (struct histogram){.low = -1, .high = 1};
    see_rotations("rng/space", 3, of_entries, &of_trace, &mean_square);
    for (int i = 0; i < 9; i++)
        assert_law(&of_entries[i], sphere_law);
    assert_law(&of_trace, trace_law_3);
}
END_TEST

/* E tr^2 = 1 and E tr^4 = 3, as for a normal, so the mean of tr^2 has the standard
 * error sqrt(2 / ROTATIONS).  Six of them: 2e-9.
 * [Diaconis, Shahshahani 1994, "On the eigenvalues of random matrices"] */
START_TEST(rotations_of_five_dimensions_are_uniform)
{
    struct histogram of_entries[25], of_trace = {.low = -5, .high = 5};
    double mean_square;
    for (int i = 0; i < 25; i++)
        of_entries[i] = (struct histogram){.low = -0.8, .high = 0.8};
    see_rotations("rng/five", 5, of_entries, &of_trace, &mean_square);
    for (int i = 0; i < 25; i++)
        assert_law(&of_entries[i], sphere_law_5);
    ck_assert_double_le(fabs(mean_square - 1), 6 * sqrt(2.0 / ROTATIONS));
}
END_TEST

/* ---- A caller's mistakes --------------------------------------------------------- */

START_TEST(arguments_without_sense_stop)
{
    struct rng rng = rng_make(1, "mistakes", 0);
    struct arena arena = arena_make(1 << 10);
    real at[6];
    int order[2];
    vec x = {2, at};
    ck_assert_stops("rng_make: the stream has no name", rng_make(1, NULL, 0));
    ck_assert_stops("rng_below: n must be positive, got 0", rng_below(&rng, 0));
    ck_assert_stops("rng_below: n must be positive, got -3", rng_below(&rng, -3));
    ck_assert_stops("rng_uniforms: low and high must bound an interval, got 2 and 1",
                    rng_uniforms(&rng, 2, 1, x));
    ck_assert_stops("rng_uniforms: low and high must bound an interval, got nan and 1",
                    rng_uniforms(&rng, NAN, 1, x));
    ck_assert_stops("rng_uniforms: low and high must bound an interval, got 0 and inf",
                    rng_uniforms(&rng, 0, INFINITY, x));
    ck_assert_stops("must bound an interval, got -inf and 1",
                    rng_uniforms(&rng, -INFINITY, 1, x));
    ck_assert_stops("must bound an interval, got -1.79769e+308 and 1.79769e+308",
                    rng_uniforms(&rng, -DBL_MAX, DBL_MAX, x));
    ck_assert_stops("rng_normals: mean must be finite, got nan",
                    rng_normals(&rng, NAN, 1, x));
    ck_assert_stops("rng_normals: mean must be finite, got -inf",
                    rng_normals(&rng, -INFINITY, 1, x));
    ck_assert_stops("rng_normals: deviation must be finite and not negative, got -1",
                    rng_normals(&rng, 0, -1, x));
    ck_assert_stops("rng_normals: deviation must be finite and not negative, got inf",
                    rng_normals(&rng, 0, INFINITY, x));
    ck_assert_stops("rng_normals: deviation must be finite and not negative, got nan",
                    rng_normals(&rng, 0, NAN, x));
    ck_assert_stops("rng_permutation: n must not be negative, got -1",
                    rng_permutation(&rng, -1, order));
    ck_assert_stops("rng_rotation: Q must be square, got 2 x 3",
                    rng_rotation(&rng, &arena, (mat){2, 3, at}));
    ck_assert_stops("rng_rotation: Q must be square, got 3 x 2",
                    rng_rotation(&rng, &arena, (mat){3, 2, at}));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("rng", (const TTest *[]){
                               the_chi_square_tail_is_known,
                               bits_are_the_known_answers,
                               blocks_follow_the_counter,
                               names_are_hashed_by_fnv,
                               names_with_one_hash_part,
                               long_streams_do_not_repeat,
                               streams_repeat_and_differ,
                               uniform_is_the_middle_of_a_cell,
                               uniforms_are_uniform,
                               normals_are_normal,
                               normals_are_independent,
                               normals_are_those_of_box_and_muller,
                               normals_are_scaled_and_moved,
                               normals_do_not_depend_on_how_many_are_drawn,
                               normals_at_the_ends_of_the_uniforms_are_finite,
                               intervals_and_deviations_may_be_empty,
                               below_is_uniform,
                               below_favours_no_remainder,
                               permutations_are_equally_likely,
                               permutations_hold_each_number_once,
                               choices_hold_each_number_once,
                               choices_are_equally_likely,
                               rotations_are_orthogonal_and_keep_orientation,
                               the_only_rotation_of_a_line_is_one,
                               the_first_column_is_the_direction_of_normals,
                               rotations_of_the_plane_are_uniform,
                               rotations_of_space_are_uniform,
                               rotations_of_five_dimensions_are_uniform,
                               arguments_without_sense_stop,
                               NULL,
                           });
}
