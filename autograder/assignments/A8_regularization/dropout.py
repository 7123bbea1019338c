"""Dropout with the random numbers given: forward in training and in use, backward with the forward pass's own mask."""

import numpy as np

from autograder.describe import TOLERANCE, numbers, same
from autograder.questions import FunctionQuestion, Mistake, Probe

LECTURE = "L14, Dropout, ensembles, SGD noise"
TRAIN, USE, BACK, TWO, INPUTS = "forward in training", "forward in use", "backward", "two layers in turn", "leaves its arguments as they were"
ELSEWHERE = "zeros in other places than forward"


def dropout(variant):
    """The question, what its text says, and the conventions."""
    share, low, scaled = variant.choose("p", ["drop", "keep"]), variant.choose("u", ["dropped", "kept"]), variant.choose("scale", ["train", "use"])
    keep = "self.p" if share == "keep" else "(1 - self.p)"
    edge = {("kept", "keep"): "u < self.p", ("kept", "drop"): "u < 1 - self.p", ("dropped", "drop"): "u >= self.p", ("dropped", "keep"): "u >= 1 - self.p"}[low, share]
    prose = {"p_word": share, "p_is_drop": share == "drop", "low_kept": low == "kept", "in_training": scaled == "train", "kept_code": edge, "keep_code": keep}
    conventions = {"p of dropout": f"the probability of {'leaving out' if share == 'drop' else 'keeping'}", "small u": low, "dropout is scaled": "in training" if scaled == "train" else "in use"}
    return question(share, low, scaled, keep, edge), prose, conventions


def layer_of(share, low, scaled):
    """The class Dropout in a term's convention, its mistakes still to turn on."""
    shelf = {}                                                 # where a mask is kept that all layers share

    class Layer:
        def __init__(self, p, *, exchanged=False, low=low, turned=False, when=(scaled,), by_drop=False, inverse=False, flag=True, back="mask", shared=False, in_place=False):
            self.keep = p if (share == "keep") != exchanged else 1 - p
            by = 1 - self.keep if by_drop else self.keep
            self.factor = {"train": (by if inverse else 1 / by) if "train" in when else 1., "use": (1 / by if inverse else by) if "use" in when else 1.}
            self.low, self.turned, self.flag, self.back, self.in_place = low, turned, flag, back, in_place
            self.kept_in = shelf if shared else {}

        def forward(self, X, u, train):
            if not train and self.flag:
                return X * self.factor["use"]
            kept = u < self.keep if self.low == "kept" else u >= 1 - self.keep
            mask = self.kept_in["mask"] = kept != self.turned
            if not self.in_place:
                return X * mask * self.factor["train"] + 0.          # shown as 0, not as -0
            X *= mask * self.factor["train"]
            return X

        def backward(self, d_Y):
            mask = self.kept_in["mask"]
            if self.back == "anew":
                mask = ~mask
            return d_Y * {"none": 1., "unscaled": mask, "scaled": mask / self.keep}.get(self.back, mask * self.factor["train"]) + 0.
    return Layer


def ask(answer, p, X, u, d_Y, layers):
    """What a layer says in training, of slopes, and in use; where another layer has its turn in between, forward must not be forgotten."""
    layer, untouched = answer(p), X.copy()
    Y = layer.forward(X, u, True)
    if layers == 2:
        answer(p).forward(untouched.copy(), np.ascontiguousarray(1 - u), True)
    d_X = layer.backward(d_Y)
    return Y, ELSEWHERE if _elsewhere(Y, d_X) else d_X, layer.forward(untouched, u, False)


def _elsewhere(Y, d_X):
    """Whether slopes are left out, and not those of the numbers that forward left out."""
    Y, d_X = numbers(Y), numbers(d_X)
    return Y is not None and d_X is not None and Y.shape == d_X.shape and bool(np.any(d_X == 0)) and not np.array_equal(d_X == 0, Y == 0)


def consistent(X, d_Y):
    """Backward is right where it multiplies by what the student's own forward multiplied by, which left something out."""
    def accept(value, expected):
        Y, d_X = numbers(value[0]), numbers(value[1])
        return len(value) == 3 and d_X is not None and Y.shape == d_X.shape == X.shape and 0 < np.count_nonzero(Y) < Y.size and same(d_X, d_Y * Y / X, TOLERANCE)
    return accept


