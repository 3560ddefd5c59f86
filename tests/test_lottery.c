/* The contract of lottery.h: masks against a selection by hand, training under a mask
 * against Adam itself, and sums against all subsets one by one. */
#include "ground/unit.h"
#include "ground/worlds.h"
#include "lottery.h"

#include <float.h>
#include <math.h>

static struct arena arena;
static void set_up(void) { arena = arena_make(1 << 26); }

/* ---- Pruning --------------------------------------------------------------------- */

/* Takes away the smallest that is left, the first of several, so many times. */
static void prune_by_hand(int count, vec w, vec mask)
{
    for (int k = 0; k < count; k++) {
        int least = -1;
        for (int i = 0; i < w.n; i++)
            if (mask.at[i] != 0 && !isnan(w.at[i]) &&
                (least < 0 || fabs(w.at[i]) < fabs(w.at[least])))
                least = i;
        mask.at[least] = 0;
    }
}

START_TEST(the_smallest_go_and_of_equals_the_first)
{
    set_up();
    struct rng rng = unit_rng("lottery/prune");
    for (int r = 0; r < 300; r++) {
        arena.used = 0;
        int n = 1 + rng_below(&rng, r < 290 ? 12 : 300), left = 0;
        vec w = arena_vec(&arena, n), mask = arena_vec(&arena, n),
            hand = arena_vec(&arena, n);
        for (int i = 0; i < n; i++) {
            w.at[i] = (rng_below(&rng, 9) - 4) * (r % 3 == 0 ? 1e-310 : 1e160);
            left += (int)(mask.at[i] = rng_below(&rng, 4) > 0);
        }
        copy(mask, hand);
        int count = rng_below(&rng, left + 1);
        size_t used = arena.used;
        lot_prune_smallest(count, w, &arena, mask);
        ck_assert_uint_eq(arena.used, used);
        prune_by_hand(count, w, hand);
        assert_vec(mask, hand, 0);
    }
}
END_TEST

START_TEST(what_is_no_number_stays_and_what_is_gone_does_not_count)
{
    set_up();
    vec w = VEC(1, 3, -INFINITY, NAN, -2), mask = VEC(0, 1, 1, 1, 1);
    lot_prune_smallest(2, w, &arena, mask);
    assert_entries(mask, (double[]){0, 0, 1, 1, 0}, 0);
    lot_prune_smallest(0, w, &arena, mask);
    assert_entries(mask, (double[]){0, 0, 1, 1, 0}, 0);
    lot_prune_smallest(2, w, &arena, mask);
    assert_entries(mask, (double[]){0, 0, 0, 0, 0}, 0);
    ck_assert_stops("cannot prune 1 weights of 0",
                    lot_prune_smallest(1, w, &arena, mask));
    ck_assert_stops("cannot prune -1", lot_prune_smallest(-1, w, &arena, mask));
    ck_assert_stops("lot_prune_smallest",
                    lot_prune_smallest(0, w, &arena, part(mask, 0, 4)));
    vec none = arena_vec(&arena, 0);
    lot_prune_smallest(0, none, &arena, none);
}
END_TEST

/* Two inputs, three hidden units, one output: 6 + 3 + 3 + 1 parameters. */
static struct mlp net_2_3_1(void)
{
    return mlp_make(2, (int[]){2, 3, 1}, RELU, STANDARD, true);
}

