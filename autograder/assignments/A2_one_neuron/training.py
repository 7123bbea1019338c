"""Slopes by nudging, one step, and as many steps as it takes."""

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe, ValuesQuestion
from autograder.questions.signature import called, ordered

from .conventions import GATE, Term, gradients
from .slopes import INPUTS, LECTURE, neuron, two

# ---------------------------------------------------------------- nudging

def nudged(term: Term, f, w, b, nudge, *, up=1., down=1., over=None, sign=1., between=lambda change, width: change / width):
    """∂f/∂w and ∂f/∂b as (f(up) − f(down)) / width, each number nudged by itself."""
    width = (up + down if over is None else over) * nudge
    one = np.eye(len(w)) * nudge
    d_w = np.array([sign * between(f(w + up * e, b) - f(w - down * e, b), width) for e in one])
    return term.pair(d_w, sign * between(f(w, b + up * nudge) - f(w, b - down * nudge), width))


def curve(a, c):
    """A function of w and b that bends in every direction."""
    def f(w, b):
        w = np.asarray(w, float)
        return float(np.sum(np.arange(1, len(w) + 1) * w**3) + a * w[0] * b + w[0] * w[-1] + c * b**3)
    return f


def numerical_question(term: Term) -> FunctionQuestion:
    order, both = term.numerical_order, ("slopes for w", "slope for b")

    def turned(**knobs):
        return called(order, lambda f, w, b, nudge: nudged(term, f, w, b, nudge, **knobs))

    def own(size):
        return called(order, lambda f, w, b, nudge: nudged(term, f, w, b, size))

    def probe(f, w, b, nudge, said, shown=""):
        return [Probe(group, ordered(order, f=f, w=np.array(w), b=b, nudge=nudge), said, part, shown=shown) for part, group in enumerate(term.pair(*both))]

    def probes(rng):
        # sixteenths and quarters: adding a nudge and taking it away again gives the same bits
        return [one for inputs in (2, 3, 1) for one in probe(
            curve(float(rng.integers(1, 4)), float(rng.integers(1, 4)) / 2), rng.choice([-1, 1], size=inputs) * rng.integers(8, 32, size=inputs) / 16,
            float(rng.choice([-1, 1]) * rng.integers(8, 24) / 16), float(rng.choice([.125, .25, .375])), f"{inputs} weight{'s' * (inputs > 1)}")]

    def typed(f, w, b, nudge):
        return f"numerical_gradient({', '.join(ordered(order, f=f, w=f'np.array({w})', b=b, nudge=nudge))})"

    public = (*probe(curve(2., 1.), [1., -.5], .75, .25, "two weights", typed("lambda w, b: w[0]**3 + 2*w[1]**3 + 2*w[0]*b + w[0]*w[1] + b**3", "[1.0, -0.5]", "0.75", "0.25")),
              *probe(curve(1., .5), [1.5], -.5, .125, "one weight", typed("lambda w, b: w[0]**3 + w[0]*b + w[0]**2 + 0.5*b**3", "[1.5]", "-0.5", "0.125")))
    back = "`return d_w, d_b`" if term.first == "weights" else "`return d_b, d_w`"
    return FunctionQuestion(
        name="numerical_gradient", function="numerical_gradient", parameters=order, lecture=LECTURE, keeps_inputs=INPUTS, groups={both[0]: 7, both[1]: 3, INPUTS: 1},
        reference=turned(), model=called(order, lambda f, w, b, nudge, **knobs: nudged(term, f, w, b, nudge, **knobs)), public=public, hidden=probes,
        hints=("One number at a time: nudge it up, look at f, nudge it down, look at f.", "The change of f, divided by the distance between the two places, which is two nudges.",
               "Make a copy of w for each nudge, so that every number but one stands where it was."),
        mistakes=(
            Mistake("One-sided difference", "You compare a nudge to one side with no nudge at all; on a curve that bends this leans to one side.", knobs={"down": 0.}, also=(turned(up=0.),),
                    hints=("At how many places do you look at f for one slope?", "One nudge up and one nudge down, the same distance.", "`(f(up) - f(down)) / (2 * nudge)`.")),
            Mistake("Divided by one nudge", "Your slopes are twice too large: from a nudge down to a nudge up the distance is two nudges.", knobs={"over": 1.},
                    hints=("How far apart are your two places?", "Two nudges.", "Divide by `2 * nudge`.")),
            Mistake("Forgot to divide", "You return how much f changes; a slope is that for each unit of the way.", knobs={"between": lambda change, width: change},
                    hints=("Does your result shrink when the nudge does?", "A slope does not.", "Divide by `2 * nudge`.")),
            Mistake("Multiplied instead of divided", "Your change of f is multiplied by the nudges.", knobs={"between": lambda change, width: change * width}, also=(turned(between=lambda change, width: change / 2 * width), turned(between=lambda change, width: change * width / 4)),
                    hints=("Does your result shrink when the nudge does?", "A slope does not.", "Brackets: `(up - down) / (2 * nudge)`.")),
            Mistake("Down minus up", "Your slopes have the opposite sign: you subtract the upper value from the lower.", knobs={"sign": -1.},
                    hints=("If f grows with w₁, what sign has its slope?", "Positive.", "`f(up) - f(down)`.")),
            Mistake("Half a nudge to each side", "You nudge half as far as you were told.", knobs={"up": .5, "down": .5},
                    hints=("How far is the way from your lower to your upper place?", "It should be two nudges.", "w + nudge and w − nudge.")),
            Mistake("A nudge of its own", "Your function takes a small nudge of its own and never looks at the one it is given.", wrong=own(1e-5), also=tuple(own(size) for size in (1e-3, 1e-4, 1e-6, 1e-7)),
                    hints=("Does your result change with the nudge?", "On a curve that bends it must.", "Use the argument `nudge`.")),
            Mistake("A nudge that is too small", "Your function takes a nudge of its own, so small that rounding is all that is left of the change of f.", wrong=own(1e-14), also=tuple(own(size) for size in (1e-15, 1e-16)),
                    hints=("How many digits has the computer?", "About 16: of 5.000…01 − 5 hardly one is left.", "Use the argument `nudge`.")),
            Mistake("All weights nudged together", "Each of your slopes has the changes of all weights in it.", wrong=called(order, lambda f, w, b, nudge: _together(term, f, w, b, nudge)),
                    hints=("How many numbers move when you look for the slope of w₁?", "Only w₁ should.", "A copy of w in which one place is changed.")),
            Mistake("The bias is nudged along", "While you nudge a weight, b is nudged too.", wrong=called(order, lambda f, w, b, nudge: _along(term, f, w, b, nudge)),
                    hints=("How many numbers move when you look for the slope of w₁?", "Only w₁ should.", "`f(moved_w, b)`, with b as it is.")),
            Mistake("Not put back", "After a weight's turn it stays where the last nudge left it, and the next slope is taken at another place.", wrong=called(order, lambda f, w, b, nudge: _left(term, f, w, b, nudge)),
                    also=(called(order, lambda f, w, b, nudge: _left(term, f, w.copy(), b, nudge)), called(order, lambda f, w, b, nudge: _left(term, f, w, b, nudge, first_down=True))),
                    hints=("Where does w₁ stand while w₂ is nudged?", "It must be back where it was.", "A fresh `w.copy()` in each turn of the loop.")),
            Mistake("The first weight only", "The slopes of the weights after the first are 0: the loop is left too early, or there is none.", wrong=called(order, lambda f, w, b, nudge: _first_only(term, f, w, b, nudge)),
                    hints=("How many of your slopes are 0?", "Does the loop reach the last weight?", "`for j in range(len(w))`.")),
            Mistake("Only one of the two", "One thing comes back; the slopes for w and the slope for b are asked for.", wrong=called(order, lambda f, w, b, nudge: nudged(term, f, w, b, nudge)[0]),
                    also=(called(order, lambda f, w, b, nudge: nudged(term, f, w, b, nudge)[1]), called(order, lambda f, w, b, nudge: np.concatenate([np.atleast_1d(part) for part in nudged(term, f, w, b, nudge)]))),
                    hints=("How many things are asked for?", "Two: an array and a number.", back + ".")),
            Mistake("Returned in another order", "Both are right but stand in the other order.", wrong=called(order, lambda f, w, b, nudge: nudged(term, f, w, b, nudge)[::-1]),
                    hints=("Which of the two comes first?", "The text at the top of the assignment says it.", back + ".")),
        ))


