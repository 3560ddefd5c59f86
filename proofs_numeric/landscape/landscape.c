/* Chapter "Why local minima are good, and when they are not": its claims, section by
 * section. */
#include "ground/claim.h"

extern section land_linear, land_deeper, land_near_identity, land_bad_minima;
extern section land_more_neurons, land_kinks, land_wide, land_pictures;

CHAPTER_OF(landscape, land_linear, land_deeper, land_near_identity, land_bad_minima,
           land_more_neurons, land_kinks, land_wide, land_pictures)