START_TEST(layers_are_pruned_by_themselves_and_biases_stay)
{
    set_up();
    struct mlp net = net_2_3_1();
    vec w = VEC(6, -5, 4, -3, 2, -1, 0, 0, 0, 30, 10, 20, 0);
    vec mask = arena_vec(&arena, 13);
    fill(1, mask);
    ck_assert_double_eq(lot_share_left(&net, mask), 1);
    lot_prune_layers(&net, (real[]){0.5, 0.3}, w, &arena, mask);
    assert_entries(mask, (double[]){1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1}, 0);
    assert_near(lot_share_left(&net, mask), 5.0L / 9, DBL_EPSILON);
    /* 0.5 of 3 is rounded away from 0, 0.2 of 2 to 0. */
    lot_prune_layers(&net, (real[]){0.5, 0.2}, w, &arena, mask);
    assert_entries(mask, (double[]){1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1}, 0);
    lot_prune_layers(&net, (real[]){0, 1}, w, &arena, mask);
    assert_entries(mask, (double[]){1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1}, 0);
    assert_near(lot_share_left(&net, mask), 1.0L / 9, DBL_EPSILON);
    lot_prune_layers(&net, (real[]){1, 1}, w, &arena, mask);
    ck_assert_double_eq(lot_share_left(&net, mask), 0);
    lot_prune_layers(&net, (real[]){1, 1}, w, &arena, mask);
    ck_assert_double_eq(max_norm(part(mask, 6, 3)), 1);
    ck_assert_stops("shares[1] must be in [0, 1], got 1.5",
                    lot_prune_layers(&net, (real[]){0, 1.5}, w, &arena, mask));
    ck_assert_stops("shares[0] must be in [0, 1], got -0.5",
                    lot_prune_layers(&net, (real[]){-0.5, 0}, w, &arena, mask));
    ck_assert_stops("shares[0]",
                    lot_prune_layers(&net, (real[]){NAN, 0}, w, &arena, mask));
}
END_TEST

/* A layer of 99 weights, of which the last is gone, and of the others the smallest. */
START_TEST(layers_are_counted_to_their_end)
{
    set_up();
    struct mlp net = mlp_make(1, (int[]){9, 11}, LINEAR, STANDARD, false);
    vec w = arena_vec(&arena, 99), mask = arena_vec(&arena, 99);
    fill(1, mask);
    for (int i = 0; i < 99; i++)
        w.at[i] = i;
    mask.at[98] = 0;
    assert_near(lot_share_left(&net, mask), 98.0L / 99, DBL_EPSILON);
    lot_prune_layers(&net, (real[]){0.5}, w, &arena, mask);
    for (int i = 0; i < 99; i++)
        ck_assert(mask.at[i] == (i >= 49 && i < 98));
    fill(0, mask);
    mask.at[98] = 1;
    assert_near(lot_share_left(&net, mask), 1.0L / 99, DBL_EPSILON);
    struct mlp one = mlp_make(1, (int[]){1, 1}, LINEAR, STANDARD, false);
    ck_assert_double_eq(lot_share_left(&one, VEC(1)), 1);
}
END_TEST

/* ---- Training -------------------------------------------------------------------- */

/* grad := a o w - b, and how often it was asked for. */
struct bowl {
    vec a, b;
    int calls;
};

static void bowl_gradient(void *cost, vec w, vec grad)
{
    struct bowl *bowl = cost;
    copy(w, grad);
    multiply(bowl->a, grad);
    axpy(-1, bowl->b, grad);
    bowl->calls++;
}

START_TEST(a_masked_gradient_is_0_where_nothing_is)
{
    set_up();
    struct bowl bowl = {VEC(1, 2, 3, 4), VEC(1, 1, 1, NAN), 0};
    struct lot_masked masked = {bowl_gradient, &bowl, VEC(1, 0, 1, 1)};
    vec grad = VEC(NAN, NAN, NAN, NAN);
    lot_masked_gradient(&masked, VEC(2, 2, 2, 2), grad);
    ck_assert(grad.at[0] == 1 && grad.at[1] == 0 && grad.at[2] == 5);
    ck_assert(isnan(grad.at[3]));
}
END_TEST

