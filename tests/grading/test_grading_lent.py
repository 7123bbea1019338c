"""Lent arrays: they compute as arrays do, count on the trusted side, and give nothing else away, whatever is asked of them."""

import json
import time

import numpy as np
import pytest

from autograder.questions.device import DTYPES, Device, DeviceArray
from autograder.sandbox import isolation, lending, wire
from autograder.sandbox.lending import Desk, Lendable
from autograder.sandbox.session import StudentError, StudentGone, StudentSession


@pytest.fixture
def desk():
    """A desk that has lent `xp` (number 0) and an array of ones (number 1)."""
    desk, xp = Desk(), Device(np)
    desk.lend(xp)
    desk.lend(xp.ones((2, 3)))
    return desk


def ask(desk, number, name, *args, what="call", tree=None, kwargs=None, **more):
    """The desk's answer to a request, which goes through JSON as on the wire."""
    buffers = []
    if tree is None:
        tree, buffers = wire.encode((args, kwargs or {}), lambda value: ["lent", value.number] if isinstance(value, Lent) else ["no such tag"])
    request = json.loads(json.dumps({"lent": number, "lent_do": what, "name": name, "args": tree, **more}))
    return desk.serve(request, b"".join(buffers))[0]


class Lent:
    """The student's side of a loan, as far as these tests need one."""

    def __init__(self, number):
        self.number = number


X = Lent(1)


# ---------------------------------------------------------------- what is refused

SECRETS = ["__class__", "__globals__", "__init__", "__dict__", "__subclasses__", "__reduce__", "__reduce_ex__", "__setattr__", "__getattribute__", "__array__", "__del__", "__call__", "__wrapped__",
           "device", "numbers", "module", "operations", "fetched", "brought", "result", "checked", "numbers_of", "elementwise", "_place", "attributes", "methods", "base", "ctypes", "data", "tofile", "dump",
           "setflags", "view", "load", "save", "fromfile", "memmap", "lib", "random", "vectorize", "repeat", "tile", "", "exp.__call__", "x" * 5000]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("what", ["read", "call"])
def test_a_name_that_is_not_on_the_list_is_no_name(desk, name, number, what):
    answer = ask(desk, number, name, what=what)
    assert answer["error"]["kind"] == "AttributeError" and len(answer["error"]["text"]) <= 500, answer


@pytest.mark.parametrize("number", [2, -1, 10**9, 10**30, True, None, 1.0, "1", [1], {"lent": 1}])
def test_a_number_that_was_never_given_out_ends_the_process(desk, number):
    with pytest.raises(wire.WireError):
        ask(desk, number, "get")
    with pytest.raises(wire.WireError):
        ask(desk, 0, "exp", tree=["tuple", [["tuple", [["lent", number]]], ["dict", []]]])


@pytest.mark.parametrize("argument", [["handle", 0, "function", "f", "function"], ["callback", 0], ["builtin", "eval"], ["numpy", "vectorize"], ["lent"], ["lent", 1, 2], ["ellipsis", 1], ["array", "|O", [1]], ["array", "<f8", [3]]])
def test_functions_objects_and_broken_values_are_no_arguments(desk, argument):
    with pytest.raises(wire.WireError):
        ask(desk, 0, "exp", tree=["tuple", [["tuple", [argument]], ["dict", []]]])


@pytest.mark.parametrize("tree", [None, 3, ["list", []], ["tuple", []], ["tuple", [["list", []], ["dict", []]]], ["tuple", [["tuple", []], ["list", []]]],
                                  ["tuple", [["tuple", []], ["dict", [[1, 2]]]]], ["tuple", [["tuple", []], ["dict", [[["lent", 1], 2]]]]]])
def test_arguments_of_another_form_end_the_process(desk, tree):
    with pytest.raises(wire.WireError):
        desk.serve({"lent": 1, "lent_do": "call", "name": "sum", "args": tree}, b"")


@pytest.mark.parametrize("change", [{"lent_do": "write"}, {"lent_do": None}, {"name": 7}, {"name": None}, {"name": ["get"]}])
def test_a_request_of_another_form_ends_the_process(desk, change):
    with pytest.raises(wire.WireError):
        desk.serve({"lent": 1, "lent_do": "call", "name": "get", "args": ["tuple", [["tuple", []], ["dict", []]]], **change}, b"")


