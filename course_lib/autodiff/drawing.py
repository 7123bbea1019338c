"""The computation as a picture: boxes are values and operations, and on the edges run the numbers."""

from dataclasses import dataclass, field
from html import escape

from course_lib.autodiff.engine import Tensor, _fold, topological_order
from course_lib.widgets.palette import palette

MOST = 60  # boxes in one drawing
COLUMN, ROW, BOX = 190, 86, (96, 46)


def graph(out):
    """The computation that led to `out`, as a drawing: show it in a notebook, or print it.

    On each edge stands the value that runs forward along it and, after `out.backward()`, the part of ∂ℓ/∂(this
    value) that comes back along it. A value that is used twice has two parts; in its box stands their sum.

    Attributes: `svg`, the picture; `text`, one line for each operation; `description`, the picture in words.
    Of a long computation the last 60 boxes are drawn. Raises TypeError when out is not a Tensor.

    >>> a, b = Tensor(2, name="a"), Tensor(1, name="b")
    >>> e = (a + b) * (b + 1)
    >>> e.backward()
    >>> print(graph(e))
    a = 2.00                    ∂ 2.00
    b = 1.00                    ∂ 5.00
    v1 = a + b = 3.00           ∂ 2.00
    v2 = b + 1 = 2.00           ∂ 3.00
    v3 = v1 × v2 = 6.00         ∂ 1.00
    """
    if not isinstance(out, Tensor):
        raise TypeError(f"graph draws the computation of a Tensor; this is {type(out).__name__}")
    order = topological_order(out)
    return Drawing(_boxes(order[-MOST:]), left_out=max(len(order) - MOST, 0))
