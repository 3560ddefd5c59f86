/* The claims of the chapter on the separator that descent finds. */
#include "ground/claim.h"

extern section mar_separators, mar_smooth_margins, mar_where_it_goes, mar_homogeneous,
    mar_guarantees;

CHAPTER_OF(margin, mar_separators, mar_smooth_margins, mar_where_it_goes,
           mar_homogeneous, mar_guarantees)
