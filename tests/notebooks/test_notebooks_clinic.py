"""The clinic: every sick run is sick, its cure cures it, tests tell causes apart; the board's game; bad values."""

import math

import numpy as np
import pytest

from course_lib.widgets import FOLDER
from course_lib.widgets.clinic import PATIENTS, PHARMACY, TESTS, Clinic, SearchBoard, Setup, examine, is_well, record, treat, ward
from course_lib.widgets.clinic.board import ETAS, LAMBDAS


@pytest.fixture
def node(javascript):
    imports = f"""
        import * as search from "{(FOLDER / "clinic" / "search.js").as_uri()}";
        import * as words from "{(FOLDER / "clinic" / "words.js").as_uri()}";
        import {{ generator }} from "{(FOLDER / "shared" / "random.js").as_uri()}";
    """
    return lambda expression, given=None: javascript(imports, expression, given)


# ---- the patients


@pytest.mark.parametrize("number", range(1, len(PATIENTS) + 1))
def test_the_run_is_sick_and_its_cure_restores_the_healthy_curve(number):
    patient = PATIENTS[number - 1]
    sick, cured, healthy = record(patient.setup), treat(patient, patient.cure), record(Setup())
    assert not is_well(sick)
    assert is_well(cured)
    assert cured["accuracy"][-1] > healthy["accuracy"][-1] - 0.08


def test_there_are_twelve_with_twelve_causes_and_no_prescription_cures_them_all():
    assert len(PATIENTS) == len({patient.diagnosis for patient in PATIENTS}) == 12
    for name in ("slower", "faster", "standardize"):
        well = [is_well(treat(patient, name)) for patient in PATIENTS if patient.setup.epochs <= 30]
        assert sum(well) <= 4


def test_the_code_on_the_card_is_what_ran():
    """Run by hand, from the public names, the lines give the same bits."""
    from course_lib.initializers import he_normal
    from course_lib.losses import SoftmaxCrossEntropy
    from course_lib.network import mlp
    from course_lib.optimizers import SGD
    from course_lib.regularizers import L2
    from course_lib.training import fit

    for setup in (Setup(), PATIENTS[8].setup):
        kept = []
        names = {"ward": ward, "mlp": mlp, "he_normal": he_normal, "SoftmaxCrossEntropy": SoftmaxCrossEntropy, "SGD": SGD, "L2": L2}
        exec(setup.code(), {**names, "fit": lambda *a, **k: kept.append(fit(*a, **k))})
        assert kept[0].loss == record(setup)["loss"]


def test_a_prescription_that_changes_nothing_says_so():
    answer, _ = Clinic().answer({"patient": 1, "prescribe": "logits"})
    assert answer["same"] and not answer["well"]


# ---- the tests that can be ordered


def test_the_first_loss_is_ln_10_for_the_healthy_and_far_above_for_weights_or_inputs_too_large():
    assert abs(examine(Setup(), "first loss")["loss"] - math.log(10)) < 0.4
    assert examine(PATIENTS[2].setup, "first loss")["loss"] == pytest.approx(math.log(10), rel=1e-6)
    assert min(examine(PATIENTS[k].setup, "first loss")["loss"] for k in (3, 5)) > 50


def test_a_healthy_network_learns_ten_pictures_by_heart_and_softmax_twice_meets_its_floor():
    floor = -math.log(math.e / (math.e + 9))
    assert floor == pytest.approx(1.4612, abs=5e-5)
    assert examine(Setup(), "tiny set")["loss"] < 0.01
    assert floor < examine(PATIENTS[6].setup, "tiny set")["loss"] < 1.6
    assert examine(PATIENTS[8].setup, "tiny set")["loss"] < 0.01, "without the penalty"


def test_the_gradient_check_finds_the_wrong_slope_and_nothing_else():
    for patient in PATIENTS:
        assert examine(patient.setup, "gradients")["ok"] == (patient.diagnosis != "the backward pass is wrong")
    assert "W of layer 1" in examine(PATIENTS[10].setup, "gradients")["says"]


def test_histograms_show_dead_units_and_a_gradient_that_vanishes():
    dead = [np.mean([layer["dead"] for layer in examine(setup, "histograms")["layers"]]) for setup in (Setup(), PATIENTS[1].setup, PATIENTS[5].setup)]
    assert dead[0] < 0.2 and dead[1] > 0.6 and dead[2] > 0.9
    slopes = examine(PATIENTS[4].setup, "histograms")["gradients"]
    assert len(slopes) == 5 and slopes[0] < 0.02 * slopes[-1]


