"""What can be set in the playground: read once from settings.json, which the page reads too.

A state as text is `name=value&…`, for instance "data=spirals&layers=8-8&eta=0.03"; what it does not name stays as it starts.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

SCHEMA = json.loads(Path(__file__).with_name("settings.json").read_text(encoding="utf-8"))
BY_NAME = {setting["name"]: setting for setting in SCHEMA}
START = {setting["name"]: setting["start"] for setting in SCHEMA}


def checked(values: dict) -> dict:
    """All settings, those in `values` checked and the others as they start; or a sentence about the first bad one.

    >>> checked({"eta": 0})
    Traceback (most recent call last):
    ValueError: learning rate must lie between 0.0001 and 10; it is 0.
    """
    unknown = [name for name in values if name not in BY_NAME]
    if unknown:
        raise ValueError(f"The playground has no setting {unknown[0]!r}; it has {', '.join(BY_NAME)}.")
    return {name: _one(setting, values.get(name, setting["start"])) for name, setting in BY_NAME.items()}


def parse(text: str) -> dict:
    """The settings that a pasted text or link holds.

    >>> parse("https://example.org/page#playground?data=XOR&layers=2")["layers"]
    '2'
    """
    pairs = [part.partition("=") for part in text.strip().split("playground?")[-1].split("&") if part]
    if not pairs or any(not between for _, between, _ in pairs):
        raise ValueError(f"{text.strip()[:40]!r} is no state of the playground; one begins like data=moons&n=200.")
    return checked({name: _read(BY_NAME.get(name, {}), value) for name, _, value in pairs})


def as_text(values: dict) -> str:
    """The settings as text: what differs from the start, and the data.

    >>> as_text({**START, "eta": 0.5})
    'data=moons&eta=0.5'
    """
    values = checked(values)
    named = [name for name in BY_NAME if name == "data" or values[name] != START[name]]
    return "&".join(f"{name}={','.join(v) if isinstance(v := values[name], list) else v}" for name in named)


def sizes(layers: str) -> list[int]:
    """The hidden layers of "8-4" as [8, 4].

    >>> sizes("8-4"), sizes("none")
    ([8, 4], [])
    """
    return [] if layers == "none" else [int(n) for n in layers.split("-")]


def _read(setting: dict, value: str):
    if setting.get("kind") == "some":
        return [each for each in value.split(",") if each]
    if setting.get("kind") == "number":
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _one(setting: dict, value):
    word, kind = setting["word"], setting["kind"]
    if kind == "choice":
        known = [option for option, _ in setting["options"]]
        if value not in known:
            raise ValueError(f"{word} is one of {', '.join(known)}; it is {value!r}.")
        return value
    if kind == "some":
        known = [option for option, _ in setting["options"]]
        strange = [each for each in value if each not in known] if isinstance(value, (list, tuple)) else [value]
        if strange:
            raise ValueError(f"{word} are some of {', '.join(known)}; {strange[0]!r} is none.")
        if not value:
            raise ValueError(f"The network sees nothing: choose at least one of the {word}.")
        return [each for each in known if each in value]
    if kind == "sizes":
        return _layers(setting, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{word} needs a number; it is {value!r}.")
    if not setting["low"] <= value <= setting["high"]:
        raise ValueError(f"{word} must lie between {setting['low']} and {setting['high']}; it is {value:g}.")
    if setting.get("whole") and value != int(value):
        raise ValueError(f"{word} must be a whole number; it is {value:g}.")
    return int(value) if setting.get("whole") else float(value)


def _layers(setting: dict, value) -> str:
    text = str(value).replace(" ", "").lower() or "none"
    if text in ("none", "0"):
        return "none"
    parts = text.split("-")
    if not all(part.isdecimal() and part.isascii() and len(part) < 6 for part in parts):
        raise ValueError(f"hidden units are written as 8-4, one number a layer, or none; this is {str(value)[:30]!r}.")
    if len(parts) > setting["most_layers"]:
        raise ValueError(f"The playground has room for {setting['most_layers']} hidden layers; these are {len(parts)}.")
    if any(not 1 <= int(part) <= setting["most_units"] for part in parts):
        raise ValueError(f"A hidden layer has 1 to {setting['most_units']} units here; this is {text}.")
    return "-".join(str(int(part)) for part in parts)
