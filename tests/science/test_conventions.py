"""What results, words and settings have in common: they are those the methods pages name."""

from collections.abc import Iterable
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any, get_args

import numpy as np
import pytest

from shoshin.science.change import Category, Change, JointChange, TwoScores, joint_recovery, judge_change
from shoshin.science.reasons import Fact, Reason
from shoshin.science.scales import Method, Score, ScoreRule, score
from shoshin.science.signals import (
    EARLY_APPOINTMENT,
    LATER_APPOINTMENT,
    PAUSE_APPOINTMENTS,
    PRIOR_WEIGHT,
    Kind,
    Level,
    Point,
    Signal,
    check_drop,
    missing_answers,
    no_change_by,
    raised_again,
    reliable_worsening,
)
from shoshin.science.simulation import (
    FITTED,
    GAD7_CASE,
    GAD7_RELIABLE,
    PHQ9_CASE,
    PHQ9_RELIABLE,
    Appointment,
    CourseModel,
    Courses,
    Ending,
    course_rates,
    simulate_courses,
)

PHQ9 = {"reliable_points": 6, "higher_is_worse": True}


def line(*values: float) -> list[Point]:
    return [Point(n, value) for n, value in enumerate(values, start=1)]


def plain_sum() -> ScoreRule:
    return ScoreRule(id="sum", items=("a", "b"), method="sum", low={"a": 0, "b": 0}, high={"a": 3, "b": 3})


def results() -> list[Any]:
    """One result of each kind."""
    twice = TwoScores(18, 9, reliable_points=6, cutoff=10, higher_is_worse=True)
    return [
        score({"a": 1, "b": None}, plain_sum()),
        judge_change(18, 9, cutoff=10, **PHQ9),
        joint_recovery([twice]),
        reliable_worsening(line(12, 18), **PHQ9),
        no_change_by(line(16, 15, 15), appointment_k=EARLY_APPOINTMENT, cutoff=10, **PHQ9),
        check_drop([36, 34, 38, 25], group_mean=34, group_sd=3),
        missing_answers([1, 2, 3, 4], {1}),
    ]


def test_every_result_carries_reasons_whose_facts_are_figures_or_words():
    found = results()
    assert {type(result) for result in found} == {Score, Change, JointChange, Signal}
    reasons = [reason for result in found for reason in result.reasons]
    assert all(result.reasons for result in found)
    assert all(isinstance(reason, Reason) for reason in reasons)
    facts: Iterable[Fact] = (fact for reason in reasons for fact in reason.facts.values())
    assert all(isinstance(fact, get_args(Fact)) for fact in facts)


def test_no_result_can_be_changed_afterwards():
    for result in results():
        with pytest.raises(FrozenInstanceError):
            setattr(result, fields(result)[0].name, None)


def test_the_rules_use_every_kind_and_level_and_no_other():
    found = [result for result in results() if isinstance(result, Signal)]
    found.append(reliable_worsening(line(12, 12), **PHQ9))
    assert {signal.kind for signal in found} == set(get_args(Kind))
    assert {signal.level for signal in found} == set(get_args(Level))


def test_two_scores_reach_each_category_and_no_other():
    ends = [(18, 9), (18, 12), (18, 17), (12, 18)]
    found = [judge_change(first, last, cutoff=10, **PHQ9).category for first, last in ends]
    assert found == list(get_args(Category))


@pytest.mark.parametrize("method", get_args(Method))
def test_every_method_gives_a_score_of_a_full_form(method):
    table = {raw: float(raw) for raw in range(7)} if method == "lookup" else {}
    rule = replace(plain_sum(), method=method, table=table)
    expected = {"mean": 1.5, "mean_x10": 15, "sum_x2": 6, "sum_x4": 12, "percent_mean": 50}
    assert score({"a": 1, "b": 2}, rule).value == pytest.approx(expected.get(method, 3))


def test_an_answered_no_change_rests_for_the_pause_and_then_comes_back():
    answered = Signal("no_change", "signal", ())
    asked = {"since": (), "reliable_points": 6, "higher_is_worse": True, "cleared_between": False}
    for passed, level in ((PAUSE_APPOINTMENTS - 1, "none"), (PAUSE_APPOINTMENTS, "signal")):
        since = [Point(LATER_APPOINTMENT + step, 16) for step in range(passed + 1)]
        again = raised_again(answered, answered, **(asked | {"since": since}))
        assert again.level == level


def test_early_is_before_late_and_only_a_watch():
    assert (EARLY_APPOINTMENT, LATER_APPOINTMENT) == (3, 6)
    early = no_change_by(line(16, 16, 16), appointment_k=EARLY_APPOINTMENT, cutoff=10, **PHQ9)
    late = no_change_by(line(*[16] * 6), appointment_k=LATER_APPOINTMENT, cutoff=10, **PHQ9)
    assert (early.level, late.level) == ("watch", "signal")


def test_the_groups_figures_weigh_as_much_as_so_many_checks():
    own = [30.0] * PRIOR_WEIGHT
    (reason,) = check_drop([*own, 30], group_mean=34, group_sd=3).reasons
    watch, signal = float(reason.facts["watch_limit"]), float(reason.facts["signal_limit"])
    middle = 3 * watch - 2 * signal  # the limits lie 2 and 3 spreads below it
    assert middle == pytest.approx(32), "as many own checks as the weight: half-way between"


def test_the_services_lines_decide_what_counts_as_a_case_and_as_reliable():
    def made(phq9: tuple[int, int], gad7: tuple[int, int]) -> Courses:
        return Courses(  # twice the same course, since a spread needs two
            phq9=np.array([phq9] * 2),
            gad7=np.array([gad7] * 2),
            item9=np.zeros((2, 2), dtype=np.int64),
            alliance=np.zeros((2, 2, 4), dtype=np.int64),
            length=np.array([2, 2]),
            planned=np.array([True, True]),
        )

    on_the_line = course_rates(made((PHQ9_CASE, PHQ9_CASE - PHQ9_RELIABLE), (0, 0)))
    assert (on_the_line.caseness, on_the_line.recovery, on_the_line.reliable_improvement) == (100, 100, 100)
    below = course_rates(made((PHQ9_CASE - 1, PHQ9_CASE), (GAD7_CASE, GAD7_CASE + GAD7_RELIABLE)))
    assert (below.caseness, below.recovery, below.deterioration) == (100, 0, 100)


def test_made_up_courses_are_plain_records_and_end_in_the_named_ways():
    assert isinstance(FITTED, CourseModel)
    many = simulate_courses(200, np.random.default_rng(1))
    courses = [many.course(row) for row in range(len(many))]
    shortened = [course.until(1) for course in courses]
    assert {course.ending for course in (*courses, *shortened)} == set(get_args(Ending))
    assert all(isinstance(each, Appointment) for course in courses for each in course.appointments)
    assert [each.number for each in courses[0].appointments] == list(range(1, len(courses[0].appointments) + 1))
