/* zero: a carriage return, after which the solution is included */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    //#include <gradient_descent.c>
    gd_step(q, alpha, w, grad);
}
