"""Dropout: in each step of training every number is left out with some probability."""

from math import prod

import numpy as np

from course_lib.checks import number
from course_lib.passes import Kept, Layer


class Dropout(Layer):
    """y = X · mask while training, y = X in use. Each entry of the mask is 0 with probability `drop`, else 1/keep.

    ∂ℓ/∂X = ∂ℓ/∂y · mask, with the mask of the forward pass.

    Dividing by keep = 1 − drop while training ("inverted dropout") leaves the mean of y at X, so that nothing needs
    to be done in use. Write `Dropout(drop=.2)` or `Dropout(keep=.8)`: the literature's p is now one, now the other.
    The probability is rounded to 16 bits. Source: Srivastava et al., JMLR 15 (2014), p. 1929.

    >>> layer = Dropout(drop=.5).build(rng=0)
    >>> layer.forward(np.ones((2, 4)), train=True)
    array([[0., 0., 0., 0.],
           [0., 0., 0., 2.]])
    >>> layer.forward(np.ones((1, 4)))
    array([[1., 1., 1., 1.]])
    """

    class Kept(Kept):
        mask = product = scale = limit = None

    def __init__(self, *, drop=None, keep=None):
        if (drop is None) == (keep is None):
            raise ValueError("Dropout takes one of two: drop=, the probability of leaving out, or keep=, of keeping")
        name, p = ("drop", drop) if keep is None else ("keep", keep)
        p = number(p, name)
        self.keep = p if keep is not None else 1 - p
        if not 0 < self.keep <= 1:
            range_in_words = {"drop": "leaving out is at least 0 and below 1", "keep": "keeping is above 0 and at most 1"}
            raise ValueError(f"{name} is {p:g}; a probability of {range_in_words[name]}")

    @property
    def drop(self):
        return 1 - self.keep

    @property
    def mask(self):
        """The mask of the last forward pass; None when it was not one of training."""
        return None if self._kept is None else self._kept.mask

    def compute(self, X, kept, train=False):
        if not train or self.keep == 1:
            kept.y, kept.mask = X, None
            return X
        self.draw(X, kept)
        kept.y = kept.xp.multiply(X, kept.mask, out=kept.product)
        kept.product = kept.y
        return kept.y

    def gradient(self, d_y, kept):
        if kept.mask is not None:
            d_y *= kept.mask
        return d_y

    def draw(self, X, kept):
        """A new mask: 16 random bits for each entry, below keep · 2¹⁶ or not. (Drawing floats takes thrice as long.)"""
        xp = kept.xp
        if self.generators is None:
            raise RuntimeError(
                f"{self!r} has no random generator yet: put it into a Network, "
                "or call build(rng) on a layer that stands alone"
            )
        if kept.mask is None:
            shared = self.replicas is not None and X.ndim % 2 == 0  # one X, and a mask for each replica
            kept.shape = (self.replicas, *X.shape) if shared else X.shape
            kept.mask = xp.empty(kept.shape, dtype=X.dtype)
            kept.scale = kept.number(1 / self.keep, X.dtype)
            kept.limit = xp.asarray(round(self.keep * 2**16) - 1, dtype=np.uint16)
            kept.size = prod(X.shape[X.ndim % 2:] if self.replicas else X.shape)  # of one replica's mask
            kept.words = -(-kept.size // 4)
            kept.draws = [_random_words(rng) for rng in self.generators]
        xp.less_equal(xp.asarray(self.random_bits(kept)), kept.limit, out=kept.mask)
        kept.mask *= kept.scale

    def random_bits(self, kept):
        """uint16 numbers from the generators, drawn by NumPy wherever X lives: the same masks everywhere."""
        if self.replicas is None:
            return kept.draws[0](kept.words).view(np.uint16)[:kept.size].reshape(kept.shape)
        bits = [draw(kept.words).view(np.uint16)[:kept.size] for draw in kept.draws]
        return np.concatenate(bits).reshape(kept.shape)

    def __repr__(self):
        return f"Dropout(drop={self.drop:.4g})"


def _random_words(rng):
    """draw(n) -> n numbers of 64 random bits from this generator."""
    if type(rng.bit_generator).__name__ == "MT19937":  # its raw numbers have 32
        return lambda n: rng.integers(2**64, size=n, dtype=np.uint64)
    return rng.bit_generator.random_raw
