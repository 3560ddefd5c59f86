/* "Two matrices": when one rotation serves both, and how near it can come. */
#include "twins.h"

#include "ground/route_lapack.h"

#include <math.h>

/* Symmetric A and B whose eigenvectors differ by an angle in each of n / 2 planes; the
 * eigenvalues of the two are a and b, and none of it shows along the axes. */
struct couple {
    mat A, B;
};

static mat with_axes(struct arena *arena, mat Q, vec a)
{
    mat A = arena_mat(arena, a.n, a.n);
    for (int i = 0; i < a.n; i++)
        for (int l = 0; l < a.n; l++)
            for (int j = 0; j < a.n; j++)
                row(A, i).at[l] += row(Q, i).at[j] * a.at[j] * row(Q, l).at[j];
    return A;
}

static struct couple build_couple(struct claim *claim, vec a, vec b, double angle)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    mat Q = arena_mat(arena, a.n, a.n), R = arena_mat(arena, a.n, a.n);
    rng_rotation(&rng, arena, Q);
    for (int i = 0; i < a.n; i++)
        for (int j = 0; j < a.n; j += 2) {
            double x = row(Q, i).at[j], y = row(Q, i).at[j + 1];
            row(R, i).at[j] = cos(angle) * x + sin(angle) * y;
            row(R, i).at[j + 1] = cos(angle) * y - sin(angle) * x;
        }
    return (struct couple){with_axes(arena, Q, a), with_axes(arena, R, b)};
}

/* The same after a change of coordinates: M'AM and M'BM. */
static struct couple transformed(struct claim *claim, struct couple c, mat M)
{
    struct arena *arena = claim_arena(claim);
    int n = M.rows;
    struct quadratic q = quadratic_make(arena, n), A = quadratic_make(arena, n);
    struct quadratic B = quadratic_make(arena, n);
    struct rigid T = {M, arena_vec(arena, n)};
    q.A = c.A;
    inv_quadratic_rotated(T, q, arena, &A);
    q.A = c.B;
    inv_quadratic_rotated(T, q, arena, &B);
    return (struct couple){A.A, B.A};
}

/* The root of the sum of squares of all that is off the diagonals. */
static double mass(struct couple c)
{
    double sum = 0;
    for (int i = 0; i < c.A.rows; i++)
        for (int j = 0; j < c.A.rows; j++)
            if (i != j)
                sum += pow(row(c.A, i).at[j], 2) + pow(row(c.B, i).at[j], 2);
    return sqrt(sum);
}

/* ||AB - BA|| / sqrt(spread(A)^2 + spread(B)^2), which no rotation takes the mass
 * below. */
static double least_mass_allowed(struct couple c, vec a, vec b)
{
    double sum = 0;
    for (int i = 0; i < a.n; i++)
        for (int l = 0; l < a.n; l++) {
            double entry = 0;
            for (int j = 0; j < a.n; j++)
                entry += row(c.A, i).at[j] * row(c.B, j).at[l] -
                         row(c.B, i).at[j] * row(c.A, j).at[l];
            sum += entry * entry;
        }
    double spread_a = a.at[0] - a.at[a.n - 1], spread_b = b.at[0] - b.at[b.n - 1];
    return sqrt(sum) / hypot(spread_a, spread_b);
}

/* A := J'AJ, where J turns the plane of axes p and q by the angle. */
static void turn_plane(mat A, int p, int q, double angle)
{
    double c = cos(angle), s = sin(angle);
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < A.rows; i++) {
            real *x = side == 0 ? &row(A, i).at[p] : &row(A, p).at[i];
            real *y = side == 0 ? &row(A, i).at[q] : &row(A, q).at[i];
            double x_old = *x;
            *x = c * x_old + s * *y;
            *y = c * *y - s * x_old;
        }
}

/* Jacobi's method for two matrices at once: each plane in turn is turned by the angle
 * that leaves least, of both together, off the diagonals.  Returns the mass at the end.
 * [Bunse-Gerstner, Byers, Mehrmann 1993; Cardoso, Souloumiac 1996] */
static double jacobi(struct couple c)
{
    for (int sweep = 0; sweep < 30; sweep++)
        for (int p = 0; p < c.A.rows; p++)
            for (int q = p + 1; q < c.A.rows; q++) {
                double x = row(c.A, p).at[p] - row(c.A, q).at[q];
                double u = row(c.B, p).at[p] - row(c.B, q).at[q];
                double y = 2 * row(c.A, p).at[q], v = 2 * row(c.B, p).at[q];
                double angle =
                    atan2(2 * (x * y + u * v), x * x - y * y + u * u - v * v) / 4;
                turn_plane(c.A, p, q, angle);
                turn_plane(c.B, p, q, angle);
            }
    return mass(c);
}

/* The largest quotient of the bound and the mass, over random rotations and the one
 * that Jacobi's method ends with. */
