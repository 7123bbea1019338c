"""Every catalogued mistake is recognised by its own name, and no right answer, however written, loses a point."""

import math
import re

import numpy as np
import pytest

from autograder.assignments import folders, load
from autograder.authoring.kill_matrix import followed_through
from autograder.questions import FunctionQuestion, Observation, TableQuestion, ValuesQuestion
from autograder.variants import Secret, Variant

ASSIGNMENTS = sorted(folders())
QUESTIONS = [pytest.param(name, question, id=f"{name}-{question.name}") for name in ASSIGNMENTS for question in load(name).questions]
SECRETS = [Secret(bytes([number]) * 32) for number in range(12)]


def judge(question, names, secret=SECRETS[0], assignment="A1"):
    """The verdict on a dictionary of names, hidden cases included."""
    return question.judge(names.__getitem__ if question.automatic else None, secret.rng(Variant(assignment), question.name), assignment)


def practise(question, names):
    return question.judge(names.__getitem__, None, "A1")


def wrong_versions():
    return list(_wrong_versions())


def _wrong_versions():
    for name in ASSIGNMENTS:
        for question in load(name).questions:
            for mistake in question.mistakes if isinstance(question, FunctionQuestion) else ():
                for number, wrong in enumerate((question.wrong(mistake), *mistake.also)):
                    yield pytest.param(name, question, mistake, wrong, id=f"{name}-{question.name}-{mistake.name}-{number}")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("secrets", [SECRETS[:2], pytest.param(SECRETS[2:], marks=pytest.mark.slow)], ids=["two keys", "ten keys"])
@pytest.mark.parametrize("name, question, mistake, wrong", wrong_versions())
def test_a_mistake_is_named_whatever_the_hidden_draws(name, question, mistake, wrong, secrets):
    for secret in secrets:
        verdict = judge(question, {question.function: wrong}, secret, name)
        assert verdict.mistakes == (mistake.name,), str(verdict)
        assert verdict.points < question.points
        assert verdict.hints == mistake.hints and all(verdict.hints) and verdict.explanation and verdict.lecture


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name, question, mistake, wrong", wrong_versions())
def test_practice_sees_the_mistake_too_and_shows_a_public_case(name, question, mistake, wrong):
    verdict = practise(question, {question.function: wrong})
    assert verdict.mistakes == (mistake.name,) and verdict.practice, str(verdict)
    assert re.search(rf"`[^`]*\b{question.function}\b", verdict.evidence), str(verdict)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_chosen_values_are_recognised(name):
    for question in load(name).questions:
        if isinstance(question, ValuesQuestion):
            assert judge(question, question.example).points == question.points
            for mistake in question.mistakes:
                verdict = judge(question, mistake.example)
                assert verdict.mistakes == (mistake.name,) and verdict.points < question.points and verdict.evidence, str(verdict)


@pytest.mark.parametrize("name", ASSIGNMENTS)
@pytest.mark.parametrize("term", ["", "2027-spring", "2027-autumn"])
def test_a_wrong_column_is_recognised_and_the_columns_after_it_are_judged_on_it(name, term):
    for question in load(name, term).questions:
        if isinstance(question, TableQuestion):
            for mistake in question.mistakes:
                filled = followed_through(question, mistake)
                verdict = judge(question, {question.names[column]: list(values) for column, values in filled.items()})
                assert verdict.mistakes == (mistake.name,), str(verdict)
                lost = {group.name for group in verdict.groups if group.points < group.most}
                assert lost == {question.columns[mistake.column]}, str(verdict)


@pytest.mark.parametrize("name, question", QUESTIONS)
def test_mistakes_have_names_of_their_own_and_all_that_a_student_reads(name, question):
    names = [mistake.name for mistake in question.mistakes]
    assert len(set(names)) == len(names)
    for mistake in question.mistakes:
        assert mistake.sentence.endswith(".") and len(mistake.hints) == 3 and all(mistake.hints)
    assert question.points > 0


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_an_assignment_is_worth_a_hundred_points(name):
    assert load(name).points == 100


# ---------------------------------------------------------------- right, in other words

def loop_sum(X, w, b):
    h = []
    for row in X:
        total = 0.0
        for value, weight in zip(row, w):
            total += value * weight
        h.append(total + b)
    return h


