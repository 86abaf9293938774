"""Nobody comes in but by an invitation: one link, one use, one week, one clinic."""

import re
from datetime import timedelta

import pytest
from django.core.mail.backends import locmem
from django.core.mail.backends.base import BaseEmailBackend

from shoshin.kit import clock
from shoshin.kit.models import AuditEvent
from shoshin.people import actions
from shoshin.people.models import Invitation, Membership, Person, Role
from tests.cast import NOW, PASSWORD
from tests.doors import come_in

NEW = {"name": "Uma", "password": "a lamp in the hallway"}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def uma(cast):
    return actions.invite_member(name="Uma", email="uma@example.org", role="therapist", by=cast.ada, at=NOW)


def link(invited) -> str:
    return f"/join/{invited.token}/"


def test_the_owner_gets_a_link_once_and_only_its_fingerprint_is_kept(as_member, cast):
    page = as_member(cast.ada).post(
        "/clinic/people/invite/", {"name": "Uma", "email": "Uma@Example.org", "role": "therapist"}
    )
    token = page.content.decode().split("/join/")[1].split("/")[0]
    row = Invitation.objects.get()
    assert len(token) == 43
    assert token not in str(vars(row))
    assert row.email == "uma@example.org"
    assert token not in as_member(cast.ada).get("/clinic/people/").content.decode()
    assert "Uma" in as_member(cast.ada).get("/clinic/people/").content.decode()


class Delivering(locmem.EmailBackend):
    """A mail server that takes every mail, for the tests to read."""


class Refusing(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


@pytest.mark.parametrize(
    ("server", "said"), [("Delivering", "is on its way"), ("Refusing", "No mail was sent"), (None, "No mail was sent")]
)
def test_the_page_says_whether_the_mail_went_out_and_shows_the_link_in_any_case(
    as_member, cast, settings, server, said
):
    console = "django.core.mail.backends.console.EmailBackend"
    settings.EMAIL_BACKEND = f"{__name__}.{server}" if server else console
    asked = {"name": "Uma", "email": "uma@example.org", "role": "lead"}
    page = as_member(cast.ada).post("/clinic/people/invite/", asked).content.decode()
    assert said in page
    assert "/join/" in page


def test_without_a_mail_server_the_link_is_not_written_to_the_terminal(as_member, cast, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    as_member(cast.ada).post("/clinic/people/invite/", {"name": "Uma", "email": "uma@example.org", "role": "lead"})
    assert "/join/" not in capsys.readouterr().out


def test_the_mail_says_nothing_about_anybody_in_care(as_member, cast, mailoutbox, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Delivering"
    as_member(cast.ada).post("/clinic/people/invite/", {"name": "Uma", "email": "uma@example.org", "role": "lead"})
    assert [mail.to for mail in mailoutbox] == [["uma@example.org"]]
    assert "/join/" in mailoutbox[0].body
    assert cast.ben.code not in mailoutbox[0].body


@pytest.mark.parametrize("who", ["mia", "eve"])
def test_nobody_but_the_clinics_owner_invites_or_takes_back(who, as_member, cast, uma):
    stranger = getattr(cast, who)
    browser = as_member(stranger)
    pk = uma.invitation.pk
    answers = [browser.post(f"/clinic/invitations/{pk}/revoke/").status_code]
    if not stranger.is_owner:
        answers += [browser.get(path).status_code for path in ("/clinic/people/", "/clinic/people/invite/")]
        with pytest.raises(actions.CannotInvite):
            actions.invite_member(name="X", email="x@example.org", role="therapist", by=stranger, at=NOW)
    assert set(answers) == {404}
    uma.invitation.refresh_from_db()
    assert uma.invitation.revoked_at is None


def test_looking_at_the_link_changes_nothing(client, uma):
    for _ in range(3):
        assert client.get(link(uma)).status_code == 200
    uma.invitation.refresh_from_db()
    assert uma.invitation.used_at is None


def test_a_newcomer_sets_a_password_and_is_asked_for_a_second_factor(client, uma):
    client.post(link(uma), NEW)
    member = Membership.objects.get(person__email="uma@example.org")
    assert (member.role, member.is_owner) == (Role.THERAPIST, False)
    assert client.session["_auth_user_id"] == str(member.person_id)
    assert client.get("/")["Location"] == "/me/factor/"


def test_a_weak_password_is_refused_with_a_sentence(client, uma):
    page = client.post(link(uma), {"name": "Uma", "password": "password"})
    assert page.status_code == 422
    assert not Person.objects.filter(email="uma@example.org").exists()


def closed(client, token: str) -> tuple[int, str]:
    """Status and page, without what differs on every page: the address asked for, and the mask of the form's key."""
    answer = client.get(f"/join/{token}/")
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode())
    return answer.status_code, re.sub(r"/join/[^/]+/", "/join/…/", page)


def test_wrong_expired_used_revoked_and_orphaned_links_are_all_answered_alike(client, cast, uma, monkeypatch):
    assert closed(client, uma.token)[0] == 200, "an open link is answered differently, so this test can fail"
    used = actions.invite_member(name="Vic", email="vic@example.org", role="therapist", by=cast.ada, at=NOW)
    actions.join_clinic(invitation=used.invitation, by=cast.ada, at=NOW, name="Vic", password=PASSWORD)
    taken = actions.invite_member(name="Wim", email="wim@example.org", role="therapist", by=cast.ada, at=NOW)
    actions.revoke_invitation(invitation=taken.invitation, by=cast.ada, at=NOW)
    answers = [closed(client, token) for token in ("x" * 43, "é", used.token, taken.token)]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, seconds=1))
    answers.append(closed(client, uma.token))
    assert {status for status, _ in answers} == {404}
    assert len({body for _, body in answers}) == 1
    print(f"{len(answers)} closed links, one answer")


