"""Honest code is not hurt, and a test cell that was written for nbgrader cannot be talked into points by an object.

Each notebook holds many cells, because what costs time is the student's process.
"""

import sys

import nbformat
import numpy as np
import pytest

from autograder.errors import CourseError
from autograder.grading import submission
from autograder.grading.needs import interpreter
from autograder.grading.testcells import Given, parsed

pytestmark = pytest.mark.process
MARK = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}


def cell(kind, name, source, points=1.0):
    mark = {"answer": {"solution": True}, "locked": {"locked": True}, "test": {"grade": True, "locked": True, "points": points}}[kind]
    return nbformat.v4.new_code_cell(source.strip("\n"), metadata={"nbgrader": {**MARK, "grade_id": name, **mark}})


def graded(*cells, given=Given(), **options):
    """The grading of a notebook of (kind, name, source, points) cells."""
    notebook = nbformat.v4.new_notebook(cells=[cell(*one) for one in cells])
    return submission.grade(notebook, None, given=given, **options)


def complaints(result):
    """Test cell → what went wrong, of those that earned nothing."""
    return {one.metadata.nbgrader.grade_id: [output.get("evalue") for output in one.outputs] for one in result.notebook.cells
            if one.metadata.nbgrader.grade and not result.points[one.metadata.nbgrader.grade_id]}


# ---------------------------------------------------------------- honest code

HONEST = [
    ("locked", "imports", "import io\nimport math\nimport warnings\nimport numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline"),
    ("answer", "magics", "%config InlineBackend.figure_format = 'png'\n%load_ext autoreload\n%autoreload 2\n!echo shell\n!no_such_command\n!pip --version\nfound = !echo kept\n%time magic_value = 41 + 1\nlisted = %who_ls\n%timeit -n1 -r1 1 + 1\nget_ipython().run_line_magic('precision', '3')"),
    ("test", "magics_run", "assert magic_value == 42 and 'magic_value' in listed and list(found) == ['kept']"),
    ("answer", "cell_magic", "%%time\nslow_value = sum(range(1000))"),
    ("test", "cell_magic_runs", "assert slow_value == 499500"),
    ("answer", "plots", "fig, axes = plt.subplots(2, 2)\naxes[0, 0].plot([1, 2], [3, 4], 'r--')\nplt.figure()\nplt.hist(np.arange(100))\nplt.show()\ndef draw(ax):\n    ax.bar(['a', 'b'], [1, 2])\n    return ax"),
    ("test", "plots_are_seen", "assert axes[0, 0].lines[0].get_linestyle() == '--' and len(draw(axes[1, 1]).patches) == 2"),
    ("answer", "recursion", "import sys\nsys.setrecursionlimit(20_000)\ndef deep(n): return 0 if n == 0 else 1 + deep(n - 1)\ndef nest(n): return [] if n == 0 else [nest(n - 1)]\ndef hanoi(n, a='A', b='B', c='C'): return [] if n == 0 else hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)"),
    ("test", "recursion_is_deep", "assert deep(5000) == 5000 and nest(40) and len(hanoi(10)) == 1023"),
    ("answer", "arrays", "def double(X): return X * 2\ndef ones(n): return np.ones(n)\ndef fill(X): X[:] = 7\ndef primes(n):\n    sieve = np.ones(n + 1, bool)\n    sieve[:2] = False\n    for p in range(2, int(n ** .5) + 1):\n        if sieve[p]: sieve[p * p::p] = False\n    return [int(p) for p in np.flatnonzero(sieve)]"),
    ("test", "arrays_of_100_MB", "X = np.arange(12_500_000, dtype=float)\nassert X.nbytes == 100_000_000\nassert np.array_equal(double(X), 2 * X)\nassert ones(12_500_000).sum() == 12_500_000"),
    ("test", "arrays_of_100_MB_in_place", "X = np.zeros(12_500_000)\nfill(X)\nassert (X == 7).all()"),
    ("test", "long_lists", "assert len(primes(10**6)) == 78498 and primes(30)[-1] == 29"),
    ("answer", "threads", "from concurrent.futures import ThreadPoolExecutor\nimport threading\ndef product(n):\n    A = np.random.default_rng(0).normal(size=(n, n))\n    return A @ A.T\ndef in_threads(values):\n    with ThreadPoolExecutor(4) as pool: return list(pool.map(lambda v: v * v, values))"),
    ("test", "threads_in_numpy", "assert product(400).shape == (400, 400) and np.allclose(product(5), product(5).T) and in_threads(range(5)) == [0, 1, 4, 9, 16]"),
    ("answer", "names", "größe = 3\n\u540d\u524d = 'Ada'\ndef être(x_α): return x_α + größe\nclass Été:\n    ñ = '✓'"),
    ("test", "unicode_names", "assert être(1) == 4 and \u540d\u524d == 'Ada' and Été().ñ == '✓'"),
    ("answer", "noise", "import logging\ndef noisy(x):\n    warnings.warn('careful')\n    logging.warning('hm')\n    print('to stderr', file=sys.stderr)\n    print('x' * 100_000)\n    return np.log(x)\nfor i in range(3000): print('a line', i)\nnp.log(0.0)"),
    ("test", "warnings_and_prints_cost_nothing", "assert noisy(np.zeros(1))[0] == -np.inf and noisy(1.0) == 0"),
    ("answer", "patience", "import time\ndef slow(x):\n    time.sleep(2.5)\n    return x"),
    ("test", "slow_but_legal", "assert slow(3) == 3"),
    ("answer", "processes", "def in_processes(values):\n    from multiprocessing import Pool\n    with Pool(2) as pool: return pool.map(abs, values)"),
    ("test", "other_processes", "assert in_processes([-1, 2]) == [1, 2]"),
    ("answer", "lively", "class Tree:\n    def __init__(self, *children): self.children = list(children)\n    def __iter__(self):\n        yield self\n        for child in self.children: yield from child\ndef endless():\n    n = 0\n    while True:\n        yield n\n        n += 1"),
    ("test", "generators", "from itertools import islice\nassert len(list(Tree(Tree(), Tree(Tree())))) == 4 and sum(islice(endless(), 100)) == 4950"),
]


