#include "feature_learning/cell.h"

#include <math.h>

const double CELL_TIMES[CELL_LOOKS] = {0.01, 0.1, 1};

void cell_examples(struct rng *rng, mat X, vec y)
{
    rng_normals(rng, 0, 1, entries(X));
    for (int i = 0; i < y.n; i++)
        y.at[i] = row(X, i).at[0] < 0 ? -1 : 1;
}

/* Everything about a cell while it is trained. */
struct run {
    struct feat_model train, test;
    struct feat_flow flow;
    vec w_0;
    mat Theta_0, Theta;
    struct mlp below; /* the network up to the pre-activations of layer L */
    struct mlp_pass pass;
    vec z_0, z;
};

/* The streams: test examples before those to be learned, so that they are the same for
 * every n; and what a start is drawn from. */
static struct rng data_stream(const struct cell *cell)
{
    return rng_make(cell->seed, "feature_learning data", (uint64_t)cell->data);
}

static struct rng start_stream(const struct cell *cell)
{
    uint64_t name = (uint64_t)cell->data << 48 | (uint64_t)cell->start << 32 |
                    (uint64_t)cell->width << 8 | (uint64_t)cell->depth;
    return rng_make(cell->seed, "feature_learning start", name);
}

static void require_name(const struct cell *cell)
{
    REQUIRE(cell->data >= 0 && cell->data < 65536, "data is %d", cell->data);
    REQUIRE(cell->start >= 0 && cell->start < 65536, "start is %d", cell->start);
    REQUIRE(cell->examples >= 1, "%d examples", cell->examples);
    REQUIRE(cell->width >= 1 && cell->width < 1 << 20, "width is %d", cell->width);
}

static vec preactivations(struct run *run, vec w, vec z)
{
    vec of_below = part(w, 0, mlp_parameters(&run->below));
    mlp_forward(&run->below, of_below, run->train.on.X, &run->pass);
    copy(entries(run->pass.H[run->below.depth]), z);
    return z;
}

/* The struct points into itself. */
static void begin(const struct cell *cell, struct arena *arena, struct run *run)
{
    struct rng rng = data_stream(cell);
    int n = cell->examples;
    mat X_test = arena_mat(arena, CELL_TEST, CELL_INPUTS);
    mat X = arena_mat(arena, n, CELL_INPUTS);
    vec y_test = arena_vec(arena, CELL_TEST), y = arena_vec(arena, n);
    cell_examples(&rng, X_test, y_test);
    cell_examples(&rng, X, y);

    struct mlp net = feat_network(CELL_INPUTS, cell->depth, cell->width);
    double alpha = cell->rho / sqrt(cell->width);
    run->w_0 = arena_vec(arena, mlp_parameters(&net));
    rng = start_stream(cell);
    rng_normals(&rng, 0, 1, run->w_0);
    run->train = feat_make(arena, &net, X, y, alpha);
    run->test = feat_make(arena, &net, X_test, y_test, alpha);
    lazy_center(&run->train.on, run->w_0);
    lazy_center(&run->test.on, run->w_0);
    run->flow = feat_flow_make(arena, &run->train, run->w_0);

    run->Theta_0 = arena_mat(arena, n, n);
    run->Theta = arena_mat(arena, n, n);
    feat_kernel(&run->train, run->w_0, arena, run->Theta_0);
    run->below = feat_first_layers(&net, cell->depth);
    run->pass = mlp_pass_make(arena, &run->below, n);
    run->z_0 = arena_vec(arena, n * cell->width);
    run->z = arena_vec(arena, n * cell->width);
    preactivations(run, run->w_0, run->z_0);
}

/* The root of the mean square of y - x. */
static double rms_apart(vec x, vec y)
{
    double sum = 0;
    for (int i = 0; i < x.n; i++)
        sum += (y.at[i] - x.at[i]) * (y.at[i] - x.at[i]);
    return sqrt(sum / x.n);
}

static struct cell_look look(struct run *run, struct arena *scratch)
{
    struct mlp *net = &run->train.on.net;
    vec w = run->flow.w, last = entries(mlp_weights(net, w, net->depth - 1));
    feat_kernel(&run->train, w, scratch, run->Theta);
    return (struct cell_look){
        .t = run->flow.t,
        .loss = run->flow.loss,
        .output = norm(run->flow.F) / sqrt(run->flow.F.n),
        .kernel = feat_change(entries(run->Theta_0), entries(run->Theta)),
        .last_weights =
            rms_apart(entries(mlp_weights(net, run->w_0, net->depth - 1)), last),
        .activations = rms_apart(run->z_0, preactivations(run, w, run->z)),
        .nonlinearity = feat_nonlinearity(&run->train, run->w_0, w, scratch)};
}

static void test(struct run *run, struct arena *scratch, struct cell_result *result,
                 vec F, vec y)
{
    vec labels = run->test.on.y, out = arena_vec(scratch, CELL_TEST);
    feat_output(&run->test, run->flow.w, out);
    int wrong = 0;
    for (int i = 0; i < CELL_TEST; i++)
        wrong += !(out.at[i] * labels.at[i] > 0);
    result->test_error = (double)wrong / CELL_TEST;
    result->test_square = dot(out, out) / CELL_TEST;
    for (int i = 0; i < CELL_PROBES; i++)
        result->probe[i] = out.at[i];
    if (F.n > 0)
        copy(out, F);
    if (y.n > 0)
        copy(labels, y);
}

struct cell_result cell_run(const struct cell *cell, bool looks, struct arena *scratch,
                            vec F, vec y)
{
    require_name(cell);
    size_t mark = scratch->used;
    struct run run;
    struct cell_result result = {0};
    begin(cell, scratch, &run);
    for (int j = 0; looks && j < CELL_LOOKS; j++) {
        feat_to(&run.flow, CELL_TIMES[j] * cell->rho);
        result.look[j] = look(&run, scratch);
    }
    result.status = feat_to(&run.flow, INFINITY);
    result.end = look(&run, scratch);
    result.evaluations = run.flow.evaluations;
    result.t_half = run.flow.t_half;
    test(&run, scratch, &result, F, y);
    scratch->used = mark;
    return result;
}

/* The weights six times, the kernel four times, and what the passes hold. */
size_t cell_room(const struct cell *cell)
{
    size_t n = cell->examples, m = cell->width, L = cell->depth, d = CELL_INPUTS;
    size_t P = m * (d + m * (L - 1) + 1), all = n + CELL_TEST;
    return 8 * (8 * P + 6 * n * n + all * (4 * m * (L + 1) + d + 20)) + (1 << 16);
}
