"""Modules that the instructor put beside a notebook judge on the trusted side; the student's of the same name never do."""

import importlib.util
import sys

import nbformat
import pytest

from autograder.grading.helpers import Helpers, imported, texts
from autograder.grading.testcells import Given, parsed
from grading.test_grading_plain import cell, complaints, graded

HELPERS = b"""
from pathlib import Path
import numpy as np
from pack.deep import tolerance
WORDS = Path(__file__).parent.joinpath("words.txt").read_text().split()
calls = []
class Base:
    kind = "base"
def check_sorted(sort):
    assert sort([3, 1, 2]) == [1, 2, 3]
def check_mean(mean):
    calls.append(mean)
    np.testing.assert_allclose(mean(np.arange(5.0)), 2.0, rtol=tolerance)
def check_point(made):
    assert made.x == 3 and made.twice() == 6 and isinstance(made, Base)
def longest():
    return max(WORDS, key=len)
"""
FILES = {"helpers.py": HELPERS, "pack/__init__.py": b"from . import deep", "pack/deep.py": b"from .deeper import tolerance", "pack/deeper.py": b"tolerance = 1e-9", "words.txt": b"a grading b",
         "patching.py": b"def check(f):\n    assert eval('f(1)') == 1\ndef say(text):\n    return eval(text)", "indirect.py": b"import patching\ncheck = patching.check", "statistics.py": b"def mean(x): return 7"}
RIGHT = "from helpers import Base, longest\ndef sort(x): return sorted(x)\ndef mean(x): return float(np.mean(x))\nclass Point(Base):\n    def __init__(self, x): self.x = x\n    def twice(self): return 2 * self.x\nword = longest()"
WRONG = RIGHT.replace("sorted(x)", "x").replace("np.mean(x)", "0").replace("2 * self.x", "0").replace("longest()", "'no'")
TESTS = [
    ("test", "sorted", "check_sorted(sort)"), ("test", "mean", "helpers.check_mean(mean)"), ("test", "point", "from helpers import check_point\ncheck_point(Point(3))"),
    ("test", "word", "assert word == helpers.longest() == 'grading'"), ("test", "state", "import helpers as h\nassert h is helpers and len(h.calls) == 1 and mean([2]) == 2")]
# What a student may hand in under the names that count: each would give full marks to whoever gets it imported.
EVIL = b"class Any:\n    def __getattr__(self, name): return lambda *a, **k: True\n    def __eq__(self, other): return True\nimport sys\nsys.modules[__name__] = Any()\n"
HANDED_IN = {name: EVIL for name in ("helpers/__init__.py", "numpy.py", "numpy/__init__.py", "autograder.py", "sitecustomize.py", "usercustomize.py", "deep.py", "pack.py", "grading.py")} | {
    "evil.pth": b"import sys; sys.stderr.write('loaded')\n", "helpers.cpython-312-x86_64-linux-gnu.so": b"\x7fELF", "__pycache__/helpers.cpython-312.pyc": b"\0" * 40}


def with_helpers(answer, *, files=FILES, tests=TESTS, instructors=FILES, **options):
    locked = ("locked", "imports", "import numpy as np\nimport helpers\nfrom helpers import check_sorted")
    return graded(locked, ("answer", "all", answer), *tests, files=files, given=Given.of(None, instructors), **options)


