"""A7's rules, schedules and draws against PyTorch and `course_lib`, and its conventions, each in its own question."""

import importlib
import itertools

import numpy as np
import pytest

from autograder.assignments import folder_of, load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.proof import TRIAL, names_of
from autograder.grading.submission import grade
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.variants import Secret, Variant
from course_lib import initializers as library_initializers, optimizers as library, schedules as library_schedules

PARTS = f"autograder.assignments.{folder_of('A7').name}."
optimizers, rules, schedule, initializers, orthogonal = (importlib.import_module(PARTS + part) for part in ("optimizers", "rules", "schedule", "initializers", "orthogonal"))
ETA, BETA, RHO, EPS = .2, .8, .7, .15


@pytest.fixture
def torch(require):
    from importlib.util import find_spec
    require(find_spec("torch"), "A7's second oracle needs PyTorch: pip install torch")
    import torch
    return torch


def asked(interface="class", momentum="inside", share="kept", epsilon="outside"):
    """The four questions under these conventions, by name."""
    made = optimizers.optimizers(Variant("A7"), rules.Conventions(interface, momentum, share, epsilon))
    return {question.name: question for question in made}


def gradients(steps=7):
    """Mixed scales and signs, and a parameter whose gradient is 0 at first."""
    found = np.random.default_rng(3).normal(size=(steps, 4)) * [5, 1, .1, 1]
    found[:2, 3] = 0
    return found


def walked(question, *settings, **knobs):
    theta = np.array([1., -2, .5, 3])
    return question.ask(lambda *made: question.reference(*made, **knobs), theta, gradients(), [ETA] * 7, settings, 1)


def walked_by_library(optimizer):
    theta, seen = np.array([1., -2, .5, 3]), []
    for grad in gradients():
        seen.append(optimizer.step(theta, grad).copy())
    return np.array(seen)


def walked_by_torch(torch, make):
    theta, seen = torch.tensor([1., -2, .5, 3], dtype=torch.float64, requires_grad=True), []
    optimizer = make([theta])
    for grad in gradients():
        theta.grad = torch.tensor(grad)
        optimizer.step()
        seen.append(theta.detach().numpy().copy())
    return np.array(seen)


# ---------------------------------------------------------------- the rules

@pytest.mark.parametrize("rule, settings, make", [("adagrad", (EPS,), lambda optim, theta: optim.Adagrad(theta, lr=ETA, eps=EPS)),
                                                  ("rmsprop", (RHO, EPS), lambda optim, theta: optim.RMSprop(theta, lr=ETA, alpha=RHO, eps=EPS)),
                                                  ("adam", (BETA, .95, EPS), lambda optim, theta: optim.Adam(theta, lr=ETA, betas=(BETA, .95), eps=EPS))])
def test_a_rule_takes_pytorchs_steps_where_the_convention_is_the_same(torch, rule, settings, make):
    np.testing.assert_allclose(walked(asked()[rule], *settings), walked_by_torch(torch, lambda theta: make(torch.optim, theta)), rtol=1e-12)


def test_momentum_with_one_rate_is_pytorchs_in_each_of_its_forms(torch):
    sgd = walked_by_torch(torch, lambda theta: torch.optim.SGD(theta, lr=ETA, momentum=BETA))
    np.testing.assert_allclose(walked(asked()["momentum"], BETA), sgd, rtol=1e-12)
    np.testing.assert_allclose(walked(asked()["momentum"], BETA, form="library"), sgd, rtol=1e-12)
    np.testing.assert_allclose(walked(asked(momentum="nesterov")["momentum"], BETA), walked_by_torch(torch, lambda theta: torch.optim.SGD(theta, lr=ETA, momentum=BETA, nesterov=True)), rtol=1e-12)
    slow = walked_by_library(library.SGD(ETA * (1 - BETA), momentum=BETA))
    np.testing.assert_allclose(walked(asked(momentum="mean")["momentum"], BETA), slow, rtol=1e-12)


@pytest.mark.parametrize("rule, kept, new", [("rmsprop", (RHO, EPS), (1 - RHO, EPS)), ("adam", (BETA, .95, EPS), (1 - BETA, .05, EPS))])
def test_the_share_of_the_new_is_what_the_share_of_the_old_leaves(rule, kept, new):
    made = {"rmsprop": library.RMSprop(ETA, rho=RHO, eps=EPS), "adam": library.Adam(ETA, beta_1=BETA, beta_2=.95, eps=EPS)}[rule]
    expected = walked_by_library(made)
    np.testing.assert_allclose(walked(asked()[rule], *kept), expected, rtol=1e-12)
    np.testing.assert_allclose(walked(asked(share="new")[rule], *new), expected, rtol=1e-12)


@pytest.mark.parametrize("rule, settings", [("momentum", (BETA,)), ("adagrad", (EPS,)), ("rmsprop", (RHO, EPS)), ("adam", (BETA, .95, EPS))])
def test_a_function_takes_the_steps_of_the_class(rule, settings):
    np.testing.assert_array_equal(walked(asked("function")[rule], *settings), walked(asked()[rule], *settings))


