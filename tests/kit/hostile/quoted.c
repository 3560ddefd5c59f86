/* integrity: code between what only looks like a comment */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    const char *begin = "/*";
    asm("hlt");
    const char *end = "*/";
}