@pytest.mark.parametrize("name, args", [
    ("zeros", ((10**6, 10**6),)), ("zeros", (10**18,)), ("ones", ((2**40, 2**40),)), ("full", ((5000, 5000), 1)), ("arange", (10**8,)), ("arange", (0, 1, 1e-9)), ("zeros", ((1,) * 9,)), ("zeros", (-1,)),
    ("zeros", (2.5,)), ("zeros", ("3",)), ("arange", (1, 2, 0)), ("arange", (float("nan"),)), ("arange", ()), ("power", (X, 10**1000)), ("power", (10**9, 10**1000)), ("asarray", (10**1000,)), ("full", (3, 10**30)),
    ("asarray", ([10**30],)), ("asarray", (["text"],)), ("asarray", ([None],)), ("asarray", ({"a": 1},)), ("asarray", ([1j],)), ("asarray", ([X, X],)), ("asarray", ([[1], [1, 2]],)), ("asarray", (np.zeros(2), "object")),
    ("zeros", (3, "O")), ("zeros", (3, "V1000000000")), ("zeros", (3, "U100000000")), ("zeros", (3, "complex128")), ("zeros", (3, "i4,i4")), ("zeros", (3, 7)), ("zeros", (3, ["f8", "f8"])),
    ("sum", (X, "axis")), ("sum", (X, 1.5)), ("sum", (X, 7)), ("sum", (5,)), ("sum", (np.zeros(3),)), ("exp", (np.zeros(3),)), ("exp", ([1, 2],)), ("exp", ("1",)), ("exp", ()), ("matmul", (X, 3)), ("matmul", (X, X)),
    ("reshape", (X, 10**12)), ("reshape", (X, "2")), ("clip", (X, "a")), ("where", (X, None, 1)), ("asnumpy", (3,)), ("zeros_like", (3,))])
def test_what_is_too_large_or_no_number_is_an_error_of_the_students_and_at_once(desk, name, args):
    started = time.perf_counter()
    answer = ask(desk, 0, name, *args)
    assert answer["error"]["kind"] in ("MemoryError", "TypeError", "ValueError", "IndexError", "OverflowError", "ZeroDivisionError"), answer
    assert time.perf_counter() - started < .5 and len(desk.lent) == 2


@pytest.mark.parametrize("name", ["outer", "add", "matmul", "less", "logaddexp"])
def test_a_result_is_measured_before_it_is_made(name):
    xp = Device(np)
    column, row = (xp.zeros((3000, 1)), xp.zeros((1, 3000))) if name != "outer" else (xp.zeros(3000), xp.zeros(3000))
    with pytest.raises(MemoryError, match="column"):
        getattr(xp, name)(column, row)
    with pytest.raises(MemoryError):
        xp.zeros((2000, 2000)) @ xp.zeros((2000, 2000))                                    # few numbers and much work
    with pytest.raises(MemoryError):
        xp.zeros((2000, 2000))[xp.zeros(3000, "int64")]


@pytest.mark.parametrize("place", ["text", 1.5, [0, 1], X.number * 1.0, {"a": 1}, (0,) * 9, slice("a", None), 10**30])
def test_an_index_is_a_place(desk, place):
    for name, args in (("__getitem__", (place,)), ("__setitem__", (place, 0))):
        assert ask(desk, 1, name, *args)["error"]["kind"] in ("IndexError", "TypeError", "OverflowError", "AttributeError")


@pytest.mark.parametrize("options", [{"out": X}, {"where": X}, {"dtype": "object"}, {"axis": "rows"}, {"self": 1}, {"name": "exp"}, {"a": X}, {"initial": 10**400}])
def test_options_are_those_that_are_named(desk, options):
    assert ask(desk, 0, "sum", X, kwargs=options)["error"]["kind"] == "TypeError"


@pytest.mark.parametrize("back", [[-1], [2, 99], ["1"], [None], "everything", {"1": 1}, 7, [[1]], [1.0], [True + 10**20]])
def test_handing_back_what_is_not_ones_own_does_nothing(desk, back):
    before = desk.bytes
    ask(desk, 0, "pi", what="read", back=back)
    assert set(desk.lent) == {0, 1} and desk.bytes == before


def test_what_was_handed_back_is_gone_and_numbers_are_never_given_out_again(desk):
    assert ask(desk, 0, "ones", 3, back=[1])["value"] == ["lent", 2]
    assert ask(desk, 1, "get")["error"]["kind"] == "ReferenceError"
    assert ask(desk, 0, "exp", X)["error"]["kind"] == "ReferenceError"
    assert desk.bytes == 24


def test_loans_bytes_and_operations_are_capped(monkeypatch):
    desk, xp = Desk(), Device(np)
    desk.lend(xp)
    monkeypatch.setattr(lending, "MOST_LOANS", 5)
    assert [next(iter(ask(desk, 0, "ones", 2))) for _ in range(6)] == ["value"] * 4 + ["error"] * 2
    monkeypatch.setattr(lending, "MOST_LOANS", 100)
    monkeypatch.setattr(lending, "MOST_BYTES", 4096)
    answer = ask(desk, 0, "ones", 1000)
    assert answer["error"]["kind"] == "MemoryError" and "loop" in answer["error"]["text"]
    monkeypatch.setattr(lending, "MOST_OPERATIONS", desk.operations + 3)
    with pytest.raises(wire.WireError, match="operations"):
        for _ in range(5):
            ask(desk, 0, "pi", what="read")


