"""Taking an import back: what it alone brought goes, what stands on it refuses, and the file can come in again."""

from datetime import date, time
from uuid import uuid4

import pytest
from django.urls import reverse

from shoshin.care import actions as care
from shoshin.care.models import Client, Course
from shoshin.feedback.actions.responses import correct_response, record_response
from shoshin.feedback.actions.taking_back import CannotTakeBackImport, take_back_import
from shoshin.feedback.models import ImportBatch, Response, ScoreRow
from shoshin.feedback.queries.history import known_measures
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.measures.actions import load_measures
from shoshin.measures.models import MeasureVersion
from shoshin.measures.queries import measure_version
from tests.cast import NOW
from tests.feedback.test_import_outcomes import BDI, LONG, WIDE, bring


@pytest.fixture
def here(cast):
    load_measures(by=OPERATOR, at=NOW)
    return cast


def as_it_stands():
    clients = Client.objects.order_by("code").values_list("code", flat=True)
    courses = Course.objects.order_by("pk").values_list("opened_on", "ended_on")
    return list(clients), list(courses), Response.objects.count(), ScoreRow.objects.count(), ImportBatch.objects.count()


def take_back(here, batch, by=None):
    return take_back_import(batch=batch, by=by or here.ada, at=NOW)


def refused(here, batch):
    before = as_it_stands()
    with pytest.raises(CannotTakeBackImport) as refusal:
        take_back(here, batch)
    assert as_it_stands() == before
    return str(refusal.value)


def test_all_it_brought_goes_and_the_same_file_comes_in_again(here):
    before = as_it_stands()
    batch = bring(here, LONG).batch
    assert take_back(here, batch) == 3
    assert as_it_stands() == before
    assert AuditEvent.objects.get(event="feedback.take_back_import").subjects == {"batch": str(batch.pk)}
    assert bring(here, LONG).added == 3


def test_a_measure_it_brought_goes_too_so_that_its_figures_can_be_given(here):
    batch = bring(here, WIDE, new={"bdi": BDI}).batch
    assert "totals-bdi" in known_measures(here.clinic)
    take_back(here, batch)
    assert "totals-bdi" not in known_measures(here.clinic)
    bring(here, WIDE, new={"bdi": BDI})


def test_a_measure_that_another_import_uses_stays(here):
    first = bring(here, WIDE, new={"bdi": BDI}).batch
    bring(here, b"client,date,BDI\nK9,2024-01-05,20\n", new={"BDI": BDI})
    take_back(here, first)
    assert MeasureVersion.objects.filter(measure_id="totals-bdi").count() == 1


def test_what_another_import_brought_stays_with_its_days(here):
    bring(here, LONG)
    later = b"client,date,phq-9\nK2,2023-12-20,18\nK2,2024-05-01,11\nK3,2024-02-01,4\n"
    batch = bring(here, later, name="b.csv").batch
    course = Course.objects.get(client__code="K2")
    assert (course.opened_on, course.ended_on) == (date(2023, 12, 20), date(2024, 5, 1))
    take_back(here, batch)
    course.refresh_from_db()
    assert (course.opened_on, course.ended_on) == (date(2024, 1, 8), date(2024, 1, 8))
    assert Response.objects.get(course=course).occasion == 1
    assert Client.objects.filter(code="K2").exists() and not Client.objects.filter(code="K3").exists()


def test_the_course_a_client_has_here_stays(here):
    batch = bring(here, LONG.replace(b"K1", b"B. N.")).batch
    take_back(here, batch)
    assert list(here.ben.courses.all()) == [here.course]


def test_a_corrected_score_stands_in_the_way(here):
    batch = bring(here, LONG).batch
    score = Response.objects.filter(client__code="K1").first()
    correct_response(response=score, answers={}, totals={"total": 19}, because="misread", by=here.ada, at=NOW)
    assert "corrected since: K1." in refused(here, batch)


def test_new_answers_stand_in_the_way(here):
    batch = bring(here, LONG, ending="").batch
    version = measure_version("phq-9")
    record_response(
        course=Course.objects.get(client__code="K2"),
        version=version,
        answers={item["id"]: 1 for item in version.facts["items"][:8]},
        key=uuid4(),
        source="paper",
        answered_on=NOW.date(),
        by=here.ada,
        at=NOW,
    )
    assert "new answers" in refused(here, batch) and "K2" in refused(here, batch)


def test_an_appointment_stands_in_the_way(here):
    batch = bring(here, LONG, ending="").batch
    course = Course.objects.get(client__code="K1")
    care.add_appointments(course=course, day=date(2026, 11, 5), clock_time=time(9), by=here.ada, at=NOW)
    assert "K1 (appointments)" in refused(here, batch)


def test_a_strength_of_a_client_without_another_course_stands_in_the_way(here):
    batch = bring(here, LONG).batch
    care.note_strength(client=Client.objects.get(code="K1"), text="rows", by=here.ada, at=NOW)
    assert "K1 (strengths)" in refused(here, batch)


def test_a_client_who_has_come_here_since_stays_without_the_history(here):
    batch = bring(here, LONG).batch
    client = Client.objects.get(code="K1")
    course = care.open_course(client=client, opened_on=NOW.date(), by=here.ada, at=NOW)
    care.note_strength(client=client, text="rows", by=here.ada, at=NOW)
    take_back(here, batch)
    assert list(client.courses.all()) == [course]


def post(browser, batch, **told):
    return browser.post(reverse("feedback:take_back_import", args=[batch.pk]), told, follow=True)


def test_it_is_ticked_on_the_page_first(here, as_member):
    batch, browser = bring(here, LONG).batch, as_member(here.ada)
    page = browser.get(reverse("feedback:imported", args=[batch.pk])).content.decode()
    assert reverse("feedback:take_back_import", args=[batch.pk]) in page
    assert "Tick that" in post(browser, batch).content.decode() and Response.objects.count() == 3
    assert "3 scores are gone" in post(browser, batch, sure="on").content.decode()
    assert not Response.objects.exists() and not ImportBatch.objects.exists()


def test_a_refusal_is_said_on_the_page(here, as_member):
    batch = bring(here, LONG).batch
    care.note_strength(client=Client.objects.get(code="K1"), text="rows", by=here.ada, at=NOW)
    answer = post(as_member(here.ada), batch, sure="on")
    assert "K1 (strengths)" in answer.content.decode() and Response.objects.count() == 3


def test_the_owner_takes_back_what_they_brought_in_for_a_colleague(here, as_member):
    from tests.feedback.test_import_outcomes import as_posted, choose

    browser = as_member(here.ada)
    page = choose(browser, LONG)
    posted = as_posted(page, what="import", therapist=here.mia.pk, ending="planned")
    browser.post(reverse("feedback:import_outcomes"), posted)
    batch = ImportBatch.objects.get()
    listed = browser.get(reverse("feedback:import_outcomes")).content.decode()
    assert reverse("feedback:take_back_import", args=[batch.pk]) in listed
    assert "3 scores are gone" in post(browser, batch, sure="on").content.decode()


@pytest.mark.parametrize("who", ["mia", "eve"])
def test_nobody_else_takes_it_back(here, as_member, who):
    batch = bring(here, LONG).batch
    assert post(as_member(getattr(here, who)), batch, sure="on").status_code == 404
    assert Response.objects.count() == 3
