/* Chapter "When training is lazy": its claims, section by section.
 *
 * The networks are small, and started at random.  Lazy training is a statement about
 * limits, so most claims measure the power of alpha, of lambda or of the width with
 * which something vanishes; where nothing rounds, they ask for the very same numbers.
 */
#include "ground/claim.h"

extern section lazy_two_objectives, lazy_one_step, lazy_the_scale, lazy_large_starts,
    lazy_width_at_last, lazy_other_gradients, lazy_wide_network;

CHAPTER_OF(lazy_training, lazy_two_objectives, lazy_one_step, lazy_the_scale,
           lazy_large_starts, lazy_width_at_last, lazy_other_gradients,
           lazy_wide_network)
