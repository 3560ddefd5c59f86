/* The contract of dataset.h.  The real files hold what is published of them; a corpus
 * of small ones, tests/corpus, is broken in every way that we could think of, and then
 * byte by byte.  Whatever the files hold, either there is a data set or there is one
 * line about what is wrong, and nothing else has changed: place_read asserts it each
 * time. */
#include "ground/dataset.h"
#include "ground/unit.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Files in a directory of their own ---------------------------------------------
 */

struct file {
    const char *name;
    size_t size;
    uint8_t at[512];
};

/* The corpus: two files as they are, and the same two packed. */
enum { PLAIN_IMAGES, PLAIN_LABELS, PACKED_IMAGES, PACKED_LABELS, FILES };
static const char *const corpus[] = {"plain/train-images-idx3-ubyte",
                                     "plain/train-labels-idx1-ubyte",
                                     "packed/train-images-idx3-ubyte.gz",
                                     "packed/train-labels-idx1-ubyte.gz"};

static struct file file_of_corpus(int which)
{
    char path[80];
    struct file file = {.name = strchr(corpus[which], '/') + 1};
    snprintf(path, sizeof path, "tests/corpus/%s", corpus[which]);
    FILE *stream = fopen(path, "rb");
    ck_assert_msg(stream != NULL, "%s is not there", path);
    file.size = fread(file.at, 1, sizeof file.at, stream);
    fclose(stream);
    return file;
}

static void put_number(struct file *file, size_t offset, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        file->at[offset + i] = (uint8_t)(number >> (24 - 8 * i));
}

struct place {
    char directory[32];
    struct arena arena;
    struct dataset data; /* n is -7 until one has been read */
    char message[DATASET_MESSAGE];
};

static struct place place_make(void)
{
    struct place place = {"build/dataset-XXXXXX",
                          arena_make(4096),
                          {.n = -7},
                          "as it was"};
    ck_assert_ptr_nonnull(mkdtemp(place.directory));
    return place;
}

static const char *path_of(const struct place *place, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", place->directory, name);
    return path;
}

static void place_empty(const struct place *place)
{
    for (int i = 0; i < FILES; i++)
        remove(path_of(place, strchr(corpus[i], '/') + 1));
}

static void place_free(struct place *place)
{
    place_empty(place);
    ck_assert_int_eq(rmdir(place->directory), 0);
    arena_free(&place->arena);
}

