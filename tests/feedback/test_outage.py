"""A fault anywhere in a request ends in a page that says what is safe, and what to do next."""

import errno

import pytest
from django.db import DataError, OperationalError

from shoshin.feedback.actions import record_response
from shoshin.feedback.models import Response

ANSWERS = {f"q-{number}": "1" for number in range(1, 9)} | {"gaps-seen": "1"}


@pytest.fixture
def broken(monkeypatch):
    """Make the filing of a form fail in this way, once."""

    def fail_with(problem):
        waiting = [problem]

        def file_later(**facts):
            if waiting:
                raise waiting.pop()
            return record_response(**facts)

        monkeypatch.setattr("shoshin.feedback.views.client_form.record_response", file_later)

    return fail_with


def send(phone, facts=ANSWERS):
    phone.raise_request_exception = False
    return phone.post("/f/now/", facts)


PASSING = [OperationalError("database or disk is full"), MemoryError(), OSError(errno.ENOSPC, "No space left")]


@pytest.mark.parametrize("problem", PASSING, ids=lambda problem: type(problem).__name__)
def test_what_is_over_in_a_while_answers_503_with_a_time_to_come_back(begun, phone, broken, problem):
    begun("phq-8")
    broken(problem)
    answer = send(phone)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Not received yet" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert not Response.objects.exists()


def test_the_answers_stay_in_the_page_and_its_button_sends_them(begun, phone, broken):
    begun("phq-8")
    broken(OperationalError("locked"))
    page = send(phone, ANSWERS | {"q-8": "3"}).content.decode()
    assert '<input type="hidden" name="q-8" value="3">' in page
    assert 'action="/f/now/"' in page
    assert send(phone, ANSWERS | {"q-8": "3"}).status_code == 303
    assert Response.objects.get().answers["8"] == 3


@pytest.mark.parametrize("problem", [DataError("too long"), ValueError("ours"), FileNotFoundError(errno.ENOENT, "x")])
def test_our_own_mistake_answers_500_and_is_just_as_human(begun, phone, broken, problem):
    begun("phq-8")
    broken(problem)
    answer = send(phone)
    assert answer.status_code == 500
    assert "either done whole or not at all" in answer.content.decode()


def test_a_fault_before_any_view_is_answered_too(client, cast, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("shoshin.people.views.MembershipMiddleware.__call__", gone)
    client.raise_request_exception = False
    page = client.get("/")
    assert page.status_code == 503
    assert "nothing was changed" in page.content.decode()


def test_what_members_and_visitors_type_is_not_written_into_the_page(client, cast, monkeypatch):
    """A password typed at sign-in must not stand in a page; only a client's form is carried over."""

    def gone(*_, **__):
        raise OperationalError("locked")

    monkeypatch.setattr("allauth.account.forms.LoginForm.clean", gone)
    client.raise_request_exception = False
    page = client.post("/accounts/login/", {"login": "ada@example.org", "password": "a long quiet evening"})
    assert page.status_code == 503
    assert "quiet evening" not in page.content.decode()
