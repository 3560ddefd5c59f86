#include "barron/networks.h"

static struct bar_units units_of(struct arena *arena, struct bar_law law, mat U)
{
    struct bar_units f = bar_units_make(arena, U.rows, law.d);
    bar_units_at(law, U, &f);
    return f;
}

struct bar_units independent_units(struct arena *arena, struct bar_law law, int m,
                                   struct rng *rng)
{
    mat U = arena_mat(arena, m, law.sides);
    rng_uniforms(rng, 0, 1, entries(U));
    return units_of(arena, law, U);
}

static mat cells(struct arena *arena, struct bar_law law, int n)
{
    int all = 1;
    for (int j = 0; j < law.sides; j++)
        all *= n;
    return arena_mat(arena, all, law.sides);
}

struct bar_units cell_units(struct arena *arena, struct bar_law law, int n,
                            struct rng *rng)
{
    mat U = cells(arena, law, n);
    bar_one_per_cell(n, rng, U);
    return units_of(arena, law, U);
}

struct bar_units middle_units(struct arena *arena, struct bar_law law, int n)
{
    mat U = cells(arena, law, n);
    bar_middles(n, U);
    return units_of(arena, law, U);
}

double value_at(struct arena *arena, struct bar_units f, vec x)
{
    real y;
    bar_value(f, (mat){1, x.n, x.at}, arena, (vec){1, &y});
    return y;
}

vec cube_point(struct arena *arena, struct rng *rng, int d)
{
    vec x = arena_vec(arena, d);
    rng_uniforms(rng, -1, 1, x);
    return x;
}
