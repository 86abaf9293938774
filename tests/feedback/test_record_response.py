"""A response, its scores, its alert and its signal are one transaction."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shoshin.feedback.actions import CannotCorrectResponse, CannotRecordResponse, correct_response, record_response
from shoshin.feedback.models import Alert, Response, ScoreRow, SignalRow
from shoshin.kit.models import AuditEvent
from shoshin.measures import queries as measures
from tests.cast import NOW
from tests.forms_of_ben import CLIENT, answers_of


@pytest.fixture
def phq9(cast, measures_loaded):
    return measures.measure_version("phq-9")


def record(cast, version, answers, *, weeks=0, key=None, at=NOW):
    moment = at - timedelta(weeks=weeks)
    return record_response(
        course=cast.course,
        version=version,
        answers=answers,
        key=key or uuid4(),
        source="link",
        answered_on=moment.date(),
        by=CLIENT,
        at=moment,
    )


def test_answers_are_scored_by_the_version_they_are_bound_to(cast, phq9):
    response = record(cast, phq9, answers_of(phq9, 16))
    assert response.version == phq9
    assert ScoreRow.objects.get(response=response, score_id="total").value == 16


def test_the_same_form_sent_twice_is_one_response_with_one_reference(cast, phq9):
    key = uuid4()
    first = record(cast, phq9, answers_of(phq9, 9), key=key)
    again = record(cast, phq9, answers_of(phq9, 9), key=key)
    assert first.reference == again.reference
    assert Response.objects.count() == 1


def test_a_different_second_copy_is_kept_as_a_later_version_and_its_safety_question_is_heard(cast, phq9):
    key = uuid4()
    first = record(cast, phq9, answers_of(phq9, 9), key=key)
    second = record(cast, phq9, answers_of(phq9, 9, risk=2), key=key)
    assert second.corrects == first
    assert Response.objects.count() == 2
    assert Alert.objects.get().value == 2


def test_a_marked_safety_question_raises_one_alert(cast, phq9):
    response = record(cast, phq9, answers_of(phq9, 12, risk=1))
    alert = Alert.objects.get()
    assert (alert.response, alert.client, alert.value, alert.from_draft) == (response, cast.ben, 1, False)


def test_an_unmarked_safety_question_raises_none(cast, phq9):
    record(cast, phq9, answers_of(phq9, 12))
    assert not Alert.objects.exists()


def test_an_answer_the_measure_does_not_offer_is_refused_and_nothing_is_written(cast, phq9):
    with pytest.raises(CannotRecordResponse, match="Nothing was filed"):
        record(cast, phq9, answers_of(phq9, 9) | {measures.facts(phq9).primary.items[0]: 7})
    assert not Response.objects.exists()
    assert not AuditEvent.objects.filter(event="feedback.record_response").exists()


def test_reliable_worsening_raises_a_signal_and_opens_a_consultation_by_itself(cast, phq9):
    record(cast, phq9, answers_of(phq9, 10), weeks=3)
    record(cast, phq9, answers_of(phq9, 16))
    signal = SignalRow.objects.get()
    assert (signal.kind, signal.level) == ("worse", "signal")
    assert cast.course.consultations.get().opened_by_itself


def test_no_change_by_appointment_three_is_only_something_to_watch(cast, phq9):
    record(cast, phq9, answers_of(phq9, 16), weeks=3)
    record(cast, phq9, answers_of(phq9, 15))
    signal = SignalRow.objects.get()
    assert (signal.kind, signal.level) == ("no_change", "watch")
    assert not cast.course.consultations.exists()


def test_a_client_has_at_most_one_open_signal(cast, phq9):
    record(cast, phq9, answers_of(phq9, 16), weeks=3)
    record(cast, phq9, answers_of(phq9, 15), weeks=1)
    record(cast, phq9, answers_of(phq9, 24))
    signal = SignalRow.objects.get()
    assert (signal.kind, signal.level) == ("worse", "signal")


def test_a_correction_is_a_new_version_and_the_earlier_one_stays(cast, phq9):
    response = record(cast, phq9, answers_of(phq9, 9))
    corrected = correct_response(
        response=response, answers=answers_of(phq9, 11), because="read wrongly from paper", by=cast.ada, at=NOW
    )
    assert corrected.corrects == response
    assert list(Response.objects.current()) == [corrected]
    with pytest.raises(CannotCorrectResponse, match="later version"):
        correct_response(response=response, answers={}, because="again", by=cast.ada, at=NOW)


def test_a_total_from_paper_stands_for_its_score(cast, phq9):
    response = record_response(
        course=cast.course,
        version=phq9,
        answers={},
        totals={"total": 14},
        key=uuid4(),
        source="paper",
        answered_on=NOW.date(),
        by=cast.ada,
        at=NOW,
    )
    assert ScoreRow.objects.get(response=response).value == 14


def test_a_response_leaves_one_audit_row_with_ids_and_no_answers(cast, phq9):
    record(cast, phq9, answers_of(phq9, 5))
    row = AuditEvent.objects.get(event="feedback.record_response")
    assert row.clinic_id == cast.clinic.pk
    assert "answers" not in row.subjects


def test_a_key_counts_for_its_own_course_only(cast, phq9):
    """Whoever sends another client's key neither replaces that client's answers nor learns their reference."""
    theirs = record(cast, phq9, answers_of(phq9, 9))
    with pytest.raises(CannotRecordResponse, match="another form"):
        record_response(
            course=cast.noa.courses.get(),
            version=phq9,
            answers=answers_of(phq9, 9),
            key=theirs.key,
            source="paper",
            answered_on=NOW.date(),
            by=cast.mia,
            at=NOW,
        )
    assert list(Response.objects.current()) == [theirs]


def test_one_form_leaves_a_bounded_number_of_copies(cast, phq9):
    key = uuid4()
    for total in range(10):
        record(cast, phq9, answers_of(phq9, total), key=key)
    with pytest.raises(CannotRecordResponse, match="several times"):
        record(cast, phq9, answers_of(phq9, 20), key=key)
    assert Response.objects.current().count() == 1


def test_new_answers_in_a_course_that_was_imported_raise_signals_again(cast, phq9):
    cast.course.imported = True
    record(cast, phq9, answers_of(phq9, 10), weeks=3)
    record(cast, phq9, answers_of(phq9, 16))
    assert SignalRow.objects.get().kind == "worse"
