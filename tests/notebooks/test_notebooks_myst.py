"""Sources become notebooks: the same bytes each time, all metadata kept, and a sentence with the line where something is wrong."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring.myst import SourceError, notebook_bytes, notebook_from_myst, title_of, write_notebook

SOURCE = """---
kernelspec: {name: something-else, display_name: Other}
course: {lecture: L99, covers: {16: There}}
---

# A title

First.

+++ {"tags": ["errata"], "nbgrader": {"grade": false, "locked": true}}

Second, with a fence of its own:

```python
not_a_cell = True
```

```{code-cell} ipython3
:tags: [hide, errata]
x = 1
```

```{code-cell} ipython3
---
nbgrader:
  grade: true
  grade_id: q1
  points: 3
jupyter: {source_hidden: true}
---
x = 1

y = 2
```

```{raw-cell}
as it is
```

```{code-cell}
x = 1
```

```{code-cell}
x = 1
```
"""


def test_cells_their_sources_and_all_of_their_metadata_come_through():
    cells = notebook_from_myst(SOURCE, name="L99").cells
    assert [cell.cell_type for cell in cells] == ["markdown", "markdown", "code", "code", "raw", "code", "code"]
    assert cells[1].metadata == {"tags": ["errata"], "nbgrader": {"grade": False, "locked": True}}
    assert "not_a_cell = True" in cells[1].source
    assert cells[2].metadata == {"tags": ["hide", "errata"]} and cells[2].source == "x = 1"
    assert cells[3].metadata.nbgrader == {"grade": True, "grade_id": "q1", "points": 3}
    assert cells[3].metadata.jupyter.source_hidden is True
    assert cells[3].source == "x = 1\n\ny = 2"
    assert cells[4].source == "as it is"


def test_the_notebook_is_valid_asks_for_the_plain_kernel_and_has_no_outputs():
    notebook = notebook_from_myst(SOURCE, name="L99")
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec == {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert notebook.metadata.course == {"lecture": "L99", "covers": {"16": "There"}}
    assert "jupytext" not in notebook.metadata
    assert all(cell.outputs == [] and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


def test_the_same_source_gives_the_same_bytes_and_every_cell_its_own_name():
    first, second = (notebook_from_myst(SOURCE, name="L99") for _ in range(2))
    assert notebook_bytes(first) == notebook_bytes(second)
    names = [cell.id for cell in first.cells]
    assert len(set(names)) == len(names)
    assert names[0] != notebook_from_myst(SOURCE, name="L98").cells[0].id


def test_a_cells_name_survives_a_new_cell_before_it_and_a_graded_ones_any_rewording():
    before = notebook_from_myst(SOURCE, name="L99").cells
    after = notebook_from_myst(SOURCE.replace("First.", "First.\n\n+++\n\nNew."), name="L99").cells
    assert [cell.id for cell in before[1:]] == [cell.id for cell in after[2:]]
    reworded = notebook_from_myst(SOURCE.replace("y = 2", "y = 3"), name="L99").cells
    assert reworded[3].id == before[3].id


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    plain = notebook_bytes(notebook_from_myst(SOURCE, name="L99"))
    assert notebook_bytes(notebook_from_myst("\ufeff" + SOURCE.replace("\n", "\r\n"), name="L99")) == plain


def test_what_is_written_reads_back(tmp_path):
    notebook = notebook_from_myst(SOURCE, name="L99")
    write_notebook(notebook, tmp_path / "L99.ipynb")
    assert (tmp_path / "L99.ipynb").read_bytes() == notebook_bytes(notebook)
    assert nbformat.read(tmp_path / "L99.ipynb", as_version=4) == notebook
    assert json.loads((tmp_path / "L99.ipynb").read_text("utf-8"))["cells"][0]["source"][0] == "# A title\n"


@pytest.mark.parametrize(
    "source, says",
    [
        ("# T\n\n```{code-cell}\nx = 1\n", ["line 3", "never closed"]),
        ("# T\n\n~~~\ntext\n```\n", ["line 3", "never closed"]),
        ("---\na: 1\n", ["line 1", "never closed"]),
        ("# T\n\n```{coed-cell}\nx = 1\n```\n", ["line 3", "{coed-cell}", "Did you mean {code-cell}"]),
        ("# T\n\n```{note}\nhello\n```\n", ["line 3", "{note}", "plain Markdown"]),
        ("# T\n\n:::{note}\nhello\n:::\n", ["line 3", "{note}"]),
        ("# T\n\n- item\n  ```{code-cell}\n  x = 1\n  ```\n", ["line 4", "beginning of its line"]),
        ("# T\n\n+++ {tags: [a]}\nx\n", ["line 3", "not JSON"]),
        ('# T\n\n+++ ["a"]\nx\n', ["line 3", "not JSON"]),
        ('# T\n\n+++ {"tags": "a"}\nx\n', ["line 3", "list of words"]),
        ("# T\n\n```{code-cell}\n:tags: a\nx\n```\n", ["line 4", "list of words"]),
        ("# T\n\n```{code-cell}\n:tags [a]\nx\n```\n", ["line 4", "names with values"]),
        ("# T\n\n```{code-cell}\n---\na: [\n---\nx\n```\n", ["line 4", "not YAML"]),
        ("---\na: [\n---\n\n# T\n", ["line 1", "front matter", "not YAML"]),
        ("---\nwhen: 2027-01-01\n---\n\n# T\n", ["line 1", "quotes"]),
        ("text without a title\n", ["line 1", "no title"]),
        ("## not the first level\n", ["line 1", "no title"]),
        ("```{code-cell}\nx\n```\n\n# late\n", ["line 1", "no title"]),
        ("```\n# in a fence\n```\n", ["no title"]),
        ("", ["no title"]),
    ],
)
def test_bad_sources_get_a_sentence_with_the_line(source, says):
    with pytest.raises(SourceError) as error:
        notebook_from_myst(source, name="L99")
    for words in ["L99", *says]:
        assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_the_title_is_the_first_heading_of_the_first_level():
    assert title_of(notebook_from_myst("# One #\n\n# Two\n", name="x")) == "One"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40), max_size=8))
def test_any_text_becomes_a_valid_notebook_or_a_source_error(lines):
    text = "# T\n\n" + "\n".join(lines)
    try:
        notebook = notebook_from_myst(text, name="any")
    except SourceError:
        return
    nbformat.validate(nbformat.reads(notebook_bytes(notebook).decode(), as_version=4))
