"""A colleague leaves: no client is left without anybody, and no session outlives the membership."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client as Browser

from shoshin.care.models import Client, Course
from shoshin.feedback import actions
from shoshin.feedback.models import Alert, Notice
from shoshin.kit import tasks
from shoshin.kit.action import OPERATOR, action
from shoshin.kit.models import AuditEvent
from shoshin.people.actions import add_member
from shoshin.people.models import Role
from tests.cast import NOW
from tests.doors import come_in
from tests.forms_of_ben import ben_answers


def end(cast, member):
    return actions.end_membership(member=member, by=cast.ada, at=NOW)


def hand_over(cast, to="ada"):
    return actions.hand_over_clients(member=cast.mia, to=getattr(cast, to), by=cast.ada, at=NOW)


def test_a_therapist_with_an_open_course_stays_until_the_clients_are_handed_over(cast):
    with pytest.raises(actions.CannotEndMembership, match="open course"):
        end(cast, cast.mia)
    cast.mia.refresh_from_db()
    assert cast.mia.ended_at is None
    assert hand_over(cast) == 1
    assert end(cast, cast.mia).ended_at == NOW


def test_the_only_owner_stays(cast):
    actions.hand_over_clients(member=cast.ada, to=cast.mia, by=cast.ada, at=NOW)
    with pytest.raises(actions.CannotEndMembership, match="only owner"):
        end(cast, cast.ada)


def test_ending_signs_the_person_out_of_every_browser_at_once(cast):
    browsers = [come_in(Browser(), cast.mia.person) for _ in range(2)]
    assert {browser.get("/").status_code for browser in browsers} == {200}
    hand_over(cast)
    end(cast, cast.mia)
    for browser in browsers:
        assert browser.get("/")["Location"].startswith("/accounts/login/")


def test_what_is_handed_over_is_seen_by_the_new_therapist_and_no_more_by_the_old(cast):
    hand_over(cast)
    ada, mia = come_in(Browser(), cast.ada.person), come_in(Browser(), cast.mia.person)
    path = f"/clients/{cast.noa.ref}/"
    assert (ada.get(path).status_code, mia.get(path).status_code) == (200, 404)
    assert Course.objects.get(client=cast.noa).therapist == cast.ada
    row = AuditEvent.objects.get(event="care.hand_over_client")
    assert row.subjects["client"] == str(cast.noa.pk)


def test_clients_go_to_a_therapist_of_the_same_clinic_only(cast):
    for to in ("eve", "mia"):
        with pytest.raises(actions.CannotHandOver):
            hand_over(cast, to)
    with pytest.raises(actions.CannotHandOver):
        actions.hand_over_clients(member=cast.mia, to=cast.ada, by=cast.eve, at=NOW)
    assert Client.objects.get(pk=cast.noa.pk).therapist == cast.mia


@pytest.mark.parametrize("page", ["end", "clients"])
@pytest.mark.parametrize("who", ["mia", "eve"])
def test_both_pages_are_the_owners(cast, as_member, page, who):
    path = f"/clinic/people/{cast.mia.pk}/{page}/"
    browser = as_member(getattr(cast, who))
    assert {browser.get(path).status_code, browser.post(path).status_code} == {404}


def test_the_owner_walks_through_both_pages_and_learns_no_code(cast, as_member):
    browser, path = as_member(cast.ada), f"/clinic/people/{cast.mia.pk}/"
    assert browser.post(f"{path}end/").status_code == 422
    page = browser.get(f"{path}clients/").content.decode()
    assert cast.noa.code not in page and "One client" in page
    assert browser.post(f"{path}clients/", {"to": cast.ada.pk})["Location"] == f"{path}end/"
    assert browser.post(f"{path}end/")["Location"] == "/clinic/people/"
    assert "Who was here before" in browser.get("/clinic/people/").content.decode()


@pytest.mark.parametrize("to", ["", "x", "999999"])
def test_a_choice_that_is_none_changes_nothing(cast, as_member, to):
    assert as_member(cast.ada).post(f"/clinic/people/{cast.mia.pk}/clients/", {"to": to}).status_code == 200
    assert Client.objects.get(pk=cast.noa.pk).therapist == cast.mia


class Refusing(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


@pytest.fixture
def marked(cast, measures_loaded, monkeypatch, settings):
    """Ben's marked safety question, of which nobody has been told yet; the second channel is off."""
    settings.ALERT_WEBHOOK = settings.ALERT_NTFY = ""
    tasks.discover()
    monkeypatch.setattr(tasks, "_rounds", {})
    ben_answers(cast, 12, risk=2, source="link", at=NOW)
    return Alert.objects.get()


