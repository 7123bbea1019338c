"""Twelve sick runs, what may be prescribed, and which prescription is the cure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from course_lib.widgets.clinic.setup import Setup, is_well, record


@dataclass(frozen=True)
class Patient:
    """A run that does not learn as it should. `complaint` is what its owner says, `because` what the tests show."""

    complaint: str
    setup: Setup
    diagnosis: str
    cure: str
    because: str


@dataclass(frozen=True)
class Prescription:
    """A change of the settings."""

    words: str
    change: Callable[[Setup], Setup]


PHARMACY = {
    "faster": Prescription("100 times the learning rate", lambda s: replace(s, eta=100 * s.eta)),
    "slower": Prescription("a tenth of the learning rate", lambda s: replace(s, eta=s.eta / 10)),
    "cooling": Prescription("let the rate fall, linearly to 1 %", lambda s: replace(s, cooling=True)),
    "he": Prescription("first weights as He says", lambda s: replace(s, init="he_normal")),
    "relu": Prescription("ReLU between the layers, He's weights", lambda s: replace(s, hidden='"relu"', init="he_normal")),
    "standardize": Prescription("standardize the inputs", lambda s: replace(s, standardized=True)),
    "logits": Prescription("give the loss logits", lambda s: replace(s, output="")),
    "penalty": Prescription("an L2 penalty, λ = .006", lambda s: replace(s, penalty="L2(0.006)")),
    "no penalty": Prescription("take the penalty away", lambda s: replace(s, penalty="")),
    "rows": Prescription("keep rows and labels together", lambda s: replace(s, ward=s.ward.replace("mixed_up=True", ""))),
    "slope": Prescription("correct the backward pass", lambda s: replace(s, hidden=s.hidden.replace("HastyTanh()", '"tanh"'))),
    "longer": Prescription("train three times as long", lambda s: replace(s, epochs=3 * s.epochs)),
}

H = Setup()
PATIENTS = (
    Patient("It falls, but you need a microscope.", replace(H, eta=0.002), "the rate is far too small", "faster",
        "The first loss is right, but a step changes the weights by a ten-thousandth of their size, and 400 steps do not even teach it ten pictures."),
    Patient("It jumped up, then it stayed at 2.3 for ever.", replace(H, eta=5), "the rate is far too large", "slower",
        "The first step changes the weights by a third of their size, and after one epoch nearly every ReLU is dead: 0 for every picture."),
    Patient("The loss is exactly 2.30. Always.", replace(H, init="zeros"), "all weights begin at zero", "he",
        "All hidden activations are 0, and so is every weight's gradient: only the last biases can move."),
    Patient("The first loss was above 100!", replace(H, init="normal(3)"), "the first weights are far too large", "he",
        "ln 10 is 2.3, and it starts many times above: the network is wildly sure of itself before it has seen anything."),
    Patient("Five layers, and nothing moves.", replace(H, sizes=(64, 50, 50, 50, 50, 10), hidden='"sigmoid"', init="glorot_uniform"), "the gradient vanishes on its way down", "relu",
        "Each sigmoid passes on a quarter of the slope at most: the first layer's gradient is hundreds of times smaller than the last one's."),
    Patient("I changed the camera, and since then it does not learn.", replace(H, scale=255), "the inputs are not scaled", "standardize",
        "Pixels run to 255, the first loss is above 100, and the first step changes the weights by six times their size: every ReLU is dead."),
    Patient("It learns, and then it sticks near 1.75.", replace(H, output='"softmax"'), "softmax is applied twice", "logits",
        "Not even ten pictures can be learned by heart: the loss has a floor at 1.46, which no weights get under."),
    Patient("At first it was good, then it got worse and worse on new digits.", replace(H, ward="spoiled=0.2", sizes=(64, 300, 10), epochs=100, eta=0.3), "it learns wrong labels by heart", "penalty",
        "The training loss goes on falling while the validation loss has turned round; and some pictures do not show what their labels say."),
    Patient("Both curves stop high, side by side.", replace(H, penalty="L2(0.1)"), "the penalty is too strong", "no penalty",
        "Training and validation agree, so nothing is learned by heart; without the penalty a tiny set goes to zero at once."),
    Patient("It learns a little, and on new digits it is at one in ten.", replace(H, ward="mixed_up=True"), "rows and labels do not belong together", "rows",
        "Look at the data: the pictures do not show what their labels say. No setting of the rate can mend that."),
    Patient("I wrote the activation myself, and it is a bit weak.", replace(H, hidden="HastyTanh()", init="glorot_uniform"), "the backward pass is wrong", "slope",
        "The gradient check says it outright: backward and nudging disagree, below the last layer only."),
    Patient("It hops about and never settles.", replace(H, eta=1, batch=10), "the rate is too large for so small a batch, to the end", "cooling",
        "It can learn, as its good moments show; but a noisy step that large throws it out again."),
)  # fmt: skip


def treat(patient: Patient, prescription: str) -> dict:
    """The curves of the patient's run after a prescription (a name of PHARMACY), trained now.

    >>> is_well(treat(PATIENTS[0], "faster")), is_well(treat(PATIENTS[0], "slower"))
    (True, False)
    """
    if prescription not in PHARMACY:
        raise ValueError(f"The pharmacy has no {prescription!r}; it has {', '.join(PHARMACY)}.")
    return record(PHARMACY[prescription].change(patient.setup))
