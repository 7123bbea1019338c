"""How many minutes an assignment takes a student in the second year who has worked through its lectures.

An estimate, which an instructor's own class corrects (the report shows how long students took). Reading and typing follow
from the notebook's words, the rest from its questions. In its first lines an assignment gives the sum, to a quarter of an hour.
"""

from __future__ import annotations

import re

READING = 150       # words a minute, formulas and the code that is given included, each once
TYPING = 30         # characters of code a minute, blanks not counted: names are looked up, slips are mended
CHECKING = 2        # minutes a question: run the check, read what it says, mend one thing, run it again

# Minutes of thinking, of work with pencil and calculator, and of writing for a reader. A number of a hand table takes about
# 45 seconds; a formula that the lecture derived takes 3 to 8 minutes until it stands in matrices, one that is new 10 to 20.
THINKING = {
    "A1": {"hand_table": 10, "weighted_sum": 3, "sigmoid": 6, "predict": 3, "and_weights": 6, "squared_error": 2, "explain_e1": 8},
    "A2": {"local_slopes": 8, "gradients": 12, "numerical_gradient": 8, "good_nudge": 5, "step": 3, "fit": 8, "new_table": 20, "why_xor": 15},
    "A3": {"bce": 5, "softmax": 7, "cross_entropy": 18, "cosine": 5, "outputs": 7, "slopes": 8},
    "A4": {"forward": 7, "output_gradient": 8, "hidden_gradient": 18, "bias_gradients": 5, "fit": 10, "slide_lines": 14, "slide_numbers": 10},
    "A5": {"rules": 10, "topological_order": 20, "on_paper": 6, "backward": 12, "neuron": 8, "compare": 7, "gradient_check": 8},
    "A6": {"gradients": 15, "shapes": 8, "fit": 15, "timings": 18, "benchmark": 15},
    "A7": {"momentum": 6, "adagrad": 4, "rmsprop": 3, "adam": 8, "schedule": 4, "xavier": 6, "he": 2, "orthogonal": 14, "spreads": 6, "read_tables": 5, "choose_rates": 8},
    "A8": {"add_l2": 4, "l1_step": 8, "dropout": 14, "batch_norm": 9, "follow": 5, "early_stop": 10, "read_figure": 8},
    "A9": {"by_hand": 20, "convolve": 18, "gradients": 35, "diagnoses": 25, "cures": 30},       # the report is counted apart
}


def minutes(assignment: str, notebook) -> dict[str, float]:
    """What takes how long in an assignment: reading, typing, checking and thinking, from its solved notebook."""
    words, typed, checks = 0, 0, 0
    for cell in notebook.cells:
        role = cell.metadata.get("nbgrader", {})
        checks += bool(role.get("grade") and role.get("locked"))
        if cell.cell_type == "markdown" or role.get("locked") and not role.get("grade"):
            words += len(re.findall(r"\w+", re.sub(r"\(data:[^)]*\)", "", cell.source)))
        typed += sum(len("".join(code.split())) for code in re.findall(r"### BEGIN SOLUTION(.*?)### END SOLUTION", cell.source, re.DOTALL))
    return {"reading": words / READING, "typing": typed / TYPING, "checking": CHECKING * checks, "thinking": sum(THINKING[assignment].values())}


def written(notebook) -> float:
    """The minutes that an assignment's first cell gives: "about 1½ hours" is 90. ValueError where it gives none."""
    found = re.search(r"takes\s+about\s+(\d+)([¼½¾]?)\s+(hour|minute)", notebook.cells[0].source)
    if found is None:
        raise ValueError("The first cell does not say how long the assignment takes, as in: It takes about 1½ hours.")
    return (int(found[1]) + {"": 0, "¼": .25, "½": .5, "¾": .75}[found[2]]) * (60 if found[3] == "hour" else 1)
