"""Playing a sealed recording in a page: the headers of pages that play or record, and the part that was asked for."""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from shoshin.kit.vault import KeyIsGone, Tampered
from shoshin.kit.vault.tapes import Tape

View = Callable[..., HttpResponse]

PLAYS: dict[str, Any] = {"media-src": [SELF, "blob:"]}
ASKS = "camera=(self), microphone=(self), geolocation=()"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def plays_recordings(view: View) -> View:
    """The page may play what this site sends, and what was just recorded in it."""
    return cast(View, csp_update(PLAYS)(view))


def records(view: View) -> View:
    """The page may besides ask its person for the microphone and the camera."""

    @wraps(view)
    def asked(*given: Any, **named: Any) -> HttpResponse:
        response = view(*given, **named)
        response.headers["Permissions-Policy"] = ASKS
        return response

    return plays_recordings(asked)


def play(request: HttpRequest, tape: Tape, mime: str, may_go_on: Callable[[], bool] | None = None) -> HttpResponseBase:
    """The recording, or the part of it that was asked for in `Range`. 404 where it is gone, 416 for no part of it.

    What is removed while it plays ends there: before each 64 KiB its key is looked for, and `may_go_on` is asked.
    """
    try:
        with tape.play() as whole:
            size = whole.size
    except (KeyIsGone, Tampered, FileNotFoundError):
        raise Http404("It is gone.") from None
    span = _span(request.headers.get("Range", ""), size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, stop, is_part = span
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(stop - start), "Content-Disposition": "inline"}
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    parts = _parts(tape, start, stop, may_go_on or tape.has_key)
    return StreamingHttpResponse(parts, status=206 if is_part else 200, content_type=mime, headers=headers)


def _span(said: str, size: int) -> tuple[int, int, bool] | None:
    """From where up to where, and whether that is a part; None for what does not lie in the file."""
    if not said:
        return 0, size, False
    found = RANGE.fullmatch(said.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        start, stop = max(size - int(found[2]), 0), size
    else:
        start, stop = int(found[1]), min(int(found[2] or size - 1), size - 1) + 1
    return (start, stop, True) if start < stop else None


def _parts(tape: Tape, start: int, stop: int, may_go_on: Callable[[], bool]) -> Iterator[bytes]:
    """The plain bytes, for as long as there is a key and whoever listens may."""
    if not tape.is_whole():
        return
    with tape.play() as whole:
        for part in whole.read(start, stop):
            if not (tape.has_key() and may_go_on()):
                return
            yield part
