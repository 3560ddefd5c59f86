/* integrity: hides a line behind other blanks */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    /* */ #include "/etc/passwd"
}
