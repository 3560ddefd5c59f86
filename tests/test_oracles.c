/* The contract of oracles.h.  What an answer is worth is for the claims; here each
 * function is held against its formula, or a case that can be done by hand, and every
 * mistake is made once. */
#include "ground/unit.h"
#include "oracles.h"

#include <float.h>
#include <math.h>

enum { MOST = 4 };

/* J = w'Aw/2 + b'w + 7 with A = [2 1; 1 3], b = (1, -1), at w = (1, 2): 15 there, with
 * gradient (5, 6). */
struct world {
    struct arena arena;
    struct asked_quadratic asked;
    struct oracle f, none;
    vec w, grad, other;
    int values, gradients;
};

static void world_make(struct world *x)
{
    *x = (struct world){.arena = arena_make(1 << 16)};
    struct quadratic q = quadratic_make(&x->arena, 2);
    q.A.at[0] = 2, q.A.at[1] = q.A.at[2] = 1, q.A.at[3] = 3;
    q.b.at[0] = 1, q.b.at[1] = -1, q.c = 7;
    x->asked = (struct asked_quadratic){q, arena_vec(&x->arena, 2)};
    x->f = or_quadratic(&x->asked);
    x->w = vec_of(&x->arena, 2, (double[]){1, 2});
    x->grad = arena_vec(&x->arena, 2);
    x->other = arena_vec(&x->arena, 2);
}

/* ---- Asking the cost ------------------------------------------------------------ */

START_TEST(a_quadratic_answers)
{
    struct world x;
    world_make(&x);
    ck_assert_double_eq(x.f.value(x.f.cost, x.w),
                        2 * 1 / 2.0 + 2 + 3 * 4 / 2.0 - 1 + 7);
    x.f.gradient(x.f.cost, x.w, x.grad);
    assert_entries(x.grad, (double[]){5, 6}, 0);
    fill(NAN, x.other);
    x.f.curvature(x.f.cost, x.w, x.grad, x.other);
    assert_entries(x.other, (double[]){16, 23}, 0);
    assert_entries(x.w, (double[]){1, 2}, 0);
    vec three = arena_vec(&x.arena, 3), four = arena_vec(&x.arena, 4);
    ck_assert_stops("w has 3 entries, v has 2",
                    x.f.curvature(x.f.cost, three, x.grad, four));
    ck_assert_stops("w has 3 entries, v has 2",
                    x.f.curvature(x.f.cost, three, x.grad, x.other));
    ck_assert_stops("gemv", x.f.curvature(x.f.cost, x.w, x.grad, three));
    arena_free(&x.arena);
}
END_TEST

/* A curvature that is not symmetric, and depends on where and what was asked. */
static void skew_curvature(void *cost, vec w, vec v, vec image)
{
    (void)cost;
    for (int i = 0; i < v.n; i++) {
        image.at[i] = 0;
        for (int j = 0; j < v.n; j++)
            image.at[i] += w.at[i] * (10 * i + j) * v.at[j];
    }
}

START_TEST(the_hessian_is_made_of_products)
{
    struct world x;
    world_make(&x);
    mat H = arena_mat(&x.arena, 2, 2), wide = arena_mat(&x.arena, 2, 3);
    mat tall = arena_mat(&x.arena, 3, 2);
    size_t used = x.arena.used;
    or_hessian(x.f, x.w, &x.arena, H);
    assert_entries(entries(H), (double[]){2, 1, 1, 3}, 0);
    x.f.curvature = skew_curvature;
    or_hessian(x.f, x.w, &x.arena, H); /* columns, written as rows */
    assert_entries(entries(H), (double[]){0, 20, 1, 22}, 0);
    ck_assert_uint_eq(x.arena.used, used);
    ck_assert_stops("2 x 3", or_hessian(x.f, x.w, &x.arena, wide));
    ck_assert_stops("3 x 2", or_hessian(x.f, x.w, &x.arena, tall));
    ck_assert_stops("does not tell its curvature",
                    or_hessian(x.none, x.w, &x.arena, H));
    arena_free(&x.arena);
}
END_TEST

/* 5 + sum of (i + 2) w_i + (i + 1) w_i^2 + w_i^3, which Taylor's formula ends for. */
static double complex cubic_complex(void *cost, int n, const double complex *w)
{
    double complex sum = 5;
    *(int *)cost += 1;
    for (int i = 0; i < n; i++)
        sum += w[i] * (i + 2 + w[i] * (i + 1 + w[i]));
    return sum;
}

static double cubic_value(void *cost, vec w)
{
    double complex z[MOST];
    for (int i = 0; i < w.n; i++)
        z[i] = w.at[i];
    return creal(cubic_complex(cost, w.n, z));
}

static void cubic_gradient(void *cost, vec w, vec grad)
{
    (void)cost;
    for (int i = 0; i < w.n; i++)
        grad.at[i] = i + 2 + w.at[i] * (2 * (i + 1) + 3 * w.at[i]);
}

static double cubic_slope(int i, double w) { return i + 2 + w * (2 * (i + 1) + 3 * w); }

