"""Another term asks otherwise: what was right in one term is not handed in again in the next."""

import itertools

import numpy as np
import pytest

from autograder.assignments import folders, load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.myst import notebook_bytes
from autograder.authoring.proof import TRIAL, names_of, prove, without_solutions
from autograder.variants import Variant

NAMES = [pytest.param(name, marks=pytest.mark.slow) if name in ("A5", "A6", "A9") else name for name in folders()]  # these train networks
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
@pytest.mark.parametrize("name", NAMES)
def test_the_solution_of_another_term_is_not_right_where_conventions_differ(name):
    solutions = {term: names_of(build_notebook(name, term)) for term in TERMS}
    for term, other in itertools.permutations(TERMS, 2):
        if load(name, term).conventions != load(name, other).conventions:
            lost = [verdict for verdict in verdicts(name, term, dict(solutions[other])) if verdict.points < verdict.most]
            assert lost, f"{name}: the solution of {other!r} gets full marks in {term!r}, which asks {load(name, term).conventions}"


@pytest.mark.parametrize("name", list(folders()))
def test_terms_differ_in_what_they_ask(name):
    asked = {tuple(sorted(load(name, term).conventions.items())) for term in (*TERMS, *(f"term{number}" for number in range(8)))}
    assert len(asked) >= 4, f"{name}: twelve terms ask in only {len(asked)} ways"


@pytest.mark.parametrize("name", list(folders()))
def test_the_same_words_give_the_same_bytes_and_other_words_others(name):
    first = notebook_bytes(build_notebook(name, "2027-spring", "ada"))
    load.cache_clear()                                    # drawn anew, not remembered
    assert notebook_bytes(build_notebook(name, "2027-spring", "ada")) == first
    others = {notebook_bytes(build_notebook(name, term)) for term in TERMS}
    assert len(others) == len(TERMS), f"{name}: two terms of {TERMS} are the same notebook"


@pytest.mark.parametrize("name", list(folders()))
def test_what_students_find_differs_between_them_in_text_alone(name):
    one, other = (without_solutions(build_notebook(name, "2027-spring", student)).cells for student in ("ada", "bob"))
    differing = {cell.cell_type for cell, theirs in zip(one, other, strict=True) if cell.source != theirs.source}
    assert differing <= {"markdown"}, f"{name}: code differs from student to student"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", list(folders()))
def test_the_notebook_as_students_get_it_runs_from_top_to_bottom(name):
    names = {"__name__": "__main__"}
    for cell in without_solutions(build_notebook(name)).cells:
        if cell.cell_type == "code" and not cell.source.startswith("from autograder import"):
            exec(compile(cell.source, f"<{name}, {cell.source.splitlines()[0]}>", "exec"), names)


# ---------------------------------------------------------------- proved before they are released

def some(count, seed):
    """So many (term, student), no two alike, the same in every run."""
    rng = np.random.default_rng(seed)
    return [(f"term-{number}-{rng.integers(16**6):06x}", f"student{number}-{rng.integers(16**6):06x}") for number in range(count)]


def held(name, variants):
    """Prove each variant; returns the seconds of each."""
    proofs = [prove(name, term, student) for term, student in variants]
    assert all(proof.holds for proof in proofs), "\n".join(problem for proof in proofs for problem in proof.problems)
    return [proof.seconds for proof in proofs]


@pytest.mark.parametrize("name", NAMES)
def test_a_few_random_terms_and_students_are_proved(name):
    held(name, [*some(2, seed=7), ("", "ada")])


@pytest.mark.slow
@pytest.mark.parametrize("place, name", list(enumerate(folders())))
def test_two_hundred_random_terms_and_students_are_proved_in_seconds_each(place, name, record_property):
    share = some(200, seed=8)[place::len(folders())]
    seconds = held(name, share)
    record_property("median seconds of a proof", float(np.median(seconds)))
    assert np.median(seconds) < 10, f"{name}: {len(share)} proofs, half of them take more than {np.median(seconds):.1f} seconds each"


# ---------------------------------------------------------------- one assignment, convention by convention

CHANGED_BY = {
    "A3": {"bce": ("losses", "binary cross-entropy", "the two classes"), "softmax": ("examples",), "cross_entropy": ("examples", "losses", "right classes", "cross_entropy returns"),
           "cosine": ("examples", "cosine"), "slopes": ("squared error", "slopes returns")},
    "A8": {"add_l2": ("price of L2", "arguments of add_l2"), "l1_step": ("price of L1", "arguments of l1_step"), "dropout": ("p of dropout", "small u", "dropout is scaled"),
           "batch_norm": ("examples of batch_norm", "ε", "variance in training", "arguments of batch_norm"), "follow": ("examples of batch_norm", "running variance", "momentum", "arguments of follow"),
           "early_stop": ("patience", "first epoch", "early stopping returns")},
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name, question, conventions", [(name, question, words) for name, questions in CHANGED_BY.items() for question, words in questions.items()])
def test_every_convention_changes_its_question(name, question, conventions):
    terms = [f"term{number}" for number in range(10)]
    solutions = {term: names_of(build_notebook(name, term)) for term in terms}
    for term, other in itertools.permutations(terms, 2):
        differs = any(load(name, term).conventions[word] != load(name, other).conventions[word] for word in conventions)
        verdict = load(name, term)[question].judge(solutions[other].__getitem__, TRIAL.rng(Variant(name, term), question), name)
        assert (verdict.points < verdict.most) == differs, str(verdict)
        assert not differs or verdict.explanation
