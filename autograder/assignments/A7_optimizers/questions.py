"""A7, Optimizers, schedules, initializations: what is asked, and in which convention."""

from autograder.questions import Assignment

from .depth import depth
from .initializers import FORMULAS, TITLES, scaled, solution
from .optimizers import FORMS, optimizers
from .orthogonal import orthogonal
from .rate import rate
from .rules import conventions_of
from .schedule import schedule


def assignment(variant):
    asked = conventions_of(variant)
    falling, schedule_prose, schedule_conventions = schedule(variant)
    turned, drawn, initializer_prose, initializer_conventions = initializers(variant)
    deep, depth_prose, depth_conventions = depth(variant, turned)
    rates, rate_prose, rate_conventions = rate(variant)
    return Assignment("A7", "Optimizers, schedules, initializations", (*optimizers(variant, asked), falling, *drawn, *deep, rates),
                      prose={**rule_prose(asked), **schedule_prose, **initializer_prose, **depth_prose, **rate_prose},
                      conventions={**rule_conventions(asked), **schedule_conventions, **initializer_conventions, **depth_conventions, **rate_conventions})


# ---------------------------------------------------------------- optimizers

def rule_prose(asked):
    kept, outside = asked.share == "kept", asked.epsilon == "outside"

    def size(letter):
        return rf"\sqrt{{{letter}}} + \epsilon" if outside else rf"\sqrt{{{letter} + \epsilon}}"

    def mean(letter, of, index=""):
        return (rf"{letter} \leftarrow \beta{index}\, {letter} + (1 - \beta{index})\, {of}" if kept and index else rf"{letter} \leftarrow \rho\, {letter} + (1 - \rho)\, {of}" if kept else
                rf"{letter} \leftarrow (1 - \alpha{index})\, {letter} + \alpha{index}\, {of}")

    first = {"inside": "v = beta * v - eta * grad", "mean": "v = beta * v + (1 - beta) * grad", "nesterov": "v = beta * v + grad"}[asked.momentum]
    moved = {"inside": "theta + v", "mean": "theta - eta * v", "nesterov": "theta - eta * (grad + beta * v)"}[asked.momentum]
    decay, decays = ("rho", ("beta_1", "beta_2")) if kept else ("alpha", ("alpha_1", "alpha_2"))
    return {"as_class": asked.interface == "class", "kept": kept, "momentum_formula": FORMS[asked.momentum], "momentum_first": first, "momentum_moved": moved,
            "momentum_words": {"inside": "The rate stands inside the velocity.", "mean": "The velocity is a fading mean of the gradients.", "nesterov": "This is Nesterov's form: the step looks ahead to where the velocity will carry it."}[asked.momentum],
            "adagrad_size": size("s"), "adam_size": size(r"\hat v"), "size_s": "(np.sqrt(s) + eps)" if outside else "np.sqrt(s + eps)",
            "size_v": "(np.sqrt(v_hat) + eps)" if outside else "np.sqrt(v_hat + eps)", "decay": decay, "decay_1": decays[0], "decay_2": decays[1], "mean_formula": mean("s", "g^2"),
            "m_formula": mean("m", "g", "_1"), "v_formula": mean("v", "g^2", "_2"), "hat_1": r"1 - \beta_1^t" if kept else r"1 - (1 - \alpha_1)^t", "hat_2": r"1 - \beta_2^t" if kept else r"1 - (1 - \alpha_2)^t",
            "keep_s": "rho" if kept else "(1 - alpha)", "new_s": "(1 - rho)" if kept else "alpha", "keep_1": "beta_1" if kept else "(1 - alpha_1)", "new_1": "(1 - beta_1)" if kept else "alpha_1",
            "keep_2": "beta_2" if kept else "(1 - alpha_2)", "new_2": "(1 - beta_2)" if kept else "alpha_2"}


def rule_conventions(asked):
    return {"optimizers": "classes with a method step" if asked.interface == "class" else "functions that take and return their state", "momentum": {"inside": "the rate inside the velocity", "mean": "the velocity is a fading mean", "nesterov": "Nesterov's look ahead"}[asked.momentum],
            "decays": "the share of the old that is kept" if asked.share == "kept" else "the share of the new that is taken in", "ε": f"{asked.epsilon} the root"}


# ---------------------------------------------------------------- initializers

def initializers(variant):
    turned = variant.choose("shape", [True, False])                         # (n_out, n_in), unlike the library
    first, kind = variant.choose("first", ["glorot", "lecun"]), variant.choose("kind", ["uniform", "normal"])
    other, shape = {"uniform": "normal", "normal": "uniform"}[kind], "(n_out, n_in)" if turned else "(n_in, n_out)"
    prose = {"first": first, "first_title": TITLES[first], "first_formula": FORMULAS[first], "first_kind": kind, "he_kind": other, "first_solution": solution(first, kind, shape),
             "he_solution": solution("he", other, shape), "weights_shape": shape, "weights_words": "one row for each output, one column for each input" if turned else "one row for each input, one column for each output"}
    conventions = {"shape of the weights": shape, "first weights": f"{TITLES[first]}'s variance", "draws": f"{kind} ones first, {other} ones for He"}
    return turned, (scaled("xavier", first, kind, turned), scaled("he", "he", other, turned), orthogonal(turned)), prose, conventions
