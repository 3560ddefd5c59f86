/* The claims of the chapter on the separator that descent finds. */
#include "ground/claim.h"

extern section mar_separators, mar_smooth_margins;

CHAPTER_OF(margin, mar_separators, mar_smooth_margins)
