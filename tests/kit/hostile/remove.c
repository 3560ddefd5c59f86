/* integrity: removes a file */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    w.at[0] = remove("records/gradient_descent/gd_rate.tsv");
}
