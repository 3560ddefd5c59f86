/* Chapter "A rate for each weight": its claims, section by section. */
#include "ground/claim.h"

extern section ada_sums, ada_regrets, ada_averages, ada_steps, ada_failures;
extern section ada_valleys, ada_minimizers, ada_networks;

CHAPTER_OF(adaptive, ada_sums, ada_regrets, ada_averages, ada_steps, ada_failures,
           ada_valleys, ada_minimizers, ada_networks)
