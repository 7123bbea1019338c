"""What the questions of A5 share: where to read, how long a chain is, and numbers in which no mistake hides."""

import numpy as np

from autograder.questions import Mistake

LECTURE = "L06, Computation graphs, autodiff, gradient checking"
LONG, PUBLIC_LONG = 5000, 1500      # values of a chain
DEEP = 900                          # Python stops a function that calls itself about a thousand times
CHAINS = "chains of thousands of values"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistake(name, sentence, hints, **what):
    return Mistake(name, sentence, hints, lecture=LECTURE, **what)


def drawn(rng, low=.4, high=2.6, signs=True):
    """A number in quarters or so, away from 0 and from 1, where mistakes hide."""
    while True:
        number = float(np.round(rng.uniform(low, high), 2))
        if abs(number - 1) > .15 and abs(number - 2) > .1:
            return number * int(rng.choice([-1, 1])) if signs else number
