/* The contract of ground/curvature.h: Hessians that are written out, and LAPACK's
 * eigenvalues of them. */
#include "ground/curvature.h"

#include "ground/finding.h"
#include "ground/quadratic.h"
#include "ground/route_lapack.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>

static struct arena arena;

static void gradient_of_quadratic(void *cost, vec w, vec grad)
{
    quadratic_gradient(*(struct quadratic *)cost, w, grad);
}

/* J(w) = sum of ln cosh of the entries of Aw: gradient A'tanh(Aw), Hessian A'DA with D
 * the squares of 1 / cosh. */
static void gradient_of_hills(void *cost, vec w, vec grad)
{
    mat A = *(mat *)cost;
    fill(0, grad);
    for (int i = 0; i < A.rows; i++)
        axpy(tanh(dot(row(A, i), w)), row(A, i), grad);
}

static void hessian_of_hills(mat A, vec w, mat H)
{
    fill(0, entries(H));
    for (int i = 0; i < A.rows; i++)
        ger(pow(cosh(dot(row(A, i), w)), -2), row(A, i), row(A, i), H);
}

/* Three times the difference's own error at a w of length 1 and a v of length 1: h^2 /
 * 6 of a third derivative of tanh, 2 at most, and a gradient's rounding over h. */
static double difference(mat A)
{
    double h = cbrt(REAL_EPSILON), size = 0;
    for (int i = 0; i < A.rows; i++)
        size += pow(norm(row(A, i)), 4) + norm(row(A, i));
    return h * h * size / 3 + rounding(A.rows + A.cols, size) / h;
}

static mat hills(const char *test, int n, vec w)
{
    struct rng rng = unit_rng(test);
    mat A = arena_mat(&arena, n + 2, n);
    rng_normals(&rng, 0, 1, entries(A));
    rng_normals(&rng, 0, 1, w);
    scale(1 / norm(w), w);
    return A;
}

START_TEST(products_are_those_of_the_hessian)
{
    arena = arena_make(1 << 20);
    for (int n = 1; n <= 21; n += 4) {
        vec w = arena_vec(&arena, n), v = arena_vec(&arena, n);
        vec Hv = arena_vec(&arena, n), known = arena_vec(&arena, n);
        mat A = hills("curvature/products", n, w), H = arena_mat(&arena, n, n);
        hessian_of_hills(A, w, H);
        for (int j = 0; j < n; j++) {
            fill(0, v), fill(NAN, Hv);
            v.at[j] = j % 2 ? TINY : -VAST; /* H is linear: of any length */
            gemv(1, H, v, 0, known);
            size_t used = arena.used;
            hessian_product(gradient_of_hills, &A, w, v, &arena, Hv);
            ck_assert(arena.used == used);
            scale(1 / fabs(v.at[j]), known);
            scale(1 / fabs(v.at[j]), Hv);
            assert_vec(Hv, known, difference(A));
        }
    }
    arena_free(&arena);
}
END_TEST

static void gradient_of_fourth(void *cost, vec w, vec grad)
{
    (void)cost;
    grad.at[0] = w.at[0] * w.at[0] * w.at[0];
}

/* Of w^4 / 4 the difference at 0 is h^2, and the Hessian 0; at w = 300, whose unit is
 * 300, it is 3 w^2 + (h w)^2. */
START_TEST(a_step_is_the_third_root_of_eps_in_units_of_w)
{
    arena = arena_make(1 << 12);
    real w = 0, v = 1, Hv = NAN;
    double h = cbrt(REAL_EPSILON);
    hessian_product(gradient_of_fourth, NULL, (vec){1, &w}, (vec){1, &v}, &arena,
                    (vec){1, &Hv});
    assert_near(Hv / (h * h), 1, 1e-12);
    w = 300;
    hessian_product(gradient_of_fourth, NULL, (vec){1, &w}, (vec){1, &v}, &arena,
                    (vec){1, &Hv});
    assert_near(Hv - 3 * w * w, h * h * w * w,
                3 * h * h * w * w); /* rounding is as large */
    arena_free(&arena);
}
END_TEST

/* A large w takes a large step: h of w + hv is not lost in w, and from a quadratic the
 * rounding of a gradient of size w over h is what remains, at any scale. */
