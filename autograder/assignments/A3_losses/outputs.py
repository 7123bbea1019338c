"""Choosing the output layer and the loss: four problems of each student's own."""

import numpy as np

from autograder.questions import Choice, ChoiceQuestion, Mistake
from autograder.questions.choices import exactly

from .conventions import LECTURE

OUTPUTS = ("one sigmoid", "one plain", "softmax", "several plain", "mixed")
LOSSES = ("binary cross-entropy", "cross-entropy", "squared error", "cosine", "cox", "sum of losses")
OUTPUT, LOSS = "the output layers", "the losses"
MEANS = {
    "one sigmoid": "one number between 0 and 1, such as the probability of a yes", "one plain": "one number of any size, positive or negative", "softmax": "a probability for each class, which together are 1",
    "several plain": "several numbers of any size, each for itself", "mixed": "units of several kinds, because there is more than one answer",
    "binary cross-entropy": "minus the logarithm of the probability that was given to the right one of yes and no", "cross-entropy": "minus the logarithm of the probability that was given to the right class",
    "squared error": "the square of how far one number is from another", "cosine": "how far two arrows point apart, whatever their lengths",
    "cox": "who was next among those still at risk, so that it need not be known of everybody when", "sum of losses": "a loss for each of several answers, added up",
}
LETTERS = "abcd"

# kind of answer → (output, loss)
MATCH = {"yes or no": ("one sigmoid", "binary cross-entropy"), "a class": ("softmax", "cross-entropy"), "a number": ("one plain", "squared error"),
         "a direction": ("several plain", "cosine"), "a time": ("one plain", "cox"), "several": ("mixed", "sum of losses")}

POOL = {
    "yes or no": ("Is this e-mail spam?", "Will this customer cancel the contract within a year?", "Does this X-ray show a broken bone?", "Is this bank note forged?", "Will this seed sprout?", "Does this comment break the rules of the forum?"),
    "a class": ("Which of 12 bird species sings on this recording?", "Which of the ten digits is on this picture?", "In which of 7 languages is this sentence written?", "Which of 5 blood cell types is this?",
                "Which of 26 letters was typed?", "To which of 4 departments does this letter go?"),
    "a number": ("How many millimetres of rain will fall tomorrow?", "At what price in euros will this flat be sold?", "How warm will the engine get, in degrees?", "How many kilowatt-hours will this house use this week? (Every house was read.)",
                 "How tall will this child be as an adult, in centimetres?", "How far from the shore is this ship, in kilometres?"),
    "a direction": ("What is this text about? Counts of 300 words describe it; a long text on the same things should count as the same.", "Which way does the robot's arm point in space? (x, y, z); how long the arm is does not matter.",
                    "In which direction does the wind blow over this valley, as an arrow (east, north)? Its strength does not matter.", "Which way is down, for a telephone in the hand, as an arrow (x, y, z)? How strongly things are pulled does not matter."),
    "a time": ("When will the patient fall ill again? Some were well at their last visit, and later nothing is known.", "When will this machine break down? Many of the machines in the data still run.",
               "When does a student leave the course? Some were still in it when the data were collected.", "When will the light bulb fail? The test ended while a third of the bulbs still burned."),
    "several": ("Which of 4 animals is on this picture, and how heavy is it, in kilograms? One network shall say both.", "Will it rain, yes or no, and how warm will it be? One network for both.",
                "Which of 3 machines made this part, and how long is it, in millimetres? One network for both.", "Is the tumour malignant, yes or no, and how large is it, in millimetres? One network for both."),
}


def problems(variant):
    """Four (kind, text): the three kinds that everybody must know and one of the others, in any order."""
    rng = variant.rng("problems")
    kinds = ["yes or no", "a class", "a number", str(rng.choice(["a direction", "a time", "several"]))]
    return [(kind, str(rng.choice(POOL[kind]))) for kind in np.array(kinds, dtype=object)[rng.permutation(4)]]


def answers(asked):
    """The student's names with what is right for each: output_a, loss_a, output_b, …"""
    return {f"{what}_{letter}": MATCH[kind][place] for letter, (kind, _) in zip(LETTERS, asked) for place, what in enumerate(("output", "loss"))}


def prose(asked):
    return {f"problem_{letter}": text for letter, (_, text) in zip(LETTERS, asked)} | {"answers": answers(asked)}