/* A new file: to write over one can wait for the disk. */
static void place_write(const struct place *place, struct file file)
{
    remove(path_of(place, file.name));
    FILE *stream = fopen(path_of(place, file.name), "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(file.at, 1, file.size, stream), file.size);
    ck_assert_int_eq(fclose(stream), 0);
}

/* Both files of the corpus, plain or packed, and no others. */
static void place_write_corpus(const struct place *place, int images)
{
    place_empty(place);
    place_write(place, file_of_corpus(images));
    place_write(place, file_of_corpus(images + 1));
}

static int is_inside(const struct arena *arena, const uint8_t *at, size_t size)
{
    const uint8_t *base = (const uint8_t *)arena->base;
    return at >= base && at + size <= base + arena->used;
}

static void assert_whole(const struct place *place)
{
    const struct dataset *data = &place->data;
    size_t pixels = (size_t)data->n * (size_t)data->rows * (size_t)data->cols;
    int classes = 1;
    for (int i = 0; i < data->n; i++)
        classes &= data->labels[i] < DATASET_CLASSES;
    if (!classes || strcmp(place->message, "") != 0 ||
        !is_inside(&place->arena, data->pixels, pixels) ||
        !is_inside(&place->arena, data->labels, (size_t)data->n))
        ck_abort_msg("a data set, but not a whole one: %s", place->message);
}

/* Reads, and asserts what must hold whatever the files are. */
static enum dataset_status place_read(struct place *place, int take)
{
    size_t used = place->arena.used;
    struct dataset before = place->data;
    enum dataset_status status =
        dataset_read(place->directory, DATASET_TRAIN, take, &place->arena, &place->data,
                     place->message);
    if (status == DATASET_OK) {
        assert_whole(place);
        return status;
    }
    int same = place->arena.used == used && place->data.n == before.n &&
               place->data.pixels == before.pixels;
    if (!same || strchr(place->message, '\n') != NULL ||
        strstr(place->message, place->directory) != place->message)
        ck_abort_msg("status %d, but \"%s\"", status, place->message);
    return status;
}

/* The status, and the message after the directory. */
static void assert_refused(struct place *place, int take, enum dataset_status status,
                           const char *message)
{
    ck_assert_int_eq(place_read(place, take), status);
    ck_assert_str_eq(place->message + strlen(place->directory) + 1, message);
}

/* ---- The real files ----------------------------------------------------------------
 */

static struct dataset read_real(struct arena *arena, enum dataset_part part, int take)
{
    char message[DATASET_MESSAGE] = "as it was";
    struct dataset data = {0};
    enum dataset_status status =
        dataset_read(dataset_directory(), part, take, arena, &data, message);
    ck_assert_msg(status == DATASET_OK, "status %d: %s", status, message);
    ck_assert_str_eq(message, "");
    ck_assert(data.rows == 28 && data.cols == 28);
    return data;
}

static void assert_balanced(struct dataset data, int n)
{
    int count[DATASET_CLASSES] = {0};
    ck_assert_int_eq(data.n, n);
    for (int i = 0; i < n; i++)
        count[data.labels[i]]++;
    for (int label = 0; label < DATASET_CLASSES; label++)
        ck_assert_int_eq(count[label], n / DATASET_CLASSES);
}

/* The mean and the deviation of the training pixels that everyone normalizes by. */
START_TEST(the_training_part_is_the_published_one)
{
    static const uint8_t first[] = {9, 0, 0, 3, 0, 2, 7, 2, 5, 5};
    struct arena arena = arena_make((size_t)64 << 20);
    struct dataset data = read_real(&arena, DATASET_TRAIN, INT_MAX);
    assert_balanced(data, 60000);
    ck_assert_mem_eq(data.labels, first, sizeof first);
    int pixels = 60000 * 784;
    double sum = 0, squares = 0;
    for (int i = 0; i < pixels; i++) {
        sum += data.pixels[i];
        squares += data.pixels[i] * data.pixels[i];
    }
    double mean = sum / pixels / 255, square = squares / pixels / (255 * 255);
    ck_assert_double_eq_tol(mean, 0.2860, 5e-5);
    ck_assert_double_eq_tol(sqrt(square - mean * mean), 0.3530, 5e-5);
    arena_free(&arena);
}
END_TEST

START_TEST(the_test_part_is_the_published_one)
{
    static const uint8_t first[] = {9, 2, 1, 1, 6, 1, 4, 6, 5, 7};
    struct arena arena = arena_make((size_t)16 << 20);
    struct dataset data = read_real(&arena, DATASET_TEST, 10000);
    assert_balanced(data, 10000);
    ck_assert_mem_eq(data.labels, first, sizeof first);
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_taken_is_the_beginning)
{
    struct arena arena = arena_make((size_t)16 << 20);
    struct dataset some = read_real(&arena, DATASET_TEST, 100);
    struct dataset all = read_real(&arena, DATASET_TEST, 10000);
    ck_assert_int_eq(some.n, 100);
    ck_assert_mem_eq(some.pixels, all.pixels, 100 * 784);
    ck_assert_mem_eq(some.labels, all.labels, 100);
    arena_free(&arena);
}
END_TEST

START_TEST(the_directory_can_be_named)
{
    setenv("FASHION_MNIST", "/some/where", 1);
    ck_assert_str_eq(dataset_directory(), "/some/where");
    unsetenv("FASHION_MNIST");
    ck_assert_str_eq(dataset_directory(), "/usr/share/datasets/fashion-mnist");
}
END_TEST

/* ---- Small files -------------------------------------------------------------------
 */

static void assert_corpus(const struct dataset *data, int n)
{
    static const uint8_t labels[] = {9, 0, 3, 0, 9};
    int wrong = 0;
    ck_assert(data->n == n && data->rows == 4 && data->cols == 6);
    for (int p = 0; p < 24 * n; p++)
        wrong += data->pixels[p] != 37 * p % 256;
    ck_assert_int_eq(wrong, 0);
    ck_assert_mem_eq(data->labels, labels, n);
}

START_TEST(plain_and_packed_files_are_read)
{
    for (int images = PLAIN_IMAGES; images <= PACKED_IMAGES; images += 2) {
        struct place place = place_make();
        place_write_corpus(&place, images);
        for (int take = 0; take <= 6; take++) {
            ck_assert_int_eq(place_read(&place, take), DATASET_OK);
            assert_corpus(&place.data, take < 5 ? take : 5);
        }
        place_free(&place);
    }
}
END_TEST

START_TEST(a_missing_file_is_named)
{
    struct place place = place_make();
    assert_refused(
        &place, 5, DATASET_MISSING,
        "train-images-idx3-ubyte.gz: cannot be opened: No such file or directory");
    place_write(&place, file_of_corpus(PLAIN_IMAGES));
    assert_refused(
        &place, 5, DATASET_MISSING,
        "train-labels-idx1-ubyte.gz: cannot be opened: No such file or directory");
    place_free(&place);
}
END_TEST

START_TEST(a_long_name_is_cut_not_overrun)
{
    struct place place = place_make();
    char directory[6000];
    memset(directory, 'x', sizeof directory);
    directory[sizeof directory - 1] = '\0';
    ck_assert_int_eq(dataset_read(directory, DATASET_TEST, 5, &place.arena, &place.data,
                                  place.message),
                     DATASET_MISSING);
    ck_assert_str_eq(place.message + 399, "x: cannot be opened: File name too long");
    place_free(&place);
}
END_TEST

START_TEST(a_directory_is_not_a_file)
{
    struct place place = place_make();
    ck_assert_int_eq(mkdir(path_of(&place, "train-images-idx3-ubyte"), 0700), 0);
    place_write(&place, file_of_corpus(PLAIN_LABELS));
    assert_refused(&place, 5, DATASET_UNREADABLE,
                   "train-images-idx3-ubyte: cannot be read: file error");
    place_free(&place);
}
END_TEST

/* What is wrong with the corpus once the number at an offset of one file is another. */
START_TEST(headers_are_not_believed)
{
    static const struct {
        int file;
        size_t offset;
        uint32_t number;
        enum dataset_status status;
        const char *message;
    } lies[] = {
        {PLAIN_IMAGES, 0, 0x0801, DATASET_NOT_IDX,
         "train-images-idx3-ubyte: begins with 0x00000801, not with 0x00000803"},
        {PLAIN_LABELS, 0, 0x89504e47, DATASET_NOT_IDX,
         "train-labels-idx1-ubyte: begins with 0x89504e47, not with 0x00000801"},
        {PLAIN_IMAGES, 4, 6, DATASET_COUNTS_DISAGREE,
         "train-labels-idx1-ubyte: has 5 labels for 6 images"},
        {PLAIN_LABELS, 4, 0x01020304, DATASET_COUNTS_DISAGREE,
         "train-labels-idx1-ubyte: has 16909060 labels for 5 images"},
        {PLAIN_IMAGES, 8, 0, DATASET_BAD_SHAPE,
         "train-images-idx3-ubyte: has images of 0 x 6 pixels"},
        {PLAIN_IMAGES, 12, 0, DATASET_BAD_SHAPE,
         "train-images-idx3-ubyte: has images of 4 x 0 pixels"},
        {PLAIN_IMAGES, 8, 1025, DATASET_BAD_SHAPE,
         "train-images-idx3-ubyte: has images of 1025 x 6 pixels"},
        {PLAIN_IMAGES, 12, UINT32_MAX, DATASET_BAD_SHAPE,
         "train-images-idx3-ubyte: has images of 4 x 4294967295 pixels"},
        {PLAIN_IMAGES, 12, 7, DATASET_TRUNCATED,
         "train-images-idx3-ubyte: ends before its last example"},
        {PLAIN_IMAGES, 12, 5, DATASET_TRAILING,
         "train-images-idx3-ubyte: goes on after 5 examples"},
        {PLAIN_LABELS, 9, 0x09030a09, DATASET_BAD_LABEL,
         "train-labels-idx1-ubyte: gives example 3 the label 10"},
    };
    struct place place = place_make();
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct file file = file_of_corpus(lies[i].file);
        place_write_corpus(&place, PLAIN_IMAGES);
        put_number(&file, lies[i].offset, lies[i].number);
        place_write(&place, file);
        assert_refused(&place, INT_MAX, lies[i].status, lies[i].message);
    }
    place_free(&place);
}
END_TEST

