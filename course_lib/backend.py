"""Where arrays live: in the computer's memory (NumPy) or on a graphics card (CuPy).

A formula is written once. It asks its arrays where they live and calls `exp`, `sum` or `@` there:

>>> xp = array_module([1., 2.])
>>> xp.exp(xp.asarray([0., 0.]))
array([1., 1.])

CuPy is optional, and imported only by the functions here, at the moment they need it.
"""

import numpy as np

# A single number has no home of its own: it goes along with any array.
_SINGLE_NUMBERS = (int, float, complex, np.generic)


def array_module(*arrays):
    """The module (NumPy, CuPy, …) in which these arrays live; lists count as NumPy's.

    An array of another kind names its module itself, through the array standard's
    `__array_namespace__`. Single numbers go along with whatever the arrays are.

    Raises TypeError when the arrays live in different places: nothing is moved behind your back,
    because a hidden copy to or from a graphics card costs more than most computations.

    >>> array_module([[0, 1]], .5).__name__
    'numpy'
    """
    homes = []
    for a in arrays:
        if isinstance(a, _SINGLE_NUMBERS):
            continue
        home = _home(a)
        if home not in homes:
            homes.append(home)
    if len(homes) > 1:
        names = " and ".join(_name(home) for home in homes)
        raise TypeError(
            f"these arrays live in different places ({names}): bring them together first, "
            "with to_gpu(...) or to_cpu(...); lists count as numpy"
        )
    return homes[0] if homes else np


def _home(a):
    if isinstance(a, np.ndarray):
        return np
    if type(a).__module__.partition(".")[0] == "cupy":
        import cupy

        return cupy
    namespace = getattr(a, "__array_namespace__", None)
    return namespace() if callable(namespace) else np


def _name(module):
    return getattr(module, "__name__", str(module))


def to_cpu(a):
    """The same numbers as a NumPy array. What is NumPy's already comes back itself, not a copy.

    >>> to_cpu([1, 2])
    array([1, 2])
    """
    if _home(a) is not np and hasattr(a, "get"):  # CuPy's way home
        a = a.get()
    return np.asarray(a)


def to_gpu(a):
    """The same numbers as a CuPy array on the current graphics card.

    Raises RuntimeError with what to do when there is no CuPy, or no graphics card that it can use.
    """
    cupy = _cupy()
    if cupy is None:
        raise RuntimeError(
            "to_gpu needs CuPy, which is not installed here: install the course with its [gpu] extra "
            "on a machine with an NVIDIA card, or leave to_gpu out; everything runs on NumPy arrays too"
        )
    if not cupy.cuda.is_available():
        raise RuntimeError(
            "to_gpu found CuPy but no NVIDIA card that it can use: look whether `nvidia-smi` lists one, "
            "or leave to_gpu out; everything runs on NumPy arrays too"
        )
    return cupy.asarray(a if _home(a) is cupy else to_cpu(a))


def gpu_available():
    """Is there a graphics card that CuPy can use? The first call imports CuPy, which takes a second or two."""
    cupy = _cupy()
    return cupy is not None and bool(cupy.cuda.is_available())


def _cupy():
    try:
        import cupy
    except ImportError:
        return None
    return cupy


def synchronize(xp):
    """Wait until the device has done all it was given; NumPy is always done.

    A graphics card returns from a call before it has computed, so a clock that is stopped without
    this call measures how fast work is *ordered*.

    >>> synchronize(np)
    """
    if not hasattr(xp, "asarray"):
        raise TypeError(
            f"synchronize takes a module such as numpy, not {type(xp).__name__}: write synchronize(array_module(X))"
        )
    if hasattr(xp, "cuda"):
        xp.cuda.Device().synchronize()
