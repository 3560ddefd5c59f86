"""How lazily a tanh network trains, kappa_h by power iteration: see contender.py."""
from contender import contend, np

N, INPUTS, WIDTH, ROUNDS = 20, 5, 50, 5
WEIGHTS = WIDTH * (INPUTS + 1)


def jax_kappa(problem):
    """Forward over reverse, as ours."""
    import jax
    import jax.numpy as jnp
    shapes = (N, INPUTS), (N,), (WEIGHTS,), (WEIGHTS,)
    x, y, w, u = [jnp.asarray(problem.take(*shape)) for shape in shapes]

    def outputs(w, x):
        W, a = w[:WIDTH * INPUTS].reshape(WIDTH, INPUTS), w[WIDTH * INPUTS:]
        return jnp.tanh(x @ W.T / INPUTS**0.5) @ a / WIDTH**0.5

    def output(w, x):
        return outputs(w, x[None])[0]

    def product(w, x, direction):
        """The Hessian of the output on one example, times the direction."""
        gradient = jax.grad(output)
        return jax.jvp(lambda w: gradient(w, x), (w,), (direction,))[1]

    @jax.jit
    def kappa(x, y, w, u):
        along = jax.vmap(product, (None, 0, None))
        D = along(w, x, u)
        for _ in range(ROUNDS):
            u = jnp.sum(jax.vmap(product, (None, 0, 0))(w, x, D), 0)
            u /= jnp.linalg.norm(u)
            D = along(w, x, u)
        J = jax.jacrev(outputs)(w, x)
        residual, curvature = outputs(w, x) - y, jnp.linalg.norm(D) / jnp.linalg.norm(u)
        return jnp.linalg.norm(residual) * curvature / jnp.linalg.norm(J) ** 2

    return lambda: jax.block_until_ready(kappa(x, y, w, u)), np.asarray


contend({"jax": jax_kappa})
