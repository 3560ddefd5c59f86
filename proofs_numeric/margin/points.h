/* points.h -- what the claims of the margin have in common: planted points, and how
 * vectors differ. */
#ifndef PROOFS_MARGIN_POINTS_H
#define PROOFS_MARGIN_POINTS_H

#include "ground/claim.h"
#include "ground/planted.h"

/* Twenty points in three dimensions of margin .3, unless a claim says otherwise. */
enum { N = 20, D = 3 };
#define GAMMA 0.3

/* The planted world of that stream, whose shares spread by `spread`. */
struct planted planted_points(struct claim *claim, int replicate, double spread);

/* ||x - y||, and the angle between x and y in radians, small ones too. */
double apart(vec x, vec y);
double angle(vec x, vec y);

#endif
