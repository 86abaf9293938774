"""Recording an answer: it arrives in parts, is played to its person alone, and goes whenever they say so."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shoshin.kit import clock
from shoshin.kit.media.arriving import FinishRecordingForm, say, take_part, what_lacks
from shoshin.kit.media.playing import play, plays_recordings
from shoshin.kit.policy import HattedRequest
from shoshin.practice import actions, queries
from shoshin.practice.forms import StartRecordingForm
from shoshin.practice.queries.words import ARRIVING, refusal_in_words

A_PAGE = 20


@require_POST
def start_recording(request: HattedRequest, pk: int) -> HttpResponse:
    """Begin a recording for the answer that is being given; the same key again says which parts are here."""
    round, form = queries.round_for(request.hat, pk), StartRecordingForm(request.POST)
    member, at = request.hat.member, clock.now()
    if not form.is_valid() or not queries.is_offered(round):
        return say(_("Here nothing is recorded. What you write stays."), 422)
    said = form.cleaned_data
    try:
        if said.pop("agree"):
            actions.agree_to_recordings(by=member, at=at)
        recording = actions.start_recording(round=round, by=member, at=at, **said)
    except actions.CannotRecord as refusal:
        return say(str(refusal), 422)
    except OSError:
        return say(ARRIVING.no_room, 507)
    return JsonResponse({"key": str(recording.key), "held": recording.tape.held()})


@require_POST
def send_recording_part(request: HattedRequest, reel: UUID, number: int) -> HttpResponse:
    """Keep one part. It may arrive again and in any order; it counts once it is on the disk."""
    return take_part(request, queries.recording_for(request.hat, reel), number, ARRIVING)


@require_POST
def finish_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """All was sent: say what is missing, or check it and say whether it is kept."""
    recording, form = queries.recording_for(request.hat, reel), FinishRecordingForm(request.POST)
    if not form.is_valid():
        return say(ARRIVING.not_whole, 422)
    by = {"by": request.hat.member, "at": clock.now()}
    if recording.state == "uploading":
        lacking = what_lacks(recording, **form.cleaned_data, words=ARRIVING)
        if lacking is not None:
            return lacking
        recording = actions.receive_recording(recording=recording, parts=form.cleaned_data["parts"], **by)
    checked = actions.check_recording(recording, **by)
    if checked.is_gone:
        return say(refusal_in_words(checked.refused), 422)
    return JsonResponse({"ready": checked.is_ready})


def recording(request: HattedRequest, reel: UUID) -> HttpResponseBase:
    """Play one's own recording, or a part of it. Every part is asked for anew, so that a withdrawal ends it at once."""
    found = queries.recording_for(request.hat, reel)
    if not found.is_ready:
        raise Http404("It cannot be played yet.")
    return play(request, found.tape, found.mime)


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
