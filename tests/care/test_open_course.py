"""Courses open one at a time; coming back is a new course."""

from datetime import date

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models.courses import Decider, Ending
from tests.cast import NOW


@pytest.fixture
def ended(cast):
    return actions.end_course(
        course=cast.course,
        ended_on=date(2026, 11, 3),
        ending=Ending.PLANNED,
        decided_by=Decider.TOGETHER,
        by=cast.ada,
        at=NOW,
    )


def test_coming_back_is_a_new_course_and_the_old_one_stays(cast, ended, as_member):
    address = reverse("care:open_course", args=[cast.ben.ref])
    assert as_member(cast.ada).post(address, {"opened_on": "2026-11-10"}).status_code == 302
    assert queries.open_course(cast.ben).opened_on == date(2026, 11, 10)
    assert cast.ben.courses.count() == 2
    ended.refresh_from_db()
    assert ended.ended_on == date(2026, 11, 3)


def test_it_refuses_a_second_open_course(cast):
    with pytest.raises(actions.CannotOpenCourse, match="in a course already"):
        actions.open_course(client=cast.ben, opened_on=date(2026, 11, 10), by=cast.ada, at=NOW)


def test_it_refuses_a_course_that_begins_before_the_last_one_ended(cast, ended):
    with pytest.raises(actions.CannotOpenCourse, match="last course ended"):
        actions.open_course(client=cast.ben, opened_on=date(2026, 11, 2), by=cast.ada, at=NOW)


def test_the_page_says_so_when_a_course_is_open(cast, as_member):
    page = as_member(cast.ada).get(reverse("care:open_course", args=[cast.ben.ref])).content.decode()
    assert "is in a course since" in page


def test_a_stranger_does_not_learn_that_the_client_exists(cast, refuses_strangers):
    refuses_strangers(reverse("care:open_course", args=[cast.ben.ref]))
