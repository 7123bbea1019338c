"""`course attack`: what it says of a directory, and that it sees each promise that is broken."""

import functools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.grading import attack, attack_host, attack_trial, submission

pytestmark = pytest.mark.process
CHECKOUT = Path(__file__).resolve().parents[2]
WRONG = "import numpy as np\ndef sigmoid(x):\n    return np.zeros_like(x)\n"
LIMITS = attack_trial.Limits(3, 3)


def directory(folder, *cases, text=WRONG):
    """A directory of attacks: a manifest with these cases, and one file."""
    (folder / "a.txt").write_text(text)
    (folder / "manifest.json").write_text(json.dumps([{"id": "one", "kind": "code", "expect": "0", "check": "", "file": "a.txt", **case} for case in cases or ({},)]))
    return folder


# ---------------------------------------------------------------- what it says of a directory

@pytest.mark.parametrize("case, says", [({"kind": "music"}, "unknown kind 'music'"), ({"file": "b.txt"}, "which is not in"), ({"file": "../a.txt"}, "which is not in"), ({"expect": "rejected"}, "expects its points"),
                                        ({"expect": "-1"}, "expects its points"), ({"check": "SECRET"}, "unknown check"), ({"id": 5}, "without id, kind, expect or file")])
def test_a_case_that_is_none_is_named(tmp_path, case, says):
    with pytest.raises(CourseError, match=says):
        attack.load(directory(tmp_path, case))


@pytest.mark.parametrize("manifest, says", [(None, "has no manifest.json"), ("[", "cannot be read"), ("{}", "must be a list"), ("[]", "must be a list"), ("[5]", "without id, kind, expect or file")])
def test_a_manifest_that_is_none_is_explained(tmp_path, manifest, says):
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(CourseError, match=says):
        attack.load(tmp_path)


def test_a_directory_a_case_a_tier_and_a_time_that_are_not_there(tmp_path):
    with pytest.raises(CourseError, match="is no directory"):
        attack.load(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="Did you mean one?"):
        attack.attack(directory(tmp_path), cases=["ome"])
    with pytest.raises(CourseError, match="offers no tier 'Z'"):
        attack.attack(tmp_path, tiers=["Z"])
    with pytest.raises(CourseError, match="between"):
        attack.attack(tmp_path, seconds=0)


