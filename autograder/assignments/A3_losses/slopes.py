"""The slopes of two losses against h, the data of a plot: where the squared error falls asleep."""

import functools
import math

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe, Remark
from course_lib.activations import sigmoid

from .conventions import INPUTS, LECTURE

SQUARED, CROSS, FAR = "the squared error's slopes", "the cross-entropy's slopes", "far out, h = ±1000"


def overflowing(h):
    """Where h is large, infinity over infinity."""
    return np.exp(h) / (1 + np.exp(h))


def model(term, h, y, *, squash=sigmoid, two=None, left=lambda h, p: p * (1 - p), cross=lambda h, p, y: p - y, sign=1, each=lambda slope: slope, swap=False, target=lambda y: y):
    """∂/∂h of the squared error and of the cross-entropy after a sigmoid, each step to turn."""
    p, y = squash(h), target(y)
    squared = sign * ((1 if term.half else 2) if two is None else two) * (p - y) * left(h, p)
    slopes = each(squared), each(sign * cross(h, p, y))
    return slopes[::-1] if term.cross_first != swap else slopes


def with_math(term, h, y):
    """With Python's own exp, which raises."""
    [math.exp(-value) for value in h.tolist()]
    return model(term, h, y)


def losses(term, h, y):
    """The two losses themselves."""
    p = sigmoid(h)
    each = (.5 if term.half else 1) * (p - y) ** 2, np.logaddexp(0, h) - y * h
    return each[::-1] if term.cross_first else each


def probes(term, rng):
    found = []
    for size, y in ((8, 1.), (5, 0.)):
        h = (rng.uniform(.3, 3, size=size) * np.where(np.arange(size) % 2, 1, -1)).round(2)
        found += both((h, y), "", term)
    found += both((rng.uniform(.4, 2, size=1).round(2), 1.), "a single h", term)
    return found + [Probe(FAR, (np.array([-1000., -rng.uniform(750, 900), rng.uniform(750, 900), 1000]), y), "h = ±1000") for y in (0., 1.)]


def both(arguments, label, term):
    squared, cross = (1, 0) if term.cross_first else (0, 1)
    return [Probe(SQUARED, arguments, label, squared), Probe(CROSS, arguments, label, cross)]


