"""A client's record shows who looked, to the therapist and to the client."""

import pytest
from django.urls import reverse

from shoshin.care import actions
from shoshin.care.queries import who_looked
from shoshin.kit import clock
from tests.cast import NOW


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_line_a_person_and_day_says_how_often_they_read_and_wrote(cast, as_member):
    browser = as_member(cast.ada)
    for _ in range(3):
        browser.get(reverse("desk:client", args=[cast.ben.ref]))
    actions.note_strength(client=cast.ben, text="keeps going", by=cast.ada, at=NOW)
    (look,) = who_looked(cast.ben)
    assert (look.day, look.who, look.is_client, look.opened, look.wrote) == (NOW.date(), "Ada", False, 3, 1)
    assert who_looked(cast.noa) == ()


def test_a_list_of_many_is_in_the_trail_but_not_a_look(cast, as_member):
    actions.add_client(therapist=cast.ada, code="C. D.", language="en", opened_on=NOW.date(), by=cast.ada, at=NOW)
    as_member(cast.ada).get(reverse("care:list_clients"))
    assert who_looked(cast.ben) == ()


def test_the_page_is_the_therapists_own(cast, as_member):
    address = reverse("care:who_looked", args=[cast.ben.ref])
    as_member(cast.ada).get(reverse("desk:client", args=[cast.ben.ref]))
    assert ">Ada<" in as_member(cast.ada).get(address).content.decode()
    assert as_member(cast.mia).get(address).status_code == 404


def test_the_client_sees_it_on_their_own_page_and_what_they_did_is_not_counted_as_looking(cast, as_member, client):
    as_member(cast.ada).get(reverse("desk:client", args=[cast.ben.ref]))
    client.logout()
    key = actions.make_page_key(client=cast.ben, pin="7294", by=cast.ada, at=NOW)
    client.post(reverse("feedback:open_client_page", args=[key.token]), {"pin": "7294"})
    client.get(reverse("feedback:client_page"))
    page = client.get(reverse("feedback:client_page")).content.decode()
    part = page[page.index("Who looked at your record") :]
    assert "3 November 2026: Ada, read and wrote" in part
    assert "the client" not in part
    assert any(look.is_client and look.opened for look in who_looked(cast.ben))
