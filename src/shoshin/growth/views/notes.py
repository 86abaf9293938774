"""About which client a private note was."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.growth import actions, queries
from shoshin.growth.forms import AboutForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.welfare import queries as welfare


def link_note(request: HattedRequest, key: str) -> HttpResponse:
    """Say which client of mine it was about, or nobody. It stands beside the client for me alone."""
    note = welfare.note_for(request.hat, key)
    said, client = queries.client_of_note(request.hat, note)
    own = queries.clients_to_name(request.hat)
    form = AboutForm(request.POST or None, clients=own, initial={"client": client.ref if client else ""})
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        actions.link_note(note=note, client=chosen, by=request.hat.member, at=clock.now())
        messages.success(request, _("Kept. Only you see it.") if chosen else _("The note is about nobody here now."))
        return redirect("growth:link_note", note.key)
    return render(request, "growth/link_note.html", {"note": note, "said": said, "client": client, "form": form})
