"""Recordings are played to their person alone, lie sealed on the disk, and what is taken back is gone for good."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from shoshin.kit import media
from shoshin.kit.action import SYSTEM, action
from shoshin.kit.media.keeping import State
from shoshin.kit.vault import KeyIsGone, Tampered
from shoshin.kit.vault.tapes import Tape, key_store
from shoshin.practice import queries
from shoshin.practice.actions import (
    CannotRecord,
    agree_to_recordings,
    check_recording,
    keep_recording,
    receive_recording,
    remove_expired_recordings,
    remove_recording,
    start_recording,
    withdraw_recordings,
)
from shoshin.practice.models import Recording, RecordingConsent
from tests.cast import NOW
from tests.practice.reels import PLAIN, begun, everything_in, is_gone, play, played, recorded, send
from tests.practice.tries import met

pytestmark = pytest.mark.usefixtures("home")

# Playing

RANGES = {
    "bytes=0-": (0, len(PLAIN)),
    "bytes=0-0": (0, 1),
    "bytes=100-70000": (100, 70001),
    "bytes=-500": (len(PLAIN) - 500, len(PLAIN)),
    "bytes=255999-999999999": (255999, 256000),
}


@pytest.mark.parametrize("said", RANGES)
def test_any_part_of_it_can_be_played(ada, kept, said):
    start, stop = RANGES[said]
    answer = play(ada, kept.key, said)
    assert played(answer) == PLAIN[start:stop]
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {start}-{stop - 1}/{len(PLAIN)}")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("audio/webm", "nosniff")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("said", ["bytes=256000-", "bytes=9-3", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=-0"])
def test_a_part_that_does_not_lie_in_it_is_said_to_be_none(ada, kept, said):
    assert play(ada, kept.key, said).status_code == 416


def test_without_a_range_the_whole_is_played(ada, kept):
    answer = play(ada, kept.key)
    assert (answer.status_code, int(answer["Content-Length"]), played(answer)) == (200, len(PLAIN), PLAIN)


def test_nobody_else_plays_or_changes_any_part_of_it(as_member, cast, kept):
    tried = 0
    for member in (cast.mia, cast.eve):
        browser = as_member(member)
        for said in ("", *RANGES, "bytes=999999999-"):
            assert play(browser, kept.key, said).status_code == 404
            tried += 1
        for name in ("keep_recording", "remove_recording", "finish_recording"):
            assert browser.post(reverse(f"practice:{name}", args=[kept.key])).status_code == 404
        assert send(browser, kept.key, 0, b"part").status_code == 404
        assert browser.get(reverse("practice:list_recordings")).content.count(str(kept.key).encode()) == 0
    print(f"\n{tried} ranges refused")
    assert play(as_member(cast.ada), kept.key).status_code == 200, "and its person still plays it"


def test_no_byte_of_the_sound_lies_open_on_the_disk(round, home):
    plain = b"\x1aE\xdf\xa3" + b"CanarySound" * 9000
    made = recorded(met(round), plain=plain)
    parts = begun(round)
    Tape(parts.key).add(0, plain)
    stored = everything_in(home)
    assert len(stored) > 2 * len(plain)
    assert b"\x1aE\xdf\xa3" not in stored and b"CanarySound" not in stored
    (home / "media" / "open").write_bytes(plain)
    assert b"CanarySound" in everything_in(home), "the search would find it"
    assert Tape(made.key).file.exists()


def test_a_changed_or_cut_file_is_not_played(ada, kept):
    tape = Tape(kept.key)
    whole = tape.file.read_bytes()
    tape.file.write_bytes(whole[:70_000])
    assert play(ada, kept.key).status_code == 404
    tape.file.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with pytest.raises(Tampered):
        played(play(ada, kept.key))
    tape.file.write_bytes(whole)
    assert played(play(ada, kept.key)) == PLAIN


# Going


def test_after_sixty_days_it_is_gone_and_a_day_before_it_is_not(kept, home):
    assert remove_expired_recordings(NOW + timedelta(days=59)) == 0
    assert Tape(kept.key).is_whole()
    assert remove_expired_recordings(NOW + timedelta(days=60)) == 1
    assert is_gone(kept, home)


def test_kept_longer_it_stays_for_sixty_days_from_then(kept, cast, home):
    day = NOW + timedelta(days=50)
    keep_recording(recording=kept, by=cast.ada, at=day)
    assert remove_expired_recordings(day + timedelta(days=59)) == 0
    assert remove_expired_recordings(day + timedelta(days=60)) == 1


def test_one_that_never_arrived_or_has_no_answer_goes_after_a_day(round, home):
    made = begun(round)
    assert remove_expired_recordings(NOW + timedelta(hours=23)) == 0
    assert remove_expired_recordings(NOW + timedelta(hours=24)) == 1
    assert is_gone(made, home)


def test_removed_it_is_gone_at_once_and_the_answer_stays(ada, kept, home):
    assert ada.post(reverse("practice:remove_recording", args=[kept.key])).status_code == 302
    assert is_gone(kept, home)
    assert kept.attempt.text == "My own words."
    assert play(ada, kept.key).status_code == 404


def test_a_withdrawal_takes_every_recording_and_ends_one_that_plays(ada, cast, round, kept, home):
    other = begun(round)
    Tape(other.key).add(0, PLAIN)
    playing = play(ada, kept.key).streaming_content
    first = next(iter(playing))
    assert ada.post(reverse("practice:withdraw_recordings")).status_code == 302
    assert len(first) + len(b"".join(playing)) < len(PLAIN), "what was playing stops"
    assert play(ada, kept.key, "bytes=0-1").status_code == 404
    assert send(ada, other.key, 1, b"more").status_code == 404
    assert is_gone(kept, home) and is_gone(other, home)
    assert queries.consent_of(cast.ada) is None
    with pytest.raises(CannotRecord):
        start_recording(round=round, key=uuid4(), answer_key=uuid4(), kind="audio", by=cast.ada, at=NOW)


def test_a_colleagues_recordings_stay_when_one_withdraws(kept, cast, aloud):
    agree_to_recordings(by=cast.mia, at=NOW)
    assert withdraw_recordings(by=cast.mia, at=NOW) == 0
    assert Tape(kept.key).is_whole()


def test_a_recording_that_was_withdrawn_while_it_was_checked_is_not_kept(round, cast, home, monkeypatch):
    made = begun(round)
    Tape(made.key).add(0, PLAIN)
    receiving = receive_recording(recording=made, parts=1, by=cast.ada, at=NOW)

    def withdrawn_meanwhile(_plain):
        withdraw_recordings(by=cast.ada, at=NOW)
        raise media.MediaRefused("broken")

    monkeypatch.setattr(media, "check", withdrawn_meanwhile)
    assert check_recording(receiving, by=cast.ada, at=NOW).is_gone
    assert is_gone(made, home)


def test_a_restored_backup_opens_nothing_that_was_withdrawn_since(kept, cast, home):
    tape = Tape(kept.key)
    backup = {path: path.read_bytes() for path in (home / "media").rglob("*") if path.is_file()}
    assert backup and not any("keys" in path.parts for path in backup), "what a backup copies holds no key"
    withdraw_recordings(by=cast.ada, at=NOW)
    for path, content in backup.items():
        path.write_bytes(content)
    restored(kept)
    with pytest.raises(KeyIsGone):
        tape.play()
    assert remove_expired_recordings(NOW) == 1, "and the daily round takes away what the backup brought back"
    assert is_gone(kept, home)


def test_restored_together_with_its_key_the_same_backup_would_open(kept, cast, home):
    """The seeded defect: a key that lay among what is backed up."""
    whole = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    withdraw_recordings(by=cast.ada, at=NOW)
    for path, content in whole.items():
        path.write_bytes(content)
    with Tape(kept.key).play() as open_again:
        assert b"".join(open_again.read()) == PLAIN


def restored(recording) -> None:
    """The rows as they stood in the backup."""

    @action("tests.restore")
    def restore(*, by, at):
        RecordingConsent.objects.update(withdrawn_at=None)
        Recording.objects.filter(pk=recording.pk).update(state=State.READY, removed_at=None)

    restore(by=SYSTEM, at=NOW)


def test_a_key_no_row_speaks_of_is_destroyed_after_a_day(home, round):
    made = begun(round)
    store = key_store()
    store.make("nobodys")
    remove_expired_recordings(NOW - timedelta(days=400))
    assert store.holds("nobodys")
    remove_expired_recordings(NOW + timedelta(days=4000))
    assert not store.holds("nobodys") and is_gone(made, home)


def test_the_page_of_recordings_plays_keeps_and_removes(ada, kept):
    page = ada.get(reverse("practice:list_recordings")).content.decode()
    assert reverse("practice:recording", args=[kept.key]) in page
    assert reverse("practice:withdraw_recordings") in page
    ada.post(reverse("practice:keep_recording", args=[kept.key]))
    remove_recording(recording=kept, by=SYSTEM, at=NOW)
    assert "Nothing recorded." in ada.get(reverse("practice:list_recordings")).content.decode()
