/* fence.c -- whether a student's function may touch what it is about to touch. */
#define _GNU_SOURCE
#include "kit/fence.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SPANS = 1 << 14, DEPTH = 256, KEPT = 1 << 12, FIELD = 24, NEAR = 4096 };

/* ---- Spans: what may be touched now --------------------------------------------- */

enum kind { MEMORY, TAKEN, ALLOCATED, ARENA, OPAQUE, FUNCTION };

struct span {
    const char *what;
    uintptr_t from, upto;
    size_t each; /* bytes of an entry */
    enum kind kind;
    bool read_only;
    size_t used;         /* of an arena: by others, before the call          */
    const void *checked; /* of a function: the one that checks its arguments */
};

/* Those of the call that runs are from call.first on; what malloc gave outlives it. */
static struct span spans[SPANS], allocated[SPANS];
static int count, allocations;

/* A field of the caller's that points somewhere, as it was. */
struct kept {
    enum { POINTER, VEC, MAT, SCRATCH } type;
    const void *field;
    size_t size;
    char was[FIELD];
};
static struct kept kept[KEPT];
static int keeping;

/* Calls lie within calls: a student's function calls one of the claim, and that another
 * function of the student's. */
struct call {
    bool inside;
    int first, first_kept;
    uintptr_t top;
    const char *function;
};
static struct call call, outer[DEPTH];
static int depth;
bool __fence_inside; /* call.inside */
static const void *callee;

static _Noreturn void stop(const char *why)
{
    __fence_inside = false;
    fprintf(stderr, "%s: %s\n", call.function, why);
    abort();
}

static struct span *add(const char *what, const void *at, size_t bytes, enum kind kind)
{
    uintptr_t from = (uintptr_t)at;
    if (count == SPANS)
        stop("it has more pieces of memory than the grader can look after");
    spans[count] = (struct span){
        .what = what, .from = from, .upto = from + bytes, .each = 1, .kind = kind};
    return &spans[count++];
}

/* ---- The stack ------------------------------------------------------------------ */

/* Where gcc marks which bytes of a frame are a variable, an eighth of the stack. */
#define SHADOW(a) ((unsigned char *)(((a) >> 3) + 0x7fff8000UL))
enum { LEFT = 0xF1, MIDDLE = 0xF2, STACK = 64 << 20, ABOVE = 1 << 20 };

