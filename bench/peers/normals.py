"""100,000 normal numbers from Philox, by NumPy's ziggurat: see contender.py."""
from contender import contend, nothing, np


def numpy_philox(problem):
    rng, x = np.random.Generator(np.random.Philox(0)), np.empty(100_000)
    return lambda: rng.standard_normal(out=x), nothing


contend({"numpy": numpy_philox})
