"""An episode closes by itself, and says better, same, worse or not known by the measure's own error."""

from datetime import timedelta

import pytest

from shoshin.growth.actions import CannotGoOn, close_due_episodes, meet_differently
from shoshin.growth.models import Episode
from shoshin.growth.queries import main_line, show_episode
from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import discover, run_due
from shoshin.practice.actions import stop_round
from tests.cast import NOW
from tests.forms_of_ben import ben_answers
from tests.growth.steps import began, came, hand_over, hat_of, now_of
from tests.practice.tries import begin, fresh, met


def answers(cast, total, week, **facts):
    ben_answers(cast, total, at=NOW + timedelta(weeks=week), source="paper", **facts)


def test_it_closes_the_day_after_the_fourth_kept_appointment(cast, signal):
    episode = began(cast, signal)
    came(cast, 1, 2, 3)
    assert now_of(episode, weeks=5).is_open
    came(cast, 5)
    assert now_of(episode, weeks=5, hours=3).is_open, "answers of that day still belong to it"
    assert now_of(episode, weeks=5, days=1).closed_at == NOW + timedelta(weeks=5)


def test_without_appointments_it_closes_after_eight_weeks(cast, signal):
    episode = began(cast, signal)
    assert now_of(episode, weeks=8).is_open
    assert now_of(episode, weeks=8, days=1).closed_at == NOW + timedelta(weeks=8)


@pytest.mark.parametrize(("total", "outcome"), [(9, "better"), (12, "same"), (16, "same"), (20, "same"), (24, "worse")])
def test_better_and_worse_count_only_beyond_the_measures_error(cast, signal, total, outcome):
    episode = began(cast, signal)
    answers(cast, total, 2)
    assert now_of(episode, weeks=3).outcome == "", "nothing is judged while it goes on"
    found = now_of(episode, weeks=9)
    assert (found.outcome, found.opening_score, found.latest_score) == (outcome, 16.0, float(total))


def test_without_an_answer_in_between_it_is_not_known(cast, signal):
    found = now_of(began(cast, signal), weeks=9)
    assert (found.outcome, found.latest_score) == ("unknown", None)


def test_without_a_score_at_the_beginning_it_is_not_known(cast, measures_loaded):
    episode = began(cast)
    answers(cast, 4, 2)
    assert (episode.measure, now_of(episode, weeks=9).outcome) == ("", "unknown")


def test_answers_after_its_end_change_nothing(cast, signal):
    episode = began(cast, signal)
    answers(cast, 15, 7)
    answers(cast, 3, 10)
    assert (now_of(episode, weeks=12).outcome, now_of(episode, weeks=12).latest_score) == ("same", 15.0)


def test_answers_nobody_has_opened_are_not_judged_behind_the_guess(cast, signal):
    episode = began(cast, signal)
    ben_answers(cast, 4, at=NOW + timedelta(weeks=2), source="link")
    assert now_of(episode, weeks=9).outcome == "unknown"


def test_looking_writes_nothing_and_the_daily_task_writes_what_was_seen(cast, signal):
    episode = began(cast, signal)
    answers(cast, 6, 2)
    seen = now_of(episode, weeks=9)
    assert Episode.objects.get().closed_at is None
    discover()
    while run_due(NOW + timedelta(weeks=9)):
        pass
    row = Episode.objects.get()
    assert (row.closed_at, row.outcome, row.closing_score) == (seen.closed_at, "better", 6.0)
    assert close_due_episodes(by=SYSTEM, at=NOW + timedelta(weeks=10)) == 0


def test_the_task_leaves_alone_what_goes_on(cast, signal):
    began(cast, signal)
    assert close_due_episodes(by=SYSTEM, at=NOW + timedelta(weeks=3)) == 0
    assert Episode.objects.get().outcome == ""


def test_a_closed_episode_takes_nothing_more_and_a_new_one_begins(cast, signal):
    episode = began(cast, signal)
    late = NOW + timedelta(weeks=9)
    with pytest.raises(CannotGoOn, match="has closed"):
        meet_differently(episode=episode, sentence="another", skill=None, by=cast.ada, at=late)
    second = began(cast, signal, at=late)
    assert second.pk != episode.pk
    assert Episode.objects.get(pk=episode.pk).outcome == "unknown"


def test_after_a_handover_nothing_new_of_the_client_is_read(cast, signal):
    episode = began(cast, signal)
    answers(cast, 3, 2)
    hand_over(cast)
    found = now_of(episode, weeks=3)
    assert (found.outcome, found.latest_score, found.is_open) == ("unknown", None, False)
    assert close_due_episodes(by=SYSTEM, at=NOW + timedelta(weeks=3)) == 1


def test_the_main_measure_is_validated_and_never_the_appointment_check(cast, signal):
    ben_answers(cast, 8, measure="phq-8", weeks=1, source="paper")
    assert main_line(cast.course).measure_id == "phq-9"


def checks(cast, week, total):
    from uuid import uuid4

    from shoshin.feedback.actions import record_response
    from shoshin.measures import queries as measures

    version = measures.measure_version("shoshin-check")
    items = measures.facts(version).primary.items
    day = NOW + timedelta(weeks=week)
    record_response(
        course=cast.course, version=version, answers=dict.fromkeys(items, total / len(items)), key=uuid4(),
        source="paper", answered_on=day.date(), by=cast.ada, at=day,
    )  # fmt: skip


@pytest.mark.parametrize(("practised", "said"), [(True, True), (False, False)])
def test_a_low_appointment_check_after_practice_is_said(cast, signal, pack, practised, said):
    for week in (-3, -2, -1):
        checks(cast, week, 36)
    episode = began(cast, signal)
    if practised:
        round = begin(pack.exercises.get(slug="aloud"), cast.ada)
        met(round)
        stop_round(round=fresh(round), by=cast.ada, at=NOW)
    assert not show_episode(hat_of(cast.ada), episode, NOW).check_dropped
    checks(cast, 1, 8)
    assert show_episode(hat_of(cast.ada), episode, NOW + timedelta(weeks=2)).check_dropped is said
