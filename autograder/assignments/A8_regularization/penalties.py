"""A price on weights: L2 added to a loss and its slopes, and the proximal step of L1."""

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe
from autograder.questions.signature import called, ordered

LECTURE = "L13, Regularization: shrinkage, early stopping, data"
LOSS, WEIGHTS, BIAS, FREE, INPUTS = "the loss", "the slopes of the weights", "the slope of the bias", "λ = 0", "leaves its arguments as they were"
ADD_ORDERS = [("w", "b", "loss", "d_w", "d_b", "lam"), ("lam", "loss", "w", "d_w", "b", "d_b"), ("loss", "d_w", "d_b", "w", "b", "lam")]
STEP_ORDERS = [("w", "d_w", "lam", "eta"), ("eta", "lam", "w", "d_w"), ("d_w", "w", "eta", "lam")]


def penalties(variant):
    """Both questions, what their text says, and the conventions."""
    half, add_order = variant.choose("L2", [False, True]), variant.choose("order of add_l2", ADD_ORDERS)
    mean, step_order = variant.choose("L1", [False, True]), variant.choose("order of l1_step", STEP_ORDERS)
    prose = {"add_arguments": ", ".join(add_order), "l2_formula": r"\tfrac12 \lambda \sum_j w_j^2" if half else r"\lambda \sum_j w_j^2", "l2_price": "lam * np.sum(w ** 2) / 2" if half else "lam * np.sum(w ** 2)",
             "l2_slope": "lam * w" if half else "2 * lam * w", "step_arguments": ", ".join(step_order), "l1_formula": r"\frac{\lambda}{n} \sum_j |w_j|" if mean else r"\lambda \sum_j |w_j|",
             "l1_mean": mean, "l1_take": "eta * lam / w.size" if mean else "eta * lam", "l1_take_formula": r"\eta\lambda/n" if mean else r"\eta\lambda"}
    conventions = {"price of L2": "½λΣw²" if half else "λΣw²", "arguments of add_l2": ", ".join(add_order), "price of L1": "λ times the mean of |w|" if mean else "λΣ|w|", "arguments of l1_step": ", ".join(step_order)}
    return (l2(half, add_order), l1(mean, step_order)), prose, conventions


def _weights(rng, shape):
    """Weights to one decimal, of both signs and away from 0."""
    sizes, signs = rng.integers(3, 30, size=shape) / 10, np.resize([1., -1.], int(np.prod(shape)))
    return sizes * rng.permutation(signs).reshape(shape)


# ---------------------------------------------------------------- L2

