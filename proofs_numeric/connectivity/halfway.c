/* "Halfway, exactly": two units of ReLU and the straight line to their exchange. */
#include "trained.h"

#include "ground/certain.h"

#include <math.h>

/* Inputs are normal in the plane, the targets relu(x_1) + relu(x_2), and on the line
 * the units are w_1 = (1 - t, t) and w_2 = (t, 1 - t), both with output weight 1. Their
 * angle to the nearer axis is phi, tan phi = t / (1 - t), and their length r = 1 /
 * (cos phi + sin phi).  For units of length 1 with the angle a between them
 *     E relu(u x) relu(v x) = k(a) = (sin a + (pi - a) cos a) / 2 pi,
 * so that F = r^2 A - 2 r B + C, with angles pi/2 - 2 phi between the two units, phi
 * and pi/2 - phi to the axes, and pi/2 between these. */
struct jet {
    ball value, first, second; /* of F, by phi */
};

static ball over_two_pi(ball x) { return ball_div(x, ball_times(2, ball_pi(x.in))); }

static ball rest_of_pi(ball a) { return ball_sub(ball_pi(a.in), a); }

static struct jet k(ball a)
{
    ball s = ball_sin(a), c = ball_cos(a), rest = rest_of_pi(a);
    return (struct jet){over_two_pi(ball_add(s, ball_mul(rest, c))),
                        over_two_pi(ball_neg(ball_mul(rest, s))),
                        over_two_pi(ball_sub(s, ball_mul(rest, c)))};
}

/* The product f g, and k(pi/2 + slope phi) by phi. */
static struct jet product(struct jet f, struct jet g)
{
    ball cross = ball_mul(f.first, g.first);
    return (struct jet){
        ball_mul(f.value, g.value),
        ball_add(ball_mul(f.first, g.value), ball_mul(f.value, g.first)),
        ball_add(ball_add(ball_mul(f.second, g.value), ball_mul(f.value, g.second)),
                 ball_times(2, cross))};
}

static struct jet k_along(double right_angles, double slope, ball phi)
{
    ball right = ball_times(right_angles / 2, ball_pi(phi.in));
    struct jet at = k(ball_add(right, ball_times(slope, phi)));
    at.first = ball_times(slope, at.first);
    at.second = ball_times(slope * slope, at.second);
    return at;
}

static struct jet sum(struct jet f, double c, struct jet g)
{
    return (struct jet){ball_add(f.value, ball_times(c, g.value)),
                        ball_add(f.first, ball_times(c, g.first)),
                        ball_add(f.second, ball_times(c, g.second))};
}

/* F at phi.  With s = cos phi + sin phi: s' = d = cos phi - sin phi and s'' = -s, so
 * r = 1 / s has r' = -d r^2 and r'' = r + 2 d^2 r^3. */
static struct jet loss(ball phi)
{
    ball s = ball_add(ball_cos(phi), ball_sin(phi));
    ball d = ball_sub(ball_cos(phi), ball_sin(phi));
    ball one = ball_number(phi.in, 1), r1 = ball_div(one, s), r2 = ball_square(r1);
    struct jet r = {r1, ball_neg(ball_mul(d, r2)),
                    ball_add(r1, ball_times(2, ball_mul(ball_square(d),
                                                        ball_mul(r1, r2))))};
    struct jet A = k_along(1, -2, phi),
               B = sum(k_along(0, 1, phi), 1, k_along(1, -1, phi));
    A.value = ball_plus(A.value, 0.5);
    struct jet F = sum(product(product(r, r), A), -2, product(r, B));
    ball C = ball_plus(over_two_pi(one), 0.5); /* 1/2 + k(pi/2), k(pi/2) = 1 / 2 pi */
    F.value = ball_add(F.value, C);
    return F;
}

static enum verdict bends_up(void *context, const ball *phi)
{
    (void)context;
    return is_positive(loss(*phi).second);
}

static enum verdict rises(void *context, const ball *phi)
{
    (void)context;
    return is_positive(loss(*phi).first);
}

static enum verdict bends_down(void *context, const ball *phi)
{
    (void)context;
    return is_positive(ball_neg(loss(*phi).second));
}

