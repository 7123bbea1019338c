"""Neural networks by hand: the mathematics of the course, and the showing of it.

Every module is imported when it is first named, so `import course_lib` itself costs nothing:

>>> import course_lib
>>> course_lib.perceptron.predict([[0, 1]], w=[1, -1], b=-.5)[2]
array([0])
"""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules


def _is_module(name):
    return not name.startswith("_") and find_spec(f"{__name__}.{name}") is not None


def __getattr__(name):
    if _is_module(name):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"course_lib has no module {name!r}; it has {', '.join(_modules())}")


def __dir__():
    return sorted({*globals(), *_modules()})


def _modules():
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