/* An empty data set, or one that would be enormous: so many images of such a shape. */
static void place_write_headers(const struct place *place, uint32_t n, uint32_t rows,
                                uint32_t cols)
{
    struct file images = file_of_corpus(PLAIN_IMAGES);
    struct file labels = file_of_corpus(PLAIN_LABELS);
    put_number(&images, 4, n);
    put_number(&images, 8, rows);
    put_number(&images, 12, cols);
    put_number(&labels, 4, n);
    images.size = 16;
    labels.size = 8;
    place_write(place, images);
    place_write(place, labels);
}

START_TEST(shapes_have_a_limit)
{
    struct place place = place_make();
    place_write_headers(&place, 0, 1024, 1024);
    ck_assert_int_eq(place_read(&place, INT_MAX), DATASET_OK);
    ck_assert(place.data.n == 0 && place.data.rows == 1024 && place.data.cols == 1024);
    place_write_headers(&place, 0, 1, 1);
    ck_assert_int_eq(place_read(&place, INT_MAX), DATASET_OK);
    ck_assert(place.data.n == 0 && place.data.rows == 1 && place.data.cols == 1);
    place_write_headers(&place, 0, 1, 1025);
    ck_assert_int_eq(place_read(&place, INT_MAX), DATASET_BAD_SHAPE);
    place_free(&place);
}
END_TEST

