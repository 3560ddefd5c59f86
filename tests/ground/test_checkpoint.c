/* The contract of checkpoint.h: what is saved comes back bit for bit, every broken file
 * is refused with one line and changes nothing, and a file that cannot be replaced
 * stays as it was. */
#include "ground/checkpoint.h"
#include "ground/unit.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DOUBLES = 5,
    WORDS = 3,
    PARTS = 3,
    FILE_WORDS = 2 + 3 * PARTS + DOUBLES + WORDS + 1
};

struct state {
    double doubles[DOUBLES];
    uint64_t words[WORDS];
    struct checkpoint_part part[PARTS];
};

struct place {
    char directory[40], path[64], fresh[72];
    char message[CHECKPOINT_MESSAGE];
    struct arena arena;
    struct state saved;
};

static void state_parts(struct state *state)
{
    state->part[0] = (struct checkpoint_part){"numbers", DOUBLES, state->doubles};
    state->part[1] = (struct checkpoint_part){"nothing", 0, NULL};
    state->part[2] = (struct checkpoint_part){"sixteen letters.", WORDS, state->words};
}

/* A state in a file of its own directory. */
static struct place *place_make(void)
{
    struct place *place = calloc(1, sizeof *place);
    *place = (struct place){
        "build/checkpoint-XXXXXX", "", "", "as it was", arena_make(1 << 14),
        {{0}, {0}, {{0}}}};
    ck_assert_ptr_nonnull(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/state", place->directory);
    snprintf(place->fresh, sizeof place->fresh, "%s.new", place->path);
    double doubles[DOUBLES] = {-0.0, NAN, INFINITY, 5e-324, 1.0 / 3};
    uint64_t words[WORDS] = {0, UINT64_MAX, 0x0102030405060708};
    memcpy(place->saved.doubles, doubles, sizeof doubles);
    memcpy(place->saved.words, words, sizeof words);
    state_parts(&place->saved);
    ck_assert_int_eq(checkpoint_save(place->path, PARTS, place->saved.part,
                                     &place->arena, place->message),
                     CHECKPOINT_OK);
    ck_assert_str_eq(place->message, "");
    ck_assert_uint_eq(place->arena.used, 0);
    return place;
}

static void place_free(struct place *place)
{
    remove(place->path);
    ck_assert_int_eq(rmdir(place->directory), 0); /* so nothing else was left */
    arena_free(&place->arena);
    free(place);
}

static size_t read_file(const char *path, void *bytes, size_t most)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, most, file);
    fclose(file);
    return size;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

/* Loads into another state, and asserts what must hold whatever the file is. */
static enum checkpoint_status place_load(struct place *place)
{
    struct state got = {{1, 2, 3, 4, 5}, {6, 7, 8}, {{0}}}, before = got;
    state_parts(&got);
    memset(place->message, 'x', CHECKPOINT_MESSAGE);
    enum checkpoint_status status =
        checkpoint_load(place->path, PARTS, got.part, &place->arena, place->message);
    const struct state *same = status == CHECKPOINT_OK ? &place->saved : &before;
    if (memcmp(got.doubles, same->doubles, sizeof got.doubles) != 0 ||
        memcmp(got.words, same->words, sizeof got.words) != 0 || place->arena.used != 0)
        ck_abort_msg("status %d, but the state is another", (int)status);
    int described = strchr(place->message, '\n') == NULL &&
                    strstr(place->message, place->path) == place->message;
    if (status == CHECKPOINT_OK ? place->message[0] != '\0' : !described)
        ck_abort_msg("status %d, but \"%s\"", (int)status, place->message);
    return status;
}

START_TEST(what_is_saved_comes_back)
{
    struct place *place = place_make();
    ck_assert_int_eq(place_load(place), CHECKPOINT_OK);
    place_free(place);
}
END_TEST

/* CRC-32 bit by bit: the remainder by x^32 + x^26 + ... + 1, bits reversed. */
static uint64_t crc(const unsigned char *bytes, size_t size)
{
    uint32_t remainder = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        remainder ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            remainder = remainder >> 1 ^ (remainder & 1 ? 0xedb88320 : 0);
    }
    return remainder ^ 0xffffffff;
}

