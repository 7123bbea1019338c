"""The hand table: right answers in every honest form are right, the first wrong cell is named, and what follows
from a slip is not punished again."""

import math
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from course_lib.perceptron import HandTable, gradients, predict, step

X, OR, W, B = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1], [1, -1], -.5
ALL = ("h", "p", "y_hat", "loss", "d_w1", "d_w2", "d_b", "w1", "w2", "b")


def slide(**options):
    return HandTable(X, OR, w=W, b=B, **options)


def filled_like_the_slide():
    return (
        slide()
        .fill("h", [-.5, -1.5, .5, -.5])
        .fill("p", [.38, .18, .62, .38])
        .fill("y_hat", [0, 0, 1, 0])
        .fill("loss", [.14, .67, .14, .39])
    )


def wrong_cells(report):
    return [(cell.column, cell.row) for cell in report.cells if cell.given is not None and not cell.ok]


# --- what is right


def test_the_slide_s_table_is_right():
    report = filled_like_the_slide().check()
    assert report.first_wrong is None and report.complete
    assert (report.right, report.total) == (16, 16)
    assert str(report) == "All 16 cells are right."


def test_the_solution_is_unrounded_and_agrees_with_the_library():
    solution = slide(eta=.1, columns=ALL).solution()
    h, p, y_hat = predict(X, W, B)
    d_w, d_b = gradients(X, OR, W, B)
    w, b = step(W, B, d_w, d_b, .1)
    assert tuple(solution) == ALL
    for name, right in {
        "h": h, "p": p, "y_hat": y_hat, "loss": (np.array(OR) - p) ** 2, "w1": w[:1], "w2": w[1:], "b": [b]
    }.items():
        np.testing.assert_allclose(solution[name], right, rtol=1e-15)
    for name, right in {"d_w1": d_w[0], "d_w2": d_w[1], "d_b": d_b}.items():
        assert solution[name].shape == (4,)
        assert math.isclose(np.mean(solution[name]), right, rel_tol=1e-14)
    assert round(float(np.mean(solution["loss"])), 5) == .33524
    assert solution["y_hat"].dtype.kind == "i"


@pytest.mark.parametrize("eta, w1, w2, b", [(.1, 1.01175, -.98659, -.48659), (1, 1.11750, -.86589, -.36589)])
def test_the_new_weights_of_the_slides(eta, w1, w2, b):
    table = slide(eta=eta, columns=("w1", "w2", "b"), decimals=5)
    assert table.fill("w1", w1).fill("w2", [w2]).fill("b", np.array(b)).check().right == 3
    assert table.fill("w1", 1 + (w1 - 1) / 2).check().first_wrong.column == "w1"  # the slide's rule, without the 2


def test_the_loss_of_row_four_is_right_from_the_rounded_p_and_from_the_unrounded_one():
    table = filled_like_the_slide()  # .3875 rounds to .39; (1 − .38)² = .3844 rounds to .38
    for loss in (.39, .38, .3875, .3844):
        assert table.fill("loss", [.14, .67, .14, loss]).check().first_wrong is None
    for loss in (.37, .40):
        assert table.fill("loss", [.14, .67, .14, loss]).check().first_wrong.row == 3


@pytest.mark.parametrize("p", [.38, .3775, .37754, .377540669])
def test_more_decimals_than_asked_for_are_right_too(p):
    assert slide().fill("p", [p, None, None, None]).check().right == 1


def test_a_half_may_be_rounded_either_way():
    table = HandTable([[.375]], [0], w=[1], b=0, columns=("h",))
    for h in (.37, .38, .375):
        assert table.fill("h", [h]).check().right == 1
    for h in (.36, .39, .3699, .3801):
        assert table.fill("h", [h]).check().right == 0


def test_at_a_tie_only_class_one_is_right():
    table = HandTable(X, OR, w=W, b=0).fill("h", [0, -1, 1, 0]).fill("p", [.5, .27, .73, .5])
    assert table.fill("y_hat", [1, 0, 1, 1]).check().first_wrong is None
    report = table.fill("y_hat", np.round([.5, .27, .73, .5])).check()
    assert wrong_cells(report) == [("y_hat", 0), ("y_hat", 3)]


