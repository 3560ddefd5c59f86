#include "normalizing_flows.h"

#include "ground/activation.h"
#include "ground/dense_shape.h"
#include "ground/vector_math.h"

/* ---- One layer ------------------------------------------------------------------- */

/* det df/dz = 1 + w'u tanh'(w'z + b), in O(n): the Jacobian is I + u w' tanh', and a
 * matrix of rank one changes one eigenvalue.  z: n.  [Columbia-13/13] */
double nf_planar_det(struct planar layer, vec z)
{
    double h = tanh(dot(layer.w, z) + layer.b);
    return 1 + dot(layer.w, layer.u) * (1 - h * h);
}

/* log_q_i -= log |1 + c slope_i|. */
FOR_THE_VECTOR_UNIT static void
subtract_log_det(int n, double c, const real *restrict slope, real *restrict log_q)
{
#pragma omp simd
    for (int i = 0; i < n; i++)
        log_q[i] -= log(fabs(1 + c * slope[i]));
}

/* Z := f(Z), row by row, and log_q_i -= log |det df/dz|: if log_q_i was the log-density
 * at row i, it is so again.  Z: B x n; log_q: B.  h, slope: B, overwritten by tanh(w'z
 * + b) and 1 - tanh^2.  [Columbia-13/13, where log det |.| means log |det .|] */
void nf_planar_forward(struct planar layer, mat Z, vec h, vec slope, vec log_q)
{
    REQUIRE_SAME_LENGTH(h, log_q);
    fill(layer.b, h);
    gemv(1, Z, layer.w, 1, h);
    activate(TANH, h, slope);
    ger(1, h, layer.u, Z);
    subtract_log_det(h.n, dot(layer.w, layer.u), slope.at, log_q.at);
}

/* The a at which a + c tanh(a) = t, for c >= -1, where the left side does not fall.  As
 * |tanh| <= 1, it lies between t - |c| and t + |c|.  Newton's steps are taken as long
 * as they stay inside and halve; else the bracket is halved.  Steps below the rounding
 * of the terms tell nothing.  [rtsafe, Press et al. 2007, "Numerical Recipes", 9.4] */
static double planar_root(double c, double t)
{
    double low = t - fabs(c), high = t + fabs(c), a = t, step = high - low;
    double least = REAL_EPSILON * (fabs(t) + fabs(c));
    while (fabs(step) > least) {
        double h = tanh(a), excess = a + c * h - t, slope = 1 + c * (1 - h * h);
        *(excess > 0 ? &high : &low) = a;
        double newton = -excess / slope, next = a + newton;
        bool good = low <= next && next <= high && 2 * fabs(newton) <= fabs(step);
        step = good ? newton : (high - low) / 2;
        a = good ? next : low + step;
    }
    return a;
}

/* How much of w'u may be rounding: of n products and sums, and of the entries of u.
 * [Higham 2002, "Accuracy and Stability of Numerical Algorithms", 3.1] */
static double rounding_of(vec w, vec u)
{
    return (2 * w.n + 8.0) * REAL_EPSILON * norm(w) * norm(u);
}

/* z := the point that f takes to z.  With x for the old z: w'z + w'u tanh(w'z + b) =
 * w'x is one equation for one number, and then z = x - u tanh(w'z + b).  z: n, moved.
 * Stops if w'u < -1 by more than rounding: then some x have three such points. */
void nf_planar_inverse(struct planar layer, vec z)
{
    double wu = dot(layer.w, layer.u);
    REQUIRE(wu >= -1 - rounding_of(layer.w, layer.u), "w'u must be at least -1, got %g",
            wu);
    double a = planar_root(wu, dot(layer.w, z) + layer.b);
    axpy(-tanh(a), layer.u, z);
}

/* da_i, u'(dL/dz_i) on entry, becomes dL/da of point i: see nf_planar_backward.  Of all
 * points together, db := dL/db and dc := what log |1 + c slope_i| has of dL/dc. */
FOR_THE_VECTOR_UNIT static void tanh_backward(int n, double c, double d_log_q,
                                              const real *restrict h,
                                              const real *restrict slope,
                                              real *restrict da, double *db, double *dc)
{
    double sum = 0, weighted = 0;
#pragma omp simd reduction(+ : sum, weighted)
    for (int i = 0; i < n; i++) {
        double s = slope[i], weight = -d_log_q / (1 + c * s);
        da[i] = da[i] * s - 2 * weight * c * h[i] * s;
        sum += da[i];
        weighted += weight * s;
    }
    *db = sum;
    *dc = weighted;
}

