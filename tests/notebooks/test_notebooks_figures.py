"""The figures' own arithmetic and words (in Node), their joining into one module, and what Python makes of bad values."""

import json
from pathlib import Path

import numpy as np
import pytest
import traitlets

from course_lib import perceptron
from course_lib.widgets import FOLDER, PerceptronFigure, css, esm, predict_first, self_check
from course_lib.widgets.palette import MODULE, module_text

HERE = Path(__file__).parent


@pytest.fixture
def node(node_command):
    return node_command


def test_the_figures_compute_and_say_what_they_should(node):
    result = node("--test", HERE / "figures.test.mjs")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "# pass 0" not in result.stdout and "# fail 0" in result.stdout


def test_the_page_and_python_compute_the_same_numbers(node):
    rng = np.random.default_rng(2)
    cases = []
    for scale in (1, 1, 1, 1, 30, 1000):
        for _ in range(25):
            N = int(rng.integers(1, 9))
            cases.append({
                "X": (scale * rng.normal(size=(N, 2))).tolist(), "y": rng.integers(0, 2, N).tolist(),
                "w": rng.normal(size=2).tolist(), "b": float(rng.normal()),
            })  # fmt: skip
    cases.append({"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 1], "w": [1, -1], "b": 0})
    program = f"""
        import {{ table }} from "{(FOLDER / "perceptron" / "neuron.js").as_uri()}";
        let text = "";
        for await (const part of process.stdin) text += part;
        console.log(JSON.stringify(JSON.parse(text).map(({{ X, y, w, b }}) => table(X, y, w, b))));
    """
    result = node("--input-type=module", "--eval", program, given=json.dumps(cases))
    assert result.returncode == 0, result.stderr
    for case, page in zip(cases, json.loads(result.stdout), strict=True):
        h, p, y_hat = perceptron.predict(case["X"], case["w"], case["b"])
        # Two ways to add three doubles, and two exponentials, each within a few units of the last place.
        np.testing.assert_allclose(page["h"], h, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(page["p"], p, rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(page["y_hat"], y_hat)
        np.testing.assert_allclose(page["mse"], np.mean((np.array(case["y"]) - p) ** 2), rtol=1e-12, atol=1e-12)


# ---- one module out of several


def test_a_joined_module_runs_in_node_without_its_neighbours(node, tmp_path):
    (tmp_path / "alone.mjs").write_text(esm("perceptron/words.js"))
    program = f'import {{ formula }} from "{(tmp_path / "alone.mjs").as_uri()}"; console.log(formula([1, -1], -0.5));'
    result = node("--input-type=module", "--eval", program)
    assert result.stdout.strip() == "h = 1.00 x₁ − 1.00 x₂ − 0.50", result.stderr


def test_every_module_can_be_joined():
    for module in FOLDER.rglob("*.js"):
        assert 'from "./' not in esm(module) and 'from "../' not in esm(module)


def test_modules_in_a_circle_and_missing_modules_get_a_sentence(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";')
    (tmp_path / "b.js").write_text('export { a } from "./a.js";')
    (tmp_path / "c.js").write_text('import "./nowhere.js";')
    with pytest.raises(ValueError, match="a.js → b.js → a.js"):
        esm(tmp_path / "a.js")
    with pytest.raises(FileNotFoundError, match="c.js imports .*nowhere.js"):
        esm(tmp_path / "c.js")


def test_the_palette_for_javascript_is_the_one_in_assets():
    assert MODULE.read_text("utf-8") == module_text(), "run python -m course_lib.widgets.palette"


def test_the_style_sheet_touches_figures_only():
    sheet = css()
    rules = [line.split("{")[0].strip() for line in sheet.splitlines() if line.startswith(".")]
    assert rules and all(rule.startswith(".course-figure") for rule in rules)


# ---- Python's side of the figure


def test_a_figure_takes_lists_and_arrays_and_keeps_what_it_began_with():
    figure = PerceptronFigure(np.eye(2, dtype=np.float32), (0, 1), w=np.array([1, 2]), b=np.float64(3))
    assert (figure.X, figure.y, figure.w, figure.b) == ([[1, 0], [0, 1]], [0, 1], [1, 2], 3)
    figure.w, figure.b = [5, 6], 7
    assert (figure.w, figure.b) == ([5, 6], 7)
    assert (figure.start["w"], figure.start["b"]) == ([1, 2], 3)
    with pytest.raises(traitlets.TraitError):
        figure.start = {}


def test_the_slides_neuron_has_the_slides_title_and_any_other_a_sentence_true_of_all():
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1])
    assert PerceptronFigure(X, y, [1, -1], -0.5).title == PerceptronFigure().title == PerceptronFigure().start["title"]
    assert "2 of the 4 rows" in PerceptronFigure().title
    assert "p = 0.5" in PerceptronFigure(X, y, [1, -1], 0).title


def test_two_figures_share_nothing():
    one, other = PerceptronFigure(), PerceptronFigure()
    one.w = [3, 3]
    assert other.w == [1, -1] and other.start["w"] == [1, -1]


@pytest.mark.parametrize(
    "arguments, says",
    [
        ({"X": [[1, 2, 3]], "y": [1]}, "X must be rows of 2 numbers"),
        ({"X": [[1, 2]], "y": [2]}, "classes 0 and 1; got 2"),
        ({"X": [[1, 2]], "y": [1, 0]}, "1 rows and y has 2"),
        ({"X": [[1, 2]]}, "X and y together"),
        ({"X": np.zeros((0, 2)), "y": []}, "draws 1 to 50"),
        ({"w": [1, 2, 3]}, "w must be 2 numbers"),
        ({"w": [1, float("nan")]}, "finite"),
        ({"w": [1, 1000]}, "between −100 and 100"),
        ({"b": [1, 2]}, "b must be a single number"),
        ({"w": "ab"}, "w must hold real numbers"),
    ],
)
def test_values_that_cannot_be_drawn_get_a_sentence(arguments, says):
    with pytest.raises((ValueError, TypeError), match=says):
        PerceptronFigure(**arguments)


def test_a_value_set_later_is_checked_too():
    figure = PerceptronFigure()
    with pytest.raises(ValueError, match="w must be 2 numbers"):
        figure.w = [1, 2, 3]
    assert figure.w == [1, -1]


# ---- questions


def test_an_answer_that_no_one_could_guess_is_refused():
    with pytest.raises(ValueError, match="outside of what can be guessed, 0 to 4"):
        predict_first("How many?", kind=int, low=0, high=4, answer=5)
    with pytest.raises(ValueError, match="not among the choices"):
        predict_first("Which?", choices=["a", "b"], answer="c")
    with pytest.raises(TypeError, match="asks for int"):
        predict_first("How many?", kind=int).outcome(2.5)
    with pytest.raises(ValueError, match="Say what happened"):
        predict_first("How many?").outcome()
    assert predict_first("How many?", kind=int).outcome(np.int64(2)).actual == 2


def test_a_self_check_needs_an_answer_among_its_choices_and_words_everywhere():
    with pytest.raises(ValueError, match="not among the choices: a, b"):
        self_check("Which?", ["a", "b"], answer="c", solution="b")
    with pytest.raises(ValueError, match="solution must be words"):
        self_check("Which?", answer=1, solution="")
    with pytest.raises(ValueError, match="hint must be words"):
        self_check("Which?", answer=1, solution="1", hints=["look", " "])


def test_two_exports_in_one_statement_are_refused_and_not_forgotten(tmp_path):
    (tmp_path / "a.js").write_text("export const A = [1, 2], B = 3;\n")
    with pytest.raises(ValueError, match="a.js exports B in the same statement"):
        esm(tmp_path / "a.js")
    (tmp_path / "b.js").write_text("export const f = (a, b = 2) => a + b;\nexport const o = { a: 1, b: (c, d = 3) => d };\n")
    assert "f, o" in esm(tmp_path / "b.js")
