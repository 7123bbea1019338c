"""Hostile submissions, tests/attacks: each is tried in every tier that this machine offers, and breaks no promise in any.

They run once for the file, in hosts of their own; each test looks at what was seen of one case.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("attacks")]
CHECKOUT = Path(__file__).resolve().parents[2]
ATTACKS = CHECKOUT / "tests" / "attacks"
CASES = [case["id"] for case in json.loads((ATTACKS / "manifest.json").read_text(encoding="utf-8"))]
SECONDS = 3                                   # that a hostile cell or call may take here


@pytest.fixture(scope="module")
def lines(require):
    """(case, tier) → what `course attack` says of it."""
    from autograder.grading import attack_tiers
    require("A" in attack_tiers.offered() or not os.environ.get("CI"), "bubblewrap cannot be used here, so the strongest tier is not tried: `course doctor` says why.")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run([sys.executable, "-m", "autograder.cli", "attack", str(ATTACKS), "--seconds", str(SECONDS), "--json"], env=environment, capture_output=True, text=True, timeout=1500)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)
    assert done.returncode == (0 if all(line["holds"] for line in found) else 1)
    return {(line["case"], line["tier"]): line for line in found}


def test_every_case_was_tried_in_every_tier(lines):
    from autograder.grading import attack, attack_tiers
    assert set(lines) == {(case, tier) for case in [attack.SELF_TEST, *CASES] for tier in attack_tiers.offered()}


def test_every_tier_is_what_it_says(lines):
    from autograder.grading import attack
    assert {tier: line["seen"] for (case, tier), line in lines.items() if case == attack.SELF_TEST and not line["holds"]} == {}


@pytest.mark.parametrize("case", CASES)
def test_no_promise_is_broken(lines, case):
    assert {(line["tier"], line["seen"]): line["broken"] for (name, _), line in lines.items() if name == case and line["broken"]} == {}
