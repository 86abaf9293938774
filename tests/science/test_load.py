"""How much fits: the sum of surprises with its false alarms, the gates, and what a day and a week may cost."""

from math import erf, sqrt
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.load import (
    AMBER_AT,
    AMBER_ATTEMPTS,
    BASELINE_CHECKS,
    BLOCK_MINUTES,
    GROUP_MEAN,
    GROUP_SD,
    HEAVY,
    LOAD_PER_MINUTE,
    RED_AT,
    Baseline,
    Budget,
    CheckIn,
    Colour,
    Gate,
    Label,
    LifeReason,
    Rest,
    Stop,
    Week,
    cool_down,
    cusum,
    load_budget,
    load_gate,
    load_of,
    room_for,
    shrunken_baseline,
    stop_rule,
    week_minutes,
)

RANK = {colour: place for place, colour in enumerate(get_args(Colour))}
GREEN, AMBER = Gate("green", ()), Gate("amber", (), by_strain=True)
RED, RED_BY_MARKS = Gate("red", (), by_strain=True), Gate("red", ())


def checks(*strains: float) -> list[CheckIn]:
    return [CheckIn(day, strain) for day, strain in enumerate(strains, start=1)]


def gate(*strains: float, marks=(), **more) -> Gate:
    return load_gate(checks(*strains), marks, today=len(strains), **more)


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


# --- the sum


def run_lengths(limit: float, shift: float, seed: int, runs: int = 3000) -> np.ndarray:
    """After how many check-ins the product's own sum crosses a limit."""
    rng, lengths = np.random.default_rng(seed), []
    for _ in range(runs):
        total, length = 0.0, 0
        while total < limit:
            total, length = cusum(total, rng.normal(shift, 1)), length + 1
        lengths.append(length)
    return np.array(lengths)


def run_length_by_chain(limit: float, shift: float, states: int = 400) -> float:
    """The same by the Markov chain of Brook and Evans (1972): no simulation, another route to the figure."""
    width = 2 * limit / (2 * states - 1)
    middles = width * np.arange(states)
    upper = middles[None, :] + width / 2 - middles[:, None] + 0.5 - shift
    below = np.vectorize(_normal)(upper)
    moves = np.diff(np.hstack([np.zeros((states, 1)), below]), axis=1)
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[0])


def _normal(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "shift", "published"), [(AMBER_AT, 0, 68), (RED_AT, 0, 334), (AMBER_AT, 1, 5.4), (RED_AT, 1, 8.4)]
)
def test_false_alarms_are_as_rare_and_a_shift_of_one_spread_is_seen_as_soon_as_published(limit, shift, published):
    found = run_lengths(limit, shift, seed=11)
    error = found.std() / np.sqrt(len(found))
    exact = run_length_by_chain(limit, shift)
    assert exact == pytest.approx(published, rel=0.015)
    assert abs(found.mean() - exact) < 3 * error
    assert error < 0.025 * exact


def test_the_sum_forgets_quiet_days_and_stops_growing_above_red():
    assert cusum(0, -3) == 0 and cusum(1, 0) == 0.5
    assert cusum(4.9, 8) == RED_AT + 1
    total, days = RED_AT + 1, 0
    while total >= RED_AT:
        total, days = cusum(total, 0), days + 1
    assert days == 3


# --- the usual


def test_a_persons_usual_leans_on_the_group_while_there_is_little_of_their_own():
    assert shrunken_baseline([]) == Baseline(GROUP_MEAN, GROUP_SD, 0)
    found = shrunken_baseline([5, 7], group_mean=3, group_sd=1)
    assert found.mean == pytest.approx((2 * 3 + 12) / 4)
    assert found.sd == pytest.approx(((8 * 1 + 2) / 9) ** 0.5)
    long = shrunken_baseline([6.0] * 50, group_mean=3, group_sd=1)
    assert (long.own, long.mean) == (BASELINE_CHECKS, pytest.approx(5.4))
    with pytest.raises(ValueError, match="spread"):
        shrunken_baseline([1], group_sd=0)


# --- the gate


