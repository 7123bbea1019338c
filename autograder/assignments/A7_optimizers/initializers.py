"""Two initializers that scale random numbers by the connections: the questions and their mistakes."""

import functools
import math

import numpy as np

from autograder.questions import Mistake, Probe

from .described import DescribedQuestion
from .draws import LECTURE, SEED, generator_of, other_shape, seed_mistakes, seeds, table, turned_mistake

SPREAD, KIND = "the spread, for every shape", "the kind of draw"
VARIANCES = {"glorot": lambda n_in, n_out: 2 / (n_in + n_out), "lecun": lambda n_in, n_out: 1 / n_in, "he": lambda n_in, n_out: 2 / n_in}
FORMULAS = {"glorot": r"\frac{2}{n_\text{in} + n_\text{out}}", "lecun": r"\frac{1}{n_\text{in}}", "he": r"\frac{2}{n_\text{in}}"}
CODE = {"glorot": "2 / (n_in + n_out)", "lecun": "1 / n_in", "he": "2 / n_in"}
TITLES = {"glorot": "Glorot", "lecun": "LeCun", "he": "He"}


def solution(rule, kind, shape):
    """The lines of a solution."""
    if kind == "normal":
        return f"return np.random.default_rng(seed).normal(0, np.sqrt({CODE[rule]}), {shape})"
    return f"bound = np.sqrt(3 * {CODE[rule]})\n    return np.random.default_rng(seed).uniform(-bound, bound, {shape})"


def profile(W, n_in):
    """What counts of random weights: rows, columns, mean and spread (in units of 1/√n_in), the kind of draw."""
    rows, columns = W.shape
    return rows, columns, round(float(W.mean() * math.sqrt(n_in)), 1) + 0., round(float(W.std() * math.sqrt(n_in)), 2), kind_of(W)


def kind_of(W):
    """The kind of draw, by its fourth moment: 3 for a normal one, 1.8 for a uniform one, in units of the variance squared."""
    squares = np.square(W - W.mean())
    fourth = float(np.mean(squares * squares) / max(squares.mean(), 1e-150) ** 2)
    return "uniform" if 1.7 < fourth < 1.95 else "normal" if 2.6 < fourth < 3.4 else "neither uniform nor normal"


def ask_scaled(answer, n_in, n_out, seed, other):
    """The profile of one draw or, with another seed, whether the draws follow it."""
    drawn = answer(n_in, n_out, seed)
    if other is not None:
        return seeds(drawn, answer(n_in, n_out, seed), answer(n_in, n_out, other))
    W = table(drawn)
    return drawn if W is None else profile(W, n_in)


def spread_fits(given, right):
    """The shape to the letter; mean and spread to .05, some five times what chance does to them."""
    return len(given) == len(right) and given[:2] == right[:2] and all(abs(given[place] - right[place]) <= .05 for place in (2, 3))


def in_words(value, right, args):
    """What a draw is like, where no mistake is known."""
    if isinstance(value, str) or isinstance(right, str):
        return f"Of two draws with one seed and one with another: it is {value}."
    if sentence := other_shape(value, right):
        return sentence
    mean, spread = value[2:4]
    if not np.isfinite(spread):
        return "It holds NaN or infinite numbers: 0 / 0, or the root of a negative number, makes them."
    if abs(mean) > .05:
        return "Its mean is not 0: as many weights should lie below 0 as above."
    if abs(spread - right[3]) > .05:
        return f"Its spread, `W.std()`, is {spread / right[3]:.2g} times the right one on this layer, so its variance is {(spread / right[3]) ** 2:.2g} times the right one."
    return f"Its spread is right, but its numbers are {value[4]}; the question asks for a {right[4]} draw."


