"""The wire between the trusted process and the student's: length-prefixed frames of JSON plus raw array bytes.

A frame is ``header length (4 bytes) · body length (8 bytes) · header (JSON) · body (the arrays' bytes, one after the other)``.
Nothing on the wire can name code: no pickle, no class, only numbers, text, containers, arrays of numbers, and *handles*,
which are small integers that mean something to one side only. Whatever breaks a rule raises `WireError`, and the
trusted side then ends the student's process.

This file is read by both sides, so it imports NumPy and the standard library alone.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import json
import math
import re
import socket
import struct
import time
from collections import namedtuple

import numpy as np

PREFIX = struct.Struct(">IQ")
MAX_HEADER = 4 << 20          # bytes of JSON: some 100 000 numbers in lists
MAX_BODY = 256 << 20          # bytes of arrays in one frame
MAX_ITEMS = 200_000           # values in one frame
MAX_PACKED = 2_000_000        # numbers in one list of nothing else, which travels as an array does
MAX_DEPTH = 64                # lists in lists
MAX_NDIM = 32
MAX_DIGITS = 1 << 18          # hexadecimal ones, of an integer
MAX_ALIKE = 64                # keys of one set or dictionary that have the same hash: a thousand of them take a million steps
MAX_KINDS, MAX_FIELDS = 64, 256        # kinds of named tuples in one frame, each of which is a class to be made, and their fields
NUMBERS_AND_TEXT = "biufcUSmM"  # the array kinds that may cross
HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")
EXACT_INTEGER = 2**53         # JSON readers keep integers up to here


class WireError(Exception):
    """A frame that breaks the rules, or a channel that closed or fell silent."""


class Closed(WireError):
    """The other side is gone."""


class Late(WireError):
    """The other side did not answer before the deadline."""


class Handle:
    """An object that stays on its own side; the other side holds its number, its kind and its name."""

    __slots__ = ("number", "kind", "name")

    def __init__(self, number, kind, name):
        self.number, self.kind, self.name = number, kind, name


class Table:
    """What `to_handle` gives for a table of pandas': the plain values that tell it (`tables`)."""

    __slots__ = ("told",)

    def __init__(self, told):
        self.told = told


# ---------------------------------------------------------------- values → JSON and bytes

def encode(value, to_handle):
    """(tree, buffers) of `value`; what is no number, text, container or array goes through `to_handle(object) -> tree`."""
    buffers: list[bytes] = []
    budget = [MAX_ITEMS]

    def tree(value, depth):
        budget[0] -= 1
        if budget[0] < 0 or depth > MAX_DEPTH:
            raise WireError("the value is too large or too deeply nested to send")
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        if kind in (list, tuple) and len(value) > 256 and (packed := _packed(value)) is not None:
            buffers.append(packed.tobytes())
            return ["packed", kind.__name__, packed.dtype.str, len(value)]
        if kind is str:
            return ["text", value]
        if kind is int:
            if value.bit_length() > 4 * MAX_DIGITS:
                raise WireError("the number has too many digits to send")
            return value if -EXACT_INTEGER <= value <= EXACT_INTEGER else ["integer", hex(value)]
        if kind is float:
            return value if math.isfinite(value) else ["float", repr(value)]
        if isinstance(value, tuple) and kind is not tuple and hasattr(kind, "_fields"):
            return ["named", kind.__name__, list(kind._fields), [tree(item, depth + 1) for item in value]]
        if kind in (list, tuple, set, frozenset):
            return [kind.__name__, [tree(item, depth + 1) for item in value]]
        if kind is dict:
            return ["dict", [[tree(k, depth + 1), tree(v, depth + 1)] for k, v in value.items()]]
        if kind is complex:
            return ["complex", tree(value.real, depth), tree(value.imag, depth)]
        if kind is range:
            _short_range(value)
            return ["range", value.start, value.stop, value.step]
        if kind is slice:
            return ["slice", *(tree(part, depth + 1) for part in (value.start, value.stop, value.step))]
        if kind is bytes:
            buffers.append(value)
            return ["bytes", len(value)]
        if kind in _written:
            return ["written", kind.__name__, _written[kind](value)]
        if kind in (collections.Counter, collections.OrderedDict, collections.deque):
            return ["collection", kind.__name__, tree((list if kind is collections.deque else dict)(value), depth + 1)]
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in NUMBERS_AND_TEXT and value.dtype.names is None:
            array = np.asarray(value)                      # the plain array in a subclass, without asking the subclass
            buffers.append(array.tobytes())
            return ["array" if isinstance(value, np.ndarray) else "scalar", array.dtype.str, list(array.shape)]
        for plain in (bool, int, float, str, list, tuple, dict):      # a subclass travels as what it is at heart
            if isinstance(value, plain) and type(value).__module__ != "builtins":
                return tree(plain(value), depth)
        handle = to_handle(value)
        return ["table", tree(handle.told, depth + 1)] if isinstance(handle, Table) else handle

    return tree(value, 0), buffers


