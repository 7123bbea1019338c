"""The new table, on paper: one step of a student's own neuron, number by number."""

import numpy as np

from autograder.questions import Mistake, Sheet, TableQuestion

from .conventions import Term
from .slopes import LECTURE

P, ROWS, SLOPES, STEP, NEW = "values p", "slopes for h, row by row", "slopes of the loss", "new weights and bias", "new sums h"
COLUMNS = {"p": P, "d_h": ROWS, "d": SLOPES, "theta": STEP, "new_h": NEW}
NAMES = {"p": "paper_p", "d_h": "paper_d_h", "d": "paper_slopes", "theta": "paper_new", "new_h": "paper_new_h"}


class Paper:
    """Three rows, one neuron, one step: the numbers that are given, the steps that follow, and the wrong ways through each."""

    def __init__(self, term: Term, X, y, w, b, eta):
        self.term, self.X, self.y, self.w, self.b, self.eta = term, X, y, w, b, eta
        self.A = np.column_stack([X, np.ones(len(X))])          # the inputs, and a 1 for b
        self.theta = np.append(w, b)

    def rules(self):
        """Step → its rule. Slopes and new numbers stand in the order w₁, w₂, b."""
        unit, rows = self.term.unit, len(self.y) if self.term.mean else 1
        return {"p": lambda so: unit.value(self.A @ self.theta), "d_h": lambda so: self.term.factor * (so["p"] - self.y) * unit.slope(None, so["p"]),
                "d": lambda so: so["d_h"] @ self.A / rows, "theta": lambda so: self.theta - self.eta * so["d"], "new_h": lambda so: self.A @ so["theta"]}

    def wrong(self):
        """(step, name, sentence, rule, hints) of each mistake."""
        term, unit, A, X, y, n = self.term, self.term.unit, self.A, self.X, self.y, len(self.y)
        two = 2. if term.loss == "half" else 1.
        yield ("p", "Forgot the bias", "Your p belong to h without b.", lambda so: unit.value(X @ self.w), ("What is h where both inputs are 0?", "It is b.", "h = w₁x₁ + w₂x₂ + b."))
        yield ("p", "The sign of h is lost", "Your p are those of −h.", lambda so: unit.value(-(A @ self.theta)), ("Is your p large where h is?", "It should rise with h.", "Mind the minus signs in the exponent and in h."))
        yield ("d_h", "Kept the 2" if term.loss == "half" else "Dropped the 2", f"Your slopes are {'twice' if two == 2 else 'half'} as large as they should be.", lambda so: two * (so["p"] - y) * unit.slope(None, so["p"]),
               ("What is the slope of a square?", "Twice what was squared; then look at the factor in front of the loss.", f"{term.factor:g} · (p − y) · ∂p/∂h."))
        yield ("d_h", "The sign is turned round", "Your slopes have the sign of y − p.", lambda so: -term.factor * (so["p"] - y) * unit.slope(None, so["p"]), ("If p lies above y and grows, does the loss grow?", "Then its slope is positive.", "p − y."))
        yield ("d_h", "No slope of the activation", f"The factor {unit.slope_words} is missing.", lambda so: term.factor * (so["p"] - y), ("How many links lie between the loss and h?", "Two: ∂ℓ/∂p and ∂p/∂h.", f"Multiply by {unit.slope_words}."))
        yield ("d_h", "The slope of another activation", f"Your factor is {unit.shown['other']}.", lambda so: term.factor * (so["p"] - y) * unit.wrong_slopes["other"](None, so["p"]),
               ("Which activation has this neuron?", f"Its slope is {unit.slope_words}.", f"{term.factor:g} · (p − y) · {unit.slope_words}."))
        yield (("d", "Sum instead of mean", "Your slopes are added up and not divided by the number of rows.", lambda so: so["d_h"] @ A, ("What does the mean over three rows ask for?", "Divide by 3.", "Sum of d_h · x, divided by 3.")) if term.mean else
               ("d", "Mean instead of sum", "Your slopes are divided by the number of rows; this loss is a sum.", lambda so: so["d_h"] @ A / n, ("Is this loss a mean?", "It is a sum.", "Do not divide by 3.")))
        yield ("d", "Forgot the inputs", "Each weight has got the slope of the bias.", lambda so: so["d_h"] @ np.ones_like(A) / (n if term.mean else 1), ("Which slope has an input of 0 a part in?", "None.", "Multiply each row's number by its x first."))
        yield ("d", "The inputs are swapped", "The slope for w₁ is worked out with x₂ and the other way round.", lambda so: so["d_h"] @ A[:, [1, 0, 2]] / (n if term.mean else 1), ("Which column belongs to w₁?", "x₁.", "Sum of d_h · x₁ for w₁."))
        yield ("theta", "Uphill", "You add η times the slope; the step goes against it.", lambda so: self.theta + self.eta * so["d"], ("Should the loss grow or shrink?", "Against the slope it shrinks.", "Old − η · slope."))
        yield ("theta", "Forgot η", "You take the slope itself away.", lambda so: self.theta - so["d"], ("Where is η?", "It multiplies the slope.", "Old − η · slope."))
        yield ("new_h", "The old weights", "Your h belong to the weights before the step.", lambda so: A @ self.theta, ("Which weights has the neuron now?", "The new ones.", "Take the three numbers of the step."))
        yield ("new_h", "Forgot the new bias", "Your h are without the bias.", lambda so: X @ so["theta"][:2], ("What is h where both inputs are 0?", "It is the new b.", "Add the new b in each row."))

    def told_apart(self):
        """Whether each wrong way leads somewhere else than the right one and than the other wrong ways, by more than rounding."""
        right = Sheet(self.rules(), decimals=3).solution()
        for column in COLUMNS:
            ways = [right[column], *(np.asarray(rule(right), float) for step, _, _, rule, _ in self.wrong() if step == column)]
            if any(np.abs(one - other).max() < .04 for place, one in enumerate(ways) for other in ways[:place]):
                return False
        return True