START_TEST(what_is_left_is_trained_by_adam_from_rest)
{
    set_up();
    struct bowl bowl = {VEC(1, 2, 3, 4), VEC(5, -6, 7, 8), 0};
    vec mask = VEC(1, 0, 1, 0), w = VEC(1, 2, 3, 4), plain = VEC(1, 0, 3, 0);
    vec grad = arena_vec(&arena, 4);
    struct lot_training how = {bowl_gradient, &bowl, 0.1, 25};
    size_t used = arena.used;
    lot_train(how, mask, &arena, w);
    ck_assert_uint_eq(arena.used, used);
    ck_assert_int_eq(bowl.calls, 25);
    struct adam adam = adam_make(&arena, 4, 0.9, 0.999, 1e-8);
    optimize(bowl_gradient, &bowl, by_adam(&adam), 0.1, 25, plain, grad);
    ck_assert(w.at[0] == plain.at[0] && w.at[2] == plain.at[2]);
    ck_assert(w.at[1] == 0 && w.at[3] == 0 && plain.at[1] != 0);
    /* A second run from the same start is the first over again. */
    vec again = VEC(1, 9, 3, -9);
    lot_train(how, mask, &arena, again);
    assert_vec(again, w, 0);
    how.steps = 0;
    vec untouched = VEC(1, 2, 3, 4);
    lot_train(how, mask, &arena, untouched);
    assert_entries(untouched, (double[]){1, 0, 3, 0}, 0);
    bowl.b.at[0] = NAN, how.steps = 1;
    lot_train(how, mask, &arena, untouched);
    ck_assert(isnan(untouched.at[0]) && untouched.at[1] == 0);
    how.steps = -1;
    ck_assert_stops("steps", lot_train(how, mask, &arena, w));
}
END_TEST

START_TEST(a_round_resets_trains_and_prunes)
{
    set_up();
    struct mlp net = mlp_make(1, (int[]){4, 1}, LINEAR, STANDARD, false);
    struct bowl bowl = {VEC(1, 1, 1, 1), VEC(1, 2, 3, 4), 0};
    struct lot_training how = {bowl_gradient, &bowl, 0.01, 3000};
    vec w_0 = VEC(4, 3, 2, 1), mask = arena_vec(&arena, 4), w = VEC(NAN, 7, 7, 7);
    fill(1, mask);
    /* It ends at (1, 2, 3, 4), in the order opposite to that of the start. */
    lot_round(&net, how, (real[]){0.5}, w_0, &arena, mask, w);
    assert_entries(w, (double[]){1, 2, 3, 4}, 1e-3);
    assert_entries(mask, (double[]){0, 0, 1, 1}, 0);
    assert_entries(w_0, (double[]){4, 3, 2, 1}, 0);
    /* The next begins at w_0 again: after no step it is there, and prunes by that. */
    how.steps = 0;
    lot_round(&net, how, (real[]){0.5}, w_0, &arena, mask, w);
    assert_entries(w, (double[]){0, 0, 2, 1}, 0);
    assert_entries(mask, (double[]){0, 0, 1, 0}, 0);
}
END_TEST

/* Seven layers of weights, with biases that count nowhere. */
START_TEST(shares_of_deep_networks)
{
    set_up();
    struct mlp net =
        mlp_make(7, (int[]){2, 3, 1, 4, 70, 2, 5, 1}, RELU, STANDARD, true);
    vec mask = arena_vec(&arena, mlp_parameters(&net));
    real shares[] = {0, 0.5, 1, 0.25, 0.5, 0, 1};
    double all = 0, left = 0;
    fill(1, mask);
    ck_assert_double_eq(lot_share_left(&net, mask), 1);
    lot_prune_layers(&net, shares, mask, &arena, mask);
    for (int l = 0; l < 7; l++) {
        int n = net.width[l] * net.width[l + 1], gone = (int)lround(shares[l] * n);
        vec W = entries(mlp_weights(&net, mask, l)), b = mlp_biases(&net, mask, l);
        all += n, left += n - gone;
        for (int i = 0; i < n; i++)
            ck_assert(W.at[i] == (i >= gone)); /* of equals the first */
        for (int i = 0; i < b.n; i++)
            ck_assert_double_eq(b.at[i], 1);
    }
    assert_near(lot_share_left(&net, mask), (long double)left / all, DBL_EPSILON);
    fill(0, mask);
    ck_assert_double_eq(lot_share_left(&net, mask), 0);
}
END_TEST

/* Also after more steps than Adam's second moment remembers; and the mask and the start
 * are only read. */