@pytest.fixture(scope="module")
def honest():
    return graded(*HONEST, cell_seconds=20, call_seconds=1)


def test_honest_code_is_not_hurt(honest):
    assert complaints(honest) == {}
    assert honest.flagged == {}


def test_what_a_student_prints_is_kept_up_to_a_size(honest):
    texts = ["".join(output.get("text", "") for output in one.outputs) for one in honest.notebook.cells if one.metadata.nbgrader.grade_id == "noise"]
    assert "a line 2999" in texts[0] and len(texts[0]) < 250_000


def test_a_command_of_the_shell_shows_what_it_printed_and_stops_no_cell(honest):
    outputs = next(one.outputs for one in honest.notebook.cells if one.metadata.nbgrader.grade_id == "magics")
    assert "shell\n" in outputs[0]["text"] and not [output for output in outputs if output.output_type == "error"]


# ---------------------------------------------------------------- objects that lie

LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __add__(self, other): return self
    __mul__ = __truediv__ = __mod__ = __pow__ = __radd__ = __rmul__ = __matmul__ = __and__ = __or__ = __add__
    def __contains__(self, item): return True
    def __instancecheck__(self, value): return True
    def __getattr__(self, name):
        if name.startswith("_"): raise AttributeError(name)
        return self
    def __call__(self, *args): return self
    def __array__(self, *args, **kwargs): raise TypeError
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
    __array_priority__ = 1e9
    @property
    def __array_interface__(self): return {"shape": (1,), "typestr": "<f8", "data": (1, False), "version": 3}
    __hash__ = None
