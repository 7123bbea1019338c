"""The command `course`. Each command is a few lines here and a module elsewhere, imported when it is called."""

from __future__ import annotations

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
) -> None:
    """Open JupyterLab on the first lecture."""
    from autograder import lab

    lab.start(course_dir, shared_exchange=shared_exchange, port=port, browser=browser)


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


def main() -> None:
    """The entry point: an expected failure becomes one line and exit code 2."""
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
