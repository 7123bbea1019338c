"""The record of attempts and `course report`: what the numbers are, that nothing a student wrote can act, what other systems import."""

import base64
import contextlib
import copy
import csv
import dataclasses
import hashlib
import io
import json
import logging
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traitlets.config import Configurable
from typer.testing import CliRunner

from autograder.assignments import load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.build import build
from autograder.cli import app
from autograder.course_root import make_course_root
from autograder.errors import CourseError
from autograder.grading import attempts as kept
from autograder.grading import batch, plugins
from autograder.grading.answers import OWN, code
from autograder.grading.attempts import Attempt, attempts, record
from autograder.grading.course import Course
from autograder.reporting import exports, figures, findings, history, pages, report
from autograder.reporting.classroom import OTHER, RIGHT, SAME, UNNAMED
from autograder.reporting.gathering import _history, _variant, gather
from autograder.reporting.history import Line, steps
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.verdicts import Verdict
from grading.report_class import ABSENT, CLASS, HOSTILE, TURNED, make_class
from grading.submissions.a1 import WRONG

CHECKOUT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def verdict(points=3, **said):
    return Verdict("A1", "sigmoid", points, 15, "right" if points == 15 else "partly right", "Overflow.", mistakes=() if points == 15 else ("Overflow",), **said)


def attempt(student="ada", submission="aa", grader="1", graded="2027-03-01T12:00:00+00:00", **more):
    return Attempt(student, "A1", submission, grader, graded, 1.5, **{"verdicts": {"sigmoid": verdict()}, "hints": {"sigmoid": 2}, "answers": {"sigmoid": "def sigmoid(h):\n    return h"}, **more})


# ---------------------------------------------------------------- the record of attempts

def test_an_attempt_comes_back_as_it_was(tmp_path):
    given = attempt(handed_in="2027-03-01T11:00:00+00:00", refused="")
    assert record(tmp_path, given) and attempts(tmp_path, "A1") == [given]
    assert attempts(tmp_path, "A2") == [] == attempts(tmp_path, "A1", "bob") and given.points == 3


def test_the_same_submission_by_the_same_grader_is_one_row_and_the_first(tmp_path):
    first, again = attempt(), attempt(graded="2027-04-01T12:00:00+00:00", verdicts={})
    assert record(tmp_path, first) and not record(tmp_path, again)
    assert attempts(tmp_path, "A1") == [first]
    for other in (attempt(student="bob"), attempt(submission="bb"), attempt(grader="2")):
        assert record(tmp_path, other)
    assert len(attempts(tmp_path, "A1")) == 4


@pytest.mark.parametrize("change", ["UPDATE attempts SET seconds = 0", "DELETE FROM attempts", "UPDATE texts SET text = ''", "DELETE FROM texts", "UPDATE answers SET question = 'x'", "DELETE FROM answers"])
def test_what_is_recorded_can_be_neither_changed_nor_taken_away(tmp_path, change):
    record(tmp_path, attempt())
    with sqlite3.connect(tmp_path / kept.FILE) as database, pytest.raises(sqlite3.IntegrityError, match="never"):
        database.execute(change)
    assert len(attempts(tmp_path, "A1")) == 1


BEFORE_TEXTS = """
CREATE TABLE attempts (
    student TEXT NOT NULL, assignment TEXT NOT NULL, submission TEXT NOT NULL, grader TEXT NOT NULL,
    handed_in TEXT NOT NULL, verified INTEGER NOT NULL, graded TEXT NOT NULL, seconds REAL NOT NULL,
    refused TEXT NOT NULL, verdicts TEXT NOT NULL, hints TEXT NOT NULL,
    PRIMARY KEY (student, assignment, submission, grader));
INSERT INTO attempts VALUES ('ada', 'A1', 'aa', '1', '', 0, '2027-03-01T12:00:00+00:00', 1.5, '', '{}', '{"sigmoid": 2}');
"""


def test_a_record_from_before_texts_were_kept_loses_nothing_and_takes_them_from_then_on(tmp_path):
    with sqlite3.connect(tmp_path / kept.FILE) as database:
        database.executescript(BEFORE_TEXTS)
    old = attempt(verdicts={}, answers={})
    assert attempts(tmp_path, "A1") == [old]
    assert record(tmp_path, attempt(submission="bb"))
    assert attempts(tmp_path, "A1") == [old, attempt(submission="bb")]
    assert not record(tmp_path, attempt())                         # graded again, now with its text
    assert attempts(tmp_path, "A1")[0] == dataclasses.replace(old, answers=attempt().answers)


def test_a_text_is_kept_once_however_many_hand_it_in(tmp_path):
    text = "x = 1\n" * 1000
    for number in range(20):
        record(tmp_path, attempt(student=f"s{number}", submission=str(number), answers={"sigmoid": text, "predict": text, "explain_e1": str(number)}))
    with sqlite3.connect(tmp_path / kept.FILE) as database:
        assert database.execute("SELECT count(*), sum(length(text)) FROM texts").fetchone() == (21, len(text) + 30)
        assert database.execute("SELECT count(*) FROM answers").fetchone() == (60,)
    assert all(one.answers["predict"] == text for one in attempts(tmp_path, "A1"))