@pytest.mark.parametrize(
    ("strains", "more", "colour", "code"),
    [((3, 4, 3), {}, "green", "strain_as_usual"),
     ((), {}, "green", "strain_as_usual"),
     ((3, 3, 7), {}, "amber", "strain_high_today"),
     ((3, 3, 9), {}, "red", "strain_high_today"),
     ((3, 3, 3), {"marks": [2]}, "amber", "strain_marked_lately"),
     ((3, 3, 3), {"marks": [2, 3]}, "red", "strain_marked_lately"),
     ((3, 3, 3), {"burnout": 50}, "amber", "burnout_screen"),
     ((3, 3, 3), {"burnout": 75}, "red", "burnout_screen"),
     ((3, 3, 3), {"burnout": 49.9}, "green", "strain_as_usual"),
     ((3, 3, 3), {"declared": True}, "red", "pause_declared"),
     ((3, 3, 3, 3, 6, 6, 6), {}, "amber", "strain_above_usual"),
     ((3, 3, 3, 3, 6, 6, 6, 6, 6), {}, "red", "strain_far_above_usual")],
)  # fmt: skip
def test_each_ground_gives_its_colour(strains, more, colour, code):
    found = gate(*strains, **more)
    assert (found.colour, code in codes(found.reasons)) == (colour, True)


def test_only_the_grounds_of_the_colour_are_named_and_all_of_them():
    found = gate(3, 3, 9, marks=[1, 2, 3], declared=True)
    assert codes(found.reasons) == ["strain_high_today", "strain_marked_lately", "pause_declared"]


def test_unusual_but_quiet_strain_counts_one_colour_less():
    quiet = gate(0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, group_mean=0.5, group_sd=1)
    assert (quiet.colour, codes(quiet.reasons)) == ("amber", ["strain_far_above_usual"])
    rising = gate(0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 5, group_mean=0.5, group_sd=1)
    assert rising.colour == "red"
    skipped = load_gate(checks(0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4), [], today=12, group_mean=0.5, group_sd=1)
    assert skipped.colour == "red", "leaving the check-in out does not soften the gate"


def test_marks_make_practice_easier_and_strain_makes_it_shorter_too():
    assert not gate(3, 3, 3, marks=[2, 3]).by_strain
    assert gate(3, 3, 7).by_strain and gate(3, marks=[1], burnout=60).by_strain
    assert not gate(3, 3).by_strain


@pytest.mark.parametrize(("day", "colour"), [(3, "green"), (4, "amber"), (10, "amber"), (11, "green")])
def test_a_mark_counts_for_seven_days_and_days_to_come_do_not_count(day, colour):
    marks = [day]
    assert load_gate(checks(3, 3), marks, today=10).colour == colour
    assert load_gate([CheckIn(11, 10)], [], today=10).colour == "green"


def test_the_order_in_which_check_ins_are_given_does_not_matter():
    line = checks(3, 3, 3, 3, 6, 6, 6)
    assert load_gate(line[::-1], [], today=7) == load_gate(line, [], today=7)


strains = st.lists(st.integers(0, 10), min_size=1, max_size=25)


@given(strains, st.integers(0, 10), st.lists(st.integers(1, 25), max_size=3))
def test_more_strain_today_and_more_marks_never_make_a_gate_lighter(line, more, marks):
    milder = gate(*line, marks=marks)
    heavier = gate(*line[:-1], min(line[-1] + more, 10), marks=marks)
    assert RANK[heavier.colour] >= RANK[milder.colour]
    assert RANK[gate(*line, marks=[*marks, len(line)]).colour] >= RANK[milder.colour]
    assert milder.reasons


@given(st.integers(0, 4), st.integers(1, 40))
def test_who_is_always_a_little_strained_is_left_in_peace(strain, days):
    assert gate(*[strain] * days).colour == "green"


# --- the day


@pytest.mark.parametrize(("strain", "room"), [(0, 1), (5, 1), (6, 0.75), (7, 0.5), (8, 0.25), (9, 0), (10, 0)])
def test_room_falls_evenly_from_5_to_9(strain, room):
    assert room_for(strain) == room


@pytest.mark.parametrize(
    ("gate", "minutes", "strain", "load", "attempts", "highest", "code"),
    [(GREEN, 25, 3, 50, 25, 3, "budget_full"), (GREEN, 25, 6, 37.5, 25, 3, "budget_by_strain"),
     (GREEN, 90, 3, 90, 45, 3, "budget_full"), (AMBER, 25, 7, 25, 5, 3, "budget_short"),
     (RED, 25, 3, 0, 0, 1, "budget_rest"), (RED_BY_MARKS, 25, 3, 50, 25, 1, "budget_full")],
)  # fmt: skip
def test_a_day_costs_what_its_colour_and_strain_allow(gate, minutes, strain, load, attempts, highest, code):
    found = load_budget(minutes, gate, strain=strain)
    assert isinstance(found, Budget)
    assert (found.load, found.attempts, found.highest_level) == (load, attempts, highest)
    assert found.reasons[0].code == code
    assert (BLOCK_MINUTES, AMBER_ATTEMPTS) == (45, 5)