def paper_of(variant, term: Term) -> Paper:
    """A student's own three rows, neuron and learning rate."""
    rng = variant.rng("paper")
    while True:
        X, w, b = rng.integers(-2, 4, size=(3, 2)).astype(float), rng.integers(-4, 5, size=2) / 4, float(rng.integers(-3, 3) / 2 + .25)
        y, eta = np.take(term.unit.labels, rng.integers(0, 2, size=3)), float(rng.choice([2, 3, 4]) if term.mean else rng.choice([.5, 2]))
        paper = Paper(term, X, y, w, b, eta)
        h = X @ w + b
        wrong = (h > 0) != (y == term.unit.labels[1])
        if len(np.unique(X, axis=0)) == 3 and np.abs(w).min() > 0 and np.abs(h).max() < 2 and len(set(y)) == 2 and 1 <= wrong.sum() <= 2 and paper.told_apart():
            return paper


def table_question(paper: Paper) -> TableQuestion:
    return TableQuestion(
        name="new_table", groups={P: 2, ROWS: 3, SLOPES: 2, STEP: 2, NEW: 1}, lecture=LECTURE, table=lambda: Sheet(paper.rules(), decimals=3), names=NAMES, columns=COLUMNS,
        hints=("One line after the other: each uses the numbers of the line before it.", "For each row d_h = ∂ℓ/∂p · ∂p/∂h; for each weight add up d_h · x over the rows" + (" and divide by 3." if paper.term.mean else "."),
               "New = old − η · slope; then h once more, with the new numbers."),
        mistakes=tuple(Mistake(name, sentence, column=column, rule=rule, hints=hints, lecture=LECTURE) for column, name, sentence, rule, hints in paper.wrong()))


def prose(paper: Paper) -> dict:
    solution = Sheet(paper.rules(), decimals=3).solution()
    rows = [f"| {place} | {x[0]:g} | {x[1]:g} | {label:g} |   |   |" for place, (x, label) in enumerate(zip(paper.X, paper.y), 1)]
    lists = {f"{name}_list": ", ".join(f"{value:.3f}" for value in solution[name]) for name in COLUMNS}
    return {"rows": "\n".join(rows), "w1": f"{paper.w[0]:g}", "w2": f"{paper.w[1]:g}", "b": f"{paper.b:g}", "paper_eta": f"{paper.eta:g}", **lists}
