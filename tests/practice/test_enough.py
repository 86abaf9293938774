"""When a round suggests stopping, which cause a stop has, and what becomes of a round left open."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shoshin.kit.models import AuditEvent
from shoshin.practice import tasks
from shoshin.practice.actions import Answer, record_attempt, stop_round
from shoshin.practice.models import Minutes, Stopped
from shoshin.practice.queries import enough_for_today, left_rounds, next_statement, running_round
from shoshin.welfare.actions import check_capacity, ease_off
from shoshin.welfare.models import LoadNote
from tests.cast import NOW
from tests.practice.tries import begin, fresh, met


def answer(round, minutes):
    """One answer, so many minutes after the round began."""
    said = next_statement(fresh(round)).statement
    at = round.began_at + timedelta(minutes=minutes)
    return record_attempt(
        round=round, statement=said, answer=Answer(uuid4(), "typed", "Words."), by=round.member, at=at
    )


def test_on_a_usual_day_a_few_tries_suggest_nothing(aloud, cast):
    round = begin(aloud, cast.ada)
    for minute in (2, 4, 6):
        met(fresh(round), at=NOW + timedelta(minutes=minute))
    assert enough_for_today(cast.ada, NOW + timedelta(minutes=7)).suggested is False


def test_in_a_week_that_asks_for_care_five_tries_are_enough_and_stopping_then_says_so(ada, aloud, cast, monkeypatch):
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW + timedelta(minutes=9))
    ease_off(member=cast.ada, colour="amber", by=cast.ada, at=NOW)
    round = begin(aloud, cast.ada)
    address = reverse("practice:round", args=[round.pk])
    for tries in range(1, 6):
        assert "Stop here for today" not in ada.get(address).content.decode()
        met(fresh(round), at=NOW + timedelta(minutes=tries))
    page = ada.get(address).content.decode()
    assert "the tries that fit into a week that asks for care" in page
    assert "Going on is up to you." in page
    assert 'id="answer"' in page, "it suggests and locks nothing"
    ada.post(reverse("practice:stop_round", args=[round.pk]))
    assert fresh(round).stopped == Stopped.ENOUGH
    assert "The planned tries are done." in ada.get(address).content.decode()


def test_stopping_before_that_is_ones_own_choice(ada, aloud, cast):
    round = begin(aloud, cast.ada)
    met(round)
    ada.post(reverse("practice:stop_round", args=[round.pk]))
    assert fresh(round).stopped == Stopped.CHOSE


def test_many_minutes_fill_the_day_and_a_new_day_has_room_again(aloud, cast):
    at = NOW
    for _ in range(3):
        round = begin(aloud, cast.ada, at=at)
        for minute in (9, 18):
            met(fresh(round), at=at + timedelta(minutes=minute))
        at += timedelta(minutes=25)
        stop_round(round=fresh(round), by=cast.ada, at=at)
    found = enough_for_today(cast.ada, at)
    assert found.suggested and "fills what today has room for" in found.why
    assert not enough_for_today(cast.ada, at + timedelta(days=1)).suggested


def test_a_day_for_rest_says_so_before_anything_is_tried(ada, aloud, cast, monkeypatch):
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    check_capacity(member=cast.ada, capacity=1, causes=[], words="", by=cast.ada, at=NOW)
    page = ada.get(reverse("practice:show_exercise", args=[aloud.pk])).content.decode()
    assert "Today asks for rest first" in page
    assert "Begin" in page


def test_a_page_left_open_counts_ten_minutes_at_most(aloud, cast):
    round = begin(aloud, cast.ada)
    met(round, at=NOW + timedelta(hours=5))
    assert enough_for_today(cast.ada, NOW + timedelta(hours=5)).suggested is False


def test_a_round_left_open_for_a_day_is_closed_and_its_minutes_count_for_the_day_of_the_last_answer(aloud, cast):
    round = begin(aloud, cast.ada)
    met(round, "too_hard", at=NOW + timedelta(minutes=6))
    tasks.close_left_rounds({}, NOW + timedelta(hours=24))
    assert fresh(round).ended_at is None
    later = NOW + timedelta(hours=25)
    tasks.close_left_rounds({}, later)
    tasks.close_left_rounds({}, later)
    ended = fresh(round)
    assert (ended.stopped, ended.ended_at) == (Stopped.LEFT, later)
    assert (Minutes.objects.get().minutes, Minutes.objects.get().on) == (7, NOW.date())
    note = LoadNote.objects.get()
    assert (note.ended_at, note.too_hard, note.person) == (NOW + timedelta(minutes=6), True, cast.ada.person)
    closing = AuditEvent.objects.get(event="practice.stop_round")
    assert (closing.actor_kind, closing.clinic_id) == ("system", cast.clinic.pk)


def test_a_round_left_without_any_answer_is_closed_and_counts_nothing(ada, aloud, cast):
    round = begin(aloud, cast.ada)
    tasks.close_left_rounds({}, NOW + timedelta(days=2))
    assert running_round(cast.ada) is None
    assert not Minutes.objects.exists()
    page = ada.get(reverse("practice:round", args=[round.pk])).content.decode()
    assert "Left open, and closed after a day." in page
    assert "Nothing was tried in it, and that is fine." in page


@pytest.mark.parametrize("minutes", [5, 300])
def test_the_last_answer_and_not_the_beginning_says_whether_a_round_is_idle(aloud, cast, minutes):
    round = begin(aloud, cast.ada)
    answer(round, minutes)
    last = NOW + timedelta(minutes=minutes)
    assert left_rounds(last + timedelta(hours=23, minutes=59)) == []
    assert left_rounds(last + timedelta(hours=24)) == [round]