@pytest.mark.slow
def test_the_command_prints_a_line_a_case_and_ends_with_a_code(tmp_path):
    attacks = directory(tmp_path, {"id": "wrong"}, {"id": "honest", "file": "honest.txt"})
    (attacks / "honest.txt").write_text(attack_trial.HONEST)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    tier = attack.attack(attacks)[0][0]

    def course(*arguments):
        return subprocess.run([sys.executable, "-m", "autograder.cli", "attack", str(attacks), "--tier", tier, *arguments], env=environment, capture_output=True, text=True, timeout=300)

    done = course()
    assert done.returncode == 1 and "✓" in done.stdout and "not kept: the score is 0" in done.stdout, done.stderr
    done = course("--case", "wrong", "--json")
    assert done.returncode == 0 and [line["seen"] for line in json.loads(done.stdout)] == [f"tier {tier}", "0"]
    done = subprocess.run([sys.executable, "-m", "autograder.cli", "attack", str(tmp_path / "no")], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 2 and "is no directory" in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


# ---------------------------------------------------------------- that it sees what is broken

def tried(folder, **case):
    """The line of one case in the strongest tier, the case's text `case["text"]` or a wrong answer."""
    attacks = directory(folder, {name: value for name, value in case.items() if name != "text"}, text=case.get("text", WRONG))
    tiers, _, _ = attack.attack(attacks)
    looked_at, line = attack.run(attack.load(attacks), tiers[:1], limits=LIMITS)
    assert looked_at.holds and looked_at.case == attack.SELF_TEST
    return line


def hostile(during):
    """A grader in which grading the hostile submission does `during` as well."""
    grade = submission.grade

    def meddled(notebook, *args, **kwargs):
        if any("zeros_like" in cell.source for cell in notebook.cells):
            during()
        return grade(notebook, *args, **kwargs)
    return meddled


def test_a_wrong_answer_holds(tmp_path):
    line = tried(tmp_path)
    assert line.holds and line.seen == "0" and line.seconds > 0


def test_an_honest_answer_has_all_points(tmp_path):
    assert tried(tmp_path, text=attack_trial.HONEST, expect=f"{attack_trial.MOST:g}").holds


def test_a_leak_is_seen(tmp_path):
    assert tried(tmp_path, text=WRONG + "LEAK = True\n").broken == ("LEAK is not true",)


@pytest.mark.slow
@pytest.mark.parametrize("during, broken", [
    (lambda: os.kill(os.getpid(), 9), "the grader survives"), (lambda: sys.exit(0), "the grader survives"), (lambda: time.sleep(600), "the grader survives"),
    (lambda: subprocess.Popen(["sleep", "60"]), "no process is left"), (lambda: subprocess.Popen(["sh", "-c", "(setsid sleep 60 &)"]), "no process is left"),
    (lambda: Path("/tmp/left behind").touch(), "nothing outside is touched"), (lambda: Path(os.environ["LAB"], "subs", "bob", "hw.py").write_text("mine"), "nothing outside is touched"),
    (lambda: Path(os.environ["TMPDIR"], "student-left").mkdir(), "no scratch is left"), (lambda: bytearray(b"x") * (attack_trial.MEMORY + (64 << 20)), "the grader grows by at most"),
    (lambda: setattr(attack_trial, "ASSERTED", "assert False"), "the next, honest submission has full points")],
    ids=["killed", "exit", "hangs", "process", "daemon", "file", "another's work", "scratch", "memory", "the others"])
def test_a_grader_that_breaks_a_promise_is_seen(tmp_path, monkeypatch, during, broken):
    monkeypatch.setattr(submission, "grade", hostile(during))
    monkeypatch.setattr(attack_trial, "START_SECONDS", 0.0)
    monkeypatch.setattr(attack_trial, "PATIENCE", 1)
    line = tried(tmp_path)
    assert not line.holds and any(broken in promise for promise in line.broken), line


@pytest.mark.slow
def test_a_class_in_which_one_submission_is_hostile(tmp_path):
    text = "import os\ndef build(directory, notebook):\n    os.symlink('@LAB@/secret/gradebook.db', directory + '/data.csv')\n"
    assert tried(tmp_path, kind="submission", expect="rejected", text=text).holds
    line = tried(tmp_path, kind="submission", expect="status=unreadable", text="def build(directory, notebook):\n    pass\n")
    assert line.broken == ("it is refused, without points",) and line.seen.startswith("graded, 10 of 10")


def test_a_build_that_fails_is_told(tmp_path):
    line = tried(tmp_path, kind="submission", expect="rejected", text="def build(directory, notebook):\n    raise OSError('no room')\n")
    assert not line.holds and "no room" in line.seen


def test_marks_are_filled_in_and_nothing_of_a_host_is_left():
    with attack_host.Host() as host:
        text = host.fill_in("@LAB@ @CANARY@ @PORT@")
        place = host.place
        assert "@" not in text and (Path(text.split()[0]) / "secret" / "hidden_tests.py").exists() and text.split()[2].isdigit()
        answer = attack_host.in_a_process(functools.partial(_settled, host), host, 30)
    assert answer == b"[]" and not place.exists() and not Path("/tmp", host.canary).exists()


def _settled(host):
    host.settle()
    return json.dumps(host.changed()).encode()


def test_a_pipe_that_a_case_leaves_is_told_and_not_read():
    with attack_host.Host() as host:
        answer = attack_host.in_a_process(functools.partial(_with_a_pipe, host), host, 30)
        assert json.loads(answer or "null") == [str(host.lab / "scratch" / "pipe")]


def _with_a_pipe(host):
    host.settle()
    os.mkfifo(host.lab / "scratch" / "pipe")
    return json.dumps(host.changed()).encode()