def test_epsilon_inside_the_root_is_another_number():
    g, s = np.array([2.]), np.array([4.])
    question = asked(epsilon="inside")["adagrad"]
    assert question.ask(question.reference, np.zeros(1), g[None], [1.], (.5,), 1)[0] == pytest.approx(-g / np.sqrt(s + .5))


# ---------------------------------------------------------------- the schedule and the draws

@pytest.mark.parametrize("kind", ["linear", "cosine"])
@pytest.mark.parametrize("k", [0, 1, 37, 99, 100, 101, 250])
def test_a_schedule_is_the_librarys(kind, k):
    assert schedule.CURVES[kind][2](min(k / 100, 1), .3, .02) == pytest.approx(getattr(library_schedules, kind)(.3, .02, 100)(k))


@pytest.mark.parametrize("kind", schedule.CURVES)
def test_every_schedule_begins_and_ends_where_it_should_and_only_falls(kind):
    rates = [schedule.CURVES[kind][2](alpha, 3., .2) for alpha in np.linspace(0, 1, 50)]
    assert rates[0] == pytest.approx(3) and rates[-1] == pytest.approx(.2) and (np.diff(rates) < 0).all()


@pytest.mark.parametrize("rule, theirs", [("glorot", "glorot_normal"), ("lecun", "lecun_normal"), ("he", "he_normal")])
@pytest.mark.parametrize("n_in, n_out", [(90, 400), (400, 90), (200, 200)])
def test_a_draw_has_the_librarys_spread_whatever_its_kind(rule, theirs, n_in, n_out):
    expected = getattr(library_initializers, theirs)((n_in, n_out), np.random.default_rng(1)).std()
    for kind in ("uniform", "normal"):
        W = initializers.scaled(rule, rule, kind, turned=True).reference(n_in, n_out, 2)
        assert W.shape == (n_out, n_in) and W.std() == pytest.approx(expected, rel=.03)          # five standard errors of 18 000 draws
        assert initializers.kind_of(W) == kind


@pytest.mark.parametrize("n_in, n_out", [(5, 3), (3, 5), (4, 4), (1, 6)])
def test_an_orthogonal_draw_is_the_librarys(n_in, n_out):
    expected = library_initializers.orthogonal((n_in, n_out), np.random.default_rng(9), gain=1.7)
    np.testing.assert_allclose(orthogonal.orthogonal(turned=False).reference(n_in, n_out, 1.7, 9), expected, rtol=1e-12)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", ["xavier", "he"])
def test_no_draw_of_the_right_kind_is_taken_for_a_wrong_one(name, seed):
    question = load("A7")[name]
    legacy = {"xavier": lambda n_in, n_out, seed: np.random.RandomState(seed).uniform(-1, 1, (n_out, n_in)) * np.sqrt(6 / (n_in + n_out)),
              "he": lambda n_in, n_out, seed: np.random.RandomState(seed).randn(n_out, n_in) * np.sqrt(2 / n_in)}[name]
    verdict = question.judge(lambda _: legacy, Secret(bytes([seed]) * 32).rng(Variant("A7"), name), "A7")
    assert verdict.points == verdict.most, str(verdict)


# ---------------------------------------------------------------- the two rates

@pytest.mark.parametrize("student", ["", "ada", "grace", "emmy", "alan", "kurt"])
@pytest.mark.parametrize("term", ["", "x7"])
def test_many_rates_are_good(term, student):
    question = load("A7", term, student)["choose_rates"]
    steep = load("A7", term, student).prose["steep"]
    descents = [share / steep for share in (.6, .8, 1, 1.2, 1.5, 1.7)]
    seconds = {"RMSprop": (.06, .1, .15, .2, .3, .4), "momentum": (.003, .005, .01, .03, .06, .1)}["RMSprop" if "RMSprop arrives" in question.groups else "momentum"]
    for descent, second in zip(descents, seconds):
        assert question.judge({"eta_descent": descent, "eta_second": second}.__getitem__).points == 10, (descent, second)


# ---------------------------------------------------------------- two mistakes at once, and the other interface

@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rule, knobs, named", [("momentum", {"sign": -1, "twice": True}, {"Plus instead of minus", "η counted twice"}), ("adagrad", {"root": False, "remember": 0}, {"Forgot the root", "Nothing is remembered"}),
                                                ("rmsprop", {"new": 1, "epsilon": "inside"}, {"The new square counts in full", "ε inside the root"}),
                                                ("adam", {"correct": (False, False), "swapped": True}, {"No correction for the start", "The two decays are exchanged"}),
                                                ("adam", {"epsilon": "inside", "sign": -1}, {"ε inside the root", "Plus instead of minus"})])
def test_two_mistakes_together_are_both_named(rule, knobs, named):
    question = load("A7")[rule]
    verdict = question.judge(lambda _: lambda *settings: question.model(*settings, **knobs), Secret(b"pairs").rng(Variant("A7"), rule), "A7")
    assert set(verdict.mistakes) == named, str(verdict)


