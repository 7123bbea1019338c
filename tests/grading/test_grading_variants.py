"""Another term asks otherwise: what was right in one term is not handed in again in the next."""

import itertools

import numpy as np
import pytest

from autograder.assignments import folders, load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.proof import TRIAL, names_of
from autograder.variants import Variant

TERMS = ("", "2027-spring", "2027-autumn", "2028-spring")


def verdicts(name, term, names):
    """What the automatic questions of a term say of these names."""
    def get(wanted):
        if wanted not in names:
            raise NameError(wanted)
        return names[wanted]

    with np.errstate(all="ignore"):
        return [question.judge(get, TRIAL.rng(Variant(name, term), question.name), name) for question in load(name, term).questions if question.automatic]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", list(folders()))
def test_the_solution_of_another_term_is_not_right_where_conventions_differ(name):
    solutions = {term: names_of(build_notebook(name, term)) for term in TERMS}
    for term, other in itertools.permutations(TERMS, 2):
        if load(name, term).conventions != load(name, other).conventions:
            lost = [verdict for verdict in verdicts(name, term, dict(solutions[other])) if verdict.points < verdict.most]
            assert lost, f"{name}: the solution of {other!r} gets full marks in {term!r}, which asks {load(name, term).conventions}"


@pytest.mark.parametrize("name", [name for name in folders() if name != "A1"])
def test_terms_differ_in_what_they_ask(name):
    asked = {tuple(sorted(load(name, term).conventions.items())) for term in (*TERMS, *(f"term{number}" for number in range(8)))}
    assert len(asked) >= 4, f"{name}: twelve terms ask in only {len(asked)} ways"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("question, conventions", [("bce", ("losses", "binary cross-entropy", "the two classes")), ("softmax", ("examples",)), ("cross_entropy", ("examples", "losses", "right classes", "cross_entropy returns")),
                                                   ("cosine", ("examples", "cosine")), ("slopes", ("squared error", "slopes returns"))])
def test_a3_every_convention_changes_its_question(question, conventions):
    terms = [f"term{number}" for number in range(10)]
    solutions = {term: names_of(build_notebook("A3", term)) for term in terms}
    for term, other in itertools.permutations(terms, 2):
        differs = any(load("A3", term).conventions[word] != load("A3", other).conventions[word] for word in conventions)
        verdict = load("A3", term)[question].judge(solutions[other].__getitem__, TRIAL.rng(Variant("A3", term), question), "A3")
        assert (verdict.points < verdict.most) == differs, str(verdict)
        assert not differs or verdict.explanation
