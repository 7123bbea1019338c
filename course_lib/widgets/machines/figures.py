"""The Python side of the figures of this room."""

from __future__ import annotations

from course_lib.devices import CARDS, Device
from course_lib.measurements.gpu import recorded_gpu
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.machines.live import Measured


class Workers(Figure):
    """The same tasks twice: done by a few fast hands, and by many slow ones that have to be called first. Press Play.

    A tick is what a fast hand needs for a task; a slow one needs `slow` ticks, and `call` ticks pass before it begins.

    >>> Workers(tasks=100).values["cores"]
    8
    """

    _esm, _css = esm("machines/workers.js"), css("machines/machines.css")

    def __init__(self, *, tasks=100, cores=8, many=2560, slow=8, call=20):
        limits = {"tasks": (tasks, 1, 4096), "cores": (cores, 1, 64), "many": (many, 64, 8192), "slow": (slow, 1, 50), "call": (call, 0, 200)}
        for name, (value, low, high) in limits.items():
            if not (isinstance(value, int) and low <= value <= high):
                raise ValueError(f"{name} is {value}; the figure draws whole numbers from {low} to {high}.")
        super().__init__(values={name: value for name, (value, _, _) in limits.items()})


class Clock(Figure):
    """Two lanes over time, Python's and the device's, and a clock: tick where it waits, and see what it has measured.

    compute, copy, first are milliseconds: one product, one transfer one way, what the very first call takes on top.

    >>> figure = Clock(compute=5)
    >>> figure.values["compute"], figure.values["wait"]
    (5, False)
    """

    _esm, _css = esm("machines/clock.js"), css("machines/machines.css")

    def __init__(self, *, wait=False, warm=False, inside=False, products=5, compute=2, copy=3, first=15):
        for name, value, low, high in (("products", products, 1, 12), ("compute", compute, 0.1, 10), ("copy", copy, 0.1, 10), ("first", first, 0, 40)):
            if not low <= value <= high:
                raise ValueError(f"{name} is {value}; the figure draws {low:g} to {high:g}.")
        super().__init__(values={
            "wait": bool(wait), "warm": bool(warm), "inside": bool(inside), "products": products, "compute": compute,
            "copy": copy, "first": first,
        })  # fmt: skip


class SizeRace(Figure):
    """Seconds against size n: the CPU measured on this machine, the GPU measured here, recorded, or a model of a card.

    `measured` is what `time_operations()` gave. `card` is a Device, or the name of one of CARDS, for the model; its
    sliders change it. Where this machine has a GPU its own curve comes first, else a recorded one if there is any.

    >>> from course_lib.widgets.machines import time_operations
    >>> figure = SizeRace(time_operations([4, 64], seconds=.002), card="T4")
    >>> figure.values["peak"], figure.values["operation"]
    (8.1, 'product')
    """

    _esm, _css = esm("machines/size_race.js"), css("machines/machines.css")

    def __init__(self, measured: Measured, *, card="T4", n=64, operation="product", dtype="float32", transfer=True):
        record = recorded_gpu()
        data = {"sizes": measured.sizes, "measured": {}, "cards": _cards(card), "recorded": record if record["measured"] else None}
        for (name, kind), times in measured.times.items():
            series = {"cpu": times.cpu, "gpu": times.gpu, "gpu_with_transfer": times.gpu_with_transfer}
            data["measured"].setdefault(name, {})[kind] = series
        here = measured.times["product", "float32"].gpu[0] is not None
        source = "measured" if here else "recorded" if record["measured"] else "model"
        values = {"n": n, "operation": operation, "dtype": dtype, "source": source, "transfer": bool(transfer), **_in_units(_device(card))}
        super().__init__(values=values, data=data)


class Roofline(Figure):
    """Operations a second against operations a byte: the roof of a card, this machine's own roof, and an operation of
    size n under them. Drag the size.

    >>> from course_lib.widgets.machines import time_operations
    >>> Roofline(time_operations([4, 64], seconds=.002), card="H200").values["bandwidth"]
    4800.0
    """

    _esm, _css = esm("machines/roofline.js"), css("machines/machines.css")

    def __init__(self, measured: Measured, *, card="T4", n=64, operation="product", dtype="float32"):
        values = {"n": n, "operation": operation, "dtype": dtype, **_in_units(_device(card))}
        super().__init__(values=values, data={"cards": _cards(card), "cpu": {kind: _roof(measured, kind) for kind in ("float32", "float64")}})


def _roof(measured, dtype):
    points = [
        {"operation": operation, "n": n, "seconds": seconds}
        for (operation, kind), times in measured.times.items() if kind == dtype
        for n, seconds in zip(times.sizes, times.cpu) if n >= 32
    ]  # fmt: skip
    return {"peak": measured.peak(dtype), "bandwidth": measured.bandwidth, "points": points}


def _device(card) -> Device:
    if isinstance(card, Device):
        return card
    if card not in CARDS:
        raise ValueError(f"card is {card!r}; it is a Device, or one of {', '.join(CARDS)}.")
    return CARDS[card]


def _cards(card) -> list:
    """The published cards, and the one asked for where it is another."""
    one = _device(card)
    return [{"name": each.name, "source": each.source, **_in_units(each)} for each in ([] if one in CARDS.values() else [one]) + list(CARDS.values())]


def _in_units(device) -> dict:
    """A device in the sliders' units: TFLOP/s, GB/s, GB/s, a factor, µs."""
    return {
        "peak": device.peak / 1e12, "bandwidth": device.bandwidth / 1e9, "bus": device.bus / 1e9,
        "double": device.double, "launch": device.launch * 1e6,
    }  # fmt: skip
