"""Reliable and clinically significant change, against published examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.change import (
    TwoScores,
    cutoff_a,
    cutoff_b,
    cutoff_c,
    felt_direction,
    is_case,
    is_reliable,
    joint_deterioration,
    joint_recovery,
    joint_reliable_improvement,
    judge_change,
    points_worse,
    reliable_change_index,
    reliable_points,
    s_diff,
    sem,
)

PHQ9 = {"reliable_points": 6, "cutoff": 10, "higher_is_worse": True}
ORS = {"reliable_points": 5, "cutoff": 25, "higher_is_worse": False}


def test_it_agrees_with_the_worked_example_of_jacobson_and_truax_1991() -> None:
    # SD 7.5, r .80, 32.5 to 47.5, higher is better; clinical mean 40, functional mean 60, SD 7.5 in both.
    assert sem(7.5, 0.80) == pytest.approx(3.354, abs=0.0005)
    assert s_diff(7.5, 0.80) == pytest.approx(4.743, abs=0.0005)
    assert reliable_change_index(32.5, 47.5, sd=7.5, reliability=0.80) == pytest.approx(3.162, abs=0.0005)
    assert cutoff_a(40, 7.5, higher_is_worse=False) == 55
    assert cutoff_b(60, 7.5, higher_is_worse=False) == 45
    assert cutoff_c(40, 7.5, 60, 7.5) == 50
    change = judge_change(
        32.5,
        47.5,
        reliable_points=reliable_points(7.5, 0.80),
        cutoff=50,
        higher_is_worse=False,
        official=False,
    )
    assert (change.category, change.difference) == ("improved", 15)


def test_it_agrees_with_the_marital_therapy_data_of_jacobson_1989() -> None:
    # R package clinicalsignificance, DAS of 30 couples: first mean 81.5833, SD 11.8257, r .80; functional 114
    # (14).
    assert s_diff(11.8257, 0.80) == pytest.approx(7.479, abs=0.0005)
    assert cutoff_c(81.5833, 11.8257, 114, 14) == pytest.approx(96.43, abs=0.005)
    limits = {"reliable_points": 1.96 * 7.479, "cutoff": 96.43, "higher_is_worse": False, "official": False}
    assert judge_change(74.0, 124.0, **limits).category == "recovered"
    assert judge_change(90.5, 97.0, **limits).category == "unchanged"


@pytest.mark.parametrize(
    ("sd", "reliability", "confidence", "points"),
    [(6.1, 0.89, 0.95, 5.6), (6.1, 0.84, 0.95, 6.8), (5.1, 0.92, 0.95, 4.0), (5.1, 0.83, 0.95, 5.8),
     (9.4, 0.82, 0.95, 11.1), (9.4, 0.73, 0.95, 13.5), (7.7, 0.90, 0.95, 6.8), (7.7, 0.90, 0.90, 5.7)],
)  # fmt: skip
def test_reliable_points_agree_with_those_computed_for_known_measures(sd, reliability, confidence, points) -> None:
    # PHQ-9, GAD-7, WSAS at NHS CBT intake and CORE-10 in counselling, worked out apart from this code.
    assert reliable_points(sd, reliability, confidence) == pytest.approx(points, abs=0.06)


def test_cutoff_c_from_a_service_and_a_population_is_not_the_caseness_line() -> None:
    assert cutoff_c(14.2, 6.1, 2.9, 3.5) == pytest.approx(7.0, abs=0.05)
    assert cutoff_c(13.3, 5.1, 3.0, 3.4) == pytest.approx(7.1, abs=0.05)


def test_cutoff_b_uses_the_functional_spread() -> None:
    assert cutoff_b(7.69, 7.52, higher_is_worse=True) == pytest.approx(22.73)
    assert cutoff_a(23.0, 6.0, higher_is_worse=True) == 11


@pytest.mark.parametrize(
    ("first", "last", "category", "side"),
    [(18, 9, "recovered", "crossed_cutoff"), (18, 10, "improved", "stayed_clinical"),
     (18, 12, "improved", "stayed_clinical"), (18, 13, "unchanged", "stayed_clinical"),
     (12, 9, "unchanged", "crossed_cutoff"), (9, 3, "improved", "never_clinical"),
     (9, 15, "worse", "entered_clinical"), (15, 20, "unchanged", "stayed_clinical"),
     (10, 4, "recovered", "crossed_cutoff")],
)  # fmt: skip
def test_it_names_one_of_four_categories_and_the_side_of_the_cutoff(first, last, category, side) -> None:
    change = judge_change(first, last, **PHQ9)
    assert (change.category, change.difference) == (category, last - first)
    assert change.reasons[1].code == side
    assert change.non_clinical_at_start is (first < 10)


def test_an_official_figure_is_met_at_equality_and_a_computed_one_must_be_exceeded() -> None:
    assert judge_change(18, 12, **PHQ9).category == "improved"
    assert judge_change(18, 12, **PHQ9, official=False).category == "unchanged"
    assert is_reliable(6, reliable_points=6, official=True)
    assert not is_reliable(6, reliable_points=6, official=False)


def test_a_value_on_the_cutoff_is_on_the_clinical_side() -> None:
    assert is_case(10, cutoff=10, higher_is_worse=True)
    assert not is_case(9, cutoff=10, higher_is_worse=True)
    assert is_case(50, cutoff=50, higher_is_worse=False)
    assert not is_case(51, cutoff=50, higher_is_worse=False)


def test_without_a_cutoff_nobody_is_called_recovered_and_the_reason_says_so() -> None:
    change = judge_change(18, 2, reliable_points=6, cutoff=None, higher_is_worse=True)
    assert (change.category, change.non_clinical_at_start) == ("improved", None)
    assert [r.code for r in change.reasons] == ["reliably_better", "no_cutoff"]


def test_points_worse_turns_its_sign_with_the_scale() -> None:
    assert points_worse(10, 14, higher_is_worse=True) == 4
    assert points_worse(10, 14, higher_is_worse=False) == -4


@pytest.mark.parametrize("wrong", [(0, 0.8), (5, 0), (5, 1.2), (-1, 0.8)])
def test_an_impossible_spread_or_reliability_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="standard error"):
        sem(*wrong)


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="perfectly reliable"):
        reliable_change_index(1, 2, sd=5, reliability=1)
    with pytest.raises(ValueError, match="Confidence"):
        reliable_points(5, 0.8, 1.0)
    with pytest.raises(ValueError, match="above 0"):
        judge_change(1, 2, reliable_points=0, cutoff=10, higher_is_worse=True)
    with pytest.raises(ValueError, match="spread"):
        cutoff_c(1, 0, 2, 1)


def course(phq: tuple[float, float], gad: tuple[float, float]) -> list[TwoScores]:
    return [TwoScores(*phq, 6, 10, higher_is_worse=True), TwoScores(*gad, 4, 8, higher_is_worse=True)]


@pytest.mark.parametrize(
    ("phq", "gad", "recovered", "counted", "improved", "deteriorated"),
    [((15, 6), (12, 5), True, True, True, False),
     ((15, 6), (12, 8), False, True, True, False),
     ((10, 9), (3, 3), True, True, False, False),  # recovery without reliable change: the rule does not ask
     ((9, 3), (7, 2), False, False, True, False),  # never a case: outside the recovery rate
     ((9, 5), (8, 2), True, True, True, False),  # a case on one measure is a case
     ((15, 22), (12, 12), False, True, False, True),
     ((15, 9), (12, 16), False, True, False, False),  # one better, one worse: neither
     ((15, 15), (12, 15), False, True, False, False)],
)  # fmt: skip
def test_the_joint_rules_read_two_measures_together(phq, gad, recovered, counted, improved, deteriorated) -> None:
    both = course(phq, gad)
    recovery = joint_recovery(both)
    assert (recovery.met, recovery.counted) == (recovered, counted)
    assert joint_reliable_improvement(both).met is improved
    assert joint_deterioration(both).met is deteriorated


def test_a_joint_rule_gives_its_counts_as_reasons() -> None:
    assert joint_recovery(course((15, 6), (12, 8))).reasons[0].facts == {
        "measures": 2, "cases_at_start": 2, "cases_at_end": 1,
    }  # fmt: skip
    assert joint_deterioration(course((15, 9), (12, 16))).reasons[0].facts["worse"] == 1


scores = st.integers(0, 40)


@given(scores, scores)
def test_a_mirrored_scale_gives_the_same_category(first, last) -> None:
    mirrored = judge_change(40 - first, 40 - last, reliable_points=5, cutoff=15, higher_is_worse=True)
    change = judge_change(first, last, **ORS)
    assert change.category == mirrored.category
    assert change.difference == -mirrored.difference


@given(scores, scores, st.integers(-100, 100))
def test_a_constant_added_to_scores_and_cutoff_leaves_the_category(first, last, constant) -> None:
    moved = judge_change(
        first + constant, last + constant, reliable_points=6, cutoff=10 + constant, higher_is_worse=True
    )
    assert moved.category == judge_change(first, last, **PHQ9).category


@given(scores, scores, scores, scores)
def test_no_course_is_both_improved_and_deteriorated(p1, p2, g1, g2) -> None:
    both = course((p1, p2), (g1, g2))
    assert not (joint_reliable_improvement(both).met and joint_deterioration(both).met)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(16, 16, "same"), (16, 14, "same"), (16, 18, "same"), (16, 13, "better"), (16, 19, "worse")],
)
def test_half_a_reliable_change_is_where_about_the_same_ends(before, now, said):
    assert felt_direction(before, now, reliable_points=6, higher_is_worse=True) == said
    assert felt_direction(-before, -now, reliable_points=6, higher_is_worse=False) == said