START_TEST(a_large_w_has_a_large_unit)
{
    static const double scales[] = {TINY, 0, 1, 1e10, VAST};
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 2);
    vec v = VEC(3, 4), Hv = VEC(0, 0);
    copy(VEC(2, 1, 1, -3), entries(q.A));
    for (int s = 0; s < 5; s++) {
        vec w = VEC(scales[s], -scales[s]);
        hessian_product(gradient_of_quadratic, &q, w, v, &arena, Hv);
        assert_entries(Hv, (double[]){10, -9}, rounding(2, 50) / cbrt(REAL_EPSILON));
    }
    arena_free(&arena);
}
END_TEST

/* The power method leaves q^(2 k): after 400 products nothing, where q <= 0.96. */
START_TEST(sharpness_is_the_eigenvalue_of_largest_size)
{
    arena = arena_make(1 << 20);
    for (int n = 1; n <= 21; n += 4) {
        struct rng rng = unit_rng("curvature/top");
        struct quadratic q = quadratic_make(&arena, n);
        mat Q = arena_mat(&arena, n, n);
        vec w = arena_vec(&arena, n), top = arena_vec(&arena, n);
        rng_rotation(&rng, &arena, Q);
        rng_normals(&rng, 0, 1, w);
        for (int sign = -1; sign <= 1; sign += 2) { /* the others between -3 and 3 */
            fill(0, entries(q.A));
            for (int j = 0; j < n; j++)
                ger(j == 0 ? sign * 4 : 3.0 - 6 * j / n, row(Q, j), row(Q, j), q.A);
            rng_normals(&rng, 0, 1, top);
            double limit = rounding(n, 4 * (1 + norm(w))) / cbrt(REAL_EPSILON);
            double got = sharpness(gradient_of_quadratic, &q, w, 400, &arena, top);
            assert_near(got, sign * 4, limit);
            assert_near(fabs(dot(row(Q, 0), top)), 1, limit);
            assert_near(norm(top), 1, rounding(n, 1));
        }
    }
    arena_free(&arena);
}
END_TEST

/* From the sum of all eigenvectors, k + 1 products leave of the largest eigenvalue at
 * most the sum of (1 - q_j) q_j^2k <= 1 / (2 e k) over all the others, whatever they
 * are. */
START_TEST(sharpness_of_what_is_not_quadratic)
{
    arena = arena_make(1 << 20);
    for (int n = 1; n <= 13; n += 4) {
        vec w = arena_vec(&arena, n), top = arena_vec(&arena, n);
        vec values = arena_vec(&arena, n);
        mat A = hills("curvature/hills", n, w), H = arena_mat(&arena, n, n);
        mat Q = arena_mat(&arena, n, n);
        hessian_of_hills(A, w, H);
        route_eigen(H, values, Q);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                top.at[i] += row(Q, i).at[j];
        double got = sharpness(gradient_of_hills, &A, w, 101, &arena, top);
        double largest = values.at[n - 1], left = largest * (n - 1) / (200 * exp(1));
        assert_near(got, largest, difference(A) + left);
        ck_assert(got <= largest + difference(A));
    }
    arena_free(&arena);
}
END_TEST

/* One product is v'Hv of the direction that it was given, and top is then Hv. */
START_TEST(one_product_is_a_rayleigh_quotient)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 2);
    vec w = VEC(0, 0), top = VEC(3 * TINY, 4 * TINY);
    copy(VEC(2, 1, 1, -3), entries(q.A));
    double limit = rounding(2, 4) / cbrt(REAL_EPSILON);
    assert_near(sharpness(gradient_of_quadratic, &q, w, 1, &arena, top), -0.24, limit);
    assert_entries(top, (double[]){10 / sqrt(181), -9 / sqrt(181)}, limit);
    arena_free(&arena);
}
END_TEST

static void gradient_that_counts(void *cost, vec w, vec grad)
{
    ++*(int *)cost;
    copy(w, grad);
}

/* Each product is two gradients, in short runs and in long ones. */
START_TEST(so_many_products_are_taken)
{
    static const int products[] = {1, 2, 3, 100, 1000};
    arena = arena_make(1 << 12);
    for (int i = 0; i < 5; i++) {
        int asked = 0;
        vec w = VEC(1), top = VEC(-2);
        size_t used = arena.used;
        double got =
            sharpness(gradient_that_counts, &asked, w, products[i], &arena, top);
        ck_assert_int_eq(asked, 2 * products[i]);
        ck_assert(arena.used == used);
        assert_near(got, 1, rounding(2, 2) / cbrt(REAL_EPSILON));
    }
    arena_free(&arena);
}
END_TEST

