"""One person to talk to: named for oneself alone, there when it is heavy, gone when one says so."""

import pytest
from django.urls import reverse

from shoshin.welfare.actions import (
    CannotNameTrustedPerson,
    delete_welfare,
    ease_off,
    forget_trusted_person,
    name_trusted_person,
)
from shoshin.welfare.models import TrustedPerson
from shoshin.welfare.queries import export, trusted_person
from tests.cast import NOW


def named(member, name="Rosa", reached="after eight, at home"):
    return name_trusted_person(member=member, name=name, reached=reached, by=member, at=NOW)


def test_a_name_and_a_way_are_kept_and_changed_in_the_browser(as_member, cast):
    ada, address = as_member(cast.ada), reverse("welfare:name_trusted_person")
    ada.post(address, {"name": "Rosa", "reached": "after eight"})
    assert 'value="Rosa"' in ada.get(address).content.decode()
    ada.post(address, {"name": "Karim", "reached": ""})
    assert [(row.name, row.reached) for row in TrustedPerson.objects.all()] == [("Karim", "")]


@pytest.mark.parametrize("colour", ["amber", "red"])
def test_the_name_stands_where_a_day_asks_to_go_gently_and_in_a_pause(as_member, cast, now, colour):
    named(cast.ada)
    ada = as_member(cast.ada)
    pages = [reverse(f"{name}") for name in ("welfare:show_welfare", "practice:show_practice")]
    assert [("Rosa" in ada.get(page).content.decode()) for page in pages] == [False, False]
    assert "Rosa" in ada.get(reverse("welfare:take_pause")).content.decode()
    ease_off(member=cast.ada, colour=colour, by=cast.ada, at=NOW)
    for page in pages:
        shown = ada.get(page).content.decode()
        assert "Rosa" in shown and "after eight, at home" in shown


def test_where_nobody_is_named_the_page_offers_to_name_somebody(as_member, cast, now):
    ease_off(member=cast.ada, colour="amber", by=cast.ada, at=NOW)
    assert (
        reverse("welfare:name_trusted_person")
        in as_member(cast.ada).get(reverse("practice:show_practice")).content.decode()
    )


def test_nobody_else_finds_it_and_nobody_names_for_another(as_member, cast, now):
    named(cast.ada)
    assert trusted_person(cast.mia) is None
    assert "Rosa" not in as_member(cast.mia).get(reverse("welfare:take_pause")).content.decode()
    with pytest.raises(PermissionError):
        name_trusted_person(member=cast.ada, name="Eve", by=cast.mia, at=NOW)
    with pytest.raises(PermissionError):
        forget_trusted_person(member=cast.ada, by=cast.mia, at=NOW)


def test_a_name_is_needed(cast):
    with pytest.raises(CannotNameTrustedPerson, match="Nothing was saved"):
        named(cast.ada, name="  ")
    assert not TrustedPerson.objects.exists()


def test_it_goes_along_and_goes_away(as_member, cast):
    named(cast.ada)
    assert [row["name"] for row in export(cast.ada)["person_to_talk_to"]] == ["Rosa"]
    as_member(cast.ada).post(reverse("welfare:forget_trusted_person"))
    assert trusted_person(cast.ada) is None
    named(cast.ada)
    delete_welfare(member=cast.ada, by=cast.ada, at=NOW)
    assert not TrustedPerson.objects.exists()
