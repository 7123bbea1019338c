"""The slide to be repaired: which of its lines are wrong, and how; then the right line with numbers, by hand."""

import numpy as np

from autograder.questions import Choice, ChoiceQuestion, Mistake, Sheet, TableQuestion

LECTURE = "L07, MLPs: from three hidden units to matrices"
RIGHT, TWO, SIGN, INDEX, WEIGHT, SLOPE, INPUT = "right", "2 is missing", "sign is wrong", "index j is missing", "w_oj is missing", "slope is missing", "input is missing"
OPTIONS = (RIGHT, TWO, SIGN, INDEX, WEIGHT, SLOPE, INPUT)

# Each line of the slide: what it should say, and what it may say instead.
LINES = (
    (r"\frac{\partial\ell}{\partial p} = 2(p - y)", {TWO: r"\frac{\partial\ell}{\partial p} = (p - y)", SIGN: r"\frac{\partial\ell}{\partial p} = 2(y - p)"}),
    (r"\frac{\partial p}{\partial o} = p(1 - p)", {SIGN: r"\frac{\partial p}{\partial o} = p(p - 1)"}),
    (r"\frac{\partial\ell}{\partial w_{oj}} = 2(p - y)\,p(1 - p)\,h_j", {TWO: r"\frac{\partial\ell}{\partial w_{oj}} = (p - y)\,p(1 - p)\,h_j",
     SLOPE: r"\frac{\partial\ell}{\partial w_{oj}} = 2(p - y)\,h_j", INPUT: r"\frac{\partial\ell}{\partial w_{oj}} = 2(p - y)\,p(1 - p)"}),
    (r"\frac{\partial\ell}{\partial b_o} = 2(p - y)\,p(1 - p)", {TWO: r"\frac{\partial\ell}{\partial b_o} = (p - y)\,p(1 - p)", SLOPE: r"\frac{\partial\ell}{\partial b_o} = 2(p - y)"}),
    (r"\frac{\partial\ell}{\partial w_{1j}} = \frac{\partial\ell}{\partial p} \cdot \frac{\partial p}{\partial o} \cdot \frac{\partial o}{\partial h_j} \cdot \frac{\partial h_j}{\partial w_{1j}}",
     {INDEX: r"\frac{\partial\ell}{\partial w_{1j}} = \frac{\partial\ell}{\partial p} \cdot \frac{\partial p}{\partial o} \cdot \frac{\partial o}{\partial h} \cdot \frac{\partial h}{\partial w_{1j}}"}),
    (r"\frac{\partial h_j}{\partial w_{1j}} = h_j(1 - h_j)\,x_1", {SLOPE: r"\frac{\partial h_j}{\partial w_{1j}} = x_1", INPUT: r"\frac{\partial h_j}{\partial w_{1j}} = h_j(1 - h_j)",
     SIGN: r"\frac{\partial h_j}{\partial w_{1j}} = h_j(h_j - 1)\,x_1"}),
    (r"\frac{\partial\ell}{\partial w_{1j}} = 2(p - y)\,p(1 - p)\,w_{oj}\,h_j(1 - h_j)\,x_1", {WEIGHT: r"\frac{\partial\ell}{\partial w_{1j}} = 2(p - y)\,p(1 - p)\,h_j(1 - h_j)\,x_1"}),
)

MISSED = {
    TWO: ("A 2 was not missed", "You let a line pass in which the 2 has gone. ℓ = (y − p)² has no ½, so its slope is 2(p − y).", ("Take the derivative of (y − p)² once more.", "Does each line have the factor that comes down from the square?", "A gradient without the 2 is half as long as it should be.")),
    SIGN: ("A wrong sign passed", "You let a line pass whose sign is turned round.", ("Put numbers into the line: y = 1, p = .7.", "Does the loss grow or fall when p grows?", "The slope of a sigmoid is never negative; the slope of (y − p)² by p is 2(p − y).")),
    INDEX: ("An index is no decoration", "You let the chain pass in which h has no index. There are three h: o hangs on each through its own weight.", ("Which of the three h is meant?", "∂o/∂h_j is w_oj; what would ∂o/∂h be?", "The j belongs to both: ∂o/∂h_j · ∂h_j/∂w₁ⱼ.")),
    WEIGHT: ("The missing w_oj was not seen", "You let the last line pass; between o and h_j lies the factor w_oj.", ("Compare the last line with the chain, factor by factor.", "∂o/∂h_j is a factor of the chain. What is it?", "w_oj.")),
    SLOPE: ("A missing slope passed", "You let a line pass in which the slope of a sigmoid has gone.", ("How many bends lie on the road of that line?", "p = σ(o) gives p(1 − p), h_j = σ(a_j) gives h_j(1 − h_j).", "Count: a weight of the output passes one bend, a hidden one two.")),
    INPUT: ("A missing input passed", "You let a line pass in which what the weight multiplies has gone: x₁ for a hidden weight, h_j for one of the output.", ("What does that weight multiply?", "∂(w·x)/∂w is x.", "Without its input a line is the gradient of a bias.")),
}


