/* STEM.h -- REPLACE: what this chapter's code is about, in one or two lines.
 *
 * REPLACE: the formula that all of it turns around, and the slides.  [CSC2541-1/1] */
#ifndef REF_STEM_H
#define REF_STEM_H

#include "ground/dense.h"

void PREFIX_step(double alpha, vec x);

#endif
