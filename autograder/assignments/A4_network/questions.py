"""A4, The 2-3-1 network: the questions, the probes that ask them and the mistakes that students make in them."""

import functools

import numpy as np

from autograder.questions import Assignment, FunctionQuestion, Mistake, Probe

from . import slide
from .convention import CROSS, HALF, MEAN, SUM, convention
from .figure import NETWORK
from .model import BEND, SLOPE, WEIGHED, fit, forward, output_slope, solves

LECTURE = "L07, MLPs: from three hidden units to matrices"
INPUTS = "leaves its arguments as they were"
XOR = np.array([[0., 0], [0, 1], [1, 0], [1, 1]]), np.array([0., 1, 1, 0])
STEPS = 120


def assignment(variant):
    asked = convention(variant)
    questions = (forward_question(asked), output_question(asked), hidden_question(asked), bias_question(asked), fit_question(asked, variant), *slide.questions(variant))
    return Assignment("A4", "The 2-3-1 network", questions, prose={**prose(asked), **slide.prose(variant)}, conventions={
        "loss": asked.loss.words, "layout of W1": "a row for each hidden neuron" if asked.rows else "a column for each hidden neuron",
        "order of arguments": f"forward({', '.join(asked.order('forward'))})", "forward returns": "p, h" if asked.p_first else "h, p", "bend of the XOR network": asked.bend})


def prose(asked):
    """What the text and the solutions take from the term's conventions."""
    signatures = {f"{name}_args": ", ".join(asked.order(name)) for name in asked.orders}
    return {**signatures, "figure": NETWORK, "loss_words": asked.loss.words, "loss_tex": asked.loss.tex, "loss_value": asked.loss.value, "slope": asked.loss.slope,
            "layout": "(H, D)" if asked.rows else "(D, H)", "row_or_column": "row" if asked.rows else "column", "sums": "X @ W1.T" if asked.rows else "X @ W1",
            "d_W1": "d_a.T @ X" if asked.rows else "X.T @ d_a", "forward_returns": "p, h" if asked.p_first else "h, p",
            "bias_returns": "d_b_o, d_b1" if asked.output_bias_first else "d_b1, d_b_o", "bend": "ReLU" if asked.bend == "relu" else asked.bend, "phi": asked.bend,
            "parameters": ", ".join(asked.parameters), "eta": f"{asked.eta:g}", "steps": STEPS}


# ---------------------------------------------------------------- what probes are made of

def network(rng, rows, inputs, hidden, phi):
    """A network, its rows and what forward says of them, by name: no number so special that a mistake could hide behind it."""
    while True:
        X, W1 = rng.normal(size=(rows, inputs)).round(2), rng.normal(size=(inputs, hidden)).round(2)
        b1, b_o = _away_from_zero(rng, hidden), float(_away_from_zero(rng, 1)[0])
        w_o = rng.choice(WEIGHTS, size=hidden, replace=False)
        y = rng.permutation((np.arange(rows) + rng.integers(2)) % 2).astype(float)
        h, p = (value.round(3) for value in forward(X, W1, b1, w_o, b_o, phi))
        a = X @ W1 + b1
        lively = (h > .05).any(axis=0).all() and (rows * hidden < 6 or (h == 0).any()) if phi == "relu" else np.abs(a).max() < 3
        d_o = output_slope(p, y, MEAN)
        told = np.abs(h.T @ d_o).max() > .02 and np.abs(X.T @ (WEIGHED(d_o, w_o) * SLOPE[phi](h))).max() > .02
        if lively and told and np.abs(a).min() > .01 and np.abs(p - .5).min() > .02 and .03 < p.min() and p.max() < .97:
            return {"X": X, "y": y, "W1": W1, "b1": b1, "w_o": w_o, "b_o": b_o, "phi": phi, "h": h, "p": p}


WEIGHTS = np.array([-1.8, -1.5, -1.2, -.8, -.6, -.4, .3, .5, .7, 1.3, 1.6, 1.9])        # none of size 1: a missing factor would not show


def _away_from_zero(rng, size):
    return rng.uniform(.2, 1.2, size=size).round(2) * rng.choice([-1, 1], size=size)


def another_order(values, rng):
    """The same network with its hidden neurons in another order."""
    places = np.roll(np.arange(len(values["w_o"])), int(rng.integers(1, len(values["w_o"]))))
    return {**values, "W1": values["W1"][:, places], "b1": values["b1"][places], "w_o": values["w_o"][places], "h": values["h"][:, places]}


def open_network(rows, inputs, hidden, phi):
    """A network of the public probes: the same in every term."""
    return network(np.random.default_rng([rows, inputs, hidden, len(phi)]), rows, inputs, hidden, phi)


# ---------------------------------------------------------------- mistakes of the loss's slope, which every gradient can have

