#include "trained.h"

#include "initialization.h"

#include <math.h>

enum { PARTS = 20 };

void task_draw(struct arena *arena, struct images images, int hidden, int width,
               struct rng *rng, struct task *task)
{
    struct images drawn = images_draw(rng, arena, images, TRAIN + TEST);
    images_normalize(drawn, TRAIN, sqrt(drawn.X.cols));
    mat T = images_one_hot(arena, drawn), X = row_block(drawn.X, 0, TRAIN);
    int widths[MLP_DEPTH + 1] = {drawn.X.cols};
    for (int l = 1; l <= hidden; l++)
        widths[l] = width;
    widths[hidden + 1] = T.cols;
    task->net = mlp_make(hidden + 1, widths, RELU, STANDARD, true);
    task->X_test = row_block(drawn.X, TRAIN, TEST);
    task->T_test = row_block(T, TRAIN, TEST);
    T = row_block(T, 0, TRAIN);
    task->all = mlp_cost_make(arena, &task->net, softmax_loss, X, T);
    task->some = mlp_batches_make(arena, &task->net, softmax_loss, X, T, BATCH, *rng);
    task->P = mlp_parameters(&task->net);
    task->grad = arena_vec(arena, task->P);
    task->at = arena_vec(arena, task->P);
}

vec task_start(const struct task *task, struct arena *arena, struct rng *rng)
{
    vec w = arena_vec(arena, task->P);
    init_weights(&task->net, init_he(NORMAL), rng, w);
    return w;
}

void task_descend(struct task *task, struct arena *scratch, gradient_of *gradient,
                  void *cost, double alpha, int steps, vec w)
{
    size_t mark = scratch->used;
    struct adam adam = adam_make(scratch, w.n, 0.9, 0.999, 1e-8);
    optimize(gradient, cost, by_adam(&adam), alpha, steps, w, task->grad);
    scratch->used = mark;
}

vec task_trained(struct task *task, struct arena *arena, double alpha, int steps,
                 vec w_0)
{
    vec w = arena_vec(arena, task->P);
    copy(w_0, w);
    task_descend(task, arena, mlp_batches_gradient, &task->some, alpha, steps, w);
    return w;
}

double task_loss(struct task *task, vec w)
{
    mlp_forward(&task->net, w, task->all.X, &task->all.pass);
    return softmax_loss(task->all.T, task->all.pass.H[task->net.depth], task->all.G);
}

double task_accuracy(const struct task *task, struct arena *scratch, vec w)
{
    size_t mark = scratch->used;
    struct mlp_pass pass = mlp_pass_make(scratch, &task->net, TEST);
    mlp_forward(&task->net, w, task->X_test, &pass);
    double wrong = error_rate(task->T_test, pass.H[task->net.depth]);
    scratch->used = mark;
    return 1 - wrong;
}

double task_line(struct task *task, vec a, vec b)
{
    double most = -INFINITY;
    for (int k = 1; k < PARTS; k++) {
        conn_line(a, b, (double)k / PARTS, task->at);
        most = worst(most, task_loss(task, task->at));
    }
    return most;
}

double task_curve(struct task *task, vec a, vec m, vec b)
{
    double most = -INFINITY;
    for (int k = 1; k < PARTS; k++) {
        conn_bezier(a, m, b, (double)k / PARTS, task->at);
        most = worst(most, task_loss(task, task->at));
    }
    return most;
}

double task_worse(struct task *task, vec a, vec b)
{
    return worst(task_loss(task, a), task_loss(task, b));
}

void differentiate_twice(struct arena *scratch, struct mlp_cost *cost, vec w, double h,
                         mat H)
{
    static const double weight[] = {1, -8, 8, -1}, shift[] = {-2, -1, 1, 2};
    size_t mark = scratch->used;
    vec at = arena_vec(scratch, w.n), grad = arena_vec(scratch, w.n);
    fill(0, entries(H));
    for (int j = 0; j < w.n; j++)
        for (int k = 0; k < 4; k++) {
            copy(w, at);
            at.at[j] += shift[k] * h;
            mlp_cost_gradient(cost, at, grad);
            axpy(weight[k] / (12 * h), grad, row(H, j));
        }
    scratch->used = mark;
}
