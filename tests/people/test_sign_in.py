"""Signing in with a password; nobody signs up."""

import pytest

from shoshin.kit.action import action
from shoshin.people.models import Membership, Person, Role
from tests.cast import NOW, PASSWORD


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    """Each test counts its own attempts."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    from django.core.cache import cache

    cache.clear()


def enter(client, email="ada@example.org", password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


@action("tests.change_membership")
def change_membership(*, member, by, at, **fields) -> Membership:
    for name, value in fields.items():
        setattr(member, name, value)
    member.save()
    return member


def test_the_right_password_opens_the_door(client, cast):
    response = enter(client)
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.ada.person.pk)


def test_signing_in_and_out_shows_the_next_page_and_no_message(client, cast):
    enter(client)
    assert "notices" not in client.get("/").content.decode()
    assert "notices" not in client.post("/accounts/logout/", follow=True).content.decode()


def test_the_address_may_be_typed_in_capitals(client, cast):
    assert enter(client, email="ADA@Example.org").status_code == 302


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_is_met_gently_and_tells_nothing_about_the_account(client, cast, email):
    page = enter(client, email=email, password="not the one").content.decode()
    assert "E-mail address and password do not fit together." in page
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_are_slowed_down(client, cast):
    for _ in range(10):
        enter(client, password="not the one")
    response = enter(client)
    assert "_auth_user_id" not in client.session
    assert "Too many" in response.content.decode()


def test_signing_up_is_closed_and_the_sign_in_page_does_not_offer_it(client, cast):
    assert "signup" not in client.get("/accounts/login/").content.decode()
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not Person.objects.filter(email="new@example.org").exists()
    assert "invitation" in client.get("/accounts/signup/").content.decode()


def test_a_visitor_is_sent_to_sign_in_and_back(client, cast):
    response = client.get("/clinic/safety/")
    assert response["Location"] == "/accounts/login/?next=/clinic/safety/"


def test_somebody_without_a_clinic_is_told_so(client, cast):
    change_membership(member=cast.eve, ended_at=NOW, by=cast.eve, at=NOW)
    client.force_login(cast.eve.person)
    assert client.get("/clinic/safety/")["Location"] == "/no-clinic/"
    assert "You are in no clinic yet." in client.get("/no-clinic/").content.decode()


def test_a_person_acts_under_one_membership_at_a_time(cast):
    from shoshin.people import queries

    second = change_membership(
        member=Membership(person=cast.ada.person, clinic=cast.eve.clinic, role=Role.LEAD, began_at=NOW),
        by=cast.eve,
        at=NOW,
    )
    assert queries.member_of(cast.ada.person) == cast.ada
    assert queries.member_of(cast.ada.person, second.pk) == second
    assert queries.member_of(cast.ada.person, cast.mia.pk) == cast.ada, "somebody else's hat is not theirs"


def test_times_stand_in_the_clinics_own_zone(client, cast, rf):
    from django.utils import timezone

    from shoshin.people.views import MembershipMiddleware

    change_membership(member=cast.clinic, time_zone="Pacific/Auckland", by=cast.ada, at=NOW)
    seen = []
    request = rf.get("/")
    request.user, request.session = cast.ada.person, {}
    MembershipMiddleware(lambda asked: seen.append((asked.member, timezone.get_current_timezone_name())))(request)
    assert seen == [(cast.ada, "Pacific/Auckland")]
    assert timezone.get_current_timezone_name() == "UTC"
