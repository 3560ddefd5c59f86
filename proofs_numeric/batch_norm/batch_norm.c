/* Chapter "What batch normalization does": its claims, section by section. */
#include "ground/claim.h"

extern section bn_the_layer, bn_without_the_batch, bn_weights_without_a_length,
    bn_what_it_was_meant_for, bn_is_the_landscape_smoother, bn_gamma_and_beta_alone;

CHAPTER_OF(batch_norm, bn_the_layer, bn_without_the_batch, bn_weights_without_a_length,
           bn_what_it_was_meant_for, bn_is_the_landscape_smoother,
           bn_gamma_and_beta_alone)
