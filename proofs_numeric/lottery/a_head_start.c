/* Section "A head start". */
#include "tickets.h"

enum { SOON = 10, LATE = 8 * STEPS };

/* Accuracies of a ticket, of its mask with other weights and of a random mask, after
 * more and more steps: for the figure. */
static void record_race(struct claim *claim, struct images source)
{
    enum { DRAWN = 3, TIMES = 5 };
    static const int steps[TIMES] = {SOON, STEPS, 2 * STEPS, 4 * STEPS, LATE};
    double of[TIMES][3] = {{0}};
    for (int r = 0; r < DRAWN; r++) {
        struct drawing x;
        drawing_begin(claim, source, 100 + r, &x);
        drawing_prune(&x, 3);
        vec random = random_mask(&x);
        for (int i = 0; i < TIMES; i++) {
            of[i][0] += accuracy(&x, x.w_0, x.mask, steps[i]) / DRAWN;
            of[i][1] += accuracy(&x, x.other, x.mask, steps[i]) / DRAWN;
            of[i][2] += accuracy(&x, x.w_0, random, steps[i]) / DRAWN;
        }
        drawing_end(&x);
    }
    struct series s =
        series_begin(claim, "race", "steps", "ticket", "redrawn", "random", NULL);
    for (int i = 0; i < TIMES; i++)
        series_row(&s, (double[]){steps[i], of[i][0], of[i][1], of[i][2]});
    series_end(&s);
}

CLAIM(lot_head_start, PHENOMENON,
      "Trained for longer, the same mask with other weights has caught up")
{
    enum { RUNS = 40 };
    struct images source = images_first(claim, SOURCE, POOL);
    double late[RUNS], early[RUNS];
    for (int r = 0; r < RUNS; r++) {
        struct drawing x;
        drawing_begin(claim, source, r, &x);
        drawing_prune(&x, 3);
        early[r] =
            accuracy(&x, x.other, x.mask, SOON) - accuracy(&x, x.w_0, x.mask, SOON);
        late[r] =
            accuracy(&x, x.other, x.mask, LATE) - accuracy(&x, x.w_0, x.mask, LATE);
        drawing_end(&x);
    }
    evidence(claim, "200 steps: re-drawn less ticket",
             effect_at_least(RUNS, late, -0.05));
    control(claim, "10 steps: re-drawn less ticket",
            effect_at_least(RUNS, early, -0.05));
    record_race(claim, source);
}

SECTION(lot_races, &lot_head_start);