@pytest.mark.parametrize("text", ["", "\ud800 \x00 \u202e é\r\n", "a" * kept.MOST_ANSWER])
def test_any_text_comes_back_as_it_was(tmp_path, text):
    record(tmp_path, attempt(answers={"sigmoid": text}))
    assert attempts(tmp_path, "A1")[0].answers == {"sigmoid": text}


def test_of_an_endless_text_the_beginning_is_kept_and_says_so(tmp_path):
    record(tmp_path, attempt(answers={"sigmoid": "é" * 3_000_000}))
    text = attempts(tmp_path, "A1")[0].answers["sigmoid"]
    assert text.startswith("é" * 30_000) and len(text.encode()) < kept.MOST_ANSWER + 100 and "5934464 bytes more" in text


def test_eight_writers_at_once_lose_nothing(tmp_path):
    failed = []

    def write(writer):
        try:
            for place in range(10):
                record(tmp_path, attempt(student=f"s{writer}", submission=str(place)))
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    [writer.start() for writer in writers], [writer.join() for writer in writers]
    assert not failed and len(attempts(tmp_path, "A1")) == 80


def test_a_row_of_a_later_version_can_still_be_read(tmp_path):
    record(tmp_path, attempt())
    with sqlite3.connect(tmp_path / kept.FILE) as database:
        (text,) = database.execute("SELECT verdicts FROM attempts").fetchone()
        data = json.loads(text)
        data["sigmoid"]["a_field_of_tomorrow"] = 1
        database.execute("INSERT INTO attempts SELECT 'bob', assignment, submission, grader, handed_in, verified, graded, seconds, refused, ?, hints FROM attempts", (json.dumps(data),))
    assert attempts(tmp_path, "A1", "bob")[0].verdicts["sigmoid"] == verdict()


def test_a_course_without_a_record_has_no_attempts_and_gets_no_file(tmp_path):
    assert attempts(tmp_path, "A1") == [] and not list(tmp_path.iterdir())


def test_a_damaged_record_gets_a_sentence(tmp_path):
    (tmp_path / kept.FILE).write_bytes(b"no database, but long enough to look like one" * 100)
    with pytest.raises(CourseError, match="cannot be read.*No grade is lost"):
        attempts(tmp_path, "A1")


@pytest.mark.parametrize("text, opened", [
    ('{"A1": {"sigmoid": 2, "predict": 1}}', {"sigmoid": 2, "predict": 1}),
    ('{"A1": {"sigmoid": 100000000}}', {"sigmoid": 99}),
    ('{"A1": {"sigmoid": true, "predict": -1, "x": 1.5, "y": "2", "z": null, "ok": 1}}', {"ok": 1}),
    ('{"A2": {"sigmoid": 2}}', {}), ('{"A1": [1, 2]}', {}), ('[]', {}), ('"A1"', {}), ("", {}), ("{", {}), ('{"A1": {"sigmoid": 1' + "0" * 5000 + "}}", {}),
    ("[" * 60_000, {}), ('{"A1": {"sigmoid": 1}}' + " " * (1 << 17), {}),
])
def test_hints_are_read_with_suspicion(tmp_path, text, opened):
    (tmp_path / kept.HINTS).write_text(text)
    assert kept.hints_opened(tmp_path, "A1") == opened


def test_many_and_long_names_of_hints_are_capped(tmp_path):
    (tmp_path / kept.HINTS).write_text(json.dumps({"A1": {f"{number}{'q' * 90}": 1 for number in range(400)}}))
    opened = kept.hints_opened(tmp_path, "A1")
    assert len(opened) <= 200 and max(map(len, opened)) <= 80


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_text('{"A1": {"sigmoid": 2}}')
    (tmp_path / kept.HINTS).symlink_to(tmp_path / "elsewhere")
    assert kept.hints_opened(tmp_path, "A1") == {}


@pytest.mark.parametrize("text, time", [
    ("2027-03-01 18:30:00.123456 UTC", "2027-03-01T18:30:00+00:00"), ("2027-03-01 18:30:00", "2027-03-01T18:30:00+00:00"), ("2027-03-01 18:30:00 EST", "2027-03-01T23:30:00+00:00"),
    ("yesterday", ""), ("", ""), ("2027-13-41 18:30:00 UTC", ""), ("2027-03-01 18:30:00 /etc/localtime", ""), ("9" * 1000, ""), ("0001-01-01 00:00:00 UTC" * 3, ""),
])
def test_the_students_timestamp_is_read_with_suspicion(tmp_path, text, time):
    (tmp_path / kept.TIMESTAMP).write_text(text)
    assert kept.handed_in(tmp_path) == time


# ---------------------------------------------------------------- nbgrader's plug-in writes it

def solution(name, source):
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"grade_id": name, "solution": True, "grade": False, "locked": False}})


def check(name):
    return nbformat.v4.new_code_cell(f"check({name!r})", metadata={"nbgrader": {"grade_id": f"check_{name}", "solution": False, "grade": True, "locked": True}})


