"""Gradients of anything you can write: automatic differentiation on arrays.

    engine.py     Tensor, a value that remembers where it came from, and the walk back
    rules.py      each operation with its local derivatives beside it
    tracing.py    record: a computation traced once and then replayed
    program.py    the array calls that a trace consists of
    drawing.py    graph: the computation as a picture, with values and gradients on its edges
    layout.py     where the picture's boxes stand

>>> w, b = Tensor([1, -1], name="w"), Tensor(-.5, name="b")
>>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1]
>>> loss = (((X @ w + b).sigmoid() - y) ** 2).mean()
>>> loss.backward()
>>> w.grad.round(4), b.grad.round(4)
(array([-0.1175, -0.1341]), np.float64(-0.1341))
"""

from course_lib.autodiff.drawing import graph
from course_lib.autodiff.engine import Tensor, operation, topological_order
from course_lib.autodiff.rules import (
    absolute, add, concatenate, dense, divide, exp, largest, log, matmul, maximum, mean, multiply, negative, power,
    relu, reshape, sigmoid, sigmoid_cross_entropy, softmax, softmax_cross_entropy, sqrt, squared_error, subtract, sum,
    take, tanh, transpose,
)  # fmt: skip
from course_lib.autodiff.tracing import record

# what `import *` brings: not `sum` and the others that are written as methods or operators
__all__ = [
    "Tensor", "topological_order", "graph", "record", "operation",
    "dense", "squared_error", "sigmoid_cross_entropy", "softmax_cross_entropy",
    "exp", "log", "sqrt", "tanh", "sigmoid", "relu", "softmax", "maximum", "concatenate",
]  # fmt: skip
