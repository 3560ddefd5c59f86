"""A step of particles, which are tanh units: see contender.py. The answer is the drift,
which is minus the gradient times their number."""
import functools

from contender import contend, np

M, N, D, RATE = 10000, 100, 10, 1e-6


def take(problem):
    """Inputs, targets, output weights and inner ones."""
    return (problem.take(N, D), problem.take(N), problem.take(M).copy(),
            problem.take(M, D).copy())


def numpy_step(problem):
    x, t, eta, W = take(problem)

    def work():
        S = np.tanh(W @ x.T)
        dF = (eta @ S / M - t) / N
        d_eta = -(S @ dF)
        slope = 1 - S * S
        slope *= dF
        slope *= eta[:, None]
        dW = -(slope @ x)
        eta[...] += RATE * d_eta
        W[...] += RATE * dW
        return d_eta, dW
    return work, lambda drift: np.concatenate([np.ravel(part) for part in drift])


def jax_step(problem):
    import jax
    import jax.numpy as jnp
    x, t, eta, W = [jnp.asarray(part) for part in take(problem)]

    def cost(q, x, t):
        return jnp.sum((q[0] @ jnp.tanh(q[1] @ x.T) / M - t) ** 2) / (2 * N)

    @functools.partial(jax.jit, donate_argnums=0)
    def step(q, x, t):
        drift = jax.tree.map(lambda g: -M * g, jax.grad(cost)(q, x, t))
        return jax.tree.map(lambda v, d: v + RATE * d, q, drift), drift

    q = eta, W

    def work():
        nonlocal q
        q, drift = jax.block_until_ready(step(q, x, t))
        return drift
    return work, lambda drift: np.concatenate([np.ravel(part) for part in drift])


contend({"numpy": numpy_step, "jax": jax_step})
