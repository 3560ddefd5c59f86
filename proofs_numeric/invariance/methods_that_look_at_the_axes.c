/* "Methods that look at the axes": what they notice, and what they do not. */
#include "twins.h"

#include "ground/certain.h"

#include <math.h>

CLAIM(inv_translation, IDENTITY,
      "Sign and coordinate descent, AdaGrad and Adam commute with translations")
{
    static const struct {
        enum method method;
        const char *what, *turned;
    } methods[] = {{SIGN, "sign descent, distance of runs",
                    "sign descent, turned by 30 degrees"},
                   {COORDINATE, "coordinate descent", "coordinate descent, turned"},
                   {ADAGRAD, "AdaGrad", "AdaGrad, turned"},
                   {ADAM, "Adam", "Adam, turned"}};
    struct twin x = build_twin(claim, identity(claim), somewhere(claim));
    struct twin turned = build_twin(claim, turn(claim, PI / 6), x.t);
    for (int i = 0; i < 4; i++) {
        enum method method = methods[i].method;
        evidence(claim, methods[i].what,
                 at_most(apart_as_usual(claim, &x, method),
                         drift_of_rounding(&x, method)));
        control(claim, methods[i].turned,
                at_most(apart_as_usual(claim, &turned, method),
                        drift_of_rounding(&turned, method)));
    }
}

CLAIM(inv_no_rotation, IDENTITY,
      "Sign descent, AdaGrad and Adam do not commute with rotations")
{
    /* In each plane the gradient points at 60 degrees, seen from the new axes at 30,
     * and all three go along the diagonal between their axes.  AdaGrad and Adam
     * divide the gradient by its own size, and epsilon = 0 keeps them from adding to
     * it. */
    struct twin x = build_twin(claim, turn(claim, PI / 6), somewhere(claim));
    double per_rate = 2 * sqrt(N) * (sqrt(6) - sqrt(2)) / 4;
    static const enum method methods[] = {SIGN, ADAGRAD, ADAM};
    static const char *const names[] = {"sign descent, distance less law", "AdaGrad",
                                        "Adam"};
    double limit = drift_of_rounding(&x, SIGN);
    for (int i = 0; i < 3; i++) {
        double gap = runs_apart(claim, &x, methods[i], 0, rate_of(methods[i]), 1);
        double law = per_rate * rate_of(methods[i]);
        evidence(claim, names[i], at_most(fabs(gap - law), limit));
    }
    struct twin quarter = build_twin(claim, turn(claim, PI / 2), x.t);
    control(claim, "sign descent, a quarter turn",
            at_most(fabs(runs_apart(claim, &quarter, SIGN, 0, rate_of(SIGN), 1) -
                         per_rate * rate_of(SIGN)),
                    limit));
    control(claim, "gradient descent, 30 degrees",
            at_most(fabs(runs_apart(claim, &x, DESCENT, 0, rate_of(DESCENT), 1) -
                         per_rate * rate_of(DESCENT)),
                    limit));
}

CLAIM(inv_signed_permutations, IDENTITY,
      "Sign descent, AdaGrad and Adam commute with signed permutations")
{
    struct twin x = build_twin(claim, signed_permutation(claim), somewhere(claim));
    struct twin flipped = build_twin(claim, sign_flips(claim), x.t);
    struct twin reversed = build_twin(claim, opposite_order(claim), x.t);
    struct twin turned = build_twin(claim, turn(claim, PI / 6), x.t);
    evidence(claim, "sign descent, distance of runs",
             at_most(apart_as_usual(claim, &x, SIGN), drift_of_rounding(&x, SIGN)));
    evidence(claim, "AdaGrad",
             at_most(apart_as_usual(claim, &x, ADAGRAD),
                     drift_of_rounding(&x, ADAGRAD)));
    evidence(claim, "Adam",
             at_most(apart_as_usual(claim, &x, ADAM), drift_of_rounding(&x, ADAM)));
    evidence(claim, "coordinate descent, signs only",
             at_most(apart_as_usual(claim, &flipped, COORDINATE),
                     drift_of_rounding(&flipped, COORDINATE)));
    control(claim, "coordinate descent, backwards",
            at_most(apart_as_usual(claim, &reversed, COORDINATE),
                    drift_of_rounding(&reversed, COORDINATE)));
    control(claim, "Adam, turned by 30 degrees",
            at_most(apart_as_usual(claim, &turned, ADAM),
                    drift_of_rounding(&turned, ADAM)));
}

/* The same cost in another currency: J~ = by * J. */
static struct twin build_scaled(struct claim *claim, double by)
{
    struct twin x = build_twin(claim, identity(claim), nowhere(claim));
    copy(x.w_0, x.w_0_moved);
    copy(entries(x.k.q.A), entries(x.moved.A));
    copy(x.k.q.b, x.moved.b);
    scale(by, entries(x.moved.A));
    scale(by, x.moved.b);
    return x;
}

