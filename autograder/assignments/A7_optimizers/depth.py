"""The depth experiment: a function that measures the spread layer by layer, and four tables to read with it."""

import numpy as np

from autograder.questions import Choice, ChoiceQuestion, FunctionQuestion, Mistake, Probe
from autograder.questions.choices import exactly

LECTURE = "L11, Initialization"
SEVERAL, WIDTHS, ONE, INPUTS = "several layers", "layers of any width", "a single layer", "leaves its arguments as they were"
LEAK = .1
ACTIVATIONS = {"tanh": np.tanh, "relu": lambda h: np.maximum(h, 0), "leaky": lambda h: np.where(h > 0, h, LEAK * h)}
TITLES = {"tanh": "tanh", "relu": "ReLU", "leaky": "leaky ReLU"}
WRITTEN = {"tanh": "np.tanh(h)", "relu": "np.maximum(h, 0)", "leaky": "np.where(h > 0, h, 0.1 * h)"}
FORMULAS = {"tanh": r"\varphi(h) = \tanh h", "relu": r"\varphi(h) = \max(h, 0)", "leaky": r"\varphi(h) = h \text{ where } h > 0, \text{ else } 0.1\, h"}
MEASURES = {"std": lambda a: a.std(), "rms": lambda a: np.sqrt(np.mean(a ** 2))}
MEASURE_WORDS = {"std": "the standard deviation of all its numbers", "rms": "the root of the mean of the squares of all its numbers"}
MEASURE_CODE = {"std": "np.std(a)", "rms": "np.sqrt(np.mean(a ** 2))"}


def depth(variant, turned):
    """Both questions, what their text says, and the conventions."""
    phi, measure = variant.choose("activation", list(ACTIVATIONS)), variant.choose("measure", list(MEASURES))
    truth, tables = four_nets(variant.rng("nets"), ACTIVATIONS[phi])
    prose = {"activation": TITLES[phi], "activation_formula": FORMULAS[phi], "activation_code": WRITTEN[phi], "measure_words": MEASURE_WORDS[measure], "measure_code": MEASURE_CODE[measure],
             "layer_formula": r"h = a\, W^\top" if turned else r"h = a\, W", "layer_code": "a @ W.T" if turned else "a @ W", "net_rows": tables, **{f"{net}_init": name for net, name in truth.items()}}
    conventions = {"depth experiment": f"{TITLES[phi]}, and of each layer {MEASURE_WORDS[measure]}"}
    return (spreads(phi, measure, turned), reading(truth)), prose, conventions


# ---------------------------------------------------------------- the spread, layer by layer

