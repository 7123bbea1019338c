"""A shrinkage figure to read: which panel is L1 and which L2, what is 0 at the mark, and which λ to take."""

from urllib.parse import quote

import numpy as np

from autograder.questions import Choice, ChoiceQuestion, Mistake
from autograder.questions.choices import exactly

LECTURE = "L13, Regularization: shrinkage, early stopping, data"
PANELS, ZEROS, FIRST, MARKS = "which penalty", "how many are 0", "who is 0 first", "which λ"
LAST = 3.2                                                       # where the axis of λ ends
NAMES = ("w1", "w2", "w3", "w4", "w5")
COLOURS = ("#1d4ed8", "#b45309", "#047857", "#7c3aed", "#be123c")


class Figure:
    """Five weights of a model with a round bowl, as λ grows; the panels' order, the mark, and the validation loss are drawn."""

    def __init__(self, rng):
        sizes = np.array([.5, 1.1, 1.7, 2.3, 2.9]) + rng.integers(-1, 2, size=5) / 10
        order = rng.permutation(5)
        self.b = (sizes * np.array([1, -1, 1, -1, 1])[rng.permutation(5)])[order]
        self.l1_left = bool(rng.integers(2))
        self.gone = int(rng.integers(2, 5))                      # how many weights are 0 at the mark, with L1
        self.mark = float(np.sort(sizes)[self.gone - 1:self.gone + 1].mean())
        self.marks = dict(zip("abcd", (.1, .9, 1.7, 2.6)))
        self.best = "bc"[int(rng.integers(2))]
        self.first = NAMES[int(np.argmin(abs(self.b)))]
        self.longest = NAMES[int(np.argmax(abs(self.b)))]

    def weights(self, penalty, lam):
        return np.sign(self.b) * np.maximum(abs(self.b) - lam, 0) if penalty == "L1" else self.b / (1 + lam)

    def curve(self, rows, lam):
        """The loss on the training rows rises with λ; on the validation rows it is smallest at one of the marks."""
        return .25 + .1 * lam ** 1.2 if rows == "training" else .5 + .16 * (lam - self.marks[self.best]) ** 2

    def drawn(self):
        """The figure as a data address for Markdown."""
        left, right = ("L1", "L2") if self.l1_left else ("L2", "L1")
        body = self._paths("left", left, 40) + self._paths("right", right, 320) + self._losses(600)
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="850" height="250" font-family="sans-serif" font-size="13"><rect width="850" height="250" fill="#fff"/>{body}</svg>'
        return "data:image/svg+xml," + quote(svg)

    def _paths(self, title, penalty, x0):
        def place(lam, w):
            return f"{x0 + 62 * lam:.1f},{130 - 30 * w:.1f}"

        lines = ""
        for j, (name, colour) in enumerate(zip(NAMES, COLOURS)):
            points = " ".join(place(lam, self.weights(penalty, lam)[j]) for lam in np.linspace(0, LAST, 65))
            lines += f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>' + _word(x0 - 14, 134 - 30 * self.b[j], name, colour)
        mark = f'<line x1="{x0 + 62 * self.mark:.1f}" y1="30" x2="{x0 + 62 * self.mark:.1f}" y2="225" stroke="#334" stroke-dasharray="4 4"/>' + _word(x0 + 62 * self.mark, 240, "mark")
        return _axis(x0, 130, x0 + 62 * LAST) + lines + mark + _word(x0 + 100, 18, title) + _word(x0 + 62 * LAST + 8, 134, "λ")

    def _losses(self, x0):
        def place(lam, loss):
            return f"{x0 + 62 * lam:.1f},{225 - 130 * loss:.1f}"

        body = _axis(x0, 225, x0 + 62 * LAST) + _word(x0 + 100, 18, "loss") + _word(x0 + 62 * LAST + 8, 229, "λ")
        words = {"training": (x0 + 40, 225 - 130 * self.curve("training", .6) + 16), "validation": (x0 + 100, 225 - 130 * max(self.curve("validation", 1.1), self.curve("validation", 2.1)) - 10)}
        for rows, colour, dash in (("training", "#1d4ed8", ""), ("validation", "#b45309", ' stroke-dasharray="6 3"')):
            points = " ".join(place(lam, self.curve(rows, lam)) for lam in np.linspace(0, LAST, 65))
            body += f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>' + _word(*words[rows], rows, colour)
        return body + "".join(_word(x0 + 62 * lam, 241, name) + f'<line x1="{x0 + 62 * lam:.1f}" y1="221" x2="{x0 + 62 * lam:.1f}" y2="229" stroke="#334"/>' for name, lam in self.marks.items())


def _axis(x0, y, x1):
    return f'<line x1="{x0}" y1="{y}" x2="{x1:.0f}" y2="{y}" stroke="#99a"/><line x1="{x0}" y1="30" x2="{x0}" y2="225" stroke="#99a"/>'


