/* integrity: has the solution's text compiled */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
#include "ref/gradient_descent.c"
}
