"""The trusted side of the boundary: a student's process to run cells in and to ask for values, with deadlines.

`StudentSession` starts the process, runs cells there and hands out proxies: a name that the student defined is a
`Proxy` here, and calling it sends copies of the arguments over and brings the result back as plain numbers, text,
containers and arrays. The student's code may compute, it never judges: a proxy forwards calls, attributes, items and
arithmetic, but no comparison and no truth value.
"""

from __future__ import annotations

import builtins
import time

import numpy as np

from ..firstaid import Notebook
from . import isolation, tables, tiers, warm, wire
from .lending import Desk, Lendable

CELL_SECONDS = 30.0
CALL_SECONDS = 10.0
START_SECONDS = 60.0
LAID_AT_ONCE = 32 << 20           # bytes of a data file in one frame
MOST_RESTARTS = 4
MOST_CALLBACKS = 200_000


class StudentError(Exception):
    """The student's code raised; `kind` and `line` are those of its error. Also an instance of the built-in kind it names.

    `notebook` is what had been run by then, where it matters: a name that is missing has its reason there.
    """

    kind, line, source, printed, notebook = "Exception", None, "", "", None

    def __str__(self):
        return "".join(map(str, self.args))         # as it came: KeyError would put it into quotation marks once more

    @classmethod
    def of(cls, described, printed=""):
        described = described if isinstance(described, dict) else {}
        kind, text, kinds = str(described.get("kind", "Exception"))[:80], str(described.get("text", ""))[:2000], described.get("kinds")
        base = None
        for name in kinds[:20] if isinstance(kinds, list) and kinds else [kind]:
            found = getattr(builtins, str(name), None)
            if isinstance(found, type) and issubclass(found, Exception) and found not in (StopIteration, StopAsyncIteration):
                base = found
                break
        bases = (cls,) if base in (None, Exception) else (cls, base)
        try:
            error = type(kind, bases, {})(text)
        except (TypeError, ValueError):             # a built-in that wants more arguments (UnicodeDecodeError), or a name that is none
            error = cls(text)
        line = described.get("line")
        error.kind, error.line, error.source, error.printed = kind, line if type(line) is int else None, str(described.get("source") or "")[:300], str(printed)[:2000]
        return error


class StudentGone(Exception):
    """The student's process ended, broke the rules of the wire, or did not answer in time; `reason` says which."""

    def __init__(self, reason, late=False):
        super().__init__(reason)
        self.reason, self.late = reason, late


class MissingName(NameError):
    """The student's cells define no such name; `notebook` is what had been run by then."""

    notebook = None


class Proxy:
    """Something of the student's that stays in the student's process."""

    def __init__(self, session, number, kind, name, type_name):
        object.__setattr__(self, "_of", (session, session.life, number, kind, name, type_name))

    def __repr__(self):
        _, _, _, kind, name, _ = self._of
        return f"<the student's {kind} {name}>"

    def __call__(self, *args, **kwargs):
        return self._of[0]._call(self, None, args, kwargs)

    def __getattr__(self, name):
        if name.startswith("__") and name not in ("__name__", "__doc__"):
            raise AttributeError(name)
        return self._of[0]._attribute(self, name)

    def __iter__(self):
        iterator = self._of[0]._call(self, "__iter__", (), {})
        return iterator if isinstance(iterator, Proxy) else iter(iterator)

    def __next__(self):
        try:
            return self._of[0]._call(self, "__next__", (), {})
        except StudentError as error:
            if error.kind == "StopIteration":
                raise StopIteration from None
            raise

    __hash__ = object.__hash__


def _forwarding(name):
    def forward(self, *args):
        try:
            return self._of[0]._call(self, name, args, {})
        except StudentError as error:
            if error.kind == "AttributeError" and name in str(error):
                raise TypeError(f"the student's {self._of[4]} has no {name}") from None
            raise
    forward.__name__ = name
    return forward


for _name in ("add sub mul truediv floordiv mod pow matmul radd rsub rmul rtruediv rpow rmatmul neg pos abs "
              "getitem setitem delitem len enter exit float int").split():
    setattr(Proxy, f"__{_name}__", _forwarding(f"__{_name}__"))


