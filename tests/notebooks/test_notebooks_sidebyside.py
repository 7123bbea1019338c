"""L16: what the figures hold and refuse."""

import json

import numpy as np
import pytest

from course_lib.leaks import LEAKS, trial
from course_lib.measurements.pytorch import recorded_pytorch
from course_lib.side_by_side import PAIRS
from course_lib.widgets import FOLDER
from course_lib.widgets.sidebyside import Leaks, SideBySide, pairs


@pytest.fixture
def node(javascript):
    return lambda module, expression: javascript(f'import * as page from "{(FOLDER / "sidebyside" / module).as_uri()}";', expression)


def test_without_pytorch_the_recorded_losses_are_shown_and_called_so():
    losses = [1.0] * 54
    figure, record = SideBySide(losses), recorded_pytorch()
    assert figure.data["theirs"] == record["losses"] and "recorded" in figure.data["how"]
    for word in (record["date"], record["versions"]["torch"], record["machine"]["cpu"]):
        assert word in figure.data["origin"]
    assert [pair["theirs"] for pair in figure.data["pairs"]] == [pair.theirs for pair in PAIRS]
    here = SideBySide(losses, np.full(54, 2.0))
    assert here.data["theirs"] == [2.0] * 54 and "recorded" not in here.data["how"] + here.data["origin"]


def test_losses_of_another_run_and_a_record_of_nothing_get_a_sentence(monkeypatch):
    with pytest.raises(ValueError, match="ours has 3 losses; the run has 54"):
        SideBySide([1, 2, 3])
    with pytest.raises(ValueError, match="theirs has 1 losses"):
        SideBySide([1.0] * 54, [1])
    with pytest.raises(ValueError, match="finite"):
        SideBySide([float("nan")] * 54)
    monkeypatch.setattr(pairs, "recorded_pytorch", lambda: {"measured": False})
    with pytest.raises(ValueError, match="no recorded run"):
        SideBySide([1.0] * 54)


def test_the_page_says_how_far_apart_the_losses_are(node):
    assert node("side_by_side.js", "[page.apart([1, 2, 9], [1, 2.5, 3], 0), page.apart([1, 2, 9], [1, 2.5, 3], 2), page.apart([1, 2, 9], [1, 2.5, 3], 3)]") == [0, 0.2, 2]


def test_the_checklist_holds_every_combination_as_it_was_trained(node):
    figure = Leaks(replicas=2)
    results = figure.data["results"]
    assert len(results) == 16 and list(results[""]) == list(trial(replicas=2))
    for values in ({}, {"stop": True}, {"later": True, "twice": True}, {leak: True for leak in LEAKS}):
        named = node("leaks.js", f"page.key({json.dumps(values)})")
        assert list(results[named]) == list(trial(*(leak for leak in LEAKS if leak in values), replicas=2))
    assert figure.values == dict.fromkeys(LEAKS, False) and figure.data["words"] == LEAKS


@pytest.mark.parametrize("replicas", [1, 2.5, "many"])
def test_a_mean_needs_several_projects(replicas):
    with pytest.raises(ValueError, match="2 or more"):
        Leaks(replicas=replicas)
