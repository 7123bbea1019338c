"""Gradient descent that runs wherever its arrays are: the question, and the mistakes that cost a trip or a digit."""

import numpy as np

from autograder.describe import same
from autograder.questions import FunctionQuestion, Mistake, Probe
from autograder.questions.device import DeviceArray

from .conventions import CROSS, LECTURE_GPU, TANH
from .on_device import doubled, home, run

NUMBERS, STAYS, KIND, NO_LOOP = "the right numbers", "the data stay where they are", "the kind of number", "as much work for more examples"
TOLERANCE = 1e-4
HOME, WHOLE, EVERY = "is in the computer's memory at the end", "whole arrays fetched", "{} in every step"


def fit_question(asked):
    order, axis = asked.order("fit"), 0 if asked.rows else 1

    def squash(xp, z):
        return xp.tanh(z) if asked.loss is TANH else 1 / (1 + xp.exp(-z))

    def by_name(X, y, eta, steps, xp, *, dtype=asked.dtype, way=-1, rate=True, frozen=False, mean=True, more=0, once=False, turned=False, sloped=True, start=0., fetch=False, bring=False, numpy=False,
                back=False, home_first=False, loop=False, swapped=False):
        X, y = X.astype(dtype), y.astype(dtype)
        m, n = (X.shape if asked.rows != turned else X.shape[::-1])
        w, b = xp.zeros(n, dtype=dtype) + start, xp.zeros((), dtype=dtype)
        for _ in range(1 if once else steps + more):
            if bring:
                xp.asarray(eta, dtype=dtype)
            z = (X @ w if asked.rows != turned else w @ X) + b
            if loop:
                z = sum((z[i] * _unit(xp, i, m, dtype) for i in range(m)), start=0 * z)
            a = np.exp(z) if numpy else squash(xp, z)
            if back:
                a = xp.asarray(a.get())
            dz = a - y
            if sloped != (asked.loss is CROSS):
                dz = dz * ((1 - a**2) if asked.loss is TANH else a * (1 - a))
            dz = dz / m if mean else dz
            if fetch:
                dz.sum().get()
            step = eta if rate else 1
            w, b = w + way * step * (X.T @ dz if asked.rows != turned else X @ dz), b if frozen else b + way * step * dz.sum()
        w, b = (w.get(), b.get()) if home_first else (w, b)
        return (b, w) if asked.bias_first != swapped else (w, b)

    def at_home(X, y, eta, steps, xp):
        return tuple(xp.asarray(part) for part in by_name(X.get(), y.get(), eta, steps, np))

    model = asked.by_order("fit", by_name)

    def ask(answer, X, y, eta, steps):
        """w, b, their kind of number, what travelled, and whether more examples are more operations."""
        def counted(X, y):
            return run(answer, order, lambda xp: {"X": xp.asarray(X, dtype=asked.other_dtype), "y": xp.asarray(y, dtype=asked.other_dtype), "eta": eta, "steps": steps})
        found, xp = counted(X, y)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            return home(found)
        travelled = _travelled(xp, steps, all(isinstance(part, DeviceArray) for part in found))
        kinds = {str(getattr(part, "dtype", "float64")) for part in found}
        grows = counted(*doubled(X, y, axis))[1].operations > xp.operations
        return (*home(tuple(found)), " and ".join(sorted(kinds)), travelled, "more operations the more examples" if grows else "as many operations however many examples")

    def data(rng, m, n, steps):
        X = rng.normal(size=(m, n)).round(2)
        y = rng.permutation((np.arange(m) + rng.integers(2)) % 2).astype(float)
        return X if asked.rows else np.ascontiguousarray(X.T), y, float(rng.choice([.3, .4, .6, .7])), steps

    def right_and(place):
        def accept(value, expected):
            return len(value) == 5 and all(same(part, right, TOLERANCE) for part, right in zip(value[:2], expected[:2])) and (place is None or value[place] == expected[place])
        return accept

    def probes(args, label):
        return [Probe(group, args, label, accept=right_and(place), shown=_shown(order, args)) for group, place in ((NUMBERS, None), (KIND, 2), (STAYS, 3), (NO_LOOP, 4))]

    def hidden(rng):
        return [probe for m, n, steps, label in ((7, 3, 7, "seven examples"), (1, 2, 6, "a single example"), (4, 4, 8, "as many examples as features"), (6, 1, 7, "a single feature")) for probe in probes(data(rng, m, n, steps), label)]

    open_data = [(data(np.random.default_rng([m, n, 8]), m, n, 7), label) for m, n, label in ((5, 2, "five examples"), (3, 3, "as many examples as features"))]
    returned = "b, w" if asked.bias_first else "w, b"
    return FunctionQuestion(
        name="fit", function="fit", parameters=order, lecture=LECTURE_GPU, reference=model, model=model, ask=ask, hidden=hidden, tolerance=TOLERANCE,
        groups={NUMBERS: 10, STAYS: 7, KIND: 4, NO_LOOP: 4}, public=tuple(probe for args, label in open_data for probe in probes(args, label)),
        hints=("Before the loop: X and y in the kind of number that is asked for. In the loop: only xp.", f"`X = X.astype(xp.{asked.dtype})`; w and b are made there: `xp.zeros(n, dtype=xp.{asked.dtype})`.",
               f"A step: z, a, dz, then `w = w - eta * ({asked.back}) / m` and `b = b - eta * dz.mean()`. Return {returned} without `.get()`."),
        mistakes=(
            Mistake("np. inside", "A function of NumPy met an array of xp. On a card your function would stop, or quietly fetch the data.", knobs={"numpy": True},
                    hints=("Search your function for `np.`.", "Only xp knows where its arrays live.", "`xp.exp`, `xp.tanh`, `xp.zeros`, …")),
            Mistake(".get() in the loop", "The numbers are right, and in every step something is fetched from the card: the loop waits for the transfer each time.", knobs={"fetch": True},
                    hints=("What in your loop needs a plain number: `.get()`, `float(…)`, `.item()`, a print, an `if`?", "b may stay an array of xp: nothing in the step needs it at home.", "Take the fetching out of the loop, or leave it away.")),
            Mistake("Something is brought over in every step", "The numbers are right, and something is brought to the card in every step: the loop waits for the transfer each time.", knobs={"bring": True},
                    hints=("Which of your lines bring data over, and how often are they run?", "Single numbers such as eta go along with any array, as they are.", "Move `xp.asarray` before the loop, or leave it out.")),
            Mistake("Computed at home", "The numbers are right, and they were computed in the computer's memory: your function fetches the data first, and the card has nothing to do.", wrong=asked.by_order("fit", at_home),
                    hints=("Which of your lines call `.get()` or `.tolist()`?", "Where do the numbers live while w learns?", "Leave the data where they are, and compute with xp.")),
            Mistake("There and back in every step", "The numbers are right, and in every step values are fetched, and brought to the card again.", knobs={"back": True},
                    hints=("What in the loop is computed by NumPy?", "xp has the function too.", "Compute with xp and leave `.get()` and `xp.asarray` out of the loop.")),
            Mistake("Came home at the end", "Your w and b are NumPy's: on a machine without a card `.get()` does not even exist. Asked for are arrays of xp.", knobs={"home_first": True},
                    hints=("Where do your results live?", "Who calls `fit` decides when to fetch them.", f"`return {returned}`, without `.get()`.")),
            Mistake(f"{asked.other_dtype} where {asked.dtype} is asked", f"The numbers are right; they are {asked.other_dtype}, and {asked.dtype} is asked for. " + ("On most cards float64 is many times slower." if asked.dtype == "float32" else "float32 has seven digits, float64 sixteen."), knobs={"dtype": asked.other_dtype},
                    hints=("Print `w.dtype`.", "X comes as float64, and one array of it turns the whole sum into float64." if asked.dtype == "float32" else "X comes as float32, and nothing in the loop changes that.", f"`X.astype(xp.{asked.dtype})`, and `dtype=xp.{asked.dtype}` where an array is made.")),
            Mistake("A loop over the examples", "The numbers are right, and each example costs operations of its own.", knobs={"loop": True},
                    hints=("Is there a `for` inside the loop over the steps?", f"`{asked.sums}` takes all examples at once.", "The only loop is that over the steps.")),
            Mistake("Rows and columns exchanged" if asked.rows else "The library's own convention", f"You read X as if each {'column' if asked.rows else 'row'} were an example{'' if asked.rows else ', as the library has it'}.", knobs={"turned": True},
                    hints=("What is the shape of X here?", f"An example in each {'row' if asked.rows else 'column'}.", f"`{asked.sums}` and `{asked.back}`.")),
            Mistake("Uphill", "Your steps go up the slope.", knobs={"way": 1}, hints=("Does the cost fall?", "The slope points up.", "`w - eta * …`.")),
            Mistake("η is missing", "Your steps are as long as the slope: eta is not used.", knobs={"rate": False}, hints=("Which argument does your code never use?", "A step is η times the slope.", "`w - eta * …`.")),
            Mistake("b stands still", "Your b never changes.", knobs={"frozen": True}, hints=("Print b after the loop.", "How many parameters has a neuron?", "`b = b - eta * dz.mean()`.")),
            Mistake("Sum instead of mean", "Your slopes are m times the right ones: they are added up over the examples and not divided.", knobs={"mean": False},
                    hints=("Twice the data: is your step twice as long?", "The cost is a mean.", f"`{asked.back} / m`, `dz.mean()`.")),
            Mistake("The activation's slope once too often" if asked.loss is CROSS else "The activation's slope is missing", f"Your dz is not that of this assignment's activation and loss: it is {asked.loss.slope_words}.", knobs={"sloped": False},
                    hints=("Which activation, which loss?", "Nudge z a little: what does the cost do?", f"dz is {asked.loss.slope_words}.")),
            Mistake("One step too many", "Your function takes one step more than asked.", knobs={"more": 1}, hints=("How many steps for steps = 1?", "`range(steps + 1)` counts from 0 to steps.", "`range(steps)`.")),
            Mistake("One step too few", "Your function takes one step less than asked.", knobs={"more": -1}, hints=("How many steps for steps = 1?", "`range(1, steps)` leaves one out.", "`range(steps)`.")),
            Mistake("Only one step", "Your function stops after the first step.", knobs={"once": True}, hints=("Does `steps` matter?", "Is there a `return` inside the loop?", "Return after the loop.")),
            Mistake("Begins elsewhere", "Your w begin at 1; asked for is a start at 0.", knobs={"start": 1.}, hints=("What is w before the first step?", "Zeros.", "`xp.zeros`.")),
            Mistake("Returned in another order", f"The two results are exchanged: asked for is {returned}.", knobs={"swapped": True}, hints=("Which comes first?", "Read the question's last line.", f"`return {returned}`.")),
        ))


def _unit(xp, place, size, dtype):
    """The array that is 1 in one place and 0 elsewhere."""
    unit = xp.zeros(size, dtype=dtype)
    unit[place] = 1
    return unit


def _travelled(xp, steps, stayed):
    fetched, brought = xp.fetched >= steps, xp.brought >= steps
    if fetched or brought:
        return EVERY.format(" and ".join(word for word, often in (("fetched", fetched), ("brought over", brought)) if often))
    if not stayed:
        return HOME
    return WHOLE if xp.fetched_numbers > xp.fetched else "nothing"


def _shown(order, args):
    values = {**dict(zip(("X", "y", "eta", "steps"), args)), "xp": None}
    return f"fit({', '.join('xp' if name == 'xp' else f'{name}={np.asarray(values[name]).tolist()}' for name in order)})"