/* With h a power of two and small integers, everything is exact. */
START_TEST(differences_leave_out_what_taylor_says)
{
    struct arena arena = arena_make(1 << 16);
    for (int n = 0; n <= MOST; n++) {
        int asked = 0;
        double h = 0.25;
        struct oracle f = {&asked, cubic_value, cubic_gradient, NULL};
        vec w = arena_vec(&arena, n), grad = arena_vec(&arena, n);
        for (int i = 0; i < n; i++)
            w.at[i] = 3 - i;
        or_gradient_forward(f, h, w, grad);
        ck_assert_int_eq(asked, n + 1);
        for (int i = 0; i < n; i++) {
            double x = 3 - i;
            ck_assert_double_eq(grad.at[i],
                                cubic_slope(i, x) + h * (i + 1 + 3 * x) + h * h);
            ck_assert_double_eq(w.at[i], x);
        }
        asked = 0;
        or_gradient_central(f, h, w, grad);
        ck_assert_int_eq(asked, 2 * n);
        for (int i = 0; i < n; i++) {
            ck_assert_double_eq(grad.at[i], cubic_slope(i, 3 - i) + h * h);
            ck_assert_double_eq(w.at[i], 3 - i);
        }
        asked = 0;
        size_t used = arena.used;
        or_gradient_complex((struct complex_oracle){&asked, cubic_complex}, h, w,
                            &arena, grad);
        ck_assert_int_eq(asked, n);
        ck_assert_uint_eq(arena.used, used);
        for (int i = 0; i < n; i++) {
            ck_assert_double_eq(grad.at[i], cubic_slope(i, 3 - i) - h * h);
            ck_assert_double_eq(w.at[i], 3 - i);
        }
    }
    arena_free(&arena);
}
END_TEST

/* Of 4 w, a difference is exact if what it divides by is the step that
 * was taken, however h was rounded when it was added. */
static double linear_value(void *cost, vec w)
{
    (void)cost;
    return 4 * w.at[0];
}

