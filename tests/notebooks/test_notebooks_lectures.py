"""Every lecture: generated from its source, covering what it says, running from top to bottom without anyone there."""

import importlib.util
import os
import re
import shutil
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from typer.testing import CliRunner

from autograder.authoring.lectures import LAST_ERROR, LAST_ITEM, build_lectures, covered_items, lecture_from_source, without_tags
from autograder.cli import app
from autograder.authoring.myst import SourceError, headings_in, headings_of, notebook_bytes, notebook_from_myst

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SOURCES = sorted((NOTEBOOKS / "source").glob("*.md"))
LECTURES = {source.stem: lecture_from_source(source) for source in SOURCES}

# Wording of the slides that no number can refute: said in words, right without a word.
WITHOUT_A_NUMBER = {"E6", "E7", "E12", "E22", "E45", "E46", "E47", "E50", "E51", "E52"}
RUN_EACH_TIME = ("L02", "L05")  # the others run in `make test-all`
# The kernel's own peak in kB; getrusage would count the process that it was started from too.
PEAK = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    return tmp_path / "notebooks"


@pytest.fixture
def run(monkeypatch):
    """Runs a notebook where lectures lie, and returns it with its outputs."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(notebook):
        notebook = nbformat.from_dict(notebook)
        NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
        return notebook

    return run


# ---- sources and notebooks


def test_every_notebook_and_the_coverage_table_are_what_their_sources_give():
    assert build_lectures(NOTEBOOKS, check=True) == [], "run `course lectures`"


def test_committed_notebooks_are_the_generated_bytes_without_outputs(require):
    require(os.environ.get("CI"), "Only a fresh checkout (CI=true) is sure to hold notebooks that nobody has run.")
    for name, lecture in LECTURES.items():
        assert (NOTEBOOKS / f"{name}.ipynb").read_bytes() == notebook_bytes(lecture)


def test_a_stale_notebook_is_named_and_rebuilt(folder):
    stale = folder / f"{SOURCES[0].stem}.ipynb"
    notebook = nbformat.read(stale, as_version=4)
    notebook.cells[0].source += "\nSomething else."
    nbformat.write(notebook, stale)
    assert build_lectures(folder, check=True) == [stale]
    assert build_lectures(folder) == [stale]
    assert build_lectures(folder, check=True) == []
    assert stale.read_bytes() == notebook_bytes(LECTURES[stale.stem])


def test_a_reader_who_only_ran_a_notebook_is_not_punished(folder):
    path = folder / f"{SOURCES[0].stem}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 7
            cell.outputs = [nbformat.v4.new_output("stream", text="hello\n")]
            cell.metadata["execution"] = {"iopub.execute_input": "2027-01-01"}
    notebook.metadata.language_info = {"name": "python", "version": "3.12.1"}
    nbformat.write(notebook, path)
    assert build_lectures(folder, check=True) == []
    assert build_lectures(folder) == [path], "rebuilding takes the outputs away"


def test_missing_broken_and_orphaned_notebooks_are_stale(folder):
    path = folder / f"{SOURCES[0].stem}.ipynb"
    path.unlink()
    (folder / "L98_nowhere.ipynb").write_text("{}")
    assert build_lectures(folder, check=True) == [path, folder / "L98_nowhere.ipynb"]
    path.write_text("not a notebook")
    assert path in build_lectures(folder, check=True)


def test_a_folder_without_lectures_is_said_so(tmp_path):
    with pytest.raises(SourceError, match="no lecture"):
        build_lectures(tmp_path)


# ---- coverage


def test_l02_covers_its_items_and_the_table_says_where():
    lecture = LECTURES["L02_perceptron_by_hand"]
    covered = covered_items(lecture, "L02")
    assert set(covered) == {*(str(item) for item in range(16, 28)), "E1", "E2", "E3"}
    table = (NOTEBOOKS / "coverage.md").read_text("utf-8")
    for item, (number, heading) in covered.items():
        assert re.search(rf"^\| {item} \| .*L02_perceptron_by_hand\.ipynb.* \| {number}: \[{re.escape(heading)}\]", table, re.MULTILINE)
        assert f"# {heading}" in lecture.cells[number - 1].source


def test_every_item_of_the_inventory_and_every_error_of_the_slides_is_taught():
    taught = {item for name, lecture in LECTURES.items() for item in covered_items(lecture, name)}
    inventory = {*map(str, range(1, LAST_ITEM + 1)), *(f"E{n}" for n in range(1, LAST_ERROR + 1))} - {"E49"}  # misspelt words, spelt right without a word
    assert inventory - taught == set()


@pytest.mark.parametrize("name", LECTURES)
def test_an_error_of_the_slides_is_shown_by_an_assertion(name):
    lecture = LECTURES[name]
    for item, (number, heading) in covered_items(lecture, name).items():
        if item.startswith("E") and item not in WITHOUT_A_NUMBER:
            code = "\n".join(cell.source for cell in section(lecture, number) if cell.cell_type == "code")
            assert "assert" in code, f"{item}: nothing under {heading!r} is asserted"


def section(lecture, number):
    """The cells from the one with this number up to the next heading of its level or above."""
    cells = lecture.cells[number - 1 :]
    (level, _), *_ = headings_in(cells[0])
    ends = (i for i, cell in enumerate(cells[1:], 1) if any(other <= level for other, _ in headings_in(cell)))
    return cells[: next(ends, len(cells))]


@pytest.mark.parametrize(
    "claim, says",
    [("16: Nowhere", "no cell has it"), ("191: Here", "does not have"), ("E53: Here", "does not have"), ("sixteen: Here", "does not have")],
)
def test_a_claim_that_is_not_so_is_refused(claim, says):
    lecture = notebook_from_myst(f"---\ncourse:\n  covers:\n    {claim}\n---\n\n# Title\n\n## Here\n", name="L99")
    with pytest.raises(SourceError, match=says):
        covered_items(lecture, "L99.md")


# ---- running


@pytest.mark.parametrize("name", [name if name[:3] in RUN_EACH_TIME else pytest.param(name, marks=pytest.mark.slow) for name in LECTURES])
def test_a_lecture_runs_from_top_to_bottom_within_a_minute_and_500_megabytes(name, run):
    lecture = nbformat.from_dict(LECTURES[name])
    linux = sys.platform == "linux"
    if linux:
        lecture.cells.append(nbformat.v4.new_code_cell(PEAK))
    start = time.monotonic()
    notebook = run(lecture)
    assert time.monotonic() - start < 60
    if linux:
        assert int(notebook.cells.pop().outputs[0].text) < 500_000
    streams = [output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs if output.output_type == "stream" and output.name == "stderr"]
    assert streams == []


def test_without_the_slides_mistakes_the_lecture_still_runs(run):
    lecture = LECTURES["L02_perceptron_by_hand"]
    shorter = without_tags(lecture, ("errata",))
    assert len(shorter.cells) < len(lecture.cells)
    assert not [title for _, title in headings_of(shorter) if title.startswith("Find the mistake")]
    run(shorter)


def test_the_command_leaves_the_slides_mistakes_out_of_notebooks_and_table(folder):
    result = CliRunner().invoke(app, ["lectures", str(folder), "--leave-out", "errata"])
    assert result.exit_code == 0, result.output
    assert not re.search(r"^\| E\d+ .*Find the mistake", (folder / "coverage.md").read_text("utf-8"), re.MULTILINE)
    assert "Find the mistake" not in (folder / "L02_perceptron_by_hand.ipynb").read_text("utf-8")
    assert build_lectures(folder, check=True, leave_out=("errata",)) == []


def test_a_reader_who_fills_the_table_is_told_the_first_wrong_cell_and_then_that_all_is_right(run):
    lecture = nbformat.from_dict(LECTURES["L02_perceptron_by_hand"])
    numbers = {"h": "[-0.5, -1.5, 0.5, -0.5]", "p": "[0.38, 0.82, 0.62, 0.38]", "y_hat": "[0, 1, 1, 0]"}
    for cell in lecture.cells:
        for column, values in numbers.items():
            cell.source = re.sub(rf'(?<!_)(table\.fill\("{column}", )\[[^]]*None[^]]*\]', rf"\g<1>{values}", cell.source)
    told = [cell.outputs[-1].data["text/html"] for cell in run(lecture).cells if "table.check()" in cell.source and cell.source.startswith("table")]
    assert len(told) == 3
    assert "p in row 2" in told[1]
    assert "p in row 2" in told[2], "ŷ = 1 follows from the reader's own .82 and is right"


# ---- the form of every lecture


@pytest.mark.parametrize("name", [name for name in LECTURES if name != "playground"])
def test_a_lecture_has_every_part_that_lectures_have(name):
    lecture = LECTURES[name]
    code = "\n".join(cell.source for cell in lecture.cells if cell.cell_type == "code")
    prose = "\n".join(cell.source for cell in lecture.cells if cell.cell_type == "markdown")
    visible = [cell for cell in lecture.cells if "errata" not in cell.metadata.get("tags", [])]
    assert "predict_first(" in code and ".outcome(" in code
    assert sum("self_check(" in cell.source and "import" not in cell.source for cell in visible) == 3
    for heading in ("What you must have seen", "Ask yourself", "Run it on your numbers", "In three lines", "If you are stuck"):
        assert f"## {heading}" in prose
    for cell in lecture.cells:
        hides_its_answer = "self_check(\n" in cell.source or ".outcome(" in cell.source
        assert not hides_its_answer or cell.metadata.jupyter.source_hidden, "an answer must not stand above its question"
        if cell.cell_type == "code" and not hides_its_answer:
            assert len(cell.source.splitlines()) <= 8, f"too long to type:\n{cell.source}"


@pytest.mark.slow
def test_pictures_are_there_are_what_the_script_draws_and_are_described_in_the_scripts_words():
    spec = importlib.util.spec_from_file_location("draw", ROOT / "assets" / "figures" / "draw.py")
    draw = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draw)
    figures = draw.figures()
    for name, (svg, _) in figures.items():
        assert (ROOT / "assets" / "figures" / name).read_text("utf-8") == svg, "run python assets/figures/draw.py"
    for lecture in LECTURES.values():
        prose = "\n".join(cell.source for cell in lecture.cells if cell.cell_type == "markdown")
        for words, place in re.findall(r"!\[([^]]*)\]\(([^)]*)\)", prose):
            assert (NOTEBOOKS / place).is_file()
            assert words == figures[Path(place).name][1]
