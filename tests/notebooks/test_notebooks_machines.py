"""L08: the page's arithmetic against Python's, a stand-in for brute force, and what the figures refuse."""


import numpy as np
import pytest

from course_lib.devices import BATCH, CARDS, OPERATIONS, Device, work
from course_lib.measurements.gpu import SERIES
from course_lib.timing import Crossover, _wins_from
from course_lib.widgets import FOLDER
from course_lib.widgets.machines import Clock, Measured, Roofline, SizeRace, Workers, figures
from course_lib.widgets.machines.orders import orders

ROOM = FOLDER / "machines"


@pytest.fixture
def page(javascript):
    return lambda module, expression, given: javascript(f'import * as page from "{(ROOM / module).as_uri()}";', expression, given)


@pytest.fixture
def measured():
    """Times that nobody measured, for figures that draw them: 1 µs · n on the CPU."""
    sizes = [4, 64, 1024]
    times = {
        (operation, dtype): Crossover(sizes, [1e-6 * n for n in sizes], [None] * 3, [None] * 3, None, None)
        for operation in ("product", "relu") for dtype in ("float32", "float64")
    }  # fmt: skip
    return Measured(times, 10e9)


# ---- the page and Python compute the same


def test_work_roof_and_times_are_pythons(page):
    cases = [
        {"card": name, "operation": operation, "n": n, "dtype": dtype, "transfer": transfer}
        for name in CARDS for operation in OPERATIONS for n in (1, 7, 64, 1000, 4096)
        for dtype in ("float32", "float64") for transfer in (False, True)
    ]  # fmt: skip
    cards = {name: figures._in_units(card) for name, card in CARDS.items()}
    answers = page(
        "devices.js",
        """given.cases.map(({ card, operation, n, dtype, transfer }) => {
            const device = page.deviceOf(given.cards[card]), w = page.work(operation, n, dtype);
            return [page.seconds(device, operation, n, dtype, transfer), w.operations, w.bytes, w.bytesIn, w.bytesOut, page.best(device, w.intensity, dtype), page.ridge(device, dtype)];
        })""",
        {"cases": cases, "cards": cards},
    )
    for case, answer in zip(cases, answers, strict=True):
        card, (operation, n, dtype) = CARDS[case["card"]], (case["operation"], case["n"], case["dtype"])
        w = work(operation, n, dtype)
        expected = [
            card.seconds(operation, n, dtype, transfer=case["transfer"]), w.operations, w.bytes, w.bytes_in, w.bytes_out,
            card.best(w.intensity, dtype), card.ridge(dtype),
        ]  # fmt: skip
        np.testing.assert_allclose(answer, expected, rtol=1e-12)  # units back and forth: a few roundings
    assert page("devices.js", "[page.OPERATIONS, page.BATCH]", {}) == [OPERATIONS, BATCH]


def test_the_page_crosses_where_timing_does(page):
    rng = np.random.default_rng(0)
    cases = [{"cpu": rng.uniform(1, 2, 12).tolist(), "gpu": (rng.uniform(1, 2, 12) * np.linspace(1.5, 0.6, 12)).tolist()} for _ in range(50)]
    found = page("devices.js", "given.map(({ cpu, gpu }) => page.crossover(1, 12, (n) => cpu[n - 1], (n) => gpu[n - 1]))", cases)
    expected = [_wins_from(list(range(1, 13)), case["cpu"], case["gpu"]) for case in cases]
    assert found == expected and None in expected and len(set(expected)) > 4


def test_between_two_measured_sizes_a_line_on_logarithmic_axes(page):
    values = page("devices.js", "[4, 8, 16, 64, 2, 65].map((n) => page.between([4, 16, 64], [1, 100, 200], n))", {})
    assert values[:4] == pytest.approx([1, 10, 100, 200]) and values[4:] == [None, None]  # NaN: not measured there


def test_the_page_orders_as_python_does(page):
    rng = np.random.default_rng(1)
    cases = [
        {
            "products": int(rng.integers(1, 13)), **dict(zip(("compute", "order", "copy", "first"), rng.uniform(0.01, 10, 4).tolist())),
            **{name: bool(rng.integers(2)) for name in ("wait", "inside", "warm")},
        }
        for _ in range(60)
    ]  # fmt: skip
    cases[0]["first"] = 0
    for case, run in zip(cases, page("orders.js", "given.map(page.orders)", cases), strict=True):
        expected = orders(**case)
        for name in ("start", "stop", "end", "says", "truth"):
            assert run[name] == pytest.approx(expected[name], rel=1e-12)
        assert [(bar["lane"], bar["what"]) for bar in run["bars"]] == [(lane, what) for lane, _, _, what in expected["bars"]]
        np.testing.assert_allclose([[bar["from"], bar["to"]] for bar in run["bars"]], [[a, b] for _, a, b, _ in expected["bars"]])


