/* A chapter of claims that must fail, each in a way of its own: tests/test_check.sh
 * runs them and knows what the ledger must say of each.  Those before "Arguments that
 * do not hold" are sound, as far as one run can tell. */
#include "ground/claim.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* What a sound claim puts forward. */
static void argue(struct claim *claim)
{
    evidence(claim, "one is at most two", at_most(1, 2));
    control(claim, "three is at most two", at_most(3, 2));
}

CLAIM(faulty_good, IDENTITY, "Nothing is wrong with this one")
{
    struct series series = series_begin(claim, "numbers", "k", "drawn", NULL);
    for (int k = 0; k < 2; k++) {
        struct rng rng = claim_rng(claim, (uint64_t)k);
        double drawn = rng_uniform(&rng);
        series_row(&series, (double[]){k, drawn});
        evidence(claim, "a number below a thousand", at_most(drawn, 1000));
    }
    series_end(&series);
    argue(claim);
}

CLAIM(faulty_lavish, STATISTIC, "It alone spends the book's budget for false alarms")
{
    argue(claim);
    for (int i = 0; i < 901; i++)
        evidence(claim, "no more than chance", estimate_is(0, 1, 0));
}

LONG_CLAIM(faulty_long, IDENTITY, "Nothing is wrong with this one, but it takes long")
{
    struct rng rng = claim_rng(claim, 0);
    evidence(claim, "a number below a thousand", at_most(rng_uniform(&rng), 1000));
    argue(claim);
}

/* ---- What only a soak tells ------------------------------------------------------ */

/* A normal number, another for each k. */
static double normal(const struct claim *claim, uint64_t k)
{
    real drawn;
    struct rng rng = claim_rng(claim, k);
    rng_normals(&rng, 0, 1, (vec){1, &drawn});
    return drawn;
}

CLAIM(faulty_soak_honest, STATISTIC, "Its findings follow the laws that they predict")
{
    struct rng rng = claim_rng(claim, 9);
    int hits[2] = {0, 0};
    double sample[] = {normal(claim, 1), normal(claim, 2), normal(claim, 3)};
    for (int i = 0; i < 200; i++)
        hits[i < 2] += rng_uniform(&rng) < 0.3;
    argue(claim);
    evidence(claim, "a normal number", estimate_is(normal(claim, 0), 1, 0));
    evidence(claim, "198 trials", count_fits(hits[0], 198, 0.3));
    evidence(claim, "2 trials", count_fits(hits[1], 2, 0.3));
    evidence(claim, "a mean of three", mean_is(3, sample, 0));
    evidence(claim, "off, as it says", slopes_near(3, sample, 1.5, 1.5, 1e99));
    control(claim, "far off", estimate_is(normal(claim, 0) + 40, 1, 0));
}

CLAIM(faulty_soak_off, STATISTIC, "Its mean is one standard error off")
{
    argue(claim);
    evidence(claim, "a shifted number", estimate_is(normal(claim, 0) + 1, 1, 0));
}

CLAIM(faulty_soak_narrow, STATISTIC, "Its standard error is too small")
{
    argue(claim);
    evidence(claim, "a number on either side",
             estimate_is(copysign(2.5, normal(claim, 0)), 1, 0));
}

CLAIM(faulty_soak_wide, STATISTIC, "Its standard error is too large")
{
    argue(claim);
    evidence(claim, "a small number", estimate_is(normal(claim, 0) / 9, 1, 0));
    evidence(claim, "which is off", estimate_is((normal(claim, 0) + 1) / 9, 1, 0));
}

/* ---- Arguments that do not hold -------------------------------------------------- */

CLAIM(faulty_no_evidence, IDENTITY, "It has a control and no evidence")
{
    control(claim, "three is at most two", at_most(3, 2));
}

CLAIM(faulty_no_control, IDENTITY, "It has evidence and no control")
{
    evidence(claim, "one is at most two", at_most(1, 2));
}

CLAIM(faulty_control_holds, IDENTITY, "Its check accepts what it should reject")
{
    argue(claim);
    control(claim, "a control that holds", at_most(1, 2));
}

CLAIM(faulty_control_nan, IDENTITY, "Its control measured nothing")
{
    argue(claim);
    control(claim, "a control that is NaN", at_most(NAN, 2));
}

CLAIM(faulty_control_wide, RATE, "Its control is rejected for want of precision")
{
    static const double noisy[] = {0, 1, 2};
    argue(claim);
    evidence(claim, "an exact slope", slope_is((struct fit){2, 0, 1}, 2, 0.1, 1));
    control(claim, "a noisy slope", slopes_are(3, noisy, 1, 0.5));
}

