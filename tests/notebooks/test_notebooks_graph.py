"""The figures of L06: the page walks a graph as course_lib.autodiff does, nudges as NumPy does, and refuses in sentences."""


import numpy as np
import pytest

from course_lib.autodiff import Tensor, exp, log, operation, topological_order
from course_lib.widgets import FOLDER
from course_lib.widgets.graph import Gates, GraphWalk, NudgeChecker
from course_lib.widgets.graph.graphs import GRAPHS

ROOM = FOLDER / "graph"


@pytest.fixture
def node(javascript):
    imports = f"""
        import {{ forward, nudged, steps, walk }} from "{(ROOM / "tape.js").as_uri()}";
        import {{ describe, stepInWords }} from "{(ROOM / "words.js").as_uri()}";
        import {{ errors, functions, nudged as slopes }} from "{(ROOM / "slopes.js").as_uri()}";
    """
    return lambda expression, given=None: javascript(imports, expression, given)


def random_graph(rng):
    """A computation of two to four numbers in 3 to 12 steps, in which values are used as often as chance has it."""
    values = [Tensor(rng.uniform(0.5, 2), name=f"x{i}") for i in range(rng.integers(2, 5))]
    two = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (abs(b) + 1), lambda a, b: a.maximum(b)]
    one = [lambda a: -a, lambda a: a.tanh(), lambda a: a.sigmoid(), lambda a: a.relu(), lambda a: exp(a / 8), lambda a: log(abs(a) + 1),
           lambda a: (a * a + 1).sqrt(), lambda a: (abs(a) + 1) ** 1.5]  # fmt: skip
    for _ in range(rng.integers(3, 8)):
        a, b = (values[i] for i in rng.integers(0, len(values), 2))
        values.append(two[rng.integers(len(two))](a, b) if rng.random() < 0.6 else one[rng.integers(len(one))](a))
    return values[-1]