def spreads(phi, measure, turned):
    other = {"std": "rms", "rms": "std"}[measure]

    def walk(X, weights, phi=ACTIVATIONS[phi], turned=turned, chained=True):
        """(h, a) of each layer."""
        a = X
        for W in weights:
            h = (a if chained else X) @ (W.T if turned else W)
            a = phi(h)
            yield h, a

    def model(X, weights, *, of=MEASURES[measure], before=False, inputs=False, last=False, **knobs):
        found = [of(h if before else a) for h, a in walk(X, weights, **knobs)]
        return found[-1] if last else [of(X)] * inputs + found

    def only_weights(X, weights):
        return [MEASURES[measure](W) for W in weights]

    squared = {"std": lambda a: a.var(), "rms": lambda a: np.mean(a ** 2)}[measure]
    by_unit = {"std": lambda a, axis: a.std(axis=axis), "rms": lambda a, axis: np.sqrt(np.mean(a ** 2, axis=axis))}[measure]
    line = f"`{MEASURE_CODE[measure]}` of each layer's output"
    mistakes = [
        Mistake("Measured before the activation", "Your numbers are those of the sums h; the spread of what leaves the layer is asked for, after the activation.", knobs={"before": True},
                hints=("Which of h and a goes on to the next layer?", "Between which two lines do you measure?", f"{line}, after the activation.")),
        Mistake("The activation is missing", "Your layers are sums only: the activation is left out.", knobs={"phi": lambda h: h},
                hints=("What are the two things that a neuron does?", "A weighted sum, and then?", f"`a = {WRITTEN[phi]}`.")),
        Mistake("Every layer sees the inputs", "Each of your layers begins at X: a layer gets what the layer before it gives.", knobs={"chained": False},
                hints=("What goes into the second layer?", "Which name stands in front of the `@`?", "Begin with `a = X` and let each layer renew `a`.")),
        Mistake("The inputs counted as a layer", "Your list begins with the inputs: it has one number more than there are layers.", knobs={"inputs": True},
                hints=("How many numbers come back for three layers?", "Where is the first number added to your list?", "Measure inside the loop only, after the activation.")),
        Mistake("The last layer only", "One number comes back; one for each layer is asked for.", knobs={"last": True}, also=(lambda *args: model(*args)[-1:],),
                hints=("How many numbers should come back for three layers?", "Where do you measure: in the loop, or after it?", "Measure in the loop and append to a list.")),
        Mistake("Forgot the root", "Your numbers are squares: " + ("the variance instead of its root." if measure == "std" else "the mean of the squares without its root."), knobs={"of": squared},
                hints=("Make all weights of the only layer ten times as large (with small numbers): by what does your result grow?", "A spread has the unit of the numbers themselves.", f"{line}.")),
        Mistake("The mean is not taken away" if measure == "std" else "The standard deviation instead", "Your numbers are the root of the mean square: around 0, not around the mean. The standard deviation is asked for." if measure == "std" else
                "Your numbers are standard deviations, around the mean of the layer; here the root of the mean square is asked for.", knobs={"of": MEASURES[other]},
                hints=("What is your number for a layer whose outputs are all equal to 2?", "A standard deviation is 0 there, a root of the mean square is 2.", f"{line}.")),
        Mistake("The mean instead of the spread", "Your numbers are the means of the layers.", knobs={"of": np.mean},
                hints=("Can your numbers be negative?", "A mean says where numbers lie, a spread how far apart.", f"{line}.")),
        Mistake("One number for each unit", "You get a number for each unit, or each row, of a layer; one for the whole layer is asked for.", knobs={"of": lambda a: by_unit(a, 0)}, also=(lambda *args: model(*args, of=lambda a: by_unit(a, 1)),),
                hints=("How many numbers come back for one layer?", "Is there an `axis`?", f"{line}, without an axis.")),
        Mistake("Averaged unit by unit", "You take the spread of each unit first and average these: the spread of all numbers together is asked for.", knobs={"of": lambda a: np.mean(by_unit(a, 0))}, also=(lambda *args: model(*args, of=lambda a: np.mean(by_unit(a, 1))),),
                hints=("Is there an `axis`, and a mean after it?", "All numbers of the layer are one crowd.", f"{line}, without an axis.")),
        Mistake("The spread of the weights", "Your numbers are those of the weights; the outputs of the layers are asked for.", wrong=only_weights,
                hints=("Does your result change when X does?", "Which array do you measure?", f"{line}.")),
        Mistake("The library's own shape of W" if turned else "W is turned", "You multiply by W as the library keeps it, one row for each input; here W has one row for each output." if turned else "You multiply by the transpose of W; here W has one row for each input.", knobs={"turned": not turned},
                hints=("What shape has W for a layer from 3 inputs to 2 outputs?", "Which of its two sizes must meet the columns of a?", f"`h = {'a @ W.T' if turned else 'a @ W'}`.")),
    ]
    if phi != "relu":                                   # there no output is below 0
        mistakes.append(Mistake("The mean size", "Your numbers are the means of |a|.", knobs={"of": lambda a: np.mean(np.abs(a))},
                                hints=("Is there an `abs` in your code?", "Squares, not sizes.", f"{line}.")))
    if measure == "std":
        mistakes.append(Mistake("Divided by n − 1", "Your standard deviation divides by one less than there are numbers (`ddof=1`, or another library's habit).", knobs={"of": lambda a: a.std(ddof=1)},
                                hints=("Is there a `ddof`?", "`np.std` divides by the number of numbers.", f"{line}.")))
    for name in ACTIVATIONS:
        if name != phi:
            mistakes.append(Mistake(f"{TITLES[name]} instead of {TITLES[phi]}", f"Your layers use {TITLES[name]}; this experiment uses {TITLES[phi]}.", knobs={"phi": ACTIVATIONS[name]},
                                    hints=("Which activation does the question name?", "What does it give at h = −1?", f"`a = {WRITTEN[phi]}`.")))

    def probe(rng, group, label, rows, widths):
        sizes = zip(widths, widths[1:])
        weights = [(rng.normal(size=(n_out, n_in) if turned else (n_in, n_out)) * 1.6 / np.sqrt(n_in)).round(2) for n_in, n_out in sizes]
        while True:
            X = rng.normal(size=(rows, widths[0])).round(1)
            found = model(X, weights)
            if min(found) > .1:
                names = ", ".join(str(W.tolist()) for W in weights)
                return Probe(group, (X, *weights), label, shown=f"spreads(np.array({X.tolist()}), [np.array(W) for W in [{names}]])")
            weights = [(W * 1.5).round(2) for W in weights] if rng.random() < .3 else [-W for W in weights]

    def hidden(rng):
        return [probe(rng, SEVERAL, "four layers of one width", 6, [4] * 5), probe(rng, SEVERAL, "a single row", 1, [5] * 4), probe(rng, WIDTHS, "layers of several widths", 4, [3, 6, 2, 5]), probe(rng, ONE, "a single layer", 5, [3, 4])]

    shown = np.random.default_rng(5)
    return FunctionQuestion(name="spreads", function="spreads", parameters=("X", "weights"), lecture=LECTURE, groups={SEVERAL: 5, WIDTHS: 3, ONE: 1, INPUTS: 1}, keeps_inputs=INPUTS, reference=model, model=model,
                            public=(probe(shown, SEVERAL, "three layers of one width", 2, [2] * 4), probe(shown, WIDTHS, "layers of several widths", 2, [2, 3, 2]), probe(shown, ONE, "a single layer", 3, [2, 1])),
                            hidden=hidden, ask=lambda answer, X, *weights: answer(X, list(weights)), mistakes=tuple(mistakes),
                            hints=("Go through the layers one after the other: h, then a, then measure.", "What leaves a layer goes into the next.", f"In a loop over the weights: `h = {'a @ W.T' if turned else 'a @ W'}`, `a = {WRITTEN[phi]}`, append {line}."))


