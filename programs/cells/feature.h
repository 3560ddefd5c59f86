/* feature.h -- the cells of the chapter "Lazy or not": proofs_numeric/feature_learning/
 * cell.h, with its numbers in a row. */
#ifndef PROGRAMS_FEATURE_H
#define PROGRAMS_FEATURE_H

#include "cells/grid.h"

extern const struct cell_kind feature_cells;

#endif
