/* zero: has ref/ write where it was lent nothing */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    vec beyond = {1 << 20, w.at};
    fill(0, beyond);
}
