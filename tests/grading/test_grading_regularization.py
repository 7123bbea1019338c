"""A8 in all terms: solved from the conventions' words alone, held against the library where that agrees, and its partial credit."""

import numpy as np
import pytest

from autograder.assignments import load
from autograder.assignments.A8_regularization.batch_norm import FOLLOW_ORDERS, ORDERS, follow, normalize
from autograder.assignments.A8_regularization.penalties import ADD_ORDERS, STEP_ORDERS, l1, l2
from autograder.assignments.A8_regularization.reading import NAMES, Figure
from autograder.authoring.proof import TRIAL
from autograder.variants import Variant
from course_lib.layers import BatchNorm
from course_lib.regularizers import L1, L2

TERMS = ["", *(f"term{number}" for number in range(12))]


def judge(term, question, answers):
    return load("A8", term)[question].judge(answers.__getitem__, TRIAL.rng(Variant("A8", term), question), "A8")


# ---------------------------------------------------------------- from the words alone

def lowest(f, low, high):
    """Where a function with one valley is smallest."""
    for _ in range(200):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if f(a) <= f(b) else (a, high)
    return (low + high) / 2


class FromWords:
    """Answers that use nothing but a term's words, and other mathematics than the assignment: nudges, valleys, loops."""

    def __init__(self, words):
        self.words = words

    def add_l2(self, w, b, loss, d_w, d_b, lam):
        def price(w):
            return lam * sum(x * x for x in w.ravel()) * {"λΣw²": 1, "½λΣw²": .5}[self.words["price of L2"]]
        slope = [(price(w + nudge.reshape(w.shape)) - price(w - nudge.reshape(w.shape))) / 2e-4 for nudge in 1e-4 * np.eye(w.size)]
        return loss + price(w), d_w + np.reshape(slope, w.shape), d_b

    def l1_step(self, w, d_w, eta, lam):
        u, share = w - eta * d_w, w.size if "mean" in self.words["price of L1"] else 1
        return np.reshape([lowest(lambda v: (v - x) ** 2 / 2 + eta * lam * abs(v) / share, -9, 9) for x in u.ravel()], w.shape)     # noqa: B023

    def dropout(self):
        words = self.words

        class Layer:
            def __init__(self, p):
                self.keep = p if words["p of dropout"].endswith("keeping") else 1 - p

            def forward(self, X, u, train):
                if not train:
                    return X * self.keep if words["dropout is scaled"] == "in use" else X
                order = np.argsort(u if words["small u"] == "kept" else -u, axis=None)
                self.mask = np.zeros(X.size)
                self.mask[order[:np.count_nonzero(u < self.keep if words["small u"] == "kept" else 1 - u <= self.keep)]] = 1 / self.keep if words["dropout is scaled"] == "in training" else 1
                self.mask = self.mask.reshape(X.shape)
                return X * self.mask

            def backward(self, d_Y):
                return d_Y * self.mask
        return Layer

    def columns(self, X):
        return list(X) if self.words["examples of batch_norm"] == "columns" else list(X.T)

    @staticmethod
    def spread(x, divided):
        return sum((value - sum(x) / len(x)) ** 2 for value in x) / (len(x) - ("N − 1" in divided))

    def batch_norm(self, X, gamma, beta, running_mean, running_var, eps, train):
        found = []
        for d, x in enumerate(self.columns(X)):
            mean, var = (sum(x) / len(x), self.spread(x, self.words["variance in training"])) if train else (running_mean[d], running_var[d])
            found.append([gamma[d] * (value - mean) / (var ** .5 + eps if self.words["ε"].startswith("outside") else (var + eps) ** .5) + beta[d] for value in x])
        return found if self.words["examples of batch_norm"] == "columns" else [list(row) for row in zip(*found)]

    def follow(self, running_mean, running_var, X, momentum):
        new = momentum if self.words["momentum"].endswith("new") else 1 - momentum
        means = [old + new * (sum(x) / len(x) - old) for old, x in zip(running_mean, self.columns(X))]
        return means, [old + new * (self.spread(x, self.words["running variance"]) - old) for old, x in zip(running_var, self.columns(X))]

    def early_stop(self, losses, patience):
        def bad(k):
            return k > 0 and (losses[k] > losses[k - 1] if "rises" in self.words["patience"] else losses[k] >= min(losses[:k]))
        row = patience + ("beyond" in self.words["patience"])
        stop = next((k for k in range(len(losses)) if k + 1 >= row and all(map(bad, range(k + 1 - row, k + 1)))), len(losses) - 1)
        found = {"best": int(np.argmin(losses[:stop + 1])) + int(self.words["first epoch"]), "last": stop + int(self.words["first epoch"])}
        return [found[name] for name in self.words["early stopping returns"].split(" then ")]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("term", TERMS)
