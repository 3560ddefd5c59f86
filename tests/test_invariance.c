/* The contract of invariance.h.  Maps are compared with coordinates worked out by hand.
 */
#include "ground/unit.h"
#include "invariance.h"

#include <float.h>
#include <math.h>

static struct arena arena;

/* LAPACK's limit for so many operations on numbers of that scale. */
static void assert_close(vec x, vec y, double operations, double size)
{
    for (int i = 0; i < x.n; i++)
        ck_assert_double_le(fabs(x.at[i] - y.at[i]),
                            30 * operations * REAL_EPSILON * size);
}

/* ---- Changes of coordinates ------------------------------------------------------ */

/* The new axes point along (0, 1) and (-1, 0), the new origin lies at (1, 2): what the
 * old axes see at (4, 6) is 4 along the first and -3 along the second. */
static struct rigid quarter_turn(void)
{
    return (struct rigid){{2, 2, VEC(0, -1, 1, 0).at}, VEC(1, 2)};
}

START_TEST(a_quarter_turn_maps_as_by_hand)
{
    arena = arena_make(1 << 12);
    vec w = VEC(4, 6), w_tilde = VEC(NAN, NAN), back = VEC(NAN, NAN);
    inv_to_rotated(quarter_turn(), w, w_tilde);
    assert_entries(w_tilde, (double[]){4, -3}, 0);
    assert_entries(w, (double[]){4, 6}, 0);
    inv_from_rotated(quarter_turn(), w_tilde, back);
    assert_entries(back, (double[]){4, 6}, 0);
    inv_to_rotated(quarter_turn(), VEC(1, 2), w_tilde);
    assert_entries(w_tilde, (double[]){0, 0}, 0);
}
END_TEST

/* A = (1 2; 2 5), b = (3, -1), c = 7.  After the quarter turn A_11 and A_22 change
 * places and A_12 its sign; the slope at (1, 2) is (8, 11), 11 along the first new axis
 * and -8 along the second; the cost there is 1/2 (1 + 8 + 20) + 3 - 2 + 7. */
START_TEST(a_quadratic_turns_as_by_hand)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(1, 2, 2, 5).at}, VEC(3, -1), 7};
    struct quadratic turned = quadratic_make(&arena, 2);
    fill(NAN, entries(turned.A));
    fill(NAN, turned.b);
    turned.c = NAN;
    struct rigid T = quarter_turn();
    size_t used = arena.used;
    inv_quadratic_rotated(T, q, &arena, &turned);
    ck_assert_uint_eq(arena.used, used);
    assert_entries(entries(turned.A), (double[]){5, -2, -2, 1}, 0);
    assert_entries(turned.b, (double[]){11, -8}, 0);
    ck_assert_double_eq(turned.c, 22.5);
    assert_entries(entries(q.A), (double[]){1, 2, 2, 5}, 0);

    /* Q'AQ also where A is not symmetric, which no curvature is. */
    q.A.at[2] = 3;
    inv_quadratic_rotated(T, q, &arena, &turned);
    assert_entries(entries(turned.A), (double[]){5, -3, -2, 1}, 0);
}
END_TEST

/* J~(w~) = J(Q w~ + t) for any square Q, orthogonal or not, and there and back again
 * for a rotation. */
START_TEST(costs_and_points_agree_in_both_coordinates)
{
    static const int sizes[] = {0, 1, 2, 5, 10};
    struct rng rng = unit_rng("invariance/maps");
    arena = arena_make(1 << 16);
    for (int s = 0; s < 5; s++) {
        int n = sizes[s];
        struct rigid T = {arena_mat(&arena, n, n), arena_vec(&arena, n)};
        struct quadratic q = quadratic_make(&arena, n),
                         moved = quadratic_make(&arena, n);
        vec w = arena_vec(&arena, n), w_tilde = arena_vec(&arena, n);
        vec back = arena_vec(&arena, n), scratch = arena_vec(&arena, n);
        mat F = arena_mat(&arena, n, n);
        rng_normals(&rng, 0, 1, T.t);
        rng_normals(&rng, 0, 1, w_tilde);
        rng_normals(&rng, 0, 1, q.b);
        rng_normals(&rng, 0, 1, entries(F));
        gram(1, F, q.A);
        q.c = 3;
        rng_normals(&rng, 0, 1, entries(T.Q));
        inv_from_rotated(T, w_tilde, w);
        inv_quadratic_rotated(T, q, &arena, &moved);
        double cost = quadratic_cost(q, w, scratch);
        double size = 1 + max_norm(entries(q.A)) * pow(norm(w) + norm(T.t), 2) +
                      norm(q.b) * (norm(w) + norm(T.t));
        ck_assert_double_le(fabs(quadratic_cost(moved, w_tilde, scratch) - cost),
                            30 * (n + 1) * (n + 1) * (n + 1) * REAL_EPSILON * size);

        rng_rotation(&rng, &arena, T.Q);
        inv_from_rotated(T, w_tilde, w);
        inv_to_rotated(T, w, back);
        assert_close(back, w_tilde, n, norm(w) + norm(T.t));
    }
    arena_free(&arena);
}
END_TEST

