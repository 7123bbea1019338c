"""The clinic's two questions: what is wrong with each run, and a cure, which is trained and looked at."""

from __future__ import annotations

from autograder.questions import Choice, ChoiceQuestion, Mistake

from .cures import CureQuestion
from .patients import BRAKES, CAUSES, FAST, HEART, HUGE, SLOW, TWICE, UNSCALED, VANISHING, ZEROS, Sick
from .ward import WELL, is_better, is_well

LECTURE = "Clinic, Doctor's rounds"
MOST = 3                                                  # settings that a cure may change
DIAGNOSES = "diagnoses"


# ---------------------------------------------------------------- what is wrong

BEGUN = (ZEROS, HUGE, VANISHING, TWICE)


def confused(truth, said) -> str:
    """The name of the mistake of saying this of a run of these causes; "" where it is none."""
    if said in truth or not said:
        return ""
    if {said} | set(truth) >= {SLOW, FAST}:
        return "Too slow and too fast exchanged"
    if HEART in truth:
        return "A brake named where nothing is held back" if said in (*BRAKES, UNSCALED) else "Two parting curves are one sign"
    if said == HEART:
        return "Learned by heart, with both curves high"
    if said in (SLOW, FAST):
        return "A flat curve is not always the rate"
    if said == UNSCALED:
        return "The inputs were blamed"
    if truth == (UNSCALED,):
        return "The network was blamed for its inputs"
    if said in BEGUN and set(truth) & set(BEGUN):
        return "Another fault of the start"
    if said in BRAKES and set(truth) & set(BRAKES):
        return "Another brake"
    return "Another cause"


SAID = {
    "Too slow and too fast exchanged": ("You took a rate that is too small for one that is too large, or the other way round: too small creeps down smoothly, too large leaps or runs away.",
                                        ("Does the loss creep, or does it leap?", "Compare the rate with that of the other runs by the same rule.", "A hundredth creeps; a hundred times as much leaps."), "L10, Optimizers"),
    "A brake named where nothing is held back": ("Its training loss goes to nearly 0: nothing keeps it from learning. It learns too much.",
                                                           ("Where does the training loss end?", "Near 0: it can learn.", "Far apart: learned by heart."), "L13, Regularization: shrinkage, early stopping, data"),
    "Two parting curves are one sign": ("One run's training loss falls to nearly 0 while its validation loss climbs: that has a name.", ("Which of the six has two curves that part?", "What has it learned, if not the digits?", "It has learned its wrong labels by heart."), "L13, Regularization: shrinkage, early stopping, data"),
    "Learned by heart, with both curves high": ("Who learns by heart has a training loss near 0. In the run you named so the training loss is not low, or its network never moved.",
                                                ("Where does its training loss end?", "By heart means: low there, high on new digits.", "Look at the settings for what stops it, or at the first loss."), "L13, Regularization: shrinkage, early stopping, data"),
    "A flat curve is not always the rate": ("You blamed the rate of a run whose rate does well in a healthy one.", ("Is its rate unusual for its rule?", "Rates like this serve other runs.", "What else is unusual: inputs, first weights, what the loss gets, a brake?"), ""),
    "The inputs were blamed": ("You blamed the inputs of a run whose inputs are standardized.", ("What does the table say of its inputs?", "They are standardized.", "Look at another line of the table."), "L12, Preprocessing and batch normalization"),
    "The network was blamed for its inputs": ("The inputs of one run come as they were measured, each column in a unit of its own: no network is at fault there.", ("What does the table say of its inputs?", "Pixels in units of their own, up to hundreds.", "Its first loss is far above ln 10."), "L12, Preprocessing and batch normalization"),
    "Another fault of the start": ("Something is wrong at this run's start, and it is not what you named.", ("Is its first loss ln 10, far more, or does it stop at 1.46?", "Zeros: exactly 2.30. Huge: tens or hundreds. Many sigmoids: 2.3 and flat. Softmax twice: never below 1.46.", "Then read the lines weights, activation and loss_gets."), "L11, Initialization"),
    "Another brake": ("This run is held back, and by something else than you named.", ("Which three settings can hold a run back?", "The penalty, dropout, too few units.", "Which of the three is unusual here?"), "L13, Regularization: shrinkage, early stopping, data"),
    "Another cause": ("At least one run has another cause than the one you named.", ("Begin with the first loss, then the end of both curves.", "Which setting stands apart from the other runs'?", "Many unusual settings do no harm: ask of each whether it can make this curve."), ""),
}


