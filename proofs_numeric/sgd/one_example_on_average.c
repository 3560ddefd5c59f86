/* "One example, on average": the mean and the variance of a minibatch's gradient, from
 * all the minibatches that there are. */
#include "ground/claim.h"
#include "ground/images.h"
#include "mlp.h"
#include "sgd.h"

#include <math.h>

/* Eight images, a network with HIDDEN units of tanh, and half the squared distance of
 * its outputs from the class, one hot. */
enum { N = 8, POOL = 4, PIXELS = 49, HIDDEN = 12, CLASSES = DATASET_CLASSES };

struct world {
    struct arena *arena;
    struct mlp net;
    mat X, T;      /* N x PIXELS, N x CLASSES: the examples           */
    vec w;         /* p: the weights                                  */
    mat G;         /* N x p: each example's gradient, by plain sums   */
    vec g;         /* p: the mean of its rows                         */
    double S;      /* mean over the rows of ||row - g||^2             */
    double square; /* and of ||row||^2                                */
    bool summed;   /* the loss is a sum over the examples, as printed */
};

/* An sgd_examples: the network, forward and backward on copies of the examples. */
static void net_gradient(void *examples, const int *chosen, int B, vec w, vec grad)
{
    const struct world *of = examples;
    size_t mark = of->arena->used;
    mat X = arena_mat(of->arena, B, PIXELS), T = arena_mat(of->arena, B, CLASSES);
    for (int k = 0; k < B; k++) {
        copy(row(of->X, chosen[k]), row(X, k));
        copy(row(of->T, chosen[k]), row(T, k));
    }
    struct mlp_cost cost = mlp_cost_make(of->arena, &of->net, square_loss, X, T);
    mlp_cost_gradient(&cost, w, grad);
    if (of->summed)
        scale(B, grad);
    of->arena->used = mark;
}

/* The other route: the chain rule for one example, sum by sum.  The parameters are W_0,
 * b_0, W_1, b_1, row by row. */
static void plain_gradient(vec w, vec x, vec t, vec grad)
{
    const real *W0 = w.at, *b0 = W0 + HIDDEN * PIXELS, *W1 = b0 + HIDDEN,
               *b1 = W1 + CLASSES * HIDDEN;
    real *dW0 = grad.at, *db0 = dW0 + HIDDEN * PIXELS, *dW1 = db0 + HIDDEN,
         *db1 = dW1 + CLASSES * HIDDEN;
    double h[HIDDEN], back[HIDDEN] = {0};
    for (int i = 0; i < HIDDEN; i++) {
        double z = b0[i];
        for (int j = 0; j < PIXELS; j++)
            z += W0[i * PIXELS + j] * x.at[j];
        h[i] = tanh(z);
    }
    for (int k = 0; k < CLASSES; k++) {
        double off = b1[k] - t.at[k];
        for (int i = 0; i < HIDDEN; i++)
            off += W1[k * HIDDEN + i] * h[i];
        db1[k] = off;
        for (int i = 0; i < HIDDEN; i++) {
            dW1[k * HIDDEN + i] = off * h[i];
            back[i] += off * W1[k * HIDDEN + i] * (1 - h[i] * h[i]);
        }
    }
    for (int i = 0; i < HIDDEN; i++) {
        db0[i] = back[i];
        for (int j = 0; j < PIXELS; j++)
            dW0[i * PIXELS + j] = back[i] * x.at[j];
    }
}

static struct world world_make(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct images some = images_draw(&rng, arena, images_first(claim, 200, POOL), N);
    struct world of = {.arena = arena, .X = some.X};
    of.net = mlp_make(2, (int[]){PIXELS, HIDDEN, CLASSES}, TANH, STANDARD, true);
    int p = mlp_parameters(&of.net);
    of.T = images_one_hot(arena, some), of.w = arena_vec(arena, p);
    of.G = arena_mat(arena, N, p), of.g = arena_vec(arena, p);
    rng_normals(&rng, 0, 0.3, of.w);
    for (int i = 0; i < N; i++) {
        plain_gradient(of.w, row(of.X, i), row(of.T, i), row(of.G, i));
        for (int k = 0; k < p; k++)
            of.g.at[k] += row(of.G, i).at[k] / N;
    }
    for (int i = 0; i < N; i++)
        for (int k = 0; k < p; k++) {
            double g = row(of.G, i).at[k];
            of.S += pow(g - of.g.at[k], 2) / N, of.square += g * g / N;
        }
    return of;
}

/* ---- All minibatches --------------------------------------------------------------
 */

/* The next of them, as numbers that count upwards: all N^B in turn, or of these only
 * the ones whose digits rise, each set once.  False after the last. */
