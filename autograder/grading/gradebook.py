"""nbgrader's gradebook, an SQLite file or on a PostgreSQL server: opened with patience, kept to one grader, copied whole.

What goes wrong with it is told in sentences that name the server and the user, never the password.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from pathlib import Path
from typing import Iterator

from nbgrader.api import Assignment, Base, Gradebook, Student
from sqlalchemy import URL, Column, MetaData, NullPool, String, Table, create_engine, event, exists, func, insert, inspect, make_url, select
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from ..errors import CourseError
from . import set_aside

FORM = "postgresql+psycopg://USER@HOST:PORT/DATABASE"
CONNECT_SECONDS = 10
OTHERS_SECONDS = 5              # a grader that was killed is gone from the server within moments
GRADING = 0x6772616465           # the number of our advisory lock
VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
TRANSIENT = {"23505", "40001", "40P01"}      # two made the same row, two were in each other's way: the second try finds out
WHAT_TO_DO = {                  # what a server says where it lets nobody in → what helps
    "password": "Put the right password into ~/.pgpass (or, percent-encoded, into the URL).",
    "no pg_hba.conf entry": "The server's pg_hba.conf has to let this user in from here.",
    'role ".*" does not exist': "Create the user (`createuser USER`), or correct the name in the URL.",
    'database ".*" does not exist': "Create it (`createdb --owner USER DATABASE`), or correct the name in the URL.",
    "permission denied": "The user has to own the database: `ALTER DATABASE … OWNER TO …`.",
    "starting up|shutting down": "Try again in a minute.",
    "too many|remaining connection slots": "The server takes no more connections; close some, or raise max_connections.",
    "does not exist": "The gradebook was made by another version of nbgrader; `nbgrader db upgrade` brings it up to date.",
    "connection|translate|resolve|timeout": "Start the server, or correct host and port in the URL.",
    "": "",
}


# ---------------------------------------------------------------- where it is

def parsed(url: str) -> URL:
    """The URL of a gradebook, taken apart; `CourseError` where it is none."""
    if url.partition("?")[0].count("@") > 1:             # SQLAlchemy would take the password's end for the host, and errors would show it
        raise CourseError("c.CourseDirectory.db_url has more than one @. Write an @ in a user's name or password as %40, or keep the password in ~/.pgpass.")
    try:
        return make_url(url)
    except (SQLAlchemyError, ValueError):
        raise CourseError(f"c.CourseDirectory.db_url cannot be read as a database's URL. It has the form {FORM}, with a password's special characters percent-encoded.") from None


def location(course) -> URL:
    """Where a course's gradebook is."""
    return parsed(course.coursedir.db_url)


def file(course) -> Path | None:
    """The gradebook's file; None where it is on a server."""
    url = location(course)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _shown(url: URL) -> str:
    return f"{url.database or ''} on {url.host or 'this machine'}{f' port {url.port}' if url.port else ''}{f' (user {url.username})' if url.username else ''}"


# ---------------------------------------------------------------- opened

class Opened(Gradebook):
    """nbgrader's gradebook; on a server, what fails while it is open is told as a sentence."""

    def __exit__(self, kind, error, traceback) -> None:
        super().__exit__(kind, error, traceback)
        if isinstance(error, DBAPIError) and self.engine.dialect.name != "sqlite":
            raise CourseError(f"{told(error)} Nothing is lost: the same command goes on where this one stopped.") from None


def opened(url: str, course_id: str, patience: float) -> Gradebook:
    """nbgrader's gradebook at a URL; a lock that another program holds is waited for so many seconds. `CourseError` where it cannot be reached."""
    place = parsed(url)
    if place.get_backend_name() == "sqlite":
        return Opened(place.update_query_dict({"timeout": str(patience)}).render_as_string(hide_password=False), course_id)
    try:
        gradebook = Opened(_in_time(place).render_as_string(hide_password=False), course_id)
    except (SQLAlchemyError, ImportError) as error:
        raise unreachable(error, place) from None
    if place.get_backend_name() == "postgresql":
        event.listen(gradebook.engine, "begin", lambda connection: connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(1000 * patience)}"))
    return gradebook


def _in_time(place: URL) -> URL:
    """A server that does not answer is given up soon."""
    libpq = place.get_backend_name() == "postgresql" and place.drivername.rpartition("+")[2] in ("postgresql", "psycopg", "psycopg2")
    return place.update_query_dict({"connect_timeout": str(CONNECT_SECONDS), **place.query}) if libpq else place


def unreachable(error: Exception, place: URL) -> CourseError:
    """Why a gradebook on a server cannot be opened, and what to do."""
    unchanged = "Nothing was changed."
    if isinstance(error, NoSuchModuleError):
        return CourseError(f"c.CourseDirectory.db_url names a kind of database that is not known, {place.drivername!r}. PostgreSQL's has the form {FORM}. {unchanged}")
    if isinstance(error, ImportError) and place.drivername != "postgresql+psycopg":
        advice = f"Write c.CourseDirectory.db_url as {FORM}." if place.get_backend_name() == "postgresql" else "Install it beside the course."
        return CourseError(f"The driver of {place.drivername}:// is not installed ({error}). {advice} {unchanged}")
    if isinstance(error, ImportError):
        return CourseError(f"A gradebook on PostgreSQL needs the driver psycopg: `.venv/bin/uv pip install -e '.[postgresql]' -c constraints.txt` in the checkout of the course. {unchanged}")
    said = _said(error)
    advice = next(advice for words, advice in WHAT_TO_DO.items() if re.search(words, said))
    return CourseError(f"The gradebook {_shown(place)} cannot be opened: {said}. {advice} {unchanged}".replace("  ", " "))


