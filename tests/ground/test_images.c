/* The contract of images.h, on images that are numbered: what is drawn is what it was,
 * and nothing is learned from images for testing.  That the first ones are those of the
 * files is for the claims. */
#include "ground/images.h"
#include "ground/unit.h"

#include <math.h>

enum { N = 20, PIXELS = 3 };

/* Image i: (i, i^2, 1), of class i mod 10. */
static struct images numbered(struct arena *arena)
{
    struct images x = {arena_mat(arena, N, PIXELS), arena_vec(arena, N),
                       arena_ints(arena, N)};
    for (int i = 0; i < N; i++) {
        row(x.X, i).at[0] = i, row(x.X, i).at[1] = i * i, row(x.X, i).at[2] = 1;
        x.classes[i] = i % 10;
        x.t.at[i] = -i;
    }
    return x;
}

static void assert_is(struct images x, int i, int number)
{
    assert_entries(row(x.X, i), (double[]){number, number * number, 1}, 0);
    ck_assert_int_eq(x.classes[i], number % 10);
    ck_assert_double_eq(x.t.at[i], -number);
}

START_TEST(signs_are_those_of_the_class)
{
    struct arena arena = arena_make(1 << 14);
    struct images x = numbered(&arena);
    images_signs(x, 3);
    for (int i = 0; i < N; i++)
        ck_assert_double_eq(x.t.at[i], i % 10 == 3 ? 1 : -1);
    ck_assert_stops("there is no class 10", images_signs(x, 10));
    arena_free(&arena);
}
END_TEST

START_TEST(parts_are_views_and_choices_are_copies)
{
    struct arena arena = arena_make(1 << 14);
    struct images x = numbered(&arena), part = images_part(x, 7, 4);
    struct images some = images_choose(&arena, x, (int[]){9, 0, 9}, 3);
    ck_assert(part.X.rows == 4 && part.t.n == 4 && some.X.rows == 3 && some.t.n == 3);
    for (int i = 0; i < 4; i++)
        assert_is(part, i, 7 + i);
    row(x.X, 8).at[2] = row(x.X, 9).at[2] = 5;
    ck_assert_double_eq(row(part.X, 1).at[2], 5);
    assert_is(some, 0, 9);
    assert_is(some, 1, 0);
    assert_is(some, 2, 9);
    ck_assert_stops("there is no row 20", images_choose(&arena, x, (int[]){20}, 1));
    arena_free(&arena);
}
END_TEST

START_TEST(a_draw_has_each_image_once)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("images/draw"), same = rng;
    struct images x = numbered(&arena), all = images_draw(&rng, &arena, x, N);
    int seen[N] = {0}, order[N];
    rng_permutation(&same, N, order);
    for (int i = 0; i < N; i++) {
        assert_is(all, i, order[i]);
        seen[order[i]]++;
    }
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(seen[i], 1);
    ck_assert_stops("there are 20 images, not 21", images_draw(&rng, &arena, x, N + 1));
    arena_free(&arena);
}
END_TEST

/* Of the first ones alone: the others may be anything. */
START_TEST(normalized_by_those_for_training)
{
    enum { TRAIN = 12 };
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("images/normalize");
    struct images x = numbered(&arena), y = numbered(&arena);
    rng_normals(&rng, 5, 1, entries(x.X));
    copy(entries(row_block(x.X, 0, TRAIN)), entries(row_block(y.X, 0, TRAIN)));
    rng_normals(&rng, -100, 9, entries(row_block(y.X, TRAIN, N - TRAIN)));
    mat before = arena_mat(&arena, N, PIXELS);
    copy(entries(x.X), entries(before));
    images_normalize(x, TRAIN, 3);
    images_normalize(y, TRAIN, 3);
    mat train = row_block(x.X, 0, TRAIN);
    assert_near(norm(entries(train)), 3 * sqrtl(TRAIN), 1e-12);
    for (int j = 0; j < PIXELS; j++) {
        double sum = 0;
        for (int i = 0; i < TRAIN; i++)
            sum += row(train, i).at[j];
        assert_near(sum, 0, 1e-12);
    }
    assert_vec(entries(train), entries(y.X), 0);
    /* All of them are moved and scaled alike. */
    double factor = (row(x.X, 1).at[0] - row(x.X, 0).at[0]) /
                    (row(before, 1).at[0] - row(before, 0).at[0]);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < PIXELS; j++)
            assert_near(row(x.X, i).at[j] - row(x.X, 0).at[j],
                        factor * (row(before, i).at[j] - row(before, 0).at[j]), 1e-11);
    arena_free(&arena);
}
END_TEST

START_TEST(one_hot_is_one_at_the_class_alone)
{
    struct arena arena = arena_make(1 << 14);
    struct images x = numbered(&arena);
    mat T = images_one_hot(&arena, x);
    ck_assert_int_eq(T.rows, N);
    ck_assert_int_eq(T.cols, DATASET_CLASSES);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < T.cols; k++)
            ck_assert_double_eq(row(T, i).at[k], k == x.classes[i]);
    arena_free(&arena);
}
END_TEST

START_TEST(what_has_no_size_stops)
{
    struct arena arena = arena_make(1 << 14);
    struct images x = numbered(&arena);
    fill(4, entries(x.X));
    ck_assert_stops("the first 5 images are all the same", images_normalize(x, 5, 1));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("images", (const TTest *[]){signs_are_those_of_the_class,
                                                parts_are_views_and_choices_are_copies,
                                                a_draw_has_each_image_once,
                                                normalized_by_those_for_training,
                                                one_hot_is_one_at_the_class_alone,
                                                what_has_no_size_stops, NULL});
}
