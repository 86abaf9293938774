"""No marked safety question is answered by silence: who is told, when, and what stops it."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection
from django.urls import reverse

from shoshin.care.actions import name_duty
from shoshin.feedback.actions import acknowledge_alert, close_alert
from shoshin.feedback.actions.alerts import CannotAcknowledgeAlert
from shoshin.feedback.models import Alert, Notice
from shoshin.feedback.queries.ladder import FILE, ladder, step_due_at
from shoshin.kit import clock, tasks
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import Task
from shoshin.people.actions import add_member
from shoshin.people.models import Role
from tests.cast import NOW
from tests.forms_of_ben import ben_answers

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def clinic(cast, measures_loaded, monkeypatch, settings):
    """Ada's clinic with a team lead and somebody on duty; the second channel is off."""
    settings.ALERT_WEBHOOK = settings.ALERT_NTFY = ""
    tasks.discover()
    monkeypatch.setattr(tasks, "_rounds", {})
    told = {"clinic": cast.clinic, "by": OPERATOR, "at": NOW}
    cast.lena = add_member(name="Lena", email="lena@example.org", role=Role.LEAD, **told)
    cast.dora = add_member(name="Dora", email="dora@example.org", role=Role.THERAPIST, **told)
    name_duty(member=cast.dora, by=cast.ada, at=NOW)
    return cast


def mark(cast, at=NOW, risk=2):
    ben_answers(cast, 12, risk=risk, source="link", at=at)
    return Alert.objects.get()


def told(since=0):
    return [to for message in mail.outbox[since:] for to in message.to]


def run_until(at, end, step=MINUTE):
    while at <= end:
        tasks.run_due(at)
        at += step


def test_the_therapist_is_told_at_once_in_words_without_content(clinic):
    alert = mark(clinic)
    assert alert.state == "raised"
    tasks.run_due(NOW)
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    for secret in ("B. N.", "PHQ", clinic.ben.ref, str(alert.pk), "Willow"):
        assert secret not in message.subject + message.body
    alert.refresh_from_db()
    assert alert.state == "notified"


def test_the_promise_to_tell_is_committed_with_the_alert_or_not_at_all(clinic, monkeypatch):
    monkeypatch.setattr(tasks, "promise", lambda *args, **kwargs: (_ for _ in ()).throw(OperationalError("gone")))
    with pytest.raises(OperationalError):
        mark(clinic)
    assert not Alert.objects.exists()
    assert not Task.objects.exists()


def test_who_is_told_when_until_somebody_acknowledges(clinic):
    alert = mark(clinic)
    run_until(NOW, NOW + 14 * MINUTE)
    assert told() == ["ada@example.org"]
    run_until(NOW + 15 * MINUTE, NOW + 59 * MINUTE)
    assert told(1) == ["ada@example.org"]
    run_until(NOW + HOUR, NOW + 239 * MINUTE)
    assert told(2) == ["lena@example.org"]
    run_until(NOW + 4 * HOUR, NOW + 269 * MINUTE)
    assert told(3) == ["dora@example.org"]
    run_until(NOW + 270 * MINUTE, NOW + 329 * MINUTE)
    assert sorted(told(4)) == sorted(2 * ["ada@example.org", "lena@example.org", "dora@example.org"])
    before = len(mail.outbox)
    acknowledge_alert(alert=alert, note="called, safe tonight", by=clinic.lena, at=NOW + 330 * MINUTE)
    run_until(NOW + 330 * MINUTE, NOW + 24 * HOUR, step=10 * MINUTE)
    assert len(mail.outbox) == before


def test_it_repeats_for_ever_while_nobody_answers(clinic):
    mark(clinic)
    run_until(NOW, NOW + 48 * HOUR, step=5 * MINUTE)
    repeats = (48 * HOUR - ladder().rungs[-1].after) // ladder().repeat
    assert repeats == 88
    assert len(mail.outbox) == len(ladder().rungs) + 3 * repeats


def test_a_worker_that_was_dead_for_ten_hours_catches_up_with_every_rung_and_one_repetition(clinic):
    mark(clinic)
    tasks.run_due(NOW + 10 * HOUR, most=1000)
    assert set(told()) == {"ada@example.org", "lena@example.org", "dora@example.org"}
    assert Notice.objects.filter(sent_at=None).count() == 0
    assert sorted(set(Notice.objects.values_list("step", flat=True))) == [0, 1, 2, 3]


