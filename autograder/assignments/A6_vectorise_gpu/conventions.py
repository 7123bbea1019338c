"""What one term asks otherwise than another: rows or columns, the activation and its loss, the kind of number, orders, the statistic."""

import dataclasses

from autograder.questions.signature import called

LECTURE_MATRICES, LECTURE_GPU = "L07, MLPs: from three hidden units to matrices", "L08, CPU and GPU"


@dataclasses.dataclass(frozen=True)
class Loss:
    """An activation with its loss, as formulas in the text and as lines of code; `xp` is the array module."""

    words: str
    tex: str
    squash: str
    value: str                  # J_i, to be averaged
    slope: str                  # dz_i = ∂J_i/∂z_i
    loop_value: str
    loop_slope: str
    slope_words: str


CROSS = Loss("sigmoid and cross-entropy", r"a = \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad J = -\frac1m \sum_i \left( y_i \ln a_i + (1 - y_i) \ln(1 - a_i) \right)", "1 / (1 + xp.exp(-z))",
             "-(y * xp.log(a) + (1 - y) * xp.log(1 - a))", "a - y", "-(y[i] * log(a) + (1 - y[i]) * log(1 - a))", "a - y[i]", "a − y")
SIGMOID = Loss("sigmoid and half the squared error", r"a = \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad J = \frac{1}{2m} \sum_i (a_i - y_i)^2", "1 / (1 + xp.exp(-z))",
               "(a - y) ** 2 / 2", "(a - y) * a * (1 - a)", "(a - y[i]) ** 2 / 2", "(a - y[i]) * a * (1 - a)", "(a − y) a (1 − a)")
TANH = Loss("tanh and half the squared error", r"a = \tanh z, \qquad J = \frac{1}{2m} \sum_i (a_i - y_i)^2", "xp.tanh(z)",
            "(a - y) ** 2 / 2", "(a - y) * (1 - a ** 2)", "(a - y[i]) ** 2 / 2", "(a - y[i]) * (1 - a ** 2)", "(a − y)(1 − a²)")
LOSSES = (CROSS, TANH, SIGMOID)

ORDERS = (
    {"gradients": "X y w b xp", "fit": "X y eta steps xp", "benchmark": "compute X bring synchronize clock runs"},
    {"gradients": "xp w b X y", "fit": "xp X y steps eta", "benchmark": "runs X bring compute clock synchronize"},
    {"gradients": "w b X y xp", "fit": "eta steps X y xp", "benchmark": "clock synchronize bring compute X runs"},
)
RESULTS = (("J", "dw", "db"), ("dw", "db", "J"), ("db", "dw", "J"))


@dataclasses.dataclass(frozen=True)
class Convention:
    """One term's. `rows`: X has an example in each row, (m, n); else in each column, (n, m)."""

    rows: bool
    loss: Loss
    dtype: str
    orders: dict
    results: tuple
    bias_first: bool
    statistic: str

    def order(self, function):
        return tuple(self.orders[function].split())

    def by_order(self, function, rule):
        """`rule`, which takes its arguments by name, as a function that takes them in this term's order."""
        return called(self.order(function), rule)

    def parts(self, **values):
        """J, dw and db in the order in which they are to be returned."""
        return tuple(values[name] for name in self.results)

    @property
    def sums(self):
        return "X @ w + b" if self.rows else "w @ X + b"

    @property
    def back(self):
        return "X.T @ dz" if self.rows else "X @ dz"

    @property
    def other_dtype(self):
        return {"float32": "float64", "float64": "float32"}[self.dtype]


def convention(variant):
    return Convention(variant.choose("layout", (False, True)), variant.choose("loss", LOSSES), variant.choose("kind of number", ("float32", "float32", "float64")), variant.choose("orders", ORDERS),
                      variant.choose("results", RESULTS), variant.choose("bias first", (False, True)), variant.choose("statistic", ("median", "smallest", "mean")))