def execute(root, monkeypatch, notebook=None):
    """The plug-in's step on one submission, the sandbox left out."""
    class Above(Configurable):
        coursedir = SimpleNamespace(root=str(root), submitted_directory="submitted", autograded_directory="autograded",
                                    format_path=lambda step, student, assignment: str(root / step / student / assignment))

    graded = nbformat.v4.new_notebook()
    monkeypatch.setattr(plugins, "secret_of", lambda *course: None)
    monkeypatch.setattr(plugins, "Gradebook", contextlib.nullcontext)
    monkeypatch.setattr(plugins, "released_by", lambda *course: SimpleNamespace(notebooks={"A1_hand_table": SimpleNamespace(given={})}))
    monkeypatch.setattr(plugins.submission, "grade", lambda *args, **kwargs: SimpleNamespace(notebook=graded, points={"check_sigmoid": 3.0}, verdicts={"check_sigmoid": verdict()}, walled=True))
    step = plugins.Execute(parent=Above(parent=Above()))
    cells = [solution("sigmoid", "def sigmoid(h):\n    return h"), check("sigmoid"), nbformat.v4.new_code_cell("own = 1")]
    notebook = notebook or nbformat.v4.new_notebook(cells=cells, metadata={"grading": {"submission": "aa", "grader": "1"}})
    return step.preprocess(notebook, {"nbgrader": {"student": "ada", "assignment": "A1", "notebook": "A1_hand_table", "db_url": ""}})


def test_every_grading_is_recorded_with_what_lay_beside_it(tmp_path, monkeypatch):
    folder = tmp_path / "submitted" / "ada" / "A1"
    folder.mkdir(parents=True)
    (folder / "hints.json").write_text('{"A1": {"sigmoid": 2}}')
    (folder / "timestamp.txt").write_text("2027-03-01 18:30:00.0 UTC")
    for _ in range(2):
        execute(tmp_path, monkeypatch)
    (one,) = attempts(tmp_path, "A1")
    assert (one.student, one.submission, one.hints, one.handed_in, one.verified) == ("ada", "aa", {"sigmoid": 2}, "2027-03-01T18:30:00+00:00", False)
    assert one.verdicts == {"sigmoid": verdict()} and one.graded and one.seconds >= 0
    assert one.answers == {"sigmoid": "def sigmoid(h):\n    return h", OWN: "own = 1"}


def test_a_refused_submission_is_an_attempt_too(tmp_path, monkeypatch):
    execute(tmp_path, monkeypatch, nbformat.v4.new_notebook(cells=[solution("sigmoid", "the release's own"), check("sigmoid")], metadata={"refused": "no notebook", "grading": {"submission": "bb", "grader": "1"}}))
    (one,) = attempts(tmp_path, "A1")
    assert one.refused == "no notebook" and one.verdicts == one.answers == {}


def test_a_record_that_cannot_be_written_costs_no_grade(tmp_path, monkeypatch, caplog):
    (tmp_path / kept.FILE).mkdir()
    with caplog.at_level(logging.WARNING):
        monkeypatch.setattr(plugins.Execute, "log", logging.getLogger("grading"))
        _, resources = execute(tmp_path, monkeypatch)
    assert resources["points"] == {"check_sigmoid": 3.0} and "could not be added to attempts.db" in caplog.text


# ---------------------------------------------------------------- what is known of the class

@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_class(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def room(course):
    return gather(course, "A1")


def mistake(room, question, name):
    (found,) = [m for m in room.misconceptions if (m.question, m.name) == (question, name)]
    return found


def test_who_makes_a_mistake_now_and_who_ever_did(room):
    overflow = mistake(room, "sigmoid", "Overflow")
    assert {s.id for s in overflow.ever} == {"ada", "bob", "carol", "dan"} and {s.id for s in overflow.now} == {"carol", "dan"}
    assert room.misconceptions[0] == overflow and overflow.sentence and overflow.lecture
    total = mistake(room, "squared_error", "Sum instead of mean")
    assert not total.now and [s.id for s in total.ever] == ["ada"]


def test_what_became_of_a_mistake_in_the_next_attempt(room):
    assert mistake(room, "sigmoid", "Overflow").became == {RIGHT: 1, OTHER: 1, SAME: 1}                 # ada, bob, dan
    assert mistake(room, "sigmoid", "Overflow").others == {"exp(+h) instead of exp(−h)": 1}
    assert mistake(room, "squared_error", "Sum instead of mean").became == {SAME: 1, RIGHT: 1}          # ada, twice
    assert mistake(room, "weighted_sum", "Forgot the bias").became == {RIGHT: 1}                        # dan
    assert room.became[UNNAMED] == 0 and room.became.total() == 7


def test_where_each_question_stands(room):
    by_name = {standing.question.name: standing for standing in room.standings}
    sigmoid = by_name["sigmoid"]
    assert sigmoid.statuses == {"right": 3, "partly right": 2, "wrong": 1, "blank": 1} and sorted(sigmoid.points) == [0, 0, 9, 9, 15, 15, 15]
    assert sigmoid.share == pytest.approx(63 / 105) and sigmoid.stuck[0] == ("Overflow.", 2) and sigmoid.lost == ("stable at ±1000", pytest.approx(4 / 7))
    assert by_name["squared_error"].statuses["failed"] == 1
    assert by_name["explain_e1"].statuses == {"read": 2, "to be read": 5} and sorted(by_name["explain_e1"].points) == [12, 15]


def test_points_are_the_gradebooks_and_who_was_not_graded_is_known(room):
    assert {student.id: student.points for student in room.students} == {"ada": 97, "bob": 58, "carol": 56, "dan": 79, "eve": 75, "@formula": 100, "zoe <b>": 0}
    assert [student.id for student in room.absent] == [ABSENT] and room.most == 100


def test_hints_are_counted_for_the_class_and_kept_of_nobody(room):
    assert {name: count for name, count in room.hints.items() if count} == {"sigmoid": 2 + 3, "predict": 1}
    assert all(attempt.hints == {} for student in room.students for attempt in student.attempts)


def test_a_submission_counts_once_however_often_it_was_graded():
    notebook = nbformat.v4.new_notebook(metadata={"grading": {"submission": "bb", "grader": "2"}})
    known = _history("ada", "A1", [attempt(submission="aa"), attempt(submission="bb"), attempt(submission="bb", grader="2")], (None, notebook), {"sigmoid": verdict(15)}, {"sigmoid": "now"})
    assert [(one.submission, one.grader) for one in known] == [("aa", "1"), ("bb", "2")]
    assert known[-1].verdicts["sigmoid"].points == 15                # what the graded notebook says now
    assert [one.answers["sigmoid"] for one in known] == ["def sigmoid(h):\n    return h", "now"]


def test_handing_in_an_earlier_file_again_is_an_attempt_and_so_is_one_that_was_never_recorded(tmp_path):
    notebook = nbformat.v4.new_notebook(metadata={"grading": {"submission": "aa", "grader": "1"}})
    path = tmp_path / "a.ipynb"
    path.write_text("")
    known = _history("ada", "A1", [attempt(submission="aa"), attempt(submission="bb")], (path, notebook), {}, {})
    assert [one.submission for one in known] == ["aa", "bb", "aa"]
    (only,) = _history("ada", "A1", [], (path, notebook), {"sigmoid": verdict()}, {})
    assert only.submission == "aa" and only.points == 3 and only.graded


def test_a_late_penalty_is_taken_off(course, room):
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission("A1", "dan").notebooks[0]
        submission.late_submission_penalty = 9
        gradebook.db.commit()
        try:
            assert gather(course, "A1").student("dan").points == 70
        finally:
            submission.late_submission_penalty = None
            gradebook.db.commit()


# ---------------------------------------------------------------- the pages

class Page(HTMLParser):
    """A page's elements, its text, and how deep they nest."""

    def __init__(self, content: bytes):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self):
        return "".join(self.words)