class StudentSession:
    """One student's process, restarted and replayed when it ends in the middle of a submission."""

    def __init__(self, *, files=None, distributions=isolation.ALLOWED, walled=None, tier=None, cell_seconds=CELL_SECONDS, call_seconds=CALL_SECONDS, plots=True):
        self.files, self.distributions, self.plots = files, distributions, plots
        self.tier = tier or tiers.at_best(walled)         # the letter of the isolation that it runs in
        self.walled = tiers.layers(self.tier).namespaces
        self.cell_seconds, self.call_seconds = cell_seconds, call_seconds
        self.process = self.channel = self.scratch = self.server = None
        self.cpu_seconds = 0.0              # of the processes that have ended
        self.life = 0                       # how many processes there have been: a proxy belongs to one of them
        self.history: list[str] = []        # the cells that ran to their end, to be replayed after a restart
        self.ran: list[tuple[str, Exception | None]] = []       # every cell that was run, and the error it ended with
        self.ahead: tuple[str, ...] = ()    # the cells still to come, as far as the one who runs them says
        self.printed, self.warnings, self.changed = "", [], []
        self.surroundings: Surroundings | None = None     # of the test cell that asks, where it is one of nbgrader's kind
        self._callbacks, self._callback_count = [], 0     # our functions that were sent over, and how often they were called
        self._desk, self._asking = Desk(), 0              # our objects that are on loan, and how many calls deep we are

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    # ---- life and death

    def _start(self):
        if self.life > MOST_RESTARTS:
            raise StudentGone("the student's code ended its process too often")
        self.life += 1
        self.server, self.process = warm.borrow(tiers.layers(self.tier), tuple(self.distributions), room=sum(map(len, (self.files or {}).values())), plots=self.plots)
        self.channel, self.scratch = wire.Channel(self.process.channel), self.process.scratch
        self._desk = Desk()
        self._receive(time.monotonic() + START_SECONDS)
        self._lay_files()
        for source in self.history:
            self._ask({"do": "run", "source": source}, self.cell_seconds)

    def _lay_files(self):
        for name, content in (self.files or {}).items():
            for start in range(0, max(len(content), 1), LAID_AT_ONCE):
                self._ask({"do": "lay", "name": str(name)}, START_SECONDS, (content[start:start + LAID_AT_ONCE],))

    def close(self) -> str:
        """End the process and all it started, with its scratch folder; what it was ended for before, "" where for nothing."""
        ended, server = None, self.server
        if self.channel is not None:
            self.channel.close()
        self.channel = self.process = self.scratch = self.server = None
        if server is not None:
            ended = warm.give_back(server)
        self.cpu_seconds += (ended or {}).get("cpu", 0.0)
        return (ended or {}).get("complaint", "")

    def _ask(self, request, seconds, buffers=()):
        deadline = time.monotonic() + seconds
        if self.channel is None:
            self._start()
            deadline = time.monotonic() + seconds
        self._send(request, buffers, deadline)
        return self._receive(deadline)

    def _send(self, message, buffers, deadline):
        try:
            self.channel.send(message, buffers, deadline=deadline)
        except wire.Late:
            self._lost("did not finish in time", late=True)
        except wire.Closed:
            self._lost("ended its process")

    def _receive(self, deadline):
        """The answer to the last request; calls of the trusted side's functions are served on the way."""
        try:
            while True:
                answer, body = self.channel.receive(deadline=deadline)
                if "lent" in answer:
                    self.channel.send(*self._desk.serve(answer, body), deadline=deadline)
                elif "callback" in answer:
                    self._serve_callback(answer, body, deadline)
                else:
                    return answer, body
        except wire.Late:
            self._lost("did not finish in time", late=True)
        except wire.Closed:
            self._lost("ended its process")
        except (wire.WireError, ReferenceError) as error:
            self._lost(f"sent something that is no answer ({error})")

    def _lost(self, reason, late=False):
        took = self.close()
        raise StudentGone(f"the code took more {took} than it may" if took else f"the code {reason}", late)

    # ---- cells and names

    def run(self, source: str) -> dict:
        """Run a cell; {"outputs": …, "error": … or None}. A cell that does not end is stopped, and not replayed."""
        try:
            answer, _ = self._ask({"do": "run", "source": source}, self.cell_seconds)
        except StudentGone as gone:
            self.ran.append((source, gone))
            raise
        self.history.append(source)
        error = StudentError.of(answer["error"]) if answer.get("error") else None
        if error is not None:
            error.notebook = self.notebook()
        self.ran.append((source, error))
        outputs = answer.get("outputs")
        return {"outputs": outputs if isinstance(outputs, list) else [], "error": answer.get("error")}

    def names(self) -> list[str]:
        answer, _ = self._ask({"do": "names"}, self.call_seconds)
        return [str(name) for name in answer.get("names", ())]

    def get(self, name: str):
        """The value of a name: plain where it can be, else a `Proxy`. `MissingName` where the student has none."""
        answer, body = self._ask({"do": "get", "name": name}, self.call_seconds)
        if "missing" in answer:
            missing = MissingName(f"name {name!r} is not defined")
            missing.notebook = self.notebook()
            raise missing
        return self._value(answer, body)

    def notebook(self) -> Notebook:
        """What has been run so far and what is still to come."""
        return Notebook(tuple(self.ran), self.ahead)

    # ---- values

    def _value(self, answer, body):
        if "error" in answer:
            error = (self.surroundings or StudentError).of(answer["error"], answer.get("printed", ""))
            error.notebook = self.notebook()
            raise error
        try:
            return wire.decode(answer.get("value"), body, self._from_handle)
        except (wire.WireError, ReferenceError) as error:
            self._lost(f"sent something that is no answer ({error})")

    def operate(self, operation, *args):
        """Let the student's process apply a function of `operator` or `builtins`, such as "operator.eq", to the student's objects."""
        return self._request({"operation": operation}, args, {})

    def bind(self, name: str, value) -> None:
        """Give a name of the student's a value there."""
        tree, buffers = wire.encode(value, self._to_handle)
        self._value(*self._ask({"do": "bind", "name": name, "value": tree}, self.call_seconds, buffers))

    def unbind(self, name: str) -> None:
        """Take a name of the student's away there."""
        self._value(*self._ask({"do": "bind", "name": name}, self.call_seconds))

    def written(self) -> list:
        """(name, content) of the files that the student's code wrote, as the student's process tells it."""
        return self._value(*self._ask({"do": "files"}, self.call_seconds))

    def _call(self, proxy, attribute, args, kwargs):
        return self._request({"handle": self._number(proxy), "attribute": attribute}, args, kwargs)

    def _request(self, request, args, kwargs):
        if not self._asking:
            self._desk.take_everything_back()             # a loan lasts for one call: nothing can be hoarded
        around = () if self.surroundings is None else (self.surroundings.now(),)
        tree, buffers = wire.encode((args, kwargs, *around), self._to_handle)
        self.printed, self.warnings, self.changed = "", [], []
        answer, body = self._ask({"do": "call", **request, "args": tree}, self.call_seconds, buffers)
        self.printed = str(answer.get("printed", ""))[:2000]
        if around:
            self.surroundings.printed(str(answer.get("stdout", "")))
        value = self._value(answer, body)
        if not (isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], list)):
            self._lost("sent something that is no answer")
        result, after = value
        places = [place for place in answer.get("changed", ()) if type(place) is int and 0 <= place < len(args)]
        self.warnings = [str(text) for text in answer.get("warnings", ())][:20]
        self.changed = places
        for place, new in zip(places, after):
            _overwrite(args[place], new)
        if around and not self._asking:
            self.surroundings.returned()
        same = answer.get("same")
        if around and isinstance(same, list) and same and type(same[0]) is int and 0 <= same[0] < len(args):
            return args[same[0]]                          # it returned what it was given, and says so
        return result

    def _attribute(self, proxy, name):
        return self._value(*self._ask({"do": "attribute", "handle": self._number(proxy), "attribute": name}, self.call_seconds))

    def _number(self, proxy):
        session, life, number, *_ = proxy._of
        if session is not self or life != self.life or self.channel is None:
            raise StudentGone("the code ended its process")
        return number

    def _from_handle(self, tree):
        tag, *rest = tree
        if tag == "lent" and len(rest) == 1:
            return self._desk.at(rest[0])
        if tag == "table":
            return tables.made(*rest)
        if tag != "handle" or len(rest) != 5 or type(rest[0]) is not int or not all(isinstance(text, str) for text in (*rest[1:4], *_short(rest[4]))):
            raise wire.WireError(f"unknown value {str(tag)[:20]!r}")
        return Proxy(self, *rest[:4]) if self.surroundings is None else self.surroundings.stand_in(*rest)

    def _to_handle(self, value):
        if isinstance(value, Proxy):
            return ["handle", self._number(value)]
        if isinstance(value, type) and isinstance(vars(value).get("_students"), Proxy):       # a class of ours that stands for one of the student's
            return ["handle", self._number(vars(value)["_students"])]
        if isinstance(value, np.ufunc):
            return ["numpy", value.__name__]
        if isinstance(value, type) and getattr(builtins, value.__name__, None) is value:
            return ["builtin", value.__name__]
        if isinstance(value, type) and issubclass(value, np.generic):
            return ["numpy", value.__name__]
        if isinstance(value, Lendable):
            return self._desk.lend(value)
        if callable(value):
            self._callbacks.append(value)
            return ["callback", len(self._callbacks) - 1]
        if self.surroundings is not None:
            return self.surroundings.sent(value)
        raise TypeError(f"a {type(value).__name__} cannot be sent to the student's process: send numbers, text, containers, arrays or functions")

    def _serve_callback(self, answer, body, deadline):
        self._callback_count += 1
        number = answer["callback"]
        if type(number) is not int or not 0 <= number < len(self._callbacks) or self._callback_count > MOST_CALLBACKS:
            raise wire.WireError("a call of a function that was not sent")
        arguments = wire.decode(answer.get("args"), body, self._from_handle)
        self._asking += 1                                 # a call that our function makes is part of the student's call
        try:
            args, kwargs = arguments
            tree, buffers = wire.encode(self._callbacks[number](*args, **kwargs), self._to_handle)
            self.channel.send({"value": tree}, buffers, deadline=deadline)
        except (StudentGone, wire.WireError):
            raise
        except Exception as error:
            self.channel.send({"error": f"{type(error).__name__}: {error}"[:500], "kind": type(error).__name__, "text": str(error)[:500]}, deadline=deadline)
        finally:
            self._asking -= 1


