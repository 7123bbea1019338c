"""Where no mistake fits a hand-filled column or a choice, what is said of it is true, useful, and no way to the right number."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.assignments import load
from autograder.questions import Choice, ChoiceQuestion, Sheet, TableQuestion
from autograder.questions.columns import explain_column
from autograder.questions.sheet import Cell

RIGHT = np.array([.38, .82, -1.25, 2.4, -.6, 1.1])
OTHER = np.array([1.5, -.5, 2.5, 3.5, .25, 7.])


def cells(written, right=RIGHT):
    """The cells of a column as a report has them; None where nothing is written."""
    return [Cell("p", row, one, float(expected), one is not None and abs(one - expected) <= .0100001) for row, (one, expected) in enumerate(zip(written, right))]


def said(written, right=RIGHT, others=None, solution=None, decimals=2):
    written = [None if one is None else float(one) for one in np.atleast_1d(np.array(written, object))]
    return explain_column(cells(written, np.atleast_1d(right)), others, solution, decimals)


SAID = {
    "the sign": (-RIGHT, "Every number has the right size and the wrong sign."),
    "the sign of one": (RIGHT * [1, 1, -1, 1, 1, 1], "Number 3 has the right size and the wrong sign."),
    "the sign of some": (RIGHT * [1, -1, -1, 1, 1, -1], "Numbers 2, 3 and 6 have the right size and the wrong sign."),
    "percent": (np.round(100 * RIGHT), "Every number is a hundred times the right one. Is it in percent, where a fraction is asked for?"),
    "the decimal point": (10 * RIGHT, "Every number is ten times the right one: the decimal point stands one place too far to the right."),
    "the decimal point of one": (RIGHT * [1, 1, 1, 1, 10, 1], "Number 5 is ten times the right one: the decimal point"),
    "twice": (2 * RIGHT, "Every number is twice the right one."),
    "half": (RIGHT / 2, "Every number is half the right one."),
    "half of two": (RIGHT * [1, 1, .5, .5, 1, 1], "Numbers 3 and 4 are half the right ones."),
    "twice, with the sign": (-2 * RIGHT, "Every number is twice the right one. The sign is wrong besides."),
    "a sum": (6 * RIGHT, "6 times the right one, and there are 6 numbers. Is it a sum, where a mean is asked for?"),
    "a mean": (RIGHT / 6, "the right one divided by 6, and there are 6 numbers. Is it a mean, where a sum is asked for?"),
    "one decimal": (np.round(RIGHT, 1), "Every number is rounded to 1 decimal; 2 decimals are asked for."),
    "whole numbers": (np.round(RIGHT), "Every number is a whole number; 2 decimals are asked for."),
    "cut off": (np.trunc(RIGHT * 10) / 10, "Every number is cut off after 1 decimal; 2 decimals are asked for."),
    "rounded early": (RIGHT * 1.04, "Every number is nearly right. Was something rounded on the way, before the last step?"),
    "one rounded early": (RIGHT + [0, .03, 0, 0, 0, 0], "Number 2 is nearly right."),
    "an offset": (RIGHT + .75, "Every number is off by the same amount."),
    "the other probability": (1 - RIGHT, "Every number is 1 minus the right one."),
    "the reciprocal": (1 / RIGHT, "Every number is 1 divided by the right one."),
    "squared": (RIGHT ** 2, "Every number is the square of the right one."),
    "a row late": (np.array([7, *RIGHT[:-1]]), "one place too low: number 1 stands at place 2"),
    "a row early": (np.array([*RIGHT[1:], 7]), "one place too high: number 2 stands at place 1"),
    "reversed": (RIGHT[::-1], "in reverse order"),
    "two exchanged": (RIGHT[[0, 4, 2, 3, 1, 5]], "Numbers 2 and 5 are exchanged"),
    "shuffled": (RIGHT[[1, 2, 0, 3, 4, 5]], "stand in another order"),
    "all alike": (np.full(6, .5), "All its numbers are the same"),
    "another column": (OTHER, "These are the numbers of `paper_h`."),
    "other numbers before": (np.array([9., 8, 7, 6, 5, 3]), "This would follow from other numbers than those that you wrote before it."),
    "one": (RIGHT + [0, 0, 0, 5, 0, 0], "Number 4 of its 6 is wrong, the others come out of the rule."),
    "some": (RIGHT + [3.3, 0, 0, 5.1, 0, 1.7], "Numbers 1, 4 and 6 of its 6 are wrong, the others come out of the rule."),
    "all": (RIGHT + [3.3, 2.2, -4, 5.1, 9, 1.7], "None of its 6 numbers comes out of the rule"),
    "with gaps": ([None, -.82, 1.25, None, .6, None], "Every number has the right size and the wrong sign."),
}


@pytest.mark.parametrize("name", SAID)
def test_a_column_nobody_foresaw_is_described(name):
    written, words = SAID[name]
    told = said(written, others={"`paper_h`": OTHER}, solution=np.array([9., 8, 7, 6, 5, 3]))
    assert words in told, told
    assert "{" not in told and told[-1] in ".?" and told[0].isupper()


@pytest.mark.parametrize("written, right, words", [
    (-.38, .38, "The number has the right size and the wrong sign."), (.76, .38, "The number is twice the right one."), (38., .38, "a hundred times"), (.4, .384, "The number is rounded to 1 decimal; 2 decimals"),
    (.36, .375, "nearly right"), (7.3, .38, "It is not the number that the rule gives with your own numbers before it."), (0., .38, "whole number"), (3., .38, "It is not the number")])
def test_a_single_number_is_described(written, right, words):
    assert words in said(written, right)


def test_what_is_asked_to_three_decimals_is_judged_so():
    right = np.array([.0123, -.0456, .0789])
    assert "rounded to 2 decimals; 3 decimals are asked for" in said(np.round(right, 2), right, decimals=3)
    assert "wrong sign" in said(-np.round(right, 3), right, decimals=3)


def test_zeros_and_ones_are_not_called_shuffled():
    right = np.array([0., 1, 1, 0, 1, 1])
    assert "order" not in said(right[::-1] * 0 + [1, 1, 0, 1, 1, 0], right) and "place" not in said([1, 1, 1, 0, 0, 1], right)
    assert said(1 - right, right) == "Every number is 1 minus the right one."


numbers = st.lists(st.floats(-20, 20).map(lambda value: round(value, 2)), min_size=1, max_size=7)


@given(numbers, st.data())
@settings(max_examples=300, deadline=None)
def test_something_is_said_of_any_wrong_column_and_its_right_numbers_are_not_told(right, data):
    written = data.draw(st.lists(st.none() | st.floats(-20, 20).map(lambda value: round(value, 2)), min_size=len(right), max_size=len(right)))
    assume(any(not cell.ok and cell.given is not None for cell in cells(written, right)))
    told = said(written, right)
    assert told and "{" not in told
    places = {str(place) for place in range(1, len(right) + 1)}
    assert set(re.findall(r"\d+(?:\.\d+)?", told)) <= places | {"0", "1", "2", str(len(right))}, told


@given(st.sampled_from([.5, 2., 3., 10., .1, 100.]), st.integers(3, 7), st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_a_factor_that_is_named_is_the_factor(factor, count, seed):
    right = np.round(np.random.default_rng(seed).uniform(.5, 9, size=count), 2)
    told = said(np.round(factor * right, 2), right)
    words = {.5: "half", 2.: "twice", 3.: "three times", 10.: "ten times", .1: "a tenth", 100.: "a hundred times"}[factor]
    assert words in told or f"{factor:g} times" in told, (told, right)


# ---------------------------------------------------------------- by the questions, as a student sees it

def table_question():
    return TableQuestion(name="paper", groups={"first": 4, "then": 4}, columns={"h": "first", "p": "then"}, names={"h": "paper_h", "p": "paper_p"},
                         table=lambda: Sheet({"h": lambda so: np.array([1., -2, .5, 3]), "p": lambda so: so["h"] ** 2 + .25}))


def test_the_verdict_names_the_column_and_what_is_wrong_in_it_on_the_students_own_numbers():
    verdict = table_question().judge({"paper_h": [-1, 2, -.5, -3], "paper_p": [1.25, 4.25, .5, 9.25]}.__getitem__)
    assert "`paper_h`: Every number has the right size and the wrong sign." in verdict.explanation and "paper_p" not in verdict.explanation and verdict.points == 4
    verdict = table_question().judge({"paper_h": [1, -2, .5, 3], "paper_p": [1.2, 4.2, .5, 9.2]}.__getitem__)
    assert "`paper_p`: Every number is rounded to 1 decimal; 2 decimals are asked for." in verdict.explanation
    verdict = table_question().judge({"paper_h": [1, -2, .5, 4], "paper_p": [1.25, 4.25, .5, 9.25]}.__getitem__)
    assert "`paper_h`: Number 4 of its 4 is wrong" in verdict.explanation and "`paper_p`: This would follow from other numbers than those that you wrote before it." in verdict.explanation
    verdict = table_question().judge({"paper_h": [1.25, 4.25, .5, 9.25], "paper_p": [None] * 4}.__getitem__)
    assert "`paper_h`: " in verdict.explanation and "paper_p" not in verdict.explanation


@pytest.mark.parametrize("assignment", ["A1", "A2", "A4", "A5", "A6", "A9"])
def test_every_table_of_the_course_says_something_of_unforeseen_numbers(assignment):
    rng = np.random.default_rng(5)
    for question in (one for one in load(assignment, "2027-spring").questions if isinstance(one, TableQuestion)):
        solution = {name: np.atleast_1d(question.table().solution()[column]) for column, name in question.names.items()}
        for turn in (lambda right: right + rng.uniform(5, 9, size=right.shape).round(2), lambda right: right * 1.03 + .02, lambda right: -right - 7):
            wrong = {name: list(np.round(turn(right), 2)) for name, right in solution.items()}
            verdict = question.judge(wrong.__getitem__)
            assert verdict.explanation and "{" not in verdict.explanation and verdict.points < verdict.most


WORDS = {"softmax": "several probabilities with sum 1", "plain": "a number of any size"}


def choice_question():
    choices = {name: Choice("all", ("sigmoid", "softmax", "plain"), ("sigmoid",), means=WORDS) for name in ("output_a", "output_b")}
    return ChoiceQuestion(name="outputs", groups={"all": 4}, choices=choices)


def test_a_wrong_choice_is_told_what_it_would_mean_and_nothing_in_practice():
    asked, chosen = choice_question(), {"output_a": "sigmoid", "output_b": "softmax"}
    verdict = asked.judge(chosen.__getitem__, np.random.default_rng(0))
    assert "`output_b`: \"softmax\" means several probabilities with sum 1." in verdict.explanation and "output_a" not in verdict.explanation
    assert "means" not in str(asked.judge(chosen.__getitem__))


@pytest.mark.parametrize("assignment", [f"A{place}" for place in range(1, 10)])
def test_no_wrong_choice_of_the_course_is_left_without_a_word(assignment):
    for question in (one for one in load(assignment, "2027-spring").questions if isinstance(one, ChoiceQuestion)):
        right = {name: choice.right[0] for name, choice in question.choices.items()}
        for name, choice in question.choices.items():
            for option in set(choice.options) - set(choice.right):
                verdict = question.judge({**right, name: option}.__getitem__, np.random.default_rng(0))
                assert verdict.mistakes or f"`{name}`" in verdict.explanation, (assignment, question.name, name, option)
                assert verdict.points < verdict.most and not any(f'"{one}"' in verdict.explanation for one in choice.right), verdict.explanation
