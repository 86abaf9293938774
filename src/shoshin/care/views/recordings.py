"""Asking a client about one recording, and their taking a yes back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.care import actions, queries
from shoshin.care.forms.recordings import AskToRecordForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def ask_to_record(request: HattedRequest, ref: str) -> HttpResponse:
    """What the client said about recording one appointment. A yes leads to the recording, and is for it alone."""
    client, at = queries.client_for(request.hat, ref), clock.now()
    form = AskToRecordForm(request.POST or None, initial={"day": queries.day_of(client.clinic, at)})
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_to_record(client=client, by=request.hat.member, at=at, **form.cleaned_data)
        except actions.CannotAskToRecord as refusal:
            form.add_error("answer", str(refusal))
        else:
            if asked.stands:
                return redirect("growth:show_client_recording", asked.key)
            messages.success(request, _("Written down. Nothing is recorded."))
            return redirect("growth:list_client_recordings", client.ref)
    facts = {"client": client, "form": form, "agreed": queries.agreed(client, "learning")}
    return render(request, "care/ask_to_record.html", facts)


@require_POST
def withdraw_recording(request: HattedRequest, reel: UUID) -> HttpResponse:
    """The client takes a yes back, here in the room."""
    asked = queries.standing_yes_for(request.hat, reel)
    actions.withdraw_recording(asked=asked, by=request.hat.member, at=clock.now())
    messages.success(request, _("The yes is taken back, and nothing of the recording is kept."))
    return redirect("growth:list_client_recordings", asked.client.ref)