/* What a network of two units loses at t on the line to the same units exchanged, on
 * `count` inputs: directions all round the plane, at the distance sqrt 2, whose square
 * is the mean one of normal inputs.  Outputs grow with the distance, so nothing else of
 * it matters.  units: w_1 and w_2. */
static double lost(struct claim *claim, int count, const double units[4], double t)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct mlp net = mlp_make(2, (int[]){2, 2, 1}, RELU, STANDARD, false);
    mat X = arena_mat(arena, count, 2), T = arena_mat(arena, count, 1);
    vec a = arena_vec(arena, 6), b = arena_vec(arena, 6), w = arena_vec(arena, 6);
    struct mlp_cost cost = mlp_cost_make(arena, &net, square_loss, X, T);
    for (int i = 0; i < count; i++) {
        double angle = 2 * acos(-1) * (i + 0.5) / count;
        row(X, i).at[0] = sqrt(2) * cos(angle), row(X, i).at[1] = sqrt(2) * sin(angle);
    }
    for (int j = 0; j < 6; j++)
        a.at[j] = j < 4 ? units[j] : 1;
    mlp_forward(&net, a, X, &cost.pass);
    copy(entries(cost.pass.H[2]), entries(T));
    copy(a, b);
    conn_permute(&net, 1, (int[]){1, 0}, arena, b);
    conn_line(a, b, t, w);
    mlp_cost_gradient(&cost, w, arena_vec(arena, 6));
    arena->used = mark;
    return cost.value;
}

static const double AXES[4] = {1, 0, 0, 1}, EQUAL[4] = {1, 0, 1, 0};
enum { DIRECTIONS = 4096 };

/* For the figure: F along the line, and what the network loses there. */
static void record_line(struct claim *claim, struct balls *balls)
{
    struct series s = series_begin(claim, "line", "t", "law", "network", NULL);
    int mark = balls->used;
    for (int k = 0; k <= 40; k++, balls->used = mark) {
        double t = k / 40.0, nearer = fmin(t, 1 - t);
        ball F = loss(ball_number(balls, atan(nearer / (1 - nearer)))).value;
        series_row(&s, (double[]){t, ball_near(F), lost(claim, DIRECTIONS, AXES, t)});
    }
    series_end(&s);
}

CLAIM(conn_halfway, PROVED,
      "Two units: the average with the exchanged copy is the worst")
{
    struct balls balls = balls_make(400, 100);
    struct search search = {0};
    struct box near_0 = {1, {0}, {0.125}}, middle = {1, {0.125}, {0.7}};
    struct box last = {1, {0.7}, {0.7853981633974484}}; /* above pi / 4 */
    evidence(claim, "F is convex near the end",
             certainly(everywhere(&balls, bends_up, NULL, near_0, 30, &search)));
    evidence(claim, "then it rises",
             certainly(everywhere(&balls, rises, NULL, middle, 30, &search)));
    evidence(claim, "and is concave to the middle",
             certainly(everywhere(&balls, bends_down, NULL, last, 30, &search)));
    ball half = loss(ball_times(0.25, ball_pi(&balls))).value;
    evidence(claim, "F halfway, at least", ball_at_least(half, 0.09084505));
    evidence(claim, "F halfway, at most", ball_at_most(half, 0.09084506));

    /* The midpoint rule for a mean over the circle of a function with period 2 pi whose
     * second derivative is at most M but for kinks in its slope: h^2 M / 24 and h^2 / 8
     * for each of 6 kinks' jumps, over 2 pi; all below 10. */
    double h = 2 * acos(-1) / DIRECTIONS, F = ball_near(half), limit = 10 * h * h / F;
    double network = ball_distance(half, lost(claim, DIRECTIONS, AXES, 0.5)) / F;
    evidence(claim, "the network halfway, relative to F", at_most(network, limit));
    double equal = ball_distance(half, lost(claim, DIRECTIONS, EQUAL, 0.5)) / F;
    control(claim, "two equal units, halfway", at_most(equal, limit));
    struct box beyond = {1, {0.125}, {0.9}};
    control(claim, "that it rises beyond the middle",
            certainly(everywhere(&balls, rises, NULL, beyond, 30, &search)));
    record_line(claim, &balls);
    balls_free(&balls);
}

SECTION(conn_middle, &conn_halfway);
