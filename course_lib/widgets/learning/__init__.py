"""Figures of lecture L03: one neuron learns.

    ChainStrip     one row's chain rule: three factors light up, from the loss back to a weight   (chain.js)
    ErrorSurface   the error as a map over two parameters, and the path of the steps on it          (surface.js)
    RateFan        32 learning rates trained at once, one of them yours                             (rates.js)

The arithmetic is in neuron.js and fan.js, without a page, and is tested against course_lib.perceptron.
"""

from course_lib.widgets.learning.figures import ChainStrip, ErrorSurface, RateFan

__all__ = ["ChainStrip", "ErrorSurface", "RateFan"]