def diagnosis_question(runs: tuple[Sick, ...]) -> ChoiceQuestion:
    names = [f"run_{place}" for place in range(1, len(runs) + 1)]
    right = {name: run.causes[0] for name, run in zip(names, runs)}
    made = {}                                                # mistake → the first wrong diagnosis that is one
    for name, run in zip(names, runs):
        for said in CAUSES:
            if (mistake := confused(run.causes, said)):
                made.setdefault(mistake, {**right, name: said})

    def fits(mistake):
        return lambda values: any(confused(run.causes, values[name]) == mistake for name, run in zip(names, runs))

    return ChoiceQuestion(
        name="diagnoses", groups={DIAGNOSES: 12}, lecture=LECTURE, example=right, choices={name: Choice(DIAGNOSES, CAUSES, run.causes, "a sick run") for name, run in zip(names, runs)},
        hints=("First loss, last loss, new digits right: three numbers for each run.", "A first loss far above ln 10 = 2.30 tells of inputs or weights; exactly 2.30 for ever of zeros or a gradient that vanishes.", "Then find the setting in the table that can do that."),
        mistakes=tuple(Mistake(mistake, SAID[mistake][0], hints=SAID[mistake][1], lecture=SAID[mistake][2], fits=fits(mistake), example=made[mistake]) for mistake in SAID if mistake in made))


# ---------------------------------------------------------------- what makes it well

def treated(run: Sick, changes: dict) -> str:
    """The name of the mistake in a cure that did not help."""
    touched = [cause for cause in run.causes if set(changes) & set(run.cure(cause)) or cause == VANISHING and set(changes) & {"activation", "hidden_layers"}]
    def more(name):
        return name in changes and changes[name] > run.settings[name]
    if len(changes) > MOST:
        return "Everything was changed"
    if not changes:
        return "Nothing was changed"
    if len(run.causes) == 2 and len(touched) == 1:
        return "One of two causes"
    if set(changes) == {"epochs"}:
        return "Only more epochs" if more("epochs") else "The right medicine, the wrong dose" if run.heart else "Fewer epochs for a run that has not learned"
    if run.heart:
        return "A larger network for one that learns by heart" if more("units") or more("hidden_layers") else "The right medicine, the wrong dose"
    if not touched and (more("dropout") or more("penalty")):
        return "A brake for a run that does not learn"
    if not touched and UNSCALED in run.causes and "eta" in changes and not more("eta"):
        return "A smaller rate for inputs that are not scaled"
    if not touched and "eta" in changes:
        return "Another rate, where the rate is not the cause"
    if not touched and (more("units") or more("hidden_layers")):
        return "A larger network, where its size is not the cause"
    return "The right medicine, the wrong dose" if touched else "Another cause was treated"


TREATED = {
    "Only more epochs": ("You let a sick run go on for longer, and it stays sick: time does not mend what is broken.", ("Would it ever arrive, at that pace?", "Where is its curve going, at the end?", "Change what stops it, not how long it stands there."), ""),
    "A smaller rate for inputs that are not scaled": ("A smaller rate keeps the loss from running away, and that is a symptom. The columns stay in units of their own: no rate suits them all.", ("What would the right rate be for a column that runs to 3, and for one that runs to 900?", "Another for each.", "Mend the inputs."), "L12, Preprocessing and batch normalization"),
    "A brake for a run that does not learn": ("Dropout and penalties hold back a run that learns too much. This one learns too little.", ("Where does the training loss end?", "It is high: nothing is learned by heart.", "Take brakes away here, or mend what is broken."), "L13, Regularization: shrinkage, early stopping, data"),
    "Another rate, where the rate is not the cause": ("You changed the rate of a run whose rate was not at fault.", ("Is its rate unusual for its rule?", "Rates like this serve other runs.", "Which other setting can make this curve?"), ""),
    "A larger network for one that learns by heart": ("More units give it more to remember with, and its labels stay wrong.", ("What has it learned, if not the digits?", "It has room enough.", "A penalty, dropout, or fewer epochs."), "L13, Regularization: shrinkage, early stopping, data"),
    "A larger network, where its size is not the cause": ("More units cannot mend what is broken here.", ("Could the network it has learn ten digits by heart?", "Something else stops it.", "Which setting is that?"), ""),
    "Fewer epochs for a run that has not learned": ("To stop early helps who learns by heart. This run has not learned enough.", ("Where does its training loss end?", "It is high, or has run away.", "Mend the cause instead."), "L13, Regularization: shrinkage, early stopping, data"),
    "One of two causes": ("You mended one thing, and there is another: a run can have two illnesses.", ("What does the run look like after your cure?", "Which setting is still unusual?", "Change both: up to three settings are allowed."), ""),
    "The right medicine, the wrong dose": ("You changed a setting that is a cause, and it is not enough, or too much, or the other way.", ("In which direction must it go?", "Compare with the run that does well by the same rule.", "Rates go by factors of ten, penalties and dropout too."), ""),
    "Nothing was changed": ("Your cure leaves the run as it is.", ("Which setting is at fault?", "Write its name and another value.", '`{"eta": 0.1}`, say.'), ""),
    "Everything was changed": (f"Your cure changes more than {MOST} settings: that is another run, not a cure.", ("Which of your changes are needed?", "Try them one by one.", "One or two are enough in every run."), ""),
    "Another cause was treated": ("What you changed is not what makes this run sick.", ("What did you name as its cause?", "Which setting belongs to that?", "Change that one."), ""),
}


