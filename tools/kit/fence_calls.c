/* fence_calls.c -- what a student's function may call that is not compiled with a
 * fence: each asks for its arguments first.  What has no fence_ here or in the book's
 * own code does not link. */
#include "kit/fence.h"

#include "ground/activation.h"
#include "ground/factor.h"
#include "ground/sort.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Declared as they are defined: nobody calls them by these names but the linker. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

static void reads(const void *at, size_t bytes) { __fence_ask(at, bytes, false); }
static void writes(const void *at, size_t bytes) { __fence_ask(at, bytes, true); }

static size_t bytes_of(vec x) { return x.n > 0 ? (size_t)x.n * sizeof *x.at : 0; }
static void in(vec x) { reads(x.at, bytes_of(x)); }
static void out(vec x) { writes(x.at, bytes_of(x)); }

static vec all(mat A)
{
    REQUIRE(A.rows >= 0 && A.cols >= 0, "a matrix is %d x %d", A.rows, A.cols);
    return (vec){SIZE_PRODUCT(A.rows, A.cols), A.at};
}

/* ---- dense.h -------------------------------------------------------------------- */

void fence_copy(vec x, vec y)
{
    in(x), out(y);
    copy(x, y);
}

void fence_scale(double alpha, vec x)
{
    out(x);
    scale(alpha, x);
}

void fence_axpy(double alpha, vec x, vec y)
{
    in(x), out(y);
    axpy(alpha, x, y);
}

double fence_dot(vec x, vec y)
{
    in(x), in(y);
    return dot(x, y);
}

double fence_norm(vec x)
{
    in(x);
    return norm(x);
}

void fence_gemv(double alpha, mat A, vec x, double beta, vec y)
{
    in(all(A)), in(x), out(y);
    gemv(alpha, A, x, beta, y);
}

void fence_gemtv(double alpha, mat A, vec x, double beta, vec y)
{
    in(all(A)), in(x), out(y);
    gemtv(alpha, A, x, beta, y);
}

void fence_ger(double alpha, vec x, vec y, mat A)
{
    in(x), in(y), out(all(A));
    ger(alpha, x, y, A);
}

void fence_gemm(double alpha, enum side a, mat A, enum side b, mat B, double beta,
                mat C)
{
    in(all(A)), in(all(B)), out(all(C));
    gemm(alpha, a, A, b, B, beta, C);
}

void fence_syrk(double alpha, enum side side, mat X, mat G)
{
    in(all(X)), out(all(G));
    syrk(alpha, side, X, G);
}

/* ---- activation.h, factor.h and sort.h, whose loops are long
 * -------------------------------
 */

void fence_activate(enum activation activation, vec z, vec slope)
{
    out(z), out(slope);
    activate(activation, z, slope);
}

void fence_activation_bend(enum activation activation, vec z)
{
    out(z);
    activation_bend(activation, z);
}

enum factor_status fence_cholesky(mat A, mat L)
{
    in(all(A)), out(all(L));
    return cholesky(A, L);
}

void fence_solve_lower(mat L, enum side side, mat B)
{
    in(all(L)), out(all(B));
    solve_lower(L, side, B);
}

enum factor_status fence_solve_positive(mat A, struct arena *scratch, mat B)
{
    in(all(A)), out(all(B)), __fence_ask_arena(scratch);
    return solve_positive(A, scratch, B);
}

void fence_householder_qr(mat A, vec tau)
{
    out(all(A)), out(tau);
    householder_qr(A, tau);
}

void fence_apply_q(mat QR, vec tau, enum side side, vec x)
{
    in(all(QR)), in((vec){QR.cols, tau.at}), out(x);
    apply_q(QR, tau, side, x);
}

void fence_solve_upper(mat QR, enum side side, vec x)
{
    in(all(QR)), out(x);
    solve_upper(QR, side, x);
}

enum factor_status fence_svd(mat A, struct arena *scratch, mat U, vec s, mat V)
{
    in(all(A)), out(all(U)), out(s), out(all(V)), __fence_ask_arena(scratch);
    return svd(A, scratch, U, s, V);
}

void fence_ascend(vec x, struct arena *scratch)
{
    out(x), __fence_ask_arena(scratch);
    ascend(x, scratch);
}

/* ---- arena.h -------------------------------------------------------------------- */

void *fence_arena_bytes(struct arena *arena, size_t n)
{
    __fence_ask_arena(arena);
    void *piece = arena_bytes(arena, n);
    __fence_taken(piece, n);
    return piece;
}

real *fence_arena_take(struct arena *arena, size_t n)
{
    __fence_ask_arena(arena);
    real *piece = arena_take(arena, n);
    __fence_taken(piece, n * sizeof *piece);
    return piece;
}

real *fence_arena_room(struct arena *arena, size_t n)
{
    __fence_ask_arena(arena);
    real *piece = arena_room(arena, n);
    __fence_taken(piece, n * sizeof *piece);
    return piece;
}

int *fence_arena_ints(struct arena *arena, size_t n)
{
    __fence_ask_arena(arena);
    int *piece = arena_ints(arena, n);
    __fence_taken(piece, n * sizeof *piece);
    return piece;
}

int fence_size_counted(const char *function, const char *what, int64_t size)
{
    reads(function, 1), reads(what, 1);
    return size_counted(function, what, size);
}

struct arena fence_arena_make(size_t size)
{
    struct arena made = arena_make(size);
    __fence_made(&made);
    return made;
}

/* What a student's function made is kept: somebody may still point to it. */
void fence_arena_free(struct arena *arena)
{
    if (!__fence_inside)
        arena_free(arena);
}