def _together(term, f, w, b, nudge):
    slope = (f(w + nudge, b) - f(w - nudge, b)) / (2 * nudge)
    return term.pair(np.full(len(w), slope), (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge))


def _along(term, f, w, b, nudge):
    d_w = [(f(w + e, b + nudge) - f(w - e, b - nudge)) / (2 * nudge) for e in np.eye(len(w)) * nudge]
    return term.pair(np.array(d_w), (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge))


def _left(term, f, w, b, nudge, first_down=False):
    d_w, side = np.zeros(len(w)), -1 if first_down else 1
    for j in range(len(w)):
        w[j] += side * nudge
        one = f(w, b)
        w[j] -= side * 2 * nudge
        d_w[j] = side * (one - f(w, b)) / (2 * nudge)
    return term.pair(d_w, (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge))


def _first_only(term, f, w, b, nudge):
    d_w, d_b = nudged(term, f, w, b, nudge) if term.first == "weights" else nudged(term, f, w, b, nudge)[::-1]
    return term.pair(np.where(np.arange(len(w)) == 0, d_w, 0), d_b)


# ---------------------------------------------------------------- a good nudge

GOOD = 1e-9
DIGITS = "right to nine digits"


def nudge_question(term: Term, h: float) -> ValuesQuestion:
    unit = term.unit

    def miss(values):
        """How far the central difference at this nudge is from the slope."""
        nudge = float(values["good_nudge"])
        if nudge == 0:
            return np.inf
        return abs(float((unit.value(h + nudge) - unit.value(h - nudge)) / (2 * nudge)) - float(unit.slope(h, unit.value(h))))

    def evidence(values):
        size = miss(values)
        return f"At h = {h:g} your nudge of {float(values['good_nudge']):g} gives a slope that is off by {size:.1e}." if np.isfinite(size) else "A nudge of 0 divides by zero."

    def fits(too_large):
        return lambda values: (miss(values) >= GOOD and float(values["good_nudge"]) != 0) and (abs(float(values["good_nudge"])) > 1e-5) == too_large
    return ValuesQuestion(
        name="good_nudge", groups={DIGITS: 4}, lecture=LECTURE, shapes={"good_nudge": ()}, shares=lambda values: {DIGITS: float(miss(values) < GOOD)}, evidence=evidence, example={"good_nudge": 1e-5},
        hints=("Try .1, .01, .001 and so on, and print the difference each time.", "It shrinks at first, and then grows again: why?", "The best lie near 1e-5."),
        mistakes=(
            Mistake("Too large: the curve bends", "Over so long a way the curve bends, and the slope between its ends is not the slope in the middle.", fits=fits(True), example={"good_nudge": .01},
                    hints=("How does the miss change when the nudge is ten times smaller?", "A hundred times smaller: go on.", "Try 1e-5.")),
            Mistake("Too small: only rounding is left", "The two values agree in nearly all of the computer's 16 digits, and what is left of their difference is rounding.", fits=fits(False), example={"good_nudge": 1e-13},
                    hints=("How many digits do your two values differ in?", "Subtracting them throws the others away.", "A larger nudge: try 1e-5.")),
            Mistake("No nudge at all", "A nudge of 0 compares a place with itself: 0 divided by 0.", fits=lambda values: float(values["good_nudge"]) == 0, example={"good_nudge": 0.},
                    hints=("How far apart are your two places?", "Not at all, so there is no change to see.", "Take a small number, not 0.")),
        ))