def test_the_page_walks_any_graph_as_the_library_does(node):
    rng = np.random.default_rng(6)
    cases, expected = [], []
    while len(cases) < 120:
        out = random_graph(rng)
        try:
            graph = GraphWalk(out).data["graphs"][0]
        except ValueError:  # more than 24 values
            continue
        out.backward()
        cases.append(graph)
        expected.append(out)
    pages = node("given.map(({ nodes, given }) => walk(nodes, given))", cases)
    for out, page in zip(expected, pages, strict=True):
        order = topological_order(out)
        # two libraries' exponentials, each within some units of the last place, along at most 24 steps
        np.testing.assert_allclose(page["values"], [float(x.value) for x in order], rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(page["bars"], [float(x.grad) for x in order], rtol=1e-10, atol=1e-12)


def test_the_lectures_graphs_end_with_the_lectures_numbers(node):
    graphs = GraphWalk().data["graphs"]
    ends = node("given.map(({ nodes, given }) => walk(nodes, given))", graphs)
    bars = {key: {n["name"]: bar for n, bar in zip(graph["nodes"], end["bars"])} for key, graph, end in zip(GRAPHS, graphs, ends)}
    assert ends[0]["values"][-1] == 6 and (bars["sums"]["a"], bars["sums"]["b"]) == (2, 5)
    assert bars["twice"]["a"] == 7 and (bars["winner"]["a"], bars["winner"]["b"]) == (-2, 3)
    assert bars["sine"]["x₂"] == pytest.approx(np.cos(2) + 3, abs=1e-12)
    p = 1 / (1 + np.exp(-2.5))  # h = 1·2 + (−1)(−1) − .5, y = 0
    assert [bars["logistic"][name] for name in ("h", "w₁", "w₂", "b")] == pytest.approx([p, 2 * p, -p, p], abs=1e-12)


def test_a_share_that_overwrites_ends_at_2_and_the_words_say_that_one_is_lost(node):
    graph = GraphWalk(add_up=False).data["graphs"][0]
    state, words = node(
        "(() => { const { nodes, given: g } = given, state = walk(nodes, g, 9, { addUp: false }); return [state.bars, describe(nodes, { given: g, at: 9, add_up: false }, state)]; })()",
        graph,
    )
    assert state[1] == 2
    assert "∂e/∂b is 2" in words and "nudging says that ∂e/∂b is 5: a share is lost" in words


def test_each_step_is_said_in_letters_and_numbers(node):
    graph = GraphWalk().data["graphs"][0]
    said = node("(() => { const { nodes, given: g } = given; return steps(nodes).map((_, i) => { const s = walk(nodes, g, i + 1); return stepInWords(nodes, s.last, s); }); })()", graph)
    assert said[0] == "c = a + b = 2 + 1 = 3"
    assert said[3].startswith("e\u0304 = ∂e/∂e = 1")
    assert said[4] == "c\u0304 = e\u0304 · ∂e/∂c = 1 · 2 = 2 (∂e/∂c is d)"
    assert "gets a second share" in said[-1] and said[-1].count("3 + 2 = 5") == 1


def test_a_value_that_is_not_finite_gets_a_sentence(node):
    a = Tensor(1, name="a")
    graph = GraphWalk(log(a)).data["graphs"][0]
    words = node("(() => { const s = walk(given.nodes, [-1]); return describe(given.nodes, { given: [-1], at: 9, add_up: true }, s); })()", graph)
    assert words == "v1 = ln(a) is not a finite number here. Move what is given, or press Reset."


def test_nudging_in_the_page_is_nudging_in_numpy(node):
    hs = [1.0, 1e-1, 1e-3, 1e-5]
    page = node("given.map((h) => errors(functions.sigmoid, h))", hs)
    sigmoid = lambda v: 1 / (1 + np.exp(-v))  # noqa: E731
    exact = sigmoid(0.7) * (1 - sigmoid(0.7))
    for h, found in zip(hs, page, strict=True):
        assert found["exact"] == pytest.approx(exact, rel=1e-14)
        # the two exponentials may differ in their last place: ε/h in the slope
        assert found["central"] == pytest.approx((sigmoid(0.7 + h) - sigmoid(0.7 - h)) / (2 * h), abs=4e-16 / h)
        assert found["oneSided"] == pytest.approx((sigmoid(0.7 + h) - sigmoid(0.7)) / h, abs=4e-16 / h)


def test_the_error_is_a_u_with_its_foot_near_1e_minus_5_and_in_float32_near_1e_minus_2(node):
    hs = [10 ** (-k / 4) for k in range(4, 45)]
    for float32, low, high in ((False, 1e-6, 1e-4), (True, 1e-3, 1e-1)):
        found = [each["centralError"] for each in node(f"given.map((h) => errors(functions.sigmoid, h, {str(float32).lower()}))", hs)]
        best = int(np.argmin(found))
        assert low <= hs[best] <= high
        assert found[0] > 100 * found[best] < found[-1]
    kink = node("given.map((h) => errors(functions.relu, h).centralError)", [1e-2, 1e-4])
    assert kink[0] == pytest.approx(0.45) and kink[1] < 1e-10


@pytest.mark.parametrize(
    "make, error, says",
    [
        (lambda: GraphWalk(3), TypeError, "this is int"),
        (lambda: GraphWalk(Tensor(1)), ValueError, "nothing to walk"),
        (lambda: GraphWalk(Tensor([1, 2]) * 2), ValueError, "walks single numbers"),
        (lambda: GraphWalk(sum((Tensor(i) for i in range(20)), Tensor(0))), ValueError, "41 values; the figure draws up to 24"),
        (lambda: GraphWalk(operation("cube")(lambda xp, a: (a**3, lambda d: 3 * d * a**2))(Tensor(2))), ValueError, "does not know the operation 'cube'"),
        (lambda: GraphWalk(show="nowhere"), ValueError, "no graph 'nowhere'; there are sums"),
        (lambda: Gates(a=5), ValueError, "a must lie between −4 and 4"),
        (lambda: Gates(b=float("nan")), ValueError, "finite"),
        (lambda: NudgeChecker("cube"), ValueError, "no function 'cube'"),
        (lambda: NudgeChecker(h=0), ValueError, "between 1e-16 and 1"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(make, error, says):
    with pytest.raises(error, match=says):
        make()


def test_a_figure_starts_where_it_is_told_and_two_share_nothing():
    one, other = GraphWalk(show="logistic"), GraphWalk(show="logistic")
    one.values = {"at": 3}
    assert (one.values["graph"], one.values["at"], other.values["at"]) == (list(GRAPHS).index("logistic"), 3, 0)
    assert NudgeChecker("relu", h=1e-3, float32=True).values == {"f": "relu", "h": 1e-3, "float32": True}