def test_arrays_of_two_devices_do_not_meet():
    one, other = Device(np), Device(np)
    with pytest.raises(TypeError):
        one.ones(3) + other.ones(3)
    with pytest.raises(TypeError):
        one.exp(other.ones(3))
    with pytest.raises(TypeError):
        one.ones(3)[other.zeros(3, "int64")]


ARITHMETIC = "add sub mul truediv floordiv mod pow matmul".split()
SPECIAL = {f"__{name}__" for name in (*ARITHMETIC, *(f"r{name}" for name in ARITHMETIC), *"iadd isub imul itruediv lt le gt ge eq ne and or neg pos abs invert getitem setitem repr".split())}


def test_what_is_on_the_lists_is_public_arithmetic():
    for kind in (Device, DeviceArray):
        for name in kind.attributes | kind.methods:
            assert hasattr(kind, name), name
            assert not name.startswith("_") or name in SPECIAL, name
    assert not Lendable.attributes and not Lendable.methods, "nothing is lent by default"
    assert all(dtype.kind in "biuf" for dtype in DTYPES.values())


# ---------------------------------------------------------------- what is computed

STEPS = """
def work(xp, X, w):
    p = 1 / (1 + xp.exp(-(X @ w)))
    w = w - np.float32(.5) * (X.T @ p) / len(X)
    w += .25
    m = xp.zeros(3, dtype=X.dtype)
    m[0], m[1:] = 1, p[1:] * 2
    best = xp.where(p > .5, p, m).max()
    table = (X ** 2).sum(axis=1, keepdims=True) * m[:, None] - xp.ones_like(X)[..., 0].reshape(-1, 1)
    return w, m, best, table.astype(np.float64).mean(axis=0), abs(-p).dot(m), xp.asarray([1, 2])[::-1], float(p.sum()), [value.item() for value in p], X.shape, X.dtype == np.float32, p.dtype == xp.float32, bool(m[0] == 1)
"""


def worked(function):
    xp = Device(np)
    X, w = (xp.asarray(np.float32(values)) for values in ([[0, 1], [1, 1], [-1, 2]], [.5, -1]))
    result = function(xp, X, w)
    home = [part.numbers if isinstance(part, DeviceArray) else part for part in result]
    return home, [part.dtype for part in home if isinstance(part, np.ndarray)], (xp.operations, xp.fetched, xp.brought), w.numbers


def test_numpy_itself_agrees():
    names = {"np": np}
    exec(STEPS, names)
    ours, _, counts, w = worked(names["work"])
    theirs = names["work"](np, np.float32([[0, 1], [1, 1], [-1, 2]]), np.float32([.5, -1]))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    assert counts[1:] == (5, 3), "a sum, three numbers and a comparison were fetched; X, w and a list were brought"


@pytest.fixture(scope="module", params=["walled", "bare"])
def walled(request, require):
    if request.param == "walled":
        require(isolation.bubblewrap_refusal() is None, isolation.bubblewrap_refusal())
    return request.param == "walled"


@pytest.fixture
def student(walled):
    with StudentSession(walled=walled, cell_seconds=5, call_seconds=3) as session:
        session.run("import numpy as np")
        yield session


def define(student, source):
    outputs = student.run(source)
    assert outputs["error"] is None, outputs
    return student


@pytest.mark.process
def test_through_the_wire_it_is_the_same_and_counted_the_same(student):
    names = {"np": np}
    exec(STEPS, names)
    here, there = worked(names["work"]), worked(define(student, STEPS).get("work"))
    for one, other in zip(here[0], there[0], strict=True):
        np.testing.assert_array_equal(one, other)
    assert here[1:3] == there[1:3]
    np.testing.assert_array_equal(here[3], there[3])


@pytest.mark.process
@pytest.mark.parametrize("line, kind", [
    ("np.exp(X)", "TypeError"), ("np.mean(X)", "TypeError"), ("np.asarray(X)", "TypeError"), ("np.ones(3) * X", "TypeError"), ("X + np.ones(3)", "TypeError"), ("X @ np.ones(3)", "TypeError"),
    ("np.dot(X, X)", "TypeError"), ("xp.exp(np.ones(3))", "TypeError"), ("xp.exp([1.0])", "TypeError"), ("xp.sum(print)", "TypeError"), ("xp.nothing", "AttributeError"), ("xp.zeros((10**9, 10**9))", "MemoryError"),
    ("X[7]", "IndexError"), ("X @ X", "ValueError"), ("bool(X)", "ValueError"), ("1 / X[object()]", "TypeError"), ("X.__class__.__globals__", "AttributeError"), ("xp._student.ask_lent(0, 'call', '__class__')", "AttributeError")])
