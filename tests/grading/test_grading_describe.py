"""Where no mistake fits, the words for how an answer differs from the right one are true, useful, and tell no hidden number."""

import re

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignments import load
from autograder.describe import describe, describe_growth, first_difference, numbers, same, show
from autograder.questions import FunctionQuestion, Probe
from autograder.sandbox.session import Proxy

RNG = np.random.default_rng(7)
ROW = np.array([.7, -1.3, 2.1, .4, -.6])
TABLE = RNG.normal(size=(4, 3))
SQUARE = RNG.normal(size=(3, 3))
X = RNG.normal(size=(5, 3))

SAID = {
    "shape": (ROW[:3], ROW, "another shape than is right. It has shape (3,), right is (5,)"),
    "arranged differently": (ROW[:, None], ROW, "as many numbers as are right, but its shape is another"),
    "transposed": (TABLE.T, TABLE, "transpose of the right shape"),
    "a square": (ROW[:, None] - ROW, ROW, "a column met a row"),
    "a square for a column": (ROW[:, None] - ROW, ROW[:, None], "a column met a row"),
    "one number": (ROW.sum(), ROW, "summed or averaged too much"),
    "many for one": (ROW, ROW.sum(), "is a sum or a mean missing"),
    "nothing": (ROW[:0], ROW, "It is empty"),
    "NaN": (np.where(ROW > 0, ROW, np.nan), ROW, "2 of 5 numbers are NaN (not a number)"),
    "infinite": (np.where(ROW > 2, np.inf, ROW), ROW, "1 of 5 numbers is infinite"),
    "all NaN": (ROW * np.nan, ROW, "All numbers are NaN"),
    "sign": (-ROW, ROW, "Every number has the wrong sign"),
    "sign of one": (-2.5, 2.5, "The number has the wrong sign"),
    "ratio": (3 * ROW, ROW, "3 times the right one"),
    "half": (.5 * ROW, ROW, "0.5 times the right one"),
    "offset": (ROW + .25, ROW, "off by the same amount"),
    "the transpose of a square": (SQUARE.T, SQUARE, "It is the transpose of the right one"),
    "columns": (TABLE[:, [1, 2, 0]], TABLE, "The columns are right but stand in another order"),
    "rows": (TABLE[[3, 1, 2, 0]], TABLE, "The rows are right but stand in another order"),
    "reversed": (ROW[::-1], ROW, "in reverse order"),
    "shifted": (np.roll(ROW, 1), ROW, "one place too far"),
    "shuffled": (ROW[[2, 0, 1, 4, 3]], ROW, "stand in another order"),
    "constant": (np.full(5, .3), ROW, "the same, whatever the input"),
    "zeros": (np.zeros(5), ROW, "Every number is 0"),
    "cut off": (ROW.astype(int), ROW, "they were cut off"),
    "rounded": (np.round(ROW), ROW, "they were rounded"),
    "rounded down": (np.floor(ROW), ROW, "they were rounded down"),
    "complex": (ROW + 1j, ROW, "complex numbers"),
    "reciprocal": (1 / ROW, ROW, "1 divided by the right one"),
    "the other probability": (1 - np.array([.2, .9, .6]), np.array([.2, .9, .6]), "1 minus the right one"),
    "squared": (ROW ** 2, ROW, "the square of the right one"),
    "rooted": (np.sqrt([.2, .9, .6]), np.array([.2, .9, .6]), "the square root of the right one"),
    "logarithm": (np.log([.2, .9, .6]), np.array([.2, .9, .6]), "the logarithm of the right one"),
    "sizes": (np.abs(ROW), ROW, "negative numbers came out positive"),
    "some signs": (ROW * [1, -1, 1, 1, -1] * -1, ROW, "some signs are wrong"),
    "half precision": (np.float16(ROW * 1.001), ROW, "off by less than 1 %"),
    "nearly": (2.501, 2.5, "nearly right"),
    "the last": (ROW + [0, 0, 0, 0, 9], ROW, "Only the last of the numbers is not right"),
    "the first alone": (ROW + [0, 9, 1, 2, 7], ROW, "Only the first of the numbers is right"),
    "several": (ROW + [0, 9, 0, 2, 0], ROW, "2 of 5 numbers are not right"),
    "all of them": (ROW + [3, 9, -4, 2, 7], ROW, "None of the numbers is right"),
    "one number, wrong": (7.7, 2.5, "The number is not the right one"),
    "the wrong number of things": ((1, 2), (1, 2, 3), "It should return 3 things, but it returns 2 things"),
    "one thing": (ROW[0], (1., 2.), "It should return 2 things, but it returns one number"),
    "one of several": ((ROW, -ROW), (ROW, ROW), "The second of the 2 things it returns is wrong. Every number has the wrong sign"),
    "None among several": ((ROW, None), (ROW, ROW), "It returns None"),
    "text for numbers": (["a"], ROW, "hold text"),
    "numbers for text": (3, "softmax", "It should be text, but it is one number"),
}