class Refusing(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


def test_while_mail_is_refused_for_a_day_the_ladder_climbs_the_banner_stands_and_nothing_is_dropped(
    clinic, as_member, monkeypatch, settings
):
    mark(clinic)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.feedback.test_ladder.Refusing"
    run_until(NOW, NOW + 24 * HOUR, step=5 * MINUTE)
    assert mail.outbox == []
    steps = set(Notice.objects.values_list("member__person__name", flat=True))
    assert steps == {"Ada", "Lena", "Dora"}
    monkeypatch.setattr(clock, "now", lambda: NOW + 24 * HOUR)
    page = as_member(clinic.mia).get("/measures/").content.decode()
    assert "A message about a waiting item could not be sent." in page
    settings.EMAIL_BACKEND = backend
    run_until(NOW + 24 * HOUR, NOW + 26 * HOUR, step=5 * MINUTE)
    assert {"ada@example.org", "lena@example.org", "dora@example.org"} == set(told())
    assert not Notice.objects.filter(sent_at=None).exists()


def test_the_banner_stands_on_every_page_until_somebody_acknowledges(clinic, as_member, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    browser = as_member(clinic.ada)
    sentence = "1 marked safety question waits for a person."
    assert sentence not in browser.get("/measures/").content.decode()
    alert = mark(clinic)
    assert sentence in browser.get("/measures/").content.decode()
    acknowledge_alert(alert=alert, note="called", by=clinic.ada, at=NOW)
    assert sentence not in browser.get("/measures/").content.decode()


def test_a_lead_may_open_the_alert_they_were_told_of_and_nothing_else_of_that_client(clinic, as_member, monkeypatch):
    alert = mark(clinic)
    address = reverse("feedback:acknowledge_alert", args=[alert.pk])
    monkeypatch.setattr(clock, "now", lambda: NOW + 2 * HOUR)
    browser = as_member(clinic.lena)
    assert browser.get(address).status_code == 404
    run_until(NOW, NOW + HOUR)
    assert browser.get(address).status_code == 200
    assert browser.get(reverse("desk:client", args=[clinic.ben.ref])).status_code == 404
    assert as_member(clinic.mia).get(address).status_code == 404
    browser = as_member(clinic.lena)
    assert "B. N." in browser.get(reverse("desk:today")).content.decode()
    browser.post(address, {"note": "reached him"})
    browser.post(reverse("feedback:close_alert", args=[alert.pk]), {"note": "safe, seen on Thursday"})
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by, alert.closed_by) == ("closed", clinic.lena, clinic.lena)
    assert browser.get(address).status_code == 404


def test_states_come_in_order_each_by_a_named_person_with_a_note(clinic):
    alert = mark(clinic)
    for note in ("", "  "):
        with pytest.raises(CannotAcknowledgeAlert):
            acknowledge_alert(alert=alert, note=note, by=clinic.ada, at=NOW)
    with pytest.raises(CannotAcknowledgeAlert, match="Acknowledge it first"):
        close_alert(alert=alert, note="done", by=clinic.ada, at=NOW)
    acknowledge_alert(alert=alert, note="called", by=clinic.ada, at=NOW)
    with pytest.raises(CannotAcknowledgeAlert, match="already"):
        acknowledge_alert(alert=alert, note="me too", by=clinic.lena, at=NOW)
    closed = close_alert(alert=alert, note="safe", by=clinic.lena, at=NOW)
    assert (closed.note, closed.closing_note) == ("called", "safe")
    with pytest.raises(CannotAcknowledgeAlert, match="closed already"):
        close_alert(alert=alert, note="again", by=clinic.ada, at=NOW)


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_kill_before_any_statement_loses_no_notice_and_doubles_at_most_one(clinic):
    """The worker dies before its first statement, its second and so on; then another goes on."""
    mark(clinic)
    first = Task.objects.values().get()
    kills = doubled = 0
    for number in range(1, 200):
        mail.outbox.clear()
        Notice.objects.all()._raw_delete("default")
        Task.objects.all().delete()
        Task.objects.create(**first)
        if not _killed_at(number):
            break
        kills += 1
        for minutes in (2, 4):
            tasks.run_due(NOW + minutes * MINUTE)
        assert 1 <= len(mail.outbox) <= 2, f"killed before statement {number}: {len(mail.outbox)} messages"
        doubled += len(mail.outbox) == 2
    print(f"kills: {kills}, messages lost: 0, doubled: {doubled}")
    assert kills > 20
    assert doubled > 0, "no kill fell between sending and writing it down, so this proves nothing"


def _killed_at(number):
    """Run what is due and die before this statement; whether there was one."""
    seen = iter(range(1, 10_000))

    def die(execute, sql, params, many, context):
        if next(seen) == number:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(die):
            tasks.run_due(NOW)
    except Killed:
        return True
    return False


def test_due_times_count_from_the_servers_receipt_and_never_skip_a_rung_in_any_zone_or_clock_change():
    """The ladder is arithmetic on aware moments: the nights when clocks change are like any other."""
    nights = [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), NOW]
    for raised_at in nights:
        due = [step_due_at(Alert(raised_at=raised_at), number) - raised_at for number in range(60)]
        assert due == sorted(set(due))
        assert due[:5] == [timedelta(0), 15 * MINUTE, HOUR, 4 * HOUR, 270 * MINUTE]
        assert {later - earlier for earlier, later in pairwise(due[4:])} == {30 * MINUTE}


def test_a_clock_that_jumps_back_takes_no_step_twice(clinic):
    mark(clinic)
    run_until(NOW, NOW + 2 * HOUR, step=5 * MINUTE)
    before = len(mail.outbox)
    run_until(NOW + HOUR, NOW + 2 * HOUR, step=5 * MINUTE)
    assert len(mail.outbox) == before == 3


def test_the_ladder_is_a_file_anybody_can_read():
    assert "who: duty" in FILE.read_text(encoding="utf-8")
    assert [rung.who for rung in ladder().rungs] == ["first", "first", "leads", "duty"]


@pytest.fixture
def listener():
    """Somebody at the second channel, on this machine."""
    heard = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", heard
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_the_second_channel_gets_the_same_words_without_content(clinic, settings, listener):
    address, heard = listener
    settings.ALERT_WEBHOOK = address
    mark(clinic)
    tasks.run_due(NOW)
    (body,) = heard
    assert json.loads(body) == {"text": "One item in Shoshin needs somebody now. Please sign in."}
    assert Notice.objects.get(channel="call").sent_at == NOW


def test_two_marked_questions_of_one_form_are_one_message(clinic):
    from shoshin.feedback.actions.alerts import raise_alert

    alert = mark(clinic)
    raise_alert(response=alert.response, assignment=None, item_id="8", value=3, by=clinic.ada, at=NOW)
    tasks.run_due(NOW)
    assert told() == ["ada@example.org"]
    assert Notice.objects.filter(sent_at=None).count() == 0