def question(term):
    made = functools.partial(model, term)
    two, other_two = (1, 2) if term.half else (2, 1)
    returned = "d_cross, d_squared" if term.cross_first else "d_squared, d_cross"
    formula = f"`{'' if term.half else '2 * '}(p - y) * p * (1 - p)`"
    return FunctionQuestion(
        name="slopes", function="slopes", parameters=("h", "y"), lecture=LECTURE, keeps_inputs=INPUTS, groups={SQUARED: 6, CROSS: 5, FAR: 3, INPUTS: 1},
        reference=made, model=made, hidden=functools.partial(probes, term),
        public=(*both((np.array([-8., -2, 0, 2]), 1.), "four neurons that should say 1", term), *both((np.array([-1., .5, 1.5]), 0.), "three neurons that should say 0", term),
                Probe(FAR, (np.array([-1000., -900, -750, 750, 1000]), 1.), "h = ±1000")),
        hints=("First p, from h. Then two chains: how the loss changes with p, times how p changes with h.",
               f"∂p/∂h = p (1 − p). For the squared error ∂ℓ/∂p = {'p − y' if term.half else '2 (p − y)'}; in the cross-entropy the factor p (1 − p) cancels.",
               f"The squared error's slopes are {formula}, the cross-entropy's `p - y`; return {returned}."),
        remarks=(Remark("The values are right. On the way exp overflows for very negative h and NumPy warns; that costs nothing here.", lambda seen: any("overflow" in warning for observation in seen for warning in observation.warnings)),),
        mistakes=(
            Mistake("An extra 2" if term.half else "The 2 is missing", f"Your squared error's slopes are {'twice' if term.half else 'half'} as large as asked: this term's loss is {'½(y − p)², and the 2 of the square cancels its ½' if term.half else '(y − p)², and its square leaves a 2'}.", knobs={"two": other_two},
                    hints=("Which squared error does the question name, with ½ or without?", "The slope of x² is 2x, that of ½x² is x.", f"{formula}.")),
            Mistake("The slope in p, not in h", "You stop at ∂ℓ/∂p. From p to h there is one more step: times p (1 − p).", knobs={"left": lambda h, p: 1},
                    hints=("At h = −8, is your slope of the squared error nearly 0?", "How much does p change when h does?", f"{formula}.")),
            Mistake("h (1 − h) instead of p (1 − p)", "The sigmoid's slope is p (1 − p); you put h into it.", knobs={"left": lambda h, p: h * (1 - h)},
                    hints=("Can a sigmoid's slope be larger than one quarter?", "Which number goes into p (1 − p)?", "p, after the sigmoid.")),
            Mistake("Only p, without 1 − p", "The sigmoid's slope is p times (1 − p); one of the two factors is missing.", knobs={"left": lambda h, p: p}, also=(lambda h, y: made(h, y, left=lambda h, p: 1 - p),),
                    hints=("Is the sigmoid flat at both ends?", "Your slope vanishes at one end only.", "`p * (1 - p)`.")),
            Mistake("tanh's slope", "1 − p² is the slope of tanh; the sigmoid's is p (1 − p).", knobs={"left": lambda h, p: 1 - p ** 2},
                    hints=("What is the slope of the sigmoid at h = 0?", "One quarter.", "`p * (1 - p)`.")),
            Mistake("The sign", "Your slopes point downhill. The slope itself is p − y, times something positive: where p is too small it is negative.", knobs={"sign": -1},
                    hints=("y = 1 and p is small: should h grow? And does the loss then fall?", "It falls, so the slope is negative.", "`p - y`, not `y - p`.")),
            Mistake("The cross-entropy keeps p (1 − p)", "In the cross-entropy's slope you have p (1 − p) left over. It cancels: that is why this loss does not fall asleep.", knobs={"cross": lambda h, p, y: (p - y) * p * (1 - p)},
                    hints=("What is your cross-entropy's slope at h = −8 with y = 1?", "It should be nearly −1.", "`p - y`.")),
            Mistake("The cross-entropy's slope in p", "You stop at ∂ℓ/∂p = (p − y) / (p (1 − p)). Times p (1 − p), and it is p − y.", knobs={"cross": lambda h, p, y: (p - y) / (p * (1 - p))},
                    hints=("Is your slope enormous at h = −8?", "One more step of the chain rule: from p to h.", "`p - y`.")),
            Mistake("The losses instead of their slopes", "You return how high the losses are; asked for is how steep they are.", wrong=functools.partial(losses, term),
                    hints=("Are all your numbers positive?", "Slope: how does the loss change when h grows a little?", f"{formula} and `p - y`.")),
            Mistake("The sizes of the slopes", "You lost the signs: a slope downwards is negative.", knobs={"each": np.abs},
                    hints=("Is one of your numbers negative?", "Is there an `abs`?", "Leave it away.")),
            Mistake("Measured between the points", "`np.gradient` measures slopes between the h that were given. That is an estimate, and rough where they lie apart; the formula is asked for.", wrong=functools.partial(measured, term),
                    hints=("What happens with a single h?", "Which formula has the slope?", f"{formula} and `p - y`.")),
            Mistake("Divided by the number of points, the library's own convention", "You divide by how many h there are, as course_lib's losses do, which average over rows. Here each h is a neuron of its own.", wrong=lambda h, y: made(h, y, each=lambda slope: slope / len(h)),
                    hints=("Does a slope change when more h are plotted?", "Where does the N come from?", "No mean: one slope for each h.")),
            Mistake("Returned in another order", f"Both are there, but exchanged: asked for are {returned}.", knobs={"swap": True},
                    hints=("Which of the two comes first?", "Which one is nearly 0 at h = −8?", f"`return {returned}`.")),
            Mistake("Returned only one of the two", f"One array comes back where two are asked for: {returned}.", wrong=lambda h, y: made(h, y)[0], also=(lambda h, y: made(h, y)[1],),
                    hints=("How many curves will the picture have?", "Two.", f"`return {returned}`.")),
            Mistake("Forgot y", "Your slopes are the same for y = 0 and y = 1.", knobs={"target": lambda y: 1.}, also=(lambda h, y: made(h, 0., target=lambda y: y),),
                    hints=("Does y appear in your function?", "Try y = 0 and y = 1.", "`p - y`.")),
            Mistake("Forgot the sigmoid", "You use h as if it were p.", knobs={"squash": lambda h: h},
                    hints=("Where is p worked out in your function?", "p = 1 / (1 + exp(−h)).", "First line: `p = 1 / (1 + np.exp(-h))`.")),
            Mistake("Overflow", "exp of a large number is infinite, and infinity divided by infinity is no number.", knobs={"squash": overflowing}, also=(functools.partial(with_math, term),),
                    hints=("Try h = 1000 and h = −1000.", "Which exp becomes too large?", "1 / (1 + exp(−h)) with NumPy, or your sigmoid from A1.")),
        ))


def measured(term, h, y):
    return tuple(np.gradient(loss, h) for loss in losses(term, h, y))