@pytest.fixture
def without_mail(settings):
    """Run what is due while the mail server is away."""

    def run(at):
        there, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Refusing"
        tasks.run_due(at)
        settings.EMAIL_BACKEND = there

    return run


def told_by(at):
    tasks.run_due(at)
    return [address for message in mail.outbox for address in message.to]


def give_mia_everybody(cast):
    return actions.hand_over_clients(member=cast.ada, to=cast.mia, by=cast.ada, at=NOW)


MINUTE = timedelta(minutes=1)


def test_a_message_that_has_not_gone_out_goes_to_whoever_holds_the_client_now(cast, marked, without_mail):
    without_mail(NOW)
    assert [each.member for each in Notice.objects.all()] == [cast.ada]
    give_mia_everybody(cast)
    assert [each.member for each in Notice.objects.all()] == [cast.mia]
    assert told_by(NOW + MINUTE) == ["mia@example.org"]


def test_whoever_takes_a_client_over_is_told_of_an_alert_although_another_was_told_already(cast, marked):
    assert told_by(NOW) == ["ada@example.org"]
    give_mia_everybody(cast)
    assert told_by(NOW + MINUTE) == ["ada@example.org", "mia@example.org"]


def test_of_an_acknowledged_alert_nobody_is_told_anew(cast, marked):
    told_by(NOW)
    actions.acknowledge_alert(alert=marked, note="called him", by=cast.ada, at=NOW)
    give_mia_everybody(cast)
    assert told_by(NOW + MINUTE) == ["ada@example.org"]


def test_what_was_to_be_sent_to_somebody_who_left_goes_to_whoever_is_told_now(cast, marked, without_mail):
    lena = add_member(name="Lena", email="lena@example.org", role=Role.LEAD, clinic=cast.clinic, by=OPERATOR, at=NOW)
    for minutes in (0, 15, 60):
        without_mail(NOW + minutes * MINUTE)
    assert Notice.objects.filter(member=lena, sent_at=None).exists()
    actions.end_membership(member=lena, by=cast.ada, at=NOW + 60 * MINUTE)
    assert not Notice.objects.filter(member=lena).exists()
    assert set(told_by(NOW + 100 * MINUTE)) == {"ada@example.org"}


@action("tests.end_all_courses")
def end_all_courses(*, by, at):
    Course.objects.update(ended_on=at.date(), ending="planned")


def test_nobody_leaves_while_a_safety_question_of_a_client_of_theirs_is_open_in_a_course_or_not(cast, marked):
    give_mia_everybody(cast)
    end_all_courses(by=OPERATOR, at=NOW)
    for step in (actions.acknowledge_alert, actions.close_alert):
        with pytest.raises(actions.CannotEndMembership, match="is still open"):
            end(cast, cast.mia)
        step(alert=marked, note="spoke with him", by=cast.mia, at=NOW)
    assert end(cast, cast.mia).ended_at == NOW


def test_handing_over_lets_somebody_leave_whose_client_has_an_open_safety_question(cast, marked, as_member):
    give_mia_everybody(cast)
    end_all_courses(by=OPERATOR, at=NOW)
    browser, path = as_member(cast.ada), f"/clinic/people/{cast.mia.pk}/"
    assert "is still open" in browser.post(f"{path}end/").content.decode()
    browser.post(f"{path}clients/", {"to": cast.ada.pk})
    assert browser.post(f"{path}end/").status_code == 302
    assert Alert.objects.get().client.therapist == cast.ada