@pytest.mark.process
class TestHelpers:
    def test_test_cells_import_them_and_judge_with_them(self):
        right, wrong = with_helpers(RIGHT), with_helpers(WRONG)
        assert complaints(right) == {} and right.flagged == {}
        assert sum(wrong.points.values()) == 0 and wrong.flagged == {}

    def test_what_the_student_hands_in_or_redefines_under_their_names_judges_nothing(self):
        redefines = WRONG + "\ndef check_sorted(*a): pass\nclass Any:\n    def __getattr__(self, name): return lambda *a, **k: True\nhelpers = Any()\nimport sys\nsys.modules['helpers'] = helpers\nopen('helpers.py', 'w').write('def check_sorted(*a): pass')"
        result = with_helpers(redefines, files={**HANDED_IN, **FILES})
        assert set(result.points.values()) == {0.0} and result.flagged == {}

    def test_the_students_process_has_the_instructors_text_too(self):
        result = graded(("answer", "a", "import helpers\nimport pack.deep\nvalue = helpers.longest(), pack.deep.tolerance"), ("test", "t", "assert value == ('grading', 1e-9)"), files=FILES)
        assert result.points == {"t": 1.0}

    def test_a_module_that_only_the_students_side_has_judges_flagged_or_not_at_all(self):
        mine = {"mine.py": b"def check(*a): pass\ndef near(*a): return True"}
        for first, test in (("import mine", "mine.check(f)"), ("from mine import near", "assert near(f, 1)"), ("from mine import *", "assert near(f, 1)"), ("pass", "import mine\nmine.check(f)")):
            result = graded(("locked", "imports", first), ("answer", "f", "f = 0"), ("test", "t", test), ("test", "own", "assert f == 0"), files=mine, given=Given(frozenset({"f"})))
            assert result.points == {"t": 1.0, "own": 1.0} and list(result.flagged) == ["t"] and "imports mine, which is not there" in result.flagged["t"]

    def test_what_a_locked_cell_defines_after_a_line_that_failed_here_is_not_taken_from_the_student(self):
        result = graded(("locked", "given", "from helpers import broken\ndef near(a, b): return a == b"), ("answer", "f", "def near(a, b): return True\ndef f(x): return 0"),
                        ("test", "t", "assert near(f(3), 9)"), given=Given.of(None, {"helpers.py": b"pass"}), files={"helpers.py": b"pass"})
        assert result.points["t"] == 0 or "t" in result.flagged

    @pytest.mark.parametrize("module, why", [("patching", "imports patching.py, which runs text as code (eval)"), ("indirect", "imports patching.py, which runs text"), ("statistics", "which has the name of a module of Python's own")])
    def test_a_helper_that_needs_the_students_interpreter_runs_there_and_is_flagged(self, module, why):
        call = "assert statistics.mean([1, 2]) == 1.5" if module == "statistics" else f"{module}.check(f)"
        result = graded(("answer", "f", "def f(x): return x\nhole = '[c for c in ().__class__.__base__.__subclasses__()]'"), ("test", "t", f"import {module}\n{call}"), files=FILES, given=Given.of(None, FILES))
        assert result.points["t"] == 0 or why in result.flagged["t"]
        assert module == "statistics" or result.points["t"] == 1

    def test_two_submissions_share_nothing_and_nothing_stays_in_the_grader(self):
        before, path = set(sys.modules), list(sys.meta_path)
        for _ in range(2):
            assert with_helpers(RIGHT).points["state"] == 1.0          # one call: the list is this submission's own
        assert not {"helpers", "pack", "pack.deep", "patching"} & set(sys.modules) and sys.meta_path == path and "statistics" not in set(sys.modules) - before


def test_names_of_modules_are_those_of_the_instructors_python_files():
    assert set(texts(FILES)) == {"helpers", "pack", "pack.deep", "pack.deeper", "patching", "indirect", "statistics"}
    assert texts({"autograder.py": b"", "a-b.py": b"", "nbgrader/x.py": b"", "notes.txt": b"", "latin.py": b"# coding: latin-1\nx = '\xe9'", "broken.py": b"\xff\xfe"}) == {"latin": "# coding: latin-1\nx = 'é'"}


def test_a_package_that_the_grader_does_not_have_is_known_from_the_assignment():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (
        "import numpy as np, no_such_package.part", "try:\n    import no_such_option\nexcept ImportError: pass", "import helpers\nfrom pack import deep", "%matplotlib inline\nfrom . import x\nimport math")])
    assert Given.of(notebook, FILES).absent == ("no_such_package",)


def test_what_a_cell_only_tries_to_import_is_left_out():
    assert imported(parsed("try:\n    import a\nexcept ImportError: pass\nimport b.c\ndef f():\n    from d import e")) == ["b.c", "d.e"]
    assert Helpers({}).reason(parsed("import numpy.linalg, os.path")) is None


def test_a_module_of_the_graders_own_is_hidden_only_while_a_test_runs():
    helpers, found = Helpers(texts({"nbformat.py": b"mine = 1"})), sys.modules["nbformat"]
    with helpers.importable():
        import nbformat as during
        assert during.mine == 1 and importlib.util.find_spec("nbformat").loader is helpers
    assert sys.modules["nbformat"] is found is nbformat and cell("test", "t", "1").source == "1"
