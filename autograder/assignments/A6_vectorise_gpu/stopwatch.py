"""The wrong benchmark: a card with a clock that can be looked through, the question, and the ways to be fooled."""

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

from .conventions import LECTURE_GPU

WAITS, FIRST, TRANSFER, ALL = "waits for the card", "the first call is not counted", "the transfer is not counted", "all at once"
TOLERANCE = .012
STATISTICS = {"median": np.median, "smallest": np.min, "mean": np.mean}
CODE = {"median": "float(np.median(times))", "smallest": "min(times)", "mean": "sum(times) / runs"}


class Card:
    """A card whose clock moves only when something is done: what `compute` is given is worked off later, as in a real card's queue.

    `kernels` are the milliseconds of its calls, one after the other; `first` is what its first call takes on top,
    `transfer` what bringing data takes. Without `lazy` each call is done when it returns, as on a CPU.
    """

    ORDERING = .002

    def __init__(self, kernels, first, transfer, lazy=True):
        self.kernels, self.first, self.transfer, self.lazy = kernels, first, transfer, lazy
        self.now = self.busy_until = 1000.
        self.took = []

    def clock(self):
        return self.now

    def bring(self, X):
        self.synchronize()
        self.now += self.transfer
        return "data on the card"

    def compute(self, data):
        if data != "data on the card":
            raise ValueError("compute works on what bring returned: the data are not on the card yet")
        kernel = self.kernels[len(self.took) % len(self.kernels)]
        self.now += self.ORDERING
        self.busy_until = max(self.now, self.busy_until) + kernel + (0 if self.took else self.first)
        self.took.append(kernel)
        if not self.lazy:
            self.synchronize()

    def synchronize(self):
        self.now = max(self.now, self.busy_until)

    def really(self, runs, statistic):
        """What the last calls took."""
        return float(statistic(self.took[-runs:])) if self.took else np.nan


