/* integrity: a name in two halves */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void _ex\
it(int status);
    _ex\
it(0);
}
