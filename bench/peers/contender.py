"""contender.py -- what the contenders of all contests share.

A contest is a program, NAME.py CONTENDER PROBLEM. Each of its contenders is a function
of the problem that sets up and gives two: the work, which does it once, and what reads
the numbers of the answer from what the work returned. What a contender needs it imports
itself, so that it can run where the library of another is missing. Printed is one JSON
object, of the same fields as that of our program.
"""
import json
import math
import os
import re
import statistics
import sys
import time

# Read when the libraries are loaded, which is after this module. Threads are told of by
# tools/bench.lua, for ours and theirs alike; JAX has flags of its own.
os.environ["JAX_PLATFORMS"] = "cpu"
SINGLE = os.environ.get("REAL") == "float"  # as ours was compiled
os.environ["JAX_ENABLE_X64"] = "0" if SINGLE else "1"
os.environ["XLA_FLAGS"] = (
    "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np

ENOUGH = 0.1  # seconds of one measurement
REPEATS = 3
ANSWERS = 997  # as BENCH_ANSWERS in bench.h


class Problem:
    """The numbers that our program worked on, in the order in which it shared them."""

    def __init__(self, path):
        self.numbers = np.fromfile(path, np.float32 if SINGLE else np.float64)
        self.used = 0

    def take(self, *shape):
        begin = self.used
        self.used += math.prod(shape)
        return self.numbers[begin:self.used].reshape(shape)

    def layers(self, *widths):
        """[(W, b), ...] of a network; W is as high as the layer after it is wide."""
        return [(self.take(after, before), self.take(after))
                for before, after in zip(widths, widths[1:])]


def flat(layers):
    """One vector of (W_0, b_0), (W_1, b_1), ... as ref/mlp.h keeps it."""
    return np.concatenate([np.ravel(part) for layer in layers for part in layer])


def nothing(_):
    """Reads the answer of a work that has none to compare."""
    return []


def mean(work, calls):
    """The seconds of one call, on the wall and of all threads of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return wall / calls, cpu / calls


def measure(work):
    """Medians of repeats, each of as many calls as take long enough."""
    once = mean(work, 1)[1]
    calls = math.ceil(ENOUGH / max(once, 1e-7))
    means = [mean(work, calls) for _ in range(REPEATS)]
    return [statistics.median(values) for values in zip(*means)]


def blas_of(library):
    """The BLAS that NumPy or SciPy has loaded: its name, version and kernel."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "a BLAS unknown without threadpoolctl"
    loaded = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    own = [pool for pool in loaded if f"{library}.libs" in pool["filepath"]]
    for pool in own or loaded:
        name = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS"}.get(
            pool["internal_api"], pool["internal_api"])
        kernel = pool.get("architecture")
        return f"{name} {pool['version']}" + (f", {kernel} kernel" if kernel else "")
    return "a BLAS unknown to threadpoolctl"


def blas_of_torch(torch):
    vectors = torch.backends.cpu.get_cpu_capability()
    mkl = re.search(r"Math Kernel Library Version (\d[\d.]*)", torch.__config__.show())
    return (f"MKL {mkl[1]}" if mkl else "a BLAS of its own") + f", {vectors} vectors"


def libraries():
    """What does the work: versions, and the BLAS behind them."""
    def name(library):
        return f"{library} {sys.modules[library].__version__}"
    if "jax" in sys.modules:
        above = [name("diffrax")] if "diffrax" in sys.modules else []
        return ", ".join(above + [name("jax"), "products by XLA"])
    if "torch" in sys.modules:
        above = [name("torchdiffeq")] if "torchdiffeq" in sys.modules else []
        blas = blas_of_torch(sys.modules["torch"])
        return ", ".join(above + [name("torch"), blas])
    library = "scipy" if "scipy" in sys.modules else "numpy"
    return ", ".join([name(library), blas_of(library)])


def contend(contenders):
    name, path = sys.argv[1:]
    work, read = contenders[name](Problem(path))
    numbers = np.ravel(read(work())).astype(float)  # of the first call, which compiles
    result = {"libraries": libraries()}
    if numbers.size:
        result["answer"] = numbers[::math.ceil(numbers.size / ANSWERS)].tolist()
    result["seconds"], result["cpu"] = measure(work)
    print(json.dumps(result))
