"""A table of times to be read: how much faster, with and without the transfer, and from which size on."""

import numpy as np

from autograder.questions import Mistake, TableQuestion
from autograder.questions.sheet import Sheet

from .conventions import LECTURE_GPU

NAMES = {"whole": "gpu_and_transfer", "alone": "speedup_alone", "moved": "speedup_moved", "from_alone": "from_alone", "from_moved": "from_moved"}
GROUPS = {"whole": "GPU and transfer together", "alone": "speedup, computing alone", "moved": "speedup, with the transfer", "from_alone": "from where on, computing alone", "from_moved": "from where on, with the transfer"}
# Where the card is faster when it computes alone, and when the data travel: a win that does not last comes before the lasting one.
PATTERNS = (((0, 1, 0, 1, 1), (0, 0, 0, 0, 1)), ((1, 0, 1, 1, 1), (0, 0, 0, 1, 1)), ((0, 1, 0, 1, 1, 1), (0, 0, 0, 0, 1, 1)), ((1, 0, 0, 1, 1, 1), (0, 0, 0, 0, 0, 1)))


def times(variant):
    """Sizes and milliseconds on CPU, GPU and for the transfer: a made-up machine's, the student's own."""
    rng = variant.rng("times")
    while True:
        alone, moved = PATTERNS[int(rng.integers(len(PATTERNS)))]
        sizes = [int(rng.choice([96, 128, 160]) * 2**place) for place in range(len(alone))]
        sizes = [sizes[0] * 2**place for place in range(len(alone))]
        cpu = np.round(rng.uniform(1, 2) * 3. ** np.arange(len(sizes)) * rng.uniform(.9, 1.1, len(sizes)), 2)
        speedup = np.where(alone, rng.uniform(1.3, 1.7, len(sizes)) * 1.6 ** np.arange(len(sizes)) ** .8, rng.uniform(.4, .8, len(sizes)))
        gpu = np.round(cpu / speedup, 2)
        most = np.where(np.array(moved) == 1, cpu * rng.uniform(.55, .75, len(sizes)), cpu * rng.uniform(1.3, 1.9, len(sizes)))
        transfer = np.round(np.maximum(most - gpu, .2 * gpu), 2)
        given = {"sizes": sizes, "cpu": cpu, "gpu": gpu, "transfer": transfer}
        whole = gpu + transfer
        if all((cpu / gpu > 1.1) == np.array(alone)) and all((cpu / gpu < .9) != np.array(alone)) and all((cpu / whole > 1.1) == np.array(moved)) and all((cpu / whole < .9) != np.array(moved)) and _told_apart(given):
            return given


def lasting(sizes, speedup):
    """The first size from which on the speedup is above 1 at every size; 0 where there is none."""
    place = len(sizes)
    while place and speedup[place - 1] > 1:
        place -= 1
    return float(sizes[place]) if place < len(sizes) else 0.


def first_win(sizes, speedup):
    return next((float(size) for size, one in zip(sizes, speedup) if one > 1), 0.)


def sheet(given):
    sizes, cpu, gpu, transfer = (given[name] for name in ("sizes", "cpu", "gpu", "transfer"))
    return Sheet({"whole": lambda so_far: gpu + transfer, "alone": lambda so_far: cpu / gpu, "moved": lambda so_far: cpu / so_far["whole"],
                  "from_alone": lambda so_far: lasting(sizes, so_far["alone"]), "from_moved": lambda so_far: lasting(sizes, so_far["moved"])}, decimals=2)


