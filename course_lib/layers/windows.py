"""Windows that slide over an image: what convolution and pooling share."""

from course_lib.checks import whole


def pair(value, name, at_least=1):
    """One whole number for both directions, or two: (rows, columns).

    >>> pair(3, "size"), pair((2, 1), "stride")
    ((3, 3), (2, 1))
    """
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name} is {value}; it is one number, or a pair for rows and columns")
        return tuple(whole(n, name, at_least) for n in value)
    return (whole(value, name, at_least),) * 2


def size_after(size, window, stride, padding, layer):
    """⌊(size + 2 padding − window) / stride⌋ + 1 in both directions.

    >>> size_after((8, 8), (3, 3), (2, 2), (1, 1), "Conv2D")
    (4, 4)
    """
    after = tuple((n + 2 * p - w) // s + 1 for n, w, s, p in zip(size, window, stride, padding))
    if min(after) < 1:
        raise ValueError(
            f"X has images of {size[0]} × {size[1]} pixels, smaller than the window of {window[0]} × {window[1]} "
            f"in {layer!r}"
        )
    return after


def places(window):
    """Every place in a window: i, j, and both together as a pair."""
    return [(i, j, (i, j)) for i in range(window[0]) for j in range(window[1])]


def strided(X, place, stride, out_size):
    """The pixel at this place of every window, shape (…, *out_size, channels): a view of X."""
    rows, columns = (slice(p, p + s * (n - 1) + 1, s) for p, s, n in zip(place, stride, out_size))
    return X[..., rows, columns, :]
