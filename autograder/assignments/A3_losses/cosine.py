"""The cosine of two directions."""

import functools

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

from .conventions import INPUTS, LECTURE

SEVERAL, ONE, EXTREMES = "several pairs", "one pair", "opposite, and at right angles"


def length(A):
    return np.sqrt(np.sum(A * A, axis=1))


def model(term, a, b, *, turned=None, product=lambda A, B: np.sum(A * B, axis=1), norm=length, norm_b=None, answer=None):
    """The cosine of each pair, or 1 − cosine, each step to turn."""
    if term.columns if turned is None else turned:
        a, b = a.T, b.T
    cos = product(a, b) / (norm(a) * (norm_b or norm)(b))
    return (answer or ((lambda cos: cos) if term.similarity else (lambda cos: 1 - cos)))(cos)


def reference(term, a, b):
    return np.array([model(term, a[:, [n]] if term.columns else a[[n]], b[:, [n]] if term.columns else b[[n]])[0] for n in range(a.shape[1 - term.axis])])


def draw(term, rng, pairs, D):
    """Pairs with acute and obtuse angles, of all lengths, none of them 0."""
    while True:
        A, B = (rng.normal(1, 1.2, size=(pairs, D)).round(1) * rng.uniform(.5, 3, size=(pairs, 1)).round(1) for _ in range(2))
        B[::2] *= -1
        cos = np.sum(A * B, axis=1) / length(A) / length(B)
        if np.abs(cos).min() > .15 and np.abs(cos).max() < .95 and (np.abs(length(A) - 1) > .2).all() and (np.abs(length(B) - 1) > .2).all() and (np.abs(length(A) / length(B) - 1) > .05).all():
            return (A.T.copy(), B.T.copy()) if term.columns else (A, B)


def extreme(term, scale=1.):
    A, B = scale * np.array([[3., 4, 0], [1, 2, 2], [0, 2, 0]]), np.array([[-6., -8, 0], [2, 1, -2], [5, 0, 0]])
    return (A.T.copy(), B.T.copy()) if term.columns else (A, B)


def probes(term, rng):
    return [Probe(SEVERAL, draw(term, rng, 6, 3)), Probe(SEVERAL, draw(term, rng, 4, 4), "as many pairs as numbers in a vector"), Probe(SEVERAL, draw(term, rng, 3, 2), "vectors in the plane"),
            Probe(ONE, draw(term, rng, 1, 5), "a single pair"), Probe(EXTREMES, extreme(term, float(rng.integers(2, 6))), "opposite, and at right angles")]


