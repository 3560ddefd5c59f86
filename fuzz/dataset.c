/* dataset.c -- any two files in place of Fashion-MNIST's: refused in words and without
 * a trace, or images with labels that the rest of ref/ground/dataset.c can take. */
#include "ground/dataset.h"
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

enum { ROOM = 1 << 16, LEAST = 4 };

/* The first bytes say whether the files are packed, how many examples to take, and
 * where the file of images ends and that of labels begins. */
static void put_files(const uint8_t *bytes, size_t size)
{
    bool packed = bytes[0] & 1;
    size_t images = ((size_t)bytes[2] << 8 | bytes[3]) % (size - LEAST + 1);
    const uint8_t *labels = bytes + LEAST + images;
    const char *const name[][2] = {{"train-images-idx3-ubyte",
                                    "train-images-idx3-ubyte.gz"},
                                   {"train-labels-idx1-ubyte",
                                    "train-labels-idx1-ubyte.gz"}};
    remove(name[0][!packed]);
    remove(name[1][!packed]);
    put_file(name[0][packed], bytes + LEAST, images);
    put_file(name[1][packed], labels, size - LEAST - images);
}

static void use(struct dataset data)
{
    int chosen[ROOM];
    struct arena arena = arena_make(1 << 20);
    vec t = arena_vec(&arena, data.n < 100 ? data.n : 100);
    mat X = arena_mat(&arena, data.n < 100 ? data.n : 100, data.rows * data.cols);
    MUST(dataset_pair(data, 0, 9, chosen) <= data.n);
    if (data.rows * data.cols < 1000)
        dataset_images(data, NULL, 1, X);
    dataset_signs(data, NULL, 3, t);
    for (int i = 0; i < t.n; i++)
        MUST(t.at[i] == 1 || t.at[i] == -1);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < LEAST)
        return 0;
    put_files(bytes, size);
    char message[DATASET_MESSAGE];
    struct dataset data = {.n = -1};
    struct arena arena = arena_make(ROOM / 8);
    size_t used = arena.used;
    enum dataset_status status =
        dataset_read(".", DATASET_TRAIN, bytes[1], &arena, &data, message);
    MUST((status == DATASET_OK) == (message[0] == '\0'));
    MUST(strchr(message, '\n') == NULL);
    if (status == DATASET_OK)
        use(data);
    else
        MUST(data.n == -1 && arena.used == used);
    arena_free(&arena);
    return 0;
}
