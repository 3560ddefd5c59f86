/* integrity: spells asm by numbers */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    \u0061sm("nop");
}
