"""What stands, in a test cell of nbgrader's kind, for an object of the student's.

Such a cell was written for one interpreter: it calls methods, adds objects, asks `isinstance`, catches the student's
own exceptions. A stand-in passes what is asked on to the student's process, under one rule: **an answer is data, and the
student's code is not told what is expected of it while it still can answer.**

- Calls, attributes, items, iteration, `len`, `bool`, `float`, `str`, `isinstance`: passed on. Whoever lies there has given
  another answer, no more.
- Arithmetic and comparisons of a stand-in with a value of the test cell's: passed on where the test cell itself made the
  object (``Vector(1, 2) * 3``), refused where the student's function handed an object over for a number
  (``abs(f(3) - 9.0) < 1e-6`` would else be whatever its ``__sub__`` says). In between, an object that a method of a class
  in the cell handed over may be computed with, flagged, as long as no number comes out (``(v.scaled(2) * 3).x``).
- Comparisons of the student's objects with each other (``v + w == Vector(4, 6)``): the student's ``__eq__`` decides, because
  nothing else can. The cell is then *flagged*: it says so, and a person should look.
"""

from __future__ import annotations

import builtins
import collections.abc
import inspect
import json
import os
import random
import sys
import time
import types
import weakref

import numpy as np

from ..sandbox import tables
from ..sandbox.session import Proxy, StudentError, StudentGone, StudentSession, Surroundings
from ..sandbox.wire import Table

MOST_PRINTED = 4 << 20        # characters that a test cell may hear of what the student's code prints
BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
COMPARE = "eq ne lt le gt ge".split()
UNARY = {"neg": "operator.neg", "pos": "operator.pos", "invert": "operator.invert", "abs": "builtins.abs", "len": "builtins.len", "float": "builtins.float", "int": "builtins.int",
         "complex": "builtins.complex", "index": "operator.index", "bool": "builtins.bool", "str": "builtins.str", "reversed": "builtins.reversed", "hash": "builtins.hash",
         "copy": "copy.copy"}
READ = frozenset("__name__ __qualname__ __doc__ __annotations__ __defaults__ __kwdefaults__ __code__ __closure__ __bases__ __mro__ __dict__ __dataclass_fields__ __members__ __wrapped__ __cause__".split()
                 + [f"__{name}__" for name in (*BINARY, *(f"r{name}" for name in BINARY), "len", "getitem", "setitem", "delitem", "contains", "iter", "next", "call", "neg", "abs", "init",
                                               "enter", "exit", "bool", "str", "repr", "hash", "float", "int")])     # special names that may be asked for by name


class NeedsInterpreter(BaseException):
    """The test cell does something that only the student's own interpreter can; `str` says what. No `except` of the cell's catches it."""


