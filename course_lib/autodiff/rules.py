"""The rules: each operation with its local derivatives beside it.

Read `lambda d: d * b` as: what comes back for this input, when d = ∂ℓ/∂y has come back to the result y.
Three of them are worth knowing by heart: addition hands d to both, multiplication switches the factors,
a maximum sends d to the winner.  (S3 212-221)
"""

from functools import lru_cache

from course_lib.autodiff.engine import Tensor, ones, operation

# ---- two inputs ----


@operation("+")
def add(xp, a, b):
    return a + b, lambda d: d, lambda d: d


@operation("−")
def subtract(xp, a, b):
    return a - b, lambda d: d, lambda d: -d


@operation("×")
def multiply(xp, a, b):
    return a * b, lambda d: d * b, lambda d: d * a


@operation("/")
def divide(xp, a, b):
    y = a / b
    return y, lambda d: d / b, lambda d: -d * y / b


@operation("^")
def power(xp, a, b):
    """aᵇ. ∂/∂a = b aᵇ⁻¹, and 0 where b = 0, also at a = 0; ∂/∂b = aᵇ ln a, for a > 0."""
    y = a**b
    return y, lambda d: d * b * a ** _one_less(xp, b), lambda d: d * y * xp.log(a)


@operation("max")
def maximum(xp, a, b):
    """The larger of a and b, elementwise. The winner gets d; a tie counts as won by a."""
    won = a >= b
    return xp.where(won, a, b), lambda d: d * won, lambda d: d * ~won


@operation("@", writes=True)
def matmul(xp, a, b):
    """The matrix product. For y = a b the ways back are d bᵀ and aᵀ d.  (S3 150-171)"""
    if a.ndim == b.ndim == 2:
        return a.dot(b), lambda d, into=None: d.dot(b.T, into), lambda d, into=None: a.T.dot(d, into)
    y = xp.matmul(a, b)
    if b.ndim == 1:  # a row of y for each row of a: y = Σ a b
        return y, lambda d, _=None: d[..., None] * b, lambda d, _=None: d[..., None] * a
    if a.ndim == 1:
        return y, lambda d, _=None: (d[..., None, :] * b).sum(axis=-1), lambda d, _=None: a[:, None] * d[..., None, :]
    return y, lambda d, _=None: xp.matmul(d, _transposed(b)), lambda d, _=None: xp.matmul(_transposed(a), d)


# ---- one input ----


@operation("−")
def negative(xp, a):
    return -a, lambda d: -d


@operation("exp")
def exp(xp, a):
    y = xp.exp(a)
    return y, lambda d: d * y


@operation("log")
def log(xp, a):
    return xp.log(a), lambda d: d / a


@operation("√")
def sqrt(xp, a):
    y = xp.sqrt(a)
    return y, lambda d: d / (2 * y)


@operation("|·|")
def absolute(xp, a):
    return xp.abs(a), lambda d: d * xp.sign(a)


@operation("tanh")
def tanh(xp, a):
    y = xp.tanh(a)
    return y, lambda d: d * (1 - y * y)


@operation("σ")
def sigmoid(xp, a):
    """1 / (1 + exp(−a)) = (1 + tanh(a/2)) / 2; the second form is quick and cannot overflow."""
    half = _number(xp, 0.5, a.dtype)
    y = xp.tanh(half * a)
    y *= half
    y += half
    return y, lambda d: d * (y - y * y)


@operation("relu")
def relu(xp, a):
    """max(a, 0); at the kink, a = 0, the slope is 0."""
    on = xp.greater(a, _number(xp, 0, a.dtype), out=xp.empty_like(a))  # 1 where it is on, else 0
    return a * on, lambda d: d * on


# ---- along axes ----


@operation("Σ")
def sum(xp, a, *, axis=None, keepdims=False):
    """Every summand gets the sum's d."""
    return a.sum(axis=axis, keepdims=keepdims), lambda d: xp.broadcast_to(_with_axes(xp, d, a, axis, keepdims), a.shape)


@operation("mean")
def mean(xp, a, *, axis=None, keepdims=False):
    y = a.mean(axis=axis, keepdims=keepdims)
    share = max(y.size, 1) / max(a.size, 1)
    return y, lambda d: xp.broadcast_to(share * _with_axes(xp, d, a, axis, keepdims), a.shape)


@operation("max")
def largest(xp, a, *, axis=None, keepdims=False):
    """The largest along an axis, or of all. It gets d, the others nothing; of equal ones the first counts."""
    y = a.max(axis=axis, keepdims=keepdims)
    row = xp.reshape(a, (-1,)) if axis is None else xp.moveaxis(a, axis, -1)
    won = xp.argmax(row, axis=-1)[..., None] == xp.arange(row.shape[-1])
    won = xp.reshape(won, a.shape) if axis is None else xp.moveaxis(won, -1, axis)
    return y, lambda d: _with_axes(xp, d, a, axis, keepdims) * won


