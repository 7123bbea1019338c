"""A5, question 1: the rules of the operations, each a value and a slope for each of its inputs."""

import math
from functools import partial

import numpy as np

from autograder.questions import FunctionQuestion, Probe
from course_lib.autodiff import Tensor

from .shared import LECTURE, drawn, mistake


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


# An operation's value, and beside it one slope for each input.
RULES = {
    "add": lambda a, b: (a + b, (1.0, 1.0)),
    "multiply": lambda a, b: (a * b, (b, a)),
    "exp": lambda a: (math.exp(a), (math.exp(a),)),
    "log": lambda a: (math.log(a), (1 / a,)),
    "tanh": lambda a: (math.tanh(a), (1 - math.tanh(a) ** 2,)),
    "sigmoid": lambda a: (sigmoid(a), (sigmoid(a) * (1 - sigmoid(a)),)),
    "square": lambda a: (a * a, (2 * a,)),
    "maximum": lambda a, b: (max(a, b), (float(a >= b), float(a < b))),
    "minimum": lambda a, b: (min(a, b), (float(a <= b), float(a > b))),
    "relu": lambda a: (max(a, 0.0), (float(a > 0),)),
}
LIBRARY = {
    "add": lambda a, b: a + b, "multiply": lambda a, b: a * b, "square": lambda a: a**2, "maximum": lambda a, b: a.maximum(b),
    "minimum": lambda a, b: -(-a).maximum(-b), **{name: lambda a, name=name: getattr(a, name)() for name in ("exp", "log", "tanh", "sigmoid", "relu")},
}


def by_library(name):
    """The rule of an operation as the course's own engine has it, which was not written by whoever wrote RULES."""
    def rule(*numbers):
        tensors = [Tensor(number) for number in numbers]
        y = LIBRARY[name](*tensors)
        y.backward()
        return float(y), tuple(float(x.grad) for x in tensors)
    return rule


class Made:
    """A value, what it was made of and the slope on each edge. `rules` turns operations, the others what surrounds them."""

    def __init__(self, data, inputs=(), slopes=(), *, left=True, lift=True, kept=True, **rules):
        self.data, self.inputs, self.slopes = data, inputs, slopes
        self.left, self.lift, self.kept, self.rules = left, lift, kept, rules

    def _made(self, name, *others):
        if not self.lift and any(not isinstance(other, Made) for other in others):
            raise AttributeError("'float' object has no attribute 'data'")
        operands = (self, *(other if isinstance(other, Made) else Made(other) for other in others))
        data, slopes = self.rules.get(name, RULES[name])(*(operand.data for operand in operands))
        return Made(data, operands, slopes, **self.rules) if self.kept else Made(data)

    def __add__(self, other):
        return self._made("add", other)

    def __mul__(self, other):
        return self._made("multiply", other)

    def __radd__(self, other):
        return self + other if self.left else NotImplemented

    def __rmul__(self, other):
        return self * other if self.left else NotImplemented


def _operation(name):
    def operation(self, *others):
        return self._made(name, *others)
    return operation


for _name in RULES.keys() - {"add", "multiply"}:
    setattr(Made, _name, _operation(_name))


# ---------------------------------------------------------------- how they are asked for

PLAIN = "plain numbers on either side"
TITLES = {"add": "a + b", "multiply": "a · b"}
OBJECT = "no number"


def _two(operate):
    return lambda V, a, b: _done(operate, V(a), V(b))


def _done(operate, *operands):
    return operands, operate(*operands)


FORMS = {
    "a + b": _two(lambda a, b: a + b), "a * b": _two(lambda a, b: a * b),
    "a + a": lambda V, a: _done(lambda a: a + a, V(a)), "a * a": lambda V, a: _done(lambda a: a * a, V(a)),
    "a + number": lambda V, a, number: _done(lambda a: a + number, V(a)), "a * number": lambda V, a, number: _done(lambda a: a * number, V(a)),
    "number + a": lambda V, a, number: _done(lambda a: number + a, V(a)), "number * a": lambda V, a, number: _done(lambda a: number * a, V(a)),
    **{f"a.{name}(b)": _two(lambda a, b, name=name: getattr(a, name)(b)) for name in ("maximum", "minimum")},
    **{f"a.{name}()": lambda V, a, name=name: _done(lambda a: getattr(a, name)(), V(a)) for name in RULES},
}


