"""Due dates, penalties, extensions and which attempt counts: pure functions, and the file that says what holds."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course_root import TEMPLATE
from autograder.errors import CourseError
from autograder.grading import deadlines
from autograder.grading.deadlines import BEST, COUNTS, LAST, LAST_ON_TIME, Attempt, Extension, Late, Policy, counting, parse, wait, words

DUE = datetime(2027, 4, 20, 22, tzinfo=timezone.utc)
times = st.datetimes(datetime(2027, 4, 1), datetime(2027, 6, 1)).map(lambda when: when.replace(tzinfo=timezone.utc))
spans = st.timedeltas(timedelta(0), timedelta(days=30))
lates = st.builds(Late, percent=st.floats(0, 100), unit=st.sampled_from(["hour", "day"]), at_most=st.floats(0, 100), zero_after=st.none() | spans)
policies = st.builds(Policy, due=st.just(DUE), grace=st.timedeltas(timedelta(0), timedelta(hours=2)), late=lates, counts=st.sampled_from(COUNTS))
points = st.floats(0, 1000)
attempts = st.lists(st.tuples(times, points, st.booleans()), min_size=1, max_size=8).map(
    lambda many: [Attempt(str(number), when, mark, refused) for number, (when, mark, refused) in enumerate(sorted(many, key=lambda one: one[0]))])


# ---------------------------------------------------------------- penalties

@given(policies, points, times)
def test_a_penalty_takes_something_between_nothing_and_everything(policy, earned, received):
    assert 0 <= policy.penalty(earned, "ada", received) <= earned


@given(policies, points, times, spans)
def test_handing_in_later_never_costs_less(policy, earned, received, more):
    assert policy.penalty(earned, "ada", received) <= policy.penalty(earned, "ada", received + more) + 1e-9


@given(policies, points, spans)
def test_on_time_and_within_the_grace_nothing_is_lost(policy, earned, early):
    assert policy.penalty(earned, "ada", DUE - early) == 0 == policy.penalty(earned, "ada", DUE + policy.grace)


@given(policies, points, times, spans)
def test_an_extension_helps_whom_it_is_for_and_nobody_else(policy, earned, received, more):
    with_it = Policy(**{**vars(policy), "extensions": {"ada": Extension(DUE + more, "ill")}})
    assert with_it.penalty(earned, "ada", received) <= policy.penalty(earned, "ada", received)
    assert with_it.penalty(earned, "bob", received) == policy.penalty(earned, "bob", received)
    assert with_it.penalty(earned, "ada", DUE + more) == 0


@given(policies, points, st.floats(.1, 1), times)
def test_notebooks_lose_the_same_share_so_that_parts_add_up(policy, earned, part, received):
    whole = policy.penalty(earned, "ada", received)
    assert policy.penalty(earned * part, "ada", received) + policy.penalty(earned * (1 - part), "ada", received) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("late, hours, lost", [
    (Late(percent=10), 1, 8), (Late(percent=10), 24, 8), (Late(percent=10), 24.001, 16), (Late(percent=10, at_most=50), 240, 40), (Late(percent=1, unit="hour"), 5.5, 4.8),
    (Late(percent=10, zero_after=timedelta(days=2)), 48, 16), (Late(percent=10, zero_after=timedelta(days=2)), 48.1, 80), (Late(zero_after=timedelta(0)), .001, 80), (Late(), 1000, 0)])
def test_penalties_worked_by_hand(late, hours, lost):
    assert Policy(due=DUE, late=late).penalty(80, "ada", DUE + timedelta(hours=hours)) == pytest.approx(lost)


def test_after_the_grace_lateness_counts_from_the_due_date():
    policy = Policy(due=DUE, grace=timedelta(minutes=10), late=Late(percent=1, unit="hour"))
    assert policy.lateness("ada", DUE + timedelta(minutes=11)) == timedelta(minutes=11)


def test_without_a_due_date_or_a_known_time_nobody_is_late():
    assert Policy().penalty(10, "ada", DUE) == 0 == Policy(due=DUE, late=Late(zero_after=timedelta(0))).penalty(10, "ada", None)


# ---------------------------------------------------------------- which attempt counts

@given(attempts, policies, times, points)
def test_under_best_handing_in_again_never_loses_points(before, policy, when, again):
    policy = Policy(**{**vars(policy), "counts": BEST})
    able = [attempt for attempt in before if not attempt.refused]
    after = counting([*before, Attempt("again", max(when, before[-1].received), again)], policy, "ada")
    if able:
        assert deadlines.worth(after, policy, "ada") >= deadlines.worth(counting(before, policy, "ada"), policy, "ada")


@given(attempts, policies, times, points)
def test_under_last_on_time_a_late_one_never_replaces_one_that_was_on_time(before, policy, when, again):
    policy = Policy(**{**vars(policy), "counts": LAST_ON_TIME})
    counted = counting(before, policy, "ada")
    late = Attempt("again", DUE + policy.grace + timedelta(hours=1), again)
    if not counted.refused and not policy.lateness("ada", counted.received):
        assert counting([*before, late], policy, "ada") == counted


@given(attempts, policies)
def test_what_could_not_be_graded_never_replaces_what_could(before, policy):
    counted = counting([*before, Attempt("broken", before[-1].received, 0.0, refused=True)], policy, "ada")
    assert counted.digest != "broken" or all(attempt.refused for attempt in before)


@given(attempts, policies)
def test_what_counts_is_one_of_the_attempts(before, policy):
    assert counting(before, policy, "ada") in before and counting([], policy, "ada") is None


def test_each_rule_on_one_story():
    story = [Attempt("good", DUE - timedelta(days=2), 80), Attempt("worse", DUE - timedelta(days=1), 60), Attempt("late and better", DUE + timedelta(hours=1), 85)]
    chosen = {counts: counting(story, Policy(due=DUE, late=Late(percent=10), counts=counts), "ada").digest for counts in COUNTS}
    assert chosen == {LAST: "late and better", BEST: "good", LAST_ON_TIME: "worse"}


# ---------------------------------------------------------------- how often students are graded on submit

@given(st.lists(times, max_size=30), st.integers(0, 5), times)
def test_after_the_wait_there_is_room_for_one_more_and_not_before(gradings, limit, now):
    policy = Policy(gradings_per_hour=limit)
    pause = wait(gradings, policy, now)
    recent = [min(when, now) for when in gradings if when > now - timedelta(hours=1)]
    assert (pause == timedelta(0)) == (len(recent) < limit)
    assert timedelta(0) <= pause <= timedelta(hours=1)
    if limit and pause:
        assert len([when for when in recent if when > now + pause - timedelta(hours=1)]) < limit


def test_without_a_limit_nobody_waits():
    assert wait([DUE] * 100, Policy(), DUE) == timedelta(0)


# ---------------------------------------------------------------- the file

ALL = """
[defaults]
time_zone = "Europe/Berlin"
grace = "15 minutes"
late = { percent = 10, per = "day", at_most = 50, zero_after = "7 days" }
counts = "last on time"
gradings_per_hour = 4

