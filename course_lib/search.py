"""Finding good settings: random search from coarse to fine, and cross-validation to score them.

    space = {"eta": log_uniform(1e-4, 1), "hidden": choice(8, 16, 32)}
    found = coarse_to_fine(score, space, trials=(20, 10), rng=rng)
    found.best.settings, found.best.score

Random points cover each setting better than a grid of as many points, because a grid repeats the same few values
(Bergstra and Bengio, JMLR 13 (2012), p. 281). Settings that act by ratios, as a learning rate does, are drawn evenly on
a logarithmic scale. The first stage is coarse; each further one looks where the best of the one before were. (S2 383-387)
"""

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import number, whole
from course_lib.data import check_rng, pick, spread_evenly

# ---- where to look ----


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, drawn evenly, or evenly on a logarithmic scale, or whole numbers only."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def draw(self, rng):
        at = self._from(rng.uniform(self._to(self.low), self._to(self.high)))
        return int(round(at)) if self.whole else float(min(max(at, self.low), self.high))

    def around(self, values):
        """The range of these values and a tenth more on each side, within this one."""
        low, high = self._to(min(values)), self._to(max(values))
        more = 0.1 * (high - low) or 0.05 * (self._to(self.high) - self._to(self.low))
        low, high = max(self.low, self._from(low - more)), min(self.high, self._from(high + more))
        if self.whole:
            low, high = math.floor(low), math.ceil(high)
        return Range(low, high, self.log, self.whole)

    def at_edge(self, value):
        """Is the value within a twentieth of an end? Then the best may lie outside."""
        share = (self._to(value) - self._to(self.low)) / ((self._to(self.high) - self._to(self.low)) or 1)
        return not 0.05 <= share <= 0.95

    def _to(self, x):
        return math.log(x) if self.log else x

    def _from(self, x):
        return math.exp(x) if self.log else x


@dataclass(frozen=True)
class Choice:
    """One of a few values, each as likely as the others."""

    values: tuple

    def draw(self, rng):
        return self.values[int(rng.integers(len(self.values)))]

    def around(self, values):
        return Choice(tuple(v for v in self.values if v in values))

    def at_edge(self, value):
        return False


def uniform(low, high):
    """Any number from low to high."""
    return _range(low, high)


def log_uniform(low, high):
    """Any number from low to high, as many between 1 and 10 as between 10 and 100; for rates and penalties.

    >>> log_uniform(1e-4, 1).draw(np.random.default_rng(0))
    0.035305856304085934
    """
    return _range(low, high, log=True)


def whole_numbers(low, high):
    """Any whole number from low to high, both included."""
    return _range(whole(low, "low", at_least=0), whole(high, "high", at_least=0), whole=True)


def choice(*values):
    """One of these values: numbers, names, True and False."""
    if not values:
        raise ValueError("choice needs at least one value")
    return Choice(values)


def _range(low, high, **kind):
    low, high = number(low, "low"), number(high, "high")
    if not low < high:
        raise ValueError(f"low is {low:g}, high is {high:g}: a range goes from a smaller to a larger number")
    if kind.get("log") and low <= 0:
        raise ValueError(f"low is {low:g}; on a logarithmic scale every number is above 0")
    return Range(low, high, **kind)


# ---- random search ----


@dataclass(frozen=True)
class Trial:
    """One attempt: its stage (0 is the coarse one), its settings, and its score; lower is better, ∞ where it diverged."""

    stage: int
    settings: dict
    score: float


@dataclass
class Found:
    """What a search has found. `trials` are in the order in which they were made."""

    space: dict
    trials: list = field(default_factory=list)

    @property
    def best(self):
        return min(self.trials, key=lambda trial: trial.score)

    @property
    def at_edge(self):
        """Names of the settings whose best value lies at an end of where you looked: look further there."""
        return [name for name, where in self.space.items() if where.at_edge(self.best.settings[name])]

    def __str__(self):
        lines = [f"{'score':>10}  settings, best first"]
        for trial in sorted(self.trials, key=lambda trial: trial.score)[:10]:
            words = ", ".join(f"{name} = {_short(value)}" for name, value in trial.settings.items())
            lines.append(f"{trial.score:>10.4g}  {words}")
        if self.at_edge:
            lines.append(f"The best {' and '.join(self.at_edge)} lies at an end of its range: look further there.")
        return "\n".join(lines)


