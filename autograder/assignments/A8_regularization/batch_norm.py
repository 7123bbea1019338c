"""Batch normalization: the answer in training and in use, and the running numbers that follow the batches."""

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe
from autograder.questions.signature import called, ordered

LECTURE = "L12, Preprocessing and batch normalization"
TRAIN, USE, ONE, CONSTANT, INPUTS = "in training", "in use", "one example in use", "a feature that does not vary", "leaves its arguments as they were"
MEAN, VAR = "the running mean", "the running variance"
ORDERS = [("X", "gamma", "beta", "running_mean", "running_var", "eps", "train"), ("train", "X", "running_mean", "running_var", "gamma", "beta", "eps"), ("X", "running_mean", "running_var", "beta", "gamma", "eps", "train")]
FOLLOW_ORDERS = [("running_mean", "running_var", "X", "momentum"), ("X", "momentum", "running_mean", "running_var"), ("momentum", "running_mean", "running_var", "X")]


def batch_norm(variant):
    """Both questions, what their text says, and the conventions."""
    columns, outside = variant.choose("examples", [True, False]), variant.choose("ε", [False, True])
    ddof, running_ddof, new = variant.choose("variance", [0, 1]), variant.choose("running variance", [0, 1]), variant.choose("momentum", [False, True])
    order, follow_order = variant.choose("order of batch_norm", ORDERS), variant.choose("order of follow", FOLLOW_ORDERS)
    axis = 1 if columns else 0
    place = (lambda name: f"{name}[:, None]") if columns else (lambda name: name)
    share = "momentum" if new else "(1 - momentum)"
    prose = {"columns": columns, "norm_arguments": ", ".join(order), "follow_arguments": ", ".join(follow_order), "axis": axis, "ddof": ddof, "running_ddof": running_ddof, "new_share": new, "x_shape": "(D, N)" if columns else "(N, D)",
             "example_word": "column" if columns else "row", "feature_word": "row" if columns else "column", "norm_divisor": r"\sqrt{\sigma^2} + \varepsilon" if outside else r"\sqrt{\sigma^2 + \varepsilon}",
             "spread_code": f"(np.sqrt({place('var')}) + eps)" if outside else f"np.sqrt({place('var')} + eps)", "mean_code": place("mean"), "gamma_code": place("gamma"), "beta_code": place("beta"),
             "divided": _divided(ddof), "running_divided": _divided(running_ddof), "old_code": "(1 - momentum)" if new else "momentum", "new_code": share}
    conventions = {"examples of batch_norm": "columns" if columns else "rows", "ε": f"{'outside' if outside else 'inside'} the root", "variance in training": f"divided by {_divided(ddof)}", "running variance": f"divided by {_divided(running_ddof)}",
                   "momentum": "the share of the new" if new else "the share of the old", "arguments of batch_norm": ", ".join(order), "arguments of follow": ", ".join(follow_order)}
    return (normalize(columns, outside, ddof, order), follow(columns, running_ddof, new, follow_order)), prose, conventions


def _divided(ddof):
    return "N − 1" if ddof else "N"


def _ddof_mistake(ddof, what, in_library, knobs):
    name = f"Divided by {_divided(1 - ddof)}" + (", as in the library" if in_library else "")
    return Mistake(name, f"{what} divides by {_divided(1 - ddof)}; here it is divided by {_divided(ddof)}.", knobs=knobs,
                   hints=("The numbers 1 and 3: what is their variance here?", f"{'The squares of the distances add up to 2, and N − 1 is 1: 2.' if ddof else 'The squares of the distances add up to 2, and N is 2: 1.'}", f"`ddof={ddof}` in `np.var`."))


def _wrong_axis(columns, feature):
    return f"{'`axis=1`' if columns else '`axis=0`'} goes along the examples, so that one number for each {feature} comes back."


# ---------------------------------------------------------------- the answer

