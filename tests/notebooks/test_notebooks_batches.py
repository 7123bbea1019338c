"""The figures of L09: their arithmetic in the page against course_lib and closed forms, and what Python makes of bad values."""


import numpy as np
import pytest

from course_lib import schedules
from course_lib.losses import SigmoidCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.widgets import FOLDER
from course_lib.widgets.batches import BatchNoise, MinibatchFan, RobbinsMonro, ScheduleDesigner
from course_lib.widgets.batches.figures import SHAPES, overlapping_clouds

ROOM = FOLDER / "batches"


@pytest.fixture
def in_node(javascript):
    """Runs a few lines of JavaScript on `given` and returns what they leave in `answer`."""

    def run(module, lines, given=None):
        return javascript(f'import * as room from "{(ROOM / module).as_uri()}";', "answer", given, before=f"let answer;\n{lines}")

    return run


# ---- schedules


@pytest.mark.parametrize("eta_0, eta_tau, tau", [(0.3, 0.003, 200), (0.1, 0.001, 100), (1, 0.05, 30), (0.02, 0.5, 10)])
def test_schedules_in_the_page_are_the_librarys(in_node, eta_0, eta_tau, tau):
    every, stairs = int(np.ceil(tau / 4)), (eta_tau / eta_0) ** 0.25
    ours = {
        "constant": schedules.constant(eta_0),
        "linear": schedules.linear(eta_0, eta_tau, tau),
        "step": schedules.step_decay(eta_0, stairs, every),
        "exponential": schedules.exponential(eta_0, (eta_tau / eta_0) ** (1 / tau)),
        "cosine": schedules.cosine(eta_0, eta_tau, tau),
        "warmup": schedules.warmup(int(np.ceil(tau / 10)), schedules.linear(eta_0, eta_tau, tau)),
    }
    ours["inverse"] = schedules.inverse(eta_0, max(0, (eta_0 / eta_tau - 1) / tau))  # it cannot rise
    lines = "answer = given.names.map((name) => { const eta = room.shapes[name].make(given.a, given.c, given.tau); return Array.from({ length: 301 }, (_, k) => eta(k)); });"
    pages = in_node("schedules.js", lines, {"names": list(ours), "a": eta_0, "c": eta_tau, "tau": tau})
    for (name, eta), page in zip(ours.items(), pages, strict=True):
        np.testing.assert_allclose(np.array(page, float), [eta(k) for k in range(301)], rtol=1e-9, err_msg=name)  # powers and cosines, some units in the last place, times k


def test_the_python_that_a_schedule_shows_makes_that_schedule(in_node):
    lines = """answer = given.map((name) => { const s = room.shapes[name]; const eta = s.make(0.3, 0.003, 200);
        return [s.code(0.3, 0.003, 200), Array.from({ length: 300 }, (_, k) => eta(k))]; });"""
    for name, (code, rates) in zip(SHAPES, in_node("schedules.js", lines, SHAPES), strict=True):
        eta = eval(code, vars(schedules).copy())  # noqa: S307 — the text is our own figure's
        # the text has its numbers to four digits; a factor to the power of 300 makes 3 % of that
        np.testing.assert_allclose([eta(k) for k in range(300)], rates, rtol=0.05, atol=1e-12, err_msg=f"{name}: {code}")


def test_the_slides_line_goes_below_zero_and_makes_the_descent_climb(in_node):
    lines = """const eta = room.shapes.unclamped.make(0.1, 0.001, 100), line = room.shapes.linear.make(0.1, 0.001, 100);
        answer = [eta(150), line(150), Array.from(room.rms(eta, { steps: 300 })), Array.from(room.rms(line, { steps: 300 }))];"""
    slide, ours, climbs, settles = in_node("schedules.js", lines)
    assert slide == pytest.approx(-0.0485) and ours == pytest.approx(0.001)
    assert climbs[300] > 10 * min(climbs) and settles[300] < settles[100]


def test_the_expected_distance_is_what_many_runs_have(in_node):
    runs, steps = 4000, 200
    z = np.random.default_rng(4).normal(size=(steps, runs))
    for shape, sigma in (("linear", 3), ("constant", 0.95), ("cosine", 0.3)):
        lines = "answer = Array.from(room.rms(room.shapes[given.shape].make(0.3, 0.003, 100), { sigma: given.sigma, steps: given.steps }));"
        page = in_node("schedules.js", lines, {"shape": shape, "sigma": sigma, "steps": steps})
        eta = {"linear": schedules.linear, "cosine": schedules.cosine}.get(shape, lambda a, c, tau: schedules.constant(a))(0.3, 0.003, 100)
        x = np.full(runs, 5.0)
        for k in range(steps):
            x -= eta(k) * (x + sigma * z[k])
        # the mean square of 4000 runs has a relative spread of √(2/4000) = 2.2 %, its root half of that; 5 of these
        assert page[-1] == pytest.approx(np.sqrt(np.mean(x**2)), rel=0.055)