START_TEST(enormous_counts_do_not_overflow)
{
    struct place place = place_make();
    place_write_headers(&place, UINT32_MAX, 1024, 1024);
    assert_refused(&place, INT_MAX, DATASET_TOO_LARGE,
                   "train-images-idx3-ubyte: needs 2251801960120319 bytes, the arena "
                   "has 4096");
    ck_assert_int_eq(place_read(&place, 1), DATASET_TOO_LARGE);
    ck_assert_int_eq(place_read(&place, 0), DATASET_OK);
    place_free(&place);
}
END_TEST

/* Five examples take 5 (24 + 1) = 125 bytes, two cache lines. */
START_TEST(the_arena_must_have_room)
{
    struct place place = place_make();
    place_write_corpus(&place, PACKED_IMAGES);
    place.arena.used = place.arena.size - 128;
    ck_assert_int_eq(place_read(&place, 5), DATASET_OK);
    assert_corpus(&place.data, 5);
    ck_assert_uint_eq(place.arena.used, place.arena.size);
    place.arena.used = place.arena.size - 64;
    assert_refused(&place, 5, DATASET_TOO_LARGE,
                   "train-images-idx3-ubyte.gz: needs 125 bytes, the arena has 64");
    ck_assert_int_eq(place_read(&place, 2), DATASET_OK);
    place_free(&place);
}
END_TEST

/* 64 examples of 63 pixels would fill the 4096 bytes to the last; there are none. */
START_TEST(the_last_byte_of_the_arena_counts)
{
    struct place place = place_make();
    place_write_headers(&place, 64, 1, 63);
    ck_assert_int_eq(place_read(&place, 64), DATASET_TRUNCATED);
    place_write_headers(&place, 65, 1, 63);
    ck_assert_int_eq(place_read(&place, 65), DATASET_TOO_LARGE);
    place_free(&place);
}
END_TEST

