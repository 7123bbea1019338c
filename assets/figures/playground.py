"""The still picture of the playground: its data, its network, its loss, before anything is trained."""

import numpy as np

from course_lib.data import moons, train_test_split
from course_lib.widgets.palette import palette
from course_lib.widgets.playground.trainer import box_around

TITLE = "A network that knows nothing yet: press Play"
SIZES = (2, 6, 4, 1)


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    rng = np.random.default_rng(0)
    X, X_test, y, y_test = train_test_split(*moons(200, rng, noise=0.15), test=0.3, rng=rng)
    description = (
        f"{TITLE}. On the left a plane with {len(X)} points of two moons to learn from, class 0 as discs and class 1 as squares, "
        f"and {len(X_test)} white points that are held back. On the right a network: two features, six and four hidden units, one "
        "output p; under it empty axes for the loss by epoch. Run the cell, and all of it moves."
    )
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 520" width="960" height="520" role="img" font-family="system-ui, sans-serif" font-size="15">',
        f"<title>{TITLE}</title><desc>{description}</desc>",
        '<rect x="0.5" y="0.5" width="959" height="519" rx="8" fill="#FFFFFF" stroke="#C9C9C4"/>',
        _text(16, 36, TITLE, size=19, weight=650),
        *_plane(X, y, X_test, y_test),
        *_network(),
        *_axes(),
        "</svg>",
    ]  # fmt: skip
    return {"playground_at_rest.svg": ("\n".join(parts) + "\n", description)}


def _plane(X, y, X_test, y_test):
    left, top, side = 48, 60, 420
    x0, x1, y0, y1 = box_around(np.concatenate([X, X_test]))
    yield f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="{palette()["half"]}" stroke="#767676"/>'
    for (a, b), k, hollow in [*((x, k, False) for x, k in zip(X, y)), *((x, k, True) for x, k in zip(X_test, y_test))]:
        px, py = left + (a - x0) / (x1 - x0) * side, top + (y1 - b) / (y1 - y0) * side
        ink = palette()["class1" if k else "class0"]
        paint = f'fill="{"#FFFFFF" if hollow else ink}" stroke="{ink if hollow else "#1A1A1A"}" stroke-width="{2 if hollow else 0.9}"'
        yield (
            f'<rect x="{px - 4:.1f}" y="{py - 4:.1f}" width="8" height="8" {paint}/>' if k
            else f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4.5" {paint}/>'
        )  # fmt: skip
    yield _text(left + side, top + side + 20, "x₁", anchor="end", weight=650)
    yield _text(left - 8, top + 14, "x₂", anchor="end", weight=650)


def _network():
    def place(layer, j):
        return 560 + layer * 115, 165 + (j - (SIZES[layer] - 1) / 2) * 34

    for layer in range(len(SIZES) - 1):
        for i in range(SIZES[layer]):
            for j in range(SIZES[layer + 1]):
                (xa, ya), (xb, yb) = place(layer, i), place(layer + 1, j)
                yield f'<path d="M{xa} {ya:g}L{xb} {yb:g}" stroke="#8A8A8A" stroke-opacity=".55"/>'
    for layer, n in enumerate(SIZES):
        x, _ = place(layer, 0)
        yield _text(x, 60, ("features", "layer 1", "layer 2", "p")[layer], size=13, anchor="middle", fill="#555555")
        for j in range(n):
            _, at = place(layer, j)
            yield f'<rect x="{x - 13}" y="{at - 13:g}" width="26" height="26" fill="#F4F4F1" stroke="#767676"/>'
            if layer == 0:
                yield _text(x - 20, at + 5, "x₁" if j == 0 else "x₂", size=13, anchor="end", fill="#555555")


def _axes():
    yield _text(530, 312, "loss", weight=650, size=14)
    for value, at in ((1, 324), (0.5, 397), (0, 470)):
        yield f'<path d="M560 {at}H930" stroke="#C9C9C4"/>' + _text(552, at + 5, f"{value:g}", size=13, anchor="end")
    yield '<path d="M560 324V470H930" stroke="#767676" fill="none"/>'
    yield _text(930, 496, "epoch", weight=650, size=14, anchor="end")


def _text(x, y, words, *, size=15, weight=400, anchor="start", fill="#1A1A1A"):
    return f'<text x="{x}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">{words}</text>'
