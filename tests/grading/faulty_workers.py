"""What workers do in tests of faults. A module of its own, because a worker imports what it is to do."""

import os
import signal
import time

from autograder.grading import unit


def result(submission):
    return unit.Result(submission.student, {}, 0.0)


def deadly(task, submission):
    """One submission ends the process that grades it, one raises, one never ends; the others are graded. Each says by whom."""
    if submission.student == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    if submission.student == "raises":
        raise ValueError("no such thing")
    if submission.student == "endless":
        time.sleep(600)
    return unit.Result(f"{submission.student} {os.getpid()}", {}, 0.0)


def deadly_once(task, submission):
    """The first process that meets a submission of this kind dies, the second does not."""
    mark = submission.notebooks["mark"].decode()
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return result(submission)
    os._exit(3)


def slow(task, submission):
    time.sleep(0.4)
    return result(submission)


def quick(task, submission):
    return result(submission)


def by_whom(task, submission):
    time.sleep(0.2)
    return unit.Result(str(os.getpid()), {}, 0.0)
