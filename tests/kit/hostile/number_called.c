/* zero: calls a number */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void (*call)(double *) = (void (*)(double *))(unsigned long)(1e9 * alpha);
    call(w.at);
}