def test_a_hard_attempt_costs_twice_a_good_one_and_an_easy_one_half():
    assert [load_of(2.5, label) for label in get_args(Label)] == [2.5, 5, 10]
    assert load_of(2.5, None) == 5
    assert set(LOAD_PER_MINUTE) == set(get_args(Label))


def test_it_is_enough_when_the_next_one_would_not_fit():
    budget = load_budget(10, GREEN, strain=3)
    good, hard = (2.5, "good_challenge"), (2.5, "too_hard")
    assert [stop_rule(budget, [good] * n).stop for n in range(5)] == [False, False, False, False, True]
    assert stop_rule(budget, [hard, hard]).reasons[0].code == "budget_spent"
    assert [stop_rule(budget, [hard, good, *easy]).stop for easy in ([], [(2.5, "too_easy")])] == [False, True]
    assert stop_rule(budget, [good]) == Stop(False, stop_rule(budget, [good]).reasons)
    short = load_budget(45, AMBER, strain=3)
    assert codes(stop_rule(short, [(1, "too_easy")] * 5).reasons) == ["attempts_used"]
    assert stop_rule(load_budget(25, RED, strain=9), []).stop
    assert stop_rule(load_budget(25, GREEN, strain=9), []).reasons[0].code == "budget_spent"


@pytest.mark.parametrize(
    ("gate", "ended", "until", "code"),
    [(GREEN, False, 10, "no_cool_down"), (AMBER, True, 12, "cool_down_marked"), (RED, True, 13, "cool_down_red")],
)
def test_the_harder_levels_wait_after_red_and_after_a_round_that_strain_ended(gate, ended, until, code):
    found = cool_down(10, gate, ended_by_strain=ended)
    assert isinstance(found, Rest)
    assert (found.until, found.reasons[0].code) == (until, code)


# --- the week


@pytest.mark.parametrize(
    ("planned", "capacity", "reasons", "minutes", "given"),
    [(75, 10, (), 75, ["week_as_planned"]), (75, 7, ("work",), 75, ["week_as_planned"]),
     (75, 5, (), 50, ["week_by_capacity"]), (75, 3, (), 30, ["week_by_capacity"]),
     (30, 2, ("illness",), 10, ["week_by_capacity", "heavy_week"]), (75, 1, (), 0, ["week_of_rest"]),
     (75, 0, (), 0, ["week_of_rest"]), (0, 9, (), 0, ["week_of_rest"]),
     (75, 8, ("loss", "sleep"), 35, ["week_by_capacity", "heavy_week"]),
     (600, 9, (), 270, ["week_as_planned", "week_capped"]), (8, 9, (), 8, ["week_as_planned"])],
)  # fmt: skip
def test_a_weeks_minutes_scale_to_capacity_and_a_low_week_is_one_drill(planned, capacity, reasons, minutes, given):
    found = week_minutes(planned, capacity, reasons)
    assert isinstance(found, Week)
    assert (found.minutes, codes(found.reasons)) == (minutes, given)


@given(st.integers(0, 400), st.integers(0, 9), st.lists(st.sampled_from(get_args(LifeReason)), max_size=3))
def test_more_capacity_never_means_less_and_nothing_exceeds_the_plan(planned, capacity, reasons):
    low, high = (week_minutes(planned, each, reasons).minutes for each in (capacity, capacity + 1))
    assert 0 <= low <= high <= planned
    assert set(get_args(LifeReason)) >= HEAVY


@pytest.mark.parametrize(("planned", "capacity", "reasons"), [(75, 11, ()), (75, -1, ()), (-5, 5, ()), (75, 5, ("x",))])
def test_impossible_weeks_are_refused(planned, capacity, reasons):
    with pytest.raises(ValueError, match=r"Capacity|LifeReason"):
        week_minutes(planned, capacity, reasons)
    with pytest.raises(ValueError, match="Minutes"):
        load_budget(-1, GREEN, strain=0)
