/* Chapter "Why features are normalized": its claims.
 *
 * Most of them make features whose mean and covariance are known exactly, because they
 * were built from them; hand the data to the lecture's preprocessing; and ask LAPACK
 * for the spectrum of what least squares makes of the result. */
#include "ground/claim.h"

extern section the_curvature_of_data, the_outlier, the_other_end, centring, units,
    whitening, is_it_a_good_idea, hidden_units;

CHAPTER_OF(conditioning, the_curvature_of_data, the_outlier, the_other_end, centring,
           units, whitening, is_it_a_good_idea, hidden_units)
