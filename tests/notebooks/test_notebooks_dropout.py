"""The figures of L14: their arithmetic against course_lib, and what Python makes of bad values."""


import numpy as np
import pytest

from course_lib.activations import ReLU, Tanh
from course_lib.layers import Dense, Dropout
from course_lib.network import Network
from course_lib.widgets import FOLDER
from course_lib.widgets.dropout import Committee, MaskAverage, MaskTable
from course_lib.widgets.dropout.masks import as_lists, mean_over_masks


@pytest.fixture
def node(javascript):
    imports = f"""
        import * as m from "{(FOLDER / "dropout" / "masks.js").as_uri()}";
        import {{ generator }} from "{(FOLDER / "shared" / "random.js").as_uri()}";
    """
    return lambda expression, given=None: javascript(imports, expression, given)


def deep(seed, keep=0.7):
    return Network(Dense(2, 4), ReLU(), Dropout(keep=keep), Dense(4, 4), ReLU(), Dropout(drop=0.5), Dense(4, 1), rng=seed, dtype=np.float64)


def test_the_slides_neuron_says_minus_one_on_average_and_minus_two_in_use(node):
    table = node("m.maskTable(given.x, given.w, .5, false)", {"x": [2, 3], "w": [0.5, -1]})
    assert [row["a"] for row in table["rows"]] == [0, -3, 1, -2]
    assert [row["chance"] for row in table["rows"]] == [0.25] * 4
    assert (table["mean"], table["use"]) == (-1, -2)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8])
def test_the_mean_over_masks_is_keep_times_the_answer_in_use_and_equal_when_inverted(node, keep):
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(2, 4))
    given = {"x": x.tolist(), "w": w.tolist()}
    for inverted, factor in ((False, keep), (True, 1)):
        table = node(f"m.maskTable(given.x, given.w, {keep}, {str(inverted).lower()})", given)
        assert len(table["rows"]) == 16 and np.isclose(sum(row["chance"] for row in table["rows"]), 1, rtol=1e-12)
        assert np.isclose(table["mean"], factor * (x @ w), rtol=1e-12)  # the same sum in another order


def test_masks_are_drawn_as_often_as_their_chance_says(node):
    counts = node(
        "(() => { const u = generator(3).uniform; const c = [0, 0, 0, 0]; for (let i = 0; i < 20000; i++) c[m.drawn(2, .8, u)]++; return c; })()", {}
    )
    expected = 20000 * np.array([0.04, 0.16, 0.16, 0.64])
    assert np.all(np.abs(counts - expected) < 4 * np.sqrt(expected))  # four standard deviations and more


def test_the_page_and_course_lib_agree_on_one_pass_and_on_given_masks(node):
    for seed in range(3):
        network, x = deep(seed), [1.0, -2.0]
        masks = [[1, 0, 1, 1], [0, 1, 1, 0]]
        one, masked = node("[m.answer(given.layers, given.x), m.answer(given.layers, given.x, given.masks)]", {"layers": as_lists(network), "x": x, "masks": masks})
        assert np.isclose(one, network.predict([x])[0, 0], rtol=1e-12, atol=1e-12)
        h = np.array([x])
        for layer in network.layers:  # dropout by its definition: X · mask / keep
            h = h * masks.pop(0) / layer.keep if isinstance(layer, Dropout) else layer.forward(h)
        assert np.isclose(masked, h[0, 0], rtol=1e-12, atol=1e-12)


def test_the_mean_over_all_masks_is_the_same_in_the_page_in_python_and_by_drawing(node):
    network, x = deep(5), [1.0, 2.0]
    page = node("m.overAllMasks(given.layers, given.x)", {"layers": as_lists(network), "x": x})
    assert page["count"] == 2**8
    assert np.isclose(page["mean"], mean_over_masks(network, x), rtol=1e-12, atol=1e-12)
    draws = network.forward(np.tile(x, (40_000, 1)), train=True)[:, 0]
    assert abs(draws.mean() - page["mean"]) < 4 * draws.std() / 200  # four standard errors


def test_one_pass_is_exact_with_a_linear_output_and_not_after_a_relu():
    exact = MaskAverage().exact
    assert abs(exact["one hidden layer"]["all masks"] - exact["one hidden layer"]["one pass"]) < 1e-12
    assert abs(exact["two hidden layers"]["all masks"] - exact["two hidden layers"]["one pass"]) > 0.1


def test_the_committees_law_holds_for_every_choice_of_members(node):
    from itertools import combinations

    rng = np.random.default_rng(0)
    P, truth = rng.normal(size=(6, 9)), rng.normal(size=9)
    given = {"P": P.tolist(), "truth": truth.tolist()}
    found = node("(() => { const c = m.committee(given.P, given.truth); return { ...c, expected: [1, 2, 3, 6].map(c.expected) }; })()", given)
    errors = [np.mean([np.mean((P[list(who)].mean(axis=0) - truth) ** 2) for who in combinations(range(6), n)]) for n in (1, 2, 3, 6)]
    assert np.allclose(found["expected"], errors, rtol=1e-12)
    assert np.isclose(found["alone"] - found["spread"], found["together"], rtol=1e-12)


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: MaskTable(x=[1, 2], w=[1]), "2 numbers and w has 1"),
        (lambda: MaskTable(x=range(5), w=range(5)), "1 to 4"),
        (lambda: MaskTable(keep=1), "keep is 1; .* between 0 and 1"),
        (lambda: MaskTable(x=[1, float("nan")]), "finite"),
        (lambda: MaskAverage({"a": Network(Dense(2, 3), Tanh(), Dropout(drop=0.5), Dense(3, 1), rng=0)}), "knows Dense, ReLU, and Dropout"),
        (lambda: MaskAverage({"a": Network(Dense(2, 3), ReLU(), Dense(3, 1), rng=0)}), "drops 0 units"),
        (lambda: MaskAverage({"a": Network(Dense(2, 30), Dropout(drop=0.5), Dense(30, 1), rng=0)}), "drops 30 units"),
        (lambda: MaskAverage({"a": Network(Dense(2, 3), Dropout(drop=0.5), Dense(3, 2), rng=0)}), "one output"),
        (lambda: MaskAverage([1]), "dict from a name"),
        (lambda: Committee([0, 1], [[0, 1]], [0, 1]), "1 members"),
        (lambda: Committee([0, 1], [[0, 1], [1, 1]], [0]), "one true value for each x"),
        (lambda: Committee([0, 1], [[0, 1], [1, 1]], [0, 1], points=([1, 2], [1])), "pair of lists"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()