def loss_mistakes(loss):
    """The wrong ∂ℓ/∂o: knobs of `output_slope`. One of them may be what the library's own loss gives."""
    own = "The library's own convention"
    library = f"Your numbers are those of the mean of the squares, which the lecture and the library have. Here the loss is {loss.words}."
    found = [
        Mistake("The sign is turned round", "Your gradient has the wrong sign: it points downhill, and a step against it would climb.", knobs={"sign": -1},
                hints=("Should p grow or shrink where y = 1?", "Which stands first in the slope of the loss, p or y?", "∂ℓ/∂p of (y − p)² is 2(p − y); with the cross-entropy ∂ℓ/∂o holds p − y, too.")),
        Mistake("The decision in place of p", "Your gradient uses ŷ, 0 or 1, where the probability p belongs: a row that is decided rightly then teaches nothing.", knobs={"decide": True},
                hints=("What is your ∂ℓ/∂o in a row with y = 1 and p = .6?", "It is not 0: .6 is not yet 1.", "Use p itself, not round(p) or p >= .5."))]
    if loss.scale == 2:
        found.append(Mistake("The 2 is missing", "Every number is half of what it should be: the square's derivative brings a 2 down, as in many slides it got lost here.", knobs={"scale": .5},
                             hints=("Compare with a nudge: by which factor are you off?", "What is the derivative of (y − p)²?", "2(p − y), with the 2.")))
    elif loss is HALF:
        found.append(Mistake(own, library + " The ½ in front cancels the 2.", knobs={"scale": 2.},
                             hints=("Compare with a nudge: by which factor are you off?", "Which factor stands before the sum in this assignment's loss?", "½ · 2(p − y) = p − y.")))
    if loss is SUM:
        found.append(Mistake(own, library + " A sum is not divided by N.", knobs={"mean": False},
                             hints=("What happens to your gradient when every row is given twice?", "This assignment's loss adds up the rows.", "Leave the division by N out.")))
    else:
        found.append(Mistake("Sum instead of mean", "Your gradient is N times too large: the loss is a mean over the rows, so its slope is divided by N.", knobs={"mean": False},
                             hints=("What happens to your gradient when every row is given twice?", "A mean stays as it is.", "Divide ∂ℓ/∂o by the number of rows, once.")))
    if loss is CROSS:
        found.append(Mistake("p(1 − p) comes in again", "Your slope has the factor p(1 − p), and with the cross-entropy it cancels.", knobs={"bent": False},
                             hints=("What is ∂ℓ/∂p of the cross-entropy?", "It has p(1 − p) below the bar; what stands above, from ∂p/∂o?", "∂ℓ/∂o = p − y in each row, divided by N.")))
        found.append(Mistake(own, library + " Its slope is p − y, divided by N.", knobs={"bent": False, "scale": 2.},
                             hints=("Which loss does this assignment have?", "Take its derivative again, from p back to o.", "∂ℓ/∂o = (p − y) / N.")))
    else:
        found.append(Mistake("p(1 − p) is missing", "The slope of the last sigmoid is left out: on the way from the loss to o stands p(1 − p).", knobs={"bent": False},
                             hints=("Which two things lie between ℓ and o?", "p = σ(o): what is its slope?", "∂ℓ/∂o = ∂ℓ/∂p · p(1 − p).")))
    return tuple(found)


def averaged(loss, **knobs):
    """Dividing by N once more: where the loss is a mean; a sum that is divided by N is another mistake."""
    return (Mistake("Divided by N once more", "Your gradient is N times too small: the N of the mean is in ∂ℓ/∂o already.", knobs=knobs,
                    hints=("How often do you divide by N?", "Once is enough: in ∂ℓ/∂o.", "Add up the rows here: a sum, not a mean.")),) if loss.mean else ()


# ---------------------------------------------------------------- forward

HIDDEN, OUT, MORE_PHI, SINGLE, WIDTHS = "hidden values h", "probabilities p", "tanh and ReLU", "a single row", "other widths"


