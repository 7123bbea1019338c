"""What every loss shares: arguments at the door, and means over rows."""

from course_lib.backend import array_module, to_cpu
from course_lib.checks import floats, floats_like
from course_lib.passes import Kept, quiet


class Loss:
    """A loss as everybody sees it. A subclass says compute(o, y, kept), and in `targets` what it takes as y."""

    class Kept(Kept):
        d_o = mean = scale = None

    right = None  # right(o, y): which outputs say the right class; None where nothing is right or wrong
    takes_numbers = False  # may o be (N,), one number for each example? A loss of whole rows needs (N, K)

    def value(self, o, y):
        """ℓ, averaged over the rows."""
        return self.value_and_gradient(o, y)[0]

    def gradient(self, o, y):
        """∂ℓ/∂o, of o's shape."""
        return self.value_and_gradient(o, y)[1]

    def value_and_gradient(self, o, y):
        """ℓ and ∂ℓ/∂o."""
        o, y, single = self.rows(o, y)
        with quiet():
            value, d_o = self.compute(o, y, self.Kept(array_module(o), o.dtype))
        return (float(value) if value.ndim == 0 else value), (d_o[:, 0] if single else d_o)

    def accuracy(self, o, y):
        """The share of outputs that say the right class; TypeError for a loss that knows no classes."""
        if self.right is None:
            raise TypeError(f"{self!r} measures how far off a number is; right and wrong are for losses of classes")
        o, y, _ = self.rows(o, y)
        return share_right(self.right(o, y))

    def rows(self, o, y):
        """o and y as arrays of rows that go together, and whether o was one number for each example."""
        _, o = floats(o=o)
        single = o.ndim == 1 and self.takes_numbers
        o = self.outputs(o[:, None] if single else o)
        return o, self.targets(y, o), single

    def outputs(self, o):
        """o as an array of rows."""
        _, o = floats(o=o)
        if o.ndim not in (2, 3):
            raise ValueError(
                f"o has shape {tuple(o.shape)}; a loss takes outputs (N, K), one row for each example, "
                "or (R, N, K) with replicas"
            )
        if 0 in o.shape:
            raise ValueError(f"o has shape {tuple(o.shape)}: there is nothing to average")
        return o

    def targets(self, y, o):
        """y as an array that goes with o: of its shape, or of one replica's."""
        (y,) = floats_like(o, y=y)
        if o.shape[-1] == 1 and y.shape in (o.shape[:-1], o.shape[-2:-1]):
            y = y[..., None]
        if y.shape not in (o.shape, o.shape[-2:]):
            raise ValueError(
                f"y has shape {tuple(y.shape)}, o has shape {tuple(o.shape)}: "
                f"{type(self).__name__} needs one target for each output"
            )
        return y

    def __repr__(self):
        return f"{type(self).__name__}()"


def mean_over_rows(values, kept):
    """Σ over columns, mean over rows, of an array (…, N, K): one number for each replica."""
    *lead, N, K = values.shape
    if kept.mean is None:
        kept.mean = kept.xp.full(N * K, 1 / N, dtype=values.dtype)
    return values.reshape(*lead, N * K).dot(kept.mean)


def over_rows(d_o, kept, factor=1):
    """factor/N · d_o, in place: the mean's own derivative."""
    if kept.scale is None:
        kept.scale = kept.number(factor / d_o.shape[-2], d_o.dtype)
    d_o *= kept.scale
    return d_o


def between_0_and_1(a, name, why):
    xp = array_module(a)
    if bool(xp.any((a < 0) | (a > 1))):
        raise ValueError(f"{name} holds numbers outside 0 … 1: {why}")
    return a


def share_right(right):
    """The share of True over rows and columns; one for each replica."""
    share = to_cpu(right.reshape(right.shape[:-2] + (-1,)).mean(axis=-1))
    return float(share) if share.ndim == 0 else share
