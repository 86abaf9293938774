"""Recordings of clients for tests: a yes, and a recording that is ready."""

from datetime import timedelta

from django.urls import reverse

from shoshin.care.actions import ask_to_record, record_choices
from shoshin.growth.actions import accept_client_recording, receive_client_recording, start_client_recording
from shoshin.kit.media.keeping import Checked
from tests.cast import NOW
from tests.practice.reels import digest

PLAIN = b"not a client's voice, but sealed as one is"


def said_yes(client, at=NOW, day=None):
    """A client's yes to one recording, after their yes to the therapist's learning."""
    by = client.therapist
    record_choices(client=client, choices={"learning": True}, by=by, at=at)
    return ask_to_record(client=client, day=day or (at - timedelta(days=1)).date(), answer="yes", by=by, at=at)


def client_recorded(client, at=NOW, plain: bytes = PLAIN, asked=None):
    """A recording of this client that can be played. What is in it was not looked at."""
    asked = asked or said_yes(client, at)
    by = client.therapist
    made = start_client_recording(asked=asked, kind="audio", by=by, at=at)
    made.tape.add(0, plain)
    made = receive_client_recording(recording=made, parts=1, by=by, at=at)
    size = made.tape.keep([plain])
    kept = accept_client_recording(recording=made, checked=Checked("audio/webm", size, 2.0), by=by, at=at)
    kept.tape.forget_parts()
    return kept


def begin(browser, asked, kind="audio"):
    return browser.post(reverse("growth:start_client_recording", args=[asked.key]), {"kind": kind})


def send(browser, asked, number, part):
    address = reverse("growth:send_client_recording_part", args=[asked.key, number])
    return browser.post(address, part, content_type="application/octet-stream", headers={"X-Digest": digest(part)})


def finish(browser, asked, whole, parts):
    said = {"parts": len(parts), "digest": digest(whole)}
    return browser.post(reverse("growth:finish_client_recording", args=[asked.key]), said)


def play(browser, asked, said=""):
    address = reverse("growth:client_recording", args=[asked.key])
    return browser.get(address, headers={"Range": said} if said else {})
