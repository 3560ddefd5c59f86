/* Section "What a ticket is worth". */
#include "tickets.h"

enum { RUNS = 40 };

CLAIM(lot_tickets, PHENOMENON,
      "A ticket learns more than its mask re-drawn, or its weights under another mask")
{
    enum { MANY = 48 };
    struct images source = images_first(claim, SOURCE, POOL);
    double over_redrawn[MANY], over_random[MANY], unpruned[MANY];
    for (int r = 0; r < MANY; r++) {
        struct drawing x;
        drawing_begin(claim, source, r, &x);
        unpruned[r] =
            accuracy(&x, x.w_0, x.mask, STEPS) - accuracy(&x, x.other, x.mask, STEPS);
        drawing_prune(&x, 3);
        double ticket = accuracy(&x, x.w_0, x.mask, STEPS);
        over_redrawn[r] = ticket - accuracy(&x, x.other, x.mask, STEPS);
        vec random = random_mask(&x);
        over_random[r] = ticket - accuracy(&x, x.w_0, random, STEPS);
        drawing_end(&x);
    }
    evidence(claim, "16 % left: over re-drawn weights",
             effect_at_least(MANY, over_redrawn, 0.05));
    evidence(claim, "16 % left: over a random mask",
             effect_at_least(MANY, over_random, 0.05));
    control(claim, "nothing pruned: over re-drawn",
            effect_at_least(MANY, unpruned, 0.05));
}

/* The recipe as it is printed: after the first round nothing is trained before it is
 * pruned again, so that the initial weights decide. */
static vec printed_mask(struct drawing *x, int rounds)
{
    vec mask = arena_vec(x->arena, x->w_0.n);
    fill(1, mask);
    lot_round(&x->net, x->how, SHARES, x->w_0, x->arena, mask, x->w);
    for (int k = 1; k < rounds; k++)
        lot_prune_layers(&x->net, SHARES, x->w_0, x->arena, mask);
    return mask;
}

/* What the recipe's ticket gets right beyond that of the printed loop, both with 16 %
 * of the weights, if the rounds train at so many times the rate of what is measured. */
static void sample_lead(struct claim *claim, struct images source, double rate,
                        int runs, double *lead)
{
    for (int r = 0; r < runs; r++) {
        struct drawing x;
        drawing_begin(claim, source, r, &x);
        double alpha = x.how.alpha;
        x.how.alpha = rate * alpha;
        vec printed = printed_mask(&x, 3);
        drawing_prune(&x, 3);
        x.how.alpha = alpha;
        lead[r] =
            accuracy(&x, x.w_0, x.mask, STEPS) - accuracy(&x, x.w_0, printed, STEPS);
        drawing_end(&x);
    }
}

CLAIM(lot_retrain, PHENOMENON,
      "Train, prune, reset, repeat: the loop that does not train again finds less")
{
    enum { FEW = 16 };
    struct images source = images_first(claim, SOURCE, POOL);
    double lead[RUNS], idle[FEW];
    sample_lead(claim, source, 1, RUNS, lead);
    evidence(claim, "16 % left: over the printed loop",
             effect_at_least(RUNS, lead, 0.05));
    /* So little that hardly a weight passes another: the masks are the same. */
    sample_lead(claim, source, 1e-7, FEW, idle);
    control(claim, "rounds that hardly train", effect_at_least(FEW, idle, 0.05));
}

CLAIM(lot_untrained, PHENOMENON,
      "Pruning is training: a ticket classifies before its first step")
{
    enum { MANY = 32 };
    struct images source = images_first(claim, SOURCE, POOL);
    double ticket[MANY], random[MANY], all[MANY];
    for (int r = 0; r < MANY; r++) {
        struct drawing x;
        drawing_begin(claim, source, r, &x);
        all[r] = accuracy(&x, x.w_0, x.mask, 0);
        drawing_prune(&x, 3);
        ticket[r] = accuracy(&x, x.w_0, x.mask, 0);
        random[r] = accuracy(&x, x.w_0, random_mask(&x), 0);
        drawing_end(&x);
    }
    evidence(claim, "16 % left: accuracy", effect_at_least(MANY, ticket, 0.3));
    control(claim, "a random mask", effect_at_least(MANY, random, 0.3));
    control(claim, "all of the initial weights", effect_at_least(MANY, all, 0.3));
}

/* ---- How small a ticket may be --------------------------------------------------- */

enum { ROUNDS = 6, DRAWN = 4 };

/* For the figure: the means over DRAWN runs after so many rounds of pruning. */
struct ladder {
    double left, ticket, redrawn, random, untrained;
};

static void climb(struct drawing *x, struct ladder *at)
{
    vec random = random_mask(x);
    at->left = lot_share_left(&x->net, x->mask);
    at->ticket += accuracy(x, x->w_0, x->mask, STEPS) / DRAWN;
    at->redrawn += accuracy(x, x->other, x->mask, STEPS) / DRAWN;
    at->random += accuracy(x, x->w_0, random, STEPS) / DRAWN;
    at->untrained += accuracy(x, x->w_0, x->mask, 0) / DRAWN;
}

static void record_ladder(struct claim *claim, struct images source)
{
    struct ladder at[ROUNDS + 1] = {{0}};
    for (int r = 0; r < DRAWN; r++) {
        struct drawing x;
        drawing_begin(claim, source, RUNS + r, &x);
        for (int k = 0; k <= ROUNDS; k++) {
            climb(&x, at + k);
            drawing_prune(&x, 1);
        }
        drawing_end(&x);
    }
    struct series s = series_begin(claim, "ladder", "left", "ticket", "redrawn",
                                   "random", "untrained", "dense", "chance", NULL);
    for (int k = 0; k <= ROUNDS; k++)
        series_row(&s, (double[]){at[k].left, at[k].ticket, at[k].redrawn, at[k].random,
                                  at[k].untrained, at[0].ticket, 0.1});
    series_end(&s);
}

CLAIM(lot_size, PHENOMENON,
      "With 29 % of the weights a ticket is within 5 points of the whole network")
{
    enum { MANY = 36 };
    struct images source = images_first(claim, SOURCE, POOL);
    double ticket[MANY], small[MANY];
    for (int r = 0; r < MANY; r++) {
        struct drawing x;
        drawing_begin(claim, source, r, &x);
        double all = accuracy(&x, x.w_0, x.mask, STEPS);
        drawing_prune(&x, 2);
        ticket[r] = accuracy(&x, x.w_0, x.mask, STEPS) - all;
        drawing_prune(&x, 3);
        small[r] = accuracy(&x, x.w_0, x.mask, STEPS) - all;
        drawing_end(&x);
    }
    evidence(claim, "29 % left: less than the whole",
             effect_at_least(MANY, ticket, -0.05));
    control(claim, "5 % left", effect_at_least(MANY, small, -0.05));
    record_ladder(claim, source);
}

SECTION(lot_worth, &lot_tickets, &lot_retrain, &lot_untrained, &lot_size);
