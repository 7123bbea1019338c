"""A schedule that falls until step τ and is level after it: the question and its mistakes."""

import math

from autograder.questions import FunctionQuestion, Mistake, Probe

from .figures import schedule_picture

LECTURE = "L09, Batch, stochastic, minibatch, and schedules"
DOWN, ENDS, LEVEL = "on the way down", "at k = 0 and at k = τ", "level after τ"

# From η_0 (α = 0) to η_τ (α = 1): the formula, the solution's line, the rule
CURVES = {
    "linear": (r"\eta_k = (1 - \alpha)\,\eta_0 + \alpha\,\eta_\tau", "(1 - alpha) * eta_0 + alpha * eta_tau", lambda alpha, start, end: (1 - alpha) * start + alpha * end),
    "cosine": (r"\eta_k = \eta_\tau + \tfrac12\,(\eta_0 - \eta_\tau)\,(1 + \cos \pi\alpha)", "eta_tau + (eta_0 - eta_tau) * (1 + np.cos(np.pi * alpha)) / 2",
               lambda alpha, start, end: end + (start - end) * (1 + math.cos(math.pi * alpha)) / 2),
    "exponential": (r"\eta_k = \eta_0\,(\eta_\tau / \eta_0)^\alpha", "eta_0 * (eta_tau / eta_0) ** alpha", lambda alpha, start, end: start * (end / start) ** alpha),
    "inverse": (r"\eta_k = \frac{\eta_0}{1 + \alpha\,(\eta_0/\eta_\tau - 1)}", "eta_0 / (1 + alpha * (eta_0 / eta_tau - 1))", lambda alpha, start, end: start / (1 + alpha * (start / end - 1))),
}
WORDS = {"linear": "in a straight line", "cosine": "along half a wave of the cosine", "exponential": "by the same factor in each step", "inverse": "as one over a straight line"}
ORDERS = [("k", "tau", "eta_0", "eta_tau"), ("eta_0", "eta_tau", "k", "tau"), ("k", "eta_0", "eta_tau", "tau")]