CLAIM(faulty_control_unproven, PHENOMENON, "Its control is only unproven")
{
    static const double large[] = {1, 1, 1}, noisy[] = {0, 0.1, 0.2};
    argue(claim);
    evidence(claim, "a large effect", effect_at_least(3, large, 0.5));
    control(claim, "an effect that may be small", effect_at_least(3, noisy, 0.5));
}

CLAIM(faulty_evidence_unproven, PHENOMENON, "Its evidence is only likely")
{
    static const double noisy[] = {1, 1.1, 1.2};
    argue(claim);
    evidence(claim, "an effect that may be large", effect_at_least(3, noisy, 0.5));
}

CLAIM(faulty_control_repeats, IDENTITY, "Its control is its evidence, and no world")
{
    evidence(claim, "a half is at most one", at_most(0.5, 1));
    control(claim, "a half is at most a third", at_most(0.5, 1. / 3));
}

CLAIM(faulty_evidence_fails, IDENTITY, "Its evidence does not hold")
{
    argue(claim);
    evidence(claim, "evidence that fails", at_most(3, 2));
}

CLAIM(faulty_evidence_nan, IDENTITY, "Its evidence measured nothing")
{
    argue(claim);
    evidence(claim, "evidence that is NaN", at_most(NAN, 2));
}

CLAIM(faulty_bound, BOUND, "Its bound may be far off")
{
    argue(claim);
}
CLAIM(faulty_rate, RATE, "It fits no rate")
{
    argue(claim);
}
CLAIM(faulty_statistic, STATISTIC, "It draws no sample")
{
    argue(claim);
}
CLAIM(faulty_phenomenon, PHENOMENON, "It draws no sample either")
{
    argue(claim);
}

CLAIM(faulty_what, IDENTITY, "It talks too long")
{
    evidence(claim, "a phrase that is longer than the column is wide", at_most(1, 2));
}

/* ---- Arguments that do not end --------------------------------------------------- */

CLAIM(faulty_crash, IDENTITY, "It crashes")
{
    argue(claim);
    raise(SIGSEGV);
}

CLAIM(faulty_stop, IDENTITY, "It makes a mistake that REQUIRE catches")
{
    argue(claim);
    student_limit(0);
}

CLAIM(faulty_babble, IDENTITY, "Its last words are not text")
{
    argue(claim);
    fputs("\xff\xfe\t\"\\\n", stderr);
    abort();
}

CLAIM(faulty_loop, IDENTITY, "It does not end")
{
    argue(claim);
    for (volatile int forever = 1; forever;)
        ;
}

CLAIM(faulty_sleep, IDENTITY, "It does not end, and does nothing")
{
    argue(claim);
    for (;;)
        pause();
}

CLAIM(faulty_deaf, IDENTITY, "It ignores a signal by which a run is ended, if told to")
{
    struct sigaction now;
    int ignored = 0;
    for (int i = 0; i < 3; i++) {
        sigaction((int[]){SIGHUP, SIGINT, SIGTERM}[i], NULL, &now);
        ignored += now.sa_handler == SIG_IGN;
    }
    evidence(claim, "signals that are ignored", at_most(ignored, 0));
    control(claim, "one of them", at_most(1, 0));
}

CLAIM(faulty_exit, IDENTITY, "It leaves before it argues")
{
    exit(claim == NULL);
}

CLAIM(faulty_exit_now, IDENTITY, "It leaves at once, before it argues")
{
    _exit(claim == NULL);
}

CLAIM(faulty_exit_after, IDENTITY, "It argues, and leaves before its end")
{
    argue(claim);
    exit(EXIT_SUCCESS);
}

CLAIM(faulty_exit_failing, IDENTITY, "It argues, and leaves as one that failed")
{
    argue(claim);
    exit(3);
}

/* chapters/faulty.md, which tests/test_check.sh writes, has no div for this one. */
CLAIM(faulty_no_div, IDENTITY, "The chapter does not show it")
{
    argue(claim);
}

CHAPTER(faulty, &faulty_good, &faulty_lavish, &faulty_long, &faulty_soak_honest,
        &faulty_soak_off, &faulty_soak_narrow, &faulty_soak_wide, &faulty_no_evidence,
        &faulty_no_control, &faulty_control_holds, &faulty_control_nan,
        &faulty_control_wide, &faulty_control_unproven, &faulty_evidence_unproven,
        &faulty_control_repeats, &faulty_evidence_fails, &faulty_evidence_nan,
        &faulty_bound, &faulty_rate, &faulty_statistic, &faulty_phenomenon,
        &faulty_what, &faulty_crash, &faulty_stop, &faulty_babble, &faulty_loop,
        &faulty_sleep, &faulty_deaf, &faulty_exit, &faulty_exit_now, &faulty_exit_after,
        &faulty_exit_failing, &faulty_no_div)
