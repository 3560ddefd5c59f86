/* Chapter "Which minimum it finds": its claims, section by section. */
#include "ground/claim.h"

extern section sp_minima, sp_ends, sp_projections, sp_inverses;
extern section sp_penalties, sp_paths, sp_shrinking, sp_metrics;

CHAPTER_OF(stationary_point, sp_minima, sp_ends, sp_projections, sp_inverses,
           sp_penalties, sp_paths, sp_shrinking, sp_metrics)
