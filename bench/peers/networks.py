"""networks.py -- tanh networks in JAX and in PyTorch, from the layers of a problem.

JAX and PyTorch are passed in by whoever has imported them. A network is a list of
layers (W, b), as Problem.layers gives it.
"""


def jax_network(jnp, layers, x):
    for W, b in layers[:-1]:
        x = jnp.tanh(x @ W.T + b)
    W, b = layers[-1]
    return x @ W.T + b


def torch_network(torch, layers):
    """A module with these parameters."""
    parts = []
    for W, b in layers:
        linear = torch.nn.Linear(W.shape[1], W.shape[0], dtype=torch.as_tensor(W).dtype)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W))
            linear.bias.copy_(torch.from_numpy(b))
        parts += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*parts[:-1])


def torch_gradient(torch, module):
    """The gradient of a module's parameters, as one vector."""
    return torch.cat([p.grad.flatten() for p in module.parameters()]).numpy()
