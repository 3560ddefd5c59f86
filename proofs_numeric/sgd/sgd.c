/* Chapter "One example at a time": its claims, section by section. */
#include "ground/claim.h"

extern section sgd_on_average, sgd_expectations, sgd_clouds, sgd_scalings, sgd_times,
    sgd_rates, sgd_explosions, sgd_saddles, sgd_preferences;

CHAPTER_OF(sgd, sgd_on_average, sgd_expectations, sgd_clouds, sgd_scalings, sgd_times,
           sgd_rates, sgd_explosions, sgd_saddles, sgd_preferences)