def test_a_wrong_use_is_an_error_in_the_students_own_line(student, line, kind):
    define(student, f"def wrong(xp, X):\n    return {line}")
    xp = Device(np)
    with pytest.raises(StudentError) as raised:
        student.get("wrong")(xp, xp.ones((2, 3)))
    assert raised.value.kind == kind and raised.value.line == 2 and str(raised.value)
    assert student.life == 1


@pytest.mark.process
@pytest.mark.parametrize("frame", [
    '{"lent": 99, "lent_do": "call", "name": "get", "args": ["tuple", [["tuple", []], ["dict", []]]]}', '{"lent": -1, "lent_do": "read", "name": "shape"}', '{"lent": None}', '{"lent": 0}', '{"lent": 1, "lent_do": "eval", "name": "1"}',
    '{"lent": 0, "lent_do": "call", "name": "exp", "args": ["tuple", [["tuple", [["handle", 0, "f", "f", "f"]]], ["dict", []]]]}',
    '{"value": ["tuple", [["lent", 99], ["list", []]]]}', '{"value": ["tuple", [["lent", 0, 0], ["list", []]]]}'])
def test_a_forged_frame_ends_the_students_process_and_nothing_else(student, frame):
    define(student, f"def forge(xp, X):\n    xp._student.channel.send({frame})\n    xp._student.channel.receive()\ndef honest(xp, X):\n    return X + 1")
    xp = Device(np)
    with pytest.raises(StudentGone):
        student.get("forge")(xp, xp.ones(3))
    assert student.get("honest")(xp, xp.ones(3)).numbers.tolist() == [2, 2, 2]
    assert student.life == 2


@pytest.mark.process
def test_counts_cannot_be_set_from_there(student):
    define(student, """
def cheat(xp, X):
    for name in ("operations", "fetched"):
        try:
            setattr(xp, name, -100)
        except AttributeError:
            pass
    X.numbers = X.device = 0
    type(X).get = lambda self: 7
    return X + X.tolist()[0]
""")
    xp = Device(np)
    assert student.get("cheat")(xp, xp.ones(3)).numbers.tolist() == [2, 2, 2]
    assert (xp.operations, xp.fetched) == (2, 1)


@pytest.mark.process
def test_operations_without_end_meet_the_deadline(student):
    define(student, "def endless(xp, X):\n    while True:\n        X = X + 1")
    xp, started = Device(np), time.monotonic()
    with pytest.raises(StudentGone) as gone:
        student.get("endless")(xp, xp.ones(3))
    assert gone.value.late and time.monotonic() - started < 10


@pytest.mark.process
def test_a_list_that_collects_arrays_is_refused_and_the_next_call_begins_with_nothing(student, monkeypatch):
    monkeypatch.setattr(lending, "MOST_LOANS", 50)
    define(student, "kept = []\ndef hoard(xp, X, n):\n    for _ in range(n):\n        kept.append(X + 1)\n    return n\ndef stale(xp, X):\n    return kept[0] + 1\ndef many(xp, X):\n    for _ in range(500):\n        X = X + 1\n    return X")
    hoard, xp = student.get("hoard"), Device(np)
    with pytest.raises(MemoryError):
        hoard(xp, xp.ones(3), 100)
    assert hoard(xp, xp.ones(3), 40) == 40
    assert hoard(xp, xp.ones(3), 40) == 40
    with pytest.raises(StudentError, match="earlier call"):
        student.get("stale")(xp, xp.ones(3))
    assert student.get("many")(xp, xp.ones(3)).numbers.tolist() == [501] * 3, "what is used no more is handed back"


@pytest.mark.process
def test_an_array_kept_from_an_earlier_call_is_no_answer(student):
    define(student, "kept = []\ndef first(xp, X):\n    kept.append(X)\n    return X\ndef second(xp):\n    return kept[0]")
    xp = Device(np)
    student.get("first")(xp, xp.ones(3))
    with pytest.raises(StudentGone, match="earlier call"):
        student.get("second")(xp)


@pytest.mark.process
def test_functions_of_ours_may_be_given_lent_arrays_and_call_back(student):
    define(student, "def apply(f, X, times):\n    for _ in range(times):\n        X = f(X)\n    return X\ndef double(X):\n    return X * 2")
    double, xp = student.get("double"), Device(np)
    assert student.get("apply")(lambda X: double(X) + 1, xp.ones(2), 3).numbers.tolist() == [15, 15]