START_TEST(the_step_divided_by_is_the_one_taken)
{
    struct arena arena = arena_make(1 << 10);
    struct oracle f = {NULL, linear_value, NULL, NULL};
    vec w = arena_vec(&arena, 1), grad = arena_vec(&arena, 1);
    for (int i = 0; i < 20; i++) {
        w.at[0] = 1 << 20;
        or_gradient_forward(f, rounded(1e-9) * (1 + 0.037 * i), w, grad);
        ck_assert_double_eq(grad.at[0], 4);
        or_gradient_central(f, rounded(1e-9) * (1 + 0.037 * i), w, grad);
        ck_assert_double_eq(grad.at[0], 4);
        ck_assert_double_eq(w.at[0], 1 << 20);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(differences_of_gradients)
{
    struct arena arena = arena_make(1 << 10);
    struct oracle f = {NULL, NULL, cubic_gradient, NULL};
    vec w = vec_of(&arena, 2, (double[]){3, 2}),
        v = vec_of(&arena, 2, (double[]){1, -2});
    vec grad = arena_vec(&arena, 2), image = arena_vec(&arena, 2);
    double h = 0.25;
    cubic_gradient(NULL, w, grad);
    size_t used = arena.used;
    or_curvature_forward(f, h, w, grad, v, &arena, image);
    ck_assert_uint_eq(arena.used, used);
    /* (2 (i + 1) + 6 w) v + 3 h v^2 */
    assert_entries(image, (double[]){20 + 0.75, -32 + 3}, 0);
    assert_entries(w, (double[]){3, 2}, 0);
    assert_entries(v, (double[]){1, -2}, 0);
    f.gradient = NULL;
    ck_assert_stops("does not tell its gradient",
                    or_curvature_forward(f, h, w, grad, v, &arena, image));
    f.gradient = cubic_gradient;
    ck_assert_stops("h must be finite and positive, got 0",
                    or_curvature_forward(f, 0, w, grad, v, &arena, image));
    ck_assert_stops("got inf",
                    or_curvature_forward(f, INFINITY, w, grad, v, &arena, image));
    arena_free(&arena);
}
END_TEST

START_TEST(differences_refuse)
{
    struct world x;
    world_make(&x);
    struct rng rng = unit_rng("refuse");
    int asked = 0;
    struct complex_oracle z = {&asked, cubic_complex};
    vec three = arena_vec(&x.arena, 3);
    ck_assert_stops("does not tell its value",
                    or_gradient_forward(x.none, 1, x.w, x.grad));
    ck_assert_stops("does not tell its value",
                    or_gradient_central(x.none, 1, x.w, x.grad));
    ck_assert_stops("got -1", or_gradient_forward(x.f, -1, x.w, x.grad));
    ck_assert_stops("got 0", or_gradient_forward(x.f, 0, x.w, x.grad));
    ck_assert_stops("got nan", or_gradient_central(x.f, NAN, x.w, x.grad));
    ck_assert_stops("got inf", or_gradient_central(x.f, INFINITY, x.w, x.grad));
    ck_assert_stops("grad has 3", or_gradient_forward(x.f, 1, x.w, three));
    ck_assert_stops("grad has 3", or_gradient_central(x.f, 1, x.w, three));
    ck_assert_stops("got 0", or_gradient_complex(z, 0, x.w, &x.arena, x.grad));
    ck_assert_stops("got inf", or_gradient_complex(z, INFINITY, x.w, &x.arena, x.grad));
    ck_assert_stops("grad has 3", or_gradient_complex(z, 1, x.w, &x.arena, three));
    ck_assert_stops("does not tell its value",
                    or_gradient_one_point(x.none, 1, x.w, &rng, &x.arena, x.grad));
    ck_assert_stops("got 0",
                    or_gradient_one_point(x.f, 0, x.w, &rng, &x.arena, x.grad));
    ck_assert_stops("got 0",
                    or_gradient_two_point(x.f, 0, x.w, &rng, &x.arena, x.grad));
    ck_assert_stops("w has 2 entries, grad has 3",
                    or_gradient_one_point(x.f, 1, x.w, &rng, &x.arena, three));
    ck_assert_stops("w has 2 entries, grad has 3",
                    or_gradient_two_point(x.f, 1, x.w, &rng, &x.arena, three));
    arena_free(&x.arena);
}
END_TEST

/* A cost of 6 everywhere: an estimate is then 6 n / delta times a unit vector. */
static double six(void *cost, vec w)
{
    (void)w;
    ++*(int *)cost;
    return 6;
}

/* 1 + <(1, 2, 3), w>: the two-point estimate is n <g, u> u, whatever w and delta. */
static double affine(void *cost, vec w)
{
    ++*(int *)cost;
    return 1 + w.at[0] + 2 * w.at[1] + 3 * w.at[2];
}

START_TEST(estimates_from_one_value_or_two)
{
    struct arena arena = arena_make(1 << 12);
    struct rng rng = unit_rng("estimates");
    int asked = 0;
    struct oracle f = {&asked, six, NULL, NULL};
    vec w = vec_of(&arena, 3, (double[]){5, 6, 7}), one = arena_vec(&arena, 3);
    vec two = arena_vec(&arena, 3), slope = vec_of(&arena, 3, (double[]){1, 2, 3});
    size_t used = arena.used;
    for (int trial = 0; trial < 100; trial++) {
        f.value = six;
        asked = 0;
        struct rng again = rng;
        or_gradient_one_point(f, 0.5, w, &rng, &arena, one);
        ck_assert_int_eq(asked, 1);
        assert_near(norm(one), 6 * 3 / 0.5, 1e-13);
        or_gradient_two_point(f, 0.5, w, &rng, &arena, two);
        ck_assert_int_eq(asked, 3);
        assert_near(norm(two), 0, 0);
        f.value = affine; /* along the same direction */
        rng = again;
        or_gradient_two_point(f, 0.5, w, &again, &arena, two);
        scale(1 / norm(one), one); /* u */
        axpy(-3 * dot(slope, one), one, two);
        assert_near(norm(two), 0, 1e-12);
        or_gradient_one_point(f, 0.5, w, &rng, &arena, two);
        axpy(-6 * (39 + 0.5 * dot(slope, one)), one, two);
        assert_near(norm(two), 0, 1e-12);
        ck_assert_uint_eq(arena.used, used);
    }
    assert_entries(w, (double[]){5, 6, 7}, 0);
    arena_free(&arena);
}
END_TEST

/* ---- Asking the set ------------------------------------------------------------- */

START_TEST(dual_norms)
{
    struct arena arena = arena_make(1 << 10);
    vec g = vec_of(&arena, 2, (double[]){3, -4}), none = arena_vec(&arena, 0);
    ck_assert_double_eq(or_dual_norm(EUCLIDEAN, g), 5);
    ck_assert_double_eq(or_dual_norm(LARGEST, g), 7);
    ck_assert_double_eq(or_dual_norm(LARGEST, none), 0);
    arena_free(&arena);
}
END_TEST

START_TEST(projections)
{
    struct arena arena = arena_make(1 << 10);
    vec center = vec_of(&arena, 2, (double[]){1, -1});
    vec longer = vec_of(&arena, 3, (double[]){0, 0, 99}), w = {2, longer.at};
    struct region ball = {EUCLIDEAN, center, 2}, box = {LARGEST, center, 2};
    static const struct {
        double from[2], ball[2], box[2];
    } known[] = {
        {{1, -1}, {1, -1}, {1, -1}},        /* the centre                       */
        {{2, -2}, {2, -2}, {2, -2}},        /* inside                           */
        {{3, -1}, {3, -1}, {3, -1}},        /* on the boundary of both          */
        {{7, 7}, {2.2, 0.6}, {3, 1}},       /* (6, 8) out: 10 long              */
        {{-5, -9}, {-0.2, -2.6}, {-1, -3}}, /* (-6, -8): the other side         */
    };
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 2; j++)
            w.at[j] = known[i].from[j];
        or_region_project(ball, w);
        assert_entries(w, known[i].ball, 8 * DBL_EPSILON);
        for (int j = 0; j < 2; j++)
            w.at[j] = known[i].from[j];
        or_region_project(box, w);
        assert_entries(w, known[i].box, 0);
        ck_assert_double_eq(longer.at[2], 99); /* not w's */
    }
    ball.radius = box.radius = 0; /* a point */
    w.at[0] = 9;
    or_region_project(ball, w);
    assert_vec(w, center, 0);
    w.at[1] = 9;
    or_region_project(box, w);
    assert_vec(w, center, 0);
    ball.radius = -1;
    ck_assert_stops("must not be negative, got -1", or_region_project(ball, w));
    ball.radius = NAN;
    ck_assert_stops("got nan", or_region_gap(ball, w, w));
    ck_assert_stops("got nan", or_region_separator(&ball));
    arena_free(&arena);
}
END_TEST

/* Directions in every unit, of any dimension, and at the ends of the reals, where the
 * length of w itself would not fit. */
