"""What A3 asks in which term: the logarithm, sums or means, rows or columns, and the order of what comes back."""

import dataclasses

import numpy as np

LECTURE = "L04, Losses and matching outputs"
INPUTS = "leaves its arguments as they were"

# (examples in columns, total instead of mean, gradient first): every way but the library's own, which is no, no, no
LAYOUTS = ((True, False, False), (False, True, False), (True, True, True), (False, False, True), (True, False, True), (False, True, True), (True, True, False))


@dataclasses.dataclass(frozen=True)
class Conventions:
    """One term's choices; each field says what is asked where it is true."""

    columns: bool            # one example in each column of scores or vectors, else in each row
    total: bool              # a loss is the sum over the examples, else their mean
    gradient_first: bool     # cross_entropy returns (gradient, loss), else (loss, gradient)
    one_hot: bool            # the right classes are one-hot, else whole numbers from 0
    bits: bool               # the binary cross-entropy is in bits (log₂), else in nats (ln)
    signs: bool              # the two classes are called −1 and 1, else 0 and 1
    similarity: bool         # the cosine itself, else 1 − cosine
    half: bool               # the squared error is ½(y − p)², else (y − p)²
    cross_first: bool        # slopes returns the cross-entropy's slopes first, else the squared error's

    @classmethod
    def of(cls, variant):
        columns, total, gradient_first = variant.choose("cross-entropy", LAYOUTS)
        others = [field.name for field in dataclasses.fields(cls)][3:]
        return cls(columns, total, gradient_first, **{name: variant.choose(name, (False, True)) for name in others})

    @property
    def axis(self):
        """The axis along which the classes of one example lie."""
        return 0 if self.columns else 1

    def reduce(self, each):
        """From one loss for each example to the one number that is asked for."""
        return np.sum(each) if self.total else np.mean(each)

    def in_words(self):
        return {
            "examples": "one in each column" if self.columns else "one in each row", "losses": "summed over the examples" if self.total else "averaged over the examples",
            "right classes": "one-hot" if self.one_hot else "whole numbers from 0", "cross_entropy returns": "gradient, loss" if self.gradient_first else "loss, gradient",
            "binary cross-entropy": "in bits, log₂" if self.bits else "in nats, ln", "the two classes": "−1 and 1" if self.signs else "0 and 1",
            "cosine": "the similarity" if self.similarity else "the distance 1 − cos", "squared error": "½(y − p)²" if self.half else "(y − p)²",
            "slopes returns": "cross-entropy, squared error" if self.cross_first else "squared error, cross-entropy"}
