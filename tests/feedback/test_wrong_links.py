"""Guessing at links is slowed and told; whoever has a right link is never held up by it."""

import secrets

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from shoshin.care.actions import make_page_key
from shoshin.feedback.models import Response
from shoshin.feedback.views.client_form import WRONG_LINKS
from shoshin.feedback.views.client_page import WRONG_PAGES
from shoshin.kit.models import AuditEvent
from tests.cast import NOW

ADDRESSES = [f"192.0.2.{each}" for each in range(1, 51)]
CLINIC = ADDRESSES[0]
PIN = "8305"


@pytest.fixture(autouse=True)
def nothing_counted(db):
    cache.clear()


def guess(door="f", address=CLINIC, **posted):
    browser, path = Browser(REMOTE_ADDR=address), f"/{door}/{secrets.token_urlsafe(32)}/"
    return browser.post(path, posted) if posted else browser.get(path)


def answer(sent) -> int:
    """A client behind the clinic's own address: opens, begins, sends. What came back last."""
    phone = Browser(REMOTE_ADDR=CLINIC)
    steps = [phone.get(f"/f/{sent.token}/"), phone.post(f"/f/{sent.token}/"), phone.get("/f/now/")]
    steps.append(phone.post("/f/now/", {"q-understood": "8", "gaps-seen": "1"}))
    steps.append(phone.get("/f/received/"))
    assert [step.status_code for step in steps] == [200, 303, 200, 303, 200]
    return steps[-1].status_code


def guessing_while_clients_answer(ask, wrong: int, real: int) -> dict[int, int]:
    met: dict[int, int] = {}
    every, answered = wrong // real, 0
    for each in range(wrong):
        status = guess(address=ADDRESSES[each % len(ADDRESSES)]).status_code
        met[status] = met.get(status, 0) + 1
        if each % every == every - 1:
            answered += answer(ask("shoshin-check")) == 200
    print(f"{wrong} wrong links from {len(ADDRESSES)} addresses: {met}; {answered} of {real} clients answered")
    assert answered == real == Response.objects.count()
    return met


def test_while_links_are_guessed_from_fifty_addresses_every_client_behind_one_of_them_answers(ask, caplog):
    met = guessing_while_clients_answer(ask, wrong=700, real=10)
    assert met == {404: WRONG_LINKS.in_all, 429: 700 - WRONG_LINKS.in_all}
    assert AuditEvent.objects.filter(event="kit.sound_alarm").count() == 1
    assert [record.name for record in caplog.records].count("shoshin.alarm") == 1


@pytest.mark.chaos
def test_ten_thousand_guesses_hold_up_none_of_fifty_clients(ask):
    assert guessing_while_clients_answer(ask, wrong=10_000, real=50)[429] == 10_000 - WRONG_LINKS.in_all


def test_a_limit_that_asked_before_looking_would_be_noticed(ask, monkeypatch):
    """The same story with the fault: an address limit that refuses right links too."""
    from shoshin.feedback.views import client_form as views

    looked = views.sheets.linked_form
    blocked = [CLINIC]
    monkeypatch.setattr(views.sheets, "linked_form", lambda token, at: None if blocked else looked(token, at))
    with pytest.raises(AssertionError):
        guessing_while_clients_answer(ask, wrong=20, real=2)


def test_after_thirty_wrong_links_the_same_page_comes_with_a_time_to_wait(cast):
    first, *_between, last = [guess() for _ in range(WRONG_LINKS.from_one + 1)]
    assert (first.status_code, last.status_code) == (404, 429)
    assert first.content == last.content
    assert last["Retry-After"] == "600"
    assert guess(address="198.51.100.1").status_code == 404


def test_thirty_wrong_pages_from_one_address_leave_the_right_link_and_pin_open(cast, measures_loaded, moment):
    token = make_page_key(client=cast.ben, pin=PIN, by=cast.ada, at=NOW).token
    tried = [guess("p", pin="4711").status_code for _ in range(WRONG_PAGES.from_one + 5)]
    assert tried == [422] * WRONG_PAGES.from_one + [429] * 5
    ben = Browser(REMOTE_ADDR=CLINIC)
    assert ben.post(f"/p/{token}/", {"pin": "4711"}).status_code == 422, "a slip is met as ever"
    assert ben.post(f"/p/{token}/", {"pin": PIN}).status_code == 303


def test_what_is_refused_on_pages_leaves_no_more_rows(cast, moment):
    for _ in range(WRONG_PAGES.from_one):
        guess("p", pin="4711")
    before = AuditEvent.objects.count()
    for _ in range(5):
        assert guess("p", pin="4711").status_code == 429
    assert AuditEvent.objects.count() == before