static bool next(int B, enum sgd_drawing drawing, int *chosen)
{
    for (int k = B - 1; k >= 0; k--) {
        int room = drawing == SGD_DISTINCT ? B - 1 - k : 0;
        if (chosen[k] == N - 1 - room)
            continue;
        chosen[k]++;
        for (int i = k + 1; i < B; i++)
            chosen[i] = drawing == SGD_DISTINCT ? chosen[i - 1] + 1 : 0;
        return true;
    }
    return false;
}

/* Over all minibatches: ||mean of G - the mean gradient||, and E ||G - mean||^2. */
struct spread {
    double off, variance;
};

static struct spread spread_of(struct world *of, int B, enum sgd_drawing drawing)
{
    int chosen[N] = {0}, count = 0;
    vec G = arena_vec(of->arena, of->w.n), sum = arena_vec(of->arena, of->w.n);
    struct spread spread = {0};
    for (int k = 0; k < B; k++)
        chosen[k] = drawing == SGD_DISTINCT ? k : 0;
    do {
        net_gradient(of, chosen, B, of->w, G);
        axpy(-1, of->g, G);
        axpy(1, G, sum);
        spread.variance += dot(G, G);
        count++;
    } while (next(B, drawing, chosen));
    spread.off = norm(sum) / count;
    spread.variance /= count;
    return spread;
}

/* A gradient is made of sums of at most PIXELS + HIDDEN + CLASSES + N terms, and passes
 * through four of them on its way. */
enum { SUMS = 4 * (PIXELS + HIDDEN + CLASSES + N) };

/* ||gradient on all examples - the mean of theirs||. */
static double gap_on_all(struct world *of)
{
    vec G = arena_vec(of->arena, of->w.n);
    net_gradient(of, (int[]){0, 1, 2, 3, 4, 5, 6, 7}, N, of->w, G);
    axpy(-1, of->g, G);
    return norm(G);
}

CLAIM(sgd_unbiased, IDENTITY,
      "The mean of all one-example gradients is the gradient of the mean loss")
{
    struct world of = world_make(claim);
    vec G = arena_vec(of.arena, of.w.n), sum = arena_vec(of.arena, of.w.n);
    vec wrong = arena_vec(of.arena, of.w.n);
    for (int i = 0; i < N; i++) {
        net_gradient(&of, &i, 1, of.w, G);
        axpy(1.0 / N, G, sum);
        axpy((i == 0 ? 2.0 : 1.0) / (N + 1), G, wrong);
    }
    double size = norm(of.g), limit = rounding(SUMS, sqrt(of.square) / size);
    axpy(-1, of.g, sum);
    evidence(claim, "mean of one-example gradients", at_most(norm(sum) / size, limit));
    evidence(claim, "gradient on all examples", at_most(gap_on_all(&of) / size, limit));

    of.summed = true;
    control(claim, "the printed sum as objective",
            at_most(gap_on_all(&of) / size, limit));
    axpy(-1, of.g, wrong);
    control(claim, "one example drawn twice as often",
            at_most(norm(wrong) / size, limit));
}

/* How far the variance of minibatches so drawn is from the share of minibatches drawn
 * as the law has it, in units of S; bias: the largest so far, over the root of square.
 */
static double gap_of_variance(struct world *of, int B, enum sgd_drawing drawing,
                              enum sgd_drawing law, double *bias)
{
    size_t mark = of->arena->used;
    struct spread spread = spread_of(of, B, drawing);
    of->arena->used = mark;
    *bias = worst(*bias, spread.off / sqrt(of->square));
    return fabs(spread.variance / of->S - sgd_share(N, B, law));
}

CLAIM(sgd_variance, IDENTITY,
      "A minibatch has S/B of the variance, times (n-B)/(n-1) without repetition")
{
    enum { BOTH = 4 };
    struct world of = world_make(claim);
    static const int sizes[] = {1, 2, 3, 5, 8};
    double limit = rounding(SUMS, of.square / of.S), bias = 0, other = 0;
    for (int k = 0; k < 5; k++)
        evidence(claim,
                 sizes[k] == N ? "all examples: no variance" : "distinct examples",
                 at_most(gap_of_variance(&of, sizes[k], SGD_DISTINCT, SGD_DISTINCT,
                                         &bias),
                         limit));
    for (int B = 1; B <= 3; B++)
        evidence(claim, "examples that may repeat",
                 at_most(gap_of_variance(&of, B, SGD_INDEPENDENT, SGD_INDEPENDENT,
                                         &bias),
                         limit));
    evidence(claim, "bias of any of these", at_most(bias, rounding(SUMS, 1)));
    /* Four are drawn the other way than the law supposes. */
    control(claim, "distinct ones, drawn with repetition",
            at_most(gap_of_variance(&of, BOTH, SGD_INDEPENDENT, SGD_DISTINCT, &other),
                    limit));
    control(claim, "independent ones, drawn distinct",
            at_most(gap_of_variance(&of, BOTH, SGD_DISTINCT, SGD_INDEPENDENT, &other),
                    limit));
}

SECTION(sgd_on_average, &sgd_unbiased, &sgd_variance);