def rules(given):
    """(column, name, sentence, hints, rule) of each mistake."""
    sizes, cpu, gpu, transfer = (given[name] for name in ("sizes", "cpu", "gpu", "transfer"))
    divide = ("How many times faster is 2 ms than 10 ms?", "Five times: the longer time by the shorter one, with the CPU's on top.", "CPU ÷ GPU.")
    return (
        ("whole", "The transfer counted twice", "You added the transfer twice; the table's number is for there and back together.", ("Read the heading of the last column again.", "There and back together.", "GPU + transfer."), lambda t: gpu + 2 * transfer),
        ("whole", "Only the transfer", "You wrote the transfer alone; the computation comes on top.", ("What does who needs the result wait for?", "For both.", "GPU + transfer."), lambda t: transfer),
        ("whole", "The transfer taken off", "You subtracted the transfer from the computation: the data would have arrived before they left.", ("Is it more or less work with a transfer?", "More.", "GPU + transfer."), lambda t: gpu - transfer),
        ("alone", "The slowdown, not the speedup", "You divided the GPU's time by the CPU's: your numbers fall where the GPU becomes faster.", divide, lambda t: gpu / cpu),
        ("alone", "The difference, not the ratio", "You subtracted the times; how many times faster is a ratio.", divide, lambda t: cpu - gpu),
        ("alone", "The gain, not the ratio", "You divided the time that is saved by the GPU's time: that is 1 too little.", divide, lambda t: cpu / gpu - 1),
        ("moved", "The transfer forgotten", "These are the speedups of computing alone: the data must get to the card and back.", ("Which two times are compared here?", "The CPU's and the GPU's with its transfer.", "CPU ÷ (GPU + transfer)."), lambda t: cpu / gpu),
        ("moved", "The slowdown, with the transfer", "You divided by the CPU's time; the CPU's stands on top.", divide, lambda t: t["whole"] / cpu),
        ("moved", "Divided by the transfer alone", "You left the computation out.", ("What lies between the question and the answer?", "Transfer and computation.", "CPU ÷ (GPU + transfer)."), lambda t: cpu / transfer),
        ("from_alone", "The first win, though it does not last", "At the size you wrote the GPU wins, and at a larger one it loses again: asked for is the size from which on it wins at every one.",
         ("Read on to the larger sizes: does it stay so?", "Read the table from the bottom upwards.", "The size after the last loss."), lambda t: first_win(sizes, t["alone"])),
        ("from_alone", "The last loss", "You wrote the last size at which the CPU wins.", ("Who wins at the size you wrote?", "Its speedup is below 1.", "The next size."), lambda t: before(sizes, lasting(sizes, t["alone"]))),
        ("from_alone", "The row, not the size", "You counted rows; asked for is the size n.", ("What is in the first column?", "Sizes.", "The n of that row."), lambda t: 1. + sizes.index(int(lasting(sizes, t["alone"]) or sizes[0]))),
        ("from_moved", "The crossover without the transfer", "From there on the GPU wins if its data are there already; with the transfer it takes larger sizes.",
         ("Which of your two rows of speedups did you read?", "The one with the transfer.", "The first size from which on it is above 1."), lambda t: lasting(sizes, t["alone"])),
        ("from_moved", "The last loss, with the transfer", "You wrote the last size at which the CPU wins.", ("Who wins at the size you wrote?", "Its speedup is below 1.", "The next size."), lambda t: before(sizes, lasting(sizes, t["moved"]))),
        ("from_moved", "The row, not the size, with the transfer", "You counted rows; asked for is the size n.", ("What is in the first column?", "Sizes.", "The n of that row."), lambda t: 1. + sizes.index(int(lasting(sizes, t["moved"]) or sizes[0]))),
    )


def before(sizes, size):
    """The size before this one in the table."""
    return float(sizes[max(0, sizes.index(int(size)) - 1)]) if size else float(sizes[-1])


def _told_apart(given):
    """Whether no mistake is within rounding of the right numbers, nor of another in its column."""
    solution = sheet(given).solution()
    made = [(column, np.atleast_1d(rule(solution))) for column, *_, rule in rules(given)]
    return all(np.abs(wrong - solution[column]).max() > .03 for column, wrong in made) and all(
        np.abs(one - other).max() > .03 for place, (column, one) in enumerate(made) for also, other in made[:place] if also == column)


def timing_question(given):
    return TableQuestion(
        name="timings", groups=dict(zip(GROUPS.values(), (3, 4, 5, 4, 4))), lecture=LECTURE_GPU, table=lambda: sheet(given), names=NAMES, columns=GROUPS,
        hints=("Column by column: first the GPU's whole time, then the two ratios, then read where each stays above 1.", "A speedup is the CPU's time divided by the GPU's: above 1 the GPU is faster.", "From where on: read from the largest size upwards, and stop before the first loss."),
        mistakes=tuple(Mistake(name, sentence, hints, column=column, rule=rule) for column, name, sentence, hints, rule in rules(given)))


def timing_prose(given):
    solution = sheet(given).solution()
    rows = "\n".join(f"| {n} | {cpu:.2f} | {gpu:.2f} | {transfer:.2f} |" for n, cpu, gpu, transfer in zip(*given.values()))
    return {"times": rows, **{f"solved_{column}": ", ".join(f"{number:.2f}" for number in value) if np.ndim(value) else f"{value:.0f}" for column, value in solution.items()}}