def test_who_reads_the_words_gets_full_marks(term):
    words = load("A8", term).conventions
    solver = FromWords(words)
    for question in ("add_l2", "l1_step", "batch_norm", "follow"):
        names = words[f"arguments of {question}"].split(", ")
        verdict = judge(term, question, {question: lambda *args: getattr(solver, question)(**dict(zip(names, args)))})     # noqa: B023
        assert verdict.points == verdict.most, str(verdict)
    for question, answers in (("dropout", {"Dropout": solver.dropout()}), ("early_stop", {"early_stop": solver.early_stop})):
        verdict = judge(term, question, answers)
        assert verdict.points == verdict.most, str(verdict)


# ---------------------------------------------------------------- held against the library

def test_in_the_librarys_convention_the_references_are_the_library():
    rng = np.random.default_rng(0)
    w, d_w = rng.normal(size=5), rng.normal(size=5)
    loss, slopes, _ = l2(True, ADD_ORDERS[0]).reference(w, .3, 1., d_w, .2, .7)
    assert loss == pytest.approx(1 + L2(.7).penalty(w)) and np.allclose(slopes, d_w + L2(.7).gradient(w))
    assert np.allclose(l1(False, STEP_ORDERS[0]).reference(w, d_w, .7, .2), L1(.7).prox(w - .2 * d_w, .2))
    layer, X = BatchNorm(3, momentum=.3, eps=.1).build(dtype=np.float64), rng.normal(2, 3, size=(6, 3))
    layer.gamma[...], layer.beta[...] = [1, 2, .5], [0, 1, -1]
    before = layer.running_mean.copy(), layer.running_var.copy()
    answer = normalize(False, False, 0, ORDERS[0]).reference
    assert np.allclose(layer.forward(X, train=True), answer(X, layer.gamma, layer.beta, *before, .1, True))
    assert np.allclose([layer.running_mean, layer.running_var], follow(False, 1, True, FOLLOW_ORDERS[0]).reference(*before, X, .3))
    assert np.allclose(layer.forward(X), answer(X, layer.gamma, layer.beta, layer.running_mean, layer.running_var, .1, False))


@pytest.mark.parametrize("term", TERMS)
def test_dropout_in_training_and_in_use_agree_on_average(term):
    u = (np.arange(10_000) + .5)[None] / 10_000
    layer = load("A8", term)["dropout"].reference(.3)
    assert layer.forward(np.ones_like(u), u, True).mean() == pytest.approx(layer.forward(np.ones_like(u), u, False).mean(), abs=1e-3)


# ---------------------------------------------------------------- partial credit

@pytest.mark.parametrize("term", TERMS[:4])
def test_backward_is_judged_on_the_students_own_forward(term):
    question = load("A8", term)["dropout"]
    wrong = lambda p: question.model(p, exchanged=True, flag=False)          # noqa: E731
    groups = {group.name: group.points for group in judge(term, "dropout", {"Dropout": wrong}).groups}
    assert groups["forward in training"] == groups["forward in use"] == 0 and groups["backward"] == 7 and groups["two layers in turn"] == 3


def test_a_layer_that_leaves_nothing_out_has_no_backward_to_judge():
    class Nothing:
        def __init__(self, p):
            pass

        def forward(self, X, u, train):
            return X

        def backward(self, d_Y):
            return d_Y
    verdict = judge("", "dropout", {"Dropout": Nothing})
    assert {group.name: group.points for group in verdict.groups if group.points} == {"forward in use": 5}, str(verdict)


@pytest.mark.parametrize("question, first, second", [("add_l2", "The library's own convention", "The bias pays too"), ("l1_step", "The threshold without η", "The sign is lost"), ("batch_norm", "Divided by N − 1", "ε outside the root"),
                                                     ("batch_norm", "The batch's numbers in use", "γ is left out"), ("follow", "The library's own convention", "The standard deviation follows"), ("dropout", "Keep and drop are exchanged", "Backward without the mask")])
def test_two_mistakes_together_are_both_named(question, first, second):
    asked = load("A8")[question]
    knobs = {name: value for mistake in asked.mistakes if mistake.name in (first, second) for name, value in mistake.knobs.items()}
    verdict = judge("", question, {asked.function: lambda *args: asked.model(*args, **knobs)})
    assert set(verdict.mistakes) == {first, second}, str(verdict)


# ---------------------------------------------------------------- the figure

@pytest.mark.parametrize("seed", range(40))
def test_the_figure_can_be_read_and_says_what_is_right(seed):
    figure = Figure(np.random.default_rng(seed))
    at_mark = figure.weights("L1", figure.mark)
    assert np.count_nonzero(at_mark == 0) == figure.gone and np.count_nonzero(figure.weights("L2", figure.mark)) == 5
    assert np.abs(np.abs(figure.b) - figure.mark).min() > .15, "a line that meets the axis at the mark cannot be counted"
    later = [lam for lam in np.linspace(0, 3, 301) if np.count_nonzero(figure.weights("L1", lam)) == 4]
    assert {NAMES[int(np.argmin(np.abs(figure.weights("L1", lam))))] for lam in later} == {figure.first} and len(later) > 20
    validation = {name: figure.curve("validation", lam) for name, lam in figure.marks.items()}
    assert min(validation, key=validation.get) == figure.best and sorted(validation.values())[1] > min(validation.values()) + .08
