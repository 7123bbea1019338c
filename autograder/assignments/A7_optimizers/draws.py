"""What the three questions on initializers share: reading a student's draw, and whether it follows the seed."""

import numpy as np

from autograder.describe import numbers
from autograder.questions import Mistake

LECTURE = "L11, Initialization"
SEED = "the seed"


def table(draw):
    """A draw as a table of numbers; None where it is none."""
    found = numbers(draw)
    return found.astype(float) if found is not None and found.ndim == 2 and found.size and found.dtype.kind in "iuf" else None


def seeds(*draws):
    """Whether draws follow the seed, in words: two of one seed, and one of another. None where they are no tables."""
    W, again, other = (table(draw) for draw in draws)
    if W is None or again is None or other is None:
        return None
    if not np.array_equal(W, again):
        return "never the same twice"
    return "the same for every seed" if np.array_equal(W, other) else "follows the seed"


def generator_of(seed, how):
    """The generator of a draw that uses its seed, ignores it, or has one of its own."""
    return {"given": lambda: np.random.default_rng(seed), "ignored": lambda: np.random.default_rng(), "fixed": lambda: np.random.default_rng(0)}[how]()


def seed_mistakes():
    return (Mistake("The seed is ignored", "Two draws with one seed differ: your generator is made without it.", knobs={"how": "ignored"},
                    hints=("Call your function twice with seed 1. Is the result the same?", "Where does your code use `seed`?", "`np.random.default_rng(seed)`, inside the function.")),
            Mistake("The same for every seed", "Every seed gives the same weights: the seed is fixed in your code.", knobs={"how": "fixed"},
                    hints=("Call your function with seeds 1 and 2. Do the results differ?", "Which seed stands in your code?", "`np.random.default_rng(seed)`, with the argument.")))


def turned_mistake(turned):
    rows = "one output, in the library one input" if turned else "one input"
    return Mistake("Rows and columns are exchanged", f"Your W has the transpose of the shape that is asked for: here each row is {rows}.", knobs={"turned": not turned},
                   hints=("A layer from 3 inputs to 2 outputs: how many rows has W here?", "Look up the order in the question.", f"The shape is `{'(n_out, n_in)' if turned else '(n_in, n_out)'}`."))


def other_shape(value, right):
    """What is said of a draw that is no table, or one of another shape; "" where its shape is right."""
    if not isinstance(value, tuple):
        found = numbers(value)
        return f"It should be a table with {right[0]} rows and {right[1]} columns" + ("." if found is None else f", but it has the shape {found.shape}.")
    return "" if value[:2] == right[:2] else f"It should have {right[0]} rows and {right[1]} columns, but it has {value[0]} and {value[1]}."
