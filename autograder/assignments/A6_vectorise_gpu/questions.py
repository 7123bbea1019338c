"""A6, Loops to matrices to GPU: its questions, and what the text takes from the term's conventions."""

from autograder.questions import Assignment

from .conventions import convention
from .fitting import fit_question
from .quiz import quiz_prose, quiz_question, sizes
from .stopwatch import CODE, benchmark_question
from .timings import times, timing_prose, timing_question
from .vectorise import vectorise_question


def assignment(variant):
    asked, given, shapes = convention(variant), times(variant), sizes(variant)
    questions = (vectorise_question(asked), quiz_question(asked.rows, *shapes), fit_question(asked), timing_question(given), benchmark_question(asked))
    return Assignment("A6", "Loops to matrices to GPU", questions, prose={**prose(asked), **quiz_prose(asked.rows, *shapes), **timing_prose(given)}, conventions={
        "examples in X": "one in each row" if asked.rows else "one in each column", "activation and loss": asked.loss.words, "kind of number": asked.dtype, "gradients returns": ", ".join(asked.results),
        "arguments of gradients": ", ".join(asked.order("gradients")), "arguments of fit": ", ".join(asked.order("fit")), "fit returns": "b, w" if asked.bias_first else "w, b",
        "arguments of benchmark": ", ".join(asked.order("benchmark")), "benchmark returns": f"the {asked.statistic} of the runs"})


def prose(asked):
    rows = asked.rows
    return {"row_or_column": "row" if rows else "column", "X_shape": "(m, n)" if rows else "(n, m)", "loss_words": asked.loss.words, "loss_tex": asked.loss.tex, "loop_x": "X[i]" if rows else "X[:, i]", "loop_xj": "X[i, j]" if rows else "X[j, i]",
            "m_of": "m, n = X.shape" if rows else "n, m = X.shape", "loop_activation": "tanh(z)" if "tanh" in asked.loss.squash else "1 / (1 + exp(-z))", "loop_value": asked.loss.loop_value, "loop_slope": asked.loss.loop_slope,
            "sums": asked.sums, "back": asked.back, "squash": asked.loss.squash, "value": asked.loss.value, "slope": asked.loss.slope, "slope_words": asked.loss.slope_words, "gradients_args": ", ".join(asked.order("gradients")), "gradients_results": ", ".join(asked.results),
            "fit_args": ", ".join(asked.order("fit")), "fit_results": "b, w" if asked.bias_first else "w, b", "dtype": asked.dtype, "other_dtype": asked.other_dtype, "benchmark_args": ", ".join(asked.order("benchmark")), "card_args": ", ".join(
                f"card.{name}" if name in ("compute", "bring", "synchronize", "clock") else "5" if name == "runs" else "X" for name in asked.order("benchmark")),
            "statistic": asked.statistic, "statistic_code": CODE[asked.statistic]}
