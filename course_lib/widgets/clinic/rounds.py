"""The doctor's rounds: the figure."""

from __future__ import annotations

from course_lib.checks import whole
from course_lib.widgets import css, esm
from course_lib.widgets.clinic.examinations import TESTS, examine
from course_lib.widgets.clinic.patients import PATIENTS, PHARMACY, treat
from course_lib.widgets.clinic.setup import Setup, is_well, record
from course_lib.widgets.figure import Fed


class Clinic(Fed):
    """Twelve sick training runs with their curves and their code: order tests, make a diagnosis, prescribe, and see.

    The sick runs are trained when the figure is made; tests and prescriptions are run when they are asked for, in the
    kernel. `recorded=True` runs them all at once (a minute), so that the figure does without a kernel.

    `values`: the patient (1 to 12), the diagnosis and the prescription chosen for it, the tests ordered so far as
    "patient: test", and `cured`, the patients who are well.

    >>> figure = Clinic()
    >>> header, arrays = figure.answer({"patient": 1, "prescribe": "faster"})
    >>> header["well"], figure.answer({"patient": 1, "test": "first loss"})[0]["says"][:32]
    (True, 'Before the first step the loss i')
    """

    _esm = esm("clinic/ward.js")
    _css = css("clinic/clinic.css")

    def __init__(self, patient: int = 1, *, recorded: bool = False, **options):
        patient = whole(patient, "patient")
        if patient > len(PATIENTS):
            raise ValueError(f"There is no patient {patient}; the clinic has 1 to {len(PATIENTS)}.")
        data = {
            "patients": [
                {"complaint": each.complaint, "diagnosis": each.diagnosis, "because": each.because, "cure": each.cure, **_chart(each.setup)} for each in PATIENTS
            ],
            "healthy": _chart(Setup()),
            "tests": [[name, words] for name, (words, _) in TESTS.items()],
            "pharmacy": [[name, each.words] for name, each in PHARMACY.items()],
            "known": {},
        }
        values = {"patient": patient, "diagnosis": "", "prescription": "", "ordered": [], "cured": []}
        if recorded:
            data["known"] = {_key(request): self.answer(request)[0] for request in _all_requests()}
        super().__init__(values=values, data=data, **options)

    def answer(self, request: dict) -> tuple[dict, list]:
        patient = PATIENTS[whole(request.get("patient"), "patient") - 1]
        if "test" in request:
            return examine(patient.setup, request["test"]), []
        name = request.get("prescribe")
        curves = treat(patient, name)
        return {**_chart(PHARMACY[name].change(patient.setup)), "well": is_well(curves), "same": PHARMACY[name].change(patient.setup) == patient.setup}, []


def _chart(setup: Setup) -> dict:
    curves = record(setup)
    # A loss of 1e300 is a number, too, but no axis is made for it.
    low = {name: [min(value, 1e9) if value == value else None for value in curves[name]] for name in ("loss", "validation_loss")}
    return {**low, "accuracy": curves["accuracy"][-1] if curves["accuracy"] else None, "diverged": curves["diverged"], "code": setup.code()}


def _all_requests():
    for patient in range(1, len(PATIENTS) + 1):
        yield from ({"patient": patient, "test": test} for test in TESTS)
        yield from ({"patient": patient, "prescribe": name} for name in PHARMACY)


def _key(request: dict) -> str:
    return f"{request['patient']}: {request.get('test', request.get('prescribe'))}"
