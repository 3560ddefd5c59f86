/* integrity: a preprocessor line in disguise */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
??=include "ref/gradient_descent.c"
}
