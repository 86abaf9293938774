"""Minutes practised, against 45 at a stretch and a day of rest in seven. Suggestions, never locks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.welfare.actions import CannotNoteLoad, ease_off, note_load
from shoshin.welfare.queries import practised, welfare_page
from tests.cast import NOW


def practise(member, minutes, at=NOW, **said):
    return note_load(member=member, minutes=minutes, strain=3, by=member, at=at, **said)


def test_today_and_the_last_seven_days_are_added_up(cast):
    practise(cast.ada, 20, NOW - timedelta(days=7))
    practise(cast.ada, 15, NOW - timedelta(days=6))
    practise(cast.ada, 10)
    found = practised(cast.ada, NOW)
    assert (found.today, found.week) == (10, 25)


def test_forty_five_minutes_at_a_stretch_suggest_to_stop_and_a_break_begins_anew(cast):
    practise(cast.ada, 25, NOW - timedelta(minutes=30))
    practise(cast.ada, 20)
    assert (practised(cast.ada, NOW).block, practised(cast.ada, NOW).block_full) == (45, True)
    assert any("a good moment to stop" in sentence for sentence in welfare_page(cast.ada, NOW).load)
    assert practised(cast.ada, NOW + timedelta(minutes=30)).block == 0


def test_two_stretches_with_a_break_are_two_blocks(cast):
    practise(cast.ada, 30, NOW - timedelta(minutes=50))
    practise(cast.ada, 20)
    assert practised(cast.ada, NOW).block == 20


def test_after_six_days_in_a_row_a_day_of_rest_is_suggested(cast):
    for days in range(1, 6):
        practise(cast.ada, 10, NOW - timedelta(days=days))
    assert not practised(cast.ada, NOW).rest_day_due
    practise(cast.ada, 10, NOW - timedelta(days=6))
    assert practised(cast.ada, NOW).rest_day_due
    assert any("One day of rest" in sentence for sentence in welfare_page(cast.ada, NOW).load)


def test_todays_budget_used_up_suggests_to_stop(cast):
    practise(cast.ada, 12, NOW - timedelta(hours=3), too_hard=True)
    practise(cast.ada, 12, NOW - timedelta(hours=2), too_hard=True)
    assert practised(cast.ada, NOW).stop.stop
    assert any("as much as fits today" in sentence for sentence in welfare_page(cast.ada, NOW).load)


def test_on_a_day_of_rest_by_ones_own_wish_any_practice_is_enough(cast):
    ease_off(member=cast.ada, colour="red", by=cast.ada, at=NOW)
    practise(cast.ada, 5)
    assert practised(cast.ada, NOW).stop.stop


def test_without_practice_nothing_is_missing(cast, as_member, monkeypatch):
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    page = as_member(cast.ada).get(reverse("welfare:show_welfare")).content.decode()
    assert "nothing is missing" in page


@pytest.mark.parametrize("wrong", [{"minutes": -1}, {"minutes": 1441}, {"strain": 11}, {"strain": -1}])
def test_what_cannot_be_is_refused(cast, wrong):
    with pytest.raises(CannotNoteLoad):
        note_load(**{"member": cast.ada, "minutes": 10, "strain": 3, "by": cast.ada, "at": NOW} | wrong)


def test_nobody_notes_anothers_load(cast):
    with pytest.raises(PermissionError):
        note_load(member=cast.mia, minutes=10, strain=3, by=cast.ada, at=NOW)
