"""The palette, for Python. It stands once, in assets/palette.json of the checkout; `shared/palette.js`, which the figures
import and an installed package carries, is written from it:  python -m course_lib.widgets.palette  (a test compares them)."""

from __future__ import annotations

import json
from pathlib import Path

from course_lib.widgets import FOLDER

SOURCE = FOLDER.parent.parent / "assets" / "palette.json"
MODULE = FOLDER / "shared" / "palette.js"
_BEFORE = "// Written from assets/palette.json by `python -m course_lib.widgets.palette`; change it there.\nexport default "


def palette() -> dict:
    """The colours by name, as in assets/palette.json.

    >>> palette()["class0"], palette()["class1"]
    ('#0072B2', '#E69F00')
    """
    return json.loads(MODULE.read_text(encoding="utf-8").removeprefix(_BEFORE).rstrip(";\n"))


def blend(p: float) -> str:
    """The colour of probability p: class 0's at 0, near-white at .5, class 1's at 1.

    >>> blend(0), blend(.5), blend(1)
    ('#0072B2', '#F7F7F3', '#E69F00')
    """
    colours = palette()
    end = colours["class1" if p >= 0.5 else "class0"]
    share = abs(2 * p - 1)
    mixed = (round(h + share * (e - h)) for h, e in zip(_rgb(colours["half"]), _rgb(end)))
    return "#" + "".join(f"{part:02X}" for part in mixed)


def module_text(source: Path = SOURCE) -> str:
    """What `shared/palette.js` must hold."""
    return _BEFORE + json.dumps(json.loads(source.read_text(encoding="utf-8")), indent=1) + ";\n"


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


if __name__ == "__main__":
    MODULE.write_text(module_text(), encoding="utf-8", newline="\n")
