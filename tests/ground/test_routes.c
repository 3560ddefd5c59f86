/* The contracts of route_lapack.h and worlds.h: LAPACK is called as it wants to be, and
 * what is built from its answer has that answer. */
#include "ground/route_lapack.h"
#include "ground/unit.h"
#include "ground/worlds.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* So much rounding for numbers of about 1 in these small systems. */
static const double rounding_limit = 100 * REAL_EPSILON;

/* ---- LAPACK ---------------------------------------------------------------------- */

/* The second difference: eigenvalues 2 - 2 cos(j pi / 4), eigenvectors sin(i j pi
 * / 4). */
START_TEST(eigen_of_the_second_difference)
{
    const double pi = acos(-1);
    real A[] = {2, -1, 0, -1, 2, -1, 0, -1, 2}, a[3], q[9];
    mat Q = {3, 3, q};
    route_eigen((mat){3, 3, A}, (vec){3, a}, Q);
    for (int j = 0; j < 3; j++) {
        double sign = q[j] > 0 ? 1 : -1;
        ck_assert_double_eq_tol(a[j], 2 - 2 * cos((j + 1) * pi / 4), rounding_limit);
        for (int i = 0; i < 3; i++)
            ck_assert_double_eq_tol(sign * q[i * 3 + j],
                                    sin((i + 1) * (j + 1) * pi / 4) / sqrt(2),
                                    rounding_limit);
    }
    ck_assert_double_eq(A[0], 2);
    ck_assert_double_eq(A[1], -1);
}
END_TEST

START_TEST(eigen_of_one_number)
{
    real A = -3, a, q;
    route_eigen((mat){1, 1, &A}, (vec){1, &a}, (mat){1, 1, &q});
    ck_assert_double_eq(a, -3);
    ck_assert_double_eq(fabs(q), 1);
}
END_TEST

/* Not symmetric, so that a transposed A would show, and 0 where the first pivot is. */
START_TEST(solve_finds_the_solution)
{
    real A[] = {0, 2, 1, 1, 0, 3, 4, 1, 0}, b[] = {7, 10, 6}, x[3];
    route_solve((mat){3, 3, A}, (vec){3, b}, (vec){3, x});
    assert_entries((vec){3, x}, (double[]){1, 2, 3}, rounding_limit);
    ck_assert_double_eq(A[8], 0);
    ck_assert_double_eq(b[0], 7);
}
END_TEST

START_TEST(min_norm_of_every_shape)
{
    static const struct {
        int rows, cols;
        real A[6], b[3];
        double x[3];
    } cases[] = {
        {2, 2, {1, 1, 1, 1}, {1, 3}, {1, 1}},                /* rank-deficient       */
        {1, 2, {1, 2}, {5}, {1, 2}},                         /* underdetermined      */
        {3, 1, {1, 1, 1}, {1, 2, 6}, {3}},                   /* overdetermined       */
        {3, 2, {1, 2, 2, 4, 3, 6}, {5, 10, 15}, {1, 2}},     /* tall, of rank 1      */
        {2, 3, {1, 0, 1, 0, 1, 0}, {2, 3}, {1, 3, 1}},       /* wide                 */
        {2, 2, {0, 0, 0, 0}, {1, 2}, {0, 0}},                /* nothing              */
        {2, 2, {1, 0, 0, REAL_EPSILON / 2}, {1, 1}, {1, 0}}, /* below n eps: nothing */
        {2,
         2,
         {1, 0, 0, 0x1p12 * REAL_EPSILON},
         {1, 0x1p12 * REAL_EPSILON},
         {1, 1}}, /* above: something     */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        real A[6], b[3], x[3];
        vec at = {cases[i].cols, x};
        memcpy(A, cases[i].A, sizeof A);
        memcpy(b, cases[i].b, sizeof b);
        route_min_norm((mat){cases[i].rows, cases[i].cols, A}, (vec){cases[i].rows, b},
                       at);
        assert_entries(at, cases[i].x, rounding_limit);
    }
}
END_TEST

/* A'A = [25, 20; 20, 25] has the eigenvalues 45 and 5. */
START_TEST(singular_values_of_every_shape)
{
    real A[] = {3, 0, 4, 5}, row[] = {3, 4}, ones[] = {1, 1, 1, 1, 1, 1}, at[2];
    double roots[] = {sqrt(45), sqrt(5)}, rank_1[] = {sqrt(6), 0};
    vec two = {2, at}, one = {1, at};
    route_singular((mat){2, 2, A}, two);
    assert_entries(two, roots, rounding_limit);
    ck_assert(A[0] == 3 && A[1] == 0 && A[2] == 4 && A[3] == 5);
    route_singular((mat){3, 2, ones}, two);
    assert_entries(two, rank_1, rounding_limit);
    route_singular((mat){2, 3, ones}, two);
    assert_entries(two, rank_1, rounding_limit);
    route_singular((mat){1, 2, row}, one);
    assert_entries(one, (double[]){5}, rounding_limit);
    route_singular((mat){2, 1, row}, one);
    assert_entries(one, (double[]){5}, rounding_limit);
}
END_TEST

