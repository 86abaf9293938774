"""Strengths: what this client brings, in a line each (P112)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from tests.cast import NOW


def note(cast, text, at=NOW):
    return actions.note_strength(client=cast.ben, text=text, by=cast.ada, at=at)


def texts(cast):
    return [strength.text for strength in queries.current_strengths(cast.ben)]


def test_the_newest_comes_first(cast):
    note(cast, "asks for help")
    note(cast, "  a   sister who\n calls ", at=NOW + timedelta(days=1))
    assert texts(cast) == ["a sister who calls", "asks for help"]


def test_one_set_aside_stays_in_the_record(cast, as_member):
    strength = note(cast, "asks for help")
    assert as_member(cast.ada).post(reverse("care:retire_strength", args=[strength.pk])).status_code == 302
    assert texts(cast) == []
    strength.refresh_from_db()
    assert strength.text == "asks for help"


@pytest.mark.parametrize("text", ["", "   ", "x" * 161])
def test_it_is_a_line_and_not_nothing(cast, text):
    with pytest.raises(actions.CannotNoteStrength):
        note(cast, text)


def test_the_page_notes_one_and_says_what_is_missing(cast, as_member):
    browser, address = as_member(cast.ada), reverse("care:note_strength", args=[cast.ben.ref])
    assert browser.post(address, {"text": "walks every day"}).status_code == 302
    assert browser.post(address, {"text": ""}).status_code == 302
    assert texts(cast) == ["walks every day"]


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "  \x00 walks"])
def test_a_sign_that_cannot_be_stored_is_refused_with_a_message(cast, as_member, text):
    browser, address = as_member(cast.ada), reverse("care:note_strength", args=[cast.ben.ref])
    page = browser.post(address, {"text": text}, follow=True)
    assert page.status_code == 200
    assert "Null characters are not allowed." in page.content.decode()
    assert texts(cast) == []


def test_too_long_a_line_still_gets_its_own_sentence(cast, as_member):
    address = reverse("care:note_strength", args=[cast.ben.ref])
    page = as_member(cast.ada).post(address, {"text": "x" * 161}, follow=True)
    assert "A strength fits in 160 characters." in page.content.decode()
    assert texts(cast) == []


def test_a_stranger_notes_and_sets_aside_nothing(cast, refuses_strangers):
    strength = note(cast, "asks for help")
    refuses_strangers(reverse("care:note_strength", args=[cast.ben.ref]), "post")
    refuses_strangers(reverse("care:retire_strength", args=[strength.pk]), "post")
    assert texts(cast) == ["asks for help"]
