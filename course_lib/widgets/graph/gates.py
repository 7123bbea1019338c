"""Three gates side by side: what they do with what comes back."""

from __future__ import annotations

from course_lib.checks import number
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure


class Gates(Figure):
    """y = a + b, y = a · b and y = max(a, b) beside each other, with ȳ coming back to each; what do a and b get?

    Addition hands ȳ to both; multiplication switches, ā = ȳ b and b̄ = ȳ a; a maximum sends ȳ to the winner (a tie counts
    as won by a). Drag a, b and ȳ, each from −4 to 4.

    Raises ValueError for numbers outside.

    >>> Gates(a=1, b=2).values
    {'a': 1.0, 'b': 2.0, 'd_y': 1.0}
    """

    _esm = esm("graph/gates.js")
    _css = css("graph/graph.css")

    def __init__(self, *, a: float = 3, b: float = -2, d_y: float = 1):
        values = {"a": number(a, "a"), "b": number(b, "b"), "d_y": number(d_y, "d_y")}
        for name, value in values.items():
            if abs(value) > 4:
                raise ValueError(f"{name} must lie between −4 and 4 to be drawn; got {value:g}.")
        super().__init__(values=values)
