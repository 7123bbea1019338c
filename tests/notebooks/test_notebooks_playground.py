"""The playground: its lines of code run and give its curve, its settings say what is wrong with them, its answers are
whole, its experiments equal single runs, and the page trains as Python does."""

import json

import numpy as np
import pytest

from course_lib.widgets import FOLDER
from course_lib.widgets.playground import Playground
from course_lib.widgets.playground.experiments import race, rates
from course_lib.widgets.playground.settings import SCHEMA, START, as_text, checked, parse
from course_lib.widgets.playground.trainer import GRID, MAP, Trainer, draw_data

ROOM = FOLDER / "playground"

STATES = [
    {},
    {"data": "circles", "features": ["x1^2", "x2^2"], "layers": "none", "optimizer": "SGD", "eta": 0.3},
    {"data": "spirals", "layers": "8-8", "activation": "relu", "init": "he_normal", "optimizer": "momentum", "penalty": "L2", "lam": 0.01, "seed": 7},
    {"data": "XOR", "n": 60, "noise": 0.1, "test": 0, "layers": "3", "activation": "sigmoid", "init": "small", "optimizer": "RMSprop"},
    {"data": "blobs", "layers": "5", "dropout": 0.3, "activation": "leakyrelu", "init": "normal", "optimizer": "Adagrad", "penalty": "L1", "lam": 0.002},
    {"features": ["x1", "x1*x2", "sin(x1)", "sin(x2)"], "layers": "4-3-2", "dropout": 0.1, "init": "lecun_normal", "batch": 1000},
]


@pytest.fixture(scope="module")
def node(printed):
    return printed


def lines(node, runs):
    """The code that the page shows for each [values, run]."""
    program = f"""
        import {{ courseLines }} from "{(ROOM / "code.js").as_uri()}";
        let text = "";
        for await (const part of process.stdin) text += part;
        console.log(JSON.stringify(JSON.parse(text).map(([values, run]) => courseLines(values, run))));
    """
    return node(program, runs)


def trained(values, epochs=6):
    trainer = Trainer(values)
    while len(trainer.loss) < epochs and not trainer.problem:
        trainer.train(epochs=2)  # a picture in between must not change the run
        trainer.field(), trainer.maps(), trainer.histograms()
    return trainer


# ---- show the code


def test_the_lines_run_and_give_the_same_curve_to_the_last_bit(node):
    trainers = [trained(values) for values in STATES]
    texts = lines(node, [[t.values, {"epochs": len(t.loss), "rates": t.rates, "problem": t.problem}] for t in trainers])
    for trainer, text in zip(trainers, texts, strict=True):
        there = {}
        exec(text, there)
        assert there["history"].loss == trainer.loss, text
        assert there["history"].validation_loss == trainer.test_loss, text
        np.testing.assert_array_equal(there["network"].theta, trainer.network.theta)
        assert all(len(line) <= 110 for line in text.splitlines())


def test_a_rate_that_was_moved_is_in_the_lines_too(node):
    trainer = Trainer({"eta": 0.05})
    for eta in (0.05, 0.2, 0.2, 0.01):
        trainer.move_rate(eta)
        trainer.train(epochs=2)
    assert [rate for _, rate in trainer.rates] == [0.05, 0.2, 0.01]
    (text,) = lines(node, [[trainer.values, {"epochs": 8, "rates": trainer.rates}]])
    there = {}
    exec(text, there)
    assert there["history"].loss == trainer.loss and "the rate was moved" in text


def test_a_run_that_diverges_stops_with_a_sentence_and_its_lines_say_so(node):
    trainer = Trainer({"eta": 10, "optimizer": "SGD", "activation": "relu", "layers": "64-64-64", "init": "normal", "penalty": "L2", "lam": 1})
    trainer.train(epochs=50)
    assert "no longer finite" in trainer.problem and trainer.problem.endswith(".")
    epochs = len(trainer.loss)
    trainer.train(epochs=5)
    assert len(trainer.loss) == epochs, "it stays where it is"
    assert trainer.field().shape == (GRID * GRID,) and trainer.maps().dtype == np.uint8 and trainer.histograms()[0].sum() > 0
    (text,) = lines(node, [[trainer.values, {"epochs": epochs, "rates": trainer.rates, "problem": trainer.problem}]])
    with pytest.raises(FloatingPointError):
        exec(text, {})


# ---- settings


@pytest.mark.parametrize(
    "values, says",
    [
        ({"eta": 0}, "learning rate must lie between 0.0001 and 10; it is 0"),
        ({"eta": float("nan")}, "needs a number"),
        ({"eta": "fast"}, "needs a number"),
        ({"n": 0}, "points must lie between 20 and 1000"),
        ({"n": 20.5}, "whole number"),
        ({"layers": "-".join(["4"] * 40)}, "room for 4 hidden layers; these are 40"),
        ({"layers": "65"}, "1 to 64 units"),
        ({"layers": "0-4"}, "1 to 64 units"),
        ({"layers": "a lot"}, "written as 8-4"),
        ({"features": []}, "sees nothing"),
        ({"features": ["x3"]}, "'x3' is none"),
        ({"data": "iris"}, "data is one of moons"),
        ({"colour": 1}, "no setting 'colour'"),
    ],
)
def test_a_setting_that_cannot_be_gets_a_sentence(values, says):
    with pytest.raises(ValueError, match=says):
        checked(values)
    with pytest.raises(ValueError, match=says):
        Playground(**values)


