"""The way forward: the question and its mistakes."""

import functools

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

from .model import BEND, forward
from .probes import INPUTS, LECTURE, MORE_PHI, SINGLE, WIDTHS, network, open_network

HIDDEN, OUT = "hidden values h", "probabilities p"


def forward_question(asked):
    def by_name(X, W1, b1, w_o, b_o, phi, **knobs):
        h, p = forward(X, asked.laid_out(W1), b1, w_o, b_o, phi, **knobs)
        return (p, h) if asked.p_first else (h, p)

    model = asked.by_order("forward", by_name)
    h_place, p_place = (1, 0) if asked.p_first else (0, 1)

    def shown(change):
        """A mistake in what comes back of h and p."""
        def wrong(X, W1, b1, w_o, b_o, phi):
            a, (h, p) = X @ asked.laid_out(W1) + b1, forward(X, asked.laid_out(W1), b1, w_o, b_o, phi)
            return change(a, h, p)
        return asked.by_order("forward", wrong)

    def in_order(h, p):
        return (p, h) if asked.p_first else (h, p)

    def exchanged(X, W1, b1, w_o, b_o, phi):
        return in_order(*forward(X, asked.laid_out(W1).T, b1, w_o, b_o, phi))

    def probe(group, values, label="", part=None):
        return Probe(group, asked.arguments("forward", values), label, part)

    def hidden(rng):
        plain = network(rng, 5, 2, 3, "sigmoid")
        wide = [network(rng, 4, *sizes, "sigmoid") for sizes in ((3, 5), (2, 1), (4, 2), (3, 3))]
        return [probe(HIDDEN, plain, part=h_place), probe(OUT, plain, part=p_place), *(probe(MORE_PHI, network(rng, 5, 2, H, phi), phi) for phi, H in (("tanh", 3), ("relu", 4))),
                probe(SINGLE, network(rng, 1, 2, 3, "sigmoid"), "a single row"), *(probe(WIDTHS, values, "other numbers of inputs and neurons") for values in wide)]

    plain, square = open_network(4, 2, 3, "sigmoid"), open_network(3, 2, 2, "sigmoid")
    return FunctionQuestion(
        name="forward", function="forward", parameters=asked.order("forward"), lecture=LECTURE, keeps_inputs=INPUTS,
        groups={HIDDEN: 4, OUT: 4, MORE_PHI: 2, SINGLE: 1, WIDTHS: 3, INPUTS: 1},
        reference=model, model=model, hidden=hidden,
        public=(probe(HIDDEN, plain, "four rows, 2-3-1", h_place), probe(OUT, plain, "four rows, 2-3-1", p_place), probe(MORE_PHI, open_network(3, 2, 3, "tanh"), "tanh"),
                probe(MORE_PHI, open_network(4, 2, 3, "relu"), "relu"), probe(SINGLE, open_network(1, 2, 3, "sigmoid"), "a single row"), probe(WIDTHS, square, "two hidden neurons")),
        hints=("Two steps: all hidden values first, then one neuron on them.", f"`{'X @ W1.T' if asked.rows else 'X @ W1'}` is (N, H): a row for each example, a column for each hidden neuron.",
               f"Add `b1`, bend it to `h`; then `h @ w_o + b_o` and a sigmoid give `p`. Return `{'p, h' if asked.p_first else 'h, p'}`."),
        mistakes=(
            Mistake("Forgot the hidden biases", "In your hidden sums b1 is not added.", knobs={"bias": 0},
                    hints=("What does a hidden neuron say to a row of zeros?", "Which argument is never used?", "Add `b1` before the bend: one number for each hidden neuron.")),
            Mistake("Took the hidden biases away", "In your hidden sums b1 is subtracted.", knobs={"bias": -1},
                    hints=("What does a hidden neuron say to a row of zeros?", "φ(b₁), sign and all.", "`… + b1`.")),
            Mistake("Forgot the output bias", "In the output's sum b_o is not added.", knobs={"output_bias": 0},
                    hints=("What would p be if all h were 0?", "σ(b_o), not one half.", "`h @ w_o + b_o`.")),
            Mistake("Forgot the last sigmoid", "Your p are the sums o: they are not bent, and can leave the range from 0 to 1.", knobs={"squash": lambda o: o},
                    hints=("Are your p between 0 and 1?", "What stands between o and p?", "p = σ(o).")),
            Mistake("exp(+o) instead of exp(−o)", "Your p are those of −o: 1 minus the right ones.", knobs={"squash": lambda o: 1 / (1 + np.exp(o))},
                    hints=("Add your p to the right one. What comes out?", "Look at the sign in the exponent.", "p = 1 / (1 + exp(−o)).")),
            Mistake("The hidden neurons do not bend", "Your h are the sums a: without φ two layers are one, and no better than one line.", knobs={"bend": dict.fromkeys(BEND, lambda a: a)},
                    hints=("Compare your h with φ(a) for one neuron.", "What does each neuron do after its sum?", "h = φ(a), with the φ that is asked for.")),
            Mistake("The sigmoid for every φ", "Your hidden neurons always bend by the sigmoid, whatever `phi` says.", knobs={"bend": dict.fromkeys(BEND, BEND["sigmoid"])},
                    hints=('Try phi="relu" by hand.', "Where does your code look at `phi`?", "Choose: sigmoid, `np.tanh(a)`, or `np.maximum(a, 0)`.")),
            Mistake("ReLU lets the negative through", "Your ReLU is not 0 where a is negative.", knobs={"bend": {**BEND, "relu": lambda a: a}},
                    hints=('Try phi="relu" on a negative sum.', "max(0, −2) is 0.", "`np.maximum(a, 0)`.")),
            Mistake("ReLU turns the negative round", "Your ReLU gives |a|: it should be 0 where a is negative.", knobs={"bend": {**BEND, "relu": np.abs}},
                    hints=('Try phi="relu" on a negative sum.', "max(0, −2) is 0, not 2.", "`np.maximum(a, 0)`.")),
            Mistake("One maximum for the whole layer", "`np.max(a)` gives one number for all; ReLU is taken for each number.", knobs={"bend": {**BEND, "relu": lambda a: np.max(a) + 0 * a}},
                    also=(functools.partial(model, bend={**BEND, "relu": lambda a: np.max(a)}),),
                    hints=('How many different numbers has your h for phi="relu"?', "`np.max` and `np.maximum` are two functions.", "`np.maximum(a, 0)`.")),
            Mistake("The library's own convention" if asked.rows else "Rows and columns of W1 exchanged",
                    f"You read W1 as if each {'column' if asked.rows else 'row'} were a neuron{', as the lecture and the library have it' if asked.rows else ''}. Here each {'row' if asked.rows else 'column'} is one.",
                    wrong=asked.by_order("forward", exchanged),
                    hints=("With two inputs and three hidden neurons, what is the shape of W1?", f"{'(3, 2): a row for each neuron' if asked.rows else '(2, 3): a column for each neuron'}.", f"`{'X @ W1.T' if asked.rows else 'X @ W1'}`.")),
            Mistake("Returned in another order", f"The two results are right and exchanged: asked for is {'p, h' if asked.p_first else 'h, p'}.", wrong=shown(lambda a, h, p: in_order(h, p)[::-1]),
                    hints=("Which of the two comes first?", "Read the last line of the question again.", f"`return {'p, h' if asked.p_first else 'h, p'}`.")),
            Mistake("Returned only p", "Only p comes back; h is asked for too, the way back will need it.", wrong=shown(lambda a, h, p: p), also=(shown(lambda a, h, p: (p,)),),
                    hints=("How many results are asked for?", "Two.", f"`return {'p, h' if asked.p_first else 'h, p'}`.")),
            Mistake("A column where a plain list is asked", "Your p has shape (N, 1). With y of shape (N,) such a column makes a square of N × N in the next step.", wrong=shown(lambda a, h, p: in_order(h, p[:, None])),
                    hints=("Print p.shape.", "w_o has shape (H,): what is the shape of h @ w_o?", "(N,). Leave the reshape out, or end with `.ravel()`.")),
            Mistake("Returned the sums with the values", "You return the sums a where the bent values h are asked for.", wrong=shown(lambda a, h, p: in_order(a, p)),
                    hints=("What is h, what is a?", "h = φ(a).", "p is right; return h beside it.")),
        ))
