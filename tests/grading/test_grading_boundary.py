"""The trust boundary: what crosses the wire, what does not, and what becomes of a student's process that misbehaves."""

import json
import math
import os
import socket
import struct
import time
from pathlib import Path

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.sandbox import isolation, wire
from autograder.sandbox.session import MissingName, Proxy, StudentError, StudentGone, StudentSession

pytestmark = pytest.mark.process
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.complex_numbers() | st.binary(max_size=20)
    | arrays.arrays(st.sampled_from(["f4", "f8", "i8", "u1", "?", "c16", "U3", ">f8"]), arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3), max_leaves=12)


def refuse(value):
    raise wire.WireError(f"no handle for {value!r}")


def alike(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.shape == b.shape and a.dtype.newbyteorder("=") == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, complex):
        return isinstance(b, complex) and alike(a.real, b.real) and alike(a.imag, b.imag)
    return type(a) is type(b) and (a == b or a != a and b != b)


@given(PLAIN)
@settings(max_examples=300, deadline=None)
def test_what_is_sent_arrives(value):
    tree, buffers = wire.encode(value, refuse)
    assert alike(value, wire.decode(json.loads(json.dumps(tree)), b"".join(buffers), refuse))


@pytest.mark.parametrize("tree, body", [
    (["array", "<f8", [2]], b"12345678"), (["array", "<f8", [2]], b"1" * 24), (["array", "|O", [1]], b"1" * 8), (["array", "<f8", [-1]], b""), (["array", "<f8,<f8", [1]], b"1" * 16),
    (["array", "<f8", [1 << 40, 1 << 40]], b""), (["array", "V8", [1]], b"1" * 8), (["scalar", "<f8", [1]], b"1" * 8), (["bytes", -1], b""), (["bytes", 5], b"1"), (["float", "1e9"], b""),
    (["dict", [[["list", []], 1]]], b""), (["list"], b""), (["list", 3], b""), ("text", b""), ({}, b""), (["no such tag"], b""), (["handle", 1], b""), (["integer", "zz"], b""),
    (["named", "A", ["__class__"], [1]], b""), (["named", "A; import os", ["a"], [1]], b""), (["range", 1, 2, 0], b""), (["array", "<f8", [True]], b"1" * 8), (["set", [["list", []]]], b"")])
def test_a_frame_that_breaks_a_rule_is_refused(tree, body):
    with pytest.raises(wire.WireError):
        wire.decode(tree, body, refuse)


@pytest.mark.parametrize("frame", [b"\0" * 64, struct.pack(">IQ", 2**31, 0), struct.pack(">IQ", 2, 2**60) + b"{}", struct.pack(">IQ", 4, 0) + b"null", struct.pack(">IQ", 5, 0) + b"{]{]}",
                                   struct.pack(">IQ", 100_000, 0) + b"[" * 100_000, struct.pack(">IQ", 2_000_002, 0) + b"[" + b"1," * 1_000_000 + b"1"])
def test_garbage_on_the_channel_is_an_error_and_no_more(frame):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = __import__("threading").Thread(target=lambda: (theirs.sendall(frame), theirs.shutdown(socket.SHUT_WR)))
        sender.start()
        with pytest.raises(wire.WireError):
            header, _ = wire.Channel(ours).receive(deadline=time.monotonic() + 5)
            raise wire.WireError if not header else AssertionError(header)
        ours.close()
        sender.join()


# ---------------------------------------------------------------- a real student's process

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


def test_functions_classes_generators_and_callbacks_cross(student):
    define(student, """
def apply(f, x): return [f(v) for v in x]
class Value:
    def __init__(self, v): self.v = v
    def __add__(self, other): return Value(self.v + other.v)
    def __len__(self): return 3
    def __getitem__(self, i): return i * self.v
def count(n):
    for i in range(n): yield i
def fill(x, items):
    x[:] = 7
    items.append(1)
def twice(f): return lambda x: f(f(x))
""")
    assert student.get("apply")(lambda v: v * 10, [1, 2]) == [10, 20]
    assert student.get("apply")(np.tanh, [0.0]) == [0.0]
    Value = student.get("Value")
    total = Value(3) + Value(4)
    assert total.v == 7 and len(total) == 3 and total[2] == 14
    assert list(student.get("count")(4)) == [0, 1, 2, 3]
    x, items = np.zeros(3), []
    student.get("fill")(x, items)
    assert x.tolist() == [7, 7, 7] and items == [1] and student.changed == [0, 1]
    assert student.get("twice")(lambda v: v + 1)(5) == 7


