/* Section "Nets that add" of the chapter "Depth as time". */
#include "curves.h"

#include <math.h>

/* |h_T - h_0 - sum of epsilon phi(W_t h_t + b_t)|, where the sum runs over t = 0, ...,
 * last, in plain loops from the recorded states. */
static double gap_of_sum(struct arena *arena, struct curve c, struct resnet net,
                         const struct resnet_pass *pass, int last)
{
    vec sum = arena_vec(arena, EXAMPLES * D), branch = arena_vec(arena, sum.n);
    copy(entries(c.X), sum);
    for (int t = 0; t <= last; t++) {
        curve_field(&c, (double)t / net.depth, entries(state(pass, t)), branch);
        axpy(net.step, branch, sum);
    }
    return distance(sum, entries(state(pass, net.depth)));
}

CLAIM(resnet_telescope, IDENTITY,
      "A residual net's output is its input plus what layers 0 to T - 1 add")
{
    enum { T = 20 };
    struct arena *arena = claim_arena(claim);
    struct curve c = build_curve(claim, 0, TANH);
    struct resnet net = residual(T, D, TANH, 1);
    vec w = arena_vec(arena, resnet_parameters(net));
    struct resnet_pass pass = run_curve(arena, c, net, w);
    /* T + D + 2 roundings of numbers that are at most |h_0| + T in each entry. */
    double size = sqrt(EXAMPLES * D) * (max_norm(entries(c.X)) + T);
    double limit = rounding(T + D + 2, size);
    evidence(claim, "h_T less the sum, t = 0 to T - 1",
             at_most(gap_of_sum(arena, c, net, &pass, T - 1), limit));
    control(claim, "the sum of t = 0 to T",
            at_most(gap_of_sum(arena, c, net, &pass, T), limit));
    net.skip = false;
    pass = run_curve(arena, c, net, w);
    control(claim, "the plain net, t = 0 to T - 1",
            at_most(gap_of_sum(arena, c, net, &pass, T - 1), limit));
}

/* How far the net's output moves if so many layers of weights 0 are put behind it. */
static double moved_by_zeros(struct claim *claim, struct resnet net, int more)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 1);
    struct resnet deeper = net;
    deeper.depth += more;
    vec w = arena_vec(arena, resnet_parameters(net)),
        longer = arena_vec(arena, resnet_parameters(deeper));
    mat X = arena_mat(arena, EXAMPLES, net.width);
    rng_normals(&rng, 0, 1 / sqrt(net.width), w);
    rng_normals(&rng, 0, 1, entries(X));
    copy(w, (vec){w.n, longer.at});
    struct resnet_pass pass = resnet_pass_make(arena, net, EXAMPLES),
                       beyond = resnet_pass_make(arena, deeper, EXAMPLES);
    resnet_forward(net, w, X, &pass);
    resnet_forward(deeper, longer, X, &beyond);
    return distance(entries(state(&pass, net.depth)),
                    entries(state(&beyond, deeper.depth)));
}

CLAIM(resnet_copy, IDENTITY,
      "Layers of weights 0 leave a residual net's function as it was, bit for bit")
{
    struct resnet net = residual(10, D, TANH, 1), plain = net;
    plain.skip = false;
    evidence(claim, "change by 40 layers of zeros",
             at_most(moved_by_zeros(claim, net, 40), 0));
    evidence(claim, "one layer, and one of zeros",
             at_most(moved_by_zeros(claim, residual(1, D, RELU, 1), 1), 0));
    control(claim, "the plain net", at_most(moved_by_zeros(claim, plain, 40), 0));
}

SECTION(resnet_additions, &resnet_telescope, &resnet_copy);