/* Does it take numbers alone?  Nothing is read or written by an address then. */
static bool is_of_numbers(const char *format)
{
    while ((format = strchr(format, '%')) != NULL) {
        format += 1 + strspn(format + 1, "0123456789.+- #lz");
        if (*format == '\0' || strchr("diouxXeEfFgGc%", *format) == NULL)
            return false;
        format++;
    }
    return true;
}

_Noreturn void fence_require_failed(const char *function, const char *message, ...)
{
    reads(function, 1), reads(message, 1);
    fprintf(stderr, "%.60s: ", function);
    va_list args;
    va_start(args, message);
    if (is_of_numbers(message))
        vfprintf(stderr, message, args);
    else
        fprintf(stderr, "%.200s", message);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

/* ---- The standard library ------------------------------------------------------- */

void *fence_memmove(void *to, const void *from, size_t n)
{
    reads(from, n), writes(to, n);
    return memmove(to, from, n);
}

void *fence_memcpy(void *to, const void *from, size_t n)
{
    return fence_memmove(to, from, n);
}

void *fence_memset(void *to, int byte, size_t n)
{
    writes(to, n);
    return memset(to, byte, n);
}

int fence_memcmp(const void *a, const void *b, size_t n)
{
    reads(a, n), reads(b, n);
    return memcmp(a, b, n);
}

/* Newer compilers call these for the copies of whole structs. */
void *__asan_memcpy(void *to, const void *from, size_t n)
{
    return fence_memmove(to, from, n);
}

void *__asan_memmove(void *to, const void *from, size_t n)
{
    return fence_memmove(to, from, n);
}

void *__asan_memset(void *to, int byte, size_t n) { return fence_memset(to, byte, n); }

double fence_frexp(double x, int *exponent)
{
    writes(exponent, sizeof *exponent);
    return frexp(x, exponent);
}

double fence_modf(double x, double *whole)
{
    writes(whole, sizeof *whole);
    return modf(x, whole);
}

double fence_remquo(double x, double y, int *quotient)
{
    writes(quotient, sizeof *quotient);
    return remquo(x, y, quotient);
}

double fence_lgamma(double x) { return lgamma(x); }

size_t fence_strlen(const char *text)
{
    size_t n = 0;
    for (reads(text, 1); text[n] != '\0'; reads(text + n, 1))
        n++;
    return n;
}

void *fence_malloc(size_t n)
{
    void *made = malloc(n);
    if (made != NULL)
        __fence_allocated(made, n);
    return made;
}

void *fence_calloc(size_t n, size_t each)
{
    void *made = calloc(n, each);
    if (made != NULL)
        __fence_allocated(made, n * each);
    return made;
}

void fence_free(void *at)
{
    if (__fence_given_back(at))
        free(at);
}

void *fence_realloc(void *at, size_t n)
{
    void *made = realloc(__fence_given_back(at) ? at : NULL, n);
    if (made != NULL)
        __fence_allocated(made, n);
    return made;
}

/* Nobody reads what is printed. */
int fence_printf(const char *format, ...)
{
    (void)format;
    return 0;
}

int fence_puts(const char *text)
{
    (void)text;
    return 0;
}

int fence_putchar(int sign) { return sign; }

/* Merges runs of the length 1, 2, 4, ...: equal ones stay in order, as glibc has it,
 * and what is compared lies in memory that was lent. */
static void merge(char *to, char *from, size_t n, size_t run, size_t each,
                  int (*compare)(const void *, const void *))
{
    for (size_t begin = 0; begin < n; begin += 2 * run) {
        size_t middle = begin + run < n ? begin + run : n;
        size_t end = middle + run < n ? middle + run : n;
        for (size_t i = begin, j = middle, k = begin; k < end; k++) {
            bool right = i == middle ||
                         (j < end && compare(from + j * each, from + i * each) < 0);
            memcpy(to + k * each, from + (right ? j++ : i++) * each, each);
        }
    }
}

/* compare is the student's own, or one of the book's as the student sees it. */
void fence_qsort(void *at, size_t n, size_t each,
                 int (*compare)(const void *, const void *))
{
    REQUIRE(n < INT32_MAX && each < INT32_MAX, "there is too much to sort");
    writes(at, n * each);
    __fence_ask_function((const void *)(uintptr_t)compare);
    char *other = fence_malloc(n * each + 1), *from = at, *to = other;
    REQUIRE(other != NULL, "no memory to sort %zu entries", n);
    for (size_t run = 1; run < n; run *= 2) {
        merge(to, from, n, run, each, compare);
        char *merged = to;
        to = from;
        from = merged;
    }
    if (from == other)
        memcpy(at, from, n * each);
    fence_free(other);
}

/* ---- By an address --------------------------------------------------------------- */

bool __fence_is_pure(const void *at)
{
    static double (*const of_one[])(
        double) = {acos, acosh, asin,  asinh, atan,  atanh, cbrt,  ceil, cos,    cosh,
                   erf,  erfc,  exp,   exp2,  expm1, fabs,  floor, log,  log10,  log1p,
                   log2, rint,  round, sin,   sinh,  sqrt,  tan,   tanh, tgamma, trunc};
    static double (*const of_two[])(double, double) = {atan2, copysign, fdim,  fmax,
                                                       fmin,  fmod,     hypot, pow};
    for (size_t i = 0; i < sizeof of_one / sizeof of_one[0]; i++)
        if (at == (const void *)(uintptr_t)of_one[i])
            return true;
    for (size_t i = 0; i < sizeof of_two / sizeof of_two[0]; i++)
        if (at == (const void *)(uintptr_t)of_two[i])
            return true;
    return false;
}