def schedule(variant):
    """The question, and what its text says of it."""
    kind, order = variant.choose("schedule", list(CURVES)), variant.choose("order", ORDERS)
    formula, line, curve = CURVES[kind]

    def rate(*args, clamp=lambda share, k, tau: min(share, 1), ends=1, later=0, last=0, whole=False, floor=1, after=None, shape=curve):
        named = dict(zip(order, args))
        k, tau, start, end = (named[name] for name in ("k", "tau", "eta_0", "eta_tau"))
        start, end = (start, end * floor)[::ends]
        if after is not None and k > tau:
            return after
        share = (k + later) // (tau + last) if whole else (k + later) / (tau + last)
        return shape(clamp(share, k, tau), start, end)

    def probe(group, label, k, tau, start, end):
        given = {"k": k, "tau": tau, "eta_0": start, "eta_tau": end}
        return Probe(group, tuple(given[name] for name in order), label)

    def hidden(rng):
        tau, start = int(rng.integers(6, 30)) * 2 + 1, float(rng.integers(20, 60) / 10)
        end = float(rng.integers(3, 12) / 10)
        middle = [int(k) for k in (rng.integers(1, tau // 3), rng.integers(tau // 3 + 1, tau // 2), rng.integers(2 * tau // 3, tau))]
        return [*(probe(DOWN, "a step on the way down", k, tau, start, end) for k in middle), probe(DOWN, "a τ of 3", 2, 3, start, end),
                probe(ENDS, "k = 0", 0, tau, start, end), probe(ENDS, "k = τ", tau, tau, start, end),
                probe(LEVEL, "k = τ + 1", tau + 1, tau, start, end), probe(LEVEL, "k = 2τ", 2 * tau, tau, start, end), probe(LEVEL, "k far beyond τ", 7 * tau + 3, tau, start, end)]

    def shaped(other):
        return {"shape": CURVES[other][2]}

    kinds = {"linear": ("A factor instead of a straight line", "Your rates fall by the same factor in each step; they should fall by the same amount.", "exponential"),
             "other": ("A straight line", f"Your rates fall in a straight line; here they fall {WORDS[kind]}.", "linear")}
    name, sentence, other = kinds.get(kind, kinds["other"])
    mistakes = [
        Mistake("Not clamped", "After step τ your rate goes on: α grows past 1, and a line that goes on falls below 0, where the steps climb.", knobs={"clamp": lambda share, k, tau: share},
                hints=("What is the rate at k = 2τ?", "How large may α be?", "`alpha = min(k / tau, 1)`.")),
        Mistake("The ends are exchanged", "Your rates begin at η_τ and end at η_0.", knobs={"ends": -1},
                hints=("What is the rate at k = 0?", "Which of the two rates is the first, η_0 or η_τ?", f"`{line}`, with α = 0 at the start.")),
        Mistake("Counts k from 1", "Your first rate is already one step down: k = 0 is the first step, and its rate is η_0.", knobs={"later": 1},
                hints=("What is the rate at k = 0?", "Is there a `k + 1`?", "`alpha = min(k / tau, 1)`.")),
        Mistake("One step too short", "Your rates arrive at η_τ one step before τ.", knobs={"last": -1},
                hints=("What is the rate at k = τ − 1?", "Is there a `tau - 1`?", "`alpha = min(k / tau, 1)`.")),
        Mistake("Whole-number division", "`//` throws everything behind the point away: your rate stays where it is and then jumps.", knobs={"whole": True},
                hints=("What is 1 // 4?", "Are there only two different rates?", "Divide with `/`.")),
        Mistake("The wrong way of clamping", "Your α is never below 1, so the schedule is over before it begins: of k/τ and 1 the smaller counts.", knobs={"clamp": lambda share, k, tau: max(share, 1)},
                hints=("What is α at k = 0?", "`max` or `min`?", "`alpha = min(k / tau, 1)`.")),
        Mistake("Clamped k, not k/τ", "You take the smaller of k and 1 and divide that by τ, so that the rate hardly moves after the first step.", knobs={"clamp": lambda share, k, tau: min(k, 1) / tau},
                hints=("What is α at k = 2, and at k = 3?", "Where does the bracket of `min` close?", "`min(k / tau, 1)`: divide inside the bracket.")),
        Mistake("Nothing after τ", "After step τ your rate is 0: training stops there, and it should go on with η_τ.", knobs={"after": 0.},
                hints=("What is the rate at k = 2τ?", "Level means: η_τ for ever after.", "`alpha = min(k / tau, 1)` needs no other case.")),
        Mistake("Starts anew after τ", "After step τ your rate leaps back to the start: k is taken modulo τ.", knobs={"clamp": lambda share, k, tau: k % tau / tau},
                hints=("What is the rate at k = τ and just after it?", "Is there a `%`?", "`alpha = min(k / tau, 1)`.")),
        Mistake(name, sentence, knobs=shaped(other),
                hints=("What is the rate half-way, at k = τ/2?", "Put α = ½ into the formula.", f"`{line}`.")),
        Mistake("The library's own order of arguments", "Your function takes its arguments in the library's order, η_0, η_τ, τ; here the order is that of the question.",
                wrong=lambda *args: rate(*(dict(zip(("eta_0", "eta_tau", "tau", "k"), args))[name] for name in order)),
                hints=("In which order does the question name the four arguments?", "Compare the `def` line with the question's.", f"`def rate({', '.join(order)}):`.")),
    ]
    if kind in ("linear", "cosine"):
        mistakes.append(Mistake("Down to 0", "Your rates run down to 0 instead of η_τ.", knobs={"floor": 0},
                                hints=("What is the rate at k = τ?", "Which argument does your code not use?", f"`{line}`.")))
    if kind == "cosine":
        mistakes.append(Mistake("Forgot π", "Your cosine runs from 0 to 1, and half a wave runs from 0 to π.", knobs={"shape": lambda alpha, start, end: end + (start - end) * (1 + math.cos(alpha)) / 2},
                                hints=("What is the rate at k = τ?", "cos(1) is .54; cos(π) is −1.", "`np.cos(np.pi * alpha)`.")))
        mistakes.append(Mistake("Forgot the ½", "Your rates begin at 2η_0 − η_τ: 1 + cos 0 is 2, and the ½ takes that back.", knobs={"shape": lambda alpha, start, end: end + (start - end) * (1 + math.cos(math.pi * alpha))},
                                hints=("What is the rate at k = 0?", "1 + cos(0) is 2.", f"`{line}`.")))
    public = (probe(DOWN, "a step on the way down", 3, 10, 2., .5), probe(DOWN, "another", 8, 10, 2., .5), probe(ENDS, "k = 0", 0, 10, 2., .5), probe(ENDS, "k = τ", 10, 10, 2., .5),
              probe(LEVEL, "k = 2τ", 20, 10, 2., .5))
    question = FunctionQuestion(name="schedule", function="rate", parameters=order, lecture=LECTURE, groups={DOWN: 4, ENDS: 2, LEVEL: 4}, reference=rate, model=rate, public=public, hidden=hidden,
                                hints=("How far on the way is step k? That is α, from 0 to 1.", "After step τ nothing changes any more, so α stays 1.", f"`alpha = min(k / tau, 1)`, then `{line}`."),
                                mistakes=tuple(mistakes))
    prose = {"schedule_formula": formula, "schedule_line": line, "schedule_words": WORDS[kind], "schedule_arguments": ", ".join(order), "schedule_picture": schedule_picture(curve)}
    return question, prose, {"schedule": f"falls {WORDS[kind]}, and the arguments come as {', '.join(order)}"}
