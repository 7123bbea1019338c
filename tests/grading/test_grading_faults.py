"""Whatever happens to a run, its grades afterwards are those of a run to which nothing happened, and what is done stays done."""

import concurrent.futures
import contextlib
import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.grading import batch, executors, journal, release, unit, writer
from autograder.grading.course import Course
from autograder.grading.journal import Journal
from autograder.sandbox.isolation import bubblewrap_refusal
from grading import faults_course as small
from grading import faulty_workers

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("faults")]
CHECKOUT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (CHECKOUT, CHECKOUT / "tests"))), "PYTHONWARNINGS": "ignore", "COLUMNS": "200"}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    return small.make(tmp_path_factory.mktemp("faults") / "course")


@pytest.fixture(scope="module")
def right(pristine, tmp_path_factory):
    """(grades, files) after a run to which nothing happened."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(pristine, root)
    assert {outcome.status for outcome in run(root)} == {"graded"}
    return small.grades(root), small.files(root)


@pytest.fixture
def root(pristine, tmp_path):
    shutil.copytree(pristine, tmp_path / "course")
    return tmp_path / "course"


def run(root, **how):
    with small.quick():
        return batch.grade(Course(root), "ps", **{"workers": 0, **how})


def as_if_nothing_happened(root, right):
    """The same command goes on, and everything is as it should be."""
    assert {outcome.status for outcome in run(root)} <= {"graded", "unchanged"}
    assert (small.grades(root), small.files(root)) == right and set(small.recorded(root).values()) == {2}
    assert {outcome.status for outcome in run(root)} == {"unchanged"}
    return True


def test_the_undisturbed_run_is_what_it_should_be(right):
    scores = {(row[0], row[1]): tuple(row[2:5]) for row in right[0][0]}
    assert scores["ada", "test_double"] == (2.0, None, 0) and scores["ada", "essay"] == (None, None, 1)
    assert scores["bob", "essay"] == (None, 2.5, 1) and ["bob", "essay", None, "Well seen."] in right[0][1]


# ---------------------------------------------------------------- killed

@pytest.mark.xdist_group("killed")        # takes as long as half of the others, and nothing of theirs
def test_killed_at_every_transition_and_every_write_the_next_run_gives_the_same_grades(tmp_path):
    done = subprocess.run([sys.executable, str(Path(small.__file__)), str(tmp_path)], env=ENVIRONMENT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    first, *points = map(json.loads, done.stdout.splitlines())
    assert len(points) == len(first["steps"]) >= 50
    for step in ("add", "replace", "commit", "record", "copy_database"):
        assert f"before {step}" in first["steps"] and f"after {step}" in first["steps"]
    for point in points:
        assert point["killed"] == -signal.SIGKILL and point["again"] == 0, point
        assert point["same"] and not point["wrongly done"] and not point["broken"] and point["states"] == ["graded"], point


GRADER = "import sys; from pathlib import Path; from autograder.grading.course import Course; from autograder.grading import batch\nif __name__ == '__main__': batch.grade(Course(Path(sys.argv[1])), 'ps', workers=2, tell=lambda *said: print(*said, flush=True))"


def children(pid) -> set[int]:
    """All processes below one."""
    found = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return found | {below for child in found for below in children(child)}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_real_run_with_workers_killed_in_its_middle_leaves_no_process_and_is_taken_up_again(root, right, require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    (root / "run.py").write_text(GRADER)
    grader = subprocess.Popen([sys.executable, str(root / "run.py"), str(root)], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    for line in grader.stdout:
        if line.startswith("1 3"):                        # one is done, the others are not
            break
    below = children(grader.pid)
    grader.kill()
    grader.wait()
    assert below and "graded" in small.states(root).values()
    end = time.monotonic() + 20
    while (left := {pid for pid in below if Path(f"/proc/{pid}").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text()}) and time.monotonic() < end:
        time.sleep(0.1)
    assert not left
    assert {outcome.status for outcome in run(root)} <= {"graded", "unchanged"} and set(small.states(root).values()) == {"graded"}


def test_ctrl_c_leaves_what_is_done_and_says_how_to_go_on(root, right):
    def after_one(done, total, student):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(batch.Stopped, match="1 of 3 submissions are done.*course grade ps"):
        run(root, tell=after_one)
    assert sorted(small.states(root).values()) == ["graded", "received", "received"]
    assert as_if_nothing_happened(root, right)


# ---------------------------------------------------------------- workers

TASK = unit.Task(release.Release("ps", {"ps1": release.Notebook("ps1", ())}), None, "1")


def test_a_worker_that_dies_costs_its_own_submission_alone_and_is_replaced():
    names = ["s0", "deadly", "s1", "raises", "s2", "endless", "s3", "s4"]
    with executors.Processes(TASK, 2, faulty_workers.deadly, seconds=12) as crew:
        results = {submission.student: result for submission, result in crew.run(unit.Submission(name, {}) for name in names)}
    assert set(results) == set(names)
    assert "ended 2 times" in results["deadly"].why and "SIGKILL" in results["deadly"].why
    assert results["raises"].why == "ValueError: no such thing"
    assert "did not end within 12 s" in results["endless"].why
    by = {results[name].student.split()[1] for name in names if name.startswith("s")}
    assert 1 <= len(by) < 5                               # a worker lives on from one submission to the next


def test_a_submission_whose_worker_died_by_chance_is_graded_by_the_next(tmp_path):
    with executors.Processes(TASK, 1, faulty_workers.deadly_once) as crew:
        ((_, result),) = crew.run([unit.Submission("ada", {"mark": str(tmp_path / "mark").encode()})])
    assert isinstance(result, unit.Result)


@pytest.mark.parametrize("grade, seconds", [(faulty_workers.slow, 0), (faulty_workers.quick, .1)], ids=["slow workers", "a slow writer"])
def test_no_more_is_read_than_is_worked_on_or_waits_to_be_written(grade, seconds):
    read, done, workers = [], 0, 2

    def submissions():
        for number in range(30):
            read.append(number)
            yield unit.Submission(str(number), {})

    with executors.Processes(TASK, workers, grade) as crew:
        for done, _ in enumerate(crew.run(submissions()), 1):
            assert len(read) <= done + 4 * workers - 2     # each works on one, one for each is read ahead, and of all results at most twice as many wait as there are workers
            time.sleep(seconds)
    assert done == len(read) == 30


def test_workers_that_started_early_are_those_that_grade_and_none_is_left_that_nobody_needed(monkeypatch):
    started, made = [], executors._new_lane
    monkeypatch.setattr(executors, "_new_lane", lambda: started.append(made()) or started[-1])
    with executors.started_early(submissions=5, workers=2):
        with executors.Processes(TASK, 1, faulty_workers.by_whom) as crew:
            ((_, result),) = crew.run([unit.Submission("ada", {})])
        assert len(started) == 2 and crew.lanes == started[:1]
    assert result.student.isdecimal() and executors._early.empty()
    for lane in started:
        with pytest.raises(RuntimeError, match="shutdown|terminated abruptly"):      # whichever the pool saw first
            lane.submit(print)
    with executors.started_early(submissions=0):
        assert len(started) == 2


def test_what_cannot_be_read_of_a_release_is_no_hindrance_to_a_guess(tmp_path):
    (tmp_path / "a.ipynb").mkdir()
    (tmp_path / "b.ipynb").symlink_to("nowhere")
    with executors.started_early(submissions=0, released=tmp_path):
        pass


def test_a_worker_that_died_before_it_was_needed_is_replaced():
    with executors.started_early(submissions=1, workers=1):
        lane = executors._early.get().result()
        for process in lane._processes.values():
            process.kill()
            process.join()
        executors._early.put(_already(lane))
        with executors.Processes(TASK, 1, faulty_workers.by_whom) as crew:
            ((_, result),) = crew.run([unit.Submission("ada", {})])
    assert isinstance(result, unit.Result)


def _already(lane):
    future = concurrent.futures.Future()
    future.set_result(lane)
    return future


def test_what_may_be_new_is_guessed_from_the_times_of_files(tmp_path):
    for student in ("ada", "bob"):
        folder = tmp_path / "submitted" / student / "ps"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text("{}")
        os.utime(folder / "ps1.ipynb", (1000, 1000))
    assert journal.handed_in_since(tmp_path, "ps") == 2 and journal.handed_in_since(tmp_path, "other") == 0
    (tmp_path / journal.FILE).touch()
    assert journal.handed_in_since(tmp_path, "ps") == 0
    (tmp_path / "submitted" / "bob" / "ps" / "ps1.ipynb").touch()
    assert journal.handed_in_since(tmp_path, "ps") == 1


# ---------------------------------------------------------------- disk and gradebook

def test_a_full_disk_stops_the_run_with_a_sentence_and_the_next_one_goes_on(root, right, monkeypatch):
    real, written = os.fsync, []

    def full(handle):
        written.append(handle)
        if len(written) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle)

    with monkeypatch.context() as patched, pytest.raises(CourseError, match="No space left on device.*1 of 3 submissions are done.*goes on"):
        patched.setattr(os, "fsync", full)
        run(root)
    assert not list((root / "autograded").rglob(".new-*"))
    assert as_if_nothing_happened(root, right)


@pytest.mark.parametrize("database", ["gradebook", "journal"])
def test_a_database_that_cannot_grow_stops_the_run_with_a_sentence(root, right, monkeypatch, database):
    """SQLite's own refusal, which it gives on a full disk too."""
    def lower(connection):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with monkeypatch.context() as patched, pytest.raises(CourseError, match="full.*(goes on|Nothing is lost)"):
        if database == "journal":
            opened = Journal.__init__
            patched.setattr(Journal, "__init__", lambda self, *a, **how: (opened(self, *a, **how), lower(self.database))[0])
            for number in range(2000):                   # what would fit into a page is soon used up
                with Journal(root) as kept:
                    kept.add(*[journal.Entry("other", f"s{number}-{row}", "failed", journal.Key("", ""), why="x" * 500) for row in range(50)])
        else:
            (root / "submitted" / "new" / "ps").mkdir(parents=True)
            for name in ("ps1.ipynb", "timestamp.txt"):
                shutil.copy(root / "submitted" / "ada" / "ps" / name, root / "submitted" / "new" / "ps")
            complete = writer.Writer._grades

            def many(self, handed_in, result):
                lower(self.gradebook.db.connection().connection.driver_connection)
                self.gradebook.db.connection().exec_driver_sql("CREATE TABLE filler AS SELECT hex(randomblob(200000)) AS filling")
                complete(self, handed_in, result)
            patched.setattr(writer.Writer, "_grades", many)
            run(root)
    shutil.rmtree(root / "submitted" / "new", ignore_errors=True)
    assert as_if_nothing_happened(root, right)


