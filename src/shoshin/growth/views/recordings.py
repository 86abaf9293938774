"""A client's recordings: what they said, recording one appointment, hearing it, and taking it away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.care import queries as care
from shoshin.growth import actions, queries
from shoshin.growth.forms.recordings import StartClientRecordingForm
from shoshin.growth.queries.words import ARRIVING, refusal_in_words
from shoshin.kit import clock, media
from shoshin.kit.media.arriving import FinishRecordingForm, say, take_part, what_lacks
from shoshin.kit.media.keeping import State
from shoshin.kit.media.playing import play, records
from shoshin.kit.policy import HattedRequest


def list_client_recordings(request: HattedRequest, ref: str) -> HttpResponse:
    """What this client said about each recording, and what is kept of it."""
    client = care.client_for(request.hat, ref)
    asked = queries.recordings_with(request.hat, client, clock.now())
    return render(request, "growth/list_client_recordings.html", {"client": client, "asked": asked})


@records
def show_client_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """One recording the client said yes to: make it, or hear it."""
    shown = queries.recording_with(request.hat, reel, clock.now())
    facts = {"shown": shown, "client": shown.asked.client, "can_check": media.can_check()}
    return render(request, "growth/show_client_recording.html", facts)


@require_POST
def start_client_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """Begin the recording this client said yes to."""
    shown, form = queries.recording_with(request.hat, reel, clock.now()), StartClientRecordingForm(request.POST)
    if not form.is_valid():
        return say(_("Here nothing is recorded."), 422)
    try:
        recording = actions.start_client_recording(
            asked=shown.asked, kind=form.cleaned_data["kind"], by=request.hat.member, at=clock.now()
        )
    except actions.CannotRecordClient as refusal:
        return say(str(refusal), 422)
    except OSError:
        return say(ARRIVING.no_room, 507)
    return JsonResponse({"key": str(recording.key), "held": recording.tape.held()})


@require_POST
def send_client_recording_part(request: HattedRequest, reel: UUID, number: int) -> HttpResponse:
    """Keep one part."""
    return take_part(request, queries.client_recording_for(request.hat, reel, clock.now()), number, ARRIVING)


@require_POST
def finish_client_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """All was sent: say what is missing, or check it and say whether it is kept."""
    recording = queries.client_recording_for(request.hat, reel, clock.now())
    form, by, at = FinishRecordingForm(request.POST), request.hat.member, clock.now()
    if not form.is_valid():
        return say(ARRIVING.not_whole, 422)
    if recording.state == State.UPLOADING:
        lacking = what_lacks(recording, **form.cleaned_data, words=ARRIVING)
        if lacking is not None:
            return lacking
        recording = actions.receive_client_recording(
            recording=recording, parts=form.cleaned_data["parts"], by=by, at=at
        )
    checked = actions.check_client_recording(recording, by, at)
    if checked.is_gone:
        return say(refusal_in_words(checked.refused), 422)
    return JsonResponse({"ready": checked.is_ready})


def client_recording(request: HattedRequest, reel: UUID) -> HttpResponseBase:
    """Play it, or a part of it. Every part is asked for anew, so that a withdrawal ends it at once."""
    found = queries.client_recording_for(request.hat, reel, clock.now())
    if not found.is_ready:
        raise Http404("It cannot be played yet.")
    return play(request, found.tape, found.mime)


@require_POST
def remove_client_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """Take it away for good; the client's yes stands."""
    found = queries.client_recording_for(request.hat, reel, clock.now())
    actions.remove_client_recording(recording=found, by=request.hat.member, at=clock.now())
    messages.success(request, _("The recording is gone for good."))
    return redirect("growth:list_client_recordings", found.client.ref)
