"""How attacks look in a terminal: a line for each case and tier, then what does not hold."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Iterable, Iterator

from rich.console import Console
from rich.text import Text


def lines(tiers: list[str], count: int, found: Iterator, *, as_json: bool = False, console: Console | None = None) -> bool:
    """Print the lines as they come; whether every one holds."""
    console, started = console or Console(soft_wrap=True), time.monotonic()
    seen = list(found) if as_json else list(_printed(found, console))
    if as_json:
        print(json.dumps([{**dataclasses.asdict(line), "holds": line.holds} for line in seen], ensure_ascii=False, indent=1))
        return all(line.holds for line in seen)
    bad = sum(not line.holds for line in seen)
    console.print(Text(f"{count} lines in tier{'s' * (len(tiers) > 1)} {', '.join(tiers)}, {time.monotonic() - started:.0f} s: "
                       + ("every promise holds." if not bad else f"{bad} do not hold."), style="red" if bad else "green"))
    return not bad


def _printed(found: Iterable, console: Console) -> Iterator:
    for line in found:
        mark = "✓" if line.holds else "✗"
        console.print(Text(f"{mark} {line.tier}  {line.case:<32} expected {_short(line.expected, 24):<24}  seen {_short(line.seen, 60):<12} {line.seconds:6.1f} s", style="" if line.holds else "red"))
        for promise in line.broken:
            console.print(Text(f"     not kept: {promise}", style="red"))
        yield line


def _short(text: str, most: int) -> str:
    text = "".join(sign if sign.isprintable() else "?" for sign in text)
    return text if len(text) <= most else text[:most - 1] + "…"
