/* Chapter "What may be assumed without loss of generality": its claims, section by
 * section. */
#include "ground/claim.h"

extern section inv_maps, inv_orthogonality, inv_axes, inv_wlog, inv_couples;

CHAPTER_OF(invariance, inv_maps, inv_orthogonality, inv_axes, inv_wlog, inv_couples)
