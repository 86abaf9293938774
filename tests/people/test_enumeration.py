"""Whoever asks at the door does not learn who has an account."""

import time
from statistics import median

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend

from tests.doors import give_app

ROUNDS, TRIES, CLOSE = 200, 5, 0.10


@pytest.fixture(autouse=True)
def fresh_limits(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


def tried(client, email: str) -> tuple[int, str, float]:
    began = time.perf_counter()
    answer = client.post("/accounts/login/", {"login": email, "password": "not the one"})
    took = time.perf_counter() - began
    page = answer.content.decode().replace(email, "…")
    return answer.status_code, page.split("csrfmiddlewaretoken")[0], took


def test_a_wrong_password_and_a_wrong_address_are_answered_alike(client, cast):
    give_app(cast.mia.person)
    answers = {tried(client, email)[:2] for email in ("ada@example.org", "mia@example.org", "nobody@example.org")}
    assert len(answers) == 1


def test_a_password_reset_is_answered_alike(client, cast):
    pages = set()
    for email in ("ada@example.org", "nobody@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": email}, follow=True)
        pages.add((answer.status_code, str(answer.redirect_chain)))
    assert len(pages) == 1


class Refusing(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


def test_while_no_mail_goes_out_a_password_reset_says_so_to_a_known_and_an_unknown_address_alike(
    client, cast, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    client.raise_request_exception = False
    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in ("ada@example.org", "nobody@example.org")
    ]
    assert {answer.status_code for answer in answers} == {500}
    assert len({answer.content for answer in answers}) == 1
    assert "The last step was not carried out." in answers[0].content.decode()


def ratio_of_middles(client, rounds: int) -> float:
    """How much longer a known address takes than an unknown one, turn by turn."""
    known, unknown = [], []
    for _ in range(rounds):
        known.append(tried(client, "ada@example.org")[2])
        unknown.append(tried(client, "nobody@example.org")[2])
    return median(known) / median(unknown)


@pytest.mark.slow
def test_neither_takes_longer_than_the_other(client, cast, monkeypatch):
    """The middle of 200 tries each, within a tenth; a busy machine gets five goes. The hash is cheap."""
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 10_000)
    cast.ada.person.set_password("a long quiet evening")
    cast.ada.person.save()
    ratios = []
    while len(ratios) < TRIES and not (ratios and abs(ratios[-1] - 1) <= CLOSE):
        ratios.append(ratio_of_middles(client, ROUNDS))
    print(f"2 × {ROUNDS} tries, ratio of the middles {ratios}")
    assert abs(ratios[-1] - 1) <= CLOSE
    monkeypatch.setattr(type(cast.ada.person), "set_password", lambda person, raw: None)
    assert ratio_of_middles(client, 20) > 1 + CLOSE, "without a hash for nobody the difference shows"
