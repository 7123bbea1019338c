"""The figures of L04: their arithmetic in the page against course_lib, and what Python makes of bad values."""


import numpy as np
import pytest

from course_lib.activations import Softmax, sigmoid
from course_lib.losses import BinaryCrossEntropy, CoxPartialLikelihood, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from course_lib.widgets import FOLDER
from course_lib.widgets.losses import GradientByHand, LossCurves, RiskSets, SlowStart, SoftmaxTwice

ROOM = FOLDER / "losses"


@pytest.fixture
def in_node(javascript):
    """Runs a few lines of JavaScript on `given` and returns what they leave in `answer`."""
    modules = "".join(f'import * as {name} from "{(ROOM / f"{name}.js").as_uri()}";' for name in ("binary", "classes", "cox", "lines"))

    def run(lines, given):
        return javascript(modules, "answer", given, before=f"let answer;\n{lines}")

    return run


# ---- one number, two losses


@pytest.mark.parametrize("y", [0, 1])
def test_both_losses_and_their_slopes_are_the_librarys(in_node, y):
    p, h = np.linspace(0.001, 0.999, 99), np.concatenate([np.linspace(-10, 10, 99), [-500, 500]])
    lines = """answer = Object.fromEntries(["squared", "cross"].map((name) => { const each = binary.losses[name]; return [name, {
        value: given.p.map((p) => each.value(p, given.y)), slope: given.p.map((p) => each.slope(p, given.y)),
        fromH: given.h.map((h) => each.fromH(h, given.y)), slopeFromH: given.h.map((h) => each.slopeFromH(h, given.y)) }]; }));"""
    page = in_node(lines, {"p": p.tolist(), "h": h.tolist(), "y": y})
    sure = sigmoid(h)
    for name, of_p in (("squared", SquaredError()), ("cross", BinaryCrossEntropy())):
        values, slopes = zip(*(of_p.value_and_gradient([[p_i]], [y]) for p_i in p), strict=True)
        np.testing.assert_allclose(page[name]["value"], values, rtol=1e-10)
        np.testing.assert_allclose(page[name]["slope"], np.ravel(slopes), rtol=1e-10)
    np.testing.assert_allclose(page["squared"]["fromH"], (y - sure) ** 2, rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(page["squared"]["slopeFromH"], 2 * (sure - y) * sure * sigmoid(-h), rtol=1e-9, atol=1e-300)
    values, slopes = zip(*(SigmoidCrossEntropy().value_and_gradient([[h_i]], [y]) for h_i in h), strict=True)
    np.testing.assert_allclose(page["cross"]["fromH"], values, rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(page["cross"]["slopeFromH"], np.ravel(slopes), rtol=1e-9, atol=1e-15)


def test_the_race_takes_the_librarys_steps_and_the_lectures_number_of_them(in_node):
    page = in_node("const race = binary.beginRace(-8, 1); for (let k = 0; k < 1600; k++) binary.stepRace(race, 1); answer = race.paths;", None)
    h = {"squared": -8.0, "cross": -8.0}
    for k in range(100):
        p = sigmoid(h["squared"])
        h["squared"] -= float(SquaredError().gradient([[p]], [1])[0, 0] * p * (1 - p))
        h["cross"] -= float(SigmoidCrossEntropy().gradient([[h["cross"]]], [1])[0, 0])
        assert [page[name][k + 1] for name in h] == pytest.approx(list(h.values()), abs=1e-9)
    first = {name: next(k for k, h_k in enumerate(path) if sigmoid(h_k) >= 0.9) for name, path in page.items()}
    assert first == {"squared": 1542, "cross": 19}


# ---- classes


def test_softmax_cross_entropy_its_slope_and_its_nudge_agree_with_the_library(in_node):
    rng = np.random.default_rng(1)
    given = [{"o": rng.normal(0, scale, C).tolist(), "c": int(rng.integers(C))} for scale in (1, 5) for C in (2, 3, 10) for _ in range(5)]
    pages = in_node("answer = given.map(({ o, c }) => ({ loss: classes.crossEntropy(o, c), d_o: classes.gradient(o, c), nudged: classes.measured(o, c) }));", given)
    for case, page in zip(given, pages, strict=True):
        loss, d_o = SoftmaxCrossEntropy().value_and_gradient([case["o"]], [case["c"]])
        assert page["loss"] == pytest.approx(loss, rel=1e-10)
        np.testing.assert_allclose(page["d_o"], d_o[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(page["nudged"], d_o[0], atol=1e-7)  # a central difference with a nudge of 1e-4
    assert in_node("answer = classes.crossEntropy([1000, -1000], 1);", None) == 2000


@pytest.mark.parametrize("C", [2, 3, 10, 100])
def test_a_softmax_too_many_has_the_floor_that_the_figure_draws(in_node, C):
    leads = [-5, -1, 0, 2, 8, 20, 700]
    page = in_node("answer = [given.leads.map((lead) => classes.once(lead, given.C)), given.leads.map((lead) => classes.twice(lead, given.C)), classes.floor(given.C)];", {"leads": leads, "C": C})
    loss = SoftmaxCrossEntropy()
    for lead, once, twice in zip(leads, *page[:2], strict=True):
        o = [[float(lead)] + [0.0] * (C - 1)]
        assert once == pytest.approx(loss.value(o, [0]), abs=1e-12)
        assert twice == pytest.approx(loss.value(Softmax().forward(o), [0]), abs=1e-12)
    assert page[2] == pytest.approx(page[1][-1], abs=1e-12) == pytest.approx({2: 0.3133, 3: 0.5514, 10: 1.4612, 100: 3.6222}[C], abs=5e-5)


def test_every_line_of_the_derivation_has_its_numbers_and_can_be_read_aloud(in_node):
    lines = in_node('answer = [lines.LINES, lines.sentences([2, 1, -1], 1, ["A", "B", "C"]), lines.plain("log Σ e^{o_k} − p_{k}")];', None)
    count, sentences, plain = lines
    assert count == len(sentences) == 8
    assert "10.48" in sentences[2]["words"] and "1.35" in sentences[3]["formula"] and "0.71, 0.26, 0.04" in sentences[4]["words"]
    assert plain == "log Σ e to the o k − pk"
    for each in sentences:
        assert each["spoken"] and "{" not in each["spoken"]


# ---- survival


def test_the_risk_sets_add_up_to_the_librarys_partial_likelihood(in_node):
    rng = np.random.default_rng(2)
    given = []
    for _ in range(30):
        time = rng.integers(1, 6, 5)  # with equal times among them
        given.append({"time": time.tolist(), "event": rng.permutation([1, 1, 1, 0, 0]).tolist(), "o": rng.normal(0, 2, 5).tolist()})
    pages = in_node("answer = given.map(({ o, ...patients }) => ({ loss: cox.loss(patients, o), events: cox.events(patients, o) }));", given)
    for case, page in zip(given, pages, strict=True):
        y = np.column_stack([case["time"], case["event"]])
        assert page["loss"] == pytest.approx(CoxPartialLikelihood().value(np.array(case["o"])[:, None], y), abs=1e-12)
        assert [each["time"] for each in page["events"]] == sorted(t for t, e in zip(case["time"], case["event"]) if e)
        for each in page["events"]:
            assert sum(each["shares"]) == pytest.approx(1)
            assert each["atRisk"] == [t >= each["time"] for t in case["time"]]


# ---- Python's side


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: LossCurves(p=1), "p is 1; the figure shows 0.001 to 0.999"),
        (lambda: LossCurves(y=2), "y is 2; it is one of 0, 1"),
        (lambda: SlowStart(h=-11), "h is −11"),
        (lambda: SlowStart(eta=0), "eta is 0"),
        (lambda: SoftmaxTwice(C=1), "C is 1; the figure shows 2 to 100"),
        (lambda: SoftmaxTwice(C=2.5), "C must be a whole number"),
        (lambda: GradientByHand([1, 2]), "o must be 3 numbers"),
        (lambda: GradientByHand(c=3), "c is 3; it is one of 0, 1, 2"),
        (lambda: GradientByHand([9, 0, 0]), "o is 9"),
        (lambda: RiskSets(time=[1, 2, 3]), "time must be 5 numbers"),
        (lambda: RiskSets(time=[0, 2, 3, 4, 5]), "times are above 0"),
        (lambda: RiskSets(event=[1, 1, 1, 1, 0]), "three of the five"),
    ],
)
def test_values_that_cannot_be_drawn_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()