# ---------------------------------------------------------------- four tables to read

NETS, LAYERS, WIDTH = ("net_a", "net_b", "net_c", "net_d"), 8, 80
SPREAD_OF = {"tiny": .01, "lecun": WIDTH ** -.5, "he": (2 / WIDTH) ** .5, "huge": 1.}
CALLED = {"tiny": "Tiny", "lecun": "LeCun", "he": "He", "huge": "Huge"}
EXTREMES, BETWEEN = "the two that die and overflow", "the two in between"


def four_nets(rng, phi):
    """Which net has which initializer, and the rows of the table: the standard deviation of each layer, ReLU's or whichever."""
    names = [str(name) for name in rng.permutation(list(SPREAD_OF))]
    rows = []
    for name in names:
        a, found = rng.normal(size=(60, WIDTH)), []
        for _ in range(LAYERS):
            a = phi(a @ rng.normal(0, SPREAD_OF[name], (WIDTH, WIDTH)))
            found.append(a.std())
        rows.append(" | ".join(_short(value) for value in found))
    return dict(zip(NETS, names)), "\n".join(f"| {net[-1].upper()} | {row} |" for net, row in zip(NETS, rows))


def _short(value):
    return f"{value:.2f}" if .095 < value < 100 else f"{value:.3f}" if .001 <= value <= .095 else f"{value:.0f}" if 100 <= value < 10000 else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e+")


def reading(truth):
    options = tuple(SPREAD_OF)
    net_of = {name: net for net, name in truth.items()}
    choices = {net: Choice(EXTREMES if truth[net] in ("tiny", "huge") else BETWEEN, options, (truth[net],), f"net {net[-1].upper()}") for net in NETS}

    def mistake(one, two, sentence, hints):
        return Mistake(f"{CALLED[one]} and {CALLED[two].lower() if two in ('tiny', 'huge') else CALLED[two]} are exchanged", sentence, hints, **exactly(truth, **{net_of[one]: two, net_of[two]: one}))

    return ChoiceQuestion(
        name="read_tables", groups={EXTREMES: 2, BETWEEN: 3}, lecture=LECTURE, choices=choices, example=dict(truth),
        hints=("By what factor does the spread change from layer to layer?", "One sum of 80 products has the spread √80 · std(w) · std(x).", "√80 · .01 is .09, √80 · 1 is 9; 1/n and 2/n give 1 and 1.4, before the activation takes its share."),
        mistakes=(
            mistake("he", "lecun", "The weights with variance 2/n are the larger ones: their signal is the one that lasts longer.", ("Which of the two has the larger weights?", "2/n is twice 1/n.", "Compare the last layers: the larger spread there belongs to He.")),
            mistake("tiny", "huge", "Small weights make the signal die, large ones make it overflow.", ("What does a layer do to a signal when all its weights are .01?", "It multiplies the spread by about .09.", "The row that falls to almost nothing has the tiny weights.")),
            mistake("tiny", "lecun", "A signal that loses a little in each layer is not one that loses nine tenths and more in each.", ("By what factor does each of the two rows fall?", "√80 · .01 is .09.", "The row that falls by a factor of ten and more in each layer has the tiny weights.")),
            mistake("huge", "he", "With weights of standard deviation 1 the sums are about nine times as large as what comes in.", ("What is the spread of the first layer?", "√80 · 1 is 9; √80 · √(2/80) is 1.4.", "The row with the largest first layer has the huge weights.")),
            Mistake("One word for several nets", "Each of the four initializers made exactly one of the nets, and one of your words stands more than once.", example={net: "he" for net in NETS},
                    fits=lambda values: len({value for value in values.values() if value}) < len([value for value in values.values() if value]),
                    hints=("How many nets are there, and how many words?", "Order the four rows by their last layer.", "From the smallest spread to the largest the weights are tiny, LeCun, He, huge."))))