START_TEST(the_file_is_as_its_header_says)
{
    struct place *place = place_make();
    uint64_t words[FILE_WORDS + 1];
    ck_assert_uint_eq(read_file(place->path, words, sizeof words),
                      FILE_WORDS * sizeof *words);
    ck_assert_uint_eq(words[0], 0x7374617465206f66);
    ck_assert_uint_eq(words[1], PARTS);
    ck_assert_mem_eq(words + 2, "numbers\0\0\0\0\0\0\0\0", 16);
    ck_assert_uint_eq(words[4], DOUBLES);
    ck_assert_mem_eq(words + 5, "nothing\0\0\0\0\0\0\0\0", 16);
    ck_assert_uint_eq(words[7], 0);
    ck_assert_mem_eq(words + 8, "sixteen letters.", 16);
    ck_assert_uint_eq(words[10], WORDS);
    ck_assert_mem_eq(words + 11, place->saved.doubles, sizeof place->saved.doubles);
    ck_assert_mem_eq(words + 16, place->saved.words, sizeof place->saved.words);
    ck_assert_uint_eq(words[19], crc((unsigned char *)words, 19 * sizeof *words));
    place_free(place);
}
END_TEST

START_TEST(a_file_cut_short_anywhere_is_refused)
{
    struct place *place = place_make();
    char bytes[FILE_WORDS * 8 + 1];
    size_t size = read_file(place->path, bytes, sizeof bytes);
    for (size_t length = 0; length < size; length++) {
        write_file(place->path, bytes, length);
        ck_assert_int_eq(place_load(place), CHECKPOINT_TRUNCATED);
    }
    ck_assert_ptr_nonnull(strstr(place->message, "ends after 159 of 160 bytes"));
    bytes[size] = 0;
    write_file(place->path, bytes, size + 1);
    ck_assert_int_eq(place_load(place), CHECKPOINT_TRAILING);
    ck_assert_ptr_nonnull(strstr(place->message, "goes on after 160 bytes"));
    place_free(place);
}
END_TEST

START_TEST(a_file_with_any_bit_flipped_is_refused)
{
    struct place *place = place_make();
    char bytes[FILE_WORDS * 8];
    size_t size = read_file(place->path, bytes, sizeof bytes);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        remove(place->path);
        write_file(place->path, bytes, size);
        enum checkpoint_status expected = bit < 64        ? CHECKPOINT_FOREIGN
                                          : bit < 11 * 64 ? CHECKPOINT_OTHER
                                                          : CHECKPOINT_DAMAGED;
        ck_assert_int_eq(place_load(place), expected);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    place_free(place);
}
END_TEST

/* Saves other parts, and asserts that they are refused for what they are. */
static void assert_other(struct place *place, int parts,
                         const struct checkpoint_part *part, const char *message)
{
    char unused[CHECKPOINT_MESSAGE];
    ck_assert_int_eq(checkpoint_save(place->path, parts, part, &place->arena, unused),
                     CHECKPOINT_OK);
    ck_assert_int_eq(place_load(place), CHECKPOINT_OTHER);
    ck_assert_msg(strstr(place->message, message) != NULL, "%s", place->message);
}

START_TEST(a_state_with_other_parts_is_refused)
{
    struct place *place = place_make();
    struct state other = place->saved;
    state_parts(&other);
    assert_other(place, 0, other.part, "has 0 parts, not 3");
    assert_other(place, 2, other.part, "has 2 parts, not 3");
    other.part[0].n--;
    assert_other(place, PARTS, other.part, "part 0 is not \"numbers\", of 5 numbers");
    state_parts(&other);
    other.part[2].name = "sixteen letters";
    assert_other(place, PARTS, other.part, "part 2 is not \"sixteen letters.\", of 3");
    place_free(place);
}
END_TEST

START_TEST(what_is_no_state_is_refused)
{
    struct place *place = place_make();
    write_file(place->path, "It was a dark and stormy night", 30);
    ck_assert_int_eq(place_load(place), CHECKPOINT_FOREIGN);
    ck_assert_ptr_nonnull(strstr(place->message, "is not a saved state"));
    remove(place->path);
    ck_assert_int_eq(place_load(place), CHECKPOINT_MISSING);
    ck_assert_ptr_nonnull(strstr(place->message, "cannot be opened: No such file"));
    mkdir(place->path, 0777);
    ck_assert_int_eq(place_load(place), CHECKPOINT_UNREADABLE);
    ck_assert_ptr_nonnull(strstr(place->message, "cannot be read: Is a directory"));
    place_free(place);
}
END_TEST

