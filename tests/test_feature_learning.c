/* The contract of feature_learning.h. */
#include "feature_learning.h"
#include "ground/unit.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

START_TEST(soft_plus_is_softplus)
{
    double slope;
    assert_near(feat_soft_plus(20, 0, &slope), log(2) / 20, DBL_EPSILON);
    assert_near(slope, 0.5, 0);
}
END_TEST

/* ---- What moves first ------------------------------------------------------------ */

enum { DEPTH = 4 };

struct motion {
    struct arena arena;
    struct rng rng;
    struct mlp net;
    mat X;
    vec w, dw;
    struct mlp_pass pass;
    struct feat_speed speed;
};

static struct motion motion_make(const char *test, int depth, int n)
{
    struct motion x = {.arena = arena_make(1 << 18), .rng = unit_rng(test)};
    x.net = mlp_make(depth, (int[]){3, 5, 4, 1, 2}, TANH, TANGENT, false);
    x.X = arena_mat(&x.arena, n, 3);
    x.w = arena_vec(&x.arena, mlp_parameters(&x.net));
    x.dw = arena_vec(&x.arena, x.w.n);
    x.pass = mlp_pass_make(&x.arena, &x.net, n);
    x.speed = feat_speed_make(&x.arena, &x.net, n);
    rng_uniforms(&x.rng, -1, 1, entries(x.X));
    rng_uniforms(&x.rng, -1, 1, x.w);
    rng_uniforms(&x.rng, -1, 1, x.dw);
    return x;
}

/* H_l and Z_l at w + t dw in plain loops, in one array: Z_0, ..., Z_{L-1}. */
static void all_layers(struct motion *x, double t, int i, double Z[DEPTH][8])
{
    double H[8] = {0};
    copy(row(x->X, i), (vec){3, H});
    for (int l = 0, at = 0; l < x->net.depth; l++) {
        int below = x->net.width[l], above = x->net.width[l + 1];
        for (int r = 0; r < above; r++) {
            Z[l][r] = 0;
            for (int j = 0; j < below; j++, at++)
                Z[l][r] += (x->w.at[at] + t * x->dw.at[at]) * H[j] / sqrt(below);
        }
        for (int r = 0; r < above; r++)
            H[r] = tanh(Z[l][r]);
    }
}

START_TEST(velocities_are_differences)
{
    static const int rows[] = {1, 2, 65};
    for (int depth = 1; depth <= DEPTH; depth++)
        for (int k = 0; k < 3; k++) {
            struct motion x = motion_make("feat/velocities", depth, rows[k]);
            mlp_forward(&x.net, x.w, x.X, &x.pass);
            for (int l = 0; l < depth; l++) {
                fill(NAN, entries(x.speed.Z[l]));
                fill(NAN, entries(x.speed.H[l]));
            }
            feat_velocities(&x.net, x.w, x.dw, &x.pass, &x.speed);
            double above[DEPTH][8], below[DEPTH][8], here[DEPTH][8];
            for (int i = 0; i < rows[k]; i++) {
                all_layers(&x, 1e-5, i, above);
                all_layers(&x, -1e-5, i, below);
                all_layers(&x, 0, i, here);
                for (int l = 0; l < depth; l++)
                    for (int r = 0; r < x.net.width[l + 1]; r++) {
                        double slope = (above[l][r] - below[l][r]) / 2e-5,
                               bent = 1 - tanh(here[l][r]) * tanh(here[l][r]);
                        assert_near(row(x.speed.Z[l], i).at[r], slope, 1e-8);
                        if (l + 1 < depth)
                            assert_near(row(x.speed.H[l + 1], i).at[r], bent * slope,
                                        1e-8);
                    }
            }
            arena_free(&x.arena);
        }
}
END_TEST

