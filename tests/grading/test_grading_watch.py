"""`course watch`: receipts at once, graded and answered as often as allowed, through restarts, half-written and unreadable submissions."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course_root import make_course_root
from autograder.errors import CourseError
from autograder.grading import counting, handed_in, receipts, watch
from autograder.grading.course import Course
from autograder.sandbox.isolation import bubblewrap_refusal

CHECKOUT = Path(__file__).resolve().parents[2]
NOTEBOOK = "A1_hand_table.ipynb"
RIGHT = "def sigmoid(h):\n    return np.exp(-np.logaddexp(0, -h))"
WRONG = "def sigmoid(h):\n    return h"


# ---------------------------------------------------------------- what it does, without grading

@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """A gradebook with nobody in it; to make one takes long, so it is made once."""
    course = Course(make_course_root(tmp_path_factory.mktemp("gradebook") / "course"))
    course.gradebook().close()
    return course.root / "gradebook.db"


@pytest.fixture
def watcher(tmp_path, monkeypatch, gradebook):
    """A watcher whose grading is a note, on a clock of its own."""
    monkeypatch.setattr(handed_in, "QUIET", 0.05)
    course = Course(make_course_root(tmp_path / "course"))
    shutil.copy(gradebook, course.root / "gradebook.db")
    handed_in.inbound(course).mkdir(parents=True)
    (course.root / "deadlines.toml").write_text("[defaults]\ngradings_per_hour = 2\n")
    lines, graded = [], []
    one = watch.Watcher(course, "A1", lines.append, clock=lambda: one.now)
    one.now, one.lines, one.graded, one.fails = datetime.now(timezone.utc), lines, graded, False

    def grade(course, assignment, *, students, **options):
        if one.fails:
            raise CourseError("The gradebook is locked.")
        for student in students:
            lying = receipts.digest(handed_in.submitted(course, assignment, student).contents)
            graded.append((student, (course.place("submitted", assignment, student) / "A1.ipynb").read_bytes()))
            counting.remember(course.root, assignment, [counting.Score(student, lying, counting.judged_by(course.root, assignment), one.now, 1.0, 1.0, False)])
    monkeypatch.setattr(counting, "grade", grade)
    return one


def submit(watcher, student, content, chance):
    folder = handed_in.inbound(watcher.course) / f"{student}+A1+2027-04-20 12:00:00.000000 UTC+{chance}"
    folder.mkdir()
    (folder / "A1.ipynb").write_bytes(content)
    (folder / "timestamp.txt").write_text("2027-04-20 12:00:00.000000 UTC")
    (folder / handed_in.SECRET).write_text(chance)
    time.sleep(0.1)
    return folder


def test_what_comes_in_is_journalled_by_the_watcher_and_graded_once(watcher):
    submit(watcher, "ada", b"1", "a")
    assert watcher.look() is True and watcher.look() is False
    assert [receipt.by for receipt in receipts.receipts(watcher.course.root)] == ["watcher"] and watcher.graded == [("ada", b"1")]
    assert watcher.lines[0].startswith("ada handed in A1: receipt A1-1-")


def test_the_limit_holds_back_the_grading_and_not_the_receipt(watcher):
    for number in range(4):
        submit(watcher, "ada", b"%d" % number, str(number))
        watcher.look()
    assert len(receipts.receipts(watcher.course.root)) == 4 and watcher.graded == [("ada", b"0"), ("ada", b"1")]
    assert sum("waits until" in line for line in watcher.lines) == 2
    submit(watcher, "bob", b"9", "b")
    watcher.look()
    assert watcher.graded[-1] == ("bob", b"9")                                # one student's limit is nobody else's
    watcher.now += timedelta(minutes=61)
    watcher.look()
    assert watcher.graded[-1] == ("ada", b"3")                                # the newest; the one before it is not needed


def test_a_new_watcher_knows_what_the_old_one_did_and_grades_what_it_left(watcher):
    submit(watcher, "ada", b"1", "a")
    watcher.look()
    submit(watcher, "bob", b"2", "b")
    handed_in.look(watcher.course, "A1", by=receipts.WATCHER)                 # journalled, then the power went
    again = watch.Watcher(watcher.course, "A1", watcher.lines.append, clock=lambda: watcher.now)
    again.look()
    assert watcher.graded == [("ada", b"1"), ("bob", b"2")] and len(receipts.receipts(watcher.course.root)) == 2


def test_trouble_is_said_once_and_does_not_end_the_watch(watcher):
    watcher.fails = True
    submit(watcher, "ada", b"1", "a")
    watcher.look(), watcher.look()
    assert watcher.lines.count("A1: The gradebook is locked.") == 1
    (watcher.course.root / "deadlines.toml").write_text("[defaults]\ngradings_per_hour = -1\n")
    watcher.look(), watcher.look()
    assert sum("gradings_per_hour is -1" in line for line in watcher.lines) == 1
    watcher.fails = False
    (watcher.course.root / "deadlines.toml").write_text("")
    submit(watcher, "ada", b"2", "b")
    watcher.look()
    assert watcher.graded == [("ada", b"2")]


def test_what_cannot_be_read_is_said_once_and_the_others_go_on(watcher, monkeypatch):
    monkeypatch.setattr(handed_in, "MOST_BYTES", 100)
    submit(watcher, "large", b"x" * 1000, "a")
    submit(watcher, "ada\x1b[2J", b"1", "b")
    for _ in range(3):
        watcher.look()
    assert sum("is larger than" in line for line in watcher.lines) == 1 and watcher.graded == [("ada\x1b[2J", b"1")]
    assert not any("\x1b" in line for line in watcher.lines)                  # a name is no command to the terminal


def test_two_watches_of_one_course_root_are_one_too_many(watcher, require):
    require(os.name == "posix", "locks of files")
    (handed_in.inbound(watcher.course).parent / "outbound" / "A1").mkdir(parents=True)
    stop = threading.Event()
    first = threading.Thread(target=watch.watch, args=(watcher.course, "A1", watcher.lines.append), kwargs={"until": stop})
    first.start()
    try:
        deadline = time.monotonic() + 20
        while not any(line.startswith("Watching") for line in watcher.lines) and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(CourseError, match="Another `course watch`"):
            watch.watch(watcher.course, "A1", print)
    finally:
        stop.set()
        first.join()
    assert watcher.lines[-1].startswith("Ended.")


# ---------------------------------------------------------------- through nbgrader's own exchange

SUBMIT = """
import sys
from nbgrader.apps import SubmitApp
SubmitApp.launch_instance(["A1", "--student=" + sys.argv[1]])
"""


class Room:
    """A course root that `course watch` watches, as a user starts it, and students who submit with nbgrader."""

    def __init__(self, root: Path):
        self.root, self.log, self.process = root, root.parent / "watch.log", None
        self.environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COURSE_DIR": str(root), "COLUMNS": "200", "OPENBLAS_NUM_THREADS": "1",
                            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                            "JUPYTER_CONFIG_DIR": str(root / ".jupyter"), "JUPYTER_DATA_DIR": str(root / ".jupyter")}

    def run(self, *command):
        done = subprocess.run([sys.executable, *command], cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def course(self, *command):
        return self.run("-m", "autograder.cli", *command)

    def submit(self, student, sigmoid):
        notebook = nbformat.read(self.root / "release" / "A1" / NOTEBOOK, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "sigmoid":
                cell.source = sigmoid
        folder = self.root / "homework" / "A1"
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / NOTEBOOK)
        self.run("-c", SUBMIT, student)

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "autograder.cli", "watch", "A1"], cwd=self.root, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))      # a shell's background job ignores it, and so would this

    def wait_for(self, words, times=1, seconds=240):
        end = time.monotonic() + seconds
        while self.log.read_text().count(words) < times:
            assert time.monotonic() < end and self.process.poll() is None, f"{words!r} was not said {times} times:\n{self.log.read_text()}"
            time.sleep(0.3)

    def gradebook(self, student):
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission("A1", student)
            return submission.score, submission.late_submission_penalty


@pytest.fixture(scope="module")
def room(tmp_path_factory, require):
    require(os.name == "posix", "nbgrader's exchange")
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    room = Room(make_course_root(tmp_path_factory.mktemp("watch") / "course"))
    due = (datetime.now(timezone.utc) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    (room.root / "deadlines.toml").write_text(f'[defaults]\ncounts = "best"\nlate = {{ percent = 10 }}\ngradings_per_hour = 2\n[assignment.A1]\ndue = {due}\nextension.bob = {{ by = "2 days", reason = "ill" }}\n')
    room.course("build", "A1")
    room.course("release", "A1")
    room.start()
    try:
        room.wait_for("Watching")
        room.submit("ada", RIGHT)
        room.submit("bob", RIGHT)
        room.wait_for("ada's A1 is graded, 15 of 100 points; the feedback is out")
        room.wait_for("bob's A1 is graded, 15 of 100 points; the feedback is out")
        os.killpg(room.process.pid, signal.SIGKILL)                 # at any moment, without a word
        room.process.wait()
        room.submit("ada", WRONG)
        half = handed_in.inbound(Course(room.root)) / "eve+A1+2027-04-20 12:00:00.000000 UTC+half"
        half.mkdir()
        (half / NOTEBOOK).write_text("{")
        room.start()
        room.wait_for("ada's A1 is graded, 0 of 100 points; the feedback is out")
        room.submit("ada", WRONG + " + 1")
        room.wait_for("waits until")
        room.before_eve = room.log.read_text()
        os.kill(room.process.pid, signal.SIGINT)
        room.code = room.process.wait(120)
    finally:
        if room.process.poll() is None:
            os.killpg(room.process.pid, signal.SIGKILL)
            room.process.wait()
    room.said = room.log.read_text()
    return room


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.circle
class TestThroughTheExchange:
    def test_each_hand_in_has_one_receipt_by_the_watcher_through_a_kill_and_a_restart(self, room):
        found = receipts.receipts(room.root, "A1")
        assert sorted(receipt.student for receipt in found if receipt.student != "eve") == ["ada", "ada", "ada", "bob"]
        assert all(receipt.by == "watcher" and receipt.verified for receipt in found)

    def test_the_best_attempt_is_the_one_in_the_gradebook_with_its_penalty_and_its_notebook(self, room):
        assert room.gradebook("ada") == (15, pytest.approx(1.5)) and room.gradebook("bob") == (15, 0)
        graded = nbformat.read(room.root / "autograded" / "ada" / "A1" / NOTEBOOK, as_version=4)
        assert any(cell.source == RIGHT for cell in graded.cells)

    def test_feedback_is_out_for_every_attempt_that_was_graded(self, room):
        with_feedback = [row for row in json.loads(self.slip(room, "ada"))["rows"] if "points" in row]
        assert [row["points"] for row in with_feedback] == [13.5, 0] and [row["counts"] for row in with_feedback] == [True, False]
        assert (room.root / "feedback" / "ada" / "A1").is_dir()

    def slip(self, room, student):
        slips = [path.read_text() for path in (room.root / "exchange" / "neural-networks" / "feedback").glob("*.json")]
        return max((slip for slip in slips if json.loads(slip)["student"] == student), key=lambda slip: len(json.loads(slip)["rows"]))

    def test_the_third_within_the_hour_waits_and_has_its_receipt(self, room):
        assert "waits until" in room.said and "2 gradings an hour" in room.said
        assert len([score for score in counting.scores(room.root, "A1", "ada")]) == 2

    def test_what_was_half_written_had_no_receipt_before_it_was_quiet(self, room):
        first = next((receipt for receipt in receipts.receipts(room.root, "A1") if receipt.student == "eve"), None)
        assert first is None or first.seen - first.time >= timedelta(seconds=handed_in.QUIET_UNMARKED - 1)

    def test_ctrl_c_ends_it_cleanly(self, room):
        assert room.code == 0 and room.said.rstrip().splitlines()[-1].endswith("`course watch` or `course grade`.") and "Traceback" not in room.said

    def test_course_status_tells_instructor_and_student(self, room):
        said = " ".join(room.course("status", "A1").split())
        assert re.search("1 on time, [12] late", said) and "ada: 2 hours" in said and "Longer: bob until" in said and "Your receipts are kept in" in said

    def test_grading_by_hand_afterwards_compares_all_attempts_and_keeps_the_best(self, room):
        room.course("grade", "A1", "--student", "ada")
        assert room.gradebook("ada") == (15, pytest.approx(1.5)) and len(counting.scores(room.root, "A1", "ada")) == 3