/* For all sizes: what was in the outputs is gone, also from twice, and q, the map and
 * the points are as they were. */
START_TEST(maps_write_what_they_say_and_no_more)
{
    static const int sizes[] = {1, 2, 5, 70};
    struct rng rng = unit_rng("invariance/writes");
    arena = arena_make(1 << 20);
    for (int s = 0; s < 4; s++) {
        int n = sizes[s];
        arena.used = 0;
        struct rigid T = {arena_mat(&arena, n, n), arena_vec(&arena, n)};
        struct quadratic q = quadratic_make(&arena, n), to[2];
        vec w = arena_vec(&arena, n), out[4];
        const vec read[] = {entries(T.Q), T.t, entries(q.A), q.b, w};
        vec before[5];
        for (int k = 0; k < 5; k++) {
            before[k] = arena_vec(&arena, read[k].n);
            rng_normals(&rng, 0, 1, read[k]), copy(read[k], before[k]);
        }
        q.c = 3;
        for (int k = 0; k < 2; k++) {
            to[k] = quadratic_make(&arena, n);
            fill(k ? NAN : 7, entries(to[k].A)), fill(k ? NAN : 7, to[k].b);
            to[k].c = k ? NAN : 7;
            inv_quadratic_rotated(T, q, &arena, &to[k]);
            out[k] = arena_vec(&arena, n), out[2 + k] = arena_vec(&arena, n);
            fill(k ? NAN : 7, out[k]), fill(k ? NAN : 7, out[2 + k]);
            inv_to_rotated(T, w, out[k]);
            inv_from_rotated(T, w, out[2 + k]);
        }
        assert_vec(entries(to[1].A), entries(to[0].A), 0);
        assert_vec(to[1].b, to[0].b, 0);
        ck_assert_double_eq(to[1].c, to[0].c);
        assert_vec(out[1], out[0], 0);
        assert_vec(out[3], out[2], 0);
        for (int k = 0; k < 5; k++)
            assert_vec(read[k], before[k], 0);
        ck_assert_double_eq(q.c, 3);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(maps_refuse_other_shapes)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 3), two = quadratic_make(&arena, 2);
    ck_assert_stops("gemtv: ", inv_to_rotated(quarter_turn(), VEC(1, 2, 3), VEC(0, 0)));
    ck_assert_stops("gemtv: ", inv_to_rotated(quarter_turn(), VEC(1, 2), VEC(0, 0, 0)));
    ck_assert_stops("gemv: ",
                    inv_from_rotated(quarter_turn(), VEC(1, 2, 3), VEC(0, 0)));
    ck_assert_stops("copy: ",
                    inv_from_rotated(quarter_turn(), VEC(1, 2), VEC(0, 0, 0)));
    ck_assert_stops("gemm: ", inv_quadratic_rotated(quarter_turn(), q, &arena, &two));
    ck_assert_stops("gemm: ", inv_quadratic_rotated(quarter_turn(), two, &arena, &q));
}
END_TEST

/* ---- Coordinates one by one ------------------------------------------------------ */

/* A = (4 2; 2 2), b = (-8, 2): along the first axis from (5, 1) the least cost is at
 * (8 - 2) / 4, and from there along the second at (-2 - 2 * 1.5) / 2. */
START_TEST(coordinates_go_to_their_least_cost_in_turn)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(4, 2, 2, 2).at}, VEC(-8, 2), 0};
    vec w = VEC(5, 1);
    inv_coordinate_step(q, 0, w);
    assert_entries(w, (double[]){1.5, 1}, 0);
    inv_coordinate_step(q, 1, w);
    assert_entries(w, (double[]){1.5, -2.5}, 0);
    vec swept = VEC(5, 1);
    ck_assert_int_eq(inv_coordinate_sweep(q, swept), COORDINATE_OK);
    assert_entries(swept, (double[]){1.5, -2.5}, 0);
    inv_coordinate_sweep(quadratic_make(&arena, 0), (vec){0, NULL});
}
END_TEST

