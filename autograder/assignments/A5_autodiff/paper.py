"""A5, question 3: one walk on paper, with the student's own numbers."""

from functools import partial

import numpy as np

from autograder.questions import Sheet, TableQuestion

from .shared import LECTURE, mistake


FORWARD, BARS = "forward", "back"


def paper_numbers(variant):
    """a, b and k of e = (a + b) · (k b): small whole numbers, so that every mistake shows."""
    rng = variant.rng("paper")
    while True:
        a, b, k = (int(number) for number in rng.integers(-4, 6, size=3))
        c, d = a + b, k * b
        if min(abs(a), abs(b), abs(c), abs(d)) > 0 and k not in (-1, 0, 1) and len({abs(c), abs(d), abs(k * c), abs(d + k * c), abs(d + c), 1}) == 6 and d + k * c:
            return a, b, k


def paper(numbers):
    a, b, k = numbers
    return Sheet({
        "c, d": lambda so_far: np.array([a + b, k * b]),
        "e": lambda so_far: so_far["c, d"].prod(),
        "c̄, d̄": lambda so_far: so_far["c, d"][::-1],
        "ā, b̄": lambda so_far: np.array([so_far["c̄, d̄"][0], so_far["c̄, d̄"] @ [1, k]])})


def paper_question(numbers):
    a, b, k = numbers
    return TableQuestion(
        name="on_paper", groups={FORWARD: 2, BARS: 3}, lecture=LECTURE, table=partial(paper, numbers),
        names={"c, d": "paper_c_d", "e": "paper_e", "c̄, d̄": "paper_bars_c_d", "ā, b̄": "paper_bars_a_b"}, columns={"c, d": FORWARD, "e": FORWARD, "c̄, d̄": BARS, "ā, b̄": BARS},
        hints=("First all values, from a and b to e. Then the bars, from e back: what came back to the result, times the slope on the edge.", "Multiplication switches: c̄ is d's number. Addition hands on.",
               "b is used twice, in c and in d: b̄ is the sum of both shares."),
        mistakes=(
            mistake("One share is missing", "Your b̄ is one of its two shares: b is used in c and in d, and both hand something back.", column="ā, b̄", rule=lambda so_far: so_far["c̄, d̄"] * [1, k],
                     hints=("How many arrows leave b?", "Two: one share comes through c, one through d.", "Add both shares.")),
            mistake("Only the share through c", "Your b̄ is the share that comes through c; the one through d is missing.", column="ā, b̄", rule=lambda so_far: so_far["c̄, d̄"][[0, 0]],
                     hints=("How many arrows leave b?", "Two: one share comes through c, one through d.", "Add both shares.")),
            mistake("The slope between b and d is left out", f"Your b̄ adds d̄ itself; on the edge from b to d stands {k}.", column="ā, b̄", rule=lambda so_far: np.array([so_far["c̄, d̄"][0], so_far["c̄, d̄"].sum()]),
                     hints=("If b grows by a tiny bit, how much does d grow?", f"{k} times as much.", "The share is d̄ times the slope on that edge.")),
            mistake("The factors are not switched", "Your c̄ is c's own number and d̄ is d's; a product switches them.", column="c̄, d̄", rule=lambda so_far: so_far["c, d"],
                     hints=("If c grows by a tiny bit, how much does e grow?", "d times as much.", "c̄ = d and d̄ = c.")),
            mistake("Multiplication treated like addition", "Your c̄ and d̄ are both 1; a product hands back the other factor.", column="c̄, d̄", rule=lambda so_far: np.ones(2),
                     hints=("If c grows by a tiny bit, how much does e grow?", "d times as much.", "c̄ = d and d̄ = c.")),
            mistake("Added instead of multiplied", "Your e is c + d; the formula multiplies them.", column="e", rule=lambda so_far: so_far["c, d"].sum(),
                     hints=("Read the third line of the formula again.", "e is c times d.", "Multiply the two numbers of the line above.")),
            mistake("Multiplied instead of added", "Your c is a · b; the formula adds them.", column="c, d", rule=lambda so_far: np.array([a * b, k * b]),
                     hints=("Read the first line of the formula again.", "c is a plus b.", "Mind the signs.")),
        ))
