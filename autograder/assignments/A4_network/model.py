"""The 2-3-1 network and its gradients, right, and with each mistake to turn on. W₁ is (D, H) in here, whatever the term's layout."""

import numpy as np


def sigmoid(o):
    """σ(o) = ½ (1 + tanh(o/2)): the same number, without an overflow."""
    return .5 + .5 * np.tanh(.5 * o)


BEND = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}
SLOPE = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2, "relu": lambda h: (h > 0) * 1.}          # from h = φ(a)
WEIGHED = lambda d_o, w_o: d_o[:, None] * w_o                                                                   # noqa: E731  ∂ℓ/∂h


def forward(X, W1, b1, w_o, b_o, phi, *, bias=1, output_bias=1, bend=BEND, squash=sigmoid):
    """h (N, H) and p (N,)."""
    h = bend[phi](X @ W1 + bias * b1)
    return h, squash(h @ w_o + output_bias * b_o)


def output_slope(p, y, loss, *, scale=1., mean=True, bent=True, sign=1, decide=False):
    """∂ℓ/∂o, one number for each row; `mean` and `bent` turned to False do as this loss does not."""
    d_o = sign * scale * loss.scale * ((p >= .5) * 1. - y if decide else p - y)
    if loss.bent == bent:
        d_o = d_o * p * (1 - p)
    return d_o / len(y) if loss.mean == mean else d_o


def gradients(X, y, W1, b1, w_o, b_o, phi, loss, *, back=WEIGHED, **knobs):
    """All four gradients, by name."""
    h, p = forward(X, W1, b1, w_o, b_o, phi)
    d_o = output_slope(p, y, loss, **knobs)
    d_a = back(d_o, w_o) * SLOPE[phi](h)
    return {"W1": X.T @ d_a, "b1": d_a.sum(axis=0), "w_o": h.T @ d_o, "b_o": d_o.sum()}


def fit(X, y, start, eta, steps, phi, loss, *, way=-1, frozen=(), early=False, anew=False, stale=False, more=0, once=False, **knobs):
    """The parameters after so many steps of gradient descent.

    Mistakes: `way` +1 climbs; `frozen` parameters stay; `early` moves w_o before the hidden gradients are taken, `anew`
    with another forward pass between; `stale` takes every step by the first gradient; `more` steps, or only `once` one.
    """
    now, first = dict(start), None
    for _ in range(1 if once else steps + more):
        d = first if stale and first else gradients(X, y, **now, phi=phi, loss=loss, **knobs)
        first = first or d
        if early or anew:
            moved = {**now, **{name: now[name] + way * eta * d[name] for name in ("w_o", "b_o")}}
            later = gradients(X, y, **moved, phi=phi, loss=loss, **knobs) if anew else gradients(
                X, y, **now, phi=phi, loss=loss, **{**knobs, "back": lambda d_o, w_o: WEIGHED(d_o, moved["w_o"])})
            d = {**d, "W1": later["W1"], "b1": later["b1"]}
        now = {name: value if name in frozen else value + way * eta * d[name] for name, value in now.items()}
    return now


def solves(parameters, X, y, phi, margin=0.) -> bool:
    """Whether every row comes out right; with a margin, p is as far from one half."""
    p = forward(X, **parameters, phi=phi)[1]
    return bool(np.array_equal(p >= .5, y == 1) and np.abs(p - .5).min() >= margin)
