"""Each signal asks "What next?" and must be answered; it cannot be dismissed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care.models import Appointment
from shoshin.feedback import queries
from shoshin.feedback.actions import CannotAnswerSignal, answer_signal
from shoshin.feedback.models import Change, SignalRow
from shoshin.kit.action import action
from tests.cast import NOW
from tests.forms_of_ben import ben_answers


@action("tests.keep")
def keep(*, course, at, by):
    return Appointment.objects.create(
        clinic_id=course.clinic_id, course=course, therapist=by, starts_at=at, state="kept", state_at=at
    )


@pytest.fixture
def signal(cast, measures_loaded):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 16, source="paper")
    return SignalRow.objects.get()


def waiting(cast):
    return list(queries.waiting_signals(cast.ben))


def test_there_is_no_way_to_dismiss_a_signal(cast, signal):
    for choice in ("", "dismiss", "later"):
        with pytest.raises(CannotAnswerSignal):
            answer_signal(signal=signal, choice=choice, by=cast.ada, at=NOW)
    assert waiting(cast) == [signal]


@pytest.mark.parametrize("choice", ["changed", "different"])
def test_saying_that_something_changed_or_is_seen_differently_needs_words(cast, signal, choice):
    with pytest.raises(CannotAnswerSignal, match="few words"):
        answer_signal(signal=signal, choice=choice, words="  ", by=cast.ada, at=NOW)
    answer_signal(signal=signal, choice=choice, words="we meet in the mornings", by=cast.ada, at=NOW)
    assert waiting(cast) == []


def test_what_was_changed_goes_to_the_clients_page(cast, signal):
    answer_signal(
        signal=signal, choice="changed", words="slower start", you_said="it feels rushed", by=cast.ada, at=NOW
    )
    change = Change.objects.get()
    assert (change.you_said, change.i_changed) == ("it feels rushed", "slower start")


def test_no_change_may_be_taken_to_consultation(cast, signal):
    assert not cast.course.consultations.exists()
    answer = answer_signal(signal=signal, choice="consult", by=cast.ada, at=NOW)
    assert answer.consultation == cast.course.consultations.get()
    assert not answer.consultation.opened_by_itself


def test_a_signal_brought_to_the_next_appointment_returns_once_after_it(cast, signal):
    answer_signal(signal=signal, choice="bring", by=cast.ada, at=NOW)
    assert waiting(cast) == []
    keep(course=cast.course, by=cast.ada, at=NOW + timedelta(days=7))
    assert waiting(cast) == [signal]
    later = NOW + timedelta(days=7, hours=2)
    with pytest.raises(CannotAnswerSignal, match="been to an appointment"):
        answer_signal(signal=signal, choice="bring", by=cast.ada, at=later)
    answer_signal(signal=signal, choice="talked", by=cast.ada, at=later)
    assert waiting(cast) == []
    keep(course=cast.course, by=cast.ada, at=NOW + timedelta(days=14))
    assert waiting(cast) == []


def test_an_answered_signal_is_not_raised_again_by_the_same_finding(cast, signal):
    answer_signal(signal=signal, choice="talked", by=cast.ada, at=NOW)
    keep(course=cast.course, by=cast.ada, at=NOW + timedelta(days=1))
    ben_answers(cast, 16, at=NOW + timedelta(days=7))
    assert waiting(cast) == []


def test_an_answered_signal_is_raised_again_on_further_change(cast, signal):
    answer_signal(signal=signal, choice="talked", by=cast.ada, at=NOW)
    keep(course=cast.course, by=cast.ada, at=NOW + timedelta(days=1))
    ben_answers(cast, 22, at=NOW + timedelta(days=7))
    (raised,) = waiting(cast)
    assert (raised.kind, raised.level) == ("worse", "signal")


def test_the_page_gives_the_reasons_in_words_and_five_answers(cast, signal, as_member):
    page = as_member(cast.ada).get(reverse("feedback:answer_signal", args=[signal.pk])).content.decode()
    assert "not better than at the first by the 6 points that count" in page
    assert page.count('name="choice"') == 5
    assert "part of the record" in page


def test_a_stranger_learns_nothing_of_a_signal(cast, signal, as_member):
    for stranger in (cast.eve, cast.mia):
        assert as_member(stranger).get(reverse("feedback:answer_signal", args=[signal.pk])).status_code == 404
