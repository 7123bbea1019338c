"""Softmax, and the cross-entropy from logits with its gradient."""

import functools
import math

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe
from course_lib.activations import Softmax, sigmoid
from course_lib.losses import SoftmaxCrossEntropy

from .conventions import INPUTS, LECTURE

SEVERAL, FEW, STABLE = "several examples", "one example, C = 1 and C = 10", "stable at ±1000"
LOSS, GRADIENT, ANY = "the loss", "the gradient", "one example, any number of classes"


# ---------------------------------------------------------------- softmax

def softmax(o, axis=1, *, rise=np.exp, shift=np.max, over="classes"):
    """exp(o) / Σ exp(o) along an axis, each of its steps to turn."""
    o = np.asarray(o, float)
    e = rise(o - (shift(o, axis=axis, keepdims=True) if shift else 0))
    return e / (np.sum(e) if over == "everything" else np.sum(e, axis=axis, keepdims=True))


def softmax_model(term, o, *, before=lambda o: o, along=None, **steps):
    return softmax(before(o), term.axis if along is None else along, **steps)


def with_math(term, o):
    """Example by example with Python's own exp, which raises where NumPy says infinity."""
    rows = [[math.exp(score) for score in row] for row in (o.T if term.columns else o).tolist()]
    p = np.array([[e / sum(row) for e in row] for row in rows])
    return p.T if term.columns else p


def scores(term, rng, examples, classes):
    """Scores of every sign, no two of an example alike; examples in columns or rows as the term has it."""
    rows = rng.permuted(np.linspace(-2, 2, classes) if classes > 1 else np.ones(1), axis=0) + rng.uniform(-.9, .9, size=(examples, classes))
    rows = np.array([rng.permutation(row) for row in rows]).round(2)
    return rows.T.copy() if term.columns else rows


def far(term, rng, examples):
    """Scores around 1000, around −1000 and both, with differences that still matter, no two of an example alike; eighths, which float32 holds exactly."""
    level = rng.permutation([1000., -1000., 0.])[:examples, None]
    steps = np.array([rng.choice(np.arange(2, 11), 3, replace=False) for _ in range(examples)]) / 4
    rows = level + steps * np.array([1, -1, 1]) + (level == 0) * np.array([1000, -1000, 999.125])
    return rows.T.copy() if term.columns else rows


def softmax_probes(term, rng):
    return [Probe(SEVERAL, (scores(term, rng, 6, 3),)), Probe(SEVERAL, (scores(term, rng, 4, 4),), "as many classes as examples"), Probe(SEVERAL, (scores(term, rng, 5, 2),), "two classes"),
            Probe(FEW, (scores(term, rng, 1, 5),), "a single example"), Probe(FEW, (scores(term, rng, 1, 10),), "ten classes"), Probe(FEW, (scores(term, rng, 4, 1),), "one class only"),
            Probe(STABLE, (far(term, rng, 3),), "very large and very small scores")]