def _said(error: Exception) -> str:
    """The server's own words, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    said = next((line for line in lines if "FATAL" in line), lines[0] if lines else type(error).__name__)
    return said.removeprefix("connection failed: ").strip().rstrip(".")


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of an error, "" for what is none of its."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or ""


def told(error: DBAPIError) -> str:
    """What keeps the gradebook from being read or written, as a sentence."""
    if "locked" in str(error.orig) or sqlstate(error) == "55P03":
        return "The gradebook is held by another program and was not let go in time."
    return f"The gradebook cannot be read or written: {_said(error)}."


def transient(error: DBAPIError) -> bool:
    """Whether the same transaction, tried again, may well succeed."""
    return sqlstate(error) in TRANSIENT


# ---------------------------------------------------------------- one grader at a time

@contextlib.contextmanager
def alone(course) -> Iterator[None]:
    """One grader at a time writes in a gradebook on PostgreSQL, from whatever course root or machine; the server lets go when it ends, however it ends."""
    place = location(course)
    if place.get_backend_name() != "postgresql":
        yield
        return
    me = f"course grade, process {os.getpid()} on {os.uname().nodename}" if hasattr(os, "uname") else f"course grade, process {os.getpid()}"
    try:
        connection = create_engine(_in_time(place), poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
    except (SQLAlchemyError, ImportError) as error:
        raise unreachable(error, place) from None
    try:
        connection.exec_driver_sql(f"SET lock_timeout = {int(1000 * OTHERS_SECONDS)}")
        connection.execute(select(func.set_config("application_name", me[:63], False)))
        try:
            connection.execute(select(func.pg_advisory_lock(GRADING)))
        except DBAPIError as error:
            if sqlstate(error) != "55P03":
                raise CourseError(f"{told(error)} Nothing was changed.") from None
            raise CourseError(f"Another grader is at work in this gradebook ({_holder(connection)}). Wait until it is done; nothing was changed.") from None
        yield
    finally:
        with contextlib.suppress(DBAPIError):            # a server that is down has let go already
            connection.close()


def _holder(connection) -> str:
    """Who has our lock."""
    query = f"SELECT application_name, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = {GRADING}"
    row = connection.exec_driver_sql(query).first()
    return f"{row.application_name or 'a program without a name'}, since {row.backend_start:%Y-%m-%d %H:%M:%S %Z}" if row and row.backend_start else "just gone"


# ---------------------------------------------------------------- copied whole

def copy_database(course, target: Path) -> None:
    """Copy the gradebook as it stands at one moment, also while somebody writes, into a new SQLite file for its owner alone.

    One on a server becomes an SQLite gradebook as well: it needs neither the server's tools nor the server to be read,
    and `restore` puts it back. `CourseError`, `OSError` or `sqlite3.Error` where it cannot be.
    """
    source = file(course)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if source is not None:
        with contextlib.closing(sqlite3.connect(source, timeout=60)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    else:
        with _told():
            _copy_rows(location(course), URL.create("sqlite", database=str(target)))
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore(course, source: Path) -> int:
    """Put the gradebook of an SQLite file, such as one of backups/grading, into a course's own, which has to be empty or not
    there yet; how many students it has. A class moves to a server in the same way."""
    if not source.is_file():
        raise CourseError(f"There is no gradebook {source}. The copies that grading makes lie in {course.root / 'backups' / 'grading'}.")
    place = location(course)
    try:
        with _told():
            return _copy_rows(URL.create("sqlite", database=str(source)), _in_time(place))
    except sqlite3.Error as error:
        raise CourseError(f"{source} cannot be read as a gradebook: {error}. Nothing was changed.") from None
    except ImportError as error:
        raise unreachable(error, place) from None


@contextlib.contextmanager
def _told():
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from None
        raise CourseError(f"The gradebook could not be copied: {_said(error)}. Nothing was changed.") from None


def _copy_rows(source: URL, target: URL) -> int:
    """All rows of a gradebook, as at one moment, into one that is empty, in one transaction; how many students it has."""
    tables = [*Base.metadata.sorted_tables, VERSION]     # what is referred to comes before what refers to it
    reading, writing = (create_engine(url, poolclass=NullPool) for url in (source, target))
    level = "SERIALIZABLE" if source.get_backend_name() == "sqlite" else "REPEATABLE READ"
    with reading.connect().execution_options(isolation_level=level) as there, writing.begin() as here:
        for table in tables:
            table.create(here, checkfirst=True)
        if here.scalar(select(exists(select(Student.id)) | exists(select(Assignment.id)))):
            raise CourseError("The course's gradebook has students or assignments already and is not written over. Move it away, or name an empty database in c.CourseDirectory.db_url.")
        for table in reversed(tables):                   # nbgrader has put its version and the course's name into it
            here.execute(table.delete())
        if not inspect(there).has_table(set_aside.TABLE.name):
            tables.remove(set_aside.TABLE)               # a gradebook that only nbgrader itself has opened
        for table in tables:
            for rows in there.execution_options(yield_per=2000).execute(select(table)).mappings().partitions():
                here.execute(insert(table), [dict(row) for row in rows])
        return here.scalar(select(func.count()).select_from(Student))
