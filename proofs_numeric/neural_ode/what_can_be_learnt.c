/* Fields that are learnt, and a map that none can be. */
#include "ground/optimizers.h"
#include "ground/route_lapack.h"
#include "roads.h"

#include <math.h>

enum { SERIES = 30, SERIES_D = 2 };

/* Noisy observations of dz/dt = W z at irregular times, and what is fitted to them. */
struct observed {
    struct arena *arena;
    struct world *w; /* theta: W */
    vec times;       /* SERIES: where the fit believes that they were made */
    mat data, path, G;
};

/* The times grow sparser, each moved by chance: t = 6 s (1 + 0.3 s) / 1.3. */
static struct observed observe(struct claim *claim, struct rng *rng, double noise)
{
    struct arena *arena = claim_arena(claim);
    struct mlp net = mlp_make(1, (int[]){SERIES_D, SERIES_D}, LINEAR, STANDARD, false);
    struct observed o = {.arena = arena,
                         .w = empty_world(claim, SERIES_D, SERIES_D * SERIES_D),
                         .times = arena_vec(arena, SERIES),
                         .data = arena_mat(arena, SERIES, SERIES_D),
                         .path = arena_mat(arena, SERIES, SERIES_D),
                         .G = arena_mat(arena, SERIES, SERIES_D)};
    o.w->field = node_field_make(arena, &net, o.w->theta, 1, 1);
    o.w->f = node_network(&o.w->field);
    copy((vec){4, (real[]){-0.1, 1, -1, -0.1}}, o.w->theta);
    for (int i = 1; i < SERIES; i++) {
        double s = (i + 0.8 * (rng_uniform(rng) - 0.5)) / SERIES;
        o.times.at[i] = 6 * s * (1 + 0.3 * s) / 1.3;
    }
    o.data.at[0] = 1;
    /* The truth by the exponential of W: a turn that shrinks. */
    for (int i = 1; i < SERIES; i++) {
        double t = o.times.at[i], r = exp(-0.1 * t);
        row(o.data, i).at[0] = r * cos(t) + noise * rng_normal(rng);
        row(o.data, i).at[1] = -r * sin(t) + noise * rng_normal(rng);
    }
    return o;
}

/* g := the gradient of 1/2 sum ||z(t_i) - data_i||^2 by the entries of W. */
static void gradient_of_fit(struct observed *o, vec g)
{
    copy(row(o->data, 0), row(o->path, 0));
    struct neural_ode *f = &o->w->f;
    if (node_path(f, o->times, 1e-8, 1e-8, o->arena, o->path) != ODE_DONE)
        fill(NAN, entries(o->path));
    copy(entries(o->path), entries(o->G));
    axpy(-1, entries(o->data), entries(o->G));
    if (node_adjoint_gradient(f, o->times, o->path, o->G, 1e-8, 1e-8, o->arena, o->w->a,
                              g) != ODE_DONE)
        fill(NAN, g);
}

/* H := the derivative of that gradient, by central differences. */
static void curvature_of_fit(struct observed *o, mat H)
{
    vec low = arena_vec(o->arena, H.rows);
    for (int i = 0; i < H.rows; i++) {
        double at = o->w->theta.at[i];
        o->w->theta.at[i] = at - 1e-4;
        gradient_of_fit(o, low);
        o->w->theta.at[i] = at + 1e-4;
        gradient_of_fit(o, row(H, i));
        o->w->theta.at[i] = at;
        axpy(-1, low, row(H, i));
        scale(0.5e4, row(H, i));
    }
}

/* Newton's method from the truth, and how far it goes: (W - W_true)' H (W - W_true) /
 * noise^2. */
