"""Early stopping, from a list of validation losses: which epoch was best, and after which training stops."""

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

LECTURE = "L13, Regularization: shrinkage, early stopping, data"
BEST, STOP, END = "the best epoch", "the epoch of the stop", "runs to the end"
# rule → (what is waited through, how many of them end training beyond `patience`)
RULES = {"at": "epochs without a new best", "rises": "rises", "beyond": "epochs without a new best"}


def stopping(variant):
    """The question, what its text says, and the conventions."""
    rule, first, stop_first = variant.choose("patience", list(RULES)), variant.choose("first epoch", [0, 1]), variant.choose("order of results", [True, False])
    words = {"at": "Training stops after the epoch that is the `patience`-th in a row without a new best loss: a loss smaller than every one before it.",
             "beyond": "As many as `patience` epochs in a row without a new best loss (a loss smaller than every one before it) are forgiven; training stops after the first one beyond them.",
             "rises": "Training stops after the `patience`-th *rise* in a row. A rise is a loss larger than that of the epoch before; a loss that is equal or smaller ends the row, whether or not it is a new best."}[rule]
    waiting = {"rises": "waited = waited + 1 if last > 0 and loss > losses[last - 1] else 0"}.get(rule, "waited = 0 if best == last else waited + 1")
    returned = ("last", "best") if stop_first else ("best", "last")
    prose = {"patience_words": words, "first_epoch": first, "stop_returns": ", ".join(f"{name}_epoch" for name in returned), "stop_returned": ", ".join(name + (" + 1" if first else "") for name in returned),
             "waiting_code": waiting, "waiting_until": "waited > patience" if rule == "beyond" else "waited == patience"}
    conventions = {"patience": {"at": "stops with the patience-th epoch without a new best", "beyond": "stops with the first epoch beyond the patience", "rises": "counts rises in a row"}[rule], "first epoch": str(first),
                   "early stopping returns": " then ".join(returned)}
    return question(rule, first, stop_first), prose, conventions


def waited(losses, patience, *, rule, ties=False, fresh=True):
    """The epochs as they pass, from 0: (epoch, best so far, whether training stops after it)."""
    best = count = 0
    for k, loss in enumerate(losses):
        better = k == 0 or loss < losses[best] or ties and loss == losses[best]
        best = k if better else best
        calm = k == 0 or not (loss > losses[k - 1] or ties and loss == losses[k - 1]) if rule == "rises" else better
        count = (0 if fresh else count) if calm else count + 1
        yield k, best, not calm and count >= patience + (rule == "beyond")


