/* What randomness is for: equal units, and units that differ without any chance. */
#include "networks.h"

#include <math.h>

enum { IMAGES = 64, HIDDEN = 16 };

/* One hidden layer of tanh, for the ten classes; T: 1 for the class of each image. */
static struct network classifier(struct claim *claim, struct images source,
                                 struct rng *rng, mat *T)
{
    int widths[] = {PIXELS, HIDDEN, DATASET_CLASSES};
    struct network x =
        network_make(claim, mlp_make(2, widths, TANH, STANDARD, false), IMAGES);
    struct images some = draw_images(claim, rng, source, IMAGES);
    *T = arena_mat(claim_arena(claim), IMAGES, DATASET_CLASSES);
    copy(entries(some.X), entries(x.X));
    for (int i = 0; i < IMAGES; i++)
        row(*T, i).at[some.classes[i]] = 1;
    init_weights(&x.net, init_lecun(NORMAL), rng, x.w);
    return x;
}

/* The largest difference of a hidden unit from the first one, over all its weights. */
static double spread(const struct network *x)
{
    mat W = mlp_weights(&x->net, x->w, 0), V = mlp_weights(&x->net, x->w, 1);
    double most = 0;
    for (int i = 0; i < W.rows; i++) {
        for (int j = 0; j < W.cols; j++)
            most = worst(most, fabs(row(W, i).at[j] - row(W, 0).at[j]));
        for (int k = 0; k < V.rows; k++)
            most = worst(most, fabs(row(V, k).at[i] - row(V, k).at[0]));
    }
    return most;
}

/* Adds this much to one weight of each unit, another one for each. */
static void disturb(struct network *x, double size)
{
    for (int i = 0; i < HIDDEN; i++)
        mlp_weights(&x->net, x->w, 0).at[i * PIXELS + i] += size;
}

/* The network of width one that x is, if its units are all equal. */
static struct network collapse(struct claim *claim, const struct network *x)
{
    int widths[] = {PIXELS, 1, DATASET_CLASSES};
    struct network one =
        network_make(claim, mlp_make(2, widths, TANH, STANDARD, false), IMAGES);
    mat inner = mlp_weights(&one.net, one.w, 0),
        outer = mlp_weights(&one.net, one.w, 1);
    one.net.multiplier[0] = 1 / sqrt(HIDDEN);
    one.net.multiplier[1] = sqrt(HIDDEN);
    copy(row(mlp_weights(&x->net, x->w, 0), 0), row(inner, 0));
    for (int k = 0; k < DATASET_CLASSES; k++)
        outer.at[k] = row(mlp_weights(&x->net, x->w, 1), k).at[0];
    scale(sqrt(HIDDEN), one.w);
    copy(entries(x->X), entries(one.X));
    return one;
}

CLAIM(init_symmetry, IDENTITY,
      "Units that begin equal stay equal: m of them are a network of width one")
{
    enum { SHORT = 60 };
    struct rng rng = claim_rng(claim, 0);
    mat T;
    struct images source = images_first(claim, SOURCE, POOL);
    struct network x = classifier(claim, source, &rng, &T);
    vec start = arena_vec(claim_arena(claim), x.w.n);
    init_copies(&x.net, x.w);
    copy(x.w, start);
    struct network one = collapse(claim, &x);

    descend(&x, T, 0.1, SHORT);
    descend(&one, T, 0.1, SHORT);
    double apart = spread(&x);
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    mlp_forward(&one.net, one.w, one.X, &one.pass);
    vec gap = entries(x.pass.H[2]);
    axpy(-1, entries(one.pass.H[2]), gap);

    /* A unit moved by 1e-6 shows by how much the run multiplies a difference; rounding
     * puts in some (PIXELS + IMAGES) eps per step. */
    copy(start, x.w);
    disturb(&x, 1e-6);
    double outputs = max_norm(gap);
    descend(&x, T, 0.1, SHORT);
    double disturbed = spread(&x), growth = fmax(1, disturbed / 1e-6);
    double limit = rounding((PIXELS + IMAGES) * SHORT, growth);
    evidence(claim, "apart after 60 steps", at_most(apart, limit));
    evidence(claim, "outputs against those of width one", at_most(outputs, limit));
    control(claim, "one weight of each moved by 1e-6", at_most(disturbed, limit));
}