def question(share, low, scaled, keep, edge):
    model = layer_of(share, low, scaled)
    other = {"drop": "keep", "keep": "drop"}[share]
    train = scaled == "train"
    line = f"`{'Y = X * mask / ' + keep if train else 'Y = X * mask'}` in training, `{'X' if train else 'X * ' + keep}` in use"
    rest = {"kept": "dropped", "dropped": "kept"}[low]
    mistakes = [
        Mistake("Keep and drop are exchanged", f"Your p is the probability of {'keeping' if share == 'drop' else 'leaving out'}: here it is the other one. At p = .5 nobody would notice.", knobs={"exchanged": True},
                hints=("With p = .1, how many of a thousand numbers are left?", f"Here p is `{share}`.", f"The mask is `{edge}`.")),
        Mistake("The mask is turned round", "You leave out what should be kept and keep what should be left out; your factor is the right one.", knobs={"turned": True},
                hints=("Which of the numbers in u are to be kept?", "`<` or `>=`?", f"The mask is `{edge}`.")),
        Mistake("Small u kept, as the library does" if low == "dropped" else "Small u dropped", f"You keep the right share, at the wrong end: here the small u are {low}.", knobs={"low": rest},
                hints=("What becomes of a number whose u is .01?", f"It is {low}.", f"The mask is `{edge}`.")),
        Mistake("Scaled by drop", f"Your factor has the probability of leaving out in it: what is left is {'divided' if train else 'multiplied'} by the probability of keeping.", knobs={"by_drop": True},
                hints=("Nine in ten are kept: should what is left be blown up tenfold?", "Which of the two probabilities makes the mean come out?", f"{line}.")),
        Mistake("Multiplied instead of divided" if train else "Divided instead of multiplied", "Your factor stands upside down: training and use drift apart twice as far.", knobs={"inverse": True},
                hints=("Half is left out. Is what is left to be louder in training, or softer, than in use?", "Compare the means of both on a row of ones.", f"{line}.")),
        Mistake("Not scaled at all", "You leave numbers out, and nothing makes up for them: in use the layer is too loud.", knobs={"when": ()},
                hints=("The mean of a thousand ones: what is it in training, what in use?", "Which of the two is to be scaled here?", f"{line}.")),
        Mistake("Scaled twice", "You scale in training and in use: once is enough.", knobs={"when": ("train", "use")},
                hints=("The mean of a thousand ones: what is it in training, what in use?", f"Here it is scaled in {'training' if train else 'use'}.", f"{line}.")),
        Mistake("Scaled in use instead of training" if train else "Inverted dropout, as in the library", "Your means agree, but you scale in use; here training is scaled." if train else "Your means agree, but you scale in training, as the library does; here use is scaled.", knobs={"when": ("use" if train else "train",)},
                hints=("Is anything to be done in use?", "The lecture has two honest ways. Which one does the question ask for?", f"{line}.")),
        Mistake("Dropout in use", "Your layer leaves numbers out in use too: with `train=False` nothing is left out.", knobs={"flag": False},
                hints=("Ask the same question twice in use: should the answer depend on u?", "Where does your code look at `train`?", f"{line}.")),
        Mistake("Backward without the mask", "Your slopes pass as if nothing had been left out.", knobs={"back": "none"},
                hints=("A number was set to 0. How much does the loss change with it?", "Not at all: its slope is 0.", "`d_Y` times what X was multiplied by.")),
        Mistake("The mask is drawn anew in backward", "Your backward leaves out other numbers than your forward did: it needs the mask of that forward pass.", knobs={"back": "anew"},
                hints=("Which numbers got through forward, which slopes get through backward?", "Is the mask made once, or twice?", "Keep the mask in `self` in forward, and use it in backward.")),
        Mistake("One mask for all layers", "A second layer overwrites the mask of the first: each needs a mask of its own.", knobs={"shared": True},
                hints=("Two layers, forward, forward, then backward of the first: whose mask does it use?", "Is the mask a global name, or one of the class?", "`self.mask = …` in forward.")),
        Mistake("Changed X in place", "The numbers are right, but your code writes them into the caller's own X.", knobs={"in_place": True},
                hints=("What is in the caller's X after forward?", "`X *= …` and `X[…] = …` change the array that was given to you.", "`X * mask` makes a new one.")),
        Mistake("Backward without the factor", "Your slopes have the mask and not the factor that forward multiplied by.", knobs={"back": "unscaled"},
                hints=("Y = c·X: what is the slope of Y by X?", "Which factor does a kept number get in forward?", f"`d_Y * mask / {keep}`.")) if train else
        Mistake("Backward with a factor", "You divide the slopes by the probability of keeping, and forward did no such thing.", knobs={"back": "scaled"},
                hints=("Y = X where X was kept: what is the slope of Y by X?", "Backward has the factors of forward, no others.", "`d_Y * mask`."))]

    def probes(rng, label, shape, groups, layers=1):
        X = (rng.integers(2, 30, size=shape) / 10 * rng.choice([-1, 1], size=shape)).round(1)
        d_Y = (rng.integers(2, 30, size=shape) / 10 * rng.choice([-1, 1], size=shape)).round(1)
        drop = float(rng.choice([.3, .4, .6, .7]))
        n = X.size                                              # u in steps that no probability hits, some in every range
        u = ((rng.permutation(n) + .5) / n * .98 + .01).round(3).reshape(shape)
        u = np.where(np.isin(u, [.3, .4, .6, .7]), u + .001, u)
        args = (round(1 - drop, 1) if share == "keep" else drop, X, u, d_Y, layers)
        shown = f"there_and_back(Dropout, p={args[0]:g}, X={X.tolist()}, u={u.tolist()}, d_Y={d_Y.tolist()}{', layers=2' if layers == 2 else ''})"
        return [Probe(group, args, label, part=part if group != BACK and layers == 1 else None, accept=consistent(X, d_Y) if part == 1 else None, shown=shown) for part, group in groups]

    everything, again = ((0, TRAIN), (1, BACK), (2, USE)), ((1, TWO),)
    shown = np.random.default_rng(2)

    def hidden(rng):
        return [*probes(rng, "several rows", (4, 6), everything), *probes(rng, "a single row", (1, 14), everything), *probes(rng, "two layers in turn", (3, 7), again, 2)]

    return FunctionQuestion(name="dropout", function="Dropout", parameters=("p", "X", "u", "d_Y", "layers"), lecture=LECTURE, groups={TRAIN: 9, USE: 5, BACK: 7, TWO: 3, INPUTS: 1}, keeps_inputs=INPUTS,
                            reference=model, model=model, ask=ask, public=(*probes(shown, "two rows", (2, 8), everything), *probes(shown, "two layers in turn", (1, 12), again, 2)), hidden=hidden, mistakes=tuple(mistakes),
                            hints=("First the mask: which numbers of u mean that X is kept?", "What backward needs, forward must keep in `self`.", f"The mask is `{edge}`; {line}."))
