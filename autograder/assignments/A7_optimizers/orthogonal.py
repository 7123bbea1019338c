"""Orthogonal weights: the question and its mistakes."""

import functools
import math

import numpy as np

from autograder.questions import Mistake, Probe

from .described import DescribedQuestion
from .draws import LECTURE, SEED, generator_of, other_shape, seed_mistakes, seeds, table, turned_mistake

EXACT, FIRST = "orthogonal, for every shape", "evenly drawn"
DRAWS = 32                      # a fair sign comes up less than 4 or more than 28 times once in 400 000


def angles(W):
    """Rows, columns, and how the columns stand (the rows, where W is wide): at right angles or not, and how long."""
    rows, columns = W.shape
    gram = W.T @ W if rows >= columns else W @ W.T
    lengths = np.sqrt(np.diagonal(gram))
    leaning = np.abs(gram - np.diag(lengths ** 2)).max() > 1e-4 * lengths.max() ** 2
    length = round(float(lengths.mean()), 4) if np.ptp(lengths) <= 1e-4 * lengths.max() else "of different lengths"
    return rows, columns, "not at right angles" if leaning else "at right angles", length


def ask_orthogonal(answer, n_in, n_out, gain, seed, wanted):
    """What is looked at: the angles of one draw, whether draws follow the seed, or the sign of the first entry over 32 seeds."""
    drawn = answer(n_in, n_out, gain, seed)
    if wanted == "the seed":
        return seeds(drawn, answer(n_in, n_out, gain, seed), answer(n_in, n_out, gain, seed + 1))
    W = table(drawn)
    if W is None or wanted == "the angles":
        return drawn if W is None else angles(W)
    further = [table(answer(n_in, n_out, gain, seed + more)) for more in range(DRAWS)]
    if any(W is None for W in further):
        return None
    positive = sum(W[0, 0] > 0 for W in further)
    return "of both signs" if 4 <= positive <= DRAWS - 4 else "nearly always negative" if positive < 4 else "nearly always positive"


def in_words(value, right, args):
    """What a draw is like, where no mistake is known."""
    if isinstance(value, str) or isinstance(right, str):
        return f"Over several draws it is {value}; right is {right}."
    if sentence := other_shape(value, right):
        return sentence
    stand = f"stand {value[2]} and are {value[3] if isinstance(value[3], str) else f'{value[3]:g} long'}"
    return f"Its columns (its rows, where it is wide) {stand}; they should stand at right angles and be {right[3]:g} long, as the gain says."


def orthogonal(turned):
    """The question, with one row for each output (`turned`) or one for each input."""
    def draw(n_in, n_out, gain, seed, *, power=1, turned=turned, how="given", signs=True, shrink=False, make=None):
        rng, (rows, columns) = generator_of(seed, how), (n_out, n_in) if turned else (n_in, n_out)
        Q = make(rng, rows, columns) if make is not None else of_tall(rng, rows, columns, signs)
        return gain ** power * Q / (math.sqrt(n_in) if shrink else 1)

    def hidden(rng):
        few, many = int(rng.integers(3, 7)), int(rng.integers(9, 20))
        gains = [float(gain) for gain in rng.choice([.5, .6, .7, 1.6, 1.8, 2.2, 2.5, 3.], size=3, replace=False)]
        return probes(rng, [(many, few, gains[0]), (few, many, gains[1]), (few, few, gains[2]), (1, many, 1.3)])

    return DescribedQuestion(name="orthogonal", function="orthogonal", parameters=("n_in", "n_out", "gain", "seed"), lecture=LECTURE, groups={EXACT: 6, SEED: 1, FIRST: 2}, reference=draw, model=draw,
                            public=tuple(probes(np.random.default_rng(11), [(5, 3, 2.), (2, 4, .5), (4, 4, 3.)])), hidden=hidden, ask=ask_orthogonal, words=in_words, mistakes=_mistakes(turned, draw),
                            hints=("Draw normal numbers, then `np.linalg.qr`.", "`qr` wants a tall matrix: draw that, and transpose where W is wide.", f"Signs, then the gain, then the shape `{'(n_out, n_in)' if turned else '(n_in, n_out)'}`."))


def probes(rng, sizes):
    def probe(group, label, n_in, n_out, gain, wanted="the angles"):
        seed = int(rng.integers(1, 1000))
        shown = {"the angles": f"angles(orthogonal({n_in}, {n_out}, gain={gain:g}, seed={seed}))", "the seed": f"orthogonal({n_in}, {n_out}, gain={gain:g}, seed={seed}) twice, and with seed={seed + 1},",
                 "the sign": f"orthogonal({n_in}, {n_out}, gain={gain:g}, seed=…)[0, 0], over 32 seeds,"}[wanted]
        return Probe(group, (n_in, n_out, gain, seed, wanted), label, shown=shown)

    return [*(probe(EXACT, f"a layer from {n_in} to {n_out}", n_in, n_out, gain) for n_in, n_out, gain in sizes), probe(SEED, "two seeds", 4, 3, 1.5, "the seed"),
            probe(FIRST, "the sign of the first entry", 3, 2, 1.5, "the sign")]


