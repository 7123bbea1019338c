"""Draws the still figures of the lectures:  python assets/figures/draw.py [L02 …]  (a test compares them with what is here).

Each lecture has a file of its own beside this one, L02.py for instance, whose `figures()` gives
{file name: (SVG text, description in words)}.
"""

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))


def lectures() -> list[str]:
    """The names of all files that draw."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.name != "draw.py")


def figures(*names: str) -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words), of the lectures named, or of all."""
    drawn = {}
    for name in names or lectures():
        spec = importlib.util.spec_from_file_location(f"figures_{name}", HERE / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for file, picture in module.figures().items():
            if file in drawn or not file.startswith(name):
                raise ValueError(f"{name}.py draws {file}: a picture is named after its lecture, and drawn once.")
            drawn[file] = picture
    return drawn


if __name__ == "__main__":
    for file, (svg, description) in figures(*sys.argv[1:]).items():
        (HERE / file).write_text(svg, encoding="utf-8", newline="\n")
        print(file, description, sep="\n  ")
