"""One person, several hats: rights are the active hat's, never the union."""

from itertools import permutations

import pytest
from django.urls import reverse

from shoshin.kit.models import AuditEvent
from shoshin.people.actions import add_member
from shoshin.people.models import Membership, Role
from tests.addresses import WITH_CLIENT, address
from tests.cast import NOW
from tests.doors import come_in

OWNERS = ("people:list_members", "people:confirm_safety", "measures:import_measure")


@pytest.fixture
def hats(cast) -> list[Membership]:
    """Ada owns Willow House, and is also its lead, its operator, and a therapist and lead at Elsewhere."""
    more = [(cast.clinic, Role.LEAD), (cast.clinic, Role.OPERATOR)]
    more += [(cast.eve.clinic, Role.THERAPIST), (cast.eve.clinic, Role.LEAD)]
    return [
        cast.ada,
        *(
            add_member(clinic=clinic, name="Ada", email="ada@example.org", role=role, by=cast.eve, at=NOW)
            for clinic, role in more
        ),
    ]


def rights(browser) -> dict[str, bool]:
    """What this session may open now: pages about Ben, and pages of an owner."""
    open_to = {name: browser.get(address(name)).status_code != 404 for name in WITH_CLIENT if name in LOOKED_AT}
    return open_to | {name: browser.get(reverse(name)).status_code != 404 for name in OWNERS}


LOOKED_AT = ("desk:client", "care:record_choices", "feedback:send_measure", "care:open_course", "desk:delete_client")


def put_on(browser, hat) -> None:
    assert browser.post("/me/hat/", {"member": hat.pk})["Location"] == "/"


def test_the_rights_of_every_pair_of_hats_are_those_of_the_active_one(client, cast, hats):
    come_in(client, cast.ada.person)
    alone = {}
    for hat in hats:
        put_on(client, hat)
        alone[hat.pk] = rights(client)
    assert all(alone[cast.ada.pk].values())
    assert not any(any(found.values()) for pk, found in alone.items() if pk != cast.ada.pk)
    pairs = list(permutations(hats, 2))
    for before, active in pairs:
        put_on(client, before)
        put_on(client, active)
        assert rights(client) == alone[active.pk], (before, active)
    print(f"{len(pairs)} pairs × {len(LOOKED_AT) + len(OWNERS)} routes, 0 unions")


def test_another_persons_hat_cannot_be_put_on(client, cast):
    come_in(client, cast.mia.person)
    for other in (cast.ada.pk, cast.eve.pk, 999_999, "x"):
        assert client.post("/me/hat/", {"member": other}).status_code == 404
    assert client.get("/clinic/people/").status_code == 404


def test_changing_hats_leaves_a_row_and_its_page_shows_which_is_on(client, cast, hats):
    come_in(client, cast.ada.person)
    put_on(client, hats[1])
    row = AuditEvent.objects.get(event="people.switch_membership")
    assert (row.clinic_id, row.actor_id) == (cast.clinic.pk, str(hats[1].pk))
    assert client.get("/me/hat/").content.decode().count("<button>Act as") == 4