def coarse_to_fine(score, space, *, trials=(20, 10), rng, keep=0.25, together=False, file=None, progress=None):
    """Random search in stages: `trials[0]` points of the whole space, then `trials[1]` where the best were, and so on.

    score      score(settings, rng) -> a number, lower is better; settings is a dict, rng a generator of the trial's own
    space      {name: uniform(…) | log_uniform(…) | whole_numbers(…) | choice(…)}
    keep       the share of a stage's trials that the next stage looks around
    together   score all trials of a stage in one call: settings then holds arrays (R, 1), which is what the learning rate
               or the λ of a network with replicas takes, and score returns R numbers. Numbers only
    file       a path where every trial is saved as soon as it is scored; a search that finds its file goes on from there,
               with the same settings and generators as if it had never stopped
    progress   called as progress(trial, done, of) after each trial

    A score that is NaN, or a FloatingPointError (fit raises one when it diverges), counts as ∞.
    Returns Found. Raises ValueError and TypeError for what does not fit.

    >>> found = coarse_to_fine(lambda s, rng: (s["x"] - 3) ** 2, {"x": uniform(0, 10)}, rng=np.random.default_rng(0))
    >>> round(found.best.settings["x"], 1)
    3.0
    """
    check_rng(rng)
    trials = [whole(n, "a number of trials") for n in trials]
    if not space or not all(isinstance(where, (Range, Choice)) for where in space.values()):
        raise TypeError("space is a dict from names to uniform(…), log_uniform(…), whole_numbers(…) or choice(…)")
    if not 0 < number(keep, "keep") <= 1:
        raise ValueError(f"keep is {keep:g}; it is a share, above 0 and at most 1")
    book = _Book(file, space, trials, rng)
    found, here = Found(dict(space)), dict(space)
    for stage, n in enumerate(trials):
        settings = [{name: where.draw(rng) for name, where in here.items()} for _ in range(n)]
        generators = rng.spawn(n)
        known = book.scores[len(found.trials):][:n]
        if together and len(known) < n:
            known = _all_at_once(score, settings, generators[0])
        for place, setting in enumerate(settings):
            value = known[place] if place < len(known) else _score(score, setting, generators[place])
            trial = Trial(stage, setting, value)
            found.trials.append(trial)
            book.write(found.trials)
            if progress is not None:
                progress(trial, len(found.trials), sum(trials))
        best = sorted((t for t in found.trials), key=lambda t: t.score)[: max(2, round(keep * n))]
        here = {name: where.around([t.settings[name] for t in best]) for name, where in here.items()}
    return found


def _score(score, settings, rng):
    try:
        value = float(score(dict(settings), rng))
    except FloatingPointError:
        return math.inf
    return math.inf if math.isnan(value) else value


def _all_at_once(score, settings, rng):
    columns = {name: np.array([s[name] for s in settings])[:, None] for name in settings[0]}
    for name, column in columns.items():
        if column.dtype.kind not in "fiu":
            raise TypeError(f"{name} is not a number in every trial, so the trials cannot be scored together: leave out together=True")
    try:
        values = np.asarray(to_cpu(score(columns, rng)), dtype=float)
    except FloatingPointError:
        values = np.full(len(settings), np.inf)
    if values.shape != (len(settings),):
        raise ValueError(f"score returned shape {values.shape} for {len(settings)} trials: it must return one number for each")
    return [math.inf if math.isnan(v) else float(v) for v in values]


class _Book:
    """The trials in a file, and what is needed to go on as if nothing had happened."""

    def __init__(self, file, space, trials, rng):
        self.path, self.scores = None if file is None else Path(file), []
        self.about = {"space": {name: repr(where) for name, where in space.items()}, "trials": trials, "rng": rng.bit_generator.state}
        self.about = json.loads(json.dumps(self.about, default=lambda a: a.tolist()))
        if self.path is None or not self.path.exists():
            return
        try:
            saved = json.loads(self.path.read_text(encoding="utf-8"))
            self.scores = [math.inf if t["score"] is None else float(t["score"]) for t in saved["found"]]
            saved_about = {name: saved[name] for name in self.about}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self.path} is no file that a search can go on from ({error!r}): delete it, or give another path") from error
        if saved_about != self.about:
            raise ValueError(f"{self.path} was saved by another search (another space, numbers of trials or rng): delete it, or give another path")

    def write(self, found):
        if self.path is None or len(found) <= len(self.scores):
            return
        rows = [{"stage": t.stage, "settings": t.settings, "score": None if math.isinf(t.score) else t.score} for t in found]
        unfinished = self.path.with_name(self.path.name + ".unfinished")
        unfinished.write_text(json.dumps({**self.about, "found": rows}, indent=1, default=str), encoding="utf-8")
        os.replace(unfinished, self.path)


def _short(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


# ---- cross-validation ----


def k_fold(n, k, rng, *, y=None):
    """k pairs (train, validation) of row numbers: each of the n rows is in the validation part of exactly one pair.

    With y, classes, each part has them in the same shares as the whole.

    >>> [len(validation) for train, validation in k_fold(10, 3, np.random.default_rng(0))]
    [4, 3, 3]
    """
    check_rng(rng)
    n, k = whole(n, "n"), whole(k, "k", at_least=2)
    if k > n:
        raise ValueError(f"k is {k}, but there {'is 1 row' if n == 1 else f'are {n} rows'}: each part needs at least one")
    order = rng.permutation(n)
    if y is not None:
        y = to_cpu(y)
        if y.shape != (n,):
            raise ValueError(f"y has shape {y.shape}; it needs one class for each of the {n} rows")
        order = order[spread_evenly(y[order])]
    parts = np.array_split(order, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


def cross_validate(score, X, y, *, k=5, rng, stratified=False):
    """The scores of k parts, an array (k,), or (k, R) where score returns R numbers, as a network with replicas has.

    score(X_train, y_train, X_validation, y_validation) -> a number. What is fitted to data, such as the mean that is
    subtracted, must be fitted inside it, on the training part.

    >>> X, y = np.arange(12.)[:, None], np.arange(12.)
    >>> scores = cross_validate(lambda X, y, Xv, yv: np.mean((yv - y.mean()) ** 2), X, y, k=3, rng=np.random.default_rng(0))
    >>> scores.shape
    (3,)
    """
    X, y = (a if hasattr(a, "shape") else np.asarray(a) for a in (X, y))
    if X.shape[0] != y.shape[0]:
        raise ValueError(f"X has {X.shape[0]} rows, y has {y.shape[0]}: they need one for each example")
    folds = k_fold(X.shape[0], k, rng, y=y if stratified else None)
    scores = []
    for fold in folds:
        (X_train, X_part), (y_train, y_part) = pick(X, *fold), pick(y, *fold)
        scores.append(to_cpu(score(X_train, y_train, X_part, y_part)))
    return np.array(scores)
