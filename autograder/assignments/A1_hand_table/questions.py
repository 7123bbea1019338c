"""A1, The hand table: the questions, the probes that ask them and the mistakes that students make in them."""

import math

import numpy as np

from autograder.questions import Assignment, FunctionQuestion, ManualQuestion, Mistake, Probe, Remark, TableQuestion, ValuesQuestion
from course_lib.activations import sigmoid
from course_lib.perceptron import HandTable, predict, weighted_sum

LECTURE = "L02, Perceptron by hand"
INPUTS = "leaves its arguments as they were"
GATE = np.array([[0., 0], [0, 1], [1, 0], [1, 1]])


def assignment(variant):
    table = hand_table(variant)
    return Assignment("A1", "The hand table", (table_question(table), SUM, SIGMOID, PREDICT, AND, ERROR, EXPLAIN), prose=prose(table))


# ---------------------------------------------------------------- the table, on paper

def hand_table(variant):
    """An empty table: four rows of small numbers, weights in halves, a bias in odd quarters (so no tie), every mistake visible."""
    rng = variant.rng("table")
    while True:
        X = rng.integers(-2, 4, size=(4, 2)).astype(float)
        w, b = rng.integers(-4, 5, size=2) / 2, float(rng.integers(-3, 3) / 2 + .25)
        h = X @ w + b
        told_apart = [X @ w, X @ w[::-1] + b, X @ w - b]
        # "h is at least one half" decides like "p is at least one half" unless some h lies between 0 and one half
        if (len(np.unique(X, axis=0)) == 4 and 0 < abs(w[0]) != abs(w[1]) > 0 and np.abs(h).max() <= 4
                and (h < 0).any() and ((0 < h) & (h < .5)).any() and len(np.unique(np.abs(h))) == 4
                and all(np.abs(wrong - h).max() > .1 for wrong in told_apart)):
            return HandTable(X, (h > 0).astype(float), w, b, columns=("h", "p", "y_hat"))


def prose(table):
    """What the text of the assignment takes from its numbers."""
    solution = table.solution()
    rows = [f"| {place} | {x[0]:g} | {x[1]:g} |   |   |   |" for place, x in enumerate(np.asarray(table.X), 1)]
    listed = {f"{name}_list": ", ".join(f"{value:.2f}" if name != "y_hat" else f"{value:.0f}" for value in solution[name]) for name in ("h", "p", "y_hat")}
    return {"rows": "\n".join(rows), "w1": f"{table.w[0]:g}", "w2": f"{table.w[1]:g}", "b": f"{float(table.b):g}", **listed}