START_TEST(projections_in_any_unit)
{
    static const real units[] = {2000 * REAL_TRUE_MIN, 1e8 * REAL_MIN, TINY, 1, VAST,
                                 0.5 * REAL_MAX,       REAL_MAX};
    struct rng rng = unit_rng("oracles/projections");
    struct arena arena = arena_make(1 << 16);
    for (int k = 0; k < 140; k++) {
        arena.used = 0;
        int n = 1 + rng_below(&rng, k % 2 ? 4 : 300);
        double unit = units[k % 7], radius = unit / 4;
        vec sign = arena_vec(&arena, n), zero = arena_vec(&arena, n);
        vec w = arena_vec(&arena, n), v = arena_vec(&arena, n),
            u = arena_vec(&arena, n);
        for (int i = 0; i < n; i++)
            sign.at[i] = rng_below(&rng, 2) ? 1 : -1;
        axpy(unit, sign, w), axpy(unit, sign, v);
        or_trust_region_step(EUCLIDEAN, 1, w, u);
        or_region_project((struct region){EUCLIDEAN, zero, radius}, w);
        or_region_project((struct region){LARGEST, zero, radius}, v);
        for (int i = 0; i < n; i++) {
            double limit = 30 * n * REAL_EPSILON;
            assert_near(u.at[i] * sign.at[i], -1 / sqrt(n), limit);
            assert_near(w.at[i] / radius * sign.at[i], 1 / sqrt(n),
                        limit + REAL_TRUE_MIN / radius);
            ck_assert_double_eq(v.at[i] * sign.at[i], radius);
        }
    }
    arena_free(&arena);
}
END_TEST

/* A NaN shows, also where the set is a point; an infinity gives the face of a box, and
 * has no direction. */
START_TEST(what_is_not_finite_shows)
{
    struct rng rng = unit_rng("oracles/not finite");
    struct arena arena = arena_make(1 << 14);
    for (int k = 0; k < 60; k++) {
        arena.used = 0;
        int n = 1 + rng_below(&rng, 5), i = rng_below(&rng, n);
        vec w = arena_vec(&arena, n), g = arena_vec(&arena, n),
            zero = arena_vec(&arena, n);
        double odd = k % 3 ? k % 3 == 1 ? INFINITY : -INFINITY : NAN;
        struct region C = {k % 2 ? EUCLIDEAN : LARGEST, zero, k % 4 < 2};
        rng_normals(&rng, 0, 1, g);
        g.at[i] = odd;
        copy(g, w);
        or_region_project(C, w);
        if (C.measure == LARGEST && !isnan(odd))
            ck_assert_double_eq(w.at[i], copysign(C.radius, odd));
        else
            ck_assert(isnan(w.at[i]));
        fill(1, w);
        or_trust_region_step(C.measure, C.radius, g, w);
        if (C.measure == LARGEST && !isnan(odd))
            ck_assert_double_eq(w.at[i], 1 - copysign(C.radius, odd));
        else
            ck_assert(isnan(w.at[i]));
        ck_assert(!isfinite(or_dual_norm(C.measure, g)));
        ck_assert(!isfinite(or_region_gap((struct region){C.measure, zero, 1}, w, g)));
    }
    arena_free(&arena);
}
END_TEST

static void nan_slope(void *cost, vec w, vec grad)
{
    (void)cost, (void)w;
    fill(NAN, grad);
}

/* The ellipsoid knows no unit of the normal; a gradient that is NaN is no minimum. */
START_TEST(normals_in_any_unit)
{
    static const real units[] = {2000 * REAL_TRUE_MIN, TINY, VAST, 0.5 * REAL_MAX};
    struct arena arena = arena_make(1 << 12);
    vec normal = arena_vec(&arena, 2), p = arena_vec(&arena, 2);
    for (int k = 0; k < 4; k++) {
        struct ellipsoid E = {arena_vec(&arena, 2), arena_mat(&arena, 2, 2)};
        E.P.at[0] = E.P.at[3] = 1;
        normal.at[0] = 0, normal.at[1] = -units[k];
        or_ellipsoid_cut(E, normal, p);
        assert_near(E.center.at[1], 1.0 / 3, 1e-15);
        assert_near(E.P.at[3], 4.0 / 9, 1e-15);
    }
    struct region all = {EUCLIDEAN, arena_vec(&arena, 2), 9};
    struct ellipsoid E = {arena_vec(&arena, 2), arena_mat(&arena, 2, 2)};
    struct oracle f = {.gradient = nan_slope};
    E.P.at[0] = E.P.at[3] = 1;
    ck_assert_stops(
        "or_ellipsoid_cut: the normal must not vanish, its largest entry is",
        or_ellipsoid_step(f, or_region_separator(&all), E, normal, p));
    arena_free(&arena);
}
END_TEST

START_TEST(gaps)
{
    struct arena arena = arena_make(1 << 10);
    vec center = vec_of(&arena, 2, (double[]){1, -1});
    vec w = vec_of(&arena, 2, (double[]){2, 0}),
        g = vec_of(&arena, 2, (double[]){3, -4});
    struct region ball = {EUCLIDEAN, center, 2}, box = {LARGEST, center, 2};
    /* <g, w - center> = 3 - 4 = -1 */
    assert_near(or_region_gap(ball, w, g), -1 + 2 * 5, 1e-14);
    assert_near(or_region_gap(box, w, g), -1 + 2 * 7, 1e-14);
    w.at[0] = 1 - 2, w.at[1] = -1 + 2; /* the lowest corner */
    assert_near(or_region_gap(box, w, g), 0, 1e-14);
    arena_free(&arena);
}
END_TEST

