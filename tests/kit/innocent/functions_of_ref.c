/* what ref/ has: views, and an arena */
void gd_step(struct quadratic q, double alpha, vec w, vec grad)
{
    struct arena scratch = arena_make(1 << 16);
    vec Aw = arena_vec(&scratch, w.n), old = arena_vec(&scratch, w.n);
    copy(w, old);
    fill(0, grad);
    for (int i = 0; i < w.n; i++)
        Aw.at[i] = dot(row(q.A, i), old);
    axpy(1, Aw, grad);
    axpy(1, q.b, grad);
    multiply(old, Aw);
    axpy(-alpha, grad, part(w, 0, w.n));
    arena_free(&scratch);
}