def question(asked):
    kinds = {kind: letter for letter, (kind, _) in zip(LETTERS, asked)}
    right = answers(asked)
    choices = {name: Choice(OUTPUT if name.startswith("output") else LOSS, OUTPUTS if name.startswith("output") else LOSSES, (option,), means=MEANS) for name, option in right.items()}

    def mistake(name, sentence, hints, kind, output=None, loss=None):
        """A mistake that is seen in the answer to one kind of problem; what it does not name is right there."""
        letter, (right_output, right_loss) = kinds[kind], MATCH[kind]
        return Mistake(name, sentence, hints, **exactly(right, **{f"output_{letter}": output or right_output, f"loss_{letter}": loss or right_loss}))

    last = next(kind for kind in kinds if kind in ("a direction", "a time", "several"))
    own = {
        "a direction": (
            mistake("Lengths count where only directions should", "For a direction you chose the squared error. It also punishes an answer of the right direction and another length.",
                    ("What should an answer cost that points the right way and is twice as long?", "Nothing. Which loss looks at the angle only?", "The cosine distance."), last, loss="squared error"),
            mistake("One unit for a direction", "One number cannot point anywhere: a direction has several coordinates, and each needs a unit.",
                    ("How many numbers does an arrow in space have?", "As many units as coordinates.", "Several plain units."), last, output="one plain"),
            mistake("A softmax for a direction", "Softmax makes probabilities, all positive and with sum 1. The coordinates of a direction may be any numbers.",
                    ("Are the coordinates the probabilities of classes?", "No bend is needed.", "Several plain units."), last, output="softmax")),
        "a time": (
            mistake("The unfinished ones do not fit", "The squared error needs the time of every example. For some it is only known that nothing had happened yet.",
                    ("What is y for somebody to whom nothing has happened so far?", "Which loss asks who is next among those still at risk?", "Cox's partial likelihood."), last, loss="squared error"),
            mistake("A sigmoid for a risk", "Cox's loss takes a score of any size, the logarithm of a risk; a sigmoid would hold it between 0 and 1.",
                    ("How much riskier may one example be than another?", "The score is compared with the others' only.", "One plain unit."), last, output="one sigmoid"),
            mistake("Whether instead of when", "Yes or no forgets how long it took, and what to say of those who were not seen to the end?",
                    ("What does the question ask, whether or when?", "Which loss of the lecture is about times?", "One plain unit and Cox's partial likelihood."), last, output="one sigmoid", loss="binary cross-entropy")),
        "several": (
            mistake("One loss for two answers", "The network has two answers of different kinds; one loss judges only one of them.",
                    ("How many things shall the network say?", "Each needs its own units and its own loss.", "Units of several kinds, and the sum of their losses."), last, loss="squared error"),
            mistake("One softmax over everything", "A softmax over all units would make a length compete with a class for probability.",
                    ("Is the number one of the classes?", "Each answer has units with a bend of its own.", "Mixed."), last, output="softmax"),
            mistake("One kind of unit for two kinds of answer", "Plain units alone cannot give a probability: the class or the yes-or-no needs its own bend.",
                    ("Which of the two answers is a probability?", "Each answer has its own kind of unit.", "Mixed."), last, output="several plain")),
    }[last]
    return ChoiceQuestion(
        name="outputs", groups={OUTPUT: 7, LOSS: 8}, lecture=LECTURE, choices=choices, example=right,
        hints=("First say what the answer is: yes or no, a class, a number, a direction, a time, or several of these.", "How many numbers must the network say, and between which limits?",
               "Read the table in L04 under *Other answers, other outputs*."),
        mistakes=(
            mistake("A squared error for yes or no", "For yes or no you chose the squared error: after a sigmoid it falls asleep where the network is most wrong.",
                    ("Which loss still has a slope at h = −8?", "The truth is a class, and p its probability.", "The binary cross-entropy."), "yes or no", output="one sigmoid", loss="squared error"),
            mistake("A plain unit for yes or no", "The binary cross-entropy takes the logarithm of a probability. A plain unit can say 3, or −1.",
                    ("Between which limits must a probability lie?", "What squashes any number into them?", "One sigmoid."), "yes or no", output="one plain"),
            mistake("A softmax for yes or no", "With one unit a softmax always says 1, and a second unit would only repeat what the first one says: one sigmoid is enough.",
                    ("What is the softmax of a single score?", "As few units as will do.", "One sigmoid."), "yes or no", output="softmax"),
            mistake("Classes as numbers", "You let one unit say the class as a number. That gives the classes an order and distances that they do not have.",
                    ("Is class 4 twice class 2?", "Give each class its own unit.", "Softmax, and the cross-entropy."), "a class", output="one plain", loss="squared error"),
            mistake("A yes-or-no loss for many classes", "The binary cross-entropy judges one yes or no. Among several classes exactly one is right, and the softmax's cross-entropy looks at that one.",
                    ("How many classes are there, and how many can be right?", "Which loss goes with a softmax?", "The cross-entropy."), "a class", output="softmax", loss="binary cross-entropy"),
            mistake("A squared error for a class", "Squared error after a softmax has flat ends: where the network is sure and wrong, it hardly learns.",
                    ("Which loss goes with a softmax?", "Minus the logarithm of the right class's probability.", "The cross-entropy."), "a class", output="softmax", loss="squared error"),
            mistake("A squashed number", "A sigmoid cannot say more than 1; the number asked for can be larger.",
                    ("What is the largest number that the unit can say?", "No bend is needed.", "One plain unit."), "a number", output="one sigmoid"),
            mistake("A cross-entropy for a number", "A cross-entropy takes the logarithm of a probability. A number is compared with a number.",
                    ("Is the answer a probability?", "How far off is it?", "The squared error."), "a number", loss="cross-entropy"),
            *own,
        ))
