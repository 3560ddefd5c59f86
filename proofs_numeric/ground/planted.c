#include "ground/planted.h"

#include <math.h>

/* The corners of a simplex before they are turned: d points in the plane orthogonal to
 * (1, ..., 1), u_i = (e_i - 1/d (1, ..., 1)) sqrt(d / (d - 1)). */
static double corner(int d, int i, int j)
{
    return ((i == j) - 1.0 / d) * sqrt(d / (d - 1.0));
}

/* p_i, uniform on 1 - spread to 1 + spread, over their sum; 0 off the support. */
static void draw_shares(struct rng *rng, double spread, vec support, vec p)
{
    double sum = 0;
    rng_uniforms(rng, 1 - spread, 1 + spread, support);
    for (int i = 0; i < support.n; i++)
        sum += support.at[i];
    for (int i = 0; i < support.n; i++)
        p.at[i] = support.at[i] / sum;
}

/* z := its part in T, to the length 1; before the turning, when e is (1, ..., 1) /
 * sqrt(d). */
static void into_plane(vec z)
{
    double mean = 0, square = 0;
    for (int j = 0; j < z.n; j++)
        mean += z.at[j] / z.n;
    for (int j = 0; j < z.n; j++) {
        z.at[j] -= mean;
        square += (double)z.at[j] * z.at[j];
    }
    for (int j = 0; j < z.n; j++)
        z.at[j] /= sqrt(square);
}

/* z := height along e and a uniform direction of T, so long that ||z|| <= 1.  The first
 * time into T may leave rounding, magnified; the second time there is none to magnify.
 */
static void draw_other(struct rng *rng, double gamma, vec z)
{
    double height = gamma * (2 + rng_uniform(rng));
    double reach = rng_uniform(rng) * sqrt(fmax(0, 1 - height * height));
    rng_normals(rng, 0, 1, z);
    into_plane(z);
    into_plane(z);
    for (int j = 0; j < z.n; j++)
        z.at[j] = height / sqrt(z.n) + reach * z.at[j];
}

/* x := Q x. */
static void turn(mat Q, vec old, vec x)
{
    for (int j = 0; j < x.n; j++)
        old.at[j] = x.at[j];
    for (int i = 0; i < x.n; i++) {
        double sum = 0;
        for (int j = 0; j < x.n; j++)
            sum += (double)Q.at[i * x.n + j] * old.at[j];
        x.at[i] = sum;
    }
}

/* w_tilde = a e + t with t in T: gamma a + s u_i't / p_i = -ln alpha_i for the d points
 * of the support.  Weighted with p_i and summed, gamma a = -sum p_i ln alpha_i; then
 * u_i't is known, and t = (d - 1) / d sum (u_i't) u_i.  Before the turning. */
static void find_w_tilde(struct planted *world, double s)
{
    int d = world->Z.cols;
    double rise = 0;
    for (int i = 0; i < d; i++)
        rise -= world->p.at[i] * log(world->alpha.at[i]);
    for (int j = 0; j < d; j++) {
        world->w_tilde.at[j] = rise / world->gamma / sqrt(d);
        for (int i = 0; i < d; i++) {
            double along = -world->p.at[i] / s * (log(world->alpha.at[i]) + rise);
            world->w_tilde.at[j] += (d - 1.0) / d * along * corner(d, i, j);
        }
    }
}

/* The points, before the turning. */
static void place(struct planted *world, struct rng *rng, double s)
{
    int d = world->Z.cols;
    for (int i = 0; i < world->Z.rows; i++)
        if (i < d)
            for (int j = 0; j < d; j++)
                world->Z.at[i * d + j] =
                    world->gamma / sqrt(d) + s / world->p.at[i] * corner(d, i, j);
        else
            draw_other(rng, world->gamma, row(world->Z, i));
}

struct planted planted_make(struct arena *arena, struct rng *rng, int n, int d,
                            double gamma, double spread)
{
    REQUIRE(2 <= d && d <= n, "%d points have no simplex of %d corners", n, d);
    REQUIRE(0 < gamma && gamma <= 1 / 3.0, "gamma must be in (0, 1/3], got %g", gamma);
    REQUIRE(0 <= spread && spread < 1, "spread must be in [0, 1), got %g", spread);
    struct planted world = {arena_mat(arena, n, d), gamma,
                            arena_vec(arena, d),    arena_vec(arena, d),
                            arena_vec(arena, n),    arena_vec(arena, n),
                            arena_vec(arena, d)};
    vec old = arena_vec(arena, d);
    mat Q = arena_mat(arena, d, d);
    double least = 1;
    draw_shares(rng, spread, old, world.p);
    for (int i = 0; i < d; i++) {
        least = fmin(least, world.p.at[i]);
        world.alpha.at[i] = world.p.at[i] / (gamma * gamma);
    }
    double s = least * sqrt(1 - gamma * gamma);
    place(&world, rng, s);
    find_w_tilde(&world, s);
    for (int j = 0; j < d; j++)
        world.e.at[j] = 1 / sqrt(d);
    rng_rotation(rng, arena, Q);
    turn(Q, old, world.e);
    turn(Q, old, world.w_tilde);
    for (int i = 0; i < n; i++)
        turn(Q, old, row(world.Z, i));
    for (int j = 0; j < d; j++)
        world.w.at[j] = world.e.at[j] / gamma;
    return world;
}
