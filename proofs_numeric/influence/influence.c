/* Chapter "Weights that are forgotten, and examples that matter": its claims, section
 * by section. */
#include "ground/claim.h"

extern section inf_two, inf_any, inf_networks, inf_without_one, inf_little_by_little,
    inf_too_long;

CHAPTER_OF(influence, inf_two, inf_any, inf_networks, inf_without_one,
           inf_little_by_little, inf_too_long)