@pytest.mark.parametrize("name", SAID)
def test_how_an_answer_differs_is_said(name):
    found, right, says = SAID[name]
    said = describe(found, right)
    assert says in said, said
    assert said.count(". ") <= 2 and said.endswith((".", "?"))


@pytest.mark.parametrize("found, right, told", [
    ((1., 2., 3.), (1., 5., 7.), (" as the second thing", 2., 5.)), ((1., "often"), (1., "never"), ("", "often", "never")), (2., (1., 2.), ("", 2., (1., 2.))), (3., 4., ("", 3., 4.)), ((1., 2., 3.), (1., 2.), ("", (1., 2., 3.), (1., 2.)))])
def test_of_several_things_the_first_wrong_one_is_evidence(found, right, told):
    assert first_difference(found, right) == told


def test_a_picture_is_shown_short_and_as_it_is_typed():
    assert show(np.arange(12.).reshape(2, 2, 3) / 4) == "[[[0, 0.25, 0.5], [0.75, 1, 1.25]], [[1.5, 1.75, 2], [2.25, 2.5, 2.75]]]"
    assert show(np.zeros((9, 9, 9))).count("…") == 1 + 4 + 16 and len(show(np.zeros((9, 9, 9, 9)))) < 1500


def test_a_sum_along_the_wrong_axis_is_seen_from_the_arguments():
    assert "one number for each column, where one for each row" in describe(X.sum(axis=0), X.sum(axis=1), args=(X,))
    assert "one number for each row, where one for each column" in describe(X.sum(axis=1), X.sum(axis=0), args=(X, ROW))


CASES = [(RNG.normal(size=n), RNG.normal(size=n)) for n in (3, 5, 8)]
ERRORS = [float(np.mean((y - p) ** 2)) for y, p in CASES]


@pytest.mark.parametrize("turn, says", [
    (lambda e, n: e * n, "It is N times the right one, N being the number of rows of its first argument"), (lambda e, n: e / n, "divided by N once too often"), (lambda e, n: e * n / (n - 1), "divided by N − 1"), (lambda e, n: e * n ** .5, "√N times"),
    (lambda e, n: e * n ** 2, "N² times"), (lambda e, n: e * n / 2, "A constant factor is off besides"), (lambda e, n: e * 2, "2 times the right one in every case"), (lambda e, n: e, ""), (lambda e, n: e + n, ""),
    (lambda e, n: -e, ""), (lambda e, n: None, ""), (lambda e, n: np.nan, ""), (lambda e, n: "text", "")])
def test_an_error_that_grows_with_the_rows_is_seen(turn, says):
    said = describe_growth([turn(error, len(y)) for error, (y, p) in zip(ERRORS, CASES)], ERRORS, CASES)
    assert (says in said) if says else said == "", said


def test_a_gradient_without_its_mean_is_seen_in_whole_arrays():
    right = [X[:n].T @ RNG.normal(size=n) / n for n in (2, 5)]
    assert "N times" in describe_growth([2 * right[0], 5 * right[1]], right, [(X[:2],), (X,)])
    assert describe_growth([2 * right[0], 4 * right[1]], right, [(X[:2],), (X,)]) == ""


def test_a_mean_over_the_columns_too_is_seen_and_the_argument_named():
    tables = [(w, RNG.normal(size=(4, d))) for d, w in ((2, np.ones(2)), (3, np.ones(3)))]
    said = describe_growth([table.mean() for _, table in tables], [table.sum(axis=1).mean() for _, table in tables], [(4., table) for _, table in tables], names=("eta", "P"))
    assert "divided by N, N being the number of columns of `P`" in said
    assert "rows of `w`" in describe_growth([2., 3.], [1., 1.], [(np.ones(2),), (np.ones(3),)], names=("w",))


def test_zero_stays_zero_and_hides_no_rule():
    assert "N times" in describe_growth([0., *(error * len(y) for error, (y, p) in zip(ERRORS, CASES))], [0., *ERRORS], [CASES[0], *CASES])


