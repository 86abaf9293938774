"""An episode: opened by its author, linked to one goal, answered by one tap, and known to nobody else."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.http import Http404

from shoshin.feedback.models import SignalRow
from shoshin.growth import queries
from shoshin.growth.actions import CannotGoOn, meet_differently, note_back_in_room, open_episode
from shoshin.growth.models import BackInRoom, Episode
from shoshin.kit.models import AuditEvent
from shoshin.practice.models import Goal
from shoshin.practice.queries import active_goal
from tests.cast import NOW
from tests.growth.steps import MOMENT, began, came, hand_over, hat_of

NEXT_WEEK = NOW + timedelta(weeks=1, hours=2)


def test_an_episode_keeps_the_signal_and_the_score_it_began_with(cast, signal):
    episode = began(cast, signal, sentence="")
    assert (episode.signal, episode.measure, episode.opening_score) == (signal, "phq-9", 16.0)
    assert episode.closes_at == NOW + timedelta(weeks=8)


def test_answering_again_puts_the_answer_right_and_opens_no_second_one(cast, signal):
    first = began(cast, signal, "mine", sentence="")
    second = began(cast, signal, "relationship", sentence="", at=NOW + timedelta(days=1))
    assert first.pk == second.pk
    assert Episode.objects.get().what_might_be == "relationship"


def test_the_moment_becomes_the_one_goal_and_the_goal_knows_no_client(cast, signal, pack):
    skill = pack.skills.get()
    episode = began(cast, signal, skill=skill)
    goal = active_goal(cast.ada)
    assert (episode.goal, goal.sentence, goal.skill) == (goal, MOMENT, skill)
    reached = {field.related_model._meta.app_label for field in Goal._meta.concrete_fields if field.is_relation}
    assert reached == {"people", "practice"}


def test_saying_the_same_moment_twice_chooses_one_goal(cast):
    episode = began(cast)
    meet_differently(episode=episode, sentence=MOMENT, skill=None, by=cast.ada, at=NOW)
    assert Goal.objects.count() == 1


@pytest.mark.parametrize("sentence", ["When B. N. sighs", "I rush (B. N.)"])
def test_a_sentence_that_holds_the_clients_code_is_refused(cast, sentence):
    episode = began(cast, sentence="")
    with pytest.raises(CannotGoOn, match="Leave it out"):
        meet_differently(episode=episode, sentence=sentence, skill=None, by=cast.ada, at=NOW)
    assert not Goal.objects.exists()


@pytest.mark.parametrize("sentence", ["", "   ", "x" * 241])
def test_an_empty_or_endless_sentence_chooses_nothing(cast, sentence):
    episode = began(cast, sentence="")
    with pytest.raises(CannotGoOn):
        meet_differently(episode=episode, sentence=sentence, skill=None, by=cast.ada, at=NOW)
    assert Episode.objects.get().goal is None


def test_nobody_opens_an_episode_about_a_client_of_somebody_else(cast):
    facts = {"client": cast.ben, "course": cast.course, "signal": None, "what": "mine", "at": NOW}
    for other in (cast.mia, cast.eve):
        with pytest.raises(CannotGoOn):
            open_episode(by=other, **facts)
    assert not Episode.objects.exists()


def test_what_it_might_be_is_one_of_five(cast):
    for what in ("", "the client"):
        with pytest.raises(CannotGoOn, match="Choose one of the five"):
            began(cast, what=what)


def test_after_a_kept_appointment_one_tap_is_asked_for_and_never_two(cast):
    episode = began(cast)
    assert queries.show_episode(hat_of(cast.ada), episode, NOW).asks_about is None
    earlier, last = came(cast, 1, 2)
    at = NOW + timedelta(weeks=2, hours=2)
    assert queries.show_episode(hat_of(cast.ada), episode, at).asks_about == last
    note_back_in_room(episode=episode, appointment=last, did="forgot", by=cast.ada, at=at)
    assert queries.show_episode(hat_of(cast.ada), episode, at).asks_about is None
    assert not episode.room.filter(appointment=earlier).exists()


def test_a_second_tap_about_the_same_appointment_puts_it_right(cast):
    episode, (visit,) = began(cast), came(cast, 1)
    for did in ("no_chance", "did_it"):
        note_back_in_room(episode=episode, appointment=visit, did=did, by=cast.ada, at=NEXT_WEEK)
    assert BackInRoom.objects.get().did == "did_it"


def test_an_appointment_from_before_or_not_kept_is_not_asked_about(cast):
    episode = began(cast)
    for visit in (cast.ben_today, cast.course.appointments.filter(state="kept").first(), None):
        with pytest.raises(CannotGoOn, match="since the episode began"):
            note_back_in_room(episode=episode, appointment=visit, did="did_it", by=cast.ada, at=NEXT_WEEK)


def test_the_mark_of_having_done_it_stands_on_its_authors_view_alone(cast):
    episode, (visit,) = began(cast), came(cast, 1)
    note_back_in_room(episode=episode, appointment=visit, did="did_it", by=cast.ada, at=NEXT_WEEK)
    (mark,) = queries.room_marks(hat_of(cast.ada), cast.course)
    assert (mark.occasion, mark.day) == (4, visit.starts_at.date())
    assert queries.room_marks(hat_of(cast.mia), cast.course) == []
    note_back_in_room(episode=episode, appointment=visit, did="forgot", by=cast.ada, at=NEXT_WEEK)
    assert queries.room_marks(hat_of(cast.ada), cast.course) == []


def test_nobody_else_finds_an_episode(cast):
    episode = began(cast)
    for other in (cast.mia, cast.eve):
        with pytest.raises(Http404):
            queries.episode_for(hat_of(other), episode.pk)


def test_after_a_handover_it_stays_with_its_author_without_the_client(cast, signal):
    episode = began(cast, signal)
    hand_over(cast)
    shown = queries.show_episode(hat_of(cast.ada), queries.episode_for(hat_of(cast.ada), episode.pk), NOW)
    assert shown.client is None and shown.line is None and not shown.standing.is_open
    assert shown.episode.sentence == MOMENT
    with pytest.raises(Http404):
        queries.episode_for(hat_of(cast.mia), episode.pk)


def test_deleting_the_client_takes_the_link_and_leaves_the_goal(cast, signal):
    from shoshin.desk.actions import delete_client

    episode, (visit,) = began(cast, signal), came(cast, 1)
    note_back_in_room(episode=episode, appointment=visit, did="did_it", by=cast.ada, at=NEXT_WEEK)
    delete_client(client=cast.ben, typed_code=cast.ben.code, by=cast.ada, at=NEXT_WEEK)
    assert not Episode.objects.exists() and not BackInRoom.objects.exists() and not SignalRow.objects.exists()
    assert active_goal(cast.ada).sentence == MOMENT
    text = json.dumps([list(model.objects.values()) for model in apps.get_models()], default=str)
    assert cast.ben.ref not in text


def test_the_trail_says_who_and_when_and_not_about_whom(cast, signal):
    began(cast, signal)
    rows = AuditEvent.objects.filter(event__startswith="growth.")
    assert {row.event for row in rows} == {"growth.open_episode", "growth.meet_differently"}
    assert {(row.about, json.dumps(row.subjects), row.actor_id) for row in rows} == {(None, "{}", str(cast.ada.pk))}