# ---------------------------------------------------------------- one step

def stepped(term: Term, w, b, slopes, eta, *, sign=-1., power=1, late=False, moves_w=1., moves_b=1.):
    """One step against the slopes; `late` asks for the second slope when the first number has moved."""
    def at(w, b):
        return slopes(w, b) if term.first == "weights" else slopes(w, b)[::-1]
    d_w, d_b = at(w, b)
    new_w = w + moves_w * sign * eta**power * d_w
    if late:
        d_b = at(new_w, b)[1]
    return term.pair(new_w, b + moves_b * sign * eta**power * d_b)


def bowl(term, k, m):
    """The slopes of a bowl in which each number's slope depends on the others."""
    return lambda w, b: term.pair(k * np.asarray(w, float) + m * b, float(m * np.sum(w) + b))


def step_question(term: Term) -> FunctionQuestion:
    order, both = term.step_order, ("new weights", "new bias")

    def turned(**knobs):
        return called(order, lambda w, b, slopes, eta: stepped(term, w, b, slopes, eta, **knobs))

    def probe(w, b, slopes, eta, said, shown=""):
        return [Probe(group, ordered(order, w=np.array(w), b=b, slopes=slopes, eta=eta), said, part, shown=shown) for part, group in enumerate(term.pair(*both))]

    def probes(rng):
        return [one for inputs in (2, 3, 1) for one in probe(
            rng.choice([-1, 1], size=inputs) * rng.uniform(.5, 2, size=inputs).round(1), float(rng.choice([-1, 1]) * round(rng.uniform(.5, 2), 1)),
            bowl(term, float(rng.integers(2, 4)), float(rng.integers(4, 7))), float(rng.choice([.1, .2, .3])), f"{inputs} weight{'s' * (inputs > 1)}")]

    rules = ", ".join(term.pair("2*w + 3*b", "3*w.sum() + b"))
    typed = ", ".join(ordered(order, w="np.array([1.0, -0.5])", b="0.5", slopes=f"lambda w, b: ({rules})", eta="0.1"))
    one_weight = ", ".join(ordered(order, w="np.array([2.0])", b="-1.0", slopes=f"lambda w, b: ({rules})", eta="0.2"))
    public = (*probe([1., -.5], .5, bowl(term, 2., 3.), .1, "two weights", f"step({typed})"), *probe([2.], -1., bowl(term, 2., 3.), .2, "one weight", f"step({one_weight})"))
    back = "`return w, b`" if term.first == "weights" else "`return b, w`"
    unpack = "`d_w, d_b = slopes(w, b)`" if term.first == "weights" else "`d_b, d_w = slopes(w, b)`"

    def mixed(w, b, slopes, eta):
        first, second = slopes(w, b)
        return (w - eta * second, b - eta * first) if term.first == "weights" else (w - eta * first, b - eta * second)
    also_mixed = called(order, lambda w, b, slopes, eta: mixed(w, b, slopes, eta)[::-1])
    library = "The library's own convention" if term.first == "bias" else "The two slopes are mixed up"
    return FunctionQuestion(
        name="step", function="step", parameters=order, lecture=LECTURE, keeps_inputs=INPUTS, groups={both[0]: 5, both[1]: 4, INPUTS: 1},
        reference=turned(), model=called(order, lambda w, b, slopes, eta, **knobs: stepped(term, w, b, slopes, eta, **knobs)), public=public, hidden=probes,
        hints=("First both slopes, at the place where you stand; then both moves.", "New value = old value − η times its slope.", f"{unpack}, then `w - eta * d_w` and `b - eta * d_b`, as new numbers."),
        mistakes=(
            Mistake("Uphill", "You add the slopes: that goes up. The step goes against them.", knobs={"sign": 1.},
                    hints=("Where is the loss after your step: higher or lower?", "The slope points up.", "`w - eta * d_w`.")),
            Mistake("Forgot η", "You take the whole slope away: the learning rate is never used.", knobs={"power": 0},
                    hints=("Does your step change with eta?", "It should be eta times as long as the slope.", "`w - eta * d_w`.")),
            Mistake("η twice", "Your step has η² in it.", knobs={"power": 2},
                    hints=("What does your step do when eta is ten times larger?", "It should be ten times as long, not a hundred.", "Multiply by `eta` once.")),
            Mistake("Divided by η", "Your step grows when the learning rate shrinks.", knobs={"power": -1},
                    hints=("What does your step do when eta is smaller?", "It should be shorter.", "Multiply by `eta`.")),
            Mistake("Moved before all slopes were taken", "The bias's slope is taken where the weights have moved already: you ask for slopes at two places.", knobs={"late": True},
                    also=(called(order, lambda w, b, slopes, eta: _late_in_place(term, w, b, slopes, eta)), called(order, lambda w, b, slopes, eta: _late_bias(term, w, b, slopes, eta))),
                    hints=("How often do you call `slopes`, and with which w?", "Both slopes belong to the old place.", f"{unpack} first, then both moves.")),
            Mistake("Never moves b", "The bias stays where it was.", knobs={"moves_b": 0.}, hints=("Which of your results equals an argument?", "b has a slope too.", "`b - eta * d_b`.")),
            Mistake("Never moves w", "The weights stay where they were.", knobs={"moves_w": 0.}, hints=("Which of your results equals an argument?", "Each weight has a slope.", "`w - eta * d_w`.")),
            Mistake("Only how far, not where to", "You return the moves; asked for are the new weights and the new bias.", wrong=called(order, lambda w, b, slopes, eta: stepped(term, 0 * w, 0., lambda *_: slopes(w, b), eta)),
                    also=(called(order, lambda w, b, slopes, eta: stepped(term, 0 * w, 0., lambda *_: slopes(w, b), eta, sign=1.)), called(order, lambda w, b, slopes, eta: slopes(w, b))),
                    hints=("Where do w and b stand in what you return?", "A step starts from where you are.", "`w - eta * d_w`.")),
            Mistake("Changed w where it stands", "The new numbers are right, but the caller's own w is changed too: `w -= …` writes into the array that you were given.",
                    wrong=called(order, lambda w, b, slopes, eta: _in_place(term, w, b, slopes, eta)),
                    hints=("What has become of the w that was handed in?", "`-=` on an array changes that very array.", "`w = w - eta * d_w` makes a new one.")),
            Mistake("Two steps in one", "Your step is taken twice.", wrong=called(order, lambda w, b, slopes, eta: _twice(term, w, b, slopes, eta)),
                    hints=("How often do you move w?", "Is there a loop in your function?", "One call of `slopes`, one move each.")),
            Mistake(library, "The slope for w and the slope for b are mixed up: " + ("the lecture and the library put the weights first, here the bias comes first." if term.first == "bias" else "here the weights come first."),
                    wrong=called(order, mixed), also=(also_mixed,),
                    hints=("What does `slopes(w, b)` return first?", "The text at the top of the assignment says it.", f"{unpack} and {back}.")),
            Mistake("Returned in another order", "Both are right but stand in the other order.", wrong=called(order, lambda w, b, slopes, eta: stepped(term, w, b, slopes, eta)[::-1]),
                    hints=("Which of the two comes first?", "The text at the top of the assignment says it.", back + ".")),
            Mistake("Only one of the two", "One thing comes back; the new weights and the new bias are asked for.", wrong=called(order, lambda w, b, slopes, eta: stepped(term, w, b, slopes, eta)[0]),
                    also=(called(order, lambda w, b, slopes, eta: stepped(term, w, b, slopes, eta)[1]),),
                    hints=("How many things are asked for?", "Two.", back + ".")),
        ))


