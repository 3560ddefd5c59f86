/* zero: changes the question instead of the answer */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    fill(0, q.b);
    fill(0, (vec){q.A.rows * q.A.cols, q.A.at});
}