/* The chain rule, backwards through nf_planar_forward.  Of a loss L, dZ: B x n holds
 * dL/dz after the layer and is overwritten by dL/dz before it; d_log_q is dL/dlog_q_i,
 * the same for all rows.  Z: B x n, before the layer; h, slope: B, as it left them.
 * scratch: B.  d_layer: overwritten by dL/du, dL/dw and dL/db.  With c = w'u and a =
 * w'z + b,  dL/da = u'(dL/dz) h' - (dL/dlog_q) c h'' / (1 + c h'),  h'' = -2 h h'. */
void nf_planar_backward(struct planar layer, mat Z, vec h, vec slope, double d_log_q,
                        mat dZ, vec scratch, struct planar *d_layer)
{
    double c = dot(layer.w, layer.u), dc;
    vec da = scratch;
    gemtv(1, dZ, h, 0, d_layer->u);
    gemv(1, dZ, layer.u, 0, da);
    tanh_backward(h.n, c, d_log_q, h.at, slope.at, da.at, &d_layer->b, &dc);
    gemtv(1, Z, da, 0, d_layer->w);
    ger(1, da, layer.w, dZ);
    axpy(dc, layer.w, d_layer->u);
    axpy(dc, layer.u, d_layer->w);
}

/* ---- Keeping it invertible ------------------------------------------------------- */

/* ln(1 + e^x), where nothing overflows. */
static double softplus(double x) { return (x < 0 ? 0 : x) + log1p(exp(-fabs(x))); }

/* u := v + (m(w'v) - w'v) w / ||w||^2 with m(x) = -1 + ln(1 + e^x), so w'u = m(w'v) >
 * -1, and across w nothing changes.  Where w'v is far below 0, nearly all of v along w
 * goes, and what it leaves is rounding; so it is taken off again, as often as it is
 * more than that of u.  Each time takes 14 digits or so of at most 308 (a float's: 6 of
 * 38).
 * v, w: n, read, w not 0; u: n, overwritten.  [Rezende, Mohamed 2015, appendix A.1] */
void nf_planar_constrain(vec v, vec w, vec u)
{
    double length = norm(w), m = softplus(dot(w, v)) - 1, missing;
    REQUIRE(length > 0 && length < INFINITY, "||w||^2 must be positive, got %g",
            length * length);
    int passes = 0;
    copy(v, u);
    do {
        missing = m - dot(w, u);
        for (int i = 0; i < u.n; i++)
            u.at[i] += missing / length * (w.at[i] / length);
    } while (fabs(missing) > rounding_of(w, u) && ++passes < 25);
}

/* The chain rule for it.  du: n, dL/du; dv: n, overwritten by dL/dv; dw: n, what u
 * contributes to dL/dw is added to it.  With e = w / ||w||, x = w'v and s = (m(x) - x)
 * / ||w||, where m(x) - x = -1 + ln(1 + e^-x), u is v + s e; no square of a length is
 * taken, since it may overflow. */
void nf_planar_constrain_backward(vec v, vec w, vec du, vec dv, vec dw)
{
    REQUIRE_SAME_LENGTH(dw, w);
    double length = norm(w), x = dot(w, v), along = dot(w, du) / length;
    double s = (softplus(-x) - 1) / length;
    double ds = -along / (1 + exp(x)); /* m'(x) - 1 = -1 / (1 + e^x) */
    copy(du, dv);
    axpy(ds / length, w, dv);
    for (int i = 0; i < w.n; i++) {
        double turned = du.at[i] - 2 * along * (w.at[i] / length);
        dw.at[i] += (s * turned + ds * v.at[i]) / length;
    }
}

/* ---- A chain of layers ----------------------------------------------------------- */

/* How many parameters a chain has: v, w and b of each layer. */
int nf_parameters(int n, int layers)
{
    REQUIRE(n >= 1, "n must be positive, got %d", n);
    REQUIRE(layers >= 1 && layers <= FLOW_LAYERS, "layers must be 1 to %d, got %d",
            FLOW_LAYERS, layers);
    int both = SIZE_PRODUCT(2, n);
    return SIZE_PRODUCT(layers, SIZE_SUM(both, 1));
}

/* v, w: n, views into the parameters of layer k; returns its b. */
static real *layer_parameters(int n, vec theta, int k, vec *v, vec *w)
{
    real *at = theta.at + (size_t)k * (2 * n + 1);
    *v = (vec){n, at};
    *w = (vec){n, at + n};
    return at + 2 * n;
}

