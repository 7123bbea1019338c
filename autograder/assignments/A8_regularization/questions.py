"""A8, Regularization: what is asked, and in which convention."""

from autograder.questions import Assignment

from .batch_norm import batch_norm
from .dropout import dropout
from .penalties import penalties
from .reading import reading
from .stopping import stopping


def assignment(variant):
    priced, price_prose, price_conventions = penalties(variant)
    dropped, dropout_prose, dropout_conventions = dropout(variant)
    normed, norm_prose, norm_conventions = batch_norm(variant)
    stopped, stop_prose, stop_conventions = stopping(variant)
    read, read_prose = reading(variant)
    return Assignment("A8", "Regularization", (*priced, dropped, *normed, stopped, read), prose={**price_prose, **dropout_prose, **norm_prose, **stop_prose, **read_prose},
                      conventions={**price_conventions, **dropout_conventions, **norm_conventions, **stop_conventions})
