"""The demo clinic: invented people, believable answers, and a day worth looking at."""

import pytest
from django.db import connection, transaction

from shoshin.care import actions as care_actions
from shoshin.care.models import Appointment, Client, Course
from shoshin.community.models import Showing
from shoshin.desk.queries.today import today
from shoshin.feedback.models import Alert, Assignment, Guess, Reading, Response, ScoreRow, SignalAnswer, SignalRow
from shoshin.feedback.queries.rules import findings, points_of
from shoshin.feedback.queries.signals import waiting_signals
from shoshin.growth.models import BackInRoom, Episode
from shoshin.kit.action import OPERATOR
from shoshin.kit.policy import Hat
from shoshin.people.models import Clinic, Membership
from shoshin.practice.actions import load_packs
from shoshin.practice.models import Attempt, Goal, Round
from tests.desk.test_fill_demo_clinic import AT, small_clinic


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_packs(by=OPERATOR, at=AT)
        yield small_clinic()
        transaction.set_rollback(True)


@pytest.fixture
def owners_day(demo, db):
    return today(Hat(demo.owner, ("own",)), AT)


def test_it_makes_the_people_asked_for(demo, db):
    roles = list(Membership.objects.order_by("role").values_list("role", flat=True))
    assert roles == ["lead", "operator", "therapist", "therapist", "therapist", "therapist"]
    assert Client.objects.count() == demo.clients == 48
    assert Membership.objects.get(is_owner=True).person.name.startswith("Ada ")
    assert Clinic.objects.get().region == "gb"


def test_its_rows_fit_together(demo, db):
    connection.check_constraints()
    assert Response.objects.count() == demo.responses > 300
    assert not Response.objects.filter(scores=None).exists()
    assert not Appointment.objects.filter(state="moved", moved_to=None).exists()
    assert not Course.objects.filter(ended_on=None, appointments__isnull=True).exists()


def test_nothing_but_planned_appointments_lies_ahead(demo, db):
    assert not Appointment.objects.exclude(state="planned").filter(starts_at__gt=AT).exists()
    assert not Appointment.objects.filter(state_at__gt=AT).exists()
    for table, moment in (
        (Response, "received_at"),
        (Reading, "read_at"),
        (Guess, "guessed_at"),
        (SignalRow, "raised_at"),
        (SignalAnswer, "given_at"),
        (Alert, "acknowledged_at"),
        (Assignment, "sent_at"),
    ):
        assert not table.objects.filter(**{f"{moment}__gt": AT}).exists(), table.__name__


def test_each_kept_appointment_of_a_course_bears_the_next_number(demo, db):
    course = max(Course.objects.all(), key=lambda course: course.responses.count())
    kept = course.appointments.filter(state="kept").order_by("starts_at")
    for number, appointment in enumerate(kept, start=1):
        assert set(appointment.responses.values_list("occasion", flat=True)) <= {number}


def test_a_full_form_scores_the_sum_of_its_answers(demo, db):
    rows = ScoreRow.objects.filter(response__measure_id="phq-9").select_related("response")
    full = [row for row in rows if len(row.response.answers) == 9]
    assert len(full) > 50
    assert all(row.value == sum(row.response.answers.values()) for row in full)


def test_some_have_answered_for_today_and_some_have_not(owners_day):
    states = [visit.state for visit in owners_day.visits]
    assert {"answered", "unanswered"} <= set(states)
    assert any(visit.waiting for visit in owners_day.visits)


def test_the_owner_finds_a_worsening_and_a_stall_to_answer(owners_day):
    assert {signal.kind for signal in owners_day.signals} >= {"worse", "no_change"}
    assert owners_day.consultations


def test_one_or_two_alerts_are_open_and_recent(demo, db):
    waiting = Alert.objects.filter(acknowledged_at=None)
    assert 1 <= waiting.count() <= 2
    assert all((AT - alert.raised_at).days < 1 for alert in waiting)
    assert not Alert.objects.exclude(acknowledged_at=None).filter(note="").exists()


def test_every_marked_safety_question_has_its_alert(demo, db):
    marked = [each.pk for each in Response.objects.filter(measure_id="phq-9") if each.answers.get("9", 0) > 0]
    assert len(marked) > 5
    assert sorted(marked) == sorted(Alert.objects.values_list("response_id", flat=True))


def test_open_signals_are_those_the_clinics_own_rules_find(demo, db):
    waiting = SignalRow.objects.filter(answered_at=None).select_related("course", "response__version")
    assert waiting
    for row in waiting:
        points = points_of(row.course, row.response)
        found = {signal.kind: signal for signal in findings(row.course, row.response, points)}
        assert row.level == found[row.kind].level
        codes = [reason.code for reason in found[row.kind].reasons]
        assert [reason["code"] for reason in row.reasons][: len(codes)] == codes


def test_history_signals_have_been_answered_in_words_or_deeds(demo, db):
    answered = SignalRow.objects.exclude(answered_at=None)
    assert answered.count() > 10
    assert not answered.filter(answers=None).exists()
    for choice in ("changed", "different"):
        assert not SignalAnswer.objects.filter(choice=choice, words="").exists()
    clients = Client.objects.filter(courses__ended_on__isnull=False).exclude(courses__ended_on=None)
    assert [client.code for client in clients if waiting_signals(client).exists()] == []


def test_the_own_page_of_one_client_opens_with_its_pin(demo, db):
    key = care_actions.check_page_key(token=demo.page_token, pin=demo.pin, by=OPERATOR, at=AT)
    assert key.client == demo.client
    assert demo.client.courses.filter(changes__isnull=False).exists()
    assert demo.pin in str(demo) and demo.page_token in str(demo)


def test_the_owner_has_lived_through_an_episode_with_rounds_and_marks(demo, db):
    assert {episode.member_id for episode in Episode.objects.all()} == {demo.owner.pk}
    for episode in Episode.objects.all():
        assert episode.signal.answered_at < episode.opened_at < AT
        assert episode.signal.response is None or episode.opening_score is not None
        assert {mark.appointment.course_id for mark in episode.room.all()} <= {episode.course_id}
    assert BackInRoom.objects.exists() and Round.objects.exclude(ended_at=None).exists()
    assert Attempt.objects.filter(is_useful=True).exclude(lesson="").exists()
    assert Goal.objects.filter(ended_at=None).count() == 1


def test_an_episode_begins_with_the_score_of_its_day(demo, db):
    for episode in Episode.objects.all():
        until = ScoreRow.objects.filter(
            response__course=episode.course,
            response__measure_id=episode.measure,
            response__answered_on__lte=episode.opened_at.date(),
            score_id="total",
        )
        assert episode.opening_score == until.latest("response__answered_on", "response__received_at").value


def test_the_owner_shows_work_to_a_circle_and_is_shown_some(demo, db):
    by_owner, to_owner = Showing.objects.order_by("shown_at")
    assert by_owner.member == demo.owner and by_owner.reviews.count() == 2
    assert by_owner.reviews.filter(opened_at=None).count() == 1
    assert [witness.member for witness in to_owner.witnesses.all()] == [demo.owner]
    assert to_owner.reviews.count() == 0