def softmax_question(term):
    axis, other = term.axis, 1 - term.axis
    made = functools.partial(softmax, axis=axis)
    line, lines = ("column", "columns") if term.columns else ("row", "rows")
    turned = (lambda o: o.T) if term.columns else (lambda o: o)
    library = (", or the library's own convention", " That is course_lib's convention, one example in each row; this term has one in each column.") if term.columns else ("", "")
    return FunctionQuestion(
        name="softmax", function="softmax", parameters=("o",), lecture=LECTURE, keeps_inputs=INPUTS, groups={SEVERAL: 7, FEW: 3, STABLE: 4, INPUTS: 1},
        reference=lambda o: Softmax().forward(turned(o)).T if term.columns else Softmax().forward(o), model=functools.partial(softmax_model, term),
        hidden=functools.partial(softmax_probes, term),
        public=(Probe(SEVERAL, (turned(np.array([[2., 1, -1], [0, 1, .5]])).copy(),), "two examples, three classes"), Probe(FEW, (turned(np.array([[1., 0, 2, -1]])).copy(),), "a single example"),
                Probe(FEW, (turned(np.array([[2.], [-1.]])).copy(),), "one class only"),
                Probe(STABLE, (turned(np.array([[1000., 999, -1000], [-1000, -1001, -999]])).copy(),), "scores around ±1000")),
        hints=(f"One example is one {line} of o. Raise e to each of its scores, then divide by their sum.",
               f"The sum is over the classes of one example: axis={axis}, and `keepdims=True` keeps the shapes together.",
               f"Before exp, subtract each {line}'s own largest score: `e = np.exp(o - o.max(axis={axis}, keepdims=True))`, then `e / e.sum(axis={axis}, keepdims=True)`."),
        mistakes=(
            Mistake(f"Softmax over the wrong axis{library[0]}", f"Your probabilities sum to 1 along the {'rows' if term.columns else 'columns'}, across different examples; those of one example, one {line}, should." + library[1], knobs={"along": other},
                    hints=(f"What is the sum of one {line} of your result?", f"Each {line} is one example. Along which axis do its classes lie?", f"`axis={axis}`, in the maximum and in the sum.")),
            Mistake("No max shift", "exp of a large score is infinite, and infinity divided by infinity is no number; where all scores are very small every exp is 0, and 0 / 0 is none either.", knobs={"shift": None},
                    also=(functools.partial(with_math, term),),
                    hints=("Try scores of 1000.", "Softmax stays the same when one number is subtracted from all scores of an example. Which number makes exp safe?", f"`o - o.max(axis={axis}, keepdims=True)`.")),
            Mistake("One shift for all examples", f"You subtract the largest score of the whole table. An example whose scores are all far below it is left with zeros only, and 0 / 0. Each {line} needs its own largest score.", wrong=lambda o: _shifted(o, np.max(o), axis),
                    hints=("Try one example around 1000 and another around −1000.", "What is exp of −2000?", f"`o.max(axis={axis}, keepdims=True)`.")),
            Mistake("Divided by the sum of everything", "All your numbers together sum to 1; the probabilities of each example should.", knobs={"over": "everything"},
                    hints=(f"What is the sum of one {line} of your result?", "Over what does your `sum` run?", f"`.sum(axis={axis}, keepdims=True)`.")),
            Mistake("Softmax twice", "Your scores go through the softmax twice; after the second time no probability is much larger than another.", knobs={"before": made},
                    hints=("Is your largest probability smaller than you expect?", "How often is exp applied?", "Once is enough.")),
            Mistake("A sigmoid for each class", "You squash each score by itself, so the probabilities of one example do not sum to 1.", wrong=sigmoid,
                    hints=(f"What is the sum of one {line} of your result?", "The classes share one cake: each score matters to all of them.", "exp of each score, divided by the sum over the example's scores.")),
            Mistake("Divided without exp", "You divide the scores by their sum. Scores may be negative, and probabilities may not: exp first.", wrong=lambda o: o / np.sum(o, axis=axis, keepdims=True),
                    hints=("Is one of your probabilities negative?", "What makes any number positive?", "`np.exp` first.")),
            Mistake("Never divided", "Your numbers are exp of the scores; they do not sum to 1 yet.", wrong=np.exp, also=(lambda o: np.exp(o - o.max(axis=axis, keepdims=True)), lambda o: np.exp(o) / np.exp(o).max(axis=axis, keepdims=True)),
                    hints=(f"What is the sum of one {line} of your result?", "What stands below the fraction bar?", "Divide by the sum of the exps of the same example.")),
            Mistake("The sign in the exponent", "Your largest score gets the smallest probability.", wrong=lambda o: softmax(-o, axis),
                    hints=("Which class should be most probable?", "The one with the largest score.", "exp(+o).")),
            Mistake("All or nothing", "You give 1 to the largest score and 0 to the others: that is the maximum, not the *soft* maximum.", wrong=lambda o: (o == o.max(axis=axis, keepdims=True)) * 1., also=(lambda o: np.round(softmax(o, axis)),),
                    hints=("Are all your numbers 0 or 1?", "Where do you round, or take an argmax?", "Return the probabilities themselves.")),
            Mistake("Powers of 2", "Your powers have base 2; softmax takes e.", knobs={"rise": np.exp2},
                    hints=("Work out one example by hand.", "Which number is raised to the scores?", "`np.exp(o)`.")),
            Mistake("The logarithm of it", "Your numbers are the logarithms of the probabilities: none is positive.", wrong=lambda o: np.log(softmax(o, axis)), also=(lambda o: log_softmax(o, axis),),
                    hints=("Can a probability be negative?", "Is there a `log`?", "Leave it out: it comes with the loss.")),
        ))


