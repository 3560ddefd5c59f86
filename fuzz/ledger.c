/* ledger.c -- the ledger of the last run, from which this one takes over the long
 * claims that it left out: what it takes over can be written and counted. */
#include "ledger.h"
#include "runner.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (setjmp(refused))
        return 0;
    static const struct catalogue all = {
        .claims = 2,
        .claim = {{.name = "gd_rate", .stem = "gradient_descent", .chosen = true},
                  {.name = "gd_long", .stem = "gradient_descent", .is_long = true}}};
    put_file("ledger.json", bytes, size);
    json_t *last = read_ledger(".");
    json_t *claims = json_pack("[{s:s, s:s}]", "id", "gd_rate", "verdict", "verified");
    complete_claims(claims, &all, last, 1);
    struct tally tally = count_claims(claims);
    MUST(tally.passed + tally.failed == (int)json_array_size(claims));
    write_json(claims, "merged.json");
    json_decref(claims);
    json_decref(last);
    return 0;
}