START_TEST(separation)
{
    struct arena arena = arena_make(1 << 10);
    vec center = vec_of(&arena, 2, (double[]){1, -1}), normal = arena_vec(&arena, 2);
    vec w = vec_of(&arena, 2, (double[]){7, 7});
    struct region ball = {EUCLIDEAN, center, 2}, box = {LARGEST, center, 2};
    struct separator in_ball = or_region_separator(&ball),
                     in_box = or_region_separator(&box);
    ck_assert(!in_ball.separate(in_ball.set, w, normal));
    assert_entries(normal, (double[]){4.8, 6.4}, 1e-14);
    ck_assert(!in_box.separate(in_box.set, w, normal));
    assert_entries(normal, (double[]){4, 6}, 0);
    assert_entries(w, (double[]){7, 7}, 0);
    w.at[0] = 2.9, w.at[1] = 0.9; /* in the corner of the box */
    ck_assert(!in_ball.separate(in_ball.set, w, normal));
    ck_assert(in_box.separate(in_box.set, w, normal));
    w.at[0] = 3, w.at[1] = -1; /* on the boundary */
    ck_assert(in_ball.separate(in_ball.set, w, normal));
    ck_assert(in_box.separate(in_box.set, w, normal));
    arena_free(&arena);
}
END_TEST

/* The unit disc, cut through its centre: the smallest ellipse round the half has its
 * centre at 1/3, and the semi-axes 2/3 and 2/sqrt(3).  In three dimensions: 1/4, 3/4
 * and sqrt(9/8). */
START_TEST(cuts_of_a_ball)
{
    struct arena arena = arena_make(1 << 12);
    for (int n = 2; n <= 3; n++) {
        struct ellipsoid E = {arena_vec(&arena, n), arena_mat(&arena, n, n)};
        vec normal = arena_vec(&arena, n), p = arena_vec(&arena, n);
        for (int i = 0; i < n; i++) {
            E.center.at[i] = i;
            E.P.at[i * n + i] = 1;
        }
        normal.at[1] = -7;
        or_ellipsoid_cut(E, normal, p);
        for (int i = 0; i < n; i++) {
            assert_near(E.center.at[i], i == 1 ? 1 + 1.0 / (n + 1) : i, 1e-15);
            for (int j = 0; j < n; j++) {
                double along = pow(n / (n + 1.0), 2), across = n * n / (n * n - 1.0);
                assert_near(E.P.at[i * n + j],
                            i != j   ? 0
                            : i == 1 ? along
                                     : across,
                            1e-15);
            }
            ck_assert_double_eq(normal.at[i], i == 1 ? -7 : 0);
            ck_assert_double_eq(p.at[i], i == 1 ? -1 : 0);
        }
        fill(0, normal);
        ck_assert_stops("must not vanish", or_ellipsoid_cut(E, normal, p));
    }
    struct ellipsoid segment = {arena_vec(&arena, 1), arena_mat(&arena, 1, 1)};
    ck_assert_stops("at least 2 dimensions, got 1",
                    or_ellipsoid_cut(segment, segment.center, segment.center));
    arena_free(&arena);
}
END_TEST

/* Whatever is in the half is in the new ellipsoid, and some of it on its boundary; and
 * P stays symmetric, to the bit. */
START_TEST(cuts_keep_the_half)
{
    enum { DIMENSIONS = 3, CUTS = 50 };
    struct arena arena = arena_make(1 << 14);
    struct rng rng = unit_rng("cuts");
    struct ellipsoid E = {arena_vec(&arena, DIMENSIONS),
                          arena_mat(&arena, DIMENSIONS, DIMENSIONS)};
    vec normal = arena_vec(&arena, DIMENSIONS), p = arena_vec(&arena, DIMENSIONS);
    for (int i = 0; i < DIMENSIONS; i++)
        E.P.at[i * DIMENSIONS + i] = 1 + i;
    for (int k = 0; k < CUTS; k++) {
        rng_normals(&rng, 0, 1, normal);
        /* The lowest point of the old ellipsoid, c - P n / sqrt(n'Pn), stays on the
         * boundary: it is n times as far from the new centre as that is from the old.
         */
        double before[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++)
            before[i] = E.center.at[i];
        or_ellipsoid_cut(E, normal, p);
        for (int i = 0; i < DIMENSIONS; i++) {
            assert_near(E.center.at[i], before[i] - p.at[i] / 4, 1e-13);
            for (int j = 0; j < i; j++)
                ck_assert_double_eq(E.P.at[i * DIMENSIONS + j],
                                    E.P.at[j * DIMENSIONS + i]);
        }
        vec q = arena_vec(&arena, DIMENSIONS);
        gemv(1, E.P, normal, 0, q); /* along p still, with the new half-width */
        double width = sqrt(dot(normal, q));
        for (int i = 0; i < DIMENSIONS; i++)
            assert_near(q.at[i] / width, p.at[i] * 3 / 4, 1e-10);
    }
    arena_free(&arena);
}
END_TEST

START_TEST(steps_of_the_ellipsoid_method)
{
    struct world x;
    world_make(&x);
    struct region ball = {EUCLIDEAN, vec_of(&x.arena, 2, (double[]){0, 0}), 1};
    struct separator C = or_region_separator(&ball);
    struct ellipsoid E = {vec_of(&x.arena, 2, (double[]){4, 0}),
                          arena_mat(&x.arena, 2, 2)};
    E.P.at[0] = E.P.at[3] = 36;
    ck_assert(
        !or_ellipsoid_step(x.f, C, E, x.grad, x.other)); /* a wall, to the right */
    assert_entries(E.center, (double[]){4 - 6 / 3.0, 0}, 1e-14);

    E.center.at[0] = 0, E.center.at[1] = 0; /* inside: the gradient is b = (1, -1) */
    E.P.at[0] = E.P.at[3] = 2, E.P.at[1] = E.P.at[2] = 0;
    ck_assert(or_ellipsoid_step(x.f, C, E, x.grad, x.other));
    assert_entries(E.center, (double[]){-1 / 3.0, 1 / 3.0}, 1e-14);

    /* With b = 0 that centre is the minimum. */
    E.center.at[0] = 0, E.center.at[1] = 0;
    fill(0, x.asked.q.b);
    double before[4];
    for (int i = 0; i < 4; i++)
        before[i] = E.P.at[i];
    ck_assert(or_ellipsoid_step(x.f, C, E, x.grad, x.other));
    assert_entries(E.center, (double[]){0, 0}, 0);
    assert_entries(entries(E.P), before, 0);
    ck_assert_stops("does not tell its gradient",
                    or_ellipsoid_step(x.none, C, E, x.grad, x.other));
    arena_free(&x.arena);
}
END_TEST