def test_the_four_rates_of_the_lecture_end_where_the_closed_forms_say(in_node):
    rules = {"0.1": "0.1", "root": "0.5 / Math.sqrt(k + 1)", "inverse": "1 / (k + 1)", "square": "0.5 / (k + 1) ** 2"}
    lines = f"answer = [{', '.join(f'room.rms((k) => {rule}, {{ steps: 20000 }}).at(-1)' for rule in rules.values())}];"
    constant, root, inverse, square = in_node("schedules.js", lines)
    assert constant == pytest.approx(np.sqrt(0.1 / 1.9), rel=1e-9)  # ε σ² / (2 − ε)
    assert inverse == pytest.approx(1 / np.sqrt(20_000), rel=1e-9)  # the mean of 20 000 numbers
    assert root == pytest.approx(0.0422, abs=5e-5) and square == pytest.approx(1.830, abs=5e-4)


def test_the_sums_of_the_theorem(in_node):
    first, second = in_node("schedules.js", "const s = room.sums((k) => 1 / (k + 1), 100000); answer = [s.first.at(-1), s.second.at(-1)];")
    assert first == pytest.approx(np.log(1e5) + 0.5772157 + 0.5e-5, abs=1e-6)
    assert second == pytest.approx(np.pi**2 / 6 - 1e-5, abs=1e-8)


# ---- minibatches