def test_the_data_show_their_range_and_the_labels_that_do_not_belong():
    right = ward()[2][:16].tolist()
    assert "to 255" in examine(PATIENTS[5].setup, "data")["says"]
    assert examine(Setup(), "data")["labels"] == right
    mixed = examine(PATIENTS[9].setup, "data")
    assert mixed["labels"] == right and mixed["pictures"] != examine(Setup(), "data")["pictures"]
    assert examine(PATIENTS[7].setup, "data")["labels"] != right, "some of the spoiled labels are among those shown"


def test_the_size_of_a_step_tells_the_slow_from_the_fast():
    slow, healthy, fast = (examine(setup, "step")["ratio"] for setup in (PATIENTS[0].setup, Setup(), PATIENTS[1].setup))
    assert slow < 3e-4 < 3e-3 < healthy < 3e-2 < 0.1 < fast
    assert examine(PATIENTS[2].setup, "step")["ratio"] is None


# ---- the figures


def test_the_figure_knows_everything_when_it_is_recorded(monkeypatch):
    from course_lib.widgets.clinic import rounds

    monkeypatch.setattr(rounds, "PATIENTS", PATIENTS[:1])  # one patient is enough, and quick
    known = Clinic(recorded=True).data["known"]
    assert set(known) == {f"1: {name}" for name in (*TESTS, *PHARMACY)}


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: Clinic(13), "no patient 13; the clinic has 1 to 12"),
        (lambda: Clinic(0), "patient"),
        (lambda: Clinic().answer({"patient": 1, "prescribe": "prayer"}), "no 'prayer'"),
        (lambda: Clinic().answer({"patient": 1, "test": "x-ray"}), "no test 'x-ray'"),
        (lambda: SearchBoard(budget=2), "4 runs at least"),
        (lambda: SearchBoard(budget=1.5), "budget"),
    ],
)
def test_bad_values_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()


def test_the_lines_that_a_prescription_changed_are_found(node):
    changed = node("words.changedLines(given.before, given.after)", {"before": "a\nb\nc", "after": "a\nB\nc\nd"})
    assert changed == [{"text": "a"}, {"text": "b", "mark": "gone"}, {"text": "B", "mark": "new"}, {"text": "c"}, {"text": "d", "mark": "new"}]


def test_the_verdict_says_well_only_when_python_does(node):
    clinic = Clinic()
    answers = {name: clinic.answer({"patient": 1, "prescribe": name})[0] for name in ("faster", "slower", "logits")}
    given = {"data": clinic.data, "values": {**clinic.values, "diagnosis": PATIENTS[0].diagnosis}, "answers": answers}
    says = node("Object.fromEntries(Object.entries(given.answers).map(([name, answer]) => [name, words.verdict(given.data, { ...given.values, prescription: name }, answer)]))", given)
    assert says["faster"].startswith("Well again: ") and "Your diagnosis is right. The cause: the rate is far too small." in says["faster"]
    assert says["slower"].startswith("Not well yet: ") and says["logits"].startswith("Nothing changed")


def test_coarse_to_fine_spends_its_budget_on_different_cells_and_beats_as_many_at_random(node):
    board = SearchBoard()
    given = {"scores": board.data["scores"], "columns": ETAS.size, "budget": 16}
    program = """[0, 1].map((coarse) => Array.from({ length: 200 }, (_, seed) => {
        const random = generator(seed), tried = [];
        while (tried.length < given.budget) tried.push(search.nextTry({ ...given, budget: coarse ? given.budget : 3 * given.budget, tried, random }));
        return { tried, ...search.standing(tried, given.scores) };
    }))"""
    at_random, fine = node(program, given)
    for game in at_random + fine:
        assert len(set(game["tried"])) == 16 and max(game["tried"]) < ETAS.size * LAMBDAS.size
        assert game["score"] == min(board.data["scores"][cell] for cell in game["tried"])
    # Three budgets long, the search is still in its first, random stage after 16 runs.
    assert np.mean([game["rank"] for game in fine]) < np.mean([game["rank"] for game in at_random]) - 1


def test_the_boards_cells_are_runs_that_a_single_network_gives_too():
    from course_lib.losses import SoftmaxCrossEntropy
    from course_lib.network import Network, mlp
    from course_lib.optimizers import SGD
    from course_lib.regularizers import L2
    from course_lib.training import fit

    board, (i, j) = SearchBoard(), (3, 9)
    X, X_val, y, y_val = ward(spoiled=0.2)
    rng = np.random.default_rng(0).spawn(ETAS.size * LAMBDAS.size)[i * ETAS.size + j]
    single = mlp([64, 20, 10], rng=rng)
    assert isinstance(single, Network)
    history = fit(single, SoftmaxCrossEntropy(), X, y, SGD(float(np.float32(ETAS[j]))), epochs=15, batch_size=20, rng=0, regularizer=L2(float(np.float32(LAMBDAS[i]))), validation=(X_val, y_val))
    assert history.validation_loss[-1] == pytest.approx(board.scores[i, j], rel=0.02)  # float32 sums in another order, 300 steps
