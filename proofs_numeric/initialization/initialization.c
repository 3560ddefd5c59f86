/* Chapter "Keeping signals alive": its claims, in a file for each section. */
#include "ground/claim.h"

extern section init_one_sum, init_hundred_sums, init_three_schemes, init_rectified,
    init_back, init_mean_not_network, init_training, init_randomness;

CHAPTER_OF(initialization, init_one_sum, init_hundred_sums, init_three_schemes,
           init_rectified, init_back, init_mean_not_network, init_training,
           init_randomness)