@pytest.mark.parametrize("text", ["", "hello", "data=moons&&eta", "eta=0", "layers=" + "-".join(["4"] * 40), "data=iris", "<script>=1", "features=", "seed=1.5"])
def test_a_broken_link_gets_a_sentence_from_python_and_from_the_page(node, text):
    with pytest.raises(ValueError, match=r"\.$"):
        parse(text)
    (said,) = in_page(node, [text])
    assert isinstance(said, str) and said.endswith(".")


def in_page(node, texts):
    program = f"""
        import {{ asText, parseState }} from "{(ROOM / "settings.js").as_uri()}";
        const schema = {json.dumps(SCHEMA)};
        let text = "";
        for await (const part of process.stdin) text += part;
        console.log(JSON.stringify(JSON.parse(text).map((each) => {{
          try {{ const values = parseState(each, schema); return {{ values, text: asText(values, schema) }}; }} catch (error) {{ return error.message; }}
        }})));
    """
    return node(program, texts)


def test_a_state_survives_being_text_in_python_and_in_the_page(node):
    texts = [as_text(values | {}) for values in (checked(state) for state in STATES)]
    for text, state, there in zip(texts, STATES, in_page(node, texts), strict=True):
        assert parse(text) == checked(state)
        assert parse(f"https://course.example/playground.html#playground?{text}") == checked(state)
        assert there["values"] == checked(state)
        assert parse(there["text"]) == checked(state)
    assert Playground(texts[2]).state == texts[2]
    assert as_text(START) == "data=moons"


# ---- answers


def ask(playground, **request):
    return playground.answer({"run": "a", **request})


def test_answers_hold_what_the_page_needs_and_losses_come_once():
    playground = Playground(layers="5-3")
    header, (loss, test_loss, field, X, y, X_test, y_test, maps, weights) = ask(playground, begin=playground.values, wants=["units"])
    assert header["epochs"] == 0 and header["sizes"] == [2, 5, 3, 1] and len(loss) == len(test_loss) == 0
    assert field.shape == (GRID * GRID,) and field.dtype == np.float32 and 0 <= field.min() and field.max() <= 1
    assert X.shape == (140, 2) and y.shape == (140,) and X_test.shape == (60, 2) and y_test.shape == (60,)
    assert maps.shape == (8 * MAP * MAP,) and maps.dtype == np.uint8 and weights.shape == (2 * 5 + 5 * 3 + 3,)
    seen = 0
    for _ in range(3):
        header, (loss, _, field, counts, ends) = ask(playground, epochs=2, seconds=10, have=seen, pictures=[["histograms"]])
        seen += len(loss)
        assert header["pictures"][0]["epochs"] == seen
        assert counts.shape == (3, 2, 30) and (counts.sum(axis=2) == [[140 * 5, 10], [140 * 3, 15], [140, 3]]).all() and ends.shape == (3, 2, 2)
    assert seen == 6


def test_several_pictures_travel_in_one_answer_and_are_those_of_several_answers():
    one, several = Playground(layers="4"), Playground(layers="4")
    for playground in (one, several):
        ask(playground, begin=playground.values)
    header, arrays = ask(several, epochs=2, seconds=10, pictures=[[], ["units"], []])
    assert [each["epochs"] for each in header["pictures"]] == [2, 4, 6]
    have = 0
    for each in header["pictures"]:
        mine, arrays = arrays[: each["arrays"]], arrays[each["arrays"] :]
        alone, theirs = ask(one, epochs=2, seconds=10, have=have, pictures=[each["wants"]])
        have += len(mine[0])
        assert alone["pictures"] == [each] and all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))
    assert not arrays and have == 6


def test_after_a_run_diverged_there_are_no_more_pictures():
    playground = Playground(eta=10, optimizer="SGD", layers="64-64", activation="identity", init="normal")
    ask(playground, begin=playground.values)
    header, _ = ask(playground, epochs=100, seconds=10, pictures=[[]] * 5)
    assert len(header["pictures"]) == 1 and "no longer finite" in header["pictures"][0]["problem"]


def test_a_picture_of_the_plane_is_the_networks_answer_there():
    trainer = trained({"layers": "4"})
    x0, x1, y0, y1 = trainer.box
    field = trainer.field().reshape(GRID, GRID)
    row, column = 5, 30
    at = [[x0 + (column + 0.5) / GRID * (x1 - x0), y1 - (row + 0.5) / GRID * (y1 - y0)]]
    o = float(trainer.network.predict(at)[0, 0])
    assert field[row, column] == pytest.approx(1 / (1 + np.exp(-o)), rel=1e-5)