def _slopes(term, slopes, w, b):
    return slopes(w, b) if term.first == "weights" else slopes(w, b)[::-1]


def _late_in_place(term, w, b, slopes, eta):
    w -= eta * _slopes(term, slopes, w, b)[0]
    return term.pair(w, b - eta * _slopes(term, slopes, w, b)[1])


def _late_bias(term, w, b, slopes, eta):
    b = b - eta * _slopes(term, slopes, w, b)[1]
    return term.pair(w - eta * _slopes(term, slopes, w, b)[0], b)


def _in_place(term, w, b, slopes, eta):
    d_w, d_b = _slopes(term, slopes, w, b)
    w -= eta * d_w
    return term.pair(w, b - eta * d_b)


def _twice(term, w, b, slopes, eta):
    once = stepped(term, w, b, slopes, eta)
    return stepped(term, *(once if term.first == "weights" else once[::-1]), slopes, eta)


# ---------------------------------------------------------------- and again

def fitted(term: Term, X, y, eta, epochs, *, extra=0, sign=1., power=1, start=None, late=False, rows=False, again=False, moves_b=1., factor=None, mean=None, noted=None, measure=lambda p: p, loss_mean=None):
    """w, b and the losses of so many epochs from the term's start."""
    start = term.start if start is None else start
    rate = sign * eta**power

    def slopes(X, y, w, b):
        found = gradients(term, X, y, w, b, factor=factor, mean=mean)
        return found if term.first == "weights" else found[::-1]

    def loss():
        return term.error(y, measure(term.unit.value(X @ w + b)), mean=loss_mean)
    w, b, losses = np.full(X.shape[1], start), start, []
    for _ in range(epochs + extra):
        if again:
            w, b = np.full(X.shape[1], start), start
        before = loss()
        for part in ([slice(i, i + 1) for i in range(len(y))] if rows else [slice(None)]):
            d_w, d_b = slopes(X[part], y[part], w, b)
            w = w - rate * d_w
            if late:
                d_b = slopes(X, y, w, b)[1]
            b = b - moves_b * rate * d_b
        losses.append(before if (noted or term.noted) == "before" else loss())
    return term.pair(w, b, np.array(losses))


