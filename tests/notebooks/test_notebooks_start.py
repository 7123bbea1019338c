"""The figures of L00: slopes, shapes and the kernel's memory in the page against closed forms, NumPy and Python itself."""

import contextlib
import io
import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from course_lib.widgets import FOLDER
from course_lib.widgets.start import Gears, KernelMemory, NudgeSlope, SelfTest, ShapePuzzle, TwoKnobs

ROOM = FOLDER / "start"
SOURCE = Path(__file__).resolve().parents[2] / "notebooks" / "source" / "L00_before_you_start.md"


@pytest.fixture
def in_node(javascript):
    """Runs a few lines of JavaScript on `given` and returns what they leave in `answer`."""
    modules = "".join(f'import * as {name} from "{(ROOM / f"{name}.js").as_uri()}";' for name in ("slopes", "shapes", "memory", "ready"))

    def run(lines, given=None):
        return javascript(modules, "answer", given, before=f"let answer;\n{lines}")

    return run


# ---- slopes


def test_the_slopes_are_those_of_the_closed_forms(in_node):
    x = np.linspace(-3, 3, 25)
    page = in_node("answer = Object.fromEntries(Object.entries(slopes.curves).map(([name, { f }]) => [name, given.map((x) => slopes.slope(f, x, 1e-6))]));", x.tolist())
    expected = {"square": 2 * x, "cube": 0.75 * x**2 - 1, "wave": 2 * np.cos(x)}
    for name, values in expected.items():
        np.testing.assert_allclose(page[name], values, atol=1e-5)  # a one-sided difference: off by Δ/2 times the bend
    assert page["edge"] == pytest.approx(np.where(x >= 0, 1, -1), abs=1e-6)
    assert in_node("answer = [1, .1, .01].map((nudge) => slopes.slope((x) => x * x, 1, nudge));") == pytest.approx([3, 2.1, 2.01])


def test_each_knob_has_its_partial_slope(in_node):
    a, b = np.random.default_rng(0).uniform(-3, 3, (2, 20))
    page = in_node("answer = given.map(([a, b]) => [slopes.hill(a, b), slopes.alongA(a, b), slopes.alongB(a, b)]);", np.stack([a, b], axis=1).tolist())
    np.testing.assert_allclose(page, np.stack([(a - 1) ** 2 + a * b / 2 + b**2, 2 * (a - 1) + b / 2, a / 2 + 2 * b], axis=1), atol=1e-8)


def test_factors_multiply_along_the_gears(in_node):
    assert in_node("answer = slopes.throughGears(.5, 2, -1.5);") == {"u": 1, "y": -1.5}
    assert in_node("answer = slopes.throughGears(1, 0, 3).y;") == 0


# ---- shapes


def test_broadcasting_is_numpys_for_every_pair_of_shapes(in_node):
    sizes = [[], *([n] for n in (1, 3, 4)), *map(list, itertools.product((1, 3, 4), repeat=2))]
    pairs = list(itertools.product(sizes, repeat=2))
    for (a, b), page in zip(pairs, in_node("answer = given.map(([a, b]) => shapes.broadcast(a, b));", pairs), strict=True):
        try:
            expected = list(np.broadcast_shapes(tuple(a), tuple(b)))
        except ValueError:
            expected = None
        assert page == expected, (a, b)


def test_every_puzzle_has_its_answer_among_the_guesses_and_judges_them(in_node):
    lines = """answer = shapes.PUZZLES.map(({ a, b }, i) => ({ a, b, verdicts: Object.fromEntries(
        shapes.GUESSES.map(shapes.written).map((guess) => [guess, shapes.judge({ puzzle: i + 1, guess: [i + 1, guess] }).right])) }));"""
    answers = set()
    for puzzle in in_node(lines):
        try:
            right = str(np.broadcast_shapes(tuple(puzzle["a"]), tuple(puzzle["b"])))
        except ValueError:
            right = "an error"
        assert [guess for guess, is_right in puzzle["verdicts"].items() if is_right] == [right]
        answers.add(right)
    assert {"an error", "(4, 4)"} <= answers, "the two that surprise are among them"
    assert in_node('answer = shapes.judge({ puzzle: 2, guess: [1, "(3, 4)"] }).guessed;') is False, "a guess at another puzzle does not count"


# ---- the kernel


def test_the_kernels_memory_is_what_python_would_remember(in_node):
    cells = in_node("answer = memory.CELLS;")
    runs = [list(run) for n in range(5) for run in itertools.product(range(4), repeat=n)]
    pages = in_node("answer = given.map((ran) => memory.replay(ran));", runs)
    for ran, page in zip(runs, pages, strict=True):
        names, said = {}, [""] * 4
        for cell in ran:
            out = io.StringIO()
            try:
                with contextlib.redirect_stdout(out):
                    exec(cells[cell], {"__builtins__": {"print": print}}, names)
            except NameError as problem:
                out.write(f"NameError: {problem}")
            said[cell] = out.getvalue().strip()
        assert page["memory"] == names, ran
        assert page["outputs"] == said, ran
        assert page["numbers"] == [max((k for k, each in enumerate(ran, 1) if each == cell), default=None) for cell in range(4)]


# ---- the self-test


def test_the_self_test_opens_the_lectures_whose_needs_are_met(in_node):
    questions, lectures = in_node("answer = [ready.QUESTIONS, ready.LECTURES];")
    right = [question["right"] for question in questions]
    assert len(questions) == len(SelfTest().values["answers"])
    assert all(not each["missing"] for each in in_node("answer = ready.ready(given);", right))
    assert all(each["missing"] for each in in_node("answer = ready.ready(given);", [None] * len(right)))
    one_missing = [[answer if j != i else None for j, answer in enumerate(right)] for i in range(len(right))]
    for question, after in zip(questions, in_node("answer = given.map(ready.ready);", one_missing), strict=True):
        closed = {each["name"] for each in after if each["missing"]}
        assert closed == {lecture["name"] for lecture in lectures if question["skill"] in lecture["needs"]}


def test_every_question_has_one_right_answer_not_always_in_the_same_place_and_a_heading_to_read(in_node):
    questions, lectures = in_node("answer = [ready.QUESTIONS, ready.LECTURES];")
    headings = set(re.findall(r"^#+ (.+)$", SOURCE.read_text("utf-8"), re.MULTILINE))
    for question in questions:
        assert question["options"].count(question["right"]) == 1 and len(set(question["options"])) == 4
        assert question["where"] in headings
    assert len({question["options"].index(question["right"]) for question in questions}) > 2
    skills = {question["skill"] for question in questions}
    assert {skill for lecture in lectures for skill in lecture["needs"]} == skills, "each question opens some lecture, and each need is asked"


# ---- Python's side


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: NudgeSlope("line"), "f is 'line'; this figure knows square, cube, wave, edge"),
        (lambda: NudgeSlope(nudge=0), "nudge is 0; the figure shows 0.001 to 2"),
        (lambda: TwoKnobs(a=4), "a is 4; the figure shows −3 to 3"),
        (lambda: TwoKnobs(b="much"), "b"),
        (lambda: Gears(first=-4), "first is −4"),
        (lambda: ShapePuzzle(7), "puzzle is 7; the figure shows 1 to 6"),
        (lambda: ShapePuzzle(1.5), "puzzle must be a whole number"),
        (lambda: KernelMemory([5]), "ran is 5"),
        (lambda: KernelMemory([1] * 41), "ran lists 41 cells"),
    ],
)
def test_values_that_cannot_be_drawn_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()