# ---------------------------------------------------------------- ways to draw, right and wrong

def of_tall(rng, rows, columns, signs=True):
    """Q of a tall normal matrix, its columns given the signs of R's diagonal, turned where a wide one is asked for."""
    Q, R = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    Q = Q * np.sign(np.diagonal(R)) if signs else Q
    return Q if rows >= columns else Q.T


def of_any(rng, rows, columns, which=0, signs=True, mode="reduced"):
    """What `qr` gives for the shape as it is."""
    parts = np.linalg.qr(rng.normal(size=(rows, columns)), mode=mode)
    if which or not signs:
        return parts[which]
    Q, diagonal = parts[0].copy(), np.sign(np.diagonal(parts[1]))
    Q[:, :len(diagonal)] *= diagonal
    return Q


def triangle(rng, rows, columns):
    return np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))[1]


def plain(rng, rows, columns):
    return rng.normal(size=(rows, columns))


def of_unit_length(rng, rows, columns):
    A = plain(rng, rows, columns)
    return A / np.linalg.norm(A, axis=0 if rows >= columns else 1, keepdims=True)


def _mistakes(turned, draw):
    def made(make, power=1, **settings):
        return functools.partial(draw, make=functools.partial(make, **settings), power=power)

    return (
        turned_mistake(turned),
        Mistake("Plain random numbers", "Your weights are random, but they do not stand at right angles: the orthogonal part is missing.", wrong=made(plain), also=(made(plain, power=0),),
                hints=("What is `W.T @ W`?", "Which function of `np.linalg` makes orthogonal columns?", "`Q, R = np.linalg.qr(A)`.")),
        Mistake("Unit length only", "Your columns (or rows) have the right length, but they do not stand at right angles.", wrong=made(of_unit_length), also=(made(of_unit_length, power=0),),
                hints=("What is `W.T @ W` off its diagonal?", "Dividing by the length turns nothing.", "`Q, R = np.linalg.qr(A)`.")),
        Mistake("Forgot the gain", "Your matrix stretches nothing; it should stretch everything by the gain.", knobs={"power": 0},
                hints=("Which argument does your code not use?", "How long is a column of W?", "Multiply by `gain` at the end.")),
        Mistake("The gain twice", "Your columns have the length gain²: it is WᵀW that has gain² on its diagonal, and W itself has the gain once.", knobs={"power": 2},
                hints=("How long is a column of W?", "WᵀW squares what W has.", "Multiply by `gain` once.")),
        Mistake("The root of the gain", "Your columns have the length √gain.", knobs={"power": .5},
                hints=("How long is a column of W?", "The gain is a factor of the length.", "Multiply by `gain` itself.")),
        Mistake("Too few columns for a wide matrix", "Where W has more columns than rows your result is a small square: `qr` gives no more columns than there are rows.", wrong=made(of_any),
                hints=("Try a W with two rows and five columns. What shape comes out?", "A wide matrix is a tall one, transposed.", "Draw the tall shape, take its Q, and return `Q.T` where W is wide.")),
        Mistake("A full square for a tall matrix", "Where W has more rows than columns your result is the full square of `mode='complete'`.", wrong=made(of_any, mode="complete"), also=(made(of_any, mode="complete", signs=False),),
                hints=("Try a W with five rows and two columns. What shape comes out?", "Which mode of `qr` do you use?", "The plain `np.linalg.qr(A)` keeps the shape of a tall A.")),
        Mistake("R instead of Q", "`qr` returns Q and R in this order; yours is R, a triangle.", wrong=made(triangle), also=(made(of_any, which=1),),
                hints=("Is half of your matrix 0?", "What does `qr` return first?", "`Q, R = np.linalg.qr(A)`.")),
        Mistake("Without the signs", "Your Q is orthogonal, but its first entry has nearly always the same sign: `qr` has a habit, and not every orthogonal matrix can come out.", knobs={"signs": False},
                hints=("Draw ten matrices and look at their first entries.", "The habit shows in R: what are the signs of its diagonal?", "`Q * np.sign(np.diagonal(R))`.")),
        Mistake("Neither signs nor wide shapes", "Your matrix is what `qr` gives: too few columns where W is wide, and a first entry that has nearly always the same sign.", wrong=made(of_any, signs=False),
                hints=("Try a W with two rows and five columns.", "A wide matrix is a tall one, transposed. And what are the signs of R's diagonal?", "Draw the tall shape, `Q * np.sign(np.diagonal(R))`, and `.T` where W is wide.")),
        Mistake("Scaled by the connections too", "Your matrix is divided by √n_in: an orthogonal matrix needs no such scale, it keeps the length of what goes through.", knobs={"shrink": True},
                hints=("How long is a column of W?", "The scale of He and Glorot is for independent numbers.", "Only the gain is a factor.")),
        *seed_mistakes())
