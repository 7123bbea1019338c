"""Momentum, Adagrad, RMSprop, Adam: the questions and the mistakes that students make in them."""

import functools

import numpy as np

from autograder.questions import Mistake

from .rules import adam_step, handed_in, momentum_step, question, scaled_step


def optimizers(variant, conventions):
    """The four questions, as the term asks them."""
    return tuple(make(conventions, variant.shared(make.__name__)) for make in (momentum, adagrad, rmsprop, adam))


def _decay(rng, low, high):
    return float(rng.choice(np.arange(low, high + .001, .05).round(2)))


def _epsilon(rng):
    return float(rng.choice([.1, .15, .2, .25, .3]))


# Mistakes that all four know, in the words of each
def plus():
    return Mistake("Plus instead of minus", "Your steps go up the slope: θ moves with the gradient, where it should move against it.", knobs={"sign": -1},
                   hints=("One parameter, gradient +1: should it grow or shrink?", "Look at the sign in the line that changes θ.", "The step is subtracted: θ ← θ − step."))


def forgets(letter, knobs):
    return Mistake("Nothing is remembered", f"Every step of yours is a first step: {letter} begins anew each time instead of going on from what it was.", knobs=knobs,
                   hints=("Make two steps with the same gradient. Is the second like the first?", f"Where is {letter} kept from one step to the next?", f"Keep the new {letter} (in `self` or in the state that you return) and start from it in the next step."))


def pooled(letter, knobs, **also):
    return Mistake("One memory for all parameters", f"Your {letter} is a single number for all of θ: each parameter needs a memory of its own.", knobs=knobs, **also,
                   hints=(f"How many numbers does {letter} hold, and how many does θ?", "A parameter with small gradients should not feel its neighbour's large ones.", f"No `sum`, `mean` or `norm` over the parameters: {letter} has the shape of θ."))


def root_forgotten(letter):
    return Mistake("Forgot the root", f"You divide by {letter}, a square; it is its root that has the size of a gradient.", knobs={"root": False},
                   hints=("Make all gradients ten times as large. What should happen to the step?", f"{letter} then grows a hundredfold, its root tenfold.", f"Divide by the root of {letter}."))


def square_forgotten(letter):
    return Mistake("Forgot the square", f"You remember the gradients themselves: {letter} is made of their squares, and a negative number has no root.", knobs={"power": 1},
                   hints=(f"Can your {letter} become negative?", "Two gradients of opposite sign cancel in your memory; their squares would not.", f"Use `grad**2` in {letter}."))


def size_only(letter):
    return Mistake("Sizes instead of squares", f"Your {letter} adds up |g|: it is g² that is remembered.", knobs={"size": True},
                   hints=(f"What is {letter} after one gradient of 4?", "A root is taken later, so the unit of the memory is that of a square.", f"`grad**2` in {letter}."))


def epsilon_misplaced(letter, conventions):
    other = "inside" if conventions.epsilon == "outside" else "outside"
    right = f"√{letter} + ε" if conventions.epsilon == "outside" else f"√({letter} + ε)"
    return Mistake(f"ε {other} the root", f"Your ε stands {other} the root; this assignment divides by {right}" + (", unlike the library." if other == "outside" else "."), knobs={"epsilon": other},
                   hints=("What do you divide by where every gradient so far was 0?", "Is ε added before or after the root is taken?", f"Divide by {right}."))


def no_epsilon(wrong, also=()):
    return Mistake("ε left out", "Without ε a parameter whose gradients were all 0 is divided by 0, and 0/0 is no number.", wrong=wrong, also=also,
                   hints=("What is 0 / 0?", "Which of the settings does your code never use?", "Add ε in the denominator, where the formula has it."))


def square_on_top():
    return Mistake("The square moves too", "The numerator of your step is g²: it forgets the gradient's sign, and its size counts twice.", knobs={"squared": True},
                   hints=("What is the sign of your step where the gradient is negative?", "Only the memory is squared.", "The numerator is `grad` itself."))