def ask_rule(answer, form, *numbers):
    """(value, slope to a, slope to b): an operation done on fresh values. A value used twice has the sum of its two slopes."""
    operands, y = FORMS[form](answer, *numbers)
    if y is None:
        return None
    edges = [(getattr(x, "data", None), _plain(slope)) for x, slope in zip(y.inputs, y.slopes)]
    return (y.data, *(_total(slope for x, slope in edges if x == operand) for operand in [operand.data for operand in operands]))


def _plain(slope):
    return float(slope) if isinstance(slope, (int, float, np.number, np.ndarray)) and np.ndim(slope) == 0 else OBJECT


def _total(slopes):
    slopes = list(slopes)
    return OBJECT if OBJECT in slopes else sum(slopes)


def _rule_probe(group, form, *numbers, accept=None):
    names = "ab"[:1 + form.endswith(("b", "(b)"))]
    given = ", ".join(f"Value({number:g}) is {name}" for name, number in zip(names, numbers))
    typed = form.replace("number", f"{numbers[-1]:g}")
    slopes = ", ".join(f"its slope to {name}" for name in names)
    return Probe(group, (form, *numbers), f"y = {typed}" if "number" in form else f"y = {form}", accept=accept, shown=f"{given}, y = {typed}: (y.data, {slopes})")


def _tie(value, expected):
    """Where both inputs are equal, the slopes may be shared in any way; each value here has the sum of both."""
    return abs(value[0] - expected[0]) < 1e-5 and abs(value[1] - 1) < 1e-5 and len(value) == 3


def _kink(value, expected):
    """At 0 any slope from 0 to 1 is right for ReLU."""
    return abs(value[0]) < 1e-5 and -1e-6 <= value[1] <= 1 + 1e-6 and len(value) == 2


def _apart(rng, signs=True):
    while True:
        a, b = drawn(rng, signs=signs), drawn(rng, signs=signs)
        if abs(abs(a) - abs(b)) > .3 and abs(a + b) > .3 and abs(a * b - 1) > .1:
            return a, b


def _two_sided(rng):
    """A pair whose larger is the first, and one whose larger is the second, of both signs."""
    (a, b), (c, d) = _apart(rng), _apart(rng)
    return (max(a, b), min(a, b)), (min(c, d), max(c, d))


def rule_probes(operations, rng):
    """One or two probes for each operation and for plain numbers."""
    probes = [_rule_probe(TITLES["add"], "a + b", *_apart(rng)), _rule_probe(TITLES["add"], "a + a", drawn(rng)),
              _rule_probe(TITLES["multiply"], "a * b", *_apart(rng)), _rule_probe(TITLES["multiply"], "a * a", drawn(rng))]
    for name in operations:
        if name in ("maximum", "minimum"):
            first, second = _two_sided(rng)
            tie = drawn(rng)
            probes += [_rule_probe(name, f"a.{name}(b)", *first), _rule_probe(name, f"a.{name}(b)", *second), _rule_probe(name, f"a.{name}(b)", tie, tie, accept=_tie)]
        elif name == "relu":
            probes += [_rule_probe(name, "a.relu()", drawn(rng, signs=False)), _rule_probe(name, "a.relu()", -drawn(rng, signs=False)), _rule_probe(name, "a.relu()", 0., accept=_kink)]
        else:
            probes += [_rule_probe(name, f"a.{name}()", drawn(rng, signs=False)), _rule_probe(name, f"a.{name}()", drawn(rng, signs=name != "log") * (1 if name == "log" else -1))]
    a, number = _apart(rng)
    return probes + [_rule_probe(PLAIN, form, a, number) for form in ("a + number", "number + a", "a * number", "number * a")]


def _slope(name, slope):
    """A rule whose value is right and whose slope is not: slope(y, a)."""
    return {name: lambda a: (RULES[name](a)[0], (slope(RULES[name](a)[0], a),))}


def _pair(name, slopes, value=None):
    return {name: lambda a, b: ((value or (lambda a, b: RULES[name](a, b)[0]))(a, b), slopes(a, b))}


def _first_wins(a, b):
    return (1.0, 0.0)


