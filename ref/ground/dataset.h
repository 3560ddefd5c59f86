/* dataset.h -- Fashion-MNIST: 70,000 grey images of 28 x 28 pixels, in ten classes.
 * [Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST", arXiv:1708.07747]
 *
 * It comes as MNIST came, in IDX files: one of images and one of labels for each part.
 * A file may be packed by gzip.  Files are not trusted: what is wrong with one is a
 * status and a line of text, and then nothing has been read.
 *
 * 0 T-shirt, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker,
 * 8 bag, 9 ankle boot. */
#ifndef REF_DATASET_H
#define REF_DATASET_H

#include "ground/dense.h"

#include <stdint.h>

enum { DATASET_CLASSES = 10, DATASET_MESSAGE = 512 };

enum dataset_part { DATASET_TRAIN, DATASET_TEST };

enum dataset_status {
    DATASET_OK,
    DATASET_MISSING,         /* a file cannot be opened             */
    DATASET_UNREADABLE,      /* it cannot be read, or not unpacked  */
    DATASET_TRUNCATED,       /* it ends before its last example     */
    DATASET_TRAILING,        /* it goes on after its last example   */
    DATASET_NOT_IDX,         /* it does not begin as an IDX file    */
    DATASET_BAD_SHAPE,       /* its images are empty, or too large  */
    DATASET_COUNTS_DISAGREE, /* there are more or less labels       */
    DATASET_BAD_LABEL,       /* a label is not that of a class      */
    DATASET_TOO_LARGE        /* the arena has no room               */
};

struct dataset {
    int n;           /* examples                                      */
    int rows, cols;  /* of each image                                 */
    uint8_t *pixels; /* n * rows * cols, image by image, row by row   */
    uint8_t *labels; /* n, the class of each, below DATASET_CLASSES   */
};

const char *dataset_directory(void);
enum dataset_status dataset_read(const char *directory, enum dataset_part part,
                                 int take, struct arena *arena, struct dataset *data,
                                 char message[DATASET_MESSAGE]);

int dataset_pair(struct dataset data, int one, int other, int *chosen);
void dataset_images(struct dataset data, const int *chosen, int pool, mat X);
void dataset_signs(struct dataset data, const int *chosen, int plus, vec t);

#endif