@operation("softmax")
def softmax(xp, a):
    """exp(aₖ) / Σⱼ exp(aⱼ) over the last axis."""
    p = _softmax(xp, a)
    return p, lambda d: p * (d - (p * d).sum(axis=-1, keepdims=True))


# ---- the same numbers in another order ----


@operation("reshape")
def reshape(xp, a, *, shape):
    return xp.reshape(a, shape), lambda d: xp.reshape(d, a.shape)


@operation("transpose")
def transpose(xp, a, *, axes=None):
    """The axes in another order, without `axes` the reverse order."""
    order = tuple(axes) if axes is not None else tuple(reversed(range(a.ndim)))
    home = tuple(order.index(i) for i in range(a.ndim))
    return xp.transpose(a, order), lambda d: xp.transpose(d, home)


@operation("[ ]")
def take(xp, a, *, key):
    """a[key]. A number that was taken twice, as in a[[0, 0]], gets both shares."""
    each_once = all(
        isinstance(part, (int, slice, type(None), type(...))) for part in (key if isinstance(key, tuple) else (key,))
    )

    def way_back(d):
        d_a = xp.zeros_like(a)
        if each_once:
            d_a[key] = d
        else:
            xp.add.at(d_a, key, d)
        return d_a

    return a[key], way_back


@operation("join")
def concatenate(xp, *parts, axis=0):
    ends = [0]
    for part in parts:
        ends.append(ends[-1] + part.shape[axis])
    ways_back = (
        lambda d, start=start, end=end: xp.moveaxis(xp.moveaxis(d, axis, 0)[start:end], 0, axis)
        for start, end in zip(ends, ends[1:])
    )
    return xp.concatenate(parts, axis=axis), *ways_back


# ---- what networks do all the time, each as one operation ----


@operation("XW + b", writes=True)
def dense(xp, X, W, b, *, activation=None):
    """φ(X W + b), a layer of neurons on rows of examples; with several networks W is (R, D, M) and b is (R, M).

    `activation` is an operation of one input, such as `sigmoid`; without it the weighted sums are the result.
    """
    many = W.ndim > 2 or X.ndim > 2
    h = xp.matmul(X, W) if many else X.dot(W)
    h += b[..., None, :] if many else b
    y, d_h = h, lambda d: d
    if activation is not None:
        y, way_back = activation.rule(xp, h)
        d_h = _once(way_back)
    if many:
        return (
            y,
            lambda d, _=None: xp.matmul(d_h(d), _transposed(W)),
            lambda d, _=None: xp.matmul(_transposed(X), d_h(d)),
            lambda d, _=None: d_h(d).sum(axis=-2),
        )
    rows = xp.asarray(ones(xp, len(X), X.dtype))  # Σ over rows, as a product: three times as fast as `sum`
    return (
        y,
        lambda d, into=None: d_h(d).dot(W.T, into),
        lambda d, into=None: X.T.dot(d_h(d), into),
        lambda d, into=None: rows.dot(d_h(d), into),
    )


@operation("squared error")
def squared_error(xp, y_hat, *, y):
    """(1/N) Σ (ŷ − y)², over rows of examples; columns are summed."""
    error = y_hat - _targets(xp, y, y_hat)
    return _mean(xp, error * error), lambda d: _share(xp, error, d, 2)


@operation("cross entropy")
def sigmoid_cross_entropy(xp, o, *, y):
    """(1/N) Σ −y ln p − (1 − y) ln(1 − p) with p = σ(o), from the logits o; y is 0 or 1, of o's shape.

    With −ln(1 − p) = ln(1 + exp(o)) this is ln(1 + exp(o)) − y o, which never overflows. The slope is p − y.
    """
    y = _targets(xp, y, o)
    log_sum = xp.logaddexp(_number(xp, 0, o.dtype), o)  # ln(1 + exp(o))
    return _mean(xp, log_sum - y * o), lambda d: _share(xp, xp.exp(o - log_sum) - y, d)


@operation("cross entropy")
def softmax_cross_entropy(xp, o, *, y):
    """(1/N) Σ −ln p[y] with p = softmax(o), from the logits o (N, C); y is N class indices, or N rows of C shares.

    −ln p = ln Σ exp(o) − o. With y as rows that sum to 1, such as 0s and a 1, the slope of the whole is p − y.
    """
    y = _one_hot(xp, y, o)
    s = o - o.max(axis=-1, keepdims=True)
    e = xp.exp(s)
    Z = _row_sums(xp, e)
    return _mean(xp, xp.log(Z)) - _mean(xp, y * s), lambda d: _share(xp, e / Z - y, d)


# ---- small helpers ----


def _once(way_back):
    """The same way back, computed once for each d, however many ask."""
    last = result = None

    def kept(d):
        nonlocal last, result
        if d is not last:
            last, result = d, way_back(d)
        return result

    return kept


