"""A gradebook on PostgreSQL is one in a file: the same grades, nothing lost, whatever happens. The server is a real one."""

import contextlib
import dataclasses
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy import create_engine, select

from autograder import cli
from autograder.course_root import CONFIG, make_course_root
from autograder.errors import CourseError
from autograder.grading import batch, counting, decisions, gradebook, regrade, status
from autograder.grading.course import Course
from autograder.reporting import gathering, report
from grading import faults_course as small
from grading import postgresql_server as postgresql
from grading.plain_class import HERE, Text, answered, run as command
from grading.report_class import CLASS, make_class
from requirements import require as needed

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("postgresql")]
CHECKOUT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (CHECKOUT, CHECKOUT / "tests"))), "PYTHONWARNINGS": "ignore", "COLUMNS": "200"}


@pytest.fixture(scope="module")
def server():
    needed(os.name == "posix", "The test's server is started as PostgreSQL is on Unix.")
    needed(find_spec("psycopg"), "psycopg is not installed: pip install -e '.[dev]'")
    bin = postgresql.programs()
    needed(bin, "PostgreSQL's server is not installed (Debian, Ubuntu: apt install postgresql).")
    running = postgresql.Server(bin)
    try:
        running.start()
        password = postgresql.PASSWORD
        running.say(f"CREATE ROLE {postgresql.USER} LOGIN PASSWORD '{password}'")
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def pristine(server, tmp_path_factory):
    """The class of the faults, its gradebook in the database `pristine`, which is a template from then on."""
    return small.make(tmp_path_factory.mktemp("postgresql") / "course", server.database("pristine"))


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """(grades, files) of the same class with an SQLite gradebook."""
    root = small.make(tmp_path_factory.mktemp("sqlite") / "course")
    assert {outcome.status for outcome in grade(root)} == {"graded"}
    assert (root / "gradebook.db").exists()
    return grades(root), small.files(root)


@pytest.fixture
def root(server, pristine, tmp_path, request):
    return copied(server, pristine, tmp_path / "course", request.node.name.removeprefix("test_")[:60])


def copied(server, pristine, root, name):
    """The class once more, its gradebook in a database of its own."""
    shutil.copytree(pristine, root)
    at(root, server.database(name, like="pristine"))
    return root


def at(root, url) -> None:
    """Give a course root's configuration another gradebook."""
    said = (root / CONFIG).read_text(encoding="utf-8")
    (root / CONFIG).write_text(re.sub(r"^c\.CourseDirectory\.db_url = .*$", lambda _: f"c.CourseDirectory.db_url = {url!r}", said, flags=re.M), encoding="utf-8")


def grade(root, **how):
    with small.quick():
        return batch.grade(Course(root), "ps", **{"workers": 0, **how})


def grades(root) -> list:
    """All that a gradebook knows of the class, without its chance identities; no file of the course root is one."""
    course = Course(root)
    engine = create_engine(gradebook.location(course))
    said = select(SubmittedAssignment.student_id, BaseCell.name)
    rest = (SubmittedNotebook.__table__.join(SubmittedAssignment.__table__, SubmittedNotebook.assignment_id == SubmittedAssignment.id))
    with engine.connect() as connection:
        found = [connection.execute(said.add_columns(*columns).select_from(table.__table__.join(BaseCell.__table__, table.cell_id == BaseCell.id).join(rest, table.notebook_id == SubmittedNotebook.id))).all()
                 for table, columns in ((Grade, (Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade, SubmittedAssignment.timestamp, SubmittedNotebook.late_submission_penalty)),
                                        (Comment, (Comment.auto_comment, Comment.manual_comment)))]
    engine.dispose()
    return [sorted(map(tuple, rows), key=lambda row: row[:2]) for rows in found]


def as_with_sqlite(root, right):
    """The same command goes on, and everything is as it should be, in the database and not in a file."""
    assert {outcome.status for outcome in grade(root)} <= {"graded", "unchanged"}
    assert (grades(root), small.files(root)) == right and set(small.recorded(root).values()) == {2}
    before = grades(root)
    assert {outcome.status for outcome in grade(root)} == {"unchanged"} and grades(root) == before
    assert not (root / "gradebook.db").exists()
    return True


# ---------------------------------------------------------------- as with SQLite

def test_the_grades_are_those_of_sqlite_and_a_second_run_changes_nothing(root, right):
    told = {outcome.student: outcome for outcome in grade(root)}
    assert {outcome.status for outcome in told.values()} == {"graded"} and (told["ada"].points, told["ada"].most, told["bob"].points) == (3.0, 9.0, 5.5)
    assert as_with_sqlite(root, right)
    scores = {(row[0], row[1]): row[2:5] for row in right[0][0]}
    assert scores["bob", "essay"] == (None, 2.5, True) and ("bob", "essay", None, "Well seen.") in right[0][1]