RULE_MISTAKES = {
    "add": (
        mistake("Addition with the slopes of multiplication", "On the edges of your sum stand the numbers themselves; a sum moves exactly as much as either of its inputs.", knobs=_pair("add", lambda a, b: (b, a)),
                 hints=("If a grows by a tiny bit, how much does a + b grow?", "By the same bit, whatever b is.", "Both slopes of an addition are 1.")),
        mistake("The sum shares its slope out", "Each input of your sum has a slope of one half; addition hands everything to both.", knobs=_pair("add", lambda a, b: (.5, .5)),
                 hints=("Nudge a alone: how much does a + b move?", "By all of the nudge, not by half of it.", "Both slopes of an addition are 1.")),
        mistake("Only the first summand has a slope", "Your sum hands nothing back to its second input.", knobs=_pair("add", lambda a, b: (1.0, 0.0)),
                 hints=("If b grows by a tiny bit, does a + b grow?", "There are two edges into a sum.", "The slopes are `(1, 1)`.")),
    ),
    "multiply": (
        mistake("The factors are not switched", "On each edge of your product stands the input itself; it should be the other one.", knobs=_pair("multiply", lambda a, b: (a, b)),
                 hints=("Multiply 3 by 10 and nudge the 3: how much does the product move?", "Ten times the nudge: the other factor counts.", "The slope to a is b's number, and the slope to b is a's.")),
        mistake("Multiplication with the slopes of addition", "Both slopes of your product are 1; that is the rule of addition.", knobs=_pair("multiply", lambda a, b: (1.0, 1.0)),
                 hints=("Multiply 3 by 10 and nudge the 3: how much does the product move?", "Ten times the nudge.", "Multiplication switches: the slopes are `(b, a)`.")),
        mistake("The whole product on the edges", "On both edges of your product stands the product itself.", knobs=_pair("multiply", lambda a, b: (a * b, a * b)),
                 hints=("Multiply 3 by 10 and nudge the 3: does the product move by 30 times the nudge?", "By ten times: only the other factor counts.", "The slopes are `(b, a)`, each number alone.")),
        mistake("Values instead of numbers on the edges of a product", "Your slopes are values of the graph, not numbers. Walking back, that would build a second graph.", knobs=_pair("multiply", lambda a, b: (None, None)),
                 hints=("What is `type(y.slopes[0])`?", "Is it `other`, or the number inside it?", "Write `other.data` and `self.data`.")),
    ),
    "exp": (
        mistake("The slope of exp is its input", "On the edge of your exp stands a; the slope of exp is exp itself.", knobs=_slope("exp", lambda y, a: a),
                 hints=("What is the derivative of exp?", "It is the only function that is its own slope.", "The slope is `y`, the value you have just computed.")),
        mistake("exp treated like a power", "Your slope of exp is a · exp(a − 1): that rule is for powers, where the exponent stays.", knobs=_slope("exp", lambda y, a: a * math.exp(a - 1)),
                 hints=("In exp(a), what varies: the base or the exponent?", "The rule n · xⁿ⁻¹ is for a fixed exponent.", "The slope of exp(a) is exp(a).")),
        mistake("No slope for exp", "The slope of your exp is 1, whatever goes in.", knobs=_slope("exp", lambda y, a: 1.0),
                 hints=("Nudge the input of exp at 2: how much does it move?", "By about 7.4 times the nudge.", "The slope is exp(a) itself.")),
    ),
    "log": (
        mistake("The logarithm's slope at its result", "Your slope is 1 / log(a); it should be 1 divided by the input.", knobs=_slope("log", lambda y, a: 1 / y),
                 hints=("What is the derivative of log at a?", "Is it 1 over what goes in, or over what comes out?", "The slope is `1 / self.data`.")),
        mistake("No slope for log", "The slope of your logarithm is 1, whatever goes in.", knobs=_slope("log", lambda y, a: 1.0),
                 hints=("Is log as steep at 10 as it is at 1?", "It gets flatter and flatter.", "The slope is `1 / self.data`.")),
        mistake("The slope of log upside down", "The slope of your logarithm is its input; it should be 1 divided by it.", knobs=_slope("log", lambda y, a: a),
                 hints=("Is log steeper at 10 or at 1?", "It gets flatter, so the slope falls.", "The slope is `1 / self.data`.")),
        mistake("The logarithm to base 10", "Your logarithm is that to base 10; here, as everywhere in the course, log is the natural one.", knobs={"log": lambda a: (math.log10(a), (1 / a,))},
                 also=(partial(Made, log=lambda a: (math.log10(a), (1 / (a * math.log(10)),))),),
                 hints=("What is log of 2.718?", "It should be 1.", "`math.log`, not `math.log10`.")),
    ),
    "tanh": (
        mistake("tanh's slope at its input", "Your slope is 1 − a²; the square should be that of the result.", knobs=_slope("tanh", lambda y, a: 1 - a * a),
                 hints=("Can the slope of tanh be negative?", "Whose square is taken away from 1?", "The slope is `1 - y ** 2` with y = tanh(a).")),
        mistake("tanh's slope without the square", "Your slope is 1 − tanh(a); the square of tanh(a) is taken away.", knobs=_slope("tanh", lambda y, a: 1 - y),
                 hints=("Should the slope at −2 and at 2 be the same?", "It should: tanh is equally flat on both sides.", "The slope is `1 - y ** 2`.")),
        mistake("tanh with the sigmoid's slope", "Your slope is y(1 − y): that belongs to the sigmoid.", knobs=_slope("tanh", lambda y, a: y * (1 - y)),
                 hints=("How steep is tanh at 0?", "As steep as the straight line: 1.", "The slope is `1 - y ** 2`.")),
    ),
    "sigmoid": (
        mistake("The sigmoid's slope at its input", "Your slope is a(1 − a); it should be y(1 − y), with the result y.", knobs=_slope("sigmoid", lambda y, a: a * (1 - a)),
                 hints=("Can the slope of the sigmoid be negative?", "Which number goes into y(1 − y)?", "First y = σ(a), then the slope `y * (1 - y)`.")),
        mistake("Half of the sigmoid's slope formula", "Your slope is y alone; a factor 1 − y is missing.", knobs=_slope("sigmoid", lambda y, a: y),
                 hints=("How steep is the sigmoid far to the right, where it is nearly 1?", "Flat. Is your slope small there?", "The slope is `y * (1 - y)`.")),
        mistake("The sigmoid with tanh's slope", "Your slope is 1 − y²: that belongs to tanh.", knobs=_slope("sigmoid", lambda y, a: 1 - y * y),
                 hints=("How steep is the sigmoid at 0?", "One quarter.", "The slope is `y * (1 - y)`.")),
        mistake("exp(+a) in the sigmoid", "Your sigmoid falls where it should rise: it is that of −a.", knobs={"sigmoid": lambda a: RULES["sigmoid"](-a)},
                 hints=("What should come out for a large positive input?", "Nearly 1.", "1 / (1 + exp(−a)).")),
    ),
    "square": (
        mistake("Dropped the 2 of the square", "Your slope of a² is a; it is 2a.", knobs=_slope("square", lambda y, a: a),
                 hints=("How much larger is 3.01² than 3²?", "By about .06, six times the nudge.", "The slope is `2 * self.data`.")),
        mistake("The square's slope at its result", "Your slope is twice the square; it should be twice the input.", knobs=_slope("square", lambda y, a: 2 * y),
                 hints=("How steep is the parabola at 3?", "6, not 18.", "The slope is `2 * self.data`.")),
        mistake("A constant slope for the square", "Your slope of a² is 2, wherever you stand on the parabola.", knobs=_slope("square", lambda y, a: 2.0),
                 hints=("Is the parabola as steep at 3 as at 1?", "It gets steeper and steeper.", "The slope is `2 * self.data`.")),
    ),
    "maximum": (
        mistake("Max hands it to both", "Both slopes of your maximum are 1; the loser does not move the result.", knobs=_pair("maximum", lambda a, b: (1.0, 1.0)),
                 hints=("Take the larger of 3 and −2, and nudge the −2: does anything move?", "Nothing does.", "1 for the winner, 0 for the loser.")),
        mistake("The loser gets it", "In your maximum the smaller input has the slope 1 and the larger 0.", knobs=_pair("maximum", lambda a, b: (float(a < b), float(a >= b))),
                 hints=("Take the larger of 3 and −2, and nudge the 3: does the result move?", "It does: the winner has the slope 1.", "Mind the direction of the comparison.")),
        mistake("Always to the first", "Your maximum hands everything to its first input, also when the second is the larger one.", knobs=_pair("maximum", _first_wins),
                 hints=("Try a = 1, b = 2.", "Who wins there?", "The slope to a is 1 only where a is the larger.")),
        mistake("Half to each", "Your maximum hands one half to each input, also when one is clearly larger.", knobs=_pair("maximum", lambda a, b: (.5, .5)),
                 hints=("Take the larger of 3 and −2, and nudge the 3: how much does the result move?", "By all of the nudge.", "1 for the winner, 0 for the loser.")),
        mistake("The numbers on the edges of the maximum", "On your edges stand the inputs themselves; a maximum passes its winner on unchanged, with slope 1.", knobs=_pair("maximum", lambda a, b: (a * (a >= b), b * (a < b))),
                 hints=("Take the larger of 3 and −2, and nudge the 3 by .01: by how much does the result move?", "By .01, not by .03.", "The winner's slope is 1.")),
    ),
    "minimum": (
        mistake("Min hands it to both", "Both slopes of your minimum are 1; the loser does not move the result.", knobs=_pair("minimum", lambda a, b: (1.0, 1.0)),
                 hints=("Take the smaller of 3 and −2, and nudge the 3: does anything move?", "Nothing does.", "1 for the smaller, 0 for the larger.")),
        mistake("The larger gets it", "Your minimum has the right value, but the larger input has the slope 1.", knobs=_pair("minimum", lambda a, b: (float(a > b), float(a <= b))),
                 hints=("Take the smaller of 3 and −2, and nudge the −2: does the result move?", "It does: the smaller has the slope 1.", "Mind the direction of the comparison.")),
        mistake("Always to the first", "Your minimum hands everything to its first input, also when the second is the smaller one.", knobs=_pair("minimum", _first_wins),
                 hints=("Try a = 2, b = 1.", "Who wins there?", "The slope to a is 1 only where a is the smaller.")),
        mistake("Half to each", "Your minimum hands one half to each input, also when one is clearly smaller.", knobs=_pair("minimum", lambda a, b: (.5, .5)),
                 hints=("Take the smaller of 3 and −2, and nudge the −2: how much does the result move?", "By all of the nudge.", "1 for the winner, 0 for the loser.")),
        mistake("Maximum instead of minimum", "Your operation is the maximum; this term asks for the minimum.", knobs={"minimum": RULES["maximum"]},
                 hints=("What is the minimum of 3 and −2?", "The smaller one.", "`min`, and the slope 1 where the input is the smaller.")),
    ),
    "relu": (
        mistake("ReLU never closes", "The slope of your ReLU is 1 everywhere, also where it is flat.", knobs=_slope("relu", lambda y, a: 1.0),
                 hints=("Nudge −2: does ReLU move?", "It stays 0, so its slope is 0.", "The slope is 1 where a > 0, else 0.")),
        mistake("ReLU's value as its slope", "The slope of your ReLU is its value; it is 1 wherever the input is positive.", knobs=_slope("relu", lambda y, a: y),
                 hints=("Nudge 3 by .01: by how much does ReLU move?", "By .01, not by .03.", "The slope is 1 where a > 0, else 0.")),
        mistake("ReLU's slope turned round", "The slope of your ReLU is 1 where it is flat and 0 where it rises.", knobs=_slope("relu", lambda y, a: float(a < 0)),
                 hints=("Nudge 3: does ReLU move?", "It does.", "The slope is 1 where a > 0, else 0.")),
        mistake("ReLU folds the negative side up", "Your ReLU is the absolute value: negative inputs come out positive.", knobs={"relu": lambda a: (abs(a), (math.copysign(1, a),))},
                 hints=("What is ReLU of −2?", "0.", "`max(0, a)`.")),
    ),
}
AROUND = (
    mistake("No number on the left", "`2 + a` or `2 * a` fails: Python asks the number first, which does not know your class, and then looks for `__radd__` and `__rmul__`.", knobs={"left": False},
             hints=("Does `a * 2` work and `2 * a` not?", "Python then looks for a method whose name begins with an r.", "`__radd__ = __add__` and `__rmul__ = __mul__`.")),
    mistake("A plain number is not lifted", "`a + 2` fails: the 2 is a plain number and has no `.data`.", knobs={"lift": False},
             hints=("What is `other` in `a + 2`?", "A number. Make a value of it first.", "`other = self.lift(other)` in the first line.")),
    mistake("Forgets what it was made of", "Your results carry their number, but neither their inputs nor their slopes: there is no way back.", knobs={"kept": False},
             hints=("What does `(a + b).inputs` show?", "A result must be made with all three: its number, its inputs, its slopes.", "`Value(self.data + other.data, (self, other), (1, 1))`.")),
)


def rules_question(variant, operations):
    rng = variant.shared("public rules")
    groups = {TITLES["add"]: 4, TITLES["multiply"]: 5, **{name: 4 for name in operations}, PLAIN: 4}
    return FunctionQuestion(
        name="rules", function="Value", parameters=(), lecture=LECTURE, groups=groups, ask=ask_rule,
        reference=partial(Made, **{name: by_library(name) for name in ("add", "multiply", *operations)}), model=Made,
        public=tuple(rule_probes(operations, rng)), hidden=partial(rule_probes, operations),
        hints=("Each operation makes a new Value: its number, what it was made of, and one slope for each of these.", "The slope is the local derivative: nudge this input alone, how much does the result move?",
               "For example `return Value(self.data * other.data, (self, other), (other.data, self.data))`."),
        mistakes=tuple(mistake for name in ("add", "multiply", *operations) for mistake in RULE_MISTAKES[name]) + AROUND)