def _transposed(a):
    return a.swapaxes(-1, -2)


@lru_cache(maxsize=256)
def _number(xp, value, dtype):
    """A single number as an array: it meets another array in half the time of a Python number."""
    return xp.full((), value, dtype=dtype)


@lru_cache(maxsize=64)
def _eye(xp, n, dtype):
    return xp.eye(n, dtype=dtype)


def _one_less(xp, b):
    """The exponent of the derivative b aᵇ⁻¹; where b = 0 any will do, as b is a factor, and 0 is safe at a = 0."""
    if isinstance(b, (int, float)):
        return b - 1 if b else 0
    return b - (b != 0)


def _with_axes(xp, d, a, axis, keepdims):
    """d with the axes of length 1 that `sum` and its like have dropped."""
    return d if keepdims or axis is None else xp.expand_dims(d, axis)


def _softmax(xp, a):
    e = xp.exp(a - a.max(axis=-1, keepdims=True))
    return e / _row_sums(xp, e)


def _row_sums(xp, e):
    """Σ over the last axis, kept as a column: as a product, which is three times as fast where the rows are short."""
    return e.dot(ones(xp, (e.shape[-1], 1), e.dtype))


def _mean(xp, losses):
    """Columns summed, rows averaged; with a leading axis of models, one number for each. As a product, again."""
    whole = losses.reshape(losses.shape[:-2] + (-1,)) if losses.ndim > 2 else losses.reshape(-1)
    return whole.dot(_shares(xp, whole.shape[-1], _rows(losses), losses.dtype))


@lru_cache(maxsize=256)
def _shares(xp, n, rows, dtype):
    return xp.full(n, 1 / rows, dtype=dtype)


def _share(xp, slopes, d, factor=1):
    """factor/N · d · slopes: what comes back from the mean of N rows; d is one number, or one for each model."""
    d = d * _number(xp, factor / _rows(slopes), slopes.dtype)
    return slopes * (xp.asarray(d) if slopes.ndim < 3 else d[..., None, None])


def _rows(o):
    return o.shape[-2] if o.ndim > 1 else len(o)


def _targets(xp, y, o):
    """y as it stands beside o: a flat y becomes a column, and one y may serve several models."""
    y = xp.asarray(y, dtype=o.dtype)
    if y.shape == o.shape or o.ndim == 3 and y.shape == o.shape[1:]:
        return y
    if y.shape == o.shape[:-1] and o.shape[-1] == 1 or o.ndim == 3 and y.shape == o.shape[1:-1] and o.shape[-1] == 1:
        return y[..., None]
    raise ValueError(f"y has shape {tuple(y.shape)}, the predictions have shape {tuple(o.shape)}: one target for each")


def _one_hot(xp, y, o):
    """y as rows of shares; class indices, one for each row of o, become rows of 0 and 1."""
    y = xp.asarray(y)
    if y.shape != o.shape[:-1] and y.shape != o.shape[-2:-1]:
        return _targets(xp, y, o)
    if y.dtype.kind not in "iu":
        raise TypeError(f"y holds {y.dtype}: class indices are integers, 0 for the first class")
    try:
        return xp.asarray(_eye(xp, o.shape[-1], o.dtype)).take(y, axis=0)
    except IndexError:
        raise ValueError(
            f"y names a class that is not there: o has {o.shape[-1]} columns, so classes run from 0 to {o.shape[-1] - 1}"
        ) from None


# ---- and as they are written on tensors ----

for name, method in {
    "__add__": add,
    "__radd__": lambda b, a: add(a, b),
    "__sub__": subtract,
    "__rsub__": lambda b, a: subtract(a, b),
    "__mul__": multiply,
    "__rmul__": lambda b, a: multiply(a, b),
    "__truediv__": divide,
    "__rtruediv__": lambda b, a: divide(a, b),
    "__pow__": power,
    "__rpow__": lambda b, a: power(a, b),
    "__matmul__": matmul,
    "__rmatmul__": lambda b, a: matmul(a, b),
    "__neg__": negative,
    "__abs__": absolute,
    "__getitem__": lambda a, key: take(a, key=key),
    "exp": exp,
    "log": log,
    "sqrt": sqrt,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "relu": relu,
    "softmax": softmax,
    "maximum": maximum,
    "sum": lambda a, axis=None, keepdims=False: sum(a, axis=axis, keepdims=keepdims),
    "mean": lambda a, axis=None, keepdims=False: mean(a, axis=axis, keepdims=keepdims),
    "max": lambda a, axis=None, keepdims=False: largest(a, axis=axis, keepdims=keepdims),
    "reshape": lambda a, *shape: reshape(a, shape=shape[0] if len(shape) == 1 else shape),
    "transpose": lambda a, *axes: transpose(a, axes=axes or None),
    "T": property(lambda a: transpose(a)),
}.items():
    setattr(Tensor, name, method)
