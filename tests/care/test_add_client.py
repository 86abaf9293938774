"""A client comes in under a code, with the first course."""

from datetime import date

import pytest
from django.urls import reverse

from shoshin.care import actions, queries
from shoshin.care.models import Client
from tests.cast import NOW

NEW = {"code": "C. D.", "language": "de", "opened_on": "2026-11-02"}


def test_adding_a_client_opens_the_first_course_in_the_same_step(cast, as_member):
    response = as_member(cast.ada).post(reverse("care:add_client"), NEW)
    made = Client.objects.get(code="C. D.")
    assert response.status_code == 302
    assert response["Location"].startswith(f"/clients/{made.ref}/")
    assert (made.therapist, made.clinic, made.language) == (cast.ada, cast.clinic, "de")
    assert queries.open_course(made).opened_on == date(2026, 11, 2)


@pytest.mark.parametrize("code", ["b. n.", " B.  N. ", "B. n."])
def test_a_code_is_taken_whatever_its_capitals_and_spacing(cast, as_member, code):
    response = as_member(cast.ada).post(reverse("care:add_client"), NEW | {"code": code})
    assert "Another client of this clinic has this code" in response.content.decode()
    assert Client.objects.count() == 2


def test_capitals_make_no_difference_beyond_the_english_alphabet_either(cast):
    add(cast, code="Ä. Ö.")
    with pytest.raises(actions.CannotAddClient):
        add(cast, code="ä. ö.")


def test_another_clinic_may_use_the_same_code(cast):
    made = actions.add_client(therapist=cast.eve, code="B. N.", opened_on=date(2026, 11, 2), by=cast.eve, at=NOW)
    assert made.clinic == cast.eve.clinic


def test_a_full_name_is_accepted_and_the_page_says_it_is_not_needed(cast, as_member):
    browser = as_member(cast.ada)
    assert "full name is not needed" in browser.get(reverse("care:add_client")).content.decode()
    assert browser.post(reverse("care:add_client"), NEW | {"code": "Carla Dorn"}).status_code == 302


def test_a_blank_code_is_refused_with_a_sentence(cast):
    with pytest.raises(actions.CannotAddClient, match="code or initials"):
        add(cast, code="   ")


def test_nothing_is_kept_when_the_course_cannot_open(cast, as_member):
    response = as_member(cast.ada).post(reverse("care:add_client"), NEW | {"opened_on": "2062-11-02"})
    assert "Check the year" in response.content.decode()
    assert not Client.objects.filter(code="C. D.").exists()


def test_an_imported_client_is_asked_for_care_only(cast):
    made = add(cast, code="I. M.", imported=True)
    assert made.care_only
    assert queries.open_course(made).imported


def add(cast, **given):
    return actions.add_client(therapist=cast.ada, opened_on=date(2026, 11, 2), by=cast.ada, at=NOW, **given)