def old_memory(letter):
    return Mistake("The step comes before the memory", f"Your step uses the {letter} of the time before: the new gradient should enter {letter} first.", knobs={"late": True},
                   hints=(f"What is {letter} when you make the first step?", "In which order do your two lines stand?", f"First renew {letter}, then use it."))


# ---------------------------------------------------------------- momentum

FORMS = {"inside": r"v \leftarrow \beta v - \eta g, \qquad \theta \leftarrow \theta + v",
         "mean": r"v \leftarrow \beta v + (1 - \beta)\, g, \qquad \theta \leftarrow \theta - \eta v",
         "nesterov": r"v \leftarrow \beta v + g, \qquad \theta \leftarrow \theta - \eta\, (g + \beta v)"}
LINES = {"inside": "`v = beta * v - eta * grad`, then `theta + v`", "mean": "`v = beta * v + (1 - beta) * grad`, then `theta - eta * v`",
         "nesterov": "`v = beta * v + grad`, then `theta - eta * (grad + beta * v)`"}
LIBRARY = {"inside": "η stands outside your velocity, as in the lecture and in the library; here it belongs inside, and with rates that change the two differ.",
           "mean": "Your velocity adds each gradient in full, as the lecture and the library do; here it is a fading mean, and the new gradient counts (1 − β).",
           "nesterov": "Your step is ηv, as in the lecture and in the library; here it looks ahead and is η(g + βv)."}


def momentum(conventions, rng):
    form = conventions.momentum
    step = functools.partial(momentum_step, form=form)
    lines = LINES[form]
    mistakes = [
        Mistake("The library's own convention", LIBRARY[form], knobs={"form": "library"},
                hints=("Compare your two lines with the two formulas of the question, sign by sign.", "Does each factor stand in the line where the formula has it?", f"{lines}.")),
        plus(), forgets("v", {"remember": 0}),
        Mistake("η counted twice", "Your gradient is multiplied by η on its way into the velocity and once more on its way out.", knobs={"twice": True},
                hints=("Double η. Does your first step double, or become four times as long?", "How often does `eta` stand in your code?", f"Once is enough: {lines}.")),
        Mistake("The velocity never fades", "Your velocity keeps all of its past: β, the share that is kept, is missing.", knobs={"keep": 1},
                hints=("Give one gradient of 1, then only zeros. Does your velocity die down?", "Which setting does your velocity not use?", f"{lines}.")),
        Mistake("β and 1 − β exchanged", "Your velocity keeps 1 − β of its past; it should keep β.", knobs={"swapped": True},
                hints=("With β = .9, how much of the old velocity is left after one step?", "Nine tenths.", f"{lines}.")),
        pooled("v", {"pool": True})]
    if form != "inside":
        mistakes.insert(1, Mistake("η inside the velocity", "Your η stands in the velocity, so that an old gradient keeps its old rate; here the velocity has no η, and the rate of today moves it.", knobs={"inside": True},
                                   hints=("Which rate should a gradient of yesterday be multiplied by today?", "Only the second formula has an η.", f"{lines}.")))
    if form != "nesterov":                              # there the old velocity makes the library's step
        mistakes.append(Mistake("The step comes before the velocity", "Your θ moves by the velocity of the time before: the new gradient should enter v first.", knobs={"late": True},
                                hints=("Does your θ move in the first step as it should?", "In which order do your two lines stand?", "First renew v, then move θ with the new one.")))
    if form != "mean":
        mistakes.append(Mistake("An extra 1 − β", "Your new gradient is multiplied by 1 − β: that makes the velocity a mean, and here it is a sum.", knobs={"damped": True},
                                hints=("How long is your first step, beside η times the gradient?", "Does the formula have a 1 − β?", f"{lines}.")))
    return question("Momentum", step, lambda rng: (_decay(rng, .6, .85),), conventions, rng, mistakes=tuple(mistakes),
                    hints=("Two lines: first renew the velocity, then move θ with it.", "The velocity begins at 0 and must live on from step to step.", f"{lines}."))


