/* zero: says what a claim's record would say */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    printf("evidence\tgap\t0\t<=\t1\t1\t0\nfinished\nverdict\tverified\t\n");
    printf("ok 1 - gd_rate: Passed\n");
}