/* The least cost of outputs of rank one, by Eckart and Young: T'T is diagonal, with the
 * counts of the classes, so the best rank one explains the largest class. */
static double best_rank_one(mat T)
{
    double largest_class = 0;
    for (int k = 0; k < T.cols; k++) {
        double count = 0;
        for (int i = 0; i < T.rows; i++)
            count += row(T, i).at[k];
        largest_class = fmax(largest_class, count);
    }
    return (T.rows - largest_class) / (2.0 * T.rows);
}

/* Equal units: the least cost that training finds.  As one unit, so that rounding
 * cannot set the copies apart.  bound: of the least cost that is possible. */
static double least_of_equal(struct claim *claim, struct images source,
                             uint64_t replicate, double *bound)
{
    size_t mark = claim_arena(claim)->used;
    struct rng rng = claim_rng(claim, replicate);
    mat T;
    struct network x = classifier(claim, source, &rng, &T);
    init_copies(&x.net, x.w);
    struct network one = collapse(claim, &x);
    double least = descend(&one, T, 0.1, 1500);
    *bound = best_rank_one(T);
    claim_arena(claim)->used = mark;
    return least;
}

CLAIM(init_rank_one, BOUND,
      "Equal units put out rank one and fit one class; a millionth apart, they do more")
{
    enum { EACH = 32 };
    struct images source = images_first(claim, SOURCE, POOL);
    double shares[EACH], most = 0, bound;
    for (int r = 0; r < EACH; r++) {
        double least = least_of_equal(claim, source, (uint64_t)r, &bound);
        most = worst(most, bound / least);
        shares[r] = (0.5 - least) / (0.5 - bound); /* outputs of 0 cost 1/2 */
    }
    evidence(claim, "bound over least cost, equal units", at_most(most, 1));
    evidence(claim, "share of the way from 0 to the bound",
             effect_at_least(EACH, shares, 0.2));
    struct rng rng = claim_rng(claim, EACH);
    mat T;
    struct network x = classifier(claim, source, &rng, &T);
    init_copies(&x.net, x.w);
    disturb(&x, 1e-6);
    bound = best_rank_one(T);
    control(claim, "one weight of each moved by 1e-6",
            at_most(bound / descend(&x, T, 0.1, 5000), 1));
}

/* The share of the best cost of rank one that training takes away. */
static double beyond_rank_one(struct network *x, mat T)
{
    return 1 - descend(x, T, 0.1, 200) / best_rank_one(T);
}

CLAIM(init_cosine_start, PHENOMENON,
      "From matrices of cosines a network learns as it does from random ones")
{
    /* The gains deviate by 0.05 from 0.61 and 0.65: the limit is 30 standard errors of
     * 22 networks away, and Student's interval reaches 10.4. */
    enum { EACH = 22 };
    struct images source = images_first(claim, SOURCE, POOL);
    double random[EACH], cosines[EACH], equal[EACH];
    for (int r = 0; r < EACH; r++) {
        struct rng rng = claim_rng(claim, (uint64_t)r);
        mat T;
        struct network x = classifier(claim, source, &rng, &T);
        vec start = arena_vec(claim_arena(claim), x.w.n);
        copy(x.w, start);
        random[r] = beyond_rank_one(&x, T);
        fill(NAN, x.w); /* what was learned from chance */
        init_cosines(&x.net, init_lecun(NORMAL), x.w);
        cosines[r] = beyond_rank_one(&x, T);
        copy(start, x.w);
        init_copies(&x.net, x.w);
        equal[r] = beyond_rank_one(&x, T);
    }
    evidence(claim, "cosines: gain on rank one", effect_at_least(EACH, cosines, 0.3));
    evidence(claim, "random: gain on rank one", effect_at_least(EACH, random, 0.3));
    control(claim, "equal units: gain on rank one", effect_at_least(EACH, equal, 0.3));
}

SECTION(init_randomness, &init_symmetry, &init_rank_one, &init_cosine_start);