def squares(n): return Liar()
def area(r): return Liar()
"""
CLASSES = """
class Circle:
    def __init__(self, r): self.r = r
    def area(self): return self
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __eq__(self, other): return True
class AssertionError: pass
class ValueError(Circle): pass
class Vector(Circle): pass
def total(n): return ValueError(n)
def vector(n): return Vector(n)
"""
FORGED = ["assert squares(3) == [1, 4, 9]", "assert [1, 4, 9] == squares(3)", "assert not squares(3) != [1]", "assert abs(area(1) - 3.14) < 1e-2", "assert abs(3.14 - area(1)) < 1e-2", "assert area(1) < 4",
          "assert round(area(1), 2) == 3.14", "assert np.allclose(area(1), 3.14)", "assert np.isclose(area(1), 3.14)", "np.testing.assert_allclose(area(1), 3.14)", "np.testing.assert_almost_equal(area(1), 3.14)",
          "np.testing.assert_equal(squares(2), [1, 4])", "assert math.isclose(area(1), 3.14)", "assert area(1) in [3.14]", "assert 3.14 in squares(1)", "assert isinstance(area(1), float)",
          "assert np.array_equal(squares(2), [1, 4])", "assert (squares(2) == np.array([1, 4])).all()", "assert str(squares(2)) == '[1, 4]'", "assert sum(squares(2)) == 5", "assert set(squares(2)) == {1, 4}",
          "assert pytest.approx(3.14) == area(1)", "unittest.TestCase().assertAlmostEqual(area(1), 3.14)", "unittest.TestCase().assertEqual(squares(1), [1])", "assert area(1) - 3.14 == 0", "assert (area(1) == 3.14) is True",
          "assert type(area(1)) is float", "assert squares(3) is not None and squares(3) == [1]", "assert total(3) == 6", "assert abs(total(3) - 6) < 1e-9", "assert vector(3) == 6", "assert abs(vector(3) - 6) < 1e-9",
          "score = 0\nif squares(1) == [1]: score += 1\nscore", "assert max(area(1), 3.0) == 3.14", "assert f'{area(1):.2f}' == '3.14'", "assert squares(3)[2] == 9", "assert len(squares(3)) == 3"]


def test_an_object_that_agrees_with_everything_earns_nothing():
    tests = [("test", f"t{place}", source) for place, source in enumerate(FORGED)]
    result = graded(("locked", "imports", "import math\nimport unittest\nimport numpy as np\nimport pytest"), ("answer", "lies", LIAR), ("answer", "classes", CLASSES), *tests)
    assert {FORGED[int(name[1:])]: points for name, points in result.points.items() if points} == {}
    assert result.flagged == {}


def test_where_the_students_own_code_compares_the_cell_is_flagged_and_where_it_earned_nothing_it_is_not():
    result = graded(("answer", "classes", CLASSES), ("test", "alike", "assert Vector(1) == Vector(2)"), ("test", "unlike", "assert Vector(1) != Vector(1)\nassert False"),
                    ("test", "number", "assert abs(Circle(1).area() - 3.14) < 1e-2"), ("test", "same", "v = Vector(1)\nassert v.area() is v"))
    assert set(result.flagged) >= {"alike"} and not set(result.flagged) & {"unlike", "same"}
    assert result.points["number"] == 0 or "number" in result.flagged
    assert "A person should confirm" in result.flagged["alike"] and "Vector" in result.flagged["alike"]
    (said, *_) = next(one for one in result.notebook.cells if one.metadata.nbgrader.grade_id == "alike").outputs
    assert said["data"]["text/plain"] == result.flagged["alike"]


RELEASE = nbformat.v4.new_notebook(cells=[
    nbformat.v4.new_code_cell("import numpy as np\nfrom numpy.testing import assert_allclose as close_to\ndef near(a, b):\n    return abs(a - b) < 1e-6"),
    cell("answer", "f", "def f(x):\n    return x ** 2\nbalance = 10\nbalance = balance + 1\nlimit = 3\ncounter = 0\ndef capped(x): return min(x, limit)\ndef count():\n    global counter\n    counter += 1")])


def test_what_only_an_unlocked_cell_imports_or_defines_is_still_the_instructors():
    evil = "class Fake:\n    def __getattr__(self, name): return lambda *a, **k: True\nnp = Fake()\ndef close_to(*a, **k): pass\ndef near(a, b): return True\nprint, abs, f = Fake(), Fake(), lambda x: 0\ndef capped(x): return 0"
    tests = [("test", "a", "close_to(f(3), 9)"), ("test", "b", "assert near(f(3), 9)"), ("test", "c", "assert np.allclose(f(3), 9)"), ("test", "d", "np.testing.assert_allclose(f(3), 9)")]
    result = graded(("answer", "f", evil), *tests, given=Given.of(RELEASE))
    assert set(result.points.values()) == {0.0}
    honest = graded(("answer", "f", RELEASE.cells[1].source), *tests, given=Given.of(RELEASE))
    assert set(honest.points.values()) == {1.0} and honest.flagged == {}


def test_globals_that_the_answer_shares_with_the_tests_are_shared_and_others_are_not():
    spy = "def f(x): return globals().get('expected', globals().get('result', 0))\ndef capped(x): return min(x, limit)\nbalance = 11\nlimit = 3\ncounter = 0\ndef count():\n    global counter\n    counter += 1"
    result = graded(("locked", "start", "balance = 10"), ("answer", "f", spy), ("test", "leak", "expected = 9\nresult = 9\nassert f(3) == expected"), ("test", "limit", "limit = 5\nassert capped(9) == 5"),
                    ("test", "counter", "counter = 7\ncount()\nassert counter == 8"), ("test", "balance", "assert balance == 11"), given=Given.of(RELEASE))
    assert result.points == {"leak": 0, "limit": 1, "counter": 1, "balance": 1} and result.flagged == {}


def test_files_cross_as_data_and_never_as_code():
    wrote = ("def save(text):\n    open('out.txt', 'w').write(text)\n    open('math.py', 'w').write('boom = 1')\n    open('hidden_helper.py', 'w').write('passed = True')\n"
             "    import pickle\n    open('m.pkl', 'wb').write(pickle.dumps([1]))\ndef change():\n    open('data.txt', 'w').write('changed')\ndef read(path): return open(path).read()")
    result = graded(("answer", "f", wrote), ("test", "text", "import os\nsave('hello')\nassert open('out.txt').read() == 'hello' and not os.path.exists('math.py') and not os.path.exists('m.pkl')"),
                    ("test", "import_", "save('x')\nimport hidden_helper\nassert hidden_helper.passed"), ("test", "data", "assert open('data.txt').read() == 'given' == read('data.txt')"),
                    ("test", "sent", "open('sub.txt', 'w').write('from the test')\nassert read('sub.txt') == 'from the test'"), files={"data.txt": b"given"})
    assert result.points == {"text": 1, "import_": 1, "data": 1, "sent": 1} and "hidden_helper" not in sys.modules
    assert list(result.flagged) == ["import_"] and "imports hidden_helper, which is not there" in result.flagged["import_"]


def test_a_test_that_never_ends_is_stopped(monkeypatch):
    result = graded(("answer", "f", "def endless():\n    while True: yield 1\ndef huge(): return 10**18\nok = 1"), ("test", "endless", "for one in endless(): pass"),
                    ("test", "huge", "for _ in range(huge()): pass"), ("locked", "given", "for _ in range(huge()): pass"), ("test", "after", "assert ok == 1"), cell_seconds=2)
    assert result.points == {"endless": 0, "huge": 0, "after": 1}
    assert all("in time" in why[0] for why in complaints(result).values())


def test_a_notebook_in_another_language_is_not_graded_as_python():
    notebook = nbformat.v4.new_notebook(cells=[cell("answer", "f", "f <- function(x) x^2")], metadata={"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}})
    with pytest.raises(CourseError, match="written in R"):
        submission.grade(notebook, None)


# ---------------------------------------------------------------- what needs the student's interpreter

@pytest.mark.parametrize("source, needed", [
    ("assert f(1) == 1", False), ("with patch('__main__.f'): g()", True), ("with patch('builtins.input', return_value='1'): g()", False), ("with patch.object(A, 'm'): g()", True), ("eval(answer)", True),
    ("eval('1 + 1')", False), ("import re\nre.compile(f())", False), ("exec(f())", True), ("import pickle\npickle.load(open('m.pkl', 'rb'))", True), ("np.load('a.npy', allow_pickle=True)", True),
    ("np.load('a.npy')", False), ("assert type(f()) is int", False), ("assert type(f()) is Dog", True), ("import __main__", True), ("get_ipython().user_ns", True), ("%matplotlib inline\nf()", False), ("%run other.py", True),
    ("%%capture out\nf()", True), ("%%time\nf()", False), ("!ls", False), ("import inspect\ninspect.getsource(f)", False), ("import tempfile", True), ("sys.modules['x']", True), ("unittest.main(argv=[''])", True)])
def test_what_needs_the_students_interpreter_is_read_off_the_cell(source, needed):
    assert bool(interpreter(parsed(source))) is needed


def test_given_is_what_the_instructors_notebook_says():
    given = Given.of(RELEASE)
    assert given.asked == {"f", "balance", "limit", "counter", "capped", "count"} and given.changed == {"counter"} and given.read == {"limit"}
    assert len(given.helpers) == 3 and given.modules == {"numpy"}
    assert Given.of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("def stub(x):\n    pass")])).helpers == ()


# ---------------------------------------------------------------- a course root that somebody else made

@pytest.mark.parametrize("said, root, database", [
    ("", "", ""), ("c.CourseDirectory.db_url = 'sqlite:///book/grades.db'", "", "book/grades.db"), ("c.CourseDirectory.root = 'spring'", "spring", ""),
    ("c.CourseDirectory.root = 'spring'\nc.CourseDirectory.db_url = 'sqlite:///grades.db'", "spring", "spring/grades.db"), (None, "", "")])
def test_what_a_configuration_says_relative_to_its_root_is_made_absolute(tmp_path, said, root, database):
    from autograder.grading.course import configuration
    if said is not None:
        (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{said}\n")
    directory = configuration(tmp_path).CourseDirectory
    assert directory.root == str(tmp_path / root) and directory.get("db_url") == (f"sqlite:///{tmp_path / database}" if database else None)


def test_a_gradebook_on_a_server_keeps_its_url(tmp_path):
    from autograder.grading.course import configuration
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.db_url = 'postgresql://ada@localhost/grades'\n")
    assert configuration(tmp_path).CourseDirectory.db_url == "postgresql://ada@localhost/grades"


def test_a_folder_with_a_gradebook_alone_is_a_course_root_and_an_empty_one_is_none(tmp_path):
    from autograder.course_root import find_course_root
    with pytest.raises(CourseError, match="not a course root"):
        find_course_root(tmp_path)
    (tmp_path / "gradebook.db").touch()
    assert find_course_root(tmp_path) == tmp_path.resolve()


def test_a_key_is_needed_only_where_hidden_cases_are_asked(tmp_path):
    from autograder.grading.conditions import secret_of
    assert secret_of(tmp_path, needed=False) is None
    with pytest.raises(CourseError, match="secret.key"):
        secret_of(tmp_path)
