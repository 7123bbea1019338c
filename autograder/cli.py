"""The command `course`. Each command is a few lines here and a module elsewhere, imported when it is called."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.errors import CourseError

app = typer.Typer(
    name="course",
    help="Neural networks by hand: run the course, make its homework, grade a class.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    suggest_commands=True,
)

CourseDir = Annotated[
    Optional[Path],
    typer.Option("--course-dir", envvar="COURSE_DIR", help="The course root; without it, course/ here or above."),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"course {_version()}")
        raise typer.Exit


@app.callback()
def _course(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def lab(
    course_dir: CourseDir = None,
    shared_exchange: Annotated[
        Optional[Path], typer.Option(help="An exchange for everybody on this machine, instead of one of your own.")
    ] = None,
    port: Annotated[Optional[int], typer.Option(help="Without it, the first free port from 8888 on.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the server's own messages.")] = False,
) -> None:
    """Open JupyterLab on the first lecture."""
    from autograder import lab

    lab.start(course_dir, shared_exchange=shared_exchange, port=port, browser=browser, verbose=verbose)


@app.command()
def doctor(
    course_dir: CourseDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say what is there, what is missing, and what to do about it."""
    from autograder import doctor

    findings = doctor.examine(course_dir)
    print(doctor.as_json(findings)) if as_json else doctor.show(findings)
    raise typer.Exit(0 if doctor.healthy(findings) else 1)


Assignment = Annotated[str, typer.Argument(help="The assignment, such as A1.", show_default=False)]


@app.command()
def build(
    assignment: Assignment,
    course_dir: CourseDir = None,
    term: Annotated[str, typer.Option(help="The term whose numbers it gets, such as 2027-spring.")] = "",
    per_student: Annotated[bool, typer.Option("--per-student", help="Each student gets numbers of their own.")] = False,
) -> None:
    """Make an assignment's source notebook in the course root, once its variant is proved."""
    from autograder.authoring.build import build, students_to_prove
    from autograder.course_root import find_course_root
    from autograder.variants import term_name

    root = find_course_root(course_dir)
    path, kept = build(root, assignment, term_name(term), students=students_to_prove(root) if per_student else None)
    print(f"{path} is written." + (f" What stood there is kept as {kept}." if kept else ""))
    print(f"Next: course release {assignment}")


@app.command()
def check(
    assignment: Annotated[Optional[list[str]], typer.Argument(help="Assignments, such as A1; all without one.", show_default=False)] = None,
    term: Annotated[str, typer.Option(help="The term whose variant is checked.")] = "",
    student: Annotated[Optional[list[str]], typer.Option(help="A student whose own variant is checked; may be given again.")] = None,
    draw: Annotated[Optional[Path], typer.Option(help="Draw the kill matrices into this file (.svg, .png, .pdf).")] = None,
) -> None:
    """Prove assignments: the solution gets all marks, a blank none, every mistake is caught and told apart. Exit code 1 where not."""
    from autograder.assignments import folders
    from autograder.authoring import show
    from autograder.authoring.proof import prove
    from autograder.variants import term_name

    proofs = [prove(name, term_name(term), whose) for name in assignment or folders() for whose in student or [""]]
    for proof in proofs:
        show.proof(proof)
    if draw:
        show.draw(proofs, draw)
        print(f"{draw} is drawn.")
    raise typer.Exit(0 if all(proof.holds for proof in proofs) else 1)


@app.command()
def release(
    assignment: Assignment,
    course_dir: CourseDir = None,
    force: Annotated[bool, typer.Option(help="Replace what was released before; students who fetched it keep theirs.")] = False,
) -> None:
    """Give an assignment to the students: without its solutions, into the exchange."""
    from autograder.grading import late

    course = _course_at(course_dir)
    course.release(course.known(assignment), force=force)
    late.settle_class(course, assignment)               # its due date is in the gradebook from the start
    print(f"{assignment} is released. Students find it in Nbgrader → Assignment List.")