def questions(variant):
    return choice_question(broken_lines(variant)), table_question(numbers(variant))


def broken_lines(variant):
    """What is wrong in each line, `right` where nothing is: four lines are, the last of them always."""
    if not (variant.term or variant.student):
        return RIGHT, RIGHT, TWO, RIGHT, INDEX, SLOPE, WEIGHT
    rng = variant.rng("slide")
    broken = {*rng.choice(6, size=3, replace=False).tolist(), 6}
    return tuple(str(rng.choice(sorted(wrong))) if place in broken else RIGHT for place, (_, wrong) in enumerate(LINES))


def prose(variant):
    said = [LINES[place][1].get(wrong, LINES[place][0]) for place, wrong in enumerate(broken_lines(variant))]
    given, solution = numbers(variant), sheet(numbers(variant)).solution()
    return {"slide": "\n".join(f"| {place} | $\\displaystyle {line}$ |" for place, line in enumerate(said, 1)), "options": ", ".join(f'`"{option}"`' for option in OPTIONS),
            "lines": broken_lines(variant),
            **{f"sheet_{name}": f"{value:g}" for name, value in given.items() if np.ndim(value) == 0}, **{f"sheet_{name}": ", ".join(f"{number:g}" for number in given[name]) for name in ("h", "w_o")},
            **{f"solved_{name}": ", ".join(f"{number:.3f}" for number in np.atleast_1d(value)) for name, value in solution.items()}}


# ---------------------------------------------------------------- which lines are wrong

def choice_question(truth):
    names = [f"line_{place}" for place in range(1, len(LINES) + 1)]
    right = dict(zip(names, truth))
    wrong = [name for name in names if right[name] != RIGHT]
    fine = [name for name in names if right[name] == RIGHT]

    def passed(kind):
        return lambda values: any(values[name] == RIGHT for name in wrong if right[name] == kind)

    def let_pass(kind):
        return {**right, **{name: RIGHT for name in wrong if right[name] == kind}}

    def other_than(kind):
        return next(option for option in OPTIONS if option not in (RIGHT, kind))

    return ChoiceQuestion(
        name="slide_lines", groups={"wrong lines": 6, "right lines": 3}, lecture=LECTURE, example=right,
        choices={name: Choice("wrong lines" if name in wrong else "right lines", OPTIONS, (right[name],), "a line of the slide") for name in names},
        hints=("Work each line out yourself before you read what the slide has.", "Put in numbers where you are not sure: a nudge decides.", "Follow the chain of line 5 through lines 6 and 7: is every factor there?"),
        mistakes=(
            *(Mistake(*MISSED[kind][:2], hints=MISSED[kind][2], fits=passed(kind), example=let_pass(kind)) for kind in sorted({right[name] for name in wrong})),
            Mistake("A right line was repaired", "You changed a line in which nothing is wrong.", fits=lambda values: any(values[name] not in ("", RIGHT) for name in fine), example={**right, fine[0]: other_than(RIGHT)},
                    hints=("Work that line out yourself, by the chain rule.", "Put numbers in and nudge.", "Some of the seven lines are right.")),
            Mistake("Wrong, but for another reason", "You saw that a line is wrong, and named another repair than the one it needs.", fits=lambda values: any(values[name] not in ("", RIGHT, right[name]) for name in wrong),
                    example={**right, wrong[0]: other_than(right[wrong[0]])},
                    hints=("Write the right line beside the slide's.", "What exactly is there too little?", "Compare factor by factor.")),
        ))


# ---------------------------------------------------------------- the right line, with numbers

def sheet(given):
    """∂ℓ/∂o, then ∂ℓ/∂h_j, ∂ℓ/∂a_j and ∂ℓ/∂w_1j of the three hidden neurons, to three decimals."""
    h, w_o, p, y, x1 = given["h"], given["w_o"], given["p"], given["y"], given["x1"]
    return Sheet({"d_o": lambda so_far: 2 * (p - y) * p * (1 - p), "d_h": lambda so_far: so_far["d_o"] * w_o, "d_a": lambda so_far: so_far["d_h"] * h * (1 - h), "d_w1": lambda so_far: so_far["d_a"] * x1}, decimals=3)


def numbers(variant):
    """A row, what forward says of it, and the weights, such that no mistake below is within rounding of the right number."""
    rng = variant.rng("sheet")
    while True:
        given = {"x1": float(rng.choice([-3, -2, 2, 3, 4])), "x2": float(rng.choice([-1, 5])), "y": float(rng.integers(2)), "p": float(rng.choice([.3, .4, .6, .7, .8])),
                 "h": rng.choice([.1, .2, .3, .4, .6, .7, .8], size=3, replace=False), "w_o": rng.choice([-4, -3, -2, 1.5, 2.5, 3, 4], size=3, replace=False)}
        if given["w_o"].min() > 0 or abs(given["p"] - given["y"]) < .25:
            continue
        solution = sheet(given).solution()
        rules = [(column, rule(solution)) for column, *_, rule in mistakes_of(given)]
        if all(np.abs(wrong - solution[column]).max() > .03 for column, wrong in rules) and all(
                np.abs(np.subtract(one, other)).max() > .03 for place, (column, one) in enumerate(rules) for also, other in rules[:place] if also == column):
            return given


