/* fence.h -- the memory that a function of a student may touch.
 *
 * A submission is compiled so that it asks before each load and store whether it may
 * (-fsanitize=kernel-address; no runtime of a sanitizer is linked), and so is a copy of
 * the book's functions for it to call.  While the student's function runs, it may touch
 * what its arguments lend it, its own variables and constants, what it takes from an
 * arena or from malloc, and nothing else: not the claim's numbers, nor its record.
 * While a claim runs, or a function that a claim passed, nothing is asked.
 *
 * fences.lua writes the lines that lend, from the prototype.  They stand in the text of
 * the submission, whose own tokens may not begin with two underscores. */
#ifndef KIT_FENCE_H
#define KIT_FENCE_H

#include "ground/dense.h"

#include <stdbool.h>
#include <stddef.h>

/* No call by way of what is chosen when the program starts: see vector_math.h. */
#define target_clones(...) unused

/* Does a student's function run now? */
extern bool __fence_inside;

/* Between these two the student's function runs; false if it does already, and calls
 * itself.  top: no variable of it lies above. */
bool __fence_enter(const char *function, const void *top);
void __fence_leave(void);

/* Lends so many entries of so many bytes. */
void __fence_memory(const char *what, const void *at, size_t number, size_t each,
                    bool read_only);
void __fence_vec(const char *what, vec x);
void __fence_mat(const char *what, mat A);
void __fence_arena(const char *what, const struct arena *arena);

/* Lends what a bare pointer points to, to the end of its piece of an arena or of one
 * object; returns how many entries that is. */
size_t __fence_reach(const char *what, const void *at, size_t each, bool read_only);

/* What nobody may look into but whom it is passed to; and a function that may be
 * called: checked has the same arguments and asks for them first. */
void __fence_opaque(const void *at);
void __fence_function(const void *at, const void *checked);

/* What lies in memory of the caller and points somewhere: when the function returns, a
 * view must be of what was lent, and a pointer what it was. */
void __fence_keep_vec(const vec *x);
void __fence_keep_mat(const mat *A);
void __fence_keep(const void *field, size_t size);

/* Of what the student passes to somebody else's function: may the student give it? */
void __fence_ask(const void *at, size_t bytes, bool write);
void __fence_ask_vec(vec x);
void __fence_ask_mat(mat A);
void __fence_ask_opaque(const void *at);
void __fence_ask_function(const void *at);

/* Between these two such a function runs; which one, for the function that asks. */
const void *__fence_callee(void);
void __fence_out(void);
void __fence_back(void);

/* For what stands in for the library: see fence_calls.c.  A piece that was taken from
 * an arena, an arena that was lent or made, and what malloc gave. */
void __fence_taken(const void *at, size_t bytes);
void __fence_ask_arena(const struct arena *arena);
void __fence_made(const struct arena *arena);
void __fence_allocated(void *at, size_t bytes);
bool __fence_given_back(const void *at); /* was it given, and not yet given back? */

/* Is it a function of libm that touches no memory? */
bool __fence_is_pure(const void *at);

/* What a call by that address comes to; stops if it may not be called. */
const void *__fence_target(const void *at);

#endif
