"""A course's plan: which measures, how often; and what is asked before an appointment follows it."""

import pytest
from django.urls import reverse

from shoshin.feedback.actions import schedule_measures
from shoshin.feedback.models import Schedule
from shoshin.feedback.queries import due_measures
from tests.cast import NOW

PLAN = {"phq-9": "every", "wsas": "every_four", "pcl-5": "intake_end", "gad-7": ""}


@pytest.fixture
def planned(cast, measures_loaded):
    schedule_measures(course=cast.course, plan=PLAN, by=cast.ada, at=NOW)
    return cast.course


@pytest.mark.parametrize(
    ("appointment", "due"),
    [
        (1, ["phq-9", "wsas", "pcl-5"]),
        (2, ["phq-9"]),
        (4, ["phq-9"]),
        (5, ["phq-9", "wsas"]),
        (9, ["phq-9", "wsas"]),
    ],
)
def test_every_appointment_every_four_and_intake_mean_what_they_say(planned, appointment, due):
    assert due_measures(planned, appointment) == due


def test_changing_the_plan_keeps_what_was_set_before(planned, cast):
    schedule_measures(course=planned, plan={"phq-9": "every_four"}, by=cast.ada, at=NOW)
    rows = Schedule.objects.filter(course=planned, measure_id="phq-9").order_by("pk")
    assert [(row.rhythm, row.stopped_at is None) for row in rows] == [("every", False), ("every_four", True)]


def test_the_page_sets_the_plan_and_the_next_form_follows_it(cast, measures_loaded, as_member):
    browser = as_member(cast.ada)
    browser.post(reverse("feedback:schedule_measures", args=[cast.ben.ref]), {"phq-9": "every", "gad-7": "intake_end"})
    assert set(Schedule.objects.values_list("measure_id", flat=True)) == {"phq-9", "gad-7"}
    assert due_measures(cast.course, 4) == ["phq-9"]


def test_worded_measures_stand_first_by_their_full_titles_and_skeletons_are_folded(cast, worded, as_member):
    page = as_member(cast.ada).get(reverse("feedback:schedule_measures", args=[cast.ben.ref])).content.decode()
    fold = page.index("From paper only")
    for title in ("Depression questionnaire (PHQ-9)", "Appointment check", "Short wellbeing check"):
        assert title in page[:fold]
    assert page.index("Work and social adjustment (WSAS)") > fold
    assert "(optional)" not in page


def test_a_skeleton_that_is_planned_is_not_folded_away(cast, worded, as_member):
    schedule_measures(course=cast.course, plan={"wsas": "every"}, by=cast.ada, at=NOW)
    page = as_member(cast.ada).get(reverse("feedback:schedule_measures", args=[cast.ben.ref])).content.decode()
    assert page.index("Work and social adjustment (WSAS)") < page.index("From paper only")


def test_a_folded_measure_may_be_planned_too(cast, worded, as_member):
    address = reverse("feedback:schedule_measures", args=[cast.ben.ref])
    as_member(cast.ada).post(address, {"wsas": "every_four", "phq-9": "every"})
    assert set(Schedule.objects.values_list("measure_id", flat=True)) == {"wsas", "phq-9"}


def test_the_end_is_asked_for_on_the_page_that_ends_the_course(planned, cast, as_member, worded):
    browser = as_member(cast.ada)
    page = browser.get(reverse("feedback:end_course", args=[cast.ben.ref])).content.decode()
    assert "?about=ending" in page
    assert due_measures(planned, 6) == ["phq-9"]
    assert due_measures(planned, 6, is_last=True) == ["phq-9", "wsas", "pcl-5"]