def forward_question(asked):
    def by_name(X, W1, b1, w_o, b_o, phi, **knobs):
        h, p = forward(X, asked.laid_out(W1), b1, w_o, b_o, phi, **knobs)
        return (p, h) if asked.p_first else (h, p)

    model = asked.by_order("forward", by_name)
    h_place, p_place = (1, 0) if asked.p_first else (0, 1)

    def shown(change):
        """A mistake in what comes back of h and p."""
        def wrong(X, W1, b1, w_o, b_o, phi):
            a, (h, p) = X @ asked.laid_out(W1) + b1, forward(X, asked.laid_out(W1), b1, w_o, b_o, phi)
            return change(a, h, p)
        return asked.by_order("forward", wrong)

    def in_order(h, p):
        return (p, h) if asked.p_first else (h, p)

    def exchanged(X, W1, b1, w_o, b_o, phi):
        return in_order(*forward(X, asked.laid_out(W1).T, b1, w_o, b_o, phi))

    def probe(group, values, label="", part=None):
        return Probe(group, asked.arguments("forward", values), label, part)

    def hidden(rng):
        plain = network(rng, 5, 2, 3, "sigmoid")
        wide = [network(rng, 4, *sizes, "sigmoid") for sizes in ((3, 5), (2, 1), (4, 2), (3, 3))]
        return [probe(HIDDEN, plain, part=h_place), probe(OUT, plain, part=p_place), *(probe(MORE_PHI, network(rng, 5, 2, H, phi), phi) for phi, H in (("tanh", 3), ("relu", 4))),
                probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row"), *(probe(WIDTHS, values, "other numbers of inputs and neurons") for values in wide)]

    plain, square = open_network(4, 2, 3, "sigmoid"), open_network(3, 2, 2, "sigmoid")
    return FunctionQuestion(
        name="forward", function="forward", parameters=asked.order("forward"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={HIDDEN: 4, OUT: 4, MORE_PHI: 2, SINGLE: 1, WIDTHS: 3, INPUTS: 1},
        reference=model, model=model, hidden=hidden,
        public=(probe(HIDDEN, plain, "four rows, 2-3-1", h_place), probe(OUT, plain, "four rows, 2-3-1", p_place), probe(MORE_PHI, open_network(3, 2, 3, "tanh"), "tanh"),
                probe(MORE_PHI, open_network(4, 2, 3, "relu"), "relu"), probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row"), probe(WIDTHS, square, "two hidden neurons")),
        hints=("Two steps: all hidden values first, then one neuron on them.", f"`{'X @ W1.T' if asked.rows else 'X @ W1'}` is (N, H): a row for each example, a column for each hidden neuron.",
               f"Add `b1`, bend it to `h`; then `h @ w_o + b_o` and a sigmoid give `p`. Return `{'p, h' if asked.p_first else 'h, p'}`."),
        mistakes=(
            Mistake("Forgot the hidden biases", "In your hidden sums b1 is not added.", knobs={"bias": 0},
                    hints=("What does a hidden neuron say to a row of zeros?", "Which argument is never used?", "Add `b1` before the bend: one number for each hidden neuron.")),
            Mistake("Took the hidden biases away", "In your hidden sums b1 is subtracted.", knobs={"bias": -1},
                    hints=("What does a hidden neuron say to a row of zeros?", "φ(b₁), sign and all.", "`… + b1`.")),
            Mistake("Forgot the output bias", "In the output's sum b_o is not added.", knobs={"output_bias": 0},
                    hints=("What would p be if all h were 0?", "σ(b_o), not one half.", "`h @ w_o + b_o`.")),
            Mistake("Forgot the last sigmoid", "Your p are the sums o: they are not bent, and can leave the range from 0 to 1.", knobs={"squash": lambda o: o},
                    hints=("Are your p between 0 and 1?", "What stands between o and p?", "p = σ(o).")),
            Mistake("exp(+o) instead of exp(−o)", "Your p are those of −o: 1 minus the right ones.", knobs={"squash": lambda o: 1 / (1 + np.exp(o))},
                    hints=("Add your p to the right one. What comes out?", "Look at the sign in the exponent.", "p = 1 / (1 + exp(−o)).")),
            Mistake("The hidden neurons do not bend", "Your h are the sums a: without φ two layers are one, and no better than one line.", knobs={"bend": dict.fromkeys(BEND, lambda a: a)},
                    hints=("Compare your h with φ(a) for one neuron.", "What does each neuron do after its sum?", "h = φ(a), with the φ that is asked for.")),
            Mistake("The sigmoid for every φ", "Your hidden neurons always bend by the sigmoid, whatever `phi` says.", knobs={"bend": dict.fromkeys(BEND, BEND["sigmoid"])},
                    hints=('Try phi="relu" by hand.', "Where does your code look at `phi`?", "Choose: sigmoid, `np.tanh(a)`, or `np.maximum(a, 0)`.")),
            Mistake("ReLU lets the negative through", "Your ReLU is not 0 where a is negative.", knobs={"bend": {**BEND, "relu": lambda a: a}},
                    hints=('Try phi="relu" on a negative sum.', "max(0, −2) is 0.", "`np.maximum(a, 0)`.")),
            Mistake("ReLU turns the negative round", "Your ReLU gives |a|: it should be 0 where a is negative.", knobs={"bend": {**BEND, "relu": np.abs}},
                    hints=('Try phi="relu" on a negative sum.', "max(0, −2) is 0, not 2.", "`np.maximum(a, 0)`.")),
            Mistake("One maximum for the whole layer", "`np.max(a)` gives one number for all; ReLU is taken for each number.", knobs={"bend": {**BEND, "relu": lambda a: np.max(a) + 0 * a}},
                    also=(functools.partial(model, bend={**BEND, "relu": lambda a: np.max(a)}),),
                    hints=('How many different numbers has your h for phi="relu"?', "`np.max` and `np.maximum` are two functions.", "`np.maximum(a, 0)`.")),
            Mistake("The library's own convention" if asked.rows else "Rows and columns of W1 exchanged",
                    f"You read W1 as if each {'column' if asked.rows else 'row'} were a neuron{', as the lecture and the library have it' if asked.rows else ''}. Here each {'row' if asked.rows else 'column'} is one.",
                    wrong=asked.by_order("forward", exchanged),
                    hints=("With two inputs and three hidden neurons, what is the shape of W1?", f"{'(3, 2): a row for each neuron' if asked.rows else '(2, 3): a column for each neuron'}.", f"`{'X @ W1.T' if asked.rows else 'X @ W1'}`.")),
            Mistake("Returned in another order", f"The two results are right and exchanged: asked for is {'p, h' if asked.p_first else 'h, p'}.", wrong=shown(lambda a, h, p: in_order(h, p)[::-1]),
                    hints=("Which of the two comes first?", "Read the last line of the question again.", f"`return {'p, h' if asked.p_first else 'h, p'}`.")),
            Mistake("Returned only p", "Only p comes back; h is asked for too, the way back will need it.", wrong=shown(lambda a, h, p: p), also=(shown(lambda a, h, p: (p,)),),
                    hints=("How many results are asked for?", "Two.", f"`return {'p, h' if asked.p_first else 'h, p'}`.")),
            Mistake("A column where a plain list is asked", "Your p has shape (N, 1). With y of shape (N,) such a column makes a square of N × N in the next step.", wrong=shown(lambda a, h, p: in_order(h, p[:, None])),
                    hints=("Print p.shape.", "w_o has shape (H,): what is the shape of h @ w_o?", "(N,). Leave the reshape out, or end with `.ravel()`.")),
            Mistake("Returned the sums with the values", "You return the sums a where the bent values h are asked for.", wrong=shown(lambda a, h, p: in_order(a, p)),
                    hints=("What is h, what is a?", "h = φ(a).", "p is right; return h beside it.")),
        ))


# ---------------------------------------------------------------- the output neuron's weights

ROWS, ORDER = "several rows", "neurons in another order"


def output_question(asked):
    def by_name(h, p, y, *, gather=lambda h, d_o: h.T @ d_o, **knobs):
        return gather(h, output_slope(p, y, asked.loss, **knobs))

    model = asked.by_order("output", by_name)

    def square(h, p, y, turn=1):
        """p as a column meets y as a row."""
        d_o = asked.loss.scale * (p[:, None] - y) * (p * (1 - p) if asked.loss.bent else np.ones_like(p))[:, None] / (len(y) if asked.loss.mean else 1)
        return h.T @ (d_o if turn == 1 else d_o.T)

    def probe(group, values, label=""):
        return Probe(group, asked.arguments("output", values), label)

    def hidden(rng):
        plain = network(rng, 6, 2, 3, "sigmoid")
        return [probe(ROWS, plain), probe(ORDER, another_order(plain, rng), "the hidden neurons in another order"), probe(ROWS, network(rng, 5, 2, 4, "tanh")), probe(ORDER, network(rng, 4, 2, 4, "relu")),
                probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row"), *(probe(WIDTHS, network(rng, 4, 3, H, "tanh"), f"{H} hidden neuron{'s' * (H > 1)}") for H in (1, 2, 5))]

    def gathered(gather):
        return functools.partial(model, gather=gather)

    return FunctionQuestion(
        name="output_gradient", function="output_gradient", parameters=asked.order("output"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={ROWS: 7, SINGLE: 2, WIDTHS: 3, ORDER: 2, INPUTS: 1}, reference=model, model=model, hidden=hidden,
        public=(probe(ROWS, open_network(4, 2, 3, "sigmoid"), "four rows"), probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row"), probe(WIDTHS, open_network(3, 2, 2, "tanh"), "two hidden neurons")),
        hints=("For one row: from the loss to p, from p to o, from o to w_oj. Three factors.", f"The first two together are ∂ℓ/∂o, one number for each row: `{asked.loss.slope}`.",
               "The third is h_j. Multiply and add up the rows: `h.T @ d_o`."),
        mistakes=(*loss_mistakes(asked.loss), *averaged(asked.loss, gather=lambda h, d_o: h.T @ d_o / len(d_o)),
            Mistake("h_j is missing", "Your gradient has the same number for every hidden neuron: ∂o/∂w_oj is h_j, and it is left out.", knobs={"gather": lambda h, d_o: np.full(h.shape[1], d_o.sum())}, also=(gathered(lambda h, d_o: d_o.sum()),),
                    hints=("Do all the output's weights get the same gradient?", "o = Σ w_oj h_j + b_o: what is its slope by w_oj?", "`h.T @ d_o`.")),
            Mistake("The hidden slope in the output's weights", "Your gradient has h(1 − h) in place of h: the hidden neurons' slope belongs one step further back.", knobs={"gather": lambda h, d_o: (h * (1 - h)).T @ d_o},
                    hints=("On the way from o to w_oj, do you pass a hidden neuron's bend?", "∂o/∂w_oj is h_j itself.", "`h.T @ d_o`.")),
            Mistake("Not added up over the rows", "Your result has a row for each example: the gradient is their sum.", knobs={"gather": lambda h, d_o: h * d_o[:, None]},
                    hints=("What is the shape of your result, and what is the shape of w_o?", "A gradient has the shape of what it belongs to.", "`.sum(axis=0)`, or `h.T @ d_o`.")),
            Mistake("Added up along the wrong axis", "You added up the hidden neurons of each row; the rows are to be added up, for each neuron.", knobs={"gather": lambda h, d_o: (h * d_o[:, None]).sum(axis=1)},
                    hints=("How many numbers come out, N or H?", "w_o has one for each hidden neuron.", "`.sum(axis=0)`.")),
            Mistake("The last row only", "Your result is the last row's gradient: it was written over in the loop, not added to.", knobs={"gather": lambda h, d_o: h[-1] * d_o[-1]},
                    hints=("Does your result change when the first row does?", "= or += in the loop?", "Start from zeros and use +=.")),
            Mistake("A column met a row", "p as a column and y as a row: NumPy pairs each with each, and (p − y) becomes a square of N × N.", wrong=asked.by_order("output", square),
                    also=(asked.by_order("output", functools.partial(square, turn=-1)), asked.by_order("output", lambda **values: square(**values).T), asked.by_order("output", lambda **values: square(**values).sum(axis=1)),
                          asked.by_order("output", lambda **values: square(**values).mean(axis=1))),
                    hints=("Print the shape of p − y.", "Is one of the two of shape (N, 1)?", "Keep both of shape (N,).")),
            Mistake("A column where a plain list is asked", "The numbers are right, and stand in a column of shape (H, 1): w_o has shape (H,), and so has its gradient.", knobs={"gather": lambda h, d_o: h.T @ d_o[:, None]},
                    also=(gathered(lambda h, d_o: (h.T @ d_o)[None]),),
                    hints=("Print the shape of your result.", "A gradient has the shape of what it belongs to.", "End with `.ravel()`, or use `h.T @ d_o` with d_o of shape (N,).")),
        ))


# ---------------------------------------------------------------- the hidden neurons' weights

BY_PHI = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
RELU = "L01, A neuron does two things"


def slope_mistakes():
    """The wrong φ′, which the hidden weights and their biases can have alike."""
    def other(**slopes):
        return {"slope": {**SLOPE, **slopes}}

    ones = np.ones_like
    return (
        Mistake("h(1 − h) is missing", "The slope of the hidden neurons, φ′, is left out: the way back passes their bend too.", knobs={"slope": dict.fromkeys(SLOPE, ones)},
                hints=("Count the factors: how many edges lie between ℓ and w₁ⱼ?", "h_j = φ(a_j): this edge has a slope.", "Multiply by φ′: for a sigmoid h(1 − h).")),
        Mistake("The sigmoid's slope for every φ", "Your slope is h(1 − h) also for tanh and ReLU; that one belongs to the sigmoid.", knobs=other(tanh=SLOPE["sigmoid"], relu=SLOPE["sigmoid"]),
                hints=('Compare with a nudge for phi="tanh".', "What is the derivative of tanh, written with h = tanh(a)?", "1 − h² for tanh; 1 where h > 0, else 0, for ReLU.")),
        Mistake("The slope taken at h instead of at a", "You put h into φ′ where the sum a belongs: h has been bent once already.", knobs=other(sigmoid=lambda h: SLOPE["sigmoid"](BEND["sigmoid"](h)), tanh=lambda h: 1 - np.tanh(h)**2),
                hints=("What is the argument of φ′ in the chain rule?", "h = φ(a), so φ′(a) can be written with h without another φ.", "h(1 − h) for a sigmoid, 1 − h² for tanh.")),
        Mistake("1 − h without the square", "Your slope of tanh is 1 − h; it is 1 − h².", knobs=other(tanh=lambda h: 1 - h),
                hints=('Compare with a nudge for phi="tanh".', "At h = −1, far to the left, tanh is flat. What does your slope say there?", "1 − h².")),
        Mistake("The slope of ReLU is 1 everywhere", "Your ReLU passes the gradient on also where the neuron is off.", knobs=other(relu=ones),
                hints=('Try phi="relu" on a neuron that says 0.', "`h >= 0` is true for every ReLU: it is never negative.", "Ask for h > 0.")),
        Mistake("ReLU's value in place of its slope", "For ReLU you multiply by h; the slope is 1 where h > 0, however large h is.", knobs=other(relu=lambda h: h),
                hints=('Compare with a nudge for phi="relu".', "How steep is max(0, a) at a = 5?", "`(h > 0)`, not h.")),
        Mistake("ReLU is on where it is off", "For ReLU your slope is 1 where h is 0 and 0 where h is positive.", knobs=other(relu=lambda h: (h <= 0) * 1.),
                hints=('Try phi="relu" on a neuron that says 0.', "Which neurons pass the gradient on?", "Those with h > 0.")),
    )


MISSING = Mistake(
    "w_oj is missing", "The factor w_oj is left out: what comes back from o reaches hidden neuron j times the weight through which it spoke. Each neuron's numbers are off by its own 1/w_oj.",
    knobs={"back": lambda d_o, w_o: np.tile(d_o[:, None], len(w_o))},
    hints=("Compare with a nudge, one hidden neuron at a time: by which factor is it off?", "o = Σ w_oj h_j + b_o: what is ∂o/∂h_j?", "∂ℓ/∂h_j = ∂ℓ/∂o · w_oj, before the slope φ′."))


def _one_weight(pick):
    return lambda d_o, w_o: np.tile((d_o * pick(w_o))[:, None], len(w_o))


def hidden_question(asked):
    def rule(X, h, p, y, w_o, phi, *, back=WEIGHED, slope=SLOPE, gather=lambda X, d_a: X.T @ d_a, turn=False, **knobs):
        d_o = output_slope(p, y, asked.loss, **knobs)
        d_W1 = asked.laid_out(gather(X, back(d_o, w_o) * slope[phi](h)))
        return d_W1.T if turn else d_W1

    model = asked.by_order("hidden", rule)

    def flat(X, h, p, y, w_o, phi):
        return rule(X, h, p, y, w_o, phi, back=lambda d_o, w_o: d_o * w_o)

    def sums(X, h, p, y, w_o, phi):
        return (WEIGHED(output_slope(p, y, asked.loss), w_o) * SLOPE[phi](h)).sum(axis=0)

    def probe(group, values, label=""):
        return Probe(group, asked.arguments("hidden", values), label)

    def hidden(rng):
        plain = network(rng, 6, 2, 3, "sigmoid")
        return [probe("sigmoid", plain), probe(ORDER, another_order(plain, rng), "the hidden neurons in another order"), probe(ORDER, another_order(network(rng, 3, 2, 5, "sigmoid"), rng)),
                *(probe(BY_PHI[phi], network(rng, 5, inputs, H, phi), phi) for phi in ("tanh", "relu") for inputs, H in ((2, 3), (3, 2))), probe("sigmoid", network(rng, 3, 2, 3, "sigmoid"), "as many rows as neurons"),
                probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row"), *(probe(WIDTHS, network(rng, 4, D, H, "sigmoid"), f"{H} hidden neuron{'s' * (H > 1)}") for D, H in ((2, 1), (2, 2), (3, 4), (1, 5)))]

    exchanged = "The library's own convention" if asked.loss is MEAN else "Rows and columns of W1 exchanged"
    lecture_has = ", as the lecture and the library have it" if asked.rows else ""
    return FunctionQuestion(
        name="hidden_gradient", function="hidden_gradient", parameters=asked.order("hidden"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={"sigmoid": 9, "tanh": 5, "ReLU": 5, SINGLE: 3, WIDTHS: 4, ORDER: 3, INPUTS: 1}, reference=model, model=model, hidden=hidden,
        public=(probe("sigmoid", open_network(4, 2, 3, "sigmoid"), "four rows, 2-3-1"), probe("tanh", open_network(4, 2, 3, "tanh"), "tanh"), probe("ReLU", open_network(4, 2, 3, "relu"), "relu"),
                probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row"), probe(WIDTHS, open_network(3, 2, 2, "sigmoid"), "two hidden neurons")),
        hints=("Walk back from the loss: to o, to h_j, to a_j, to the weight. Four factors.", "∂ℓ/∂h_j = ∂ℓ/∂o · w_oj; then times φ′, which you can write with h alone.",
               f"`d_h = d_o[:, None] * w_o`, `d_a = d_h * slope`, and `{'d_a.T @ X' if asked.rows else 'X.T @ d_a'}` multiplies by the inputs and adds up the rows."),
        mistakes=(MISSING, *slope_mistakes(), *loss_mistakes(asked.loss), *averaged(asked.loss, gather=lambda X, d_a: X.T @ d_a / len(X)),
            Mistake("One weight for all neurons", "Every hidden neuron gets the same share of the blame; each should get its own w_oj.", knobs={"back": _one_weight(np.sum)},
                    also=(functools.partial(model, back=_one_weight(lambda w_o: w_o[0])), functools.partial(model, back=_one_weight(np.mean)), functools.partial(model, back=_one_weight(lambda w_o: w_o[-1]))),
                    hints=("Exchange two hidden neurons in everything: are their gradients exchanged too?", "Through which weight does neuron j speak?", "`d_o[:, None] * w_o`: a column times a row gives (N, H).")),
            Mistake("Divided by w_oj", "You divide by w_oj where ∂ℓ/∂o is to be multiplied by it.", knobs={"back": lambda d_o, w_o: d_o[:, None] / w_o},
                    hints=("A neuron with a small w_oj: does it get much blame or little?", "∂o/∂h_j = w_oj, a factor.", "`d_o[:, None] * w_o`.")),
            Mistake(exchanged, f"Your gradient has a {'column' if asked.rows else 'row'} for each hidden neuron{lecture_has}. Here W1 has a {'row' if asked.rows else 'column'} for each, and its gradient has the same shape.", knobs={"turn": True},
                    hints=("What is the shape of W1 in this assignment?", "A gradient has the shape of what it belongs to.", f"`{'d_a.T @ X' if asked.rows else 'X.T @ d_a'}`.")),
            Mistake("The rows met the neurons", "One number for each row was multiplied by one for each neuron without a new axis: NumPy refuses, or pairs them place by place.", wrong=asked.by_order("hidden", flat),
                    hints=("What are the shapes of ∂ℓ/∂o and of w_o?", "(N,) and (H,): each row is to meet each neuron.", "`d_o[:, None] * w_o`, or `np.outer(d_o, w_o)`.")),
            Mistake("The input is missing", "Your result is the gradient of the biases: the last factor, the input X, is left out.", wrong=asked.by_order("hidden", sums),
                    hints=("How many numbers come out, and how many has W1?", "a_j = w₁ⱼ x₁ + w₂ⱼ x₂ + b_j: what is its slope by w₁ⱼ?", f"`{'d_a.T @ X' if asked.rows else 'X.T @ d_a'}`.")),
            Mistake("The hidden values in place of the inputs", "The last factor is what goes into the hidden neurons, X; you took what comes out of them, h.",
                    wrong=asked.by_order("hidden", lambda X, h, p, y, w_o, phi: rule(h, h, p, y, w_o, phi)),
                    hints=("What does a weight of W1 multiply?", "An input of the network.", "X, not h.")),
            Mistake("The last row only", "Your result is the last row's gradient: it was written over in the loop, not added to.", knobs={"gather": lambda X, d_a: np.outer(X[-1], d_a[-1])},
                    hints=("Does your result change when the first row does?", "= or += in the loop?", "Start from zeros and use +=.")),
        ))


# ---------------------------------------------------------------- the biases

B1, B_O = "hidden biases", "output bias"


def bias_question(asked):
    def rule(h, p, y, w_o, phi, *, back=WEIGHED, slope=SLOPE, gather=lambda d_a: d_a.sum(axis=0), at_end=lambda d_o, h: d_o.sum(), **knobs):
        d_o = output_slope(p, y, asked.loss, **knobs)
        both = gather(back(d_o, w_o) * slope[phi](h)), at_end(d_o, h)
        return both[::-1] if asked.output_bias_first else both

    model = asked.by_order("bias", rule)
    b1_place, b_o_place = (1, 0) if asked.output_bias_first else (0, 1)
    returned = "d_b_o, d_b1" if asked.output_bias_first else "d_b1, d_b_o"

    def probe(group, values, label="", part=None):
        return Probe(group, asked.arguments("bias", values), label, part)

    def hidden(rng):
        plain = network(rng, 5, 2, 3, "sigmoid")
        return [probe(B1, plain, part=b1_place), probe(B_O, plain, part=b_o_place), probe(B1, network(rng, 4, 3, 5, "sigmoid"), part=b1_place), probe(B_O, network(rng, 4, 3, 2, "tanh"), part=b_o_place),
                probe(MORE_PHI, network(rng, 5, 2, 3, "tanh"), "tanh", b1_place), probe(MORE_PHI, network(rng, 5, 2, 4, "relu"), "relu", b1_place), probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row")]

    plain = open_network(4, 2, 3, "sigmoid")
    return FunctionQuestion(
        name="bias_gradients", function="bias_gradients", parameters=asked.order("bias"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={B1: 4, B_O: 2, MORE_PHI: 2, SINGLE: 1, INPUTS: 1}, reference=model, model=model, hidden=hidden,
        public=(probe(B1, plain, "four rows", b1_place), probe(B_O, plain, "four rows", b_o_place), probe(MORE_PHI, open_network(4, 2, 3, "tanh"), "tanh", b1_place),
                probe(MORE_PHI, open_network(4, 2, 3, "relu"), "relu", b1_place), probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row")),
        hints=("A bias is a weight whose input is always 1.", "So its gradient is what reaches its neuron, added up over the rows.", f"`d_b1 = d_a.sum(axis=0)`, `d_b_o = d_o.sum()`; return `{returned}`."),
        mistakes=(MISSING, *slope_mistakes(), *loss_mistakes(asked.loss), *averaged(asked.loss, gather=lambda d_a: d_a.mean(axis=0)),
            Mistake("Added up along the wrong axis", "You added up the hidden neurons of each row; b1 has a number for each neuron, so the rows are to be added up.", knobs={"gather": lambda d_a: d_a.sum(axis=1)},
                    hints=("How many numbers come out, N or H?", "A gradient has the shape of what it belongs to.", "`.sum(axis=0)`.")),
            Mistake("Not added up over the rows", "Your gradient of b1 has a row for each example: the gradient is their sum.", knobs={"gather": lambda d_a: d_a},
                    hints=("What is the shape of b1?", "Every row uses the same bias, so every row has its say.", "`.sum(axis=0)`.")),
            Mistake("One number for all biases", "You added up rows and neurons; each hidden neuron has a bias of its own.", knobs={"gather": np.sum},
                    hints=("How many numbers has b1?", "`sum()` without an axis adds up everything.", "`.sum(axis=0)`.")),
            Mistake("h in the output's bias", "Your gradient of b_o is multiplied by h; a bias has no input.", knobs={"at_end": lambda d_o, h: h.T @ d_o},
                    hints=("What is ∂o/∂b_o?", "1.", "`d_o.sum()`.")),
            Mistake("The output's bias not added up", "Your gradient of b_o has a number for each row; b_o is one number, and so is its gradient.", knobs={"at_end": lambda d_o, h: d_o},
                    hints=("How many numbers is b_o?", "Every row has its say in it.", "`d_o.sum()`.")),
            Mistake("Returned in another order", f"The two results are right and exchanged: asked for is {returned}.", wrong=asked.by_order("bias", lambda **values: rule(**values)[::-1]),
                    hints=("Which of the two comes first?", "Read the last line of the question again.", f"`return {returned}`.")),
        ))


# ---------------------------------------------------------------- learning XOR

ONE, SEVERAL, SOLVED = "one step", "several steps", "XOR at 100 %"


def fit_question(asked, variant):
    def rule(X, y, W1, b1, w_o, b_o, eta, steps, *, rate=1, **knobs):
        start = {"W1": asked.laid_out(W1), "b1": b1, "w_o": w_o, "b_o": b_o}
        found = fit(X, y, start, eta if rate == 1 else 1., steps, asked.bend, asked.loss, **knobs)
        return tuple(asked.laid_out(found[name]) if name == "W1" else found[name] for name in asked.parameters)

    model = asked.by_order("fit", rule)

    def learned(value, expected):
        found = {name: np.asarray(part, float) for name, part in zip(asked.parameters, value, strict=True)}
        found["W1"] = asked.laid_out(found["W1"])
        return solves(found, *XOR, asked.bend)

    def start(rng):
        """A start from which XOR is learned, and is in float32 too: no right answer may fail by its rounding."""
        while True:
            values = {"X": XOR[0], "y": XOR[1], "W1": rng.normal(size=(2, 3)).round(2), "b1": rng.normal(size=3).round(2), "w_o": rng.normal(size=3).round(2), "b_o": 0.}
            if trained(np.float64, values) and trained(np.float32, values):
                return {**values, "eta": asked.eta, "steps": STEPS}

    def trained(cast, values):
        """Whether XOR is learned, well clear of one half."""
        found = fit(*(cast(part) for part in XOR), {name: cast(values[name]) for name in ("W1", "b1", "w_o", "b_o")}, asked.eta, STEPS, asked.bend, asked.loss)
        return solves(found, *XOR, asked.bend, margin=.2)

    def probe(group, values, label="", accept=None):
        return Probe(group, asked.arguments("fit", values), label, accept=accept)

    def few(rng, rows, hidden, eta, steps):
        return {**network(rng, rows, 2, hidden, asked.bend), "eta": eta, "steps": steps}

    def hidden(rng):
        return [probe(ONE, few(rng, 4, 3, 3., 1), "one step"), probe(ONE, few(rng, 1, 2, 5., 1), "one step, one row"), probe(SEVERAL, few(rng, 5, 4, 3., 3), "three steps"),
                probe(SEVERAL, few(rng, 3, 1, 4., 2), "two steps"), probe(SOLVED, start(rng), "XOR from another start", learned)]

    open_rng = np.random.default_rng(7)
    arrays = ", ".join(asked.parameters)
    return FunctionQuestion(
        name="fit", function="fit", parameters=asked.order("fit"), lecture=LECTURE, keeps_inputs=INPUTS, groups={ONE: 5, SEVERAL: 4, SOLVED: 5, INPUTS: 1},
        reference=model, model=model, hidden=hidden,
        public=(probe(ONE, few(open_rng, 4, 3, 4., 1), "one step"), probe(SEVERAL, few(open_rng, 4, 3, 2., 3), "three steps"), probe(SOLVED, start(variant.shared("XOR start")), "XOR", learned)),
        hints=("In each step: forward, all four gradients, then all four updates.", "Take the gradients from the old numbers, all of them, before the first one changes.",
               f"`W1 = W1 - eta * d_W1`, and so on; after the last step return `{arrays}`."),
        mistakes=(
            Mistake("Uphill", "Your steps go along the gradient, not against it: the loss grows.", knobs={"way": 1},
                    hints=("Print the loss after each step.", "The gradient points to where the loss grows.", "`W1 - eta * d_W1`: a minus.")),
            Mistake("The updated w_o on the way back", "You changed w_o first and sent the error back through the new one: all gradients are to be taken at the old numbers.", knobs={"early": True}, also=(functools.partial(model, anew=True),),
                    hints=("In which order do the four updates and the four gradients stand?", "Which w_o does your hidden gradient see?", "First all gradients, then all updates.")),
            Mistake("w_oj is missing", MISSING.sentence, knobs={"back": MISSING.knobs["back"]}, hints=MISSING.hints),
            Mistake("η is missing", "Your steps are whole gradients: the step size η is not multiplied in.", knobs={"rate": 0},
                    hints=("Does your result change when eta does?", "Which argument is never used?", "`eta * d_W1`.")),
            Mistake("The biases stand still", "Your biases never change: they are learned like the weights.", knobs={"frozen": ("b1", "b_o")},
                    hints=("Compare the biases before and after.", "How many updates does one step have?", "Four: W1, b1, w_o and b_o.")),
            Mistake("The output's bias stands still", "b_o never changes in your steps.", knobs={"frozen": ("b_o",)},
                    hints=("Compare b_o before and after.", "How many updates does one step have?", "Four: W1, b1, w_o and b_o.")),
            Mistake("Only the output neuron learns", "W1 and b1 never change: the hidden neurons stay as they began.", knobs={"frozen": ("W1", "b1")},
                    hints=("Compare W1 before and after.", "Who moves the points so that one line is enough?", "Update all four.")),
            Mistake("Only the hidden neurons learn", "w_o and b_o never change.", knobs={"frozen": ("w_o", "b_o")},
                    hints=("Compare w_o before and after.", "How many updates does one step have?", "Update all four.")),
            Mistake("The first gradient for every step", "Your gradients are taken once, before the loop; after a step they are others.", knobs={"stale": True},
                    hints=("What stands inside your loop?", "The slope changes as you walk.", "Forward and gradients belong into the loop.")),
            Mistake("Only one step", "Your function stops after the first step.", knobs={"once": True},
                    hints=("Does your result change with `steps`?", "Is there a `return` inside the loop?", "Return after the loop.")),
            Mistake("One step too many", "Your function takes one step more than asked.", knobs={"more": 1},
                    hints=("How many steps are taken for steps = 1?", "`range(steps + 1)` counts from 0 to steps.", "`for _ in range(steps)`.")),
            Mistake("One step too few", "Your function takes one step less than asked.", knobs={"more": -1},
                    hints=("How many steps are taken for steps = 1?", "`range(1, steps)` leaves one out.", "`for _ in range(steps)`.")),
            Mistake("Returned in another order", f"The right numbers come back in another order: asked for is {arrays}.", wrong=asked.by_order("fit", lambda **values: rule(**values)[::-1]),
                    also=tuple(asked.by_order("fit", lambda order=order, **values: tuple(rule(**values)[place] for place in order)) for order in ((0, 2, 1, 3), (1, 0, 3, 2))),
                    hints=("Which of the four comes first?", "As in the function's own first line.", f"`return {arrays}`.")),
            Mistake("Returned only the weights", "Two results come back; the biases are asked for too.",
                    wrong=asked.by_order("fit", lambda **values: tuple(part for name, part in zip(asked.parameters, rule(**values)) if name in ("W1", "w_o"))),
                    hints=("How many results are asked for?", "Four.", f"`return {arrays}`.")),
        ))
