/* zero: has a function within a function, for a trampoline */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    void inner(int i) { w.at[i] = alpha; }
    void (*call)(int) = inner;
    call(0);
}
