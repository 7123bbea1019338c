"""The slope of any function, by nudging."""

import numpy as np

from course_lib.checks import floats


def numerical_gradient(f, x, h=None):
    """∂f/∂x by central differences, for a function f(x) -> number and an array x of any shape, which stays as it is.

    Each entry is nudged by h, by default ε^⅓ · max(1, |x_i|) with ε the rounding of x's float type.

    >>> numerical_gradient(lambda x: float((x**2).sum()), np.array([1., -3.])).round(6)
    array([ 2., -6.])
    """
    xp, x = floats(x=x)
    x = xp.asarray(x + 0)
    d_x = xp.zeros_like(x)
    for i in np.ndindex(*x.shape):
        value = float(x[i])
        step = nudge(value, xp.finfo(x.dtype).eps) if h is None else h
        up, down = value + step, value - step
        x[i] = up
        f_up = float(f(x))
        x[i] = down
        f_down = float(f(x))
        x[i] = value
        d_x[i] = (f_up - f_down) / (up - down)
    return d_x


def nudge(value, eps):
    return eps ** (1 / 3) * max(1.0, abs(value))
