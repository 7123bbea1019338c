"""A9's answers are those of another way to them: the library's convolution, and training every sick run that a term may ask about."""

import itertools

import numpy as np
import pytest

from autograder.assignments import load
from autograder.assignments.A9_convolution_clinic import paper, patients, ward
from autograder.assignments.A9_convolution_clinic.clinic import MOST, cure_question, diagnosis_question
from autograder.assignments.A9_convolution_clinic.convention import FORMS, ORDERS, Convention, convention
from autograder.assignments.A9_convolution_clinic.layer import forward_question, gradient_question
from autograder.assignments.A9_convolution_clinic.patients import CAUSES, ILLNESSES, TWO, Sick, ward_of
from autograder.assignments.A9_convolution_clinic.probes import drawn
from autograder.authoring.assignment import build_notebook
from autograder.authoring.proof import names_of
from autograder.variants import Secret, Variant
from course_lib.layers import Conv2D

CONVENTIONS = [Convention(*form, orders, activation) for form, orders, activation in zip(FORMS, itertools.cycle(ORDERS), itertools.cycle(("ReLU", "leaky ReLU")))]


def by_library(asked, X, W, b, stride, padding, d_h=None):
    """h, and with d_h the three gradients, by `Conv2D`, which neither turns the kernel nor shares a padding out."""
    framed = np.pad(X, ((0, 0), *asked.frame(padding)))
    layer = Conv2D(1, len(W), W.shape[1:], stride=stride).build(rng=0, dtype=np.float64)
    layer.W[...] = np.moveaxis(asked.turn(W), 0, -1)[:, :, None, :]
    layer.b[...] = b
    h = np.moveaxis(layer.forward(framed[..., None]), -1, 1)
    if d_h is None:
        return h
    d_framed = layer.backward(np.ascontiguousarray(np.moveaxis(d_h, 1, -1)))[..., 0]
    (up, _), (left, _) = asked.frame(padding)
    return {"W": asked.turn(np.moveaxis(layer.d_W[:, :, 0, :], -1, 0)), "b": layer.d_b, "X": d_framed[:, up:up + X.shape[1], left:left + X.shape[2]]}


@pytest.mark.parametrize("asked", CONVENTIONS, ids=range(len(CONVENTIONS)))
def test_forward_and_gradients_are_the_library_s_in_the_term_s_convention(asked):
    rng = np.random.default_rng(1)
    for _, values in drawn(rng):
        h = by_library(asked, **values)
        np.testing.assert_allclose(forward_question(asked).reference(*asked.arguments("convolve", values)), asked.maps(h), atol=1e-12)
        d_h = rng.normal(size=h.shape)
        right = by_library(asked, **values, d_h=d_h)
        found = gradient_question(asked).reference(*asked.arguments("gradients", {**values, "d_h": d_h}))
        for name, value in zip(asked.order("returned"), found, strict=True):
            np.testing.assert_allclose(value, asked.kernels(right["W"]) if name == "W" else right[name], atol=1e-12)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("asked", CONVENTIONS, ids=range(len(CONVENTIONS)))
def test_the_library_s_convolution_is_nobody_s_answer(asked):
    def pasted(X, W, b, stride, padding):
        layer = Conv2D(1, len(b), W.shape[1:], stride=stride, padding=padding).build(rng=0, dtype=np.float64)
        layer.W[...], layer.b[...] = np.moveaxis(W, 0, -1)[:, :, None, :], b
        return layer.forward(X[..., None])                              # (N, R, C, K)

    question = forward_question(asked)
    verdict = question.judge({"convolve": asked.by_order("convolve", pasted)}.__getitem__, np.random.default_rng(2), "A9")
    assert verdict.points <= 6 and verdict.explanation, str(verdict)    # 6 where the padding alone is another


@pytest.mark.parametrize("student", ["", *(f"student {number}" for number in range(20))])
def test_the_sheet_is_the_library_s_convolution_by_hand(student):
    variant = Variant("A9", "2027-spring" if student else "", student)
    asked = convention(variant)
    given = paper.paper_of(variant, asked)
    solution = paper.table_question(given).table().solution()
    h = by_library(asked, given.X[None], given.W[None], np.array([given.b]), given.stride, given.padding)
    np.testing.assert_allclose(solution["h"], h.ravel())
    np.testing.assert_allclose(solution["products"].sum(), h.ravel()[-1] - given.b)
    n, k, s, p = given.large
    large = by_library(asked, np.zeros((1, *n)), np.zeros((1, *k)), np.zeros(1), tuple(s), tuple(p))
    assert tuple(solution["size"]) == large.shape[2:]


@pytest.mark.filterwarnings("ignore")
def test_who_turns_the_kernel_throughout_the_sheet_loses_the_products_alone():
    given = paper.paper_of(Variant("A9"), convention(Variant("A9")))
    turned = paper.Paper(Convention(True, True, False, ORDERS[0], "ReLU"), given.X, given.W, given.b, given.stride, given.padding, given.large)
    written = {paper.NAMES[column]: np.ravel(values).tolist() for column, values in paper.table_question(turned).table().solution().items()}
    verdict = paper.table_question(given).judge(written.__getitem__, np.random.default_rng(0), "A9")
    assert {group.name for group in verdict.groups if group.points < group.most} == {paper.PRODUCTS} and verdict.mistakes == ("The kernel is turned round",), str(verdict)


