"""nbgrader's plug-ins: its own autograde, from the command line or the formgrader's button, takes our path through these.

`configure(c)` is the one line of a course's ``nbgrader_config.py``.
"""

from __future__ import annotations

import copy
import hashlib
import html
import os
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells
from nbgrader.preprocessors import SaveAutoGrades as StockSaveAutoGrades
from traitlets import Float

from ..authoring.assignment import CHECK_PREFIX
from ..authoring.assignment import CODE_STUB, TEXT_STUB
from ..course_root import read_key
from ..variants import Secret
from . import attempts, decisions, intake, submission

HERE = "autograder.grading.plugins"
MAX_FILES_BYTES = 200 << 20


def configure(c) -> None:
    """Set nbgrader's configuration `c` so that grading is ours and all the rest stays nbgrader's."""
    c.Autograde.exporter_class = f"{HERE}.IntakeExporter"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput", "nbgrader.preprocessors.DeduplicateIds", "nbgrader.preprocessors.OverwriteKernelspec",
        f"{HERE}.RestoreCells", "nbgrader.preprocessors.CheckCellMetadata"]
    c.Autograde.autograde_preprocessors = [
        f"{HERE}.Execute", "nbgrader.preprocessors.LimitOutput", f"{HERE}.SaveAutoGrades", "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata"]
    c.GenerateAssignment.preprocessors.insert(0, KeepDecisions)
    c.HTMLExporter.preprocessors = ["autograder.reporting.mathematics.MathML"]          # feedback and the formgrader's pages
    c.ClearSolutions.code_stub = {"python": CODE_STUB}
    c.ClearSolutions.text_stub = TEXT_STUB


def grader_version() -> str:
    """What a grade remembers of the grader that gave it."""
    try:
        return version("neural-networks-by-hand")
    except PackageNotFoundError:
        return "0"


class IntakeExporter(NotebookExporter):
    """Reads a submission through `intake`: what cannot be read becomes the released notebook with the reason, worth 0."""

    def from_filename(self, filename, resources=None, **kw):
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kw)
        try:
            notebook = intake.read(filename)
        except intake.Refused as refused:
            self.log.error("%s was refused: %s", filename, refused)
            notebook = intake.refusal(self._release(resources["nbgrader"]), str(refused))
        root = Path(self.parent.coursedir.root)
        notebook.metadata["grading"] = mark(filename, root, resources["nbgrader"]["assignment"])
        resources = copy.deepcopy(resources)
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _release(self, where):
        """The notebook as students got it."""
        course = self.parent.coursedir
        path = Path(course.format_path(course.release_directory, ".", where["assignment"])) / f"{where['notebook']}.ipynb"
        return nbformat.read(path, as_version=4)


def mark(filename, root: Path, assignment: str) -> dict[str, str]:
    """What a graded notebook remembers, so that what has not changed is not graded again."""
    return {"submission": digest(filename), "grader": grader_version(), "decisions": decisions.mark(root, assignment)}


def digest(filename) -> str:
    """SHA-256 of a submitted file, "" where it cannot be opened."""
    try:
        return hashlib.sha256(Path(filename).read_bytes()).hexdigest()
    except OSError:
        return ""


class RestoreCells(OverwriteCells):
    """Puts nbgrader's mark on every known cell back to what the release says, whatever the submission made of it."""

    add_missing_cells = True

    def preprocess_cell(self, cell, resources, cell_index):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            cell.metadata.pop("nbgrader", None)
            return cell, resources
        try:
            source = self.gradebook.find_source_cell(name, self.notebook_id, self.assignment_id)
        except MissingEntry:
            del cell.metadata["nbgrader"]
            return cell, resources
        cell.metadata["nbgrader"] = nbformat.from_dict(self._mark(name, source))
        return super().preprocess_cell(cell, resources, cell_index)

    def _mark(self, name, source):
        """nbgrader's metadata of a cell, from the gradebook's own record of the release."""
        mark = {"schema_version": 3, "grade_id": name, "locked": source.locked, "cell_type": source.cell_type, "checksum": source.checksum,
                "grade": False, "solution": self._finds("find_solution_cell", name), "task": self._finds("find_task_cell", name)}
        if self._finds("find_graded_cell", name):
            graded = self.gradebook.find_graded_cell(name, self.notebook_id, self.assignment_id)
            mark.update(grade=not mark["task"], points=graded.max_score)
        return mark

    def _finds(self, what, name):
        try:
            getattr(self.gradebook, what)(name, self.notebook_id, self.assignment_id)
        except MissingEntry:
            return False
        return True


