/* integrity: declares what no header offers */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    int open(const char *, int, ...);
    w.at[0] = open("/etc/passwd", 0);
}