def normalize(columns, outside, ddof, order):
    feature = "row" if columns else "column"
    divisor = "np.sqrt(var) + eps" if outside else "np.sqrt(var + eps)"
    line = f"`gamma * (X - mean) / ({divisor}) + beta`"

    def by_name(X, gamma, beta, running_mean, running_var, eps, train, *, from_train="batch", from_use="running", ddof=ddof, over="examples", outside=outside, root=True, centred=True, epsilon=True,
                swapped=False, scaled=True, shifted=True, inside=False, in_place=False):
        given, X = X, X.T if columns else X                     # here one example in each row
        axis = {"examples": 0, "features": 1, "all": None}[over]
        mean, var = (running_mean, running_var) if (from_train if train else from_use) == "running" else (X.mean(axis=axis, keepdims=True), X.var(axis=axis, ddof=ddof, keepdims=True))
        eps = eps if epsilon else 0.
        spread = var + eps if not root else np.sqrt(var) + eps if outside else np.sqrt(var + eps)
        gamma, beta = (beta, gamma) if swapped else (gamma, beta)
        x_hat = (X - mean * centred) / spread
        Y = (gamma if scaled else 1.) * (x_hat + beta if inside else x_hat) + (beta if shifted and not inside else 0.)
        Y = np.ascontiguousarray(Y.T) if columns else Y
        if not in_place:
            return Y
        given[...] = Y
        return given

    model = called(order, by_name)

    def without_keepdims(X, gamma, beta, running_mean, running_var, eps, train):
        side = 0 if columns else 1
        mean, var = (X.mean(axis=side), X.var(axis=side, ddof=ddof)) if train else (running_mean, running_var)
        mean, var, gamma, beta = (value[:, None] if columns else value for value in (mean, var, gamma, beta))
        return gamma * (X - mean) / (np.sqrt(var) + eps if outside else np.sqrt(var + eps)) + beta

    mistakes = (
        Mistake("Running numbers in training", "In training your answer uses the running mean and variance: there it is the batch's own that count.", knobs={"from_train": "running"},
                hints=("With γ = 1 and β = 0, what is the mean of each feature of Y in training?", "0, if the batch's own mean was taken away.", "In training: mean and variance of X.")),
        Mistake("The batch's numbers in use", "In use your answer still depends on who else is in X: there the running mean and variance count.", knobs={"from_use": "batch"},
                hints=("What comes out in use for a single example?", "Does its answer change with the examples beside it?", "In use: `running_mean` and `running_var`.")),
        Mistake("The two modes are exchanged", "You take the running numbers in training and the batch's in use: it is the other way round.", knobs={"from_train": "running", "from_use": "batch"},
                hints=("Is there a `not` too many or too few?", "`train=True`: the batch's own numbers.", "In training those of X, in use the running ones.")),
        _ddof_mistake(ddof, "Your variance", bool(ddof), {"ddof": 1 - ddof}),
        Mistake("The wrong axis", "You normalize each example by itself; it is each feature, over the examples of the batch, that gets mean 0.", knobs={"over": "features"}, also=(called(order, without_keepdims),),
                hints=(f"In X a {feature} is a feature. How many means are there?", "Which axis goes from example to example?", _wrong_axis(columns, feature))),
        Mistake("One mean for everything", "You take one mean and one variance of all of X: each feature has its own.", knobs={"over": "all"},
                hints=("How many means are there, for D features?", "Is there an `axis`?", _wrong_axis(columns, feature))),
        Mistake("ε inside the root, as in the library" if outside else "ε outside the root", f"Your ε stands {'inside' if outside else 'outside'} the root; here you divide by {'√σ² + ε' if outside else '√(σ² + ε)'}.", knobs={"outside": not outside},
                hints=("What do you divide by where the variance is 0?", "Is ε added before or after the root is taken?", f"`{divisor}`.")),
        Mistake("ε left out", "Without ε a feature that does not vary is divided by 0.", knobs={"epsilon": False},
                hints=("What is 0 / 0?", "Which argument does your code not use?", f"`{divisor}`.")),
        Mistake("Forgot the root", "You divide by the variance, a square; it is its root, the standard deviation, that has the unit of X.", knobs={"root": False},
                hints=("Make all of X ten times as large: should Y change?", "Variance grows a hundredfold, its root tenfold.", f"`{divisor}`.")),
        Mistake("The mean is not taken away", "You divide by the spread, and X is where it was: the mean has to be subtracted first.", knobs={"centred": False},
                hints=("With γ = 1 and β = 0, what is the mean of each feature of Y in training?", "0 is asked for.", f"{line}.")),
        Mistake("γ and β are exchanged", "You multiply by β and add γ.", knobs={"swapped": True},
                hints=("Which of the two scales?", "γ scales, β shifts. Mind the order of the arguments.", f"{line}.")),
        Mistake("γ is left out", "Your Y has spread 1: the scale γ is missing.", knobs={"scaled": False},
                hints=("Which argument does your code not use?", "γ scales, β shifts.", f"{line}.")),
        Mistake("β is left out", "Your Y has mean 0: the shift β is missing.", knobs={"shifted": False},
                hints=("Which argument does your code not use?", "γ scales, β shifts.", f"{line}.")),
        Mistake("The shift is scaled too", "You add β before you multiply by γ.", knobs={"inside": True},
                hints=("What is Y where X is the mean? β itself.", "Where do your brackets close?", f"{line}.")),
        Mistake("Changed X in place", "The numbers are right, but your code writes them into the caller's own X.", knobs={"in_place": True},
                hints=("What is in the caller's X after the call?", "`X -= …` and `X /= …` change the array that was given to you.", "`X - mean` makes a new one.")))

    def probe(rng, group, label, n, d, train, constant=False):
        X = (rng.normal(size=(n, d)) * rng.choice([.6, 1.2, 2.], size=d) + rng.choice([-2., 1., 3.], size=d)).round(1)
        if constant:
            X[:, 0] = np.ceil(X[0, 0])                          # with 2 or 4 rows its variance is exactly 0 however it is worked out
        numbers = {"running_mean": rng.choice([-1.4, -.5, .8, 1.7], size=d), "running_var": rng.choice([.5, 1.4, 2.5, 3.2], size=d), "gamma": rng.choice([.6, .8, 1.5, 2.], size=d), "beta": rng.choice([-1.2, -.4, .5, 1.1], size=d)}
        return Probe(group, ordered(order, X=np.ascontiguousarray(X.T) if columns else X, **numbers, eps=float(rng.choice([.1, .2, .25])), train=train), label)

    shown = np.random.default_rng(4)

    def hidden(rng):
        return [probe(rng, TRAIN, "a batch", 6, 3, True), probe(rng, TRAIN, "a batch of two", 2, 4, True), probe(rng, TRAIN, "as many examples as features", 3, 3, True), probe(rng, TRAIN, "a single feature", 5, 1, True),
                probe(rng, USE, "in use", 5, 3, False), probe(rng, USE, "in use, as many examples as features", 4, 4, False), probe(rng, ONE, "one example in use", 1, 4, False),
                probe(rng, CONSTANT, "a feature that does not vary", 4, 2, True, constant=True)]

    return FunctionQuestion(name="batch_norm", function="batch_norm", parameters=order, lecture=LECTURE, groups={TRAIN: 9, USE: 7, ONE: 2, CONSTANT: 1, INPUTS: 1}, keeps_inputs=INPUTS, reference=model, model=model,
                            public=(probe(shown, TRAIN, "a batch of three", 3, 2, True), probe(shown, TRAIN, "as many examples as features", 2, 2, True), probe(shown, USE, "in use", 3, 2, False),
                                    probe(shown, ONE, "one example in use", 1, 3, False), probe(shown, CONSTANT, "a feature that does not vary", 2, 3, True, constant=True)), hidden=hidden, mistakes=mistakes,
                            hints=("Whose mean and variance count in training, and whose in use?", _wrong_axis(columns, feature), f"{line}, with the batch's mean and variance in training."))