class StandIn(Proxy):
    """An object of the student's, for a test cell. `_made`: the test cell itself made it, by calling a class that it names;
    `_told`: it has seen a value of the test cell's and was not made there; `_name`: what the test cell calls it;
    `_theirs`: got from an object that was not made there, nor is a class that the cell names."""

    def __init__(self, crossing, number, kind, name, type_name, kinds):
        super().__init__(crossing.session, number, kind, name, type_name)
        object.__setattr__(self, "_crossing", crossing)
        object.__setattr__(self, "_kinds", kinds)
        object.__setattr__(self, "_made", False)
        object.__setattr__(self, "_told", False)
        object.__setattr__(self, "_name", "")
        object.__setattr__(self, "_theirs", False)

    def __call__(self, *args, **kwargs):
        self._crossing.tables_may_cross = not self._theirs
        try:
            result = super().__call__(*args, **kwargs)
        finally:
            self._crossing.tables_may_cross = False
        if self._of[3] == "class" and self._crossing.speaks_of(self._name) and isinstance(result, StandIn):
            object.__setattr__(result, "_made", True)
        return result

    def __getattribute__(self, name):
        if name in READ:
            return object.__getattribute__(self, "_crossing").attribute(self, name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__") or name.startswith(("_ipython_", "_repr_")):
            raise AttributeError(name)
        return self._crossing.attribute(self, name)

    def __setattr__(self, name, value):
        self._crossing.operate("builtins.setattr", self, name, value)

    def __delattr__(self, name):
        self._crossing.operate("builtins.delattr", self, name)

    @property
    def __class__(self):
        return self._crossing.class_of(self)

    @property
    def __signature__(self):
        if self._of[3] not in ("function", "class"):
            raise AttributeError("__signature__")
        return inspect.Signature([inspect.Parameter(name, inspect._ParameterKind(kind), default=default if has else inspect.Parameter.empty)
                                  for name, kind, has, default in self._crossing.attribute(self, "__signature__")], __validate_parameters__=False)

    def __instancecheck__(self, value):
        return self._crossing.asks("builtins.isinstance", value, self)

    def __subclasscheck__(self, value):
        return self._crossing.asks("builtins.issubclass", value, self)

    def __mro_entries__(self, bases):
        self._crossing.need(f"derives a class from the student's {self._of[4]}")

    def __contains__(self, item):
        if self._made or isinstance(item, StandIn):
            return bool(self._crossing.operate("operator.contains", self, item))
        return any(one is item or one == item for one in self)

    def __getitem__(self, place):
        return self._crossing.operate("operator.getitem", self, place)

    def __setitem__(self, place, value):
        self._crossing.operate("operator.setitem", self, place, value)

    def __delitem__(self, place):
        self._crossing.operate("operator.delitem", self, place)

    def __iter__(self):
        return self if self._of[3] == "iterator" else iter(self._crossing.operate("builtins.iter", self))

    def __round__(self, digits=None):
        return self._crossing.computed(self, self._crossing.operate("builtins.round", self, *(() if digits is None else (digits,))))

    def __format__(self, how):
        return str(self._crossing.computed(self, self._crossing.operate("builtins.format", self, how)))

    def __repr__(self):
        if self._of[3] != "object":
            return super().__repr__()
        return str(self._crossing.operate("builtins.repr", self))

    def __await__(self):
        return _finished(self._crossing.operate("wait_for", self)).__await__()

    def __deepcopy__(self, memo):
        return self._crossing.operate("copy.deepcopy", self)


async def _finished(value):
    return value


def _binary(name):
    def forward(self, other):
        return self._crossing.compute(name, self, other, self)

    def reflected(self, other):
        return self._crossing.compute(name, other, self, self)
    setattr(StandIn, f"__{name}__", forward)
    setattr(StandIn, f"__r{name}__", reflected)


def _compare(name):
    def forward(self, other):
        return self._crossing.compare(name, self, other)
    setattr(StandIn, f"__{name}__", forward)


def _unary(name, operation):
    def forward(self):
        result = self._crossing.operate(operation, self)
        return result if name in ("str", "copy", "hash", "len", "reversed") else self._crossing.computed(self, result)
    setattr(StandIn, f"__{name}__", forward)


for _name in BINARY:
    _binary(_name)
for _name in COMPARE:
    _compare(_name)
for _name, _operation in UNARY.items():
    _unary(_name, _operation)


class CrossedError(StudentError):
    """An error of the student's; its own attributes are asked for where it was raised."""

    raised = None

    def __getattr__(self, name):
        if name.startswith("__") or self.raised is None:
            raise AttributeError(name)
        return getattr(self.raised, name)


class Crossing(Surroundings):
    """What goes back and forth between the test cells of one notebook and the student's process.

    `spelled` are the names that the present test cell reads; `flags` says what the student's code was let decide in the present cell.
    """

    def __init__(self, session: StudentSession, find=lambda name: None):
        self.session, self.find, self.folder, self.spelled = session, find, None, frozenset()
        self.flags: list[str] = []
        self.needs = ""
        self.deadline, self.tables_may_cross = None, False
        self._known = weakref.WeakValueDictionary()       # (life, number) → stand-in: the same object is the same here
        self._errors, self._classes, self._left, self._chance = {}, {}, MOST_PRINTED, _chance()

    def shuffle(self, seed: str) -> None:
        """Put the two global generators into a state that no other submission left behind, so that a test cell's own seed is seen."""
        random.seed(seed)
        np.random.seed(random.getrandbits(32))
        self._chance = _chance()

    def begin(self, deadline, spelled) -> None:
        """A new test cell starts; what it asks after `deadline`, a `time.monotonic()`, is not answered any more."""
        self.deadline, self.spelled, self.flags, self.needs, self._left = deadline, spelled, [], "", MOST_PRINTED

    def speaks_of(self, name) -> bool:
        """Whether the present test cell itself names a class of the student's so."""
        return name[:1].isupper() and name in self.spelled and not hasattr(builtins, name) and self.find(name) is None

    def need(self, what: str):
        """Remember what the cell needs, also where something swallows the exception, as unittest does, and raise it."""
        self.needs = self.needs or what
        raise NeedsInterpreter(what)

    def flag(self, what: str) -> None:
        if what not in self.flags:
            self.flags.append(what)

    # ---- asking

    def in_time(self):
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise StudentGone("the test did not finish in time", late=True)

    def attribute(self, stand_in, name):
        self.in_time()
        if name == "__doc__" and stand_in._of[3] == "object":
            return None
        found = stand_in._of[0]._attribute(stand_in, name)
        if isinstance(found, StandIn) and not stand_in._made and not (stand_in._of[3] == "class" and self.speaks_of(stand_in._name)):
            object.__setattr__(found, "_theirs", True)
        return found

    def operate(self, operation, *args):
        return self.session.operate(operation, *args)

    def asks(self, operation, value, stand_in) -> bool:
        """What the student's process says of a value that is its own or plain; of anything else it is not asked."""
        if isinstance(value, type) and not isinstance(value, StandIn) and getattr(builtins, value.__name__, None) is not value:
            return any(kind.rpartition(".")[2] == stand_in._of[4] for kind in getattr(value, "_kinds", ()))
        try:
            return self.operate(operation, value, stand_in) is True
        except NeedsInterpreter:
            return False

    def compute(self, name, first, second, stand_in):
        other = second if stand_in is first else first
        if not self._may_be_told(stand_in, other, "computes with"):
            return NotImplemented
        return self.computed(stand_in, self.operate(f"operator.{name if name not in ('and', 'or') else name + '_'}", first, second), other)

    def computed(self, stand_in, result, other=None):
        """What arithmetic gave. A number from an object that has seen a value of the test cell's could be made to fit: it is flagged
        where the test cell made the object, else refused."""
        made = stand_in._made or isinstance(other, StandIn) and other._made
        told = stand_in._told or other is not None and not isinstance(other, StandIn)
        if isinstance(result, StandIn):
            object.__setattr__(result, "_made", made)
            object.__setattr__(result, "_told", told)
        elif told and not made:
            raise TypeError(f"a number was expected, and the student's code handed over an object of its class {stand_in._of[5]}")
        elif told:
            self.flag(f"takes a number that the student's class {stand_in._of[5]} computed from a value of the test's")
        return result

    def compare(self, name, first, second):
        if isinstance(second, StandIn) and (second is first or "object" not in (first._of[3], second._of[3])) and name in ("eq", "ne"):
            return (second is first) == (name == "eq")
        if isinstance(second, type) and "_kinds" in vars(second):                 # type(x) == Dog
            same = vars(second)["_kinds"][0].rpartition(".")[2] == first._of[4] and first._of[3] == "class"
            return same == (name == "eq")
        if first._told or not isinstance(second, StandIn) and not first._made:
            return NotImplemented
        self.flag(f"lets the student's own code compare ({_sign(name)}) objects of the student's class {first._of[5]}")
        return self.operate(f"operator.{name}", first, second)

    def _may_be_told(self, stand_in, other, what) -> bool:
        """Whether the student's object may see a value of the test cell's: where the cell made it; flagged, where it is at least of a class that the cell speaks of."""
        if isinstance(other, StandIn) or stand_in._made:
            return True
        if stand_in._of[3] != "object" or not self.speaks_of(stand_in._of[5]):
            return False
        self.flag(f"{what} an object of the student's class {stand_in._of[5]} that the student's code handed over")
        return True

    # ---- what the session asks of us

    def now(self) -> dict:
        self.in_time()
        around, chance = {}, _chance()
        for name, state in chance.items():
            if state != self._chance.get(name):
                around[name] = _state(name)
        self._chance = chance
        stand = {name: self.find(name) or getattr(builtins, name) for name in ("input", "print")}
        changed = {name: function for name, function in stand.items() if function is not ORIGINAL[name]}
        if changed:
            around["builtins"] = changed
        if self.folder is not None and (files := self.folder.changed()):
            around["files"] = files
        return around

    def printed(self, text):
        text = text[: self._left]
        self._left -= len(text)
        if text:
            sys.stdout.write(text)

    def returned(self):
        if self.folder is not None:
            self.folder.take(self.session.written())

    def of(self, described, printed=""):
        plain = StudentError.of(described, printed)
        kinds = described.get("kinds") if isinstance(described, dict) else None
        try:
            error = self.error_class([str(kind) for kind in kinds[:12]])(*plain.args)
        except (TypeError, ValueError, IndexError):
            return plain
        error.kind, error.line, error.source, error.printed = plain.kind, plain.line, plain.source, plain.printed
        if isinstance(described.get("object"), list):
            error.raised = self.session._from_handle(described["object"])
        return error

    def stand_in(self, number, kind, name, type_name, kinds):
        key = self.session.life, number
        if kind == "exception":
            made = self.error_class([one.rpartition(".")[2] for one in kinds])
            if "_students" not in vars(made):
                made._students = Proxy(self.session, number, kind, name, type_name)
            return made
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._class(type_name if kind == "object" else "StandIn", kinds if kind == "object" else ())(self, number, kind, name, type_name, kinds)
        return found

    def sent(self, value):
        if isinstance(value, np.random.Generator):
            bits = value.bit_generator
            state = {key: part.tolist() if isinstance(part, np.ndarray) else part for key, part in bits.state.items()}
            if any(isinstance(part, dict) and any(isinstance(one, np.ndarray) for one in part.values()) for part in state.values()):
                state["state"] = {key: part.tolist() if isinstance(part, np.ndarray) else part for key, part in state["state"].items()}
            return ["generator", type(bits).__name__, json.dumps(state)]
        if isinstance(value, random.Random):
            return ["chance", json.dumps(value.getstate())]
        if isinstance(value, collections.abc.Iterator):
            self.session._callbacks.append(value.__next__)
            return ["stream", len(self.session._callbacks) - 1]
        if self.tables_may_cross and (told := tables.plain(value)) is not None:       # `theirs.equals(expected)` would tell what is expected
            return Table(told)
        self.need(f"hands an object of the class {type(value).__name__} to the student's code")

    # ---- classes

    def _class(self, name, kinds):
        """The class of the stand-ins for objects of a class of the student's: it has that class's name."""
        key = name, tuple(kinds[:1])
        if key not in self._classes:
            self._classes[key] = type(name if name.isidentifier() else "StandIn", (StandIn,), {"_kinds": tuple(kinds)} if kinds else {})
        return self._classes[key]

    def class_of(self, stand_in):
        """What `isinstance` of a class on this side looks at: the class of the same name, where there is one."""
        kind = stand_in._of[3]
        if kind != "object":
            return {"class": type, "function": types.FunctionType, "module": types.ModuleType}.get(kind, types.GeneratorType if stand_in._of[5] == "generator" else type(stand_in))
        for full in stand_in._kinds:
            module, _, name = full.rpartition(".")
            found = self.find(name) if module in ("__main__", "") else getattr(sys.modules.get(module), name, None) if module != "builtins" else None
            if isinstance(found, type) and not issubclass(found, StandIn):
                return found
        return type(stand_in)

    def error_class(self, names):
        """The class on this side for the student's errors with these class names, the most special first."""
        name = names[0]
        if name not in self._errors:
            found = getattr(builtins, name, None)
            if name in ("Exception", "BaseException", "object") or isinstance(found, type) and issubclass(found, (StopIteration, StopAsyncIteration)):
                made = CrossedError
            elif isinstance(found, type) and issubclass(found, BaseException):
                made = type(name, (CrossedError, found), {}) if issubclass(found, Exception) else CrossedError
            else:
                made = type(name, (self.error_class(names[1:]) if len(names) > 1 else CrossedError,), {})
            self._errors[name] = made
        return self._errors[name]


ORIGINAL = {"input": builtins.input, "print": builtins.print}


def _chance() -> dict:
    """A mark of the state of each of the two global generators, by which a change is seen."""
    key = np.random.get_state()
    return {"random": hash(random.getstate()), "numpy": hash((key[1].tobytes(), key[2:]))}


def _state(name):
    return random.getstate() if name == "random" else np.random.get_state()


def _sign(name):
    return {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}[name]


class Folder:
    """The working directory of test cells: the assignment's data files, and what the student's code wrote."""

    CODE = (".py", ".pyc", ".pyo", ".pyd", ".so", ".pth", ".pkl", ".pickle", ".joblib", ".dill", ".egg", ".whl", ".zip")      # never taken over: it could run here

    def __init__(self, place, files):
        self.place, self.known = place, {}
        self.take((name, content) for name, content in files.items())

    def take(self, files):
        """Put files there; of the student's names and contents nothing is believed but that they are data."""
        for name, content in files if not isinstance(files, list) else (pair for pair in files if isinstance(pair, tuple) and len(pair) == 2):
            parts = os.path.normpath(name).split(os.sep) if isinstance(name, str) and isinstance(content, bytes) else [".."]
            if ".." in parts or os.path.isabs(name) or "\0" in name or len(parts) > 6 or name.lower().endswith(self.CODE) or self.known.get(name, (None,))[0] == content:
                continue
            path = os.path.join(self.place, *parts)
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(content)
            except OSError:
                continue
            self.known[os.path.join(*parts)] = content, os.stat(path).st_mtime_ns

    def changed(self) -> list:
        """(name, content) of the files that the test cell has written since."""
        found = []
        for place, folders, names in os.walk(self.place):
            for name in names:
                path = os.path.join(place, name)
                name = os.path.relpath(path, self.place)
                if os.path.islink(path) or self.known.get(name, (None, None))[1] == os.stat(path).st_mtime_ns:
                    continue
                with open(path, "rb") as file:
                    self.known[name] = file.read(16 << 20), os.stat(path).st_mtime_ns
                found.append((name, self.known[name][0]))
        return found
