"""CPU against GPU: the matrix product and the ReLU of n × n numbers, in float32 and float64."""

import numpy as np

from course_lib.backend import array_module, gpu_available, to_cpu, to_gpu
from course_lib.measurements.records import check, cpu_name, recorded, times, today, versions
from course_lib.timing import benchmark, in_words

SIZES = [2**k for k in range(2, 13)]  # 4 … 4096
OPERATIONS = {"product": lambda A, B: A @ B, "relu": lambda A: array_module(A).maximum(A, 0)}
SERIES = ("cpu", "gpu", "transfer", "first", "unsynchronised")
WHAT = "matrix product and ReLU, n × n, on CPU and GPU"
HOW = "python -m course_lib.measurements gpu"


def measure(sizes=SIZES, *, seconds=0.3, progress=print):
    """The record of this machine's CPU and GPU. All times in seconds, medians by course_lib.timing.

    cpu, gpu          one operation on data in place, waited for
    transfer          the arrays there and the result back
    first             the GPU's first call of this size; the very first also loads the library
    unsynchronised    what a clock says that does not wait for the GPU
    difference        the largest difference between the CPU's and the GPU's result, as a share of the largest number

    Raises RuntimeError, a sentence, where there is no GPU.
    """
    if not gpu_available():
        raise RuntimeError(
            "There is no GPU here that CuPy can use, so there is nothing to measure and nothing is written. Run this on a "
            "machine with an NVIDIA card and the course's [gpu] extra; `nvidia-smi` there should list the card."
        )
    results = {}
    for operation, f in OPERATIONS.items():
        results[operation] = {}
        for dtype in ("float32", "float64"):
            series = {name: [] for name in (*SERIES, "difference")}
            for n in sizes:
                row = _one_size(f, _data(operation, n, dtype), seconds)
                for name, value in row.items():
                    series[name].append(value)
                progress(f"{operation} {dtype} n = {n}: CPU {in_words(row['cpu'])}, GPU {in_words(row['gpu'])}, transfer {in_words(row['transfer'])}")
            results[operation][dtype] = series
    return check_gpu({
        "what": WHAT, "how": HOW, "measured": True, "reason": None, "date": today(),
        "machine": machine(), "versions": versions("numpy", "cupy-cuda12x", "cupy-cuda13x", "cupy"),
        "sizes": list(sizes), "results": results,
    })  # fmt: skip


def not_measured(reason):
    """The record of nobody having measured, and why: the same fields, empty."""
    return check_gpu({
        "what": WHAT, "how": HOW, "measured": False, "reason": reason, "date": None, "machine": None, "versions": None,
        "sizes": None, "results": None,
    })  # fmt: skip


def check_gpu(record):
    """The record itself, if every number that it should have is there; ValueError if not."""
    check(record, "gpu.json")
    if not record["measured"]:
        for field in ("sizes", "results"):
            if record[field] is not None:
                raise ValueError(f"{field} in gpu.json must be null where nothing was measured")
        return record
    for field in ("card", "driver", "cuda", "cpu", "threads"):
        if not record["machine"].get(field):
            raise ValueError(f"machine in gpu.json must name the {field}")
    sizes = record["sizes"]
    if sorted(set(sizes)) != sizes or not sizes:
        raise ValueError(f"sizes in gpu.json are {sizes}; they must grow")
    for operation in OPERATIONS:
        for dtype in ("float32", "float64"):
            series = record["results"][operation][dtype]
            for name in SERIES:
                times(series[name], len(sizes), f"{operation} {dtype} {name}")
            if len(series["difference"]) != len(sizes) or not all(0 <= d < 1e-2 for d in series["difference"]):
                raise ValueError(f"{operation} {dtype} difference must hold {len(sizes)} numbers near 0: CPU and GPU must agree")
    return record


def recorded_gpu():
    """assets/measurements/gpu.json, checked."""
    return check_gpu(recorded("gpu"))


def machine():
    """Card, driver, CUDA's runtime, CPU."""
    import os

    import cupy

    card = cupy.cuda.runtime.getDeviceProperties(0)
    return {
        "card": card["name"].decode() if isinstance(card["name"], bytes) else card["name"],
        "memory_bytes": int(card["totalGlobalMem"]),
        "driver": _driver() or f"one that knows CUDA {_dotted(cupy.cuda.runtime.driverGetVersion())}",
        "cuda": _dotted(cupy.cuda.runtime.runtimeGetVersion()),
        "cpu": cpu_name(),
        "threads": int(os.environ.get("OPENBLAS_NUM_THREADS") or os.cpu_count()),
    }


def _driver():
    """The driver's version, as nvidia-smi has it; None where it does not answer."""
    import subprocess

    try:
        asked = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True).stdout.splitlines()[0].strip()
    except (OSError, subprocess.SubprocessError, IndexError):
        return None


def _one_size(f, arrays, seconds):
    here = benchmark(f, *arrays, device="cpu", seconds=seconds)
    there = benchmark(f, *arrays, device="gpu", seconds=seconds)
    ours, theirs = f(*arrays), to_cpu(_on_the_gpu(f, arrays))
    return {
        "cpu": here.kernel, "gpu": there.kernel, "transfer": there.transfer, "first": there.first,
        "unsynchronised": there.ordered, "difference": float(np.max(np.abs(ours - theirs)) / np.max(np.abs(ours))),
    }  # fmt: skip


def _on_the_gpu(f, arrays):
    return f(*(to_gpu(a) for a in arrays))


def _data(operation, n, dtype):
    rng = np.random.default_rng(n)
    return tuple(rng.uniform(-1, 1, (n, n)).astype(dtype) for _ in range(2 if operation == "product" else 1))


def _dotted(number):
    """CUDA's 12040 is version 12.4.

    >>> _dotted(12040)
    '12.4'
    """
    return f"{number // 1000}.{number % 1000 // 10}"
