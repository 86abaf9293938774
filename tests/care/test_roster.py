"""Who answers for a client at a moment, when somebody next reads, and no uncovered hour without a word about it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from shoshin.care.actions import (
    CannotNameDuty,
    CannotSetReadingHours,
    accept_cover,
    ask_cover,
    cancel_absence,
    decline_cover,
    end_duty,
    name_duty,
    set_reading_hours,
)
from shoshin.care.models import ReadingHour
from shoshin.care.queries import cover_gaps, is_read_in_time, next_reading, responders, roster_of
from shoshin.care.queries.roster import Roster
from shoshin.kit.action import OPERATOR, SYSTEM
from shoshin.people.actions import add_member
from tests.care.absences import away, give_role, leave_clinic, move_clinic
from tests.cast import NOW

HOUR = timedelta(hours=1)
TUESDAY, WEDNESDAY, FRIDAY, SUNDAY = 1, 2, 4, 6


@pytest.fixture
def lead(cast):
    return add_member(clinic=cast.clinic, name="Lea", email="lea@example.org", role="lead", by=cast.ada, at=NOW)


def promise(member, *hours):
    set_reading_hours(member=member, hours=list(hours), by=member, at=NOW - timedelta(days=1))


def london(text: str) -> datetime:
    """A moment of November, when London's clock shows UTC."""
    return datetime.fromisoformat(f"{text}+00:00")


def test_the_therapist_is_first_then_leads_then_duty_people(cast, lead):
    name_duty(member=cast.mia, by=cast.ada, at=NOW)
    found = responders(cast.ben, NOW)
    assert (found.first, found.leads, found.duty) == ((cast.ada,), (lead,), (cast.mia,))
    assert found.everyone == (cast.ada, lead, cast.mia)


def test_without_duty_people_the_last_rung_is_the_leads_and_without_leads_the_owner(cast):
    assert responders(cast.noa, NOW).duty == (cast.ada,)
    lead = add_member(clinic=cast.clinic, name="Lea", email="lea@example.org", role="lead", by=cast.ada, at=NOW)
    assert responders(cast.noa, NOW).duty == (lead,)


def test_a_duty_that_ended_counts_no_longer_and_nobody_is_on_duty_twice(cast, lead):
    duty = name_duty(member=cast.mia, by=cast.ada, at=NOW)
    with pytest.raises(CannotNameDuty, match="on duty already"):
        name_duty(member=cast.mia, by=cast.ada, at=NOW)
    with pytest.raises(CannotNameDuty):
        name_duty(member=cast.eve, by=cast.ada, at=NOW)
    end_duty(duty=duty, by=cast.ada, at=NOW)
    assert responders(cast.ben, NOW).duty == (lead,)


def test_an_accepted_cover_takes_the_first_place_while_the_therapist_is_away_and_only_then(cast):
    away(cast.ada, "2026-11-10 09:00", "2026-11-12 17:00", colleague=cast.mia, accepted=True)
    for moment, first in (
        ("2026-11-10 08:59", cast.ada),
        ("2026-11-10 09:00", cast.mia),
        ("2026-11-12 16:59", cast.mia),
        ("2026-11-12 17:00", cast.ada),
    ):
        assert responders(cast.ben, london(moment)).first == (first,)
        assert roster_of(cast.clinic, london(moment)).is_absent(cast.ada, london(moment)) == (first != cast.ada)


def test_a_cover_that_was_only_asked_or_is_away_or_gone_is_not_first(cast):
    asked = away(cast.ada, "2026-11-10 09:00", "2026-11-12 17:00", colleague=cast.mia)
    moment = london("2026-11-11 09:00")
    assert responders(cast.ben, moment).first == ()
    accept_cover(cover=asked.covers.get(), by=cast.mia, at=NOW)
    assert responders(cast.ben, moment).first == (cast.mia,)
    ill = away(cast.mia, "2026-11-11 08:00", "2026-11-11 12:00")
    assert responders(cast.ben, moment).first == ()
    cancel_absence(absence=ill, by=cast.mia, at=NOW)
    leave_clinic(member=cast.mia, by=OPERATOR, at=NOW)
    assert responders(cast.ben, moment).first == ()


