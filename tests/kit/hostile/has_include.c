/* integrity: asks what there is to include */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    w.at[0] = __has_include("gradient_descent.c");
}