# ---------------------------------------------------------------- the running numbers

def follow(columns, ddof, new, order):
    feature = "row" if columns else "column"
    share = "momentum" if new else "(1 - momentum)"
    old = "(1 - momentum)" if new else "momentum"
    line = f"`{old} * running_mean + {share} * mean`, and the same with the variance"

    def by_name(running_mean, running_var, X, momentum, *, exchanged=False, ddof=ddof, over="examples", keep=None, take=None, spread="variance", still=(False, False), turned=False, in_place=False):
        axis = {"examples": 1 if columns else 0, "features": 0 if columns else 1, "all": None}[over]
        mean, var = X.mean(axis=axis), X.var(axis=axis, ddof=ddof)
        around = running_mean[:, None] if columns else running_mean
        var = {"variance": lambda: var, "std": lambda: np.sqrt(var), "squares": lambda: np.mean(X ** 2, axis=axis), "old mean": lambda: np.mean((X - around) ** 2, axis=axis)}[spread]()
        fresh = momentum if new != exchanged else 1 - momentum
        kept, fresh = 1 - fresh if keep is None else keep, fresh if take is None else take
        found = [kept * before + fresh * now for before, now in ((running_mean, mean), (running_var, var))]
        found = [before if stays else now for before, now, stays in zip((running_mean, running_var), found, still)]
        if in_place:
            running_mean[...], running_var[...] = found
        return tuple(found[::-1] if turned else found)

    model = called(order, by_name)
    library = bool(new)                                          # the library's momentum is the share of the new
    mistakes = (
        Mistake("The two shares are exchanged" if library else "The library's own convention",
                "You keep the share that should be taken in, and take in the share that should be kept." if library else "You read momentum as the share of the new batch, as the library does; here it is the share of the old that is kept.", knobs={"exchanged": True},
                hints=(f"With momentum {'.1' if new else '.9'}, how much of the old mean is left after one batch?", "Nine tenths.", f"{line}.")),
        _ddof_mistake(ddof, "The variance that your running one follows", not ddof, {"ddof": 1 - ddof}),
        Mistake("Nothing old is kept", "Your running numbers are those of the last batch alone.", knobs={"keep": 0., "take": 1.},
                hints=("What do your results owe to `running_mean`?", "A share of the old stays.", f"{line}.")),
        Mistake("The old counts in full", "You add a share of the new to all of the old: the running numbers grow without end.", knobs={"keep": 1.},
                hints=("The same batch again and again: where should the running mean settle?", "At the batch's mean: the two shares add up to 1.", f"{line}.")),
        Mistake("The new counts in full", "You take in all of the new beside a share of the old: the two shares should add up to 1.", knobs={"take": 1.},
                hints=("The same batch again and again: where should the running mean settle?", "At the batch's mean: the two shares add up to 1.", f"{line}.")),
        Mistake("A plain average", "You take half of each: momentum says how much of each.", knobs={"keep": .5, "take": .5},
                hints=("Which argument does your code not use?", "What is momentum the share of?", f"{line}.")),
        Mistake("The standard deviation follows", "Your running variance follows the batch's standard deviation: in use a root will be taken of it once more.", knobs={"spread": "std"},
                hints=("`np.std` or `np.var`?", "In use the root is taken of the running variance.", f"{line}.")),
        Mistake("The mean of the squares", "Your variance does not take the mean away first: it is the mean of X².", knobs={"spread": "squares"},
                hints=("What is the variance of 5, 5, 5?", "0.", "The mean square of the distances from the batch's mean: `np.var`.")),
        Mistake("Around the running mean", "Your variance is taken around the running mean; it is the batch's own mean that counts.", knobs={"spread": "old mean"},
                hints=("Distances from which mean?", "Does your running variance change with `running_mean`? It should not.", "`np.var` of the batch.")),
        Mistake("The variance stays as it was", "Your running variance does not move.", knobs={"still": (False, True)},
                hints=("Two things follow the batch. Which of yours does?", "Does your second result depend on X?", f"{line}.")),
        Mistake("Nothing follows", "Your running numbers come back as they were.", knobs={"still": (True, True)},
                hints=("Do your results depend on X?", "In training the running numbers move a little towards the batch's.", f"{line}.")),
        Mistake("Variance first", "The two come back in the wrong order: the mean first, then the variance.", knobs={"turned": True},
                hints=("Which of the two can be negative?", "Look at your `return`.", "`return` the mean, then the variance.")),
        Mistake("The wrong axis", "You take mean and variance of each example; each feature has one, over the examples.", knobs={"over": "features"},
                hints=(f"In X a {feature} is a feature. How many means are there?", "Which axis goes from example to example?", _wrong_axis(columns, feature))),
        Mistake("One mean for everything", "You take one mean and one variance of all of X: each feature has its own.", knobs={"over": "all"},
                hints=("How many means are there, for D features?", "Is there an `axis`?", _wrong_axis(columns, feature))),
        Mistake("Changed the running numbers in place, as the library does", "The numbers are right, but your code writes them into the caller's own arrays.", knobs={"in_place": True},
                hints=("What is in the caller's `running_mean` after the call?", "`+=` and `*=` change the array that was given to you.", "Give the new ones names of their own.")))

    def probes(rng, label, n, d):
        X = (rng.normal(size=(n, d)) * rng.choice([.6, 1.2, 2.], size=d) + rng.choice([-2., 1., 3.], size=d)).round(1)
        args = ordered(order, running_mean=rng.choice([-1.4, -.5, .8, 1.7], size=d), running_var=rng.choice([.5, 1.4, 2.5, 3.2], size=d), X=np.ascontiguousarray(X.T) if columns else X, momentum=float(rng.choice([.1, .2, .3, .7, .8, .9])))
        return [Probe(group, args, label, part=part) for part, group in enumerate((MEAN, VAR))]

    shown = np.random.default_rng(6)

    def hidden(rng):
        return [*probes(rng, "a batch", 6, 3), *probes(rng, "as many examples as features", 3, 3), *probes(rng, "a batch of two", 2, 4), *probes(rng, "a single feature", 5, 1)]

    return FunctionQuestion(name="follow", function="follow", parameters=order, lecture=LECTURE, groups={MEAN: 4, VAR: 5, INPUTS: 1}, keeps_inputs=INPUTS, reference=model, model=model, mistakes=mistakes,
                            public=(*probes(shown, "a batch of three", 3, 2), *probes(shown, "as many examples as features", 2, 2)), hidden=hidden,
                            hints=("Each running number is a share of the old plus a share of the batch's.", _wrong_axis(columns, feature), f"{line}."))