START_TEST(velocities_end_with_that_of_the_output)
{
    struct motion x = motion_make("feat/output", DEPTH, 7);
    mat dF = arena_mat(&x.arena, 7, 2);
    mlp_forward(&x.net, x.w, x.X, &x.pass);
    mlp_jvp(&x.net, x.w, x.dw, (mat){0}, &x.pass, &x.arena, dF);
    feat_velocities(&x.net, x.w, x.dw, &x.pass, &x.speed);
    for (int i = 0; i < 14; i++)
        assert_near(x.speed.Z[DEPTH - 1].at[i], dF.at[i], 20 * DBL_EPSILON);
    ck_assert(x.speed.H[0].at == NULL);
    x.net.biases = true;
    ck_assert_stops("feat_velocities: the network has biases",
                    feat_velocities(&x.net, x.w, x.dw, &x.pass, &x.speed));
    arena_free(&x.arena);
}
END_TEST

/* ---- Moments: two units, by quadrature ------------------------------------------- */

enum { TWO = 2, LAYERS = 3, NODES = 4 };

/* What the moments are means of, for a network of which all normal numbers are nodes of
 * Gauss and Hermite's rule, exact for polynomials of degree 7.  An even polynomial
 * times the indicator of a half space is summed exactly too, if of x and -x exactly one
 * is counted: ties are broken by the first number. */
struct two {
    double z[TWO], K[TWO][TWO];
};

static void node(int k, double *x, double *weight)
{
    double sign = k % 2 ? 1 : -1, root = k < 2 ? -sqrt(6) : sqrt(6);
    *x = sign * sqrt(3 + root);
    *weight *= (3 - root) / 12;
}

static struct two first_of(const double *a)
{
    struct two f = {{0}, {{0}}};
    for (int i = 0; i < TWO; i++) {
        f.z[i] = a[i] > 0 ? sqrt(2) * a[i] : 0;
        f.K[i][i] = a[i] > 0 ? 2 : 0;
    }
    return f;
}

static struct two next_of(struct two f, double a[TWO][TWO])
{
    struct two g;
    double q = (f.z[0] * f.z[0] + f.z[1] * f.z[1]) / TWO, gate[TWO];
    for (int i = 0; i < TWO; i++) {
        double sum = (a[i][0] * f.z[0] + a[i][1] * f.z[1]) / sqrt(TWO);
        bool tie = fabs(sum) < 1e-12, on = tie ? a[i][0] > 0 : sum > 0;
        gate[i] = on ? sqrt(2) : 0;
        g.z[i] = gate[i] * sum;
    }
    for (int i = 0; i < TWO; i++)
        for (int j = 0; j < TWO; j++) {
            double sum = i == j ? q : 0;
            for (int k = 0; k < TWO; k++)
                for (int l = 0; l < TWO; l++)
                    sum += a[i][k] * f.K[k][l] * a[j][l] / TWO;
            g.K[i][j] = gate[i] * gate[j] * sum;
        }
    return g;
}

static void add_moments(struct two f, double weight, struct feat_moments *of)
{
    double q = (f.z[0] * f.z[0] + f.z[1] * f.z[1]) / TWO,
           t = (f.K[0][0] + f.K[1][1]) / TWO;
    of->qq += weight * q * q;
    of->qt += weight * q * t;
    of->tt += weight * t * t;
    for (int i = 0; i < TWO; i++)
        for (int j = 0; j < TWO; j++) {
            of->kk += weight * f.K[i][j] * f.K[i][j] / TWO;
            of->zz += weight * f.z[i] * f.K[i][j] * f.z[j] / TWO;
        }
}

/* The sum over all nodes of the layers from this one on. */
static void sum_over(struct two below, int layer, double weight,
                     struct feat_moments of[LAYERS])
{
    if (layer == LAYERS)
        return;
    int numbers = layer == 0 ? TWO : TWO * TWO, points = 1 << (2 * numbers);
    for (int p = 0; p < points; p++) {
        double a[TWO][TWO], share = weight;
        for (int k = 0; k < numbers; k++)
            node(p >> (2 * k) & (NODES - 1), &a[0][0] + k, &share);
        struct two f = layer == 0 ? first_of(a[0]) : next_of(below, a);
        add_moments(f, share, &of[layer]);
        sum_over(f, layer + 1, share, of);
    }
}