def table_question(table):
    X, w, b = np.asarray(table.X), np.asarray(table.w), float(table.b)

    def again():
        return HandTable(X, table.y, w, b, columns=("h", "p", "y_hat"))

    return TableQuestion(
        name="hand_table", groups={"weighted sums h": 6, "probabilities p": 8, "predictions ŷ": 6}, lecture=LECTURE,
        table=again, names={"h": "paper_h", "p": "paper_p", "y_hat": "paper_y_hat"},
        columns={"h": "weighted sums h", "p": "probabilities p", "y_hat": "predictions ŷ"},
        hints=("Take one row at a time: first h, then p from that h, then ŷ from that p.",
               "h is weight times input, added up over the inputs, plus the bias; p is 1 / (1 + exp(−h)).",
               "A check without a calculator: p is below one half exactly where h is negative, and ŷ is 1 exactly where p is at least one half."),
        mistakes=(
            Mistake("Forgot the bias", "In your h the bias b is not added: you have only the weights times the inputs.", column="h", lecture=LECTURE,
                    rule=lambda table: X @ w,
                    hints=("What would h be in a row where both inputs are 0?", "Your h is off by the same amount in every row. Which number is that?", "h = w₁x₁ + w₂x₂ + b: add b once in each row.")),
            Mistake("The weights are swapped", "In your h the first weight multiplies the second input and the second weight the first.", column="h", lecture=LECTURE,
                    rule=lambda table: X @ w[::-1] + b,
                    hints=("Look at a row where the two inputs differ.", "Which weight belongs to which input?", "w₁ goes with x₁ and w₂ with x₂.")),
            Mistake("Took the bias away", "In your h the bias b is subtracted: it is added, with its own sign.", column="h", lecture=LECTURE,
                    rule=lambda table: X @ w - b,
                    hints=("What is h where both inputs are 0?", "There it is b itself, sign and all.", "h = w₁x₁ + w₂x₂ + b.")),
            Mistake("exp(+h) instead of exp(−h)", "Your p are those of −h: large where h is negative and small where it is positive.", column="p", lecture=LECTURE,
                    rule=lambda table: sigmoid(-table["h"]),
                    hints=("Should a neuron with a positive h be rather sure or rather unsure of class 1?", "Mind the two minus signs in a row with a negative h.", "p = 1 / (1 + exp(−h)): for h = −0.5 that is 1 / (1 + exp(0.5)).")),
            Mistake("Left the 1 out of the denominator", "Your p are 1 / exp(−h): they grow past 1, and a probability cannot.", column="p", lecture=LECTURE,
                    rule=lambda table: np.exp(table["h"]),
                    hints=("Is one of your p larger than 1?", "What stands below the fraction bar?", "p = 1 / (1 + exp(−h)), with both terms below the bar.")),
            Mistake("Brackets missing around the denominator", "Your p are 1/1 + exp(−h): the calculator divided before it added.", column="p", lecture=LECTURE,
                    rule=lambda table: 1 + np.exp(-table["h"]),
                    hints=("Is one of your p larger than 1?", "In which order does a calculator work through 1 / 1 + exp(−h)?", "Add first: (1 + exp(−h)), then 1 divided by that.")),
            Mistake("Decided by h ≥ ½", "Your ŷ compare h with one half; it is p that is compared with one half.", column="y_hat", lecture=LECTURE,
                    rule=lambda table: table["h"] >= .5,
                    hints=("Look at the row whose h is positive but small.", "What is p there, and which side of one half is it on?", "ŷ = 1 where p ≥ .5, and that is where h ≥ 0.")),
            Mistake("The predictions are turned round", "Your ŷ are 1 where p is small and 0 where it is large.", column="y_hat", lecture=LECTURE,
                    rule=lambda table: table["p"] < .5,
                    hints=("What does p stand for?", "p is the probability of class 1.", "ŷ = 1 where p ≥ .5.")),
            Mistake("Copied p instead of deciding", "Your ŷ are the probabilities: a prediction is 0 or 1.", column="y_hat", lecture=LECTURE,
                    rule=lambda table: table["p"],
                    hints=("How many different values can ŷ have?", "Two: 0 and 1.", "ŷ = 1 where p ≥ .5, else 0.")),
        ))


# ---------------------------------------------------------------- weighted_sum

def sum_model(X, w, b, *, bias=1, turn=1):
    """h = X w + b, with the bias and the order of the weights to turn."""
    return X @ w[::turn] + bias * b


def neuron_arguments(rng, rows, columns):
    """X, w and b of one neuron: no weight, sum or bias so small that a mistake could hide in it."""
    while True:
        X, w, b = rng.normal(size=(rows, columns)).round(2), rng.normal(size=columns).round(2), float(np.round(rng.normal() * 1.5, 2))
        h = X @ w + b
        apart = columns == 1 or np.abs(w - w[::-1]).max() > .4
        if abs(b) > .3 and np.abs(w).min() > .2 and apart and np.abs(h).min() > .1 and (rows == 1 or (h.min() < 0 < h.max() and np.abs(h - np.roll(h, 1)).min() > .05)):
            return X, w, b


def sum_probes(rng):
    return [Probe("several rows", neuron_arguments(rng, 7, 2)), Probe("one row", neuron_arguments(rng, 1, 2), "a single row"),
            Probe("any number of inputs", neuron_arguments(rng, 5, 3), "three inputs"), Probe("any number of inputs", neuron_arguments(rng, 4, 4), "as many inputs as rows")]