def stable(h):
    return np.where(h >= 0, 1 / (1 + np.exp(-np.abs(h))), np.exp(-np.abs(h)) / (1 + np.exp(-np.abs(h))))


def masked(h):
    p = np.zeros_like(h)
    p[h >= 0] = 1 / (1 + np.exp(-h[h >= 0]))
    p[h < 0] = np.exp(h[h < 0]) / (1 + np.exp(h[h < 0]))
    return p


def one_by_one(h):
    return [1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x)) for x in h]


RIGHT = {
    "weighted_sum": [
        lambda X, w, b: X @ w + b, lambda X, w, b: np.dot(X, w) + b, lambda X, w, b: (X * w).sum(axis=1) + b, loop_sum, lambda X, w, b: tuple(loop_sum(X, w, b)),
        lambda X, w, b: np.float32(X) @ np.float32(w) + np.float32(b), lambda X, w, b: np.einsum("nd,d->n", X, w) + b,
        lambda X, w, b: (X @ w.reshape(-1, 1) + b).ravel(), lambda X, w, b: np.array([sum(x * v for x, v in zip(row, w)) + b for row in X.tolist()]),
        lambda X, w, b: w @ X.T + b, lambda X, w, b: [float(np.inner(row, w)) + b for row in X]],
    "sigmoid": [
        stable, masked, one_by_one, lambda h: .5 * (1 + np.tanh(h / 2)), lambda h: 1 / (1 + np.exp(-np.clip(h, -500, 500))), lambda h: np.float32(stable(h)),
        lambda h: np.exp(-np.logaddexp(0, -h)), lambda h: 1 / (1 + np.exp(-h)), lambda h: np.exp(np.minimum(h, 0)) / (1 + np.exp(-np.abs(h))),
        lambda h: [0.0 if x < -700 else 1 / (1 + math.exp(-x)) for x in h.tolist()], lambda h: 1.0 / (np.exp(-h.astype(np.float32)) + 1)],
    "predict": [
        lambda X, w, b: (X @ w + b, stable(X @ w + b), stable(X @ w + b) >= .5),
        lambda X, w, b: [loop_sum(X, w, b), one_by_one(loop_sum(X, w, b)), [1 if p >= .5 else 0 for p in one_by_one(loop_sum(X, w, b))]],
        lambda X, w, b: (X @ w + b, stable(X @ w + b), np.where(X @ w + b >= 0, 1, 0)),
        lambda X, w, b: np.array([X @ w + b, stable(X @ w + b), (X @ w + b >= 0) * 1.0]),
        lambda X, w, b: (np.float32(X @ w + b), np.float32(stable(X @ w + b)), np.float32(X @ w + b >= 0)),
        lambda X, w, b: (X @ w + b, stable(X @ w + b), np.floor(stable(X @ w + b) + .5).astype(int)),
        lambda X, w, b: (X @ w + b, stable(X @ w + b), np.heaviside(X @ w + b, 1))],
    "squared_error": [
        lambda y, p: np.mean((y - p) ** 2), lambda y, p: ((p - y) ** 2).mean(), lambda y, p: sum((a - b) ** 2 for a, b in zip(y, p)) / len(y),
        lambda y, p: float(np.square(y - p).sum() / y.size), lambda y, p: np.dot(y - p, y - p) / len(y), lambda y, p: np.float32(np.mean(np.float32(y - p) ** 2)),
        lambda y, p: np.linalg.norm(y - p) ** 2 / len(y), lambda y, p: [np.mean((y - p) ** 2)], lambda y, p: np.mean(np.power(np.abs(y - p), 2))],
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("question, right", [pytest.param(q, f, id=f"{q}-{n}") for q, versions in RIGHT.items() for n, f in enumerate(versions)])
def test_a_right_answer_in_other_words_gets_full_marks(question, right):
    question = load("A1")[question]
    for secret in SECRETS:
        verdict = judge(question, {question.function: right}, secret)
        assert verdict.points == question.points and verdict.status == "right", str(verdict)
    assert practise(question, {question.function: right}).status == "right"


@pytest.mark.parametrize("w_and, b_and", [([1, 1], -1.5), ((2, 2), -3), (np.array([10, 10]), np.float32(-15)), ([.6, .6], -1), ([1, 1], [-1.5]), (np.array([[3.], [3.]]).ravel(), -4), ([1, 2], -2.5), ([1, 1], -2)])
def test_many_weights_compute_and(w_and, b_and):
    verdict = judge(load("A1")["and_weights"], {"w_and": w_and, "b_and": b_and})
    assert verdict.points == 15, str(verdict)


@pytest.mark.parametrize("form", [list, tuple, np.array, lambda values: [f"{v:.2f}" for v in values] and [np.float32(v) for v in values], lambda values: [round(v, 4) for v in values]])
@pytest.mark.parametrize("digits", [2, 3, 17])
def test_a_right_table_in_any_form(form, digits):
    question = load("A1")["hand_table"]
    solution = question.table().solution()
    verdict = judge(question, {name: form([round(float(value), digits) for value in solution[column]]) for column, name in question.names.items()})
    assert verdict.points == 20, str(verdict)


# ---------------------------------------------------------------- and what is no answer

def test_two_mistakes_together_are_both_named():
    question = load("A1")["predict"]
    verdict = judge(question, {"predict": lambda X, w, b: question.model(X, w, b, bias=0, decide=lambda h, p: p > .5)})
    assert set(verdict.mistakes) == {"Forgot the bias", "Rounded at one half"}


def test_the_public_cases_alone_earn_nothing():
    question = load("A1")["sigmoid"]
    known = {tuple(probe.args[0]): question.reference(*probe.args) for probe in question.public}
    verdict = judge(question, {"sigmoid": lambda h: known.get(tuple(h), np.zeros_like(h))})
    assert verdict.points == 0 and "hidden" in verdict.evidence


@pytest.mark.parametrize("value, says", [(lambda h: None, "return"), (lambda h: print(h), "prints"), (lambda h: "0.5", "text"), (lambda h: ..., "dots"), (lambda h: h[:1] * 0, "shape"),
                                         (lambda h: -1 / (1 + np.exp(-h)), "sign"), (lambda h: 3 / (1 + np.exp(-h)), "3 times"), (lambda h: undefined, "not defined"),  # noqa: F821
                                         (lambda: 0, "called with 1 argument"), (lambda h: 1 / 0, "divided by zero"), (.5, "not a function")])
@pytest.mark.filterwarnings("ignore")
def test_an_answer_that_fits_no_mistake_is_described(value, says):
    verdict = practise(load("A1")["sigmoid"], {"sigmoid": value})
    assert says in str(verdict) and verdict.points < 15, str(verdict)


def test_a_function_that_changes_its_arguments_loses_only_that_point():
    def impure(X, w, b):
        X *= w
        return X.sum(axis=1) + b
    verdict = judge(load("A1")["weighted_sum"], {"weighted_sum": impure})
    assert verdict.points == 9 and "argument" in str(verdict)


def test_a_warning_is_remarked_upon_and_costs_nothing():
    verdict = judge(load("A1")["sigmoid"], {"sigmoid": lambda h: 1 / (1 + np.exp(-h))})
    assert verdict.points == 15 and "overflow" in verdict.remarks[0]


def test_an_error_on_a_hidden_case_tells_no_hidden_number():
    def spiteful(h):
        if 0.5 in abs(h) or 1000 in h:
            return stable(h)
        raise ValueError(f"secret {h}")
    verdict = judge(load("A1")["sigmoid"], {"sigmoid": spiteful})
    assert verdict.points < 15 and "secret" not in str(verdict) + verdict.to_html()


@pytest.mark.parametrize("value, other, alike", [
    ((np.ones((2, 3)), 1.), None, False), ((np.ones((2, 3)), 1.), [np.ones((2, 3)), 1.], True), ((np.ones((2, 3)), 1.), [np.ones((2, 3)), 2.], False), ((np.ones(2), 1.), "text", False),
    ({"w": np.ones(2)}, {"w": np.ones(2)}, True), ({"w": np.ones(2)}, {"w": np.zeros(2)}, False), ({"w": 1.}, {"b": 1.}, False), (None, None, True), ([np.nan, 1], (np.nan, 1), True), (np.ones((2, 2)), ((1, 1), (1, 1)), True), (np.ones(2), (1, 2), False)])
def test_two_observations_are_alike_only_where_their_parts_are(value, other, alike):
    assert Observation(value).agrees(Observation(other)) == alike