def test_the_backup_before_a_run_is_a_whole_gradebook_that_can_be_put_back(server, root, right, tmp_path):
    before = grades(root)
    grade(root)
    (kept,) = sorted((root / "backups" / "grading").glob("*.db"))[1:]        # the first is of the run that made the class
    assert kept.stat().st_mode & 0o777 == 0o600
    with Gradebook(f"sqlite:///{kept}") as book:                             # nbgrader reads it as it is
        assert book.find_grade("essay", "ps1", "ps", "bob").manual_score == 2.5 and {student.id for student in book.students} == set(small.STUDENTS)
    with pytest.raises(CourseError, match="has students or assignments already"):
        gradebook.restore(Course(root), kept)
    junk, again = tmp_path / "junk.db", tmp_path / "again"
    junk.write_text("no gradebook " * 100)
    shutil.copytree(root, again)
    at(again, server.database("put_back"))
    for wrong, sentence in ((junk, "cannot be read as a gradebook: .*not a database.*Nothing was changed"), (tmp_path / "none.db", "There is no gradebook")):
        with pytest.raises(CourseError, match=sentence):
            gradebook.restore(Course(again), wrong)
    with contextlib.closing(sqlite3.connect(kept)) as stock:                 # as one that nbgrader alone has opened
        stock.execute("DROP TABLE set_aside")
    assert gradebook.restore(Course(again), kept) == 3 and grades(again) == before
    versions = [server.ask("SELECT version_num FROM alembic_version", database) for database in ("put_back", "pristine")]
    assert versions[0] == versions[1] and len(versions[0]) == 1
    assert {outcome.status for outcome in grade(again, force=True)} == {"graded"} and as_with_sqlite(again, right)


# ---------------------------------------------------------------- killed, locked, two at once

KILLED = {"before commit": 6, "after commit": 6, "after record": 2}      # so often after the class was begun and before it is done
DIES = """
import sys
from pathlib import Path
from grading import faults_course as small
class Once(small.Steps):
    def cross(self, name):
        self.names.append(name)
        if (name, self.names.count(name)) == self.die_at:
            small.os.kill(small.os.getpid(), small.signal.SIGKILL)
small.Steps = Once
for root, step, count in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
    print(small.forked(lambda: small.run(Path(root), die_at=(step, int(count)))), flush=True)
"""


