"""A1 and A2 in other terms: who reads nothing but the conventions' words, and solves by loops and by nudging, gets full marks."""

import inspect
import math

import numpy as np
import pytest

from autograder.assignments import load
from autograder.authoring.proof import TRIAL
from autograder.variants import Variant

TERMS = ["", *(f"term{number}" for number in range(14))]


def judge(name, term, question, answers):
    return load(name, term)[question].judge(answers.__getitem__, TRIAL.rng(Variant(name, term), question), name)


def asked(order, function):
    """The function with its arguments in the order that the words name: "w, b, X"."""
    names = order.split(", ")
    assert set(names) == set(inspect.signature(function).parameters)
    return lambda *args: function(**dict(zip(names, args)))


# ---------------------------------------------------------------- A1

def columns_by_loops(words, X, w, b):
    examples = [[X[j][i] for j in range(len(w))] for i in range(len(X[0]))] if words["examples in X"].endswith("column") else X
    h = [sum(weight * value for weight, value in zip(w, x)) + b for x in examples]
    p = [1 / (1 + math.exp(-value)) for value in h]
    tie = words["a tie, p = .5"] == "counts as 1"
    return {"h": h, "p": p, "y_hat": [int(value > 0 or (tie and value == 0)) for value in h]}


def squared(words, y, p):
    total = sum((a - b) ** 2 for a, b in zip(y, p))
    return {"mean of the squares": total / len(y), "half the mean of the squares": total / len(y) / 2, "sum of the squares": total}[words["error"]]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("term", TERMS)
def test_a1_by_loops(term):
    words = load("A1", term).conventions
    order = words["arguments of weighted_sum and predict"]
    answers = {"weighted_sum": asked(order, lambda X, w, b: columns_by_loops(words, X, w, b)["h"]),
               "predict": asked(order, lambda X, w, b: [columns_by_loops(words, X, w, b)[name] for name in words["predict returns"].split(", ")]),
               "squared_error": lambda y, p: squared(words, y, p)}
    for question in answers:
        verdict = judge("A1", term, question, answers)
        assert verdict.points == verdict.most, str(verdict)


WEIGHTS = {"AND": ([3, 3], -4), "OR": ([3, 3], -2), "NAND": ([-3, -3], 4), "NOR": ([-3, -3], 2)}


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("tried", list(WEIGHTS))
def test_a1_asks_for_its_own_gate(term, tried):
    gate = load("A1", term).conventions["gate"]
    w, b = WEIGHTS[tried]
    verdict = judge("A1", term, "and_weights", {f"w_{gate.lower()}": w, f"b_{gate.lower()}": b})
    assert (verdict.points == verdict.most) == (tried == gate), str(verdict)


# ---------------------------------------------------------------- A2

class Nudged:
    """A neuron of a term's words whose every slope is a central difference of its loss: no formula of a slope is used."""

    def __init__(self, words):
        self.words = words
        self.activation = math.tanh if words["activation and labels"].startswith("tanh") else lambda h: 1 / (1 + math.exp(-h))

    def pair(self, d_w, d_b, *rest):
        return (d_w, d_b, *rest) if self.words["returned first"] == "weights" else (d_b, d_w, *rest)

    def loss(self, X, y, w, b):
        total = sum((label - self.activation(float(np.dot(w, x)) + b)) ** 2 for x, label in zip(X, y))
        return {"the mean of the squares": total / len(y), "half the mean of the squares": total / len(y) / 2, "the sum of the squares": total}[self.words["loss"]]

    def slopes(self, f, w, b, nudge=1e-5):
        d_w = [(f(w + e, b) - f(w - e, b)) / (2 * nudge) for e in np.eye(len(w)) * nudge]
        return self.pair(np.array(d_w), (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge))

    def gradients(self, X, y, w, b):
        return self.slopes(lambda w, b: self.loss(X, y, w, b), w, b)

    def local_slopes(self, x, y, h, p):
        one_row = lambda p: (y - p) ** 2 / (2 if self.words["loss"].startswith("half") else 1)          # noqa: E731
        return (one_row(p + 1e-5) - one_row(p - 1e-5)) / 2e-5, (self.activation(h + 1e-5) - self.activation(h - 1e-5)) / 2e-5, x

    def numerical_gradient(self, f, w, b, nudge):
        return self.slopes(f, w, b, nudge)

    def step(self, w, b, slopes, eta):
        d_w, d_b = self.pair(*slopes(w, b))                    # swapping twice is no swap
        return self.pair(w - eta * np.array(d_w), b - eta * d_b)

    def fit(self, X, y, eta, epochs):
        b = float(self.words["start of fit"])
        w, losses = np.full(len(X[0]), b), []
        for _ in range(epochs):
            new_w, new_b = self.pair(*self.step(w, b, lambda w, b: self.gradients(X, y, w, b), eta))
            losses.append(self.loss(X, y, w, b) if self.words["losses of fit"].startswith("before") else self.loss(X, y, new_w, new_b))
            w, b = new_w, new_b
        return self.pair(w, b, losses)


@pytest.mark.parametrize("term", TERMS)
def test_a2_by_nudging(term):
    words = load("A2", term).conventions
    neuron = Nudged(words)
    for question in ("local_slopes", "gradients", "numerical_gradient", "step", "fit"):
        verdict = judge("A2", term, question, {question: asked(words[f"arguments of {question}"], getattr(neuron, question))})
        assert verdict.points == verdict.most, str(verdict)


def test_a2_the_slides_own_numbers():
    from autograder.assignments.A2_one_neuron.conventions import GATE, LIBRARY, gradients
    d_w, d_b = gradients(LIBRARY, GATE, np.array([0., 1, 1, 1]), np.array([1., -1]), -.5)
    np.testing.assert_allclose([*d_w, d_b], [-.11750, -.13411, -.13411], atol=5e-6)          # E4 of the course's errata, by finite differences


@pytest.mark.parametrize("term", TERMS[:6])
def test_a2_two_mistakes_together_are_both_named(term):
    question = load("A2", term)["gradients"]
    turned = [mistake for mistake in question.mistakes if mistake.knobs is not None]
    for first, second in (("The sign is turned round", "Forgot the inputs"), ("No slope of the activation", "The bias's slope times an input"), ("Forgot the bias in h", "ŷ instead of p")):
        knobs = {name: value for mistake in turned if mistake.name in (first, second) for name, value in mistake.knobs.items()}
        verdict = judge("A2", term, "gradients", {"gradients": lambda *args: question.model(*args, **knobs)})
        assert set(verdict.mistakes) == {first, second}, str(verdict)


@pytest.mark.parametrize("term", TERMS)
def test_a2_the_lectures_own_gradient_is_called_by_its_name(term):
    """Pasted into the cell as it stands in L03, arguments put right."""
    def pasted(X, y, w, b):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        d_h = 2 / len(y) * (p - y) * p * (1 - p)
        return d_h @ X, d_h.sum()
    verdict = judge("A2", term, "gradients", {"gradients": asked(load("A2", term).conventions["arguments of gradients"], pasted)})
    assert verdict.mistakes == ("The library's own convention",) and verdict.points < verdict.most, str(verdict)