# ---------------------------------------------------------------- Adagrad

def adagrad(conventions, rng):
    def rule(memory, g, eta, eps, *, keep=1, new=1, **knobs):
        return scaled_step(memory, g, eta, eps, keep=keep, new=new, **{"epsilon": conventions.epsilon, **knobs})

    def version(change):
        return handed_in(change, conventions.interface)

    def of_sum(memory, g, eta, eps):
        total = memory["s"] = memory.get("s", 0.) + g
        return eta * g / (np.abs(total) + eps if conventions.epsilon == "outside" else np.sqrt(total ** 2 + eps))

    def fading(share):
        return version(lambda memory, g, eta, eps: rule(memory, g, eta, eps, keep=share, new=1 - share))

    divisor = "np.sqrt(s) + eps" if conventions.epsilon == "outside" else "np.sqrt(s + eps)"
    return question("Adagrad", rule, lambda rng: (_epsilon(rng),), conventions, rng,
                    hints=("s adds up the square of every gradient so far, for each parameter by itself.", "The step is the gradient times η, divided by the root of s.", f"`s = s + grad**2`, then `theta - eta * grad / ({divisor})`."),
                    mistakes=(
        Mistake("Adagrad that forgets", "Your s fades: it keeps a share of the old and adds a share of the new. That is RMSprop; Adagrad adds up everything.", wrong=fading(.9), also=(fading(.99), fading(.5), fading(.999), fading(.95)),
                hints=("The same gradient a hundred times: does your s go on growing?", "Is there a .9 in your code that nobody gave you?", "`s = s + grad**2`.")),
        forgets("s", {"remember": 0}), plus(), root_forgotten("s"), square_forgotten("s"), size_only("s"), epsilon_misplaced("s", conventions),
        no_epsilon(version(lambda memory, g, eta, eps: rule(memory, g, eta, 0.))),
        pooled("s", {"pool": np.sum}, also=(version(lambda *args: rule(*args, pool=np.mean)),)),
        Mistake("A mean instead of a sum", "You divide the sum of squares by the number of steps. Then the steps no longer shrink; in Adagrad they do.", knobs={"mean": True},
                hints=("The same gradient four times: how long should the fourth step be, beside the first?", "Half as long: √4 = 2.", "No division by the number of steps: `s = s + grad**2`.")),
        Mistake("The sum is squared, not the gradients", "You add up the gradients and square the sum, so that opposite gradients cancel in the memory.", wrong=version(of_sum),
                hints=("Gradients +3 and −3: what is s after both?", "18, not 0.", "Square first, then add: `s = s + grad**2`.")),
        square_on_top(), old_memory("s")))


# ---------------------------------------------------------------- RMSprop

