"""A recording arrives over the web: one part, and the question whether all of them are here. Every answer is JSON.

The sentences are the app's own: what is safe, and what to do, differs by what is recorded.
"""

import errno
import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, JsonResponse

from shoshin.kit import media
from shoshin.kit.media.keeping import SealedRecording, State
from shoshin.kit.vault import KeyIsGone, Tampered
from shoshin.kit.vault.tapes import LARGEST_PART, MOST_PARTS, AnotherPart


@dataclass(frozen=True)
class Sentences:
    """What is said when something does not fit; each may be lazily translated."""

    arrived: Any
    too_large: Any
    torn: Any
    mixed_up: Any
    no_room: Any
    not_whole: Any
    on_its_way: Any
    unlike: Any


class FinishRecordingForm(forms.Form):
    """How many parts there are, and the SHA-256 of all of them together."""

    parts = forms.IntegerField(min_value=1, max_value=MOST_PARTS)
    digest = forms.RegexField(r"^[0-9a-f]{64}$")


def say(sentence: Any, status: int, **more: Any) -> JsonResponse:
    """One sentence for the page, which says what is safe and what to do."""
    return JsonResponse({"say": str(sentence)} | more, status=status)


def take_part(request: HttpRequest, recording: SealedRecording, number: int, words: Sentences) -> JsonResponse:
    """Keep one part. It may arrive again and in any order; it counts once it is on the disk."""
    if recording.state != State.UPLOADING:
        return say(words.arrived, 409)
    length = request.headers.get("Content-Length") or "0"
    if number >= MOST_PARTS or not length.isdigit() or int(length) > LARGEST_PART:
        return say(words.too_large, 413)
    part, tape = request.body, recording.tape
    if not part or hashlib.sha256(part).hexdigest() != request.headers.get("X-Digest"):
        return say(words.torn, 422)
    try:
        if tape.arrived_size() + len(part) > media.LARGEST:
            return say(words.too_large, 413)
        tape.add(number, part)
    except AnotherPart:
        return say(words.mixed_up, 409)
    except (KeyIsGone, FileNotFoundError):
        raise Http404("It was removed meanwhile.") from None
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return say(words.no_room, 507)
    return JsonResponse({"held": number})


def what_lacks(recording: SealedRecording, parts: int, digest: str, words: Sentences) -> JsonResponse | None:
    """The answer while parts are missing or the whole is not what was sent; none when it is here."""
    tape = recording.tape
    if missing := tape.missing(parts):
        return say(words.on_its_way, 409, missing=missing)
    try:
        if tape.digest(parts) != digest:
            return say(words.unlike, 409)
    except (KeyIsGone, Tampered, FileNotFoundError):
        raise Http404("It was removed meanwhile.") from None
    return None
