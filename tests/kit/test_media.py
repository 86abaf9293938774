"""Files from outside: what is sound is written anew, everything else is refused, and the process can reach nothing."""

import io
import json
import os
import secrets
import zipfile
from dataclasses import replace

import pytest

from shoshin.kit.media import Limits, MediaRefused, can_check, check
from shoshin.kit.media.checking import INSIDE
from tests.practice.reels import CODECS, seconds_of, sound

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(not can_check(), reason="PyAV is not installed"),
]

ELEMENT = b"\x1aE\xdf\xa3"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
PAGE = b"<html><script>alert(1)</script>"
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n"


def refused(plain: bytes, **named) -> str:
    with pytest.raises(MediaRefused) as refusal:
        check([plain], **named)
    return refusal.value.why


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(8_000_000))
    return made.getvalue()


@pytest.mark.parametrize("kind", CODECS)
def test_sound_of_every_kind_is_written_anew_and_knows_how_long_it_lasts(kind):
    reel = check([sound(2, kind)])
    with reel.plain:
        whole = reel.plain.read()
    assert (reel.mime, reel.is_video) == (f"audio/{'webm' if kind == 'mp3' else kind}", False)
    assert reel.seconds == pytest.approx(2, abs=0.1)
    assert seconds_of(whole) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("kind", ["webm", "mp3"])
def test_what_stands_beside_the_sound_is_left_behind(kind):
    given = sound(kind=kind, title="CanaryTitle", location="+47.37+008.54/")
    assert b"CanaryTitle" in given
    with check([given]).plain as plain:
        whole = plain.read()
    assert b"CanaryTitle" not in whole and b"008.54" not in whole


@pytest.mark.parametrize("kind", ["webm", "mp3"])
def test_a_page_hidden_behind_the_sound_is_left_behind(kind):
    given = sound(kind=kind) + PAGE
    with check([given]).plain as plain:
        assert b"<script>" not in plain.read()


