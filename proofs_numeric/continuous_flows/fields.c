#include "fields.h"

#include <complex.h>
#include <math.h>

/* out := W in + b, of jets with D derivatives.  w: W row by row, then b. */
static void plain_layer(int D, int in_width, int out_width, const number *w,
                        const struct jet *in, struct jet *out)
{
    const number *b = w + (size_t)in_width * out_width;
    for (int i = 0; i < out_width; i++) {
        out[i] = (struct jet){.value = b[i]};
        for (int j = 0; j < in_width; j++) {
            out[i].value += w[i * in_width + j] * in[j].value;
            for (int k = 0; k < D; k++)
                out[i].by[k] += w[i * in_width + j] * in[j].by[k];
        }
    }
}

void plain_field(const struct cnf *cnf, const number *w, double t, const number *z,
                 struct jet *f)
{
    int D = cnf->net.width[0] - 1;
    struct jet h[WIDEST] = {{0}};
    for (int i = 0; i < D; i++) {
        h[i].value = z[i];
        h[i].by[i] = 1;
    }
    h[D] = (struct jet){.value = t};
    for (int l = 0; l < cnf->net.depth; l++) {
        int in = cnf->net.width[l], out = cnf->net.width[l + 1];
        struct jet next[WIDEST];
        plain_layer(D, in, out, w, h, next);
        w += (size_t)out * (in + 1);
        for (int i = 0; i < out; i++) {
            h[i] = next[i];
            if (l == cnf->net.depth - 1)
                continue;
            h[i].value = ctanh(next[i].value);
            for (int k = 0; k < D; k++)
                h[i].by[k] *= 1 - h[i].value * h[i].value;
        }
    }
    for (int i = 0; i < D; i++)
        f[i] = h[i];
}

/* dstate := (f, -tr) at the state (z, log p). */
static void plain_slope(struct followed x, double t, const number *state,
                        number *dstate)
{
    int D = x.cnf->net.width[0] - 1;
    struct jet f[DIMENSIONS];
    plain_field(x.cnf, x.w, t, state, f);
    dstate[D] = 0;
    for (int i = 0; i < D; i++) {
        dstate[i] = f[i].value;
        if (x.probe == NULL)
            dstate[D] -= f[i].by[i];
        for (int k = 0; k < D && x.probe != NULL; k++)
            dstate[D] -= x.probe[i] * f[i].by[k] * x.probe[k];
    }
}

void plain_path(struct followed x, double t, double t_end, int steps, number *state)
{
    int n = x.cnf->net.width[0];
    number k[4][DIMENSIONS + 1], y[DIMENSIONS + 1];
    double h = (t_end - t) / steps;
    for (int s = 0; s < steps; s++, t += h) {
        plain_slope(x, t, state, k[0]);
        for (int stage = 1; stage < 4; stage++) {
            double reach = stage < 3 ? h / 2 : h;
            for (int i = 0; i < n; i++)
                y[i] = state[i] + reach * k[stage - 1][i];
            plain_slope(x, t + reach, y, k[stage]);
        }
        for (int i = 0; i < n; i++)
            state[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
    }
}

number plain_loss(struct followed along, vec x, double gained)
{
    number state[DIMENSIONS + 1] = {0}, squared = 0;
    for (int i = 0; i < x.n; i++)
        state[i] = x.at[i];
    plain_path(along, 1, 0, along.cnf->steps, state);
    for (int i = 0; i < x.n; i++)
        squared += state[i] * state[i];
    return (squared + x.n * log(2 * acos(-1.0))) / 2 + gained * state[x.n];
}

struct world field_drawn(struct claim *claim, uint64_t replicate, struct cnf cnf,
                         double gain)
{
    struct world world = {.arena = claim_arena(claim),
                          .rng = claim_rng(claim, replicate),
                          .cnf = cnf};
    int P = mlp_parameters(&cnf.net);
    world.w = arena_vec(world.arena, P);
    for (int l = 0; l < cnf.net.depth; l++) {
        rng_normals(&world.rng, 0, gain / sqrt(cnf.net.width[l]),
                    entries(mlp_weights(&cnf.net, world.w, l)));
        rng_normals(&world.rng, 0, 0.5, mlp_biases(&cnf.net, world.w, l));
    }
    world.plain = arena_bytes(world.arena, (size_t)P * sizeof *world.plain);
    for (int i = 0; i < P; i++)
        world.plain[i] = world.w.at[i];
    return world;
}

struct followed plain_trace(const struct world *world)
{
    return (struct followed){.cnf = &world->cnf, .w = world->plain};
}

mat field_normals(struct world *world, int rows, int cols)
{
    mat A = arena_mat(world->arena, rows, cols);
    rng_normals(&world->rng, 0, 1, entries(A));
    return A;
}

double root_mean_square(vec x) { return norm(x) / sqrt(x.n); }

double log_determinant(mat A, double *sign, long *count)
{
    double log_det = 0;
    *sign = 1;
    for (int k = 0; k < A.cols; k++) {
        int pivot = k;
        for (int i = k + 1; i < A.rows; i++)
            pivot = fabs(row(A, i).at[k]) > fabs(row(A, pivot).at[k]) ? i : pivot;
        for (int j = 0; j < A.cols && pivot != k; j++) {
            double swap = row(A, k).at[j];
            row(A, k).at[j] = row(A, pivot).at[j];
            row(A, pivot).at[j] = swap;
        }
        *sign *= (pivot == k ? 1 : -1) * copysign(1, row(A, k).at[k]);
        log_det += log(fabs(row(A, k).at[k]));
        for (int i = k + 1; i < A.rows; i++) {
            double factor = row(A, i).at[k] / row(A, k).at[k];
            for (int j = k + 1; j < A.cols; j++, ++*count)
                row(A, i).at[j] -= factor * row(A, k).at[j];
        }
    }
    return log_det;
}

double bend_of(const double *steps)
{
    double next[LADDER];
    for (int i = 0; i < LADDER; i++)
        next[i] = 1 + 5 / steps[i];
    return fabs(fit_power(LADDER, steps, next).slope);
}

double plain_derivative(const struct world *world, const double *probe, mat X, vec dw,
                        double gained)
{
    size_t mark = world->arena->used;
    number *w = arena_bytes(world->arena, (size_t)dw.n * sizeof *w), sum = 0;
    for (int i = 0; i < dw.n; i++)
        w[i] = world->w.at[i] + 1e-100 * I * dw.at[i];
    struct followed along = {.cnf = &world->cnf, .w = w, .probe = probe};
    for (int i = 0; i < X.rows; i++)
        sum += plain_loss(along, row(X, i), gained) / X.rows;
    world->arena->used = mark;
    return cimag(sum) / 1e-100;
}
