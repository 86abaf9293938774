"""Opening a record in an emergency: for an hour, told at once, reviewed by somebody else, and never the notes."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend as EmailBackend
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shoshin.care import queries
from shoshin.care.actions import (
    CannotOpenBreakGlass,
    CannotReviewBreakGlass,
    hand_over_client,
    open_break_glass,
    review_break_glass,
)
from shoshin.care.models import BreakGlass
from shoshin.kit import tasks
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.models import Task
from shoshin.kit.policy import Hat
from shoshin.people.models import Membership, Person, Role
from shoshin.policy import POLICY
from tests.cast import NOW, PASSWORD
from tests.doors import code_of_app, come_in, give_app

WHY = "Ben's sister called, and Ada is on a plane."


@action("tests.add_lead")
def add_lead(*, clinic, name, by, at):
    person = Person.objects.create_user(f"{name}@example.org", PASSWORD, name.title())
    return Membership.objects.create(person=person, clinic=clinic, role=Role.LEAD, began_at=at)


@action("tests.delete")
def delete(*, client, by, at):
    client.delete()


@pytest.fixture
def lea(cast):
    return add_lead(clinic=cast.clinic, name="lea", by=OPERATOR, at=NOW)


@pytest.fixture
def at_now(monkeypatch):
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)


def opened_by(member, at=NOW, code="b. n.", why=WHY):
    return open_break_glass(code=code, reason="safety", why=why, by=member, at=at)


def sees(member, client, at):
    return queries.clients_of(Hat(member, ("break_glass",), at)).filter(pk=client.pk).exists()


def test_a_lead_sees_one_record_for_sixty_minutes_and_no_longer(cast, lea):
    assert not sees(lea, cast.ben, NOW)
    opened_by(lea)
    assert sees(lea, cast.ben, NOW)
    assert sees(lea, cast.ben, NOW + timedelta(minutes=59, seconds=59))
    assert not sees(lea, cast.ben, NOW + timedelta(minutes=60))
    assert not sees(lea, cast.noa, NOW)
    assert not sees(cast.mia, cast.ben, NOW)
    assert not sees(lea, cast.ben, None)


@pytest.mark.parametrize(
    ("who", "code", "why", "sentence"),
    [
        ("mia", "B. N.", WHY, "Only the owner and team leads"),
        ("lea", "B. N.", "urgent" + " " * 30, "at least 20 characters"),
        ("lea", "Nobody", WHY, "No client of this clinic"),
        ("eve", "B. N.", WHY, "No client of this clinic"),
        ("ada", "B. N.", WHY, "your own client"),
    ],
)
def test_nothing_opens_without_a_lead_a_reason_and_a_client_of_the_clinic(cast, lea, who, code, why, sentence):
    member = lea if who == "lea" else getattr(cast, who)
    with pytest.raises(CannotOpenBreakGlass, match=sentence):
        opened_by(member, code=code, why=why)
    assert not BreakGlass.objects.exists()


def test_the_therapist_is_told_on_today_and_by_a_mail_without_content(cast, lea, as_member, at_now, mailoutbox):
    opened_by(lea)
    tasks.run_due(NOW)
    page = as_member(cast.ada).get("/").content.decode()
    assert "Lea opened the record of B. N. in an emergency" in page
    assert "on a plane" in page
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.org"]
    assert not any(word in mail.subject + mail.body for word in ("B. N.", "Lea", "plane", "Ben"))


class Refusing(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


def test_a_mail_server_that_is_away_stops_no_opening_and_the_mail_goes_out_once_it_is_back(
    cast, lea, mailoutbox, settings
):
    there, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.care.test_break_glass.Refusing"
    opened_by(lea)
    tasks.run_due(NOW)
    assert Task.objects.get(name="care.tell_of_break_glass").failures == 1
    settings.EMAIL_BACKEND = there
    for minutes in (5, 10):
        tasks.run_due(NOW + timedelta(minutes=minutes))
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]


def test_whose_client_it_is_by_then_is_told_and_of_a_deleted_client_nobody_is(cast, lea, mailoutbox):
    opened_by(lea)
    hand_over_client(client=cast.ben, to=cast.mia, by=cast.ada, at=NOW)
    gone = opened_by(lea, code="N. A.")
    delete(client=gone.client, by=OPERATOR, at=NOW)
    tasks.run_due(NOW)
    assert [mail.to for mail in mailoutbox] == [["mia@example.org"]]


def test_the_record_shows_answers_but_never_notes_export_or_deletion(cast, lea, as_member, at_now):
    opened_by(lea)
    browser = as_member(lea)
    assert browser.get(reverse("desk:look_in_emergency", args=[cast.ben.ref])).status_code == 200
    for name in ("desk:client", "desk:export_client", "desk:delete_client", "desk:show_client_page"):
        assert browser.get(reverse(name, args=[cast.ben.ref])).status_code == 404
    shelves = {name: row.shelf for name, row in POLICY.items() if "break_glass" in row.relations}
    assert shelves == {"desk:look_in_emergency": "answers"}


def test_the_page_opens_reviews_and_says_what_is_wrong(cast, lea, as_member, at_now):
    address = reverse("care:open_break_glass")
    browser = as_member(lea)
    short = browser.post(address, {"code": "B. N.", "reason": "safety", "why": "now"})
    assert "at least 20 characters" in short.content.decode()
    answer = browser.post(address, {"code": "B. N.", "reason": "safety", "why": WHY})
    assert answer["Location"] == reverse("desk:look_in_emergency", args=[cast.ben.ref])
    opened = BreakGlass.objects.get()
    own = browser.get(reverse("care:review_break_glass", args=[opened.pk])).content.decode()
    assert "You opened this record yourself" in own
    browser = as_member(cast.ada)
    page = reverse("care:review_break_glass", args=[opened.pk])
    assert browser.post(page, {"finding": "in_order", "note": "She was right to."}).status_code == 302
    opened.refresh_from_db()
    assert (opened.reviewed_by, opened.finding) == (cast.ada, "in_order")


@pytest.fixture
def stale(client, lea, cast):
    """A browser in which lea, who has an app, showed who she is six minutes ago."""
    cache.clear()
    give_app(lea.person)
    return come_in(client, lea.person, ago=6 * 60)


SENT = {"code": "B. N.", "reason": "safety", "why": WHY}
AGAIN = "/accounts/factors/again/"


def test_opening_asks_for_the_second_factor_again_and_the_password_alone_does_not_do(stale):
    address = reverse("care:open_break_glass")
    assert stale.get(address)["Location"] == f"{AGAIN}?next={quote(address, safe='')}"
    stale.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})
    assert stale.get(address)["Location"].startswith(AGAIN)
    assert "Your password alone does not open it" in stale.get(AGAIN).content.decode()
    assert stale.post(AGAIN, {"code": "000000", "next": address}).status_code == 200
    assert stale.get(address)["Location"].startswith(AGAIN)
    assert stale.post(AGAIN, {"code": code_of_app(), "next": address})["Location"] == address
    assert stale.get(address).status_code == 200


def test_what_was_sent_without_a_fresh_factor_opens_nothing_and_waits_until_the_factor_is_shown(stale):
    address = reverse("care:open_break_glass")
    assert stale.post(address, SENT)["Location"].startswith(AGAIN)
    assert not BreakGlass.objects.exists()
    stale.post(AGAIN, {"code": code_of_app(), "next": address})
    assert not BreakGlass.objects.exists(), "nothing is sent by itself"
    assert stale.get(address)["Location"] == "/me/words/"
    assert WHY.replace("'", "&#x27;") in stale.get("/me/words/").content.decode()
    assert stale.post(address, SENT).status_code == 302
    assert BreakGlass.objects.count() == 1


def test_a_factor_shown_at_sign_in_holds_for_five_minutes(client, lea):
    for ago, status in ((4 * 60, 200), (6 * 60, 302)):
        assert come_in(client, lea.person, ago=ago).get(reverse("care:open_break_glass")).status_code == status


def test_the_demo_asks_for_no_factor_and_says_so(stale, settings):
    settings.DEMO = True
    page = stale.get(reverse("care:open_break_glass"))
    assert page.status_code == 200
    assert "In the demo nobody has a second factor" in page.content.decode()


def test_a_review_that_nobody_wrote_stands_on_today_of_the_owner_and_the_leads(cast, lea):
    opened = opened_by(lea)
    early, late = NOW + timedelta(hours=71), NOW + timedelta(hours=72)
    for member in (cast.ada, lea):
        assert list(queries.overdue_reviews(Hat(member), early)) == []
        assert list(queries.overdue_reviews(Hat(member), late)) == [opened]
    for member in (cast.mia, cast.eve):
        assert list(queries.overdue_reviews(Hat(member), late)) == []
    review_break_glass(opened=opened, finding="in_order", note="needed", by=cast.ada, at=late)
    assert list(queries.overdue_reviews(Hat(lea), late)) == []


def test_nobody_reviews_their_own_opening_and_a_review_stands(cast, lea):
    opened = opened_by(lea)
    for member, sentence in ((lea, "yourself"), (cast.mia, "Only"), (cast.eve, "Only")):
        with pytest.raises(CannotReviewBreakGlass, match=sentence):
            review_break_glass(opened=opened, finding="in_order", note="fine", by=member, at=NOW)
    review_break_glass(opened=opened, finding="not_in_order", note="Ada was in the house.", by=cast.ada, at=NOW)
    with pytest.raises(CannotReviewBreakGlass, match="stands as written"):
        review_break_glass(opened=opened, finding="in_order", note="changed my mind", by=cast.ada, at=NOW)


STEPS = some.lists(
    some.tuples(some.sampled_from(["open", "wait", "review"]), some.integers(0, 90), some.booleans()), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_the_order_a_record_is_seen_only_within_an_hour_of_an_opening(cast, lea, steps):
    """A simple model beside the real thing: the minutes of the openings, and nothing else, decide."""
    from django.db import transaction

    with transaction.atomic():
        at, openings = NOW, []
        for verb, minutes, by_owner in steps:
            at += timedelta(minutes=minutes)
            member = cast.ada if by_owner else lea
            if verb == "open":
                client, code = (cast.noa, "N. A.") if by_owner else (cast.ben, "B. N.")
                openings.append((member, client, at))
                opened_by(member, at, code)
            if verb == "review" and (row := BreakGlass.objects.exclude(opened_by=member).first()):
                try:
                    review_break_glass(opened=row, finding="in_order", note="fine", by=member, at=at)
                except CannotReviewBreakGlass:
                    assert BreakGlass.objects.get(pk=row.pk).reviewed_at is not None
            for person in (cast.ada, cast.mia, cast.eve, lea):
                for client in (cast.ben, cast.noa):
                    within = [o for o in openings if o[:2] == (person, client) and at - o[2] < timedelta(minutes=60)]
                    assert sees(person, client, at) == bool(within)
        assert BreakGlass.objects.count() == len(openings)
        transaction.set_rollback(True)
