#include "landscape/students.h"

#include <math.h>

/* ---- In doubles ------------------------------------------------------------------ */

struct student student_make(struct arena *arena, int neurons, int k)
{
    struct student x = {arena_mat(arena, neurons, k), arena_mat(arena, k, k),
                        arena_mat(arena, neurons, k), arena};
    for (int i = 0; i < k; i++)
        row(x.V, i).at[i] = 1;
    for (int i = 0; i < k && neurons == k; i++)
        for (int j = 0; j < k; j++)
            row(x.W, i).at[j] = i < k - 1   ? (j < k - 1 ? i == j : 1.7 / (k - 1))
                                : j < k - 1 ? 0.6 / sqrt(k - 1)
                                            : -0.3;
    return x;
}

/* All k - 1 neurons do as the first one does, on an axis of their own. */
static void keep_symmetric(mat W)
{
    int k = W.rows;
    for (int i = 0; i < k - 1; i++) {
        for (int j = 0; j < k - 1; j++)
            row(W, i).at[j] = W.at[i != j];
        row(W, i).at[k - 1] = W.at[k - 1];
        row(W, k - 1).at[i] = row(W, k - 1).at[0];
    }
}

/* One step with momentum; returns the loss before it, and the length of its gradient.
 */
static double stride(struct student *x, struct momentum *rule, double *length)
{
    double loss = land_teacher_loss(x->W, x->V, x->arena, x->dW);
    *length = norm(entries(x->dW));
    momentum_step(rule, 0.6, entries(x->dW), entries(x->W));
    return loss;
}

double student_settle(struct student *x)
{
    size_t mark = x->arena->used;
    struct momentum rule = momentum_make(x->arena, x->W.rows * x->W.cols, 0.9);
    double loss = NAN, length = INFINITY;
    for (int step = 0; step < 2000 && length > 1e-13; step++) {
        loss = stride(x, &rule, &length);
        keep_symmetric(x->W);
    }
    x->arena->used = mark;
    return loss;
}

double student_descend(struct student *x, double small, double low, int steps)
{
    size_t mark = x->arena->used;
    struct momentum rule = momentum_make(x->arena, x->W.rows * x->W.cols, 0.9);
    double loss = INFINITY, length = INFINITY;
    for (int step = 0; step < steps && length > small && loss > low; step++)
        loss = stride(x, &rule, &length);
    x->arena->used = mark;
    return loss;
}

void student_gradient(void *student, vec w, vec grad)
{
    struct student *x = student;
    int neurons = x->W.rows, k = x->W.cols;
    land_teacher_loss((mat){neurons, k, w.at}, x->V, x->arena,
                      (mat){neurons, k, grad.at});
}

/* ---- In balls -------------------------------------------------------------------- */

/* Two neurons w and v as unit vectors, with their lengths and pi less their angle. */
struct couple {
    int k;
    ball w[STUDENT_INPUTS], v[STUDENT_INPUTS];
    ball w_long, v_long, cosine, sine, turn;
};

static ball length_of(int k, const ball *x)
{
    ball sum = ball_number(x->in, 0);
    for (int l = 0; l < k; l++)
        sum = ball_add(sum, ball_square(x[l]));
    return ball_sqrt(sum);
}

static struct couple couple_make(int k, const ball *w, const ball *v)
{
    struct couple c = {.k = k, .w_long = length_of(k, w), .v_long = length_of(k, v)};
    c.cosine = ball_number(w->in, 0);
    for (int l = 0; l < k; l++) {
        c.w[l] = ball_div(w[l], c.w_long);
        c.v[l] = ball_div(v[l], c.v_long);
        c.cosine = ball_add(c.cosine, ball_mul(c.w[l], c.v[l]));
    }
    c.sine = ball_sqrt(ball_plus(ball_neg(ball_square(c.cosine)), 1));
    c.turn = ball_sub(ball_pi(w->in), ball_acos(c.cosine));
    return c;
}

/* sum := sum + sign x / 2 pi. */
static void add_to(ball sum, int sign, ball x)
{
    ball over = ball_div(x, ball_times(2, ball_pi(x.in)));
    arb_set(sum.at, (sign > 0 ? ball_add(sum, over) : ball_sub(sum, over)).at);
}

/* 2 pi E relu(w.x) relu(v.x). */
static ball pair_value(const struct couple *c)
{
    ball of_angle = ball_add(c->sine, ball_mul(c->turn, c->cosine));
    return ball_mul(ball_mul(c->w_long, c->v_long), of_angle);
}

/* Its derivative with respect to w_l. */
static ball pair_slope(const struct couple *c, int l)
{
    ball along = ball_mul(c->sine, c->w[l]);
    return ball_mul(c->v_long, ball_add(along, ball_mul(c->turn, c->v[l])));
}

/* The second one with respect to w_l and w_m: |v|/|w| times
 *     sin (I - w w') + r r' / sin,   r = cos w - v,   of unit vectors. */