def test_the_last_rung_is_never_empty_even_when_everybody_is_away(cast):
    for member in (cast.ada, cast.mia):
        away(member, "2026-11-10 09:00", "2026-11-12 17:00")
    found = responders(cast.ben, london("2026-11-11 09:00"))
    assert (found.first, found.leads, found.duty, found.nobody_is_here) == ((), (), (cast.ada,), True)
    assert not responders(cast.ben, NOW).nobody_is_here


def test_the_next_reading_is_the_next_promised_hour_or_now_within_one(cast):
    promise(cast.ada, (TUESDAY, time(9), time(10)), (FRIDAY, time(12), time(12, 30)))
    for asked, when, until in (
        ("2026-11-03 08:00", "2026-11-03 09:00", "2026-11-03 10:00"),
        ("2026-11-03 09:20", "2026-11-03 09:20", "2026-11-03 10:00"),
        ("2026-11-03 10:00", "2026-11-06 12:00", "2026-11-06 12:30"),
        ("2026-11-06 12:30", "2026-11-10 09:00", "2026-11-10 10:00"),
    ):
        found = next_reading(cast.ben, london(asked))
        assert (found.when, found.until, found.member) == (london(when), london(until), cast.ada)


def test_without_hours_or_with_a_strangers_hours_only_there_is_no_next_reading(cast):
    promise(cast.mia, (TUESDAY, time(9), time(10)))
    promise(cast.eve, (TUESDAY, time(9), time(10)))
    assert next_reading(cast.ben, NOW) is None
    assert next_reading(cast.noa, NOW).member == cast.mia


def test_an_absence_moves_the_next_reading_to_the_cover_or_to_the_coming_back(cast):
    promise(cast.ada, (TUESDAY, time(9), time(10)))
    promise(cast.mia, (WEDNESDAY, time(15), time(16)))
    absence = away(cast.ada, "2026-11-10 08:00", "2026-11-17 09:30")
    asked = london("2026-11-09 12:00")
    assert next_reading(cast.ben, asked).when == london("2026-11-17 09:30")
    ask = ask_cover(absence=absence, colleague=cast.mia, by=cast.ada, at=NOW)
    assert next_reading(cast.ben, asked).when == london("2026-11-17 09:30")
    accept_cover(cover=ask, by=cast.mia, at=NOW)
    found = next_reading(cast.ben, asked)
    assert (found.when, found.member) == (london("2026-11-11 15:00"), cast.mia)


def test_an_hour_that_an_absence_cuts_short_ends_with_it(cast):
    promise(cast.ada, (TUESDAY, time(9), time(11)))
    away(cast.ada, "2026-11-10 10:00", "2026-11-10 18:00")
    assert next_reading(cast.ben, london("2026-11-10 08:00")).until == london("2026-11-10 10:00")


def test_hours_are_on_the_clinics_clock_also_when_the_clocks_change(cast):
    move_clinic(clinic=cast.clinic, zone="America/New_York", by=OPERATOR, at=NOW)
    promise(cast.ada, (SUNDAY, time(9), time(10)))
    saturdays = (datetime(2027, 3, 13, 20, tzinfo=UTC), datetime(2027, 11, 6, 20, tzinfo=UTC))
    assert [next_reading(cast.ben, each).when.hour for each in saturdays] == [13, 14]


def test_an_hour_that_the_clocks_jump_over_is_promised_a_week_later(cast):
    move_clinic(clinic=cast.clinic, zone="America/New_York", by=OPERATOR, at=NOW)
    promise(cast.ada, (SUNDAY, time(2, 15), time(2, 45)))
    found = next_reading(cast.ben, datetime(2027, 3, 13, 20, tzinfo=UTC))
    assert found.when == datetime(2027, 3, 21, 6, 15, tzinfo=UTC)


def test_seventy_two_hours_are_met_at_equality(cast):
    promise(cast.ada, (FRIDAY, time(9), time(10)))
    assert is_read_in_time(cast.ben, NOW)
    assert not is_read_in_time(cast.ben, NOW - timedelta(minutes=1))


