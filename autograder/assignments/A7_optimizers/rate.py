"""Choosing learning rates: two rates for one valley, judged by walking through it."""

import numpy as np

from autograder.questions import Mistake, ValuesQuestion
from course_lib.optimizers import SGD, RMSprop

from .figures import valley_picture

LECTURE = "L10, Optimizers"
STEPS, NEAR = 100, .1
# The second rule: its optimizer, its words, a rate that is good in every valley, one that is too small and one that is too large
RULES = {
    "RMSprop": (lambda eta: RMSprop(eta, rho=.9), r"RMSprop, $s \leftarrow .9\,s + .1\,g^2$ and $\theta \leftarrow \theta - \eta\, g / \sqrt s$", .1, .005, 4.),
    "momentum": (lambda eta: SGD(eta, momentum=.9), r"momentum, $v \leftarrow .9\,v + g$ and $\theta \leftarrow \theta - \eta v$", .03, .0005, 1.),
}


def rate(variant):
    """The question, what its text says, and the conventions."""
    rng, name = variant.rng("valley"), variant.choose("second rule", list(RULES))
    steep, start = int(rng.choice([8, 10, 12, 15, 16, 20])), np.array([rng.choice([-4., -3., 3., 4.]), rng.choice([-2., 2., 3., -3.])])
    prose = {"steep": steep, "start": f"({start[0]:g}, {start[1]:g})", "second_rule": RULES[name][1], "descent_solution": f"{1 / steep:.2g}", "second_solution": RULES[name][2], "valley_picture": valley_picture(steep, start)}
    return question(steep, start, name), prose, {"choosing rates": f"plain descent, and {name}"}


def question(steep, start, name):
    make, words, good, small, large = RULES[name]
    slope = np.array([1., steep])

    def left(optimizer):
        """Where the walk ends, as a share of the distance at its start; infinite where it leaves every number behind."""
        theta = start.copy()
        with np.errstate(all="ignore"):
            for _ in range(STEPS):
                optimizer.step(theta, slope * theta)
        share = float(np.linalg.norm(theta) / np.linalg.norm(start))
        return share if np.isfinite(share) else np.inf

    def walks(values):
        """What each rate leaves of the distance; None for a rate that is not above 0."""
        rates = (("eta_descent", SGD), ("eta_second", make))
        return {key: left(optimizer(float(values[key]))) if values[key] > 0 else None for key, optimizer in rates}

    def shares(values):
        found = walks(values)
        return {descent: float(found["eta_descent"] is not None and found["eta_descent"] <= NEAR), second: float(found["eta_second"] is not None and found["eta_second"] <= NEAR)}

    def evidence(values):
        key, share = next((key, share) for key, share in walks(values).items() if share is None or share > NEAR)
        if share is None:
            return f"`{key}` is {float(values[key]):g}: no step is made down the valley."
        far = "farther away than any number" if not np.isfinite(share) else f"at {share:.1%} of the distance it began with" if share < 10 else f"{share:.2g} times as far away as it began"
        return f"With `{key}` = {float(values[key]):g} the walk of {STEPS} steps ends {far}; {NEAR:.0%} or less is asked for."

    def fails(key, test):
        return lambda values: (share := walks(values)[key]) is not None and share > NEAR and test(float(values[key]), share)

    best = 1 / steep
    descent, second = "gradient descent arrives", f"{name} arrives"
    return ValuesQuestion(
        name="choose_rates", groups={descent: 5, second: 5}, lecture=LECTURE, shapes={"eta_descent": (), "eta_second": ()}, shares=shares, evidence=evidence, example={"eta_descent": best, "eta_second": good},
        hints=("Try a rate, walk, and look where you end: the valley is two multiplications a step.", f"Across the valley a step of descent multiplies the distance by 1 − {steep}η, along it by 1 − η: both must be between −1 and 1, and small.",
               f"For descent anything around {best:.2g} arrives; for {name} anything around {good:g}."),
        mistakes=(
            Mistake("A rate that is not above 0", "A rate of 0 goes nowhere, and one below 0 climbs.", fits=lambda values: any(values[key] <= 0 for key in ("eta_descent", "eta_second")), example={"eta_descent": 0, "eta_second": good},
                    hints=("What is a step with η = 0?", "The update subtracts already: η itself is positive.", "Begin with .1.")),
            Mistake("Descent leaps out of the valley", "Your rate for plain descent is above the limit 2/λ: across the valley each step lands farther up on the other side.", fits=fails("eta_descent", lambda eta, share: eta >= 1 / steep),
                    example={"eta_descent": 3 / steep, "eta_second": good},
                    hints=(f"By what does one step multiply the distance across the valley, where the curvature is {steep}?", f"By 1 − {steep}η, which must be between −1 and 1.", f"η below {2 / steep:.2g}, and not too near to it.")),
            Mistake("Descent does not arrive", "Your rate for plain descent is safe and too small: along the valley, where it is flat, the walk has hardly begun when it ends.", fits=fails("eta_descent", lambda eta, share: eta < 1 / steep),
                    example={"eta_descent": .2 / STEPS, "eta_second": good},
                    hints=("By what does one step multiply the distance along the valley, where the curvature is 1?", f"By 1 − η; after {STEPS} steps (1 − η) to the power of {STEPS} is left.", "Larger, as far as the steep direction allows.")),
            Mistake(f"{name} does not arrive", "Its steps are about η long, whatever the gradient: a hundred of yours do not reach the middle." if name == "RMSprop" else "Your rate for momentum is too small: along the valley the walk has hardly begun when it ends.",
                    fits=fails("eta_second", lambda eta, share: eta < good), example={"eta_descent": best, "eta_second": small},
                    hints=("How far is it from the start to the middle, and how long is a step?", f"{STEPS} steps of length η go about {STEPS}η far." if name == "RMSprop" else "With β = .9 momentum walks as if η were ten times as large.", "Larger.")),
            Mistake(f"{name} does not settle", "Its steps are about η long, and it trembles around the middle with steps of that length." if name == "RMSprop" else "Your rate for momentum is too large: it swings across the valley without coming to rest.",
                    fits=fails("eta_second", lambda eta, share: eta >= good), example={"eta_descent": best, "eta_second": large},
                    hints=("Where does the walk end, beside the length of a step?", "It cannot come nearer than about a step." if name == "RMSprop" else f"Its limit is 2(1 + β)/λ, with λ = {steep}.", "Smaller.")),
        ))