@pytest.fixture(scope="module")
def written(course):
    """Every page and table, by its file name."""
    files = []
    for wanted in ({}, {"student": "eve"}, {"student": "ada"}, {"student": "zoe <b>"}, {"question": "squared_error"}, {"question": "explain_e1"}, {"similarity": True}, {"export": "canvas"}, {"export": "moodle"}):
        files += report.write(course, "A1", **wanted)[0]
    return {path.name: path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def html(written):
    return {name: content for name, content in written.items() if name.endswith(".html")}


def test_what_was_asked_for_is_written_for_its_owner_alone(course, written):
    assert set(written) == {"A1.html", "A1.points.csv", "A1.mistakes.csv", "A1_eve.html", "A1_ada.html", "A1_zoe%20%3Cb%3E.html", "A1.squared_error.html", "A1.explain_e1.html",
                            "A1.similarity.html", "A1.canvas.csv", "A1.moodle.csv"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (course.root / "reports").iterdir())
    assert {path.name for path in (course.root / "reports").iterdir()} == set(written)         # nothing half-written is left


def test_a_page_fetches_nothing_and_runs_one_script_of_its_own(html):
    for name, content in html.items():
        page = Page(content)
        policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
        (script,) = re.findall(r"<script>(.*?)</script>", content.decode(), re.S)
        assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy and "default-src 'none'" in policy, name
        addresses = [value for _, attributes in page.elements for key, value in attributes.items() if key in ("src", "href", "action", "data", "poster", "srcset")]
        assert all(address.startswith(("#", "data:image/")) for address in addresses), name
        assert "@import" not in content.decode() and "url(" not in content.decode(), name


def test_nothing_that_a_student_wrote_acts_or_hides(html):
    shown = 0
    for name, content in html.items():
        page = Page(content)
        assert len(page.all("script")) == 1 and not [key for _, attributes in page.elements for key in attributes if key.startswith("on")], name
        assert not page.all("b") and not set(content.decode()) & set(TURNED.replace("gnirts", "")), name
        shown += HOSTILE in page.text and "⟨U+202E⟩gnirts" in page.text
    assert shown >= 3                                                                          # the class, eve, and a question


def test_half_a_character_is_shown_by_its_number(html):
    assert "⟨U+D800⟩" in Page(html["A1.explain_e1.html"]).text


@pytest.mark.parametrize("text, html", [("<i>&\"'", "&lt;i&gt;&amp;&#34;&#39;"), ("a\r\nb\tc", "a\nb\tc"), ("\x00\u200f\u2066x\u2069", "⟨U+0000⟩⟨U+200F⟩⟨U+2066⟩x⟨U+2069⟩"), ("é\u6f22", "é\u6f22")])
def test_text_that_a_page_shows(text, html):
    assert str(pages.shown(text)) == html


def test_no_two_names_share_an_address():
    names = ["a", "A", "a b", "a-b", "a-20-b", "ä", "<a>", "a."]
    assert len({pages.slug(name) for name in names}) == len(names) and all(re.fullmatch(r"[\w-]+", pages.slug(name), re.ASCII) for name in names)


def test_each_figure_is_said_in_words(html):
    for content in html.values():
        page = Page(content)
        assert len(page.all("svg")) == len(page.all("figcaption")) == len(page.all("figure"))
        assert all(svg.get("aria-hidden") == "true" for svg in page.all("svg"))
    assert "Points of 7 students: lowest 0, middle 75, highest 100 of 100; 1 has all points." in Page(html["A1.html"]).text


def test_the_titles_say_what_the_figures_show(room):
    said = findings.titles(room)
    assert said["scores"] == "The middle of the class has 75 of 100 points"
    assert said["questions"] == "sigmoid is the hardest: the class has 60 % of its points"
    assert said["mistakes"] == "2 of 7 now make the mistake “Overflow”"
    assert said["attempts"] == "Of 7 mistakes that were handed in again, 4 became right"
    assert said["hints"] == "sigmoid took the most hints: 5 of 6"
    assert said["grading"] == "Grading one submission took 1.5 seconds in the middle, 3.5 at most."


def test_every_student_is_on_the_class_page_and_reached_from_their_mistakes(html):
    page = Page(html["A1.html"])
    places = {attributes["id"] for attributes in page.all("template")}
    assert len(places) == len(CLASS) and places == {option["value"] for option in page.all("option") if option["value"]}
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#student-")} <= places


def test_a_students_page_has_each_attempt_and_the_right_answers(html):
    text = Page(html["A1_ada.html"]).text
    assert all(f"Attempt {place} of 3" in text for place in (1, 2, 3)) and text.count("unverified") == 3
    assert text.rindex("Attempt 3 of 3") < text.rindex("Attempt 1 of 3") and "Sum instead of mean." in text and "Overflow." in text
    assert "np.mean((y - p) ** 2)" in text and "BEGIN SOLUTION" not in text and "term" in text


def section(content, start, end="<h4>"):
    """The text of a page from one heading on."""
    html = content.decode()
    return Page(html[html.index(start):html.index(end, html.index(start) + 1)].encode()).text


def test_each_question_tells_how_its_answer_came_about(html):
    said = section(html["A1_ada.html"], "<h4>sigmoid")
    assert "3 attempts, 9 → 15 → 15 points" in said and "Attempt 1 of 3, 2027-03-01 18:30 UTC: 9 of 15" in said and "Overflow." in said
    assert "What was written" in said and "Since attempt 1: " in said and "The same text as in attempt 2." in said
    assert "− " in said and "+ " in said
    assert "The same answer and verdict in each of 3 attempts." in section(html["A1_ada.html"], "<h4>predict")


def test_what_was_not_kept_is_said_and_not_taken_for_empty(html, room):
    first, second = steps(room.student("dan"), "weighted_sum")
    assert first.answer is None and first.verdict.mistakes == ("Forgot the bias",) and second.changed is None and second.answer
    assert "What was written is not kept of this attempt" in Page(report.one_student(room, room.student("dan"))).text


def test_cells_of_their_own_are_shown_apart(room):
    text = Page(report.one_student(room, room.student("bob"))).text
    assert "Cells of their own" in text and text.count("# to try it out") == 2                 # as it stands, and as what was added
    assert [step.said for step in steps(room.student("bob"), OWN)] == ["", "1 line added"]
    assert "Cells of their own" not in Page(report.one_student(room, room.student("ada"))).text


def test_a_refused_attempt_has_no_answers(room):
    ada = room.student("ada")
    refused = dataclasses.replace(ada, attempts=(ada.attempts[0], dataclasses.replace(ada.attempts[1], refused="no notebook", answers={}, verdicts={}), ada.attempts[2]))
    assert [(step.place, step.since) for step in steps(refused, "sigmoid")] == [(1, 0), (3, 1)]


def same(*lines):
    return [Line("same", ((line, False),)) for line in lines]


@pytest.mark.parametrize("before, after, lines", [
    ("a\nb\nc", "a\nB\nc", [*same("a"), Line("taken", (("b", False),)), Line("added", (("B", False),)), *same("c")]),
    ("", "a", [Line("added", (("a", False),))]), ("a\n", "", [Line("taken", (("a", False),))]), ("", "", []),
    ("f(h) + 1", "f(-h) + 1", [Line("taken", (("f(", False), ("h) + 1", False))), Line("added", (("f(", False), ("-", True), ("h) + 1", False)))]),
    ("a \r\nb", "a\nb\n\n", [Line("left", (("… 2 lines unchanged …", False),))]),
    ("\n".join("abcdefghij") + "\nx", "\n".join("abcdefghij") + "\ny", [Line("left", (("… 7 lines unchanged …", False),)), *same("h", "i", "j"), Line("taken", (("x", False),)), Line("added", (("y", False),))]),
])
def test_what_changed_between_two_texts(before, after, lines):
    assert list(history.compared(before, after)) == lines


def text_of(lines, kinds):
    return "\n".join("".join(text for text, _ in line.pieces) for line in lines if line.kind in kinds)


@given(st.lists(st.sampled_from(["a = 1", "b = 2", "  return a", "", "a = 2"]), max_size=8), st.lists(st.sampled_from(["a = 1", "b = 3", "  return a", "", "a = 12"]), max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_comparison_holds_both_texts_whole_where_nothing_is_left_out(before, after):
    before, after = "\n".join(before).rstrip(), "\n".join(after).rstrip()
    lines = history.compared(before, after)
    if not any(line.kind == "left" for line in lines):
        assert text_of(lines, ("same", "taken")) == before and text_of(lines, ("same", "added")) == after


@pytest.mark.parametrize("before, after", [("x\n" * 30_000, "y\n" * 30_000), ("x" * 60_000, "y" * 60_000), ("a\nb\n" * 190, "b\na\na\n" * 130), ("(" * 60_000, "()" * 30_000)])
def test_texts_made_to_be_compared_for_ever_are_not(before, after):
    started = time.monotonic()
    assert history.compared(before, after)
    assert time.monotonic() - started < 20


def test_what_being_late_cost_is_said_to_whom_it_cost_something(room):
    bob, late = room.student("bob"), "taken off for being late"
    assert f"7.5 points were {late}" in Page(report.one_student(room, dataclasses.replace(bob, late=7.5))).text
    assert late not in Page(report.one_student(room, bob)).text


def test_the_rubric_of_a_report_stands_beside_it_and_gives_its_points():
    question = load("A9")["report"]
    assert len(question.groups) == 7 and question.points == 30
    asked = "\n".join(cell.source for cell in build_notebook("A9").cells)
    lines = dict(re.findall(r"\| \*\*(.+?)\*\*:.*\| (\d+) \|", asked))
    assert {name.lower(): float(points) for name, points in lines.items()} == question.groups             # as students read it


def test_nobodys_own_hints_are_shown(html):
    assert not [name for name, content in html.items() if name != "A1.html" and "hints opened" in Page(content).text.lower()]


def test_the_right_answers_are_those_of_the_students_own_variant(room):
    own = dataclasses.replace(room, per_student=True)
    assert report.solutions(own, "ada")["hand_table"] != report.solutions(own, "bob")["hand_table"]
    assert report.solutions(room, "ada") == report.solutions(room, "bob")
    assert [kind for kind, _ in report.asked(own, "ada")].count("prose") > 5


def test_the_variant_is_the_one_that_the_course_built(tmp_path):
    nbformat.write(build_notebook("A1", "2027-spring", own=True), tmp_path / "A1_hand_table.ipynb")
    there = SimpleNamespace(place=lambda step, assignment: tmp_path)
    assert _variant(there, "A1") == ("2027-spring", True)
    assert _variant(SimpleNamespace(place=lambda step, assignment: tmp_path / "none"), "A1") == ("", False)


def test_a_question_shows_every_answer_like_beside_like(html, room):
    text = Page(report.one_question(room, "sigmoid")).text
    order = [text.index(f"{student}") for student in ("zoe <b>", "carol", "Ada Lovelace")]
    assert order == sorted(order) and "np.exp(h) / (np.exp(h) + 1)" in text


def test_a_manual_question_shows_the_rubric_and_what_was_given(html):
    text = Page(html["A1.explain_e1.html"]).text
    assert "Rubric" in text and "explanation: 15 points" in text and "12 of 15" in text and text.count("to be read") >= 5 and "The line should say exp(0.5)." in text


def test_a_dropped_question_is_worth_nothing_and_says_why(course, room):
    dropped = dataclasses.replace(room, worth={**room.worth, "sigmoid": 0.0}, decided={"sigmoid": "sigmoid: drop, since 2027-04-01 (the text was wrong)"})
    page = Page(report.the_class(dropped)).text
    assert "(the text was wrong)" in page and dropped.most == 85


# ---------------------------------------------------------------- figures

def test_points_fall_into_the_right_bars():
    drawn = figures.spread([0, 3, 3.1, 14.9, 15, 15], 15, 5, "points")
    assert re.findall(r">(\d*)</text><text[^>]*>[^<]*–", str(drawn.svg)) == ["1", "2", "", "", "3"]
    assert figures.spread([], 15, 5, "points").words == "Nobody's points has been judged yet."


def test_times_that_run_backwards_are_no_time():
    assert figures.hours_between("2027-03-01T12:00:00+00:00", "2027-03-02T00:00:00+00:00") == 12
    assert figures.hours_between("2027-03-01T12:00:00+00:00", "2027-02-01T00:00:00+00:00") is None
    assert figures.hours_between("", "2027-02-01T00:00:00+00:00") is None
    assert [figures.span(hours) for hours in (.01, .5, 3.26, 47, 48, 2400)] == ["1 minute", "30 minutes", "3.3 hours", "47 hours", "2 days", "100 days"]


# ---------------------------------------------------------------- tables and exports

def rows(content: bytes):
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def test_canvas_gets_the_columns_that_its_import_asks_for(written):
    header, possible, *students = rows(written["A1.canvas.csv"])
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A1 The hand table"]
    assert possible == ["Points Possible", "", "", "", "", "100"]
    by_login = {row[3]: row for row in students}
    assert by_login["ada"] == ["Ada Lovelace", "100", "", "ada", "", "97"]
    assert by_login[ABSENT][5] == "" and by_login["zoe <b>"][5] == "0"                # nothing handed in is not an honest zero
    assert all(len(row) == 6 for row in students) and len(students) == len(CLASS) + 1


def test_moodle_gets_a_user_a_grade_and_its_feedback(written):
    header, *students = rows(written["A1.moodle.csv"])
    assert header == ["First name", "Last name", "ID number", "Email address", "A1 The hand table", "A1 The hand table feedback"]
    by_id = {row[2]: row for row in students}
    assert by_id["carol"][4] == "56" and "sigmoid: 9 of 15 (Overflow)" in by_id["carol"][5] and "explain_e1: to be read" in by_id["carol"][5]
    assert ABSENT not in by_id and all(float(row[4]) <= 100 for row in students)


def test_the_tables_hold_the_points_and_the_mistakes(written):
    header, possible, *students = rows(written["A1.points.csv"])
    assert header[:4] == ["student", "name", "attempts", "points"] and possible[3] == "100"
    assert next(row for row in students if row[0] == "bob") == ["bob", 'Robert O"Neil', "2", "58", "20", "10", "0", "3", "15", "10", ""]
    assert rows(written["A1.mistakes.csv"])[1][:4] == ["sigmoid", "Overflow", "2", "4"]


def test_no_cell_can_be_a_formula(written):
    tables = [content for name, content in written.items() if name.endswith(".csv")]
    assert len(tables) == 4 and not [cell for content in tables for row in rows(content) for cell in row if re.match(r"\s*[=+\-@\t\r|]", cell)]
    assert "'@formula" in tables[0].decode() + tables[1].decode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", " =1", "\uff1d1", "|cmd", "%0A=1", "\x00=1"])
def test_a_formula_gets_an_apostrophe(text):
    assert exports._cell(text).startswith("'")


def test_an_export_says_what_is_not_final(course):
    _, said = report.write(course, "A1", export="canvas")
    assert "so far" in said[0] and "bob" in said[0] and "ada" not in said[0] and ABSENT in said[1]


# ---------------------------------------------------------------- similarity

LONG = """
def neuron_scores(inputs, weights, shift):
    totals = []
    for place in range(inputs.shape[0]):
        running = shift
        for column in range(inputs.shape[1]):
            running = running + inputs[place, column] * weights[column]
        totals.append(running if abs(running) > 1e-12 else 0.0)
    return np.array(totals, dtype=float)
"""
RENAMED = LONG.replace("totals", "out").replace("running", "acc").replace("place", "i").replace("column", "j").replace("inputs", "X").replace("    out = []", "    out = []  # collect")
OTHERWISE = "def weighted_sum(X, w, b):\n    parts = {name: X[:, name] * w[name] for name in range(len(w))}\n    while len(parts) > 1:\n        key, value = parts.popitem()\n        parts[0] = parts[0] + value\n    return parts[0] + b\n"


def compared(course, room, **codes):
    from autograder.reporting.similarity import compare
    students = tuple(dataclasses.replace(room.students[0], id=name, code=code) for name, code in codes.items())
    return compare(course, dataclasses.replace(room, students=students))


def test_a_renamed_copy_is_found_with_what_is_shared_marked_and_nobody_else(course, room):
    found = compared(course, room, first=LONG, second=RENAMED, third=OTHERWISE)
    (pair,) = found.pairs
    assert {pair.first.id, pair.second.id} == {"first", "second"} and min(pair.of_first, pair.of_second) > .9
    assert "".join(text for text, _ in pair.first_pieces) == LONG and "abs(running)" in "".join(text for text, shared in pair.first_pieces if shared)


def test_what_was_released_does_not_count(course, room):
    released = nbformat.read(next(course.place("release", "A1").glob("*.ipynb")), as_version=4)
    given = code(released)
    assert "your code here" in given and "check(" not in given
    found = compared(course, room, first=given, second=given)
    assert not found.pairs and found.boilerplate


def test_the_librarys_own_code_is_reported_apart(course, room):
    import inspect
    from course_lib import perceptron
    pasted = inspect.getsource(perceptron.gradients) + inspect.getsource(perceptron.predict)
    found = compared(course, room, first=pasted, second=pasted + "\n", third=OTHERWISE)
    assert not found.pairs and [(student.id, module) for student, _, module in found.library] == [("first", "perceptron.py"), ("second", "perceptron.py")]
    assert found.library[0][1] > .8


def test_what_many_have_does_not_count(course, room):
    assert not compared(course, room, **{f"s{number}": LONG for number in range(8)}).pairs


def test_code_that_is_no_python_or_hardly_any_is_no_trouble(course, room):
    found = compared(course, room, a="def (:\n'''", b="x", c="\u202e" * 50, d="y" * 200_000)
    assert found.compared == 4 and found.cut == ["d"]


def test_without_the_library_a_sentence_says_how_to_get_it(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(CourseError, match=r"copydetect.*\[similarity\]"):
        report.write(course, "A1", similarity=True)


def test_resemblance_is_called_a_reason_to_look(html):
    assert "Resemblance is a reason to look, not a verdict." in Page(html["A1.similarity.html"]).text


# ---------------------------------------------------------------- what cannot go on

@pytest.mark.parametrize("wanted, says", [
    ({"student": "adda"}, "'adda' has no graded submission of A1. Did you mean ada?"), ({"student": ABSENT}, "has no graded submission"), ({"student": "../../etc"}, "has no graded submission"),
    ({"question": "sigmod"}, "A1 has no question 'sigmod'. Did you mean sigmoid?"), ({"question": ""}, "There are and_weights"), ({"export": "blackboard"}, "canvas or moodle"),
])
def test_what_is_not_there_gets_a_sentence(course, wanted, says):
    with pytest.raises(CourseError) as refused:
        report.write(course, "A1", **wanted)
    assert says in str(refused.value)


def test_nothing_handed_in_and_nothing_graded_are_two_sentences(tmp_path, course):
    empty = Course(make_course_root(tmp_path / "course"))
    shutil.copy(course.root / "gradebook.db", empty.root)          # the class is known, its work is not there
    with pytest.raises(CourseError, match="no submissions of A1"):
        report.write(empty, "A1")
    empty.place("submitted", "A1", "ada").mkdir(parents=True)
    with pytest.raises(CourseError, match="course grade A1"):
        report.write(empty, "A1")


def test_the_command_names_what_it_wrote(course):
    done = CliRunner().invoke(app, ["report", "A1", "--question", "sigmoid", "--course-dir", str(course.root)])
    assert done.exit_code == 0 and "A1.sigmoid.html is written." in done.output.replace("\n", "")
    failed = CliRunner().invoke(app, ["report", "A7x", "--course-dir", str(course.root)])
    assert isinstance(failed.exception, CourseError) and "Did you mean" in str(failed.exception)


# ---------------------------------------------------------------- the same after real grading

@pytest.fixture(scope="module")
def really_graded(tmp_path_factory, require):
    """A course of two, graded by nbgrader with our plug-ins; ada hands in twice, bob a file that is no notebook."""
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    root = make_course_root(tmp_path_factory.mktemp("graded") / "course")
    build(root, "A1")
    course = Course(root)
    course.release("A1")
    released = nbformat.read(course.place("release", "A1") / "A1_hand_table.ipynb", as_version=4)

    def hand_in(student, content, stamp, opened):
        folder = course.place("submitted", "A1", student)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "A1_hand_table.ipynb").write_text(content, encoding="utf-8")
        (folder / "timestamp.txt").write_text(f"2027-03-{stamp:02d} 18:30:00.000000 UTC")
        (folder / "hints.json").write_text(json.dumps({"A1": opened}))

    def answering(**cells):
        notebook = copy.deepcopy(released)
        for cell in notebook.cells:
            cell.source = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        return nbformat.writes(notebook)

    hand_in("ada", answering(sigmoid=WRONG["sigmoid"]["Overflow"][0]), 1, {"sigmoid": 1})
    hand_in("bob", "no notebook", 1, {})
    first = batch.grade(course, "A1")
    hand_in("ada", answering(sigmoid="def sigmoid(h):\n    return np.exp(-np.logaddexp(0, -h))"), 2, {"sigmoid": 3})
    batch.grade(course, "A1")
    batch.grade(course, "A1", students=["ada"], force=True)
    return course, {outcome.student: outcome.status for outcome in first}


@pytest.mark.circle
@pytest.mark.slow
def test_real_gradings_are_recorded_once_each_and_reported(really_graded):
    course, statuses = really_graded
    assert statuses == {"ada": "graded", "bob": "refused"}
    one, two = attempts(course.root, "A1", "ada")
    assert (one.verdicts["sigmoid"].mistakes, two.verdicts["sigmoid"].status) == (("Overflow",), "right")
    assert one.answers["sigmoid"] == WRONG["sigmoid"]["Overflow"][0] and "logaddexp" in two.answers["sigmoid"] and set(two.answers) == {"hand_table", "weighted_sum", "sigmoid", "predict", "and_weights", "squared_error", "explain_e1"}
    assert (one.hints, two.hints, two.handed_in, two.verified) == ({"sigmoid": 1}, {"sigmoid": 3}, "2027-03-02T18:30:00+00:00", False)
    assert two.seconds > 0 and attempts(course.root, "A1", "bob")[0].refused
    room = gather(course, "A1")
    assert mistake(room, "sigmoid", "Overflow").became == {RIGHT: 1} and room.hints["sigmoid"] == 3 and room.student("bob").refused
    assert room.student("ada").answers["sigmoid"].points == 15 and "logaddexp" in room.student("ada").answers["sigmoid"].source
    assert "was refused" in Page(report.the_class(room)).text or "Refused." in Page(report.the_class(room)).text


@pytest.mark.circle
@pytest.mark.slow
def test_nbgraders_own_autograde_records_too(really_graded):
    course, _ = really_graded
    before = len(attempts(course.root, "A1"))
    notebook = course.place("submitted", "A1", "ada") / "A1_hand_table.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("logaddexp(0, -h)", "logaddexp(0., -h)"), encoding="utf-8")
    done = nbgrader(course, "autograde", "A1", "--student=ada", "--force")
    assert done.returncode == 0 and len(attempts(course.root, "A1")) == before + 1


@pytest.mark.circle
def test_nbgraders_own_export_still_works(really_graded):
    course, _ = really_graded
    done = nbgrader(course, "export")
    assert done.returncode == 0, done.stderr
    graded = {row["student_id"]: row for row in csv.DictReader(open(course.root / "grades.csv", newline=""))}
    assert set(graded) == {"ada", "bob"} and all(row["assignment"] == "A1" and float(row["max_score"]) == 100 for row in graded.values())
    assert {student: float(row["score"]) for student, row in graded.items()} == {student.id: student.points for student in gather(course, "A1").students}


def nbgrader(course, *command):
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                   "JUPYTER_CONFIG_DIR": str(course.root / ".jupyter"), "JUPYTER_DATA_DIR": str(course.root / ".jupyter")}
    return subprocess.run([sys.executable, "-m", "nbgrader", *command], cwd=course.root, env=environment, capture_output=True, text=True, timeout=300)
