"""nbgrader's plug-ins: its own autograde, from the command line or the formgrader's button, takes our path through these.

`configure(c)` is the one line of a course's ``nbgrader_config.py``.
"""

from __future__ import annotations

import copy
import hashlib
import html
import time
from datetime import timedelta
from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from nbgrader.preprocessors import SaveAutoGrades as StockSaveAutoGrades
from traitlets import Float, Integer

from ..sandbox import tiers
from . import attempts, cells, cleaning, deadlines, decisions, handed_in, intake, late, notebook_text, release, submission, unit
from .answers import answers
from .cells import CODE_STUB, TEXT_STUB
from .conditions import decided_in, grader_version, secret_of
from .gate import GuardedExporter
from .testcells import OURS
from .unit import beside

HERE = "autograder.grading.plugins"


def configure(c) -> None:
    """Set nbgrader's configuration `c` so that grading is ours and all the rest stays nbgrader's."""
    c.Autograde.exporter_class = f"{HERE}.IntakeExporter"
    c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.CheckCellMetadata"]
    c.Autograde.autograde_preprocessors = [
        f"{HERE}.Execute", f"{HERE}.SaveAutoGrades", f"{HERE}.Penalties", "nbgrader.preprocessors.CheckCellMetadata"]
    c.ExchangeFactory.collect = "autograder.grading.gate.Collect"
    c.ZipCollectApp.extractor_plugin = "autograder.grading.uploads.SafeExtractor"
    c.ZipCollectApp.collector_plugin = "autograder.grading.uploads.PlatformNames"
    c.AssignLatePenalties.plugin_class = f"{HERE}.ByReceipt"
    c.GenerateAssignment.preprocessors.insert(0, KeepDecisions)
    c.GenerateAssignment.preprocessors.insert(0, TellDeadline)
    c.GenerateFeedback.preprocessors.insert(0, TellTier)
    c.HTMLExporter.preprocessors = [f"{HERE}.Cleaned", "autograder.reporting.mathematics.MathML"]          # feedback and the formgrader's pages
    c.ClearSolutions.code_stub = {"python": CODE_STUB}
    c.ClearSolutions.text_stub = TEXT_STUB


