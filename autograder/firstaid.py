"""First help for code that does not even return, before any mistake of the mathematics is guessed.

`explain_error` says in a sentence what an error means and in which line it happened, from the catalogue of the errors
that students really meet; `explain_missing` why a name is not there; `explain_result` what a result is that is no answer.
"""

from __future__ import annotations

import builtins
import difflib
import linecache
import re
import symtable
import traceback
import types
from typing import Iterable, NamedTuple

import numpy as np

from .firstaid_catalogue import ERRORS, Aid


MOST_SOURCE = 200_000        # characters of a cell that are read for the names in it; nobody writes that many


class Notebook(NamedTuple):
    """The student's cells at one moment: those that were run, each with its error or None, and those still to come."""

    ran: tuple[tuple[str, Exception | None], ...] = ()
    ahead: tuple[str, ...] = ()


# ---------------------------------------------------------------- errors

def find(kinds: Iterable[str], text: str) -> tuple[Aid, tuple] | None:
    """The entry of the catalogue for an error of these kinds (itself and what it derives from), and what its pattern caught."""
    kinds = set(kinds)
    for aid in ERRORS:
        found = re.search(aid.pattern, text) if aid.kind in kinds else None
        if found:
            return aid, found.groups()
    return None


def explain(kind: str, text: str = "", line: int | None = None, source: str = "", kinds: Iterable[str] = ()) -> str:
    """One sentence on an error, with the line of the student's code that raised it where that is known."""
    found = find({kind, *kinds}, text)
    if found:
        aid, caught = found
        sentence = re.sub(r"\b1 (argument|column|row|name|value|number)s\b", r"1 \1", aid.sentence.format(*caught))
    else:
        sentence = f"It raises {kind}: {text[:200]}." if text else f"It raises {kind}."
    return sentence + _place(line, source)


def explain_error(error: Exception, told: bool = True, further: bool = True) -> str:
    """One sentence on an error of the student's code, raised here or in the student's process.

    Of a name that is missing it says why, where `further`. An error met on a hidden case is not `told`: its text, its
    line and a name of its own could carry the case's numbers.
    """
    if getattr(error, "late", None) is not None:                    # the process ended, in the middle of a call or a cell
        return f"{error.reason[0].upper()}{error.reason[1:]}" + (": is there a loop that never ends?" if error.late else ".")
    kinds = [kind.__name__ for kind in type(error).__mro__]
    if not told:
        return explain(kind_shown(error, told=False), kinds=[kind for kind in kinds if hasattr(builtins, kind)])
    line, source = _where(error)
    notebook = getattr(error, "notebook", None) if further else None
    name = re.search(r"name '(\w+)' is not defined", str(error)) if isinstance(error, NameError) else None
    found = find(kinds, str(error))
    if name and notebook and found and found[0].name == "the name is not defined":
        return explain_missing(name[1], notebook) + _place(line, source)
    return explain(kind_shown(error), str(error), line, source, kinds)


def kind_shown(error: Exception, told: bool = True) -> str:
    """The kind of an error as a student knows it: not NumPy's private names and, where it may not be `told`, no name of the student's own."""
    for kind in type(error).__mro__:
        name = kind.__name__
        if hasattr(builtins, name) or told and not name.startswith("_") and name not in ("StudentError", "UFuncTypeError"):
            return name
    return "Exception"


def _place(line, source):
    source = (source or "").strip()[:200]
    if type(line) is not int:
        return ""
    return f" It happens in `{source}` (line {line} of its cell)." if source else f" It happens in line {line} of its cell."


def _where(error):
    """(line, source) of the last line of a cell or script that an error passed through; (None, "") where there is none."""
    if hasattr(error, "line"):                                      # it comes from the student's process, which looked itself
        return error.line, error.source
    if isinstance(error, SyntaxError):
        return error.lineno, error.text or linecache.getline(error.filename or "", error.lineno or 0)
    import __main__
    script = getattr(__main__, "__file__", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename == script or "ipykernel" in frame.filename or frame.filename.startswith("<ipython-input")]
    return (frames[-1].lineno, frames[-1].line) if frames else (None, "")


# ---------------------------------------------------------------- names

def explain_missing(name: str, notebook: Notebook | None = None) -> str:
    """Why a name is not there, as far as the notebook's cells tell; the notebook is None where nobody has read it."""
    if notebook is None:
        return f"Was the cell that defines `{name}` run, did it raise an error, and is the name spelled as the question spells it?"
    defined = {}
    for source, error in notebook.ran:
        defined |= dict.fromkeys(names_in(source)[0], error)
    if isinstance(defined.get(name), Exception):
        return f"The cell that should define `{name}` stops before its end. {explain_error(defined[name], further=False)}"
    if name in defined:
        return f"A cell that was run defines `{name}`, but only under a condition that does not hold, or `del` takes it away again."
    if any(name in names_in(source)[0] for source in notebook.ahead):
        return f"`{name}` is defined in a cell further down: cells are run from the top, so move that cell up."
    if any(name in names_in(source)[1] for source, _ in notebook.ran):
        return f"`{name}` exists only inside the function that makes it: return it from there, and give what comes back a name."
    near = difflib.get_close_matches(name, defined, n=1, cutoff=.75)
    slip = f" Is it a slip for `{near[0]}`?" if near else ""
    return (f"`{name}` is defined in no cell of the notebook.{slip} If it worked for you, the kernel still remembered a cell that has been changed or "
            "deleted since: *Restart Kernel and Run All Cells* shows what the grader sees.")