START_TEST(a_long_training_is_adams)
{
    set_up();
    struct bowl bowl = {VEC(1, 2, 3), VEC(5, -6, 7), 0};
    vec mask = VEC(1, 0, 1), w = VEC(1, 2, 3), plain = VEC(1, 0, 3);
    vec grad = arena_vec(&arena, 3);
    struct lot_training how = {bowl_gradient, &bowl, 0.1, 5000};
    lot_train(how, mask, &arena, w);
    struct adam adam = adam_make(&arena, 3, 0.9, 0.999, 1e-8);
    optimize(bowl_gradient, &bowl, by_adam(&adam), 0.1, 5000, plain, grad);
    ck_assert(w.at[0] == plain.at[0] && w.at[1] == 0 && w.at[2] == plain.at[2]);
    assert_entries(mask, (double[]){1, 0, 1}, 0);
    struct lot_masked masked = {bowl_gradient, &bowl, mask};
    vec least = VEC(5, -3, 7.0 / 3), at = VEC(5, -3, 7.0 / 3);
    lot_masked_gradient(&masked, at, grad); /* a gradient of 0 takes nothing away */
    assert_entries(mask, (double[]){1, 0, 1}, 0);
    assert_vec(at, least, 0);
}
END_TEST

/* The next round begins at w_0 whatever the last one left, a 0 or a NaN. */
START_TEST(a_round_forgets_the_last)
{
    static const double left[] = {0, 1, NAN, INFINITY};
    set_up();
    struct mlp net = mlp_make(1, (int[]){3, 1}, LINEAR, STANDARD, false);
    struct bowl bowl = {VEC(1, 1, 1), VEC(1, 2, 3), 0};
    struct lot_training how = {bowl_gradient, &bowl, 0.01, 3};
    vec w_0 = VEC(3, 2, 1), w = arena_vec(&arena, 3), first = arena_vec(&arena, 3);
    for (int k = 0; k < 4; k++) {
        vec mask = VEC(1, 1, 0);
        fill(left[k], w);
        lot_round(&net, how, (real[]){0.5}, w_0, &arena, mask, w);
        assert_entries(w_0, (double[]){3, 2, 1}, 0);
        assert_entries(mask, (double[]){1, 0, 0}, 0);
        if (k == 0)
            copy(w, first);
        assert_vec(w, first, 0);
    }
}
END_TEST

/* ---- Sums ------------------------------------------------------------------------ */

static long double sum_by_hand(vec x, uint64_t members)
{
    long double sum = 0;
    for (int i = 0; i < x.n; i++)
        if (members >> i & 1)
            sum += x.at[i];
    return sum;
}

static double total(vec x)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += fabs(x.at[i]);
    return sum;
}

START_TEST(all_sums_are_there_once_in_order)
{
    static const double scales[] = {1, REAL_MIN / 100, REAL_MAX / 1e8};
    set_up();
    struct rng rng = unit_rng("lottery/sums");
    for (int n = 0; n <= 12; n++)
        for (int r = 0; r < 6; r++) {
            arena.used = 0;
            vec x = arena_vec(&arena, n), seen = arena_vec(&arena, 1 << n);
            for (int i = 0; i < n; i++)
                x.at[i] = r < 3 ? rng_normal(&rng) * scales[r] : rng_below(&rng, 5) - 2;
            size_t used = arena.used;
            struct lot_sums sums = lot_sums(x, &arena);
            ck_assert_int_eq(sums.count, 1 << n);
            ck_assert_uint_ge(arena.used, used + sizeof *sums.at * (size_t)sums.count);
            for (int k = 0; k < sums.count; k++) {
                struct lot_sum sum = sums.at[k];
                ck_assert(sum.members < (uint64_t)sums.count);
                seen.at[sum.members]++;
                ck_assert(k == 0 || sums.at[k - 1].value <= sum.value);
                assert_near(sum.value, sum_by_hand(x, sum.members),
                            n * DBL_EPSILON * total(x));
            }
            for (int k = 0; k < sums.count; k++)
                ck_assert(seen.at[k] == 1);
        }
    ck_assert_stops("2^21 sums", lot_sums((vec){21, arena_take(&arena, 21)}, &arena));
}
END_TEST

