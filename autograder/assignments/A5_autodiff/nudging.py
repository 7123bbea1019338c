"""A5, question 7: a claimed gradient against nudging."""

from functools import partial

import numpy as np

from autograder.questions import FunctionQuestion, Probe
from course_lib.gradcheck import numerical_gradient

from .shared import LECTURE, mistake


ONE, SEVERAL, FLAT, UNCHANGED = "one number", "several numbers", "where both slopes are 0", "leaves its arguments as they were"
DIFFERENCES = {
    "relative to the larger": lambda g, n: np.abs(g - n) / np.maximum(np.abs(g), np.abs(n)),
    "relative to the sum": lambda g, n: np.abs(g - n) / (np.abs(g) + np.abs(n)),
    "absolute": lambda g, n: np.abs(g - n),
}


def _guarded(difference):
    def guarded(g, n):
        nothing = (np.abs(g) < 1e-12) & (np.abs(n) < 1e-12)
        return np.where(nothing, 0.0, difference(np.where(nothing, 1.0, g), np.where(nothing, 1.0, n)))
    return guarded


def central(f, x, h, i):
    return (f(_nudged(x, h, i)) - f(_nudged(x, -h, i))) / (2 * h)


def _nudged(x, h, i):
    moved = np.array(x, float)
    moved[i] += h
    return moved


def check_model(measure, f, x, gradient, h, *, slope=central, difference=None, total=np.max):
    """The largest difference between a claimed gradient and nudging, with each step to turn."""
    x = np.array(x, float)
    n = np.array([slope(f, x, h, i) for i in range(len(x))])
    with np.errstate(divide="ignore", invalid="ignore"):
        return total((difference or _guarded(DIFFERENCES[measure]))(np.asarray(gradient, float), n))


def check_reference(measure, f, x, gradient, h):
    return float(np.max(_guarded(DIFFERENCES[measure])(np.asarray(gradient, float), numerical_gradient(f, np.array(x, float), h=h))))


class Cubic:
    """f(x) = Σ (p x³ + q x² + r x) + s Σ x_i x_{i+1}: its bend is different everywhere, and no nudging is exact."""

    def __init__(self, p, q, r, s):
        self.p, self.q, self.r, self.s = (np.asarray(v, float) for v in (p, q, r, s))

    def __call__(self, x):
        x = np.asarray(x, float)
        return float(np.sum(self.p * x**3 + self.q * x**2 + self.r * x) + self.s * np.sum(x[:-1] * x[1:]))

    def slope(self, x):
        x = np.asarray(x, float)
        cross = np.zeros_like(x)
        cross[:-1] += self.s * x[1:]
        cross[1:] += self.s * x[:-1]
        return 3 * self.p * x**2 + 2 * self.q * x + self.r + cross


def _check_arguments(rng, size, sign, flat=False):
    """f, x, a claimed gradient with errors of both signs, the worst of this sign, and h: all nudges exact in binary, so that a nudge taken back leaves x as it was."""
    while True:
        p, q, r = (np.round(rng.uniform(-2, 2, size=size), 1) for _ in range(3))
        s = 0. if flat or size == 1 else .5
        if flat:
            p[1] = q[1] = r[1] = 0
        f, x, h = Cubic(p, q, r, s), rng.integers(-12, 13, size=size) / 8, 2.0**-int(rng.integers(3, 5))
        right = f.slope(x)
        claimed = np.round(right * (1 + rng.uniform(-.4, .4, size=size)) + .25 * rng.choice([-1, 1], size=size), 2)
        if flat:
            claimed[1] = 0
        live = np.arange(size) != (1 if flat else -1)
        if min(np.abs(v).min() for v in (x, claimed[live], right[live], p[live], q[live])) < .3:
            continue
        n = np.array([central(f, x, h, i) for i in range(size)])
        gaps = np.array([_guarded(measure)(claimed, n) for measure in DIFFERENCES.values()])
        worst, signed = int(gaps[0].argmax()), sign * (claimed - n)
        if (claimed * n)[live].min() < 0 or np.abs(n[live]).min() < .3 or set(gaps.argmax(axis=1)) != {worst} or signed[worst] < .1:
            continue
        # of several numbers the worst is neither the first nor, but where one is flat, the last; and a nudge that stays is felt there
        if size == 1 or (worst == (2 if flat else 1) and np.diff(np.sort(gaps))[:, -1].min() > .02 and signed.min() < -.05
                         and (flat or min(abs(stays("absolute", f, x.copy(), claimed, h) - gaps[2].max()) for stays in (_carried, _kept_up)) > .01)):
            return f, x, claimed, h


