"""The still figures of L02."""

from course_lib.widgets.palette import palette
from course_lib.widgets.perceptron import ANY_TITLE, OR
from course_lib.widgets.perceptron.still import still


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L02_neuron.svg": neuron(),
        "L02_perceptron.svg": still(*OR, w=[1, -1], b=-0.5, title=ANY_TITLE, answers=False),
    }


def neuron() -> tuple[str, str]:
    """The neuron of L02 with its numbers on the wires."""
    colours = palette()["light"]
    warm, cool, ink, rule = colours["positive"], colours["negative"], colours["ink"], colours["border"]
    title = "Two inputs, three numbers to learn, one prediction"
    description = (
        f"{title}. From the left, input x₁ runs along a wire with weight w₁ = 1, and input x₂ along a wire with weight w₂ = −1, "
        "into one neuron; a third wire brings the bias b = −0.5. The neuron adds them up to h, bends h into a probability p, "
        "and p becomes the prediction ŷ."
    )

    def word(x, y, text, *, size=17, anchor="middle", weight=400, fill=ink):
        return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">{text}</text>'

    def wire(x1, y1, x2, y2, colour, wide=3.0):
        return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{colour}" stroke-width="{wide}" marker-end="url(#tip)" fill="none"/>'

    svg = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 270" width="760" height="270" role="img" font-family="system-ui, sans-serif">',
        f"<title>{title}</title><desc>{description}</desc>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L10 5L0 10z" fill="context-stroke"/></marker></defs>',
        f'<rect x="0.5" y="0.5" width="759" height="269" rx="8" fill="#FFFFFF" stroke="{colours["rule"]}"/>',
        word(16, 32, title, size=19, anchor="start", weight=650),
        wire(108, 92, 292, 137, warm), word(205, 96, "w₁ = 1", weight=650, fill="#A94A00"),
        wire(108, 198, 292, 153, cool), word(205, 202, "w₂ = −1", weight=650, fill="#00714F"),
        wire(350, 232, 350, 192, cool, 2.0), word(362, 232, "b = −0.5", anchor="start", weight=650, fill="#00714F"),
        *(f'<circle cx="80" cy="{y}" r="27" fill="{colours["panel"]}" stroke="{rule}" stroke-width="2"/>' + word(80, y + 6, name, weight=650) for y, name in ((90, "x₁"), (200, "x₂"))),
        f'<rect x="296" y="102" width="108" height="86" rx="12" fill="{colours["panel"]}" stroke="{ink}" stroke-width="2"/>',
        word(350, 132, "add up", size=15), word(350, 156, "h", size=22, weight=650), word(350, 178, "then bend", size=15),
        wire(406, 145, 505, 145, ink, 2.0), word(540, 142, "p", size=22, weight=650), word(540, 166, "probability", size=14),
        wire(580, 145, 645, 145, ink, 2.0), word(690, 142, "ŷ", size=22, weight=650), word(690, 166, "prediction", size=14),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(svg) + "\n", description

