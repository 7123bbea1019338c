"""Formulas in feedback show without a network."""

import pytest

from autograder.reporting.mathematics import to_mathml


@pytest.mark.parametrize("text", ["costs $5 and $6", "`$x$`", "```\n$x$\n```", r"\$5\$", "no formula", "$ x $", "~~~\n$$x$$\n~~~"])
def test_what_is_no_formula_stays(text):
    assert to_mathml(text) == text


@pytest.mark.parametrize("text, holds", [("$p$", "<mi>p</mi>"), ("$$\\frac{1}{2}$$", "<mfrac>"), ("a $w_1 = 0.5$, $w_2$ b", "<mn>0.5</mn>"), ("| $x_1$ | $\\hat y$ |", "<mover"),
                                         ("$$\ny = \\begin{cases} 1 & p \\ge .5 \\\\ 0 & p < .5 \\end{cases}\n$$", "<mtable>"), ("at $h = -1000$ it", "1000")])
def test_a_formula_becomes_mathml_without_a_dollar(text, holds):
    done = to_mathml(text)
    assert holds in done and "$" not in done and "_" not in done.replace("http://www.w3.org/1998/Math/MathML", "")


def test_the_brackets_of_a_matrix_are_as_tall_as_the_matrix():
    done = to_mathml("$X = \\begin{pmatrix}1 \\\\ 2\\end{pmatrix}, W = \\begin{bmatrix}3\\end{bmatrix}, f(x)$")
    assert done.count('stretchy="true" fence="true" form="prefix"') == done.count('form="postfix"') == done.count("<mtable>") == 2
    assert done.count("<mrow>") == done.count("</mrow>")


def test_the_assignments_keep_no_dollar():
    from autograder.assignments import folders
    from autograder.authoring.assignment import build_notebook
    for name in folders():
        for cell in build_notebook(name).cells:
            if cell.cell_type == "markdown":
                assert "$" not in to_mathml(cell.source), cell.source