START_TEST(the_nearest_is_the_nearest_of_all)
{
    set_up();
    struct rng rng = unit_rng("lottery/nearest");
    for (int r = 0; r < 400; r++) {
        arena.used = 0;
        int n = rng_below(&rng, 12);
        vec x = arena_vec(&arena, n);
        double scale = r % 5 == 0 ? 1e8 * REAL_MIN : r % 5 == 1 ? REAL_MAX / 1e8 : 1;
        for (int i = 0; i < n; i++)
            x.at[i] = scale * (r % 2 ? rng_normal(&rng) : rng_below(&rng, 7) - 3);
        double target = scale * (r % 3 ? rng_normal(&rng) : 20 * rng_normal(&rng));
        size_t used = arena.used;
        struct lot_sum best = lot_nearest_sum(x, target, &arena);
        ck_assert_uint_eq(arena.used, used);
        ck_assert(best.members < UINT64_C(1) << n);
        double limit = 2 * (n + 1) * DBL_EPSILON * (total(x) + fabs(target));
        assert_near(best.value, sum_by_hand(x, best.members), limit);
        for (uint64_t set = 0; set < UINT64_C(1) << n; set++)
            ck_assert(fabsl((long double)best.value - target) <=
                      fabsl(sum_by_hand(x, set) - target) + limit);
    }
}
END_TEST

START_TEST(the_digits_of_a_number_are_its_subset_of_powers)
{
    set_up();
    struct rng rng = unit_rng("lottery/digits");
    static const int sizes[] = {1, 2, 3, 17, 31, 32, 33, 39, 40};
    for (int s = 0; s < 27; s++) {
        arena.used = 0;
        int n = sizes[s / 3];
        vec x = arena_vec(&arena, n);
        for (int i = 0; i < n; i++)
            x.at[i] = ldexp(1, i - n);
        uint64_t all = UINT64_MAX >> (64 - n);
        uint64_t digits = s % 3 == 0 ? rng_bits(&rng) & all : s % 3 == 1 ? all : 0;
        struct lot_sum best = lot_nearest_sum(x, ldexp((double)digits, -n), &arena);
        ck_assert(best.members == digits && best.value == ldexp((double)digits, -n));
    }
}
END_TEST

START_TEST(sums_of_what_is_no_number)
{
    set_up();
    vec x = VEC(1, 2, 4);
    ck_assert(lot_nearest_sum(x, 5.2, &arena).members == 5);
    ck_assert(isnan(lot_nearest_sum(x, NAN, &arena).value));
    ck_assert(isnan(lot_nearest_sum(x, INFINITY, &arena).value));
    x.at[2] = NAN;
    ck_assert(isnan(lot_nearest_sum(x, 1, &arena).value));
    ck_assert(lot_nearest_sum(x, 1, &arena).members == 0);
    ck_assert(isnan(lot_nearest_sum(VEC(1e308, 1e308), 1, &arena).value));
    ck_assert(isnan(lot_nearest_sum(VEC(-1e308), 1e308, &arena).value));
    ck_assert(lot_nearest_sum(part(x, 0, 0), 3, &arena).value == 0);
    ck_assert(lot_nearest_sum(part(x, 0, 2), 1, &arena).value == 1);
    vec many = arena_vec(&arena, 41);
    ck_assert_stops("2^41 sums", lot_nearest_sum(many, 1, &arena));
}
END_TEST

/* The list is 2 2^n doubles, and what lies behind that stays. */
START_TEST(sums_take_the_room_that_they_need)
{
    set_up();
    vec x = VEC(1, 2, 4, 8);
    size_t room = sizeof(double) * 2 << 4, from = arena.used;
    vec behind = {200, (real *)(void *)(arena.base + from + room)};
    fill(7, behind);
    struct arena tight = {arena.base, from + room, from};
    struct lot_sums sums = lot_sums(x, &tight);
    for (int k = 0; k < 16; k++)
        ck_assert(sums.at[k].value == k);
    for (int i = 0; i < behind.n; i++)
        ck_assert(behind.at[i] == 7);
}
END_TEST