@app.command()
def collect(
    assignment: Assignment,
    course_dir: CourseDir = None,
    source: Annotated[Optional[Path], typer.Option("--from", help="The zip that Canvas or Moodle gives, a folder of notebooks, or a file of `course pack`.")] = None,
    roster: Annotated[Optional[Path], typer.Option(help="A CSV of the class with the platform's numbers, such as its exported gradebook.")] = None,
) -> None:
    """Fetch what students have handed in: from the exchange, or from what they uploaded elsewhere. Exit code 3 where something of that was left out."""
    from autograder.grading import handed_in, show, status, uploads

    course = _course_at(course_dir)
    if source is not None:
        collected = uploads.collect(course, course.known(assignment), source, roster)
        status.publish(course, assignment)
        show.collected(collected, assignment)
        raise typer.Exit(0 if collected.ok else 3)
    course.exchange(course.known(assignment))
    for arrival in handed_in.collect(course, assignment):
        if arrival.receipt is None:
            print(f"{arrival.folder!r} {arrival.why}.")
    status.publish(course, assignment)
    students = course.submitted(assignment)
    print(f"{len(students)} submission{'s' * (len(students) != 1)} of {assignment} collected. Next: course grade {assignment}")


@app.command()
def grade(
    assignment: Assignment,
    course_dir: CourseDir = None,
    student: Annotated[Optional[list[str]], typer.Option(help="Only this student; may be given again.")] = None,
    force: Annotated[bool, typer.Option(help="Also what has not changed since it was graded.")] = False,
    workers: Annotated[Optional[int], typer.Option(min=0, help="How many processes grade; without it, one for each processor. 0: this one alone.")] = None,
    scheduler: Annotated[str, typer.Option(help="The address of a Dask scheduler whose workers grade, such as tcp://10.0.0.5:8786.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be graded and why, and change nothing.")] = False,
    accept_isolation: Annotated[str, typer.Option(help="C: grade also where student code can be limited but not walled in.")] = "",
) -> None:
    """Grade what is new or changed. Exit code 3 when a submission could not be graded; it is named.

    A run that was stopped, by Ctrl-C or by a power cut, is taken up again by the same command: what is done is done.
    """
    from autograder.course_root import find_course_root
    from autograder.grading import executors, journal

    root = find_course_root(course_dir)
    early = 0 if scheduler or dry_run else journal.handed_in_since(root, assignment)
    with executors.started_early(early, workers, root / "release" / assignment):        # before the imports, which take as long
        outcomes, decided = _graded(root, assignment, students=student, force=force, workers=workers, scheduler=scheduler, dry_run=dry_run, accept=accept_isolation)
    from autograder.grading import show

    show.outcomes(outcomes)
    show.decisions_in_force(decided)
    raise typer.Exit(0 if all(outcome.ok for outcome in outcomes) else 3)


def _graded(root: Path, assignment: str, **options):
    """(what became of each submission, the decisions in force)."""
    from autograder.imports import nbgrader_without_server

    nbgrader_without_server()
    from autograder.grading import batch, counting, decisions, show
    from autograder.grading.course import Course

    course = Course(root)
    try:
        with show.progress(f"Grading {course.known(assignment)}") as tell:
            outcomes = counting.grade(course, assignment, tell=tell, say=tell.say, **options)
    except batch.Stopped as stopped:
        print(stopped)
        raise typer.Exit(130) from None
    return outcomes, decisions.in_force(course.root, assignment).values()


