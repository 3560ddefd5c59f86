/* integrity: reads the environment */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    w.at[0] = getenv("TEMP") != NULL;
}
