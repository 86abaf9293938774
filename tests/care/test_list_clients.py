"""The list of clients: whose, in which order, at what cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models.courses import Decider, Ending
from shoshin.kit import clock
from tests.cast import NOW

LIST = reverse("care:list_clients")


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_it_shows_only_ones_own_clients(cast, as_member):
    assert "B. N." in as_member(cast.ada).get(LIST).content.decode()
    assert "B. N." not in as_member(cast.mia).get(LIST).content.decode()
    assert "B. N." not in as_member(cast.eve).get(LIST).content.decode()


def test_each_line_says_course_next_and_last_kept_appointment(cast, hat):
    (line,) = queries.client_list(hat(cast.ada), NOW)
    assert line.course_since == date(2026, 9, 1)
    assert line.next_at == cast.ben_today.starts_at
    assert line.last_kept_at == NOW - timedelta(weeks=1)


def test_it_finds_by_a_part_of_the_code_in_any_capitals(cast, as_member):
    add(cast, "Zorn-12")
    page = as_member(cast.ada).get(LIST, {"q": "zORN"}).content.decode()
    assert "Zorn-12" in page
    assert "B. N." not in page


def test_someone_whose_course_has_ended_is_found_under_everyone(cast, as_member):
    end(cast)
    browser = as_member(cast.ada)
    assert "B. N." not in browser.get(LIST).content.decode()
    assert "no open course" in browser.get(LIST, {"all": ""}).content.decode()
    assert "B. N." in browser.get(LIST, {"q": "b. n"}).content.decode()


def test_it_turns_pages(cast, as_member):
    for number in range(30):
        add(cast, f"K{number:02}")
    browser = as_member(cast.ada)
    assert "K29" not in browser.get(LIST).content.decode()
    assert "K29" in browser.get(LIST, {"page": 2}).content.decode()
    assert browser.get(LIST, {"page": "nonsense"}).status_code == 200


def test_the_number_of_questions_to_the_database_does_not_grow_with_clients(cast, as_member):
    browser = as_member(cast.ada)
    browser.get(LIST)
    few = count(browser)
    for number in range(40):
        add(cast, f"K{number:02}")
    assert count(browser) == few


def test_without_clients_it_teaches_the_first_step(cast, as_member):
    page = as_member(cast.eve).get(LIST).content.decode()
    assert "No client yet" in page
    assert reverse("care:add_client") in page


def count(browser) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(LIST).status_code == 200
    return len(caught)


def add(cast, code):
    return actions.add_client(therapist=cast.ada, code=code, opened_on=date(2026, 11, 2), by=cast.ada, at=NOW)


def end(cast):
    actions.end_course(
        course=cast.course,
        ended_on=date(2026, 11, 3),
        ending=Ending.PLANNED,
        decided_by=Decider.TOGETHER,
        by=cast.ada,
        at=NOW,
    )
