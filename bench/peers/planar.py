"""The loss of a planar flow against a ring, and its gradient: see contender.py."""
from contender import contend, np

N, LAYERS = 1000, 16


def jax_loss(problem):
    import jax
    import jax.numpy as jnp
    theta, z = jnp.asarray(problem.take(LAYERS, 5)), jnp.asarray(problem.take(N, 2))

    def loss(theta, z):
        log_q = -jnp.sum(z * z, 1) / 2  # and log 2 pi
        for v, w, b in ((layer[:2], layer[2:4], layer[4]) for layer in theta):
            u = v + (jax.nn.softplus(w @ v) - 1 - w @ v) / (w @ w) * w
            h = jnp.tanh(z @ w + b)
            z = z + h[:, None] * u
            log_q -= jnp.log(jnp.abs(1 + (w @ u) * (1 - h * h)))
        r = jnp.sqrt(jnp.sum(z * z, 1))
        return jnp.mean(log_q + (r - 2) ** 2 / (2 * 0.4**2))

    gradient = jax.jit(jax.grad(loss))
    return lambda: jax.block_until_ready(gradient(theta, z)), np.asarray


contend({"jax": jax_loss})