/* More readings, good and bad, than files may be open at a time. */
START_TEST(files_are_closed_again)
{
    struct place place = place_make();
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &(struct rlimit){32, 32}), 0);
    for (int i = 0; i < 40; i++) {
        place_write_corpus(&place, i % 2 == 0 ? PLAIN_IMAGES : PACKED_IMAGES);
        ck_assert_int_eq(place_read(&place, 1), DATASET_OK);
        place_write_headers(&place, 1, 1, 1);
        ck_assert_int_eq(place_read(&place, 1), DATASET_TRUNCATED);
    }
    place_free(&place);
}
END_TEST

/* Who takes the first two does not mind what is wrong with the third. */
START_TEST(what_is_not_taken_is_not_read)
{
    struct place place = place_make();
    struct file images = file_of_corpus(PLAIN_IMAGES);
    struct file labels = file_of_corpus(PLAIN_LABELS);
    images.size = 16 + 2 * 24;
    labels.at[10] = 77;
    place_write(&place, images);
    place_write(&place, labels);
    ck_assert_int_eq(place_read(&place, 2), DATASET_OK);
    assert_corpus(&place.data, 2);
    ck_assert_int_eq(place_read(&place, 3), DATASET_TRUNCATED);
    place_free(&place);
}
END_TEST

START_TEST(packed_files_are_read_to_their_checksum)
{
    struct place place = place_make();
    for (int which = PACKED_IMAGES; which <= PACKED_LABELS; which++) {
        struct file file = file_of_corpus(which);
        char message[80];
        place_write_corpus(&place, PACKED_IMAGES);
        file.at[file.size - 8] ^= 1; /* the checksum */
        place_write(&place, file);
        snprintf(message, sizeof message, "%s: cannot be read: data error", file.name);
        assert_refused(&place, 5, DATASET_UNREADABLE, message);
        file.at[file.size - 8] ^= 1;
        file.size--; /* the length of what was packed */
        place_write(&place, file);
        snprintf(message, sizeof message, "%s: ends before its last example",
                 file.name);
        assert_refused(&place, 5, DATASET_TRUNCATED, message);
    }
    place_free(&place);
}
END_TEST

/* Plain or packed; one byte, a line, what begins as gzip does, and the file again. */
START_TEST(files_that_go_on_are_refused)
{
    static const char *const more[] = {"", "hello", "\x1f\x8b", NULL};
    struct place place = place_make();
    for (int which = 0; which < FILES; which++)
        for (int k = 0; k < 4; k++) {
            struct file file = file_of_corpus(which), once = file;
            size_t size = k == 0 ? 1 : k < 3 ? strlen(more[k]) : once.size;
            memcpy(file.at + file.size, k < 3 ? (const void *)more[k] : once.at, size);
            file.size += size;
            place_write_corpus(&place, which / 2 * 2);
            place_write(&place, file);
            enum dataset_status status = place_read(&place, 5);
            /* Two bytes of a header are a file that breaks off, to zlib. */
            ck_assert(status == DATASET_TRAILING ||
                      (k == 2 && status == DATASET_TRUNCATED));
            if (status == DATASET_TRAILING)
                ck_assert_ptr_nonnull(
                    strstr(place.message, " goes on after 5 examples"));
            ck_assert_int_eq(place_read(&place, 4), DATASET_OK);
        }
    place_free(&place);
}
END_TEST

/* ---- Fuzzing -----------------------------------------------------------------------
 */

START_TEST(every_truncation_is_refused)
{
    struct place place = place_make();
    for (int which = 0; which < FILES; which++) {
        struct file file = file_of_corpus(which);
        place_write_corpus(&place, which / 2 * 2);
        while (file.size-- > 0) {
            place_write(&place, file);
            ck_assert_int_eq(place_read(&place, 5), DATASET_TRUNCATED);
        }
    }
    place_free(&place);
}
END_TEST

/* Each byte in turn with its lowest bit flipped, its highest, and all of them.  A plain
 * file may then hold another data set; of a packed one the checksum allows none but the
 * right one. */