def decode(tree, body, from_handle):
    """The value of `tree`, its arrays taken from `body` in order; handles go through `from_handle(tree) -> object`."""
    cursor, named, packed = [0], {}, [MAX_PACKED]

    def take(count):
        start = cursor[0]
        if count < 0 or start + count > len(body):
            raise WireError("a frame promises more bytes than it holds")
        cursor[0] = start + count
        return body[start:start + count]

    def value(tree, depth=0):
        if depth > 2 * MAX_DEPTH:
            raise WireError("a frame is too deeply nested")
        if tree is None or isinstance(tree, (bool, int, float)):
            return tree
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise WireError("a frame holds something that is no value")
        tag, rest = tree[0], tree[1:]
        items = _items.get(tag)
        if items is not None:
            (members,) = _exactly(rest, 1)
            return items(_apart([value(item, depth + 1) for item in _list(members)]) if "set" in tag else (value(item, depth + 1) for item in _list(members)))
        if tag == "dict":
            (pairs,) = _exactly(rest, 1)
            both = [(value(k, depth + 1), value(v, depth + 1)) for k, v in (_exactly(_list(pair), 2) for pair in _list(pairs))]
            return dict(zip(_apart([k for k, _ in both]), [v for _, v in both]))
        if tag in ("array", "scalar"):
            return _array(tag, *_exactly(rest, 2), take)
        if tag == "packed":
            values = _unpacked(*_exactly(rest, 3), take)
            packed[0] -= len(values)
            if packed[0] < 0:
                raise WireError("a frame holds too many numbers in lists")
            return values
        if tag == "written":
            kind, text = _exactly(rest, 2)
            return _read[kind](_typed(text, str)[:5000])
        if tag == "collection":
            kind, content = _exactly(rest, 2)
            return {"Counter": collections.Counter, "OrderedDict": collections.OrderedDict, "deque": collections.deque}[kind](value(content, depth + 1))
        if tag == "text":
            return str(_typed(_exactly(rest, 1)[0], str))
        if tag == "integer":
            digits = _typed(_exactly(rest, 1)[0], str)
            if len(digits) > MAX_DIGITS + 8:
                raise WireError("a frame holds a number of too many digits")
            return int(digits, 16)
        if tag == "float":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[_exactly(rest, 1)[0]]
        if tag == "complex":
            return complex(*(value(part, depth + 1) for part in _exactly(rest, 2)))
        if tag == "range":
            return _short_range(range(*(_typed(part, int) for part in _exactly(rest, 3))))
        if tag == "slice":
            return slice(*(value(part, depth + 1) for part in _exactly(rest, 3)))
        if tag == "named":
            name, fields, members = _exactly(rest, 3)
            kind = (_typed(name, str), *(_typed(field, str) for field in _list(fields)))
            if kind not in named:
                if len(named) == MAX_KINDS or len(kind) > MAX_FIELDS:
                    raise WireError("a frame holds too many kinds of named tuples")
                named[kind] = namedtuple(kind[0], kind[1:])
            return named[kind](*(value(item, depth + 1) for item in _list(members)))
        if tag == "bytes":
            return bytes(take(_typed(_exactly(rest, 1)[0], int)))
        if tag == "table":
            return from_handle([tag, value(*_exactly(rest, 1), depth + 1)])
        return from_handle(tree)

    try:
        result = value(tree)
    except WireError:
        raise
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(f"a frame cannot be read: {error}") from None
    if cursor[0] != len(body):
        raise WireError("a frame holds more bytes than its values need")
    return result


_items = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}

_written = {fractions.Fraction: str, decimal.Decimal: str, datetime.date: datetime.date.isoformat, datetime.datetime: datetime.datetime.isoformat, datetime.time: datetime.time.isoformat,
            datetime.timedelta: lambda span: f"{span.days} {span.seconds} {span.microseconds}", bytearray: bytearray.hex}       # kinds that travel as their text
_read = {"Fraction": lambda text: fractions.Fraction(*map(int, text.split("/"))), "Decimal": lambda text: _decimal(text), "date": datetime.date.fromisoformat, "datetime": datetime.datetime.fromisoformat, "time": datetime.time.fromisoformat,
         "timedelta": lambda text: datetime.timedelta(*map(int, text.split(" "))), "bytearray": bytearray.fromhex}


def _decimal(text):
    number = decimal.Decimal(text)
    if number and number.is_finite() and abs(number.adjusted()) > 5000:         # an int of it would fill the memory
        raise WireError("a decimal number is too large or too small to send")
    return number


