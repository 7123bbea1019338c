"""Grading costs a fraction of what it costs with nbgrader as it comes, and gives the same points."""

import sys
from pathlib import Path

import pytest

from autograder.sandbox.isolation import bubblewrap_refusal

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def bench():
    sys.path.insert(0, str(HERE))
    try:
        import grading_cost
    finally:
        sys.path.remove(str(HERE))
    return grading_cost


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts the processor's time with /proc")
def test_a_submission_costs_a_fraction_of_nbgraders_and_gets_the_same_points(bench, tmp_path, require):
    require(bubblewrap_refusal() is None, bubblewrap_refusal())
    few, more = 2, 14
    times = {}
    for count in (few, more):                             # the difference is what a submission costs without the start
        folder = tmp_path / str(count)
        folder.mkdir()
        times[count] = bench.compare(folder, count, 1, {"nbgrader": bench.STOCK, "ours": bench.ours(2)})
    cost = {name: (times[more][name][0][0] - times[few][name][0][0]) / (more - few) for name in ("nbgrader", "ours")}
    assert cost["nbgrader"] >= 6 * cost["ours"]           # half of what a quiet machine shows
    assert times[more]["nbgrader"][0][0] >= 2 * times[more]["ours"][0][0]         # and the start, which is dearer here, included