def test_a_p_that_only_looks_like_a_tie_leaves_both_decisions_open():
    table = HandTable([[-.01]], [0], w=[1], b=0).fill("h", [-.01]).fill("p", [.50])  # unrounded .4975
    for y_hat in (0, 1):
        assert table.fill("y_hat", [y_hat]).check().first_wrong is None
    table = HandTable([[.01]], [0], w=[1], b=0).fill("h", [.01]).fill("p", [.50])  # unrounded .5025
    assert table.fill("y_hat", [0]).check().first_wrong.column == "y_hat"


def test_a_tie_by_hand_is_a_tie_although_binary_numbers_miss_it():
    table = HandTable([[.7, .1]], [1], w=[1, 1], b=-.8)
    assert .7 + .1 - .8 < 0  # −1.1e−16
    solution = table.solution()
    assert solution["h"] == 0 and solution["y_hat"] == 1


# --- which cell is named, and what follows from it


def test_the_first_wrong_cell_is_named_in_the_order_of_filling():
    report = filled_like_the_slide().fill("p", [.38, .18, .38, .38]).fill("h", [-.5, -1.5, .5, .5]).check()
    assert (report.first_wrong.column, report.first_wrong.row) == ("h", 3)
    assert report.first_wrong.given == .5 and report.first_wrong.expected == -.5
    assert str(report).startswith("First wrong cell: h in row 4. You wrote 0.50; h = w1 x1 + w2 x2 + b")


def test_the_sentence_names_place_rule_and_own_number():
    report = slide().fill("h", [-.5, -1.5, .5, -.5]).fill("p", [.38, .82, None, None]).check()
    assert str(report) == (
        "First wrong cell: p in row 2. You wrote 0.82; p = 1 / (1 + exp(-h)) with your h = -1.50 gives another "
        "number.\n5 of 16 cells are right, 1 is wrong, 10 are still empty."
    )
    report = filled_like_the_slide().fill("loss", [.14, .82, .14, .39]).check()
    assert "loss in row 2. You wrote 0.82; loss = (y - p)^2 with y = 1 and your p = 0.18" in str(report)


def test_one_slip_in_h_costs_one_cell():
    p = expit([-.5, 1.5, .5, -.5])  # the sign of h lost in row 2
    table = slide(eta=.1, columns=ALL).fill("h", [-.5, 1.5, .5, -.5]).fill("p", p.round(2))
    table.fill("y_hat", [0, 1, 1, 0]).fill("loss", ((np.array(OR) - p) ** 2).round(2))
    slope = 2 * (p - OR) * p * (1 - p)
    table.fill("d_w1", (slope * [0, 0, 1, 1]).round(2)).fill("d_w2", (slope * [0, 1, 0, 1]).round(2))
    table.fill("d_b", slope.round(2))
    table.fill("w1", 1 - .1 * np.mean(slope * [0, 0, 1, 1])).fill("w2", round(-1 - .1 * np.mean(slope * [0, 1, 0, 1]), 2))
    report = table.fill("b", round(-.5 - .1 * np.mean(slope), 2)).check()
    assert wrong_cells(report) == [("h", 1)]
    assert report.right == report.total - 1 and report.complete
    by_place = {(cell.column, cell.row): cell for cell in report.cells}
    assert math.isclose(by_place["p", 1].expected, expit(1.5))  # what follows from the student's own h


def test_forgetting_the_bias_costs_the_column_h_and_nothing_else():
    h = np.array([0, -1, 1, 0])
    p = expit(h).round(2)
    table = slide().fill("h", h).fill("p", p).fill("y_hat", [1, 0, 1, 1]).fill("loss", ((OR - p) ** 2).round(2))
    assert wrong_cells(table.check()) == [("h", 0), ("h", 1), ("h", 2), ("h", 3)]


def test_what_would_follow_from_the_right_number_is_wrong_after_a_wrong_one():
    table = filled_like_the_slide().fill("h", [-.5, 1.5, .5, -.5])
    assert wrong_cells(table.check()) == [("h", 1), ("p", 1)]  # p = .18 does not follow from h = 1.5


