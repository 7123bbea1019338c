"""Records of measurements: what is kept is checked, what was not measured says so, and the script measures or refuses."""

import copy
import json

import pytest

from course_lib import simulated_gpu, timing
from course_lib.measurements import __main__ as command
from course_lib.measurements import gpu, recorded
from course_lib.measurements.gpu import check_gpu, not_measured, recorded_gpu
from course_lib.measurements.records import FOLDER, check

MACHINE = {"card": "a card", "driver": "1", "cuda": "1", "cpu": "a processor", "threads": 1}


def a_record():
    series = {**{name: [0.5, 1.5] for name in gpu.SERIES}, "difference": [0.0, 1e-7]}
    results = {operation: {dtype: copy.deepcopy(series) for dtype in ("float32", "float64")} for operation in gpu.OPERATIONS}
    return {
        "what": gpu.WHAT, "how": gpu.HOW, "measured": True, "reason": None, "date": "2026-01-31", "machine": dict(MACHINE),
        "versions": {"python": "3.12"}, "sizes": [4, 8], "results": results,
    }  # fmt: skip


def test_the_kept_record_is_a_record():
    record = recorded_gpu()
    assert record["how"] == gpu.HOW and record["what"] == gpu.WHAT
    assert set(record) == set(a_record())
    if not record["measured"]:
        assert record["reason"] and record["results"] is record["machine"] is record["date"] is None


def test_records_of_both_kinds_pass():
    assert check_gpu(a_record()) and check_gpu(not_measured("No card."))


@pytest.mark.parametrize(
    "spoil, says",
    [
        (lambda r: r.pop("date"), "has no date"),
        (lambda r: r.update(measured="yes"), "true or false"),
        (lambda r: r.update(measured=False), "reason in gpu.json is None"),
        (lambda r: r.update(reason="busy"), "must be null"),
        (lambda r: r.update(date=None), "must be a text"),
        (lambda r: r.update(date="soon"), "soon"),
        (lambda r: r["machine"].pop("card"), "name the card"),
        (lambda r: r["machine"].update(driver=""), "name the driver"),
        (lambda r: r.update(versions={}), "must be given"),
        (lambda r: r.update(sizes=[8, 4]), "must grow"),
        (lambda r: r["results"]["relu"]["float64"].update(gpu=[1.0]), "list of 2 times"),
        (lambda r: r["results"]["product"]["float32"].update(first=[1.0, None]), "holds None"),
        (lambda r: r["results"]["product"]["float32"].update(cpu=[1.0, -1.0]), "above 0"),
        (lambda r: r["results"]["product"]["float32"].update(transfer=[1.0, float("nan")]), "finite"),
        (lambda r: r["results"]["product"]["float32"].update(difference=[0.0, 0.5]), "must agree"),
    ],
)
def test_a_spoilt_record_is_refused_with_a_sentence(spoil, says):
    record = a_record()
    spoil(record)
    with pytest.raises(ValueError, match=says):
        check_gpu(record)


def test_nobody_having_measured_needs_a_reason_and_holds_no_times():
    with pytest.raises(ValueError, match="reason"):
        not_measured("")
    record = not_measured("No card.")
    record["results"] = a_record()["results"]
    with pytest.raises(ValueError, match="must be null"):
        check_gpu(record)


def test_a_record_that_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match="assets/measurements"):
        recorded("gpu", tmp_path)


def test_without_a_card_the_command_refuses_and_writes_nothing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(gpu, "gpu_available", lambda: False)
    path = tmp_path / "gpu.json"
    answer = command.main(["gpu", str(path)])
    assert "no GPU here" in answer and "nothing is written" in answer and not path.exists()
    assert "Say what to measure" in command.main([]) and "Say what to measure" in command.main(["tpu"])


def test_the_whole_way_on_a_device_that_computes_later(monkeypatch, tmp_path, capsys):
    """Timed for real, on the stand-in for a card; the file goes nowhere near the kept one."""
    device = simulated_gpu.SimulatedGPU(bus=1e8, first=0.02)
    monkeypatch.setattr(timing, "to_gpu", device.asarray)
    monkeypatch.setattr(gpu, "to_gpu", device.asarray)
    monkeypatch.setattr(gpu, "gpu_available", lambda: True)
    monkeypatch.setattr(gpu, "machine", lambda: MACHINE)
    monkeypatch.setitem(command.MEASURE, "gpu", lambda: gpu.measure([8, 200], seconds=0.005))
    kept = (FOLDER / "gpu.json").read_bytes()
    path = tmp_path / "gpu.json"
    assert command.main(["gpu", str(path)]) == 0
    said = capsys.readouterr().out
    assert said.count("n = 8:") == said.count("n = 200:") == 4 and "written to" in said
    record = check_gpu(json.loads(path.read_text("utf-8")))
    product = record["results"]["product"]["float32"]
    assert product["first"][0] >= 0.02 > product["gpu"][0], "the first call of an operation loads it"
    assert product["transfer"][1] > 3 * 200 * 200 * 4 / 1e8 * 0.9, "three matrices at 100 MB a second"
    assert product["unsynchronised"][1] < product["gpu"][1], "ordering is not computing"
    assert max(product["difference"]) == 0
    assert (FOLDER / "gpu.json").read_bytes() == kept


def test_a_driver_that_nobody_can_name_is_none(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert gpu._driver() is None


def test_heads_are_checked_alike_for_every_record():
    with pytest.raises(ValueError, match="has no how"):
        check({name: None for name in ("what", "measured", "reason", "date", "machine", "versions")})