static enum checkpoint_status place_save(struct place *place, const char *path)
{
    struct state other = place->saved;
    state_parts(&other);
    other.words[0]++;
    return checkpoint_save(path, PARTS, other.part, &place->arena, place->message);
}

START_TEST(saving_replaces_whole_files)
{
    struct place *place = place_make();
    write_file(place->fresh, "left by a crash", 15);
    ck_assert_int_eq(place_save(place, place->path), CHECKPOINT_OK);
    place->saved.words[0]++;
    ck_assert_int_eq(place_load(place), CHECKPOINT_OK);
    place_free(place);
}
END_TEST

START_TEST(what_cannot_be_saved_leaves_the_old_file)
{
    struct place *place = place_make();
    ck_assert_int_eq(place_save(place, "build/no such place/state"),
                     CHECKPOINT_UNWRITABLE);
    ck_assert_str_eq(place->message, "build/no such place/state.new: cannot be opened: "
                                     "No such file or directory");

    /* A disk that is full, after 100 bytes. */
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = (struct rlimit){100, limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum checkpoint_status status = place_save(place, place->path);
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_eq(status, CHECKPOINT_UNWRITABLE);
    ck_assert_ptr_nonnull(strstr(place->message, "cannot be written: File too large"));
    ck_assert_uint_eq(place->arena.used, 0);
    ck_assert_int_eq(access(place->fresh, F_OK), -1);
    ck_assert_int_eq(place_load(place), CHECKPOINT_OK);

    /* A name that a directory has. */
    remove(place->path);
    mkdir(place->path, 0777);
    ck_assert_int_eq(place_save(place, place->path), CHECKPOINT_UNWRITABLE);
    ck_assert_ptr_nonnull(strstr(place->message, "cannot be written: "));
    ck_assert_int_eq(access(place->fresh, F_OK), -1);
    place_free(place);
}
END_TEST

/* ---- What a failure of power would find -------------------------------------------
 */

/* Takes the place of the system's: notes what is asked to go to the disk, and when. */
static struct {
    int files, directories, fails;
    off_t size;         /* of the file, when it was asked for      */
    ino_t file, behind; /* which it is, and which the name means   */
    const char *path;
} synced;

int fsync(int descriptor)
{
    struct stat what, named = {0};
    fstat(descriptor, &what);
    if (synced.path != NULL)
        stat(synced.path, &named);
    synced.behind = named.st_ino;
    if (S_ISDIR(what.st_mode))
        synced.directories++;
    else {
        synced.files++;
        synced.size = what.st_size;
        synced.file = what.st_ino;
        ck_assert(named.st_ino != what.st_ino); /* the name is still the old file's */
    }
    errno = EIO;
    return synced.fails ? -1 : 0;
}

START_TEST(the_disk_has_the_file_before_the_name_does)
{
    struct place *place = place_make();
    memset(&synced, 0, sizeof synced);
    synced.path = place->path;
    ck_assert_int_eq(place_save(place, place->path), CHECKPOINT_OK);
    ck_assert_int_eq(synced.files, 1);
    ck_assert_int_eq(synced.size, 8 * FILE_WORDS);
    ck_assert_int_eq(synced.directories, 1);
    ck_assert_uint_eq(synced.behind, synced.file);
    place->saved.words[0]++;

    synced.fails = 1;
    ck_assert_int_eq(place_save(place, place->path), CHECKPOINT_UNWRITABLE);
    ck_assert_ptr_nonnull(strstr(place->message, "cannot be written: Input/output"));
    ck_assert_int_eq(place_load(place), CHECKPOINT_OK);
    place_free(place);
}
END_TEST

START_TEST(a_path_without_a_directory_is_here)
{
    struct place *place = place_make();
    memset(&synced, 0, sizeof synced);
    ck_assert_int_eq(place_save(place, "checkpoint-of-a-test"), CHECKPOINT_OK);
    ck_assert_int_eq(synced.directories, 1);
    ck_assert_int_eq(remove("checkpoint-of-a-test"), 0);
    place_free(place);
}
END_TEST

START_TEST(parts_without_a_proper_name_stop)
{
    struct place *place = place_make();
    struct checkpoint_part part = {"", 0, NULL};
    char message[CHECKPOINT_MESSAGE];
    ck_assert_stops("part 0 is \"\", of 0 numbers",
                    checkpoint_save(place->path, 1, &part, &place->arena, message));
    part.name = "seventeen letters";
    ck_assert_stops("part 0 is \"seventeen letters\"",
                    checkpoint_load(place->path, 1, &part, &place->arena, message));
    part = (struct checkpoint_part){"name", -1, NULL};
    ck_assert_stops("of -1 numbers",
                    checkpoint_load(place->path, 1, &part, &place->arena, message));
    char path[5000];
    memset(path, 'a', sizeof path - 1);
    path[4999] = '\0';
    double x = 1;
    part = (struct checkpoint_part){"a", 1, &x};
    ck_assert_int_eq(checkpoint_save(place->path, 1, &part, &place->arena, message),
                     CHECKPOINT_OK);
    path[4096] = '\0'; /* as long as may be, for us if not for the system */
    ck_assert_int_ne(checkpoint_save(path, 1, &part, &place->arena, message),
                     CHECKPOINT_OK);
    path[4096] = 'a';
    ck_assert_stops("a path of 4999 bytes",
                    checkpoint_save(path, 0, &part, &place->arena, message));
    place_free(place);
}
END_TEST

START_TEST(long_paths_do_not_overflow_the_message)
{
    char message[CHECKPOINT_MESSAGE], path[5000];
    memset(path, 'a', sizeof path - 1);
    path[4999] = '\0';
    enum checkpoint_status status =
        checkpoint_fail(CHECKPOINT_DAMAGED, message, path, "is %s", path);
    ck_assert_int_eq(status, CHECKPOINT_DAMAGED);
    ck_assert_uint_eq(strlen(message), CHECKPOINT_MESSAGE - 1);
    ck_assert_mem_eq(message + 400, ": is a", 6);
}
END_TEST

/* Any part may be the one that is called or counted otherwise. */
START_TEST(each_of_many_parts_is_looked_at)
{
    enum { MANY = 40 };
    struct place *place = place_make();
    struct checkpoint_part part[MANY];
    uint64_t words[MANY + 1];
    for (int i = 0; i < MANY; i++) {
        part[i] = (struct checkpoint_part){"part", 1, words + i};
        words[i] = (uint64_t)i;
    }
    ck_assert_int_eq(checkpoint_save(place->path, MANY, part, &place->arena,
                                     place->message),
                     CHECKPOINT_OK);
    for (int i = 0; i < MANY; i++) {
        struct checkpoint_part same = part[i];
        part[i].name = "parts";
        ck_assert_int_eq(checkpoint_load(place->path, MANY, part, &place->arena,
                                         place->message),
                         CHECKPOINT_OTHER);
        part[i].name = same.name;
        part[i].n = 2;
        ck_assert_int_eq(checkpoint_load(place->path, MANY, part, &place->arena,
                                         place->message),
                         CHECKPOINT_OTHER);
        part[i] = same;
    }
    memset(words, 0, sizeof words);
    ck_assert_int_eq(checkpoint_load(place->path, MANY, part, &place->arena,
                                     place->message),
                     CHECKPOINT_OK);
    for (int i = 0; i < MANY; i++)
        ck_assert(words[i] == (uint64_t)i);
    place_free(place);
}
END_TEST

int main(void)
{
    return unit_run("checkpoint",
                    (const TTest *const[]){what_is_saved_comes_back,
                                           the_file_is_as_its_header_says,
                                           a_file_cut_short_anywhere_is_refused,
                                           a_file_with_any_bit_flipped_is_refused,
                                           a_state_with_other_parts_is_refused,
                                           what_is_no_state_is_refused,
                                           saving_replaces_whole_files,
                                           what_cannot_be_saved_leaves_the_old_file,
                                           the_disk_has_the_file_before_the_name_does,
                                           a_path_without_a_directory_is_here,
                                           parts_without_a_proper_name_stop,
                                           long_paths_do_not_overflow_the_message,
                                           each_of_many_parts_is_looked_at, NULL});
}