START_TEST(every_flip_is_refused_or_harmless)
{
    static const uint8_t flips[] = {0x01, 0x80, 0xff};
    struct place place = place_make();
    for (int which = 0; which < FILES; which++) {
        struct file file = file_of_corpus(which);
        place_write_corpus(&place, which / 2 * 2);
        for (size_t i = 0; i < 3 * file.size; i++) {
            file.at[i / 3] ^= flips[i % 3];
            place_write(&place, file);
            place.arena.used = 0;
            if (place_read(&place, 5) == DATASET_OK && which >= PACKED_IMAGES)
                assert_corpus(&place.data, 5);
            file.at[i / 3] ^= flips[i % 3];
        }
    }
    place_free(&place);
}
END_TEST

/* ---- What is made of them ----------------------------------------------------------
 */

/* Three images of 4 x 6 pixels, those of the corpus but for the labels. */
static struct dataset small_dataset(uint8_t *pixels, uint8_t *labels)
{
    for (int p = 0; p < 3 * 24; p++)
        pixels[p] = (uint8_t)(37 * p % 256);
    memcpy(labels, (uint8_t[]){9, 0, 3}, 3);
    return (struct dataset){
        .n = 3, .rows = 4, .cols = 6, .pixels = pixels, .labels = labels};
}

START_TEST(images_are_pixels_in_the_unit_interval)
{
    uint8_t pixels[72], labels[3];
    real at[4 * 24];
    struct dataset data = small_dataset(pixels, labels);
    int chosen[] = {2, 0, 2, 1};
    pixels[0] = 255;
    dataset_images(data, chosen, 1, (mat){4, 24, at});
    for (int i = 0; i < 4 * 24; i++)
        ck_assert_double_eq(at[i],
                            (real)(pixels[24 * chosen[i / 24] + i % 24] / 255.0));
    ck_assert_double_eq(at[24], 1);
    dataset_images(data, NULL, 1, (mat){3, 24, at});
    for (int i = 0; i < 3 * 24; i++)
        ck_assert_double_eq(at[i], (real)(pixels[i] / 255.0));
}
END_TEST

/* Row r, column c of the pooled image is the mean over rows 2r, 2r + 1 and columns 2c,
 * 2c + 1; integers are summed exactly, so it is rounded once. */
START_TEST(pooled_images_are_means_of_blocks)
{
    uint8_t pixels[72], labels[3];
    real at[3 * 6 + 1];
    struct dataset data = small_dataset(pixels, labels);
    at[18] = -1;
    dataset_images(data, NULL, 2, (mat){3, 6, at});
    for (int i = 0; i < 3; i++)
        for (int r = 0; r < 2; r++)
            for (int c = 0; c < 3; c++) {
                const uint8_t *corner = pixels + 24 * i + 6 * 2 * r + 2 * c;
                int sum = corner[0] + corner[1] + corner[6] + corner[7];
                ck_assert_double_eq(at[6 * i + 3 * r + c], (real)(sum / 1020.0));
            }
    ck_assert_double_eq(at[18], -1);
}
END_TEST

START_TEST(pools_of_four_shrink_28_pixels_to_7)
{
    uint8_t pixels[784];
    real at[49];
    for (int p = 0; p < 784; p++)
        pixels[p] =
            (uint8_t)(p / 28 / 4 * 7 + p % 28 / 4); /* the number of the block */
    dataset_images((struct dataset){.n = 1, .rows = 28, .cols = 28, .pixels = pixels},
                   NULL, 4, (mat){1, 49, at});
    for (int i = 0; i < 49; i++)
        ck_assert_double_eq(at[i], (real)(i / 255.0));
}
END_TEST

START_TEST(pairs_are_the_examples_of_two_classes)
{
    uint8_t labels[] = {9, 0, 3, 0, 9, 5};
    struct dataset data = {6, 1, 1, NULL, labels};
    int chosen[6] = {-1, -1, -1, -1, -1, -1};
    ck_assert_int_eq(dataset_pair(data, 0, 9, chosen), 4);
    ck_assert_mem_eq(chosen, ((int[]){0, 1, 3, 4, -1, -1}), sizeof chosen);
    ck_assert_int_eq(dataset_pair(data, 5, 3, chosen), 2);
    ck_assert_mem_eq(chosen, ((int[]){2, 5, 3, 4, -1, -1}), sizeof chosen);
    ck_assert_int_eq(dataset_pair(data, 1, 2, chosen), 0);
    ck_assert_int_eq(dataset_pair(data, 9, 9, chosen), 2); /* a pair of one, once */
    ck_assert_mem_eq(chosen, ((int[]){0, 4, 3, 4, -1, -1}), sizeof chosen);
}
END_TEST

