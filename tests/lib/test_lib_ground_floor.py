"""What runs on a bare machine: everything below `plots` imports with NumPy alone, and quickly."""

import subprocess
import sys
from pathlib import Path
from pkgutil import walk_packages

import pytest

import course_lib

ROOT = Path(course_lib.__file__).parent
ABOVE = ("course_lib.plots", "course_lib.widgets")
BELOW = sorted(
    module.name
    for module in walk_packages([str(ROOT)], "course_lib.")
    if not module.name.startswith(ABOVE) and not module.name.startswith("course_lib.hand_table.view")
)
# runs each import with everything but NumPy and Python's own modules out of reach
ALONE = """
import importlib, sys
class OnlyNumPy:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in ("numpy", "course_lib", "__main__"):
            raise ModuleNotFoundError(f"{name} is not there", name=name)
sys.meta_path.insert(0, OnlyNumPy())
for name in sys.argv[1:]:
    importlib.import_module(name)
print(len(sys.argv) - 1)
"""


def test_the_ground_floor_imports_with_numpy_alone():
    assert {
        "course_lib.autodiff.engine",
        "course_lib.data",
        "course_lib.preprocessing",
        "course_lib.search",
        "course_lib.timing",
    } <= set(BELOW)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *BELOW], capture_output=True, text=True, cwd=ROOT.parent, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) == len(BELOW)


@pytest.mark.parametrize("module", ["matplotlib", "sklearn", "IPython", "cupy", "scipy"])
def test_importing_the_ground_floor_brings_nothing_heavy(module):
    code = (
        f"import sys, importlib; [importlib.import_module(n) for n in {BELOW!r}]; assert {module!r} not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT.parent, timeout=120)


def test_the_library_adds_little_to_numpys_own_import():
    # the promise is 0.1 s beyond NumPy; CPU time, the best of five: other work on the machine only adds
    code = (
        "import numpy, time; start = time.process_time()\n"
        "from course_lib import autodiff, data, ensembles, losses, network, optimizers, search, training\n"
        "print(time.process_time() - start)"
    )
    seconds = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent
            ).stdout
        )
        for _ in range(5)
    ]
    assert min(seconds) < 0.1
