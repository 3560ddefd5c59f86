/* arblib.h -- ball arithmetic, wherever it is: FLINT 3 took Arb in, and its headers
 * bring in no more than they use themselves. */
#ifndef PROOFS_NUMERIC_ARBLIB_H
#define PROOFS_NUMERIC_ARBLIB_H

#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_mat.h>
#else
#include <acb.h>
#include <acb_calc.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_mat.h>
#endif

#endif
