"""Who is who: the class, and which of them a learning platform means by a number, a name, an address.

The class is the gradebook's students; a CSV adds what the platform calls them. Canvas's exported gradebook, Moodle's
grading worksheet or list of participants, and nbgrader's own list of students are read by their headings.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import unicodedata
from pathlib import Path
from typing import Iterable

from ..errors import CourseError

MOST_BYTES = 20 << 20
HEADINGS = {                         # what a column is called, in lower case → what it is
    "id": ("id", "student id", "student_id", "username", "user name", "sis login id", "login id", "sis user id", "id number", "matriculation number"),
    "name": ("student", "student name", "name", "full name"), "first": ("first name", "first_name", "firstname", "given name"),
    "last": ("last name", "last_name", "lastname", "surname", "family name"), "email": ("email", "email address", "e-mail", "e-mail address"),
    "number": ("lms_user_id", "identifier", "canvas id", "participant")}


@dataclasses.dataclass(frozen=True)
class Person:
    """A student: the id that nbgrader uses, and what others may call them."""

    id: str
    names: frozenset[str] = frozenset()          # folded, in both orders
    numbers: frozenset[str] = frozenset()        # the learning platform's
    aliases: frozenset[str] = frozenset()        # login names, addresses, matriculation numbers; folded


class Roster:
    """The class. Each way of naming a student is used only where it names one."""

    def __init__(self, people: Iterable[Person]):
        self.people = {person.id: person for person in people}

    def __len__(self):
        return len(self.people)

    def by_number(self, number: str) -> list[str]:
        return [person.id for person in self.people.values() if number in person.numbers]

    def by_name(self, name: str) -> list[str]:
        return [person.id for person in self.people.values() if folded(name) in person.names]

    def by_alias(self, word: str) -> list[str]:
        return [person.id for person in self.people.values() if folded(word) in person.aliases]


def folded(text: str) -> str:
    """Letters and digits alone, without accents or capitals: Canvas and Moodle change all else in names.

    >>> folded("O'Neil, Zoë"), folded("oneilzoe")
    ('oneilzoe', 'oneilzoe')
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("ł", "l").casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def person(id: str, first: str = "", last: str = "", name: str = "", email: str = "", numbers: Iterable[str] = (), aliases: Iterable[str] = ()) -> Person:
    first, last, name = first or "", last or "", name or ""
    names = {folded(f"{a}{b}") for a, b in ((first, last), (last, first))} | {folded(name)}
    if "," in name:                                  # "Lovelace, Ada"
        surname, given = name.split(",", 1)
        names |= {folded(given + surname), folded(surname + given)}
    elif " " in name.strip():                        # "Ada Lovelace", which Canvas turns round
        *given, surname = name.split()
        names |= {folded(surname + "".join(given))}
    words = {id, email or "", (email or "").split("@")[0], *aliases}
    return Person(id, frozenset(names - {""}), frozenset(number for number in numbers if number), frozenset(folded(word) for word in words) - {""})


def roster(gradebook, path: Path | None = None) -> Roster:
    """The gradebook's students and those of a CSV; `CourseError` where the CSV cannot be understood."""
    people = {student.id: person(student.id, student.first_name, student.last_name, "", student.email, [student.lms_user_id or ""]) for student in gradebook.students}
    for row in _rows(path) if path is not None else ():
        told = _told(row)
        known = _known(people, told)
        identity = known or next((word for word in [*told["ids"], told["email"].split("@")[0]] if word), "")
        if not _fit(identity):                       # such as Canvas's row of points possible
            continue
        new = person(identity, told["first"], told["last"], told["name"], told["email"], told["numbers"], told["ids"])
        old = people.get(identity, Person(identity))
        people[identity] = Person(identity, old.names | new.names, old.numbers | new.numbers, old.aliases | new.aliases)
    return Roster(people.values())


def _fit(identity: str) -> bool:
    """Whether a word may be a student's id: it becomes the name of a folder."""
    return bool(re.fullmatch(r"[^\x00-\x1f/\\+]{1,100}", identity)) and identity not in (".", "..") and not identity.startswith("-")


def _known(people, told) -> str:
    """The gradebook's student whom a row means, by id, address or name; "" where it is not one."""
    words = {folded(word) for word in [*told["ids"], told["email"], told["email"].split("@")[0]]} - {""}
    found = [one.id for one in people.values() if folded(one.id) in words or one.aliases & words]
    if len(found) != 1:
        names = person("", told["first"], told["last"], told["name"]).names
        found = [one.id for one in people.values() if one.names & names]
    return found[0] if len(found) == 1 else ""


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CourseError(f"{path} is too large for a list of students.")
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=first.count)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    headings = {heading.strip().casefold() for heading in (rows[0] if rows else ()) if heading}
    if not headings & {word for words in HEADINGS.values() for word in words}:
        raise CourseError(f"{path} has no heading that is known: expected are, for example, id, first_name, last_name, email, lms_user_id (as nbgrader imports them), "
                          "or the columns that Canvas's gradebook or Moodle's grading worksheet export.")
    return [{(heading or "").strip().casefold(): (value or "").strip() for heading, value in row.items() if isinstance(value, str)} for row in rows]


def _told(row: dict[str, str]) -> dict:
    """What a row says: names, address, ids, and the platform's number."""
    canvas = "sis login id" in row or "sis user id" in row           # there `ID` is Canvas's own number
    said = {kind: next((row[word] for word in words if row.get(word)), "") for kind, words in HEADINGS.items()}
    ids = [row[word] for word in HEADINGS["id"] if row.get(word) and not (canvas and word == "id")]
    numbers = [said["number"], *re.findall(r"\d+$", said["number"]), *([row.get("id", "")] if canvas else [])]      # Moodle: "Participant 1234"
    return {**said, "ids": ids, "numbers": [number for number in numbers if number]}