static double misfit(struct claim *claim, uint64_t replicate, bool equal_times)
{
    enum { P = SERIES_D * SERIES_D };
    const double noise = 0.01;
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct observed o = observe(claim, &rng, noise);
    vec truth = arena_vec(arena, P), g = arena_vec(arena, P),
        step = arena_vec(arena, P);
    mat H = arena_mat(arena, P, P);
    copy(o.w->theta, truth);
    for (int i = 0; i < (equal_times ? SERIES : 0); i++)
        o.times.at[i] = 6.0 * i / SERIES;
    for (int k = 0; k < 3; k++) {
        gradient_of_fit(&o, g);
        curvature_of_fit(&o, H);
        route_solve(H, g, step);
        axpy(-1, step, o.w->theta);
    }
    axpy(-1, o.w->theta, truth);
    gemv(1, H, truth, 0, step);
    double square = dot(truth, step) / (noise * noise);
    arena->used = mark;
    return square;
}

static double total_misfit(struct claim *claim, bool equal_times)
{
    double sum = 0;
    for (int r = 0; r < 8; r++)
        sum += misfit(claim, r, equal_times);
    return sum;
}

CLAIM(node_irregular, STATISTIC,
      "From data at irregular times the equation is found to within the noise")
{
    evidence(claim, "eight fits of four entries",
             chi_square_fits(total_misfit(claim, false), 8 * 4));
    control(claim, "the times taken for equidistant",
            chi_square_fits(total_misfit(claim, true), 8 * 4));
}

/* What the solver is asked for there. */
static const double ASKED = REAL_EPSILON < 1e-10 ? 1e-9 : REAL_EPSILON;

/* The greatest |F(x) + x| over x = -1, -1/2, ..., 1, where F is the flow of this
 * equation, x its first entry and nothing in the second. */
static double miss_of_reflection(struct claim *claim, struct ode flow)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    double most = 0;
    for (int i = -2; i <= 2; i++) {
        vec z = {flow.n, (real[2]){i / 2.0}};
        struct ode_solver s = ode_solver_make(arena, &flow, 0, z, ASKED, ASKED);
        double end = ode_to(&s, 1) == ODE_DONE ? s.z.at[0] : NAN;
        most = worst(most, fabs(end + i / 2.0));
        arena->used = mark;
    }
    return most;
}

/* The least miss of a hundred random networks, with weights of deviation 1/2 to 8. */
static double least_miss(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct rng rng = claim_rng(claim, 0);
    struct mlp net = mlp_make(2, (int[]){1, 6, 1}, TANH, STANDARD, true);
    vec theta = arena_vec(arena, mlp_parameters(&net));
    struct network_field field = node_field_make(arena, &net, theta, 1, 1);
    double least = INFINITY;
    for (int trial = 0; trial < 100; trial++) {
        rng_normals(&rng, 0, ldexp(0.5, trial % 5), theta);
        double miss = miss_of_reflection(claim, node_network(&field).ode);
        least = smallest(least, miss);
    }
    return least;
}

CLAIM(node_crossing, BOUND,
      "On a line a flow keeps order, and misses x -> -x on [-1, 1] by 1 at least")
{
    double pi = acos(-1), fast = 8;
    struct ode collapse = {1, decay, &fast}, half_turn = {2, turn, &pi};
    /* The ends should change places, and stay in order: one of them misses by 1 at
     * least, less what the solver does to order, some hundred steps of 1e-9. */
    double limit = 1 - 100 * ASKED;
    evidence(claim, "a hundred networks: least miss",
             at_least(least_miss(claim), limit));
    evidence(claim, "a collapse to 0: miss - 1",
             at_most(miss_of_reflection(claim, collapse) - 1, 1e-3));
    control(claim, "in the plane, half a turn",
            at_least(miss_of_reflection(claim, half_turn), limit));
}

enum { BATCH = 8, TIMES = 8, HIDDEN = 16, CURVE = 400 };

/* What is learnt from, and what learns. */
struct lesson {
    struct arena *arena;
    mat truth;   /* CURVE x 2: the states at equal distances, to time 10 */
    vec times;   /* TIMES                                                */
    mat target;  /* TIMES x BATCH 2: pieces of the truth, side by side   */
    mat path, G; /* TIMES x BATCH 2                                      */
    vec theta, a, g;
    struct network_field field;
    struct neural_ode f;
};

