"""What one term asks otherwise than another: whether the kernel is turned, what `padding` counts, the order of axes, arguments and results."""

import dataclasses

import numpy as np

from autograder.questions.signature import called

# (turned, kernels first, padding in total). The library turns nothing, has the kernels last and pads each side: every term differs from it in one at least.
FORMS = ((False, True, False), (True, True, False), (True, False, False), (False, True, True), (True, True, True), (False, False, True), (True, False, True))
ORDERS = (
    {"convolve": "X W b stride padding", "gradients": "X W stride padding d_h", "returned": "W b X"},
    {"convolve": "W b X padding stride", "gradients": "d_h X W padding stride", "returned": "X W b"},
    {"convolve": "X stride padding W b", "gradients": "X W d_h stride padding", "returned": "b W X"},
)
ACTIVATIONS = {"ReLU": lambda h: np.maximum(h, 0), "leaky ReLU": lambda h: np.where(h > 0, h, .1 * h)}


@dataclasses.dataclass(frozen=True)
class Convention:
    """One term's. Inside this assignment's code kernels are (K, rows, columns) and maps (N, K, rows, columns), whatever the term's layout."""

    turned: bool
    first: bool
    total: bool
    orders: dict
    activation: str

    def order(self, function):
        return tuple(self.orders[function].split())

    def by_order(self, function, rule):
        """`rule`, which takes its arguments by name and the kernels and maps as they are inside, as a function of this term's order and layout."""
        def laid(**given):
            return rule(**{name: self.inside(name, value) if name in ("W", "d_h") else value for name, value in given.items()})
        return called(self.order(function), laid)

    def inside(self, name, value):
        """From this term's layout to the one inside; what has other axes stays as it is, and fails where it should."""
        value = np.asarray(value)
        return value if self.first else np.moveaxis(value, -1, 0 if name == "W" else 1)

    def arguments(self, function, values):
        """The values of a dictionary in this term's order and layout."""
        laid = {"W": self.kernels, "d_h": self.maps}
        return tuple(laid[name](values[name]) if name in laid else values[name] for name in self.order(function))

    def kernels(self, W):
        return W if self.first else np.ascontiguousarray(np.moveaxis(W, 0, -1))

    def maps(self, h):
        return h if self.first else np.ascontiguousarray(np.moveaxis(h, 1, -1))

    def returned(self, d):
        """The three gradients in the order in which this term returns them."""
        return tuple(self.kernels(d["W"]) if name == "W" else d[name] for name in self.order("returned"))

    def turn(self, W):
        """The kernels as they meet the window, pixel by pixel."""
        return W[..., ::-1, ::-1] if self.turned else W

    def frame(self, padding):
        """((above, below), (left, right)): how many zeros stand around a picture."""
        return tuple((p // 2, p - p // 2) if self.total else (p, p) for p in padding)

    @property
    def layout(self):
        return "(K, k_r, k_c)" if self.first else "(k_r, k_c, K)"

    @property
    def map_layout(self):
        return "(N, K, R, C)" if self.first else "(N, R, C, K)"


def convention(variant):
    return Convention(*variant.choose("kernel, axes, padding", FORMS), variant.choose("order of arguments", ORDERS), variant.choose("activation on paper", tuple(ACTIVATIONS)))


def in_words(asked):
    return {"kernel": "turned by 180° before it meets the window" if asked.turned else "laid on the window as it is", "padding": "zeros in total, along each axis" if asked.total else "zeros on each side",
            "axes": f"W {asked.layout}, h {asked.map_layout}", "convolve takes": ", ".join(asked.order("convolve")), "gradients returns": ", ".join(f"d_{name}" for name in asked.order("returned")),
            "activation on paper": asked.activation}