/* ---- Carving --------------------------------------------------------------------- */

static struct mlp plain(int depth, const int *width)
{
    return mlp_make(depth, width, RELU, STANDARD, false);
}

START_TEST(a_weight_from_units_of_either_sign)
{
    set_up();
    struct mlp target = plain(1, (int[]){1, 1}), host = plain(2, (int[]){1, 5, 1});
    /* Products |a| b: 0.5 and 2 where a > 0; 3, -0.5 where a < 0; a = 0 is of no use.
     */
    vec w = VEC(1, -1, 2, 0, -0.25, 0.5, 3, 1, 9, -2), v = VEC(0.5);
    vec mask = arena_vec(&arena, 10), errors = VEC(NAN);
    fill(NAN, mask);
    size_t used = arena.used;
    lot_carve(&target, v, &host, w, &arena, mask, errors);
    ck_assert_uint_eq(arena.used, used);
    fill(7, mask), errors.at[0] = VAST; /* whatever was there */
    lot_carve(&target, v, &host, w, &arena, mask, errors);
    assert_entries(mask, (double[]){1, 1, 1, 1, 1, 1, 0, 0, 0, 1}, 0);
    ck_assert_double_eq(errors.at[0], 0);
    v.at[0] = 2.75; /* of 0.5, 2: 2.5; of 3, -0.5, for -2.75: -0.5 */
    lot_carve(&target, v, &host, w, &arena, mask, errors);
    assert_entries(mask, (double[]){1, 1, 1, 1, 1, 1, 0, 1, 0, 1}, 0);
    ck_assert_double_eq(errors.at[0], 2.25);
    w.at[6] = NAN;
    lot_carve(&target, v, &host, w, &arena, mask, errors);
    ck_assert(isnan(errors.at[0]));
    w.at[6] = 3, w.at[4] = NAN;
    lot_carve(&target, v, &host, w, &arena, mask, errors);
    ck_assert(isnan(errors.at[0]));
}
END_TEST

/* Targets with whole weights, and hosts whose units have 1 and -1 before them and 1, 2,
 * 4, -8 behind: all weights from -8 to 7 are there exactly. */
START_TEST(deep_targets_are_found_exactly)
{
    set_up();
    struct rng rng = unit_rng("lottery/carve");
    for (int r = 0; r < 60; r++) {
        arena.used = 0;
        int L = 1 + rng_below(&rng, 3), width[4], wide[7];
        for (int l = 0; l <= L; l++) {
            width[l] = 1 + rng_below(&rng, 4);
            wide[2 * l] = width[l];
            if (l < L)
                wide[2 * l + 1] = (8 + l) * width[l];
        }
        struct mlp target = plain(L, width), host = plain(2 * L, wide);
        vec v = arena_vec(&arena, mlp_parameters(&target)),
            errors = arena_vec(&arena, L);
        vec w = arena_vec(&arena, mlp_parameters(&host)), mask = arena_vec(&arena, w.n);
        for (int i = 0; i < v.n; i++)
            v.at[i] = rng_below(&rng, 15) - 7;
        rng_normals(&rng, 0, 100, w);
        for (int l = 0; l < L; l++)
            for (int u = 0; u < wide[2 * l + 1]; u++) {
                int k = u % (8 + l);
                row(mlp_weights(&host, w, 2 * l), u).at[u / (8 + l)] = k % 2 ? 1 : -1;
                for (int to = 0; to < width[l + 1]; to++)
                    row(mlp_weights(&host, w, 2 * l + 1), to).at[u] =
                        k < 8 ? (k / 2 == 3 ? -8 : 1 << k / 2) : 16;
            }
        fill(NAN, errors);
        lot_carve(&target, v, &host, w, &arena, mask, errors);
        ck_assert_double_eq(max_norm(errors), 0);
        multiply(mask, w);
        mat X = normal_mat(&arena, &rng, 7, width[0]);
        struct mlp_pass exact = mlp_pass_make(&arena, &target, 7);
        struct mlp_pass carved = mlp_pass_make(&arena, &host, 7);
        mlp_forward(&target, v, X, &exact);
        mlp_forward(&host, w, X, &carved);
        vec F = entries(exact.H[L]), G = entries(carved.H[2 * L]);
        for (int i = 0; i < F.n; i++)
            ck_assert_double_le(fabs(F.at[i] - G.at[i]), 1e5 * 300 * REAL_EPSILON);
    }
}
END_TEST

