/* neural_ode.h -- gradients through the solution of dz/dt = f(t, z; theta).
 *
 * A loss L depends on the states that the equation reaches; wanted is its derivative by
 * the first state and by theta.  Two ways: the adjoint equation, solved backward in
 * time, which keeps nothing of the way there, and backpropagation through the steps of
 * the solver, which keeps a state for each, or its slopes as well.  [Columbia-13/9-11]
 */
#ifndef REF_NEURAL_ODE_H
#define REF_NEURAL_ODE_H

#include "ground/ode.h"
#include "mlp.h"

/* An equation whose field can be pulled back, with P parameters: for a covector a,
 * pull leaves dz := f, gz := (df/dz)'a, gtheta := (df/dtheta)'a.  z, a, dz, gz: n;
 * gtheta: P. */
struct neural_ode {
    struct ode ode;
    int parameters;
    void (*pull)(void *context, double t, vec z, vec a, vec dz, vec gz, vec gtheta);
};

/* The state of the adjoint equation, 2 n + P numbers, by its parts: views. */
struct adjoint {
    vec z; /* n: the state                                     */
    vec a; /* n: dL/dz                                         */
    vec g; /* P: dL/dtheta, as far as it has been gathered yet */
};

struct adjoint node_adjoint_parts(const struct neural_ode *f, vec x);
struct ode node_adjoint_ode(struct neural_ode *f);

enum ode_status node_path(const struct neural_ode *f, vec times, double relative,
                          double absolute, struct arena *scratch, mat path);
enum ode_status node_adjoint_gradient(struct neural_ode *f, vec times, mat path, mat G,
                                      double relative, double absolute,
                                      struct arena *scratch, vec a, vec g);

void node_record(const struct neural_ode *f, const struct ode_tableau *method, double t,
                 double t_end, struct arena *scratch, mat path);
void node_backprop_gradient(const struct neural_ode *f,
                            const struct ode_tableau *method, double t, double t_end,
                            mat path, struct arena *scratch, vec a, vec g);

/* The steps that a solver has chosen, and what it takes to go back through them. */
struct node_step {
    double t, h;           /* from t to t + h                        */
    vec z;                 /* n: from this state                     */
    vec k[ODE_STAGES - 1]; /* n each: the slopes that make up stages */
};

struct node_steps {
    int count, most; /* there are, and there is room for */
    struct node_step *step;
};

struct node_steps node_steps_make(struct arena *arena, const struct neural_ode *f,
                                  int most);
enum ode_status node_steps_path(const struct neural_ode *f, vec times, double relative,
                                double absolute, struct arena *scratch, mat path,
                                struct node_steps *steps);
void node_steps_gradient(const struct neural_ode *f, const struct node_steps *steps,
                         vec times, mat G, struct arena *scratch, vec a, vec g);

/* The field of a network on the rows of a batch: f(z) = net(z^power), the power entry
 * by entry. */
struct network_field {
    struct mlp net;
    vec theta; /* P: a view of the parameters, which the caller may move */
    int power; /* >= 1 */
    mat X;     /* rows x d: z^power */
    struct mlp_pass pass;
    int evaluations; /* of the field, pulled back or not */
};

struct network_field node_field_make(struct arena *arena, const struct mlp *net,
                                     vec theta, int power, int rows);
struct neural_ode node_network(struct network_field *field);

#endif
