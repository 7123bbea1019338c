"""Due dates, grace, late penalties, extensions and which attempt counts: `deadlines.toml` of the course root, and nothing else.

All that is decided here is a pure function of the file and a submission's time. A file that cannot be read, or says
something that it cannot mean, stops with a sentence that names the line.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import tomllib
import zoneinfo
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ..errors import CourseError

FILE = "deadlines.toml"
LAST, BEST, LAST_ON_TIME = COUNTS = ("last", "best", "last on time")
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
NEVER = timedelta(0)


@dataclasses.dataclass(frozen=True)
class Late:
    """What a late hand-in costs: `percent` of the points for each `unit` of time begun, at most `at_most` percent, and all of them from `zero_after` on."""

    percent: float = 0.0
    unit: str = "day"
    at_most: float = 100.0
    zero_after: timedelta | None = None

    def share(self, late: timedelta) -> float:
        """The share of the points, between 0 and 1, that being `late` costs."""
        if late <= NEVER:
            return 0.0
        if self.zero_after is not None and late > self.zero_after:
            return 1.0
        return min(self.percent * math.ceil(late / UNITS[self.unit]), self.at_most) / 100

    def __str__(self):
        if self.zero_after == NEVER:
            return "all points once it is late"
        said = [f"{self.percent:g} % of its points for each {self.unit} begun" + (f", at most {self.at_most:g} %" if self.at_most < 100 else "")] if self.percent else []
        said += [f"all of them after {words(self.zero_after)}"] if self.zero_after is not None else []
        return ", ".join(said) or "nothing"


@dataclasses.dataclass(frozen=True)
class Extension:
    """One student's own due date for one assignment, and why."""

    due: datetime
    reason: str


@dataclasses.dataclass(frozen=True)
class Policy:
    """What holds for one assignment. Without `due` nothing is late. `zone` is how times are shown; the times themselves are in UTC."""

    due: datetime | None = None
    zone: tzinfo = timezone.utc
    grace: timedelta = NEVER
    late: Late = Late()
    counts: str = LAST
    gradings_per_hour: int | None = None
    extensions: Mapping[str, Extension] = dataclasses.field(default_factory=dict)
    files: tuple[str, ...] = ()
    upload: str = ""

    def due_for(self, student: str) -> datetime | None:
        """When the assignment is due for a student, the extension included; an extension never makes it earlier."""
        if self.due is None or student not in self.extensions:
            return self.due
        return max(self.due, self.extensions[student].due)

    def lateness(self, student: str, received: datetime | None) -> timedelta:
        """How late a submission is: 0 up to the due date and its grace, from then on counted from the due date. Unknown times are not late."""
        due = self.due_for(student)
        if due is None or received is None or received <= due + self.grace:
            return NEVER
        return received - due

    def penalty(self, points: float, student: str, received: datetime | None) -> float:
        """The points that a submission worth `points` loses for being late: between 0 and `points`.

        >>> noon = datetime(2027, 4, 20, 12, tzinfo=timezone.utc)
        >>> policy = Policy(due=noon, late=Late(percent=10, at_most=50))
        >>> [policy.penalty(80, "ada", noon + timedelta(hours=hours)) for hours in (0, 1, 25, 240)]
        [0.0, 8.0, 16.0, 40.0]
        """
        return max(points, 0.0) * self.late.share(self.lateness(student, received))

    def show(self, when: datetime) -> str:
        """A time as people read it, in the course's time zone."""
        there = when.astimezone(self.zone)
        return f"{there:%a} {there.day} {there:%b %Y, %H:%M} {getattr(self.zone, 'key', None) or there.tzname()}"

    def sentence(self) -> str:
        """One line for everybody: when it is due and what being late costs; "" where nothing is due."""
        if self.due is None:
            return ""
        grace = f" ({words(self.grace)} of grace)" if self.grace else ""
        return f"Due {self.show(self.due)}{grace}. Late costs {self.late}."


class Attempt(NamedTuple):
    """One submission in the order of handing in. `points` is None while it has not been graded; `refused` where it could not be."""

    digest: str
    received: datetime | None
    points: float | None = None
    refused: bool = False


def counting(attempts: Sequence[Attempt], policy: Policy, student: str) -> Attempt | None:
    """Which attempt counts; None without one. One that could not be graded counts only where none could.

    "last" is the last handed in; "last on time" the last of those not late, and where there is none the last; "best" the
    one with the most points left after its penalty, the later of two equal ones; what is not graded yet has none.
    """
    able = [attempt for attempt in attempts if not attempt.refused] or list(attempts)
    if policy.counts == LAST_ON_TIME:
        able = [attempt for attempt in able if not policy.lateness(student, attempt.received)] or able
    if policy.counts == BEST:
        return max(reversed(able), key=lambda attempt: worth(attempt, policy, student), default=None)
    return able[-1] if able else None


def worth(attempt: Attempt, policy: Policy, student: str) -> float:
    """The points of an attempt after its late penalty; less than nothing while it is not graded."""
    return -1.0 if attempt.points is None else attempt.points - policy.penalty(attempt.points, student, attempt.received)