# ---------------------------------------------------------------- by the question, as a student sees it

def question():
    public = (Probe("all", (np.array([0., 1, 1]), np.array([.3, .2, .6]))), Probe("all", (np.array([1., 0]), np.array([.9, .2]))))
    return FunctionQuestion(name="error", groups={"all": 10}, function="error", parameters=("y", "p"), reference=lambda y, p: float(np.mean((y - p) ** 2)), public=public,
                            hidden=lambda rng: [Probe("all", (np.array([1., 0, 1, 0]), rng.uniform(.1, .9, size=4).round(4)))])


def ask(function, hidden=True):
    return question().judge({"error": function}.__getitem__, np.random.default_rng(3) if hidden else None, "A1")


@pytest.mark.parametrize("function, says", [
    (lambda y, p: np.sum((y - p) ** 2), "N times the right one, N being the number of rows of `y`"), (lambda y, p: (y - p) ** 2, "is a sum or a mean missing"), (lambda y, p: np.mean((y - p) ** 2) + np.random.rand(), "differently each time"),
    (lambda y, p: 1j * np.mean((y - p) ** 2), "complex")])
def test_a_mistake_that_nobody_catalogued_is_described(function, says):
    for hidden in (True, False):
        verdict = ask(function, hidden)
        assert says in f"{verdict.headline} {verdict.explanation}" and not verdict.mistakes and verdict.points == 0


def test_an_answer_that_is_kept_from_call_to_call_is_noticed():
    def error(y, p, seen=[]):
        seen.append(np.mean((y - p) ** 2))
        return sum(seen)
    assert "from one call to the next" in ask(error).explanation


# ---------------------------------------------------------------- hidden numbers

def digits(text):
    return re.findall(r"\d+", text)


@pytest.mark.parametrize("name", SAID)
def test_of_a_hidden_case_no_number_is_told(name):
    found, right, _ = SAID[name]
    allowed = {"0", "1", "2", "3"}                                  # "0 / 0", "1 divided by", "off by less than 1 %", "It should return 3 things"
    assert set(digits(describe(found, right, hidden=True))) <= allowed, describe(found, right, hidden=True)


@given(arrays.arrays(float, arrays.array_shapes(max_dims=2, max_side=6), elements=st.floats(-1e6, 1e6)), arrays.arrays(float, arrays.array_shapes(max_dims=2, max_side=6), elements=st.floats(-1e6, 1e6)))
@settings(max_examples=150, deadline=None)
def test_something_is_said_of_any_wrong_answer_and_no_number_of_a_hidden_case(found, right):
    if not same(found, right):
        assert describe(found, right)
        assert set(digits(describe(found, right, hidden=True))) <= {"0", "1"}


@pytest.mark.parametrize("leak", [lambda y, p: np.zeros(int(1e4 * p[0])), lambda y, p: np.mean((y - p) ** 2) * p[0], lambda y, p: {"secret": p}, lambda y, p: type(f"p{int(1e4 * p[0])}", (), {}), lambda y, p: [str(p[0])],
                                  lambda y, p: exec(f"raise type('p{int(1e4 * p[0])}', (ValueError,), {{}})({p[0]})"), lambda y, p: exec("\n" * int(1e4 * p[0]) + "1 / 0"), lambda y, p: print(p)])
def test_code_that_answers_with_the_hidden_case_itself_learns_nothing(leak):
    asked = question()
    hidden = asked.hidden(np.random.default_rng(3))[0].args[1]
    known = [tuple(probe.args[1]) for probe in asked.public]
    verdict = ask(lambda y, p: asked.reference(y, p) if tuple(p) in known else leak(y, p))
    said = f"{verdict} {verdict.to_html()} {verdict.to_dict()}"
    assert verdict.points == 0
    for number in hidden:
        assert f"{number:.4f}"[2:] not in said and str(int(1e4 * number)) not in said, said


def test_something_endless_in_the_students_process_is_not_gone_through():
    class Session:
        life = 1

        def _call(self, *args):
            raise AssertionError("the student's object was asked for its parts")

    endless = Proxy(Session(), 0, "object", "Endless", "Endless")
    for value in (endless, [endless], (1, [endless])):
        assert numbers(value) is None and "object" in describe(endless, ROW)


def test_every_assignments_right_answers_differ_in_nothing():
    for one in load("A1").questions:
        if isinstance(one, FunctionQuestion):
            answers = [one.expected(probe) for probe in one.public]
            assert describe_growth(answers, answers, [probe.args for probe in one.public]) == ""
