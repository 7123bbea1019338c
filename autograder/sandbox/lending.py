"""Lending: the student's code works with an object of the trusted side, and never holds it.

What is lent stays here. The student's process gets a number for it, and asks this side to read an attribute or call a
method; the result is a plain value, or is lent in turn. So what the object counts (operations, transfers) is counted where
no student code runs. Everything that comes over the wire is taken for an attack until it has passed these rules:

- a number means something only if it was given out in the present call and not handed back;
- only names in the class's own `attributes` and `methods` are looked up, on the class, never any other name;
- arguments are numbers, text, containers, arrays and lent objects: no function and no object of the student's;
- the number of operations, of loans and of their bytes is capped; the call's deadline holds as for everything else.
"""

from __future__ import annotations

import numpy as np

from . import wire

MOST_OPERATIONS = 200_000     # in one process
MOST_LOANS = 10_000           # at a time
MOST_BYTES = 256 << 20        # of what is lent at a time
TOLD = (TypeError, ValueError, IndexError, AttributeError, KeyError, ZeroDivisionError, OverflowError, MemoryError, ReferenceError)


class Lendable:
    """An object that may be lent. A subclass lists what may be read and what may be called, and says how many bytes it holds."""

    attributes: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    nbytes = 0


class Desk:
    """What one student's process has on loan, and what it asks of it."""

    def __init__(self):
        self.lent: dict[int, Lendable] = {}
        self.given, self.bytes, self.operations = 0, 0, 0

    def lend(self, thing: Lendable) -> list:
        """The tree that stands for the object on the wire. MemoryError where too much is on loan."""
        if len(self.lent) >= MOST_LOANS or self.bytes + thing.nbytes > MOST_BYTES:
            raise MemoryError("too many arrays, or too large ones, are kept at the same time: does a list collect them in a loop?")
        number, self.given = self.given, self.given + 1
        self.lent[number] = thing
        self.bytes += thing.nbytes
        return ["lent", number]

    def at(self, number) -> Lendable:
        """The object of a number. ReferenceError where it was handed back or belongs to an earlier call."""
        if type(number) is not int or not 0 <= number < self.given:
            raise wire.WireError("an object that was never lent")
        if number not in self.lent:
            raise ReferenceError("this array was lent for an earlier call: work with the arrays that your function is given")
        return self.lent[number]

    def take_back(self, numbers):
        for number in numbers if type(numbers) is list else ():
            if type(number) is int and number in self.lent:
                self.bytes -= self.lent.pop(number).nbytes

    def take_everything_back(self):
        self.lent.clear()
        self.bytes = 0

    # ---- requests

    def serve(self, request, body):
        """(answer, buffers) to a request of the student's process; `WireError` where it breaks a rule of the wire."""
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            raise wire.WireError("more operations on lent objects than are allowed")
        self.take_back(request.get("back"))
        name, asked = request.get("name"), request.get("lent_do")
        if type(name) is not str or asked not in ("read", "call"):
            raise wire.WireError("a request to a lent object of the wrong form")
        try:
            thing = self.at(request.get("lent"))
            found = self._read(thing, name) if asked == "read" else self._call(thing, name, request, body)
            if found is METHOD:
                return {"method": name}, ()
            tree, buffers = wire.encode(found, self._to_tree)
            return {"value": tree}, buffers
        except wire.WireError:
            raise
        except Exception as error:                        # whatever an operation makes of strange arguments is the student's to see
            kind = next((kind.__name__ for kind in TOLD if isinstance(error, kind)), "RuntimeError")
            return {"error": {"kind": kind, "text": str(error.args[0] if error.args else error)[:500]}}, ()

    @staticmethod
    def _read(thing, name):
        if name in type(thing).methods:
            return METHOD
        if name in type(thing).attributes:
            return getattr(thing, name)
        raise AttributeError(f"{type(thing).__name__} has no {name[:40]!r}; it has {', '.join(sorted(n for n in type(thing).attributes | type(thing).methods if n[0] != '_'))}")

    def _call(self, thing, name, request, body):
        arguments = wire.decode(request.get("args"), body, self._from_tree)
        if type(arguments) is not tuple or len(arguments) != 2 or type(arguments[0]) is not tuple or type(arguments[1]) is not dict or not all(type(key) is str for key in arguments[1]):
            raise wire.WireError("arguments of the wrong form")
        if name not in type(thing).methods:
            raise AttributeError(f"{type(thing).__name__} has no {name[:40]!r} to call")
        args, kwargs = arguments
        return getattr(type(thing), name)(thing, *args, **kwargs)

    def _to_tree(self, value):
        if isinstance(value, Lendable):
            return self.lend(value)
        if isinstance(value, type) and issubclass(value, np.generic):
            return ["numpy", value.__name__]
        if isinstance(value, np.dtype):
            return ["text", value.name]                   # the student's side makes a dtype of it
        raise TypeError(f"a {type(value).__name__} cannot be sent")

    def _from_tree(self, tree):
        if tree == ["ellipsis"]:
            return ...
        if tree[0] != "lent" or len(tree) != 2:
            raise wire.WireError("an argument that is neither a plain value nor lent")
        return self.at(tree[1])


METHOD = object()
