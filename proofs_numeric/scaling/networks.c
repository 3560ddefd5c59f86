#include "scaling/networks.h"

#include "lazy_training.h"
#include "tangent_kernel.h"

#include <math.h>

enum { HIDDEN = 4 };

static struct mlp tower(int inputs, int hidden, int m)
{
    REQUIRE(hidden >= 1 && hidden <= HIDDEN, "%d hidden layers", hidden);
    int width[HIDDEN + 2] = {inputs};
    for (int l = 1; l <= hidden; l++)
        width[l] = m;
    width[hidden + 1] = 1;
    return mlp_make(hidden + 1, width, RELU, STANDARD, false);
}

static struct optimizer adam_of(struct arena *arena, struct adam adam)
{
    struct adam *kept = (struct adam *)arena_take(arena, sizeof adam);
    *kept = adam;
    return by_adam(kept);
}

/* A step along the gradient, or along its signs: one that remembers nothing. */
static struct optimizer moved_by(struct arena *arena, enum scal_rule rule, int n)
{
    if (rule == BY_SIGN)
        return adam_of(arena, adam_make(arena, n, 0, 0, 0));
    struct momentum *descent = (struct momentum *)arena_take(arena, sizeof *descent);
    *descent = momentum_make(arena, n, 0);
    return by_momentum(descent);
}

static double rate_of(const struct scaled *x, enum scaled_as as, enum scal_rule rule,
                      int l)
{
    int last = x->net.depth - 1;
    if (as == STANDARD_RATES)
        return 1;
    if (as == TANGENT_RATES)
        return 1 / ((double)x->net.width[l] / x->base.width[l]);
    bool exchanged = as == SWAPPED_RATES && (l == 0 || l == last);
    return scal_rate(rule, &x->net, &x->base, exchanged ? last - l : l);
}

void scaled_make(struct scaled *x, struct arena *arena, struct rng *rng,
                 enum scaled_as as, enum scal_rule rule, int inputs, int hidden, int m,
                 int m_0)
{
    *x = (struct scaled){.net = tower(inputs, hidden, m),
                         .base = tower(inputs, hidden, m_0)};
    int P = mlp_parameters(&x->net), last = x->net.depth - 1;
    x->w = arena_vec(arena, P);
    x->grad = arena_vec(arena, P);
    if (as == STANDARD_RATES || as == TANGENT_RATES)
        lazy_draw(&x->net, STANDARD_START, rng, x->w);
    else
        scal_draw(&x->net, &x->base, rng, x->w);
    x->layers.net = &x->net;
    for (int l = 0; l <= last; l++) {
        int n = entries(mlp_weights(&x->net, x->w, l)).n;
        x->layers.by[l] = moved_by(arena, rule, n);
        x->layers.rate[l] = rate_of(x, as, rule, l);
    }
}

void scaled_by_adam(struct scaled *x, struct arena *arena)
{
    for (int l = 0; l < x->net.depth; l++) {
        int n = entries(mlp_weights(&x->net, x->w, l)).n;
        x->layers.by[l] = adam_of(arena, adam_make(arena, n, 0.9, 0.999, 1e-8));
    }
}

double mean_kernel(double m, vec x, vec y)
{
    double theta = ntk_angle(x, y), size = norm(x) * norm(y);
    return m / 2 * ntk_arc_cosine_1(theta) * size / x.n +
           ntk_arc_cosine_0(theta) * cos(theta) * size / 2;
}