/* ---- Steps ---------------------------------------------------------------------- */

START_TEST(steps_by_hand)
{
    struct arena arena = arena_make(1 << 10);
    vec g = vec_of(&arena, 3, (double[]){3, 0, -4});
    vec longer = vec_of(&arena, 4, (double[]){0, 0, 0, 99}), w = {3, longer.at};
    or_trust_region_step(EUCLIDEAN, 10, g, w);
    assert_entries(w, (double[]){-6, 0, 8}, 1e-14);
    or_trust_region_step(LARGEST, 10, g, w);
    assert_entries(w, (double[]){-16, 0, 18}, 1e-14);
    ck_assert_double_eq(longer.at[3], 99); /* not w's */
    fill(0, w);
    or_trust_region_step(EUCLIDEAN, 0, g, w);
    or_trust_region_step(LARGEST, 0, g, w);
    assert_entries(w, (double[]){0, 0, 0}, 0);
    or_steepest_step(EUCLIDEAN, 0.5, g, w);
    assert_entries(w, (double[]){-1.5, 0, 2}, 1e-15);
    fill(0, w);
    or_steepest_step(LARGEST, 0.5, g, w);
    assert_entries(w, (double[]){-3.5, 0, 3.5}, 1e-15);
    struct region ball = {EUCLIDEAN, vec_of(&arena, 3, (double[]){0, 0, 0}), 1};
    fill(0, w);
    or_projected_step(ball, 2, g, w);
    assert_entries(w, (double[]){-0.6, 0, 0.8}, 1e-15);
    fill(0, w);
    or_projected_step(ball, 0.1, g, w);
    assert_entries(w, (double[]){-0.3, 0, 0.4}, 1e-15);
    fill(0, g);
    or_trust_region_step(EUCLIDEAN, 10, g, w); /* no slope, no step */
    assert_entries(w, (double[]){-0.3, 0, 0.4}, 1e-15);
    ck_assert_stops("got -1", or_trust_region_step(EUCLIDEAN, -1, g, w));
    ck_assert_stops("got nan", or_trust_region_step(EUCLIDEAN, NAN, g, w));
    ck_assert_stops("alpha must be finite and positive, got 0",
                    or_steepest_step(EUCLIDEAN, 0, g, w));
    ck_assert_stops("got inf", or_steepest_step(EUCLIDEAN, INFINITY, g, w));
    ck_assert_stops("got -2", or_projected_step(ball, -2, g, w));
    arena_free(&arena);
}
END_TEST

/* (A + I / alpha) d = -(5, 6) with alpha = 1/2: [4 1; 1 5] d = -(5, 6), d = -(1, 1). */
START_TEST(proximal_steps)
{
    struct world x;
    world_make(&x);
    size_t used = x.arena.used;
    ck_assert_int_eq(or_proximal_step(x.asked.q, 0.5, &x.arena, x.w), PROXIMAL_OK);
    assert_entries(x.w, (double[]){0, 1}, 1e-14);
    ck_assert_uint_eq(x.arena.used, used);
    assert_entries(entries(x.asked.q.A), (double[]){2, 1, 1, 3}, 0);
    assert_entries(x.asked.q.b, (double[]){1, -1}, 0);

    ck_assert_int_eq(or_proximal_step(x.asked.q, INFINITY, &x.arena, x.w), PROXIMAL_OK);
    assert_entries(x.w, (double[]){-0.8, 0.6}, 1e-14); /* Newton's step: the minimum */

    x.asked.q.A.at[3] = -2; /* A + I / alpha is not definite: the step has no end */
    ck_assert_int_eq(or_proximal_step(x.asked.q, 0.5, &x.arena, x.w),
                     PROXIMAL_UNBOUNDED);
    assert_entries(x.w, (double[]){-0.8, 0.6}, 1e-14);
    ck_assert_uint_eq(x.arena.used, used);
    ck_assert_int_eq(or_proximal_step(x.asked.q, 0.25, &x.arena, x.w), PROXIMAL_OK);
    ck_assert_stops("alpha must be positive, got 0",
                    or_proximal_step(x.asked.q, 0, &x.arena, x.w));
    ck_assert_stops("got nan", or_proximal_step(x.asked.q, NAN, &x.arena, x.w));
    arena_free(&x.arena);
}
END_TEST

