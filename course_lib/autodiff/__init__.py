"""Gradients of anything you can write: automatic differentiation on arrays.

    engine.py    Tensor, a value that remembers where it came from, and the walk back
    rules.py     each operation with its local derivatives beside it
    tracing.py   record: a computation traced once and then replayed
    drawing.py   graph: the computation as a picture, with values and gradients on its edges
"""

from course_lib.autodiff.engine import Tensor, operation, topological_order
from course_lib.autodiff.rules import (
    absolute, add, concatenate, dense, divide, exp, largest, log, matmul, maximum, mean, multiply, negative, power, relu,
    reshape, sigmoid, sigmoid_cross_entropy, softmax, softmax_cross_entropy, sqrt, squared_error, subtract, sum, take, tanh, transpose,
)
from course_lib.autodiff.tracing import record
from course_lib.autodiff.drawing import graph