static ball pair_bend(const struct couple *c, int l, int m)
{
    ball r_l = ball_sub(ball_mul(c->cosine, c->w[l]), c->v[l]);
    ball r_m = ball_sub(ball_mul(c->cosine, c->w[m]), c->v[m]);
    ball across = ball_plus(ball_neg(ball_mul(c->w[l], c->w[m])), l == m);
    ball sum =
        ball_add(ball_mul(c->sine, across), ball_div(ball_mul(r_l, r_m), c->sine));
    return ball_div(ball_mul(c->v_long, sum), c->w_long);
}

/* And with respect to w_l and v_m: with s = w + v,
 *     (pi - theta) I + (s s' - (1 + cos)(w w' + v v')) / sin. */
static ball pair_twist(const struct couple *c, int l, int m)
{
    ball s_l = ball_add(c->w[l], c->v[l]), s_m = ball_add(c->w[m], c->v[m]);
    ball both = ball_add(ball_mul(c->w[l], c->w[m]), ball_mul(c->v[l], c->v[m]));
    ball less = ball_mul(ball_plus(c->cosine, 1), both);
    ball sum = ball_div(ball_sub(ball_mul(s_l, s_m), less), c->sine);
    return l == m ? ball_add(sum, c->turn) : sum;
}

/* Adds one pair to neuron i's gradient and second derivatives; j: the other neuron, or
 * -1 for a teacher. */
static void add_couple(const struct couple *c, int n, int i, int j, ball *gradient,
                       ball *second)
{
    struct balls *in = c->sine.in;
    int k = c->k, sign = j < 0 ? -1 : 1, mark = in->used;
    for (int l = 0; l < k; l++, in->used = mark)
        add_to(gradient[i * k + l], sign, pair_slope(c, l));
    for (int l = 0; l < k && second != NULL; l++)
        for (int m = 0; m < k; m++, in->used = mark) {
            add_to(second[(i * k + l) * n + i * k + m], sign, pair_bend(c, l, m));
            if (j >= 0)
                add_to(second[(i * k + l) * n + j * k + m], 1, pair_twist(c, l, m));
        }
}

/* The teacher's neuron j: a unit vector. */
static void axis(struct balls *in, int k, int j, ball *v)
{
    for (int l = 0; l < k; l++)
        v[l] = ball_number(in, l == j);
}

void student_map(void *shape, const ball *x, ball *gradient, ball *second)
{
    struct balls *in = x->in;
    int neurons = ((int *)shape)[0], k = ((int *)shape)[1], n = neurons * k;
    for (int l = 0; l < n; l++) /* the pairs (w_i, w_i) contribute |w_i|^2 / 4 */
        gradient[l] = ball_times(0.5, x[l]);
    for (int l = 0; l < n * n && second != NULL; l++)
        second[l] = ball_number(in, l % (n + 1) == 0 ? 0.5 : 0);
    int mark = in->used;
    ball v[STUDENT_INPUTS];
    for (int i = 0; i < neurons; i++) {
        for (int j = 0; j < neurons; j++, in->used = mark)
            if (j != i) {
                struct couple c = couple_make(k, x + i * k, x + j * k);
                add_couple(&c, n, i, j, gradient, second);
            }
        for (int j = 0; j < k; j++, in->used = mark) {
            axis(in, k, j, v);
            struct couple c = couple_make(k, x + i * k, v);
            add_couple(&c, n, i, -1, gradient, second);
        }
    }
}

/* The pairs of the teacher add k / 4 + k (k - 1) / 4 pi. */
ball student_loss(const int *shape, const ball *x)
{
    struct balls *in = x->in;
    int neurons = shape[0], k = shape[1];
    ball sum = ball_div(ball_number(in, k * (k - 1) / 4.0), ball_pi(in));
    sum = ball_plus(sum, k / 4.0);
    int mark = in->used;
    ball v[STUDENT_INPUTS];
    for (int i = 0; i < neurons; i++) {
        for (int j = 0; j < i; j++, in->used = mark) {
            struct couple c = couple_make(k, x + i * k, x + j * k);
            add_to(sum, 1, pair_value(&c));
        }
        for (int j = 0; j < k; j++, in->used = mark) {
            axis(in, k, j, v);
            struct couple c = couple_make(k, x + i * k, v);
            add_to(sum, -1, pair_value(&c));
        }
        ball square = ball_square(length_of(k, x + i * k));
        arb_set(sum.at, ball_add(sum, ball_times(0.25, square)).at);
        in->used = mark;
    }
    return sum;
}

void student_box(struct balls *in, mat W, double shift, double radius, ball *x)
{
    for (int l = 0; l < W.rows * W.cols; l++) {
        double at = W.at[l] + shift;
        x[l] = ball_between(in, at - radius, at + radius);
    }
}