# ---------------------------------------------------------------- the clinic

def every_run():
    """Every sick run that any term can have."""
    for causes in [*((cause,) for cause in CAUSES), *TWO]:
        for base in (base for base in ILLNESSES[causes[0]].bases if all(base in ILLNESSES[cause].bases for cause in causes)):
            for severities in itertools.product(*(ILLNESSES[cause].severities for cause in causes)):
                yield Sick(causes, {**ward.HEALTHY, **base}, severities)


@pytest.mark.slow
def test_every_run_is_sick_its_cure_makes_it_well_and_half_a_cure_or_patience_does_not():
    for run in every_run():
        assert not ward.is_well(run.curves(), run.heart), run
        assert ward.is_well(run.curves(run.cure()), run.heart) and len(run.cure()) <= MOST, run
        for half in run.causes if len(run.causes) == 2 else ():
            assert not ward.is_well(run.curves(run.cure(half)), run.heart), (half, run)
        assert not ward.is_well(run.curves({"epochs": 60}), run.heart), run


@pytest.mark.parametrize("base", patients.BASES, ids=range(len(patients.BASES)))
def test_the_healthy_runs_are_well_however_unusual_they_are(base):
    assert ward.is_well(ward.train({**ward.HEALTHY, **base}))


@pytest.mark.parametrize("student", [f"student {number}" for number in range(12)])
def test_six_runs_have_eight_causes_and_their_questions_know_them(student):
    runs = ward_of(Variant("A9", f"term {student}", student))
    assert sorted(len(run.causes) for run in runs) == [1, 1, 1, 1, 2, 2] and sum(run.heart for run in runs) == 1
    asked = diagnosis_question(runs)
    for place, run in enumerate(runs, 1):
        for cause in run.causes:                                         # of two causes either is right
            verdict = asked.judge({**asked.example, f"run_{place}": cause}.__getitem__, np.random.default_rng(0), "A9")
            assert verdict.points == 12, str(verdict)
    one_for_all = {f"run_{place}": "rate too small" for place in range(1, 7)}
    assert asked.judge(one_for_all.__getitem__, np.random.default_rng(0), "A9").points <= 2


@pytest.mark.parametrize("cure", [3, "wait", [1, 2], {"eta": "fast"}, {"eta": float("nan")}, {"eta": -1}, {"eta": 1j}, {"epochs": 10**9}, {"epochs": 2.5}, {"rate": .1}, {3: 4}, {"weights": ["he"]}, {"penalty": None},
                                  {"units": True}, {"eta": np.ones(3)}])
def test_a_cure_that_cannot_be_tried_is_told_so_and_the_others_count(cure):
    asked = load("A9")["cures"]
    verdict = asked.judge({**asked.example, "cure_2": cure}.__getitem__, np.random.default_rng(0), "A9")
    assert verdict.points == 15 and "`cure_2`" in verdict.explanation, str(verdict)


def test_a_cure_that_is_missing_or_not_written_yet_costs_its_own_points():
    asked = load("A9")["cures"]
    names = dict(asked.example)
    del names["cure_1"]
    names["cure_3"] = ...

    def get(name):
        if name not in names:
            raise NameError(name)
        return names[name]

    verdict = asked.judge(get, np.random.default_rng(0), "A9")
    assert verdict.points == 12 and "`cure_1`" in verdict.explanation and "`cure_3`" in verdict.explanation, str(verdict)


def test_a_healthy_run_s_settings_are_no_cure_for_all():
    runs = ward_of(Variant("A9"))
    asked = cure_question(runs)
    verdict = asked.judge({name: dict(ward.HEALTHY) for name in asked.example}.__getitem__, np.random.default_rng(0), "A9")
    assert verdict.points < 18, str(verdict)


def test_the_same_cure_ends_the_same_every_time():
    run = ward_of(Variant("A9"))[0]
    first = run.curves({"eta": .03})
    ward._train.cache_clear()
    assert run.curves({"eta": .03}) == first


# ---------------------------------------------------------------- last term's answers

TERMS = ["", "x7", "2027-spring", "2027-autumn", "a", "c", "g", "k"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("this, other", [(a, b) for a, b in itertools.permutations(TERMS, 2) if any(load("A9", a).conventions[word] != load("A9", b).conventions[word] for word in ("kernel", "axes", "convolve takes"))][::4])
def test_another_term_s_convolution_fails_where_the_convention_is_another(this, other):
    names = names_of(build_notebook("A9", other))
    asked = load("A9", this)["convolve"]
    verdict = asked.judge(names.__getitem__, Secret(b"of this term").rng(Variant("A9", this), "convolve"), "A9")
    assert verdict.points < asked.points / 2, str(verdict)
