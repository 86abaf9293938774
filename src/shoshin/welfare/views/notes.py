"""Critical feelings, put down for oneself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.people import queries as people
from shoshin.welfare import actions, queries
from shoshin.welfare.forms import NoteForm


def write_note(request: HattedRequest) -> HttpResponse:
    """Put a feeling down; below it, the notes that are still here."""
    member, at = request.hat.member, clock.now()
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            written = actions.write_note(member=member, by=member, at=at, **form.cleaned_data)
        except actions.CannotWriteNote as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("welfare:note", written.key)
    return render(request, "welfare/write_note.html", {"form": form, "notes": queries.notes_of(member, at)})


def note(request: HattedRequest, key: str) -> HttpResponse:
    """One note, with a way to look at it kindly, to keep it, to let it go, or to show it to one person."""
    found = queries.note_for(request.hat, key)
    shares = queries.shares_of(request.hat.member, clock.now()).filter(note=found)
    safety = people.safety_for(request.hat.member.clinic) if queries.has_crisis_words(found.words) else None
    return render(request, "welfare/note.html", {"note": found, "shares": shares, "safety": safety})


def keep_note(request: HattedRequest, key: str) -> HttpResponse:
    """It stays until its writer deletes it."""
    found = queries.note_for(request.hat, key)
    actions.keep_note(note=found, by=request.hat.member, at=clock.now())
    messages.success(request, _("The note stays until you delete it."))
    return redirect("welfare:note", found.key)


def forget_note(request: HattedRequest, key: str) -> HttpResponse:
    """It goes now."""
    found = queries.note_for(request.hat, key)
    actions.forget_note(note=found, by=request.hat.member, at=clock.now())
    messages.success(request, _("The note is deleted."))
    return redirect("welfare:write_note")
