"""The three small slopes of one row, and the slopes of the loss for all weights."""

import dataclasses

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe
from autograder.questions.signature import called, ordered

from .conventions import LIBRARY, Term, gradients

LECTURE = "L03, Learning: follow the slope"
INPUTS = "leaves its arguments as they were"


def two(term: Term, hints, **turned) -> Mistake:
    """The 2 of the square: gone where it is asked for, there where a half should have taken it away."""
    if term.loss == "half":
        return Mistake("Kept the 2", "Your slope is twice as large as it should be: here the loss has a ½ in front, and the 2 of the square meets it.", hints=hints, knobs={"factor": 2.}, **turned)
    return Mistake("Dropped the 2", "Your slope is half as large as it should be: the square brings a 2 to the front, and here no ½ takes it away.", hints=hints, knobs={"factor": 1.}, **turned)


# ---------------------------------------------------------------- one row

LOSS, ACTIVATION, SUM = "∂ℓ/∂p", "∂p/∂h", "∂h/∂w"


def local_slopes(term: Term, x, y, h, p, *, factor=None, sign=1, slope=None, inputs=lambda x: x):
    return ((term.factor if factor is None else factor) * sign * (p - y), (term.unit.slope if slope is None else slope)(h, p), inputs(x))


def local_question(term: Term) -> FunctionQuestion:
    unit, order = term.unit, term.slopes_order

    def turned(**knobs):
        return called(order, lambda x, y, h, p: local_slopes(term, x, y, h, p, **knobs))

    def right(x, y, h, p):
        return local_slopes(term, x, y, h, p)

    def row(x, h, label):
        return ordered(order, x=np.array(x, float), y=label, h=h, p=float(unit.value(h)))

    def probes(rng):
        drawn = []
        for inputs in (2, 3, 1, 4):
            h = float(rng.choice([-1, 1]) * round(rng.uniform(.3, 1.6), 2))
            drawn += [Probe(group, row(rng.choice([-1, 1], size=inputs) * rng.uniform(1.2, 3, size=inputs).round(1), h, float(rng.choice(unit.labels))), f"{inputs} inputs", part)
                      for part, group in enumerate((LOSS, ACTIVATION, SUM))]
        return drawn

    low, high = unit.labels
    public = [Probe(group, row(x, h, label), said, part) for x, h, label, said in (([2., -1.], -.5, high, "h = −0.5"), ([.5, 3., -2.], 1.25, low, "three inputs"))
              for part, group in enumerate((LOSS, ACTIVATION, SUM))]
    slope = f"`{unit.slope_words}`"
    return FunctionQuestion(
        name="local_slopes", function="local_slopes", parameters=order, lecture=LECTURE, keeps_inputs=INPUTS, groups={LOSS: 5, ACTIVATION: 5, SUM: 4, INPUTS: 1},
        reference=called(order, right), model=called(order, lambda x, y, h, p, **knobs: local_slopes(term, x, y, h, p, **knobs)), public=tuple(public), hidden=probes,
        hints=("Each of the three asks: if this moves a little, how far does the next one move?", f"For the loss think of a parabola in p; for the activation the slope is written in p itself: {slope}.",
               "In h = w₁x₁ + w₂x₂ + … + b, turning w₁ by one turns h by x₁: the slope for each weight is its input."),
        mistakes=(
            two(term, ("What is the slope of z² at z = 3?", "It is 6: twice the 3. Now look at what stands in front of the square in this loss.",
                       "d_p is `p - y`: the ½ and the 2 cancel." if term.loss == "half" else "d_p is `2 * (p - y)`.")),
            Mistake("The sign is turned round", "Your ∂ℓ/∂p has the opposite sign: y − p instead of p − y.", knobs={"sign": -1},
                    hints=("If p lies above y and grows, does the loss grow or shrink?", "It grows, so the slope is positive where p > y.", "Write `p - y`.")),
            Mistake("The loss itself instead of its slope", "Your ∂ℓ/∂p is still squared: that is the loss, not how fast it moves.", wrong=called(order, lambda x, y, h, p: ((p - y) ** 2, unit.slope(h, p), x)),
                    also=(called(order, lambda x, y, h, p: ((p - y) ** 2 / 2, unit.slope(h, p), x)),),
                    hints=("Can your ∂ℓ/∂p be negative?", "It must be where p is below y.", "The slope of a square is twice what was squared.")),
            Mistake(f"{unit.shown['at h']} instead of {unit.slope_words}", "Your slope of the activation is written in h; it is written in p, the activation's own value.", knobs={"slope": unit.wrong_slopes["at h"]},
                    hints=("What is your ∂p/∂h at h = 3?", "An activation that rises has no negative slope.", f"{slope}, with p and not h.")),
            Mistake("The activation's slope is taken at p", "You put p once more through the activation before you take the slope; p has been through it already.", knobs={"slope": unit.wrong_slopes["at p"]},
                    hints=("What do you get for h = 0, and what should it be?", "Is the activation worked out again, of p?", f"{slope}: no further call.")),
            Mistake("Half of the slope is missing", f"Your slope of the activation is {unit.shown['half']}; only together with its other half, {unit.slope_words}, is it a slope.", knobs={"slope": unit.wrong_slopes["half"]},
                    hints=("Where is the activation flat?", "At both of its ends, so the slope is 0 at both.", f"{slope}.")),
            Mistake("The slope of another activation", f"Your slope of the activation is {unit.shown['other']}; this neuron has another activation.", knobs={"slope": unit.wrong_slopes["other"]},
                    hints=("Which activation has the neuron of this assignment?", "The sigmoid's slope is p (1 − p), that of tanh is 1 − p².", f"{slope}.")),
            Mistake("No slope of the activation", "Your ∂p/∂h is 1, as if p were h itself.", knobs={"slope": lambda h, p: 1.},
                    hints=("Does p move as far as h does?", "Nudge h by .01 and look at p.", f"{slope}.")),
            Mistake("Forgot the input", "Your ∂h/∂w is 1 for every weight: that is the slope for the bias.", knobs={"inputs": np.ones_like}, also=(turned(inputs=lambda x: 1.),),
                    hints=("If x₁ is 0, does turning w₁ move h at all?", "How far h moves is the input's size.", "Return `x`.")),
            Mistake("One number for all weights", "Your ∂h/∂w is one number; there is one slope for each weight.", knobs={"inputs": np.sum}, also=(turned(inputs=np.mean), turned(inputs=lambda x: x[0])),
                    hints=("How many weights are there?", "As many as inputs.", "Return `x`, all of it.")),
            Mistake("Multiplied along the chain already", "Each of your slopes has the one before it in it; each link is asked for by itself.",
                    wrong=called(order, lambda x, y, h, p: _chained(*right(x, y, h, p))),
                    hints=("Should ∂p/∂h change when y does?", "Each of the three is a small question of its own.", "Multiply them in the next question, not here.")),
            Mistake("Only their product", "One thing comes back, the three multiplied; the three themselves are asked for.", wrong=called(order, lambda x, y, h, p: _chained(*right(x, y, h, p))[2]),
                    hints=("How many things are asked for?", "Three, each by itself.", "`return d_p, p_h, h_w`.")),
            Mistake("Returned from the weight on", "The three are right but stand in the order of the forward pass; asked for is from the loss back.", wrong=called(order, lambda x, y, h, p: right(x, y, h, p)[::-1]),
                    hints=("Which of the three comes first?", "Backprop starts at the loss.", "`return d_p, p_h, h_w`.")),
        ))