def test_a_missing_column_is_computed_from_the_ones_before_it():
    table = slide(columns=("h", "loss")).fill("h", [-.5, 1.5, .5, -.5])
    report = table.fill("loss", [.14, round((1 - expit(1.5)) ** 2, 2), .14, .39]).check()
    assert wrong_cells(report) == [("h", 1)]
    table = slide(eta=1, columns=("w2",)).fill("w2", [-.87])
    assert table.check().complete and table.check().right == 1


def test_new_weights_are_judged_on_the_student_s_own_gradients():
    table = slide(eta=1, columns=("d_w1", "w1"), decimals=None).fill("d_w1", [0, 0, .2, -.6]).fill("w1", [1.1])
    report = table.check()
    assert wrong_cells(report) == [("d_w1", 2), ("d_w1", 3)]
    assert math.isclose(report.cells[-1].expected, 1.1)


def test_an_error_of_one_in_the_last_place_is_an_error():
    for name in ("h", "p", "loss"):
        solved = filled_like_the_slide()
        for row in range(4):
            for slip in (-.01, .01):
                numbers = list(solved.filled[name])
                numbers[row] = round(numbers[row] + slip, 2)
                table = filled_like_the_slide().fill(name, numbers)
                if (name, row) == ("loss", 3) and slip < 0:
                    continue  # .38 follows from the rounded p
                first = table.check().first_wrong
                assert (first.column, first.row) == (name, row)


# --- full precision


def test_full_precision_takes_float32_and_float64_and_refuses_rounded_numbers():
    for dtype in (np.float32, np.float64):
        table = slide(eta=.1, columns=ALL, decimals=None)
        h = (np.array(X, dtype) @ np.array(W, dtype)) + dtype(B)
        p = 1 / (1 + np.exp(-h))
        y = np.array(OR, dtype)
        slope = 2 * (p - y) * p * (1 - p)
        x1, x2 = np.array(X, dtype).T
        for name, numbers in {
            "h": h, "p": p, "y_hat": p >= .5, "loss": y * y - 2 * y * p + p * p, "d_w1": slope * x1, "d_w2": slope * x2,
            "d_b": slope, "w1": 1 - dtype(.1) * np.mean(slope * x1), "w2": -1 - dtype(.1) * np.mean(slope * x2),
            "b": dtype(-.5) - dtype(.1) * np.mean(slope),
        }.items():
            table.fill(name, numbers)
        assert table.check().first_wrong is None
        assert table.check().complete
    report = slide(decimals=None).fill("p", [.3775, .1824, .6225, .3775]).check()
    assert report.right == 0 and "You wrote 0.3775" in str(report)


def test_full_precision_takes_formulas_multiplied_out():
    """1 − 2p + p² loses the digits of a tiny (1 − p)², and is the same formula."""
    table = HandTable([[1]], [1], w=[13], b=0, columns=("loss", "d_b"), decimals=None)
    p = expit(13.0)
    multiplied_out = 1 - 2 * p + p * p, 2 * (p - 1) * (p - p * p)
    assert abs(multiplied_out[0] / (1 - p) ** 2 - 1) > 1e-6
    assert table.fill("loss", multiplied_out[0]).fill("d_b", multiplied_out[1]).check().right == 2


@pytest.mark.parametrize("name", ["h", "p", "loss", "d_w1", "d_b", "w1", "b"])
def test_full_precision_sees_an_error_of_one_in_ten_thousand(name):
    table = slide(eta=.1, columns=ALL, decimals=None).solved()
    assert table.check().first_wrong is None
    numbers = np.array(table.filled[name])
    numbers[-1] *= 1 + 1e-4
    first = table.fill(name, numbers).check().first_wrong
    assert (first.column, first.row) == (name, len(numbers) - 1)


# --- students of every kind, any neuron

hundredths = st.integers(-300, 300).map(lambda k: k / 100)


@st.composite
def neurons(draw):
    N, D = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(hundredths, min_size=D, max_size=D), min_size=N, max_size=N))
    y = draw(st.lists(st.integers(0, 1), min_size=N, max_size=N))
    w = draw(st.lists(hundredths, min_size=D, max_size=D))
    return rows, y, w, draw(hundredths)