def rmsprop(conventions, rng):
    kept = conventions.share == "kept"

    def rule(memory, g, eta, decay, eps, *, exchanged=False, **knobs):
        keep = decay if kept != exchanged else 1 - decay
        return scaled_step(memory, g, eta, eps, **{"keep": keep, "new": 1 - keep, "epsilon": conventions.epsilon, **knobs})

    def version(change):
        return handed_in(change, conventions.interface)

    line = "`s = rho * s + (1 - rho) * grad**2`" if kept else "`s = (1 - alpha) * s + alpha * grad**2`"
    exchanged = (Mistake("ρ and 1 − ρ exchanged", "Your s keeps 1 − ρ of its past and takes in ρ of the new square: it forgets almost at once.", knobs={"exchanged": True},
                         hints=("With ρ = .9, how much of the old s is left after one step?", "Nine tenths.", f"{line}.")) if kept else
                 Mistake("The library's own convention", "You read the setting as the share of the old, as the lecture and the library do; here α is the share of the new.", knobs={"exchanged": True},
                         hints=("With α = .1, how much of the old s is left after one step?", "Nine tenths: α belongs to the new square.", f"{line}.")))
    adds_all = version(lambda memory, g, eta, decay, eps, **knobs: rule(memory, g, eta, decay, eps, keep=1, new=1, **knobs))
    return question("RMSprop", rule, lambda rng: ((_decay(rng, .6, .9),) if kept else (_decay(rng, .1, .4),)) + (_epsilon(rng),), conventions, rng,
                    hints=("s is a fading mean of the squares, for each parameter by itself.", "It begins at 0 and must live on from step to step.", f"{line}."),
                    mistakes=(
        exchanged,
        Mistake("RMSprop that never forgets", "Your s adds up all squares in full. That is Adagrad; here the old ones fade.", wrong=adds_all,
                hints=("The same gradient a hundred times: does your s go on growing?", "Where is the decay in your line for s?", f"{line}.")),
        Mistake("The new square counts in full", "Your s keeps its share of the old but takes in all of g²: a mean takes in only the rest.", knobs={"new": 1},
                hints=("The same gradient again and again: where should s settle?", "At g² itself: the two shares add up to 1.", f"{line}.")),
        forgets("s", {"remember": 0}), plus(), root_forgotten("s"), square_forgotten("s"), size_only("s"), epsilon_misplaced("s", conventions),
        no_epsilon(version(lambda memory, g, eta, decay, eps: rule(memory, g, eta, decay, 0.))),
        pooled("s", {"pool": np.sum}, also=(version(lambda *args: rule(*args, pool=np.mean)),)),
        Mistake("Corrected as in Adam", "You divide s by 1 − ρᵗ. That correction is Adam's; RMSprop leaves its long first steps as they are." if kept else
                "You divide s by 1 − (1 − α)ᵗ. That correction is Adam's; RMSprop leaves its long first steps as they are.", knobs={"corrected": True},
                hints=("How long is your first step?", "Does the formula of the question have a t?", "Use s as it is.")),
        square_on_top(), old_memory("s")))


# ---------------------------------------------------------------- Adam

