"""A6 in other terms: who reads nothing but the conventions' words gets full marks, and what is counted cannot be worked around."""

import inspect

import numpy as np
import pytest

from autograder.assignments import load
from autograder.assignments.A6_vectorise_gpu.stopwatch import Card
from autograder.authoring.assignment import build_notebook
from autograder.authoring.proof import TRIAL
from autograder.questions.device import Device
from autograder.sandbox import isolation
from autograder.sandbox.session import StudentSession
from autograder.variants import Variant

TERMS = ["", *(f"term{number}" for number in range(14))]
SQUASH = {"sigmoid": lambda xp, z: 1 / (1 + xp.exp(-z)), "tanh": lambda xp, z: xp.tanh(z)}


def judge(term, question, answers):
    return load("A6", term)[question].judge(answers.__getitem__, TRIAL.rng(Variant("A6", term), question), "A6")


def asked(order, function):
    """The function with its arguments in the order that the words name: "w, b, X"."""
    names = order.split(", ")
    assert set(names) == set(inspect.signature(function).parameters)
    return lambda *args: function(**dict(zip(names, args)))


def neuron(words, xp, X, y, w, b):
    """J, dw and db from the words: with examples in columns, whatever the layout of X."""
    X = X.T if words["examples in X"] == "one in each row" else X
    activation, loss = words["activation and loss"].split(" and ", 1)
    a = SQUASH[activation](xp, w @ X + b)
    if loss == "cross-entropy":
        J, dz = -xp.where(y > .5, xp.log(a), xp.log(1 - a)).mean(), a - y
    else:
        J, dz = ((a - y) ** 2).mean() / 2, (a - y) * (a - a * a if activation == "sigmoid" else 1 - a * a)
    return {"J": J, "dw": X @ dz / len(y), "db": dz.mean()}


def solved(words):
    def gradients(X, y, w, b, xp):
        found = neuron(words, xp, X, y, w, b)
        return [found[name] for name in words["gradients returns"].split(", ")]

    def fit(X, y, eta, steps, xp):
        X, y = (xp.asarray(part, dtype=words["kind of number"]) for part in (X, y))
        theta = {"w": xp.zeros(X.size // len(y), dtype=words["kind of number"]), "b": 0.}
        for _ in range(steps):
            slope = neuron(words, xp, X, y, **theta)
            theta = {name: value - eta * slope[f"d{name}"] for name, value in theta.items()}
        return tuple(theta[name] for name in words["fit returns"].split(", "))

    def benchmark(compute, X, bring, synchronize, clock, runs):
        data, times = bring(X), []
        for _ in range(1 + runs):
            synchronize()
            began = clock()
            compute(data)
            synchronize()
            times.append(clock() - began)
        return {"the median of the runs": np.median, "the mean of the runs": np.mean, "the smallest of the runs": np.min}[words["benchmark returns"]](times[1:])

    return {name: asked(words[f"arguments of {name}"], function) for name, function in (("gradients", gradients), ("fit", fit), ("benchmark", benchmark))}


@pytest.mark.parametrize("term", TERMS)
def test_who_reads_the_words_gets_full_marks(term):
    answers = solved(load("A6", term).conventions)
    for question in answers:
        verdict = judge(term, question, answers)
        assert verdict.points == verdict.most, str(verdict)


# By question, the conventions that change it
CHANGES = {"gradients": ("examples in X", "activation and loss", "gradients returns", "arguments of gradients"), "fit": ("examples in X", "activation and loss", "kind of number", "fit returns", "arguments of fit"),
           "benchmark": ("arguments of benchmark", "benchmark returns")}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("question", list(CHANGES))
def test_another_terms_solution_is_right_only_where_nothing_differs(question):
    words = {term: load("A6", term).conventions for term in TERMS[:7]}
    for own in words:
        for other in words:
            same = all(words[own][name] == words[other][name] for name in CHANGES[question])
            verdict = judge(own, question, solved(words[other]))
            assert (verdict.points == verdict.most) == same, f"{own!r} by the words of {other!r}: {verdict}"


def test_one_clock_for_all_runs_is_right_where_the_mean_is_asked():
    term = next(term for term in TERMS if load("A6", term).conventions["benchmark returns"] == "the mean of the runs")

    def benchmark(compute, X, bring, synchronize, clock, runs):
        data = bring(X)
        compute(data)
        synchronize()
        start = clock()
        for _ in range(runs):
            compute(data)
        synchronize()
        return (clock() - start) / runs

    verdict = judge(term, "benchmark", {"benchmark": asked(load("A6", term).conventions["arguments of benchmark"], benchmark)})
    assert verdict.points == 20, str(verdict)


def test_the_card_that_students_try_is_the_card_of_the_question():
    (cell,) = (cell.source for cell in build_notebook("A6").cells if cell.source.startswith("class Card"))
    names = {}
    exec(cell, names)
    for lazy in (True, False):
        seen = []
        for kind in (names["Card"], Card):
            card = kind([3., 5., 8.], first=100., transfer=20., lazy=lazy)
            data = card.bring([1.])
            seen.append([(card.compute(data), card.clock(), place % 2 and card.synchronize(), card.clock())[1::2] for place in range(5)] + [card.really(3, np.median)])
            with pytest.raises(ValueError, match="bring"):
                card.compute([1.])
        assert seen[0] == seen[1]


@pytest.mark.parametrize("given", ["(5, 7)", "(5,7)", " ( 5 ,7 ) ", (5, 7), (np.int64(5), 7)])
def test_a_shape_is_read_however_it_is_typed(given):
    question = load("A6")["shapes"]
    assert question.example["shape_z"] == "(5, 7)"
    assert judge("", "shapes", {**question.example, "shape_z": given}).points == 10


AROUND = {
    "numbers are fetched one by one": "X.item = 0\n    values = [[float(value) for value in row] for row in X]\n    X = xp.asarray(values)",
    "the data are fetched once": "X = xp.asarray(X.get().astype(np.float32))",
    "the counts are set back": "for name in ('fetched', 'fetched_numbers', 'operations'):\n        setattr(xp, name, 0)\n    X = xp.asarray(X.tolist())",
}


@pytest.mark.process
@pytest.mark.parametrize("way", list(AROUND))
def test_in_the_sandbox_a_fetch_costs_its_points_however_it_is_hidden(way, require):
    require(isolation.bubblewrap_refusal() is None, isolation.bubblewrap_refusal())
    with StudentSession(call_seconds=5) as student:
        student.run(f"""
import numpy as np
def fit(X, y, eta, steps, xp):
    {AROUND[way]}
    X, y = xp.asarray(X, dtype=xp.float32), xp.asarray(y, dtype=xp.float32)
    w, b = xp.zeros(len(X), dtype=xp.float32), 0.
    for _ in range(steps):
        dz = 1 / (1 + xp.exp(-(w @ X + b))) - y
        w, b = w - eta * (X @ dz) / len(y), b - eta * dz.mean()
    return w, b
""")
        verdict = load("A6")["fit"].judge(student.get, TRIAL.rng(Variant("A6"), "fit"), "A6")
    shares = {group.name: group.points for group in verdict.groups}
    assert shares["the right numbers"] == 10 and shares["the data stay where they are"] == 0, str(verdict)


def test_xp_is_numpy_where_there_is_no_card_and_never_the_students():
    assert Device(np).module is np and Device().module.__name__ in ("numpy", "cupy")
