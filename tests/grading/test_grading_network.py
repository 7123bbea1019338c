"""A4's answers are those of another way to them: the library's autodiff, for every loss, layout, order and bend that a term may ask for."""

import itertools

import numpy as np
import pytest

from autograder.assignments import load
from autograder.assignments.A4_network import slide
from autograder.assignments.A4_network.convention import CROSS, FORMS, HALF, MEAN, ORDERS, SUM, Convention
from autograder.assignments.A4_network.forward import forward_question
from autograder.assignments.A4_network.gradients import bias_question, hidden_question, output_question
from autograder.assignments.A4_network.learning import XOR, fit_question
from autograder.assignments.A4_network.probes import network
from autograder.authoring.assignment import build_notebook
from autograder.authoring.proof import names_of
from autograder.variants import Secret, Variant
from course_lib import autodiff
from course_lib.autodiff import Tensor

PARAMETERS = ("W1", "b1", "w_o", "b_o")
VALUE = {MEAN: lambda y, p: ((y - p) ** 2).mean(), HALF: lambda y, p: ((y - p) ** 2).mean() / 2, SUM: lambda y, p: ((y - p) ** 2).sum(),
         CROSS: lambda y, p: -(y * autodiff.log(p) + (1 - y) * autodiff.log(1 - p)).mean()}
BENDS = {"sigmoid": autodiff.sigmoid, "tanh": autodiff.tanh, "relu": autodiff.relu}
CONVENTIONS = [Convention(loss, rows, orders, p_first, bias_first, "tanh") for (loss, rows), orders, p_first, bias_first in itertools.product(FORMS, ORDERS, (False, True), (False, True))]


def by_autodiff(values, loss):
    """h, p and the four gradients, W₁ as (D, H), from a graph that knows none of the formulas."""
    W1, b1, w_o, b_o = (Tensor(np.asarray(values[name], float)) for name in PARAMETERS)
    h = BENDS[values["phi"]](Tensor(values["X"]) @ W1 + b1)
    p = (h @ w_o + b_o).sigmoid()
    VALUE[loss](values["y"], p).backward()
    return np.asarray(h.value), np.asarray(p.value), {name: np.asarray(tensor.grad) for name, tensor in zip(PARAMETERS, (W1, b1, w_o, b_o))}


def exact(rng, rows, inputs, hidden, phi, loss):
    values = network(rng, rows, inputs, hidden, phi)
    h, p, gradients = by_autodiff(values, loss)
    return {**values, "h": h, "p": p}, gradients


@pytest.mark.parametrize("phi", BENDS)
@pytest.mark.parametrize("hidden", [1, 2, 3, 4, 5])
def test_every_answer_agrees_with_autodiff(phi, hidden):
    rng = np.random.default_rng(hidden)
    for asked in CONVENTIONS[hidden - 1::5]:
        values, d = exact(rng, 4, 2, hidden, phi, asked.loss)
        given = forward_question(asked).reference(*asked.arguments("forward", values))
        for found, right in zip(given, (values["p"], values["h"]) if asked.p_first else (values["h"], values["p"])):
            np.testing.assert_allclose(found, right, atol=1e-12)
        np.testing.assert_allclose(output_question(asked).reference(*asked.arguments("output", values)), d["w_o"], atol=1e-12)
        d_W1 = hidden_question(asked).reference(*asked.arguments("hidden", values))
        assert d_W1.shape == asked.laid_out(values["W1"]).shape
        np.testing.assert_allclose(d_W1, asked.laid_out(d["W1"]), atol=1e-12)
        for found, right in zip(bias_question(asked).reference(*asked.arguments("bias", values)), (d["b_o"], d["b1"]) if asked.output_bias_first else (d["b1"], d["b_o"])):
            np.testing.assert_allclose(found, right, atol=1e-12)