def test_no_object_of_the_students_judges_itself(student):
    define(student, """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __lt__(self, other): return True
    __hash__ = None
class Sly(np.ndarray):
    def __eq__(self, other): return np.array(True)
    def __array_function__(self, *args): return True
class Seven(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
yes, sly, seven = Yes(), np.zeros(3).view(Sly), Seven(7)
""")
    assert not student.get("yes") == 3 and student.get("yes") != 3
    with pytest.raises(TypeError):
        student.get("yes") < 3
    assert type(student.get("sly")) is np.ndarray and not np.array_equal(student.get("sly"), np.ones(3))
    assert type(student.get("seven")) is int and student.get("seven") != 8


def test_errors_come_back_as_their_kind_with_their_line(student):
    define(student, "def f(x):\n    y = x + 1\n    return y / 0\ndef g(): raise SystemExit\nclass Odd(ValueError): pass\ndef h(): raise Odd('no')")
    with pytest.raises(ZeroDivisionError) as caught:
        student.get("f")(1)
    assert isinstance(caught.value, StudentError) and caught.value.line == 3 and caught.value.source.strip() == "return y / 0"
    with pytest.raises(StudentError):
        student.get("g")()
    with pytest.raises(ValueError):
        student.get("h")()
    with pytest.raises(MissingName):
        student.get("nothing")


@pytest.mark.parametrize("source, reason", [
    ("def bad():\n    import os\n    os._exit(0)", "ended"), ("def bad():\n    while True: pass", "in time"), ("def bad():\n    import time\n    time.sleep(60)", "in time"),
    ("def bad():\n    import ctypes\n    ctypes.string_at(0)", "ended"), ("def bad():\n    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)", "in time"),
    ("def bad():\n    import sys, os\n    [os.write(f, b'x' * 4096) for f in range(3, 60) if os.path.exists(f'/proc/self/fd/{f}')]", "no answer"),
    ("def bad():\n    import os\n    os.closerange(3, 200)", "ended")])
def test_a_process_that_misbehaves_costs_its_own_call_only(student, source, reason):
    define(student, "def fine(x): return x + 1")
    define(student, source)
    with pytest.raises(StudentGone) as gone:
        student.get("bad")()
    assert reason in str(gone.value)
    assert student.get("fine")(1) == 2                      # a new process, the cells replayed


def test_a_cell_that_never_ends_is_left_out_when_the_others_are_replayed(student):
    define(student, "a = 1")
    with pytest.raises(StudentGone):
        student.run("while True: pass")
    define(student, "b = a + 1")
    assert student.get("b") == 2


def test_too_many_ends_are_the_end(student):
    define(student, "def bad():\n    import os\n    os._exit(0)")
    reasons = []
    for _ in range(8):
        with pytest.raises(StudentGone) as gone:
            student.get("bad")()
        reasons.append(str(gone.value))
    assert "too often" in reasons[-1]


@pytest.mark.parametrize("value, sent", [("np.array([object()])", Proxy), ("np.array([{}], dtype=object)", Proxy), ("object()", Proxy), ("lambda: 1", Proxy), ("__import__('os')", Proxy)])
def test_what_is_no_plain_value_stays_there(student, value, sent):
    define(student, f"value = {value}")
    assert type(student.get("value")) is sent


@pytest.mark.parametrize("value", ["np.zeros(40_000_000)", "[0] * 3_000_000", "'x' * 30_000_000", "deep"])
def test_what_is_too_large_or_too_deep_is_an_error_of_the_students(student, value):
    define(student, "deep = []\nfor _ in range(3000): deep = [deep]")
    define(student, f"def f(): return {value}")
    with pytest.raises((StudentError, StudentGone)):
        student.get("f")()
    assert student.run("1 + 1")["outputs"][0]["data"]["text/plain"] == "2"