START_TEST(runs)
{
    struct world x;
    world_make(&x);
    vec twin = vec_of(&x.arena, 2, (double[]){1, 2});
    or_descend(x.f, 0.1, 7, x.w, x.grad);
    gd_run(x.asked.q, 0.1, 7, twin, x.other);
    assert_vec(x.w, twin, 0);
    assert_vec(x.grad, x.other, 0);
    or_descend(x.f, 0.1, 0, x.w, x.grad);
    assert_vec(x.w, twin, 0);

    struct region box = {LARGEST, vec_of(&x.arena, 2, (double[]){0, 0}), 0.5};
    or_descend_within(x.f, box, 0.1, 0, x.w, x.grad);
    assert_vec(x.w, twin, 0);
    x.w.at[0] = twin.at[0] = 0.1, x.w.at[1] = twin.at[1] = 0.2;
    for (int k = 0; k < 3; k++) {
        quadratic_gradient(x.asked.q, twin, x.other);
        or_projected_step(box, 0.01, x.other, twin);
    }
    or_descend_within(x.f, box, 0.01, 3, x.w, x.grad);
    assert_vec(x.w, twin, 0);
    ck_assert_stops("steps must not be negative, got -1",
                    or_descend(x.f, 0.1, -1, x.w, x.grad));
    ck_assert_stops("steps must not be negative, got -1",
                    or_descend_within(x.f, box, 0.1, -1, x.w, x.grad));
    ck_assert_stops("does not tell its gradient",
                    or_descend(x.none, 0.1, 1, x.w, x.grad));
    ck_assert_stops("does not tell its gradient",
                    or_descend_within(x.none, box, 0.1, 1, x.w, x.grad));
    arena_free(&x.arena);
}
END_TEST

/* J = sum i w_i^2 / 2 in n variables: thousands of steps multiply w_0 by (1 - alpha)^k,
 * and the Hessian is diagonal.  In one variable a direction is 1 or -1. */
START_TEST(long_runs_and_one_variable)
{
    static const int counts[] = {1, 20, 130};
    struct arena arena = arena_make(1 << 19);
    struct rng rng = unit_rng("oracles/long");
    for (int k = 0; k < 3; k++, arena.used = 0) {
        int n = counts[k];
        struct asked_quadratic asked = {quadratic_make(&arena, n),
                                        arena_vec(&arena, n)};
        struct oracle f = or_quadratic(&asked);
        vec w = arena_vec(&arena, n), grad = arena_vec(&arena, n);
        mat H = arena_mat(&arena, n, n);
        for (int i = 0; i < n; i++)
            row(asked.q.A, i).at[i] = i + 1;
        or_hessian(f, w, &arena, H);
        for (int i = 0; i < n * n; i++)
            ck_assert_double_eq(H.at[i], asked.q.A.at[i]);
        fill(1, w);
        or_descend(f, 1e-3, 5000, w, grad);
        assert_near(w.at[0] / pow(1 - 1e-3, 5000), 1, 5000 * DBL_EPSILON);
        vec origin = arena_vec(&arena, n); /* of a box that holds all of the run */
        fill(1, w);
        or_descend_within(f, (struct region){LARGEST, origin, 2}, 1e-3, 5000, w, grad);
        assert_near(w.at[0] / pow(1 - 1e-3, 5000), 1, 5000 * DBL_EPSILON);
        if (n == 1) { /* J(w + d u) u / d = (1 + 0.5 u)^2 / (2 * 0.5) u at w = 1 */
            w.at[0] = 1;
            or_gradient_one_point(f, 0.5, w, &rng, &arena, grad);
            assert_near(grad.at[0], grad.at[0] > 0 ? 2.25 : -0.25, 8 * DBL_EPSILON);
        }
    }
    arena_free(&arena);
}
END_TEST

/* ---- What is read, and many variables -------------------------------------------- */

/* w = 0.1 + h - h is another number for most h: it is put back and not counted back.
 * Nor is the gradient used up, which the next question may be about. */
START_TEST(what_is_asked_about_stays)
{
    struct arena arena = arena_make(1 << 12);
    int asked = 0;
    struct oracle f = {&asked, cubic_value, cubic_gradient, NULL};
    vec w = VEC(0.1, -0.7, 1.3), v = VEC(0.3, 0.9, -0.2);
    vec grad = arena_vec(&arena, 3), other = arena_vec(&arena, 3);
    cubic_gradient(NULL, w, grad);
    struct unit_watch asked_about = WATCH(&arena, w, v, grad);
    for (int i = 0; i < 40; i++) {
        double h = (i % 2 ? 1e-3 : 7) * (1 + 0.037 * i);
        struct rng rng = unit_rng("oracles/stays");
        or_gradient_forward(f, h, w, other);
        or_gradient_central(f, h, w, other);
        or_gradient_complex((struct complex_oracle){&asked, cubic_complex}, h, w,
                            &arena, other);
        or_gradient_one_point(f, h, w, &rng, &arena, other);
        or_gradient_two_point(f, h, w, &rng, &arena, other);
        or_curvature_forward(f, h, w, grad, v, &arena, other);
        assert_unchanged(&asked_about);
    }
    arena_free(&arena);
}
END_TEST

/* J = 1 + <g, w> with g_i = i + 1. */
static double rising_value(void *cost, vec w)
{
    (void)cost;
    double sum = 1;
    for (int i = 0; i < w.n; i++)
        sum += (i + 1) * w.at[i];
    return sum;
}

/* From two values of a linear J, G = n <g, u> u: so <G, G> = n <g, G>, whatever u is;
 * and from one at w = 0, G = n (1 / delta + <g, u>) u with <G, G> = n (n u-sized)^2.
 * Sums of n terms, and delta = 1/2 takes nothing from the digits of g. */
