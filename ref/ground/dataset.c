/* dataset.c -- reads Fashion-MNIST, and makes matrices of it.
 *
 * An IDX file is a header of big-endian 32-bit numbers, then bytes.  The first number
 * says what follows: 0x08 for unsigned bytes, then how many dimensions; the dimensions
 * are the other numbers.  Nothing in it is believed before it is checked.
 * [LeCun, Cortes, Burges, "The MNIST database of handwritten digits"] */
#include "ground/dataset.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { IMAGES = 0x0803, LABELS = 0x0801 }; /* what an IDX file begins with */
enum { MOST_ON_A_SIDE = 1024 };            /* pixels; so sizes cannot overflow */

struct idx {
    gzFile stream;     /* NULL until it is open                            */
    char path[4200];   /* longer than the system takes, so never cut short */
    uint32_t sizes[3]; /* examples, and rows and columns of an image       */
    char *message;     /* the caller's: what is wrong with this file       */
};

static bool is_class(int label) { return 0 <= label && label < DATASET_CLASSES; }

/* The line for the caller, "PATH: WHAT IS WRONG", and the status that goes with it. */
__attribute__((format(printf, 3, 4))) static enum dataset_status
fail(struct idx *file, enum dataset_status status, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    int length = snprintf(file->message, DATASET_MESSAGE, "%.400s: ", file->path);
    vsnprintf(file->message + length, (size_t)(DATASET_MESSAGE - length), what, args);
    va_end(args);
    return status;
}

/* Opens DIRECTORY/PART-KIND-ubyte, or else the same packed by gzip. */
static enum dataset_status open_file(const char *directory, enum dataset_part part,
                                     const char *kind, struct idx *file)
{
    const char *name = part == DATASET_TRAIN ? "train" : "t10k";
    static const char *const endings[] = {"", ".gz"};
    for (int i = 0; i < 2 && file->stream == NULL; i++) {
        snprintf(file->path, sizeof file->path, "%s/%s-%s-ubyte%s", directory, name,
                 kind, endings[i]);
        file->stream = gzopen(file->path, "rb");
    }
    if (file->stream == NULL)
        return fail(file, DATASET_MISSING, "cannot be opened: %s", strerror(errno));
    return DATASET_OK;
}

