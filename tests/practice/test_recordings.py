"""Recordings of one's own practice arrive whole or not at all, with consent, and are checked before they are kept."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shoshin.kit import media
from shoshin.kit.action import SYSTEM
from shoshin.kit.media.keeping import State
from shoshin.kit.models import AuditEvent, Task
from shoshin.kit.vault.tapes import AnotherPart, Tape, key_store
from shoshin.practice import queries
from shoshin.practice.actions import (
    Answer,
    CannotRecord,
    agree_to_recordings,
    check_recording,
    receive_recording,
    record_attempt,
    start_recording,
)
from shoshin.practice.models import Recording, RecordingConsent
from tests.cast import NOW
from tests.practice.reels import PLAIN, begun, digest, finish, fresh, in_parts, play, played, send, sound, start
from tests.practice.tries import begin

pytestmark = pytest.mark.usefixtures("home")
reads_media = pytest.mark.skipif(not media.can_check(), reason="PyAV is not installed")


# Arriving


@reads_media
@pytest.mark.slow
def test_with_a_third_of_the_parts_lost_on_the_way_the_file_arrives_whole(ada, round):
    whole, chance = sound(3), random.Random(7)
    parts, lost, tries = in_parts(whole), 0, 0
    key = start(ada, round).json()["key"]
    waiting = list(range(len(parts)))
    while waiting:
        for number in waiting:
            tries += 1
            if chance.random() < 0.3:
                lost += 1
            else:
                assert send(ada, key, number, parts[number]).status_code == 200
        answer = finish(ada, key, whole, parts)
        waiting = answer.json().get("missing", [])
    print(f"\n{len(parts)} parts, {tries} sent, {lost} lost on the way")
    assert lost > 5 and answer.json() == {"ready": True}
    assert Tape(key).held() == [], "the parts are gone once the whole is kept"
    found = Recording.objects.get(key=key)
    assert (found.state, found.mime, found.kind) == (State.READY, "audio/webm", "audio")
    assert played(play(ada, key))[:4] == whole[:4]


def test_the_parts_together_are_what_was_sent_whatever_their_order_and_repetition(ada, round, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    parts, chance = in_parts(PLAIN), random.Random(3)
    key = start(ada, round).json()["key"]
    order = [*range(len(parts)), *range(0, len(parts), 3)]
    chance.shuffle(order)
    for number in order:
        assert send(ada, key, number, parts[number]).status_code == 200
    tape = Tape(key)
    assert tape.digest(len(parts)) == digest(PLAIN)
    (tape.folder / "000001").unlink()  # seeded: one part lost
    assert tape.missing(len(parts)) == [1]
    assert finish(ada, key, PLAIN, parts).json()["missing"] == [1]


def test_an_upload_that_was_interrupted_goes_on_where_it_was(ada, round, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    key, answer_key = str(uuid4()), str(uuid4())
    start(ada, round, key=key, answer_key=answer_key)
    for number in (0, 1, 4):
        send(ada, key, number, b"part %d" % number)
    again = start(ada, round, key=key, answer_key=answer_key)
    assert again.json() == {"key": key, "held": [0, 1, 4]}
    assert Recording.objects.count() == 1


def test_a_part_that_came_torn_or_twice_with_other_bytes_is_not_taken(ada, round, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    key = start(ada, round).json()["key"]
    assert send(ada, key, 0, b"torn", said=digest(b"whole")).status_code == 422
    assert Tape(key).held() == []
    assert send(ada, key, 0, b"one").status_code == 200
    assert send(ada, key, 0, b"one").status_code == 200
    other = send(ada, key, 0, b"two")
    assert (other.status_code, "what you write stays" in other.json()["say"]) == (409, True)
    with pytest.raises(AnotherPart):
        Tape(key).add(0, b"two")
    assert b"".join(Tape(key).arrived(1)) == b"one"


def test_too_many_too_large_and_empty_parts_are_refused(ada, round, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    key = start(ada, round).json()["key"]
    assert send(ada, key, 2000, b"part").status_code == 413
    assert send(ada, key, 0, bytes(4 * 1024 * 1024 + 1)).status_code == 413
    assert send(ada, key, 0, b"").status_code == 422
    monkeypatch.setattr(media, "LARGEST", 10)
    assert send(ada, key, 0, b"eleven bytes").status_code == 413
    assert Tape(key).held() == []


def test_a_whole_that_is_not_what_was_sent_is_not_taken(ada, round, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    key = start(ada, round).json()["key"]
    send(ada, key, 0, b"one")
    assert finish(ada, key, b"another", [b"one"]).status_code == 409
    assert Recording.objects.get(key=key).state == State.UPLOADING


@reads_media
@pytest.mark.slow
def test_a_file_of_the_wrong_type_is_refused_in_a_sentence_and_nothing_of_it_is_kept(ada, round, home):
    page = b"<html><script>alert(1)</script>" * 50
    key = start(ada, round).json()["key"]
    send(ada, key, 0, page)
    answer = finish(ada, key, page, [page])
    assert (answer.status_code, "What you write stays" in answer.json()["say"]) == (422, True)
    assert not key_store().holds(key) and list((home / "arriving").iterdir()) == []
    assert play(ada, key).status_code == 404


@reads_media
@pytest.mark.slow
def test_one_whose_sender_went_away_is_checked_a_minute_later(round, cast):
    made = begun(round)
    Tape(made.key).add(0, sound(1))
    receive_recording(recording=made, parts=1, by=cast.ada, at=NOW)
    assert Task.objects.get(name="practice.check_recording").due_at == NOW + timedelta(minutes=1)
    assert check_recording(fresh(made), by=SYSTEM, at=NOW).is_ready
    assert check_recording(fresh(made), by=SYSTEM, at=NOW).is_ready, "and a second time it stays"


def test_on_a_full_disk_the_page_says_so_and_a_typed_answer_is_kept(ada, round, cast, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    monkeypatch.setattr("shoshin.practice.queries.recordings.room", lambda: 10_000_000)
    refused = start(ada, round)
    assert (refused.status_code, "no room" in refused.json()["say"]) == (422, True)
    monkeypatch.undo()
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    monkeypatch.setattr(media, "can_check", lambda: True)
    key = start(ada, round).json()["key"]

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shoshin.kit.vault.tapes.seal", full)
    assert send(ada, key, 0, b"part").status_code == 507
    statement = queries.next_statement(round).statement
    record_attempt(round=round, statement=statement, answer=Answer(uuid4(), "typed", "words"), by=cast.ada, at=NOW)
    assert round.attempts.get().text == "words"


# Consent, and whose it is


def test_nothing_is_recorded_without_consent_and_one_consent_is_enough(ada, round, cast, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    refused = start(ada, round, agree="")
    assert (refused.status_code, "agree" in refused.json()["say"]) == (422, True)
    assert start(ada, round).status_code == 200
    assert start(ada, round, agree="").status_code == 200
    assert RecordingConsent.objects.get().member == cast.ada


def test_a_silent_exercise_and_an_ended_round_record_nothing(within, round, cast, ada, monkeypatch):
    monkeypatch.setattr(media, "can_check", lambda: True)
    assert start(ada, begin(within, cast.ada)).status_code == 422
    agree_to_recordings(by=cast.ada, at=NOW)
    round.ended_at = NOW
    with pytest.raises(CannotRecord):
        start_recording(round=round, key=uuid4(), answer_key=uuid4(), kind="audio", by=cast.ada, at=NOW)


def test_where_recordings_cannot_be_checked_none_is_offered_or_taken(ada, round, monkeypatch):
    page = reverse("practice:round", args=[round.pk])
    monkeypatch.setattr(media, "can_check", lambda: True)
    assert b'id="recorder"' in ada.get(page).content
    monkeypatch.setattr(media, "can_check", lambda: False)
    assert b'id="recorder"' not in ada.get(page).content
    assert start(ada, round).status_code == 422


def test_what_was_recorded_for_an_answer_belongs_to_it_once_it_is_given(round, cast):
    key = uuid4()
    first, second = begun(round, answer_key=key), begun(round, answer_key=key)
    said = queries.next_statement(round).statement
    attempt = record_attempt(round=round, statement=said, answer=Answer(key, "spoken"), by=cast.ada, at=NOW)
    assert (fresh(first).state, fresh(second).attempt) == (State.REMOVED, attempt)


def test_the_microphone_is_asked_for_on_the_round_and_nowhere_else(ada, round):
    here = ada.get(reverse("practice:round", args=[round.pk]))
    assert "microphone=(self)" in here["Permissions-Policy"]
    assert "media-src 'self' blob:" in here["Content-Security-Policy"]
    elsewhere = ada.get(reverse("practice:show_practice"))
    assert "microphone=()" in elsewhere["Permissions-Policy"]
    assert "media-src" not in elsewhere["Content-Security-Policy"]


def test_what_is_done_with_recordings_stands_in_the_trail_without_saying_about_whom(kept):
    rows = AuditEvent.objects.filter(event__contains="record").exclude(event="practice.record_attempt")
    events = {row.event for row in rows if "attempt" not in row.event and "reaction" not in row.event}
    assert events == {f"practice.{verb}_recording" for verb in ("start", "receive", "accept", "join")} | {
        "practice.agree_to_recordings"
    }
    assert {str(row.subjects) for row in rows if row.event in events} == {"{}"}
