"""The four optimizers: one update rule each, with its mistakes to turn on, in the interface that the term asks for."""

import dataclasses
import functools

import numpy as np

from autograder.describe import numbers, same, show
from autograder.questions import Mistake, Probe

from .described import DescribedQuestion

LECTURE = "L10, Optimizers"
STEPS, ZERO, SHAPE, TWO, INPUTS = "several steps", "gradients of 0", "θ of any shape", "two networks in turn", "leaves its arguments as they were"
GROUPS = {STEPS: 5, ZERO: 1, SHAPE: 1, TWO: 2, INPUTS: 1}


@dataclasses.dataclass(frozen=True)
class Conventions:
    """What a term asks: a class or a function, which form of momentum, which share a decay names, where ε stands."""

    interface: str          # class, function
    momentum: str           # inside, mean, nesterov
    share: str              # kept: ρ is the share of the old; new: α is the share of the new
    epsilon: str            # outside, inside the root

    def name(self, rule):
        return rule if self.interface == "class" else rule.lower()


def conventions_of(variant) -> Conventions:
    return Conventions(variant.choose("interface", ["class", "function"]), variant.choose("momentum", ["inside", "mean", "nesterov"]),
                       variant.choose("share", ["kept", "new"]), variant.choose("epsilon", ["outside", "inside"]))


# ---------------------------------------------------------------- the rules: memory, gradient and rate in, the step out

def momentum_step(memory, g, eta, beta, *, form, remember=1, keep=None, swapped=False, damped=False, inside=False, twice=False, late=False, pool=False, sign=1):
    """The step of momentum. `form` is where η stands: inside the velocity, outside it (the library), a mean, or Nesterov's."""
    old = remember * memory.get("v", 0.)
    keep = (1 - beta if swapped else beta) if keep is None else keep
    new = {"inside": eta, "mean": beta if swapped else 1 - beta}.get(form, 1.) * (1 - beta if damped else 1.)
    if form != "inside" and (inside or twice):
        new *= eta
    v = memory["v"] = keep * old + new * (np.mean(g) if pool else g)
    used = old if late else v
    if form == "nesterov":
        step = eta * g + beta * used if inside else eta * (g + beta * used)
    else:
        step = used if inside or form == "inside" and not twice else eta * used
    return sign * (step + 0. * g)


def scaled_step(memory, g, eta, eps, *, keep, new, epsilon, remember=1, power=2, size=False, root=True, pool=None, mean=False, late=False, corrected=False, squared=False, sign=1):
    """The step of Adagrad and RMSprop: the gradient over the root of remembered squares; s ← keep · s + new · g²."""
    t = memory["t"] = memory.get("t", 0) + 1
    old = remember * memory.get("s", 0.)
    square = np.abs(g) if size else g ** power
    s = memory["s"] = keep * old + new * (square if pool is None else pool(square))
    used = old if late else s / t if mean else s / (1 - keep ** t) if corrected else s
    return sign * eta * (g ** 2 if squared else g) / _size(used + 0. * g, eps, epsilon, root)


def adam_step(memory, g, eta, keep_1, keep_2, eps, *, epsilon, new=True, correct=(True, True), count=lambda t: t, power=2, size=False, root=True, pool=None, stored=False, from_m=False,
              plain=False, sign=1):
    """The step of Adam: m̂ over the root of v̂, each corrected for having started at 0."""
    t = count(memory.get("t", 0) + 1)
    memory["t"] = memory.get("t", 0) + 1
    m = keep_1 * memory.get("m", 0.) + (1 - keep_1 if new else 1) * g
    square = np.abs(g) if size else (m if from_m else g) ** power
    v = keep_2 * memory.get("v", 0.) + (1 - keep_2 if new else 1) * (square if pool is None else pool(square))
    m_hat, v_hat = (np.divide(average, 1 - keep ** t) if wanted else average for average, keep, wanted in ((m, keep_1, correct[0]), (v, keep_2, correct[1])))
    memory["m"], memory["v"] = (m_hat, v_hat) if stored else (m, v)
    return sign * eta * (g if plain else m_hat) / _size(v_hat + 0. * g, eps, epsilon, root)


def _size(s, eps, epsilon, root=True):
    if not root:
        return s + eps
    return np.sqrt(s) + eps if epsilon == "outside" else np.sqrt(s + eps)


# ---------------------------------------------------------------- as a student hands them in

class Stepper:
    """An object with a method `step(theta, grad, eta)`, made of an update rule."""

    def __init__(self, rule, settings, knobs, in_place):
        self.rule, self.settings, self.knobs, self.in_place, self.memory = rule, settings, knobs, in_place, {}

    def step(self, theta, grad, eta):
        return _moved(theta, self.rule(self.memory, grad, eta, *self.settings, **self.knobs), self.in_place)


def handed_in(rule, interface):
    """An update rule as the term's interface asks for it, its knobs still to turn."""
    if interface == "class":
        return lambda *settings, in_place=False, **knobs: Stepper(rule, settings, knobs, in_place)

    def function(theta, grad, state, eta, *settings, in_place=False, **knobs):
        memory = dict(state or {})
        return _moved(theta, rule(memory, grad, eta, *settings, **knobs), in_place), memory
    return function


def _moved(theta, step, in_place):
    if not in_place:
        return theta - step
    theta -= step
    return theta