START_TEST(signs_tell_one_class_from_the_others)
{
    uint8_t labels[] = {9, 0, 3};
    real at[4] = {0, 0, 0, 7};
    struct dataset data = {3, 1, 1, NULL, labels};
    dataset_signs(data, (int[]){1, 0, 2}, 9, (vec){3, at});
    ck_assert(at[0] == -1 && at[1] == 1 && at[2] == -1 && at[3] == 7);
    dataset_signs(data, NULL, 0, (vec){3, at});
    ck_assert(at[0] == -1 && at[1] == 1 && at[2] == -1 && at[3] == 7);
    dataset_signs(data, NULL, 9, (vec){2, at});
    ck_assert(at[0] == 1 && at[1] == -1);
}
END_TEST

/* ---- A caller's mistakes -----------------------------------------------------------
 */

START_TEST(reading_without_sense_stops)
{
    struct arena arena = arena_make(0);
    struct dataset data;
    char text[DATASET_MESSAGE];
    ck_assert_stops("dataset_read: the directory has no name",
                    dataset_read(NULL, DATASET_TRAIN, 1, &arena, &data, text));
    ck_assert_stops("dataset_read: there is no part 2",
                    dataset_read("/", (enum dataset_part)2, 1, &arena, &data, text));
    ck_assert_stops("dataset_read: take must not be negative, got -1",
                    dataset_read("/", DATASET_TRAIN, -1, &arena, &data, text));
    arena_free(&arena);
}
END_TEST

START_TEST(images_of_another_shape_stop)
{
    uint8_t pixels[72], labels[3];
    real at[72];
    struct dataset data = small_dataset(pixels, labels);
    mat X = {3, 24, at};
    ck_assert_stops("dataset_images: pool must divide the sides of 4 x 6 pixels, got 0",
                    dataset_images(data, NULL, 0, X));
    ck_assert_stops("pool must divide the sides of 4 x 6 pixels, got -1",
                    dataset_images(data, NULL, -1, X));
    ck_assert_stops("pool must divide the sides of 4 x 6 pixels, got 3",
                    dataset_images(data, NULL, 3, X));
    ck_assert_stops("pool must divide the sides of 4 x 6 pixels, got 4",
                    dataset_images(data, NULL, 4, X));
    ck_assert_stops("dataset_images: X must have 24 columns, got 6",
                    dataset_images(data, NULL, 1, (mat){3, 6, at}));
    ck_assert_stops("dataset_images: X must have 6 columns, got 24",
                    dataset_images(data, NULL, 2, X));
}
END_TEST

START_TEST(examples_and_classes_that_are_not_there_stop)
{
    uint8_t pixels[72], labels[3];
    real at[96];
    int chosen[1] = {0};
    struct dataset data = small_dataset(pixels, labels);
    vec t = {1, at};
    mat X = {1, 24, at};
    ck_assert_stops("dataset_images: there are 3 examples, no example 3",
                    dataset_images(data, (int[]){3}, 1, X));
    ck_assert_stops("dataset_images: there are 3 examples, no example -1",
                    dataset_images(data, (int[]){-1}, 1, X));
    ck_assert_stops("dataset_images: there are 3 examples, no example 3",
                    dataset_images(data, NULL, 1, (mat){4, 24, at}));
    ck_assert_stops("dataset_signs: there are 3 examples, no example 3",
                    dataset_signs(data, (int[]){3}, 1, t));
    ck_assert_stops("dataset_signs: there are 3 examples, no example -1",
                    dataset_signs(data, (int[]){-1}, 1, t));
    ck_assert_stops("dataset_signs: there is no class 10",
                    dataset_signs(data, chosen, 10, t));
    ck_assert_stops("dataset_signs: there is no class -1",
                    dataset_signs(data, chosen, -1, t));
    ck_assert_stops("dataset_pair: there is no class 10 or 0",
                    dataset_pair(data, 10, 0, chosen));
    ck_assert_stops("dataset_pair: there is no class 0 or -1",
                    dataset_pair(data, 0, -1, chosen));
}
END_TEST