/* theta := a random start: v ~ N(0, 1/4), w and b ~ N(0, 1), entry by entry. */
void nf_draw(int n, struct rng *rng, vec theta)
{
    rng_normals(rng, 0, 1, theta);
    for (int k = 0; k < theta.n / (2 * n + 1); k++) {
        vec v, w;
        layer_parameters(n, theta, k, &v, &w);
        scale(0.5, v);
    }
}

/* The layers that theta describes.  theta: nf_parameters(n, layers), of which the
 * flow keeps views; the u are made in the arena.  [Columbia-13/13] */
struct flow nf_make(int n, int layers, vec theta, struct arena *arena)
{
    struct flow flow = {.n = n, .layers = layers};
    REQUIRE(theta.n == nf_parameters(n, layers), "theta must have %d entries, got %d",
            nf_parameters(n, layers), theta.n);
    for (int k = 0; k < layers; k++) {
        struct planar *layer = &flow.layer[k];
        vec v;
        layer->b = *layer_parameters(n, theta, k, &v, &layer->w);
        layer->u = arena_vec(arena, n);
        nf_planar_constrain(v, layer->w, layer->u);
    }
    return flow;
}

/* Room for a batch of points; Z[0] is for the caller to fill. */
struct flow_pass nf_pass_make(const struct flow *flow, int batch, struct arena *arena)
{
    struct flow_pass pass = {.log_q = arena_vec(arena, batch)};
    for (int k = 0; k <= flow->layers; k++)
        pass.Z[k] = arena_room_mat(arena, batch, flow->n);
    for (int k = 0; k < flow->layers; k++) {
        pass.h[k] = entries(arena_room_mat(arena, batch, 1));
        pass.slope[k] = entries(arena_room_mat(arena, batch, 1));
    }
    return pass;
}

/* log_q_i := log q_0 at row i, -(n log 2 pi + ||z||^2) / 2.  Z: B x n; log_q: B. */
void nf_base(mat Z, vec log_q)
{
    double log_2_pi = log(2 * acos(-1.0));
    REQUIRE(log_q.n == Z.rows, "Z has %d rows, log_q has %d entries", Z.rows, log_q.n);
    for (int i = 0; i < Z.rows; i++)
        log_q.at[i] = -(Z.cols * log_2_pi + dot(row(Z, i), row(Z, i))) / 2;
}

/* Z[k+1] := f_k(Z[k]) for all k, and log_q := log q(Z[layers]), both from Z[0].
 * [Columbia-13/13, "Normalizing flow"] */
void nf_forward(const struct flow *flow, struct flow_pass *pass)
{
    nf_base(pass->Z[0], pass->log_q);
    for (int k = 0; k < flow->layers; k++) {
        copy(entries(pass->Z[k]), entries(pass->Z[k + 1]));
        nf_planar_forward(flow->layer[k], pass->Z[k + 1], pass->h[k], pass->slope[k],
                          pass->log_q);
    }
}

/* log q(x), at any x: back through all layers to the z_0 that x comes from.  z: n, x on
 * entry, left holding z_0. */
double nf_log_density(const struct flow *flow, vec z)
{
    double log_det = 0;
    real log_q;
    for (int k = flow->layers - 1; k >= 0; k--) {
        nf_planar_inverse(flow->layer[k], z);
        log_det += log(fabs(nf_planar_det(flow->layer[k], z)));
    }
    nf_base((mat){1, z.n, z.at}, (vec){1, &log_q});
    return log_q - log_det;
}

/* grad := dL/dtheta for a loss L of the z_K and their log q.  dZ: B x n, dL/dz_K at
 * each row, overwritten; d_log_q: dL/dlog_q, the same for all rows.  theta, flow, pass:
 * as they were in nf_forward.  grad: as long as theta. */
void nf_backward(const struct flow *flow, vec theta, const struct flow_pass *pass,
                 mat dZ, double d_log_q, struct arena *scratch, vec grad)
{
    size_t mark = scratch->used;
    vec room = arena_vec(scratch, dZ.rows), du = arena_vec(scratch, flow->n);
    REQUIRE_SAME_LENGTH(theta, grad);
    for (int k = flow->layers - 1; k >= 0; k--) {
        vec v, w, dv, dw;
        layer_parameters(flow->n, theta, k, &v, &w);
        real *db = layer_parameters(flow->n, grad, k, &dv, &dw);
        struct planar d_layer = {du, dw, 0};
        nf_planar_backward(flow->layer[k], pass->Z[k], pass->h[k], pass->slope[k],
                           d_log_q, dZ, room, &d_layer);
        nf_planar_constrain_backward(v, w, du, dv, dw);
        *db = d_layer.b;
    }
    scratch->used = mark;
}

