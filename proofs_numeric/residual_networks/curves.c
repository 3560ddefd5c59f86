#include "curves.h"

#include <math.h>

void draw_layer(struct rng *rng, double gain, vec theta)
{
    rng_normals(rng, 0, gain / sqrt(D), (vec){D * D, theta.at});
    rng_normals(rng, 0, 0.5, (vec){D, theta.at + D * D});
}

struct curve build_curve(struct claim *claim, uint64_t replicate,
                         enum activation activation)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, replicate);
    struct curve c = {arena_vec(arena, D * D + D), arena_vec(arena, D * D + D),
                      arena_mat(arena, EXAMPLES, D), activation};
    draw_layer(&rng, sqrt(0.5), c.theta_0);
    draw_layer(&rng, sqrt(0.5), c.theta_1);
    rng_normals(&rng, 0, 1, entries(c.X));
    return c;
}

struct resnet residual(int depth, int width, enum activation activation, double step)
{
    return (struct resnet){depth, width, activation, true, step};
}

mat state(const struct resnet_pass *pass, int t)
{
    return resnet_block(pass, pass->H, t);
}

/* w := the curve's layers; returns the run of the net with them. */
struct resnet_pass run_curve(struct arena *arena, struct curve c, struct resnet net,
                             vec w)
{
    struct resnet_pass pass = resnet_pass_make(arena, net, c.X.rows);
    resnet_smooth(net, c.theta_0, c.theta_1, w);
    resnet_forward(net, w, c.X, &pass);
    return pass;
}

static double phi(enum activation activation, double z)
{
    return activation == TANH ? tanh(z) : activation == RELU ? fmax(z, 0) : z;
}

/* The field dh/dt = phi(W(t) h + b(t)) on every row of the state, in plain loops. */
void curve_field(void *context, double t, vec z, vec dz)
{
    const struct curve *c = context;
    double theta[D * D + D];
    for (int k = 0; k < D * D + D; k++)
        theta[k] = cos(t) * c->theta_0.at[k] + sin(t) * c->theta_1.at[k];
    for (int i = 0; i < z.n; i += D)
        for (int j = 0; j < D; j++) {
            double sum = theta[D * D + j];
            for (int k = 0; k < D; k++)
                sum += theta[j * D + k] * z.at[i + k];
            dz.at[i + j] = phi(c->activation, sum);
        }
}

/* What the next term adds, at most, to a slope that is fitted over the decade from T
 * on. For h' = lambda h Euler's error is e^lambda lambda^2 / 2T (1 - r / T + ...) with
 * r = 2/3 lambda + lambda^2 / 4; and r < 7/3, as lambda is |W| < 2 here.  So it is for
 * the derivative by h, and of the term after that. */
double next_term(double T) { return log10(1 + 7 / (3 * T)); }

/* From `shallow` on over a decade, evenly in the logarithm. */
int depth_of(int shallow, int i)
{
    return (int)lround(shallow * pow(10, i / (DEPTHS - 1.0)));
}

/* A net that runs as many inputs as it has outputs, those of X over and over, so that
 * row j of each block of A can be the gradient of output j at input j. */
struct resnet_pass run_outputs(struct arena *arena, struct resnet net, vec w, mat X)
{
    struct resnet_pass pass = resnet_pass_make(arena, net, net.width);
    mat all = arena_mat(arena, net.width, net.width);
    for (int j = 0; j < net.width; j++) {
        copy(row(X, j % X.rows), row(all, j));
        row(resnet_block(&pass, pass.A, net.depth), j).at[j] = 1;
    }
    resnet_forward(net, w, all, &pass);
    resnet_backward(net, w, &pass);
    return pass;
}

/* w := weights N(0, 1 / width) for each layer, or the first layer's in all of them; the
 * biases stay as they are. */
void draw_layers(struct rng *rng, struct resnet net, bool tied, vec w)
{
    for (int t = 0; t < net.depth; t++) {
        mat W = resnet_weights(net, w, t);
        if (t == 0 || !tied)
            rng_normals(rng, 0, 1 / sqrt(net.width), entries(W));
        else
            copy(entries(resnet_weights(net, w, 0)), entries(W));
    }
}