/* The next size bytes of the file, unpacked. */
static enum dataset_status read_bytes(struct idx *file, size_t size, uint8_t *bytes)
{
    size_t got = gzfread(bytes, 1, size, file->stream);
    int code;
    gzerror(file->stream, &code);
    if (code != Z_OK && code != Z_BUF_ERROR)
        return fail(file, DATASET_UNREADABLE, "cannot be read: %s", zError(code));
    if (got < size || code == Z_BUF_ERROR)
        return fail(file, DATASET_TRUNCATED, "ends before its last example");
    return DATASET_OK;
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* kind: IMAGES or LABELS, which ends with the number of dimensions. */
static enum dataset_status read_header(struct idx *file, uint32_t kind)
{
    uint8_t header[16];
    uint32_t dimensions = kind & 0xff;
    enum dataset_status status = read_bytes(file, 4 + 4 * dimensions, header);
    if (status != DATASET_OK)
        return status;
    if (big_endian(header) != kind)
        return fail(file, DATASET_NOT_IDX, "begins with 0x%08x, not with 0x%08x",
                    big_endian(header), kind);
    for (uint32_t i = 0; i < dimensions; i++)
        file->sizes[i] = big_endian(header + 4 + 4 * i);
    return DATASET_OK;
}

/* Does a packed file end where what it packs does?  gzread passes over all that follows
 * and does not begin as gzip does, so the end is found once more, without it. */
static bool ends_with_its_member(const char *path)
{
    uint8_t packed[1 << 14], unpacked[1 << 14];
    z_stream z = {0};
    FILE *file = fopen(path, "rb");
    int code = file != NULL ? inflateInit2(&z, 16 + MAX_WBITS) : Z_ERRNO;
    while (code == Z_OK) {
        if (z.avail_in == 0) {
            z.avail_in = (uInt)fread(packed, 1, sizeof packed, file);
            z.next_in = packed;
        }
        z.avail_out = sizeof unpacked;
        z.next_out = unpacked;
        code = inflate(&z, Z_NO_FLUSH);
    }
    bool ends = code == Z_STREAM_END && z.avail_in == 0 && fgetc(file) == EOF;
    inflateEnd(&z);
    if (file != NULL)
        fclose(file);
    return ends;
}

/* Nothing may follow, and what gzip keeps at the end, the checksum, must agree. */
static enum dataset_status read_end(struct idx *file)
{
    bool more = gzgetc(file->stream) != -1;
    enum dataset_status status = more ? DATASET_OK : read_bytes(file, 0, NULL);
    if (status == DATASET_OK && !more && !gzdirect(file->stream))
        more = !ends_with_its_member(file->path);
    if (more)
        return fail(file, DATASET_TRAILING, "goes on after %u examples",
                    file->sizes[0]);
    return status;
}

/* Opens both files, and believes their headers once they agree. */
static enum dataset_status open_part(const char *directory, enum dataset_part part,
                                     struct idx *images, struct idx *labels)
{
    enum dataset_status status = open_file(directory, part, "images-idx3", images);
    if (status == DATASET_OK)
        status = open_file(directory, part, "labels-idx1", labels);
    if (status == DATASET_OK)
        status = read_header(images, IMAGES);
    if (status == DATASET_OK)
        status = read_header(labels, LABELS);
    if (status != DATASET_OK)
        return status;
    uint32_t n = images->sizes[0], rows = images->sizes[1], cols = images->sizes[2];
    if (rows < 1 || rows > MOST_ON_A_SIDE || cols < 1 || cols > MOST_ON_A_SIDE)
        return fail(images, DATASET_BAD_SHAPE, "has images of %u x %u pixels", rows,
                    cols);
    if (labels->sizes[0] != n)
        return fail(labels, DATASET_COUNTS_DISAGREE, "has %u labels for %u images",
                    labels->sizes[0], n);
    return DATASET_OK;
}

/* The first n examples: pixels and then labels, in one piece of the arena.  There are
 * fewer than 2^31, of at most 2^20 pixels: sizes cannot overflow. */
static enum dataset_status read_examples(struct idx *images, struct idx *labels, int n,
                                         struct arena *arena, struct dataset *data)
{
    size_t count = (size_t)n, pixels = count * images->sizes[1] * images->sizes[2];
    size_t room = arena->size - arena->used;
    if (pixels + count > room)
        return fail(images, DATASET_TOO_LARGE, "needs %zu bytes, the arena has %zu",
                    pixels + count, room);
    data->n = n;
    data->rows = (int)images->sizes[1];
    data->cols = (int)images->sizes[2];
    data->pixels = arena_bytes(arena, pixels + count);
    data->labels = data->pixels + pixels;
    enum dataset_status status = read_bytes(images, pixels, data->pixels);
    if (status == DATASET_OK)
        status = read_bytes(labels, count, data->labels);
    for (int i = 0; i < n && status == DATASET_OK; i++)
        if (!is_class(data->labels[i]))
            status = fail(labels, DATASET_BAD_LABEL, "gives example %d the label %d", i,
                          data->labels[i]);
    return status;
}

/* The first take examples, or all there are; then the files must end. */
static enum dataset_status read_part(struct idx *images, struct idx *labels, int take,
                                     struct arena *arena, struct dataset *data)
{
    bool all = images->sizes[0] <= (uint32_t)take;
    int n = all ? (int)images->sizes[0] : take;
    enum dataset_status status = read_examples(images, labels, n, arena, data);
    if (status == DATASET_OK && all)
        status = read_end(images);
    if (status == DATASET_OK && all)
        status = read_end(labels);
    return status;
}

/* The directory that the environment variable FASHION_MNIST names, or else that of
 * Debian's package dataset-fashion-mnist. */
const char *dataset_directory(void)
{
    const char *directory = getenv("FASHION_MNIST");
    return directory != NULL ? directory : "/usr/share/datasets/fashion-mnist";
}

/* Reads the first take examples of one part, or all there are, take >= 0.  arena: keeps
 * them.  data: overwritten if the status is DATASET_OK; else it and the arena stay as
 * they were.  message: says what is wrong in one line without the newline, or is empty.
 * What is not taken is not read: only who takes all learns how the files end. */
enum dataset_status dataset_read(const char *directory, enum dataset_part part,
                                 int take, struct arena *arena, struct dataset *data,
                                 char message[DATASET_MESSAGE])
{
    REQUIRE(directory != NULL, "the directory has no name");
    REQUIRE(part == DATASET_TRAIN || part == DATASET_TEST, "there is no part %d", part);
    REQUIRE(take >= 0, "take must not be negative, got %d", take);
    struct idx images = {.message = message}, labels = {.message = message};
    struct dataset found = {0};
    size_t mark = arena->used;
    message[0] = '\0';
    enum dataset_status status = open_part(directory, part, &images, &labels);
    if (status == DATASET_OK)
        status = read_part(&images, &labels, take, arena, &found);
    gzclose(images.stream);
    gzclose(labels.stream);
    if (status == DATASET_OK)
        *data = found;
    else
        arena->used = mark;
    return status;
}

/* The examples of two classes, in their order.  chosen: room for data.n numbers, of
 * which so many are written as are returned. */
int dataset_pair(struct dataset data, int one, int other, int *chosen)
{
    int count = 0;
    REQUIRE(is_class(one) && is_class(other), "there is no class %d or %d", one, other);
    for (int i = 0; i < data.n; i++)
        if (data.labels[i] == one || data.labels[i] == other)
            chosen[count++] = i;
    return count;
}

/* Example i of those that were chosen, which are the first ones if chosen is NULL. */
static int example(const int *chosen, int i) { return chosen != NULL ? chosen[i] : i; }

#define REQUIRE_EXAMPLE(data, e)                                                       \
    REQUIRE(0 <= (e) && (e) < (data).n, "there are %d examples, no example %d",        \
            (data).n, e)

static int block_sum(const uint8_t *corner, int cols, int pool)
{
    int sum = 0;
    for (int r = 0; r < pool; r++)
        for (int c = 0; c < pool; c++)
            sum += corner[r * cols + c];
    return sum;
}

/* x := the image, each entry the mean of a block of pool x pool pixels, in [0, 1]. */
static void pool_image(struct dataset data, const uint8_t *image, int pool, vec x)
{
    int width = data.cols / pool;
    for (int i = 0; i < x.n; i++) {
        int r = i / width * pool, c = i % width * pool;
        int sum = block_sum(image + r * data.cols + c, data.cols, pool);
        x.at[i] = sum / (255.0 * pool * pool);
    }
}

/* X := images, one in each row, in [0, 1]: their pixels if pool is 1, else the means
 * over blocks of pool x pool pixels.  pool: divides both sides of an image.  chosen:
 * X.rows examples, or NULL for the first ones.  X: X.rows x pixels / pool^2. */
void dataset_images(struct dataset data, const int *chosen, int pool, mat X)
{
    REQUIRE(pool > 0 && data.rows % pool == 0 && data.cols % pool == 0,
            "pool must divide the sides of %d x %d pixels, got %d", data.rows,
            data.cols, pool);
    int pixels = data.rows * data.cols, pooled = pixels / (pool * pool);
    REQUIRE(X.cols == pooled, "X must have %d columns, got %d", pooled, X.cols);
    for (int i = 0; i < X.rows; i++) {
        int e = example(chosen, i);
        REQUIRE_EXAMPLE(data, e);
        pool_image(data, data.pixels + (size_t)e * (size_t)pixels, pool, row(X, i));
    }
}

/* t_i := 1 where the class is plus, -1 where it is another.  chosen: t.n examples, or
 * NULL for the first ones. */
void dataset_signs(struct dataset data, const int *chosen, int plus, vec t)
{
    REQUIRE(is_class(plus), "there is no class %d", plus);
    for (int i = 0; i < t.n; i++) {
        int e = example(chosen, i);
        REQUIRE_EXAMPLE(data, e);
        t.at[i] = data.labels[e] == plus ? 1 : -1;
    }
}