class Surroundings:
    """What a test cell of nbgrader's kind has around it when it asks for something of the student's; see `grading.standins`."""

    def now(self) -> dict:
        """The state of chance, the stand-ins for built-in functions and the files, as the test cell left them."""
        return {}

    def printed(self, text: str) -> None:
        """What the student's code printed."""

    def returned(self) -> None:
        """A call is over, and the student's process may be asked something else."""

    def of(self, described, printed="") -> StudentError:
        """The error that the student's code raised."""
        return StudentError.of(described, printed)

    def stand_in(self, number, kind, name, type_name, kinds):
        """What stands here for an object of the student's."""
        raise NotImplementedError

    def sent(self, value) -> list:
        """The tree of an object that is neither plain nor a function; TypeError where it cannot be sent."""
        raise NotImplementedError


def _short(value):
    return value if isinstance(value, list) and len(value) <= 20 else [None]


def _overwrite(value, new):
    """Carry a change that the student's code made in place over to the trusted side's argument."""
    if isinstance(value, np.ndarray) and isinstance(new, np.ndarray) and new.shape == value.shape and value.flags.writeable:
        np.copyto(value, new, casting="unsafe")
    elif isinstance(value, list) and isinstance(new, list):
        value[:] = new
    elif isinstance(value, (dict, set)) and isinstance(new, type(value)):
        value.clear()
        value.update(new)
    else:
        tables.changed_in_place(value, new)