def _shifted(o, shift, axis):
    e = np.exp(o - shift)
    return e / e.sum(axis=axis, keepdims=True)


# ---------------------------------------------------------------- cross-entropy

def log_softmax(o, axis=1):
    z = o - np.max(o, axis=axis, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=axis, keepdims=True))


def from_p(o, axis=1, shift=np.max):
    """The logarithm of the softmax, taken of the finished softmax: −∞ where that rounds to 0."""
    return np.log(softmax(o, axis, shift=shift))


def hidden_infinity(o, axis=1, *, small):
    """The same, kept finite by a small number."""
    return np.log(softmax(o, axis) + small)


def picked(Y, log_p):
    return -log_p[Y == 1] if len(log_p) else log_p


def summed(Y, log_p):
    return -np.sum(Y * log_p, axis=1)


def rows_of(term, y, o):
    """The right classes one-hot and the scores, one example in each row."""
    O = np.asarray(o, float).T if term.columns else np.asarray(o, float)
    y = np.asarray(y)
    return (y.T if term.columns else y) if term.one_hot else np.eye(O.shape[1])[y], O


def model(term, y, o, *, before=lambda O: O, p=softmax, log_p=log_softmax, each=picked, scale_loss=None, scale_gradient=None, sign=1, minus=-1, slope=None, target=lambda Y, O: Y, order=None):
    """The cross-entropy of the softmax of the scores and its gradient, each step to turn."""
    Y, O = rows_of(term, y, o)
    O, N = before(O), len(O)
    Y = target(Y, O)
    P = p(O)
    asked = (lambda N: 1.) if term.total else (lambda N: 1 / N)
    loss = -minus * np.sum(each(Y, log_p(O))) * (scale_loss or asked)(N)
    d_o = sign * (slope(Y, P) if slope else P - Y) * (scale_gradient or asked)(N)
    d_o = d_o.T if term.columns else d_o
    return (order or ((lambda loss, d_o: (d_o, loss)) if term.gradient_first else (lambda loss, d_o: (loss, d_o))))(loss, d_o)


def reference(term, y, o):
    Y, O = rows_of(term, y, o)
    loss, d_o = SoftmaxCrossEntropy().value_and_gradient(O, Y)
    scale = len(O) if term.total else 1
    loss, d_o = scale * loss, scale * (d_o.T if term.columns else d_o)
    return (d_o, loss) if term.gradient_first else (loss, d_o)


def right_classes(term, classes, C):
    """The right classes as the term writes them."""
    if not term.one_hot:
        return np.array(classes)
    Y = np.eye(C)[classes]
    return Y.T.copy() if term.columns else Y


def problem(term, rng, examples, C):
    """Classes and scores; the right class is neither always the likeliest nor always the first."""
    classes = rng.permutation(np.arange(examples) % C)
    return right_classes(term, classes, C), scores(term, rng, examples, C)


def far_problem(term, rng):
    o = np.array([[1000., -1000, float(rng.integers(-5, 6))]])[:, rng.permutation(3)]
    return right_classes(term, [int(rng.permutation(np.flatnonzero(o[0] < 900))[0])], 3), o.T.copy() if term.columns else o


def both(group_loss, group_gradient, arguments, label, term):
    loss, gradient = (1, 0) if term.gradient_first else (0, 1)
    return [Probe(group_loss, arguments, label, loss), Probe(group_gradient, arguments, label, gradient)]


def cross_entropy_probes(term, rng):
    probes = []
    for examples, C, label in ((6, 3, ""), (5, 2, "two classes"), (4, 4, "as many classes as examples")):
        probes += both(LOSS, GRADIENT, problem(term, rng, examples, C), label, term)
    for C, label in ((4, "a single example"), (10, "ten classes"), (1, "one class only")):
        probes.append(Probe(ANY, problem(term, rng, 1, C), label))
    return probes + [Probe(STABLE, far_problem(term, rng), "very large and very small scores") for _ in range(2)]


