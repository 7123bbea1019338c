"""A9, Convolution, clinic, report: its questions, and what the text takes from the term and the student."""

import numpy as np

from autograder.questions import Assignment, ManualQuestion

from . import paper
from .clinic import MOST, cure_question, diagnosis_question
from .convention import convention, in_words
from .figures import curves_picture
from .layer import forward_question, gradient_question
from .patients import CAUSES, ward_of
from .ward import SETTINGS, examine

PROJECTS = (("the table of tumours (`breast_cancer` in `course_lib.data`): is a tumour benign?", ": malignant ones called benign, and the other way round"),
            ("the table of patients with diabetes (`diabetes` in `course_lib.data`): how far will the disease have gone in a year?", ": by how much it is off, for whom, and in which direction"))
RUBRIC = {"the question and the rows": 4, "the split": 5, "the baseline": 4, "the search": 5, "the number": 5, "where it fails": 4, "what it does not say": 3}
REPORT = ManualQuestion(name="report", groups=RUBRIC, lecture="L16, From here to PyTorch, and a project")


def assignment(variant):
    asked, runs = convention(variant), ward_of(variant)
    sheet = paper.paper_of(variant, asked)
    questions = (paper.table_question(sheet), forward_question(asked), gradient_question(asked), diagnosis_question(runs), cure_question(runs), REPORT)
    project, where_fails = variant.choose("project", PROJECTS)
    return Assignment("A9", "Convolution, clinic, report", questions, prose={**prose(asked), **paper.prose(sheet), **clinic_prose(runs), "project": project, "where_fails": where_fails},
                      conventions={**in_words(asked), "project": project})


def prose(asked):
    """What the text and the solutions take from the term's conventions."""
    meets = r"W_{k_r - 1 - i,\;k_c - 1 - j}" if asked.turned else r"W_{i,j}"
    maps = "nkrc" if asked.first else "nrck"
    kernels = "kij" if asked.first else "ijk"
    axes = "-2, -1" if asked.first else "0, 1"
    return {"turned": asked.turned, "total": asked.total, "layout": asked.layout, "map_layout": asked.map_layout, "meets": meets, "activation": asked.activation,
            "convolve_args": ", ".join(asked.order("convolve")), "gradients_args": ", ".join(asked.order("gradients")), "returned": ", ".join(f"d_{name}" for name in asked.order("returned")),
            "kernel_size": "W.shape[1:]" if asked.first else "W.shape[:2]", "map_size": "d_h.shape[2:]" if asked.first else "d_h.shape[1:3]",
            "frame": "(p // 2, p - p // 2)" if asked.total else "(p, p)", "above": "p // 2" if asked.total else "p", "seen_W": f"np.flip(W, axis=({axes}))" if asked.turned else "W",
            "back_d_W": f"np.flip(d_V, axis=({axes}))" if asked.turned else "d_V", "einsum_h": f"nrcij,{kernels}->{maps}", "bias": "b[:, None, None]" if asked.first else "b",
            "einsum_W": f"nrcij,{maps}->{kernels}", "map_place": "d_h[:, :, r, c]" if asked.first else "d_h[:, r, c]", "einsum_X": f"nk,{kernels}->nij", "bias_axes": "(0, 2, 3)" if asked.first else "(0, 1, 2)"}


# ---------------------------------------------------------------- the clinic

SHOWN = {"inputs": "the inputs", "hidden_layers": "hidden layers", "units": "units in each", "activation": "activation", "weights": "first weights", "loss_gets": "what the loss gets", "rule": "update rule", "eta": "rate",
         "batch": "rows a step", "epochs": "epochs", "penalty": "L2 penalty λ", "dropout": "share dropped"}


def clinic_prose(runs):
    curves, before = [run.curves() for run in runs], [examine(run.settings, run.heart) for run in runs]
    tests = [f"| loss before the first step | {' | '.join(_loss([loss], 0) for loss, _ in before)} |",
             f"| gradient of the first layer, as a share of the last one's | {' | '.join('both are 0' if np.isnan(share) else f'{share:.2g}' for _, share in before)} |"]
    table = [f"| `{name}`: {words} | {' | '.join(_value(run.settings[name]) for run in runs)} |" for name, words in SHOWN.items()]
    ends = [f"| {words} | {' | '.join(shown(curve) for curve in curves)} |" for words, shown in (
        ("training loss, mean of epoch 1", lambda c: _loss(c["loss"], 0)), ("training loss, end", lambda c: _loss(c["loss"], -1)), ("validation loss, lowest", lambda c: _loss([min(c["validation_loss"], default=float("nan"))], 0)),
        ("validation loss, end", lambda c: _loss(c["validation_loss"], -1)), ("new digits right, end", lambda c: f"{c['accuracy'][-1]:.0%}" if c["accuracy"] else "none"))]
    return {"settings_table": "\n".join(table), "ends_table": "\n".join(tests + ends), "curves": curves_picture(curves), "most": MOST, "causes": ", ".join(f'`"{cause}"`' for cause in CAUSES),
            "allowed": "\n".join(f"| `{name}` | {_allowed(SETTINGS[name])} |" for name in SETTINGS),
            "diagnoses": [run.causes[0] for run in runs], **{f"cure_{place}": run.cure() for place, run in enumerate(runs, 1)}}


def _value(value):
    return value if isinstance(value, str) else f"{value:g}"


def _loss(values, place):
    if not values or not values[place] < 1e6:
        return "beyond a million"
    return f"{values[place]:,.0f}" if values[place] >= 1000 else f"{values[place]:.2f}" if values[place] >= .1 else f"{values[place]:.2g}"


def _allowed(allowed):
    if isinstance(allowed[0], str):
        return ", ".join(f'`"{word}"`' for word in allowed)
    return f"{'a whole number' if isinstance(allowed[0], int) else 'a number'} from {allowed[0]:g} to {allowed[1]:g}"
