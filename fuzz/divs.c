/* divs.c -- any table in place of what the chapters' divs say: a claim gets its
 * sentence from it, or fails. */
#include "chapters.h"
#include "record.h"
#include "runner.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (setjmp(refused))
        return 0;
    json_t *claims = json_pack("[{s:s, s:s, s:s}]", "id", "gd_rate", "chapter",
                               "gradient_descent", "verdict", "verified");
    put_file("divs.tsv", bytes, size);
    read_divs(claims, ".");
    const json_t *claim = json_array_get(claims, 0);
    MUST(!is_verified(claim) || json_is_array(json_object_get(claim, "lectures")));
    MUST(is_verified(claim) == (text_of(claim, "statement")[0] != '\0'));
    char *text = json_dumps(claims, 0);
    MUST(text != NULL);
    free(text);
    json_decref(claims);
    return 0;
}
