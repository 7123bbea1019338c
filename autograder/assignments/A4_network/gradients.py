"""The way back: the gradients of the output's weights, of the hidden weights and of the biases."""

import functools

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

from .convention import MEAN
from .mistakes import MISSING, averaged, loss_mistakes, slope_mistakes
from .model import SLOPE, WEIGHED, output_slope
from .probes import INPUTS, LECTURE, MORE_PHI, SINGLE, WIDTHS, another_order, network, open_network

# ---------------------------------------------------------------- the output neuron's weights

ROWS, ORDER = "several rows", "neurons in another order"


def output_question(asked):
    def by_name(h, p, y, *, gather=lambda h, d_o: h.T @ d_o, **knobs):
        return gather(h, output_slope(p, y, asked.loss, **knobs))

    model = asked.by_order("output", by_name)

    def square(h, p, y, turn=1):
        """p as a column meets y as a row."""
        d_o = asked.loss.scale * (p[:, None] - y) * (p * (1 - p) if asked.loss.bent else np.ones_like(p))[:, None] / (len(y) if asked.loss.mean else 1)
        return h.T @ (d_o if turn == 1 else d_o.T)

    def probe(group, values, label=""):
        return Probe(group, asked.arguments("output", values), label)

    def hidden(rng):
        plain = network(rng, 6, 2, 3, "sigmoid")
        return [probe(ROWS, plain), probe(ORDER, another_order(plain, rng), "the hidden neurons in another order"), probe(ROWS, network(rng, 5, 2, 4, "tanh")), probe(ORDER, network(rng, 4, 2, 4, "relu")),
                probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row"), *(probe(WIDTHS, network(rng, 4, 3, H, "tanh"), f"{H} hidden neuron{'s' * (H > 1)}") for H in (1, 2, 5))]

    def gathered(gather):
        return functools.partial(model, gather=gather)

    return FunctionQuestion(
        name="output_gradient", function="output_gradient", parameters=asked.order("output"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={ROWS: 7, SINGLE: 2, WIDTHS: 3, ORDER: 2, INPUTS: 1}, reference=model, model=model, hidden=hidden,
        public=(probe(ROWS, open_network(4, 2, 3, "sigmoid"), "four rows"), probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row"), probe(WIDTHS, open_network(3, 2, 2, "tanh"), "two hidden neurons")),
        hints=("For one row: from the loss to p, from p to o, from o to w_oj. Three factors.", f"The first two together are ∂ℓ/∂o, one number for each row: `{asked.loss.slope}`.",
               "The third is h_j. Multiply and add up the rows: `h.T @ d_o`."),
        mistakes=(*loss_mistakes(asked.loss), *averaged(asked.loss, gather=lambda h, d_o: h.T @ d_o / len(d_o)),
            Mistake("h_j is missing", "Your gradient has the same number for every hidden neuron: ∂o/∂w_oj is h_j, and it is left out.", knobs={"gather": lambda h, d_o: np.full(h.shape[1], d_o.sum())}, also=(gathered(lambda h, d_o: d_o.sum()),),
                    hints=("Do all the output's weights get the same gradient?", "o = Σ w_oj h_j + b_o: what is its slope by w_oj?", "`h.T @ d_o`.")),
            Mistake("The hidden slope in the output's weights", "Your gradient has h(1 − h) in place of h: the hidden neurons' slope belongs one step further back.", knobs={"gather": lambda h, d_o: (h * (1 - h)).T @ d_o},
                    hints=("On the way from o to w_oj, do you pass a hidden neuron's bend?", "∂o/∂w_oj is h_j itself.", "`h.T @ d_o`.")),
            Mistake("Not added up over the rows", "Your result has a row for each example: the gradient is their sum.", knobs={"gather": lambda h, d_o: h * d_o[:, None]},
                    hints=("What is the shape of your result, and what is the shape of w_o?", "A gradient has the shape of what it belongs to.", "`.sum(axis=0)`, or `h.T @ d_o`.")),
            Mistake("Added up along the wrong axis", "You added up the hidden neurons of each row; the rows are to be added up, for each neuron.", knobs={"gather": lambda h, d_o: (h * d_o[:, None]).sum(axis=1)},
                    hints=("How many numbers come out, N or H?", "w_o has one for each hidden neuron.", "`.sum(axis=0)`.")),
            Mistake("The last row only", "Your result is the last row's gradient: it was written over in the loop, not added to.", knobs={"gather": lambda h, d_o: h[-1] * d_o[-1]},
                    hints=("Does your result change when the first row does?", "= or += in the loop?", "Start from zeros and use +=.")),
            Mistake("A column met a row", "p as a column and y as a row: NumPy pairs each with each, and (p − y) becomes a square of N × N.", wrong=asked.by_order("output", square),
                    also=(asked.by_order("output", functools.partial(square, turn=-1)), asked.by_order("output", lambda **values: square(**values).T), asked.by_order("output", lambda **values: square(**values).sum(axis=1)),
                          asked.by_order("output", lambda **values: square(**values).mean(axis=1))),
                    hints=("Print the shape of p − y.", "Is one of the two of shape (N, 1)?", "Keep both of shape (N,).")),
            Mistake("A column where a plain list is asked", "The numbers are right, and stand in a column of shape (H, 1): w_o has shape (H,), and so has its gradient.", knobs={"gather": lambda h, d_o: h.T @ d_o[:, None]},
                    also=(gathered(lambda h, d_o: (h.T @ d_o)[None]),),
                    hints=("Print the shape of your result.", "A gradient has the shape of what it belongs to.", "End with `.ravel()`, or use `h.T @ d_o` with d_o of shape (N,).")),
        ))


# ---------------------------------------------------------------- the hidden neurons' weights

BY_PHI = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}


def _one_weight(pick):
    return lambda d_o, w_o: np.tile((d_o * pick(w_o))[:, None], len(w_o))


def hidden_question(asked):
    def rule(X, h, p, y, w_o, phi, *, back=WEIGHED, slope=SLOPE, gather=lambda X, d_a: X.T @ d_a, turn=False, **knobs):
        d_o = output_slope(p, y, asked.loss, **knobs)
        d_W1 = asked.laid_out(gather(X, back(d_o, w_o) * slope[phi](h)))
        return d_W1.T if turn else d_W1

    model = asked.by_order("hidden", rule)

    def flat(X, h, p, y, w_o, phi):
        return rule(X, h, p, y, w_o, phi, back=lambda d_o, w_o: d_o * w_o)

    def sums(X, h, p, y, w_o, phi):
        return (WEIGHED(output_slope(p, y, asked.loss), w_o) * SLOPE[phi](h)).sum(axis=0)

    def probe(group, values, label=""):
        return Probe(group, asked.arguments("hidden", values), label)

    def hidden(rng):
        plain = network(rng, 6, 2, 3, "sigmoid")
        return [probe("sigmoid", plain), probe(ORDER, another_order(plain, rng), "the hidden neurons in another order"), probe(ORDER, another_order(network(rng, 3, 2, 5, "sigmoid"), rng)),
                *(probe(BY_PHI[phi], network(rng, 5, inputs, H, phi), phi) for phi in ("tanh", "relu") for inputs, H in ((2, 3), (3, 2))), probe("sigmoid", network(rng, 3, 2, 3, "sigmoid"), "as many rows as neurons"),
                probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row"), *(probe(WIDTHS, network(rng, 4, D, H, "sigmoid"), f"{H} hidden neuron{'s' * (H > 1)}") for D, H in ((2, 1), (2, 2), (3, 4), (1, 5)))]

    exchanged = "The library's own convention" if asked.loss is MEAN else "Rows and columns of W1 exchanged"
    lecture_has = ", as the lecture and the library have it" if asked.rows else ""
    return FunctionQuestion(
        name="hidden_gradient", function="hidden_gradient", parameters=asked.order("hidden"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={"sigmoid": 9, "tanh": 5, "ReLU": 5, SINGLE: 3, WIDTHS: 4, ORDER: 3, INPUTS: 1}, reference=model, model=model, hidden=hidden,
        public=(probe("sigmoid", open_network(4, 2, 3, "sigmoid"), "four rows, 2-3-1"), probe("tanh", open_network(4, 2, 3, "tanh"), "tanh"), probe("ReLU", open_network(4, 2, 3, "relu"), "relu"),
                probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row"), probe(WIDTHS, open_network(3, 2, 2, "sigmoid"), "two hidden neurons")),
        hints=("Walk back from the loss: to o, to h_j, to a_j, to the weight. Four factors.", "∂ℓ/∂h_j = ∂ℓ/∂o · w_oj; then times φ′, which you can write with h alone.",
               f"`d_h = d_o[:, None] * w_o`, `d_a = d_h * slope`, and `{'d_a.T @ X' if asked.rows else 'X.T @ d_a'}` multiplies by the inputs and adds up the rows."),
        mistakes=(MISSING, *slope_mistakes(), *loss_mistakes(asked.loss), *averaged(asked.loss, gather=lambda X, d_a: X.T @ d_a / len(X)),
            Mistake("One weight for all neurons", "Every hidden neuron gets the same share of the blame; each should get its own w_oj.", knobs={"back": _one_weight(np.sum)},
                    also=(functools.partial(model, back=_one_weight(lambda w_o: w_o[0])), functools.partial(model, back=_one_weight(np.mean)), functools.partial(model, back=_one_weight(lambda w_o: w_o[-1]))),
                    hints=("Exchange two hidden neurons in everything: are their gradients exchanged too?", "Through which weight does neuron j speak?", "`d_o[:, None] * w_o`: a column times a row gives (N, H).")),
            Mistake("Divided by w_oj", "You divide by w_oj where ∂ℓ/∂o is to be multiplied by it.", knobs={"back": lambda d_o, w_o: d_o[:, None] / w_o},
                    hints=("A neuron with a small w_oj: does it get much blame or little?", "∂o/∂h_j = w_oj, a factor.", "`d_o[:, None] * w_o`.")),
            Mistake(exchanged, f"Your gradient has a {'column' if asked.rows else 'row'} for each hidden neuron{lecture_has}. Here W1 has a {'row' if asked.rows else 'column'} for each, and its gradient has the same shape.", knobs={"turn": True},
                    hints=("What is the shape of W1 in this assignment?", "A gradient has the shape of what it belongs to.", f"`{'d_a.T @ X' if asked.rows else 'X.T @ d_a'}`.")),
            Mistake("The rows met the neurons", "One number for each row was multiplied by one for each neuron without a new axis: NumPy refuses, or pairs them place by place.", wrong=asked.by_order("hidden", flat),
                    hints=("What are the shapes of ∂ℓ/∂o and of w_o?", "(N,) and (H,): each row is to meet each neuron.", "`d_o[:, None] * w_o`, or `np.outer(d_o, w_o)`.")),
            Mistake("The input is missing", "Your result is the gradient of the biases: the last factor, the input X, is left out.", wrong=asked.by_order("hidden", sums),
                    hints=("How many numbers come out, and how many has W1?", "a_j = w₁ⱼ x₁ + w₂ⱼ x₂ + b_j: what is its slope by w₁ⱼ?", f"`{'d_a.T @ X' if asked.rows else 'X.T @ d_a'}`.")),
            Mistake("The hidden values in place of the inputs", "The last factor is what goes into the hidden neurons, X; you took what comes out of them, h.",
                    wrong=asked.by_order("hidden", lambda X, h, p, y, w_o, phi: rule(h, h, p, y, w_o, phi)),
                    hints=("What does a weight of W1 multiply?", "An input of the network.", "X, not h.")),
            Mistake("The last row only", "Your result is the last row's gradient: it was written over in the loop, not added to.", knobs={"gather": lambda X, d_a: np.outer(X[-1], d_a[-1])},
                    hints=("Does your result change when the first row does?", "= or += in the loop?", "Start from zeros and use +=.")),
        ))


# ---------------------------------------------------------------- the biases

B1, B_O = "hidden biases", "output bias"


def bias_question(asked):
    def rule(h, p, y, w_o, phi, *, back=WEIGHED, slope=SLOPE, gather=lambda d_a: d_a.sum(axis=0), at_end=lambda d_o, h: d_o.sum(), **knobs):
        d_o = output_slope(p, y, asked.loss, **knobs)
        both = gather(back(d_o, w_o) * slope[phi](h)), at_end(d_o, h)
        return both[::-1] if asked.output_bias_first else both

    model = asked.by_order("bias", rule)
    b1_place, b_o_place = (1, 0) if asked.output_bias_first else (0, 1)
    returned = "d_b_o, d_b1" if asked.output_bias_first else "d_b1, d_b_o"

    def probe(group, values, label="", part=None):
        return Probe(group, asked.arguments("bias", values), label, part)

    def hidden(rng):
        plain = network(rng, 5, 2, 3, "sigmoid")
        return [probe(B1, plain, part=b1_place), probe(B_O, plain, part=b_o_place), probe(B1, network(rng, 4, 3, 5, "sigmoid"), part=b1_place), probe(B_O, network(rng, 4, 3, 2, "tanh"), part=b_o_place),
                probe(MORE_PHI, network(rng, 5, 2, 3, "tanh"), "tanh", b1_place), probe(MORE_PHI, network(rng, 5, 2, 4, "relu"), "relu", b1_place), probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row")]

    plain = open_network(4, 2, 3, "sigmoid")
    return FunctionQuestion(
        name="bias_gradients", function="bias_gradients", parameters=asked.order("bias"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={B1: 4, B_O: 2, MORE_PHI: 2, SINGLE: 1, INPUTS: 1}, reference=model, model=model, hidden=hidden,
        public=(probe(B1, plain, "four rows", b1_place), probe(B_O, plain, "four rows", b_o_place), probe(MORE_PHI, open_network(4, 2, 3, "tanh"), "tanh", b1_place),
                probe(MORE_PHI, open_network(4, 2, 3, "relu"), "relu", b1_place), probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row")),
        hints=("A bias is a weight whose input is always 1.", "So its gradient is what reaches its neuron, added up over the rows.", f"`d_b1 = d_a.sum(axis=0)`, `d_b_o = d_o.sum()`; return `{returned}`."),
        mistakes=(MISSING, *slope_mistakes(), *loss_mistakes(asked.loss), *averaged(asked.loss, gather=lambda d_a: d_a.mean(axis=0)),
            Mistake("Added up along the wrong axis", "You added up the hidden neurons of each row; b1 has a number for each neuron, so the rows are to be added up.", knobs={"gather": lambda d_a: d_a.sum(axis=1)},
                    hints=("How many numbers come out, N or H?", "A gradient has the shape of what it belongs to.", "`.sum(axis=0)`.")),
            Mistake("Not added up over the rows", "Your gradient of b1 has a row for each example: the gradient is their sum.", knobs={"gather": lambda d_a: d_a},
                    hints=("What is the shape of b1?", "Every row uses the same bias, so every row has its say.", "`.sum(axis=0)`.")),
            Mistake("One number for all biases", "You added up rows and neurons; each hidden neuron has a bias of its own.", knobs={"gather": np.sum},
                    hints=("How many numbers has b1?", "`sum()` without an axis adds up everything.", "`.sum(axis=0)`.")),
            Mistake("h in the output's bias", "Your gradient of b_o is multiplied by h; a bias has no input.", knobs={"at_end": lambda d_o, h: h.T @ d_o},
                    hints=("What is ∂o/∂b_o?", "1.", "`d_o.sum()`.")),
            Mistake("The output's bias not added up", "Your gradient of b_o has a number for each row; b_o is one number, and so is its gradient.", knobs={"at_end": lambda d_o, h: d_o},
                    hints=("How many numbers is b_o?", "Every row has its say in it.", "`d_o.sum()`.")),
            Mistake("Returned in another order", f"The two results are right and exchanged: asked for is {returned}.", wrong=asked.by_order("bias", lambda **values: rule(**values)[::-1]),
                    hints=("Which of the two comes first?", "Read the last line of the question again.", f"`return {returned}`.")),
        ))
