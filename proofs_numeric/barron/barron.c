/* Chapter "How many neurons a function needs": its claims, section by section. */
#include "ground/claim.h"

extern section bar_means, bar_prices, bar_random, bar_bases, bar_cells, bar_best;

CHAPTER_OF(barron, bar_means, bar_prices, bar_random, bar_bases, bar_cells, bar_best)
