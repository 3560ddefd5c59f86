/* cvodes_any.h -- CVODES of SUNDIALS 5, 6 or 7, by the calls of 7: everything is made
 * in a context, which 5 did not know and which 7 asks for its MPI communicator. */
#ifndef PROOFS_NUMERIC_CVODES_ANY_H
#define PROOFS_NUMERIC_CVODES_ANY_H

#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#if SUNDIALS_VERSION_MAJOR < 7
#define SUN_COMM_NULL NULL
#endif

#if SUNDIALS_VERSION_MAJOR < 6
typedef void *SUNContext;
#define SUNContext_Create(communicator, context) (*(context) = (communicator), 0)
#define SUNContext_Free(context)                 ((void)(context))
#define N_VMake_Serial(n, at, context)           N_VMake_Serial(n, at)
#define SUNDenseMatrix(m, n, context)            SUNDenseMatrix(m, n)
#define SUNLinSol_Dense(y, J, context)           SUNLinSol_Dense(y, J)
#define CVodeCreate(method, context)             CVodeCreate(method)
#endif

#endif