START_TEST(carving_refuses_what_does_not_fit)
{
    set_up();
    struct mlp target = plain(1, (int[]){2, 3}), host = plain(2, (int[]){2, 4, 3});
    vec v = arena_vec(&arena, 6), w = arena_vec(&arena, 20),
        mask = arena_vec(&arena, 20);
    vec errors = arena_vec(&arena, 1);
    lot_carve(&target, v, &host, w, &arena, mask, errors);
    ck_assert_stops("errors has 3 entries for 1 layers",
                    lot_carve(&target, v, &host, w, &arena, mask, part(v, 0, 3)));
    struct mlp deep = plain(3, (int[]){2, 1, 1, 1});
    ck_assert_stops("the host has 3 layers for 1",
                    lot_carve(&target, v, &deep, v, &arena, v, errors));
    struct mlp odd = plain(2, (int[]){2, 5, 3}), other = plain(2, (int[]){3, 6, 3}),
               ends = plain(2, (int[]){2, 4, 2});
    vec room = arena_vec(&arena, 50);
    ck_assert_stops("2 to 5 to 3 units of the host for 2 to 3",
                    lot_carve(&target, v, &odd, part(room, 0, 25), &arena,
                              part(room, 0, 25), errors));
    ck_assert_stops("3 to 6 to 3 units of the host for 2 to 3",
                    lot_carve(&target, v, &other, part(room, 0, 36), &arena,
                              part(room, 0, 36), errors));
    ck_assert_stops("2 to 4 to 2 units of the host for 2 to 3",
                    lot_carve(&target, v, &ends, part(room, 0, 16), &arena,
                              part(room, 0, 16), errors));
    struct mlp smooth = host, biased = host, scaled = host;
    smooth.activation = TANH, biased.biases = true, scaled.multiplier[1] = 2;
    ck_assert_stops("plain", lot_carve(&target, v, &smooth, w, &arena, mask, errors));
    ck_assert_stops("plain", lot_carve(&target, v, &biased, w, &arena, mask, errors));
    ck_assert_stops("plain", lot_carve(&target, v, &scaled, w, &arena, mask, errors));
    struct mlp scaled_target = target;
    scaled_target.multiplier[0] = 2;
    ck_assert_stops("plain",
                    lot_carve(&scaled_target, v, &host, w, &arena, mask, errors));
}
END_TEST

int main(void)
{
    return unit_run("lottery",
                    (const TTest *[]){
                        the_smallest_go_and_of_equals_the_first,
                        what_is_no_number_stays_and_what_is_gone_does_not_count,
                        layers_are_pruned_by_themselves_and_biases_stay,
                        layers_are_counted_to_their_end,
                        a_masked_gradient_is_0_where_nothing_is,
                        what_is_left_is_trained_by_adam_from_rest,
                        a_round_resets_trains_and_prunes,
                        all_sums_are_there_once_in_order,
                        the_nearest_is_the_nearest_of_all,
                        the_digits_of_a_number_are_its_subset_of_powers,
                        sums_of_what_is_no_number,
                        sums_take_the_room_that_they_need,
                        a_weight_from_units_of_either_sign,
                        deep_targets_are_found_exactly,
                        carving_refuses_what_does_not_fit,
                        shares_of_deep_networks,
                        a_long_training_is_adams,
                        a_round_forgets_the_last,
                        NULL,
                    });
}
