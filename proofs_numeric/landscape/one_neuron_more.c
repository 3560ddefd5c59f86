/* "One neuron more": what splitting does to a bad minimum, and what it does not. */
#include "landscape/curvatures.h"
#include "landscape/students.h"

#include "ground/route_lapack.h"

#include <math.h>

enum { K = 6, BALLS = 12000, BITS = 128 };

/* ---- Every split leads down ------------------------------------------------------ */

static ball inner(const ball *x, const ball *y)
{
    ball sum = ball_number(x->in, 0);
    for (int l = 0; l < K; l++)
        sum = ball_add(sum, ball_mul(x[l], y[l]));
    return sum;
}

/* S := S + sign |u| (I - ww'/|w|^2 + uu'/|u|^2), u the part of v that is across w. */
static void add_across(int sign, const ball *w, const ball *v, ball *S)
{
    struct balls *in = w->in;
    int mark = in->used;
    ball u[K], ww = inner(w, w), share = ball_div(inner(w, v), ww);
    for (int l = 0; l < K; l++)
        u[l] = ball_sub(v[l], ball_mul(share, w[l]));
    ball length = ball_sqrt(inner(u, u));
    int start = in->used;
    for (int l = 0; l < K; l++)
        for (int m = 0; m < K; m++, in->used = start) {
            ball flat = ball_div(ball_mul(w[l], w[m]), ww);
            flat = ball_mul(length, ball_plus(ball_neg(flat), l == m));
            ball part = ball_add(flat, ball_div(ball_mul(u[l], u[m]), length));
            arb_set(S[l * K + m].at, ball_add(S[l * K + m], ball_times(sign, part)).at);
        }
    in->used = mark;
}

/* S := -pi |w_i| times the splitting matrix of neuron i, plus w_i w_i': along w_i the
 * two halves only share what there is, and nothing happens. */
static void negated_splitting(const ball *x, int i, ball *S)
{
    const ball *w = x + i * K;
    for (int l = 0; l < K * K; l++)
        S[l] = ball_mul(w[l / K], w[l % K]);
    int mark = x->in->used;
    for (int j = 0; j < K; j++, x->in->used = mark) {
        ball axis[K];
        for (int l = 0; l < K; l++)
            axis[l] = ball_number(x->in, l == j);
        add_across(1, w, axis, S);
        if (j != i)
            add_across(-1, w, x + j * K, S);
    }
}

/* The second derivative along (d, -d) / sqrt(2), d the lowest direction of ref/'s
 * splitting matrix, less d'Sd: by differences of the loss at the split network, whose
 * error |t|, |t|^2, ... Romberg's scheme takes out term by term. */
static double splitting_error(struct student *x, int i)
{
    enum { LEVELS = 7 };
    struct arena *arena = x->arena;
    struct student wider = student_make(arena, K + 1, K);
    mat S = arena_mat(arena, K, K), Q = arena_mat(arena, K, K);
    vec values = arena_vec(arena, K), d = arena_vec(arena, K);
    double at[LEVELS], t = 0.2;
    double here = land_teacher_loss(x->W, x->V, arena, x->dW);
    land_splitting(x->W, x->V, i, arena, S);
    route_eigen(S, values, Q);
    for (int l = 0; l < K; l++)
        d.at[l] = row(Q, l).at[0];
    for (int n = 0; n < LEVELS; n++, t /= 2) {
        land_split(x->W, i, wider.W);
        axpy(t / sqrt(2), d, row(wider.W, i));
        axpy(-t / sqrt(2), d, row(wider.W, K));
        double there = land_teacher_loss(wider.W, wider.V, arena, wider.dW);
        at[n] = 2 * (there - here) / (t * t);
        double power = 1;
        for (int m = n - 1; m >= 0; m--) {
            power *= 2;
            at[m] = at[m + 1] + (at[m + 1] - at[m]) / (power - 1);
        }
    }
    return fabs(at[0] - values.at[0]);
}

/* The largest d'Sd over unit vectors d across w_i: all eigenvalues of S but the 0 along
 * w_i itself. */
static double highest_across(struct student *x, int i)
{
    mat S = arena_mat(x->arena, K, K), Q = arena_mat(x->arena, K, K);
    vec values = arena_vec(x->arena, K);
    land_splitting(x->W, x->V, i, x->arena, S);
    ger(-10 / dot(row(x->W, i), row(x->W, i)), row(x->W, i), row(x->W, i), S);
    route_eigen(S, values, Q);
    return values.at[K - 1];
}

