"""A convolution on paper, number by number: a student's own picture and kernel, the steps, and the wrong ways through each."""

import numpy as np

from autograder.questions import Mistake, Sheet, TableQuestion

from .convention import ACTIVATIONS
from .probes import LECTURE

SIZE, PRODUCTS, SUMS, BIASED, BENT, LARGEST = "size of the map", "products of one window", "sums", "with the bias", "bent", "the largest"
COLUMNS = {"size": SIZE, "products": PRODUCTS, "sums": SUMS, "h": BIASED, "a": BENT, "largest": LARGEST}
WIDE = 10                                                # zeros around the picture, more than any window reaches
NAMES = {column: f"paper_{column}" for column in COLUMNS}


class Paper:
    """What is given: a picture, a kernel with its bias, stride and padding; and a larger picture, of which only the size is asked."""

    def __init__(self, asked, X, W, b, stride, padding, large):
        self.asked, self.X, self.W, self.b, self.stride, self.padding, self.large = asked, X, W, b, stride, padding, large
        self.frame, self.wide = asked.frame(padding), np.pad(X, WIDE)
        self.places = [(r, c) for r in range(self.count(0)) for c in range(self.count(1))]

    def count(self, axis):
        return (self.X.shape[axis] + sum(self.frame[axis]) - self.W.shape[axis]) // self.stride[axis] + 1

    def window(self, row, column):
        """The pixels under the kernel, 0 outside the picture."""
        rows, columns = self.W.shape
        return self.wide[WIDE + row:WIDE + row + rows, WIDE + column:WIDE + column + columns]

    def products(self, place, *, turn=None, stride=None, start=None):
        """Pixel times weight of one window, row by row."""
        stride, (up, left) = stride or self.stride, start or (self.frame[0][0], self.frame[1][0])
        return (self.window(place[0] * stride[0] - up, place[1] * stride[1] - left) * (turn or self.asked.turn)(self.W)).ravel()

    def sums(self, **way):
        return np.array([self.products(place, **way).sum() for place in self.places])

    def ways(self):
        """(name, sentence, way, hints) of each wrong way to lay the kernel on the picture."""
        as_it_is, turned = (lambda W: W), (lambda W: W[::-1, ::-1])
        if self.asked.turned:
            yield "The kernel is not turned", "You laid the kernel on as it is; here it is turned by 180° first.", {"turn": as_it_is}, ("Which weight meets the window's first pixel?", "The kernel's last.", "Turn the paper with the kernel upside down.")
        else:
            yield "The kernel is turned round", "You turned the kernel by 180°; here it is laid on as it is.", {"turn": turned}, ("Which weight meets the window's first pixel?", "The kernel's first.", "Lay it on as it is printed.")
        yield "Forgot the frame of zeros", "Your window begins in the picture itself; around it there is a frame of zeros.", {"start": (0, 0)}, ("Where does the first window begin?", "In the frame.", "Draw the picture with its zeros around it first.")
        if self.stride != (1, 1):
            yield "The window walks by one", "Your window lies where it would with stride 1.", {"stride": (1, 1)}, ("How far does the window jump?", "By the stride.", "Row · stride down, column · stride to the right.")
        if self.stride[0] != self.stride[1]:
            yield "Row and column of the stride exchanged", "Your window jumps along the rows as it should along the columns.", {"stride": self.stride[::-1]}, ("Which of the two comes first?", "(rows, columns).", "The first number is how far it jumps down.")

    def sums_from(self, products):
        """The sums of who wrote these products: the kernel lies elsewhere as it did there; at the last place they are the products' own."""
        for way in ({}, *(way for *_, way, _ in self.ways())):
            if np.allclose(products, self.products(self.places[-1], **way), atol=.011):
                return np.append(self.sums(**way)[:-1], np.sum(products))
        return np.append(self.sums()[:-1], np.sum(products))

    def rules(self):
        """Step → its rule, from the student's own numbers before it."""
        bend = ACTIVATIONS[self.asked.activation]
        return {"size": lambda so: self.size(), "products": lambda so: self.products(self.places[-1]), "sums": lambda so: self.sums_from(so["products"]), "h": lambda so: so["sums"] + self.b,
                "a": lambda so: bend(so["h"]), "largest": lambda so: np.max(so["a"])}

    def size(self, *, zeros=None, more=1, up=False, less=True):
        """(rows, columns) of the large picture's map; each keyword turns one part of the formula."""
        found = []
        for n, k, s, p in zip(*self.large):
            zeros_here = p if self.asked.total else 2 * p
            length = n + (zeros_here if zeros is None else zeros(p)) - k * less
            found.append((-(-length // s) if up else length // s) + more)
        return np.array(found, float)

    def wrong(self):
        """(step, name, sentence, rule, hints) of each mistake."""
        asked, weights = self.asked, self.W.size
        frame = "p" if asked.total else "2p"
        formula = f"⌊(n + {frame} − k)/s⌋ + 1."
        yield "size", "The + 1 is missing", "Your map is one place too small each way: the first place counts, too.", lambda so: self.size(more=0), ("How many places has a picture as small as the kernel?", "One, not none.", formula)
        yield "size", "Rounded up", "Where the last window would hang over the edge it is not placed: round down.", lambda so: self.size(up=True), ("Does the last window fit?", "It must lie on picture and frame as a whole.", formula)
        yield ("size", "The padding counted once", "The frame is on both sides: it adds 2p.", lambda so: self.size(zeros=lambda p: p), ("By how much does the picture grow?", "By p on each side.", formula)) if not asked.total else (
               "size", "The padding counted twice", "Here p is the number of zeros in total: it adds p.", lambda so: self.size(zeros=lambda p: 2 * p), ("By how much does the picture grow?", "By p in all.", formula))
        yield "size", "Forgot the padding in the size", "Your size is that of the picture without its frame.", lambda so: self.size(zeros=lambda p: 0), ("By how much does the picture grow?", f"By {frame}.", formula)
        yield "size", "Forgot the kernel in the size", "The kernel takes up k pixels itself: take them away before you divide.", lambda so: self.size(less=False), ("Where is the last place at which the kernel still fits?", "k pixels before the end.", formula)
        yield "size", "Row and column exchanged in the size", "Rows come first.", lambda so: self.size()[::-1], ("Which of the two comes first?", "Rows.", "(rows, columns).")
        for name, sentence, way, hints in self.ways():
            yield "products", name, sentence, lambda so, way=way: self.products(self.places[-1], **way), hints
        yield "products", "The pixels alone", "These are the pixels under the window; each is to be multiplied by its weight.", lambda so: self.products(self.places[-1], turn=np.ones_like), ("What is done with a pixel and its weight?", "They are multiplied.", "Pixel times weight, one after the other.")
        yield "sums", "The mean in place of the sum", "Your numbers are divided by the number of weights.", lambda so: self.sums_from(so["products"]) / weights, ("Is a convolution a mean?", "Only if the weights say so.", "Add the products, no more.")
        yield "sums", "The signs are lost", "You added the sizes of the products; a negative product counts negatively.", lambda so: np.array([np.abs(self.products(place)).sum() for place in self.places]), ("What is 3 − 2?", "Not 5.", "Add with signs.")
        yield "sums", "Column by column", "Your sums are right and stand in another order: row by row is asked.", lambda so: self.sums_from(so["products"]).reshape(self.count(0), -1).T.ravel(), ("Where does the window go after its first place?", "To the right.", "Row by row, from left to right.")
        if max(self.stride) > 1 and self.stride != (1, 1):
            one = (1, self.stride[1]) if self.stride[0] > 1 else (self.stride[0], 1)
            yield "sums", "The stride on one axis only", "From place to place your window walks by one along an axis on which it should jump.", lambda so: self.sums(stride=one), ("How far apart are two windows, down and to the right?", f"{self.stride[0]} and {self.stride[1]}.", "Both strides count.")
        yield "h", "Forgot the bias", "Your h are the sums themselves.", lambda so: so["sums"], ("What does a place say to a window of zeros?", "The bias.", "Sum plus b.")
        yield "h", "The bias is added with every product", f"You added b {weights} times at each place; it is added once.", lambda so: so["sums"] + weights * self.b, ("What does a place say to a window of zeros?", "The bias, once.", "Sum plus b.")
        yield "h", "The bias is taken away", "Your h have the bias with the wrong sign.", lambda so: so["sums"] - self.b, ("What does a place say to a window of zeros?", "b, sign and all.", "Sum plus b.")
        yield "a", "Nothing is bent", "Your numbers are h as it was: negative ones are bent.", lambda so: so["h"], ("What does the activation do to −2?", f"It makes it {ACTIVATIONS[asked.activation](np.array(-2.)):g}.", asked.activation)
        yield "a", "The other ReLU", "You bent by the other of the two.", lambda so: ACTIVATIONS["leaky ReLU" if asked.activation == "ReLU" else "ReLU"](so["h"]), ("What does the activation do to −2?", f"It makes it {ACTIVATIONS[asked.activation](np.array(-2.)):g}.", asked.activation)
        yield "a", "The negative is turned round", "Your numbers are |h|.", lambda so: np.abs(so["h"]), ("What does the activation do to −2?", "Not 2.", asked.activation)
        yield "largest", "The mean of the map", "That is the mean; the largest is asked for.", lambda so: np.mean(so["a"]), ("Which number says that the kernel found its shape anywhere?", "The largest.", "The maximum.")
        yield "largest", "The smallest", "That is the smallest number of the map.", lambda so: np.min(so["a"]), ("Which number says that the kernel found its shape anywhere?", "The largest.", "The maximum.")
        yield "largest", "The place in place of the number", "That is where the largest stands; its value is asked for.", lambda so: np.argmax(so["a"]), ("Is it a place or a number of the map?", "A number of the map.", "max, not argmax.")

    def told_apart(self):
        """Whether each wrong way leads somewhere else than the right one and than the others of its step, by more than rounding."""
        right = Sheet(self.rules()).solution()
        for column in COLUMNS:
            found = [right[column], *(np.asarray(rule(right), float) for step, _, _, rule, _ in self.wrong() if step == column)]
            if any(np.abs(one - other).max() < .04 for place, one in enumerate(found) for other in found[:place]):
                return False
        return bool((right["h"] > 0).any() and (right["h"] < 0).any())


def paper_of(variant, asked) -> Paper:
    """A student's own picture and kernel: four to six places, one stride above 1, a frame that counts."""
    rng = variant.rng("paper")
    while True:
        kernel, stride = ((2, 3), (3, 2))[rng.integers(2)], ((1, 2), (2, 1))[rng.integers(2)]
        padding = ((1, 1), (2, 0), (0, 2), (2, 1), (1, 2))[rng.integers(5)]
        X, W, b = rng.integers(0, 6, size=rng.integers(3, 6, size=2)).astype(float), rng.choice([-2., -1., 1., 2., 3.], size=kernel), float(rng.choice([-2.5, -1.5, .5, 1.5, 2.5]))
        large = (rng.integers(20, 41, size=2), rng.integers(2, 6, size=2), rng.integers(2, 5, size=2), rng.integers(1, 4, size=2))
        paper = Paper(asked, X, W, b, stride, padding, large)
        if paper.count(0) > 1 and paper.count(1) > 1 and 4 <= len(paper.places) <= 6 and paper.told_apart():
            return paper


def table_question(paper: Paper) -> TableQuestion:
    return TableQuestion(
        name="by_hand", groups={SIZE: 2, PRODUCTS: 4, SUMS: 4, BIASED: 2, BENT: 2, LARGEST: 1}, lecture=LECTURE, table=lambda: Sheet(paper.rules()), names=NAMES, columns=COLUMNS,
        hints=("Draw the picture with its zeros around it, and cut the kernel out of paper.", "Lay it on the window, multiply pixel by weight, add; then jump by the stride.", "Then + b once at each place, then the activation, then the largest."),
        mistakes=tuple(Mistake(name, sentence, column=column, rule=rule, hints=hints) for column, name, sentence, rule, hints in paper.wrong()))


def prose(paper: Paper) -> dict:
    solution = Sheet(paper.rules()).solution()
    sides, kernel, stride, padding = (f"{one[0]:g} × {one[1]:g}" if place < 2 else f"({one[0]:g}, {one[1]:g})" for place, one in enumerate(paper.large))
    row, column = paper.places[-1]
    return {"paper_X": _matrix(paper.X), "paper_W": _matrix(paper.W), "paper_b": f"{paper.b:g}", "paper_stride": str(paper.stride), "paper_padding": str(paper.padding),
            "large_size": sides, "large_kernel": kernel, "large_stride": stride, "large_padding": padding, "places": len(paper.places), "map_rows": row + 1, "map_columns": column + 1, "weights": paper.W.size,
            **{f"solved_{column}": ", ".join(f"{value:.10g}" for value in np.atleast_1d(np.round(numbers, 2) + 0.)) for column, numbers in solution.items()}}


def _matrix(numbers):
    """A table of numbers in LaTeX."""
    return r"\begin{pmatrix}" + r" \\ ".join(" & ".join(f"{value:g}" for value in row) for row in numbers) + r"\end{pmatrix}"