DRAWS = {"he": [(lambda *_: None, "return"), (lambda *_: [1., 2.], "shape (2,)"), (lambda *_: "W", "text"), (lambda *_: "follows the seed", "text"), (lambda n_in, n_out, seed: np.full((n_out, n_in), np.nan), "NaN"),
                (lambda n_in, n_out, seed: np.random.default_rng(seed).normal(0, 3 * np.sqrt(2 / n_in), (n_out, n_in)), "3 times"), (lambda n_in, n_out, seed: np.random.default_rng(seed).normal(.1, np.sqrt(2 / n_in), (n_out, n_in)), "mean"),
                (lambda n_in, n_out, seed: np.random.default_rng(seed).normal(0, .1, (n_out, n_in, 1)), "rows"),
                (lambda n_in, n_out, seed: np.random.default_rng(seed).laplace(0, np.sqrt(1 / n_in), (n_out, n_in)), "neither uniform nor normal")],
         "orthogonal": [(lambda *_: None, "return"), (lambda n_in, n_out, gain, seed: np.eye(n_out + 1), "rows"), (lambda n_in, n_out, gain, seed: 7 * np.eye(n_out, n_in), "7 long"),
                        (lambda n_in, n_out, gain, seed: np.random.default_rng(seed).random((n_out, n_in)) + gain, "not at right angles")]}


@pytest.mark.parametrize("name, draw, says", [pytest.param(name, draw, says, id=f"{name}-{place}") for name, draws in DRAWS.items() for place, (draw, says) in enumerate(draws)])
@pytest.mark.filterwarnings("ignore")
def test_a_draw_that_fits_no_mistake_is_described(name, draw, says):
    verdict = load("A7")[name].judge(lambda _: draw, Secret(b"none").rng(Variant("A7"), name), "A7")
    assert verdict.points < verdict.most and says in verdict.headline + verdict.explanation, str(verdict)
    assert "should be text" not in str(verdict)
    if says in ("return", "text", "NaN", "shape (2,)"):
        assert verdict.points == 0, str(verdict)


WALKS = [("class", lambda v, g, eta, beta: (beta * v - 2 * eta * g,) * 2, "first step is wrong: it is 2 times"), ("class", lambda v, g, eta, beta: (beta ** 2 * v - eta * g,) * 2, "first step is right and the second is not"),
         ("class", lambda v, g, eta, beta: (beta * v - eta * np.sign(g),) * 2, "first step is wrong"), ("class", lambda v, g, eta, beta: (v, np.zeros(7)), "asked for: the new θ, θ in the shape"),
         ("function", lambda v, g, eta, beta: None, "two things")]


@pytest.mark.parametrize("interface, rule, says", WALKS)
def test_a_walk_that_fits_no_mistake_is_told_where_it_goes_wrong(interface, rule, says):
    class Momentum:
        def __init__(self, beta):
            self.beta, self.v = beta, 0.

        def step(self, theta, grad, eta):
            self.v, step = rule(self.v, grad, eta, self.beta)
            return theta + step if step.shape == theta.shape else step

    def forgetful(theta, grad, state, eta, beta):
        return theta - eta * grad

    question = asked(interface)["momentum"]
    verdict = question.judge(lambda _: Momentum if interface == "class" else forgetful, Secret(b"walks").rng(Variant("A7"), "momentum"), "A7")
    assert verdict.points == 0 and not verdict.mistakes and says in verdict.explanation, str(verdict)


@pytest.mark.slow
def test_functions_with_a_state_are_graded_in_the_sandbox(require):
    require(bubblewrap_refusal() is None, bubblewrap_refusal())
    term = next(term for term in (f"term{number}" for number in range(20)) if load("A7", term).conventions["optimizers"].startswith("functions"))
    for verdict in grade(build_notebook("A7", term), Secret(b"of a class of functions")).verdicts.values():
        assert verdict.points == verdict.most, str(verdict)


# ---------------------------------------------------------------- conventions

@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("question, conventions", [("momentum", ("optimizers", "momentum")), ("adagrad", ("optimizers", "ε")), ("rmsprop", ("optimizers", "decays", "ε")), ("adam", ("optimizers", "decays", "ε")), ("schedule", ("schedule",)),
                                                   ("xavier", ("shape of the weights", "first weights", "draws")), ("he", ("shape of the weights", "draws")), ("orthogonal", ("shape of the weights",)),
                                                   ("spreads", ("shape of the weights", "depth experiment"))])
def test_every_convention_changes_its_question(question, conventions):
    terms = ["", *(f"term{number}" for number in range(8))]
    solutions = {term: names_of(build_notebook("A7", term)) for term in terms}
    for term, other in itertools.permutations(terms, 2):
        differs = any(load("A7", term).conventions[word] != load("A7", other).conventions[word] for word in conventions)

        def get(name, names=solutions[other]):
            if name not in names:
                raise NameError(name)
            return names[name]

        with np.errstate(all="ignore"):
            verdict = load("A7", term)[question].judge(get, TRIAL.rng(Variant("A7", term), question), "A7")
        assert (verdict.points < verdict.most) == differs, f"{other!r} in {term!r}: {verdict}"
