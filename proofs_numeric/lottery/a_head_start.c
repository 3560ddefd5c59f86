/* Section "A head start". */
#include "tickets.h"

enum { LONG = 8 * STEPS };

/* Accuracies of a ticket, of its mask with other weights and of a random mask, after
 * 10, 20, 40, ... steps: for the figure. */
static void record_race(struct claim *claim, struct images source)
{
    enum { DRAWN = 4, TIMES = 6 };
    double of[TIMES][3] = {{0}};
    for (int r = 0; r < DRAWN; r++) {
        size_t mark = claim_arena(claim)->used;
        struct drawing x;
        drawing_begin(claim, source, (uint64_t)(100 + r), &x);
        drawing_prune(claim, &x, 3);
        vec random = random_mask(claim, &x, x.mask);
        for (int i = 0; i < TIMES; i++) {
            of[i][0] += accuracy(claim, &x, x.w_0, x.mask, 10 << i) / DRAWN;
            of[i][1] += accuracy(claim, &x, x.other, x.mask, 10 << i) / DRAWN;
            of[i][2] += accuracy(claim, &x, x.w_0, random, 10 << i) / DRAWN;
        }
        claim_arena(claim)->used = mark;
    }
    struct series s =
        series_begin(claim, "race", "steps", "ticket", "redrawn", "random", NULL);
    for (int i = 0; i < TIMES; i++)
        series_row(&s, (double[]){10 << i, of[i][0], of[i][1], of[i][2]});
    series_end(&s);
}

CLAIM(lot_head_start, PHENOMENON,
      "Trained for longer, the same mask with other weights has caught up")
{
    enum { RUNS = 30 };
    struct images source = images_first(claim, SOURCE, POOL);
    double late[RUNS], early[RUNS];
    for (int r = 0; r < RUNS; r++) {
        size_t mark = claim_arena(claim)->used;
        struct drawing x;
        drawing_begin(claim, source, (uint64_t)r, &x);
        drawing_prune(claim, &x, 3);
        early[r] = accuracy(claim, &x, x.other, x.mask, STEPS / 2) -
                   accuracy(claim, &x, x.w_0, x.mask, STEPS / 2);
        late[r] = accuracy(claim, &x, x.other, x.mask, LONG) -
                  accuracy(claim, &x, x.w_0, x.mask, LONG);
        claim_arena(claim)->used = mark;
    }
    evidence(claim, "320 steps: re-drawn less ticket",
             effect_at_least(RUNS, late, -0.05));
    control(claim, "20 steps: re-drawn less ticket",
            effect_at_least(RUNS, early, -0.05));
    record_race(claim, source);
}

SECTION(lot_races, &lot_head_start);