def test_two_views_keep_two_runs_and_a_lost_one_is_said_to_be():
    playground = Playground()
    for run in "ab":
        playground.answer({"run": run, "begin": playground.values})
    playground.answer({"run": "a", "epochs": 3, "seconds": 10, "pictures": [[]]})
    assert playground.answer({"run": "b", "epochs": 1, "seconds": 10, "pictures": [[]]})[0]["pictures"][0]["epochs"] == 1
    with pytest.raises(ValueError, match="Press Reset"):
        playground.answer({"run": "z", "epochs": 1, "pictures": [[]]})


def test_a_frame_takes_about_as_long_as_it_may():
    playground = Playground()
    ask(playground, begin=playground.values)
    first, then = (ask(playground, epochs=10**6, seconds=seconds, pictures=[[]])[0]["pictures"][0]["epochs"] for seconds in (0.05, 0))
    assert first > 5 and then == first + 1, "at least one epoch"


# ---- experiments


def test_the_32_rates_are_32_single_runs():
    values = checked({"optimizer": "SGD", "eta": 0.3})
    header, (etas, losses) = rates(values)
    assert etas.shape == (32,) and losses.shape == (60, 32) and header["epochs"] == 60
    for r in (0, 12, 20):
        one = Trainer(values)
        one.eta = float(etas[r])  # between what the slider has
        one.train(epochs=60)
        np.testing.assert_allclose(losses[: len(one.loss), r], one.loss, rtol=2e-3)  # float32, 600 steps, sums in another order
    assert losses[-1, 20] < losses[-1, 0]


def test_the_race_starts_together_and_its_surface_is_the_loss():
    header, (ways, losses, surface) = race(checked({}))
    assert ways.shape == (4, 41, 2) and losses.shape == (4, 41) and surface.shape == (625,)
    np.testing.assert_allclose(ways[:, 0], 0, atol=1e-5)
    np.testing.assert_allclose(losses[:, 0], losses[0, 0])
    assert 0.5 < header["share"] <= 1
    x0, x1, y0, y1 = header["box"]
    for name, way in zip(header["names"], ways, strict=True):
        assert (way[:, 0] >= x0).all() and (way[:, 0] <= x1).all() and (way[:, 1] >= y0).all() and (way[:, 1] <= y1).all(), name
    # near θ₀, the origin, the surface is near the loss there
    along = np.linspace(x0, x1, 25), np.linspace(y1, y0, 25)
    j, i = np.argmin(np.abs(along[0])), np.argmin(np.abs(along[1]))
    assert surface.reshape(25, 25)[i, j] == pytest.approx(losses[0, 0], abs=0.15)


def test_data_are_split_and_repeat_by_seed():
    for name in ("moons", "circles", "spirals", "blobs", "XOR"):
        first, again, other = (draw_data(checked({"data": name, "seed": seed})) for seed in (1, 1, 2))
        assert [len(part) for part in first] == [140, 60, 140, 60]
        assert all(np.array_equal(a, c) for a, c in zip(first, again)) and not np.array_equal(first[0], other[0])


# ---- in the page


def test_the_page_trains_by_itself_and_its_run_has_the_same_form(node):
    program = f"""
        import {{ pageEngine }} from "{(ROOM / "engines.js").as_uri()}";
        let text = "";
        for await (const part of process.stdin) text += part;
        const engine = pageEngine({{ grid: {GRID}, map: {MAP} }});
        const answers = [];
        for (const values of JSON.parse(text)) {{
          const runs = [];
          for (let i = 0; i < 2; i++) {{
            const run = await engine.begin(values);
            await engine.advance(run, {{ epochs: 60, seconds: 60, eta: values.eta, wants: () => ["units", "histograms"] }});
            runs.push(run);
          }}
          const [run, again] = runs;
          answers.push({{ k: run.k, loss: run.loss, again: again.loss, field: [...run.field], maps: run.maps.length, weights: run.weights.length, counts: run.counts.length, sizes: run.sizes, N: run.y.length, held: run.y_test.length, test: run.testLoss.length }});
        }}
        console.log(JSON.stringify(answers));
    """
    for values, there in zip(STATES, node(program, [checked(state) for state in STATES]), strict=True):
        trainer = Trainer(values)
        trainer.train(epochs=60)
        assert there["k"] == 60 and there["loss"] == there["again"], "the same seed, the same curve"
        assert there["sizes"] == [len(trainer.values["features"]), *(layer.n_out for layer in trainer.network.layers if hasattr(layer, "W"))]
        assert there["N"] == len(trainer.X) and there["held"] == len(trainer.X_test) and there["test"] == len(trainer.test_loss)
        assert len(there["field"]) == GRID * GRID and there["maps"] == len(trainer.maps())
        assert there["weights"] == trainer.network.weights.size and there["counts"] == trainer.histograms()[0].size
        # other random numbers, the same problem: about as far after 60 epochs
        assert abs(there["loss"][-1] - trainer.loss[-1]) < 0.4 and there["loss"][-1] < there["loss"][0], values
