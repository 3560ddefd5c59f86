/* divs.c -- any chapter: its claims get what their divs say, or fail. */
#include "divs.h"
#include "record.h"
#include "runner.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (setjmp(refused))
        return 0;
    static const struct catalogue all = {.claims = 1,
                                         .claim = {{.name = "gd_rate",
                                                    .stem = "gradient_descent"}}};
    json_t *claims = json_pack("[{s:s, s:s, s:s}]", "id", "gd_rate", "chapter",
                               "gradient_descent", "verdict", "verified");
    mkdir("chapters", 0777);
    put_file("chapters/gradient_descent.md", bytes, size);
    read_divs(claims);
    const json_t *claim = json_array_get(claims, 0);
    MUST(!is_verified(claim) || json_is_array(json_object_get(claim, "lectures")));
    MUST(report_stray_divs(&all) >= 0);
    json_decref(claims);
    return 0;
}