START_TEST(what_lapack_refuses_stops)
{
    real A[] = {1, 2, 2, 4}, nan[] = {NAN, 0, 0, 1}, at[4];
    vec two = {2, at};
    mat none = {2, 2, nan}, Q = {2, 2, at};
    ck_assert_stops("dgesv returned 2", route_solve((mat){2, 2, A}, two, two));
    ck_assert_stops("dgesv returned -", route_solve(none, two, two));
    ck_assert_stops("dsyevd returned -", route_eigen(none, two, Q));
    ck_assert_stops("dgelsd returned -", route_min_norm(none, two, two));
    ck_assert_stops("dgesvd returned -", route_singular(none, two));
}
END_TEST

START_TEST(shapes_that_do_not_fit_stop)
{
    real at[9] = {0};
    mat A = {2, 2, at}, B = {2, 3, at}, C = {3, 2, at};
    vec two = {2, at}, three = {3, at};
    ck_assert_stops("route_eigen: A is 2 x 3, Q is 2 x 2", route_eigen(B, two, A));
    ck_assert_stops("route_eigen: A is 2 x 2, Q is 2 x 3", route_eigen(A, two, B));
    ck_assert_stops("route_eigen: A is 2 x 2, Q is 3 x 2", route_eigen(A, two, C));
    ck_assert_stops("for 3 values", route_eigen(A, three, A));
    ck_assert_stops("route_solve: A is 2 x 3", route_solve(B, two, two));
    ck_assert_stops("b has 3 entries, x has 2", route_solve(A, three, two));
    ck_assert_stops("b has 2 entries, x has 3", route_solve(A, two, three));
    ck_assert_stops("route_min_norm: A is 2 x 3, b has 3 entries, x has 3",
                    route_min_norm(B, three, three));
    ck_assert_stops("route_min_norm: A is 2 x 3, b has 2 entries, x has 2",
                    route_min_norm(B, two, two));
    ck_assert_stops("route_singular: A is 2 x 3, s has 3 entries",
                    route_singular(B, three));
}
END_TEST

/* ---- Quadratics whose answer is known -------------------------------------------- */

enum { N = 5 };

struct world {
    struct arena arena;
    struct rng rng;
    struct solved_quadratic k;
    vec w, error, out;
};

/* Curvatures of both signs, and 0; a point w at which nothing is special. */
static struct world world_make(const char *test)
{
    static const double curvatures[N] = {2, 1, 0.5, 0, -1};
    struct world world = {.arena = arena_make(1 << 16), .rng = unit_rng(test)};
    vec a = arena_vec(&world.arena, N);
    for (int j = 0; j < N; j++)
        a.at[j] = curvatures[j];
    world.k = solved_quadratic_make(&world.arena, &world.rng, a);
    world.w = arena_vec(&world.arena, N);
    world.error = arena_vec(&world.arena, N);
    world.out = arena_vec(&world.arena, N);
    rng_uniforms(&world.rng, -1, 1, world.w);
    return world;
}

/* q_j'(w - w_star), from its definition. */
static double along(struct world *world, int j)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum +=
            world->k.Q.at[i * N + j] * ((double)world->w.at[i] - world->k.w_star.at[i]);
    return sum;
}

START_TEST(cost_and_gradient_are_their_definitions)
{
    struct world x = world_make("oracle/definitions");
    double cost = x.k.least, grad[N] = {0};
    for (int j = 0; j < N; j++) {
        cost += 0.5 * x.k.a.at[j] * pow(along(&x, j), 2);
        for (int i = 0; i < N; i++)
            grad[i] += x.k.Q.at[i * N + j] * x.k.a.at[j] * along(&x, j);
    }
    ck_assert_double_eq_tol(quadratic_cost(x.k.q, x.w, x.out), cost,
                            rounding_limit * (1 + dot(x.k.w_star, x.k.w_star)));
    quadratic_gradient(x.k.q, x.w, x.out);
    for (int i = 0; i < N; i++)
        ck_assert_double_eq_tol(x.out.at[i], grad[i],
                                rounding_limit * (1 + norm(x.k.w_star)));
    arena_free(&x.arena);
}
END_TEST

START_TEST(the_gradient_vanishes_where_it_says)
{
    struct world x = world_make("oracle/minimum");
    double limit = rounding_limit * (1 + dot(x.k.w_star, x.k.w_star));
    quadratic_gradient(x.k.q, x.k.w_star, x.out);
    ck_assert_double_le(norm(x.out), limit);
    ck_assert_double_eq_tol(quadratic_cost(x.k.q, x.k.w_star, x.out), x.k.least, limit);
    arena_free(&x.arena);
}
END_TEST