static double bound_over_mass(struct claim *claim, struct couple c, double bound)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    mat Q = arena_mat(arena, c.A.rows, c.A.rows);
    double most = 0;
    for (int trial = 0; trial < 50; trial++) {
        size_t mark = arena->used;
        rng_rotation(&rng, arena, Q);
        struct couple turned = transformed(claim, c, Q);
        most = worst(most, bound / mass(turned));
        most = worst(most, bound / jacobi(turned));
        arena->used = mark;
    }
    return most;
}

/* M with M'AM a multiple of I and M'BM diagonal, for a positive definite A, of
 * determinant 1, so that it does not just make everything small. */
static mat congruence(struct claim *claim, struct couple c)
{
    struct arena *arena = claim_arena(claim);
    int n = c.A.rows;
    mat Q = arena_mat(arena, n, n), V = arena_mat(arena, n, n),
        M = arena_mat(arena, n, n);
    vec a = arena_vec(arena, n), b = arena_vec(arena, n);
    route_eigen(c.A, a, Q);
    double log_det = 0;
    for (int j = 0; j < n; j++)
        log_det += log(a.at[j]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            row(Q, i).at[j] *= exp(log_det / (2 * n)) / sqrt(a.at[j]);
    route_eigen(transformed(claim, c, Q).B, b, V);
    gemm(1, AS_IS, Q, AS_IS, V, 0, M);
    return M;
}

CLAIM(inv_two_matrices, BOUND,
      "A and B that do not commute are never both diagonal, and by how much not")
{
    vec a = geometric_spectrum(claim_arena(claim), N, 2, 10);
    vec b = geometric_spectrum(claim_arena(claim), N, 3, 30);
    struct couple c = build_couple(claim, a, b, PI / 6);
    double bound = least_mass_allowed(c, a, b);
    evidence(claim, "bound / norm, 50 rotations, Jacobi",
             at_most(bound_over_mass(claim, c, bound), 1));

    /* In a plane, with equal spreads s, the least norm is s sin(angle), and the bound
     * cos(angle) of it: at 0.1, they are half a percent apart. */
    vec high = plane_spectrum(claim, 3, 1), low = plane_spectrum(claim, 1, -1);
    struct couple plane = build_couple(claim, high, low, 0.1);
    double plane_bound = least_mass_allowed(plane, high, low);
    double least = jacobi(plane);
    evidence(claim, "least norm in a plane, less its law",
             at_most(fabs(least - 2 * sin(0.1)), rounding(30 * 8, 6)));
    evidence(claim, "bound / least norm in a plane",
             at_least(plane_bound / least, 0.99));

    struct series s = series_begin(claim, "couple", "degrees", "least", "bound", NULL);
    for (int degrees = 0; degrees <= 45; degrees += 3) {
        struct couple next = build_couple(claim, high, low, degrees * PI / 180);
        double allowed = least_mass_allowed(next, high, low);
        series_row(&s, (double[]){degrees, jacobi(next), allowed});
    }
    series_end(&s);

    struct couple common = build_couple(claim, a, b, 0);
    control(claim, "common axes, AB = BA",
            at_most(bound_over_mass(claim, common, bound), 1));
    control(claim, "M invertible, but no rotation",
            at_most(bound / mass(transformed(claim, c, congruence(claim, c))), 1));
}

CLAIM(inv_commuting, IDENTITY, "One rotation makes both A and B diagonal if AB = BA")
{
    struct arena *arena = claim_arena(claim);
    vec a = geometric_spectrum(arena, N, 2, 10),
        b = geometric_spectrum(arena, N, 3, 30);
    vec values = arena_vec(arena, N);
    mat Q = arena_mat(arena, N, N);
    struct couple common = build_couple(claim, a, b, 0);
    struct couple tilted = build_couple(claim, a, b, PI / 180);
    /* An eigenvector is known to N eps ||A|| over the distance to the next eigenvalue,
     * and what is wrong with it B multiplies. */
    double next = a.at[N - 2] - a.at[N - 1];
    double limit = rounding(N * N, a.at[0] / next * b.at[0]);
    route_eigen(common.A, values, Q);
    evidence(claim, "norm of what is off both diagonals",
             at_most(mass(transformed(claim, common, Q)), limit));
    route_eigen(tilted.A, values, Q);
    control(claim, "axes that are 1 degree apart",
            at_most(mass(transformed(claim, tilted, Q)), limit));

    vec twice = arena_vec(arena, N); /* 2, 2, 3/2, 3/2, 1, 1, 1/2, 1/2 */
    for (int j = 0; j < N; j++)
        twice.at[j] = 2 - 0.5 * (j / 2);
    struct couple repeated = build_couple(claim, twice, b, 0);
    route_eigen(repeated.A, values, Q);
    control(claim, "A's axes, eigenvalues repeat",
            at_most(mass(transformed(claim, repeated, Q)), limit));
    evidence(claim, "eigenvalues repeat: Jacobi's axes",
             at_most(jacobi(repeated), rounding(30 * N * N / 2, a.at[0] + b.at[0])));
}

SECTION(inv_couples, &inv_commuting, &inv_two_matrices);
