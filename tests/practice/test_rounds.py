"""A round: answer, rate, compare, react, and what comes next."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shoshin.practice.actions import (
    Answer,
    CannotPractise,
    choose_level,
    rate_attempt,
    record_attempt,
    record_reaction,
    stop_round,
)
from shoshin.practice.actions.rounds import Felt
from shoshin.practice.models import Attempt, Minutes, Round, Stopped
from shoshin.practice.queries import beginning_level, next_statement
from shoshin.welfare.actions import ease_off
from shoshin.welfare.models import LoadNote
from tests.cast import NOW
from tests.practice.tries import begin, fresh, met


def test_twice_too_easy_and_met_goes_one_level_up(aloud, cast):
    round = begin(aloud, cast.ada)
    met(round, "too_easy")
    assert fresh(round).level == 1
    met(fresh(round), "too_easy")
    assert fresh(round).level == 2


def test_too_hard_goes_one_level_down_and_twice_ends_the_round(aloud, cast):
    round = begin(aloud, cast.ada, level=3)
    met(round, "too_hard", rating=0)
    assert (fresh(round).level, fresh(round).ended_at) == (2, None)
    met(fresh(round), "too_hard", rating=0)
    ended = fresh(round)
    assert (ended.level, ended.stopped) == (1, Stopped.TWICE_TOO_HARD)
    assert ended.ended_at is not None


def test_strong_shame_counts_as_too_hard(aloud, cast):
    round = begin(aloud, cast.ada, level=2)
    met(round, "good_challenge", shame=8)
    assert fresh(round).level == 1


def test_after_too_hard_the_next_round_begins_below_and_does_not_rise_by_itself(aloud, cast):
    first = begin(aloud, cast.ada, level=2)
    met(first, "too_hard", rating=0)
    stop_round(round=fresh(first), by=cast.ada, at=NOW)
    later = NOW + timedelta(days=1)
    second = begin(aloud, cast.ada, at=later)
    assert second.level == 1
    for _ in range(3):
        met(fresh(second), "too_easy", at=later)
    assert fresh(second).level == 1


def test_the_person_may_begin_higher_in_a_later_round_and_then_the_mark_is_lifted(aloud, cast):
    first = begin(aloud, cast.ada, level=2)
    met(first, "too_hard", rating=0)
    stop_round(round=fresh(first), by=cast.ada, at=NOW)
    later = NOW + timedelta(days=1)
    asked = begin(aloud, cast.ada, level=2, at=later)
    assert asked.asked
    met(asked, "good_challenge", at=later)
    stop_round(round=fresh(asked), by=cast.ada, at=later)
    assert beginning_level(cast.ada, aloud, later) == 2


def test_stepping_down_is_always_allowed_and_up_only_where_nothing_was_marked(aloud, cast):
    round = begin(aloud, cast.ada, level=2)
    assert choose_level(round=round, level=1, by=cast.ada, at=NOW).level == 1
    assert choose_level(round=round, level=2, by=cast.ada, at=NOW).level == 2
    met(fresh(round), "too_hard", rating=0)
    with pytest.raises(CannotPractise, match="stays here or becomes easier"):
        choose_level(round=fresh(round), level=3, by=cast.ada, at=NOW)


def test_the_same_attempt_twice_is_kept_once_and_a_different_one_under_its_key_is_refused(aloud, cast):
    round, key = begin(aloud, cast.ada), uuid4()
    said = next_statement(round).statement
    one = record_attempt(round=round, statement=said, answer=Answer(key, "typed", "I hear"), by=cast.ada, at=NOW)
    two = record_attempt(round=round, statement=said, answer=Answer(key, "typed", "I hear"), by=cast.ada, at=NOW)
    assert one.pk == two.pk
    with pytest.raises(CannotPractise, match="It stays as it was"):
        record_attempt(round=round, statement=said, answer=Answer(key, "typed", "Other"), by=cast.ada, at=NOW)
    assert Attempt.objects.count() == 1


def test_the_first_attempt_on_a_statement_stays_the_first(aloud, cast):
    round = begin(aloud, cast.ada)
    firsts = [met(fresh(round)) for _ in range(4)]
    assert [attempt.is_first for attempt in firsts] == [True, True, True, False]


def test_looking_again_shows_the_same_statement_until_it_is_answered(aloud, cast):
    round = begin(aloud, cast.ada)
    assert len({next_statement(fresh(round)).statement.pk for _ in range(5)}) == 1


def test_models_show_only_after_the_own_answer_is_rated(ada, aloud, cast):
    ada.post(reverse("practice:start_round", args=[aloud.pk]), {"key": str(uuid4()), "criterion": "names_it"})
    round = Round.objects.get()
    address = reverse("practice:round", args=[round.pk])
    said = next_statement(round).statement
    page = ada.get(address).content.decode()
    assert said.says in page
    assert "model of" not in page
    ada.post(
        reverse("practice:record_attempt", args=[round.pk]),
        {"key": str(uuid4()), "statement": said.pk, "kind": "typed", "text": "You miss her."},
    )
    assert "model of" not in ada.get(address).content.decode()
    ada.post(reverse("practice:rate_attempt", args=[Attempt.objects.get().pk]), {"rating": "2"})
    page = ada.get(address).content.decode()
    assert "First model of" in page
    assert "You miss her." in page
    assert "It names the feeling." in page


def test_a_reaction_before_the_rating_is_refused_and_the_answer_is_kept(aloud, cast):
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement
    attempt = record_attempt(round=round, statement=said, answer=Answer(uuid4(), "typed", "x"), by=cast.ada, at=NOW)
    with pytest.raises(CannotPractise, match="Your answer is kept"):
        record_reaction(attempt=attempt, felt=Felt("too_easy"), by=cast.ada, at=NOW)
    with pytest.raises(CannotPractise, match="Choose one of the three"):
        rate_attempt(attempt=attempt, rating=7, by=cast.ada, at=NOW)


def test_an_ended_round_takes_nothing_more_and_its_minutes_are_counted_once(aloud, cast):
    round = begin(aloud, cast.ada)
    met(round, at=NOW + timedelta(minutes=9))
    stop_round(round=fresh(round), by=cast.ada, at=NOW + timedelta(hours=3))
    stop_round(round=fresh(round), by=cast.ada, at=NOW + timedelta(hours=4))
    assert Minutes.objects.get().minutes == 10
    with pytest.raises(CannotPractise, match="This round has ended"):
        met(fresh(round))


def test_a_silent_drill_takes_no_words_and_a_spoken_one_no_silence(within, aloud, cast):
    assert met(begin(within, cast.ada)).answer == "silent"
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement
    with pytest.raises(CannotPractise, match="answered another way"):
        record_attempt(round=round, statement=said, answer=Answer(uuid4(), "silent"), by=cast.ada, at=NOW)


def test_nobody_else_opens_a_round(as_member, aloud, cast):
    round = begin(aloud, cast.ada)
    for other in (cast.mia, cast.eve):
        assert as_member(other).get(reverse("practice:round", args=[round.pk])).status_code == 404


def test_a_mastered_skill_returns_later_and_later(aloud, cast):
    at, days = NOW, []
    for _ in range(4):
        round = begin(aloud, cast.ada, level=3, at=at)
        for _ in range(4):
            met(fresh(round), "good_challenge", at=at)
        stop_round(round=fresh(round), by=cast.ada, at=at)
        ability = cast.ada.abilities.get()
        if ability.returns_on:
            days.append((ability.returns_on - at.date()).days)
            at = NOW.replace(year=ability.returns_on.year, month=ability.returns_on.month, day=ability.returns_on.day)
        else:
            at += timedelta(days=1)
    assert len(days) >= 2
    assert days == sorted(days)
    assert days[-1] > days[0]


def test_an_answer_given_aloud_needs_no_words(ada, aloud, cast):
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement
    page = ada.get(reverse("practice:round", args=[round.pk])).content.decode()
    assert 'name="kind" value="spoken"' in page
    ada.post(
        reverse("practice:record_attempt", args=[round.pk]),
        {"key": str(uuid4()), "statement": said.pk, "kind": ["typed", "spoken"], "text": ""},
    )
    assert Attempt.objects.get().answer == "spoken"


def test_words_that_are_missing_are_asked_for_and_nothing_is_kept(ada, aloud, cast):
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement
    response = ada.post(
        reverse("practice:record_attempt", args=[round.pk]),
        {"key": str(uuid4()), "statement": said.pk, "kind": "typed", "text": " "},
    )
    assert response.status_code == 422
    assert "Write what you would say" in response.content.decode()
    assert not Attempt.objects.exists()


def test_in_a_week_that_asks_for_care_nothing_rises_by_itself_and_the_practice_page_says_so(
    ada, aloud, cast, monkeypatch
):
    ease_off(member=cast.ada, colour="amber", by=cast.ada, at=NOW)
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    round = begin(aloud, cast.ada)
    for _ in range(3):
        met(fresh(round), "too_easy")
    assert fresh(round).level == 1
    assert "This week asks for care" in ada.get(reverse("practice:show_practice")).content.decode()


def test_practice_counts_toward_the_load_of_the_day(aloud, cast):
    round = begin(aloud, cast.ada)
    met(round, "too_hard", rating=0, at=NOW + timedelta(minutes=4))
    stop_round(round=fresh(round), by=cast.ada, at=NOW + timedelta(minutes=6))
    note = LoadNote.objects.get()
    assert (note.minutes, note.too_hard) == (5, True)