def scaled(name, rule, kind, turned):
    """The question that asks for one of the rules, drawn uniformly or normally."""
    def draw(n_in, n_out, seed, *, variance=VARIANCES[rule], bound=lambda variance: math.sqrt(3 * variance), std=math.sqrt, kind=kind, turned=turned, how="given", low=-1):
        rng, shape, spread = generator_of(seed, how), (n_out, n_in) if turned else (n_in, n_out), variance(n_in, n_out)
        return rng.uniform(low * bound(spread), bound(spread), shape) if kind == "uniform" else rng.normal(0, std(spread), shape)

    def probe(group, label, n_in, n_out, seed, other=None):
        if other is not None:
            return Probe(group, (n_in, n_out, seed, other), label, shown=f"{rule}({n_in}, {n_out}, seed={seed}) twice, and with seed={other},")
        part, accept = (4, None) if group == KIND else (None, spread_fits)
        return Probe(group, (n_in, n_out, seed, None), label, part, accept, f"profile({rule}({n_in}, {n_out}, seed={seed}), n_in={n_in})")

    def probes(rng, sizes):
        drawn = [probe(SPREAD, f"a layer from {n_in} to {n_out}", n_in, n_out, int(rng.integers(1, 1000))) for n_in, n_out in sizes]
        return [*drawn, probe(KIND, "the kind of draw", 240, 140, int(rng.integers(1, 1000))), probe(SEED, "two seeds", 5, 3, *(int(seed) for seed in rng.choice(1000, 2, replace=False) + 1))]

    def hidden(rng):
        wide, narrow = int(rng.integers(300, 500)), int(rng.integers(80, 110))
        return probes(rng, [(narrow, wide), (wide, narrow), (int(rng.integers(150, 170)), int(rng.integers(180, 200)))])

    return DescribedQuestion(name=name, function=rule, parameters=("n_in", "n_out", "seed"), lecture=LECTURE, groups={SPREAD: 5, KIND: 1, SEED: 2}, reference=draw, model=draw, tolerance=.05,
                            public=tuple(probes(np.random.default_rng(7), [(400, 60), (60, 400)])), hidden=hidden, ask=ask_scaled, words=in_words, mistakes=_mistakes(rule, kind, turned, draw),
                            hints=("Work out the variance first, from n_in and n_out.", "Then the generator: `rng = np.random.default_rng(seed)`.", f"The variance is `{CODE[rule]}`; {_last_line(kind)}."))


def _last_line(kind):
    return "`bound = np.sqrt(3 * variance)`, then `uniform(-bound, bound, …)`" if kind == "uniform" else "`normal(0, np.sqrt(variance), …)`"


def _mistakes(rule, kind, turned, draw):
    variance, line = VARIANCES[rule], _last_line(kind)

    def positive(n_in, n_out, seed):
        return np.random.default_rng(seed).random((n_out, n_in) if turned else (n_in, n_out)) * math.sqrt(variance(n_in, n_out))

    return (turned_mistake(turned), *_of_rule(rule, draw), *_of_kind(kind), *seed_mistakes(),
            Mistake("Only positive weights", "Your weights run from 0 up: half of the range, below 0, is missing.", wrong=functools.partial(draw, kind="uniform", low=0),
                    also=(lambda *args: abs(draw(*args)), positive),
                    hints=("What is `W.mean()`?", "Weights that are all positive add up to huge sums.", f"{line}.")),
            Mistake("Not scaled at all", "Your weights have the spread of the plain generator, whatever the width of the layer.", knobs={"variance": lambda n_in, n_out: 1 if kind == "normal" else 1 / 3},
                    hints=("Does `W.std()` change when n_in does?", "Which of your arguments does the spread not use?", f"The variance is `{CODE[rule]}`.")),
            Mistake("The 2 below the fraction bar", "Your variance is divided by 2" + (" where it should be multiplied by it." if rule != "lecun" else ", and the formula has no 2."), knobs={"variance": lambda n_in, n_out: variance(n_in, n_out) / (2 if rule == "lecun" else 4)},
                    hints=("What does `W.var()` say, beside the formula?", "What stands below the fraction bar?", f"The variance is `{CODE[rule]}`.")))


