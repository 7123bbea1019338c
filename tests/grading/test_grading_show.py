"""What `course check` shows: kill matrices that can be read, in a narrow terminal and as a picture."""

import io

import pytest
from rich.console import Console

from autograder.authoring import show
from autograder.authoring.kill_matrix import HIDDEN, Matrix, Row
from autograder.authoring.proof import Proof
from autograder.errors import CourseError
from autograder.variants import Variant

PROBES = tuple(f"part {place} (case {place})" + HIDDEN * (place > 9) for place in range(1, 49))
ROWS = (Row("The sign is turned round", (True,) * 48), Row("Sum instead of mean", tuple(place % 3 == 0 for place in range(48))), Row("Sum instead of mean", tuple(place % 2 == 0 for place in range(48))))
WIDE, NARROW = Matrix("gradients", PROBES, ROWS, ()), Matrix("shapes", ("the shapes",), (Row("z is turned round", (True,)), Row("It survives", (False,))), ("it survives",))


def printed(matrix, width=80):
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(show.table(matrix))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_a_wide_matrix_is_read_in_a_terminal_of_80_columns(width):
    text = printed(WIDE, width)
    for row in ROWS:
        assert "".join("✗" if caught else "·" for caught in row.caught[:5]) in text
    assert max(map(len, text.splitlines())) <= width and text.count("✗") == sum(sum(row.caught) for row in ROWS)
    assert "The sign is" in text and "Sum instead" in text and "48  part 48 (case 48), hidden" in text


def test_each_group_of_five_stands_under_the_number_of_its_first():
    lines = [line for line in printed(WIDE, 120).splitlines() if "mistake" in line or "turned round" in line]
    numbers, marks = lines
    for place in (1, 6, 11, 46):
        at = numbers.index(f" {place} ") + 1
        assert marks[at - 1] == " " and marks[at] == "✗"


def test_a_picture_names_the_probes_says_what_it_shows_and_parts_public_from_hidden(tmp_path):
    show.draw([Proof(Variant("A9"), (WIDE, NARROW), (), .1)], tmp_path / "drawn.svg")
    from matplotlib import pyplot as plt
    assert not plt.get_fignums()
    text = (tmp_path / "drawn.svg").read_text(encoding="utf-8")
    for words in ("A9 gradients: each of 2 mistakes is caught", "A9 shapes: 1 of 2 mistakes survives every probe", "part 48 (case 48)", "Sum instead of mean", "public", "hidden", "the shapes"):
        assert f"<!-- {words} -->" in text, words


def test_what_cannot_be_drawn_is_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="nothing to draw"):
        show.draw([Proof(Variant("A9"), (), (), .1)], tmp_path / "drawn.svg")
    with pytest.raises(CourseError, match="ends in .svg"):
        show.draw([Proof(Variant("A9"), (NARROW,), (), .1)], tmp_path / "drawn.nothing")
