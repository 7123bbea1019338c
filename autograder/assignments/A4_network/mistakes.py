"""The mistakes that several of A4's gradients can have alike: in the slope of the loss, in the slope of the hidden neurons, in w_oj."""

import numpy as np

from autograder.questions import Mistake

from .convention import CROSS, HALF, SUM
from .model import BEND, SLOPE

FIRST, ACTIVATIONS, LOSSES = "L03, Learning: follow the slope", "L01, A neuron does two things", "L04, Losses and matching outputs"


def loss_mistakes(loss):
    """The wrong ∂ℓ/∂o: knobs of `output_slope`. One of them may be what the library's own loss gives."""
    own = "The library's own convention"
    library = f"Your numbers are those of the mean of the squares, which the lecture and the library have. Here the loss is {loss.words}."
    found = [
        Mistake("The sign is turned round", "Your gradient has the wrong sign: it points downhill, and a step against it would climb.", lecture=FIRST, knobs={"sign": -1},
                hints=("Should p grow or shrink where y = 1?", "Which stands first in the slope of the loss, p or y?", "∂ℓ/∂p of (y − p)² is 2(p − y); with the cross-entropy ∂ℓ/∂o holds p − y, too.")),
        Mistake("The decision in place of p", "Your gradient uses ŷ, 0 or 1, where the probability p belongs: a row that is decided rightly then teaches nothing.", knobs={"decide": True},
                hints=("What is your ∂ℓ/∂o in a row with y = 1 and p = .6?", "It is not 0: .6 is not yet 1.", "Use p itself, not round(p) or p >= .5."))]
    if loss.scale == 2:
        found.append(Mistake("The 2 is missing", "Every number is half of what it should be: the square's derivative brings a 2 down, as in many slides it got lost here.", lecture=FIRST, knobs={"scale": .5},
                             hints=("Compare with a nudge: by which factor are you off?", "What is the derivative of (y − p)²?", "2(p − y), with the 2.")))
    elif loss is HALF:
        found.append(Mistake(own, library + " The ½ in front cancels the 2.", knobs={"scale": 2.},
                             hints=("Compare with a nudge: by which factor are you off?", "Which factor stands before the sum in this assignment's loss?", "½ · 2(p − y) = p − y.")))
    if loss is SUM:
        found.append(Mistake(own, library + " A sum is not divided by N.", knobs={"mean": False},
                             hints=("What happens to your gradient when every row is given twice?", "This assignment's loss adds up the rows.", "Leave the division by N out.")))
    else:
        found.append(Mistake("Sum instead of mean", "Your gradient is N times too large: the loss is a mean over the rows, so its slope is divided by N.", lecture=FIRST, knobs={"mean": False},
                             hints=("What happens to your gradient when every row is given twice?", "A mean stays as it is.", "Divide ∂ℓ/∂o by the number of rows, once.")))
    if loss is CROSS:
        found.append(Mistake("p(1 − p) comes in again", "Your slope has the factor p(1 − p), and with the cross-entropy it cancels.", lecture=LOSSES, knobs={"bent": False},
                             hints=("What is ∂ℓ/∂p of the cross-entropy?", "It has p(1 − p) below the bar; what stands above, from ∂p/∂o?", "∂ℓ/∂o = p − y in each row, divided by N.")))
        found.append(Mistake(own, library + " Its slope is p − y, divided by N.", knobs={"bent": False, "scale": 2.},
                             hints=("Which loss does this assignment have?", "Take its derivative again, from p back to o.", "∂ℓ/∂o = (p − y) / N.")))
    else:
        found.append(Mistake("p(1 − p) is missing", "The slope of the last sigmoid is left out: on the way from the loss to o stands p(1 − p).", lecture=FIRST, knobs={"bent": False},
                             hints=("Which two things lie between ℓ and o?", "p = σ(o): what is its slope?", "∂ℓ/∂o = ∂ℓ/∂p · p(1 − p).")))
    return tuple(found)