def names_in(source: str) -> tuple[set[str], set[str]]:
    """(the names that a cell defines, those that exist only inside its functions); by their looks where Python cannot read the cell."""
    if len(source) > MOST_SOURCE:
        return set(), set()
    try:
        table = symtable.symtable("\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = re.findall(r"^[ \t]*(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=", source, flags=re.M)
        return {name for pair in found for name in pair if name}, set()
    inside, waiting = set(), list(table.get_children())
    while waiting:
        inner = waiting.pop()
        waiting += inner.get_children()
        if inner.get_type() == "function":
            inside |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_assigned() and symbol.is_local()}
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}, inside


# ---------------------------------------------------------------- results

def explain_result(value, printed: str = "", expected=None, told: bool = True) -> str | None:
    """One sentence on a result that is no answer at all: None, printed instead of returned, text, a function, `...`; else None.

    Of a result on a hidden case the name is not `told`: the student's code could have put the case's numbers there.
    """
    what, name = what_is(value)
    if what == "none":
        return ("It prints its result and returns None: `return` the value instead of printing it." if printed.strip() else
                "It returns None: is there still a `...` to replace, or is a `return` missing at its end?")
    if what == "text":
        return None if isinstance(expected, str) else "It is text: numbers stand without quotation marks."
    if what == "sequence":
        return _explain_items(value, expected)
    asked = what == "number" or what != "object array" and type(value) is type(expected)
    return None if asked else WHAT_IT_IS[what].format(name if told else "…")


WHAT_IT_IS = {
    "dots": "It is still `...`: replace the dots by your own.",
    "function": "It is the function `{0}` itself: call it with brackets.",
    "class": "It is the class `{0}` itself: make an object of it, with round brackets behind its name.",
    "module": "It is the module `{0}` itself: what is needed comes after a dot, `{0}.…`.",
    "generator": "It is a generator, which holds no numbers yet: put square brackets around its `for`, or collect the values in a list and return that.",
    "object array": "It is an array of Python objects, not of numbers: one of its places holds None, text, or a list of another length.",
    "dictionary": "It is a dictionary: return the numbers themselves.",
    "set": "It is a set, which keeps no order and no number twice: return a list or an array.",
    "object": "It is an object of type {0}, not numbers.",
}


def what_is(value) -> tuple[str, str]:
    """(what a result is, its name), alike for a value of this process and for one that stayed in the student's."""
    if type(value).__name__ == "Proxy":
        _, _, _, kind, name, type_name = value._of
        if type_name in ("ellipsis", "ndarray", "module"):
            return {"ellipsis": "dots", "ndarray": "object array", "module": "module"}[type_name], name
        return {"function": "function", "class": "class", "iterator": "generator"}.get(kind, "object"), name if kind in ("function", "class") else type_name
    if isinstance(value, types.ModuleType):
        return "module", value.__name__
    if isinstance(value, np.ndarray):
        return ("object array" if value.dtype.kind == "O" else "text" if value.dtype.kind in "US" else "number"), ""
    for kinds, what in (((type(None),), "none"), ((types.EllipsisType,), "dots"), ((str, bytes), "text"), ((dict,), "dictionary"), ((set, frozenset), "set"), ((list, tuple), "sequence"),
                        ((bool, int, float, complex, np.generic, range), "number"), ((type,), "class")):
        if isinstance(value, kinds):
            return what, getattr(value, "__name__", "")
    if callable(value):
        return "function", getattr(value, "__name__", type(value).__name__)
    return ("generator" if hasattr(value, "__next__") else "object"), type(value).__name__


def _explain_items(value, expected):
    """What is wrong in a list or tuple that should hold numbers; None where nothing of this sort is."""
    if isinstance(expected, (tuple, list, dict)):
        return None                                                 # several things are asked for, and each is looked at by itself
    if isinstance(value, tuple) and len(value) == 1:
        return "It is a tuple of one: take away the comma at the end of the `return` line."
    inside = {what_is(item)[0] for item in value}
    for what, words in (("none", "None: is a `return` missing in a function that it calls, or is `append` or `print` used for its result?"), ("dots", "`...`: replace the dots by your own."),
                        ("text", "text: numbers stand without quotation marks."), ("function", "functions: call them with brackets.")):
        if what in inside:
            return f"Some of its places hold {words}"
    return None