def test_a_disk_that_is_really_full(pristine, tmp_path, require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    if bubblewrap_refusal():
        pytest.skip(bubblewrap_refusal())
    program = """
import os, shutil, sys
from pathlib import Path
from autograder.errors import CourseError
from grading import faults_course as small
from autograder.grading import batch
from autograder.grading.course import Course
shutil.copytree(sys.argv[1], sys.argv[3] + "/course")
root, ballast = Path(sys.argv[3] + "/course"), open(sys.argv[3] + "/ballast", "wb")
free = os.statvfs(sys.argv[3]).f_bavail * os.statvfs(sys.argv[3]).f_frsize
ballast.write(bytes(max(free - int(sys.argv[2]), 0))); ballast.flush()
with small.quick():
    try:
        batch.grade(Course(root), "ps", workers=0)
        print("graded")
    except CourseError as error:
        print("stopped:", error)
    os.unlink(sys.argv[3] + "/ballast"); ballast.close()
    print([outcome.status for outcome in batch.grade(Course(root), "ps", workers=0)], set(small.states(root).values()))
    print(len(small.grades(root)[0]), [row[2] for row in small.grades(root)[0] if row[1] == "test_double"])
"""
    stopped = 0
    for left in (40_000, 230_000, 260_000):              # too little for the backup, for a notebook, for a page of the gradebook
        walls = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--size", str(6 << 20), "--tmpfs", str(tmp_path)]
        done = subprocess.run([*walls, sys.executable, "-c", program, str(pristine), str(left), str(tmp_path)], env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        stopped += "stopped:" in done.stdout and "Traceback" not in done.stdout
        assert "{'graded'}" in done.stdout and "9 [2.0, 2.0, 2.0]" in done.stdout, done.stdout
    assert stopped >= 2


def _hold(root, ready, let_go):
    with contextlib.closing(sqlite3.connect(root / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ready.set()
        let_go.wait(30)
        other.execute("ROLLBACK")


@pytest.mark.parametrize("seconds", [0.5, 20.0])
def test_a_gradebook_that_is_locked_is_waited_for_and_then_a_sentence(root, right, monkeypatch, seconds):
    """nbgrader's own timeout is 5 s; here 0.5 s stand for the minute, and the lock lasts 2 s."""
    monkeypatch.setattr(Course, "patience", seconds)
    ready, let_go = threading.Event(), threading.Event()
    holder = threading.Thread(target=_hold, args=(root, ready, let_go))
    real, held = writer.back_up, []

    def then_locked(course):
        kept = real(course)
        holder.start()
        ready.wait(10)
        held.append(threading.Timer(2, let_go.set))
        held[0].start()
        return kept

    with monkeypatch.context() as patched:
        patched.setattr(writer, "back_up", then_locked)
        if seconds < 2:
            with pytest.raises(CourseError, match="held by another program.*0 of 3 submissions are done.*goes on"):
                run(root)
        else:
            assert {outcome.status for outcome in run(root)} == {"graded"}
    let_go.set()
    holder.join()
    assert as_if_nothing_happened(root, right)


def test_of_two_graders_at_once_the_second_is_told_so_and_changes_nothing(root, right):
    def meanwhile(done, total, student):
        if done == 1:
            before = small.grades(root)
            with pytest.raises(CourseError, match=f"Another grader is at work in this course \\(process {os.getpid()}"):
                run(root)
            assert small.grades(root) == before

    run(root, tell=meanwhile)
    assert as_if_nothing_happened(root, right)


def test_a_clock_set_back_mixes_nothing_up(root, right, monkeypatch):
    real = time.strftime
    monkeypatch.setattr(time, "strftime", lambda format, *when: "1999-01-01_000000" if not when else real(format, *when))
    monkeypatch.setattr(journal, "now", lambda: "1999-01-01T00:00:00+00:00")
    assert as_if_nothing_happened(root, right)
    small.hand_in(root, "ada", 3)                        # newer than what the journal has of a later date
    assert {outcome.student: outcome.status for outcome in run(root)}["ada"] == "graded"
    backups = sorted((root / "backups" / "grading").glob("*.db"))
    assert "000003_1999" in backups[-1].name and small.grades(root) != right[0]


def test_a_folder_that_cannot_be_written_fails_one_student_and_no_other(root, right):
    shutil.rmtree(root / "autograded" / "bob")
    (root / "autograded" / "bob").write_text("a file stands where his folder should be")
    told = {outcome.student: outcome for outcome in run(root)}
    assert (told["bob"].status, told["ada"].status, told["cyn"].status) == ("failed", "graded", "graded") and "cannot be written" in told["bob"].note
    (root / "autograded" / "bob").unlink()
    assert as_if_nothing_happened(root, right)


def test_a_course_root_that_is_read_only_is_a_sentence_and_nothing_is_graded(root, right, require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    if bubblewrap_refusal():
        pytest.skip(bubblewrap_refusal())
    walls = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for folder, says in ((root, "a folder that you may write"), (root / "autograded", "Read-only file system")):
        done = subprocess.run([*walls, "--ro-bind", str(folder), str(folder), sys.executable, "-m", "autograder.cli", "grade", "ps", "--course-dir", str(root), "--workers", "0"],
                              env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr, done.stderr[-1500:]
    assert as_if_nothing_happened(root, right)


def test_half_a_backup_is_taken_away_and_the_last_ten_stay(root, right):
    folder = root / "backups" / "grading"
    folder.joinpath(".new-17.db").write_bytes(b"SQLite format 3\0 and half of the rest")
    for number in range(2, 15):
        folder.joinpath(f"gradebook-{number:06}_2027-01-01_000000.db").write_bytes(b"")
    folder.joinpath("kept by hand.db").write_bytes(b"mine")
    assert as_if_nothing_happened(root, right)
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 11 and kept[-1] == "kept by hand.db" and kept[-2].startswith("gradebook-000015_")
    with contextlib.closing(sqlite3.connect(folder / kept[-2])) as database:         # as it was before the run
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM grade WHERE manual_score = 2.5").fetchone() == (1,)


def test_a_backup_that_cannot_be_made_stops_before_anything_is_graded(root, right):
    shutil.rmtree(root / "backups" / "grading")
    (root / "backups" / "grading").write_text("a file")
    before = small.grades(root)
    with pytest.raises(CourseError, match="could not be copied.*Nothing was graded"):
        run(root)
    assert small.grades(root) == before
    (root / "backups" / "grading").unlink()
    assert as_if_nothing_happened(root, right)


# ---------------------------------------------------------------- done is a row

def test_what_is_done_is_graded_again_when_its_grade_or_its_files_are_gone_or_changed(root, right):
    run(root)
    (root / "autograded" / "ada" / "ps" / "ps1.ipynb").chmod(0o644)
    (root / "autograded" / "ada" / "ps" / "ps1.ipynb").write_text("{}")
    shutil.rmtree(root / "autograded" / "bob")
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as database:
        for table, where in (("grade", "notebook_id IN (SELECT id FROM submitted_notebook WHERE assignment_id IN (SELECT id FROM submitted_assignment WHERE student_id = 'cyn'))"),
                             ("submitted_assignment", "student_id = 'cyn'")):
            database.execute(f"DELETE FROM {table} WHERE {where}")
        database.commit()
    told = {outcome.student: outcome.note for outcome in run(root, dry_run=True)}
    assert "is not what grading wrote" in told["ada"] and "is not what grading wrote" in told["bob"] and told["cyn"] == "not in the gradebook"
    assert {outcome.status for outcome in run(root)} == {"graded"} and (small.grades(root)[0], small.files(root)) == (right[0][0], right[1])


def test_a_dry_run_says_why_and_changes_nothing(root):
    def everything():
        return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix not in (".db-shm", ".db-wal")}

    before = everything()
    assert {(outcome.status, outcome.note, outcome.ok) for outcome in run(root, dry_run=True)} == {("would be graded", "changed: the submission", True)}
    assert everything() == before
    (root / journal.FILE).unlink()
    assert {outcome.note for outcome in run(root, dry_run=True)} == {"new"} and not (root / journal.FILE).exists()


def test_the_journal_tells_each_step_of_each_submission(root):
    run(root)
    with Journal(root) as kept:
        rows = kept.rows("ps", "ada")
    assert [row.state for row in rows] == ["received", "running", "graded"] * 2
    assert rows[-1].tier == "A" and rows[-1].key.grader and len(rows[-1].key.submission) == 64 and rows[-1].files["ps1.ipynb"] and rows[-1].at.startswith("20")
