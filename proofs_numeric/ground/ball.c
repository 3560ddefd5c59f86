#include "ground/ball.h"

#include "ground/arena.h"

#include <math.h>

struct balls balls_make(int count, int bits)
{
    REQUIRE(count > 0 && bits > 1, "there are no %d balls of %d bits", count, bits);
    return (struct balls){.at = _arb_vec_init(count), .count = count, .bits = bits};
}

void balls_free(struct balls *balls)
{
    _arb_vec_clear(balls->at, balls->count);
    *balls = (struct balls){0};
}

static ball next(struct balls *in)
{
    REQUIRE(in->used < in->count, "all %d balls are in use", in->count);
    return (ball){in, in->at + in->used++};
}

ball ball_number(struct balls *in, double value)
{
    ball x = next(in);
    arb_set_d(x.at, value);
    return x;
}

ball ball_between(struct balls *in, double low, double high)
{
    REQUIRE(isfinite(low) && isfinite(high) && low <= high,
            "no interval goes from %g to %g", low, high);
    ball x = ball_number(in, low), end = ball_number(in, high);
    ball_join(x, end);
    in->used--; /* end */
    return x;
}

ball ball_ratio(struct balls *in, int p, int q)
{
    REQUIRE(q > 0, "%d / %d is no ratio", p, q);
    ball x = next(in);
    arb_set_si(x.at, p);
    arb_div_si(x.at, x.at, q, in->bits);
    return x;
}

ball ball_decimal(struct balls *in, const char *decimal)
{
    ball x = next(in);
    REQUIRE(arb_set_str(x.at, decimal, in->bits) == 0, "\"%s\" is no decimal", decimal);
    return x;
}

ball ball_pi(struct balls *in)
{
    ball x = next(in);
    arb_const_pi(x.at, in->bits);
    return x;
}

/* What Arb makes of one ball, and of two. */
static ball by(void (*f)(arb_ptr, arb_srcptr, slong), ball x)
{
    ball z = next(x.in);
    f(z.at, x.at, x.in->bits);
    return z;
}

static ball by_both(void (*f)(arb_ptr, arb_srcptr, arb_srcptr, slong), ball x, ball y)
{
    ball z = next(x.in);
    f(z.at, x.at, y.at, x.in->bits);
    return z;
}

ball ball_add(ball x, ball y) { return by_both(arb_add, x, y); }
ball ball_sub(ball x, ball y) { return by_both(arb_sub, x, y); }
ball ball_mul(ball x, ball y) { return by_both(arb_mul, x, y); }
ball ball_div(ball x, ball y) { return by_both(arb_div, x, y); }
ball ball_sqrt(ball x) { return by(arb_sqrt, x); }
ball ball_exp(ball x) { return by(arb_exp, x); }
ball ball_expm1(ball x) { return by(arb_expm1, x); }
ball ball_log(ball x) { return by(arb_log, x); }
ball ball_tanh(ball x) { return by(arb_tanh, x); }
ball ball_sin(ball x) { return by(arb_sin, x); }
ball ball_cos(ball x) { return by(arb_cos, x); }
ball ball_acos(ball x) { return by(arb_acos, x); }
ball ball_atan(ball x) { return by(arb_atan, x); }

ball ball_plus(ball x, double c) { return ball_add(x, ball_number(x.in, c)); }

ball ball_times(double c, ball x) { return ball_mul(ball_number(x.in, c), x); }

ball ball_neg(ball x)
{
    ball z = next(x.in);
    arb_neg(z.at, x.at);
    return z;
}

ball ball_abs(ball x)
{
    ball z = next(x.in);
    arb_abs(z.at, x.at); /* which leaves [-1, 3] as it is */
    arb_nonnegative_part(z.at, z.at);
    return z;
}

ball ball_square(ball x)
{
    ball z = ball_mul(x, x);
    arb_nonnegative_part(z.at, z.at);
    return z;
}

ball ball_power(ball x, int n)
{
    REQUIRE(n >= 0, "a power of %d", n);
    ball z = next(x.in);
    arb_pow_ui(z.at, x.at, n, x.in->bits);
    if (n % 2 == 0)
        arb_nonnegative_part(z.at, z.at);
    return z;
}

ball ball_polynomial(int degree, const int *c, ball x)
{
    ball sum = ball_number(x.in, 0);
    for (int i = 0; i <= degree; i++) {
        arb_mul(sum.at, sum.at, x.at, x.in->bits);
        arb_add_si(sum.at, sum.at, c[i], x.in->bits);
    }
    return sum;
}

/* A radius has 30 bits, so that thousands of joins for nothing would be seen. */
void ball_join(ball x, ball y)
{
    if (!arb_contains(x.at, y.at))
        arb_union(x.at, x.at, y.at, x.in->bits);
}

ball ball_middle(ball x)
{
    ball z = next(x.in);
    arb_get_mid_arb(z.at, x.at);
    return z;
}

double ball_near(ball x) { return arf_get_d(arb_midref(x.at), ARF_RND_NEAR); }

ball ball_integral(struct balls *in, acb_calc_func_t f, void *context, double a,
                   double b, int accuracy)
{
    ball x = next(in);
    acb_t from, to, sum;
    mag_t tolerance;
    acb_init(from), acb_init(to), acb_init(sum), mag_init(tolerance);
    acb_set_d(from, a), acb_set_d(to, b);
    mag_set_ui_2exp_si(tolerance, 1, -accuracy);
    acb_calc_integrate(sum, f, context, from, to, accuracy, tolerance, NULL, in->bits);
    arb_set(x.at, acb_realref(sum));
    acb_clear(from), acb_clear(to), acb_clear(sum), mag_clear(tolerance);
    return x;
}

double ball_low(ball x)
{
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, x.at, x.in->bits);
    double low = arf_get_d(end, ARF_RND_FLOOR);
    arf_clear(end);
    return low;
}

double ball_high(ball x)
{
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, x.at, x.in->bits);
    double high = arf_get_d(end, ARF_RND_CEIL);
    arf_clear(end);
    return high;
}

double ball_distance(ball x, double value)
{
    return worst(0, worst(ball_low(x) - value, value - ball_high(x)));
}

/* What a ball is known for, when its worst number was compared, and its best one. */
static struct finding decided(ball x, struct finding of_worst, struct finding of_best)
{
    struct finding finding = of_best.fails ? of_best : of_worst;
    finding.fails = of_best.fails;
    finding.low = ball_low(x), finding.high = ball_high(x);
    if (!finding.holds && !finding.fails)
        finding.margin = NAN;
    return finding;
}

struct finding ball_at_least(ball x, double limit)
{
    return decided(x, at_least(ball_low(x), limit), at_least(ball_high(x), limit));
}

struct finding ball_at_most(ball x, double limit)
{
    return decided(x, at_most(ball_high(x), limit), at_most(ball_low(x), limit));
}