/* What H takes to 0 has curvature 0, and is left; a NaN shows. */
START_TEST(flat_directions_and_nans)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 2);
    vec w = VEC(1, 1), top = VEC(0, 2);
    ck_assert(sharpness(gradient_of_quadratic, &q, w, 5, &arena, top) == 0);
    assert_entries(top, (double[]){0, 1}, 0);
    ck_assert(
        isnan(sharpness(gradient_of_quadratic, &q, VEC(NAN, 1), 2, &arena, VEC(1, 1))));
    ck_assert(isnan(sharpness(gradient_of_quadratic, &q, w, 2, &arena, VEC(1, NAN))));
    q.b.at[0] = NAN;
    ck_assert(isnan(sharpness(gradient_of_quadratic, &q, w, 1, &arena, VEC(1, 1))));
    arena_free(&arena);
}
END_TEST

START_TEST(mistakes_stop)
{
    arena = arena_make(1 << 12);
    struct quadratic q = quadratic_make(&arena, 2);
    vec two = VEC(1, 2), three = VEC(1, 2, 3), zero = VEC(0, 0);
    gradient_of *gradient = gradient_of_quadratic;
    ck_assert_stops("sharpness: products must be at least 1, got 0",
                    sharpness(gradient, &q, two, 0, &arena, two));
    ck_assert_stops("sharpness: top must not be 0",
                    sharpness(gradient, &q, two, 1, &arena, zero));
    ck_assert_stops("hessian_product: v has 3 entries, w has 2",
                    sharpness(gradient, &q, two, 1, &arena, three));
    ck_assert_stops("hessian_product: v must not be 0",
                    hessian_product(gradient, &q, two, zero, &arena, two));
    ck_assert_stops("hessian_product: Hv has 3 entries, w has 2",
                    hessian_product(gradient, &q, two, two, &arena, three));
    arena_free(&arena);
}
END_TEST

/* Curvatures of 3 u and -4 u: the last product is v'Hv of a v with 0.75^120 = 1e-15 of
 * the other direction.  And what is read stays, to its last bit. */
START_TEST(sharpness_in_any_unit_reads_alone)
{
    arena = arena_make(1 << 12);
    for (int k = -1; k <= 1; k++) {
        double u = ldexp(1, k * (ilogb(REAL_MAX) / 2 + 19));
        struct quadratic q = quadratic_make(&arena, 2);
        vec w = VEC(0.125, -0.25), top = VEC(3, 4), v = VEC(0.125, 0.75),
            Hv = VEC(0, 0);
        copy(VEC(3 * u, 0, 0, -4 * u), entries(q.A));
        double got = sharpness(gradient_of_quadratic, &q, w, 60, &arena, top);
        assert_near(got / u, -4, rounding(2, 50) / cbrt(REAL_EPSILON));
        hessian_product(gradient_of_quadratic, &q, w, v, &arena, Hv);
        assert_near(Hv.at[0] / u, 0.375, rounding(2, 50) / cbrt(REAL_EPSILON));
        assert_entries(w, (double[]){0.125, -0.25}, 0);
        assert_entries(v, (double[]){0.125, 0.75}, 0);
        struct rng rng = unit_rng("curvature/reads");
        for (int draw = 0; draw < 20; draw++) { /* v / 3 times 3 is not always v */
            real drawn[] = {rng_normal(&rng), rng_normal(&rng)};
            copy((vec){2, drawn}, v);
            hessian_product(gradient_of_quadratic, &q, w, v, &arena, Hv);
            assert_vec(v, (vec){2, drawn}, 0);
        }
        arena.used = 0;
    }
    arena_free(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {products_are_those_of_the_hessian,
                                  a_step_is_the_third_root_of_eps_in_units_of_w,
                                  a_large_w_has_a_large_unit,
                                  sharpness_is_the_eigenvalue_of_largest_size,
                                  sharpness_of_what_is_not_quadratic,
                                  one_product_is_a_rayleigh_quotient,
                                  so_many_products_are_taken,
                                  flat_directions_and_nans,
                                  mistakes_stop,
                                  sharpness_in_any_unit_reads_alone,
                                  NULL};
    return unit_run("curvature", tests);
}
