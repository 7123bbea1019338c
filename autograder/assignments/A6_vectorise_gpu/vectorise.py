"""From the loop to matrices: the question, and the mistakes that students make on the way."""

import numpy as np

from autograder.describe import same
from autograder.questions import FunctionQuestion, Mistake, Probe

from .conventions import CROSS, LECTURE_MATRICES, TANH
from .on_device import doubled, home, run

COST, WEIGHTS, BIAS, NO_LOOP = "the cost J", "the slopes dw", "the slope db", "without a loop"
SAME, EXAMPLES, FEATURES, FETCHED = "as many operations however many examples and features", "more operations the more examples", "more operations the more features", "more numbers fetched the more examples"


def vectorise_question(asked):
    order, axis = asked.order("gradients"), 0 if asked.rows else 1

    def squash(xp, z):
        return xp.tanh(z) if asked.loss is TANH else 1 / (1 + xp.exp(-z))

    def cost(xp, a, y):
        return -(y * xp.log(a) + (1 - y) * xp.log(1 - a)) if asked.loss is CROSS else (a - y) ** 2 / 2

    def slope(a):
        return 1 if asked.loss is CROSS else 1 - a**2 if asked.loss is TANH else a * (1 - a)

    def weighted(X, w, turned=False):
        return X @ w if asked.rows != turned else w @ X

    def collected(X, dz, turned=False):
        return X.T @ dz if asked.rows != turned else X @ dz

    def by_name(X, y, w, b, xp, *, turned=False, bias=1, bend=True, sign=1, sloped=True, mean_J=True, mean_dw=True, mean_db=True, again=False, value=cost, summed=True, take=lambda **parts: asked.parts(**parts)):
        m = X.shape[axis]
        z = weighted(X, w, turned) + bias * b
        a = squash(xp, z) if bend else z
        dz = sign * (a - y) * (slope(a) if sloped else a * (1 - a) if asked.loss is CROSS else 1)
        if again:
            dz = dz / m
        J = value(xp, a, y).sum()
        return take(J=J / m if mean_J else J, dw=collected(X, dz, turned) / (m if mean_dw else 1), db=(dz.sum() if summed else dz) / (m if mean_db else 1))

    model = asked.by_order("gradients", by_name)

    def over_examples(X, y, w, b, xp):
        """The loop over the examples, each of them on xp."""
        J, dw, db, m = 0, 0, 0, X.shape[axis]
        for i in range(m):
            x = X[i] if asked.rows else X[:, i]
            a = squash(xp, (w * x).sum() + b)
            dz = (a - y[i]) * slope(a)
            J, dw, db = J + cost(xp, a, y[i]), dw + x * dz, db + dz
        return asked.parts(J=J / m, dw=dw / m, db=db / m)

    def over_features(X, y, w, b, xp):
        J, dw, db = (dict(zip(asked.results, by_name(X, y, w, b, xp)))[name] for name in ("J", "dw", "db"))
        a = squash(xp, weighted(X, w) + b)
        slopes = xp.zeros(len(w))
        for j in range(len(w)):
            slopes[j] = ((X[:, j] if asked.rows else X[j]) * (a - y) * slope(a)).mean()
        return asked.parts(J=J, dw=slopes, db=db)

    def at_home(X, y, w, b, xp):
        return by_name(*(part.get() for part in (X, y, w)), b, np)

    def stranger(X, y, w, b, xp):
        return np.exp(weighted(X, w))

    def wrong_axis(X, y, w, b, xp):
        a = squash(xp, weighted(X, w) + b)
        dz = (a - y) * slope(a)
        return asked.parts(J=cost(xp, a, y).mean(), dw=(X * (dz[:, None] if asked.rows else dz)).mean(axis=1 - axis), db=dz.mean())

    def ask(answer, X, y, w, b):
        """J, dw and db as they come back, and whether the work grows with the data."""
        def counted(X, y, w):
            return run(answer, order, lambda xp: {**{name: xp.asarray(value) for name, value in {"X": X, "y": y, "w": w}.items()}, "b": b})
        found, xp = counted(X, y, w)
        if not isinstance(found, (tuple, list)) or len(found) != 3:
            return home(found)
        more, wide = counted(*doubled(X, y, axis), w)[1], counted(np.concatenate([X, X], axis=1 - axis), y, np.concatenate([w, w]) / 2)[1]
        grows = FETCHED if more.fetched_numbers > xp.fetched_numbers else EXAMPLES if more.operations > xp.operations else FEATURES if wide.operations > xp.operations else SAME
        return (*home(tuple(found)), grows)

    def data(rng, m, n):
        return rng.normal(size=(m, n) if asked.rows else (n, m)).round(2), rng.permutation((np.arange(m) + rng.integers(2)) % 2).astype(float), rng.choice(np.array([-.9, -.7, -.4, .3, .6, .8]), size=n, replace=False), float(rng.choice([-.7, -.3, .4, .8]))

    places = {COST: asked.results.index("J"), WEIGHTS: asked.results.index("dw"), BIAS: asked.results.index("db")}

    def only_where_right(value, expected):
        return value[3] == expected[3] and all(same(part, right) for part, right in zip(value[:3], expected[:3]))

    def probes(args, label):
        return [*(Probe(group, args, label, part, shown=shown(args)) for group, part in places.items()), Probe(NO_LOOP, args, label, accept=only_where_right, shown=shown(args))]

    def shown(args):
        values = {**dict(zip(("X", "y", "w", "b"), args)), "xp": None}
        return f"gradients({', '.join('xp' if name == 'xp' else f'{name}={np.asarray(values[name]).tolist()}' for name in order)})"

    def hidden(rng):
        return [probe for m, n, label in ((7, 3, "seven examples"), (1, 2, "a single example"), (5, 1, "a single feature"), (4, 4, "as many examples as features")) for probe in probes(data(rng, m, n), label)]

    open_data = [(data(np.random.default_rng([m, n, 6]), m, n), label) for m, n, label in ((4, 2, "four examples"), (3, 3, "as many examples as features"))]
    parts = ", ".join(asked.results)
    layout = "row" if asked.rows else "column"
    loss_mistakes = (
        Mistake("The minus of the loss", "Your J is negative: a cross-entropy has a minus in front.", knobs={"value": lambda xp, a, y: -cost(xp, a, y)},
                hints=("Can a cost be below 0?", "ln of a number between 0 and 1 is negative.", "Begin the line with a minus, as the loop does.")),
        Mistake("Only the ones are counted", "Your J leaves out the examples with y = 0.", knobs={"value": lambda xp, a, y: -y * xp.log(a)},
                hints=("What does an example with y = 0 add to your J?", "The cross-entropy has two terms.", "`y * xp.log(a) + (1 - y) * xp.log(1 - a)`.")),
    ) if asked.loss is CROSS else (
        Mistake("The half is missing in J", "Your J is twice the right one.", knobs={"value": lambda xp, a, y: (a - y) ** 2},
                hints=("Compare your J with the loop's.", "What does the loop divide each square by?", "`(a - y) ** 2 / 2`.")),
        Mistake("The square is missing in J", "Your J adds up differences, and they cancel.", knobs={"value": lambda xp, a, y: (a - y) / 2},
                hints=("Can a cost be below 0?", "What does the loop do to each difference?", "`(a - y) ** 2 / 2`.")),
    )
    return FunctionQuestion(
        name="gradients", function="gradients", parameters=order, lecture=LECTURE_MATRICES, reference=model, model=model, ask=ask, hidden=hidden,
        groups={COST: 6, WEIGHTS: 8, BIAS: 4, NO_LOOP: 7}, public=tuple(probe for args, label in open_data for probe in probes(args, label)),
        hints=("Take the loop line by line: what has an `i` becomes an array, the line loses its `i`.", f"All z at once: `z = {asked.sums}`. The line that adds up over the examples becomes a product.",
               f"`dz` is an array of shape (m,): `{asked.back} / m` collects dw, `dz.mean()` is db."),
        mistakes=(
            Mistake("j = j / m", "Your J is m times the right one. The loop has a slip: it divides j, its counter, and J stays a sum.", knobs={"mean_J": False},
                    hints=("The cost is a mean: which line of the loop makes it one?", "Look at the capital letters in the last three lines.", "It should say `J = J / m`.")),
            Mistake("dw is a sum", "Your dw is m times the right one.", knobs={"mean_dw": False}, hints=("Which lines of the loop come after it?", "`dw = dw / m`.", f"`{asked.back} / m`.")),
            Mistake("db is a sum", "Your db is m times the right one.", knobs={"mean_db": False}, hints=("Which lines of the loop come after it?", "`db = db / m`.", "`dz.mean()`.")),
            Mistake("Divided by m twice", "Your dw and db are divided by m once too often: dz has no 1/m in the loop.", knobs={"again": True},
                    hints=("How often does m stand below dw in your code?", "The loop divides once, at the end.", "Leave the m out of dz.")),
            Mistake("b is missing", "Your z are without b.", knobs={"bias": 0}, hints=("Which argument does your code never use?", "z has a b.", f"`{asked.sums}`.")),
            Mistake("The activation is missing", "You go on with z where a is meant.", knobs={"bend": False}, hints=("Which line of the loop makes a from z?", "The activation.", f"`a = {asked.loss.squash}`.")),
            Mistake("y − a instead of a − y", "Your slopes have the wrong sign: they point down where they should point up.", knobs={"sign": -1},
                    hints=("Does the cost grow when a grows beyond y?", "Then dz is positive there.", f"dz is {asked.loss.slope_words}.")),
            Mistake("The activation's slope once too often" if asked.loss is CROSS else "The activation's slope is missing",
                    "Your dz has a factor a(1 − a); with the cross-entropy it has cancelled." if asked.loss is CROSS else "Your dz is a − y: that is right with a cross-entropy, as the lecture has it, and here the slope of the activation stays in it.", knobs={"sloped": False},
                    hints=("Compare your dz with the loop's, factor by factor.", "Which activation and which loss does this assignment have?", f"dz is {asked.loss.slope_words}.")),
            *loss_mistakes,
            Mistake("Rows and columns exchanged" if asked.rows else "The library's own convention", f"You read X as if each {'column' if asked.rows else 'row'} were an example{'' if asked.rows else ', as the library has it'}; here each {layout} is one.",
                    knobs={"turned": True}, hints=("What is the shape of X, with m examples of n features?", f"An example in each {layout}: {'(m, n)' if asked.rows else '(n, m)'}.", f"`{asked.sums}` and `{asked.back}`.")),
            Mistake("A loop over the examples", "The numbers are right, and each example still costs operations of its own: twice the data, twice the work.", wrong=asked.by_order("gradients", over_examples),
                    hints=("Is there a `for` left, or a list that is made example by example?", f"`{asked.sums}` takes all examples at once.", f"dw is `{asked.back} / m`: the product adds up.")),
            Mistake("A loop over the features", "The numbers are right; only your loop over the features is left, and it costs operations for each of them.", wrong=asked.by_order("gradients", over_features),
                    hints=("Is there a `for j` left?", "A matrix times a vector gives all dw at once.", f"`dw = {asked.back} / m`.")),
            Mistake("Computed at home", "The numbers are right, and they were computed in the computer's memory: your function fetches all of the data first.", wrong=asked.by_order("gradients", at_home),
                    hints=("Which of your lines call `.get()`, `.tolist()` or `float(…)`?", "Where do the numbers live when they are added up?", "Leave the data where they are, and compute with xp.")),
            Mistake("np. inside", "A function of NumPy met an array of xp. NumPy computes in the computer's memory, and these arrays do not live there.", wrong=asked.by_order("gradients", stranger),
                    hints=("Search your function for `np.`.", "With xp in its place the same line runs on NumPy and on a card.", "`xp.exp`, `xp.log`, `xp.sum`, …")),
            Mistake("Added up along the wrong axis", "Your dw has one number for each example; it should have one for each feature.", wrong=asked.by_order("gradients", wrong_axis),
                    hints=("What is the shape of w, and of your dw?", "The examples are added up, the features stay.", f"`{asked.back} / m`.")),
            Mistake("db is not added up", "Your db holds a number for each example; it is their mean.", knobs={"summed": False, "mean_db": False}, hints=("How many b are there?", "The loop adds every dz to the one db.", "`dz.mean()`.")),
            Mistake("Returned in another order", f"The three results are exchanged: asked for is {parts}.", wrong=asked.by_order("gradients", lambda **values: by_name(**values)[::-1]),
                    also=tuple(asked.by_order("gradients", lambda swap=swap, **values: tuple(by_name(**values)[place] for place in swap)) for swap in ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1))),
                    hints=("Which of the three comes first?", "Read the question's last line again.", f"`return {parts}`.")),
        ))