SUM = FunctionQuestion(
    name="weighted_sum", function="weighted_sum", parameters=("X", "w", "b"), lecture=LECTURE, keeps_inputs=INPUTS,
    groups={"several rows": 5, "one row": 2, "any number of inputs": 2, INPUTS: 1},
    reference=weighted_sum, model=sum_model, hidden=sum_probes,
    public=(Probe("several rows", (GATE, np.array([1., -1]), -.5), "the slide's four rows"), Probe("one row", (np.array([[2., 3]]), np.array([.5, -1]), .25), "a single row"),
            Probe("any number of inputs", (np.array([[1., 2, 3], [0, -1, 2]]), np.array([.5, 1, -1]), 2.), "three inputs")),
    hints=("Each row of X is one example; its h is one number.", "Multiply each input by its weight, add them up, and add b once.", "For all rows at once: `X @ w + b`."),
    mistakes=(
        Mistake("Forgot the bias", "Your sum has the weights times the inputs, but b is not added.", knobs={"bias": 0},
                hints=("What should come out where all inputs are 0?", "Which of your three arguments is never used?", "Add b at the end, once for each row.")),
        Mistake("Took the bias away", "Your sum subtracts b; the bias is added, with its own sign.", knobs={"bias": -1},
                hints=("What should come out where all inputs are 0?", "There h is b itself.", "`… + b`, also when b is negative.")),
        Mistake("The weights are swapped", "Your sum pairs the first input with the last weight and the last input with the first.", knobs={"turn": -1},
                hints=("Try a row with inputs 1 and 0.", "Which weight should it pick out?", "w[0] goes with column 0, w[1] with column 1.")),
        Mistake("Added the bias once for every input", "Your sum adds b inside the sum over the inputs, so it counts as often as there are inputs.",
                wrong=lambda X, w, b: X @ w + X.shape[1] * b,
                hints=("Is your answer off by the same amount in every row?", "How often is b added in one row?", "Sum the products first, then add b once.")),
        Mistake("Multiplied without adding up", "Your result is still a table: weight times input, each in its place, with b added to each.", wrong=lambda X, w, b: X * w + b,
                also=(lambda X, w, b: X * w,),
                hints=("How many numbers should come out for one row?", "One: the products are added up.", "`(X * w).sum(axis=1) + b`, or `X @ w + b`.")),
        Mistake("Summed over the rows", "Your sum runs down the columns, so different examples are added together.", wrong=lambda X, w, b: (X * w).sum(axis=0) + b,
                hints=("How many numbers come out, and how many rows are there?", "Along which axis do the inputs of one example lie?", "axis=1 runs along a row.")),
        Mistake("Summed everything into one number", "Your sum runs over rows and inputs, so one number comes out for all examples.", wrong=lambda X, w, b: (X * w).sum() + b,
                hints=("How many examples are there, and how many numbers come out?", "Sum over the inputs of one row only.", "`.sum(axis=1)`, or `X @ w`.")),
        Mistake("Only the first row", "Your function works out the first example and leaves the others.", wrong=lambda X, w, b: X[0] @ w + b,
                also=(lambda X, w, b: [X[0] @ w + b],),
                hints=("How many numbers come out when X has seven rows?", "Is there a `return` inside your loop?", "Collect one h for each row and return them all after the loop.")),
        Mistake("Counts on two inputs", "Your sum uses the first two inputs and their weights, and X may have more.", wrong=lambda X, w, b: X[:, 0] * w[0] + X[:, 1] * w[1] + b,
                hints=("Try it on three inputs.", "Which columns of X does your formula name?", "`X @ w` takes as many as there are.")),
        Mistake("Forgot the weights", "Your sum adds up the inputs themselves; each should be multiplied by its weight.", wrong=lambda X, w, b: X.sum(axis=1) + b,
                hints=("Does your answer change when w does?", "Which of your arguments is never used?", "`(X * w).sum(axis=1) + b`.")),
        Mistake("Averaged instead of adding up", "Your sum is divided by the number of inputs: h is a sum, not a mean.", wrong=lambda X, w, b: (X * w).mean(axis=1) + b,
                hints=("Compare with the slide's second row, by hand.", "Is there a `mean`?", "Use `sum`.")),
    ))


# ---------------------------------------------------------------- sigmoid

def sigmoid_probes(rng):
    h = rng.uniform(.3, 4, size=7).round(2) * np.where(np.arange(7) % 2, 1, -1)
    far = np.concatenate([rng.uniform(720, 1000, size=2), -rng.uniform(720, 1000, size=2), [1000., -1000., 0.]])
    return [Probe("ordinary numbers", (h,)), Probe("ordinary numbers", (h[:1] + .1,), "a single number"), Probe("stable at ±1000", (far,), "very large and very small h")]