def test_a_link_works_once_even_for_two_at_the_same_time(cast, uma):
    actions.join_clinic(invitation=uma.invitation, by=cast.ada, at=NOW, name="Uma", password=PASSWORD)
    with pytest.raises(actions.CannotJoin):
        actions.join_clinic(invitation=uma.invitation, by=cast.ada, at=NOW, person=cast.eve.person)
    assert Membership.objects.filter(clinic=cast.clinic).count() == 3


def test_a_new_invitation_to_the_same_address_closes_the_earlier_link(client, cast, uma):
    again = actions.invite_member(name="Uma", email="uma@example.org", role="therapist", by=cast.ada, at=NOW)
    assert closed(client, uma.token)[0] == 404
    assert closed(client, again.token)[0] == 200


def test_somebody_with_an_account_joins_with_it_and_sees_only_what_the_new_hat_may(client, cast):
    invited = actions.invite_member(name="Eve", email="eve@example.org", role="therapist", by=cast.ada, at=NOW)
    page = client.post(link(invited), NEW)
    assert "You have an account with this address." in page.content.decode()
    come_in(client, cast.eve.person)
    key = client.session.session_key
    assert client.post(link(invited))["Location"] == "/"
    assert client.session.session_key != key
    assert client.get("/clinic/people/").status_code == 404, "owner there, not here"
    assert client.get(f"/clients/{cast.ben.ref}/").status_code == 404
    assert client.post("/me/hat/", {"member": cast.eve.pk})["Location"] == "/"
    assert client.get("/clinic/people/").status_code == 200
    assert "Ada" not in client.get("/clinic/people/").content.decode()


@pytest.mark.parametrize(
    "given", [{"name": " "}, {"email": "no address"}, {"role": "owner"}, {"email": "mia@example.org"}]
)
def test_an_invitation_that_cannot_be_is_refused_with_a_sentence(as_member, cast, given):
    filled = {"name": "Uma", "email": "uma@example.org", "role": "therapist"} | given
    assert as_member(cast.ada).post("/clinic/people/invite/", filled).status_code == 200
    assert not Invitation.objects.exists()


def test_every_step_leaves_an_audit_row_of_the_clinic(cast, uma):
    actions.join_clinic(invitation=uma.invitation, by=cast.ada, at=NOW, name="Uma", password=PASSWORD)
    events = AuditEvent.objects.filter(clinic_id=cast.clinic.pk).values_list("event", flat=True)
    assert {"people.invite_member", "people.join_clinic"} <= set(events)
