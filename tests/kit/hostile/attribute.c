/* integrity: the same in the spelling of C23 */
static void win(void);

void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    [[gnu::destructor]] void win(void);
}