def cure_question(runs: tuple[Sick, ...]) -> CureQuestion:
    names = [f"cure_{place}" for place in range(1, len(runs) + 1)]
    run_of = dict(zip(names, runs))
    groups = {f"run {place}": 3 for place in range(1, len(runs) + 1)}

    def is_cured(name, changes):
        return 0 < len(changes) <= MOST and is_well(run_of[name].curves(changes), run_of[name].heart)

    def share(name, changes):
        run = run_of[name]
        if not 0 < len(changes) <= MOST:
            return 0.
        return 1. if is_cured(name, changes) else 1 / 3 if is_better(run.curves(changes), run.curves(), run.heart) else 0.

    def shares(values):
        return {group: share(name, values[name]) if name in values else 0. for group, name in zip(groups, names)}

    def evidence(values):
        return " ".join(_seen(place, run_of[name], values[name]) for place, name in enumerate(names, 1) if name in values and not is_cured(name, values[name]))

    def fits(mistake):
        return lambda values: any(treated(run_of[name], changes) == mistake and not is_cured(name, changes) for name, changes in values.items())

    right = {name: run.cure() for name, run in run_of.items()}
    return CureQuestion(
        name="cures", groups=groups, lecture=LECTURE, settings={name: run.settings for name, run in run_of.items()}, shapes=dict.fromkeys(names, ()), shares=shares, evidence=evidence, example=right,
        hints=("One change at a time, and look what it does: the check trains the run for you.", "First what is broken (inputs, weights, what the loss gets), then the rate, then the brakes.", "Two of the six have two causes: mend both."),
        mistakes=tuple(Mistake(mistake, sentence, hints=hints, lecture=lecture, fits=fits(mistake), example={**right, **_example(mistake, run_of)}) for mistake, (sentence, hints, lecture) in TREATED.items()))


def _seen(place, run, changes) -> str:
    """How a run ends after a cure that did not help."""
    if not changes:
        return f"Run {place} is as it was."
    if len(changes) > MOST:
        return f"`cure_{place}` changes {len(changes)} settings; at most {MOST} are allowed."
    curves, (enough, most) = run.curves(changes), WELL[run.heart]
    if curves["diverged"]:
        return f"With `cure_{place}` the loss of run {place} leaves every number behind."
    return f"With `cure_{place}` run {place} ends with {curves['accuracy'][-1]:.0%} of the new digits right and a validation loss of {curves['validation_loss'][-1]:.3g}; {enough:.0%} and at most {most:g} are asked for."


def _example(mistake, run_of) -> dict:
    """A cure that is this mistake, for one of the runs. None of them helps, in any term (tried on every run there is)."""
    def of(found):
        return next((name, run) for name, run in run_of.items() if found(run))
    inputs, run = of(lambda run: run.causes == (UNSCALED,))
    heart, _ = of(lambda run: run.heart)
    two, pair = of(lambda run: len(run.causes) == 2)
    brake, braked = of(lambda run: len(run.causes) == 1 and run.causes[0] in BRAKES)
    return {
        "Only more epochs": {inputs: {"epochs": 60}}, "A smaller rate for inputs that are not scaled": {inputs: {"eta": run.settings["eta"] / 100}}, "A brake for a run that does not learn": {inputs: {"dropout": .5}},
        "Another rate, where the rate is not the cause": {brake: {"eta": 10 * braked.settings["eta"]}}, "A larger network for one that learns by heart": {heart: {"units": 60}},
        "A larger network, where its size is not the cause": {inputs: {"units": 100}}, "Fewer epochs for a run that has not learned": {inputs: {"epochs": 5}}, "One of two causes": {two: pair.cure(pair.causes[0])},
        "The right medicine, the wrong dose": {heart: {"penalty": 1e-5}}, "Nothing was changed": {inputs: {}}, "Everything was changed": {inputs: {"inputs": "standardized", "weights": "small", "units": 70, "batch": 15, "epochs": 30}},
        "Another cause was treated": {inputs: {"weights": "small"}}}[mistake]