CLAIM(land_every_split, PROVED,
      "At the bad minimum of six, splitting any neuron opens a way down")
{
    if (needs_double(claim, "descent finds the middle of a box of 2^-30"))
        return;
    struct balls balls = balls_make(BALLS, BITS);
    struct student x = student_make(claim_arena(claim), K, K);
    int shape[] = {K, K};
    ball at[K * K], S[K * K];
    student_settle(&x);
    student_box(&balls, x.W, 0, 0x1p-30, at);
    evidence(claim, "one critical point in the box",
             certainly(krawczyk(student_map, shape, K * K, at)));
    /* The last step, 0.2 / 2^6, divides the rounding of 91 pairs of 6 inputs by its
     * square. */
    double limit = rounding(91 * K, 1) / pow(0.2 / 64, 2);
    for (int i = 0; i < K; i += K - 1) { /* the others are as the first */
        negated_splitting(at, i, S);
        evidence(claim, i == 0 ? "an ordinary neuron: all d'Sd < 0" : "the odd one",
                 certainly(positive_definite(S, K, 0.05)));
        evidence(claim, "in doubles, the largest",
                 at_most(highest_across(&x, i), -0.05));
        evidence(claim, "the least, less differences",
                 at_most(splitting_error(&x, i), limit));
    }
    copy(entries(x.V), entries(x.W));
    control(claim, "at the teacher, whose residual is 0",
            at_most(highest_across(&x, 0), -0.05));
    balls_free(&balls);
}

/* ---- Where it lands -------------------------------------------------------------- */

/* From the symmetric point of k neurons, one of which is split and moved apart by
 * little, so many steps down. */
static struct student land_from(struct claim *claim, int k, int i, int steps)
{
    struct arena *arena = claim_arena(claim);
    struct student x = student_make(arena, k, k), wider = student_make(arena, k + 1, k);
    mat S = arena_mat(arena, k, k), Q = arena_mat(arena, k, k);
    vec values = arena_vec(arena, k);
    student_settle(&x);
    land_splitting(x.W, x.V, i, arena, S);
    land_split(x.W, i, wider.W);
    route_eigen(S, values, Q);
    for (int l = 0; l < k; l++) {
        row(wider.W, i).at[l] += 0.01 * row(Q, l).at[0];
        row(wider.W, k).at[l] -= 0.01 * row(Q, l).at[0];
    }
    student_descend(&wider, 0, 0, steps);
    return wider;
}

static double loss_of(struct student *x)
{
    return land_teacher_loss(x->W, x->V, x->arena, x->dW);
}

static double least_curvature(struct student *x)
{
    int n = x->W.rows * x->W.cols;
    mat H = arena_mat(x->arena, n, n);
    curvatures(x->arena, student_gradient, x, entries(x->W), 1e-3, H);
    return spectrum_of(x->arena, H, 1e-6).least;
}

CLAIM(land_where_it_lands, BOUND,
      "One more neuron takes descent to the teacher, or to another bad minimum")
{
    /* Nine neurons and eight of the teacher have 17 * 9 pairs, of length 1 each: so
     * many terms has the loss, and an entry of its gradient fewer. */
    double limit = rounding(17 * 9, 1);
    for (int k = 6; k <= 8; k += 2) {
        struct student good = land_from(claim, k, 0, 250);
        evidence(claim, k == 6 ? "6, an ordinary neuron split: loss" : "8, the same",
                 at_most(loss_of(&good), 1e-8 + limit));
    }
    struct student six = land_from(claim, 6, 5, 250);
    evidence(claim, "6, the odd one split: loss", at_least(loss_of(&six), 0.01));
    evidence(claim, "its gradient", at_most(norm(entries(six.dW)), 1e-6 + limit));
    evidence(claim, "its least curvature: a saddle",
             at_most(least_curvature(&six), -0.003));
    struct student eight = land_from(claim, 8, 7, 400);
    evidence(claim, "8, the odd one split: loss", at_least(loss_of(&eight), 0.01));
    evidence(claim, "its gradient", at_most(norm(entries(eight.dW)), 1e-6 + limit));
    evidence(claim, "its least curvature: a minimum",
             at_least(least_curvature(&eight), 0.003));
    struct student alone = student_make(claim_arena(claim), 6, 6);
    student_settle(&alone);
    alone.W.at[0] += 0.01;
    student_descend(&alone, 0, 0, 250);
    control(claim, "6, none split: loss", at_most(loss_of(&alone), 1e-8 + limit));
}

SECTION(land_more_neurons, &land_every_split, &land_where_it_lands);
