#include "ground/images.h"

#include <math.h>

static struct images make(struct arena *arena, int n, int pixels)
{
    return (struct images){.X = arena_mat(arena, n, pixels),
                           .t = arena_vec(arena, n),
                           .classes = arena_ints(arena, (size_t)n)};
}

/* The examples of these numbers, or the first ones if chosen is NULL. */
static struct images pooled(struct arena *arena, struct dataset data, const int *chosen,
                            int n, int pool)
{
    REQUIRE(pool > 0, "pool must be positive, got %d", pool);
    struct images x = make(arena, n, data.rows / pool * (data.cols / pool));
    dataset_images(data, chosen, pool, x.X);
    for (int i = 0; i < n; i++)
        x.classes[i] = data.labels[chosen == NULL ? i : chosen[i]];
    return x;
}

struct images images_first(struct claim *claim, int most, int pool)
{
    struct dataset data = claim_images(claim, most);
    return pooled(claim_arena(claim), data, NULL, data.n, pool);
}

struct images images_pair(struct claim *claim, int most, int pool, int plus, int minus)
{
    struct dataset data = claim_images(claim, most);
    int *chosen = arena_ints(claim_arena(claim), (size_t)data.n);
    int n = dataset_pair(data, plus, minus, chosen);
    struct images x = pooled(claim_arena(claim), data, chosen, n, pool);
    images_signs(x, plus);
    return x;
}

void images_signs(struct images x, int plus)
{
    REQUIRE(0 <= plus && plus < DATASET_CLASSES, "there is no class %d", plus);
    for (int i = 0; i < x.t.n; i++)
        x.t.at[i] = x.classes[i] == plus ? 1 : -1;
}

mat images_one_hot(struct arena *arena, struct images x)
{
    mat T = arena_mat(arena, x.X.rows, DATASET_CLASSES);
    for (int i = 0; i < T.rows; i++)
        row(T, i).at[x.classes[i]] = 1;
    return T;
}

struct images images_part(struct images x, int from, int count)
{
    return (struct images){.X = row_block(x.X, from, count),
                           .t = part(x.t, from, count),
                           .classes = x.classes + from};
}

struct images images_choose(struct arena *arena, struct images x, const int *chosen,
                            int n)
{
    struct images some = make(arena, n, x.X.cols);
    for (int i = 0; i < n; i++) {
        copy(row(x.X, chosen[i]), row(some.X, i));
        some.t.at[i] = x.t.at[chosen[i]];
        some.classes[i] = x.classes[chosen[i]];
    }
    return some;
}

struct images images_draw(struct rng *rng, struct arena *arena, struct images x, int n)
{
    REQUIRE(0 <= n && n <= x.X.rows, "there are %d images, not %d", x.X.rows, n);
    int *order = arena_ints(arena, (size_t)x.X.rows);
    rng_permutation(rng, x.X.rows, order);
    return images_choose(arena, x, order, n);
}

void images_normalize(struct images x, int train, double size)
{
    mat first = row_block(x.X, 0, train);
    for (int j = 0; j < x.X.cols; j++) {
        double mean = 0;
        for (int i = 0; i < train; i++)
            mean += (double)row(x.X, i).at[j] / train;
        for (int i = 0; i < x.X.rows; i++)
            row(x.X, i).at[j] -= mean;
    }
    double root_mean_square = norm(entries(first)) / sqrt(train);
    REQUIRE(root_mean_square > 0, "the first %d images are all the same", train);
    scale(size / root_mean_square, entries(x.X));
}