/* Images of many shapes, among them wider and higher ones than those of the file: each
 * block has its own number, up to 255, in all its pixels. */
START_TEST(pools_of_any_shape)
{
    static uint8_t pixels[64 * 64];
    static real at[64 * 64];
    static const int shapes[][3] = {{1, 64, 1},   {64, 1, 1},  {2, 64, 2}, {64, 4, 4},
                                    {30, 45, 15}, {45, 30, 5}, {64, 64, 8}};
    for (int k = 0; k < 7; k++) {
        int rows = shapes[k][0], cols = shapes[k][1], pool = shapes[k][2];
        int wide = cols / pool, blocks = rows / pool * wide;
        for (int p = 0; p < rows * cols; p++)
            pixels[p] = (uint8_t)(p / cols / pool * wide + p % cols / pool);
        struct dataset data = {.n = 1, .rows = rows, .cols = cols, .pixels = pixels};
        dataset_images(data, NULL, pool, (mat){1, blocks, at});
        for (int i = 0; i < blocks; i++)
            ck_assert_double_eq(at[i], (real)(i / 255.0));
    }
}
END_TEST

/* Of n images of one pixel, each with a number of its own, in the opposite order. */
START_TEST(any_number_of_examples_is_chosen)
{
    static const int counts[] = {1, 2, 64, 65, 200};
    for (int k = 0; k < 5; k++) {
        uint8_t pixels[200], labels[200];
        int chosen[200], n = counts[k];
        real x[200], t[200];
        for (int i = 0; i < n; i++) {
            pixels[i] = (uint8_t)i;
            labels[i] = (uint8_t)(i % 10);
            chosen[i] = n - 1 - i;
        }
        struct dataset data = {n, 1, 1, pixels, labels};
        dataset_images(data, chosen, 1, (mat){n, 1, x});
        dataset_signs(data, chosen, 3, (vec){n, t});
        for (int i = 0; i < n; i++) {
            ck_assert_double_eq(x[i], (real)((n - 1 - i) / 255.0));
            ck_assert_double_eq(t[i], (n - 1 - i) % 10 == 3 ? 1 : -1);
        }
        ck_assert_int_eq(dataset_pair(data, 0, 1, chosen), (n + 9) / 10 + (n + 8) / 10);
    }
}
END_TEST

int main(void)
{
    return unit_run("dataset", (const TTest *[]){
                                   the_training_part_is_the_published_one,
                                   the_test_part_is_the_published_one,
                                   what_is_taken_is_the_beginning,
                                   the_directory_can_be_named,
                                   plain_and_packed_files_are_read,
                                   a_missing_file_is_named,
                                   a_long_name_is_cut_not_overrun,
                                   a_directory_is_not_a_file,
                                   headers_are_not_believed,
                                   shapes_have_a_limit,
                                   enormous_counts_do_not_overflow,
                                   the_arena_must_have_room,
                                   the_last_byte_of_the_arena_counts,
                                   files_are_closed_again,
                                   what_is_not_taken_is_not_read,
                                   packed_files_are_read_to_their_checksum,
                                   files_that_go_on_are_refused,
                                   every_truncation_is_refused,
                                   every_flip_is_refused_or_harmless,
                                   images_are_pixels_in_the_unit_interval,
                                   pooled_images_are_means_of_blocks,
                                   pools_of_four_shrink_28_pixels_to_7,
                                   pairs_are_the_examples_of_two_classes,
                                   signs_tell_one_class_from_the_others,
                                   reading_without_sense_stops,
                                   images_of_another_shape_stop,
                                   examples_and_classes_that_are_not_there_stop,
                                   pools_of_any_shape,
                                   any_number_of_examples_is_chosen,
                                   NULL,
                               });
}
