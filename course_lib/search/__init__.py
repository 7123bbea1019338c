"""Finding good settings: random search from coarse to fine, and cross-validation to score them.

    space = {"eta": log_uniform(1e-4, 1), "hidden": choice(8, 16, 32)}
    found = coarse_to_fine(score, space, trials=(20, 10), rng=rng)
    found.best.settings, found.best.score

Random points cover each setting better than a grid of as many points, because a grid repeats the same few values
(Bergstra and Bengio, JMLR 13 (2012), p. 281). Settings that act by ratios, as a learning rate does, are drawn evenly on
a logarithmic scale. The first stage is coarse; each further one looks where the best of the one before were. (S2 383-387)

    space.py    where to look: ranges and choices
    stages.py   random search in stages, resumable
    folds.py    cross-validation
"""

from course_lib.search.folds import cross_validate, k_fold
from course_lib.search.space import choice, log_uniform, uniform, whole_numbers
from course_lib.search.stages import Found, Trial, coarse_to_fine

__all__ = [
    "coarse_to_fine", "uniform", "log_uniform", "whole_numbers", "choice", "Found", "Trial", "cross_validate", "k_fold",
]  # fmt: skip