def _check_probe(group, arguments, label):
    f, x, claimed, h = arguments
    return Probe(group, (f, x, claimed.tolist(), h), label, shown=f"worst_difference(f, x={_shown(x)}, gradient={_shown(claimed)}, h={h:g}) of f(x) = Σ(p·x³ + q·x² + r·x) + {float(f.s):g}·Σ x[i]·x[i+1] with p={_shown(f.p)}, q={_shown(f.q)}, r={_shown(f.r)}")


def _shown(numbers):
    return "[" + ", ".join(f"{number:g}" for number in numbers) + "]"


def check_probes(rng):
    return [_check_probe(ONE, _check_arguments(rng, 1, -1), "one number"), _check_probe(SEVERAL, _check_arguments(rng, 3, -1), "three numbers"), _check_probe(SEVERAL, _check_arguments(rng, 4, 1), "four numbers"),
            _check_probe(FLAT, _check_arguments(rng, 3, 1, flat=True), "a number that f does not depend on")]


def check_question(measure):
    rng = np.random.default_rng(6)
    model = partial(check_model, measure)
    relative = measure != "absolute"
    others = [name for name in DIFFERENCES if name != measure]

    mistakes = [
        mistake("One-sided", "Your slope is (f(x + h) − f(x)) / h: a nudge to one side only, which misses the bend.", knobs={"slope": lambda f, x, h, i: (f(_nudged(x, h, i)) - f(x)) / h},
                 also=(partial(model, slope=lambda f, x, h, i: (f(x) - f(_nudged(x, -h, i))) / h),),
                 hints=("How often do you call f for one slope, and where?", "Once on each side, at x + h and at x − h.", "(f(x + h) − f(x − h)) / (2h).")),
        mistake("Forgot the 2 below", "Your slopes are twice as large as they should be: the two points are 2h apart.", knobs={"slope": lambda f, x, h, i: 2 * central(f, x, h, i)},
                 hints=("How far apart are x + h and x − h?", "2h.", "Divide by `2 * h`, in brackets.")),
        mistake("Brackets missing around 2h", "Python reads `/ 2 * h` as: divide by 2, then multiply by h.", knobs={"slope": lambda f, x, h, i: central(f, x, h, i) * h * h},
                 hints=("Put in h = 0.1 by hand.", "In which order does Python divide and multiply?", "`/ (2 * h)`.")),
        mistake("All numbers nudged at once", "You nudge every number of x together; the slope to one of them needs the others to stand still.", knobs={"slope": lambda f, x, h, i: (f(x + h) - f(x - h)) / (2 * h)},
                 hints=("How many numbers of x differ between your two calls of f?", "Only number i may.", "Copy x, then change `[i]` of the copy.")),
        mistake("The nudge stays", "x stays nudged after each slope, so the next one is taken at another place, and the caller's x is changed.", wrong=partial(_carried, measure), also=(partial(_kept_up, measure), partial(_carried, measure, inside=False), partial(_kept_up, measure, inside=False)),
                 hints=("What is in x when your loop comes to its second number?", "Put it back, or work on a copy.", "`up = x.copy(); up[i] += h`.")),
        mistake("The mean instead of the largest", "You return the mean of the differences; asked for is the largest.", knobs={"total": np.mean},
                 hints=("Can one bad slope hide among a thousand good ones?", "In a mean it can.", "Return the largest.")),
        mistake("The sum instead of the largest", "You return the sum of the differences; asked for is the largest.", knobs={"total": np.sum},
                 hints=("Does your result grow when x has more numbers?", "Asked for is the worst one only.", "Return the largest.")),
        mistake("The smallest instead of the largest", "You return the smallest difference; asked for is the largest.", knobs={"total": np.min},
                 hints=("Which difference tells you that something is wrong?", "The largest.", "`max`.")),
        mistake("One difference for each number", "You return all differences; asked for is the largest of them, one number.", knobs={"total": lambda v: v},
                 hints=("How many numbers come out?", "One is asked for.", "`max(…)`.")),
        mistake("The last one only", "You return the difference of the last number; asked for is the largest of all.", knobs={"total": lambda v: v[-1]},
                 hints=("Does your result change when the first slope does?", "Is the largest so far kept in your loop?", "Collect them all, then take the largest.")),
        mistake("The first one only", "You return the difference of the first number; asked for is the largest of all.", knobs={"total": lambda v: v[0]},
                 hints=("Does your result change when the last slope does?", "Is there a `return` inside your loop?", "Collect them all, then take the largest.")),
        mistake("Negative differences are forgotten", "You take the largest difference without its absolute value, so a slope that is far too small goes unseen.",
                 knobs={"difference": (lambda g, n: np.where((g == 0) & (n == 0), 0, (g - n) / np.where((g == 0) & (n == 0), 1, _scale(measure, g, n))))},
                 also=(partial(model, difference=lambda g, n: np.where((g == 0) & (n == 0), 0, (n - g) / np.where((g == 0) & (n == 0), 1, _scale(measure, g, n)))),),
                 hints=("Can your result be negative?", "A difference counts in both directions.", "`abs(…)` around it.")),
        *(mistake({"absolute": "The absolute difference", "relative to the larger": "Divided by the larger of the two", "relative to the sum": "Divided by the sum of the two"}[other],
                   {"absolute": "Your difference is not divided by anything; here it is to be relative.", "relative to the larger": "You divide by the larger of the two slopes; here something else is asked for.",
                    "relative to the sum": "You divide by the sum of the two slopes; here something else is asked for."}[other], knobs={"difference": _guarded(DIFFERENCES[other])},
                   hints=("By what do you divide the difference?", "Read the formula of the question again.", f"Here it is {MEASURES[measure]}.")) for other in others),
        mistake("An h of its own", "Your function does not use the h that it is given.", wrong=lambda f, x, gradient, h: model(f, x, gradient, 1e-5), also=tuple(partial(_own_h, model, own) for own in (1e-3, 1e-4, 1e-6)),
                 hints=("Does your result change when h does?", "Which argument is never used?", "Nudge by `h`.")),
        mistake("The library's own convention", "Your function returns the slopes by nudging, as the library's `numerical_gradient` does. Asked for is how far the claimed gradient is from them.", wrong=lambda f, x, gradient, h: np.array([central(f, x, h, i) for i in range(len(x))]),
                 hints=("Where do you use `gradient`?", "Compare each slope with the claimed one.", "Return the largest difference, one number.")),
    ]
    if relative:
        mistakes.append(mistake("0 divided by 0", "Where the claimed slope and the true one are both 0 your function divides 0 by 0. Nothing is wrong there: the difference is 0.", knobs={"difference": DIFFERENCES[measure]},
                                 also=(_dividing_by_zero(measure),),
                                 hints=("What does your formula give where f does not depend on a number at all?", "0 / 0, which is no number.", "If both are 0, the difference is 0.")))
    return FunctionQuestion(
        name="gradient_check", function="worst_difference", parameters=("f", "x", "gradient", "h"), lecture=LECTURE, keeps_inputs=UNCHANGED, groups={ONE: 3, SEVERAL: 8, FLAT: 3, UNCHANGED: 1},
        reference=partial(check_reference, measure), model=model, hidden=check_probes,
        public=(_check_probe(ONE, _check_arguments(rng, 1, -1), "one number"), _check_probe(SEVERAL, _check_arguments(rng, 3, -1), "three numbers"), _check_probe(FLAT, _check_arguments(rng, 3, 1, flat=True), "a number that f does not depend on")),
        hints=("For each number of x: nudge it alone, to both sides, and divide the difference of f by 2h.", "Compare each of these slopes with the claimed one, in the way that the formula says.", "Work on copies of x: `up = x.copy(); up[i] += h`."),
        mistakes=tuple(mistakes))