def wait(gradings: Iterable[datetime], policy: Policy, now: datetime) -> timedelta:
    """How long a student waits for the next grading on submit, given the times of the earlier ones; 0 where there is no limit."""
    if policy.gradings_per_hour is None:
        return NEVER
    hour = timedelta(hours=1)
    recent = sorted(min(when, now) for when in gradings if when > now - hour)          # one in the future, from a clock set back, is a recent one
    if len(recent) < policy.gradings_per_hour:
        return NEVER
    return recent[-policy.gradings_per_hour] + hour - now if policy.gradings_per_hour else hour


def words(span: timedelta) -> str:
    """A length of time in words, of its two largest units.

    >>> [words(timedelta(seconds=seconds)) for seconds in (30, 60, 5400, 90000)]
    ['30 seconds', '1 minute', '1 hour 30 minutes', '1 day 1 hour']
    """
    left, said = int(span.total_seconds()), []
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count and len(said) < 2:
            said.append(f"{count} {name}{'s' * (count != 1)}")
        elif said:
            break
    return " ".join(said) or "0 seconds"


# ---------------------------------------------------------------- the file

KEYS = {"due": "a date and time, such as 2027-04-20T23:59:00", "time_zone": 'the name of a zone, such as "Europe/Berlin"', "grace": 'a length of time, such as "15 minutes"',
        "late": '"nothing", "zero", or such as { percent = 10, per = "day", at_most = 50 }', "counts": "one of " + ", ".join(f'"{word}"' for word in COUNTS),
        "gradings_per_hour": "a whole number from 0 on", "extension": 'tables such as [assignment.A1.extension.ada] with until and reason',
        "files": 'a list of patterns, such as ["*.csv"]', "upload": "text, such as an address"}
LATE_KEYS = ("percent", "per", "at_most", "zero_after")


class _Entry(NamedTuple):
    """Where in the file a value stands: for sentences about it."""

    file: Path
    text: str
    path: tuple[str, ...]

    def at(self, *keys: str) -> "_Entry":
        return self._replace(path=self.path + keys)

    def bad(self, why: str) -> CourseError:
        line = _line(self.text, self.path)
        return CourseError(f"{self.file}{f', line {line}' if line else ''}: {'.'.join(self.path)} {why} Nothing was changed.")


def read(root: Path) -> dict[str, Policy]:
    """Assignment → its policy; the policy under "" holds for assignments that the file does not name. `CourseError` names the line that is amiss."""
    file = Path(root) / FILE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {"": Policy()}
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read: {error}. Nothing was changed.") from None
    return parse(text, file)


