/* The contract of planted.h, by its own equations: what it says of the points is so. */
#include "ground/planted.h"
#include "ground/unit.h"

#include <math.h>

enum { SHAPES = 4 };
static const int shapes[SHAPES][2] = {{2, 2}, {20, 3}, {7, 7}, {90, 6}};
static const double limit = 450 * REAL_EPSILON; /* of numbers up to 1 / gamma^2 */

static struct planted world_of(struct arena *arena, int shape, double gamma,
                               double spread)
{
    struct rng rng = unit_rng("planted");
    return planted_make(arena, &rng, shapes[shape][0], shapes[shape][1], gamma, spread);
}

START_TEST(both_certificates_meet_at_gamma)
{
    struct arena arena = arena_make(1 << 16);
    for (int shape = 0; shape < SHAPES; shape++) {
        struct planted k = world_of(&arena, shape, 0.3, 0.3);
        int n = k.Z.rows, d = k.Z.cols;
        vec m = arena_vec(&arena, n), hull = arena_vec(&arena, d);
        double sum = 0;
        gemv(1, k.Z, k.e, 0, m);
        for (int i = 0; i < n; i++) {
            double least = i < d ? 0.3 : 0.6, most = i < d ? 0.3 : 0.9;
            ck_assert(m.at[i] >= least - limit && m.at[i] <= most + limit);
            ck_assert(i < d ? k.p.at[i] > 0 : k.p.at[i] == 0);
            ck_assert_double_le(norm(row(k.Z, i)), 1 + limit);
            sum += k.p.at[i];
        }
        assert_near(sum, 1, limit);
        gemtv(1, k.Z, k.p, 0, hull);
        axpy(-0.3, k.e, hull);
        ck_assert_double_le(norm(hull), limit);
        assert_near(norm(k.e), 1, limit);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(separator_multipliers_and_offset_keep_their_equations)
{
    struct arena arena = arena_make(1 << 16);
    for (int shape = 0; shape < SHAPES; shape++) {
        struct planted k = world_of(&arena, shape, 0.2, 0.7);
        int d = k.Z.cols;
        vec sum = arena_vec(&arena, d);
        double longest = 0;
        gemtv(1, k.Z, k.alpha, 0, sum);
        axpy(-1, k.w, sum);
        ck_assert_double_le(norm(sum), limit / 0.04);
        for (int i = 0; i < d; i++) {
            assert_near(dot(row(k.Z, i), k.w), 1, limit);
            assert_near(dot(row(k.Z, i), k.w_tilde), -log(k.alpha.at[i]), 100 * limit);
            longest = fmax(longest, norm(row(k.Z, i)));
        }
        assert_near(longest, 1, limit);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(shares_spread_as_asked_and_worlds_differ)
{
    struct arena arena = arena_make(1 << 16);
    struct planted even = world_of(&arena, 1, 0.3, 0);
    for (int i = 0; i < 3; i++)
        assert_near(even.p.at[i], 1 / 3.0, limit);
    struct rng rng = unit_rng("planted/two");
    struct planted a = planted_make(&arena, &rng, 5, 3, 0.3, 0.5);
    struct planted b = planted_make(&arena, &rng, 5, 3, 0.3, 0.5);
    ck_assert_double_ne(a.p.at[0], b.p.at[0]);
    ck_assert_double_ne(a.e.at[0], b.e.at[0]);
    ck_assert_double_ne(a.Z.at[14], b.Z.at[14]);
    arena_free(&arena);
}
END_TEST

START_TEST(what_cannot_be_planted_stops)
{
    struct arena arena = arena_make(1 << 12);
    struct rng rng = unit_rng("planted/stops");
    ck_assert_stops("2 points have no simplex of 3 corners",
                    planted_make(&arena, &rng, 2, 3, 0.3, 0));
    ck_assert_stops("1 corners", planted_make(&arena, &rng, 2, 1, 0.3, 0));
    ck_assert_stops("in (0, 1/3], got 0.4", planted_make(&arena, &rng, 4, 3, 0.4, 0));
    ck_assert_stops("in (0, 1/3], got nan", planted_make(&arena, &rng, 4, 3, NAN, 0));
    ck_assert_stops("in [0, 1), got 1", planted_make(&arena, &rng, 4, 3, 0.3, 1));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run(
        "planted",
        (const TTest *[]){both_certificates_meet_at_gamma,
                          separator_multipliers_and_offset_keep_their_equations,
                          shares_spread_as_asked_and_worlds_differ,
                          what_cannot_be_planted_stops, NULL});
}
