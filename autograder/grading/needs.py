"""Which test cells only the student's own interpreter can run, read off their text.

A cell that patches the student's module or evaluates text as code has to be where the student's code is: here it would do nothing, or
would run what the student wrote. What cannot be read off the text raises `standins.NeedsInterpreter` when it happens.
"""

from __future__ import annotations

import ast

RUNS_TEXT = {"eval", "exec", "compile", "__import__", "run_path", "run_module", "import_module", "sympify", "parse_expr", "lambdify", "read_pickle"}
UNPICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
OF_THE_INTERPRETER = {"__main__": "looks into the notebook's own module", "get_ipython": "asks for the notebook's own shell", "tempfile": "writes files outside the notebook's folder",
                      "gc": "looks at the interpreter's memory", "ctypes": "looks at the interpreter's memory", "_getframe": "looks at the interpreter's frames",
                      "tracemalloc": "measures the interpreter's memory", "settrace": "follows the interpreter's steps", "setprofile": "follows the interpreter's steps", "dis": "reads compiled code",
                      "getclosurevars": "reads compiled code", "subprocess": "starts a program", "importlib": "imports by name", "runpy": "runs a file", "nbimporter": "runs a notebook", "cProfile": "follows the interpreter's steps"}
HARMLESS_PATCHES = ("builtins.input", "builtins.print", "sys.stdout", "sys.stderr")
LINE_MAGICS = {"matplotlib", "config", "load_ext", "reload_ext", "autoreload", "pip", "conda", "precision", "pylab", "time", "timeit", "autosave", "system", "sx"}
CELL_MAGICS = {"time", "timeit"}


def interpreter(tree: ast.AST) -> str | None:
    """Why a test cell has to run in the student's interpreter, as the end of "This cell …"; None where it need not."""
    for node in ast.walk(tree):
        reason = _call(node) if isinstance(node, ast.Call) else _identity(node) if isinstance(node, ast.Compare) else _import(node)
        if reason:
            return reason
    return None


def _call(node) -> str | None:
    name = _last(node.func)
    literal = bool(node.args) and isinstance(node.args[0], ast.Constant)
    if name in ("eval", "query") and isinstance(node.func, ast.Attribute) and not literal:
        return f"runs text as code ({name})"                   # pandas evaluates it: only the cell's own may run here
    if name in ("eval", "exec", "compile") and isinstance(node.func, ast.Attribute):
        return None                                            # re.compile
    if name in RUNS_TEXT and not (literal and name in ("eval", "exec", "compile", "import_module", "__import__", "sympify", "parse_expr")):
        return f"runs text as code ({name})"
    if name in ("load", "loads") and isinstance(node.func, ast.Attribute) and _last(node.func.value) in UNPICKLES:
        return "loads objects from a file (pickle)"
    if any(word.arg == "allow_pickle" and not (isinstance(word.value, ast.Constant) and word.value.value is False) for word in node.keywords):
        return "loads objects from a file (pickle)"
    if name == "patch" or isinstance(node.func, ast.Attribute) and _last(node.func.value) == "patch":
        return None if name == "patch" and literal and node.args[0].value in HARMLESS_PATCHES else "replaces a part of the student's code (patch)"
    if name in ("run_line_magic", "run_cell_magic"):
        known = LINE_MAGICS if name == "run_line_magic" else CELL_MAGICS
        return None if literal and node.args[0].value in known else f"uses the magic %{node.args[0].value if literal else '…'}"
    return None


def _identity(node) -> str | None:
    """`type(x) is Vector`, for a class that is not built in."""
    import builtins
    sides = [node.left, *node.comparators]
    if any(isinstance(how, (ast.Is, ast.IsNot)) for how in node.ops) and any(isinstance(side, ast.Call) and _last(side.func) == "type" for side in sides):
        if any(isinstance(side, ast.Name) and not hasattr(builtins, side.id) for side in sides):
            return "asks whether a class is the very same"
    return None


def _import(node) -> str | None:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        found = next((name.split(".")[0] for name in modules if name.split(".")[0] in OF_THE_INTERPRETER), None)
        return OF_THE_INTERPRETER[found] if found else None
    if isinstance(node, ast.Attribute) and (node.attr == "_getframe" or _last(node.value) == "get_ipython" or isinstance(node.value, ast.Call) and _last(node.value.func) == "get_ipython" and node.attr not in ("run_line_magic", "run_cell_magic", "system", "getoutput")):
        return OF_THE_INTERPRETER.get(node.attr) or OF_THE_INTERPRETER["get_ipython"]
    if isinstance(node, ast.Attribute) and node.attr == "modules" and _last(node.value) == "sys":
        return OF_THE_INTERPRETER["__main__"]
    if isinstance(node, ast.Attribute) and node.attr == "main" and _last(node.value) == "unittest":
        return "lets unittest look into the notebook's own module"
    return None


def _last(node) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