def _loop(rule):
    """A rule for one number, applied to each, as students write it who come from Python's own `math`."""
    return lambda h: [rule(float(value)) for value in h]


SIGMOID = FunctionQuestion(
    name="sigmoid", function="sigmoid", parameters=("h",), lecture=LECTURE, keeps_inputs=INPUTS,
    groups={"ordinary numbers": 9, "stable at ±1000": 5, INPUTS: 1},
    reference=sigmoid, hidden=sigmoid_probes,
    public=(Probe("ordinary numbers", (np.array([-.5, -1.5, .5]),), "the slide's numbers"), Probe("stable at ±1000", (np.array([-1000., 1000.]),), "h = ±1000")),
    hints=("Below the fraction bar stands 1 + exp(−h).", "exp of a large positive number overflows. For which h does that happen in 1 / (1 + exp(−h))?",
           "For negative h use the same value written otherwise: exp(h) / (1 + exp(h)). Neither form then sees a large exponent."),
    remarks=(Remark("The values are right. On the way exp overflows for very negative h and NumPy warns; that costs nothing here. "
                    "exp(h) / (1 + exp(h)) for negative h gives the same numbers in peace.",
                    lambda seen: any("overflow" in warning for observation in seen for warning in observation.warnings)),),
    mistakes=(
        Mistake("exp(+h) instead of exp(−h)", "Your p falls where it should rise: it is the sigmoid of −h.", wrong=lambda h: sigmoid(-h),
                also=(_loop(lambda h: 1 / (1 + math.exp(h))), lambda h: np.exp(-h) / (1 + np.exp(-h))),
                hints=("What should come out for a large positive h: nearly 1 or nearly 0?", "Look at the sign in the exponent.", "p = 1 / (1 + exp(−h)).")),
        Mistake("Overflow", "Your formula meets exp of a number that is too large: then it is infinite, and infinity divided by infinity is no number.",
                wrong=lambda h: np.exp(h) / (1 + np.exp(h)),
                also=(_loop(lambda h: 1 / (1 + math.exp(-h))), _loop(lambda h: math.exp(h) / (1 + math.exp(h))), lambda h: 1 - 1 / (1 + np.exp(h)) + 0 * np.exp(h)),
                hints=("Try h = 1000 and h = −1000 and look at each step.", "exp(1000) is too large for the computer; exp(−1000) is simply 0.",
                       "Use 1 / (1 + exp(−h)) where h ≥ 0 and exp(h) / (1 + exp(h)) where h < 0, so that no exponent is positive.")),
        Mistake("Left the 1 out of the denominator", "Your function is 1 / exp(−h): it grows without end, and a probability stays below 1.", wrong=lambda h: 1 / np.exp(-h),
                also=(np.exp, _loop(lambda h: 1 / math.exp(-h))),
                hints=("What comes out at h = 0?", "It should be one half.", "1 / (1 + exp(−h)).")),
        Mistake("Brackets missing around the denominator", "Python reads `1 / 1 + exp(−h)` as (1 / 1) + exp(−h).", wrong=lambda h: 1 / 1 + np.exp(-h), also=(_loop(lambda h: 1 / 1 + math.exp(-h)),),
                hints=("What comes out at h = 0?", "In which order does Python divide and add?", "`1 / (1 + np.exp(-h))`.")),
        Mistake("A minus in the denominator", "Your denominator is 1 − exp(−h): it vanishes at h = 0.", wrong=lambda h: 1 / (1 - np.exp(-h)),
                hints=("What comes out at h = 0?", "Look at the sign between 1 and exp.", "1 / (1 + exp(−h)).")),
        Mistake("tanh instead of the sigmoid", "Your values run from −1 to 1: that is tanh; the sigmoid runs from 0 to 1.", wrong=np.tanh,
                hints=("What comes out at h = 0?", "The sigmoid is one half there.", "1 / (1 + exp(−h)); tanh(h) is 2σ(2h) − 1.")),
        Mistake("The slope instead of the value", "Your function is p(1 − p), the derivative of the sigmoid.", wrong=lambda h: sigmoid(h) * (1 - sigmoid(h)),
                hints=("What comes out at h = 0?", "It should be one half, not one quarter.", "Return p itself.")),
        Mistake("Rounded", "Your values are rounded: p is a probability, not yet a decision.", wrong=lambda h: np.round(sigmoid(h)), also=(lambda h: np.round(sigmoid(h), 2), lambda h: (h >= 0) * 1.,),
                hints=("Is every number you return 0, 1 or two digits long?", "Where do you round?", "Return p with all its digits; rounding is for the table.")),
        Mistake("Whole-number division", "`//` throws everything behind the point away, so what is below 1 becomes 0.", wrong=lambda h: 1 // (1 + np.exp(-h)), also=(_loop(lambda h: 1 // (1 + math.exp(min(-h, 700)))),),
                hints=("Are your results all 0 or 1?", "What does 1 // 3 give?", "Divide with `/`.")),
        Mistake("The same for every input", "One half comes out for whatever goes in.", wrong=lambda h: 0 * h + .5,
                hints=("Does h appear in what you return?", "Is the exponent always 0?", "1 / (1 + exp(−h)), with h the argument.")),
    ))


