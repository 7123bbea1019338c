"""A2, Backprop for one neuron: the questions, and the words in which a term asks them."""

from autograder.questions import Assignment, ManualQuestion

from . import paper
from .conventions import TANH, Term, term_of
from .slopes import LECTURE, gradients_question, local_question
from .training import fit_question, nudge_question, numerical_question, step_question


def assignment(variant):
    term, h = term_of(variant), place_of(variant)
    sheet = paper.paper_of(variant, term)
    questions = (local_question(term), gradients_question(term), numerical_question(term), nudge_question(term, h), step_question(term), fit_question(term), paper.table_question(sheet), WHY)
    return Assignment("A2", "Backprop for one neuron", questions, prose={**prose(term), **paper.prose(sheet), "place": f"{h:g}"}, conventions=conventions(term))


WHY = ManualQuestion(name="why_xor", groups={"explanation": 10}, lecture=LECTURE)


def place_of(variant) -> float:
    """Where a student looks for a good nudge."""
    return float(variant.rng("place").integers(4, 13) / 10)


# ---------------------------------------------------------------- the term, in words

LOSS = {"mean": ("the mean of the squares", r"\ell = \frac{1}{N} \sum_{\text{rows}} (y - p)^2", r"(y - p)^2", "np.mean((y - p) ** 2)"),
        "half": ("half the mean of the squares", r"\ell = \frac{1}{2N} \sum_{\text{rows}} (y - p)^2", r"\tfrac{1}{2}(y - p)^2", "np.mean((y - p) ** 2) / 2"),
        "sum": ("the sum of the squares", r"\ell = \sum_{\text{rows}} (y - p)^2", r"(y - p)^2", "np.sum((y - p) ** 2)")}


def conventions(term: Term) -> dict:
    return {"loss": LOSS[term.loss][0], "activation and labels": f"{term.unit.name}, labels {term.unit.labels[0]:g} and {term.unit.labels[1]:g}", "returned first": term.first,
            "gate": term.gate, "start of fit": f"{term.start:g}", "losses of fit": f"{term.noted} the step",
            **{f"arguments of {name}": ", ".join(order) for name, order in (("local_slopes", term.slopes_order), ("gradients", term.gradients_order), ("numerical_gradient", term.numerical_order), ("step", term.step_order), ("fit", term.fit_order))}}


def prose(term: Term) -> dict:
    """What the text and the cells take from the term's conventions."""
    unit, words = term.unit, LOSS[term.loss]
    pair = term.pair
    loop = ("losses.append(error(w, b))", f"{', '.join(pair('d_w', 'd_b'))} = gradients({', '.join(term.gradients_order)})", "w, b = w - eta * d_w, b - eta * d_b")
    return {
        "loss_words": words[0], "loss_formula": words[1], "row_loss": words[2], "loss_code": words[3],
        "unit": unit.name, "unit_formula": unit.formula, "unit_code": unit.code, "low": f"{unit.labels[0]:g}", "high": f"{unit.labels[1]:g}", "middle": f"{sum(unit.labels) / 2:g}",
        "first": {"weights": "the weights come first and the bias second", "bias": "the bias comes first and the weights second"}[term.first],
        "gate": term.gate, "gate_y": ", ".join(f"{label:g}" for label in term.y), "eta": f"{term.eta:g}", "start": f"{term.start:g}", "noted": term.noted,
        "slopes_args": ", ".join(term.slopes_order), "gradients_args": ", ".join(term.gradients_order), "numerical_args": ", ".join(term.numerical_order), "step_args": ", ".join(term.step_order), "fit_args": ", ".join(term.fit_order),
        "d_pair": ", ".join(pair("d_w", "d_b")), "wb_pair": ", ".join(pair("w", "b")), "new_pair": ", ".join(pair("w - eta * d_w", "b - eta * d_b")), "fit_names": ", ".join(pair("w", "b", "losses")),
        "factor": "" if term.factor == 1 else "2 * ", "rows_divided": " / len(y)" if term.mean else "", "rows_words": "the mean over the rows" if term.mean else "the sum over the rows",
        "slope_code": "(1 - p**2)" if unit is TANH else "p * (1 - p)", "fit_loop": "\n        ".join(loop if term.noted == "before" else (*loop[1:], loop[0])),
    }
