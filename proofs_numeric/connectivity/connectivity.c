/* Chapter "How minima are connected": its claims, section by section. */
#include "ground/claim.h"

extern section conn_copies, conn_middle, conn_saddles, conn_scales, conn_flats;
extern section conn_ways, conn_matchings, conn_dropping, conn_resets;

CHAPTER_OF(connectivity, conn_copies, conn_middle, conn_saddles, conn_scales,
           conn_flats, conn_ways, conn_matchings, conn_dropping, conn_resets)