static void assert_moments(struct feat_moments got, struct feat_moments value,
                           double limit)
{
    assert_near(got.qq, value.qq, limit * value.qq);
    assert_near(got.qt, value.qt, limit * value.qt);
    assert_near(got.tt, value.tt, limit * value.tt);
    assert_near(got.kk, value.kk, limit * value.kk);
    assert_near(got.zz, value.zz, limit * value.zz);
}

START_TEST(moments_of_two_units_are_sums)
{
    struct feat_moments of[LAYERS] = {{0}}, next = feat_moments_first(TWO);
    sum_over((struct two){{0}, {{0}}}, 0, 1, of);
    for (int layer = 0; layer < LAYERS; layer++) {
        assert_moments(next, of[layer], 1e-11);
        next = feat_moments_next(TWO, next);
    }
}
END_TEST

START_TEST(moments_of_one_unit_and_of_many)
{
    struct feat_moments one = feat_moments_first(1), many = feat_moments_first(1 << 30);
    assert_moments(one, (struct feat_moments){6, 2, 2, 2, 2}, 0);
    assert_moments(feat_moments_next(1, one), (struct feat_moments){36, 24, 32, 32, 24},
                   0);
    assert_near(feat_gain(1, one), 3, 0);
    assert_moments(many, (struct feat_moments){1, 1, 1, 2, 2}, 1e-8);
    many = feat_moments_next(1 << 30, many);
    assert_moments(many, (struct feat_moments){1, 2, 4, 10, 6}, 1e-7);
    assert_near(feat_gain(1 << 30, many), 1.4, 1e-7);
    ck_assert_stops("feat_moments_first: a layer has at least one unit, got m = 0",
                    feat_moments_first(0));
    ck_assert_stops("feat_moments_next: a layer has at least one unit, got m = 0",
                    feat_moments_next(0, one));
    ck_assert_stops("feat_gain: a layer has at least one unit, got m = -1",
                    feat_gain(-1, one));
}
END_TEST

/* ---- Where neurons point, and which layer is ready ------------------------------- */

START_TEST(alignment_is_a_mean_of_cosines)
{
    struct arena arena = arena_make(1 << 12);
    mat W = {3, 2, (double[]){3, 4, 0, -2, -1, 0}}, V = {2, 2, (double[]){1, 0, 0, 7}};
    vec a = VEC(2, -1, 0.5), none = VEC(0, 0, 0);
    /* 0.8 of 10, to (0, 1); 0 of 2, to (1, 0); 0 of 0.5, to (0, 1). */
    assert_near(feat_alignment(W, a, V), 8 / 12.5, 4 * DBL_EPSILON);
    assert_near(feat_alignment(row_block(W, 0, 1), part(a, 0, 1), row_block(V, 0, 1)),
                0.6, 4 * DBL_EPSILON);
    assert_near(feat_alignment(row_block(W, 1, 1), part(a, 1, 1), row_block(V, 1, 1)),
                -1, 4 * DBL_EPSILON);
    ck_assert(isnan(feat_alignment(W, none, V)));
    scale(1e150, entries(W));
    scale(1e-150, entries(V));
    assert_near(feat_alignment(W, a, V), 8 / 12.5, 8 * DBL_EPSILON);
    V.at[0] = NAN;
    ck_assert(isnan(feat_alignment(W, a, V)));
    ck_assert_stops("feat_alignment: W has 3 rows, a has 2 entries",
                    feat_alignment(W, part(a, 0, 2), V));
    ck_assert_stops("feat_alignment: there is no direction",
                    feat_alignment(W, a, row_block(V, 0, 0)));
    arena_free(&arena);
}
END_TEST

/* sum k_ij l_ij / sqrt(sum k_ij^2 sum l_ij^2) of the inner products of centered rows.
 */
