/* zero: writes into a literal */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    char *text = (char *)(unsigned long)"read only";
    text[w.n % 8] = 'x';
}
