"""A4, The 2-3-1 network: its questions, and what the text takes from the term's conventions."""

from autograder.questions import Assignment

from . import slide
from .convention import convention
from .figure import NETWORK
from .forward import forward_question
from .gradients import bias_question, hidden_question, output_question
from .learning import STEPS, fit_question


def assignment(variant):
    asked = convention(variant)
    questions = (forward_question(asked), output_question(asked), hidden_question(asked), bias_question(asked), fit_question(asked, variant), *slide.questions(variant))
    return Assignment("A4", "The 2-3-1 network", questions, prose={**prose(asked), **slide.prose(variant)}, conventions={
        "loss": asked.loss.words, "layout of W1": "a row for each hidden neuron" if asked.rows else "a column for each hidden neuron",
        "order of arguments": f"forward({', '.join(asked.order('forward'))})", "forward returns": "p, h" if asked.p_first else "h, p", "bend of the XOR network": asked.bend})


def prose(asked):
    """What the text and the solutions take from the term's conventions."""
    signatures = {f"{name}_args": ", ".join(asked.order(name)) for name in asked.orders}
    return {**signatures, "figure": NETWORK, "loss_words": asked.loss.words, "loss_tex": asked.loss.tex, "loss_value": asked.loss.value, "slope": asked.loss.slope,
            "layout": "(H, D)" if asked.rows else "(D, H)", "row_or_column": "row" if asked.rows else "column", "sums": "X @ W1.T" if asked.rows else "X @ W1",
            "d_W1": "d_a.T @ X" if asked.rows else "X.T @ d_a", "forward_returns": "p, h" if asked.p_first else "h, p",
            "bias_returns": "d_b_o, d_b1" if asked.output_bias_first else "d_b1, d_b_o", "bend": "ReLU" if asked.bend == "relu" else asked.bend, "phi": asked.bend,
            "parameters": ", ".join(asked.parameters), "eta": f"{asked.eta:g}", "steps": STEPS}
