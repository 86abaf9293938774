"""A client's recording: by their own yes to this one, for their therapist alone, and gone for good when they say so."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from shoshin.care.actions import (
    CannotAskToRecord,
    ask_to_record,
    delete_client,
    make_page_key,
    record_choices,
    withdraw_recording,
)
from shoshin.care.models import AskedToRecord
from shoshin.growth.actions import (
    CannotRecordClient,
    check_client_recording,
    receive_client_recording,
    remove_client_recording,
    remove_client_recordings_over,
    start_client_recording,
)
from shoshin.growth.models import ClientRecording
from shoshin.kit import media
from shoshin.kit.action import SYSTEM
from shoshin.kit.media.keeping import State
from shoshin.kit.models import AuditEvent, Task
from shoshin.kit.vault import KeyIsGone
from shoshin.kit.vault.tapes import OTHERS, Tape, key_store
from shoshin.practice.actions import remove_expired_recordings
from tests.cast import NOW
from tests.growth.reels import PLAIN, begin, client_recorded, finish, play, said_yes, send
from tests.growth.steps import hand_over
from tests.practice.reels import everything_in, in_parts, played, sound

pytestmark = pytest.mark.usefixtures("home")
reads_media = pytest.mark.skipif(not media.can_check(), reason="PyAV is not installed")
PIN = "4829"


@pytest.fixture
def ada(as_member, cast):
    return as_member(cast.ada)


@pytest.fixture
def kept(cast):
    return client_recorded(cast.ben)


def is_gone(recording) -> bool:
    """Whether nobody can hear it any more: neither key nor file is there."""
    tape = Tape(recording.key, OTHERS)
    with pytest.raises((KeyIsGone, FileNotFoundError)):
        tape.play()
    return not tape.has_key() and not tape.file.exists()


# Asking


def test_a_yes_to_learning_comes_before_a_yes_to_a_recording_and_a_no_is_written_down_too(cast):
    about = {"client": cast.ben, "day": NOW.date(), "by": cast.ada, "at": NOW}
    for choices in ({}, {"learning": False}):
        record_choices(client=cast.ben, choices=choices, by=cast.ada, at=NOW)
        with pytest.raises(CannotAskToRecord, match="has not said yes to that"):
            ask_to_record(answer="yes", **about)
    for answer in ("no", "later"):
        assert not ask_to_record(answer=answer, **about).stands
    record_choices(client=cast.ben, choices={"learning": True}, by=cast.ada, at=NOW)
    assert ask_to_record(answer="yes", **about).stands
    with pytest.raises(CannotAskToRecord, match="Choose"):
        ask_to_record(answer="perhaps", **about)


def test_the_page_gives_three_answers_none_beforehand_and_a_yes_leads_to_the_recorder(ada, cast):
    address = reverse("care:ask_to_record", args=[cast.ben.ref])
    assert "has not said yes to that" in ada.get(address).content.decode()
    record_choices(client=cast.ben, choices={"learning": True}, by=cast.ada, at=NOW)
    page = ada.get(address).content.decode()
    assert page.count('type="radio"') == 3 and "checked" not in page
    assert ada.post(address, {"day": "2026-11-01", "answer": "no"}).url == reverse(
        "growth:list_client_recordings", args=[cast.ben.ref]
    )
    assert AskedToRecord.objects.get().answer == "no"
    led = ada.post(address, {"day": "2026-11-01", "answer": "yes"})
    asked = AskedToRecord.objects.get(answer="yes")
    assert led.url == reverse("growth:show_client_recording", args=[asked.key])
    if media.can_check():
        assert 'id="recorder"' in ada.get(led.url).content.decode()


@pytest.mark.parametrize("answer", ["no", "later"])
def test_without_a_yes_nothing_is_recorded(cast, answer):
    asked = ask_to_record(client=cast.ben, day=NOW.date(), answer=answer, by=cast.ada, at=NOW)
    with pytest.raises(CannotRecordClient, match="no yes"):
        start_client_recording(asked=asked, kind="audio", by=cast.ada, at=NOW)
    assert not ClientRecording.objects.exists() and not key_store(OTHERS).holds(str(asked.key))


# Arriving and hearing


@reads_media
def test_it_arrives_in_parts_is_written_anew_and_heard_by_its_therapist_alone(ada, as_member, cast):
    asked, whole = said_yes(cast.ben), sound(2)
    parts = in_parts(whole)
    assert begin(ada, asked).json() == {"key": str(asked.key), "held": []}
    for number in range(len(parts) - 1):
        assert send(ada, asked, number, parts[number]).status_code == 200
    assert finish(ada, asked, whole, parts).json()["missing"] == [len(parts) - 1]
    send(ada, asked, len(parts) - 1, parts[-1])
    assert finish(ada, asked, whole, parts).json() == {"ready": True}
    heard = play(ada, asked, "bytes=0-3")
    assert (heard.status_code, played(heard)) == (206, whole[:4])
    for member in (cast.mia, cast.eve):
        assert play(as_member(member), asked).status_code == 404


@reads_media
def test_what_is_no_recording_is_not_kept_and_the_page_says_what_to_bring(ada, cast):
    asked, whole = said_yes(cast.ben), b"%PDF-1.7 and the rest of it"
    begin(ada, asked)
    send(ada, asked, 0, whole)
    answer = finish(ada, asked, whole, [whole])
    assert (answer.status_code, "Bring a WebM" in answer.json()["say"]) == (422, True)
    assert is_gone(ClientRecording.objects.get())
    assert begin(ada, asked).status_code == 200, "the yes stands: another file may be brought"


def test_a_further_take_replaces_the_one_before_and_a_finished_one_is_removed_first(ada, cast, monkeypatch):
    monkeypatch.setattr("shoshin.growth.actions.recordings.can_check", lambda: True)
    asked = said_yes(cast.ben)
    begin(ada, asked)
    send(ada, asked, 0, b"a first take")
    begin(ada, asked)
    assert Tape(asked.key, OTHERS).held() == []
    kept = client_recorded(cast.ben, asked=asked)
    refused = begin(ada, asked)
    assert (refused.status_code, "Remove it first" in refused.json()["say"]) == (422, True)
    ada.post(reverse("growth:remove_client_recording", args=[asked.key]))
    assert is_gone(kept) and begin(ada, asked).status_code == 200


def test_every_hearing_stands_in_the_clients_record(ada, kept, cast):
    played(play(ada, kept.asked))
    played(play(ada, kept.asked, "bytes=3-9"))
    rows = AuditEvent.objects.filter(event="read growth:client_recording", about=cast.ben.pk)
    assert [row.actor_id for row in rows] == [str(cast.ada.pk)] * 2


def test_nothing_of_it_lies_open_on_the_disk(kept, home):
    assert PLAIN not in everything_in(home)
    assert played_by_tape(kept) == PLAIN


def played_by_tape(recording) -> bytes:
    with recording.tape.play() as whole:
        return b"".join(whole.read())


def test_it_is_checked_even_if_whoever_sent_it_goes_away(ada, cast):
    asked, whole = said_yes(cast.ben), b"no recording"
    begin(ada, asked)
    send(ada, asked, 0, whole)
    waiting = receive_client_recording(recording=ClientRecording.objects.get(), parts=1, by=cast.ada, at=NOW)
    assert Task.objects.filter(name="growth.check_client_recording").exists()
    assert check_client_recording(waiting, SYSTEM, NOW).is_gone


# Taking it back


def by_ada(kept, cast):
    withdraw_recording(asked=kept.asked, by=cast.ada, at=NOW)


def on_their_own_page(kept, cast):
    made, theirs = make_page_key(client=cast.ben, pin=PIN, by=cast.ada, at=NOW), Browser()
    theirs.post(f"/p/{made.token}/", {"pin": PIN})
    page = theirs.get(reverse("feedback:client_page")).content.decode()
    assert "Recordings you said yes to" in page
    theirs.post(reverse("feedback:client_page"), {"withdraw_recording": kept.asked.pk})
    assert "Recordings you said yes to" not in theirs.get(reverse("feedback:client_page")).content.decode()
    assert AskedToRecord.objects.get(client=cast.ben).withdrawn_by == "own_page"


def with_all_learning(kept, cast):
    record_choices(client=cast.ben, choices={"learning": False}, by=cast.ada, at=NOW)


def with_the_whole_record(kept, cast):
    delete_client(client=cast.ben, typed_code=cast.ben.code, by=cast.ada, at=NOW)


@pytest.mark.parametrize("taken_back", [by_ada, on_their_own_page, with_all_learning, with_the_whole_record])
def test_a_yes_taken_back_destroys_the_recording_at_once(taken_back, kept, ada, cast):
    other = client_recorded(cast.noa)
    assert played(play(ada, kept.asked)) == PLAIN
    taken_back(kept, cast)
    assert is_gone(kept)
    assert play(ada, kept.asked).status_code == 404
    assert played_by_tape(other) == PLAIN, "another client's stays"


def test_a_client_cannot_take_back_another_clients_yes(kept, cast):
    made, theirs = make_page_key(client=cast.noa, pin=PIN, by=cast.mia, at=NOW), Browser()
    theirs.post(f"/p/{made.token}/", {"pin": PIN})
    for number in (kept.asked.pk, "x", "9" * 30):
        assert theirs.post(reverse("feedback:client_page"), {"withdraw_recording": number}).status_code == 303
    assert AskedToRecord.objects.get(pk=kept.asked_id).stands and played_by_tape(kept) == PLAIN


def test_a_key_that_a_backup_brought_back_opens_nothing(kept, home):
    """The files of an older backup beside the keys of today: what was withdrawn meanwhile stays unreadable."""
    sealed = kept.tape.file.read_bytes()
    withdraw_recording(asked=kept.asked, by=kept.member, at=NOW)
    kept.tape.file.write_bytes(sealed)
    with pytest.raises(KeyIsGone):
        kept.tape.play()
    remove_client_recordings_over(NOW)
    assert is_gone(kept) and ClientRecording.objects.get().state == State.REMOVED


# Going by itself


def test_it_goes_after_sixty_days_and_when_its_client_goes_to_a_colleague(kept, cast):
    other = client_recorded(cast.noa)
    assert remove_client_recordings_over(NOW + timedelta(days=59)) == 0
    hand_over(cast)
    assert remove_client_recordings_over(NOW + timedelta(days=59)) == 1 and is_gone(kept)
    assert remove_client_recordings_over(NOW + timedelta(days=60)) == 1 and is_gone(other)


def test_no_take_goes_beyond_sixty_days_from_the_yes(kept, cast):
    later = NOW + timedelta(days=40)
    remove_client_recording(recording=kept, by=cast.ada, at=later)
    assert client_recorded(cast.ben, at=later, asked=kept.asked).expires_at == NOW + timedelta(days=60)
    assert remove_client_recordings_over(NOW + timedelta(days=60)) == 1
    with pytest.raises(CannotRecordClient, match="older than 60 days"):
        start_client_recording(asked=kept.asked, kind="audio", by=cast.ada, at=NOW + timedelta(days=60))


def test_what_never_arrived_whole_goes_within_a_day_and_a_key_without_a_row_too(cast):
    begun = start_client_recording(asked=said_yes(cast.ben), kind="audio", by=cast.ada, at=NOW)
    assert remove_client_recordings_over(NOW) == 0
    later = NOW + timedelta(days=2)
    assert remove_client_recordings_over(later) == 1 and is_gone(begun)
    stray = Tape("11111111-1111-4111-8111-111111111111", OTHERS)
    stray.begin()
    remove_client_recordings_over(datetime.now(UTC) + timedelta(days=2))
    assert not stray.has_key()


def test_practice_clearing_its_own_shelf_leaves_clients_recordings(kept):
    remove_expired_recordings(datetime.now(UTC) + timedelta(days=3))
    assert played_by_tape(kept) == PLAIN


def test_a_colleague_who_takes_the_client_over_neither_hears_nor_uses_the_yes(kept, as_member, cast):
    hand_over(cast)
    mia = as_member(cast.mia)
    packed = mia.get(reverse("desk:export_client", args=[cast.ben.ref])).getvalue()
    assert PLAIN not in packed and b"recordings/" not in packed, "swept away or not yet"
    assert play(mia, kept.asked).status_code == 404
    assert begin(mia, kept.asked).status_code == 404


# Taking it along


def test_it_goes_with_the_clients_record_and_not_with_the_therapists_own(kept, ada, cast):
    def names(address, **asked):
        packed = zipfile.ZipFile(io.BytesIO(b"".join(ada.get(address, asked).streaming_content)))
        return packed, [name for name in packed.namelist() if name.startswith("recordings/")]

    packed, (name,) = names(reverse("desk:export_client", args=[cast.ben.ref]))
    assert packed.read(name) == PLAIN
    assert names(reverse("desk:export_own"), recordings="1")[1] == []