MEASURES = {"relative to the larger": "|g − n| / max(|g|, |n|)", "relative to the sum": "|g − n| / (|g| + |n|)", "absolute": "|g − n|"}


def _scale(measure, g, n):
    return {"relative to the larger": np.maximum(np.abs(g), np.abs(n)), "relative to the sum": np.abs(g) + np.abs(n), "absolute": np.ones_like(n)}[measure]


def _own_h(model, own, f, x, gradient, h):
    return model(f, x, gradient, own)


def _dividing_by_zero(measure):
    def divides(f, x, gradient, h):
        if any(abs(g) + abs(central(f, x, h, i)) == 0 for i, g in enumerate(gradient)):
            raise ZeroDivisionError("float division by zero")
        return check_reference(measure, f, x, gradient, h)
    return divides


def _carried(measure, f, x, gradient, h, *, inside=True):
    """Nudges x itself, to both sides, and leaves it where the second nudge took it."""
    x, n = x if inside else x.copy(), []
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        n.append((up - f(x)) / (2 * h))
    return float(np.max(_guarded(DIFFERENCES[measure])(np.asarray(gradient, float), np.array(n))))


def _kept_up(measure, f, x, gradient, h, *, inside=True):
    """Nudges copies made of an x that keeps its first nudge."""
    x, n = x if inside else x.copy(), []
    for i in range(len(x)):
        down = f(_nudged(x, -h, i))
        x[i] += h
        n.append((f(x) - down) / (2 * h))
    return float(np.max(_guarded(DIFFERENCES[measure])(np.asarray(gradient, float), np.array(n))))
