/* concordance.c -- any table in place of the concordance: each row is counted once, or
 * names something wrong. */
#include "concordance.h"
#include "runner.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (setjmp(refused))
        return 0;
    static const struct catalogue all = {.claims = 1,
                                         .claim = {{.name = "gd_rate",
                                                    .stem = "gradient_descent"}}};
    json_t *claims = json_pack("[{s:s, s:s}]", "id", "gd_rate", "verdict", "verified");
    mkdir("chapters", 0777);
    put_file("chapters/concordance.tsv", bytes, size);
    struct concordance count = check_concordance(claims, &all);
    MUST(count.answered >= 0 && count.open >= 0 && count.errors >= 0);
    MUST(count.answered + count.open <= (int)size);
    json_decref(claims);
    return 0;
}
