/* sort.h -- numbers in ascending order. */
#ifndef REF_SORT_H
#define REF_SORT_H

#include "ground/dense.h"

void ascend(vec x, struct arena *scratch);

#endif
