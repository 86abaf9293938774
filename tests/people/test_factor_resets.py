"""A lost second factor: one lead asks, another confirms, and the person is told. Nobody decides alone."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from shoshin.kit import clock, tasks
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.models import AuditEvent
from shoshin.people.actions import (
    CannotResetFactor,
    add_member,
    ask_factor_reset,
    confirm_factor_reset,
    end_membership,
    invite_member,
    join_clinic,
    withdraw_factor_reset,
)
from shoshin.people.models import FactorReset, Membership, Role
from tests.cast import NOW
from tests.doors import come_in, give_app

WHY = "She stood at my desk with a broken phone."
MINUTE = timedelta(minutes=1)
ASK = reverse("people:ask_factor_reset")


@pytest.fixture
def clinic(cast, monkeypatch):
    """Ada owns the clinic, Lea leads it; Mia has had an app for long, and so has Lea."""
    monkeypatch.setattr(tasks, "_rounds", {})
    monkeypatch.setattr(clock, "now", lambda: NOW)
    tasks.discover()
    cast.lea = add_member(name="Lea", email="lea@example.org", role=Role.LEAD, clinic=cast.clinic, by=OPERATOR, at=NOW)
    for member in (cast.mia, cast.lea, cast.ada):
        give_app(member.person)
    Authenticator.objects.update(created_at=NOW - timedelta(days=90))
    return cast


def ask(clinic, by="lea", about="mia", why=WHY, at=NOW):
    return ask_factor_reset(member=getattr(clinic, about), why=why, by=getattr(clinic, by), at=at)


def has_app(member) -> bool:
    return Authenticator.objects.filter(user=member.person).exists()


def told(at=NOW, outbox=()):
    tasks.run_due(at)
    return [(mail.to[0], mail.body) for mail in outbox]


def test_two_people_take_a_lost_factor_away_and_every_session_ends(clinic, client):
    come_in(client, clinic.mia.person)
    asked = ask(clinic)
    assert has_app(clinic.mia)
    assert client.get("/").status_code == 200
    confirm_factor_reset(asked=asked, by=clinic.ada, at=NOW + MINUTE)
    assert not has_app(clinic.mia)
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_each_step_leaves_a_row_with_who_did_it(clinic):
    confirm_factor_reset(asked=ask(clinic), by=clinic.ada, at=NOW)
    rows = AuditEvent.objects.filter(event__contains="factor").order_by("pk").values_list("event", "actor_id")
    lea, ada = str(clinic.lea.pk), str(clinic.ada.pk)
    assert list(rows) == [
        ("people.ask_factor_reset", lea),
        ("people.reset_second_factor", ada),
        ("people.confirm_factor_reset", ada),
    ]


def test_the_person_is_told_on_every_address_when_it_is_asked_and_when_it_happens(clinic, mailoutbox):
    invited = invite_member(name="Mia", email="mia@old.example.org", role=Role.OPERATOR, by=clinic.ada, at=NOW)
    join_clinic(invitation=invited.invitation, by=clinic.mia.person.actor, at=NOW, person=clinic.mia.person)
    asked = ask(clinic)
    first = told(NOW, mailoutbox)
    assert {to for to, body in first if "has asked to take away" in body} == {"mia@example.org", "mia@old.example.org"}
    mailoutbox.clear()
    confirm_factor_reset(asked=asked, by=clinic.ada, at=NOW + MINUTE)
    then = told(NOW + MINUTE, mailoutbox)
    assert {to for to, body in then if "have taken away" in body} == {"mia@example.org", "mia@old.example.org"}
    assert not any(WHY in body or "Lea" in body for _to, body in first + then)


def test_the_other_leads_are_told_that_something_waits_as_long_as_it_does(clinic, mailoutbox):
    ask(clinic)
    assert ("ada@example.org", True) in [(to, "needs somebody" in body) for to, body in told(NOW, mailoutbox)]
    assert "lea@example.org" not in {to for to, _body in told(NOW, mailoutbox)}
    mailoutbox.clear()
    again = FactorReset.objects.get()
    withdraw_factor_reset(asked=again, by=clinic.lea, at=NOW)
    withdraw_factor_reset(asked=ask(clinic), by=clinic.lea, at=NOW)
    assert "ada@example.org" not in {to for to, _body in told(NOW, mailoutbox)}


@pytest.mark.parametrize(
    ("by", "about", "why", "sentence"),
    [
        ("mia", "lea", WHY, "Only the owner and team leads"),
        ("lea", "lea", WHY, "your own account"),
        ("lea", "eve", WHY, "in this clinic now"),
        ("lea", "mia", "lost" + " " * 30, "at least 20 characters"),
        ("lea", "ada", WHY, "shoshin reset-second-factor ada@example.org"),
    ],
)
def test_nothing_is_asked_without_a_lead_a_reason_and_a_third_who_could_confirm(clinic, by, about, why, sentence):
    with pytest.raises(CannotResetFactor, match=sentence):
        ask(clinic, by, about, why)
    assert not FactorReset.objects.exists()


@pytest.mark.parametrize("who", ["lea", "mia", "eve"])
def test_neither_who_asked_nor_who_it_is_about_nor_a_stranger_confirms(clinic, who):
    asked = ask(clinic)
    with pytest.raises(CannotResetFactor):
        confirm_factor_reset(asked=asked, by=getattr(clinic, who), at=NOW)
    assert has_app(clinic.mia)


def test_a_person_with_two_hats_is_still_one_person(clinic):
    second_hat = add_member(
        name="Lea",
        email="lea@example.org",
        role=Role.THERAPIST,
        clinic=clinic.clinic,
        is_owner=True,
        by=OPERATOR,
        at=NOW,
    )
    asked = ask(clinic)
    with pytest.raises(CannotResetFactor, match="You asked for this yourself"):
        confirm_factor_reset(asked=asked, by=second_hat, at=NOW)


def test_a_factor_that_is_shown_meanwhile_is_not_lost_and_stays(clinic):
    asked = ask(clinic)
    Authenticator.objects.filter(user=clinic.mia.person).update(last_used_at=NOW + MINUTE)
    with pytest.raises(CannotResetFactor, match="not lost"):
        confirm_factor_reset(asked=asked, by=clinic.ada, at=NOW + 2 * MINUTE)
    assert has_app(clinic.mia)


def test_a_new_factor_is_not_taken_away_by_an_old_request(clinic):
    first = ask(clinic)
    Authenticator.objects.filter(user=clinic.mia.person).update(created_at=NOW + MINUTE)
    with pytest.raises(CannotResetFactor, match="not lost"):
        confirm_factor_reset(asked=first, by=clinic.ada, at=NOW + 2 * MINUTE)


@pytest.mark.parametrize("hours", [24, 25])
def test_after_a_day_it_is_asked_anew(clinic, hours):
    asked = ask(clinic)
    with pytest.raises(CannotResetFactor, match="a day has passed"):
        confirm_factor_reset(asked=asked, by=clinic.ada, at=NOW + timedelta(hours=hours))
    assert ask(clinic, at=NOW + timedelta(hours=hours)).pk != asked.pk


def test_what_is_taken_back_or_done_is_not_confirmed_again(clinic):
    asked = ask(clinic)
    withdraw_factor_reset(asked=asked, by=clinic.ada, at=NOW)
    with pytest.raises(CannotResetFactor, match="no longer waits"):
        confirm_factor_reset(asked=asked, by=clinic.ada, at=NOW)
    again = ask(clinic)
    confirm_factor_reset(asked=again, by=clinic.ada, at=NOW)
    for step in (confirm_factor_reset, withdraw_factor_reset):
        with pytest.raises(CannotResetFactor, match="no longer waits"):
            step(asked=again, by=clinic.ada, at=NOW)


def test_a_request_of_somebody_who_has_left_opens_nothing(clinic):
    asked = ask(clinic)
    end_membership(member=clinic.lea, by=clinic.ada, at=NOW)
    with pytest.raises(CannotResetFactor, match="leads here no more"):
        confirm_factor_reset(asked=asked, by=clinic.ada, at=NOW)


@action("tests.join_elsewhere")
def join_elsewhere(*, person, clinic, by, at):
    Membership.objects.create(person=person, clinic=clinic, role=Role.THERAPIST, began_at=at)


def test_two_leads_of_one_clinic_do_not_decide_about_an_account_that_opens_another(clinic):
    join_elsewhere(person=clinic.mia.person, clinic=clinic.eve.clinic, by=OPERATOR, at=NOW)
    with pytest.raises(CannotResetFactor, match=r"shoshin reset-second-factor mia@example\.org"):
        ask(clinic)


def test_the_pages_lead_through_both_steps(clinic, client):
    come_in(client, clinic.lea.person)
    assert ASK in client.get("/").content.decode()
    short = client.post(ASK, {"member": clinic.mia.pk, "why": "lost it"})
    assert short.status_code == 422 and "at least 20 characters" in short.content.decode()
    assert client.post(ASK, {"member": clinic.mia.pk, "why": WHY}).status_code == 302
    page = f"{ASK}{FactorReset.objects.get().pk}/"
    assert "Another lead or the owner confirms this." in client.get(page).content.decode()
    assert client.post(page).status_code == 422
    come_in(client, clinic.ada.person)
    assert "Lea asks you to confirm" in client.get("/").content.decode()
    assert WHY in client.get(page).content.decode()
    assert client.post(page)["Location"] == ASK
    assert "Mia has no second factor now" in client.get(ASK).content.decode()
    assert not has_app(clinic.mia)
    assert "Lea asks you to confirm" not in client.get("/").content.decode()


def test_a_request_can_be_taken_back_on_its_page(clinic, client):
    asked = ask(clinic)
    come_in(client, clinic.ada.person)
    assert client.post(f"{ASK}{asked.pk}/take-back/")["Location"] == ASK
    assert "Nothing waits." in client.get(ASK).content.decode()
    client.post(f"{ASK}{asked.pk}/take-back/")
    assert "no longer waits" in client.get(ASK).content.decode()


def test_a_clinic_with_a_single_lead_is_told_the_operators_command(cast, client):
    give_app(cast.mia.person)
    come_in(client, cast.ada.person)
    page = client.get(ASK).content.decode()
    assert "the only one who leads here" in page and "shoshin reset-second-factor" in page
    assert "<textarea" not in page


def test_the_page_asks_for_a_fresh_factor(clinic, client):
    come_in(client, clinic.lea.person, ago=6 * 60)
    assert client.get(ASK)["Location"].startswith("/accounts/factors/again/")


def test_an_account_without_a_factor_has_none_to_lose(clinic):
    Authenticator.objects.filter(user=clinic.mia.person).delete()
    with pytest.raises(CannotResetFactor, match="no second factor"):
        ask(clinic)