def cross_entropy_question(term):
    made = functools.partial(model, term)
    asked, other = ("sum", "mean") if term.total else ("mean", "sum")
    wrong_scale = (lambda N: 1 / N) if term.total else (lambda N: 1.)
    columns = (lambda o: o.T.copy()) if term.columns else (lambda o: o)
    public = right_classes(term, [2, 0], 3), columns(np.array([[2., 1, -1], [.5, 1, 0]]))
    returned = "gradient, loss" if term.gradient_first else "loss, gradient"
    axis = term.axis
    only_order = not term.columns and not term.total             # all that the library does otherwise is the order of its two results
    indices = () if term.one_hot else (
        Mistake("Counted the classes from 1", "You look one place too far left: the classes are numbered 0, 1, 2, …, as Python counts.", wrong=lambda y, o: made(y - 1, o),
                hints=("What does class 0 pick out in your function?", "With `y - 1` class 0 becomes −1, and Python then takes the last one.", "Use y as it is.")),
        Mistake("Subtracted the 1 from every example", "`d[:, y] -= 1` picks whole columns, so every example loses 1 at the classes of all the others.", knobs={"slope": lambda Y, P: P - np.tile(Y.max(axis=0), (len(Y), 1))},
                hints=("Look at the sum of one example's slopes: it should be 0.", "For each example there is one place where 1 is to be subtracted.",
                       "`d[y, np.arange(N)] -= 1`." if term.columns else "`d[np.arange(N), y] -= 1`.")),
    )
    return FunctionQuestion(
        name="cross_entropy", function="cross_entropy", parameters=("y", "o"), lecture=LECTURE, keeps_inputs=INPUTS, groups={LOSS: 8, GRADIENT: 12, ANY: 5, STABLE: 4, INPUTS: 1},
        reference=functools.partial(reference, term), model=made, hidden=functools.partial(cross_entropy_probes, term),
        public=(*both(LOSS, GRADIENT, public, "two examples, three classes", term), Probe(ANY, (right_classes(term, [1], 2), columns(np.array([[1., -.5]]))), "a single example"),
                Probe(STABLE, (right_classes(term, [1], 3), columns(np.array([[1000., 0, -1000]]))), "scores of ±1000"),
                Probe(STABLE, (right_classes(term, [0], 3), columns(np.array([[-1000., 999, 1000]]))), "scores of ±1000")),
        hints=("Two results from one softmax: minus the logarithm of the right class's probability, and p − y.",
               f"The loss is a {asked} over the examples, and the gradient is that of this {asked}. log p = o − max − log Σ exp(o − max) needs no p.",
               f"With z = o − max: loss = {asked} of (log Σ exp(z) − z of the right class); d_o = {'p − y' if term.total else '(p − y) / N'}; `return {'d_o, loss' if term.gradient_first else 'loss, d_o'}`."),
        mistakes=(
            Mistake("Softmax twice", "The scores go through the softmax twice, so the loss cannot come near 0 and the slopes are weak.", knobs={"before": softmax},
                    hints=("How small does your loss get for a score of 1000 at the right class?", "How often is exp applied to the scores?", "Softmax once; or from the scores: log p = o − max − log Σ exp(o − max).")),
            Mistake("Softmax over the wrong axis", f"Your probabilities sum to 1 across different examples; those of one example should, along axis {axis}.", knobs={"p": functools.partial(softmax, axis=0), "log_p": functools.partial(log_softmax, axis=0)},
                    hints=("Along which axis do the classes of one example lie?", "Print the sum of your p along each axis.", f"`axis={axis}` with `keepdims=True`.")),
            Mistake("No max shift", "exp(1000) is infinite, and infinity divided by infinity is no number.", knobs={"p": functools.partial(softmax, shift=None), "log_p": functools.partial(from_p, shift=None), "each": summed},
                    also=(functools.partial(made, p=functools.partial(softmax, shift=None), log_p=functools.partial(from_p, shift=None)), functools.partial(made, p=functools.partial(softmax, shift=None), log_p=_naive_log), functools.partial(overflowing, term)),
                    hints=("Try a score of 1000.", "Subtract the same number from all scores of an example, and softmax stays as it is. Which number makes exp safe?", f"`o = o - o.max(axis={axis}, keepdims=True)` first.")),
            Mistake("log(0)", "Your softmax is stable, and then you take its logarithm: where the right class's p rounds to 0, the loss is infinite.", knobs={"log_p": from_p},
                    also=(functools.partial(made, log_p=from_p, each=summed), functools.partial(log_of_zero, term)),
                    hints=("Try the right class at −1000 and another at 1000.", "The logarithm of exp is the exponent itself: no need to go through p.", "log p = z − log Σ exp(z), with z = o − max.")),
            Mistake("Hid the infinity", "A small number added inside the logarithm, or a cut-off, keeps it finite, and wrong: a loss of 2000 becomes one of 28, and its slope no longer fits to it.", knobs={"log_p": functools.partial(hidden_infinity, small=1e-12)},
                    also=tuple(functools.partial(made, log_p=functools.partial(hidden_infinity, small=small)) for small in (1e-300, 1e-16, 1e-15, 1e-10, 1e-9, 1e-8)),
                    hints=("Try the right class at −1000 and another at 1000: the loss should be 2000.", "The logarithm of exp is the exponent itself: no need to go through p.", "log p = z − log Σ exp(z), with z = o − max.")),
            Mistake(f"The loss is the {other}", f"Your loss is the {other} over the examples; this term asks for the {asked}.", knobs={"scale_loss": wrong_scale},
                    hints=("What happens to your loss when every example is given twice?", f"A mean stays, a sum doubles. Here the {asked} is asked for.", f"`np.{asked}` over the examples.")),
            Mistake("p − y, divided by the number of examples" if term.total else "p − y without the mean", f"Your loss is to be a {asked}; the slopes you return are those of a {other}." if term.total else
                    "Your slopes are p − y for each example. The loss is a mean, so each example has only a share of 1/N in it, and so have its slopes.", knobs={"scale_gradient": wrong_scale},
                    hints=("What happens to your gradient when every example is given twice?", "Nudge one score a little: how much does the loss change?", "`p - y`." if term.total else "`(p - y) / N`, N the number of examples.")),
            Mistake("Divided by the number of classes too", "`np.mean` over the whole table divides by N times C. A loss is summed over the classes" + (", and the examples too." if term.total else " and averaged over the examples only."),
                    wrong=lambda y, o: made(y, o, scale_loss=lambda N: 1 / o.size), also=(lambda y, o: made(y, o, scale_gradient=lambda N: 1 / o.size), lambda y, o: made(y, o, scale_loss=lambda N: 1 / o.size, scale_gradient=lambda N: 1 / o.size)),
                    hints=("How many numbers has your table, and how many examples?", "What does `np.mean` divide by?", f"Sum over the classes (axis {axis}), then the {asked} over the examples.")),
            Mistake("One loss for each example", f"Your loss has a number for each example; their {asked} is asked for.", wrong=lambda y, o: _each(term, y, o),
                    hints=("How many numbers is your loss?", "One is asked for.", f"`np.{asked}(…)`.")),
            Mistake("The gradient has the wrong sign", "Your slopes are y − p. Downhill is later; the slope itself is p − y.", knobs={"sign": -1},
                    hints=("If the right class's score grows, does the loss grow or fall?", "It falls, so its slope is negative. p − 1 is.", "`p - y`.")),
            Mistake("The minus is missing", "Your loss is negative; log of a probability is, and the minus in front turns it round.", knobs={"minus": 1},
                    hints=("Can a loss be below 0?", "What is the sign of log(.1)?", "A minus in front.")),
            Mistake("The logarithm to base 2", "Your loss is in bits. The slope p − y belongs to the natural logarithm, which is asked for here.", wrong=lambda y, o: made(y, o, scale_loss=lambda N: (1. if term.total else 1 / N) / np.log(2)),
                    hints=("What is your loss for two equal scores?", "It should be ln 2 = .693.", "`np.log`.")),
            Mistake("The sigmoid's slope is still there", "You multiply p − y by p (1 − p). In the cross-entropy that factor has cancelled.", knobs={"slope": lambda Y, P: (P - Y) * P * (1 - P)},
                    hints=("Where does p (1 − p) come from in your gradient?", "Walk the derivation of the lecture once more: what is left at its end?", "`p - y`, nothing else.")),
            Mistake("The slope in p, not in o", "You return −y / p, the slope of the loss in the probabilities. Asked for is the slope in the scores before the softmax.", knobs={"slope": lambda Y, P: -Y / P},
                    hints=("Slope with respect to what?", "The softmax lies between o and p: one more step of the chain rule.", "It ends in `p - y`.")),
            Mistake("y is missing in the gradient", "Your gradient is p alone: every score is pushed down, the right one too.", knobs={"slope": lambda Y, P: P},
                    hints=("Is any of your slopes negative?", "The right class's score should be pushed up.", "`p - y`, with y one-hot.")),
            Mistake("Squashed by sigmoids", "You squash each score by itself. The classes share one probability: softmax.", knobs={"p": sigmoid, "log_p": lambda O: np.log(sigmoid(O))},
                    hints=("What do the probabilities of one example sum to?", "1, if they come from a softmax.", "exp of each score over the sum of the exps.")),
            Mistake("The other classes are counted too", "You add −log(1 − p) for each wrong class. That is the binary cross-entropy; with a softmax only the right class counts.", knobs={"each": _binary},
                    hints=("How many terms does your sum have for one example?", "y is one-hot: all but one of the terms are 0.", "−Σ y log p, without (1 − y).")),
            Mistake("The likeliest class instead of the right one", "Your y comes from the largest score, so the network is always right.", knobs={"target": lambda Y, O: np.eye(Y.shape[1])[O.argmax(axis=1)]},
                    also=(lambda y, o: made(y, o, each=lambda Y, L: -L.max(axis=1)),),
                    hints=("Does your loss change when y does?", "Is there a `max` where y should decide?", "Take log p at the class that y names.")),
            *indices,
            Mistake("Returned in another order" + (", the library's own convention" if only_order else ""), f"Both are there, but in the other order: asked for are {returned}.", wrong=lambda y, o: made(y, o)[::-1],
                    hints=("Which comes first?", "Read the question's last line.", f"`return {'d_o, loss' if term.gradient_first else 'loss, d_o'}`.")),
            Mistake("Returned only one of the two", f"One result comes back where two are asked for: {returned}.", wrong=lambda y, o: made(y, o, order=lambda loss, d_o: loss), also=(lambda y, o: made(y, o, order=lambda loss, d_o: d_o),),
                    hints=("How many results does the question ask for?", "Two.", f"`return {'d_o, loss' if term.gradient_first else 'loss, d_o'}`.")),
            *(() if only_order else (Mistake("The library's own convention", f"That is what course_lib's loss gives: the mean, one example in each row, loss before gradient. This term asks for the {asked}, one example in each {'column' if term.columns else 'row'}, and {returned}.",
                        wrong=functools.partial(as_library, term),
                        hints=("Read the question again: rows or columns, sum or mean, and in which order?", "Which of these does your function do otherwise?", f"{asked.capitalize()} over the examples, `return {'d_o, loss' if term.gradient_first else 'loss, d_o'}`.")),)),
        ))