/* Before anything that was compiled so runs. */
__attribute__((constructor(101))) static void make_shadow(void)
{
    enum { PAGE = 4096 };
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    char *from = (char *)((uintptr_t)SHADOW(here - STACK) & ~(uintptr_t)(PAGE - 1));
    void *made =
        mmap(from, (STACK + ABOVE) / 8, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (made != (void *)from)
        stop("there is no room for the shadow of the stack");
}

/* The mark nearest below an address that is none of a variable's own bytes. */
static unsigned char mark_below(uintptr_t a)
{
    const unsigned char *mark = SHADOW(a & ~(uintptr_t)7) - 1;
    const unsigned char *end = SHADOW((uintptr_t)__builtin_frame_address(0));
    uint64_t eight;
    for (; mark >= end; mark--) {
        for (; mark - 7 >= end; mark -= sizeof eight) {
            memcpy(&eight, mark - 7, sizeof eight);
            if (eight != 0)
                break;
        }
        if (*mark != 0)
            return *mark;
    }
    return 0;
}

/* Is it within one variable of a frame of the student's?  Going down from it, the first
 * mark that is not 0 must be a red zone at the left of a variable: a return address or
 * a saved register has the one at the right below it, or none. */
static bool in_variable(uintptr_t a, size_t n)
{
    for (uintptr_t g = a & ~(uintptr_t)7; g < a + n; g += 8) {
        signed char mark = (signed char)*SHADOW(g);
        uintptr_t upto = g + 8 < a + n ? g + 8 : a + n;
        if (mark < 0 || (mark > 0 && upto - g > (uintptr_t)mark))
            return false;
    }
    unsigned char below = mark_below(a);
    return below == LEFT || below == MIDDLE;
}

/* The variables that were asked for last, each with its frame.  As long as the frame
 * has its red zone, and in it what gcc writes there to describe the frame, its
 * variables lie where they lay. */
enum { VARIABLES = 2, ZONE = 0xF1F1F1F1 };
static struct variable {
    uintptr_t from, upto, frame;
    uint64_t layout;
} variables[VARIABLES];
static unsigned next_variable;

static uint64_t layout_of(uintptr_t frame)
{
    uint64_t layout;
    memcpy(&layout, (const char *)frame + sizeof layout, sizeof layout);
    return layout;
}

static void remember_variable(uintptr_t a)
{
    uintptr_t from = a & ~(uintptr_t)7, upto = from, frame = from;
    while (*SHADOW(from - 8) == 0)
        from -= 8;
    while (*SHADOW(upto) == 0 && upto < call.top)
        upto += 8;
    while (*SHADOW(frame) != LEFT)
        frame -= 8;
    while (*SHADOW(frame - 8) == LEFT)
        frame -= 8;
    variables[next_variable++ % VARIABLES] =
        (struct variable){from, upto, frame, layout_of(frame)};
}

static bool is_recent_variable(uintptr_t a, size_t n)
{
    for (const struct variable *v = variables; v < variables + VARIABLES; v++) {
        if (a < v->from || a >= v->upto || n > v->upto - a)
            continue;
        uint32_t zone;
        memcpy(&zone, SHADOW(v->frame), sizeof zone);
        if (zone == ZONE && layout_of(v->frame) == v->layout)
            return true;
    }
    return false;
}

static bool is_own(uintptr_t a, size_t n)
{
    if (is_recent_variable(a, n))
        return true;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    bool is_well = n < STACK && a >= here && a < call.top && a + n <= call.top &&
                   in_variable(a, n);
    if (is_well)
        remember_variable(a);
    return is_well;
}

/* ---- Asking --------------------------------------------------------------------- */

/* The spans that were asked for last, apart for reading and writing: most of what is
 * asked for is near what was asked for before. */
enum { RECENT = 4 };
static struct recent {
    uintptr_t from;
    size_t size;
} recent[2][RECENT];
static unsigned next_recent;

static void remember(const struct span *s, bool write)
{
    recent[write][next_recent++ % RECENT] = (struct recent){s->from, s->upto - s->from};
}

/* For where spans are taken away. */
static void forget(void)
{
    memset(recent, 0, sizeof recent);
    memset(variables, 0, sizeof variables);
}

static inline bool is_recent(uintptr_t a, size_t n, bool write)
{
    const struct recent *r = recent[write];
    for (int i = 0; i < RECENT; i++)
        if (a - r[i].from < r[i].size && n <= r[i].size - (a - r[i].from))
            return true;
    return false;
}

static bool has(const struct span *s, uintptr_t a, size_t n, bool write)
{
    return a >= s->from && a <= s->upto && n <= s->upto - a && s->kind <= ALLOCATED &&
           !(write && s->read_only);
}

static bool is_in(const struct span *from, const struct span *upto, uintptr_t a,
                  size_t n, bool write)
{
    while (upto-- > from) /* what came last is asked for most */
        if (has(upto, a, n, write)) {
            remember(upto, write);
            return true;
        }
    return false;
}

static bool is_lent(uintptr_t a, size_t n, bool write)
{
    return n == 0 || is_in(spans + call.first, spans + count, a, n, write) ||
           is_in(allocated, allocated + allocations, a, n, write);
}

static size_t distance(const struct span *s, uintptr_t a)
{
    return a >= s->upto ? a - s->upto : a < s->from ? s->from - a : 0;
}

static const struct span *nearest(uintptr_t a)
{
    const struct span *near = NULL;
    for (struct span *s = spans + call.first; s < spans + count; s++)
        if (s->kind <= TAKEN && s->upto > s->from && distance(s, a) < NEAR &&
            (near == NULL || distance(s, a) < distance(near, a)))
            near = s;
    return near;
}

/* Of more entries than one that are asked for at once, the first that is not there. */
static _Noreturn void refuse(uintptr_t a, size_t n, bool write)
{
    const char *does = write ? "writes" : "reads";
    const struct span *near = nearest(a);
    char why[200];
    if (near != NULL && a >= near->from && a + n > near->upto && a < near->upto)
        a = near->upto;
    if (near == NULL)
        snprintf(why, sizeof why, "it %s memory that is not its own", does);
    else if (distance(near, a) == 0 && a != near->upto)
        snprintf(why, sizeof why, "it %s %s, which it may only read", does, near->what);
    else
        snprintf(why, sizeof why, "it %s entry %td of %s, which has %zu, from 0 on",
                 does, ((ptrdiff_t)a - (ptrdiff_t)near->from) / (ptrdiff_t)near->each,
                 near->what, (near->upto - near->from) / near->each);
    stop(why);
}

static void look(uintptr_t a, size_t n, bool write)
{
    bool on_stack = a >= (uintptr_t)__builtin_frame_address(0) && a < call.top;
    if (!(on_stack ? is_own(a, n) : is_lent(a, n, write)))
        refuse(a, n, write);
}

static inline void ask(uintptr_t a, size_t n, bool write)
{
    if (__fence_inside && !is_recent(a, n, write))
        look(a, n, write);
}

/* What gcc calls.  The names are its own. */
#define ASKING(n)                                                                      \
    void __asan_load##n##_noabort(uintptr_t a);                                        \
    void __asan_load##n##_noabort(uintptr_t a) { ask(a, n, false); }                   \
    void __asan_store##n##_noabort(uintptr_t a);                                       \
    void __asan_store##n##_noabort(uintptr_t a) { ask(a, n, true); }
ASKING(1)
ASKING(2)
ASKING(4)
ASKING(8)
ASKING(16)

void __asan_loadN_noabort(uintptr_t a, size_t n);
void __asan_storeN_noabort(uintptr_t a, size_t n);
void __asan_handle_no_return(void);

void __asan_loadN_noabort(uintptr_t a, size_t n) { ask(a, n, false); }
void __asan_storeN_noabort(uintptr_t a, size_t n) { ask(a, n, true); }
void __asan_handle_no_return(void) {}

/* ---- Entering and leaving ------------------------------------------------------- */

/* The constants, variables and code of what is compiled so, where the grader puts them.
 */
extern char __start_given_ro[], __stop_given_ro[];
extern char __start_given_rw[], __stop_given_rw[];
extern char __start_given_rel[], __stop_given_rel[];
extern char __start_given_text[], __stop_given_text[];
#pragma weak __start_given_ro
#pragma weak __stop_given_ro
#pragma weak __start_given_rel
#pragma weak __stop_given_rel
#pragma weak __start_given_rw
#pragma weak __stop_given_rw

static void begin(struct call next)
{
    if (depth == DEPTH)
        stop("it calls itself by way of others without an end");
    outer[depth++] = call;
    forget();
    call = next;
    __fence_inside = call.inside;
}

static void end(void)
{
    count = call.first;
    keeping = call.first_kept;
    call = outer[--depth];
    forget();
    __fence_inside = call.inside;
}

bool __fence_enter(const char *function, const void *top)
{
    if (__fence_inside)
        return false;
    begin((struct call){true, count, keeping, (uintptr_t)top, function});
    __fence_memory("a constant", __start_given_ro,
                   (size_t)(__stop_given_ro - __start_given_ro), 1, true);
    __fence_memory("a constant", __start_given_rel,
                   (size_t)(__stop_given_rel - __start_given_rel), 1, true);
    __fence_memory("a static variable", __start_given_rw,
                   (size_t)(__stop_given_rw - __start_given_rw), 1, false);
    return true;
}

static bool is_lent_mat(mat A)
{
    size_t bytes = (size_t)A.rows * (size_t)A.cols * sizeof *A.at;
    return A.rows >= 0 && A.cols >= 0 && is_lent((uintptr_t)A.at, bytes, false);
}

static bool is_lent_vec(vec x) { return is_lent_mat((mat){x.n, 1, x.at}); }

/* More may have been taken of it, and not less. */
static bool is_scratch(const struct arena *arena, const void *was)
{
    struct arena before;
    memcpy(&before, was, sizeof before);
    return arena->base == before.base && arena->size == before.size &&
           arena->used >= before.used && arena->used <= arena->size;
}

static bool is_well(const struct kept *k)
{
    return memcmp(k->field, k->was, k->size) == 0 ||
           (k->type == SCRATCH && is_scratch(k->field, k->was)) ||
           (k->type == VEC && is_lent_vec(*(const vec *)k->field)) ||
           (k->type == MAT && is_lent_mat(*(const mat *)k->field));
}

void __fence_leave(void)
{
    for (const struct kept *k = kept + call.first_kept; k < kept + keeping; k++)
        if (!is_well(k))
            stop("it changes where something of its caller points to");
    end();
}

const void *__fence_callee(void) { return callee; }

void __fence_out(void)
{
    begin((struct call){false, count, keeping, 0, call.function});
}

void __fence_back(void) { end(); }

/* ---- Keeping -------------------------------------------------------------------- */

static void keep(int type, const void *field, size_t size)
{
    if (keeping == KEPT)
        stop("it has more pieces of memory than the grader can look after");
    kept[keeping] = (struct kept){.type = type, .field = field, .size = size};
    memcpy(kept[keeping++].was, field, size);
}

void __fence_keep_vec(const vec *x) { keep(VEC, x, sizeof *x); }
void __fence_keep_mat(const mat *A) { keep(MAT, A, sizeof *A); }
void __fence_keep(const void *field, size_t size) { keep(POINTER, field, size); }

/* ---- Lending -------------------------------------------------------------------- */

void __fence_memory(const char *what, const void *at, size_t number, size_t each,
                    bool read_only)
{
    if (at == NULL || number == 0 || number > PTRDIFF_MAX / each)
        return;
    struct span *span = add(what, at, number * each, MEMORY);
    span->each = each;
    span->read_only = read_only;
}

void __fence_mat(const char *what, mat A)
{
    if (A.rows > 0 && A.cols > 0)
        __fence_memory(what, A.at, (size_t)A.rows * (size_t)A.cols, sizeof *A.at,
                       false);
}

void __fence_vec(const char *what, vec x) { __fence_mat(what, (mat){x.n, 1, x.at}); }

void __fence_opaque(const void *at) { add("", at, 0, OPAQUE); }

void __fence_function(const void *at, const void *checked)
{
    add("", at, 0, FUNCTION)->checked = checked;
}

/* To the end of a piece of an arena, as redzone.c knows it.  Elsewhere it is one entry,
 * or, of numbers that are only read, a table of the caller's, of unknown length. */
size_t redzone_reach(const void *at);
#pragma weak redzone_reach

size_t __fence_reach(const char *what, const void *at, size_t each, bool read_only)
{
    enum { TABLE = 4096 };
    size_t bytes = at != NULL && redzone_reach != NULL ? redzone_reach(at) : 0;
    if (bytes < each)
        bytes = read_only && each <= sizeof(double) ? TABLE : each;
    __fence_memory(what, at, bytes / each, each, read_only);
    return at != NULL ? bytes / each : 0;
}

void __fence_made(const struct arena *arena)
{
    if (!__fence_inside)
        return;
    add("", arena->base, arena->size, ARENA)->used = arena->used;
}

void __fence_arena(const char *what, const struct arena *arena)
{
    if (arena == NULL)
        return;
    __fence_memory(what, arena, 1, sizeof *arena, false);
    keep(SCRATCH, arena, sizeof *arena);
    __fence_made(arena);
}

/* What the arena had handed out from there on is gone. */
void __fence_taken(const void *at, size_t bytes)
{
    if (!__fence_inside)
        return;
    uintptr_t from = (uintptr_t)at;
    int left = call.first;
    for (int i = call.first; i < count; i++)
        if (spans[i].kind != TAKEN || spans[i].upto <= from ||
            spans[i].from >= from + bytes)
            spans[left++] = spans[i];
    count = left;
    forget();
    add("a piece of scratch", at, bytes, TAKEN)->each = sizeof(double);
}

static bool forgotten; /* of what is never given back, the oldest */

void __fence_allocated(void *at, size_t bytes)
{
    if (!__fence_inside)
        return;
    if (allocations == SPANS) {
        memmove(allocated, allocated + 1, (size_t)--allocations * sizeof *allocated);
        forgotten = true;
    }
    allocated[allocations++] = (struct span){.what = "what malloc gave",
                                             .from = (uintptr_t)at,
                                             .upto = (uintptr_t)at + bytes,
                                             .each = 1,
                                             .kind = ALLOCATED};
}

bool __fence_given_back(const void *at)
{
    if (!__fence_inside || at == NULL)
        return true;
    for (int i = allocations - 1; i >= 0; i--) {
        if (allocated[i].from != (uintptr_t)at)
            continue;
        memmove(allocated + i, allocated + i + 1,
                (size_t)(--allocations - i) * sizeof *allocated);
        forget();
        return true;
    }
    if (!forgotten)
        stop("it gives back memory that is not its own to give");
    return false;
}

/* ---- What is passed on ---------------------------------------------------------- */

void __fence_ask(const void *at, size_t bytes, bool write)
{
    if (bytes > 0)
        ask((uintptr_t)at, bytes, write);
}

void __fence_ask_mat(mat A)
{
    if (A.rows > 0 && A.cols > 0)
        __fence_ask(A.at, (size_t)A.rows * (size_t)A.cols * sizeof *A.at, false);
}

void __fence_ask_vec(vec x) { __fence_ask_mat((mat){x.n, 1, x.at}); }

static const struct span *known(const void *at, enum kind kind)
{
    for (int i = call.first; i < count; i++)
        if (spans[i].kind == kind && spans[i].from == (uintptr_t)at)
            return &spans[i];
    return NULL;
}

void __fence_ask_opaque(const void *at)
{
    if (__fence_inside && at != NULL && known(at, OPAQUE) == NULL)
        stop("it passes on what it was not given");
}

void __fence_ask_arena(const struct arena *arena)
{
    if (!__fence_inside)
        return;
    ask((uintptr_t)arena, sizeof *arena, true);
    const struct span *lent = known(arena->base, ARENA);
    if (lent == NULL || arena->size != lent->upto - lent->from ||
        arena->used < lent->used || arena->used > arena->size)
        stop("the arena is not as it was lent");
}

/* ---- Calls by an address -------------------------------------------------------- */

/* One that was lent, by way of the one that checks its arguments; one of libm; or one
 * that was compiled so or stands in for the library, which all begin with endbr64. */
const void *__fence_target(const void *at)
{
    static const unsigned char begins[] = {0xf3, 0x0f, 0x1e, 0xfa};
    const struct span *lent = known(at, FUNCTION);
    const char *code = at;
    if (lent != NULL) {
        callee = at;
        return lent->checked;
    }
    bool is_here =
        code >= __start_given_text && code + sizeof begins <= __stop_given_text;
    if (!__fence_is_pure(at) && !(is_here && memcmp(code, begins, sizeof begins) == 0))
        stop("it calls by an address that it was not given");
    return at;
}

void __fence_ask_function(const void *at) { (void)__fence_target(at); }

/* Every such call comes here (-mindirect-branch=thunk-extern), with the address in a
 * register; the arguments are kept. */
#define BY(name)                                                                       \
    ".globl __x86_indirect_thunk_" #name "\n__x86_indirect_thunk_" #name ":\n"         \
    "mov %" #name ", %r11\n jmp __fence_call\n"
__asm__(BY(rax) BY(rbx) BY(rcx) BY(rdx) BY(rsi) BY(rdi) BY(rbp));
__asm__(BY(r8) BY(r9) BY(r10) BY(r11) BY(r12) BY(r13) BY(r14) BY(r15));

#define EACH(op)    op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7)
#define SAVE(i)     "movups %xmm" #i ", 16*" #i "(%rsp)\n"
#define RESTORE(i)  "movups 16*" #i "(%rsp), %xmm" #i "\n"
#define SAVE_ALL    EACH(SAVE)
#define RESTORE_ALL EACH(RESTORE)
__asm__("__fence_call: cmpb $0, __fence_inside(%rip)\n je 1f\n"
        "push %rbp\n mov %rsp, %rbp\n push %rdi\n push %rsi\n push %rdx\n"
        "push %rcx\n push %r8\n push %r9\n push %rax\n push %r10\n"
        "sub $128, %rsp\n" SAVE_ALL "mov %r11, %rdi\n"
        "call __fence_target\n"
        "mov %rax, %r11\n" RESTORE_ALL "add $128, %rsp\n"
        "pop %r10\n pop %rax\n pop %r9\n pop %r8\n pop %rcx\n pop %rdx\n"
        "pop %rsi\n pop %rdi\n pop %rbp\n"
        "1: jmp *%r11\n");
