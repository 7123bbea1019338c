"""How the questions look at a function that works on `xp`: what it computes, and what was counted meanwhile."""

import numpy as np

from autograder.questions.device import Device, DeviceArray

STRANGER = "stops: a function of NumPy met an array of xp"


def run(answer, order, values):
    """What `answer` returns for these arguments, with an `xp` of its own, and that `xp`. A meeting of NumPy with xp's arrays is told as text."""
    xp = Device()
    given = values(xp)
    xp.operations = xp.brought = 0                        # what was brought over for the question is not the answer's
    try:
        return answer(*(xp if name == "xp" else given[name] for name in order)), xp
    except TypeError as error:
        if "not live" in str(error) or "hidden transfer" in str(error):
            return STRANGER, xp
        raise


def home(value):
    """The numbers of a result, wherever they live."""
    if isinstance(value, DeviceArray):
        return np.asarray(value.get())
    return type(value)(home(part) for part in value) if type(value) in (list, tuple) else value


def doubled(X, y, examples):
    """The same data with each example twice; `examples` is the axis along which they stand."""
    return np.concatenate([X, X], axis=examples), np.concatenate([y, y])