def _naive_log(O):
    return O - np.log(np.sum(np.exp(O), axis=1, keepdims=True))


def _binary(Y, log_p):
    return -np.sum(Y * log_p + (1 - Y) * np.log(1 - np.exp(log_p) * (Y == 0)), axis=1)


def _each(term, y, o):
    Y, O = rows_of(term, y, o)
    loss, d_o = -np.sum(Y * log_softmax(O), axis=1), model(term, y, o)[0 if term.gradient_first else 1]
    return (d_o, loss) if term.gradient_first else (loss, d_o)


def overflowing(term, y, o):
    """With Python's own exp, which raises."""
    [[math.exp(score) for score in row] for row in o.tolist()]
    return model(term, y, o)


def log_of_zero(term, y, o):
    """With Python's own logarithm, which raises."""
    Y, O = rows_of(term, y, o)
    [math.log(p) for p in softmax(O)[Y == 1]]
    return model(term, y, o)


def as_library(term, y, o):
    """The library's lines, pasted: one example in each row, the mean, loss first."""
    log_p, N = log_softmax(o), len(o)
    if term.one_hot:
        return -np.sum(y * log_p) / N, (np.exp(log_p) - y) / N
    d_o = np.exp(log_p)
    d_o[np.arange(N), y] -= 1
    return -np.mean(log_p[np.arange(N), y]), d_o / N
