"""The losses of A5's neuron, one for each term: as a formula, as code of the student's engine, and by the course's own."""

import dataclasses
import math
from typing import Callable

from .rules import sigmoid


@dataclasses.dataclass(frozen=True)
class Loss:
    """`operations` are the two that it needs besides + and ·; `slope` is ∂ℓ/∂h; `sigmoid_code` makes σ of these operations."""

    name: str
    operations: tuple[str, str]
    labels: tuple[int, int]
    formula: str                    # in LaTeX
    words: str
    value: Callable[[float, float], float]
    slope: Callable[[float, float], float]
    tensor: Callable
    code: str
    sigmoid_code: str
    sigmoid_words: str
    mistakes: tuple


def _softplus(u):
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


LOSSES = {loss.name: loss for loss in (
    Loss("logistic", ("exp", "log"), (-1, 1), r"\ell = \ln(1 + e^{-t h})", "log(1 + exp(−t·h))",
         lambda h, t: _softplus(-t * h), lambda h, t: -t * sigmoid(-t * h), lambda h, t: ((h * -t).exp() + 1).log(),
         "loss = ((h * -t).exp() + 1).log()", "(((h * -1).exp() + 1).log() * -1).exp()", r"There is no division in your box, but $1/u = e^{-\ln u}$, so $\sigma(h) = e^{-\ln(1 + e^{-h})}$",
         (("Left the 1 out", "Your loss is log(exp(−t·h)), which is just −t·h: the 1 inside the logarithm is missing.", ("Can your loss be negative?", "What is added inside the logarithm?", "log(1 + exp(−t·h))."),
           lambda h, t: -t * h, lambda h, t: -t),
          ("No logarithm", "Your loss is 1 + exp(−t·h): the logarithm around it is missing.", ("What is your loss for a large margin t·h?", "It should be nearly 0, not 1.", "log(1 + exp(−t·h))."),
           lambda h, t: 1 + math.exp(-t * h), lambda h, t: -t * math.exp(-t * h)))),
    Loss("cross-entropy", ("sigmoid", "log"), (0, 1), r"p = \sigma(h), \qquad \ell = -t \ln p - (1 - t) \ln (1 - p)", "−t·log(p) − (1 − t)·log(1 − p)",
         lambda h, t: -t * math.log(sigmoid(h)) - (1 - t) * math.log(1 - sigmoid(h)), lambda h, t: sigmoid(h) - t, lambda h, t: -(t * h.sigmoid().log() + (1 - t) * (1 - h.sigmoid()).log()),
         "p = h.sigmoid()\n    loss = p.log() * -t + (1 - p).log() * (t - 1)", "h.sigmoid()", r"$\sigma$ is in your box already",
         (("The second term is missing", "Your loss is −t·log(p) alone: for the class 0 it is always 0.", ("What is your loss where t = 0?", "It should grow with p there.", "−t·log(p) − (1 − t)·log(1 − p)."),
           lambda h, t: -t * math.log(sigmoid(h)), lambda h, t: -t * (1 - sigmoid(h))),
          ("The minus signs are missing", "Your loss is negative: both terms want a minus.", ("Can a logarithm of a probability be positive?", "Never, so a minus makes the loss positive.", "−t·log(p) − (1 − t)·log(1 − p)."),
           lambda h, t: t * math.log(sigmoid(h)) + (1 - t) * math.log(1 - sigmoid(h)), lambda h, t: t - sigmoid(h)))),
    Loss("squared error of tanh", ("tanh", "square"), (-1, 1), r"p = \tanh(h), \qquad \ell = (p - t)^2", "(tanh(h) − t)²",
         lambda h, t: (math.tanh(h) - t) ** 2, lambda h, t: 2 * (math.tanh(h) - t) * (1 - math.tanh(h) ** 2), lambda h, t: (h.tanh() - t) ** 2,
         "loss = (h.tanh() - t).square()", "((h * 0.5).tanh() + 1) * 0.5", r"$\sigma$ is a tanh in other units: $\sigma(h) = \frac{1}{2}\left(1 + \tanh\frac{h}{2}\right)$",
         (("Forgot the square", "Your loss is tanh(h) − t: it is not squared, so it can be negative.", ("Can your loss be negative?", "A square never is.", "(tanh(h) − t)²."),
           lambda h, t: math.tanh(h) - t, lambda h, t: 1 - math.tanh(h) ** 2),
          ("An extra ½", "Your loss is half the square; here there is no ½ in front.", ("Work out the lecture's neuron by hand.", "Which factor stands in front?", "(tanh(h) − t)², nothing more."),
           lambda h, t: .5 * (math.tanh(h) - t) ** 2, lambda h, t: (math.tanh(h) - t) * (1 - math.tanh(h) ** 2)),
          ("No activation", "Your loss is (h − t)²: tanh is left out.", ("What stands between h and the loss?", "h goes through tanh first.", "(tanh(h) − t)²."),
           lambda h, t: (h - t) ** 2, lambda h, t: 2 * (h - t)))),
    Loss("squared error of the sigmoid", ("sigmoid", "square"), (0, 1), r"p = \sigma(h), \qquad \ell = (p - t)^2", "(σ(h) − t)²",
         lambda h, t: (sigmoid(h) - t) ** 2, lambda h, t: 2 * (sigmoid(h) - t) * sigmoid(h) * (1 - sigmoid(h)), lambda h, t: (h.sigmoid() - t) ** 2,
         "loss = (h.sigmoid() - t).square()", "h.sigmoid()", r"$\sigma$ is in your box already",
         (("Forgot the square", "Your loss is σ(h) − t: it is not squared, so it can be negative.", ("Can your loss be negative?", "A square never is.", "(σ(h) − t)²."),
           lambda h, t: sigmoid(h) - t, lambda h, t: sigmoid(h) * (1 - sigmoid(h))),
          ("An extra ½", "Your loss is half the square; here there is no ½ in front.", ("Work out the lecture's neuron by hand.", "Which factor stands in front?", "(σ(h) − t)², nothing more."),
           lambda h, t: .5 * (sigmoid(h) - t) ** 2, lambda h, t: (sigmoid(h) - t) * sigmoid(h) * (1 - sigmoid(h))),
          ("No activation", "Your loss is (h − t)²: the sigmoid is left out.", ("What stands between h and the loss?", "h goes through the sigmoid first.", "(σ(h) − t)²."),
           lambda h, t: (h - t) ** 2, lambda h, t: 2 * (h - t)))),
)}
