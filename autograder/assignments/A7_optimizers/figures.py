"""Two pictures for the text: the schedule's curve, and the valley with its start. They need no file: data addresses for Markdown."""

from urllib.parse import quote

WIDTH, HEIGHT = 420, 170
ACROSS, UP = 30, 17.6          # the valley: points for each unit of θ₁ and of θ₂


def schedule_picture(curve):
    """From η_0 down to η_τ, and level after it; `curve(alpha, start, end)` is the way down."""
    def place(k, eta):
        return f"{60 + 180 * k:.1f},{145 - 115 * eta:.1f}"

    points = " ".join(place(step / 40, curve(min(step / 40, 1), 1., .12)) for step in range(73))
    dashes = "".join(f'<polyline points="{line}" fill="none" stroke="#99a" stroke-dasharray="4 4"/>' for line in (f"{place(0, .12)} {place(1, .12)}", f"{place(1, .12)} {place(1, 0)}"))
    words = _words((46, 36, "η₀"), (46, 137, 'η<tspan font-size="10" dy="3">τ</tspan>'), (60, 163, "0"), (240, 163, "τ"), (400, 163, "k"))
    axes = f'<polyline points="{place(0, 1.15)} {place(0, 0)} {place(1.85, 0)}" fill="none" stroke="#334"/>'
    return _picture(axes + dashes + f'<polyline points="{points}" fill="none" stroke="#1d4ed8" stroke-width="3"/>' + words)


def valley_picture(steep, start):
    """Lines of equal height, far longer than they are wide, and where the walk begins."""
    def ring(height):
        return f'<ellipse cx="210" cy="85" rx="{ACROSS * height:.1f}" ry="{UP * height / steep ** .5:.1f}" fill="none" stroke="#1d4ed8" opacity="{1 - height / 9:.2f}"/>'

    x, y = 210 + ACROSS * start[0], 85 - UP * start[1]
    dots = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#b45309"/><circle cx="210" cy="85" r="3" fill="#334"/>'
    axes = '<line x1="20" y1="85" x2="400" y2="85" stroke="#99a"/><line x1="210" y1="8" x2="210" y2="162" stroke="#99a"/>'
    return _picture(axes + "".join(ring(height) for height in (1, 2.2, 3.6, 5, 6.3)) + dots + _words((392, 102, "θ₁"), (226, 18, "θ₂"), (x, y + (20 if y > 85 else -12), "start")))


def _words(*placed):
    return "".join(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{text}</text>' for x, y, text in placed)


def _picture(drawn):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="14"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{drawn}</svg>'
    return "data:image/svg+xml," + quote(svg)
