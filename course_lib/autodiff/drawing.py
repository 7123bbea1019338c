"""The computation as a picture: boxes are values, with the operation that made them; on the edges run the numbers."""

import numpy as np

from course_lib.autodiff.engine import Tensor, _fold, topological_order
from course_lib.backend import to_cpu

MOST = 60  # boxes in one drawing
COLUMN, ROW, WIDTH, HEIGHT = 230, 92, 136, 56  # of the picture, in pixels
INFIX = {"+", "−", "×", "/", "^", "@"}


def graph(out):
    """The computation that led to `out`, as a drawing: show it in a notebook, or print it.

    Along each edge runs the value forward and, after `out.backward()`, the part of ∂ℓ/∂(this value) that comes
    back the same way. A value that is used twice gets two parts; in its box stands their sum.

    Attributes: `svg`, the picture; `text`, one line for each value; `description`, the picture in words.
    Of a long computation the last 60 values are drawn. Raises TypeError when out is not a Tensor.

    >>> a, b = Tensor(2, name="a"), Tensor(1, name="b")
    >>> e = (a + b) * (b + 1)
    >>> e.backward()
    >>> print(graph(e))
    a = 2.00                 ∂ 2.00
    b = 1.00                 ∂ 5.00 = 2.00 + 3.00
    v1 = a + b = 3.00        ∂ 2.00
    v2 = b + 1 = 2.00        ∂ 3.00
    v3 = v1 × v2 = 6.00      ∂ 1.00
    """
    if not isinstance(out, Tensor):
        raise TypeError(f"graph draws the computation of a Tensor; this is {type(out).__name__}")
    order = topological_order(out)
    return Drawing(order[-MOST:], before=max(len(order) - MOST, 0))


class Drawing:
    """What `graph` returns."""

    def __init__(self, tensors, before=0):
        self.before = before
        self.boxes = {}  # from each value to its box, in topological order
        for x in tensors:
            self._add(x)
        for box in self.boxes.values():
            box.connect(self.boxes)

    def _add(self, x):
        for operand in x.inputs:  # arrays of data get a box of their own, numbers stand in the formula
            if not isinstance(operand, Tensor) and np.ndim(to_cpu(operand)) > 0:
                self.boxes.setdefault(id(operand), Box("data", operand, None, "data"))
        kind = "result" if x.made_by else "leaf"
        number = 1 + sum(box.kind == kind for box in self.boxes.values())
        name = x.name or f"{'v' if x.made_by else 'x'}{number}"
        self.boxes[id(x)] = Box(name, x.value, x.grad, kind, x)

    @property
    def text(self):
        lines = [(box.equation, box.gradient_in_words) for box in self.boxes.values() if box.kind != "data"]
        wide = max(len(left) for left, _ in lines) + 5
        above = [f"({self.before} values before these)"] if self.before else []
        return "\n".join([*above, *(f"{left:{wide}} {right}".rstrip() for left, right in lines)])

    @property
    def description(self):
        """What is plotted, in words."""
        *_, out = self.boxes.values()
        leaves = [box.name for box in self.boxes.values() if box.kind == "leaf"]
        results = [box for box in self.boxes.values() if box.kind == "result"]
        steps = "; ".join(box.equation for box in results[:12]) + (
            f"; and {len(results) - 12} more" if len(results) > 12 else ""
        )
        sources = f"{', '.join(leaves[:12]) or 'data'}{' and more' if len(leaves) > 12 else ''}"
        words = f"The computation of {out.name} from {sources}"
        words += f", in {len(results)} {'step' if len(results) == 1 else 'steps'}: {steps}." if results else "."
        if self.before:
            words += f" The {self.before} values before these are left out."
        with_gradient = [box for box in self.boxes.values() if box.kind == "leaf" and box.gradient is not None]
        if with_gradient:
            back = "; ".join(f"∂{out.name}/∂{box.name} is {box.gradient_in_words[2:]}" for box in with_gradient[:12])
            words += f" Backwards: {back}."
        return words

    @property
    def svg(self):
        from course_lib.autodiff.layout import picture

        return picture(self)

    def _repr_html_(self):
        return f'<div style="overflow-x:auto">{self.svg}</div>'

    def __str__(self):
        return self.text

    def __repr__(self):
        return self.description


class Box:
    """One value: its name, the numbers in it, and the edges that come in, each with what runs along it both ways."""

    def __init__(self, name, value, gradient, kind, tensor=None):
        self.name, self.value, self.gradient, self.kind, self.tensor = name, value, gradient, kind, tensor
        self.edges = []  # (box it comes from, value in words, parts of the gradient in words)
        self.parts = []  # what came back to this value, one part from each use
        self.formula = None

    def connect(self, boxes):
        """Find the edges into this box. A value that is used twice by one operation still has one edge."""
        if self.kind != "result":
            return
        x, words = self.tensor, []
        parts = {}
        for i, operand in enumerate(x.inputs):
            source = boxes.get(id(operand))
            if source is None:
                words.append("…" if isinstance(operand, Tensor) else _number(operand))
                continue
            words.append(source.name)
            parts.setdefault(source, [])
            if type(operand) is Tensor and x.grad is not None:
                part = _fold(x.ways_back[i](x.grad), operand.shape)
                parts[source].append(part)
        for source, back in parts.items():
            back = [_gradient_in_words(part) for part in (back if source.value.size == 1 else [sum(back)] * bool(back))]
            source.parts += back
            self.edges.append((source, _in_words(source.value), " + ".join(back)))
        symbol = x.made_by.symbol
        if activation := x.settings.get("activation"):
            symbol = f"{activation.symbol}({symbol})"
        self.formula = (
            f" {symbol} ".join(words) if symbol in INFIX and len(words) == 2 else f"{symbol}({', '.join(words)})"
        )
        numbers = [word if boxes.get(id(operand)) is None else "" for word, operand in zip(words, x.inputs)]
        self.operation = f" {symbol} ".join(numbers).strip() if symbol in INFIX and len(words) == 2 else symbol

    @property
    def equation(self):
        return " = ".join(filter(None, (self.name, self.formula, _in_words(self.value))))

    @property
    def gradient_in_words(self):
        if self.gradient is None:
            return ""
        whole = f"∂ {_gradient_in_words(self.gradient)}"
        return whole + (
            f" = {' + '.join(self.parts)}" if len(self.parts) > 1 and np.size(to_cpu(self.gradient)) == 1 else ""
        )


def _number(x):
    x = float(x)
    words = f"{x:.0f}" if x == int(x) and abs(x) < 1e6 else f"{x:.2f}" if 0.01 <= abs(x) < 1e6 else f"{x:.1e}"
    return words.replace("-", "−")


def _decimals(x):
    return (f"{x:.2f}" if x == 0 or 0.005 <= abs(x) < 1e5 else f"{x:.1e}").replace("-", "−")


def _in_words(value):
    """A number with two decimals, an array by its shape."""
    value = to_cpu(value)
    if value.size == 1:
        return _decimals(float(value.ravel()[0]))
    return "×".join(map(str, value.shape)) + (" numbers" if value.ndim == 1 else "")


def _gradient_in_words(value):
    """The same; an array by its length as a vector, ‖∂‖."""
    value = to_cpu(value)
    return _in_words(value) if value.size == 1 else f"‖{_decimals(float(np.sqrt(np.sum(value * value))))}‖"