def question(term):
    made = functools.partial(model, term)
    line, axis = ("column" if term.columns else "row"), term.axis
    turned = (lambda A: A.T.copy()) if term.columns else (lambda A: A)
    asked, other = ("similarity", "distance") if term.similarity else ("distance", "similarity")
    formula = "cos" if term.similarity else "1 − cos"
    say = (lambda cos: cos) if term.similarity else (lambda cos: 1 - cos)
    return FunctionQuestion(
        name="cosine", function="cosine", parameters=("a", "b"), lecture=LECTURE, keeps_inputs=INPUTS, groups={SEVERAL: 5, ONE: 2, EXTREMES: 2, INPUTS: 1},
        reference=functools.partial(reference, term), model=made, hidden=functools.partial(probes, term),
        public=(Probe(SEVERAL, (turned(np.array([[3., 1, 0], [1, -2, 2]])), turned(np.array([[0., 1, 5], [-3, 2, 1]]))), "two pairs"), Probe(ONE, (turned(np.array([[1., 2, 0, -1]])), turned(np.array([[2., -1, 3, 1]]))), "a single pair"),
                Probe(EXTREMES, extreme(term), "opposite, and at right angles")),
        hints=(f"One pair is one {line} of a and the same {line} of b. Three numbers are needed: a·b, the length of a, the length of b.",
               "The length is the root of the sum of the squares. cos = a·b / (length of a times length of b).",
               f"`cos = (a * b).sum(axis={axis}) / (np.linalg.norm(a, axis={axis}) * np.linalg.norm(b, axis={axis}))`, then return {formula}."),
        mistakes=(
            Mistake(f"The {other} instead of the {asked}", f"You return {'1 − cos' if term.similarity else 'cos itself'}; asked for is {formula}.", knobs={"answer": (lambda cos: 1 - cos) if term.similarity else (lambda cos: cos)},
                    hints=("What should come out for two vectors of the same direction?", f"{'1' if term.similarity else '0'}.", f"Return {formula}.")),
            Mistake("The lengths are missing", "You return the product a·b as it is: longer vectors count for more. Only the direction should count.", knobs={"norm": lambda A: 1},
                    hints=("What happens when a is ten times as long?", "Nothing should.", "Divide by both lengths.")),
            Mistake("Divided by one length only", "One of the two lengths is left, so a longer vector still counts for more.", knobs={"norm_b": lambda B: 1}, also=(lambda a, b: made(a, b, norm=lambda A: 1, norm_b=length),),
                    hints=("Make a ten times as long, then b.", "Which of the two changes your answer?", "Divide by the length of a and by that of b.")),
            Mistake("The root is missing", "You divide by the squares of the lengths: the root of the sum of squares is the length.", knobs={"norm": lambda A: np.sum(A * A, axis=1)},
                    hints=("What is the length of (3, 4)?", "5, not 25.", "`np.sqrt(…)`, or `np.linalg.norm(a, axis=…)`.")),
            Mistake("The root of the product only once", "Your lengths share a root they should each have had, or lost one.", wrong=lambda a, b: made(a, b, norm_b=lambda B: np.sum(B * B, axis=1)), also=(lambda a, b: made(a, b, norm=lambda A: np.sum(A * A, axis=1), norm_b=length),),
                    hints=("What does your function say for a vector with itself?", "There cos is 1.", "A root for each of the two lengths.")),
            Mistake("Lengths as sums of absolute values", "You divide by |a₁| + |a₂| + …; the length is the root of the sum of squares.", knobs={"norm": lambda A: np.sum(np.abs(A), axis=1)},
                    hints=("What is the length of (3, 4)?", "5, not 7.", "`np.linalg.norm(a, axis=…)`.")),
            Mistake("One length for the whole table", f"Your length runs over all the vectors together; each {line} has its own.", wrong=lambda a, b: made(a, b, norm=lambda A: np.sqrt(np.sum(A * A))),
                    hints=("How many lengths does your function compute?", "What does `np.linalg.norm(a)` give for a table?", f"`np.linalg.norm(a, axis={axis})`.")),
            Mistake("Along the wrong axis" + (", or the library's rows" if term.columns else ""), f"You pair up different examples: one vector is one {line}." + (" In course_lib it is one row; this term has columns." if term.columns else ""), knobs={"turned": not term.columns},
                    hints=("How many numbers come out, and how many pairs are there?", f"Sum over the numbers of one {line}.", f"`axis={axis}`.")),
            Mistake("The angle itself", "You return the angle in radians; its cosine is asked for.", knobs={"answer": lambda cos: np.arccos(np.clip(cos, -1, 1))}, also=(lambda a, b: made(a, b, answer=lambda cos: np.degrees(np.arccos(np.clip(cos, -1, 1)))),),
                    hints=("Is there an arccos?", "What comes out at a right angle?", "Leave the arccos away.")),
            Mistake("The sign is lost", "You take the absolute value, so opposite directions count as the same.", knobs={"answer": lambda cos: say(np.abs(cos))}, also=(lambda a, b: made(a, b, answer=lambda cos: np.abs(cos)),) if not term.similarity else (lambda a, b: made(a, b, answer=lambda cos: cos ** 2),),
                    hints=("What should come out for opposite directions?", f"{'−1' if term.similarity else '2'}.", "No absolute value, no square.")),
            Mistake("Centred first", "You subtract each vector's mean first: that is the correlation. The direction itself is asked for.", wrong=lambda a, b: _centred(term, a, b),
                    hints=("Is there a mean in your function, or `corrcoef`?", "What is the cosine of (1, 1) and (1, 2)? Its correlation would not even exist.", "Use a and b as they are.")),
            Mistake("The distance between the tips", "You return the distance between the ends of the vectors, |a − b|, which depends on their lengths.", wrong=lambda a, b: np.linalg.norm(a - b, axis=axis), also=(lambda a, b: np.sum((a - b) ** 2, axis=axis),),
                    hints=("What happens when a is ten times as long?", "Nothing should.", "a·b over both lengths.")),
            Mistake("Each with each", "You compare every vector of a with every one of b; only the pairs that stand at the same place are asked for.", wrong=lambda a, b: _all_pairs(term, a, b),
                    hints=("How many numbers come out for two pairs?", "Two are asked for, not four.", f"`(a * b).sum(axis={axis})` instead of `@`.")),
            Mistake("The mean of all pairs" + ("" if term.columns else ", the library's own convention"), "You return one number for all pairs" + (". " if term.columns else ", as course_lib's loss does. ") + "Here each pair has its own.", wrong=lambda a, b: np.mean(made(a, b)),
                    also=(lambda a, b: np.mean(made(a, b, answer=lambda cos: 1 - cos)), lambda a, b: np.sum(made(a, b))) if not term.columns else (lambda a, b: np.sum(made(a, b)),),
                    hints=("How many numbers come out for two pairs?", "Two are asked for.", "No mean over the pairs.")),
            *((Mistake("The library's own convention", "That is what course_lib's loss gives: one vector in each row, and the mean of 1 − cos. This term has one vector in each column, and asks for a number for each pair.", wrong=lambda a, b: np.mean(model(term, a, b, turned=False, answer=lambda cos: 1 - cos)),
                       hints=("How many numbers come out for two pairs?", "Rows or columns?", f"`axis={axis}`, and no mean.")),) if term.columns else ()),
        ))


def _centred(term, a, b):
    return model(term, a - a.mean(axis=term.axis, keepdims=True), b - b.mean(axis=term.axis, keepdims=True))


def _all_pairs(term, a, b):
    A, B = (a.T, b.T) if term.columns else (a, b)
    cos = A @ B.T / length(A)[:, None] / length(B)
    return cos if term.similarity else 1 - cos