def l2(half, order):
    right, other = (.5, 1.) if half else (1., .5)
    formula, line = ("½λΣw²", "`lam * np.sum(w ** 2) / 2` and `d_w + lam * w`") if half else ("λΣw²", "`lam * np.sum(w ** 2)` and `d_w + 2 * lam * w`")
    prices = {"squares": (lambda w: np.sum(w * w), lambda w: 2 * w), "norm": (lambda w: np.sqrt(np.sum(w * w)), lambda w: w / np.sqrt(np.sum(w * w))),
              "root": (lambda w: np.sqrt(np.sum(w * w)), lambda w: 2 * w), "mean": (lambda w: np.mean(w * w), lambda w: 2 * w / np.size(w)), "mean loss": (lambda w: np.mean(w * w), lambda w: 2 * w),
              "flat": (lambda w: np.sum(w * w), lambda w: 2 + 0 * w), "sizes": (lambda w: np.sum(abs(w)) / right, lambda w: np.sign(w) / right)}

    def by_name(w, b, loss, d_w, d_b, lam, *, factor=right, slope=right, price="squares", bias=(0, 0), sign=1, keep=1, keep_bias=1, in_place=False):
        value, gradient = prices[price]
        d_w, added = (d_w if in_place else d_w.copy()), sign * slope * lam * gradient(w)
        d_w *= keep
        d_w += added
        return (keep * loss + sign * factor * lam * (value(w) + bias[0] * b * b), d_w, keep_bias * d_b + sign * bias[1] * slope * lam * 2 * b)

    model = called(order, by_name)

    def version(**knobs):
        return lambda *args: model(*args, **knobs)

    exchanged = (Mistake("Forgot the ½", "Your price is λΣw²; here it is ½λΣw², and its slope λw.", knobs={"factor": other, "slope": other},
                         hints=("What does w = 2 cost at λ = 1?", "Half of the square: 2.", f"{line}.")) if half else
                 Mistake("The library's own convention", "Your price is ½λΣw² with the slope λw, as in the lecture and the library; here it is λΣw², without the ½.", knobs={"factor": other, "slope": other},
                         hints=("What does w = 2 cost at λ = 1?", "The whole square: 4.", f"{line}.")))
    slope = (Mistake("2λ for λ", "Your loss is right, and your slopes are those of λΣw²: the 2 of the square cancels the ½.", knobs={"slope": other},
                     hints=("Nudge a weight: by how much does your price change?", "What is the derivative of ½w²?", f"{line}.")) if half else
             Mistake("λ for 2λ", "Your loss is right, and your slopes are those of ½λΣw²: without the ½ the derivative of w² keeps its 2.", knobs={"slope": other},
                     hints=("Nudge a weight: by how much does your price change?", "What is the derivative of w²?", f"{line}.")))
    value = Mistake("The ½ of the loss is missing" if half else "A ½ in the loss", f"Your slopes are right, and the price in your loss is {'twice' if half else 'half'} of what is asked: {formula}.", knobs={"factor": other},
                    hints=("What does w = 2 cost at λ = 1?", "Compare the factor in your price with the question's.", f"{line}."))
    mistakes = (
        exchanged, slope, value,
        Mistake("The bias pays too", "Your bias pays a price: only weights do. A bias moves the picture and bends nothing.", knobs={"bias": (1, 1)}, also=(version(bias=(0, 1)), version(bias=(1, 0))),
                hints=("Should λ have a say in d_b?", "Is there a b in your price?", "`d_b` comes back as it was.")),
        Mistake("The price is missing in the loss", "Your slopes have the price in them, your loss comes back as it was.", knobs={"factor": 0.},
                hints=("Does your loss grow with λ?", "Three things come back; which of them change?", f"Add the price to the loss: {line}.")),
        Mistake("The price is missing in the slopes", "Your loss has the price in it, your slopes come back as they were: nothing would shrink.", knobs={"slope": 0.},
                hints=("Does your d_w change with λ?", "Three things come back; which of them change?", f"Add the price's slope: {line}.")),
        Mistake("The price alone", "Your result has forgotten the data: the price is added to the loss and to the slopes that are given.", knobs={"keep": 0}, also=(version(keep=0, keep_bias=0),),
                hints=("What comes back at λ = 0?", "Does your code use `loss` and `d_w`?", f"Added: {line}.")),
        Mistake("Minus instead of plus", "You take the price away: large weights would be rewarded.", knobs={"sign": -1},
                hints=("Should a larger λ make the loss larger or smaller?", "Which sign stands before your price?", "Plus, in the loss and in the slopes.")),
        Mistake("The norm without its square", "Your price is the length of w; L2's price is the sum of the squares, the square of that length.", knobs={"price": "norm"}, also=(version(price="root"),),
                hints=("What is your price for w = (3, −4) and λ = 1?", "The length is 5, the sum of the squares is 25.", f"No root: {line}.")),
        Mistake("The mean of the squares", "Your price is an average over the weights; it is their sum.", knobs={"price": "mean"}, also=(version(price="mean loss"),),
                hints=("Two equal weights: do they cost twice as much as one?", "`np.mean`, or a division by the number of weights?", f"{line}.")),
        Mistake("A slope without w", "Your slopes have the factor, and the weight itself is missing: the derivative of w² is 2w.", knobs={"price": "flat"},
                hints=("How large is the slope at w = 0?", "Which way does your price push a negative weight?", f"{line}.")),
        Mistake("L1 instead of L2", "Your price is λΣ|w|, with the slope λ sign(w): that is L1.", knobs={"price": "sizes"},
                hints=("What do w = 1 and w = 2 cost?", "Squares, not sizes.", f"{line}.")),
        Mistake("Changed d_w in place, as the library does", "The numbers are right, but your code writes them into the caller's own d_w.", knobs={"in_place": True},
                hints=("What is in the caller's d_w after the call?", "`d_w += …` changes the array that was given to you.", "`d_w + …` makes a new one.")))

    def probes(rng, label, shape, lam=None, groups=(LOSS, WEIGHTS, BIAS)):
        w, d_w = _weights(rng, shape), rng.integers(-20, 20, size=shape) / 10
        b, d_b = (float(value) for value in rng.choice([-1.7, -1.3, -.8, .7, 1.4, 1.9], size=2, replace=False))
        lam = float(rng.choice([.1, .2, .3, .4])) if lam is None else lam
        args = ordered(order, w=w, b=b, loss=float(rng.integers(5, 40) / 10), d_w=d_w + 0., d_b=d_b, lam=lam)
        return [Probe(group, args, label, part=part) for part, group in enumerate(groups)]

    free = (FREE, FREE, FREE)
    shown = np.random.default_rng(3)

    def hidden(rng):
        return [*probes(rng, "several weights", (5,)), *probes(rng, "a single weight", (1,)), *probes(rng, "a table of weights", (3, 2)), *probes(rng, "λ = 0", (3,), 0., free)]

    return FunctionQuestion(name="add_l2", function="add_l2", parameters=order, lecture=LECTURE, groups={LOSS: 3, WEIGHTS: 4, BIAS: 1, FREE: 1, INPUTS: 1}, keeps_inputs=INPUTS, reference=model, model=model, mistakes=mistakes,
                            public=(*probes(shown, "two weights", (2,)), *probes(shown, "a table of weights", (2, 2)), *probes(shown, "λ = 0", (2,), 0., free)), hidden=hidden,
                            hints=("Three things come back. Which of them does a price on the weights change?", "The loss gets the price, d_w its derivative, and d_b stays.", f"{line}."))


