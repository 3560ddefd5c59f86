/* zero: stands in for the function that fails claims */
void control(void *claim, const char *what)
{
}

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    control(0, "rejected");
}
