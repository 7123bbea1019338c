"""A5: its rules against the course's own engine, and the answers of which more than one is right."""

import numpy as np
import pytest

from autograder.assignments import load
from autograder.assignments.A5_autodiff.order import order_of, reachable
from autograder.assignments.A5_autodiff.rules import RULES, Made, by_library
from autograder.assignments.A5_autodiff.walk import Walked
from autograder.variants import Secret, Variant
from course_lib.autodiff import Tensor

SECRET = Secret(b"of a class that builds an engine")
TERMS = ["", *(f"term{number}" for number in range(12))]
KINKS = {kink: next(term for term in TERMS if kink in load("A5", term)["rules"].groups) for kink in ("maximum", "minimum", "relu")}
ANEW = {anew: next(term for term in TERMS if ("anew" in load("A5", term).conventions["a second walk back"]) == anew) for anew in (True, False)}
OUTWARD = {first: next(term for term in TERMS if load("A5", term).conventions["topological order"].startswith(first)) for first in ("the end", "what is given")}


def judge(term, question, answer):
    question = load("A5", term)[question]
    return question.judge({question.function: answer}.__getitem__, SECRET.rng(Variant("A5", term), question.name), "A5")


@pytest.mark.parametrize("name", RULES)
def test_the_rules_are_those_of_the_library(name):
    rng = np.random.default_rng(3)
    for _ in range(20):
        numbers = rng.uniform(.2, 3, size=2 if name in ("add", "multiply", "maximum", "minimum") else 1) * (1 if name == "log" else rng.choice([-1, 1]))
        (value, slopes), (right, right_slopes) = RULES[name](*numbers.tolist()), by_library(name)(*numbers.tolist())
        assert value == pytest.approx(right, rel=1e-12) and slopes == pytest.approx(right_slopes, rel=1e-12, abs=1e-12)


def test_the_walk_finds_what_the_library_finds():
    a, b = Walked(2.0), Walked(1.0)
    c, d = Walked(3.0, (a, b), (1.0, 1.0)), Walked(2.0, (b,), (1.0,))
    e = Walked(6.0, (c, d), (2.0, 3.0))
    e.backward()
    x, y = Tensor(2.0), Tensor(1.0)
    ((x + y) * (y + 1)).backward()
    assert (a.grad, b.grad) == (float(x.grad), float(y.grad)) == (2, 5)


@pytest.mark.parametrize("kink", ["maximum", "minimum"])
@pytest.mark.parametrize("share", [0.0, .25, .5, 1.0])
def test_a_tie_is_shared_as_one_likes(kink, share):
    def rule(a, b):
        value, slopes = RULES[kink](a, b)
        return value, (share, 1 - share) if a == b else slopes
    verdict = judge(KINKS[kink], "rules", lambda data: Made(data, **{kink: rule}))
    assert verdict.points == 25, str(verdict)


@pytest.mark.parametrize("slope", [0.0, .5, 1.0, 1.5])
def test_relu_at_0_has_any_slope_from_0_to_1(slope):
    verdict = judge(KINKS["relu"], "rules", lambda data: Made(data, relu=lambda a: (max(a, 0.0), (float(a > 0) if a else slope,))))
    assert verdict.points == (25 if slope <= 1 else 21), str(verdict)


@pytest.mark.parametrize("direction", OUTWARD)
@pytest.mark.parametrize("seed", range(6))
def test_every_topological_order_is_right(direction, seed):
    rng = np.random.default_rng(seed)

    def any_order(inputs, out):
        """What is ready is taken in any order."""
        missing = {name: set(inputs[name]) for name in reachable(inputs, out)}
        users = {name: [other for other in missing if name in missing[other]] for name in missing} if len(missing) < 100 else None
        if users is None:
            return order_of(inputs, out, outward=direction == "the end")
        ready, order = [name for name in missing if not missing[name]], []
        while ready:
            order.append(ready.pop(rng.integers(len(ready))))
            for other in users[order[-1]]:
                missing[other].discard(order[-1])
                if not missing[other]:
                    ready.append(other)
        return order[::-1] if direction == "the end" else order

    verdict = judge(OUTWARD[direction], "topological_order", any_order)
    assert verdict.points == 15, str(verdict)


@pytest.mark.parametrize("direction, other", [("the end", "what is given"), ("what is given", "the end")])
def test_last_terms_order_is_the_other_way_round(direction, other):
    verdict = judge(OUTWARD[direction], "topological_order", lambda inputs, out: order_of(inputs, out, outward=other == "the end"))
    assert verdict.mistakes == ("The other way round",) and verdict.points == 0, str(verdict)


@pytest.mark.parametrize("anew, name", [(True, "The gradients of the first walk are still there"), (False, "The gradients of the first walk are forgotten")])
def test_last_terms_walk_is_told_what_a_second_one_does_here(anew, name):
    term = ANEW[anew]
    bar = load("A5", term).conventions["gradient"].rpartition(".")[2]
    verdict = judge(term, "backward", lambda *args: Walked(*args, bar=bar, anew=not anew))
    assert verdict.mistakes == (name,) and verdict.points == 8, str(verdict)


@pytest.mark.parametrize("question, knobs, names", [
    ("topological_order", {"recursion": True, "again": True}, {"A function that calls itself too deep", "Visited twice"}),
    ("backward", {"recursion": True, "gather": lambda so_far, share: share}, {"A function that calls itself too deep", "= instead of +="}),
    ("rules", {"left": False, "exp": lambda a: (np.exp(a), (1.0,))}, {"No number on the left", "No slope for exp"})])
def test_two_mistakes_together_are_both_named(question, knobs, names):
    asked = load("A5")[question]
    verdict = judge("", question, lambda *args: asked.model(*args, **knobs))
    assert set(verdict.mistakes) == names, str(verdict)


def test_the_public_cases_alone_earn_nothing():
    question = load("A5")["neuron"]
    known = {repr(probe.args): question.reference(*probe.args) for probe in question.public}
    verdict = judge("", "neuron", lambda *args: known.get(repr(args), (0.0, [0.0], 0.0)))
    assert verdict.points == 0 and "hidden" in verdict.evidence, str(verdict)