def _short_range(numbers: range) -> range:
    """A few words may stand for more numbers than there is memory."""
    if max(0, (numbers.stop - numbers.start) // numbers.step) > MAX_PACKED:
        raise WireError("the range is too long to send")
    return numbers


def _apart(keys: list) -> list:
    """The keys of a set or dictionary, unless they were chosen to collide."""
    if len(keys) > MAX_ALIKE and max(collections.Counter(map(hash, keys)).values()) > MAX_ALIKE:
        raise WireError("a frame holds keys that were chosen to collide")
    return keys


def _packed(values):
    """A long list of nothing but integers, or of nothing but floats, as an array; None for any other."""
    kind = type(values[0])
    if kind not in (int, float) or len(values) > MAX_PACKED or any(type(value) is not kind for value in values):
        return None
    try:
        return np.array(values, "<i8" if kind is int else "<f8")
    except OverflowError:
        return None


def _unpacked(kind, dtype, count, take):
    if kind not in ("list", "tuple") or dtype not in ("<i8", "<f8") or type(count) is not int or not 0 <= count <= MAX_PACKED:
        raise WireError("a frame holds a list of the wrong form")
    values = _array("array", dtype, [count], take).tolist()
    return values if kind == "list" else tuple(values)


def _exactly(parts, count):
    if len(parts) != count:
        raise WireError("a frame holds a value of the wrong form")
    return parts


def _list(value):
    return _typed(value, list)


def _typed(value, kind):
    if type(value) is not kind:
        raise WireError("a frame holds a value of the wrong form")
    return value


def _array(tag, dtype, shape, take):
    dtype = np.dtype(_typed(dtype, str))
    shape = tuple(_typed(length, int) for length in _list(shape))
    if dtype.kind not in NUMBERS_AND_TEXT or dtype.names is not None or dtype.subdtype is not None:
        raise WireError(f"arrays of dtype {dtype} do not cross")
    if len(shape) > MAX_NDIM or any(length < 0 for length in shape) or (tag == "scalar" and shape):
        raise WireError("a frame holds an array of an impossible shape")
    count = math.prod(shape)
    if not dtype.itemsize and count:
        raise WireError("a frame holds an array of nothing")
    array = np.frombuffer(take(count * dtype.itemsize), dtype=dtype, count=count) if count * dtype.itemsize else np.empty(count, dtype)
    array = array.reshape(shape).astype(dtype.newbyteorder("="), copy=True)
    return array if tag == "array" else array[()]


# ---------------------------------------------------------------- frames

class Channel:
    """Frames over a socket, each way, with caps and a deadline."""

    def __init__(self, connection: socket.socket):
        self.connection = connection

    def send(self, header: dict, buffers=(), *, deadline: float | None = None):
        text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
        size = sum(len(buffer) for buffer in buffers)
        if len(text) > MAX_HEADER or size > MAX_BODY:
            raise WireError(f"a value of {max(len(text), size) >> 20} MiB is too large to send")
        try:
            for part in (PREFIX.pack(len(text), size) + text, *buffers):
                self._timeout(deadline)
                self.connection.sendall(part)
        except TimeoutError:
            raise Late("the other side does not read") from None
        except OSError as error:
            raise Closed(f"the other side is gone ({error})") from None

    def receive(self, *, deadline: float | None = None):
        """(header, body) of the next frame; `deadline` is a `time.monotonic()`."""
        header_size, body_size = PREFIX.unpack(self._read(PREFIX.size, deadline))
        if header_size > MAX_HEADER or body_size > MAX_BODY:
            raise WireError("a frame is larger than the wire allows")
        text = bytes(self._read(header_size, deadline))
        if sum(text.count(mark) for mark in b",[{") > 4 * MAX_ITEMS:
            raise WireError("a frame holds too many values")
        try:
            header = json.loads(text.decode())
            if HALF_A_CHARACTER.search(text):            # a lone surrogate is no text, and no file takes it
                header = json.loads(json.dumps(header, ensure_ascii=False).encode(errors="replace"))
        except (ValueError, RecursionError):
            raise WireError("a frame is not JSON") from None
        if not isinstance(header, dict):
            raise WireError("a frame is not a message")
        return header, self._read(body_size, deadline)

    def _read(self, count, deadline):
        data = bytearray(count)
        view, done = memoryview(data), 0
        while done < count:
            self._timeout(deadline)
            try:
                got = self.connection.recv_into(view[done:])
            except TimeoutError:
                raise Late("no answer before the deadline") from None
            except OSError as error:
                raise Closed(f"the other side is gone ({error})") from None
            if not got:
                raise Closed("the other side closed the channel")
            done += got
        return memoryview(data).toreadonly()

    def _timeout(self, deadline):
        if deadline is None:
            self.connection.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("no answer before the deadline")
        self.connection.settimeout(left)

    def close(self):
        self.connection.close()
