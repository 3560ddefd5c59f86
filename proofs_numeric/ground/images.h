/* images.h -- Fashion-MNIST as the claims use it: some of its images, one in each row
 * of a matrix, with their classes and their targets.
 *
 * A claim reads the first images once, all of them or those of two classes, and then
 * draws from these for each of its replicates:
 *
 *     struct images shoes = images_pair(claim, 4000, 4, SNEAKER, BOOT);
 *     ...
 *     struct images some = images_draw(&rng, arena, shoes, TRAIN + TEST);
 *     images_normalize(some, TRAIN, 1);
 *     struct images train = images_part(some, 0, TRAIN);
 *     struct images test = images_part(some, TRAIN, TEST);
 *
 * pool: an image is 28 / pool x 28 / pool numbers in [0, 1], the means over blocks of
 * pool x pool pixels; pool divides 28.  Files that are not what they should be stop the
 * claim with dataset_read's line. */
#ifndef PROOFS_IMAGES_H
#define PROOFS_IMAGES_H

#include "ground/claim.h"

enum { SANDAL = 5, SNEAKER = 7, BAG = 8, BOOT = 9 };

struct images {
    mat X;        /* n x pixels: an image in each row                 */
    vec t;        /* n: a target for each, at first 0, or +1 and -1   */
    int *classes; /* n: the class of each, below DATASET_CLASSES      */
};

/* The first images, so many at most, in the claim's arena. */
struct images images_first(struct claim *claim, int most, int pool);

/* Those of two classes among the first images: t = +1 for one and -1 for the other. */
struct images images_pair(struct claim *claim, int most, int pool, int plus, int minus);

/* t := +1 where the class is plus, and -1 where it is another. */
void images_signs(struct images x, int plus);

/* One hot: row i is 1 at the class of image i, and 0 elsewhere.  n x DATASET_CLASSES.
 */
mat images_one_hot(struct arena *arena, struct images x);

/* Images from, from + 1, ..., from + count - 1, as a view. */
struct images images_part(struct images x, int from, int count);

/* A copy of the n images of these numbers, in this order. */
struct images images_choose(struct arena *arena, struct images x, const int *chosen,
                            int n);

/* A copy of n of the images, all different, in a random order: of a permutation, the
 * first n. */
struct images images_draw(struct rng *rng, struct arena *arena, struct images x, int n);

/* Subtracts from all images the mean of the first `train`, and scales all of them so
 * that those have the root mean square norm `size`: 1, or sqrt(pixels) for pixels of
 * mean square 1.  So nothing is learned from images that are for testing. */
void images_normalize(struct images x, int train, double size);

#endif
