"""Reminders: asked for, at most one a planned day, never in quiet hours, and at rest when nobody answers."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from shoshin.kit.action import SYSTEM, action
from shoshin.practice import tasks
from shoshin.practice.actions import WeekThatFits, log_minutes, plan_week, remind
from shoshin.practice.models import Plan
from shoshin.practice.queries import due_plans
from shoshin.practice.queries.reminders import is_quiet
from shoshin.welfare.actions import ease_off
from tests.cast import NOW
from tests.practice.tries import begin, met

# NOW is a Tuesday, 9 o'clock in London, which keeps winter time then.
EVERY_DAY = tuple(range(7))


def plan(member, **changes):
    week = {"minutes_a_week": 40, "solo_share": 70, "days": EVERY_DAY, "reminds": True} | changes
    return plan_week(week=WeekThatFits(**week), by=member, at=NOW - timedelta(days=30))


@action("tests.leave_the_clinic")
def leave(*, member, by, at):
    member.ended_at = at
    member.save(update_fields=["ended_at"])


def run(at=NOW):
    """The task, as it comes round; says how many mails went out."""
    before = len(mail.outbox)
    tasks.remind_people({}, at)
    return len(mail.outbox) - before


def test_on_a_planned_day_one_mail_goes_out_and_no_second(cast):
    plan(cast.ada)
    assert [run(NOW + timedelta(minutes=30 * half)) for half in range(5)] == [1, 0, 0, 0, 0]
    assert run(NOW + timedelta(days=1)) == 1


def test_the_mail_says_nothing_of_what_is_practised(cast, aloud):
    plan(cast.ada)
    met(begin(aloud, cast.ada, at=NOW - timedelta(days=9)), at=NOW - timedelta(days=9))
    run()
    (sent,) = mail.outbox
    assert sent.to == [cast.ada.person.email]
    words = f"{sent.subject} {sent.body}"
    assert [word for word in ("practi", aloud.title, aloud.skill.title, "goal", "http") if word in words] == []


def test_nobody_who_did_not_ask_is_reminded(cast):
    plan(cast.ada, reminds=False)
    assert run() == 0


@pytest.mark.parametrize(("days", "sent"), [((1,), 1), ((0, 2, 3, 4, 5, 6), 0), ((), 0)])
def test_only_planned_days_count(cast, days, sent):
    plan(cast.ada, days=days)
    assert run() == sent


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "now", "quiet"),
    [
        (time(20), time(8), time(23), True),
        (time(20), time(8), time(7, 59), True),
        (time(20), time(8), time(8), False),
        (time(12), time(14), time(13), True),
        (time(12), time(14), time(14), False),
        (time(9), time(9), time(9), False),
    ],
)
def test_quiet_hours_may_cross_midnight(quiet_from, quiet_until, now, quiet):
    assert is_quiet(now, quiet_from, quiet_until) == quiet


def test_quiet_hours_are_those_of_the_clinics_clock(cast):
    plan(cast.ada, quiet_from=time(20), quiet_until=time(9))
    plan(cast.eve, quiet_from=time(20), quiet_until=time(9))
    summer = NOW.replace(month=7, day=7, hour=8)  # nine o'clock there, eight in UTC
    assert {each.member for each in due_plans(summer)} == {cast.ada, cast.eve}
    assert due_plans(summer - timedelta(minutes=1)) == []


def test_a_week_whose_minutes_are_done_needs_no_reminder(cast):
    plan(cast.ada)
    log_minutes(minutes=40, mode="pair", on=NOW.date() - timedelta(days=1), by=cast.ada, at=NOW)
    assert run() == 0


def test_whoever_practised_today_needs_none(cast, aloud):
    plan(cast.ada)
    met(begin(aloud, cast.ada), at=NOW)
    assert run(NOW + timedelta(hours=1)) == 0


def test_a_day_that_asks_for_rest_brings_none(cast):
    plan(cast.ada)
    ease_off(member=cast.ada, colour="red", by=cast.ada, at=NOW)
    assert run() == 0


def test_after_two_weeks_without_practice_the_last_one_says_so_and_no_more_come(ada, cast, monkeypatch):
    plan(cast.ada)
    assert [run(NOW + timedelta(days=day)) for day in range(20)] == [1] * 15 + [0] * 5
    assert "I stop reminding you. Switch it on again when you like." in mail.outbox[-1].body
    assert sum("I stop reminding you" in sent.body for sent in mail.outbox) == 1
    row = Plan.objects.get()
    assert (row.reminds, row.rested_on) == (False, NOW.date() + timedelta(days=14))
    assert "I stop reminding you" in ada.get(reverse("practice:show_practice")).content.decode()


def test_practice_in_between_begins_the_two_weeks_anew(cast, aloud):
    plan(cast.ada)
    for day in range(10):
        run(NOW + timedelta(days=day))
    tenth = NOW + timedelta(days=10)
    met(begin(aloud, cast.ada, at=tenth), at=tenth)
    sent = [run(NOW + timedelta(days=day)) for day in range(11, 24)]
    assert sent == [1] * 13
    assert Plan.objects.get().reminds


def test_switching_on_again_begins_anew(ada, cast):
    plan(cast.ada)
    for day in range(16):
        run(NOW + timedelta(days=day))
    ada.post(
        reverse("practice:plan_week"),
        {"minutes_a_week": "40", "solo_share": "60", "days": ["0", "1"], "reminds": "on", "quiet_from": "21:00"},
    )
    row = Plan.objects.get()
    assert (row.reminds, row.rested_on, row.unanswered_since) == (True, None, None)
    assert (row.quiet_from, row.quiet_until) == (time(21), time(8))


def test_one_tap_in_the_page_switches_them_off(ada, cast):
    plan(cast.ada)
    page = ada.get(reverse("practice:plan_week")).content.decode()
    assert reverse("practice:stop_reminders") in page
    ada.post(reverse("practice:stop_reminders"))
    assert Plan.objects.get().reminds is False
    assert run() == 0
    assert reverse("practice:stop_reminders") not in ada.get(reverse("practice:plan_week")).content.decode()


def test_a_mail_that_fails_is_not_sent_a_second_time_that_day(cast, monkeypatch):
    plan(cast.ada)

    def refuse(*_words):
        raise OSError("no server")

    monkeypatch.setattr("shoshin.kit.calls.mail", refuse)
    with pytest.raises(OSError, match="no server"):
        tasks.remind_people({}, NOW)
    monkeypatch.undo()
    assert run(NOW + timedelta(minutes=30)) == 0


def test_two_workers_at_once_remind_once(cast):
    row = plan(cast.ada)
    first = remind(plan=row, by=SYSTEM, at=NOW)
    assert first is not None
    assert remind(plan=row, by=SYSTEM, at=NOW) is None


def test_somebody_who_has_left_is_not_reminded(cast):
    row = plan(cast.mia)
    leave(member=cast.mia, by=cast.ada, at=NOW)
    assert row not in due_plans(NOW)
