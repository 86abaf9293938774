"""How today stands: the rules of science/load on one's own checks, gentler at one's own wish, never harder."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from shoshin.science import load
from shoshin.welfare.actions import CannotEaseOff, check_capacity, ease_off, note_load, stop_easing_off
from shoshin.welfare.models import Easing
from shoshin.welfare.queries import budget, gate, gate_in_words, rest_until, week_minutes, welfare_page
from tests.cast import NOW
from tests.welfare.conftest import checks

USUAL = (7, 6, 7, 6, 7, 6, 7, 6)
ME = reverse("welfare:show_welfare")


def codes(found):
    return [reason.code for reason in found.reasons]


def test_without_a_check_nothing_asks_to_go_easier(cast):
    found = gate(cast.ada, NOW)
    assert (found.colour, found.signpost) == ("green", False)
    assert gate_in_words(found).because == gate_in_words(found).suggestions == ()
    assert week_minutes(cast.ada, NOW, 45).minutes == 45


def test_usual_days_stay_green(cast):
    checks(cast.ada, *USUAL, 6, 7, 6)
    assert gate(cast.ada, NOW).colour == "green"


def test_less_than_usual_for_some_days_turns_amber_and_then_red_with_the_usual_in_words(cast):
    checks(cast.ada, *USUAL, 5, 4, 5)
    amber = gate(cast.ada, NOW)
    assert (amber.colour, codes(amber)) == ("amber", ["strain_above_usual"])
    words = gate_in_words(amber)
    assert "about 6.5 of 10" in words.because[0] and "may be chance" in words.because[0]
    assert any("At most 5 tries" in sentence for sentence in words.suggestions)
    assert any("Talk to a person" in sentence for sentence in words.suggestions)
    checks(cast.ada, 4, 4, 4, until=NOW + timedelta(days=3))
    red = gate(cast.ada, NOW + timedelta(days=3))
    assert (red.colour, codes(red)) == ("red", ["strain_far_above_usual"])
    assert any("Leave the hard levels" in sentence for sentence in gate_in_words(red).suggestions)


@pytest.mark.parametrize(("capacity", "colour"), [(4, "green"), (3, "amber"), (1, "red"), (0, "red")])
def test_one_very_low_day_is_enough(cast, capacity, colour):
    checks(cast.ada, capacity)
    found = gate(cast.ada, NOW)
    assert found.colour == colour
    if colour != "green":
        assert f"There is {capacity} of 10 in you today." in gate_in_words(found).because


def test_a_low_day_long_ago_says_nothing_of_today(cast):
    checks(cast.ada, *USUAL, 4, 4, 4, 4, 4, 4, until=NOW - timedelta(days=15))
    assert gate(cast.ada, NOW).colour == "green"


def test_one_stretch_too_hard_is_amber_two_in_a_week_are_red_and_both_pass(cast):
    hard = {"member": cast.ada, "minutes": 10, "strain": 6, "by": cast.ada, "too_hard": True}
    note_load(**hard, at=NOW - timedelta(days=2))
    assert gate(cast.ada, NOW).colour == "amber"
    note_load(**hard, at=NOW)
    assert (gate(cast.ada, NOW).colour, codes(gate(cast.ada, NOW))) == ("red", ["strain_marked_lately"])
    assert gate(cast.ada, NOW + timedelta(days=5)).colour == "amber"
    assert gate(cast.ada, NOW + timedelta(days=7)).colour == "green"


def test_a_stretch_of_the_highest_strain_counts_as_a_mark(cast):
    note_load(member=cast.ada, minutes=10, strain=9, by=cast.ada, at=NOW)
    assert codes(gate(cast.ada, NOW)) == ["strain_marked_lately"]


def test_after_a_red_day_harder_rounds_rest_for_three_days(cast):
    checks(cast.ada, 0)
    until, reasons = rest_until(cast.ada, NOW)
    assert until == date(2026, 11, 6)
    assert reasons[0].code == "cool_down_red"
    checks(cast.ada, 8, until=NOW + timedelta(days=1))
    assert gate(cast.ada, NOW + timedelta(days=1)).colour == "green"
    assert rest_until(cast.ada, NOW + timedelta(days=1))[0] == date(2026, 11, 6)
    assert rest_until(cast.ada, NOW + timedelta(days=3)) is None


def test_a_wish_to_go_gently_makes_green_amber_for_a_week_and_can_be_ended(cast, as_member, now):
    page = as_member(cast.ada).post(reverse("welfare:ease_off"), {"colour": "amber"}, follow=True).content.decode()
    assert "A time to go gently" in page and "You said that you want to go gently." in page
    assert gate(cast.ada, NOW).easing == "amber"
    assert week_minutes(cast.ada, NOW, 45).minutes == 15
    assert gate(cast.ada, NOW + timedelta(days=8)).colour == "green"
    page = as_member(cast.ada).post(reverse("welfare:stop_easing_off"), follow=True).content.decode()
    assert "Nothing asks you to go easier" in page
    assert gate(cast.ada, NOW).colour == "green"


def test_a_wish_to_rest_first_is_red_and_a_week_of_rest(cast):
    ease_off(member=cast.ada, colour="red", by=cast.ada, at=NOW)
    assert (gate(cast.ada, NOW).colour, codes(gate(cast.ada, NOW))) == ("red", ["pause_declared"])
    assert week_minutes(cast.ada, NOW, 45).minutes == 0
    assert budget(cast.ada, NOW).attempts == 0


@pytest.mark.parametrize("colour", ["green", "", "harder"])
def test_there_is_no_wish_to_go_harder(cast, as_member, now, colour):
    with pytest.raises(CannotEaseOff):
        ease_off(member=cast.ada, colour=colour, by=cast.ada, at=NOW)
    as_member(cast.ada).post(reverse("welfare:ease_off"), {"colour": colour})
    assert not Easing.objects.exists()


def test_a_gentle_wish_leaves_red_red(cast):
    checks(cast.ada, 0)
    ease_off(member=cast.ada, colour="amber", by=cast.ada, at=NOW)
    assert gate(cast.ada, NOW).colour == "red"
    stop_easing_off(member=cast.ada, by=cast.ada, at=NOW)
    assert gate(cast.ada, NOW).colour == "red"


@pytest.mark.parametrize(
    "words",
    ["I want to die", "I can’t go on", "ich   will sterben, wirklich", "thoughts of SUICIDE", "mir etwas antun"],
)
def test_words_of_crisis_lead_to_human_help_and_are_not_scored(cast, as_member, now, words):
    checks(cast.ada, *USUAL, until=NOW - timedelta(days=1))
    check_capacity(member=cast.ada, capacity=0, words=words, by=cast.ada, at=NOW)
    found = gate(cast.ada, NOW)
    assert (found.colour, found.signpost, codes(found)) == ("red", True, ["crisis_words"])
    page = as_member(cast.ada).get(ME).content.decode()
    assert "Night line" in page and "tel:0800000000" in page
    assert "Nobody was told." in page


def test_a_later_check_without_such_words_ends_the_signpost_and_the_unscored_number_stays_out(cast):
    checks(cast.ada, *USUAL, until=NOW - timedelta(days=1))
    check_capacity(member=cast.ada, capacity=0, words="I want to die", by=cast.ada, at=NOW)
    later = NOW + timedelta(days=1)
    checks(cast.ada, 6, until=later)
    found = gate(cast.ada, later)
    assert (found.colour, found.signpost) == ("green", False)
    assert found.reasons[0].facts["checks"] == 9


def test_ordinary_heavy_days_show_no_numbers(cast, as_member, now):
    check_capacity(member=cast.ada, capacity=2, words="tired of everything today", by=cast.ada, at=NOW)
    assert "Night line" not in as_member(cast.ada).get(ME).content.decode()


def test_a_crisis_ticked_as_reason_shows_the_numbers_too_and_halves_the_week(cast):
    check_capacity(member=cast.ada, capacity=7, causes=["crisis"], by=cast.ada, at=NOW)
    assert gate(cast.ada, NOW).signpost
    assert week_minutes(cast.ada, NOW, 60).minutes == 30


def test_the_week_shrinks_with_capacity_down_to_one_drill_and_says_so(cast):
    checks(cast.ada, 4)
    assert week_minutes(cast.ada, NOW, 45).minutes == 25
    assert welfare_page(cast.ada, NOW).week == "Where you would practise 45 minutes, about 25 fit this week."
    checks(cast.ada, 2, until=NOW + timedelta(hours=1))
    assert welfare_page(cast.ada, NOW + timedelta(hours=1)).week == "A low week: one drill of 10 minutes is plenty."
    checks(cast.ada, 1, until=NOW + timedelta(hours=2))
    assert "This week is for rest." in welfare_page(cast.ada, NOW + timedelta(hours=2)).week
    assert week_minutes(cast.ada, NOW + timedelta(days=9), 45).minutes == 45


def test_the_budget_of_today_follows_todays_check(cast):
    assert budget(cast.ada, NOW, 45).load == 90
    checks(cast.ada, 3)
    held = budget(cast.ada, NOW, 45)
    assert (held.load, held.attempts) == (45, load.AMBER_ATTEMPTS)


def test_a_gate_of_welfare_is_a_gate_of_science(cast):
    assert isinstance(gate(cast.ada, NOW), load.Gate)


def test_somebody_elses_low_days_move_nothing_of_mine(cast):
    checks(cast.mia, 0)
    assert gate(cast.ada, NOW).colour == "green"