def averaged(loss, **knobs):
    """Dividing by N once more: where the loss is a mean; a sum that is divided by N is another mistake."""
    return (Mistake("Divided by N once more", "Your gradient is N times too small: the N of the mean is in ∂ℓ/∂o already.", knobs=knobs,
                    hints=("How often do you divide by N?", "Once is enough: in ∂ℓ/∂o.", "Add up the rows here: a sum, not a mean.")),) if loss.mean else ()


def slope_mistakes():
    """The wrong φ′, which the hidden weights and their biases can have alike."""
    def other(**slopes):
        return {"slope": {**SLOPE, **slopes}}

    ones = np.ones_like
    return (
        Mistake("h(1 − h) is missing", "The slope of the hidden neurons, φ′, is left out: the way back passes their bend too.", knobs={"slope": dict.fromkeys(SLOPE, ones)},
                hints=("Count the factors: how many edges lie between ℓ and w₁ⱼ?", "h_j = φ(a_j): this edge has a slope.", "Multiply by φ′: for a sigmoid h(1 − h).")),
        Mistake("The sigmoid's slope for every φ", "Your slope is h(1 − h) also for tanh and ReLU; that one belongs to the sigmoid.", lecture=ACTIVATIONS, knobs=other(tanh=SLOPE["sigmoid"], relu=SLOPE["sigmoid"]),
                hints=('Compare with a nudge for phi="tanh".', "What is the derivative of tanh, written with h = tanh(a)?", "1 − h² for tanh; 1 where h > 0, else 0, for ReLU.")),
        Mistake("The slope taken at h instead of at a", "You put h into φ′ where the sum a belongs: h has been bent once already.", knobs=other(sigmoid=lambda h: SLOPE["sigmoid"](BEND["sigmoid"](h)), tanh=lambda h: 1 - np.tanh(h)**2),
                hints=("What is the argument of φ′ in the chain rule?", "h = φ(a), so φ′(a) can be written with h without another φ.", "h(1 − h) for a sigmoid, 1 − h² for tanh.")),
        Mistake("1 − h without the square", "Your slope of tanh is 1 − h; it is 1 − h².", lecture=ACTIVATIONS, knobs=other(tanh=lambda h: 1 - h),
                hints=('Compare with a nudge for phi="tanh".', "At h = −1, far to the left, tanh is flat. What does your slope say there?", "1 − h².")),
        Mistake("The slope of ReLU is 1 everywhere", "Your ReLU passes the gradient on also where the neuron is off.", lecture=ACTIVATIONS, knobs=other(relu=ones),
                hints=('Try phi="relu" on a neuron that says 0.', "`h >= 0` is true for every ReLU: it is never negative.", "Ask for h > 0.")),
        Mistake("ReLU's value in place of its slope", "For ReLU you multiply by h; the slope is 1 where h > 0, however large h is.", lecture=ACTIVATIONS, knobs=other(relu=lambda h: h),
                hints=('Compare with a nudge for phi="relu".', "How steep is max(0, a) at a = 5?", "`(h > 0)`, not h.")),
        Mistake("ReLU is on where it is off", "For ReLU your slope is 1 where h is 0 and 0 where h is positive.", lecture=ACTIVATIONS, knobs=other(relu=lambda h: (h <= 0) * 1.),
                hints=('Try phi="relu" on a neuron that says 0.', "Which neurons pass the gradient on?", "Those with h > 0.")),
    )


MISSING = Mistake(
    "w_oj is missing", "The factor w_oj is left out: what comes back from o reaches hidden neuron j times the weight through which it spoke. Each neuron's numbers are off by its own 1/w_oj.",
    knobs={"back": lambda d_o, w_o: np.tile(d_o[:, None], len(w_o))},
    hints=("Compare with a nudge, one hidden neuron at a time: by which factor is it off?", "o = Σ w_oj h_j + b_o: what is ∂o/∂h_j?", "∂ℓ/∂h_j = ∂ℓ/∂o · w_oj, before the slope φ′."))
