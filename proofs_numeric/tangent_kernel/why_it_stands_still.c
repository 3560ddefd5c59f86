#include "tangent_kernel/ntk_widths.h"

#include <math.h>

/* How far the next term bends a slope from m = 64 to 1024.  What is measured is a power
 * of m times 1 + c / sqrt(m) + ..., as every mean over units is: of its logarithm this
 * adds log10((1 + c/8) / (1 + c/32)) over 1.2 decades, which is below BIAS for c <= 5.
 */
static const double BIAS = 1.0 / 8;

static struct sample s;

CLAIM(ntk_weights_rest, RATE, "A wide network's weights move by the same distance")
{
    enum { R = 24 };
    collect(claim, relu_wide, R, &s);
    evidence(claim, "exponent of ||w - w_0||",
             slopes_near(R, slopes(&s, MOVED), 0, BIAS, 0.25));
    evidence(claim, "exponent of its share of ||w_0||",
             slopes_near(R, slopes(&s, WEIGHTS), -0.5, BIAS, 0.25));
    collect(claim, relu_mean_field, R, &s);
    control(claim, "share, mean field scaling",
            slopes_near(R, slopes(&s, WEIGHTS), -0.5, BIAS, 0.25));
}

/* With ReLU, the units that are flipped add a random sum of the order m^-3/4: if it is
 * as large at m = 64 as all that random signs leave, then of squares it is at most a
 * half, and bends the slope by log10(2) / 2 / 1.2 = BIAS at most. */
CLAIM(ntk_kernel_rests, RATE, "The wider the network, the less its kernel changes")
{
    enum { R = REPLICATES, LAST = WIDTHS - 1 };
    double log_ratio[R], neighbour = 0.5;
    struct experiment positive = {.first = 64, .size = 1, .activation = RELU};
    struct experiment random = positive;
    positive.positive = true;
    collect(claim, positive, R, &s);
    record(claim, "rest_positive", &s, KERNEL, -0.5);
    evidence(claim, "exponent, ReLU, equal signs",
             slopes_near(R, slopes(&s, KERNEL), -0.5, BIAS, neighbour));
    for (int r = 0; r < R; r++)
        log_ratio[r] = log2(s.of[r][LAST][KERNEL]);
    collect(claim, random, R, &s);
    record(claim, "rest_random", &s, KERNEL, -0.5);
    for (int r = 0; r < R; r++)
        log_ratio[r] -= log2(s.of[r][LAST][KERNEL]);
    evidence(claim, "log2 of equal over random, m = 1024",
             effect_at_least(R, log_ratio, 0));
    collect(claim, tanh_wide, R, &s);
    record(claim, "rest_smooth", &s, KERNEL, -1);
    evidence(claim, "exponent, tanh",
             slopes_near(R, slopes(&s, KERNEL), -1, BIAS, neighbour));
    collect(claim, relu_mean_field, R / 2, &s);
    record(claim, "rest_mean_field", &s, KERNEL, 0);
    evidence(claim, "exponent, ReLU, mean field scaling",
             slopes_near(R / 2, slopes(&s, KERNEL), 0, BIAS, neighbour));
    collect(claim, tanh_mean_field, R / 2, &s);
    control(claim, "exponent, tanh, mean field scaling",
            slopes_near(R / 2, slopes(&s, KERNEL), -1, BIAS, neighbour));
}

CLAIM(ntk_path, STATISTIC, "The wider the network, the nearer to its linear model")
{
    /* The bound on the path is of order 1 / sqrt(m), and of order 1 under mean field
     * scaling, if the targets are so large that the units turn.  Of ReLU only that it
     * falls.  The exponents deviate by 0.19 and 0.21 from 0.91 and 0.53: that is 16
     * standard errors from either limit, and Student's interval reaches 8. */
    enum { SMOOTH = 56, KINKED = 48, FEW = 32 };
    double bound = 0.5;
    struct experiment wide = tanh_wide, mean_field = tanh_mean_field;
    wide.size = mean_field.size = 0.4;
    collect(claim, wide, SMOOTH, &s);
    evidence(claim, "exponent of the fall, tanh",
             effect_at_least(SMOOTH, falls(&s, PATH), bound));
    collect(claim, relu_wide, KINKED, &s);
    evidence(claim, "exponent of the fall, ReLU",
             effect_at_least(KINKED, falls(&s, PATH), 0));
    collect(claim, mean_field, FEW, &s);
    control(claim, "the same, tanh, mean field scaling",
            effect_at_least(FEW, falls(&s, PATH), bound));
}

SECTION(ntk_stands_still, &ntk_weights_rest, &ntk_kernel_rests, &ntk_path);