static struct lesson *lesson_make(struct claim *claim, struct rng *rng)
{
    struct arena *arena = claim_arena(claim);
    struct lesson *x = arena_bytes(arena, sizeof *x);
    struct mlp net = mlp_make(2, (int[]){2, HIDDEN, 2}, TANH, STANDARD, true);
    struct ode truth = {2, spiral, NULL};
    *x = (struct lesson){.arena = arena};
    x->truth = arena_mat(arena, CURVE, 2);
    x->times = arena_vec(arena, TIMES);
    x->target = arena_mat(arena, TIMES, BATCH * 2);
    x->path = arena_mat(arena, TIMES, BATCH * 2);
    x->G = arena_mat(arena, TIMES, BATCH * 2);
    x->theta = arena_vec(arena, mlp_parameters(&net));
    x->a = arena_vec(arena, BATCH * 2);
    x->g = arena_vec(arena, x->theta.n);
    x->truth.at[0] = 2;
    for (int i = 1; i < CURVE; i++) {
        double t = 0;
        copy(row(x->truth, i - 1), row(x->truth, i));
        ode_fixed(&truth, &ode_rk4, &t, 10.0 / CURVE, 4, row(x->truth, i), arena);
    }
    for (int i = 0; i < TIMES; i++)
        x->times.at[i] = 10.0 * i / CURVE;
    for (int l = 0; l < 2; l++)
        rng_normals(rng, 0, 0.1, entries(mlp_weights(&net, x->theta, l)));
    x->field = node_field_make(arena, &net, x->theta, 3, BATCH);
    x->f = node_network(&x->field);
    return x;
}

/* Draws a batch of pieces.  Where they are torn, each goes on with another piece's
 * points: where it starts says nothing of where it leads. */
static void draw_pieces(struct lesson *x, struct rng *rng, bool torn)
{
    for (int b = 0; b < BATCH; b++) {
        int start = rng_below(rng, CURVE - TIMES);
        for (int i = 0; i < TIMES; i++) {
            int to = torn && i > 0 ? (b + 1) % BATCH : b;
            copy(row(x->truth, start + i), (vec){2, row(x->target, i).at + 2 * to});
        }
    }
}

/* The mean absolute error over the batch that was drawn, and its gradient. */
static double lesson_loss(struct lesson *x)
{
    copy(row(x->target, 0), row(x->path, 0));
    double sum = 0, n = TIMES * BATCH * 2;
    if (node_path(&x->f, x->times, 1e-5, 1e-5, x->arena, x->path) != ODE_DONE)
        return NAN;
    for (int j = 0; j < n; j++) {
        double error = x->path.at[j] - x->target.at[j];
        sum += fabs(error) / n;
        x->G.at[j] = (error > 0 ? 1 : error < 0 ? -1 : 0) / n;
    }
    return node_adjoint_gradient(&x->f, x->times, x->path, x->G, 1e-5, 1e-5, x->arena,
                                 x->a, x->g) == ODE_DONE
               ? sum
               : NAN;
}

/* The mean error over ten batches.  rng is a copy, which gives the same ones again. */
static double error_on(struct lesson *x, struct rng rng, bool torn)
{
    enum { LOOKS = 10 };
    double sum = 0;
    for (int k = 0; k < LOOKS; k++) {
        draw_pieces(x, &rng, torn);
        sum += lesson_loss(x) / LOOKS;
    }
    return sum;
}

enum { SPIRALS = 20 };

/* The natural logarithm of how many times smaller the error on other pieces is after
 * training on pieces of the path, or on torn ones. */