def question(rule, first, stop_first):
    places = {"stop": 0, "best": 1} if stop_first else {"best": 0, "stop": 1}

    def model(losses, patience, *, of="seen", rule=rule, ties=False, fresh=True, extra=0, least=None, base=first, turned=False, never=False):
        losses = list(losses)
        last = len(losses) - 1
        for last, best, stops in waited(losses, patience + extra if least is None else least, rule=rule, ties=ties, fresh=fresh):
            if stops and not never:
                break
        best = {"seen": lambda: best, "all": lambda: int(np.argmin(losses)), "last": lambda: last, "back": lambda: last - patience, "largest": lambda: int(np.argmax(losses[:last + 1])),
                "loss": lambda: losses[best] - base}[of]()
        found = (last + base, best + base)
        return found if stop_first != turned else found[::-1]

    counted = {"at": "the patience-th epoch without a new best", "beyond": "the first epoch beyond the patience", "rises": "the patience-th rise in a row"}[rule]
    other = "at" if rule == "rises" else "rises"
    mistakes = [
        Mistake("The last epoch for the best", "You name the epoch where training stopped as the best one: its loss is known to be no best.", knobs={"of": "last"},
                hints=("Which epoch's weights would you like to keep?", "Its loss is the smallest so far, and training went on for a while after it.", "Remember the epoch whenever a new best comes.")),
        Mistake("Looks into the future", "Your best epoch comes after the stop: a run that has stopped never sees those losses.", knobs={"of": "all"},
                hints=("Which losses are known when training stops?", "`np.argmin` of the whole list?", "The best of the epochs up to the stop.")),
        Mistake("Never stops", "Your run goes to the end of the list, whatever the patience.", knobs={"never": True},
                hints=("Does your result change with `patience`?", "When is it time to leave the loop?", f"Stop with {counted}.")),
        Mistake("No patience", f"Your run stops at the first {'rise' if rule == 'rises' else 'epoch without a new best'}, whatever the patience.", knobs={"least": 1 - (rule == "beyond")},
                hints=("Does your result change with `patience`?", "A curve may rise for a while and fall again.", f"Stop with {counted}.")),
        Mistake("One epoch too early", "Your patience ends one epoch too early.", knobs={"extra": -1},
                hints=("Count on your fingers, with patience 2.", "Is it `>` or `>=`, and from what does your count start?", f"Stop with {counted}.")),
        Mistake("One epoch too late", "Your patience ends one epoch too late.", knobs={"extra": 1},
                hints=("Count on your fingers, with patience 2.", "Is it `>` or `>=`, and from what does your count start?", f"Stop with {counted}.")),
        Mistake("The count never starts anew", "You count all bad epochs of the run together; here they have to come in a row.", knobs={"fresh": False},
                hints=("What should happen to the count after a good epoch?", "Is it set to 0 again?", f"`waited = 0` {'where there is no rise' if rule == 'rises' else 'with each new best'}.")),
        Mistake("A tie counts as better" if rule != "rises" else "A tie counts", "A loss equal to the best so far is no new best: smaller is asked for." if rule != "rises" else "Two equal losses: the second is neither a new best nor a rise.", knobs={"ties": True},
                hints=("Twice the same loss: which epoch is the best?", "`<` or `<=`?", "The first of two equal ones stays the best." if rule != "rises" else "`<` for a new best and `>` for a rise.")),
        Mistake("Compared with the epoch before" if rule != "rises" else "Compared with the best", "You wait through rises; here it is epochs without a new best that count, be they rises or not." if rule != "rises" else
                "You count epochs without a new best; here it is rises, from one epoch to the next.", knobs={"rule": other},
                hints=("Losses 1, 3, 2: is the third epoch a good one here?", "With what is each loss compared?", f"Stop with {counted}.")),
        Mistake(f"Counts from {1 - first}", f"Your epochs are counted from {1 - first}; here the first is epoch {first}.", knobs={"base": 1 - first},
                hints=("Which number has the first epoch?", "Both numbers are off by one.", f"The first loss belongs to epoch {first}.")),
        Mistake("The two are exchanged", "Both numbers are right, in the wrong order.", knobs={"turned": True},
                hints=("Which of the two can be the larger one?", "Look at your `return`.", f"Return {'the stop, then the best' if stop_first else 'the best, then the stop'}.")),
        Mistake("The loss instead of the epoch", "You return how small the best loss is; asked for is its epoch.", knobs={"of": "loss"},
                hints=("Is the best epoch a whole number?", "A loss, or its place in the list?", "Remember k, not `losses[k]`.")),
        Mistake("Patience counted back", "Your best epoch is the stop minus the patience: that is wrong where training runs to the end" + (" (and elsewhere)." if rule != "at" else "."), knobs={"of": "back"},
                hints=("Which epoch is best where the loss falls to the very end?", "The best has a place of its own.", "Remember the epoch whenever a new best comes.")),
        Mistake("The largest loss", "Your best epoch is the one with the largest loss.", knobs={"of": "largest"},
                hints=("Is a loss good when it is large?", "`max` or `min`?", "The smallest loss is the best."))]

    everything = ({}, *(mistake.knobs for mistake in mistakes))
    waits = [number for number, knobs in enumerate(everything) if {"extra", "least", "fresh", "ties", "rule"} & set(knobs)]
    early = [number for number in waits if everything[number].get("extra") != 1 and (rule == "rises" or "rule" not in everything[number])]

    def telling(rng, ends):
        """Losses and a patience, and what each mistake says of them: a run to the end, or one that is stopped well before, with a smaller loss still to come."""
        while True:
            n, patience = int(rng.integers(9, 15)), int(rng.integers(2, 4))
            losses = ((20 + np.cumsum(rng.choice([-3, -2, -1, 0, 1, 2], size=n, p=[.15, .2, .15, .15, .2, .15]))) / 10).round(1).tolist()
            found = model(losses, patience, base=0)
            best, stop = found[places["best"]], found[places["stop"]]
            if min(losses) >= .3 and (stop == n - 1 and 0 < best < n - 1 and best != stop - patience if ends else 0 < best < stop < n - 3 and min(losses) < losses[best]):
                return (losses, patience), ends, [model(losses, patience, **knobs) for knobs in everything]

    def amiss(lists):
        """How much these lists leave unseen: no two mistakes are to be alike, and what a mistake costs is not to hang on the draw. Who waits
        wrongly names another best epoch in a run that is stopped; who stops too early is wrong about one that goes to the end."""
        said = [tuple(answers) for answers in zip(*(answers for _, _, answers in lists))]
        bests = [[answers[number][places["best"]] for _, ends, answers in lists if not ends] for number in range(len(everything))]
        wholes = [[answers[number] for _, ends, answers in lists if ends] for number in range(len(everything))]
        return len(said) - len(set(said)) + sum(bests[number] == bests[0] for number in waits) + sum(wholes[number] == wholes[0] for number in early)

    def drawn(rng, stopped, to_the_end):
        """Probes on so many lists, exchanged one by one until nothing is amiss."""
        lists = [telling(rng, place >= stopped) for place in range(stopped + to_the_end)]
        while (left := amiss(lists)):
            place = int(rng.integers(len(lists)))
            other = [*lists[:place], telling(rng, lists[place][1]), *lists[place + 1:]]
            lists = other if amiss(other) <= left else lists
        return [Probe(group, args, "a run to the end" if ends else "a run that is stopped", part=part, shown=f"early_stop(losses={args[0]}, patience={args[1]})") for args, ends, _ in lists
                for group, part in ([(END, None)] if ends else [(BEST, places["best"]), (STOP, places["stop"])])]

    def hidden(rng):
        return [*drawn(rng, 4, 2), Probe(END, ([1.5, 1.2, .9, .7, .6], 2), "a loss that falls to the end")]

    return FunctionQuestion(name="early_stop", function="early_stop", parameters=("losses", "patience"), lecture=LECTURE, groups={BEST: 4, STOP: 4, END: 2}, reference=model, model=model,
                            public=tuple(drawn(np.random.default_rng(1), 3, 2)), hidden=hidden, mistakes=tuple(mistakes),
                            hints=("Go through the epochs one by one: what do you know after each?", "Remember the best epoch so far, and how long you have waited.", f"Stop with {counted}; if it never comes, with the last epoch."))