def parse(text: str, file: Path = Path(FILE)) -> dict[str, Policy]:
    """What the text of a `deadlines.toml` says; see `read`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{file} cannot be read: {error}. Mend that place; nothing was changed.") from None
    here = _Entry(file, text, ())
    _known(values, ("defaults", "assignment"), here)
    defaults = _table(values.get("defaults", {}), here.at("defaults"))
    for name in ("due", "extension"):
        if name in defaults:
            raise here.at("defaults", name).bad("is one assignment's, not everybody's: put it under [assignment.A1].")
    policies = {"": _policy({}, defaults, here.at("defaults"), here.at("defaults"))}
    for name, entry in _table(values.get("assignment", {}), here.at("assignment")).items():
        where = here.at("assignment", name)
        policies[name] = _policy(_table(entry, where), defaults, where, here.at("defaults"))
    return policies


def policy_for(root: Path, assignment: str) -> Policy:
    """What holds for one assignment."""
    policies = read(root)
    return policies.get(assignment, policies[""])


def _policy(own: Mapping, defaults: Mapping, where: _Entry, where_defaults: _Entry) -> Policy:
    values, places = {}, {}
    for table, place in ((defaults, where_defaults), (own, where)):
        _known(table, tuple(KEYS), place)
        for key, value in table.items():
            values[key], places[key] = value, place.at(key)
    given = {key: read_value(values[key], places[key]) for key, read_value in READ.items() if key in values}
    zone = given.pop("time_zone", None)
    if "due" in values:
        given["due"] = _moment(values["due"], zone, places["due"])
    given["extensions"] = {student: _extension(entry, zone, given.get("due"), places["extension"].at(student))
                           for student, entry in _table(values.get("extension", {}), places.get("extension", where)).items()}
    zone = zone or (given["due"].tzinfo if given.get("due") else timezone.utc)
    if given.get("due"):
        given["due"] = given["due"].astimezone(timezone.utc)              # from here on differences are of real time, summer time or not
    return Policy(**given, zone=zone)


def _extension(entry, zone, due, where: _Entry) -> Extension:
    entry = _table(entry, where)
    _known(entry, ("until", "by", "reason"), where)
    reason = entry.get("reason", "")
    if not isinstance(reason, str) or not reason.strip():
        raise where.bad('needs its reason, for the record: reason = "ill".')
    if due is None:
        raise where.bad("extends an assignment that has no due date.")
    if ("until" in entry) == ("by" in entry):
        raise where.bad('needs either until = 2027-04-27T23:59:00 or by = "7 days".')
    until = _moment(entry["until"], zone, where.at("until")) if "until" in entry else due + _span(entry["by"], where.at("by"))
    return Extension(until.astimezone(timezone.utc), " ".join(reason.split()))


def _moment(value, zone, where: _Entry) -> datetime:
    """A TOML date, or date and time, with a zone; a date alone means its last second."""
    if type(value) is date:
        value = datetime.combine(value, time(23, 59, 59))
    if not isinstance(value, datetime):
        raise _expected(value, where, KEYS["due"])
    if value.tzinfo is None:
        if zone is None:
            raise where.bad('has no time zone: put time_zone = "Europe/Berlin" (yours) under [defaults], or write such as 2027-04-20T23:59:00+02:00.')
        value = value.replace(tzinfo=zone)
    return value


def _zone(value, where: _Entry) -> tzinfo:
    if not isinstance(value, str):
        raise _expected(value, where, KEYS["time_zone"])
    try:
        return timezone.utc if value == "UTC" else zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
        help = f"did you mean {near[0]!r}?" if near else 'expected is such as "Europe/Berlin".' if known else "this machine knows no zones: `pip install tzdata`."
        raise where.bad(f"is {value!r}, which is no time zone; {help}") from None


def _span(value, where: _Entry) -> timedelta:
    found = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*(minute|hour|day|week)s?\s*", value) if isinstance(value, str) else None
    if not found:
        raise _expected(value, where, KEYS["grace"])
    return float(found[1]) * UNITS[found[2]]


def _late(value, where: _Entry) -> Late:
    if value == "nothing":
        return Late()
    if value == "zero":
        return Late(zero_after=NEVER)
    if not isinstance(value, dict):
        raise _expected(value, where, KEYS["late"])
    _known(value, LATE_KEYS, where)
    percents = {}
    for key in ("percent", "at_most"):
        if key in value:
            percents[key] = _percent(value[key], where.at(key))
    unit = value.get("per", "day")
    if unit not in ("day", "hour"):
        raise _expected(unit, where.at("per"), '"day" or "hour"')
    if not value.get("percent") and "zero_after" not in value:
        raise where.bad(f"costs nothing: it needs percent or zero_after. Expected is {KEYS['late']}.")
    return Late(unit=unit, zero_after=_span(value["zero_after"], where.at("zero_after")) if "zero_after" in value else None, **percents)


def _percent(value, where: _Entry) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise _expected(value, where, "a number between 0 and 100")
    return float(value)


def _counts(value, where: _Entry) -> str:
    if value not in COUNTS:
        raise _expected(value, where, KEYS["counts"])
    return value


def _limit(value, where: _Entry) -> int:
    if type(value) is not int or value < 0:
        raise _expected(value, where, KEYS["gradings_per_hour"])
    return value


def _patterns(value, where: _Entry) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(pattern, str) and pattern and not pattern.startswith("/") and ".." not in pattern for pattern in value):
        raise _expected(value, where, KEYS["files"])
    return tuple(value)


def _words(value, where: _Entry) -> str:
    if not isinstance(value, str):
        raise _expected(value, where, KEYS["upload"])
    return " ".join(value.split())


READ = {"time_zone": _zone, "grace": _span, "late": _late, "counts": _counts, "gradings_per_hour": _limit, "files": _patterns, "upload": _words}


def _table(value: Any, where: _Entry) -> Mapping:
    if not isinstance(value, dict):
        raise where.bad(f"is {value!r}, where a table is expected, headed [{'.'.join(where.path)}].")
    return value


def _known(table: Mapping, known: Sequence[str], where: _Entry) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise where.at(key).bad(f"is nothing this file knows; {f'did you mean {near[0]}?' if near else 'it knows ' + ', '.join(known) + '.'}")


def _expected(value, where: _Entry, what: str) -> CourseError:
    return where.bad(f"is {str(value) if isinstance(value, (date, time)) else repr(value)}; expected is {what}.")


def _line(text: str, path: tuple[str, ...]) -> int:
    """The line on which a key stands, or the nearest one above it that the file names; 0 where there is none."""
    lines = text.splitlines()
    depth = next(depth for depth in range(len(path), -1, -1) if _header(lines, path[:depth]) is not None)
    found = start = _header(lines, path[:depth])
    for key in path[depth:]:
        for number in range(start, len(lines)):
            if number != start and lines[number].startswith("["):
                break
            if re.search(rf"""(^|[\s{{,.])["']?{re.escape(key)}["']?\s*[=.]""", lines[number].split("#")[0]):
                found, start = number + 1, number
                break
    return found


def _header(lines: Sequence[str], path: tuple[str, ...]) -> int | None:
    """The number of the line headed [path], 0 for the top of the file, None where there is no such line."""
    wanted = r"\s*\.\s*".join(rf"""["']?{re.escape(part)}["']?""" for part in path)
    return next((number for number, line in enumerate(lines, 1) if re.match(rf"\s*\[+\s*{wanted}\s*\]", line)), None) if path else 0
