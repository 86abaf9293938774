"""The four rules: what they find, what they leave alone, and when they come back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.signals import (
    LATER_APPOINTMENT,
    Point,
    Reason,
    Signal,
    check_drop,
    missing_answers,
    no_change_by,
    raised_again,
    reliable_worsening,
    strongest,
)

RANK = {"none": 0, "watch": 1, "signal": 2}
PHQ9 = {"reliable_points": 6, "higher_is_worse": True}
CLINIC = {"group_mean": 34.0, "group_sd": 3.0}


def course(*values: float) -> list[Point]:
    return [Point(n, value) for n, value in enumerate(values, start=1)]


def codes(signal: Signal) -> list[str]:
    return [reason.code for reason in signal.reasons]


# --- worse


@pytest.mark.parametrize(
    ("values", "level", "expected"),
    [((12, 18), "signal", ["worse_than_first"]),
     ((12, 17), "none", ["not_worse"]),
     ((12, 5, 11), "watch", ["worse_than_best"]),
     ((12, 5, 18), "signal", ["worse_than_first", "worse_than_best"]),
     ((12, 5, 10), "none", ["not_worse"]),
     ((12, 20, 12), "none", ["not_worse"]),
     ((12,), "none", ["too_few_points"]),
     ((), "none", ["too_few_points"])],
)  # fmt: skip
def test_worsening_is_a_signal_against_the_first_score_and_a_watch_against_the_best(values, level, expected) -> None:
    found = reliable_worsening(course(*values), **PHQ9)
    assert (found.kind, found.level, codes(found)) == ("worse", level, expected)


def test_worsening_gives_the_figures_a_sentence_needs() -> None:
    found = reliable_worsening([Point(5, 19), Point(1, 12), Point(3, 14)], **PHQ9)
    assert found.reasons[0].facts == {
        "from_appointment": 1,
        "from_value": 12,
        "appointment": 5,
        "value": 19,
        "points": 7,
        "reliable_points": 6,
    }


def test_a_computed_limit_must_be_exceeded() -> None:
    assert reliable_worsening(course(12, 18), **PHQ9, official=False).level == "none"
    assert reliable_worsening(course(12, 18.1), **PHQ9, official=False).level == "signal"


# --- no change


@pytest.mark.parametrize(
    ("values", "k", "level"),
    [((16, 15, 15), 3, "watch"),
     ((16, 15), 3, "none"),
     ((16, 15, 10), 3, "none"),  # 6 points better
     ((16, 15, 15, 15, 15, 15), 6, "signal"),
     ((16, 15, 15, 15, 15, 15), 3, "watch"),
     ((16, 15, 15, 15, 15), 6, "none"),
     ((12, 11, 9), 3, "none"),  # not better by 6, and no case any more
     ((12, 11, 10), 3, "watch"),  # on the line is clinical
     ((16, 20, 24, 24, 24, 24), 6, "signal")],
)  # fmt: skip
def test_no_change_is_a_watch_early_and_a_signal_later(values, k, level) -> None:
    found = no_change_by(course(*values), appointment_k=k, cutoff=10, **PHQ9)
    assert (found.kind, found.level) == ("no_change", level)


def test_no_change_names_each_of_its_grounds() -> None:
    early = no_change_by(course(16, 15, 15), appointment_k=3, cutoff=10, **PHQ9)
    assert codes(early) == ["not_better", "still_clinical", "early_watch_only"]
    late = no_change_by(course(*[16] * 6), appointment_k=6, cutoff=10, **PHQ9)
    assert codes(late) == ["not_better", "still_clinical"]
    assert codes(no_change_by([], appointment_k=3, cutoff=10, **PHQ9)) == ["too_early"]
    assert codes(no_change_by(course(16, 2, 2), appointment_k=3, cutoff=10, **PHQ9)) == ["better_than_first"]
    assert codes(no_change_by(course(9, 9, 9), appointment_k=3, cutoff=10, **PHQ9)) == ["not_clinical_now"]


def test_without_a_cutoff_no_change_stays_a_watch_and_says_why() -> None:
    found = no_change_by(course(*[16] * 9), appointment_k=6, cutoff=None, **PHQ9)
    assert (found.level, codes(found)) == ("watch", ["not_better", "no_cutoff"])


@given(st.lists(st.integers(0, 27), min_size=3, max_size=20), st.integers(1, LATER_APPOINTMENT - 1))
def test_no_change_before_the_later_appointment_is_never_more_than_a_watch(values, k) -> None:
    assert no_change_by(course(*values), appointment_k=k, cutoff=10, **PHQ9).level != "signal"


# --- drop


def test_the_limits_agree_with_a_calculation_by_hand() -> None:
    # Earlier 36, 34, 38: mean 36, squares 8. m = (8*34 + 108)/11 = 34.5455; s = sqrt((8*9 + 8)/10) = 2.8284;
    # reach = 2.8284 * sqrt(1 + 1/11) = 2.9542; limits 28.637 and 25.683.
    facts = check_drop([36, 34, 38, 30], **CLINIC).reasons[0].facts
    assert facts["watch_limit"] == pytest.approx(28.637, abs=0.001)
    assert facts["signal_limit"] == pytest.approx(25.683, abs=0.001)
    assert (facts["usual"], facts["earlier"]) == (36, 3)


@pytest.mark.parametrize(
    ("last", "level", "code"),
    [(30, "none", "within_limits"), (28, "watch", "below_watch_limit"), (25, "signal", "below_signal_limit")],
)
def test_a_drop_marks_the_chart_first_and_signals_when_it_is_large(last, level, code) -> None:
    found = check_drop([36, 34, 38, last], **CLINIC)
    assert (found.kind, found.level, codes(found)) == ("drop", level, [code])


def test_a_drop_needs_two_earlier_checks() -> None:
    assert codes(check_drop([36, 0], **CLINIC)) == ["too_few_checks"]
    assert codes(check_drop([], **CLINIC)) == ["too_few_checks"]
    assert check_drop([36, 36, 0], **CLINIC).level == "signal"


def test_a_client_who_always_scores_low_has_not_dropped() -> None:
    assert all(check_drop([18] * n, **CLINIC).level == "none" for n in range(3, 30))


def test_an_impossible_group_or_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="spread"):
        check_drop([30, 30, 30], group_mean=30, group_sd=0)
    with pytest.raises(ValueError, match="watch"):
        check_drop([30, 30, 30], **CLINIC, z_watch=3, z_signal=2)


def test_a_steady_client_is_falsely_signalled_in_under_five_percent_of_twenty_appointments() -> None:
    rng = np.random.default_rng(11)
    usual = rng.normal(34, 3 / np.sqrt(8), size=(400, 1))
    checks = np.clip(usual + rng.normal(0, 3, size=(400, 20)), 0, 40)
    alarmed = sum(
        any(check_drop(line[:n], **CLINIC).level == "signal" for n in range(3, 21)) for line in checks.tolist()
    )
    assert alarmed / 400 < 0.05


# --- missing


@pytest.mark.parametrize(
    ("asked", "answered", "level"),
    [([1, 2, 3], {1, 2, 3}, "none"), ([1, 2, 3], {1, 2}, "none"), ([1, 2, 3], {1}, "watch"),
     ([1, 2, 3, 4], {1}, "signal"), ([1, 2, 3, 4], {3}, "none"), ([4, 2, 3, 1], {2}, "watch"),
     ([], set(), "none"), ([1, 2], set(), "watch")],
)  # fmt: skip
def test_missing_answers_count_only_the_latest_in_a_row(asked, answered, level) -> None:
    assert missing_answers(asked, answered).level == level


def test_missing_answers_say_how_many() -> None:
    assert missing_answers([1, 2, 3], {1}).reasons == (Reason("unanswered_in_a_row", {"unanswered": 2, "asked": 3}),)
    assert codes(missing_answers([1], {1})) == ["answers_up_to_date"]
    with pytest.raises(ValueError, match="At least one"):
        missing_answers([1], {1}, in_a_row=0)


# --- one of several, and again


def test_the_strongest_is_the_highest_level_and_then_what_can_harm_soonest() -> None:
    found = {(k, level): Signal(k, level, ()) for k in ("worse", "no_change", "drop", "missing") for level in RANK}
    assert strongest(found.values()) == found["worse", "signal"]
    assert strongest([found["worse", "watch"], found["missing", "signal"]]) == found["missing", "signal"]
    assert strongest([found["no_change", "signal"], found["drop", "signal"]]) == found["drop", "signal"]
    assert strongest([found["worse", "none"]]) is None
    assert strongest([]) is None


def again(kind: str, since: list[Point], *, levels=("signal", "signal"), cleared: bool = False) -> Signal:
    before, now = (Signal(kind, level, ()) for level in levels)
    return raised_again(before, now, since=since, reliable_points=6, higher_is_worse=True, cleared_between=cleared)


@pytest.mark.parametrize(
    ("values", "level", "code"),
    [((18, 19, 20), "none", "not_worse_further"), ((18, 21), "signal", "worse_further"),
     ((18, 12, 18), "signal", "worse_further"), ((18, 13, 18), "none", "not_worse_further")],
)  # fmt: skip
def test_an_answered_worsening_comes_back_only_when_it_gets_worse_again(values, level, code) -> None:
    found = again("worse", course(*values))
    assert (found.level, codes(found)) == (level, [code])


@pytest.mark.parametrize(("passed", "level"), [(1, "none"), (3, "none"), (4, "signal"), (9, "signal")])
def test_an_answered_no_change_rests_for_four_appointments(passed, level) -> None:
    assert again("no_change", [Point(6, 16), Point(6 + passed, 16)]).level == level


@pytest.mark.parametrize("kind", ["drop", "missing"])
def test_an_answered_drop_or_silence_comes_back_only_after_it_had_cleared(kind) -> None:
    assert codes(again(kind, [], cleared=False)) == ["not_cleared_since"]
    assert again(kind, [], cleared=False).level == "none"
    assert again(kind, [], cleared=True).level == "signal"


@pytest.mark.parametrize("kind", ["worse", "no_change", "drop", "missing"])
def test_a_risen_level_is_always_raised_and_nothing_found_stays_nothing(kind) -> None:
    risen = again(kind, course(18, 18), levels=("watch", "signal"))
    assert (risen.level, codes(risen)) == ("signal", ["level_rose"])
    assert again(kind, course(18, 18), levels=("signal", "none"), cleared=True).level == "none"


def test_unlike_signals_are_not_compared_and_a_worsening_needs_its_points() -> None:
    with pytest.raises(ValueError, match="not compared"):
        drop, worse = Signal("drop", "signal", ()), Signal("worse", "signal", ())
        raised_again(drop, worse, since=[], reliable_points=6, higher_is_worse=True, cleared_between=False)
    with pytest.raises(ValueError, match="needs its points"):
        again("worse", [])


# --- properties

lines = st.lists(st.integers(0, 40), min_size=1, max_size=12)


@given(lines)
def test_a_mirrored_scale_gives_the_same_levels(values) -> None:
    points, mirrored = course(*values), course(*[40 - v for v in values])
    turned = {"reliable_points": 6, "higher_is_worse": False}
    assert reliable_worsening(points, **PHQ9).level == reliable_worsening(mirrored, **turned).level
    plain = no_change_by(points, appointment_k=6, cutoff=10, **PHQ9)
    assert plain.level == no_change_by(mirrored, appointment_k=6, cutoff=30, **turned).level


@given(lines, st.integers(-50, 50))
def test_a_constant_added_to_all_scores_leaves_the_levels(values, constant) -> None:
    points, moved = course(*values), course(*[v + constant for v in values])
    assert reliable_worsening(points, **PHQ9).level == reliable_worsening(moved, **PHQ9).level
    plain = no_change_by(points, appointment_k=3, cutoff=10, **PHQ9)
    assert plain.level == no_change_by(moved, appointment_k=3, cutoff=10 + constant, **PHQ9).level
    drop = check_drop(values, group_mean=34.3, group_sd=3.1)
    shifted = check_drop([v + constant for v in values], group_mean=34.3 + constant, group_sd=3.1)
    assert drop.level == shifted.level


@given(lines, st.integers(0, 40), st.integers(0, 20))
def test_a_worse_last_value_never_lowers_a_level(values, last, more) -> None:
    milder, graver = course(*values, last), course(*values, last + more)
    for rule in (
        lambda points: reliable_worsening(points, **PHQ9),
        lambda points: no_change_by(points, appointment_k=3, cutoff=10, **PHQ9),
    ):
        assert RANK[rule(graver).level] >= RANK[rule(milder).level]
    low = check_drop([*values, last - more], **CLINIC)
    assert RANK[low.level] >= RANK[check_drop([*values, last], **CLINIC).level]
