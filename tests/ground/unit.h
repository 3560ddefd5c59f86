/* unit.h -- what the unit tests share on top of Check.
 *
 * A file of tests is one program: it lists its tests in main, and unit_run runs them,
 * each in a process of its own.  What Check reads from the environment (CK_RUN_CASE,
 * CK_TAP_LOG_FILE_NAME, CK_VERBOSITY, ...) holds here too. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include "ground/rng.h"

#include <check.h>

/* Check writes down where each assertion stood that held, so that it can say after
 * which one a test crashed.  In a loop that is a call of the system a round, and took
 * half of the time of the tests that ask the most; where one crashes a debugger knows
 * better. */
#define _mark_point(file, line) ((void)0)

/* Runs the tests, a list that ends with NULL, and returns main's exit status. */
int unit_run(const char *suite, const TTest *const *tests);

/* In the list of a main, in place of &test, where the test says nothing in single
 * precision: it is left out there, and counted. */
#define OF_DOUBLES(test) (IS_DOUBLE ? (test) : &unit_left_out)
extern const TTest unit_left_out;

/* A stream of its own for the test of this name, under the seed of the environment
 * variable SEED, 1 if there is none. */
struct rng unit_rng(const char *test);

/* Numbers whose squares overflow, or are 0, at this precision; each is the inverse of
 * the other. */
#define VAST (IS_DOUBLE ? 1e160 : 1e24)
#define TINY (IS_DOUBLE ? 1e-160 : 1e-24)

/* What rounding may leave, said as in double precision, at the precision of a real:
 * 2^29 times as much if that is a float. */
double rounded(double limit);

/* Asserts that got is within the limit of the value, which may be in long double.  A
 * NaN is near nothing.  A limit of at most 1e-8 is one of rounding, and taken as above;
 * a larger one is one of the mathematics, and the same in either precision. */
#define assert_near(got, value, limit)                                                 \
    unit_assert_near(got, value, limit, #got, __FILE__, __LINE__)
void unit_assert_near(double got, long double value, double limit,
                      const char *expression, const char *file, int line);

/* The same for each entry; values: as many as got has, or more. */
void assert_entries(vec got, const double *values, double limit);
void assert_vec(vec got, vec value, double limit);

/* A vector of the arena with these entries, n of them; or VEC(1, 2, 3), in the arena of
 * the file that is called so. */
vec vec_of(struct arena *arena, int n, const double *at);
#define VEC(...)                                                                       \
    vec_of(&arena, (int)(sizeof(double[]){__VA_ARGS__} / sizeof(double)),              \
           (double[]){__VA_ARGS__})

/* What is only to be read: vectors, and what was in them.  WATCH remembers that in the
 * arena, and assert_unchanged asserts that it is there still, bit by bit. */
struct unit_watch {
    int count;
    vec at[16], was[16];
};
#define WATCH(arena, ...)                                                              \
    unit_watch(arena, (int)(sizeof(vec[]){__VA_ARGS__} / sizeof(vec)),                 \
               (vec[]){__VA_ARGS__})
struct unit_watch unit_watch(struct arena *arena, int count, const vec *at);
void assert_unchanged(const struct unit_watch *watched);

/* Asserts that the expression stops as REQUIRE promises: by SIGABRT, after exactly one
 * line on stderr, which contains the text.  It runs in a process of its own, so what it
 * changes is not seen afterwards. */
#define ck_assert_stops(text, expression)                                              \
    do {                                                                               \
        struct unit_child unit_child = unit_fork();                                    \
        if (unit_child.id == 0) {                                                      \
            expression;                                                                \
            unit_survived();                                                           \
        }                                                                              \
        unit_assert_stopped(unit_child, text, #expression, __FILE__, __LINE__);        \
    } while (0)

struct unit_child {
    pid_t id;     /* 0 in the child itself             */
    int messages; /* the end of a pipe from its stderr */
};

struct unit_child unit_fork(void);
_Noreturn void unit_survived(void);
void unit_assert_stopped(struct unit_child child, const char *text,
                         const char *expression, const char *file, int line);

#endif