def _of_kind(kind):
    """What goes wrong between a variance and a draw of it."""
    if kind == "uniform":
        return (Mistake("The standard deviation as bound", "Your bound is the standard deviation: uniform numbers up to a have a spread of only a/√3.", knobs={"bound": math.sqrt},
                        hints=("What does `W.std()` say, and what should it be?", "The variance of a uniform draw from −a to a is a²/3.", "`bound = np.sqrt(3 * variance)`.")),
                Mistake("Forgot the root", "Your bound is made of the variance without its root.", knobs={"bound": lambda variance: 3 * variance},
                        hints=("What does `W.std()` say, and what should it be?", "A spread is the root of a variance.", "`bound = np.sqrt(3 * variance)`.")),
                Mistake("Variance for bound", "You hand the variance to `uniform` as its bound.", knobs={"bound": lambda variance: variance},
                        hints=("What does `W.var()` say, and what should it be?", "The variance of a uniform draw from −a to a is a²/3.", "`bound = np.sqrt(3 * variance)`.")),
                Mistake("A normal draw", "The spread is right, but the numbers are normal; uniform ones are asked for.", knobs={"kind": "normal"},
                        hints=("What is the largest of your weights, in units of their standard deviation?", "Uniform numbers end at √3 standard deviations.", "`rng.uniform(-bound, bound, …)`.")))
    return (Mistake("Variance for standard deviation", "You hand the variance to `normal`, which asks for the standard deviation: its root.", knobs={"std": lambda variance: variance},
                    hints=("What does `W.var()` say, and what should it be?", "`normal` takes the mean and the standard deviation.", "`rng.normal(0, np.sqrt(variance), …)`.")),
            Mistake("The root twice", "Your spread is the root of the root: the standard deviation is one root of the variance.", knobs={"std": lambda variance: variance ** .25},
                    hints=("How many roots stand in your code?", "`normal` asks for the standard deviation.", "`rng.normal(0, np.sqrt(variance), …)`.")),
            Mistake("A uniform draw", "The spread is right, but the numbers are uniform; normal ones are asked for.", knobs={"kind": "uniform"},
                    hints=("What is the largest of your weights, in units of their standard deviation?", "Uniform numbers end at √3 standard deviations, normal ones do not.", "`rng.normal(0, std, …)`.")))


def _of_rule(rule, draw):
    """What goes wrong in the variance itself."""
    right = f"The variance is `{CODE[rule]}`."
    outputs = Mistake("fan_out for fan_in", "Your spread counts the outputs where it should count the inputs.", knobs={"variance": lambda n_in, n_out: VARIANCES[rule](n_out, n_in)},
                      hints=("How many numbers does one output add up?", "As many as there are inputs, n_in.", right))
    if rule == "he":
        return (outputs,
                Mistake("Forgot the 2", "Your variance is 1/n_in: ReLU halves it in each layer, and the 2 puts that back.", knobs={"variance": VARIANCES["lecun"]},
                        hints=("Ten layers of ReLU: what is left of the signal?", "ReLU sets half of the sums to 0.", right)),
                Mistake("Glorot instead of He", "Your variance is 2/(n_in + n_out): He counts the inputs only.", knobs={"variance": VARIANCES["glorot"]},
                        hints=("Does your spread change with n_out?", "It should not.", right)))
    if rule == "lecun":
        return (outputs,
                Mistake("He instead of LeCun", "Your variance is 2/n_in: the 2 is for ReLU.", knobs={"variance": VARIANCES["he"]},
                        hints=("How large is `W.var() * n_in`?", "It should be 1.", right)),
                Mistake("Glorot instead of LeCun", "Your variance is 2/(n_in + n_out): LeCun counts the inputs only.", knobs={"variance": VARIANCES["glorot"]},
                        hints=("Does your spread change with n_out?", "It should not.", right)))
    return (Mistake("Forgot the 2", "Your variance is 1/(n_in + n_out): with as many outputs as inputs it should be 1/n.", knobs={"variance": lambda n_in, n_out: 1 / (n_in + n_out)},
                    hints=("What is the formula where n_in = n_out = n?", "It is 1/n.", right)),
            Mistake("The inputs only", "Your variance counts the inputs alone; Glorot's counts the outputs too. What some slides call Xavier, 1/n_in, is LeCun's.", knobs={"variance": VARIANCES["lecun"]}, also=(functools.partial(draw, variance=VARIANCES["he"]),),
                    hints=("Does your spread change with n_out?", "It should.", right)),
            Mistake("The outputs only", "Your variance counts the outputs alone; Glorot's counts the inputs too.", knobs={"variance": lambda n_in, n_out: 1 / n_out}, also=(functools.partial(draw, variance=lambda n_in, n_out: 2 / n_out),),
                    hints=("Does `W.std()` change with n_in?", "It should.", right)))
