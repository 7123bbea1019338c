"""A1, The hand table: the questions, the probes that ask them and the mistakes that students make in them."""

import dataclasses
import itertools
import math

import numpy as np

from autograder.questions import Assignment, FunctionQuestion, ManualQuestion, Mistake, Probe, Remark, TableQuestion, ValuesQuestion
from autograder.questions.signature import called
from course_lib.activations import sigmoid
from course_lib.perceptron import HandTable, weighted_sum

from .conventions import GATE, GATES, KIN, Term, in_words, term_of

LECTURE = "L02, Perceptron by hand"
INPUTS = "leaves its arguments as they were"


def assignment(variant):
    term, table = term_of(variant), hand_table(variant)
    questions = (table_question(table, term), sum_question(term), SIGMOID, predict_question(term), gate_question(term), error_question(term), EXPLAIN)
    return Assignment("A1", "The hand table", questions, prose={**prose(table), **words(term)}, conventions=in_words(term))


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


def words(term: Term) -> dict:
    """What the text and the cells take from the term's conventions."""
    gate, lone, targets = term.gate, lone_row(term), GATES[term.gate]
    others = [str(tuple(int(x) for x in GATE[row])) for row in range(4) if row != lone]
    solution = solution_of(term)
    returned = {"h": "h", "p": "p", "y_hat": f"(p {term.compare} .5).astype(int)"}
    shown = {"h": "`h`", "p": "`p`", "y_hat": "`y_hat`"}
    return {
        "row": term.row, "column": "row" if term.columns else "column", "arguments": ", ".join(term.order), "product": term.product, "at_least": r"\ge" if term.tie else ">", "otherwise": "<" if term.tie else r"\le", "compare": term.compare,
        "tie": f"so a tie counts as {term.tie:.0f}", "returned": ", ".join(returned[name] for name in term.returned), "returned_words": "{}, {} and {}".format(*(shown[name] for name in term.returned)),
        "returned_doc": "{}, {} and {}".format(*({"h": "h", "p": "p", "y_hat": "ŷ"}[name] for name in term.returned)),
        "gate": gate, "gate_name": gate.lower(), "lone": str(tuple(int(x) for x in GATE[lone])), "lone_y": targets[lone], "others": f"{others[0]}, {others[1]} and {others[2]}", "others_y": targets[lone - 1],
        "gate_w": ", ".join(f"{value:.1f}" for value in solution["w"]), "gate_b": f"{solution['b']:.1f}",
        "error_name": {"mean": "mean squared error", "half": "halved mean squared error", "sum": "sum of squared errors"}[term.error],
        "error_words": {"mean": "the mean of these squares", "half": "half the mean of these squares", "sum": "the sum of these squares"}[term.error],
        "error_doc": {"mean": "The mean over the rows of (y − p)².", "half": "Half the mean over the rows of (y − p)².", "sum": "The sum over the rows of (y − p)²."}[term.error],
        "error_code": {"mean": "np.mean((y - p) ** 2)", "half": "np.mean((y - p) ** 2) / 2", "sum": "np.sum((y - p) ** 2)"}[term.error],
    }


def table_question(table, term):
    X, w, b = np.asarray(table.X), np.asarray(table.w), float(table.b)
    decided = "at least one half" if term.tie else "more than one half"

    def again():
        return HandTable(X, table.y, w, b, columns=("h", "p", "y_hat"))

    return TableQuestion(
        name="hand_table", groups={"weighted sums h": 6, "probabilities p": 8, "predictions ŷ": 6}, lecture=LECTURE,
        table=again, names={"h": "paper_h", "p": "paper_p", "y_hat": "paper_y_hat"},
        columns={"h": "weighted sums h", "p": "probabilities p", "y_hat": "predictions ŷ"},
        hints=("Take one row at a time: first h, then p from that h, then ŷ from that p.",
               "h is weight times input, added up over the inputs, plus the bias; p is 1 / (1 + exp(−h)).",
               f"A check without a calculator: p is below one half exactly where h is negative, and ŷ is 1 exactly where p is {decided}."),
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
                    hints=("Look at the row whose h is positive but small.", "What is p there, and which side of one half is it on?", f"ŷ = 1 where p {term.at_least} .5, and that is where h {term.at_least} 0.")),
            Mistake("The predictions are turned round", "Your ŷ are 1 where p is small and 0 where it is large.", column="y_hat", lecture=LECTURE,
                    rule=lambda table: table["p"] < .5,
                    hints=("What does p stand for?", "p is the probability of class 1.", f"ŷ = 1 where p {term.at_least} .5.")),
            Mistake("Copied p instead of deciding", "Your ŷ are the probabilities: a prediction is 0 or 1.", column="y_hat", lecture=LECTURE,
                    rule=lambda table: table["p"],
                    hints=("How many different values can ŷ have?", "Two: 0 and 1.", f"ŷ = 1 where p {term.at_least} .5, else 0.")),
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


