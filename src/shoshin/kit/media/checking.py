"""Have a file from outside looked at and written anew, by a process that can reach nothing (see inside.py).

The plain bytes stay in memory, and so do those of the new file: nothing unsealed touches a disk.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

LARGEST = 128 * 1024 * 1024  # half an hour of small pictures and clear speech
LONGEST = 30 * 60  # seconds
INSIDE = Path(__file__).with_name("inside.py")
MIME = {"webm": "webm", "mp4": "mp4", "ogg": "ogg", "wav": "wav"}
LONGEST_VERDICT = 4096
SINK = 3
_one_at_a_time = threading.Lock()  # so that two large files do not take twice the memory


class MediaRefused(ValueError):
    """A file that is not kept. `why`: wrong_type, broken, too_long, too_large, too_much or no_checker."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Limits:
    """What the looking process may use: seconds of work and of waiting, bytes of memory, and of what it writes."""

    cpu: int = 30
    wait: float = 45
    memory: int = 1 << 30
    size: int = LARGEST + (1 << 20)
    seconds: float = LONGEST


@dataclass(frozen=True)
class Reel:
    """A recording written anew: its bytes in memory, how long it lasts in seconds, and what it is."""

    plain: BinaryIO
    seconds: float
    is_video: bool
    mime: str


def can_check() -> bool:
    """Whether the library that reads recordings is installed here."""
    return importlib.util.find_spec("av") is not None


def kind_of(start: bytes) -> str:
    """Which of the five kinds of file begins so, by its own first bytes. What anybody calls it does not count."""
    if start.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if start[4:8] == b"ftyp":
        return "mp4"
    if start.startswith(b"OggS"):
        return "ogg"
    if start.startswith(b"RIFF") and start[8:12] == b"WAVE":
        return "wav"
    if start.startswith(b"ID3") or (start[:1] == b"\xff" and start[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2")):
        return "mp3"
    raise MediaRefused("wrong_type")


def check(plain: Iterable[bytes], limits: Limits = Limits(), inside: Path = INSIDE) -> Reel:
    """The same recording in a new file, or `MediaRefused` with the reason."""
    found = importlib.util.find_spec("av")
    if found is None or found.origin is None:
        raise MediaRefused("no_checker")
    with _one_at_a_time, _in_memory() as source:
        size = 0
        for part in plain:
            size += len(part)
            if size > LARGEST:
                raise MediaRefused("too_large")
            source.write(part)
        source.seek(0)
        kind = kind_of(source.read(16))
        source.seek(0)
        folder = Path(found.origin).parent.parent
        sink = _in_memory()
        try:
            said = _verdict([str(inside), str(folder), kind, json.dumps(asdict(limits))], source, sink, limits.wait)
        except BaseException:
            sink.close()
            raise
    return _reel(said, sink)


def _verdict(command: list[str], source: BinaryIO, sink: BinaryIO, wait: float) -> dict[str, object]:
    """What the process says. One that had to be killed, or says nothing, took too much."""
    with tempfile.TemporaryDirectory(prefix="shoshin-") as empty, _in_memory() as verdict:
        process = subprocess.Popen(  # noqa: S603  our own script, without a shell
            [sys.executable, "-I", "-B", "-c", _AS_THREE, str(sink.fileno()), *command],
            stdin=source, stdout=verdict, stderr=subprocess.DEVNULL, env={}, cwd=empty, close_fds=True,
            pass_fds=(sink.fileno(),), start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            raise MediaRefused("too_much") from None
        finally:
            process.kill()
            process.wait()
        verdict.seek(0)
        said = verdict.read(LONGEST_VERDICT)
    if process.returncode < 0 or not said:
        raise MediaRefused("too_much")
    try:
        return dict(json.loads(said))
    except ValueError:
        raise MediaRefused("broken") from None


# Puts the sink where the script looks for it, closes where it was, and runs the script in the same process.
_AS_THREE = (
    "import os, runpy, sys; at = int(sys.argv[1]); os.dup2(at, 3); at == 3 or os.close(at);"
    " sys.argv = sys.argv[2:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


def _reel(said: dict[str, object], sink: BinaryIO) -> Reel:
    """The verdict, believed only where it has the shape of one."""
    seconds, mime = said.get("seconds"), MIME.get(str(said.get("format")))
    if "refused" in said or not isinstance(seconds, int | float) or mime is None:
        sink.close()
        raise MediaRefused(str(said.get("refused", "broken")))
    sink.seek(0)
    is_video = said.get("video") is True
    return Reel(sink, float(seconds), is_video, f"{'video' if is_video else 'audio'}/{mime}")


def _in_memory() -> BinaryIO:
    """A file without a name, in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("shoshin"), "w+b", buffering=0)  # type: ignore[return-value]
    return tempfile.TemporaryFile(buffering=0)  # type: ignore[return-value]