def _chained(d_p, p_h, h_w):
    return d_p, d_p * p_h, d_p * p_h * h_w


# ---------------------------------------------------------------- all rows

SEVERAL_W, SEVERAL_B, ONE, MANY = "slopes for w, several rows", "slope for b, several rows", "one row", "any number of inputs"


def neuron(rng, rows, columns, labels):
    """X, y, w and b of a neuron that is unsure, wrong in places and right in others: every link of the chain shows."""
    while True:
        X, w, b = rng.normal(size=(rows, columns)).round(2), rng.uniform(.3, 1, size=columns).round(2) * rng.choice([-1, 1], size=columns), float(round(rng.uniform(.4, 1), 2) * rng.choice([-1, 1]))
        h, y = X @ w + b, np.take(labels, rng.integers(0, 2, size=rows))
        wrong = (h > 0) != (y == labels[1])
        varied = rows == 1 or (len(np.unique(y)) == 2 and 0 < wrong.sum() < rows)
        if .25 < np.abs(h).min() and np.abs(h).max() < 2.2 and np.abs(X).min() > .15 and (columns == 1 or np.abs(w - w[::-1]).max() > .3) and varied and (rows > 1 or wrong.all()):
            return dict(X=X, y=y, w=w, b=b)


def gradients_question(term: Term) -> FunctionQuestion:
    unit, order, plain = term.unit, term.gradients_order, dataclasses.replace(term, first="weights")
    low, high = unit.labels

    def turned(**knobs):
        return called(order, lambda X, y, w, b: gradients(term, X, y, w, b, **knobs))

    def other(rule):
        """A wrong way that starts from h, p and each row's own ∂ℓ/∂h."""
        def wrong(X, y, w, b):
            h = X @ w + b
            p = unit.value(h)
            return rule(X, y, w, b, term.factor * (p - y) * unit.slope(h, p), len(y) if term.mean else 1)
        return called(order, wrong)

    def probes(rng):
        drawn = []
        for group, shapes in ((None, ((7, 2), (2, 2))), (ONE, ((1, 2),)), (MANY, ((5, 3), (3, 3), (6, 1)))):
            for rows, columns in shapes:
                arguments = ordered(order, **neuron(rng, rows, columns, unit.labels))
                said = f"{rows} row{'s' * (rows > 1)}, {columns} input{'s' * (columns > 1)}"
                drawn += [Probe(group, arguments, said)] if group else [Probe(name, arguments, said, part) for part, name in enumerate(term.pair(SEVERAL_W, SEVERAL_B))]
        return drawn

    several = ordered(order, X=np.array([[1., 2], [-1.5, .5], [.5, -2]]), y=np.array([low, high, high]), w=np.array([.5, -.75]), b=.4)
    lone = ordered(order, X=np.array([[2., -1]]), y=np.array([low]), w=np.array([.5, -.25]), b=-.35)
    wide = ordered(order, X=np.array([[1., 2, -1], [.5, -1, 3]]), y=np.array([high, low]), w=np.array([.5, -.25, .3]), b=.6)
    public = (*(Probe(name, several, "three rows", part) for part, name in enumerate(term.pair(SEVERAL_W, SEVERAL_B))), Probe(ONE, lone, "a single row"), Probe(MANY, wide, "three inputs"))
    swapped = {"weights": "`return d_w, d_b`", "bias": "`return d_b, d_w`"}[term.first]
    slope = f"`{unit.slope_words}`"
    rows = ("Divide the sums over the rows by `len(y)`.", "Leave the sums over the rows as they are.")[not term.mean]

    mistakes = [
        two(term, ("Check one slope with two nudges: by which factor do they differ?", "By 2. What stands in front of the square in this loss?",
                   "Start from `p - y`: the ½ has met the 2." if term.loss == "half" else "Start from `2 * (p - y)`.")),
        Mistake("The sign is turned round", "Your slopes point uphill where it goes down: y − p instead of p − y.", knobs={"sign": -1},
                hints=("If p lies above y, what should happen to b?", "It should shrink, so its slope is positive there.", "Write `p - y`.")),
        Mistake("Sum instead of mean", "Your slopes are added up over the rows but not divided by their number; this loss is a mean.", knobs={"mean": False},
                hints=("What happens to your slopes when every row is given twice?", "A mean stays, a sum doubles.", rows)) if term.mean else
        Mistake("Mean instead of sum", "Your slopes are divided by the number of rows; this loss is the sum over the rows.", knobs={"mean": True},
                hints=("What happens to your slopes when every row is given twice?", "A sum doubles.", rows)),
        Mistake("No slope of the activation", f"One link of the chain is missing: ∂p/∂h, which is {unit.slope_words}.", knobs={"slope": unit.wrong_slopes["none"]},
                hints=("How many factors has your product?", "Three: loss, activation, weighted sum.", f"Multiply by {slope}.")),
        Mistake(f"{unit.shown['at h']} instead of {unit.slope_words}", "Your slope of the activation is written in h; it is written in p, the activation's own value.", knobs={"slope": unit.wrong_slopes["at h"]},
                hints=("What is your ∂p/∂h at h = 3?", "An activation that rises has no negative slope.", f"{slope}, with p and not h.")),
        Mistake("The activation's slope is taken at p", "You put p once more through the activation before you take the slope; p has been through it already.", knobs={"slope": unit.wrong_slopes["at p"]},
                hints=("How often is the activation worked out?", "Once, of h; its value is p.", f"{slope}, with that p.")),
        Mistake("Half of the slope is missing", f"Your slope of the activation is {unit.shown['half']} and not {unit.slope_words}.", knobs={"slope": unit.wrong_slopes["half"]},
                hints=("Where is the activation flat?", "At both of its ends.", f"{slope}.")),
        Mistake("The slope of another activation", f"Your slope of the activation is {unit.shown['other']}; this neuron has another activation.", knobs={"slope": unit.wrong_slopes["other"]},
                hints=("Which activation has the neuron of this assignment?", "The sigmoid's slope is p (1 − p), that of tanh is 1 − p².", f"{slope}.")),
        Mistake("ŷ instead of p", "You measure the error of the decision; the slope needs the error of p, which knows how sure the neuron was.", knobs={"output": unit.decide},
                hints=("Are your slopes 0 as soon as all decisions are right?", "Learning goes on there: p can still come nearer.", "`p - y`, with p before it is decided.")),
        Mistake("Forgot the inputs", "Every weight gets the slope that belongs to the bias: ∂h/∂w is missing.", knobs={"inputs": np.ones_like},
                hints=("If x₁ is 0 in every row, what is the slope for w₁?", "It is 0: that weight had no part in the mistake.", "Multiply each row by its x before you add up.")),
        Mistake("The inputs are swapped", "The slope of the first weight is worked out with the last input, and the other way round.", knobs={"inputs": lambda X: X[:, ::-1]},
                hints=("Try a row with inputs 1 and 0.", "Which weight had a part in it?", "w₁ goes with column 0 of X.")),
        Mistake("The bias's slope times an input", "Your slope for b has an x in it; ∂h/∂b is 1.", knobs={"bias_inputs": lambda X: X[:, 0]}, also=(turned(bias_inputs=lambda X: X[:, -1]), turned(bias_inputs=lambda X: X.sum(axis=1))),
                hints=("If every input is 0, can the bias still be wrong?", "It can: its slope must not vanish there.", "For b add up the rows without any x.")),
        Mistake("η is inside", "Your slopes are multiplied by a learning rate; it belongs to the step, and a step with it in both has η².", knobs={"rate": term.eta}, also=tuple(turned(rate=rate) for rate in (.1, .01)),
                hints=("Does a slope depend on how far you will walk?", "Where does η stand in the recipe?", "Take `eta` out; `step` has it.")),
        Mistake("The last row only", "Your loop writes over what it had: only the last row is left.", wrong=other(lambda X, y, w, b, d_h, rows: term.pair(X[-1] * d_h[-1] / rows, d_h[-1] / rows)),
                also=(other(lambda X, y, w, b, d_h, rows: term.pair(X[-1] * d_h[-1], d_h[-1])),),
                hints=("Do your slopes change when you change the first row?", "What does `=` do to what was there before?", "`+=` in the loop, starting from 0.")),
        Mistake("The first row only", "Your function is done after one row.", wrong=other(lambda X, y, w, b, d_h, rows: term.pair(X[0] * d_h[0], d_h[0])), also=(other(lambda X, y, w, b, d_h, rows: term.pair(X[0] * d_h[0] / rows, d_h[0] / rows)),),
                hints=("Do your slopes change when you change the last row?", "Where does the `return` stand?", "Return after the loop.")),
        Mistake("Nothing is added up", "A slope for each row comes back; the slope of the loss has all rows in it.", wrong=other(lambda X, y, w, b, d_h, rows: term.pair(X * d_h[:, None] / rows, d_h / rows)),
                also=(other(lambda X, y, w, b, d_h, rows: term.pair(X * d_h[:, None], d_h)), other(lambda X, y, w, b, d_h, rows: term.pair(X.T * d_h, d_h)), other(lambda X, y, w, b, d_h, rows: term.pair(X.T @ d_h / rows, d_h / rows))),
                hints=("How many slopes are there for b?", "One, whatever the number of rows.", "Add up over the rows: `.sum(axis=0)`.")),
        Mistake("Added up along the wrong axis", "Your sum for w runs along each row: the inputs of one example are mixed.", wrong=other(lambda X, y, w, b, d_h, rows: term.pair((X * d_h[:, None]).sum(axis=1) / rows, d_h.sum() / rows)),
                also=(other(lambda X, y, w, b, d_h, rows: term.pair((X * d_h[:, None]).mean(axis=1), d_h.sum() / rows)),),
                hints=("How many slopes are there for w?", "One for each column of X.", "axis=0 runs down the rows.")),
        Mistake("One number for all weights", "Your slopes for w are added up into one number.", wrong=other(lambda X, y, w, b, d_h, rows: term.pair((X * d_h[:, None]).sum() / rows, d_h.sum() / rows)),
                also=(other(lambda X, y, w, b, d_h, rows: term.pair((X * d_h[:, None]).mean(), d_h.sum() / rows)),),
                hints=("How many weights are there?", "Each has a slope of its own.", "Add up over the rows only: axis=0.")),
        Mistake("Averaged each factor by itself", "You average the factors and multiply the means; first multiply in each row, then average.",
                wrong=other(lambda X, y, w, b, d_h, rows: _factor_by_factor(term, X, y, w, b)), also=(other(lambda X, y, w, b, d_h, rows: term.pair(X.sum(axis=0) * d_h.sum() / rows, d_h.sum() / rows)),
                                                                                                         other(lambda X, y, w, b, d_h, rows: term.pair(X.mean(axis=0) * d_h.sum() / rows, d_h.sum() / rows))),
                hints=("Is the mean of products the product of means?", "Try two rows: 1 · 1 and −1 · −1.", "Multiply row by row, then add up.")),
        Mistake("Divided by the number of inputs", "Your sums are divided by the number of inputs or of all numbers in X, not by the number of rows.",
                wrong=other(lambda X, y, w, b, d_h, rows: term.pair(X.T @ d_h / X.shape[1], d_h.sum() / X.shape[1])), also=(other(lambda X, y, w, b, d_h, rows: term.pair(X.T @ d_h / X.size, d_h.sum() / X.size)),),
                hints=("What is X.shape?", "(rows, inputs): which of the two is N?", rows)),
        Mistake("Forgot the bias in h", "Your h is X w without b, so every p after it is another neuron's.", knobs={"bias": 0},
                hints=("Where is b used in your function?", "h = X w + b.", "Work out h as in A1, with b.")),
        Mistake("Only one of the two is averaged", "Of your slopes for w and for b one is divided by the number of rows and the other is not.",
                wrong=other(lambda X, y, w, b, d_h, rows: term.pair(X.T @ d_h / len(y), d_h.sum())), also=(other(lambda X, y, w, b, d_h, rows: term.pair(X.T @ d_h, d_h.sum() / len(y))),),
                hints=("What happens to each of your two results when every row is given twice?", f"Both must {'stay' if term.mean else 'double'}.", rows)),
        *wrong_exponent(term),
        Mistake("Took the step already", "New weights come back; asked for are the slopes.", wrong=called(order, lambda X, y, w, b: _moved_already(term, X, y, w, b, 1.)),
                also=(called(order, lambda X, y, w, b: _moved_already(term, X, y, w, b, term.eta)),),
                hints=("Do your results look like the weights you put in?", "The step is the next but one question.", "Return the slopes themselves.")),
        Mistake("Only one of the two", "One thing comes back; the slopes for w and the slope for b are asked for.", wrong=called(order, lambda X, y, w, b: gradients(plain, X, y, w, b)[0]),
                also=(called(order, lambda X, y, w, b: gradients(plain, X, y, w, b)[1]), called(order, lambda X, y, w, b: np.concatenate([np.atleast_1d(part) for part in gradients(term, X, y, w, b)]))),
                hints=("How many things are asked for?", "Two: an array and a number.", swapped + ".")),
    ]
    return FunctionQuestion(
        name="gradients", function="gradients", parameters=order, lecture=LECTURE, keeps_inputs=INPUTS, groups={SEVERAL_W: 10, SEVERAL_B: 4, ONE: 4, MANY: 6, INPUTS: 1},
        reference=turned(), model=called(order, lambda X, y, w, b, **knobs: gradients(term, X, y, w, b, **knobs)), public=public, hidden=probes,
        mistakes=_with_library(term, mistakes),
        hints=("Work forward first: h, then p. Then back: ∂ℓ/∂p, times ∂p/∂h, times ∂h/∂w.", "For one row it is the product of your three small slopes; for all rows " + ("take the mean of the rows." if term.mean else "add the rows up."),
               "With d_h, one number for each row, `X.T @ d_h` adds up d_h times x over the rows; for b it is `d_h.sum()`."))



