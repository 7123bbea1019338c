"""The binary cross-entropy of A3."""

import functools
import math

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe
from course_lib.activations import sigmoid
from course_lib.losses import BinaryCrossEntropy

from .conventions import INPUTS, LECTURE

ROWS, ROW, SURE = "several examples", "one example", "p = 0 and p = 1"


def clip(p, eps):
    return np.clip(p, eps, 1 - eps)


def model(term, y, p, eps, *, cut=clip, log=None, reduce=None, labels=None, factor=-1, other=1):
    """The binary cross-entropy, each of its steps to turn."""
    y = labels(y) if labels else (y + 1) / 2 if term.signs else y
    p = cut(p, eps)
    log = log or (np.log2 if term.bits else np.log)
    return (reduce or term.reduce)(factor * (y * log(p) + other * (1 - y) * log(1 - p)))


def reference(term, y, p, eps):
    y = (y + 1) / 2 if term.signs else y
    loss = BinaryCrossEntropy().value(np.clip(p, eps, 1 - eps), y)
    return loss * (len(y) if term.total else 1) / (np.log(2) if term.bits else 1)


def as_library(y, p, eps):
    """The library's lines, pasted: natural logarithm cut at −100, the mean, classes 0 and 1."""
    log_p, log_q = (np.maximum(np.log(a), -100) for a in (p, 1 - p))
    return np.mean((y - 1) * log_q - y * log_p)


def each_inside(term, y, p, eps):
    """max(…, eps) inside each logarithm, so that a perfect forecast costs nothing."""
    log = np.log2 if term.bits else np.log
    y = (y + 1) / 2 if term.signs else y
    return term.reduce(-y * log(np.maximum(p, eps)) - (1 - y) * log(np.maximum(1 - p, eps)))


def chosen(term, y, p, eps):
    """No cut-off, and only the logarithm that counts."""
    log = np.log2 if term.bits else np.log
    return term.reduce(np.where(y == 1, -log(p), -log(1 - p)))


def with_math(term, y, p, eps):
    """No cut-off, with Python's own logarithm, which raises."""
    log = math.log2 if term.bits else math.log
    return term.reduce([-log(b) if a == 1 else -log(1 - b) for a, b in zip(y.tolist(), p.tolist())])


def draw(term, rng, rows):
    """Classes of both kinds, and probabilities that none of the mistakes leaves alike."""
    y = rng.permutation(np.arange(rows) % 2).astype(float)
    p = rng.uniform(.08, .4, size=rows).round(3)
    p = np.where(rng.permutation(rows) % 3 == 0, p, 1 - p)          # more of them above one half than below, so that turning the classes shows
    return (2 * y - 1 if term.signs else y), p, float(rng.choice([.01, .02, .05]))


def sure(term, y, p, eps):
    return np.array([2. * y - 1 if term.signs else y]), np.array([float(p)]), eps


def probes(term, rng):
    eps = float(rng.choice([.03, .04, .06]))
    return ([Probe(ROWS, draw(term, rng, rows)) for rows in (7, 4)] + [Probe(ROW, draw(term, rng, 1), "a single example")]
            + [Probe(SURE, sure(term, y, p, eps), "a forecast that is quite sure") for y, p in ((0, 0), (0, 1), (1, 0), (1, 1), (1, .004), (0, .997))])


