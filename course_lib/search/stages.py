"""Random search in stages, from coarse to fine."""

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import generator, number, whole
from course_lib.search.space import Choice, Range


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

    >>> from course_lib.search import uniform
    >>> found = coarse_to_fine(lambda s, rng: (s["x"] - 3) ** 2, {"x": uniform(0, 10)}, rng=np.random.default_rng(0))
    >>> round(found.best.settings["x"], 1)
    3.0
    """
    rng = generator(rng)
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
        known = book.scores[len(found.trials) :][:n]
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
            raise TypeError(
                f"{name} is not a number in every trial, so the trials cannot be scored together: "
                "leave out together=True"
            )
    try:
        values = np.asarray(to_cpu(score(columns, rng)), dtype=float)
    except FloatingPointError:
        values = np.full(len(settings), np.inf)
    if values.shape != (len(settings),):
        raise ValueError(
            f"score returned shape {values.shape} for {len(settings)} trials: it must return one number for each"
        )
    return [math.inf if math.isnan(v) else float(v) for v in values]


class _Book:
    """The trials in a file, and what is needed to go on as if nothing had happened."""

    def __init__(self, file, space, trials, rng):
        self.path, self.scores = None if file is None else Path(file), []
        self.about = {
            "space": {name: repr(where) for name, where in space.items()},
            "trials": trials,
            "rng": rng.bit_generator.state,
        }
        self.about = json.loads(json.dumps(self.about, default=lambda a: a.tolist()))
        if self.path is None or not self.path.exists():
            return
        try:
            saved = json.loads(self.path.read_text(encoding="utf-8"))
            self.scores = [math.inf if t["score"] is None else float(t["score"]) for t in saved["found"]]
            saved_about = {name: saved[name] for name in self.about}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{self.path} is no file that a search can go on from ({error!r}): delete it, or give another path"
            ) from error
        if saved_about != self.about:
            raise ValueError(
                f"{self.path} was saved by another search (another space, numbers of trials or rng): "
                "delete it, or give another path"
            )

    def write(self, found):
        if self.path is None or len(found) <= len(self.scores):
            return
        rows = [
            {"stage": t.stage, "settings": t.settings, "score": None if math.isinf(t.score) else t.score} for t in found
        ]
        unfinished = self.path.with_name(self.path.name + ".unfinished")
        unfinished.write_text(json.dumps({**self.about, "found": rows}, indent=1, default=str), encoding="utf-8")
        os.replace(unfinished, self.path)


def _short(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)
