"""Layers: the parts of which a network is made. Each has forward(X, train=False) and backward(d_y) -> d_X.

An example lies along the first axis of X (the second, with one X per replica), its features along the last:
(N, D) for rows, (N, height, width, channels) for images.
"""

from course_lib.layers.convolution import Conv2D
from course_lib.layers.dense import Dense
from course_lib.layers.dropout import Dropout
from course_lib.layers.normalization import BatchNorm
from course_lib.layers.pooling import Flatten, MaxPool2D

__all__ = ["Dense", "Dropout", "BatchNorm", "Conv2D", "MaxPool2D", "Flatten"]