class Execute(NbGraderPreprocessor):
    """Runs the student's cells in the student's process and judges the test cells here."""

    cell_seconds = Float(submission.CELL_SECONDS, help="How long one of the student's cells may run.").tag(config=True)
    call_seconds = Float(submission.CALL_SECONDS, help="How long one call of a student's function may take.").tag(config=True)
    submission_seconds = Float(submission.SUBMISSION_SECONDS, help="How long all cells of a notebook may run together.").tag(config=True)

    def preprocess(self, nb, resources):
        course, where, started = self.parent.parent.coursedir, resources["nbgrader"], time.monotonic()
        if nb.metadata.get("refused"):
            resources["points"] = {}
            self._record(nb, where, {}, started)
            return nb, resources
        folder = Path(course.format_path(course.autograded_directory, where["student"], where["assignment"]))
        graded = submission.grade(nb, secret_of(Path(course.root)), files=beside(folder), student=where["student"], cell_seconds=self.cell_seconds,
                                  call_seconds=self.call_seconds, seconds=self.submission_seconds)
        resources["points"] = graded.points
        nb.metadata["grading"] = {**nb.metadata.get("grading", {}), "walled": graded.walled}
        self._record(nb, where, graded.verdicts, started)
        return graded.notebook, resources

    def _record(self, nb, where, verdicts, started):
        """Add this grading to the course's record of attempts; a record that cannot be written never costs the grade."""
        course, mark = self.parent.parent.coursedir, nb.metadata.get("grading", {})
        folder = Path(course.format_path(course.submitted_directory, where["student"], where["assignment"]))
        try:
            attempts.record(Path(course.root), attempts.Attempt(
                where["student"], where["assignment"], mark.get("submission", ""), f"{mark.get('grader', grader_version())} {mark.get('decisions', '')}".strip(), attempts.now(), time.monotonic() - started,
                handed_in=attempts.handed_in(folder), refused=nb.metadata.get("refused", ""), hints=attempts.hints_opened(folder, where["assignment"]),
                verdicts={name.removeprefix(CHECK_PREFIX): verdict for name, verdict in verdicts.items()}))
        except Exception as error:
            self.log.warning("%s's grading of %s is done but could not be added to %s: %s", where["student"], where["assignment"], attempts.FILE, error)


def secret_of(root: Path) -> Secret:
    """The course's key, with the hidden probes that were drawn anew; `CourseError` where it cannot be used."""
    return Secret(read_key(root), decisions.draws(root))


def _tell(notebook, decided) -> None:
    """Head the output of each decided question's test cell with the decision, so that its feedback says it."""
    for cell in notebook.cells:
        decision = decided.get(decisions.question_of(str(cell.metadata.get("nbgrader", {}).get("grade_id"))))
        if decision is not None and cell.cell_type == "code" and utils.is_grade(cell) and (said := decision.for_students()):
            data = {"text/plain": said, "text/html": f"<p><strong>{html.escape(said)}</strong></p>"}
            cell.outputs.insert(0, nbformat.v4.new_output("display_data", data=data))


class KeepDecisions(NbGraderPreprocessor):
    """A dropped question is worth no points, also when the assignment is generated again."""

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        decided = decisions.in_force(Path(self.parent.parent.coursedir.root), where["assignment"])
        for cell in nb.cells:
            if utils.is_grade(cell) and (decision := decided.get(decisions.question_of(cell.metadata.nbgrader["grade_id"]))) and decision.decision == decisions.DROP:
                cell.metadata.nbgrader["points"] = 0
        return nb, resources


def beside(folder: Path) -> dict[str, bytes]:
    """The data files that lie beside a notebook: regular files alone, up to a size."""
    files, left = {}, MAX_FILES_BYTES
    for place, folders, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file() or path.stat().st_size > left:
                continue
            left -= path.stat().st_size
            files[str(path.relative_to(folder))] = path.read_bytes()
    return files


class SaveAutoGrades(StockSaveAutoGrades):
    """Points come from verdicts, not from what a cell printed; a decision on the question has the last word."""

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        self.decided = decisions.in_force(Path(self.parent.parent.coursedir.root), where["assignment"])
        _tell(nb, self.decided)
        return super().preprocess(nb, resources)

    def _add_score(self, cell, resources):
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        if utils.is_solution(cell) or cell.cell_type != "code":
            super()._add_score(cell, resources)                     # read by a person; untouched is 0
        else:
            grade.auto_score = float(resources["points"].get(name, 0.0))
            grade.needs_manual_grade = grade.manual_score is not None
        decision = self.decided.get(decisions.question_of(name))
        if decision is not None:
            decisions.settle_grade(grade, decision)
        self.gradebook.db.commit()

    def _add_comment(self, cell, resources):
        super()._add_comment(cell, resources)
        decision = self.decided.get(decisions.question_of(cell.metadata["nbgrader"]["grade_id"]))
        if decision is not None and utils.is_grade(cell):
            self.gradebook.find_comment(cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id).auto_comment = decision.for_students()
            self.gradebook.db.commit()