# ---------------------------------------------------------------- predict

def predict_model(X, w, b, *, bias=1, turn=1, sign=1, decide=lambda h, p: p >= .5):
    """h, p and ŷ with each step to turn."""
    h = X @ w[::turn] + bias * b
    p = sigmoid(sign * h)
    return h, p, np.asarray(decide(h, p)) * 1


H, P, Y_HAT, TIES = "weighted sums h", "probabilities p", "predictions ŷ", "ties, p = .5 exactly"


def predict_probes(rng):
    probes = []
    for rows, columns, label in ((7, 2, ""), (1, 2, "a single row"), (6, 3, "three inputs")):
        arguments = neuron_arguments(rng, rows, columns)
        probes += [Probe(group, arguments, label, part) for part, group in enumerate((H, P, Y_HAT))]
    X, w, b = neuron_arguments(rng, 6, 2)
    X[0, 0], w, b = .2, np.array([1., 0.]), 0.                 # p in (.5, .62): "h ≥ ½" decides otherwise
    return probes + [Probe(Y_HAT, (X, w, b), "a weak neuron", 2), Probe(TIES, _tie(rng), "a row with h = 0", 2)]


def _tie(rng):
    """A neuron that cannot decide on some of its rows: h is exactly 0 there, in any order of adding."""
    w = rng.integers(1, 4) * np.array([1., -1])
    k = float(rng.integers(1, 5))
    return np.array([[k, k], [k + 1, k], [0, 0], [k, k + 2]]), w, 0.