[assignment.A1]
due = 2027-04-20T23:59:00
counts = "best"

[assignment.A1.extension.ada]
by = "7 days"
reason = "ill"

[assignment.A2]
due = 2027-05-04
late = "zero"
extension.bob = { until = 2027-05-11T12:00:00Z, reason = "moved house" }
"""


def test_an_assignments_own_values_stand_over_the_defaults():
    policies = parse(ALL)
    a1, a2, other = policies["A1"], policies["A2"], policies[""]
    assert a1.due == datetime(2027, 4, 20, 21, 59, tzinfo=timezone.utc) and a1.counts == BEST and a1.grace == timedelta(minutes=15)
    assert a1.late == Late(10, "day", 50, timedelta(days=7)) and a1.due_for("ada") == a1.due + timedelta(days=7) and a1.due_for("eve") == a1.due
    assert a2.late == Late(zero_after=timedelta(0)) and a2.counts == LAST_ON_TIME and a2.due_for("bob") == datetime(2027, 5, 11, 12, tzinfo=timezone.utc)
    assert other.due is None and other.gradings_per_hour == 4


def test_a_date_alone_means_the_end_of_that_day_where_the_course_is():
    assert parse(ALL)["A2"].due == datetime(2027, 5, 4, 21, 59, 59, tzinfo=timezone.utc)


def test_days_are_days_of_the_calendar_across_a_change_of_the_clocks():
    text = '[defaults]\ntime_zone = "Europe/Berlin"\n[assignment.A1]\ndue = 2027-03-26T23:59:00\nextension.ada = { by = "7 days", reason = "ill" }'
    policy = parse(text)["A1"]
    assert policy.show(policy.due_for("ada")).startswith("Fri 2 Apr 2027, 23:59")
    assert policy.due_for("ada") - policy.due == timedelta(days=7, hours=-1)


def test_the_template_is_switched_off_and_right_when_switched_on():
    template = (TEMPLATE / deadlines.FILE).read_text(encoding="utf-8")
    assert parse(template) == {"": Policy()}
    lines = [line.removeprefix("# ") for line in template.splitlines()]
    switched_on = "\n".join(line for line in lines if (line.startswith("[") or " = " in line.split("#")[0]) and not line.startswith('late = "zero"') and "course status" not in line)
    policy = parse(switched_on)["A1"]
    assert policy.due and policy.extensions["ada"].reason == "ill" and policy.gradings_per_hour == 4 and policy.late.percent == 10


def test_a_course_root_without_the_file_has_no_deadlines(tmp_path):
    assert deadlines.policy_for(tmp_path, "A1") == Policy()


@pytest.mark.parametrize("line, text, said", [
    (2, '[defaults]\ngrace = "15 minuts"', "defaults.grace is '15 minuts'; expected is a length of time"),
    (2, '[defaults]\ntime_zone = "Europe/Berln"', "did you mean 'Europe/Berlin'"),
    (3, '[defaults]\n\ncounts = "first"', 'expected is one of "last", "best", "last on time"'),
    (2, '[defaults]\ngradings_per_hour = -1', "expected is a whole number"),
    (2, '[defaults]\ngradings_per_hour = true', "expected is a whole number"),
    (2, '[defaults]\nfiles = ["../secret.key"]', "expected is a list of patterns"),
    (2, "[defaults]\ndue = 2027-04-20T23:59:00Z", "one assignment's, not everybody's"),
    (4, "[assignment.A1]\n# a comment\n\ndue = 2027-04-20T23:59:00", "has no time zone"),
    (2, '[assignment.A1]\ndue = "tomorrow"', "expected is a date and time"),
    (2, '[assignment.A1]\nlate = { percent = 10, pre = "day" }', "late.pre is nothing this file knows; did you mean per?"),
    (2, "[assignment.A1]\nlate = { percent = 200 }", "percent is 200; expected is a number between 0 and 100"),
    (2, '[assignment.A1]\nlate = { per = "day" }', "costs nothing: it needs percent or zero_after"),
    (2, '[assignment.A1]\nlate = { percent = 10, per = "week" }', 'expected is "day" or "hour"'),
    (1, "[A1]\ndue = 2027-04-20T23:59:00Z", "A1 is nothing this file knows"),
    (3, "[assignment.A1]\ndue = 2027-04-20T23:59:00Z\n[assignment.A1.extension.ada]\nuntil = 2027-04-22T00:00:00Z", "needs its reason"),
    (3, '[assignment.A1]\ndue = 2027-04-20T23:59:00Z\nextension.ada = { by = 3, reason = "ill" }', "by is 3; expected is a length of time"),
    (3, '[assignment.A1]\ndue = 2027-04-20T23:59:00Z\nextension.ada = { reason = "ill" }', "needs either until"),
    (2, '[assignment.A1]\nextension.ada = { by = "1 day", reason = "ill" }', "has no due date"),
    (1, "assignment = 3", "a table is expected"),
    (2, "[assignment.A1]\ndue = 2027-13-01", "line 2"),
])
def test_a_bad_entry_is_a_sentence_that_names_its_line(tmp_path, line, text, said):
    (tmp_path / deadlines.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as failure:
        deadlines.read(tmp_path)
    assert said in str(failure.value) and f"line {line}" in str(failure.value) and str(tmp_path / deadlines.FILE) in str(failure.value)
    assert str(failure.value).endswith("nothing was changed.") or str(failure.value).endswith("Nothing was changed.")


def test_one_line_says_what_holds_for_everybody_and_nobodys_extension():
    said = parse(ALL)["A1"].sentence()
    assert said == ("Due Tue 20 Apr 2027, 23:59 Europe/Berlin (15 minutes of grace). "
                    "Late costs 10 % of its points for each day begun, at most 50 %, all of them after 7 days.")
    assert "ada" not in said and words(timedelta(seconds=3661)) == "1 hour 1 minute"
