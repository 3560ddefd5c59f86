/* record.c -- what a claim wrote of itself: whatever it is, it becomes an entry of the
 * ledger that can be shown and written, and is not verified without saying so. */
#define _GNU_SOURCE /* memmem */
#include "record.h"
#include "report.h"
#include "runner.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (setjmp(refused))
        return 0;
    mkdir("records", 0777);
    mkdir("records/chapter", 0777);
    put_file("records/chapter/claim.tsv", bytes, size);
    json_t *claim = read_claim(".", "chapter", "claim");
    json_t *claims = json_pack("[O]", claim);
    char *text = json_dumps(claims, 0);
    MUST(text != NULL);
    MUST(!is_verified(claim) || memmem(bytes, size, "verdict\tverified", 16) != NULL);
    report_chapter("chapter", claims, true);
    report_chapter("chapter", claims, false);
    report_table(claims);
    free(text);
    json_decref(claims);
    json_decref(claim);
    return 0;
}