def fit_question(term: Term) -> FunctionQuestion:
    order, unit = term.fit_order, term.unit
    W, B, LOSS = "weights after some epochs", "bias after some epochs", "losses"

    def turned(**knobs):
        return called(order, lambda X, y, eta, epochs: fitted(term, X, y, eta, epochs, **knobs))

    def right(X, y, eta, epochs):
        return fitted(term, X, y, eta, epochs)

    def probe(X, y, eta, epochs, said):
        return [Probe(group, ordered(order, X=X, y=y, eta=eta, epochs=epochs), said, part) for part, group in enumerate(term.pair(W, B, LOSS))]

    def probes(rng):
        drawn = neuron(rng, 5, 2, unit.labels), neuron(rng, 3, 3, unit.labels)
        return [*probe(GATE, term.y, round(term.gentle * float(rng.uniform(.5, 1)), 3), int(rng.integers(5, 9)), "the gate"), *(one for data, epochs in zip(drawn, (4, 3))
                for one in probe(data["X"], data["y"], round(term.gentle * float(rng.uniform(.4, .8)), 3), epochs, f"{len(data['y'])} rows"))]

    X, y = np.array([[1., 2], [-1.5, .5], [.5, -2]]), np.take(unit.labels, [0, 1, 1])
    public = (*probe(X, y, round(.6 * term.gentle, 2), 3, "three rows, three epochs"), *probe(GATE, term.y, round(term.gentle, 2), 4, "the gate, four epochs"))
    back = "`return w, b, losses`" if term.first == "weights" else "`return b, w, losses`"
    starts = [start for start in (0., .5, -.5, 1., .1) if start != term.start]
    other = {"before": "after", "after": "before"}[term.noted]
    return FunctionQuestion(
        name="fit", function="fit", parameters=order, lecture=LECTURE, keeps_inputs=INPUTS, groups={W: 6, B: 4, LOSS: 4, INPUTS: 1}, tolerance=1e-4,
        reference=turned(), model=called(order, lambda X, y, eta, epochs, **knobs: fitted(term, X, y, eta, epochs, **knobs)), public=public, hidden=probes,
        hints=("Start, then again and again: look at the loss, take all slopes, step.", "Each epoch uses all rows at once: one call of `gradients`, one step.", "Collect the losses in a list that starts empty; " + back + " after the loop."),
        mistakes=(
            Mistake("One epoch too few", "Your loop takes one step less than it is told.", knobs={"extra": -1},
                    hints=("How many losses come back?", "How many turns has `range(1, epochs)`?", "`for k in range(epochs)`.")),
            Mistake("One epoch too many", "Your loop takes one step more than it is told.", knobs={"extra": 1},
                    hints=("How many losses come back?", "How many turns has `range(epochs + 1)`?", "`for k in range(epochs)`.")),
            Mistake("Uphill", "Your losses grow: the step goes with the slopes, not against them.", knobs={"sign": -1.},
                    hints=("Print the losses: do they fall?", "The slope points up.", "`w - eta * d_w`.")),
            Mistake("Forgot η", "Your steps do not depend on the learning rate.", knobs={"power": 0},
                    hints=("Does your result change with eta?", "It is never used.", "`w - eta * d_w`.")),
            Mistake("η twice", "Your steps have η² in them: it is in the slopes and in the step.", knobs={"power": 2},
                    hints=("Where does eta stand in your code?", "It belongs to the step alone.", "Take it out of the slopes.")),
            Mistake("Row after row", "You step after each row; here a step waits until all rows have been seen.", knobs={"rows": True},
                    hints=("How many steps does one of your epochs take?", "One, with the slopes of all rows together.", "No loop over the rows around the step.")),
            Mistake("Starts anew in every epoch", "The start stands inside the loop, so that every epoch begins where the first did.", knobs={"again": True},
                    hints=("Are all your losses the same?", "Where do w and b get their first values?", "Move the start above the loop.")),
            Mistake("Another start", f"You start somewhere else: here all weights and the bias start at {term.start:g}.", knobs={"start": starts[0]}, also=tuple(turned(start=start) for start in starts[1:]),
                    hints=("What is your first loss, by hand?", "Where does the text say that the neuron starts?", f"`w = np.full(X.shape[1], {term.start:g})` and `b = {term.start:g}`.")),
            Mistake("Moved before all slopes were taken", "The bias's slope is taken where the weights have moved already.", knobs={"late": True},
                    hints=("How often do you work out slopes in one epoch?", "Once, for w and b together.", "First both slopes, then both moves.")),
            Mistake("Never moves b", "The bias stays at its start.", knobs={"moves_b": 0.}, hints=("Which of your results equals its start?", "b has a slope too.", "`b = b - eta * d_b`.")),
            two(term, ("Are your `gradients` right? Its check says so.", "Look at what stands in front of (p − y).", "Or use `numerical_gradient` on the loss.")),
            Mistake("Sum instead of mean" if term.mean else "Mean instead of sum", "Your steps are " + ("as many times too long as there are rows: the loss is a mean." if term.mean else "too short: the loss is a sum, and you divide by the number of rows."),
                    knobs={"mean": not term.mean},
                    hints=("Are your `gradients` right? Its check says so.", "What happens to the step when every row is given twice?", "Divide the slopes by `len(y)`." if term.mean else "Do not divide by `len(y)`.")),
            Mistake(f"Noted {other} the step", f"Each of your losses is that {other} the step of its epoch; here it is the loss {term.noted} the step.", knobs={"noted": other},
                    hints=("What is the first of your losses?", f"It should be the loss {'of the start' if term.noted == 'before' else 'after the first step'}.", f"Append the loss {term.noted} w and b move.")),
            Mistake("The loss of the decisions", "Your losses compare y with the decisions, so they stand still for a long time.", knobs={"measure": unit.decide},
                    hints=("How many different values have your losses?", "The loss uses p.", "`y - p`, with p before it is decided.")),
            Mistake("Losses added up" if term.mean else "Losses averaged", "Your losses are " + ("sums over the rows; this loss is a mean." if term.mean else "means over the rows; this loss is a sum."), knobs={"loss_mean": not term.mean},
                    hints=("Compare your first loss with one by hand.", "Is it divided by the number of rows?", "`np.mean`." if term.mean else "`np.sum`.")),
            Mistake("Only the last loss", "One loss comes back; asked for is the loss of every epoch.", wrong=called(order, lambda X, y, eta, epochs: (*right(X, y, eta, epochs)[:2], right(X, y, eta, epochs)[2][-1])),
                    hints=("How many losses come back after five epochs?", "Five are asked for.", "`losses = []` above the loop, `losses.append(…)` inside.")),
            Mistake("Done after one epoch", "The `return` stands inside the loop.", wrong=called(order, lambda X, y, eta, epochs: right(X, y, eta, 1)),
                    hints=("How many losses come back?", "How far is `return` indented?", "Return after the loop.")),
            Mistake("Returned without the losses", "Two things come back where three are asked for.", wrong=called(order, lambda X, y, eta, epochs: right(X, y, eta, epochs)[:2]),
                    hints=("How many things are asked for?", "Three.", back + ".")),
            Mistake("Returned in another order", "The three are right but stand in another order.", wrong=called(order, lambda X, y, eta, epochs: _order(right(X, y, eta, epochs), (1, 0, 2))),
                    also=tuple(called(order, lambda X, y, eta, epochs, places=places: _order(right(X, y, eta, epochs), places)) for places in ((2, 0, 1), (2, 1, 0))),
                    hints=("Which of the three comes first?", "The text at the top of the assignment says it.", back + ".")),
        ))


def _order(parts, places):
    return tuple(parts[place] for place in places)