HOSTILE = {
    "nothing": b"",
    "one byte": b"\x1a",
    "text": b"hello " * 100,
    "a page": PAGE,
    "a picture that is a page": SVG,
    "a playlist": PLAYLIST,
    "a playlist that says it is mp4": b"\x00\x00\x00\x18ftypmp42" + PLAYLIST,
    "a concat list": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "an archive": bomb(),
    "a program": b"\x7fELF" + bytes(200),
    "a PDF": b"%PDF-1.7\n" + bytes(200),
    "the beginning of webm and nothing more": ELEMENT,
    "webm and then noise": ELEMENT + secrets.token_bytes(5000),
    "ogg and then noise": b"OggS" + secrets.token_bytes(5000),
    "mp4 and then noise": b"\x00\x00\x00\x20ftypisom" + secrets.token_bytes(5000),
    "wav and then noise": b"RIFF\xff\xff\xff\xffWAVE" + secrets.token_bytes(5000),
    "mp3 and then noise": b"\xff\xfb\x90\x64" + secrets.token_bytes(5000),
    "a page behind a tag of mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00" + PAGE,
    "webm whose lengths are endless": ELEMENT + b"\x01" + b"\xff" * 4000,
    "mp4 with a box as large as the world": b"\x00\x00\x00\x01ftypisom" + b"\xff" * 4000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_recording_is_refused_with_a_reason(name):
    assert refused(HOSTILE[name]) in ("wrong_type", "broken", "too_much")


def test_another_codec_in_the_right_kind_of_file_is_refused():
    assert refused(sound(1, "ogg", "flac")) == "wrong_type"


def test_sound_cut_off_at_any_place_is_refused_or_shorter_and_never_a_fault():
    given, shorter = sound(1), 0
    for place in range(1, len(given), len(given) // 12):
        try:
            with check([given[:place]]).plain:
                shorter += 1
        except MediaRefused as refusal:
            assert refusal.why in ("wrong_type", "broken")
    assert shorter > 3


def test_a_short_file_that_claims_to_last_for_hours_is_refused():
    assert refused(sound(0.5, begins=3 * 3600)) == "too_long"
    with check([sound(0.5)]).plain:
        pass


def test_more_than_the_largest_is_refused_before_anybody_looks_at_it(monkeypatch):
    monkeypatch.setattr("shoshin.kit.media.checking.LARGEST", 1000)
    assert refused(bytes(1001)) == "too_large"


# Seeded: a parser that was taken over does what it likes with its process; what comes of it is looked at.
TAKEN_OVER = """
import json, os, runpy, sys
inside = runpy.run_path({inside!r})
inside["give_up_network"]()
inside["give_up_resources"](json.loads(sys.argv[3]))
{before}
inside["give_up_files"]()
{attempt}
os.write(1, json.dumps({{"refused": said}}).encode())
"""
ATTEMPTS = {
    "open a file": "open('/etc/passwd')",
    "write a file": "open('FOLDER/left-behind', 'w')",
    "open a socket": "socket.socket()",
    "list a folder": "os.listdir('/')",
}
FAILS = "try:\n    {what}\n    said = 'reached'\nexcept OSError as problem:\n    said = type(problem).__name__"
LIMITS = Limits(cpu=1, wait=20, memory=1 << 30, size=1 << 20)


def taken_over(tmp_path, attempt: str, before: str = "import socket", limits: Limits = LIMITS) -> str:
    script = tmp_path / "inside.py"
    script.write_text(TAKEN_OVER.format(inside=str(INSIDE), before=before, attempt=attempt))
    return refused(sound(0.2), inside=script, limits=limits)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_parser_that_was_taken_over_reaches_nothing(tmp_path, name):
    what = ATTEMPTS[name].replace("FOLDER", str(tmp_path))
    assert taken_over(tmp_path, FAILS.format(what=what)) == "OSError"
    assert not (tmp_path / "left-behind").exists()


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_same_attempt_before_it_gives_up_files_would_be_seen(tmp_path, name):
    what = ATTEMPTS[name].replace("FOLDER", str(tmp_path))
    before = f"import socket\n{FAILS.format(what=what)}"
    assert taken_over(tmp_path, "pass", before) == "reached"


def test_a_parser_that_never_ends_is_ended_by_its_limit_of_work(tmp_path):
    assert taken_over(tmp_path, "while True: pass") == "too_much"


def test_a_parser_that_only_waits_is_ended_by_the_clock(tmp_path):
    limits = replace(LIMITS, wait=1.0)
    assert taken_over(tmp_path, "time.sleep(60)", "import time", limits) == "too_much"


def test_a_parser_that_takes_all_memory_gets_no_more(tmp_path):
    attempt = "try:\n    held = bytearray(2 << 30)\n    said = 'held'\nexcept MemoryError:\n    said = 'no more'"
    assert taken_over(tmp_path, attempt) == "no more"


def test_a_parser_that_writes_without_end_is_ended_by_the_size(tmp_path):
    attempt = "while True: os.write(3, bytes(1 << 20))"
    assert taken_over(tmp_path, attempt) == "too_much"


def test_the_process_is_told_nothing_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOSHIN_SECRET_KEY", "CanarySecret")
    attempt = "said = json.dumps([dict(os.environ), sorted(os.listdir('.')), len(os.listdir('/proc/self/fd'))])"
    script = tmp_path / "inside.py"
    script.write_text(f"import json, os\n{attempt}\nos.write(1, json.dumps({{'refused': said}}).encode())\n")
    environment, folder, descriptors = json.loads(refused(sound(0.2), inside=script))
    assert "CanarySecret" not in json.dumps(environment) and not any("SHOSHIN" in name for name in environment)
    assert (folder, descriptors) == ([], 5), "its three streams, the new file, and the look at the list itself"
    assert os.environ["SHOSHIN_SECRET_KEY"] == "CanarySecret"


@pytest.mark.parametrize("said", [b"", b"no words", b'{"seconds": "long", "format": "webm"}', b'{"format": "exe"}'])
def test_a_verdict_of_another_shape_is_not_believed(tmp_path, said):
    script = tmp_path / "inside.py"
    script.write_text(f"import os\nos.write(1, {said!r})\n")
    assert refused(sound(0.2), inside=script) in ("broken", "too_much")