def mistakes_of(given):
    """(column, name, sentence, hints, rule) of each mistake of the sheet."""
    h, w_o, p, y, x1, x2 = given["h"], given["w_o"], given["p"], given["y"], given["x1"], given["x2"]
    three = np.ones(3)
    return (
        ("d_o", "The 2 is missing", "Your ∂ℓ/∂o is half of the right one: the derivative of (y − p)² is 2(p − y).", ("Which factor does a square bring down?", "2.", "2(p − y) · p(1 − p)."), lambda t: (p - y) * p * (1 - p)),
        ("d_o", "p(1 − p) is missing", "Your ∂ℓ/∂o stops at p; from p to o there is the sigmoid's slope.", ("Is what you have ∂ℓ/∂p or ∂ℓ/∂o?", "p = σ(o) has the slope p(1 − p).", "2(p − y) · p(1 − p)."), lambda t: 2 * (p - y)),
        ("d_o", "The sign is turned round", "Your ∂ℓ/∂o has the other sign.", ("Does the loss grow when p grows?", "It does where p is above y.", "2(p − y), in this order."), lambda t: -2 * (p - y) * p * (1 - p)),
        ("d_h", "w_oj is missing", "Your ∂ℓ/∂h_j is ∂ℓ/∂o itself, the same for all three: each is to be multiplied by its own w_oj.", ("Should the three be equal?", "∂o/∂h_j = w_oj.", "∂ℓ/∂o · w_oj, one for each j."), lambda t: t["d_o"] * three),
        ("d_h", "h_j in place of w_oj", "You multiplied ∂ℓ/∂o by h_j: that is the gradient of w_oj. By h_j it is w_oj.", ("o = Σ w_oj h_j + b_o: what is its slope by h_j?", "w_oj.", "∂ℓ/∂o · w_oj."), lambda t: t["d_o"] * h),
        ("d_a", "h(1 − h) is missing", "Your ∂ℓ/∂a_j equals ∂ℓ/∂h_j: the slope of the hidden sigmoid is left out.", ("What lies between h_j and a_j?", "A sigmoid, with the slope h_j(1 − h_j).", "∂ℓ/∂h_j · h_j(1 − h_j)."), lambda t: t["d_h"]),
        ("d_a", "The slope of the other sigmoid", "You took p(1 − p), the output's slope; the hidden neurons have their own, h_j(1 − h_j).", ("Whose slope is it?", "Each hidden neuron has its own h_j.", "∂ℓ/∂h_j · h_j(1 − h_j)."), lambda t: t["d_h"] * p * (1 - p)),
        ("d_a", "h in place of its slope", "You multiplied by h_j; the slope is h_j(1 − h_j).", ("How steep is a sigmoid where it is nearly 1?", "Nearly flat: h(1 − h) is then close to 0.", "∂ℓ/∂h_j · h_j(1 − h_j)."), lambda t: t["d_h"] * h),
        ("d_w1", "The input is missing", "Your last step multiplies by nothing: w₁ⱼ multiplies x₁, so its gradient does too.", ("What does w₁ⱼ multiply?", "x₁.", "∂ℓ/∂a_j · x₁."), lambda t: t["d_a"]),
        ("d_w1", "The other input", "You multiplied by x₂; w₁ⱼ belongs to x₁.", ("Which input does w₁ⱼ multiply?", "The first index says it.", "∂ℓ/∂a_j · x₁."), lambda t: t["d_a"] * x2),
    )


def table_question(given):
    columns = {"d_o": "∂ℓ/∂o", "d_h": "∂ℓ/∂h", "d_a": "∂ℓ/∂a", "d_w1": "∂ℓ/∂w₁"}
    return TableQuestion(
        name="slide_numbers", groups={"∂ℓ/∂o": 1, "∂ℓ/∂h": 2, "∂ℓ/∂a": 2, "∂ℓ/∂w₁": 1}, lecture=LECTURE, table=lambda: sheet(given), names={column: f"paper_{column}" for column in columns}, columns=columns,
        hints=("One factor at a time, from the right end of the network to the left.", "∂ℓ/∂o = 2(p − y) · p(1 − p); then times w_oj, for each of the three.", "Then times h_j(1 − h_j), then times x₁."),
        mistakes=tuple(Mistake(name, sentence, hints, column=column, rule=rule) for column, name, sentence, hints, rule in mistakes_of(given)))