def test_a_device_does_one_thing_at_a_time_and_a_clock_that_is_warm_waits_and_stays_in_place_tells_the_truth():
    settings = {"products": 5, "compute": 2.0, "order": 0.05, "copy": 3.0, "first": 15.0}
    for wait in (False, True):
        for inside in (False, True):
            for warm in (False, True):
                run = orders(**settings, wait=wait, inside=inside, warm=warm)
                for lane in ("Python", "device"):
                    bars = [(a, b) for name, a, b, _ in run["bars"] if name == lane]
                    assert all(b <= c + 1e-12 for (_, b), (c, _) in zip(bars, bars[1:])), "no two at once"
                assert sum(b - a for lane, a, b, what in run["bars"] if what == "computes") == pytest.approx(2 * (5 + warm))
    says = lambda **how: orders(**settings, **{"wait": True, "inside": False, "warm": True, **how})["says"]  # noqa: E731
    assert says() == pytest.approx(2, abs=0.05)
    assert says(wait=False) < 0.1 and says(warm=False) > 4 and says(inside=True) > 7


def test_the_hands_cross_where_trying_every_number_says(page):
    cases = [{"cores": 8, "many": 2560, "slow": 8, "call": 20}]
    cases += [{"cores": c, "many": m, "slow": s, "call": k} for c in (1, 16, 64) for m in (64, 1000) for s in (1, 10, 50) for k in (0, 30)]
    tried = []
    for v in cases:
        fast, slow = (lambda t: -(-t // v["cores"])), (lambda t: v["call"] + v["slow"] * -(-t // v["many"]))
        lost = [t for t in range(1, 60_000) if slow(t) >= fast(t)]
        tried.append(1 if not lost else None if lost[-1] > 59_000 else lost[-1] + 1)
    assert page("hands.js", "given.map((values) => page.crossing(values))", cases) == tried
    assert tried[0] == 225 and None in tried


def test_tasks_done_and_time_agree(page):
    answers = page("hands.js", "given.map(([hand, tasks]) => { const end = page.time(hand, tasks); return [page.done(hand, tasks, end - 1) < tasks, page.done(hand, tasks, end), page.done(hand, tasks, 0)]; })",
                   [[{"hands": h, "ticks": k, "call": c}, tasks] for h in (1, 7, 100) for k in (1, 8) for c in (0, 20) for tasks in (1, 7, 8, 4096)])  # fmt: skip
    assert all(before and none == 0 for before, _, none in answers)
    assert {tasks for _, tasks, _ in answers} == {1, 7, 8, 4096}


# ---- Python's side


def test_a_race_shows_what_there_is_and_says_what_it_is(measured, monkeypatch):
    figure = SizeRace(measured, card="A100")
    assert figure.values["source"] == "model" and figure.data["recorded"] is None
    assert [card["name"] for card in figure.data["cards"]] == [card.name for card in CARDS.values()]
    assert figure.values["peak"] == 19.5 and figure.data["measured"]["relu"]["float64"]["cpu"] == measured.times["relu", "float64"].cpu

    series = {name: [1.0] for name in SERIES}
    record = {"measured": True, "sizes": [4], "date": "2026-01-31", "machine": {"card": "some card"}, "results": {"product": {"float32": series}}}
    monkeypatch.setattr(figures, "recorded_gpu", lambda: record)
    assert SizeRace(measured).values["source"] == "recorded"

    here = Measured({key: Crossover(t.sizes, t.cpu, [1e-6] * 3, [2e-6] * 3, 4, 4) for key, t in measured.times.items()}, 1e10)
    assert SizeRace(here).values["source"] == "measured", "this machine's own card comes first"


def test_a_card_of_ones_own_joins_the_published_ones(measured):
    mine = Device("mine", 1e12, 1e11, 1e10, 2, launch=5e-6)
    figure = SizeRace(measured, card=mine)
    assert figure.data["cards"][0]["name"] == "mine" and len(figure.data["cards"]) == len(CARDS) + 1
    assert (figure.values["peak"], figure.values["bandwidth"], figure.values["bus"], figure.values["launch"]) == (1, 100, 10, 5)


def test_the_cpus_roof_is_its_own_best(measured):
    roof = Roofline(measured).data["cpu"]["float32"]
    assert roof["peak"] == measured.peak() == max(2 * n**3 / (1e-6 * n) for n in (4, 64, 1024)) and roof["bandwidth"] == 10e9
    assert {(point["operation"], point["n"]) for point in roof["points"]} == {(o, n) for o in ("product", "relu") for n in (64, 1024)}


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda m: SizeRace(m, card="Voodoo"), "one of T4"),
        (lambda m: Roofline(m, n=float("nan")), "finite"),
        (lambda m: Clock(compute=0), "compute is 0; the figure draws 0.1 to 10"),
        (lambda m: Clock(products=13), "1 to 12"),
        (lambda m: Workers(tasks=0), "whole numbers from 1 to 4096"),
        (lambda m: Workers(slow=1.5), "slow is 1.5"),
    ],
)
def test_values_that_cannot_be_drawn_get_a_sentence(measured, make, says):
    with pytest.raises(ValueError, match=says):
        make(measured)