def column_names(D, new=True):
    names = ["h", "p", "y_hat", "loss", *(f"d_w{j + 1}" for j in range(D)), "d_b"]
    return (*names, *(f"w{j + 1}" for j in range(D)), "b") if new else tuple(names)


class Student:
    """Works through a table with SciPy's sigmoid and plain loops, writing to two decimals.

    `carry(i)` decides at each number whether to go on with the number as written or as computed;
    `spoil` is a cell, (column, row), in which to add `slip`.
    """

    def __init__(self, neuron, eta, carry, halves, spoil=None, slip=0):
        self.X, self.y, self.w, self.b = neuron
        self.eta, self.carry, self.halves, self.spoil, self.slip = eta, carry, halves, spoil, slip
        self.table = {}

    def write(self, name, row, value):
        if (name, row) == self.spoil:
            value += self.slip
        rounding = {"up": math.floor(value * 100 + .5) / 100, "even": round(value, 2)}[self.halves]
        self.table.setdefault(name, {})[row] = rounding
        return rounding if self.carry(name, row) else value

    def work(self):
        D, N = len(self.w), len(self.X)
        gradient_sums = dict.fromkeys([*(f"w{j + 1}" for j in range(D)), "b"], 0)
        for i, (x, y) in enumerate(zip(self.X, self.y)):
            exact = sum(round(a * 100) * round(v * 100) for a, v in zip(x, self.w)) + round(self.b * 100) * 100
            h = self.write("h", i, exact / 10_000)
            p = self.write("p", i, float(expit(h)))
            self.table.setdefault("y_hat", {})[i] = 1 if p >= .5 else 0
            self.write("loss", i, (y - p) ** 2)
            for j in range(D):
                gradient_sums[f"w{j + 1}"] += self.write(f"d_w{j + 1}", i, 2 * (p - y) * p * (1 - p) * x[j])
            gradient_sums["b"] += self.write("d_b", i, 2 * (p - y) * p * (1 - p))
        for name, old in [*((f"w{j + 1}", self.w[j]) for j in range(D)), ("b", self.b)]:
            self.write(name, 0, old - self.eta * gradient_sums[name] / N)
        return {name: [cells[i] for i in range(len(cells))] for name, cells in self.table.items()}


def hand_in(neuron, eta, answers):
    table = HandTable(*neuron, eta=eta, columns=column_names(len(neuron[2])))
    for name, numbers in answers.items():
        table.fill(name, numbers)
    return table.check()


carries = st.sampled_from(["never", "always"]) | st.integers(0, 2**32)


def carrying(how):
    if how == "never":
        return lambda name, row: False
    if how == "always":
        return lambda name, row: True
    rng = np.random.default_rng(how)
    return lambda name, row: bool(rng.integers(2))


@settings(max_examples=150)
@given(neurons(), st.sampled_from([.1, 1, 10]), carries, st.sampled_from(["up", "even"]))
def test_every_student_who_rounds_is_right(neuron, eta, how, halves):
    report = hand_in(neuron, eta, Student(neuron, eta, carrying(how), halves).work())
    assert report.first_wrong is None, str(report)
    assert report.complete and report.right == report.total


@settings(max_examples=150)
@given(neurons(), st.sampled_from([.1, 1]), carries, st.data())
def test_a_single_slip_costs_a_single_cell(neuron, eta, how, data):
    rows, _, w, _ = neuron
    name = data.draw(st.sampled_from([n for n in column_names(len(w)) if n != "y_hat"]))
    new_weight = name in column_names(len(w))[len(column_names(len(w), new=False)):]
    row = 0 if new_weight else data.draw(st.integers(0, len(rows) - 1))
    slip = data.draw(st.sampled_from([-.5, -.07, .07, .5]))
    student = Student(neuron, eta, carrying(how), "even", (name, row), slip)
    answers = student.work()
    # Rounded gradients leave a new weight open to eta · half a unit; a decision cannot follow from a wrong h or p
    # whose rounding hides on which side of a tie it is.
    assume(all(abs(p - .5) > .01 for p in answers["p"]))
    report = hand_in(neuron, eta, answers)
    assert wrong_cells(report) == [(name, row)], str(report)
    assert (report.first_wrong.column, report.first_wrong.row) == (name, row)


