"""A5, Build autodiff: what a term chooses, and the questions in order."""

from autograder.questions import Assignment

from .compare import compare_question
from .losses import LOSSES
from .neuron import neuron_question
from .nudging import DIFFERENCES, check_question
from .order import order_question
from .paper import paper, paper_numbers, paper_question
from .prose import prose
from .rules import rules_question
from .walk import backward_question


def assignment(variant):
    kink = variant.choose("kink", ["maximum", "relu", "minimum"])
    loss = LOSSES[variant.choose("loss", list(LOSSES))]
    bar = variant.choose("gradient's name", ["grad", "bar", "slope_to_end"])
    anew = variant.choose("a second walk back", [True, False])
    outward = variant.choose("direction of the order", [False, True])
    last = variant.choose("place of the loss", [False, True])
    bias_first = variant.choose("place of the bias", [False, True])
    difference = variant.choose("measure of the difference", list(DIFFERENCES))
    numbers = paper_numbers(variant)
    return Assignment(
        "A5", "Build autodiff",
        (rules_question(variant, (*loss.operations, kink)), order_question(outward), paper_question(numbers), backward_question(bar, anew),
         neuron_question(variant, loss, last), compare_question(bias_first), check_question(difference)),
        prose=prose(variant, loss=loss, kink=kink, bar=bar, anew=anew, outward=outward, last=last, bias_first=bias_first, difference=difference, numbers=numbers, sheet=paper(numbers)),
        conventions={"operations": f"add, multiply, {', '.join((*loss.operations, kink))}", "gradient": f"stands in .{bar}",
                     "a second walk back": "sets every gradient anew" if anew else "adds to the gradients that are there",
                     "topological order": "the end first" if outward else "what is given first", "loss": loss.name, "neuron returns": "the loss last" if last else "the loss first",
                     "gradient of the network": "the bias first" if bias_first else "the bias last", "difference of two slopes": difference})