static double learnt(struct claim *claim, uint64_t replicate, bool torn)
{
    enum { STEPS = 100 };
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct rng others = claim_rng(claim, SPIRALS + replicate);
    struct lesson *x = lesson_make(claim, &rng);
    struct adam adam = adam_make(arena, x->theta.n, 0.9, 0.999, 1e-8);
    double before = error_on(x, others, torn);
    for (int k = 0; k < STEPS; k++) {
        draw_pieces(x, &rng, torn);
        lesson_loss(x);
        adam_step(&adam, 0.02, x->g, x->theta);
    }
    double after = error_on(x, others, torn);
    arena->used = mark;
    return log(before / after);
}

static struct finding learning(struct claim *claim, bool torn)
{
    double gain[SPIRALS];
    for (int r = 0; r < SPIRALS; r++)
        gain[r] = learnt(claim, r, torn);
    return effect_at_least(SPIRALS, gain, log(2));
}

/* For figures: where the solver steps on the true spiral; and the path of a network
 * that has had 1000 lessons, beside the truth. */
static void record_spiral(struct claim *claim)
{
    struct arena *arena = claim_arena(claim);
    struct ode truth = {2, spiral, NULL};
    struct ode_solver s =
        ode_solver_make(arena, &truth, 0, (vec){2, (real[]){2, 0}}, 1e-4, 1e-4);
    struct series steps = series_begin(claim, "steps", "t", "x", NULL);
    while (s.t < 10 && ode_step(&s, 10) == ODE_DONE)
        series_row(&steps, (double[]){s.t, s.z.at[0]});
    series_end(&steps);

    struct rng rng = claim_rng(claim, 100);
    struct lesson *x = lesson_make(claim, &rng);
    struct adam adam = adam_make(arena, x->theta.n, 0.9, 0.999, 1e-8);
    for (int k = 0; k < 1000; k++) {
        draw_pieces(x, &rng, false);
        lesson_loss(x);
        adam_step(&adam, k < 700 ? 0.01 : 0.002, x->g, x->theta);
    }
    struct network_field one = node_field_make(arena, &x->field.net, x->theta, 3, 1);
    struct ode learnt_field = node_network(&one).ode;
    double t = 0;
    vec z = {2, (real[]){2, 0}};
    struct series both =
        series_begin(claim, "spiral", "t", "x", "y", "x_learnt", "y_learnt", NULL);
    for (int i = 0;
         i < CURVE - 1 && ode_fixed(&learnt_field, &ode_rk4, &t, t + 10.0 / CURVE, 4, z,
                                    arena) == ODE_DONE;
         i++)
        series_row(&both, (double[]){t, row(x->truth, i + 1).at[0],
                                     row(x->truth, i + 1).at[1], z.at[0], z.at[1]});
    series_end(&both);
}

CLAIM(node_spiral, PHENOMENON,
      "By the adjoint a network halves its error on pieces of a spiral, or does better")
{
    record_spiral(claim);
    evidence(claim, "ln of error, before / after", learning(claim, false));
    control(claim, "pieces that go on as others do", learning(claim, true));
}

enum { LAYERS = 6, PAIRS = 32, LESSONS = 60 };

/* Layers of a residual network, each of its own weights: a field that is constant in
 * time, piece by piece.  Where the layers are tied there is one piece. */
struct layers {
    struct network_field field; /* its theta is set to the piece's      */
    vec theta;                  /* pieces x the parameters of a network */
    int pieces;
};

static vec piece_of(const struct layers *x, vec all, double t)
{
    int each = all.n / x->pieces, i = (int)(t * x->pieces + 0.5);
    return (vec){each, all.at + (size_t)each * (i < x->pieces ? i : x->pieces - 1)};
}

static void layer_value(void *context, double t, vec z, vec dz)
{
    struct layers *x = context;
    x->field.theta = piece_of(x, x->theta, t);
    struct ode layer = node_network(&x->field).ode;
    layer.field(layer.context, t, z, dz);
}

