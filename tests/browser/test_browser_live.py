"""Training that is watched: the live figure of `fit`, and event files in a real TensorBoard."""

import json
import re
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import numpy as np
import pytest

from browser.axe import serious_findings
from browser.bare_page import show
from course_lib.data import moons
from course_lib.losses import SigmoidCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD, Adam
from course_lib.training import EarlyStopping, TensorBoardLogger, fit
from course_lib.widgets.live import LiveTraining

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def watched(*callbacks, epochs=60, replicas=None, eta=0.5):
    live = LiveTraining(seconds=0)
    data, unseen = (moons(80, np.random.default_rng(seed), noise=0.3) for seed in (0, 1))
    network = mlp([2, 16, 1], hidden="tanh", rng=0, replicas=replicas)
    history = fit(network, SigmoidCrossEntropy(), *data, SGD(eta), epochs=epochs, batch_size=20, rng=0,
                  validation=tuple(unseen), callbacks=[live, *callbacks])
    return live, history


def test_a_run_that_is_over_shows_its_curves_and_says_its_numbers(page, require, tmp_path):
    live, history = watched()
    show(page, live.figure)
    assert page.get_by_role("progressbar", name="Epochs made").evaluate("bar => [bar.value, bar.max]") == [60, 60]
    assert page.locator(".curve .line").count() >= 3, "training and validation loss, and the share right"
    page.wait_for_timeout(1000)
    assert f"the validation loss {history.validation_loss[-1]:.4g}" in page.locator(".description").inner_text()
    assert page.get_by_role("button", name="Stop").count() == 0
    page.screenshot(path=tmp_path / "live.png")
    assert serious_findings(page, ".course-figure", require) == []
    assert page.errors == []


def test_early_stopping_is_shown_where_it_stopped(page):
    early = EarlyStopping(8)
    live, history = watched(early, epochs=2000, eta=5)
    assert history.epochs < 2000
    show(page, live.figure)
    best = int(early.best_epoch[0])
    assert f"lowest after epoch {best}" in page.locator("h3").inner_text()
    assert page.locator(".curve .marks").first.text_content().strip() == f"best, epoch {best}"


def test_the_button_stops_the_run_after_the_epoch_in_progress():
    live = LiveTraining(seconds=0)

    def reader(run):
        live.figure.stop_asked = run.epoch == 5  # as the page sets it

    X, y = moons(40, np.random.default_rng(0))
    history = fit(mlp([2, 4, 1], rng=0), SigmoidCrossEntropy(), X, y, SGD(0.1), epochs=100, callbacks=[reader, live])
    assert history.epochs == 5 and history.stopped == "stopped by hand after 5 epochs"
    again = fit(mlp([2, 4, 1], rng=0), SigmoidCrossEntropy(), X, y, SGD(0.1), epochs=7, callbacks=[live])
    assert again.epochs == 7, "a new run does not remember the button"


def test_a_long_run_of_many_networks_sends_no_more_than_can_be_seen(page):
    live, history = watched(epochs=1500, replicas=40)
    sent = live.figure.curves["loss"]
    points, curves = sent["values"]["shape"]
    assert points <= 401 and curves == 32
    assert history.epochs == 1500
    show(page, live.figure)
    assert page.locator(".curve").first.locator(".line").count() == 64


def test_watching_changes_nothing(tmp_path):
    X, y = moons(60, np.random.default_rng(0))
    thetas = []
    for callbacks in ([], [LiveTraining(seconds=0)]):
        network = mlp([2, 8, 1], rng=3)
        fit(network, SigmoidCrossEntropy(), X, y, Adam(0.01), epochs=30, batch_size=16, rng=1, callbacks=callbacks)
        thetas.append(network.theta.tobytes())
    assert thetas[0] == thetas[1]


def test_a_real_tensorboard_opens_the_event_files(page, tmp_path):
    X, y = moons(80, np.random.default_rng(0))
    network = mlp([2, 8, 1], hidden="tanh", rng=0)
    history = fit(network, SigmoidCrossEntropy(), X, y, Adam(0.01), epochs=25, batch_size=20, rng=0,
                  validation=(X, y), callbacks=[TensorBoardLogger(tmp_path / "events")])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    board = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", tmp_path / "events", "--host", "127.0.0.1", "--port", str(port), "--load_fast", "false"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        scalars = _when_ready(board, f"{address}/data/plugin/scalars/tags")
        assert "validation_loss" in scalars
        (run,) = json.loads(scalars)
        points = json.loads(urlopen(f"{address}/data/plugin/scalars/scalars?tag=loss&run={run}", timeout=20).read())
        assert [round(value, 5) for _, _, value in points] == [round(value, 5) for value in history.loss]
        page.goto(f"{address}/#scalars")
        page.get_by_text(re.compile("validation_loss")).first.wait_for()
        page.screenshot(path=tmp_path / "tensorboard.png")
    finally:
        board.terminate()
        board.wait(20)


def _when_ready(board, address, patience=90):
    """What the address answers when the server has read the files."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        assert board.poll() is None, board.stderr.read()
        try:
            answer = urlopen(address, timeout=5).read().decode()
        except OSError:
            answer = ""
        if "loss" in answer:
            return answer
        time.sleep(0.5)
    raise AssertionError(f"TensorBoard showed no scalars within {patience} s.")