def adam(conventions, rng):
    kept = conventions.share == "kept"
    one, two = ("β₁", "β₂") if kept else ("α₁", "α₂")

    def rule(memory, g, eta, first, second, eps, *, swapped=False, exchanged=False, **knobs):
        first, second = (second, first) if swapped else (first, second)
        keep_1, keep_2 = (first, second) if kept != exchanged else (1 - first, 1 - second)
        with np.errstate(all="ignore"):
            return adam_step(memory, g, eta, keep_1, keep_2, eps, **{"epsilon": conventions.epsilon, **knobs})

    def version(change):
        return handed_in(change, conventions.interface)

    def divided_by_zero(memory, g, eta, first, second, eps):
        raise ZeroDivisionError("float division by zero")

    correction = "`m / (1 - beta_1**t)` and `v / (1 - beta_2**t)`" if kept else "`m / (1 - (1 - alpha_1)**t)` and `v / (1 - (1 - alpha_2)**t)`"
    lines = "`m = beta_1 * m + (1 - beta_1) * grad` and `v = beta_2 * v + (1 - beta_2) * grad**2`" if kept else "`m = (1 - alpha_1) * m + alpha_1 * grad` and `v = (1 - alpha_2) * v + alpha_2 * grad**2`"
    exchanged = (Mistake("β and 1 − β exchanged", "Your averages keep 1 − β of their past and take in β of the new: they forget almost at once.", knobs={"exchanged": True},
                         hints=("With β₁ = .9, how much of the old m is left after one step?", "Nine tenths.", f"{lines}.")) if kept else
                 Mistake("The library's own convention", "You read the settings as shares of the old, as the lecture and the library do; here α₁ and α₂ are the shares of the new.", knobs={"exchanged": True},
                         hints=("With α₁ = .1, how much of the old m is left after one step?", "Nine tenths: α₁ belongs to the new gradient.", f"{lines}.")))
    settings = (lambda rng: (_decay(rng, .6, .8), float(rng.choice([.9, .92, .95])), _epsilon(rng))) if kept else (lambda rng: (_decay(rng, .2, .4), float(rng.choice([.05, .08, .1])), _epsilon(rng)))
    return question("Adam", rule, settings, conventions, rng,
                    hints=("Four lines: renew m, renew v, correct both, move θ.", "t is 1 at the first step and grows by 1 with each; m, v and t must live on from step to step.", f"{lines}; then {correction}."),
                    mistakes=(
        Mistake("No correction for the start", "Your averages began at 0 and are used as they are, so that the first steps have the wrong length.", knobs={"correct": (False, False)},
                hints=("How long is your first step? With the correction it is about η.", "m̂ and v̂ carry hats: what do the hats stand for?", f"{correction}.")),
        Mistake("Only m is corrected", "You correct m for its start at 0, but v too began at 0.", knobs={"correct": (True, False)},
                hints=("How long is your first step? It should be about η.", "Both averages carry a hat in the step.", f"{correction}.")),
        Mistake("Only v is corrected", "You correct v for its start at 0, but m too began at 0.", knobs={"correct": (False, True)},
                hints=("How long is your first step? It should be about η.", "Both averages carry a hat in the step.", f"{correction}.")),
        Mistake("The two decays are exchanged", f"Your m fades with {two} and your v with {one}: it is the other way round.", knobs={"swapped": True},
                hints=("Which of the two averages should remember longer?", f"{one} belongs to m, {two} to v.", f"{lines}.")),
        exchanged,
        Mistake("t never moves on", "Your correction divides by the same number in every step, as if each were the first.", knobs={"count": lambda t: 1},
                hints=("What is t in your third step?", "Where does your t grow, and is the new t kept?", "`self.t += 1` in each step, or a t in the state that you return grown by 1.")),
        Mistake("t starts at 0", "In your first step t is 0, and 1 − β⁰ is 0: you divide by nothing." if kept else "In your first step t is 0, and 1 − (1 − α)⁰ is 0: you divide by nothing.", knobs={"count": lambda t: t - 1}, also=(version(divided_by_zero),),
                hints=("What is a number to the power of 0?", "Is t counted before or after it is used?", "Count first: t is 1 in the first step.")),
        Mistake("t is one ahead", "In your first step t is already 2.", knobs={"count": lambda t: t + 1},
                hints=("How long is your first step? It should be about η.", "Does t start at 1 and grow before it is used?", "Start t at 0 and count before use, or start at 1 and count after.")),
        Mistake("The corrected averages are kept", "You keep m̂ and v̂ and go on from them: the correction is for one step's use, and what lives on is m and v.", knobs={"stored": True},
                hints=("Is your second step right where the first is?", "What do you store: m, or m̂?", "Give the corrected averages names of their own.")),
        Mistake("The new counts in full", "Your averages keep their share of the old but take in all of the new: a mean takes in only the rest.", knobs={"new": False},
                hints=("The same gradient again and again: where should m settle?", "At g itself: the two shares add up to 1.", f"{lines}.")),
        Mistake("v is made of m", "You square m for v: it is the gradient itself that is squared.", knobs={"from_m": True},
                hints=("What are the two things that Adam remembers?", "The mean of the gradient, and the mean of its square.", f"{lines}.")),
        Mistake("The gradient instead of m̂", "Your step has the gradient on top: that is RMSprop with a correction. Adam moves by its first moment.", knobs={"plain": True},
                hints=("Is m used anywhere in your step?", "What stands above the fraction bar?", "`eta * m_hat / …`.")),
        Mistake("Nothing is remembered", "Every step of yours is a first step: m, v and t begin anew each time.", wrong=version(lambda memory, *args: rule({}, *args)),
                hints=("Make two steps with different gradients. Does the second remember the first?", "Where are m, v and t kept from one step to the next?", "Keep them in `self`, or in the state that you return, and start from them in the next step.")),
        plus(), root_forgotten("v̂"), square_forgotten("v"), size_only("v"), epsilon_misplaced("v̂", conventions),
        no_epsilon(version(lambda memory, g, eta, first, second, eps: rule(memory, g, eta, first, second, 0.))),
        pooled("v", {"pool": np.sum}, also=(version(lambda *args: rule(*args, pool=np.mean)),))))