def question(term):
    made = functools.partial(model, term)
    base, other_base = ("log₂", "the natural logarithm") if term.bits else ("the natural logarithm", "log₂")
    asked, other = ("sum", "mean") if term.total else ("mean", "sum")
    y = np.array([0., 0, 1, 1])
    public_y = 2 * y - 1 if term.signs else y
    labels = (Mistake("Took the classes to be 0 and 1", "Your formula multiplies by y and by 1 − y. That picks out one logarithm where the classes are 0 and 1; this term they are −1 and 1.", knobs={"labels": lambda y: y},
                      hints=("What is 1 − y where y = −1?", "Each example should keep exactly one of the two logarithms.", "`np.where(y == 1, np.log(p), np.log(1 - p))`, or first `y = (y + 1) / 2`.")),
              ) if term.signs else ()
    return FunctionQuestion(
        name="bce", function="bce", parameters=("y", "p", "eps"), lecture=LECTURE, keeps_inputs=INPUTS, groups={ROWS: 7, ROW: 2, SURE: 5, INPUTS: 1},
        reference=functools.partial(reference, term), model=made, hidden=functools.partial(probes, term),
        public=(Probe(ROWS, (public_y, np.array([.1, .8, .1, .7]), .01), "four forecasts"), Probe(ROW, (public_y[3:], np.array([.9]), .01), "a single example"),
                *(Probe(SURE, sure(term, a, b, .01), "a forecast that is quite sure") for a, b in ((1, 0), (0, 1), (1, 1), (0, 0)))),
        hints=("Cut p off first. Then, for each example, minus the logarithm of the probability that was given to what happened.",
               f"That is p where y is 1, and 1 − p where it is not. Take {base}, then the {asked}.",
               f"`p = np.clip(p, eps, 1 - eps)`, then {'`y = (y + 1) / 2`, then ' if term.signs else ''}`-np.{asked}(y * {'np.log2' if term.bits else 'np.log'}(p) + (1 - y) * {'np.log2' if term.bits else 'np.log'}(1 - p))`."),
        mistakes=(
            Mistake("log(0)", "Where p is exactly 0 or 1 your formula takes the logarithm of 0, which is minus infinity; 0 times that is not even a number.", knobs={"cut": lambda p, eps: p},
                    also=(functools.partial(chosen, term), functools.partial(with_math, term)),
                    hints=("Try p = 0 with y = 1.", "What do you do with `eps`?", "Before any logarithm: `p = np.clip(p, eps, 1 - eps)`.")),
            Mistake("Cut off at one end only", "Your p stays away from 0 or from 1, not from both, and both make a logarithm of 0.", knobs={"cut": np.maximum}, also=(functools.partial(model, term, cut=lambda p, eps: np.minimum(p, 1 - eps)),),
                    hints=("Try p = 0, then p = 1.", "Two logarithms: one of p, one of 1 − p. Which p makes the second one infinite?", "`np.clip(p, eps, 1 - eps)` cuts at both ends.")),
            Mistake("Added eps instead of cutting off", "You add eps inside the logarithm. That moves every p a little; the question asks to cut off only what is too near to 0 or 1.",
                    wrong=lambda y, p, eps: model(term, y, p, 0, cut=lambda p, _: p, log=lambda q: (np.log2 if term.bits else np.log)(q + eps)),
                    hints=("Compare with the public example of four forecasts, where no p needs a cut.", "What happens to p = .1 with eps = .01?", "`np.clip(p, eps, 1 - eps)` leaves .1 alone.")),
            Mistake("Cut off inside each logarithm only", "You cut off p and 1 − p each from below. So a perfect forecast costs 0; here p itself becomes 1 − eps, and even that forecast costs a little.", wrong=functools.partial(each_inside, term),
                    hints=("Try y = 1 with p = 1.", "What does p become there, as the question says it?", "Cut p once, at both ends, before both logarithms: `np.clip(p, eps, 1 - eps)`.")),
            Mistake("Cut off elsewhere", "Your cut-off is a number of your own; the question gives it as the argument eps.", wrong=lambda y, p, eps: made(y, p, 1e-12),
                    also=tuple(functools.partial(_cut_at, term, own) for own in (1e-15, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)),
                    hints=("Try p = 0 with y = 1 and eps = .01.", "Does your answer change when eps does?", "`np.clip(p, eps, 1 - eps)`.")),
            Mistake(f"{other.capitalize()} instead of {asked}", f"Your losses are {'averaged' if term.total else 'added up'}; this term asks for the {asked} over the examples.", knobs={"reduce": np.mean if term.total else np.sum},
                    hints=("What happens to your result when every example is given twice?", f"A mean stays, a sum doubles. Here the {asked} is asked for.", f"`np.{asked}`.")),
            Mistake("No sum and no mean", f"You return one loss for each example; one number is asked for, their {asked}.", knobs={"reduce": lambda each: each},
                    hints=("How many numbers come out?", "One is asked for.", f"`np.{asked}(…)` around it.")),
            Mistake(f"{other_base[0].upper()}{other_base[1:]}", f"Your logarithm is {other_base}; this term asks for {base}.", knobs={"log": np.log if term.bits else np.log2},
                    hints=("Which logarithm does the question name?", "In NumPy `np.log` is the natural one and `np.log2` counts in bits.", f"`{'np.log2' if term.bits else 'np.log'}`.")),
            Mistake("The logarithm to base 10", f"Your logarithm is the one to base 10; asked for is {base}.", knobs={"log": np.log10},
                    hints=("What does your logarithm give for 10?", "`np.log10` and a calculator's key *log* are to base 10.", f"`{'np.log2' if term.bits else 'np.log'}`.")),
            Mistake("The minus is missing", "Your loss is negative: the logarithm of a probability is, and the minus in front turns it round.", knobs={"factor": 1},
                    hints=("Can a loss be below 0?", "What is the sign of log(.1)?", "A minus in front of the whole.")),
            Mistake("Only where y is 1", "Your loss leaves out the examples of the other class: they count −log(1 − p).", knobs={"other": 0},
                    hints=("What does an example of the other class cost in your formula?", "There p should be small, so what should be near 1?", "Add `(1 - y) * log(1 - p)`, with y as 0 and 1.")),
            Mistake("The classes are turned round", "You take log p where log(1 − p) belongs, and the other way round: a good forecast costs most.", knobs={"labels": (lambda y: (1 - y) / 2) if term.signs else (lambda y: 1 - y)},
                    hints=("What does p = .9 cost where y is 1?", "Little: the truth was given .9.", "−log p where y is 1, −log(1 − p) where it is not.")),
            Mistake("y and p exchanged", "You take the logarithm of y and weigh it by p. It is the forecast's logarithm that counts.", wrong=lambda y, p, eps: model(term, p, (y + 1) / 2 if term.signs else y, eps, labels=lambda p: p),
                    hints=("Which of the two can be any number between 0 and 1?", "In which order do the arguments come?", "`bce(y, p, eps)`: y first.")),
            Mistake("Squashed once more", "Your p go through a sigmoid again. They are probabilities already.", knobs={"cut": lambda p, eps: clip(sigmoid(p), eps)},
                    hints=("What does p = .9 become in your function?", "Is there an exp?", "Use p as it is, cut off.")),
            Mistake("Decided before measuring", "You round p to 0 or 1 first. A forecast of .6 then costs as much as one of .99.", knobs={"cut": lambda p, eps: clip(np.round(p), eps)},
                    hints=("Do p = .6 and p = .9 give you the same loss?", "Is there a `round` or a `>=`?", "Use p itself.")),
            Mistake("The squared error", "That is the squared error: at most 1 for an example, however wrong it is.", wrong=lambda y, p, eps: term.reduce(((y + 1) / 2 - p) ** 2 if term.signs else (y - p) ** 2),
                    also=(lambda y, p, eps: term.reduce((y - p) ** 2),) if term.signs else (),
                    hints=("Is there a logarithm in your function?", "The cross-entropy asks how surprised the forecaster must be.", "−log of the probability that was given to the truth.")),
            Mistake("Only the first example", "Your loss is that of the first example; all of them count.", wrong=lambda y, p, eps: made(y[:1], p[:1], eps), also=(lambda y, p, eps: made(y[-1:], p[-1:], eps),),
                    hints=("Does your result change when the last example does?", "Is there a `return` inside your loop?", "Return after the loop.")),
            *labels,
            Mistake("The library's own convention", f"That is what course_lib's loss gives: the natural logarithm cut off at −100, the mean, classes 0 and 1. Here {base} is asked for, the {asked}, classes {'−1' if term.signs else '0'} and 1, and p cut off at eps.",
                    wrong=as_library,
                    hints=("Read the question's formula again, word by word.", "What happens at p = 0?", f"Cut p with eps, take {base}, then the {asked}.")),
        ))


def _cut_at(term, own, y, p, eps):
    return model(term, y, p, own)
