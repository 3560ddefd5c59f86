/* integrity: asks for a shell */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    w.at[0] = system("touch /tmp/full");
}