/* ---- Fitting one ----------------------------------------------------------------- */

/* log p(z) = -(r - 2)^2 / (2 0.4^2) in the plane, r = ||z||, up to a constant: a ring.
 * Z: B x 2, read; log_p: B and slope: B x 2, overwritten. */
void nf_ring(mat Z, vec log_p, mat slope)
{
    REQUIRE_SHAPE(Z, log_p.n, 2);
    REQUIRE_SHAPE(slope, log_p.n, 2);
    for (int i = 0; i < Z.rows; i++) {
        vec z = row(Z, i), d = row(slope, i);
        double r = hypot(z.at[0], z.at[1]), off = (r - 2) / (0.4 * 0.4);
        log_p.at[i] = -off * (r - 2) / 2;
        for (int j = 0; j < 2; j++) /* at the centre the ring has no slope; 0 serves */
            d.at[j] = r > 0 ? -off * z.at[j] / r : 0;
    }
}

/* The ring where |z_1| is near 2, so two arcs: log p + log of exp(-(z_1 - 2)^2 / (2
 * 0.6^2)) + exp(-(z_1 + 2)^2 / (2 0.6^2)), which is of the form log cosh.
 * [Rezende, Mohamed 2015, table 1, the first energy] */
void nf_arcs(mat Z, vec log_p, mat slope)
{
    const double squared = 0.6 * 0.6;
    nf_ring(Z, log_p, slope);
    for (int i = 0; i < Z.rows; i++) {
        double x = row(Z, i).at[0], bent = 2 * x / squared;
        log_p.at[i] +=
            fabs(bent) + log1p(exp(-2 * fabs(bent))) - (x * x + 4) / (2 * squared);
        row(slope, i).at[0] += (2 * tanh(bent) - x) / squared;
    }
}

/* An estimate of KL(q || p) - log of p's integral, from a batch of z_0:  the mean of
 * log q(z_K) - beta log p(z_K), and its gradient.  beta rises from 0.1 to 1 in the
 * first 45 % of the run, so that the flow finds all of p before it settles.  problem: a
 * struct flow_problem.  A training_objective. */
double nf_loss(const void *problem, double progress, vec theta, struct rng *rng,
               struct arena *scratch, vec grad)
{
    const struct flow_problem *p = problem;
    size_t mark = scratch->used;
    double beta = fmin(1, 0.1 + 0.9 * progress / 0.45), B = p->batch, loss = 0;
    struct flow flow = nf_make(p->n, p->layers, theta, scratch);
    struct flow_pass pass = nf_pass_make(&flow, p->batch, scratch);
    mat dZ = arena_mat(scratch, p->batch, p->n);
    vec log_p = arena_vec(scratch, p->batch);
    rng_normals(rng, 0, 1, entries(pass.Z[0]));
    nf_forward(&flow, &pass);
    p->target(pass.Z[p->layers], log_p, dZ);
    for (int i = 0; i < p->batch; i++)
        loss += (pass.log_q.at[i] - beta * log_p.at[i]) / B;
    scale(-beta / B, entries(dZ));
    nf_backward(&flow, theta, &pass, dZ, 1 / B, scratch, grad);
    scratch->used = mark;
    return loss;
}

/* How the flows of this chapter are trained: at a rate alpha of Adam that falls to a
 * twentieth.  problem: kept, as a view. */
struct recipe nf_recipe(const struct flow_problem *problem, int iterations,
                        double alpha)
{
    return (struct recipe){.loss = nf_loss,
                           .problem = problem,
                           .iterations = iterations,
                           .alpha = alpha,
                           .alpha_last = alpha / 20};
}

/* Fits a flow to the target, from wherever training is.  progress: called after each
 * iteration, or NULL.  training: of nf_parameters(n, layers) numbers, moved. */
enum training_status nf_train(const struct flow_problem *problem, int iterations,
                              double alpha, training_watcher *progress, void *context,
                              struct arena *scratch, struct training *training)
{
    struct recipe recipe = nf_recipe(problem, iterations, alpha);
    return train(&recipe, progress, context, scratch, training);
}