# ---------------------------------------------------------------- L1

STAY, ZERO, SHAPES = "weights that stay", "weights that end at 0", "one weight, or a table"


def l1(mean, order):
    def soft(u, t, old):
        return np.sign(u) * np.maximum(abs(u) - t, 0)

    shapes = {"soft": soft, "past": lambda u, t, old: u - t * np.sign(u), "unsigned": lambda u, t, old: np.maximum(abs(u) - t, 0), "positive": lambda u, t, old: np.maximum(u - t, 0),
              "hard": lambda u, t, old: np.where(abs(u) > t, u, 0), "l2": lambda u, t, old: u / (1 + t), "subgradient": lambda u, t, old: u - t * np.sign(old),
              "old sign": lambda u, t, old: np.sign(old) * np.maximum(abs(u) - t, 0), "taken": lambda u, t, old: np.clip(u, -t, t)}

    def by_name(w, d_w, eta, lam, *, form="soft", rate=True, average=mean, factor=1., move=1., first=False, in_place=False):
        t = factor * lam * (eta if rate else 1) / (w.size if average else 1)
        new = soft(w, t, w) - eta * d_w if first else shapes[form](w - move * eta * d_w, t, w)
        if not in_place:
            return new
        w[...] = new
        return w

    model = called(order, by_name)
    take = "eta * lam / w.size" if mean else "eta * lam"
    line = f"`u = w - eta * d_w`, then `np.sign(u) * np.maximum(abs(u) - {take}, 0)`"
    mistakes = (
        Mistake("The threshold without η", "Your weights lose λ in each step; a step of length η takes ηλ off." if not mean else "Your weights lose λ/n in each step; a step of length η takes ηλ/n off.", knobs={"rate": False},
                hints=("Half the rate: by how much should a weight shrink then?", "Where does `eta` stand in your threshold?", f"{line}.")),
        Mistake("Past zero", "Small weights of yours cross 0 and come out on the other side: the price moves a weight towards 0 and no further.", knobs={"form": "past"},
                hints=("What becomes of a weight of .01 when .1 is taken off?", "0, not −.09.", f"What is left of |u| is at least 0: {line}.")),
        Mistake("The sign is lost", "Your weights are all positive: what is left of |u| needs u's sign again.", knobs={"form": "unsigned"},
                hints=("What becomes of u = −2 when .5 is taken off?", "−1.5.", f"{line}.")),
        Mistake("Negative weights become 0", "You take the threshold off and cut at 0: right for positive weights, but every negative one ends at 0.", knobs={"form": "positive"},
                hints=("What becomes of u = −2 when .5 is taken off?", "−1.5: towards 0 is up, for a negative weight.", f"{line}.")),
        Mistake("Cut, and not shrunk", "Your small weights become 0 and the others stay as they are: each of the others loses the threshold too.", knobs={"form": "hard"},
                hints=("What becomes of u = 2 when .5 is taken off?", "1.5.", f"{line}.")),
        Mistake("Shrunk as by L2", "You divide by 1 + ηλ: that is L2's way, and it never arrives at 0." if not mean else "You divide by 1 + ηλ/n: that is L2's way, and it never arrives at 0.", knobs={"form": "l2"},
                hints=("Does a small weight of yours become exactly 0?", "L1 takes the same off every weight.", f"{line}.")),
        Mistake("The subgradient", "You add λ sign(w) to the slope: the weights then jump over 0 and never stay there." if not mean else "You add λ sign(w)/n to the slope: the weights then jump over 0 and never stay there.", knobs={"form": "subgradient"},
                hints=("Is any of your weights exactly 0?", "First the usual step, then the threshold on what it gave.", f"{line}.")),
        Mistake("The library's own convention", "Your result is `prox` alone, as the library has it: here the usual step, w − η ∂ℓ/∂w, comes first.", knobs={"move": 0.},
                hints=("Does your result change with d_w?", "Two moves: the usual step, then the price.", f"{line}.")),
        Mistake("The price before the step", "You shrink first and step then: a weight that was 0 has moved away again.", knobs={"first": True},
                hints=("Which of the two moves makes exact zeros? It must be the last.", "In which order do your two lines stand?", f"{line}.")),
        Mistake("Up the slope", "Your usual step goes with the gradient, where it should go against it.", knobs={"move": -1.},
                hints=("A slope of +1: should w grow or shrink?", "Look at the sign before `eta * d_w`.", f"{line}.")),
        Mistake("The old weight's sign", "You give the result the sign of w from before the step: the step may have crossed 0.", knobs={"form": "old sign"},
                hints=("w = .1, and the step leads to −.5. Which sign should come out?", "`np.sign` of what?", f"{line}.")),
        Mistake("A factor 2", "Your threshold is half or twice what it should be: the ½ and the 2 belong to L2's square.", knobs={"factor": .5}, also=(lambda *args: model(*args, factor=2.),),
                hints=("What is the slope of λ|w|?", "λ, with no 2 and no ½.", f"{line}.")),
        Mistake("What was taken off", "Your result is the part that the price takes away; what it leaves is asked for.", knobs={"form": "taken"},
                hints=("What becomes of u = 2 when .5 is taken off?", "1.5; you return .5.", f"{line}.")),
        Mistake("The library's sum instead of the mean" if mean else "The mean instead of the sum",
                "Your threshold is that of λΣ|w|; here the price is λ times the mean of |w|, and the mean divides by n." if mean else "Your threshold is divided by the number of weights; the price is a sum.", knobs={"average": not mean},
                hints=("Ten weights instead of one: does each lose as much?", "Is the price a sum or a mean?", f"{line}.")),
        Mistake("Changed w in place", "The numbers are right, but your code writes them into the caller's own w.", knobs={"in_place": True},
                hints=("What is in the caller's w after the call?", "`w -= …` and `w[…] = …` change the array that was given to you.", "Give the result a name of its own.")))

    def probe(rng, group, label, shape, small, lam=None):
        """`small` of the weights end at 0; one in three was nearer to 0 than the threshold, and crosses it on the way."""
        n = int(np.prod(shape))
        eta = float(rng.choice([.1, .2, .25, .4]))
        lam = float(rng.choice([.6, .8, 1.2, 1.5])) * (n if mean else 1) if lam is None else lam
        t = eta * lam / (n if mean else 1)
        signs = rng.permutation(np.resize([1., -1.], n)) if n > 1 else np.array([-1.])
        u = signs * (1.7 * t + rng.integers(25, 80, size=n) / 100)
        u[:small] = signs[:small] * t * rng.choice([.2, .35, .7], size=small)
        crossed = np.arange(n) % 3 == 2
        w = np.where(crossed, -signs * (.6 * t or .4), signs * rng.integers(5, 25, size=n) / 10)
        order_now = rng.permutation(n)
        w, u = w[order_now].reshape(shape), u[order_now].reshape(shape)
        return Probe(group, ordered(order, w=w, d_w=((w - u) / eta).round(3), eta=eta, lam=lam), label)

    shown = np.random.default_rng(8)

    def hidden(rng):
        return [probe(rng, STAY, "weights that stay", (6,), 0), probe(rng, STAY, "weights that stay", (3,), 0), probe(rng, ZERO, "weights that end at 0", (7,), 3), probe(rng, ZERO, "weights that end at 0", (5,), 2),
                probe(rng, SHAPES, "a single weight", (1,), 0), probe(rng, SHAPES, "a table of weights", (3, 2), 2), probe(rng, FREE, "λ = 0", (4,), 0, 0.)]

    return FunctionQuestion(name="l1_step", function="l1_step", parameters=order, lecture=LECTURE, groups={STAY: 3, ZERO: 4, SHAPES: 1, FREE: 1, INPUTS: 1}, keeps_inputs=INPUTS, reference=model, model=model, mistakes=mistakes,
                            public=(probe(shown, STAY, "weights that stay", (3,), 0), probe(shown, ZERO, "weights that end at 0", (4,), 2), probe(shown, SHAPES, "a table of weights", (2, 2), 1), probe(shown, FREE, "λ = 0", (3,), 0, 0.)), hidden=hidden,
                            hints=("Two moves: the usual step first, then every weight towards 0.", "No weight may cross 0 in the second move, and each keeps its sign.", f"{line}."))