def test_a_grader_killed_in_the_middle_is_taken_up_again(server, pristine, right, tmp_path):
    roots = [copied(server, pristine, tmp_path / step / "course", f"killed {step}") for step in KILLED]
    arguments = [str(word) for root, step in zip(roots, KILLED.items()) for word in (root, *step)]
    done = subprocess.run([sys.executable, "-c", DIES, *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(KILLED), done.stdout + done.stderr[-2000:]
    for root in roots:
        assert {"graded", "received"} <= set(small.states(root).values()) and as_with_sqlite(root, right)


@contextlib.contextmanager
def held(url, statement, seconds):
    """Another transaction does something to the gradebook and ends only so many seconds later."""
    engine = create_engine(url)
    connection = engine.connect()
    connection.exec_driver_sql(statement)
    timer = threading.Timer(seconds, connection.commit)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        connection.close()
        engine.dispose()


ROW = "SELECT 1 FROM grade WHERE manual_score IS NOT NULL FOR UPDATE"


def test_a_grade_that_another_transaction_holds_is_waited_for(root, right):
    started = time.monotonic()
    with held(gradebook.location(Course(root)), ROW, 5):
        assert {outcome.status for outcome in grade(root)} == {"graded"}
    assert time.monotonic() - started >= 5
    assert as_with_sqlite(root, right)


def test_at_the_end_of_patience_there_is_a_sentence_and_the_next_run_goes_on(root, right, monkeypatch):
    monkeypatch.setattr(Course, "patience", 0.5)
    with held(gradebook.location(Course(root)), ROW, 3), pytest.raises(CourseError, match="held by another program.*1 of 3 submissions are done.*goes on"):
        grade(root)
    assert as_with_sqlite(root, right)


def test_of_two_graders_in_two_course_roots_the_second_is_told_so_and_changes_nothing(root, right, tmp_path, monkeypatch):
    monkeypatch.setattr(gradebook, "OTHERS_SECONDS", 0.5)
    elsewhere = tmp_path / "another machine"
    shutil.copytree(root, elsewhere)

    def meanwhile(done, total, student):
        if done == 1:
            before = grades(root)
            with pytest.raises(CourseError, match=rf"Another grader is at work in this gradebook \(course grade, process {os.getpid()} .*since"):
                grade(elsewhere)
            assert grades(root) == before and "graded" in small.states(root).values()

    grade(root, tell=meanwhile)
    assert as_with_sqlite(root, right)


def test_a_row_that_nbgrader_makes_at_the_same_moment_is_found_by_the_second_try(root, right):
    course = Course(root)
    with course.gradebook() as book:
        book.remove_student("cyn")
    with held(gradebook.location(course), "INSERT INTO student (id) VALUES ('cyn')", 1):
        assert {outcome.status for outcome in grade(root)} == {"graded"}
    assert as_with_sqlite(root, right)


def test_nbgraders_own_programs_interface_works_and_what_a_person_gives_stays_while_the_class_is_graded(root, right):
    def meanwhile(done, total, student):
        if done == 1:
            api = NbGraderAPI(config=Course(root).config)
            assert {row["student"] for row in api.get_submissions("ps")} == set(small.STUDENTS)
            with api.gradebook as book:
                for who in small.STUDENTS:
                    book.find_grade("essay", "ps1", "ps", who).manual_score = 1.5
                    book.find_comment("essay", "ps1", "ps", who).manual_comment = "Read while grading."
                book.db.commit()

    grade(root, tell=meanwhile)
    now = grades(root)
    assert {row[3] for row in now[0] if row[1] == "essay"} == {1.5} and {row[3] for row in now[1] if row[1] == "essay"} == {"Read while grading."}
    assert [row[:3] for row in now[0]] == [row[:3] for row in right[0][0]]


def test_what_the_gradebook_does_not_take_fails_one_student_and_no_other(root, right):
    """nbgrader's names have room for 128 letters, which SQLite does not mind."""
    long = "d" * 140
    small.hand_in(root, long, 1)
    told = {outcome.student: outcome for outcome in grade(root)}
    assert told[long].status == "failed" and "too long" in told[long].note and {told[name].status for name in small.STUDENTS} == {"graded"}
    for step in ("submitted", "autograded"):
        shutil.rmtree(root / step / long)
    assert as_with_sqlite(root, right)


# ---------------------------------------------------------------- a server that does not do it

def test_a_server_that_goes_down_in_the_middle_costs_nothing(server, root, right):
    def down(done, total, student):
        if done == 1:
            server.down()

    try:
        with pytest.raises(CourseError, match="The gradebook cannot be read or written.*1 of 3 submissions are done.*goes on"):
            grade(root, tell=down)
        with pytest.raises(CourseError, match=r"The gradebook a_server\w* on 127.0.0.1 port \d+ \(user ada\) cannot be opened: .*refused.*Start the server"):
            grade(root)
    finally:
        server.start()
    assert as_with_sqlite(root, right)


def test_what_is_wrong_with_the_url_is_a_sentence_without_the_password(server, root, right, monkeypatch):
    server.say('CREATE DATABASE "not hers"', "CREATE DATABASE closed ALLOW_CONNECTIONS false")
    good = gradebook.location(Course(root))
    secret = "hush-hush"
    wrong = {
        server.url(good.database, password=secret): "password authentication failed.*pgpass",
        server.url("nowhere", password=postgresql.PASSWORD): 'database "nowhere" does not exist.*createdb',
        server.url(good.database, user="nobody_here", password=secret): "password authentication failed",
        server.url("not hers"): "permission denied for schema public.*own the database",
        server.url("closed"): "not currently accepting connections",
        f"postgresql+psycopg://ada:{secret}@127.0.0.1:1/x": "gradebook x on 127.0.0.1 port 1.*refused.*Start the server",
        f"postgresql+psycopg://ada:{secret}@/x?host=/no/such/folder": "No such file.*Start the server",
        f"postgres://ada:{secret}@127.0.0.1/x": "kind of database that is not known, 'postgres'",
        f"postgresql+pg8000://ada:{secret}@127.0.0.1/x": r"driver of postgresql\+pg8000:// is not installed.*postgresql\+psycopg://USER",
        f"mysql+pymysql://ada:{secret}@127.0.0.1/x": r"driver of mysql\+pymysql:// is not installed .*Install it",
        f"postgresql+psycopg://ada:{secret}@{secret}@127.0.0.1/x": "more than one @.*%40",
        f"postgresql+psycopg://ada:{secret}": "cannot be read as a database's URL.*percent-encoded",
        f"{secret}": "cannot be read as a database's URL.*percent-encoded",
    }
    for url, sentence in wrong.items():
        at(root, url)
        with pytest.raises(CourseError, match=sentence) as told:
            grade(root)
        assert secret not in str(told.value) and postgresql.PASSWORD not in str(told.value), str(told.value)
        assert "\n" not in str(told.value)
    done = subprocess.run([sys.executable, "-m", "autograder.cli", "grade", "ps", "--course-dir", str(root)], env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr and secret not in done.stdout + done.stderr
    at(root, good.render_as_string(hide_password=False))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "psycopg", None)
        with pytest.raises(CourseError, match=r"needs the driver psycopg: .*\[postgresql\]"):
            grade(root)
    assert as_with_sqlite(root, right)


# ---------------------------------------------------------------- a whole assignment

ASKED = """
# %% solution double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
# %% wrong double
def double(x):
    return x * x
# %% test test_double 2
assert double(2) == 4
# %% test test_more 3
assert double(5) == 10
# %% essay why 4
# Because doubling is adding a number to itself.
"""


class Room:
    """A course root with one small assignment, and the commands on it."""

    def __init__(self, root: Path):
        self.root, self.course, self.question = root, Course(root), "test_double"

    def filled(self, asked: Text) -> "Room":
        """Released, and handed in by two students."""
        (self.root / "source" / "ps").mkdir(parents=True)
        nbformat.write(asked.source(), self.root / "source" / "ps" / "first.ipynb")
        self.course.generate("ps")
        released = nbformat.read(self.root / "release" / "ps" / "first.ipynb", as_version=4)
        for student, wrong in {"right": lambda place: False, "wrong": lambda place: True}.items():
            (self.root / "submitted" / student / "ps").mkdir(parents=True)
            nbformat.write(answered(released, asked, wrong), self.root / "submitted" / student / "ps" / "first.ipynb")
            (self.root / "submitted" / student / "ps" / "timestamp.txt").write_text("2027-03-01 18:30:00.000000 UTC")
        return self

    def regrade(self, **how):
        done = regrade.regrade(self.course, "ps", questions=[self.question], decision=decisions.DROP, because="It was unclear.", **how)
        return [(change.student, change.question, change.before, change.after) for change in done.changes]

    def export(self):
        command(self.root, "nbgrader", "export", "--to", str(self.root / "grades.csv"))
        return (self.root / "grades.csv").read_text()


def moved(course, root, url) -> Course:
    """A class that goes over to a server: its course root once more, and what its gradebook has in an empty database."""
    shutil.copytree(course.root, root)
    (root / "gradebook.db").rename(root.with_suffix(".db"))
    with open(root / CONFIG, "a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    cli.restore(root.with_suffix(".db"), root)
    return Course(root)


@pytest.mark.circle
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")          # nbgrader's own way with its database
def test_grading_regrading_feedback_status_and_export_say_what_they_say_with_sqlite(server, tmp_path):
    (tmp_path / "asked.txt").write_text(ASKED)
    make_course_root(tmp_path / "course")
    sqlite = Room(tmp_path / "course").filled(Text(tmp_path / "asked.txt"))
    rooms = sqlite, ours = sqlite, Room(moved(sqlite.course, tmp_path / "server" / "course", server.database("whole")).root)
    told = [[dataclasses.replace(outcome, seconds=0.0) for outcome in counting.grade(room.course, "ps", workers=0)] for room in rooms]
    assert told[0] == told[1] and {outcome.status for outcome in told[1]} == {"graded"} and any(outcome.points for outcome in told[1])
    assert grades(sqlite.root) == grades(ours.root)

    assert ours.export() == sqlite.export() and not (ours.root / "gradebook.db").exists()
    assert status.standings(ours.course, "ps") == status.standings(sqlite.course, "ps")

    before = grades(ours.root)
    would = ours.regrade(dry_run=True)                                       # on a copy in SQLite
    assert would and grades(ours.root) == before
    assert ours.regrade() == would and grades(ours.root) != before

    before = grades(ours.root)
    ours.course.step("autograde", "ps", "wrong", force=True)                 # nbgrader's own, as the formgrader's button does it
    ours.course.step("generate_feedback", "ps", "wrong")
    assert grades(ours.root) == before and (ours.root / "feedback" / "wrong" / "ps" / "first.html").stat().st_size > 10_000


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_the_report_on_a_class_is_the_same_and_a_class_moves_to_the_server_whole(server, tmp_path):
    made = make_class(tmp_path)
    there = moved(made, tmp_path / "moved", server.database("moved"))
    rooms = [gathering.gather(course, "A1") for course in (made, there)]
    assert rooms[0] == rooms[1] and {student.id for student in rooms[1].students} == set(CLASS)
    written, _ = report.write(there, "A1", student=None, question=None, similarity=False, export="canvas")
    assert written and "Lovelace" in written[0].read_text(encoding="utf-8")
