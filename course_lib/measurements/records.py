"""A record: a JSON file that says what was measured, on what, with which versions, when; or that nobody has, and why."""

import datetime
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "measurements"
HEAD = {"what": str, "how": str, "measured": bool, "reason": str, "date": str, "machine": dict, "versions": dict}


def recorded(name, folder=FOLDER):
    """The record assets/measurements/<name>.json, checked.

    Raises FileNotFoundError or ValueError, a sentence, when it is not there or is not a record.

    >>> recorded("gpu")["what"]
    'matrix product and ReLU, n × n, on CPU and GPU'
    """
    path = Path(folder) / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there: recorded measurements lie in assets/measurements of the course's checkout"
        )
    return check(json.loads(path.read_text(encoding="utf-8")), path.name)


def check(record, name="the record"):
    """`record` itself if it has every field of a record; ValueError, with the field, if not.

    A record that is not measured has a reason and neither date, machine nor versions; one that is measured has all three.
    """
    missing = [field for field in HEAD if field not in record]
    if missing:
        raise ValueError(f"{name} has no {', '.join(missing)}: a record has {', '.join(HEAD)}, and its measurements")
    measured = record["measured"]
    if not isinstance(measured, bool):
        raise ValueError(f"measured in {name} is {measured!r}; it is true or false")
    for field, kind in HEAD.items():
        absent = field == "reason" if measured else field in ("date", "machine", "versions")
        value = record[field]
        if absent and value is not None:
            raise ValueError(f"{field} in {name} is {value!r}, but the record says measured: {str(measured).lower()}; it must be null")
        if not absent and (not isinstance(value, kind) or value in ("", {})):
            raise ValueError(f"{field} in {name} is {value!r}; it must be {'a text' if kind is str else 'given'}")
    if measured:
        datetime.date.fromisoformat(record["date"])
    return record


def times(values, n, name):
    """`values` if they are n times in seconds, each finite and above 0; ValueError if not."""
    if not isinstance(values, list) or len(values) != n:
        raise ValueError(f"{name} must be a list of {n} times, one for each size")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value) or value <= 0:
            raise ValueError(f"{name} holds {value!r}; a time is a number of seconds, finite and above 0")
    return values


def today():
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def versions(*packages):
    """{package: version}, of those that are here, and Python's."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            pass
    return found


def cpu_name():
    """The processor's name, as the operating system has it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def write(record, path):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(check(record, path.name), indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