def asked(interface):
    """The walk that a probe asks for: several steps, by one network or by two in turn, and where θ is after each."""
    def ask(answer, theta, grads, etas, settings, networks):
        places, memories = [theta, *(theta.copy() for _ in range(networks - 1))], [answer(*settings) if interface == "class" else None for _ in range(networks)]
        seen = []
        for k, (grad, eta) in enumerate(zip(grads, etas)):
            turn = k % networks
            if interface == "class":
                moved = memories[turn].step(places[turn], grad, eta)
            else:
                given = answer(places[turn], grad, memories[turn], eta, *settings)
                pair = isinstance(given, np.ndarray) and given.shape == (2, *theta.shape)      # θ and its velocity, stacked
                if not pair and (not isinstance(given, (tuple, list)) or len(given) != 2):
                    return given                                    # not (θ, state): told as it is
                moved, memories[turn] = given
            found = numbers(moved)
            if found is None or found.size != theta.size:
                return moved                                        # no θ to go on from: told as it is
            places[turn] = found.reshape(theta.shape)
            seen.append(found.reshape(theta.shape).copy())
        return np.array(seen)
    return ask


# ---------------------------------------------------------------- what a walk is like

ORDINALS = ("first", "second", "third", "fourth", "fifth")


def in_words(interface, value, right, args):
    """At which step a walk goes wrong and, where it is the first, how long that step is beside the right one."""
    theta, found = args[0], numbers(value)
    if found is None or found.shape != right.shape:
        asked_for = "the new θ" if interface == "class" else "two things, the new θ and the new state"
        return f"One step does not return what is asked for: {asked_for}, θ in the shape that it had, {theta.shape}."
    place = next(k for k in range(len(right)) if not same(found[k], right[k]))
    if place:
        before = "step is" if place == 1 else "steps are"
        return f"The {'first' if place == 1 else f'first {place}'} {before} right and the {ORDINALS[place]} is not: what does your code remember, and what does it do with it?"
    step, wanted = (found[0] - theta).ravel(), (right[0] - theta).ravel()
    moved = np.abs(wanted) > 1e-9
    factors = step[moved] / wanted[moved]
    if moved.any() and np.isfinite(factors).all() and np.ptp(factors) <= 1e-4 * np.abs(factors).max() and np.abs(step[~moved]).max(initial=0) < 1e-9:
        return f"Already the first step is wrong: it is {factors[0]:.3g} times the right one."
    return "Already the first step is wrong, before anything is remembered."


# ---------------------------------------------------------------- probes

class Walk:
    """Draws walks: gradients of mixed scales and signs, rates that change from step to step."""

    def __init__(self, name, settings, conventions):
        self.name, self.settings, self.conventions = name, settings, conventions

    def probe(self, rng, group, shape, steps, label="", networks=1, zero=False):
        theta = rng.uniform(-2, 2, size=shape).round(1) + 0.
        scales = rng.permutation(np.resize([4., 1., .2], theta.size)).reshape(shape)
        grads = (scales * rng.uniform(.5, 1.5, size=(steps, *shape)) * rng.choice([-1, 1], size=(steps, *shape))).round(2)
        if zero:
            grads[:, ..., 0] = 0
            grads[0, ..., -1] = 0
            grads[-1, ..., 1] = 0
        etas = [float(eta) for eta in rng.choice([.1, .15, .2, .3, .4], size=steps, replace=False)]
        return self.drawn(group, theta, grads, etas, self.settings(rng), label, networks)

    def drawn(self, group, theta, grads, etas, settings, label, networks=1):
        args = (theta, grads, etas, settings, networks)
        return Probe(group, args, label, shown=self.shown(*args))

    def shown(self, theta, grads, etas, settings, networks):
        """What a student types to see the same walk, with the notebook's own `walk`."""
        listed = ", ".join(f"{value:g}" for value in settings)
        function = f"lambda: {self.name}({listed})" if self.conventions.interface == "class" else f"{self.name}, ({listed},)"
        two = ", networks=2" if networks > 1 else ""
        return f"walk({function}, theta={show(theta)}, grads={_nested(grads)}, etas={show(etas)}{two})"

    def public(self, rng):
        lone = self.drawn(STEPS, np.array([1.]), np.array([[2.], [-1.], [.5]]), [.1, .2, .1], self.settings(rng), "a single parameter")
        return (lone, self.probe(rng, STEPS, (3,), 3, "three steps"), self.probe(rng, ZERO, (4,), 3, "gradients of 0", zero=True),
                self.probe(rng, SHAPE, (2, 2), 3, "a θ that is a table"), self.probe(rng, TWO, (2,), 5, "two networks in turn", networks=2))

    def hidden(self, rng):
        return [self.probe(rng, STEPS, (4,), 5, "five steps"), self.probe(rng, STEPS, (1,), 3, "a single parameter"),
                self.probe(rng, ZERO, (5,), 4, "gradients of 0", zero=True), self.probe(rng, SHAPE, (3, 2), 3, "a θ that is a table"),
                self.probe(rng, TWO, (3,), 5, "two networks in turn", networks=2)]


def _nested(values):
    return str(np.asarray(values).tolist())


def question(rule, step, settings, conventions, rng, hints, mistakes):
    """The question of one optimizer. `step` is its update rule, `settings(rng)` draws what it is made with."""
    name, walk = conventions.name(rule), Walk(conventions.name(rule), settings, conventions)
    model = handed_in(step, conventions.interface)
    in_place = Mistake("Changed θ in place, as the library does", "The numbers are right, but your code writes them into the caller's own θ: a new θ is asked for, and the old one must stay as it was.", knobs={"in_place": True},
                       hints=("What is in the caller's θ after one step?", "`theta -= …` changes the array that was given to you.", "`return theta - …` makes a new one."))
    return DescribedQuestion(name=rule.lower(), function=name, parameters=("theta", "grads", "etas", "settings", "networks"), lecture=LECTURE, keeps_inputs=INPUTS, groups=GROUPS,
                             reference=model, model=model, public=walk.public(rng), hidden=walk.hidden, ask=asked(conventions.interface), words=functools.partial(in_words, conventions.interface), hints=hints,
                             mistakes=(*mistakes, in_place))
