"""The two programs of lecture L16 are what they seem: what is shown runs, and both compute the same."""

import json
from importlib.util import find_spec

import numpy as np
import pytest

from course_lib import side_by_side
from course_lib.measurements import __main__ as command
from course_lib.measurements import pytorch
from course_lib.measurements.pytorch import check_pytorch, recorded_pytorch
from course_lib.network import mlp
from course_lib.side_by_side import PAIRS, copy_weights, run, source


@pytest.fixture
def torch(require):
    require(find_spec("torch"), "peer tests need PyTorch: pip install torch")
    import torch

    return torch


def test_ours_agrees_with_the_record_to_float32_rounding():
    record = recorded_pytorch()
    assert record["measured"] and record["versions"]["torch"] and record["machine"]["cpu"]
    # 54 steps, each a few roundings of 6e-8 in sums of up to 100 terms; measured 3e-7
    np.testing.assert_allclose(run("ours"), record["losses"], rtol=1e-5)


def test_pytorch_here_agrees_with_ours_and_with_the_record(torch):
    theirs = run("theirs")
    np.testing.assert_allclose(theirs, run("ours"), rtol=1e-5)
    np.testing.assert_allclose(theirs, recorded_pytorch()["losses"], rtol=1e-5)
    assert pytorch.gradient_twice() == recorded_pytorch()["gradients"] == [5.0, 10.0]
    assert pytorch.variance_of_linear() == pytest.approx(1 / (3 * 512), rel=0.01)


def test_a_wrong_line_would_show(monkeypatch):
    """The comparison can fail: a rate off by 1 % is far outside of rounding."""
    pairs = [p if p.name != "optimizer" else side_by_side.Pair(p.name, p.ours.replace("0.1", "0.101"), p.theirs, p.says) for p in PAIRS]
    monkeypatch.setattr(side_by_side, "PAIRS", tuple(pairs))
    assert np.max(np.abs(np.array(run("ours")) / recorded_pytorch()["losses"] - 1)) > 1e-3


def test_every_line_says_something_and_stands_on_a_side():
    for pair in PAIRS:
        assert pair.says.endswith(".") and (pair.ours or pair.theirs)
    assert source("ours").count("\n") + 1 == sum(bool(pair.ours) for pair in PAIRS)
    with pytest.raises(ValueError, match='"ours" or "theirs"'):
        source("both")


def test_weights_go_to_the_layer_in_the_same_place_or_nowhere(torch):
    nn = torch.nn
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    network = mlp([3, 4, 2], rng=0)
    network.theta[-6:] = np.arange(6)  # biases that differ
    copy_weights(network, model)
    X = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    np.testing.assert_allclose(model(torch.tensor(X)).detach().numpy(), network.predict(X), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="the two networks differ"):
        copy_weights(mlp([4, 3, 2], rng=0), model)


def test_the_command_writes_what_the_lecture_reads(torch, tmp_path, capsys):
    path = tmp_path / "pytorch.json"
    assert command.main(["pytorch", str(path)]) == 0
    assert "the loss fell" in capsys.readouterr().out
    assert set(check_pytorch(json.loads(path.read_text("utf-8")))) == set(recorded_pytorch())


def test_without_pytorch_the_command_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(pytorch, "find_spec", lambda name: None)
    path = tmp_path / "pytorch.json"
    assert "PyTorch is not installed" in command.main(["pytorch", str(path)]) and not path.exists()


@pytest.mark.parametrize(
    "spoil, says",
    [
        (lambda r: r["losses"].pop(), "54 finite numbers"),
        (lambda r: r["losses"].__setitem__(3, float("nan")), "54 finite numbers"),
        (lambda r: r["versions"].pop("torch"), "torch"),
        (lambda r: r["code"].pop(), "not the code of the lecture"),
        (lambda r: r.update(variance=None), "variance"),
        (lambda r: r.update(machine=None), "machine"),
    ],
)
def test_a_spoilt_record_is_refused_with_a_sentence(spoil, says):
    record = recorded_pytorch()
    spoil(record)
    with pytest.raises(ValueError, match=says):
        check_pytorch(record)