@settings(max_examples=100)
@given(neurons(), st.sampled_from([None, 0, 1, 2, 3, 6, 12]))
def test_the_solved_table_is_right_and_can_be_looked_at(neuron, decimals):
    table = HandTable(*neuron, eta=.5, columns=column_names(len(neuron[2])), decimals=decimals).solved()
    report = table.check()
    assert report.complete and report.first_wrong is None and report.right == report.total
    assert "!" not in repr(table) and "✗" not in table._repr_html_()


@settings(max_examples=100)
@given(neurons())
def test_every_number_in_full_is_right_at_two_decimals_too(neuron):
    table = HandTable(*neuron, eta=.5, columns=column_names(len(neuron[2])))
    for name, numbers in table.solution().items():
        table.fill(name, numbers)
    assert table.check().first_wrong is None


# --- filling


def test_empty_cells_are_not_wrong():
    report = slide().check()
    assert report.first_wrong is None and not report.complete and report.right == 0
    assert str(report).startswith("Nothing is filled in yet. Start with h in row 1: h = w1 x1 + w2 x2 + b")
    report = slide().fill("h", [-.5, None, float("nan"), ""]).check()
    assert report.right == 1 and report.first_wrong is None and not report.complete
    assert [cell.given for cell in report.cells[:4]] == [-.5, None, None, None]
    assert str(report).startswith("Right so far, 1 of 16 cells. Next is h in row 2")


def test_fill_returns_the_table_and_filling_again_replaces():
    table = slide()
    assert table.fill("h", [0, 0, 0, 0]) is table
    assert table.fill("h", (-.5, -1.5, .5, -.5)).check().right == 4
    assert table.filled["h"] == (-.5, -1.5, .5, -.5) and table.filled["p"] == (None,) * 4


@pytest.mark.parametrize("values", [
    [-.5, -1.5, .5, -.5], (-.5, -1.5, .5, -.5), np.array([-.5, -1.5, .5, -.5]), np.array([-.5, -1.5, .5, -.5], np.float32),
    np.array([-.5, -1.5, .5, -.5], dtype=object), [np.float64(-.5), np.float32(-1.5), .5, np.array(-.5)],
])
def test_a_column_may_be_a_list_a_tuple_or_an_array(values):
    assert slide().fill("h", values).check().right == 4


def test_booleans_are_decisions():
    assert slide(columns=("y_hat",)).fill("y_hat", [False, False, True, False]).check().right == 4
    assert slide(columns=("y_hat",)).fill("y_hat", np.array([0.0, 0, 1, 0])).check().right == 4


def test_inputs_of_one_row_one_column_and_one_number():
    table = HandTable([[2]], [1], w=[.25], b=-.5, columns=("h", "p", "y_hat"))
    assert table.fill("h", 0).fill("p", .5).fill("y_hat", 1).check().complete


def test_the_table_keeps_its_own_copy_of_the_neuron():
    inputs = np.array(X, dtype=float)
    table = HandTable(inputs, OR, w=W, b=B)
    inputs[:] = 9
    assert table.fill("h", [-.5, -1.5, .5, -.5]).check().right == 4


def test_a_neuron_that_lives_elsewhere_is_brought_home(elsewhere):
    far = [elsewhere.asarray(np.array(a, dtype=np.float32)) for a in (X, OR, W)]
    assert HandTable(*far, B).fill("h", [-.5, -1.5, .5, -.5]).check().right == 4


