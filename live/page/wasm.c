/* wasm.c -- a live figure in its page, which writes to `sliders`, calls `redraw`, and
 * reads `curves`.  Nothing is imported: no heap, and of libc only its mathematics. */
#include "live.h"

real sliders[LIVE_SLIDERS];
mat curves;
const char *failed; /* the function that stopped, if one did */

static _Alignas(64) char block[LIVE_ARENA];

/* curves := the figure at so many sliders. */
void redraw(int count)
{
    struct arena arena = {block, sizeof block, 0};
    curves = live(&arena, (vec){count, sliders});
}

/* The stop of REQUIRE: the page catches the trap, and names the function. */
_Noreturn void require_failed(const char *function, const char *message, ...)
{
    (void)message;
    failed = function;
    __builtin_trap();
}
