"""Sessions begin afresh, end by themselves and from elsewhere, and lose no words."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.contrib.sessions.backends.base import UpdateError
from django.core import management
from django.db import OperationalError
from django.test import Client

from shoshin.kit import clock
from shoshin.people import actions
from shoshin.people.models import PersonSession, SessionStore
from tests.cast import NOW, PASSWORD
from tests.doors import come_in

MINUTES, HOURS = timedelta(minutes=1), timedelta(hours=1)
HERE = "/clinic/safety/"


@pytest.fixture
def at(monkeypatch):
    def move(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    move(NOW)
    return move


@pytest.fixture
def ada(client, cast, at):
    return come_in(client, cast.ada.person)


def is_in(browser) -> bool:
    return browser.get(HERE).status_code == 200


def test_twenty_minutes_without_a_click_end_a_session_and_every_click_puts_it_off(ada, at):
    for minutes in (0, 19, 38, 57):
        at(NOW + minutes * MINUTES)
        assert is_in(ada)
    at(NOW + (57 + 21) * MINUTES)
    assert ada.get(HERE)["Location"] == f"/accounts/login/?next={HERE}"
    assert not is_in(ada)


def test_ten_hours_end_a_session_however_busy(ada, at):
    for minutes in range(0, 600, 15):
        at(NOW + minutes * MINUTES)
        assert is_in(ada), minutes
    at(NOW + 10 * HOURS + MINUTES)
    assert not is_in(ada)


def test_the_login_page_says_why(ada, at):
    assert is_in(ada)
    at(NOW + HOURS)
    assert "nothing happened for a while" in ada.get(HERE, follow=True).content.decode()


def write_too_late(browser, cast, at, words="We spoke about the long winter, and what would help."):
    kept = cast.course.appointments.filter(state="kept").first()
    path = f"/appointments/{kept.pk}/after/"
    assert browser.get(path).status_code == 200
    at(NOW + HOURS)
    fields = {"talked_about": words, "agreed": "a walk", "until_next_time": "notice"}
    assert browser.post(path, fields)["Location"].startswith("/accounts/login/")
    return path, words


def test_words_sent_too_late_wait_for_their_writer(ada, cast, at):
    path, words = write_too_late(ada, cast, at)
    come_in(ada, cast.ada.person)
    assert ada.get(path)["Location"] == "/me/words/"
    page = ada.get("/me/words/").content.decode()
    assert words in page and f'action="{path}"' in page
    assert ada.post(path, {"talked_about": words, "agreed": "a walk", "until_next_time": "notice"}).status_code == 302
    assert words in str(list(cast.course.appointments.values_list("summaries__talked_about", flat=True)))
    assert ada.get(path).status_code == 200, "sent words wait no longer"


def test_words_that_waited_are_never_shown_to_the_next_person(ada, cast, at):
    path, words = write_too_late(ada, cast, at)
    come_in(ada, cast.mia.person)
    assert words not in ada.get("/me/words/", follow=True).content.decode()
    come_in(ada, cast.ada.person)
    assert ada.get(path).status_code == 200


def test_passwords_are_not_kept_as_words(ada, cast, at):
    assert is_in(ada)
    at(NOW + HOURS)
    ada.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "x" * 30})
    assert "kept_words" not in ada.session


def test_signing_in_and_changing_hats_give_the_session_a_new_key(client, cast, at):
    client.get("/accounts/login/")
    client.cookies[conf.SESSION_COOKIE_NAME] = "a-key-somebody-else-chose-00000"
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    first = client.session.session_key
    assert first and first != "a-key-somebody-else-chose-00000"
    come_in(client, cast.ada.person)
    before = client.session.session_key
    client.post("/me/hat/", {"member": cast.ada.pk})
    assert client.session.session_key != before


def test_signing_out_everywhere_works_at_once_in_every_browser(ada, cast, at):
    others = [come_in(Client(), cast.ada.person) for _ in range(3)]
    mia = come_in(Client(), cast.mia.person)
    assert all(is_in(browser) for browser in (ada, *others))
    assert ada.get("/me/sessions/").content.decode().count("since ") == 4
    ada.post("/me/sessions/")
    assert is_in(ada)
    assert not any(is_in(browser) for browser in others)
    assert mia.get("/me/sessions/").status_code == 200
    ada.post("/me/sessions/", {"everywhere": "yes"})
    assert not is_in(ada)


def test_a_request_under_way_does_not_bring_an_ended_session_back(cast, at):
    browser = come_in(Client(), cast.ada.person)
    under_way = SessionStore(browser.session.session_key)
    under_way["note"] = "half done"
    actions.end_sessions(person=cast.ada.person, keep="", by=cast.ada, at=NOW)
    with pytest.raises(UpdateError):
        under_way.save()
    assert not PersonSession.objects.filter(person=cast.ada.person).exists()
    assert not is_in(browser)


def test_a_session_that_cannot_be_saved_just_now_is_answered_with_the_page_of_an_outage(ada, cast, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("database is locked")

    ada.raise_request_exception = False
    monkeypatch.setattr(PersonSession, "save", locked)
    answer = ada.post("/me/hat/", {"member": cast.ada.pk})
    assert answer.status_code == 503
    assert "Not received yet" in answer.content.decode()


def test_a_session_ended_from_elsewhere_meanwhile_is_answered_in_words_and_not_as_an_outage(ada, cast, monkeypatch):
    def end_meanwhile(request, now):
        PersonSession.objects.all().delete()
        return False

    ada.raise_request_exception = False
    monkeypatch.setattr("shoshin.people.views.sessions._waits_here", end_meanwhile)
    answer = ada.get(HERE)
    assert answer.status_code == 400
    assert "What you sent just now may already be kept." in answer.content.decode()


def test_a_disabled_account_is_out_at_its_next_click(ada, cast):
    assert is_in(ada)
    cast.ada.person.is_active = False
    cast.ada.person.save()
    assert not is_in(ada)


def test_signing_out_tells_the_browser_to_forget(ada):
    assert is_in(ada)
    assert "Clear-Site-Data" not in ada.get(HERE).headers
    assert ada.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_every_page_but_static_files_is_stored_nowhere(ada):
    paths = (HERE, "/", "/accounts/login/", "/me/sessions/", "/no/such/page/", "/safety/", "/accounts/factors/")
    kept = {path: ada.get(path).headers["Cache-Control"] for path in paths}
    assert {path for path, header in kept.items() if "no-store" not in header} == set()
    print(f"{len(paths)} pages, 0 kept")


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(ada):
    is_in(ada)
    cookie = ada.cookies[conf.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_behind_https_cookies_are_secure_and_bound_to_the_host(tmp_path):
    import os
    import subprocess
    import sys

    said = subprocess.run(
        [sys.executable, "-c", SHOW_COOKIES],
        env=os.environ | {"SHOSHIN_HOME": str(tmp_path), "SHOSHIN_PUBLIC_ADDRESS": "https://f.example.org"},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path.cwd(),
    ).stdout.split()
    assert said == ["__Host-session", "__Host-csrf", "True", "True"]


SHOW_COOKIES = """
from shoshin import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)
"""


def test_sessions_that_are_over_are_swept(ada, cast):
    assert is_in(ada)
    PersonSession.objects.update(expire_date=NOW - timedelta(days=400))
    management.call_command("clearsessions")
    assert not PersonSession.objects.exists()