def test_setting_hours_keeps_what_had_been_promised_and_takes_none_that_end_before_they_begin(cast):
    promise(cast.ada, (TUESDAY, time(9), time(10)), (FRIDAY, time(9), time(10)))
    promise(cast.ada, (FRIDAY, time(9), time(10)))
    assert ReadingHour.objects.filter(ended_at=None).get().weekday == FRIDAY
    assert ReadingHour.objects.count() == 2
    with pytest.raises(CannotSetReadingHours, match="Tuesday"):
        promise(cast.ada, (TUESDAY, time(10), time(10)))
    give_role(member=cast.mia, role="operator", by=SYSTEM, at=NOW)
    with pytest.raises(CannotSetReadingHours, match="Only therapists"):
        promise(cast.mia, (TUESDAY, time(9), time(10)))


# K5: two weeks, hour by hour, through everything that happens to absences.


def leave_covered(cast):
    away(cast.ada, "2026-11-04 00:00", "2026-11-09 00:00", colleague=cast.mia, accepted=True)


def leave_only_asked(cast):
    away(cast.ada, "2026-11-04 00:00", "2026-11-09 00:00", colleague=cast.mia)


def swapped_to_one_who_steps_back(cast):
    absence = away(cast.ada, "2026-11-04 00:00", "2026-11-12 00:00", colleague=cast.mia, accepted=True)
    noor = add_member(clinic=cast.clinic, name="Noor", email="n@example.org", role="therapist", by=cast.ada, at=NOW)
    accept_cover(cover=ask_cover(absence=absence, colleague=noor, by=cast.ada, at=NOW), by=noor, at=NOW)
    decline_cover(cover=absence.covers.get(colleague=noor), by=noor, at=NOW)


def ill_from_now(cast):
    away(cast.ada, "2026-11-03 00:00", "2026-11-05 00:00")


def overlapping_absences_of_both(cast):
    away(cast.ada, "2026-11-04 00:00", "2026-11-14 00:00", colleague=cast.mia, accepted=True)
    away(cast.mia, "2026-11-06 12:00", "2026-11-08 12:00")


def covers_account_ends(cast):
    away(cast.ada, "2026-11-04 00:00", "2026-11-09 00:00", colleague=cast.mia, accepted=True)
    leave_clinic(member=cast.mia, by=OPERATOR, at=NOW)


STORIES = {
    leave_covered: 0,
    leave_only_asked: 120,
    swapped_to_one_who_steps_back: 192,
    ill_from_now: 39,
    overlapping_absences_of_both: 48,
    covers_account_ends: 120,
}


def silent_hours(cast) -> tuple[int, int, int]:
    """Of two weeks of hours: all, those with nobody first, and those of them without banner or word to the client."""
    from shoshin.feedback.queries import reading_line

    uncovered = silent = 0
    moments = [NOW + hour * HOUR for hour in range(14 * 24)]
    for moment in moments:
        if responders(cast.ben, moment).first:
            continue
        uncovered += 1
        banner = any(gap.begins_at <= moment < gap.ends_at for gap in cover_gaps(cast.ada, moment))
        notice = "nobody covers" in reading_line(cast.ben, None, moment).text
        silent += not (banner and notice)
    return len(moments), uncovered, silent


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_no_hour_of_two_weeks_is_without_a_responder_or_a_banner_and_a_word_to_the_client(story, cast):
    story(cast)
    hours, uncovered, silent = silent_hours(cast)
    print(f"K5 {story.__name__}: {hours} hours, {uncovered} uncovered, {silent} of them silent")
    assert (hours, uncovered, silent) == (336, STORIES[story], 0)


def test_a_gap_that_nobody_is_told_of_is_noticed(cast, monkeypatch):
    leave_only_asked(cast)
    monkeypatch.setattr(Roster, "gaps_of", lambda self, member, at, until: [])
    assert silent_hours(cast)[2] == 120


def test_a_gap_is_seen_two_weeks_ahead_and_is_only_the_uncovered_part(cast):
    overlapping_absences_of_both(cast)
    (gap,) = cover_gaps(cast.ada, NOW)
    assert (gap.begins_at, gap.ends_at) == (london("2026-11-06 12:00"), london("2026-11-08 12:00"))
    away(cast.ada, "2026-12-01 00:00", "2026-12-03 00:00")
    assert len(cover_gaps(cast.ada, NOW)) == 1
    assert len(cover_gaps(cast.ada, london("2026-11-18 00:00"))) == 1