@pytest.mark.parametrize("B", [1, 7, 50, 200])
def test_the_page_trains_on_minibatches_as_the_network_does(in_node, B):
    X, y = overlapping_clouds()
    given = {"X": X.tolist(), "y": y.tolist(), "theta": [-1, 1, 0], "B": B, "etas": [0.01, 0.1, 1], "epochs": 2 if B < 50 else 10, "seed": 3}
    lines = "const run = room.begin(given); while (room.step(run)); answer = { looks: run.looks, epochs: run.epochs, all: run.all };"
    page = in_node("minifan.js", lines, given)
    rows_seen = [row for look in page["looks"][: len(page["looks"]) // given["epochs"]] for rows in look for row in rows]
    assert sorted(rows_seen) == list(range(200)), "an epoch is every row once"
    loss = SigmoidCrossEntropy()
    for eta, one in zip(given["etas"], page["all"], strict=True):
        network, optimizer, losses = mlp([2, 1], dtype="float64", rng=0), SGD(eta), []
        network.theta[:] = given["theta"]
        for look in page["looks"]:
            losses.append(loss.value(network.predict(X), y))
            for rows in look:
                o = network.forward(X[rows], train=True)
                network.backward(loss.gradient(o, y[rows]))
                optimizer.step(network.theta, network.grad)
        np.testing.assert_allclose(one["theta"], network.theta, rtol=0, atol=1e-6)
        np.testing.assert_allclose(one["losses"][:-1], losses, rtol=0, atol=1e-6)
    assert page["epochs"][-1] == pytest.approx(given["epochs"])


def test_the_same_seed_gives_the_same_fan_and_another_seed_another(in_node):
    X, y = overlapping_clouds(40)
    given = {"X": X.tolist(), "y": y.tolist(), "theta": [-1, 1, 0], "B": 4, "etas": [0.1], "epochs": 2}
    lines = "answer = [0, 0, 1].map((seed) => { const run = room.begin({ ...given, seed }); while (room.step(run)); return run.all[0].losses; });"
    one, again, other = in_node("minifan.js", lines, given)
    assert one == again != other


def test_larger_batches_want_larger_rates(in_node):
    X, y = overlapping_clouds()
    given = {"X": X.tolist(), "y": y.tolist(), "theta": [-1, 1, 0], "etas": list(np.geomspace(0.001, 100, 32)), "epochs": 10, "seed": 0}
    lines = "answer = [1, 10, 50, 200].map((B) => { const run = room.begin({ ...given, B }); while (room.step(run)); return room.lowest(run).eta; });"
    best = in_node("minifan.js", lines, given)
    assert best == sorted(best) and 4 < best[1] / best[0] < 25


def test_noise_falls_with_the_root_of_the_batch(in_node):
    lines = "const X = room.cloud(60000, 0), order = room.orderOf(60000, 2, 1); answer = [1, 10, 50, 100, 1000].map((B) => room.scatter(X, order, B));"
    measured = in_node("cloud.js", lines)
    # 1000 minibatches with two numbers each: a spread good to √(1/4000) = 1.6 %; with 120 of B = 1000 it is 4.6 %
    np.testing.assert_allclose(measured[:4], 3 / np.sqrt([1, 10, 50, 100]), rtol=0.06)
    assert measured[4] == pytest.approx(3 / np.sqrt(1000), rel=0.15)


def test_the_path_in_the_cloud_is_the_one_of_its_rows(in_node):
    lines = """const X = room.cloud(500, 2), order = room.orderOf(500, 1, 5), run = room.begin(X, order, [-8, 8]);
        for (let k = 0; k < 100; k++) room.advance(run, 0.1, 30);
        answer = { X: Array.from(X), order: Array.from(order), path: run.path, seen: run.seen, middle: room.middleOf(X) };"""
    page = in_node("cloud.js", lines)
    X, order, theta, start = np.reshape(page["X"], (-1, 2)), page["order"], np.array([-8.0, 8.0]), 0
    assert sorted(order) == list(range(500)) and page["middle"] == pytest.approx(X.mean(axis=0).tolist())
    for k in range(100):
        start = 0 if start + 30 > 500 else start
        theta = theta - 0.1 * (theta - X[order[start : start + 30]].mean(axis=0))
        start += 30
        np.testing.assert_allclose(page["path"][k + 1], theta, rtol=0, atol=1e-9)
    assert page["seen"][-1] == 3000


def test_with_the_same_work_small_batches_are_first_and_tremble(in_node):
    lines = """const X = room.cloud(60000, 0), order = room.orderOf(60000, 2, 1), middle = room.middleOf(X);
        answer = [1, 100, 60000].map((B) => room.race(X, order, [-8, 8], 0.1, B, middle));"""
    one, hundred, all_rows = in_node("cloud.js", lines)
    at = lambda points, work: next(away for seen, away in points if seen >= work)  # noqa: E731
    assert at(one, 200) < 3 < at(hundred, 200), "B = 1 is near after 200 rows, B = 100 has made two steps"
    late = [away for seen, away in one if seen > 20_000]
    # η σ² / (2 − η) in each of two directions: .97 is the level at which B = 1 trembles
    assert 0.4 < np.mean(late) < 1.6 and hundred[-1][1] < 0.3
    assert len(all_rows) == 2 and all_rows[1][1] > 8


# ---- Python's side


def test_figures_keep_what_they_are_given():
    assert BatchNoise(B=1, eta=0.5, seed=3).values == {"B": 1, "eta": 0.5, "seed": 3}
    assert ScheduleDesigner(shape="cosine", tau=50).values["tau"] == 50
    assert RobbinsMonro(a=0.5).data == {"x0": 5, "sigma": 1}
    fan = MinibatchFan([[1, 2], [3, 4], [0, 0]], [0, 1, 0], B=3)
    assert fan.values["B"] == 3 and fan.data["y"] == [0, 1, 0] and len(fan.data["etas"]) == 32


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: BatchNoise(B=0), "B is 0; it must be a whole number from 1 to 60000"),
        (lambda: BatchNoise(B=1.5), "B is 1.5"),
        (lambda: BatchNoise(eta=0), "eta is 0; the figure takes 0.01 to 1"),
        (lambda: MinibatchFan(B=201), "from 1 to 200"),
        (lambda: MinibatchFan([[1, 2]]), "X and y together"),
        (lambda: MinibatchFan([[1, 2]], [1]), "for 2 to 2000 rows"),
        (lambda: MinibatchFan([[1, 2], [2, 3]], [1, 2]), "classes 0 and 1; got 2"),
        (lambda: MinibatchFan([[1, 2], [2, float("inf")]], [1, 0], B=1), "finite"),
        (lambda: MinibatchFan(epochs=0), "epochs is 0"),
        (lambda: ScheduleDesigner(shape="slow"), "there are constant, linear"),
        (lambda: ScheduleDesigner(B=5), "batches of 1, 10 and 100"),
        (lambda: ScheduleDesigner(tau=5), "tau is 5"),
        (lambda: ScheduleDesigner(eta_0=2), "eta_0 is 2"),
        (lambda: RobbinsMonro(a=-1), "a is -1"),
        (lambda: RobbinsMonro(c="x"), "c must"),
    ],
)
def test_values_that_cannot_be_shown_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()
