"""The key to a client's own page: a link shown once, a PIN agreed in person, a lock after five slips."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.actions.page_keys import weak_pin
from shoshin.care.models import PageKey
from shoshin.kit.action import Actor
from tests.cast import NOW

PIN = "4071"
CLIENT = Actor("client")


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """What is checked here is who may try how often, not how long a hash takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def made(cast):
    return actions.make_page_key(client=cast.ben, pin=PIN, by=cast.ada, at=NOW)


def attempt(token, pin, at=NOW):
    return actions.check_page_key(token=token, pin=pin, by=CLIENT, at=at)


def test_link_and_pin_together_open_it(cast, made):
    assert attempt(made.token, PIN) == made.key
    assert queries.open_page_key(made.key.pk).client == cast.ben


def test_neither_link_nor_pin_is_kept(made):
    kept = PageKey.objects.filter(pk=made.key.pk).values().get()
    assert made.token not in str(kept)
    assert PIN not in str(kept["pin_hash"])
    assert len(made.token) >= 43


def test_pins_are_hashed_with_argon2_where_the_clinic_runs_for_real(cast, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    key = actions.make_page_key(client=cast.ben, pin=PIN, by=cast.ada, at=NOW).key
    assert key.pin_hash.startswith("argon2")


def test_an_unknown_link_and_a_wrong_pin_get_the_same_answer(made):
    assert attempt("x" * 43, PIN) is None
    assert attempt(made.token, "9999") is None


def test_the_fifth_wrong_pin_locks_it_and_the_therapist_is_told(cast, hat, made):
    for _ in range(4):
        attempt(made.token, "9998")
    assert list(queries.locked_page_keys(hat(cast.ada))) == []
    attempt(made.token, "9998")
    assert attempt(made.token, PIN) is None
    assert queries.open_page_key(made.key.pk) is None
    assert list(queries.locked_page_keys(hat(cast.ada))) == [made.key]
    assert list(queries.locked_page_keys(hat(cast.eve))) == []


def test_the_right_pin_clears_earlier_slips(made):
    for _ in range(3):
        for _ in range(4):
            attempt(made.token, "9998")
        assert attempt(made.token, PIN) == made.key


def test_a_new_key_replaces_the_old_one_and_lifts_the_lock(cast, hat, made):
    for _ in range(5):
        attempt(made.token, "9998")
    new = actions.make_page_key(client=cast.ben, pin="5293", by=cast.ada, at=NOW + timedelta(days=1))
    assert list(queries.locked_page_keys(hat(cast.ada))) == []
    assert attempt(made.token, PIN) is None
    assert attempt(new.token, "5293") == new.key


def test_a_revoked_key_opens_nothing(cast, made):
    assert actions.revoke_page_key(client=cast.ben, by=cast.ada, at=NOW) == 1
    assert attempt(made.token, PIN) is None
    assert queries.open_page_key(made.key.pk) is None


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "1212", "123123", "7890", "777777"])
def test_pins_that_everybody_tries_first_are_refused(cast, pin):
    assert weak_pin(pin)
    with pytest.raises(actions.CannotMakePageKey, match="among the first"):
        actions.make_page_key(client=cast.ben, pin=pin, by=cast.ada, at=NOW)


@pytest.mark.parametrize("pin", ["", "407", "4071829", "40a1", "４０７１"])
def test_a_pin_has_four_to_six_digits(cast, pin):
    with pytest.raises(actions.CannotMakePageKey, match="4 to 6"):
        actions.make_page_key(client=cast.ben, pin=pin, by=cast.ada, at=NOW)


def test_the_page_shows_the_link_once_with_a_code_that_no_style_rule_breaks(cast, as_member, settings):
    settings.PUBLIC_ADDRESS = "https://forms.example.org"
    browser = as_member(cast.ada)
    page = browser.post(address(cast), {"pin": PIN}).content.decode()
    token = re.search(r"https://forms\.example\.org/p/([\w-]{43})/", page)[1]
    assert attempt(token, PIN).client == cast.ben
    assert "<svg" in page
    assert "style=" not in page
    assert token not in browser.get(address(cast)).content.decode()


def test_without_a_public_address_the_page_says_why_and_makes_nothing(cast, as_member, settings):
    settings.PUBLIC_ADDRESS = ""
    browser = as_member(cast.ada)
    page = browser.post(address(cast), {"pin": PIN}).content.decode()
    assert "no public https address" in page
    assert reverse("desk:show_client_page", args=[cast.ben.ref]) in page
    assert not PageKey.objects.exists()


def test_the_page_closes_a_link_without_a_new_one(cast, made, as_member):
    as_member(cast.ada).post(address(cast), {"revoke": "yes"})
    assert queries.page_key_of(cast.ben) is None


def test_a_stranger_does_not_learn_that_the_client_exists(cast, refuses_strangers):
    refuses_strangers(address(cast))
    refuses_strangers(address(cast), "post")


def address(cast):
    return reverse("care:make_page_key", args=[cast.ben.ref])
