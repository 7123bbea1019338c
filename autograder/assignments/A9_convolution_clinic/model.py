"""The convolution and its gradients, right, and with each mistake to turn on. Kernels are (K, k_r, k_c) and maps (N, K, R, C) in here."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def padded(X, frame):
    return np.pad(X, ((0, 0), *frame))


def windows(X, size, stride, frame):
    """Every window of every picture: (N, R, C, k_r, k_c)."""
    return sliding_window_view(padded(X, frame), size, axis=(1, 2))[:, ::stride[0], ::stride[1]]


def convolve(X, W, b, stride, padding, *, asked, turn=None, frame=None, steps=lambda s: s, bias=lambda b, W: b, cut=0, bare=False, gather=1.):
    """h (N, K, R, C). `turn` and `frame` are by default the term's; `cut` places are missing at the end, or with `bare` those that only the frame makes."""
    W, frame, stride = (turn or asked.turn)(np.asarray(W)), (frame or asked.frame)(padding), steps(stride)
    h = np.einsum("nrcij,kij->nkrc", windows(X, W.shape[1:], stride, frame), W) * (gather if gather == 1 else 1 / W[0].size)
    R, C = ((n - k) // s + 1 for n, k, s in zip(X.shape[1:], W.shape[1:], stride)) if bare else h.shape[2:]
    return h[:, :, :max(R - cut, 0), :max(C - cut, 0)] + np.asarray(bias(b, W))[:, None, None]


def gradients(X, W, stride, padding, d_h, *, asked, turn=None, back=None, frame=None, crop=None, steps=lambda s: s, overlap=True, last=False, mean=False, sign=1, all_b=lambda d_h, W: d_h.sum(axis=(0, 2, 3))):
    """The gradients of W, b and X, by name.

    Mistakes: `turn` kernels on the way to X and `back` the gradient of the kernels otherwise; `crop` another piece of the
    framed gradient; without `overlap` the windows overwrite each other; `last` picture only; the `mean` over pictures.
    """
    frame, stride, (R, C) = (frame or asked.frame)(padding), steps(stride), d_h.shape[2:]
    size = W.shape[1:]
    seen = windows(X, size, stride, frame)[:, :R, :C]
    d_W = np.einsum("kRC,RCij->kij", d_h[-1], seen[-1]) if last else np.einsum("nkRC,nRCij->kij", d_h, seen)
    d_framed, turned = np.zeros_like(padded(X, frame), dtype=float), (turn or asked.turn)(W)
    for place in np.ndindex(R, C):
        r, c = place[0] * stride[0], place[1] * stride[1]
        there = (slice(None), slice(r, r + size[0]), slice(c, c + size[1]))
        parts = np.einsum("nk,kij->nij", d_h[(slice(None), slice(None), *place)], turned)
        d_framed[there] = parts + (d_framed[there] if overlap else 0)
    d_X = crop(d_framed, X, padding) if crop else inside(d_framed, X, frame)
    share = sign / (len(X) if mean else 1)
    return {"W": share * (back or asked.turn)(d_W), "b": share * all_b(d_h, W), "X": share * d_X}


def inside(d_framed, X, frame):
    """What of the framed gradient belongs to the picture's own pixels."""
    (up, _), (left, _) = frame
    return d_framed[:, up:up + X.shape[1], left:left + X.shape[2]]