@app.command()
def regrade(
    assignment: Assignment,
    course_dir: CourseDir = None,
    question: Annotated[Optional[list[str]], typer.Option(help="The question that is decided; may be given again.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="It no longer counts: everybody's maximum falls.")] = False,
    full_marks: Annotated[bool, typer.Option("--full-marks", help="Everybody who handed in gets all its points.")] = False,
    new_probes: Annotated[bool, typer.Option("--new-probes", help="Its hidden cases are drawn anew.")] = False,
    as_asked: Annotated[bool, typer.Option("--as-asked", help="Take the decision on it back.")] = False,
    because: Annotated[str, typer.Option(help="The reason, for the record and for the students.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
) -> None:
    """Repair a question after its release and grade the class again; exit code 3 when a submission could not be.

    Without a decision everybody is graded again, with the present source and grader. Decisions stand in decisions.toml
    of the course root, and later grading keeps to them. Points that a person gave for a question that is dropped are
    set aside, and come back with --as-asked.
    """
    from autograder.grading import decisions, show
    from autograder.grading.regrade import regrade

    wanted = [kind for kind, given in zip(decisions.KINDS, (drop, full_marks, new_probes, as_asked)) if given]
    if len(wanted) > 1:
        raise CourseError(f"A question can be decided in one way only; {' and '.join(wanted)} were asked for.")
    course = _course_at(course_dir)
    with show.progress(f"Regrading {course.known(assignment)}") as tell:
        done = regrade(course, assignment, questions=question or (), decision="".join(wanted), because=because, dry_run=dry_run, tell=tell)
    show.regraded(done, dry_run=dry_run)
    if not dry_run:
        print(f"Next: course feedback {assignment}")
    raise typer.Exit(3 if any(outcome.status == "failed" for outcome in done.outcomes) else 0)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="An SQLite gradebook, such as one of the course root's backups.")],
    course_dir: CourseDir = None,
) -> None:
    """Put a copy of the gradebook into the course's own, which has to be empty: after a loss, or to move a class to a PostgreSQL server."""
    from autograder.grading.gradebook import restore

    students = restore(_course_at(course_dir), file)
    print(f"The gradebook has the {students} student{'s' * (students != 1)} of {file} now. What was graded after that copy was made, `course grade ASSIGNMENT --force` grades again.")


@app.command()
def solutions(
    assignment: Assignment,
    course_dir: CourseDir = None,
    student: Annotated[str, typer.Option(help="Only this student's own variant, for you to read; nothing is published.")] = "",
    force: Annotated[bool, typer.Option(help="Also while the assignment can still be handed in.")] = False,
) -> None:
    """Publish the worked solutions: what is right, and the mistakes that are usual, question by question."""
    from autograder.grading.solutions import publish, write

    course = _course_at(course_dir)
    if student:
        print(f"{write(course, course.known(assignment), student)} is written.")
        return
    name = publish(course, course.known(assignment), force=force)
    print(f"The worked solutions are published. Students find them as {name} in Nbgrader → Assignment List; the pages are {course.root / 'solutions' / assignment}.")


@app.command()
def feedback(assignment: Assignment, course_dir: CourseDir = None) -> None:
    """Write each student's feedback and put it into the exchange. Exit code 3 where one could not be."""
    from autograder.grading import late, status

    course = _course_at(course_dir)
    course.exchange(course.known(assignment))
    late.settle_class(course, assignment)               # what a person gave since then counts in the penalty too
    out, failed = course.feedback(assignment)
    status.publish(course, assignment)
    print(f"Feedback on {assignment} is out for {len(out)} student{'s' * (len(out) != 1)}, who fetch it in Nbgrader → Assignment List.")
    for student, why in failed.items():
        print(f"{student}: {why}")
    raise typer.Exit(3 if failed else 0)


@app.command()
def report(
    assignment: Assignment,
    course_dir: CourseDir = None,
    student: Annotated[Optional[str], typer.Option(help="One student: their variant, its right answers and every attempt.")] = None,
    question: Annotated[Optional[str], typer.Option(help="One question: every student's answer beside its verdict.")] = None,
    similarity: Annotated[bool, typer.Option("--similarity", help="Submissions that share structure.")] = False,
    export: Annotated[Optional[str], typer.Option(help="A table of points that 'canvas' or 'moodle' imports.")] = None,
) -> None:
    """Write the report on an assignment, a page to open in a browser: the class, or what the options ask for."""
    from autograder.reporting.report import write

    course = _course_at(course_dir)
    written, said = write(course, course.known(assignment), student=student, question=question, similarity=similarity, export=export)
    for path in written:
        print(f"{path} is written.")
    for line in said:
        print(line)


@app.command()
def status(
    assignment: Annotated[Optional[str], typer.Argument(help="The assignment, such as A1; all without it.", show_default=False)] = None,
    course_dir: CourseDir = None,
    student: Annotated[Optional[list[str]], typer.Option(help="One student, as the instructor sees them; may be given again.")] = None,
) -> None:
    """Say what was handed in when, how late that is and what it costs, and which attempt counts. Students see their own, with their receipts."""
    from autograder.grading import show_status

    show_status.status(course_dir, assignment, student)


@app.command()
def pack(
    assignment: Assignment,
    notebook: Annotated[Optional[Path], typer.Argument(help="Your notebook, or its folder; without it, the one here.", show_default=False)] = None,
    student: Annotated[str, typer.Option(help="The name or number under which the course knows you; asked for without it.")] = "",
    name: Annotated[str, typer.Option(help="Your name as people write it.")] = "",
    to: Annotated[Optional[Path], typer.Option(help="The folder for the file; without it, this one.")] = None,
) -> None:
    """Make the file to upload where there is no exchange: your notebook, checked, and its data files."""
    import sys

    from autograder.grading import pack, show_status

    if not student and sys.stdin.isatty():
        student = typer.prompt("The name or number under which the course knows you")
    show_status.packed(pack.pack(assignment, notebook, student=student, name=name, to=to))


@app.command()
def watch(
    assignment: Annotated[Optional[str], typer.Argument(help="The assignment, such as A1; every one without it.", show_default=False)] = None,
    course_dir: CourseDir = None,
    accept_isolation: Annotated[str, typer.Option(help="C: grade also where student code can be limited but not walled in.")] = "",
) -> None:
    """Grade on submit: journal, grade and put out feedback as students hand in, until Ctrl-C. deadlines.toml limits how often."""
    import time

    from autograder.grading.watch import watch

    course = _course_at(course_dir)
    watch(course, course.known(assignment) if assignment else None, lambda line: print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}", flush=True), accept=accept_isolation)


@app.command()
def receipt(
    file: Annotated[Path, typer.Argument(help="A receipt that a student kept.", show_default=False)],
    course_dir: CourseDir = None,
) -> None:
    """Say whether a receipt is genuine. Exit code 1 where it is not."""
    from autograder.course_root import find_course_root
    from autograder.grading.receipts import genuine, read_sealed

    true, sentence = genuine(find_course_root(course_dir), read_sealed(file))
    print(sentence)
    raise typer.Exit(0 if true else 1)


@app.command("try")
def try_(
    assignment: Assignment,
    file: Annotated[Path, typer.Argument(help="A notebook or a Python file, such as solution.py.", show_default=False)],
    course_dir: CourseDir = None,
    question: Annotated[Optional[str], typer.Option(help="Only this question.")] = None,
    term: Annotated[Optional[str], typer.Option(help="The term whose numbers it has; without it, what the notebook says.")] = None,
    student: Annotated[Optional[str], typer.Option(help="The student whose own numbers it has; without it, what the notebook says.")] = None,
    data: Annotated[Optional[Path], typer.Option(help="A folder of data files that the code may read.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
) -> None:
    """Judge one file and print its verdicts; no gradebook is touched. Hidden cases come from the course root's key, else from chance."""
    from autograder.grading import show, trial

    with show.waiting(f"Trying {file.name}"):
        result = trial.attempt(file, assignment, trial.secret_for(course_dir), term=term, student=student, question=question, files=trial.files_in(data))
    print(json.dumps(result.to_dict(), ensure_ascii=False, indent=1)) if as_json else show.trial(result)


@app.command()
def attack(
    directory: Annotated[Path, typer.Argument(help="A folder with manifest.json and the files of its cases.", show_default=False)],
    tier: Annotated[Optional[list[str]], typer.Option(help="Only this tier of isolation (A, B or C); may be given again.")] = None,
    case: Annotated[Optional[list[str]], typer.Option(help="Only this case; may be given again.")] = None,
    seconds: Annotated[Optional[float], typer.Option(help="How long a student's cell or call may take.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines as JSON.")] = False,
) -> None:
    """Try hostile submissions against the grader of this machine, before you trust it with a class. Exit code 1 where a promise does not hold."""
    from autograder.grading import attack, show_attack

    raise typer.Exit(0 if show_attack.lines(*attack.attack(directory, tiers=tier, cases=case, seconds=seconds), as_json=as_json) else 1)


@app.command()
def lectures(
    folder: Annotated[Path, typer.Argument(help="The folder of the notebooks.")] = Path("notebooks"),
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit code 1 where a notebook is not that of its source.")] = False,
    leave_out: Annotated[Optional[list[str]], typer.Option("--leave-out", help="Drop the cells with this tag; 'errata' for a course that never used the slides.")] = None,
) -> None:
    """Make the lecture notebooks from their sources."""
    from autograder.authoring.lectures import build_lectures

    stale = build_lectures(folder, check=check, leave_out=tuple(leave_out or ()))
    for path in stale:
        print(f"{path} {'differs from its source' if check else 'is written'}.")
    raise typer.Exit(1 if check and stale else 0)


def _course_at(course_dir: Optional[Path]):
    from autograder.course_root import find_course_root
    from autograder.grading.course import Course

    return Course(find_course_root(course_dir))


def main() -> None:
    """The entry point: an expected failure becomes one line and exit code 2."""
    from autograder.imports import skip_slow_formats

    skip_slow_formats()
    try:
        app()
    except CourseError as error:
        from rich.console import Console
        from rich.text import Text

        Console(stderr=True, soft_wrap=True).print(Text(str(error), style="red"))
        raise SystemExit(2) from None


def _version() -> str:
    try:
        return version("neural-networks-by-hand")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    main()