def sum_question(term: Term) -> FunctionQuestion:
    row, axis, product = term.row, term.axis, term.product
    SEVERAL, ONE, MANY = f"several {row}s", f"one {row}", "any number of inputs"

    def probe(group, arguments, label=""):
        return Probe(group, term.arguments(*arguments), label)

    def probes(rng):
        return [probe(SEVERAL, neuron_arguments(rng, 7, 2)), probe(ONE, neuron_arguments(rng, 1, 2), f"a single {row}"),
                probe(MANY, neuron_arguments(rng, 5, 3), "three inputs"), probe(MANY, neuron_arguments(rng, 4, 4), f"as many inputs as {row}s")]

    public = [probe(SEVERAL, (GATE, np.array([1., -1]), -.5), f"the slide's four {'rows' if row == 'row' else 'examples'}"), probe(ONE, (np.array([[2., 3]]), np.array([.5, -1]), .25), f"a single {row}"),
              probe(MANY, (np.array([[1., 2, 3], [0, -1, 2]]), np.array([.5, 1, -1]), 2.), "three inputs")]
    if term.columns:                                     # only where both numbers agree does the library's own line run at all
        public.append(probe(MANY, (np.array([[1., 2], [3, -1]]), np.array([.5, -1]), .75), "as many inputs as columns"))
    asked = term.asked
    other, products = ("row", "(X.T * w).T") if term.columns else ("column", "(X * w)")
    library = () if not term.columns else (
        Mistake("The library's own convention", "`X @ w` takes the examples from the rows of X, as the lecture and the library do; here each column of X is an example.", wrong=called(term.order, lambda X, w, b: X @ w + b),
                also=(called(term.order, lambda X, w, b: np.dot(X, w) + b),),
                hints=("Where does one example stand in this X?", "In a column: w must meet the rows.", "`w @ X + b`, or `X.T @ w + b`.")),)
    return FunctionQuestion(
        name="weighted_sum", function="weighted_sum", parameters=term.order, lecture=LECTURE, keeps_inputs=INPUTS,
        groups={SEVERAL: 5, ONE: 2, MANY: 2, INPUTS: 1},
        reference=asked(weighted_sum), model=asked(sum_model), hidden=probes, public=tuple(public),
        hints=(f"Each {row} of X is one example; its h is one number.", "Multiply each input by its weight, add them up, and add b once.", f"For all {row}s at once: `{product} + b`."),
        mistakes=(
            Mistake("Forgot the bias", "Your sum has the weights times the inputs, but b is not added.", knobs={"bias": 0},
                    hints=("What should come out where all inputs are 0?", "Which of your three arguments is never used?", f"Add b at the end, once for each {row}.")),
            Mistake("Took the bias away", "Your sum subtracts b; the bias is added, with its own sign.", knobs={"bias": -1},
                    hints=("What should come out where all inputs are 0?", "There h is b itself.", "`… + b`, also when b is negative.")),
            Mistake("The weights are swapped", "Your sum pairs the first input with the last weight and the last input with the first.", knobs={"turn": -1},
                    hints=(f"Try a {row} with inputs 1 and 0.", "Which weight should it pick out?", f"w[0] goes with {other} 0, w[1] with {other} 1.")),
            Mistake("Added the bias once for every input", "Your sum adds b inside the sum over the inputs, so it counts as often as there are inputs.",
                    wrong=asked(lambda X, w, b: X @ w + X.shape[1] * b),
                    hints=(f"Is your answer off by the same amount in every {row}?", f"How often is b added in one {row}?", "Sum the products first, then add b once.")),
            Mistake("Multiplied without adding up", "Your result is still a table: weight times input, each in its place, with b added to each.", wrong=asked(lambda X, w, b: X * w + b),
                    also=(asked(lambda X, w, b: X * w),),
                    hints=(f"How many numbers should come out for one {row}?", "One: the products are added up.", f"`{products}.sum(axis={axis}) + b`, or `{product} + b`.")),
            Mistake(f"Summed over the {row}s", f"Your sum runs {'down the columns' if row == 'row' else 'along the rows'}, so different examples are added together.", wrong=asked(lambda X, w, b: (X * w).sum(axis=0) + b),
                    hints=(f"How many numbers come out, and how many {row}s are there?", "Along which axis do the inputs of one example lie?", f"axis={axis} runs {'along a row' if row == 'row' else 'down a column'}.")),
            Mistake("Summed everything into one number", f"Your sum runs over {row}s and inputs, so one number comes out for all examples.", wrong=asked(lambda X, w, b: (X * w).sum() + b),
                    hints=("How many examples are there, and how many numbers come out?", f"Sum over the inputs of one {row} only.", f"`.sum(axis={axis})`, or `{product}`.")),
            Mistake(f"Only the first {row}", "Your function works out the first example and leaves the others.", wrong=asked(lambda X, w, b: X[0] @ w + b),
                    also=(asked(lambda X, w, b: [X[0] @ w + b]),),
                    hints=(f"How many numbers come out when X has seven {row}s?", "Is there a `return` inside your loop?", f"Collect one h for each {row} and return them all after the loop.")),
            Mistake("Counts on two inputs", "Your sum uses the first two inputs and their weights, and X may have more.", wrong=asked(lambda X, w, b: X[:, 0] * w[0] + X[:, 1] * w[1] + b),
                    hints=("Try it on three inputs.", f"Which {other}s of X does your formula name?", f"`{product}` takes as many as there are.")),
            Mistake("Forgot the weights", "Your sum adds up the inputs themselves; each should be multiplied by its weight.", wrong=asked(lambda X, w, b: X.sum(axis=1) + b),
                    hints=("Does your answer change when w does?", "Which of your arguments is never used?", f"`{products}.sum(axis={axis}) + b`.")),
            Mistake("Averaged instead of adding up", "Your sum is divided by the number of inputs: h is a sum, not a mean.", wrong=asked(lambda X, w, b: (X * w).mean(axis=1) + b),
                    hints=(f"Compare with the slide's second {row}, by hand.", "Is there a `mean`?", "Use `sum`.")),
            *library,
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

def predict_model(X, w, b, *, term, bias=1, turn=1, sign=1, decide=None):
    """h, p and ŷ with each step to turn."""
    h = X @ w[::turn] + bias * b
    p = sigmoid(sign * h)
    return term.give(h=h, p=p, y_hat=np.asarray((decide or term.decide)(h, p)) * 1)


H, P, Y_HAT, TIES = "weighted sums h", "probabilities p", "predictions ŷ", "ties, p = .5 exactly"


def _tie(rng):
    """A neuron that cannot decide on some of its rows: h is exactly 0 there, in any order of adding."""
    w = rng.integers(1, 4) * np.array([1., -1])
    k = float(rng.integers(1, 5))
    return np.array([[k, k], [k + 1, k], [0, 0], [k, k + 2]]), w, 0.


def predict_question(term: Term) -> FunctionQuestion:
    row, parts = term.row, {name: term.returned.index(name) for name in ("h", "p", "y_hat")}
    groups = {"h": H, "p": P, "y_hat": Y_HAT}

    def probe(group, arguments, label, name):
        return Probe(group, term.arguments(*arguments), label, parts[name])

    def whole(arguments, label):
        """One call, of which each of the three returned columns counts by itself."""
        given = term.arguments(*arguments)
        return [Probe(groups[name], given, label, parts[name]) for name in ("h", "p", "y_hat")]

    def probes(rng):
        probes = []
        for rows, columns, label in ((7, 2, ""), (1, 2, f"a single {row}"), (6, 3, "three inputs")):
            probes += whole(neuron_arguments(rng, rows, columns), label)
        X, w, b = neuron_arguments(rng, 6, 2)
        X[0, 0], w, b = .2, np.array([1., 0.]), 0.                 # p in (.5, .62): "h ≥ ½" decides otherwise
        return probes + [probe(Y_HAT, (X, w, b), "a weak neuron", "y_hat"), probe(TIES, _tie(rng), f"a {row} with h = 0", "y_hat")]

    def turned(**knobs):
        return term.asked(lambda X, w, b: predict_model(X, w, b, term=term, **knobs))

    def only(*names):
        def some(X, w, b):
            everything = dict(zip(term.returned, predict_model(X, w, b, term=term)))
            return tuple(everything[name] for name in names) if len(names) > 1 else everything[names[0]]
        return term.asked(some)

    def ordered(names):
        return term.asked(lambda X, w, b: predict_model(X, w, b, term=dataclasses.replace(term, returned=names)))

    order = "`return " + ", ".join(term.returned) + "`."
    decide, tie, none = f"`(p {term.compare} .5).astype(int)`.", f"{term.tie:.0f}", f"{1 - term.tie:.0f}"
    rounded = ({"sentence": "Where p is exactly one half your ŷ is 0: `round` goes to the even neighbour, and `>` leaves the tie out. The course says ŷ = [p ≥ .5].",
                "hints": ("Try b = 0 on the slide's four rows.", "What is p in the first row, and what does np.round(.5) give?", decide), "knobs": {"decide": lambda h, p: p > .5}} if term.tie else
               {"sentence": "Where p is exactly one half your ŷ is 1, as the lecture and the library have it; here a tie counts as 0.",
                "hints": ("Try b = 0 on the slide's four rows.", "What is p in the first row, and what is asked for there?", decide), "knobs": {"decide": lambda h, p: p >= .5}})
    plain = ("h", "p", "y_hat")
    differs = (term.columns, term.returned != plain, not term.tie)
    orders = [names for names in itertools.permutations(plain) if names != term.returned and not (names == plain and differs == (False, True, False))]
    library = () if sum(differs) == 0 or differs == (False, False, True) else (
        Mistake("The library's own convention", f"This is the lecture's and the library's version. Here X has an example in each {row}, a tie counts as {tie}, and what comes back is {', '.join(term.returned)}.",
                wrong=called(term.order, lambda X, w, b: (X @ w + b, sigmoid(X @ w + b), (sigmoid(X @ w + b) >= .5) * 1)),
                hints=("Read the question once more: what is agreed about X, ties and order?", f"Examples stand in {row}s, and {order}", f"`{term.product} + b`, then p, then {decide}")),)
    return FunctionQuestion(
        name="predict", function="predict", parameters=term.order, lecture=LECTURE, keeps_inputs=INPUTS,
        groups={H: 3, P: 4, Y_HAT: 5, TIES: 2, INPUTS: 1},
        reference=turned(), model=term.asked(lambda X, w, b, **knobs: predict_model(X, w, b, term=term, **knobs)), hidden=probes,
        public=(*whole((GATE, np.array([1., -1]), -.5), f"the slide's four {'rows' if row == 'row' else 'examples'}"),
                probe(Y_HAT, (np.array([[.2, 0], [-.2, 0]]), np.array([1., 0]), 0.), "a weak neuron", "y_hat"),
                probe(TIES, (GATE, np.array([1., -1]), 0.), f"the slide's {'rows' if row == 'row' else 'examples'} with b = 0", "y_hat")),
        hints=("Three steps, each from the one before: h, then p, then ŷ.", "Use your `weighted_sum` and your `sigmoid`.", f"ŷ is `(p {term.compare} .5)`; return `{', '.join(term.returned)}` in this order."),
        mistakes=(
            Mistake("Rounded at one half" if term.tie else "A tie counts as 1", **rounded),
            Mistake("Decided by h ≥ ½", "Your ŷ compare h with one half; it is p that is compared with one half.", knobs={"decide": lambda h, p: h >= .5},
                    hints=("Try a row with a small positive h.", "What is p there?", f"ŷ = [p {term.at_least} .5], which is where h {term.at_least} 0.")),
            Mistake("The predictions are turned round", "Your ŷ are 1 where p is small.", knobs={"decide": lambda h, p: p < .5},
                    also=(turned(decide=lambda h, p: p <= .5),),
                    hints=("What does p stand for?", "p is the probability of class 1.", f"`p {term.compare} .5`.")),
            Mistake("Cut off instead of decided", "`int(p)` or `//` cuts p down to 0, so every prediction is 0.", knobs={"decide": lambda h, p: np.floor(p)},
                    hints=("Is any of your ŷ a 1?", "What is int(0.9)?", f"Compare: `p {term.compare} .5`.")),
            Mistake("Returned p instead of deciding", "Your ŷ are the probabilities: a prediction is 0 or 1.", knobs={"decide": lambda h, p: p},
                    hints=("How many values can ŷ have?", "Two.", decide)),
            Mistake("−1 and 1 instead of 0 and 1", "Your ŷ are −1 and 1; the classes here are 0 and 1.", knobs={"decide": lambda h, p: np.where(p >= .5, 1, -1)}, also=(turned(decide=lambda h, p: np.sign(h)),),
                    hints=("What are the values of y in the table?", "0 and 1.", decide)),
            Mistake("exp(+h) instead of exp(−h)", "Your p are those of −h.", knobs={"sign": -1},
                    hints=("Which p belongs to a large positive h?", "Look at the exponent in your sigmoid.", "p = 1 / (1 + exp(−h)).")),
            Mistake("Forgot the bias", "In your h the bias b is not added.", knobs={"bias": 0},
                    hints=("What is h where all inputs are 0?", "Which argument is never used?", f"`{term.product} + b`.")),
            Mistake("Took the bias away", "In your h the bias b is subtracted.", knobs={"bias": -1},
                    hints=("What is h where all inputs are 0?", "It is b itself.", f"`{term.product} + b`.")),
            Mistake("The weights are swapped", "In your h the weights stand in the wrong order.", knobs={"turn": -1},
                    hints=(f"Try a {row} with inputs 1 and 0.", "Which weight should it pick out?", f"w[0] goes with {'row' if term.columns else 'column'} 0.")),
            Mistake("Returned in another order", "The three results are right but come out in another order than the one that is asked for.", wrong=ordered(orders[0]),
                    also=tuple(map(ordered, orders[1:])),
                    hints=("Which of the three comes first?", "The text of the question says in which order.", order)),
            Mistake("Returned only the prediction", "Only ŷ comes back; h and p are asked for too.", wrong=only("y_hat"), also=(term.asked(lambda X, w, b: [np.asarray(term.decide(None, sigmoid(X @ w + b))) * 1]),),
                    hints=("How many results does the question ask for?", "Three.", order)),
            Mistake("Returned p and ŷ without h", "Two results come back where three are asked for.", wrong=only("p", "y_hat"), also=(only("h", "p"), only("y_hat", "p"), only("p", "h")),
                    hints=("How many results does the question ask for?", "Three.", order)),
            *library,
        ))


# ---------------------------------------------------------------- AND, by hand

def lone_row(term: Term) -> int:
    """The row on which the gate says otherwise than on the three others."""
    targets = np.array(GATES[term.gate])
    return int(np.flatnonzero(targets == (targets.sum() == 1))[0])


def solution_of(term: Term) -> dict:
    """Weights and a bias in the middle of what is right."""
    lone, sign = lone_row(term), 1. if term.gate in ("AND", "OR") else -1.
    return {"w": np.array([sign, sign]), "b": sign * (-1.5 if lone == 3 else -.5)}


def gate_question(term: Term) -> ValuesQuestion:
    gate, targets, lone = term.gate, np.array(GATES[term.gate]), lone_row(term)
    names = f"w_{gate.lower()}", f"b_{gate.lower()}"
    does, opposite = ("fires", "stays silent") if targets[lone] else ("stays silent", "fires")
    at = tuple(int(x) for x in GATE[lone])
    LONE, OTHERS = f"{does} on {at}", f"{opposite} on the other three"
    solution, unit = solution_of(term), solution_of(term)["w"][0]

    def sums(values):
        return GATE @ values[names[0]] + float(values[names[1]])

    def decisions(values):
        h = sums(values)
        return (h >= 0 if term.tie else h > 0).astype(int)

    def shares(values):
        """A neuron that says the same to everything has learned nothing, however many rows that gets right."""
        y_hat = decisions(values)
        if len(set(y_hat)) == 1:
            return {}
        found = y_hat[lone] == targets[lone]
        return {LONE: float(found), OTHERS: float(np.mean(np.delete(y_hat == targets, lone))) if found else 0.}

    def evidence(values):
        h, y_hat = sums(values), decisions(values)
        row = int(np.flatnonzero(y_hat != targets)[0])
        x = GATE[row].astype(int)
        return f"For the inputs ({x[0]}, {x[1]}) your neuron has h = {h[row]:g} and p = {sigmoid(h[row]):.2f}, so ŷ = {y_hat[row]}; {gate} is {targets[row]}."

    def decides(*row):
        return lambda values: tuple(decisions(values)) == tuple(row)

    def example(w, b):
        return {names[0]: [float(value) for value in w], names[1]: float(b)}

    def tied(values):
        return bool(np.any((sums(values) == 0) & (targets != term.tie)))

    undecided = min((b for b in (-2., -1., 0., 1., 2.) if tied(example(solution["w"], b))), key=lambda b: abs(b - solution["b"]))
    kin, towards = solution_of(dataclasses.replace(term, gate=KIN[gate])), "more negative" if kin_is_louder(term) else "less negative"
    low, high = sorted((solution["b"] - .5, solution["b"] + .5))
    return ValuesQuestion(
        name="and_weights", groups={LONE: 6, OTHERS: 9}, lecture=LECTURE, shapes={names[0]: (2,), names[1]: ()}, shares=shares, evidence=evidence, example=example(solution["w"], solution["b"]),
        hints=(f"Draw the four points. Where must the line lie so that only {at} is on its far side?",
               f"With both weights {unit:g}, the weights times the inputs add up to 0, {unit:g}, {unit:g} or {2 * unit:g}. Which bias gives only the h of {at} {'a positive' if targets[lone] else 'a negative'} sign?",
               f"With these weights: anything between {low:g} and {high:g}."),
        mistakes=(
            Mistake(f"A tie counts as {term.tie:.0f}", f"In at least one row that should be {1 - term.tie:.0f}, h is exactly 0, so p is exactly .5, and ŷ = [p {term.at_least} .5] is {term.tie:.0f}.", example=example(solution["w"], undecided), fits=tied,
                    hints=("Work out h for all four rows.", "What is ŷ where h = 0?", "Move the bias a little, so that no h is 0.")),
            Mistake(f"That is {KIN[gate]}", f"Your neuron computes {KIN[gate]}: " + ("it fires as soon as one input is 1, and AND waits for both." if gate == "AND" else f"{gate} says otherwise for (0, 1) and (1, 0)."),
                    fits=decides(*GATES[KIN[gate]]), example=example(kin["w"], kin["b"]),
                    hints=("Work out h for (0, 1).", "Its sign is not the one it should have.", f"Make the bias {towards}.")),
            Mistake("Everything is turned round", f"Your neuron is right nowhere: it {opposite} on {at} and {does} on the other three.", fits=decides(*(1 - targets)), example=example(-solution["w"], -solution["b"]),
                    hints=(f"Which row should have the {'largest' if targets[lone] else 'smallest'} h?", f"{at}, so both weights push the same way.", "Turn the sign of all three numbers.")),
            Mistake("Looks at one input only", "Your neuron follows one of the inputs and does not care for the other.", fits=lambda values: tuple(decisions(values)) in ((0, 1, 0, 1), (0, 0, 1, 1), (1, 0, 1, 0), (1, 1, 0, 0)),
                    example=example([unit, 0], -unit / 2),
                    hints=("Compare the rows (0, 1) and (1, 1), and (1, 0) and (1, 1).", "Does the other weight do anything?", f"Both weights should be {'positive' if unit > 0 else 'negative'}.")),
            Mistake("Never fires", "Your neuron says 0 to every row, so nothing is decided.", fits=decides(0, 0, 0, 0), example=example(solution["w"], -3.),
                    hints=(f"Work out h for {'(1, 1)' if unit > 0 else '(0, 0)'}: it is the largest of the four.", "It must be above 0.", "Make the bias less negative.")),
            Mistake("Always fires", "Your neuron says 1 to every row.", fits=decides(1, 1, 1, 1), example=example(solution["w"], 3.),
                    hints=(f"Work out h for {'(0, 0): it is the bias' if unit > 0 else '(1, 1): it is the smallest of the four'}.", "It must be negative.", f"Try a bias between {low:g} and {high:g} with weights of {unit:g}.")),
        ))


def kin_is_louder(term: Term) -> bool:
    """Whether the gate that looks most alike fires on more rows."""
    return sum(GATES[KIN[term.gate]]) > sum(GATES[term.gate])


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


def error_question(term: Term) -> FunctionQuestion:
    factor, total = term.factor, term.total
    right = {"mean": "`np.mean((y - p) ** 2)`.", "half": "`np.mean((y - p) ** 2) / 2`.", "sum": "`np.sum((y - p) ** 2)`."}[term.error]
    what, slide = {"mean": ("the mean", ".335"), "half": ("half the mean", ".168"), "sum": ("the sum", "1.341")}[term.error]
    return FunctionQuestion(
        name="squared_error", function="squared_error", parameters=("y", "p"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={"several rows": 7, "one row": 2, INPUTS: 1},
        reference=term.error_of, model=lambda y, p, **knobs: error_model(y, p, **{"factor": factor, "total": total, **knobs}), hidden=error_probes,
        public=(Probe("several rows", (np.array([0., 1, 1, 1]), np.array([.38, .18, .62, .38])), "the slide's table"), Probe("one row", (np.array([1.]), np.array([.25])), "a single row")),
        hints=(f"First the difference y − p in each row, then its square, then {what}.", "The mean is the sum divided by the number of rows.", right),
        mistakes=(
            *_scaled(term, right),
            Mistake("Forgot the square", "Your result is the mean distance |y − p|: it is not squared." if term.error == "mean" else "Your result is made of the distances |y − p|: they are not squared.", knobs={"power": 1},
                    hints=("Work out one row by hand: y = 1, p = .25.", "The difference is .75; its square is .5625.", "`(y - p) ** 2`.")),
            Mistake("Added up the differences with their signs", "Positive and negative differences cancel in your result: the square would have prevented that.", wrong=lambda y, p: np.mean(y - p), also=(lambda y, p: np.mean(p - y), lambda y, p: np.sum(y - p), lambda y, p: np.sum(p - y)),
                    hints=("Can your result be negative?", "An error of squares cannot.", "Square each difference first.")),
            Mistake("Squared the mean" if term.error != "sum" else "Squared the sum", "You put the differences together first and square afterwards, so they cancel before they count.", wrong=lambda y, p: factor * total(y - p) ** 2,
                    hints=("In which order do you square and put together?", "Try two rows with differences +1 and −1.", f"Square first, then {what}.")),
            Mistake("Took the root", "Your result is the root of what is asked for; no root is asked for.", wrong=lambda y, p: np.sqrt(term.error_of(y, p)),
                    hints=(f"Compare with the slide's table: {slide}.", "Is there a `sqrt`?", "Leave the root out.")),
            Mistake("No mean at all", "Your result has one error for each row; one number for all rows is asked for.", wrong=lambda y, p: factor * (y - p) ** 2,
                    hints=("How many numbers come out?", "One is asked for.", right)),
            Mistake("Decided before measuring", "You round p to 0 or 1 first: that counts wrong predictions, and it forgets how sure the neuron was.", wrong=lambda y, p: term.error_of(y, (p >= .5) * 1.),
                    hints=("Does your result change when p changes a little?", "Which of ŷ and p stands in the formula?", "Use p as it is.")),
            *_divided(term),
            Mistake("Squares of the parts", "Your result is made of y² − p²; it is the difference that is squared.", wrong=lambda y, p: factor * total(y ** 2 - p ** 2), also=(lambda y, p: factor * total(p ** 2 - y ** 2),),
                    hints=("Where do your brackets stand?", "(a − b)² is not a² − b².", "`(y - p) ** 2`.")),
            Mistake("The wrong sign", "Your result is negative; a square never is.", knobs={"factor": -factor},
                    hints=("Can a mean of squares be negative?", "Is there a minus in front?", "Leave it out.")),
            Mistake("The first row only", "Your result is the error of one row; all of them count.", wrong=lambda y, p: factor * (y[0] - p[0]) ** 2, also=(lambda y, p: factor * (y[-1] - p[-1]) ** 2,),
                    hints=("Does your result change when the last row does?", "Is there a `return` inside your loop?", "Return after the loop.")),
        ))


def _scaled(term: Term, right: str) -> tuple[Mistake, ...]:
    """Sum, mean and half of them taken for one another; what the library takes is named as its own."""
    summed = Mistake("Sum instead of mean", "Your errors are added up but not divided by the number of rows.", knobs={"total": np.sum},
                     hints=("What happens to your result when every row is given twice?", "A mean stays, a sum doubles.", right if term.error == "half" else "`np.mean`, or divide by `len(y)`."))
    halved = Mistake("An extra ½", "Your result is half of what is asked. Some books put a ½ in front to tidy the derivative; this question keeps the plain square.", knobs={"factor": .5},
                     hints=("Compare with the slide's table by hand.", "Which factor stands in front?", right))
    if term.error == "mean":
        return summed, halved
    library = Mistake("The library's own convention", "Your result is the mean of the squares, as the lecture and the library have it; here " + ("half of it is asked for." if term.error == "half" else "their sum is asked for."),
                      knobs={"factor": 1.} if term.error == "half" else {"total": np.mean},
                      hints=("What does the question ask for: a mean, half of it, or a sum?", "Compare with one row, then with two, by hand.", right))
    return (summed, library) if term.error == "half" else (library, halved)


def _divided(term: Term) -> tuple[Mistake, ...]:
    """What goes wrong in dividing by the number of rows, where that is asked for."""
    if term.error == "sum":
        return ()
    factor = term.factor
    return (
        Mistake("Divided by N − 1", "Your sum is divided by one less than the number of rows.", wrong=lambda y, p: factor * np.sum((y - p) ** 2) / (len(y) - 1), also=(lambda y, p: factor * float(np.sum((y - p) ** 2)) / (len(y) - 1),),
                hints=("How many rows has the slide's table?", "Divide by that number.", "`np.mean` divides by N.")),
        Mistake("Whole-number division", "`//` throws everything behind the point away.", wrong=lambda y, p: factor * np.sum((y - p) ** 2) // len(y), also=(lambda y, p: int(factor * np.mean((y - p) ** 2)),),
                hints=("Is your result a whole number?", "What does 1 // 4 give?", "Divide with `/`.")),
    )


EXPLAIN = ManualQuestion(name="explain_e1", groups={"explanation": 15}, lecture=LECTURE)
