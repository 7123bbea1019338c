"""First help for code that does not even return: the errors that students really meet, each in a sentence and with its line.

This comes before any mistake of the mathematics is guessed. An entry is a kind of error, a pattern that its text must
hold, and the sentence; the first that fits is used.
"""

from __future__ import annotations

import re

ERRORS = [
    ("NotImplementedError", "", "It is still to be written: replace the line that raises NotImplementedError by your own."),
    ("NameError", r"name '(\w+)' is not defined", "The name `{0}` is not defined. Was the cell that defines it run, is it spelled so elsewhere, or is an import missing?"),
    ("UnboundLocalError", r"variable '(\w+)'", "`{0}` is used inside the function before it is given a value there."),
    ("IndentationError", "", "The indentation is broken: lines of one block begin in the same column, four spaces deeper than the line with the colon."),
    ("TabError", "", "Tabs and spaces are mixed: use four spaces."),
    ("SyntaxError", r"was never closed", "A bracket is opened and never closed."),
    ("SyntaxError", r"expected ':'", "A colon is missing at the end of the line."),
    ("SyntaxError", r"(?i)unterminated string", "A quotation mark is opened and never closed."),
    ("SyntaxError", "", "Python cannot read the line: look for a missing bracket, comma or colon there or just above."),
    ("ModuleNotFoundError", r"No module named '([\w.]+)'", "`{0}` is not there when homework is graded: use NumPy and what you wrote yourself."),
    ("TypeError", r"can't multiply sequence by non-int|unsupported operand type\(s\) for -: 'list'|can only concatenate list", "A Python list does no arithmetic: make it an array first, `np.asarray(x)`."),
    ("TypeError", r"only (length-1|0-dimensional|size-1) arrays can be converted", "A function for one number (such as `math.exp`) met a whole array: use NumPy's, `np.exp`."),
    ("TypeError", r"missing (\d+) required positional argument", "It is called with fewer arguments than your `def` line asks for: check the order and the number of its parameters."),
    ("TypeError", r"takes (\d+) positional arguments? but (\d+)", "It is called with {1} arguments, but your `def` line takes {0}."),
    ("TypeError", r"'NoneType'", "Something is None: most often a function that ends without `return`."),
    ("TypeError", r"object is not callable", "Something that is no function is called with brackets: a name was overwritten, or a `*` is missing before a bracket."),
    ("TypeError", r"object is not subscriptable|invalid index to scalar", "A single number is indexed with brackets as if it were a list."),
    ("TypeError", r"'numpy\.float64' object cannot be interpreted as an integer|slice indices must be integers", "A place in an array must be a whole number: use `int(…)` or `//`."),
    ("ValueError", r"operands could not be broadcast together with shapes (\([^)]*\)) (\([^)]*\))", "Shapes {0} and {1} do not fit together, number by number. Print both shapes just before that line."),
    ("ValueError", r"matmul: .*mismatch|shapes \([^)]*\) and \([^)]*\) not aligned", "The matrix product does not fit: in `A @ B`, A has as many columns as B has rows."),
    ("ValueError", r"truth value of an array", "`if` met a whole array and cannot decide: use `np.where(condition, a, b)`, or `.all()`."),
    ("ValueError", r"inhomogeneous|setting an array element with a sequence", "The rows of the list have different lengths, so it is no array."),
    ("ValueError", r"too many values to unpack|not enough values to unpack", "The number of names on the left differs from the number of values on the right."),
    ("IndexError", "", "A place is asked for that the array does not have: Python counts from 0, and the last of N is N − 1."),
    ("KeyError", "", "A key is asked for that the dictionary does not have."),
    ("AttributeError", r"'list' object has no attribute '(\w+)'", "A Python list has no `.{0}`: make it an array first, `np.asarray(x)`."),
    ("AttributeError", r"'NoneType' object has no attribute '(\w+)'", "Something is None where `.{0}` is asked of it: most often a function that ends without `return`."),
    ("AttributeError", r"module '?(\w+)'? has no attribute '(\w+)'", "`{0}` has no `{1}`: check the spelling."),
    ("OverflowError", "", "A number became too large for the computer: `math.exp` fails from 710 on. Rewrite the formula so that no large exponential appears."),
    ("ZeroDivisionError", "", "Something is divided by zero."),
    ("RecursionError", "", "The function calls itself without end."),
    ("MemoryError", "", "It asked for more memory than it may have: an array far larger than the data."),
    ("SystemExit", "", "The code ends the program (`exit`, `quit` or `sys.exit`): a function returns instead."),
    ("KeyboardInterrupt", "", "The code was interrupted."),
    ("AssertionError", "", "An `assert` of your own does not hold."),
    ("EOFError", "", "`input()` waits for somebody to type: take the value as an argument instead."),
]


def explain(kind: str, text: str = "", line: int | None = None, source: str = "") -> str:
    """One sentence on an error, with the line of the student's code that raised it where that is known."""
    sentence = f"It raises {kind}: {text[:200]}." if text else f"It raises {kind}."
    for name, pattern, words in ERRORS:
        found = re.search(pattern, text) if name == kind else None
        if found:
            sentence = words.format(*found.groups())
            break
    where = f" It happens in `{source.strip()}` (line {line} of its cell)." if line and source.strip() else f" It happens in line {line} of its cell." if line else ""
    return sentence + where


def explain_result(value, printed: str = "", expected=None) -> str | None:
    """One sentence on a result that is no answer at all: None, printed instead of returned, text, a function, `...`."""
    if value is None and printed.strip():
        return "It prints its result and returns None: `return` the value instead of printing it."
    if value is None:
        return "It returns None: is there still a `...` to replace, or is a `return` missing at its end?"
    if value is Ellipsis or type(value).__name__ == "ellipsis":
        return "It is still `...`: replace the dots by your own."
    if isinstance(value, str) and not isinstance(expected, str):
        return "It is text: numbers stand without quotation marks."
    if type(value).__name__ == "Proxy" or callable(value):
        return f"It is {_object(value)}, not numbers."
    return None


def _object(value):
    described = getattr(value, "_of", None)
    if described is None:
        return "a function: call it with brackets"
    _, _, _, kind, name, _ = described
    return f"the function `{name}` itself: call it with brackets" if kind == "function" else f"{name}"