PREDICT = FunctionQuestion(
    name="predict", function="predict", parameters=("X", "w", "b"), lecture=LECTURE, keeps_inputs=INPUTS,
    groups={H: 3, P: 4, Y_HAT: 5, TIES: 2, INPUTS: 1},
    reference=predict, model=predict_model, hidden=predict_probes,
    public=(*(Probe(group, (GATE, np.array([1., -1]), -.5), "the slide's four rows", part) for part, group in enumerate((H, P, Y_HAT))),
            Probe(Y_HAT, (np.array([[.2, 0], [-.2, 0]]), np.array([1., 0]), 0.), "a weak neuron", 2),
            Probe(TIES, (GATE, np.array([1., -1]), 0.), "the slide's rows with b = 0", 2)),
    hints=("Three steps, each from the one before: h, then p, then ŷ.", "Use your `weighted_sum` and your `sigmoid`.", "ŷ is `(p >= .5)`; return `h, p, y_hat` in this order."),
    mistakes=(
        Mistake("Rounded at one half", "Where p is exactly one half your ŷ is 0: `round` goes to the even neighbour, and `>` leaves the tie out. The course says ŷ = [p ≥ .5].",
                knobs={"decide": lambda h, p: p > .5},
                hints=("Try b = 0 on the slide's four rows.", "What is p in the first row, and what does np.round(.5) give?", "`(p >= .5).astype(int)`.")),
        Mistake("Decided by h ≥ ½", "Your ŷ compare h with one half; it is p that is compared with one half.", knobs={"decide": lambda h, p: h >= .5},
                hints=("Try a row with a small positive h.", "What is p there?", "ŷ = [p ≥ .5], which is where h ≥ 0.")),
        Mistake("The predictions are turned round", "Your ŷ are 1 where p is small.", knobs={"decide": lambda h, p: p < .5},
                also=(lambda X, w, b: predict_model(X, w, b, decide=lambda h, p: p <= .5),),
                hints=("What does p stand for?", "p is the probability of class 1.", "`p >= .5`.")),
        Mistake("Cut off instead of decided", "`int(p)` or `//` cuts p down to 0, so every prediction is 0.", knobs={"decide": lambda h, p: np.floor(p)},
                hints=("Is any of your ŷ a 1?", "What is int(0.9)?", "Compare: `p >= .5`.")),
        Mistake("Returned p instead of deciding", "Your ŷ are the probabilities: a prediction is 0 or 1.", knobs={"decide": lambda h, p: p},
                hints=("How many values can ŷ have?", "Two.", "`(p >= .5).astype(int)`.")),
        Mistake("−1 and 1 instead of 0 and 1", "Your ŷ are −1 and 1; the classes here are 0 and 1.", knobs={"decide": lambda h, p: np.where(p >= .5, 1, -1)}, also=(lambda X, w, b: (X @ w + b, sigmoid(X @ w + b), np.sign(X @ w + b)),),
                hints=("What are the values of y in the table?", "0 and 1.", "`(p >= .5).astype(int)`.")),
        Mistake("exp(+h) instead of exp(−h)", "Your p are those of −h.", knobs={"sign": -1},
                hints=("Which p belongs to a large positive h?", "Look at the exponent in your sigmoid.", "p = 1 / (1 + exp(−h)).")),
        Mistake("Forgot the bias", "In your h the bias b is not added.", knobs={"bias": 0},
                hints=("What is h where all inputs are 0?", "Which argument is never used?", "`X @ w + b`.")),
        Mistake("Took the bias away", "In your h the bias b is subtracted.", knobs={"bias": -1},
                hints=("What is h where all inputs are 0?", "It is b itself.", "`X @ w + b`.")),
        Mistake("The weights are swapped", "In your h the weights stand in the wrong order.", knobs={"turn": -1},
                hints=("Try a row with inputs 1 and 0.", "Which weight should it pick out?", "w[0] goes with column 0.")),
        Mistake("Returned in another order", "The three results are right but come out as p, h, ŷ, or another order.", wrong=lambda X, w, b: _order(X, w, b, (1, 0, 2)),
                also=tuple(lambda X, w, b, order=order: _order(X, w, b, order) for order in ((0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1))),
                hints=("Which of the three comes first?", "In the order in which you work them out.", "`return h, p, y_hat`.")),
        Mistake("Returned only the prediction", "Only ŷ comes back; h and p are asked for too.", wrong=lambda X, w, b: predict(X, w, b)[2], also=(lambda X, w, b: (predict(X, w, b)[2],),),
                hints=("How many results does the question ask for?", "Three.", "`return h, p, y_hat`.")),
        Mistake("Returned p and ŷ without h", "Two results come back where three are asked for.", wrong=lambda X, w, b: predict(X, w, b)[1:], also=(lambda X, w, b: predict(X, w, b)[:2],),
                hints=("How many results does the question ask for?", "Three.", "`return h, p, y_hat`.")),
    ))


def _order(X, w, b, order):
    parts = predict(X, w, b)
    return tuple(parts[place] for place in order)


# ---------------------------------------------------------------- AND, by hand

TARGETS = np.array([0, 0, 0, 1])
ON, OFF = "fires on (1, 1)", "stays silent on the other three"


def decisions(values):
    return predict(GATE, values["w_and"], float(values["b_and"]))[2]


def and_shares(values):
    """A neuron that says the same to everything has learned nothing, however many rows that gets right."""
    y_hat = decisions(values)
    if len(set(y_hat)) == 1:
        return {}
    return {ON: float(y_hat[3] == 1), OFF: float(np.mean(y_hat[:3] == 0)) if y_hat[3] == 1 else 0.}


def and_evidence(values):
    h, p, y_hat = predict(GATE, values["w_and"], float(values["b_and"]))
    row = int(np.flatnonzero(y_hat != TARGETS)[0])
    x = GATE[row].astype(int)
    return f"For the inputs ({x[0]}, {x[1]}) your neuron has h = {h[row]:g} and p = {p[row]:.2f}, so ŷ = {y_hat[row]}; AND is {TARGETS[row]}."


