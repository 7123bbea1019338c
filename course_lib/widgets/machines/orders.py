"""A device that computes later, as pure arithmetic: the same as orders.js, for the still picture and as its judge."""

from __future__ import annotations


def orders(*, products, compute, order, copy, first, wait, inside, warm) -> dict:
    """Who does what when, and what the clock says for one product. Times in milliseconds; the arguments are Clock's.

    >>> once = dict(products=5, compute=2, order=.05, copy=3, first=15)
    >>> [round(orders(**once, wait=w, inside=False, warm=w)["says"], 2) for w in (False, True)]
    [0.05, 2.01]
    """
    bars, python, device, loaded = [], 0.0, 0.0, False

    def bring(what):
        nonlocal python, device
        begin = max(python, device)
        if begin > python:
            bars.append(("Python", python, begin, "waits"))
        bars.append(("Python", begin, begin + copy, "waits"))
        bars.append(("device", begin, begin + copy, what))
        python = device = begin + copy

    def multiply():
        nonlocal python, device, loaded
        bars.append(("Python", python, python + order, "orders"))
        python += order
        device = max(device, python)
        if not loaded and first > 0:
            bars.append(("device", device, device + first, "first call"))
            device += first
        loaded = True
        bars.append(("device", device, device + compute, "computes"))
        device += compute

    def wait_for_it():
        nonlocal python
        if device > python:
            bars.append(("Python", python, device, "waits"))
            python = device

    if not inside:
        bring("there")
    if warm:
        multiply()
        wait_for_it()
    start = python
    for _ in range(products):
        if inside:
            bring("there")
        multiply()
        if inside:
            bring("back")
    if wait:
        wait_for_it()
    return {"bars": bars, "start": start, "stop": python, "end": max(python, device), "says": (python - start) / products, "truth": compute}
