"""Three hidden units that begin alike, or do not."""

from __future__ import annotations

from course_lib.checks import number
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure

KNOWN = {"init": ("zeros", "equal", "random"), "phi": ("tanh", "sigmoid", "relu"), "gate": ("OR", "XOR", "AND")}


class SymmetryViewer(Figure):
    """A 2-3-1 net learns a logic gate from first weights that are all 0, all ½ or random; its three units are compared.

    Cross-entropy from logits, gradient descent on all four rows. `init` is "zeros", "equal" or "random", `phi` "tanh",
    "sigmoid" or "relu", `gate` "OR", "XOR" or "AND". Raises `ValueError` for anything else.

    >>> SymmetryViewer(init="equal").values["init"]
    'equal'
    """

    _esm = esm("initialization/symmetry.js")

    def __init__(self, *, init="zeros", phi="tanh", gate="OR", eta=1.0, seed=0, **options):
        values = {"init": init, "phi": phi, "gate": gate, "eta": number(eta, "eta"), "seed": seed}
        for name, known in KNOWN.items():
            if values[name] not in known:
                raise ValueError(f"{name} is {values[name]!r}; the figure knows {', '.join(known)}.")
        if not 0.01 <= values["eta"] <= 10:
            raise ValueError(f"eta is {values['eta']:g}; the figure takes 0.01 to 10.")
        super().__init__(values=values, **options)