@pytest.mark.parametrize("column, values, error, sentence", [
    ("h", [1, 2, 3], ValueError, "h needs 4 numbers, one for each row; you gave 3"),
    ("h", 1, ValueError, "h needs 4 numbers, one for each row; you gave 1"),
    ("h", [], ValueError, "h needs 4 numbers, one for each row; you gave 0"),
    ("h", None, ValueError, "h needs 4 numbers, one for each row; you gave 1"),
    ("h", [[1], [2], [3], [4]], ValueError, r"h in row 1 is \[1\], but a cell holds one number: give a flat list"),
    ("h", np.ones((4, 1)), ValueError, "h in row 1 is .* give a flat list"),
    ("h", [1, "two", 3, 4], TypeError, "h in row 2 is 'two', but a cell holds a number such as .38, or None"),
    ("h", [1, ".5", 3, 4], TypeError, "h in row 2 is '.5', but a cell holds a number"),
    ("h", "1234", TypeError, "h needs 4 numbers, one for each row; you gave '1234'"),
    ("h", {0: 1}, TypeError, "h needs 4 numbers, one for each row; you gave {0: 1}"),
    ("h", [1, 2, 3, 1j], TypeError, "h in row 4 is 1j, but a cell holds a number"),
    ("h", [1, 2, 3, np.complex64(1)], TypeError, "h in row 4 is .*, but a cell holds a number"),
    ("h", [1, 2, 3, object], TypeError, "h in row 4 is .*, but a cell holds a number"),
    ("h", [1, 2, float("inf"), 4], ValueError, "h in row 3 is inf, but every number of this table is finite"),
    ("w1", [1, 2], ValueError, "w1 needs one number; you gave 2"),
    ("w1", ["x"], TypeError, "the new w1 is 'x'"),
    ("H", [1, 2, 3, 4], ValueError, "there is no column 'H'; the nearest is"),
    ("yhat", [1, 2, 3, 4], ValueError, "there is no column 'yhat'; the nearest is 'y_hat'"),
    ("los", [1, 2, 3, 4], ValueError, "there is no column 'los'; the nearest is 'loss'"),
    ("d_w3", [1, 2, 3, 4], ValueError, "there is no column 'd_w3'; the nearest is 'd_w"),
    ("w2", [1], ValueError, "this table was made without column 'w2'; it has h, p, w1"),
    (3, [1], TypeError, "fill takes the name of a column first"),
])
def test_a_column_that_cannot_be_gets_a_sentence_and_nothing_is_lost(column, values, error, sentence):
    table = slide(eta=.1, columns=("h", "p", "w1")).fill("h", [-.5, -1.5, .5, -.5]).fill("w1", 1.01)
    before = table.filled
    with pytest.raises(error, match=sentence):
        table.fill(column, values)
    assert table.filled == before and table.check().right == 5


@pytest.mark.parametrize("arguments, options, error, sentence", [
    ((X, OR, [1, 2, 3], 0), {}, ValueError, "X has 2 columns, w has 3 weights"),
    ((X, [0, 1], W, 0), {}, ValueError, r"y has shape \(2,\), X has 4 rows"),
    ((X, OR, ["one", "two"], 0), {}, TypeError, "w must hold real numbers; it holds text"),
    ((X, OR, [None, 1], 0), {}, TypeError, "w must hold real numbers"),
    ((X, OR, W, "b"), {}, TypeError, "b must hold real numbers; it holds text"),
    ((X, OR, W, float("nan")), {}, ValueError, "b must hold finite numbers"),
    (([[1], [1, 2]], OR, W, 0), {}, ValueError, "X is ragged"),
    ((X, OR, W, 0), {"columns": ("h", "prob")}, ValueError, "there is no column 'prob'; the nearest is 'p'"),
    ((X, OR, W, 0), {"columns": ("h", "h")}, ValueError, "each of them once"),
    ((X, OR, W, 0), {"columns": ()}, ValueError, "columns are one or more names"),
    ((X, OR, W, 0), {"columns": "h"}, TypeError, r'columns are given by their names, as in \("h", "p"\)'),
    ((X, OR, W, 0), {"columns": 3}, TypeError, "columns are given by their names"),
    ((X, OR, W, 0), {"columns": ("w1",)}, ValueError, "a step needs a learning rate: make the table with eta=.1"),
    ((X, OR, W, 0), {"columns": ("w1",), "eta": -1}, ValueError, "a learning rate is 0 or larger"),
    ((X, OR, W, 0), {"eta": "fast"}, TypeError, "eta must hold real numbers"),
    ((X, OR, W, 0), {"decimals": 2.0}, TypeError, "decimals is a whole number of places"),
    ((X, OR, W, 0), {"decimals": True}, TypeError, "decimals is a whole number of places"),
    ((X, OR, W, 0), {"decimals": -1}, ValueError, "decimals is -1, but it goes from 0 to 12"),
])
def test_a_table_that_cannot_be_gets_a_sentence(arguments, options, error, sentence):
    with pytest.raises(error, match=sentence):
        HandTable(*arguments, **options)