@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("loss, rows", FORMS)
def test_three_steps_agree_with_autodiff_and_the_starts_do_learn_xor(bend, loss, rows):
    asked = Convention(loss, rows, ORDERS[1], False, False, bend)
    question = fit_question(asked, Variant("A4", f"{bend} {loss.words}"))
    values = {**network(np.random.default_rng(3), 5, 2, 3, bend), "eta": .5, "steps": 3}
    now = dict(values)
    for _ in range(3):
        d = by_autodiff(now, loss)[2]
        now.update({name: now[name] - .5 * d[name] for name in PARAMETERS})
    for name, found in zip(asked.parameters, question.reference(*asked.arguments("fit", values))):
        np.testing.assert_allclose(found, asked.laid_out(now[name]) if name == "W1" else now[name], atol=1e-12)
    solving = [probe for probe in (*question.public, *question.hidden(np.random.default_rng(4))) if probe.accept]
    assert len(solving) == 2
    for probe in solving:
        start = dict(zip(asked.order("fit"), probe.args))
        learned = dict(zip(asked.parameters, question.expected(probe)))
        for parameters, solved in ((learned, True), (start, False)):
            given = {**parameters, "W1": asked.laid_out(parameters["W1"]), "X": XOR[0], "y": XOR[1], "phi": bend}
            assert np.array_equal(by_autodiff(given, loss)[1] >= .5, XOR[1] == 1) == solved
        assert bool(probe.answered(question.expected(probe), None, 1e-5)) and not probe.answered(tuple(start[name] for name in asked.parameters), None, 1e-5)


def test_hidden_neurons_in_another_order_have_their_gradients_in_that_order():
    asked = CONVENTIONS[0]
    reference = hidden_question(asked).reference
    values = network(np.random.default_rng(5), 6, 2, 4, "sigmoid")
    places = [2, 0, 3, 1]
    turned = {**values, "w_o": values["w_o"][places], "h": values["h"][:, places]}
    np.testing.assert_allclose(reference(*asked.arguments("hidden", turned)), reference(*asked.arguments("hidden", values))[places], atol=1e-15)


@pytest.mark.parametrize("student", [f"student {number}" for number in range(30)])
def test_the_sheet_is_the_slide_s_right_line_by_autodiff(student):
    given = slide.numbers(Variant("A4", "2027-spring", student))
    d_a = Tensor(np.log(given["h"] / (1 - given["h"])))
    shift = np.log(given["p"] / (1 - given["p"])) - given["h"] @ given["w_o"]
    ((given["y"] - (d_a.sigmoid() @ Tensor(given["w_o"]) + shift).sigmoid()) ** 2).backward()
    solution = slide.sheet(given).solution()
    np.testing.assert_allclose(solution["d_a"], d_a.grad, atol=1e-12)
    np.testing.assert_allclose(solution["d_w1"], d_a.grad * given["x1"], atol=1e-12)


@pytest.mark.parametrize("student", ["", *(f"student {number}" for number in range(30))])
def test_a_slide_has_four_wrong_lines_and_says_what_each_should_not(student):
    truth = slide.broken_lines(Variant("A4", "", student))
    shown = slide.prose(Variant("A4", "", student))["slide"].splitlines()
    assert len(shown) == 7 and sum(line != slide.RIGHT for line in truth) == 4
    for line, (right, _), said in zip(truth, slide.LINES, shown):
        assert (right in said) == (line == slide.RIGHT)


# ---------------------------------------------------------------- last term's answers, and the library's

TERMS = ["", "x7", "2027-spring", "2027-autumn", "a", "c", "g", "k"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("this, other", [(a, b) for a, b in itertools.permutations(TERMS, 2) if load("A4", a).conventions["loss"] != load("A4", b).conventions["loss"]][::5])
def test_another_term_s_gradients_fail_where_the_loss_is_another(this, other):
    names = names_of(build_notebook("A4", other))
    for question in ("output_gradient", "hidden_gradient"):
        asked = load("A4", this)[question]
        verdict = asked.judge(names.__getitem__, Secret(b"of this term").rng(Variant("A4", this), question), "A4")
        assert verdict.points < asked.points / 2, str(verdict)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("loss, rows", FORMS)
def test_the_library_s_gradient_is_nobody_s_answer(loss, rows):
    asked = Convention(loss, rows, ORDERS[0], False, False, "tanh")

    def pasted(X, h, p, y, w_o, phi):
        d_o = 2 * (p - y) * p * (1 - p) / len(y)
        return X.T @ (d_o[:, None] * w_o * {"sigmoid": h * (1 - h), "tanh": 1 - h**2, "relu": h > 0}[phi])

    question = hidden_question(asked)
    verdict = question.judge({"hidden_gradient": pasted}.__getitem__, np.random.default_rng(6), "A4")
    assert verdict.points <= 3 and "The library's own convention" in verdict.mistakes, str(verdict)            # 3: where N = 1 a mean is a sum
