/* zero: leaves what is beyond all limits */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    fill(HUGE_VAL, w);
    fill(-HUGE_VAL, grad);
}