static double cka_of_rows(mat A, mat B)
{
    long double kl = 0, kk = 0, ll = 0;
    const mat both[] = {A, B};
    for (int i = 0; i < A.rows; i++)
        for (int j = 0; j < A.rows; j++) {
            long double inner[2] = {0, 0};
            for (int which = 0; which < 2; which++)
                for (int c = 0; c < both[which].cols; c++) {
                    long double mean = 0;
                    for (int r = 0; r < A.rows; r++)
                        mean += row(both[which], r).at[c] / (long double)A.rows;
                    inner[which] += (row(both[which], i).at[c] - mean) *
                                    (row(both[which], j).at[c] - mean);
                }
            kl += inner[0] * inner[1];
            kk += inner[0] * inner[0];
            ll += inner[1] * inner[1];
        }
    return (double)(kl / sqrtl(kk * ll));
}

START_TEST(cka_is_the_cosine_of_two_kernels)
{
    static const int shapes[][3] = {{2, 1, 1}, {3, 1, 4}, {7, 5, 2}, {65, 3, 9}};
    for (int k = 0; k < 4; k++) {
        struct arena arena = arena_make(1 << 16);
        struct rng rng = unit_rng("feat/cka");
        mat A = arena_mat(&arena, shapes[k][0], shapes[k][1]),
            B = arena_mat(&arena, shapes[k][0], shapes[k][2]);
        rng_uniforms(&rng, 0, 3, entries(A));
        rng_uniforms(&rng, -1, 4, entries(B));
        double value = cka_of_rows(A, B);
        size_t used = arena.used;
        assert_near(feat_cka(A, B, &arena), value, 1e-13);
        assert_near(feat_cka(B, A, &arena), value, 1e-13);
        assert_near(feat_cka(A, A, &arena), 1, 1e-14);
        scale(1e150, entries(A));
        scale(-1e-150, entries(B));
        assert_near(feat_cka(A, B, &arena), value, 1e-13);
        ck_assert(arena.used == used);
        arena_free(&arena);
    }
}
END_TEST

START_TEST(cka_does_not_see_rotations)
{
    struct arena arena = arena_make(1 << 16);
    struct rng rng = unit_rng("feat/rotation");
    mat A = arena_mat(&arena, 20, 5), Q = arena_mat(&arena, 5, 5),
        B = arena_mat(&arena, 20, 5);
    rng_normals(&rng, 0, 1, entries(A));
    rng_rotation(&rng, &arena, Q);
    gemm(3, AS_IS, A, AS_IS, Q, 0, B);
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < 5; j++)
            row(B, i).at[j] += 7 * j;
    assert_near(feat_cka(A, B, &arena), 1, 1e-13);
    /* Columns that are orthogonal once they are centered have nothing in common. */
    mat C = {4, 1, (double[]){1, 1, 2, 2}}, D = {4, 1, (double[]){5, 6, 5, 6}};
    assert_near(feat_cka(C, D, &arena), 0, 0);
    arena_free(&arena);
}
END_TEST

START_TEST(cka_of_nothing_is_no_number)
{
    struct arena arena = arena_make(1 << 12);
    mat A = {2, 2, (double[]){1, 2, 1, 2}}, B = {2, 1, (double[]){0, 1}};
    ck_assert(isnan(feat_cka(A, B, &arena)));
    ck_assert(isnan(feat_cka(row_block(B, 0, 1), row_block(B, 1, 1), &arena)));
    mat C = {2, 1, (double[]){NAN, 1}};
    ck_assert(isnan(feat_cka(B, C, &arena)));
    ck_assert_stops("feat_cka: A has 2 rows, B has 1",
                    feat_cka(B, row_block(B, 0, 1), &arena));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {soft_plus_is_softplus,
                                  velocities_are_differences,
                                  velocities_end_with_that_of_the_output,
                                  moments_of_two_units_are_sums,
                                  moments_of_one_unit_and_of_many,
                                  alignment_is_a_mean_of_cosines,
                                  cka_is_the_cosine_of_two_kernels,
                                  cka_does_not_see_rotations,
                                  cka_of_nothing_is_no_number,
                                  NULL};
    return unit_run("feature_learning", tests);
}
