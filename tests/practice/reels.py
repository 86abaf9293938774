"""Recordings for tests: real sound in every kind of file, and a recording that is ready."""

import hashlib
import io
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from django.urls import reverse

from shoshin.kit.media.keeping import Checked, State
from shoshin.kit.vault import KeyIsGone
from shoshin.kit.vault.tapes import Tape
from shoshin.practice.actions import (
    accept_recording,
    agree_to_recordings,
    join_recording,
    receive_recording,
    start_recording,
)
from shoshin.practice.models import Recording
from tests.cast import NOW

CODECS = {"webm": "libopus", "ogg": "libopus", "mp4": "aac", "wav": "pcm_s16le", "mp3": "libmp3lame"}
RATE, FRAME = 48_000, 960
PLAIN = bytes(range(256)) * 1000


def sound(seconds: float = 2.0, kind: str = "webm", codec: str = "", begins: float = 0.0, **written) -> bytes:
    """A tone of so many seconds, in a file of this kind; `written` is what stands in it beside the sound."""
    import av

    out = io.BytesIO()
    with av.open(out, "w", format=kind) as file:
        file.metadata.update(written)
        stream = file.add_stream(codec or CODECS[kind], rate=RATE)
        stream.layout = "mono"
        tone = (np.sin(np.arange(int(RATE * seconds)) * 2 * np.pi * 440 / RATE) * 8000).astype(np.int16)[None]
        for start in range(0, tone.shape[1], FRAME):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(tone[:, start : start + FRAME]), format="s16", layout="mono"
            )
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = start + int(begins * RATE * (start > 0))
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def seconds_of(whole: bytes) -> float:
    """How long a player says that a file lasts."""
    import av

    with av.open(io.BytesIO(whole)) as file:
        return file.duration / 1_000_000


def in_parts(whole: bytes, size: int = 1000) -> list[bytes]:
    """A file as a browser sends it, part by part."""
    return [whole[place : place + size] for place in range(0, len(whole), size)]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def begun(round, at=NOW, answer_key=None, kind="audio"):
    """A recording that was just begun, with its person's consent."""
    agree_to_recordings(by=round.member, at=at)
    key = {"key": uuid4(), "answer_key": answer_key or uuid4()}
    return start_recording(round=round, kind=kind, by=round.member, at=at, **key)


def recorded(attempt, at=NOW, plain: bytes = b"not sound, but sealed as sound is"):
    """A recording of this answer that can be played. What is in it was not looked at."""
    made = begun(attempt.round, at, attempt.key)
    tape = Tape(made.key)
    tape.add(0, plain)
    receive_recording(recording=made, parts=1, by=attempt.member, at=at)
    size = tape.keep([plain])
    accept_recording(recording=made, checked=Checked("audio/webm", size, 2.0), by=attempt.member, at=at)
    tape.forget_parts()
    return join_recording(attempt=attempt, by=attempt.member, at=at)


def fresh(recording):
    return Recording.objects.get(pk=recording.pk)


def start(browser, round, **changed):
    said = {"key": str(uuid4()), "answer_key": str(uuid4()), "kind": "audio", "agree": "on"} | changed
    return browser.post(reverse("practice:start_recording", args=[round.pk]), said)


def send(browser, key, number, part, said=None):
    address = reverse("practice:send_recording_part", args=[key, number])
    headers = {"X-Digest": said or digest(part)}
    return browser.post(address, part, content_type="application/octet-stream", headers=headers)


def finish(browser, key, whole, parts):
    said = {"parts": len(parts), "digest": digest(whole)}
    return browser.post(reverse("practice:finish_recording", args=[key]), said)


def play(browser, key, said=""):
    return browser.get(reverse("practice:recording", args=[key]), headers={"Range": said} if said else {})


def played(response) -> bytes:
    return b"".join(response.streaming_content)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def is_gone(recording, home) -> bool:
    """Whether row, key and file all say so."""
    tape = Tape(recording.key)
    with pytest.raises(KeyIsGone):
        tape.play()
    left = [path.name for path in home.rglob(f"*{recording.key}*")]
    return fresh(recording).state == State.REMOVED and left == []
