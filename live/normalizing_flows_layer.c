/* Where one planar layer takes normal points of the line, and the density that the
 * change of variables gives them. */
#include "live.h"
#include "normalizing_flows.h"

#include <math.h>

enum { GRID = 240, SAMPLES = 6000, CELLS = 48 };

static const double edge = 6; /* of what is shown: from -edge to edge */

const struct slider live_sliders[] = {{"where to u", -4, 4, 2, 80, EVEN},
                                      {"steepness w", 0.2, 3, 1, 28, EVEN},
                                      {"shift b", -2, 2, 0, 40, EVEN},
                                      {0}};

const char live_columns[] = "x\tdensity\tcell\tshare";

/* Z := the layer's image of Z; the log-density there. */
static vec push(struct arena *arena, struct planar layer, mat Z)
{
    vec h = arena_vec(arena, Z.rows), slope = arena_vec(arena, Z.rows),
        log_q = arena_vec(arena, Z.rows);
    nf_base(Z, log_q);
    nf_planar_forward(layer, Z, h, slope, log_q);
    return log_q;
}

/* How much of a sample falls in each cell, as a density. */
static void count(struct arena *arena, struct planar layer, mat curves)
{
    struct rng rng = rng_make(1, "live layer", 0);
    mat Z = arena_mat(arena, SAMPLES, 1);
    double width = 2 * edge / CELLS;
    rng_normals(&rng, 0, 1, entries(Z));
    push(arena, layer, Z);
    for (int c = 0; c < CELLS; c++) {
        row(curves, c).at[2] = -edge + (c + 0.5) * width;
        row(curves, c).at[3] = 0;
    }
    for (int i = 0; i < SAMPLES; i++) {
        double cell = floor((Z.at[i] + edge) / width);
        if (cell >= 0 && cell < CELLS)
            row(curves, (int)cell).at[3] += 1 / (SAMPLES * width);
    }
}

mat live(struct arena *arena, vec slider)
{
    struct planar layer = {arena_vec(arena, 1), arena_vec(arena, 1), slider.at[2]};
    mat Z = arena_mat(arena, GRID + 1, 1), curves = arena_mat(arena, GRID + 1, 4);
    layer.u.at[0] = slider.at[0];
    layer.w.at[0] = slider.at[1];
    fill(NAN, entries(curves));
    for (int i = 0; i <= GRID; i++)
        Z.at[i] = 4.0 * (2 * i - GRID) / GRID; /* from -4 to 4 */
    vec log_q = push(arena, layer, Z);
    for (int i = 0; i <= GRID; i++) {
        row(curves, i).at[0] = Z.at[i];
        row(curves, i).at[1] = exp(log_q.at[i]);
    }
    count(arena, layer, curves);
    return curves;
}