def _word(x, y, text, colour="#111"):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{colour}">{text}</text>'


def reading(variant):
    """The question, and what its text says."""
    figure = Figure(variant.rng("figure"))
    left, right = ("L1", "L2") if figure.l1_left else ("L2", "L1")
    truth = {"left_panel": left, "right_panel": right, "zeros_l1": str(figure.gone), "zeros_l2": "0", "first_zero": figure.first, "best_lambda": figure.best}
    counts = ("0", "1", "2", "3", "4", "5")
    zeros = {count: f"that {count} of the five lines {'lies' if count == '1' else 'lie'} on the axis at the mark" for count in counts}
    first = {name: f"that the line of {name} reaches the axis before the four others" for name in NAMES}
    least = {name: f"that no λ has a smaller loss on the validation rows than {name}" for name in figure.marks}
    choices = {"left_panel": Choice(PANELS, ("L1", "L2"), (left,), "the left panel"), "right_panel": Choice(PANELS, ("L1", "L2"), (right,), "the right panel"),
               "zeros_l1": Choice(ZEROS, counts, (str(figure.gone),), "zeros under L1", zeros), "zeros_l2": Choice(ZEROS, counts, ("0",), "zeros under L2", zeros),
               "first_zero": Choice(FIRST, NAMES, (figure.first,), "the first zero", first), "best_lambda": Choice(MARKS, tuple(figure.marks), (figure.best,), "the λ to take", least)}
    bottom = NAMES[int(np.argmin(figure.b))]                     # the most negative weight

    mistakes = [
        Mistake("The two panels are exchanged", "Straight lines that end at 0 are L1's: it takes the same off every weight. L2 takes a share, and its curves never arrive.", **exactly(truth, left_panel=right, right_panel=left),
                hints=("In which panel do weights become exactly 0?", "L2 leaves b/(1 + λ): is that ever 0?", "Lines that reach 0 and stay there are L1's.")),
        Mistake("Both panels the same", "One panel is L1 and one is L2.", fits=lambda values: values["left_panel"] == values["right_panel"] != "", example={**truth, "left_panel": "L1", "right_panel": "L1"},
                hints=("How many penalties are drawn?", "Two, one in each panel.", "Lines that reach 0 and stay there are L1's.")),
        Mistake("Small is taken for 0", "Under L2 weights become small, and none is exactly 0 before λ is infinite.", fits=lambda values: values["zeros_l2"] not in ("", "0"), example={**truth, "zeros_l2": "1"},
                hints=("b/(1 + λ): for which λ is that 0?", "Look at the L2 panel at the mark: is any curve *on* the axis?", "Small is not 0: none is.")),
        Mistake("Those that are left are counted", "You count the weights that are still there at the mark, under L1; asked for are those that are 0.", fits=lambda values: values["zeros_l1"] == str(5 - figure.gone), example={**truth, "zeros_l1": str(5 - figure.gone)},
                hints=("Five weights in all. How many lines lie on the axis at the mark?", "Those that have arrived before the mark, not the others.", "Count the lines that meet the axis left of the mark.")),
        Mistake("The largest weight first", "The weight that is 0 first under L1 is the one that began nearest to 0: the same is taken off all.", **exactly(truth, first_zero=figure.longest),
                hints=("The same is taken off every weight. Which arrives first?", "Look for the shortest line in the L1 panel.", "It began nearest to 0, above or below.")),
        Mistake("The λ that the training rows like", "You took the λ with the smallest loss on the training rows: these always like λ = 0 best.", **exactly(truth, best_lambda="a"),
                hints=("Which of the two curves was not learned from?", "A penalty makes the training loss larger, on purpose.", "The lowest point of the validation curve.")),
        Mistake("The largest λ", "With so large a λ both losses are larger than they need be.", **exactly(truth, best_lambda="d"),
                hints=("Which of the two curves was not learned from?", "Where is it lowest?", "The lowest point of the validation curve."))]
    if bottom not in (figure.first, figure.longest):
        mistakes.append(Mistake("The lowest line", "The lowest line is a negative weight, and not the one nearest to 0.", **exactly(truth, first_zero=bottom),
                                hints=("Is −2 nearer to 0 than .5?", "Size counts, not sign.", "The line that begins nearest to the axis.")))
    question = ChoiceQuestion(name="read_figure", groups={PANELS: 4, ZEROS: 5, FIRST: 3, MARKS: 3}, lecture=LECTURE, choices=choices, example=truth, mistakes=tuple(mistakes),
                              hints=("L1 takes the same off every weight, L2 the same share.", "Exactly 0 means: on the axis.", "Which rows should have a say about λ?"))
    return question, {"figure": figure.drawn(), **{f"read_{name}": word for name, word in truth.items()}}