def _decides(*row):
    return lambda values: tuple(decisions(values)) == row


AND = ValuesQuestion(
    name="and_weights", groups={ON: 6, OFF: 9}, lecture=LECTURE, shapes={"w_and": (2,), "b_and": ()}, shares=and_shares, evidence=and_evidence,
    example={"w_and": [1, 1], "b_and": -1.5},
    hints=("Draw the four points. Where must the line lie so that only (1, 1) is on its far side?", "With both weights 1, the sum of the inputs is 0, 1, 1 or 2. Which bias makes only the last h positive?",
           "The bias must pull 1 below zero and leave 2 above: anything between −2 and −1."),
    mistakes=(
        Mistake("A tie counts as 1", "In at least one row that should be 0, h is exactly 0, so p is exactly .5, and ŷ = [p ≥ .5] is 1.", example={"w_and": [1, 1], "b_and": -1},
                fits=lambda values: bool(np.any((GATE @ values["w_and"] + values["b_and"] == 0) & (TARGETS == 0))),
                hints=("Work out h for (0, 1).", "What is ŷ where h = 0?", "Make the bias a little more negative.")),
        Mistake("That is OR", "Your neuron fires as soon as one input is 1; AND waits for both.", fits=_decides(0, 1, 1, 1), example={"w_and": [1, 1], "b_and": -.5},
                hints=("Work out h for (0, 1).", "It is positive and should not be.", "Make the bias more negative.")),
        Mistake("Everything is turned round", "Your neuron is silent on (1, 1) and fires on the other three: that is NAND.", fits=_decides(1, 1, 1, 0), example={"w_and": [-1, -1], "b_and": 1.5},
                hints=("Which row should have the largest h?", "(1, 1), so both weights push up.", "Turn the sign of all three numbers.")),
        Mistake("Looks at one input only", "Your neuron follows one of the inputs and does not care for the other.", fits=lambda values: tuple(decisions(values)) in ((0, 1, 0, 1), (0, 0, 1, 1)), example={"w_and": [1, 0], "b_and": -.5},
                hints=("Compare the rows (0, 1) and (1, 1).", "Does the other weight do anything?", "Both weights should be positive, and neither alone enough.")),
        Mistake("Never fires", "Your neuron says 0 to every row. Three of four rows are right and nothing is decided.", fits=_decides(0, 0, 0, 0), example={"w_and": [1, 1], "b_and": -3},
                hints=("Work out h for (1, 1).", "It must be at least 0.", "Make the bias less negative, or the weights larger.")),
        Mistake("Always fires", "Your neuron says 1 to every row.", fits=_decides(1, 1, 1, 1), example={"w_and": [1, 1], "b_and": 1},
                hints=("Work out h for (0, 0): it is the bias.", "It must be negative.", "Try a bias between −2 and −1 with weights of 1.")),
    ))


# ---------------------------------------------------------------- squared error

def error_model(y, p, *, power=2, factor=1.0, total=np.mean):
    """The mean squared error, with its square, its factor and its mean to turn."""
    return factor * total(np.abs(y - p) ** power)


def error_probes(rng):
    def draw(rows):
        y = (np.arange(rows) % 2).astype(float)
        return rng.permutation(y), np.round(rng.uniform(.08, .92, size=rows), 3)

    lone = (np.array([float(rng.integers(0, 2))]), np.array([np.round(rng.uniform(.2, .45), 3)]))
    return [Probe("several rows", draw(7)), Probe("several rows", draw(4)), Probe("one row", lone, "a single row")]