def test_the_report_is_frozen_and_counts_what_it_lists():
    report = filled_like_the_slide().fill("p", [.38, .5, None, .38]).check()
    assert len(report.cells) == report.total == 16
    assert report.right == sum(cell.ok for cell in report.cells)
    assert [cell.column for cell in report.cells[::4]] == ["h", "p", "y_hat", "loss"]
    for record, name in ((report, "right"), (report.cells[0], "ok")):
        with pytest.raises(AttributeError):
            setattr(record, name, 0)


# --- looking at it


def test_text_is_aligned_and_marks_wrong_cells_after_a_check():
    table = filled_like_the_slide().fill("p", [.38, .82, .62, None])
    assert repr(table).splitlines()[2] == "  2   0   1  1  -1.50  0.82      0  0.67"
    table.check()
    lines = str(table).splitlines()
    assert lines[2].split() == ["2", "0", "1", "1", "-1.50", "0.82!", "0!", "0.67!"]  # y_hat of .82 is 1
    assert lines[-1].startswith("! wrong")
    ends = {line.index("-1.50") if "-1.50" in line else line.index("-0.50") for line in (lines[1], lines[2], lines[4])}
    assert len(ends) == 1
    assert repr(table).isascii()  # for every terminal
    assert "!" not in repr(table.fill("p", [None] * 4))  # a new answer has not been checked yet


def test_new_weights_stand_below_the_rows():
    text = repr(slide(eta=.1, columns=("h", "w1", "b")).fill("b", [-.49]))
    assert text.splitlines()[-3:] == ["after one step with eta = 0.1:", "w1      b", " .  -0.49"]


class Table(HTMLParser):
    """Reads a table as a screen reader would: caption, headings with their scope, cells, spoken signs."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.captions, self.heads, self.labels = [], [], [], [], []
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag != "br":
            self.open.append(tag)
        if "aria-label" in attrs:
            self.labels.append(attrs["aria-label"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["caption"]:
            self.captions.append(data)
        if self.open[-1:] == ["th"]:
            self.heads.append(data)


def test_html_is_a_table_with_caption_and_headings():
    html = slide(eta=.1, columns=("h", "p", "w1")).fill("h", [-.5, -1.5, .5, -.5])._repr_html_()
    table = Table(html)
    assert table.captions == [
        "A neuron by hand: w1 = 1, w2 = -1, b = -0.5. Compared to 2 decimals.", "After one step with eta = 0.1."
    ]
    assert table.heads == ["row", "x1", "x2", "y", "h", "p", "1", "2", "3", "4", "weight", "w1", "new"]
    scopes = [attrs["scope"] for tag, attrs in table.tags if tag == "th"]
    assert scopes == ["col"] * 6 + ["row"] * 4 + ["col"] * 2 + ["row"]
    assert table.labels == ["empty"] * 5


def test_html_marks_wrong_cells_by_more_than_colour():
    table = filled_like_the_slide().fill("p", [.38, .82, .62, None])
    assert "✗" not in table._repr_html_()
    report = table.check()
    for html in (table._repr_html_(), report._repr_html_()):
        labels = Table(html).labels
        assert labels.count("first wrong cell") == 1 and labels.count("wrong") == 2
        assert labels.count("right") == report.right and labels.count("empty") == 1
        assert html.count("✗") == 3
    assert "First wrong cell: p in row 2." in report._repr_html_()
    assert "your p = 0.62" not in report._repr_html_()


def test_html_takes_the_page_s_own_colours():
    styles = [attrs.get("style", "") for _, attrs in Table(filled_like_the_slide().check()._repr_html_()).tags]
    for style in styles:
        assert "background" not in style
        assert "color:" not in style.replace("color: inherit", "")
