/* zero: has qsort call what is no function */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    qsort(w.at, (size_t)w.n, sizeof(double),
          (int (*)(const void *, const void *))(unsigned long)0x5eed);
}
