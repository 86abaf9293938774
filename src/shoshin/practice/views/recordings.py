"""Recording an answer: it arrives in parts, is played to its person alone, and goes whenever they say so."""

import errno
import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shoshin.kit import clock, media
from shoshin.kit.media.playing import play, plays_recordings
from shoshin.kit.policy import HattedRequest
from shoshin.kit.vault import KeyIsGone, Tampered
from shoshin.kit.vault.tapes import LARGEST_PART, MOST_PARTS, AnotherPart, Tape
from shoshin.practice import actions, queries
from shoshin.practice.forms import FinishRecordingForm, StartRecordingForm
from shoshin.practice.queries.words import refusal_in_words

A_PAGE = 20


def _say(sentence: str, status: int, **more: Any) -> JsonResponse:
    """One sentence for the page, which says what is safe and what to do."""
    return JsonResponse({"say": sentence} | more, status=status)


@require_POST
def start_recording(request: HattedRequest, pk: int) -> HttpResponse:
    """Begin a recording for the answer that is being given; the same key again says which parts are here."""
    round, form = queries.round_for(request.hat, pk), StartRecordingForm(request.POST)
    member, at = request.hat.member, clock.now()
    if not form.is_valid() or not queries.is_offered(round):
        return _say(_("Here nothing is recorded. What you write stays."), 422)
    said = form.cleaned_data
    try:
        if said.pop("agree"):
            actions.agree_to_recordings(by=member, at=at)
        recording = actions.start_recording(round=round, by=member, at=at, **said)
    except actions.CannotRecord as refusal:
        return _say(str(refusal), 422)
    except OSError:
        return _no_room()
    return JsonResponse({"key": str(recording.key), "held": Tape(recording.key).held()})


@require_POST
def send_recording_part(request: HattedRequest, reel: UUID, number: int) -> HttpResponse:
    """Keep one part. It may arrive again and in any order; it counts once it is on the disk."""
    recording = queries.recording_for(request.hat, reel)
    if recording.state != "uploading":
        return _say(_("This recording has arrived already."), 409)
    length = request.headers.get("Content-Length") or "0"
    if number >= MOST_PARTS or not length.isdigit() or int(length) > LARGEST_PART:
        return _too_large()
    part, tape = request.body, Tape(reel)
    if not part or hashlib.sha256(part).hexdigest() != request.headers.get("X-Digest"):
        return _say(_("A part of the recording did not arrive whole. It is sent again."), 422)
    try:
        if tape.arrived_size() + len(part) > media.LARGEST:
            return _too_large()
        tape.add(number, part)
    except AnotherPart:
        return _say(_("Two recordings got mixed up. Record again; what you write stays."), 409)
    except (KeyIsGone, FileNotFoundError):
        raise Http404("It was removed meanwhile.") from None
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _no_room()
    return JsonResponse({"held": number})


@require_POST
def finish_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """All was sent: say what is missing, or check it and say whether it is kept."""
    recording, form = queries.recording_for(request.hat, reel), FinishRecordingForm(request.POST)
    if not form.is_valid():
        return _say(_("This is no whole recording. Record again, or answer without it."), 422)
    tape, parts, by = Tape(reel), form.cleaned_data["parts"], {"by": request.hat.member, "at": clock.now()}
    if recording.state == "uploading":
        if missing := tape.missing(parts):
            return _say(_("Parts of the recording are still on their way."), 409, missing=missing)
        try:
            if tape.digest(parts) != form.cleaned_data["digest"]:
                return _say(_("The recording did not arrive as it was sent. Record again; what you write stays."), 409)
        except (KeyIsGone, Tampered, FileNotFoundError):
            raise Http404("It was removed meanwhile.") from None
        recording = actions.receive_recording(recording=recording, parts=parts, **by)
    checked = actions.check_recording(recording, **by)
    if checked.is_gone:
        return _say(refusal_in_words(checked.refused), 422)
    return JsonResponse({"ready": checked.is_ready})


def _too_large() -> JsonResponse:
    return _say(_("This is more than a recording may hold. Answer with a shorter one, or without."), 413)


def _no_room() -> JsonResponse:
    return _say(_("There is no room for a recording now. What you write is kept as always."), 507)


def recording(request: HattedRequest, reel: UUID) -> HttpResponseBase:
    """Play one's own recording, or a part of it. Every part is asked for anew, so that a withdrawal ends it at once."""
    found = queries.recording_for(request.hat, reel)
    if not found.is_ready:
        raise Http404("It cannot be played yet.")
    return play(request, Tape(reel), found.mime)


@plays_recordings
def list_recordings(request: HattedRequest) -> HttpResponse:
    """My recordings, newest first, and my consent to them."""
    member = request.hat.member
    page = Paginator(queries.recordings_of(member), A_PAGE).get_page(request.GET.get("page"))
    facts = {"page": page, "consent": queries.consent_of(member)}
    return render(request, "practice/list_recordings.html", facts)


@require_POST
def keep_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """Keep it for 60 more days."""
    found = queries.recording_for(request.hat, reel)
    actions.keep_recording(recording=found, by=request.hat.member, at=clock.now())
    return redirect("practice:list_recordings")


@require_POST
def remove_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """Take it away for good."""
    found = queries.recording_for(request.hat, reel)
    actions.remove_recording(recording=found, by=request.hat.member, at=clock.now())
    messages.success(request, _("The recording is gone for good. What you wrote stays."))
    return redirect("practice:list_recordings")


@require_POST
def withdraw_recordings(request: HattedRequest) -> HttpResponse:
    """Take the consent back, and with it every recording."""
    count = actions.withdraw_recordings(by=request.hat.member, at=clock.now())
    words = ngettext("Your consent is withdrawn, and your recording is gone for good.",
                     "Your consent is withdrawn, and your %(count)s recordings are gone for good.", count)  # fmt: skip
    messages.success(request, words % {"count": count} if count else _("Your consent is withdrawn."))
    return redirect("practice:list_recordings")