class IntakeExporter(GuardedExporter):
    """Reads a submission as `unit.sanitized` has it: what can be repaired is, what cannot is the release with the reason, worth 0."""

    def from_filename(self, filename, resources=None, **kw):
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kw)
        where, course = resources["nbgrader"], self.parent.coursedir
        with Gradebook(where["db_url"]) as gradebook:
            released = released_by(self.parent, gradebook, where["assignment"])
        try:
            content, refused = intake.content(filename), ""
        except intake.Refused as reason:
            content, refused = b"", str(reason)
        notebook = unit.sanitized(content, Path(filename).name, released.notebooks[where["notebook"]], refused)
        if notebook.metadata.get("refused"):
            self.log.error("%s was refused: %s", filename, notebook.metadata["refused"])
        notebook.metadata["grading"] = mark(filename, Path(course.root), where["assignment"])
        resources = copy.deepcopy(resources)
        resources["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        return self.from_notebook_node(notebook, resources=resources, **kw)


def released_by(converter, gradebook, assignment: str) -> release.Release:
    """What the course directory of nbgrader's autograde released of an assignment."""
    course = converter.coursedir
    released, source = (Path(course.format_path(folder, ".", assignment)) for folder in (course.release_directory, course.source_directory))
    files = release.source_files(source, released, course.ignore, converter.exclude_overwriting.get(assignment, ()))
    return release.read(gradebook, assignment, released, files, source)


def mark(filename, root: Path, assignment: str) -> dict[str, str]:
    """What a graded notebook remembers, so that what has not changed is not graded again."""
    return {"submission": digest(filename), "grader": grader_version(), "decisions": decisions.mark(root, assignment)}


def digest(filename) -> str:
    """SHA-256 of a submitted file, "" where it cannot be opened."""
    try:
        return hashlib.sha256(Path(filename).read_bytes()).hexdigest()
    except OSError:
        return ""


class Execute(NbGraderPreprocessor):
    """Runs the student's cells in the student's process and judges the test cells here."""

    cell_seconds = Float(submission.CELL_SECONDS, help="How long one of the student's cells may run.").tag(config=True)
    call_seconds = Float(submission.CALL_SECONDS, help="How long one call of a student's function may take.").tag(config=True)
    submission_seconds = Float(submission.SUBMISSION_SECONDS, help="How long all cells of a notebook may run together.").tag(config=True)
    output_lines = Integer(1000, help="How many printed lines of a cell are kept; -1 for all.").tag(config=True)
    traceback_lines = Integer(100, help="How many lines of a traceback are kept; -1 for all.").tag(config=True)

    def preprocess(self, nb, resources):
        course, where, started = self.parent.parent.coursedir, resources["nbgrader"], time.monotonic()
        folder = Path(course.format_path(course.autograded_directory, where["student"], where["assignment"]))
        limits = unit.Limits(self.cell_seconds, self.call_seconds, self.submission_seconds, self.output_lines, self.traceback_lines)
        secret = None if nb.metadata.get("refused") else secret_of(Path(course.root), any(OURS.search(cell.source) for cell in nb.cells if cells.is_test(cell)))
        with Gradebook(where["db_url"]) as gradebook:
            released = released_by(self.parent.parent, gradebook, where["assignment"]).notebooks[where["notebook"]]
        if not nb.metadata.get("refused"):
            tiers.in_force()                             # refuses to run student code where nothing walls it in, unless the environment accepts it
        executed, resources["points"], verdicts, _ = unit.execute(nb, secret, student=where["student"], files=beside(folder), limits=limits, given=released.given)
        self._record(nb, where, verdicts, started)
        return executed, resources

    def _record(self, nb, where, verdicts, started):
        """Add this grading to the course's record of attempts; a record that cannot be written never costs the grade."""
        course, mark = self.parent.parent.coursedir, nb.metadata.get("grading", {})
        folder = Path(course.format_path(course.submitted_directory, where["student"], where["assignment"]))
        try:
            at, verified = handed_in.when(Path(course.root), folder, where["assignment"], where["student"])
            attempts.record(Path(course.root), attempts.Attempt(
                where["student"], where["assignment"], mark.get("submission", ""), f"{mark.get('grader', grader_version())} {mark.get('decisions', '')}".strip(), attempts.now(), time.monotonic() - started,
                handed_in=at, verified=verified, refused=nb.metadata.get("refused", ""), answers={} if nb.metadata.get("refused") else answers(nb), hints=attempts.hints_opened(folder, where["assignment"]),
                verdicts={cells.question_of(name): verdict for name, verdict in verdicts.items()}))
        except Exception as error:
            self.log.warning("%s's grading of %s is done but could not be added to %s: %s", where["student"], where["assignment"], attempts.FILE, error)


class KeepDecisions(NbGraderPreprocessor):
    """A dropped question is worth no points, also when the assignment is generated again."""

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        decided = decisions.in_force(Path(self.parent.parent.coursedir.root), where["assignment"])
        for cell in nb.cells:
            if cells.is_grade(cell) and (decision := decided.get(cells.question_of(cell.metadata.nbgrader["grade_id"]))) and decision.decision == decisions.DROP:
                cell.metadata.nbgrader["points"] = 0
        return nb, resources


class TellTier(NbGraderPreprocessor):
    """Heads the feedback with the isolation that the student's code was run in."""

    def preprocess(self, nb, resources):
        from nbformat.v4 import new_markdown_cell

        tier = nb.metadata.get("grading", {}).get("tier")
        if tier in ("A", "B", "C"):
            nb.cells.insert(0, new_markdown_cell(f"*Graded in isolation tier {tier}.*", id="isolation-tier"))
        return nb, resources


class Cleaned(Preprocessor):
    """Before a page is made: what a notebook shows is cleaned, also in one that was graded when nothing was; names, which students
    may choose on a learning platform, are text, which nbgrader's own page does not make of them; and the page gets `STYLE`."""

    def preprocess(self, nb, resources):
        for name in ("first_name", "last_name", "student"):
            if isinstance(resources.get(name), str):
                resources[name] = html.escape(resources[name])
        if not nb.metadata.get("cleaned"):
            for cell in nb.cells:
                if cell.cell_type == "code" and not cells.is_test(cell) and not cell.source.startswith(submission.TASK_LINE):
                    cell.outputs = [cleaning.output(output) for output in cell.outputs]
            cleaning.clean_notebook(nb)
        nb.cells.insert(0, notebook_text.new_cell("markdown", f"<style>{STYLE}</style>", "page-style"))
        return nb, resources


# Tables with room in their cells, and no text or output that paints outside its own place.
STYLE = """
.cell:has(style) { display: none; }
.rendered_html table { border-collapse: collapse; }
.rendered_html th, .rendered_html td { padding: .3em .8em; vertical-align: top; }
.rendered_html tbody tr + tr { border-top: 1px solid #ddd; }
.text_cell_render, .output_subarea { contain: paint; }
"""


class SaveAutoGrades(StockSaveAutoGrades):
    """Points come from verdicts, not from what a cell printed; a decision on the question has the last word."""

    def preprocess(self, nb, resources):
        root, where = Path(self.parent.parent.coursedir.root), resources["nbgrader"]
        self.decided, self.decisions = decided_in(root, where["assignment"]), decisions.in_force(root, where["assignment"])
        unit.tell(nb, self.decided)
        return super().preprocess(nb, resources)

    def _add_score(self, cell, resources):
        name = cells.name(cell)
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = unit.score(cell, resources["points"], self.decided)
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None or unit.to_confirm(cell, self.decided)
        decisions.settle_grade(grade, self.decisions.get(cells.question_of(name)))
        self.gradebook.db.commit()

    def _add_comment(self, cell, resources):
        comment = self.gradebook.find_comment(cells.name(cell), self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = unit.comment(cell, self.decided)
        self.gradebook.db.commit()


class ByReceipt(LateSubmissionPlugin):
    """nbgrader's late-submission plug-in: the penalty of `deadlines.toml` for what is so many seconds late, else nbgrader's own methods."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        where = self.parent
        policy = deadlines.policy_for(Path(where.parent.parent.coursedir.root), where.assignment_id)
        if policy.due is None:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return policy.penalty(score, student_id, policy.due_for(student_id) + timedelta(seconds=total_seconds_late))


class Penalties(AssignLatePenalties):
    """nbgrader's step that assigns late penalties, by receipt where `deadlines.toml` has a due date."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        course, where = self.parent.parent.coursedir, resources["nbgrader"]
        root, student, assignment = Path(course.root), where["student"], where["assignment"]
        policy = deadlines.policy_for(root, assignment)
        if policy.due is not None:
            known = late.standing(root, Path(course.format_path(course.submitted_directory, student, assignment)), student, assignment)
            with Gradebook(where["db_url"]) as gradebook:
                penalty = late.settle(gradebook, policy, assignment, student, known.received)
                gradebook.db.commit()
            self.log.info("%s's %s: penalty %s, received %s, %s", student, assignment, penalty, known.received, "by receipt" if known.verified else "by the student's own word")
        return nb, resources


class TellDeadline(NbGraderPreprocessor):
    """Write into the released notebook when it is due, what being late costs, and what `course pack` may take along."""

    def preprocess(self, nb, resources):
        course, assignment = self.parent.parent.coursedir, resources["nbgrader"]["assignment"]
        policy = deadlines.policy_for(Path(course.root), assignment)
        source = Path(course.format_path(course.source_directory, ".", assignment))
        beside = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file() and path.suffix != ".ipynb")
        notebooks = sorted(path.name for path in source.glob("*.ipynb"))
        told = {"due": policy.due.isoformat() if policy.due else "", "says": policy.sentence(), "notebooks": notebooks, "files": [*beside, *policy.files], "upload": policy.upload}
        nb.metadata["course"] = {**nb.metadata.get("course", {}), "assignment": assignment, **{key: value for key, value in told.items() if value}}
        return nb, resources
