/* checkpoint.c -- any file in place of a state: refused, with nothing overwritten, or
 * byte for byte what saving it again writes. */
#include "ground/checkpoint.h"
#include "state.h"

enum { REALS = 3, WORDS = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    double real[REALS] = {1, 2, 3};
    uint64_t word[WORDS] = {4, 5};
    const struct checkpoint_part part[] = {{"numbers", REALS, real},
                                           {"nothing", 0, NULL},
                                           {"sixteen letters.", WORDS, word}};
    char message[CHECKPOINT_MESSAGE];
    struct arena arena = arena_make(1 << 12);
    put_state("state", bytes, size);
    if (checkpoint_load("state", 3, part, &arena, message) == CHECKPOINT_OK) {
        MUST(checkpoint_save("again", 3, part, &arena, message) == CHECKPOINT_OK);
        MUST(same_files("state", "again"));
    } else {
        MUST(real[0] == 1 && real[1] == 2 && real[2] == 3 && word[0] == 4 &&
             word[1] == 5);
        MUST(message[0] != '\0' && strchr(message, '\n') == NULL);
    }
    MUST(arena.used == 0);
    arena_free(&arena);
    return 0;
}