def benchmark_question(asked):
    order, statistic = asked.order("benchmark"), STATISTICS[asked.statistic]

    def by_name(compute, X, bring, synchronize, clock, runs, *, warm=True, before=True, after=True, moved=False, reduce=statistic, more=0, once=False, sign=1):
        data = bring(X)
        if warm:
            compute(data)
        times = []
        for _ in range(1 if once else runs + more):
            if before:
                synchronize()
            start = clock()
            data = bring(X) if moved else data
            compute(data)
            if after:
                synchronize()
            times.append(sign * (clock() - start))
        return reduce(times)

    model = asked.by_order("benchmark", by_name)

    def old(compute, X, bring, synchronize, clock, runs):
        start = clock()
        data = bring(X)
        for _ in range(runs):
            compute(data)
        return (clock() - start) / runs

    def one_clock(compute, X, bring, synchronize, clock, runs):
        data = bring(X)
        compute(data)
        synchronize()
        start = clock()
        for _ in range(runs):
            compute(data)
        synchronize()
        return (clock() - start) / runs

    def ask(answer, kernels, first, transfer, lazy, runs):
        """What was measured, as a share of what the calls took."""
        card = Card(kernels, first, transfer, lazy)
        given = {"compute": card.compute, "X": [1., 2.], "bring": card.bring, "synchronize": card.synchronize, "clock": card.clock, "runs": runs}
        found = answer(*(given[name] for name in order))
        return found / card.really(runs, statistic) if isinstance(found, (int, float, np.number)) and not isinstance(found, bool) else found

    def probe(group, rng, label, *, runs, first=0., transfer=0., lazy=True):
        kernels = (np.round(rng.uniform(2, 4) * 1.5 ** np.arange(runs + 2) * rng.uniform(.97, 1.03, runs + 2), 2)).tolist()
        if lazy and not first:
            kernels[0] *= 40                                    # a call left in the queue shows, also in a median
        args = (kernels, first, transfer, lazy, runs)
        given = {"compute": "card.compute", "X": "X", "bring": "card.bring", "synchronize": "card.synchronize", "clock": "card.clock", "runs": str(runs)}
        return Probe(group, args, label, shown=f"card = Card({kernels}, first={first:g}, transfer={transfer:g}, lazy={lazy}); benchmark({', '.join(given[name] for name in order)}) / card.really({runs}, statistic)")

    def probes(rng, few, many):
        first, transfer = (float(rng.integers(low, high)) for low, high in ((150, 400), (30, 90)))
        return (probe(WAITS, rng, "a card that works later", runs=few), probe(WAITS, rng, "a card that works later, more runs", runs=many),
                probe(FIRST, rng, "a first call that takes long", runs=few, first=first, lazy=False), probe(TRANSFER, rng, "a transfer that takes long", runs=few, transfer=transfer, lazy=False),
                probe(ALL, rng, "a card with all three", runs=few, first=first, transfer=transfer))

    numbers = f"the {asked.statistic}"
    others = {
        "mean": Mistake("The mean of the runs", f"You return the mean; asked for is {numbers}: one run that something disturbs moves the mean.", wrong=asked.by_order("benchmark", one_clock), also=(asked.by_order("benchmark", lambda **values: by_name(**values, reduce=np.mean)),),
                        hints=("What does one slow run do to your number?", "Keep the time of each run in a list.", f"`{CODE[asked.statistic]}`.")),
        "median": Mistake("The median of the runs", f"You return the median; asked for is {numbers}.", knobs={"reduce": np.median}, hints=("Which of the times does the question ask for?", f"{numbers.capitalize()}.", f"`{CODE[asked.statistic]}`.")),
        "smallest": Mistake("The smallest of the runs", f"You return the smallest time; asked for is {numbers}.", knobs={"reduce": np.min}, hints=("Which of the times does the question ask for?", f"{numbers.capitalize()}.", f"`{CODE[asked.statistic]}`.")),
    }
    fewer = (
        Mistake("One run too few", "You time one run less than asked.", knobs={"more": -1}, hints=("How many times are in your list?", "`range(1, runs)` leaves one out.", "`range(runs)`.")),
        Mistake("Only one run", "You time a single run, whatever `runs` says.", knobs={"once": True}, hints=("Does your result use `runs`?", "Is there a `return` inside the loop?", "A list with one time for each run.")),
    ) if asked.statistic != "smallest" else (
        Mistake("Fewer runs than asked", "You time fewer runs than asked.", knobs={"more": -1}, also=(asked.by_order("benchmark", lambda **values: by_name(**values, once=True)),),
                hints=("How many times are in your list?", "`range(1, runs)` leaves one out; a `return` inside the loop leaves all but one.", "`range(runs)`.")),
    )
    return FunctionQuestion(
        name="benchmark", function="benchmark", parameters=order, lecture=LECTURE_GPU, reference=model, model=model, ask=ask, tolerance=TOLERANCE, groups={WAITS: 8, FIRST: 4, TRANSFER: 4, ALL: 4},
        public=probes(np.random.default_rng(66), 5, 7), hidden=lambda rng: list(probes(rng, int(rng.choice([5, 7])), int(rng.choice([9, 11])))),
        hints=("Three things are timed that should not be, and one thing is not waited for.", "Before the clock: bring the data, make one call that nobody times, wait. Then for each run: start, compute, wait, stop.",
               f"In the loop: `synchronize()`, `start = clock()`, `compute(data)`, `synchronize()`, `times.append(clock() - start)`; at the end `{CODE[asked.statistic]}`."),
        mistakes=(
            Mistake("The old benchmark", "That is still the benchmark as it was: it times the transfer and the first call, and does not wait.", wrong=asked.by_order("benchmark", old),
                    hints=("What does the clock see first?", "Which of the given functions does it never call?", "Bring the data before the clock is read, and wait before it is read again.")),
            Mistake("The end is not waited for", "Your clock is stopped when the work is ordered, not when it is done.", knobs={"after": False},
                    hints=("What does `compute` do before it returns?", "It puts the work into a queue. Who waits for the queue?", "`synchronize()` after `compute(data)`, before the clock is read.")),
            Mistake("Begins while the card still works", "Your clock is started while an earlier call is still in the queue: the first time holds that call too.", knobs={"before": False},
                    hints=("What does the card do when you start the clock for the first time?", "The call that warms it up may not be done yet.", "`synchronize()` before `start = clock()`.")),
            Mistake("The transfer is timed", "In your time there is the transfer of the data; asked for is the computation alone.", knobs={"moved": True},
                    hints=("Where does `bring` stand?", "The data stay on the card for all runs.", "`data = bring(X)` once, before the loop.")),
            Mistake("The first call is timed", "Your times begin with the first call, which pays for everything that is done once.", knobs={"warm": False},
                    hints=("What is special about a first call?", "It loads the code onto the card.", "Call `compute(data)` once before the loop, and wait.")),
            *(mistake for name, mistake in others.items() if name != asked.statistic),
            Mistake("The sum of all runs", "Your number is the time of all runs together.", knobs={"reduce": np.sum}, hints=("Twice the runs: does your number double?", f"Asked for is {numbers} of the runs.", f"`{CODE[asked.statistic]}`.")),
            Mistake("A list comes back", "You return all times; one number is asked for.", knobs={"reduce": list}, hints=("How many numbers are asked for?", f"One: {numbers}.", f"`{CODE[asked.statistic]}`.")),
            *fewer,
            Mistake("One run too many", "You time one run more than asked.", knobs={"more": 1}, hints=("How many times are in your list?", "The call that warms up is not one of the runs.", "`range(runs)`.")),
            Mistake("Start minus end", "Your time is negative.", knobs={"sign": -1}, hints=("Can a time be negative?", "Which of the two clock readings is larger?", "`clock() - start`.")),
        ))