/* Where A is diagonal one sweep arrives, with one coordinate as with many. */
START_TEST(a_sweep_goes_through_all_coordinates)
{
    arena = arena_make(1 << 20);
    for (int n = 1; n <= 300; n += n < 100 ? 33 : 200) {
        struct quadratic q = quadratic_make(&arena, n);
        vec w = arena_vec(&arena, n);
        for (int j = 0; j < n; j++)
            row(q.A, j).at[j] = 2, q.b.at[j] = -2 * (j + 1);
        ck_assert_int_eq(inv_coordinate_sweep(q, w), COORDINATE_OK);
        for (int j = 0; j < n; j++)
            ck_assert_double_eq(w.at[j], j + 1);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(coordinates_need_curvature)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(1, 0, 0, 0).at}, VEC(1, 1), 0};
    vec w = VEC(0, 0);
    inv_coordinate_step(q, 0, w);
    assert_entries(w, (double[]){-1, 0}, 0);
    static const double none[] = {0, -2, -REAL_MIN, NAN};
    for (int k = 0; k < 4; k++) {
        q.A.at[3] = none[k];
        ck_assert_int_eq(inv_coordinate_step(q, 1, w), COORDINATE_NO_MINIMUM);
        ck_assert_int_eq(inv_coordinate_sweep(q, w), COORDINATE_NO_MINIMUM);
        assert_entries(w, (double[]){-1, 0}, 0);
    }
    q.A.at[3] = REAL_MIN;
    ck_assert_int_eq(inv_coordinate_step(q, 1, w), COORDINATE_OK);
    q.A.at[0] = 0; /* a sweep goes no further */
    double w_1 = w.at[1] = 7;
    ck_assert_int_eq(inv_coordinate_sweep(q, w), COORDINATE_NO_MINIMUM);
    ck_assert_double_eq(w.at[1], w_1);
    ck_assert_stops("row: A has 2 rows, there is no row 2",
                    inv_coordinate_step(q, 2, w));
    ck_assert_stops("row: A has 2 rows, there is no row -1",
                    inv_coordinate_step(q, -1, w));
    ck_assert_stops("dot: ", inv_coordinate_step(q, 0, VEC(1, 2, 3)));
}
END_TEST

/* A slope that is no number shows where the step goes, at once and in a sweep; and a
 * curvature counts however small it is beside the slope. */
START_TEST(slopes_of_all_sizes_count)
{
    arena = arena_make(1 << 12);
    struct quadratic q = {{2, 2, VEC(1, 0, 0, 1).at}, VEC(NAN, 1), 0};
    vec w = VEC(0, 0);
    ck_assert_int_eq(inv_coordinate_step(q, 0, w), COORDINATE_OK);
    ck_assert(isnan(w.at[0]) && w.at[1] == 0);
    ck_assert_int_eq(inv_coordinate_step(q, 1, w), COORDINATE_OK);
    ck_assert(isnan(w.at[1])); /* 0 times what is no number is none */
    double large = IS_DOUBLE ? 0x1p500 : 0x1p60;
    real A[] = {1 / large}, b[] = {large}, at[] = {0};
    struct quadratic steep = {{1, 1, A}, {1, b}, 0};
    ck_assert_int_eq(inv_coordinate_sweep(steep, (vec){1, at}), COORDINATE_OK);
    ck_assert_double_eq(at[0], -large * large);
    arena_free(&arena);
}
END_TEST

START_TEST(what_lies_behind_the_end_stays)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 2);
    real w[] = {0, 0, 7};
    q.A.at[0] = q.A.at[3] = 1;
    q.b.at[1] = 1;
    inv_coordinate_sweep(q, (vec){2, w});
    ck_assert(w[0] == 0 && w[1] == -1 && w[2] == 7);
    arena_free(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_quarter_turn_maps_as_by_hand,
                                  a_quadratic_turns_as_by_hand,
                                  costs_and_points_agree_in_both_coordinates,
                                  maps_refuse_other_shapes,
                                  coordinates_go_to_their_least_cost_in_turn,
                                  a_sweep_goes_through_all_coordinates,
                                  coordinates_need_curvature,
                                  what_lies_behind_the_end_stays,
                                  maps_write_what_they_say_and_no_more,
                                  slopes_of_all_sizes_count,
                                  NULL};
    return unit_run("invariance", tests);
}
