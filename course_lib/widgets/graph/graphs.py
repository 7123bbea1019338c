"""The graphs of lecture L06, computed by course_lib.autodiff: the figure walks what the library has built."""

from __future__ import annotations

from course_lib.autodiff import Tensor, operation


@operation("sin")
def sin(xp, a):
    return xp.sin(a), lambda d: d * xp.cos(a)


def sums_and_product():
    """e = (a + b)(b + 1)"""
    a, b = given(a=2, b=1)
    c = named("c", a + b)
    d = named("d", b + 1)
    return named("e", c * d)


def sine():
    """f = sin x₂ + x₁x₂, in the bar notation's a₁, a₂, a₃"""
    x1, x2 = given(**{"x₁": 3, "x₂": 2})
    a1 = named("a₁", sin(x2))
    a2 = named("a₂", x1 * x2)
    return named("a₃", a1 + a2)


def twice():
    """f = a·a + a: a value used three times"""
    (a,) = given(a=3)
    return named("f", named("s", a * a) + a)


def winner():
    """f = max(a, b)·b"""
    a, b = given(a=3, b=-2)
    return named("f", named("m", a.maximum(b)) * b)


def logistic():
    """ℓ = −ln σ(t h) with h = w₁x₁ + w₂x₂ + b: a neuron and its loss"""
    w1, x1, w2, x2, b, t = given(**{"w₁": 1, "x₁": 2, "w₂": -1, "x₂": -1, "b": -0.5, "t": -1})
    s = named("s", named("u", w1 * x1) + named("v", w2 * x2))
    h = named("h", s + b)
    q = named("q", named("m", t * h).sigmoid())
    return named("ℓ", -named("k", q.log()))


def given(**values):
    return [Tensor(value, name=name) for name, value in values.items()]


def named(name, tensor):
    tensor.name = name
    return tensor


# key: (words in the choice, the sentence that the walk proves, the graph)
GRAPHS = {
    "sums": ("e = (a + b)(b + 1)", "Forward come the values, backward come the bars", sums_and_product),
    "sine": ("sin x₂ + x₁x₂", "A bar is what came back, times the derivative on the edge", sine),
    "twice": ("a·a + a", "A value that is used three times gets three shares", twice),
    "winner": ("max(a, b) · b", "Of a maximum, only the winner gets something back", winner),
    "logistic": ("a neuron: −ln σ(t h)", "Eight small steps back, and the bar of h is p − y", logistic),
}
