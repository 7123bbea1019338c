"""A3, Losses and matching outputs: which questions are asked in which term, and what its text says of them."""

from autograder.questions import Assignment

from . import binary, classes, cosine, outputs, slopes
from .conventions import Conventions


def assignment(variant):
    term, asked = Conventions.of(variant), outputs.problems(variant)
    questions = (binary.question(term), classes.softmax_question(term), classes.cross_entropy_question(term), cosine.question(term), outputs.question(asked), slopes.question(term))
    return Assignment("A3", "Losses and matching outputs", questions, prose={"term": term, **outputs.prose(asked)}, conventions=term.in_words())
