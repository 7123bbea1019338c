"""The network of this assignment as a picture that needs no file: a data address for Markdown."""

from urllib.parse import quote

INPUTS, HIDDEN, OUT = ((60, 70), (60, 170)), ((220, 40), (220, 120), (220, 200)), (380, 120)


def _neuron(x, y, name, fill):
    return f'<circle cx="{x}" cy="{y}" r="21" fill="{fill}" stroke="#334"/><text x="{x}" y="{y + 5}" text-anchor="middle">{name}</text>'


def _wire(start, end):
    return f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" stroke="#667"/>'


def _svg():
    wires = [_wire(start, end) for start in INPUTS for end in HIDDEN] + [_wire(start, OUT) for start in HIDDEN] + [_wire(OUT, (455, 120))]
    neurons = [_neuron(*place, f"x{'₁₂'[k]}", "#fff") for k, place in enumerate(INPUTS)] + [_neuron(*place, f"h{'₁₂₃'[k]}", "#dbeafe") for k, place in enumerate(HIDDEN)] + [_neuron(*OUT, "p", "#fde68a")]
    words = (f'<text x="{x}" y="{y}" text-anchor="middle" font-size="14">{text}</text>' for x, y, text in
             ((140, 24, "W₁"), (220, 240, "each + b₁, then φ"), (305, 55, "wₒ"), (380, 160, "+ bₒ, then σ"), (468, 125, "ℓ")))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="490" height="250" font-family="sans-serif" font-size="16"><rect width="490" height="250" fill="#fff"/>{"".join(wires + neurons)}{"".join(words)}</svg>'


NETWORK = "data:image/svg+xml," + quote(_svg())