START_TEST(the_axes_are_those_of_the_matrix)
{
    struct world x = world_make("oracle/axes");
    real values[N], vectors[N * N];
    route_eigen(x.k.q.A, (vec){N, values}, (mat){N, N, vectors});
    for (int j = 0; j < N; j++) {
        double cosine = 0, squares = 0;
        for (int i = 0; i < N; i++) {
            cosine += x.k.Q.at[i * N + j] * vectors[i * N + N - 1 - j];
            squares += pow(x.k.Q.at[i * N + j], 2);
        }
        ck_assert_double_eq_tol(values[N - 1 - j], x.k.a.at[j], rounding_limit);
        ck_assert_double_eq_tol(fabs(cosine), 1, rounding_limit);
        ck_assert_double_eq_tol(squares, 1, rounding_limit);
    }
    arena_free(&x.arena);
}
END_TEST

START_TEST(errors_are_coordinates_and_lead_back)
{
    struct world x = world_make("oracle/errors");
    to_axes(x.k, x.w, x.error);
    for (int j = 0; j < N; j++)
        ck_assert_double_eq_tol(x.error.at[j], along(&x, j),
                                rounding_limit * (1 + norm(x.k.w_star)));
    from_axes(x.k, x.error, x.out);
    axpy(-1, x.w, x.out);
    ck_assert_double_le(norm(x.out), rounding_limit * (1 + norm(x.k.w_star)));
    to_axes(x.k, x.k.w_star, x.error);
    ck_assert_double_eq(norm(x.error), 0);
    arena_free(&x.arena);
}
END_TEST

START_TEST(replicates_differ)
{
    struct world x = world_make("oracle/replicates");
    struct solved_quadratic other = solved_quadratic_make(&x.arena, &x.rng, x.k.a);
    ck_assert_double_ne(other.w_star.at[0], x.k.w_star.at[0]);
    ck_assert_double_ne(other.Q.at[0], x.k.Q.at[0]);
    ck_assert_double_ne(other.least, x.k.least);
    arena_free(&x.arena);
}
END_TEST

/* Wide, tall and square, of full rank and less: A v_j = s_j u_j, and 0 for the others.
 */
START_TEST(a_factored_matrix_has_its_singular_vectors)
{
    static const int shapes[][3] = {{3, 5, 3}, {5, 3, 2}, {4, 4, 4}};
    struct arena arena = arena_make(1 << 14);
    struct rng rng = unit_rng("worlds/factored");
    for (int shape = 0; shape < 3; shape++) {
        int m = shapes[shape][0], n = shapes[shape][1], rank = shapes[shape][2];
        vec s = geometric_spectrum(&arena, rank, 2, 8), Av = arena_vec(&arena, m);
        s.at[0] *= -1;
        struct factored_matrix f = factored_matrix_make(&arena, &rng, m, n, s);
        for (int j = 0; j < n; j++) {
            gemv(1, f.A, row(f.V, j), 0, Av);
            for (int i = 0; i < m; i++)
                ck_assert_double_eq_tol(Av.at[i],
                                        j < rank ? s.at[j] * row(f.U, j).at[i] : 0,
                                        rounding_limit);
        }
    }
    ck_assert_stops("2 x 3 has no 3 singular values",
                    factored_matrix_make(&arena, &rng, 2, 3, arena_vec(&arena, 3)));
    arena_free(&arena);
}
END_TEST

START_TEST(a_geometric_spectrum_has_its_ends_and_one_ratio)
{
    struct arena arena = arena_make(1 << 10);
    vec a = geometric_spectrum(&arena, 4, 8, 1000);
    assert_entries(a, (double[]){8, 0.8, 0.08, 0.008}, rounding_limit);
    ck_assert_stops("needs two values, got 1", geometric_spectrum(&arena, 1, 1, 10));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return unit_run("oracle", (const TTest *[]){
                                  eigen_of_the_second_difference,
                                  eigen_of_one_number,
                                  solve_finds_the_solution,
                                  min_norm_of_every_shape,
                                  singular_values_of_every_shape,
                                  what_lapack_refuses_stops,
                                  shapes_that_do_not_fit_stop,
                                  cost_and_gradient_are_their_definitions,
                                  the_gradient_vanishes_where_it_says,
                                  the_axes_are_those_of_the_matrix,
                                  errors_are_coordinates_and_lead_back,
                                  replicates_differ,
                                  a_factored_matrix_has_its_singular_vectors,
                                  a_geometric_spectrum_has_its_ends_and_one_ratio,
                                  NULL,
                              });
}