CLAIM(inv_cost_scale, IDENTITY,
      "With epsilon = 0 AdaGrad and Adam do not notice the scale of the cost")
{
    struct twin x = build_scaled(claim, 1024), odd = build_scaled(claim, 1000);
    static const enum method methods[] = {ADAGRAD, ADAM, SIGN, COORDINATE};
    static const char *const names[][2] = {
        {"AdaGrad, 1024 J, exactly", "AdaGrad, 1000 J"},
        {"Adam, 1024 J, exactly", "Adam, 1000 J"},
        {"sign descent, 1024 J, exactly", "sign descent, 1000 J"},
        {"coordinate descent, 1024 J", "coordinate descent, 1000 J"}};
    for (int i = 0; i < 4; i++) {
        double alpha = rate_of(methods[i]);
        evidence(claim, names[i][0],
                 at_most(runs_apart(claim, &x, methods[i], 0, alpha, STEPS), 0));
        evidence(claim, names[i][1],
                 at_most(runs_apart(claim, &odd, methods[i], 0, alpha, STEPS),
                         drift_of_rounding(&odd, methods[i])));
    }
    for (int i = 0; i < 2; i++)
        control(claim, i == 0 ? "AdaGrad, epsilon = 0.1" : "Adam, epsilon = 0.1",
                at_most(runs_apart(claim, &odd, methods[i], 0.1, rate_of(methods[i]),
                                   STEPS),
                        drift_of_rounding(&odd, methods[i])));
    /* Each step multiplies an error by some thousand: eight do not leave the range. */
    control(claim, "gradient descent, 8 steps",
            at_most(runs_apart(claim, &odd, DESCENT, 0, 1, 8),
                    drift_of_rounding(&odd, DESCENT)));
}

/* ---- Every angle -------------------------------------------------------------------
 */

/* Turned by phi, which is what is x, in degrees: between the step from the turned
 * gradient and the turned step there is to be this distance, in units of alpha. */
struct turning {
    bool by_sign;
    double distance;
};

static ball degrees(ball x)
{
    return ball_mul(x, ball_div(ball_pi(x.in), ball_number(x.in, 180)));
}

/* The sign of x, or x; anything if x may be 0. */
static ball entry_of_step(const struct turning *turning, ball x)
{
    if (!turning->by_sign)
        return x;
    if (arb_is_positive(x.at) || arb_is_negative(x.at))
        return ball_number(x.in, arb_is_positive(x.at) ? 1 : -1);
    return ball_between(x.in, -1, 1);
}

/* Looks at one gradient.  Beyond 45 degrees it turns from (90 - phi) / 2 to
 * (90 + phi) / 2 and stays in its quadrant; otherwise it crosses the axis, from
 * 90 - phi / 2 to 90 + phi / 2. */
static enum verdict tells_apart(void *context, const ball *phi)
{
    const struct turning *turning = context;
    struct balls *in = phi->in;
    double near = ball_near(phi[0]);
    double at = near > 45 ? (90 - near) / 2 : 90 - near / 2;
    ball c = ball_cos(degrees(phi[0])), s = ball_sin(degrees(phi[0]));
    ball g = degrees(ball_number(in, at)), x = ball_cos(g), y = ball_sin(g);
    ball turned_x = ball_sub(ball_mul(c, x), ball_mul(s, y));
    ball turned_y = ball_add(ball_mul(s, x), ball_mul(c, y));
    ball step_x = entry_of_step(turning, x), step_y = entry_of_step(turning, y);
    ball dx = ball_sub(entry_of_step(turning, turned_x),
                       ball_sub(ball_mul(c, step_x), ball_mul(s, step_y)));
    ball dy = ball_sub(entry_of_step(turning, turned_y),
                       ball_add(ball_mul(s, step_x), ball_mul(c, step_y)));
    ball square = ball_add(ball_square(dx), ball_square(dy));
    return is_less(ball_square(ball_number(in, turning->distance)), square);
}

static struct finding at_all_angles(struct balls *in, struct turning turning,
                                    double from, double to)
{
    struct box box = {.n = 1, .low = {from}, .high = {to}};
    struct search search = {0};
    return certainly(everywhere(in, tells_apart, &turning, box, 40, &search));
}

CLAIM(inv_every_angle, PROVED,
      "Whatever the angle, some gradient's first step is off by 1.08 alpha")
{
    struct turning signs = {true, 1.08}, descent = {false, 1.08};
    struct balls balls = balls_make(200, 64);
    evidence(claim, "sign descent, 1 to 89 degrees",
             at_all_angles(&balls, signs, 1, 89));
    control(claim, "gradient descent", at_all_angles(&balls, descent, 1, 89));
    signs.distance = 1.09;
    control(claim, "off by 1.09 alpha", at_all_angles(&balls, signs, 1, 89));
    balls_free(&balls);
}

SECTION(inv_axes, &inv_translation, &inv_signed_permutations, &inv_cost_scale,
        &inv_no_rotation, &inv_every_angle);