static void layer_pull(void *context, double t, vec z, vec a, vec dz, vec gz,
                       vec gtheta)
{
    struct layers *x = context;
    x->field.theta = piece_of(x, x->theta, t);
    struct neural_ode layer = node_network(&x->field);
    fill(0, gtheta);
    layer.pull(layer.ode.context, t, z, a, dz, gz, piece_of(x, gtheta, t));
}

/* z, and where a swirl takes it: a turn by 2.5 / (1 + |z|^2), which is a flow. */
static void draw_pairs(struct rng *rng, vec z, vec y)
{
    rng_uniforms(rng, -1.5, 1.5, z);
    for (int i = 0; i < z.n; i += 2) {
        double p = z.at[i], q = z.at[i + 1], turn_by = 2.5 / (1 + p * p + q * q);
        y.at[i] = cos(turn_by) * p - sin(turn_by) * q;
        y.at[i + 1] = sin(turn_by) * p + cos(turn_by) * q;
    }
}

/* The logarithm of the mean squared error on new pairs, of so many pieces of so many
 * hidden units, after LESSONS steps of Adam on PAIRS pairs. */
static double error_of_layers(struct claim *claim, uint64_t replicate, int pieces,
                              int hidden)
{
    struct arena *arena = claim_arena(claim);
    size_t mark = arena->used;
    struct rng rng = claim_rng(claim, replicate);
    struct mlp net = mlp_make(2, (int[]){2, hidden, 2}, TANH, STANDARD, true);
    struct layers x = {.pieces = pieces};
    x.theta = arena_vec(arena, pieces * mlp_parameters(&net));
    x.field = node_field_make(arena, &net, piece_of(&x, x.theta, 0), 1, PAIRS);
    struct neural_ode f = {{2 * PAIRS, layer_value, &x}, x.theta.n, layer_pull};
    vec y = arena_vec(arena, 2 * PAIRS), a = arena_vec(arena, 2 * PAIRS);
    vec g = arena_vec(arena, x.theta.n);
    mat path = arena_mat(arena, LAYERS + 1, 2 * PAIRS);
    struct adam adam = adam_make(arena, x.theta.n, 0.9, 0.999, 1e-8);
    draw_pairs(&rng, row(path, 0), y);
    rng_normals(&rng, 0, 0.5, x.theta);
    for (int k = 0; k <= LESSONS; k++) {
        if (k == LESSONS)
            draw_pairs(&rng, row(path, 0), y);
        node_record(&f, &ode_euler, 0, 1, arena, path);
        copy(row(path, LAYERS), a);
        axpy(-1, y, a);
        if (k == LESSONS)
            break;
        scale(1.0 / PAIRS, a);
        node_backprop_gradient(&f, &ode_euler, 0, 1, path, arena, a, g);
        adam_step(&adam, 0.05 * (1 - (double)k / LESSONS), g, x.theta);
    }
    double error = dot(a, a) / a.n;
    arena->used = mark;
    return log(error);
}

enum { TIED_RUNS = 64 };

/* ln of the error of layers with weights of their own, own[r] in run r, over that of
 * tied ones. */
static struct finding tying(struct claim *claim, const double *own, int hidden)
{
    double gain[TIED_RUNS];
    for (int r = 0; r < TIED_RUNS; r++)
        gain[r] = own[r] - error_of_layers(claim, r, 1, hidden);
    return effect_at_least(TIED_RUNS, gain, -log(5));
}

CLAIM(node_tied, PHENOMENON,
      "Weights shared by six layers: a sixth of them, at most five times the error")
{
    double own[TIED_RUNS];
    for (int r = 0; r < TIED_RUNS; r++)
        own[r] = error_of_layers(claim, r, LAYERS, 8);
    evidence(claim, "ln of error, untied / tied", tying(claim, own, 8));
    control(claim, "tied, and of one unit", tying(claim, own, 1));
}

SECTION(what_can_be_learnt, &node_irregular, &node_spiral, &node_tied, &node_crossing);