def test_printing_without_end_is_cut(student):
    outputs = student.run("for _ in range(200_000): print('x' * 100)")["outputs"]
    assert 0 < sum(len(output["text"]) for output in outputs) <= 200_000


def test_the_library_the_reference_and_other_packages_are_absent(student):
    for module in ("course_lib", "autograder", "nbgrader", "sklearn", "torch", "course_lib.perceptron", "jupyterlab"):
        error = student.run(f"import {module}")["error"]
        assert error and error["kind"] == "ModuleNotFoundError", module
    for module in ("numpy", "matplotlib.pyplot", "math", "IPython"):
        assert student.run(f"import {module}")["error"] is None, module


def test_walls_hide_the_checkout_the_home_the_network_and_other_processes(require):
    require(isolation.bubblewrap_refusal() is None, isolation.bubblewrap_refusal())
    checkout = Path(__file__).resolve().parents[2]
    with StudentSession(walled=True) as student:
        define(student, f"""
import os, socket
seen = [place for place in ({str(checkout)!r}, {str(Path.home() / '.ssh')!r}, '/home', '/etc/passwd', '/var', '/run') if os.path.exists(place)]
def listed(place):
    try: return os.listdir(place)
    except OSError: return []
processes = [name for name in listed('/proc') if name.isdigit()]
try:
    socket.create_connection(('127.0.0.1', {_listener().getsockname()[1]}), 1); connected = True
except OSError:
    connected = False
uid = os.getuid()
environment = sorted(os.environ)
""")
        assert student.get("seen") == []
        assert len(student.get("processes")) <= 3 and not student.get("connected") and student.get("uid") == 65534
        assert not [name for name in student.get("environment") if name in os.environ and name not in isolation.ENVIRONMENT and name not in ("PWD", "LC_CTYPE")]
        for place in ("/usr/x", "/modules/x", "/program/x", "/x"):
            assert student.run(f"open({place!r}, 'w')")["error"], place
        assert student.run("open('/scratch/x', 'w').write('mine')")["error"] is None


_OPEN = []


def _listener():
    listener = socket.create_server(("127.0.0.1", 0))
    _OPEN.append(listener)
    return listener


def test_the_process_and_its_children_and_its_folder_are_gone_afterwards(walled, tmp_path):
    with StudentSession(walled=walled) as student:
        define(student, "import subprocess\nchild = subprocess.Popen(['sleep', '1234.5'])")
        pid, scratch = student.process.pid, student.scratch or Path("/nowhere")
    assert not scratch.exists() and not Path(f"/proc/{pid}").exists()
    time.sleep(.3)
    alive = [entry for entry in Path("/proc").glob("[0-9]*/cmdline") if b"1234.5" in _bytes(entry)]
    assert not alive


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_students_name_never_replaces_the_instructors_or_the_built_in(student):
    from autograder.grading.submission import Names, judge
    define(student, "def all(x): return True\ndef close(a, b): return True\nnp = None\ndef f(x): return 0")
    names = Names(student)
    exec("import numpy as np\ndef close(a, b): return abs(a - b) < 1e-6", names)
    assert judge("assert close(f(1), 2)", names, None, 5)[0] == 0
    assert judge("assert all([False])", names, None, 5)[0] == 0
    assert judge("np.testing.assert_allclose(f(1), 2)", names, None, 5)[0] == 0
    assert judge("np.testing.assert_allclose(f(1), 0)", names, None, 5)[0] == 5
    assert judge("assert f(1) == 0\n3", names, None, 5)[0] == 3
    assert judge("def helper():\n    return f(1) == 0\nassert helper()", names, None, 5)[0] == 5
    assert judge("g(1)", names, None, 5)[0] == 0


def test_numbers_that_are_no_numbers_cross_exactly(student):
    define(student, "def same(x): return x")
    same = student.get("same")
    for value in (math.nan, math.inf, -math.inf, -0.0, 2**200, -(2**53) - 1, 1e-320, np.float32(.1), np.int8(-3), True, "ü\0✓", np.array([np.nan, np.inf]), {"a": (1, [2])}, {1, 2}, 1j, range(3)):
        assert alike(value, same(value)) or isinstance(value, (set, range)) and same(value) == value or isinstance(value, np.generic) and same(value).dtype == value.dtype