ERROR = FunctionQuestion(
    name="squared_error", function="squared_error", parameters=("y", "p"), lecture=LECTURE, keeps_inputs=INPUTS,
    groups={"several rows": 7, "one row": 2, INPUTS: 1},
    reference=lambda y, p: float(np.mean((y - p) ** 2)), model=error_model, hidden=error_probes,
    public=(Probe("several rows", (np.array([0., 1, 1, 1]), np.array([.38, .18, .62, .38])), "the slide's table"), Probe("one row", (np.array([1.]), np.array([.25])), "a single row")),
    hints=("First the difference y − p in each row, then its square, then the mean.", "The mean is the sum divided by the number of rows.", "`np.mean((y - p) ** 2)`."),
    mistakes=(
        Mistake("Sum instead of mean", "Your errors are added up but not divided by the number of rows.", knobs={"total": np.sum},
                hints=("What happens to your result when every row is given twice?", "A mean stays, a sum doubles.", "`np.mean`, or divide by `len(y)`.")),
        Mistake("An extra ½", "Your result is half the mean squared error. Some books put a ½ in front to tidy the derivative; this course keeps the plain square.", knobs={"factor": .5},
                hints=("Compare with the slide's table by hand.", "Which factor stands in front?", "`np.mean((y - p) ** 2)`.")),
        Mistake("Forgot the square", "Your result is the mean distance |y − p|: it is not squared.", knobs={"power": 1},
                hints=("Work out one row by hand: y = 1, p = .25.", "The difference is .75; its square is .5625.", "`(y - p) ** 2`.")),
        Mistake("Added up the differences with their signs", "Positive and negative differences cancel in your mean: the square would have prevented that.", wrong=lambda y, p: np.mean(y - p), also=(lambda y, p: np.mean(p - y), lambda y, p: np.sum(y - p), lambda y, p: np.sum(p - y)),
                hints=("Can your result be negative?", "An error of squares cannot.", "Square each difference before the mean.")),
        Mistake("Squared the mean", "You take the mean of the differences first and square it afterwards, so they cancel before they count.", wrong=lambda y, p: np.mean(y - p) ** 2,
                hints=("In which order do you square and average?", "Try two rows with differences +1 and −1.", "Square first, then the mean.")),
        Mistake("Took the root", "Your result is the root of the mean squared error; the root is not asked for.", wrong=lambda y, p: np.sqrt(np.mean((y - p) ** 2)),
                hints=("Compare with the slide's table: .335.", "Is there a `sqrt`?", "Leave the root out.")),
        Mistake("No mean at all", "Your result has one error for each row; one number for all rows is asked for.", wrong=lambda y, p: (y - p) ** 2,
                hints=("How many numbers come out?", "One is asked for.", "`np.mean(…)` around it.")),
        Mistake("Decided before measuring", "You round p to 0 or 1 first: that is the share of wrong predictions, and it forgets how sure the neuron was.", wrong=lambda y, p: np.mean((y - (p >= .5)) ** 2),
                hints=("Is your result a multiple of 1/N?", "Which of ŷ and p stands in the formula?", "Use p as it is.")),
        Mistake("Divided by N − 1", "Your sum is divided by one less than the number of rows.", wrong=lambda y, p: np.sum((y - p) ** 2) / (len(y) - 1), also=(lambda y, p: float(np.sum((y - p) ** 2)) / (len(y) - 1),),
                hints=("How many rows has the slide's table?", "Divide by that number.", "`np.mean` divides by N.")),
        Mistake("Whole-number division", "`//` throws everything behind the point away.", wrong=lambda y, p: np.sum((y - p) ** 2) // len(y), also=(lambda y, p: int(np.mean((y - p) ** 2)),),
                hints=("Is your result a whole number?", "What does 1 // 4 give?", "Divide with `/`.")),
        Mistake("Squares of the parts", "Your result is the mean of y² − p²; it is the difference that is squared.", wrong=lambda y, p: np.mean(y ** 2 - p ** 2), also=(lambda y, p: np.mean(p ** 2 - y ** 2),),
                hints=("Where do your brackets stand?", "(a − b)² is not a² − b².", "`(y - p) ** 2`.")),
        Mistake("The wrong sign", "Your result is negative; a square never is.", knobs={"factor": -1},
                hints=("Can a mean of squares be negative?", "Is there a minus in front?", "Leave it out.")),
        Mistake("The first row only", "Your result is the error of the first row; the mean runs over all of them.", wrong=lambda y, p: (y[0] - p[0]) ** 2, also=(lambda y, p: (y[-1] - p[-1]) ** 2,),
                hints=("Does your result change when the last row does?", "Is there a `return` inside your loop?", "Return after the loop.")),
    ))


EXPLAIN = ManualQuestion(name="explain_e1", groups={"explanation": 15}, lecture=LECTURE)
