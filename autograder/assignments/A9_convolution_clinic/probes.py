"""What the probes are made of: pictures, kernels that are the same from no two sides, steps and frames."""

import numpy as np

LECTURE = "L15, Structure as regularization: a convolution"
INPUTS = "leaves its arguments as they were"
PLAIN, STRIDES, PADDINGS, BOTH, ONE = "several pictures and kernels", "other strides", "other paddings", "stride and padding together", "one picture, one kernel"

# group → (N, K, picture, kernel, stride, padding): open to everybody
OPEN = {PLAIN: (2, 3, (4, 5), (2, 3), (1, 1), (0, 0)), STRIDES: (1, 2, (6, 6), (3, 2), (2, 3), (0, 0)), PADDINGS: (1, 2, (3, 4), (3, 3), (1, 1), (1, 2)),
        BOTH: (2, 1, (5, 6), (2, 3), (2, 1), (2, 3)), ONE: (1, 1, (4, 4), (2, 2), (1, 1), (0, 0))}


def picture_and_kernels(rng, N, K, size, kernel, stride, padding):
    """X, W, b, stride and padding by name."""
    X = rng.integers(1, 10, size=(N, *size)).astype(float) / 2
    while True:
        W = rng.choice([-1.5, -1., -.5, .5, 1., 1.5, 2.], size=(K, *kernel))
        if all(np.abs(one - other).max() > .4 for one in W for other in (one[::-1], one[:, ::-1], one[::-1, ::-1])):
            return {"X": X, "W": W, "b": rng.choice([-1.25, -.75, .5, 1.75, 2.25], size=K, replace=False), "stride": stride, "padding": padding}


def with_slopes(values, asked, rng, forward):
    """The same with d_h, the slope that arrives at each number of the map."""
    shape = forward(**values, asked=asked).shape
    d_h = rng.choice([-1.5, -1., -.5, .5, 1., 2.], size=shape) + .25 * rng.integers(0, 2, size=shape)
    return {**{name: value for name, value in values.items() if name != "b"}, "d_h": d_h}


def open_values(group):
    return picture_and_kernels(np.random.default_rng([len(group), 5]), *OPEN[group])


def drawn(rng):
    """(group, values, in words) of the hidden probes."""
    def some(group, N, K, stride, padding):
        kernel = tuple(int(n) for n in rng.permutation([2, 3])) if rng.random() < .7 else (3, 3)
        size = tuple(int(n) for n in rng.integers(4, 8, size=2))
        return group, picture_and_kernels(rng, N, K, size, kernel, stride, padding)
    yield some(PLAIN, 3, 2, (1, 1), (0, 0))
    yield some(PLAIN, 2, 4, (1, 1), (0, 0))
    yield some(STRIDES, 2, 1, (1, 2), (0, 0))
    yield some(STRIDES, 1, 3, (2, 1), (0, 0))
    yield some(STRIDES, 2, 3, (3, 2), (0, 0))
    yield some(PADDINGS, 2, 1, (1, 1), (2, 0))
    yield some(PADDINGS, 3, 2, (1, 1), (1, 1))
    yield some(PADDINGS, 1, 2, (1, 1), (0, 3))
    yield some(BOTH, 3, 2, (2, 2), (1, 1))
    yield some(BOTH, 2, 3, (2, 3), (3, 1))
    yield some(ONE, 1, 1, (1, 1), (0, 0))
