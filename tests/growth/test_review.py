"""The Friday review walks at most three clients who do not benefit yet, and takes each somewhere."""

from datetime import date, timedelta

import pytest

from shoshin.care.models import Client, Consultation, Course
from shoshin.feedback.actions import answer_signal
from shoshin.feedback.models import SignalRow
from shoshin.growth.actions import CannotDecide, say_not_now, take_to_consultation
from shoshin.growth.models import Reviewed
from shoshin.growth.queries import next_friday, review_of
from shoshin.kit.action import action
from tests.cast import NOW
from tests.forms_of_ben import ben_answers
from tests.growth.steps import began, hat_of


@action("tests.add_stalled_clients")
def stalled(*, cast, number, by, at):
    """More clients of Ada's, each with a signal that waits."""
    for n in range(number):
        client = Client.objects.create(clinic=cast.clinic, therapist=cast.ada, code=f"C{n}", added_at=at)
        course = Course.objects.create(clinic=cast.clinic, client=client, therapist=cast.ada, opened_on=at.date())
        SignalRow.objects.create(
            clinic=cast.clinic, client=client, course=course, kind="missing", level="signal", reasons=[], occasion=3,
            raised_at=at + timedelta(hours=n),
        )  # fmt: skip


def codes(cast, at=NOW):
    return [each.client.code for each in review_of(hat_of(cast.ada, at), at).waiting]


def not_now(cast, signal, at=NOW, reason="ill this week"):
    return say_not_now(client=signal.client, signal=signal, reason=reason, by=cast.ada, at=at)


@pytest.mark.parametrize(
    ("day", "friday"),
    [(3, 6), (6, 13), (7, 13)],
)
def test_the_next_friday_is_never_today(day, friday):
    assert next_friday(date(2026, 11, day)) == date(2026, 11, friday)


def test_a_client_with_an_open_signal_and_no_gain_is_there_with_its_reasons(cast, signal):
    (found,) = review_of(hat_of(cast.ada), NOW).waiting
    assert found.client == cast.ben and found.reasons and found.message == "About the same as at the start."


def test_an_answered_signal_stays_in_view_while_nothing_is_better(cast, signal):
    answer_signal(signal=signal, choice="talked", by=cast.ada, at=NOW)
    assert codes(cast) == ["B. N."]
    ben_answers(cast, 5, at=NOW + timedelta(days=7), source="paper")
    assert codes(cast, NOW + timedelta(days=8)) == []


def test_there_are_three_at_most_and_the_same_three_all_week(cast, signal):
    stalled(cast=cast, number=5, by=cast.ada, at=NOW - timedelta(days=9))
    first = codes(cast)
    assert first == ["C0", "C1", "C2"]
    for row in SignalRow.objects.filter(client__code__in=first[:2]):
        not_now(cast, row)
    assert codes(cast) == ["C2"]
    began_with = SignalRow.objects.get(client__code="C2")
    from shoshin.growth.actions import open_episode

    open_episode(
        client=began_with.client, course=began_with.course, signal=began_with, what="life", by=cast.ada, at=NOW
    )
    assert codes(cast) == []


def test_not_now_is_kept_with_its_reason_and_returns_next_friday(cast, signal):
    row = not_now(cast, signal)
    assert (row.reason, row.returns_on) == ("ill this week", date(2026, 11, 6))
    review = review_of(hat_of(cast.ada), NOW)
    assert review.waiting == () and review.decided == (row,)
    friday = NOW + timedelta(days=3)
    (back,) = review_of(hat_of(cast.ada, friday), friday).waiting
    assert back.last_time == row


def test_not_now_without_a_reason_is_refused(cast, signal):
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(CannotDecide):
            not_now(cast, signal, reason=reason)
    assert not Reviewed.objects.exists()


def test_deciding_twice_in_a_week_keeps_the_last_word(cast, signal):
    not_now(cast, signal)
    not_now(cast, signal, reason="on holiday")
    assert Reviewed.objects.get().reason == "on holiday"


def test_a_consultation_is_opened_once_and_its_question_is_part_of_the_record(cast, signal):
    facts = {"client": cast.ben, "course": cast.course, "signal": signal, "by": cast.ada, "at": NOW}
    for _twice in range(2):
        take_to_consultation(reason="what am I missing?", **facts)
    assert Consultation.objects.get(course=cast.course).question == "what am I missing?"
    assert codes(cast) == []


def test_a_client_in_an_episode_is_not_asked_about(cast, signal):
    began(cast, signal, sentence="")
    assert codes(cast) == []


def test_a_colleague_sees_nobody_and_decides_nothing(cast, signal):
    assert review_of(hat_of(cast.mia), NOW).waiting == ()
    with pytest.raises(CannotDecide):
        say_not_now(client=cast.ben, signal=signal, reason="why", by=cast.mia, at=NOW)


def test_answers_behind_the_guess_are_not_told_here(cast, measures_loaded):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 16, source="link")
    assert SignalRow.objects.exists() and codes(cast) == []
