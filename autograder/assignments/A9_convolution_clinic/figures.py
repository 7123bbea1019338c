"""The six runs' curves in one picture that needs no file: a data address for Markdown."""

import math
from urllib.parse import quote

ACROSS, DOWN, LEFT, TOP, STEP_X, STEP_Y = 190, 110, 40, 30, 250, 170
LOWEST, HIGHEST = .01, 1000.


def curves_picture(runs) -> str:
    """Training and validation loss of each run over its epochs, on a logarithmic axis from 0.01 to 1000."""
    panels = "".join(_panel(place, curves) for place, curves in enumerate(runs))
    key = '<g font-size="12"><line x1="40" y1="358" x2="70" y2="358" stroke="#1d4ed8" stroke-width="2.5"/><text x="76" y="362">training loss</text><line x1="190" y1="358" x2="220" y2="358" stroke="#b45309" stroke-width="2.5" stroke-dasharray="5 3"/><text x="226" y="362">validation loss</text><line x1="350" y1="358" x2="380" y2="358" stroke="#667" stroke-dasharray="1 3"/><text x="386" y="362">ln 10 = 2.30</text></g>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="375" font-family="sans-serif" font-size="13"><rect width="760" height="375" fill="#fff"/>{panels}{key}</svg>'
    return "data:image/svg+xml," + quote(svg, safe="=:/,;")


def _panel(place, curves):
    x, y = LEFT + STEP_X * (place % 3), TOP + STEP_Y * (place // 3)
    frame = f'<rect x="{x}" y="{y}" width="{ACROSS}" height="{DOWN}" fill="none" stroke="#99a"/><text x="{x}" y="{y - 8}" font-weight="600">run {place + 1}</text>'
    ticks = "".join(f'<text x="{x - 5}" y="{y + _height(value) + 4:.1f}" text-anchor="end" font-size="10">{value:g}</text>' for value in (.01, 1, 100))
    chance = f'<line x1="{x}" x2="{x + ACROSS}" y1="{y + _height(math.log(10)):.1f}" y2="{y + _height(math.log(10)):.1f}" stroke="#667" stroke-dasharray="1 3"/>'
    epochs = max(len(curves["loss"]), 1)
    end = f'<text x="{x + ACROSS}" y="{y + DOWN + 14}" text-anchor="end" font-size="10">{"stopped in " if curves["diverged"] else ""}epoch {epochs}</text>'
    lines = _line(x, y, curves["validation_loss"], "#b45309", ' stroke-dasharray="5 3"') + _line(x, y, curves["loss"], "#1d4ed8", "")
    return frame + ticks + chance + end + lines


def _line(x, y, values, colour, dashes):
    across = ACROSS / max(len(values) - 1, 1)
    points = " ".join(f"{x + across * place:.0f},{y + _height(value):.0f}" for place, value in enumerate(values))
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'


def _height(value):
    """How far below the top a loss stands; what is not finite stands at the top."""
    value = min(max(value, LOWEST), HIGHEST) if math.isfinite(value) else HIGHEST
    return DOWN * (1 - (math.log10(value) + 2) / 5)
