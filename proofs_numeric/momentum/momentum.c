/* Chapter "Remembering the last step": its claims, section by section. */
#include "ground/claim.h"

extern section mom_model, mom_memory, mom_ahead, mom_best, mom_noisy, mom_nets;

CHAPTER_OF(momentum, mom_model, mom_memory, mom_ahead, mom_best, mom_noisy, mom_nets)
