/* zero: computes its size in an expression of statements */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    double room[({ w.n; })];
    room[0] = alpha;
    w.at[0] = room[0];
}