START_TEST(estimates_in_any_number_of_variables)
{
    static const int counts[] = {1, 2, 20, 64, 65, 130};
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("oracles/many");
    struct oracle f = {NULL, rising_value, NULL, NULL};
    for (int i = 0; i < 6; i++, arena.used = 0) {
        int n = counts[i];
        vec w = arena_vec(&arena, n), G = arena_vec(&arena, n);
        for (int draw = 0; draw < 10; draw++) {
            or_gradient_two_point(f, 0.5, w, &rng, &arena, G);
            double along = rising_value(NULL, G) - 1, limit = 16 * n * REAL_EPSILON;
            assert_near(dot(G, G) / (n * along), 1, limit * n * n / fabs(along));
            or_gradient_one_point(f, 0.5, w, &rng, &arena, G);
            double length = norm(G), step = rising_value(NULL, G) - 1;
            double size = 2 + step / length; /* of u and of -u: one is G's way */
            double other = 2 - step / length;
            ck_assert(fabs(length - n * size) <= limit * n * n * n ||
                      fabs(length + n * other) <= limit * n * n * n);
        }
    }
    arena_free(&arena);
}
END_TEST

static double complex first_times_last(void *cost, int n, const double complex *w)
{
    (void)cost;
    return w[0] * w[n - 1];
}

/* Beyond every block: exact where numbers are small and h is a power of 2. */
static void ask_many(struct arena *arena, int n)
{
    int asked = 0;
    double h = 0.25;
    vec w = arena_vec(arena, n), grad = arena_vec(arena, n);
    struct oracle f = {NULL, rising_value, NULL, NULL};
    for (int i = 0; i < n; i++)
        w.at[i] = 3 - i;
    or_gradient_complex((struct complex_oracle){&asked, cubic_complex}, h, w, arena,
                        grad);
    for (int i = 0; i < n; i++)
        ck_assert_double_eq(grad.at[i], cubic_slope(i, 3 - i) - h * h);
    or_gradient_complex((struct complex_oracle){NULL, first_times_last}, h, w, arena,
                        grad);
    ck_assert_double_eq(grad.at[0], n == 1 ? 2 * w.at[0] : w.at[n - 1]);
    or_gradient_forward(f, h, w, grad);
    for (int i = 0; i < n; i++)
        ck_assert_double_eq(grad.at[i], i + 1);
    fill(NAN, grad);
    or_gradient_central(f, h, w, grad);
    for (int i = 0; i < n; i++)
        ck_assert_double_eq(grad.at[i], i + 1);
    ck_assert_double_eq(or_dual_norm(LARGEST, grad), n * (n + 1) / 2);
    assert_near(or_dual_norm(EUCLIDEAN, grad), sqrt(n * (n + 1) * (2.0 * n + 1) / 6),
                n * (double)n * DBL_EPSILON);
}

/* Steps from 0 against (1, 2, ..., n), and the cut of a ball along the last axis. */
static void step_many(struct arena *arena, int n)
{
    vec grad = arena_vec(arena, n), w = arena_vec(arena, n), p = arena_vec(arena, n);
    double limit = 8 * n * DBL_EPSILON;
    struct quadratic q = quadratic_make(arena, n);
    for (int i = 0; i < n; i++) {
        q.b.at[i] = grad.at[i] = i + 1;
        row(q.A, i).at[i] = i;
    }
    or_steepest_step(LARGEST, 0.5, grad, w);
    for (int i = 0; i < n; i++)
        ck_assert_double_eq(w.at[i], -n * (n + 1) / 4.0);
    fill(0, w);
    or_steepest_step(EUCLIDEAN, 0.5, grad, w);
    for (int i = 0; i < n; i++)
        assert_near(w.at[i], -(i + 1) / 2.0, limit * n);
    fill(0, w);
    or_proximal_step(q, 1, arena, w); /* (i + 1) w_i = -(i + 1) */
    for (int i = 0; i < n; i++)
        assert_near(w.at[i], -1, limit);
    struct ellipsoid E = {arena_vec(arena, n), arena_mat(arena, n, n)};
    for (int i = 0; i < n; i++)
        row(E.P, i).at[i] = 1;
    fill(0, grad);
    grad.at[n - 1] = 3;
    or_ellipsoid_cut(E, grad, p);
    double wider = n * (double)n / (n * (double)n - 1);
    for (int i = 0; i < n; i++) {
        bool last = i == n - 1;
        assert_near(E.center.at[i], last ? -1.0 / (n + 1) : 0, limit);
        for (int j = 0; j < n; j++)
            assert_near(row(E.P, i).at[j],
                        i != j ? 0 : wider * (last ? 1 - 2.0 / (n + 1) : 1), limit);
    }
}

START_TEST(questions_and_steps_in_any_number_of_variables)
{
    static const int counts[] = {2, 20, 64, 65, 130};
    struct arena arena = arena_make(1 << 20);
    for (int i = 0; i < 5; i++, arena.used = 0) {
        ask_many(&arena, counts[i]);
        step_many(&arena, counts[i]);
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("oracles", (const TTest *[]){
                                   a_quadratic_answers,
                                   the_hessian_is_made_of_products,
                                   differences_leave_out_what_taylor_says,
                                   the_step_divided_by_is_the_one_taken,
                                   differences_of_gradients,
                                   differences_refuse,
                                   estimates_from_one_value_or_two,
                                   dual_norms,
                                   projections,
                                   projections_in_any_unit,
                                   what_is_not_finite_shows,
                                   normals_in_any_unit,
                                   gaps,
                                   separation,
                                   cuts_of_a_ball,
                                   cuts_keep_the_half,
                                   steps_of_the_ellipsoid_method,
                                   steps_by_hand,
                                   proximal_steps,
                                   runs,
                                   long_runs_and_one_variable,
                                   what_is_asked_about_stays,
                                   estimates_in_any_number_of_variables,
                                   questions_and_steps_in_any_number_of_variables,
                                   NULL,
                               });
}