def wrong_exponent(term) -> tuple[Mistake, ...]:
    """A sign that only the sigmoid has to lose."""
    if term.unit.name != "sigmoid":
        return ()
    return (Mistake("exp(+h) instead of exp(−h)", "Your p fall where they should rise: they are those of −h.", knobs={"exponent": -1},
                    hints=("Which p belongs to a large positive h?", "Nearly 1. Look at the sign in the exponent.", "`1 / (1 + np.exp(-h))`.")),)


def _factor_by_factor(term, X, y, w, b):
    h = X @ w + b
    p = term.unit.value(h)
    add = np.mean if term.mean else np.sum
    d_h = term.factor * add(p - y) * add(term.unit.slope(h, p))
    return term.pair(d_h * add(X, axis=0), d_h)


def _moved_already(term, X, y, w, b, eta):
    d_w, d_b = gradients(dataclasses.replace(term, first="weights"), X, y, w, b)
    return term.pair(w - eta * d_w, b - eta * d_b)


def _with_library(term, mistakes):
    """The mistakes, with the library's own version among them; where only one thing differs, it stands for that mistake."""
    differs = term.differs()
    said = {"loss": {"mean": "", "half": "the mean of half the squares", "sum": "the sum of the squares"}[term.loss], "unit": f"{term.unit.name} with the labels {term.unit.labels[0]:g} and {term.unit.labels[1]:g}",
            "first": "the bias before the weights"}
    asked = " and ".join(said[name] for name in differs)
    same = {"loss": {"half": "Kept the 2", "sum": "Mean instead of sum"}.get(term.loss)}.get(differs[0]) if len(differs) == 1 else None
    own = Mistake("The library's own convention", f"This is the gradient as the lecture and the library write it, and it is right there. This assignment asks for another: {asked}.",
                  wrong=called(term.gradients_order, lambda X, y, w, b: gradients(LIBRARY, X, y, w, b)),
                  hints=("What does the text at the top of the assignment say about the loss, the labels and the order?", f"It asks for {asked}.",
                         f"Take your own three small slopes and return `{'d_w, d_b' if term.first == 'weights' else 'd_b, d_w'}`."))
    order = Mistake("Returned in another order", "Both are right but stand in the other order.", wrong=called(term.gradients_order, lambda X, y, w, b: gradients(term, X, y, w, b)[::-1]),
                    hints=("Which of the two comes first?", "The text at the top of the assignment says it.", "`return d_w, d_b`." if term.first == "weights" else "`return d_b, d_w`."))
    others = [mistake for mistake in mistakes if mistake.name != same]
    return (*others, own) if differs == ["first"] else (*others, order, own)
