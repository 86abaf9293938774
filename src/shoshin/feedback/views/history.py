"""Bringing in history: choose a file, see how it would be read, bring it in, see how courses came out."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.feedback.actions.history import Imported, dismiss_waiting_file, keep_waiting_file
from shoshin.feedback.actions.taking_back import CannotTakeBackImport
from shoshin.feedback.actions.taking_back import take_back_import as take_back
from shoshin.feedback.forms.history import HistoryFile
from shoshin.feedback.forms.history_sheet import MatchingSheet
from shoshin.feedback.queries import history as queries
from shoshin.feedback.queries.history_files import CannotReadHistory
from shoshin.kit import clock

LINES_A_PAGE = 100


def import_outcomes(request: Any) -> HttpResponse:
    """Choose a file; or, where one waits, match its columns and bring it in."""
    at = clock.now()
    waiting = queries.waiting_file(request.member, at)
    if request.method == "POST" and request.POST.get("what") == "dismiss":
        dismiss_waiting_file(by=request.member, at=at)
        return redirect("feedback:import_outcomes")
    if waiting is None or "file" in request.FILES:
        return _choose_file(request, at)
    sheet = MatchingSheet(waiting, request.member, request.POST if request.method == "POST" else None, at)
    if request.POST.get("what") == "import":
        done = sheet.bring_in()
        if done is not None:
            return _after(request, done)
    return render(request, "feedback/import_outcomes_match.html", {"sheet": sheet, "rows": sheet.rows})


def _choose_file(request: Any, at: datetime) -> HttpResponse:
    posted = request.method == "POST"
    form = HistoryFile(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        chosen = form.cleaned_data["file"]
        try:
            keep_waiting_file(name=chosen.name, content=chosen.read(), by=request.member, at=at)
            return redirect("feedback:import_outcomes")
        except CannotReadHistory as refusal:
            form.add_error("file", str(refusal))
    batches, others = queries.batches_of(request.member)[:20], queries.batches_for_others(request.member)[:20]
    facts = {"form": form, "batches": batches, "others": others}
    return render(request, "feedback/import_outcomes.html", facts)


def _after(request: Any, done: Imported) -> HttpResponse:
    added = ngettext("%(n)s score was brought in", "%(n)s scores were brought in", done.added) % {"n": done.added}
    clients = ngettext("for %(n)s client.", "for %(n)s clients.", done.clients) % {"n": done.clients}
    parts = [f"{added} {clients}"]
    if done.left_out:
        parts.append(
            ngettext("%(n)s row was left out.", "%(n)s rows were left out.", done.left_out) % {"n": done.left_out}
        )
    if done.already_here:
        parts.append(_("%(n)s were here already.") % {"n": done.already_here})
    messages.success(request, " ".join(parts))
    if done.batch.therapist_id != request.member.pk:
        return redirect("feedback:import_outcomes")
    return redirect("feedback:imported", pk=done.batch.pk)


def imported(request: Any, pk: int) -> HttpResponse:
    """How the courses of one import came out, as a group, and the way to each client."""
    batch = queries.batch_for(request.hat, pk)
    measures = queries.imported_measures(request.hat, batch)
    pages = [Paginator(measure.lines, LINES_A_PAGE).get_page(request.GET.get("page")) for measure in measures]
    request.hat.saw(*(line.client_id for page in pages for line in page))
    longest = max(pages, key=lambda page: page.paginator.num_pages, default=None)
    facts = {"batch": batch, "measures": list(zip(measures, pages, strict=True)), "page": longest}
    return render(request, "feedback/imported.html", facts)


def take_back_import(request: Any, pk: int) -> HttpResponse:
    """Undo one import as a whole, once that has been ticked."""
    batch = queries.batch_to_take_back(request.hat, pk)
    back = ("feedback:imported", pk) if batch.therapist_id == request.member.pk else ("feedback:import_outcomes",)
    if "sure" not in request.POST:
        messages.error(request, _("Tick that this import is to be taken back. Nothing has changed."))
        return redirect(*back)
    try:
        number = take_back(batch=batch, by=request.member, at=clock.now())
    except CannotTakeBackImport as refusal:
        messages.error(request, str(refusal))
        return redirect(*back)
    said = ngettext(
        "The import was taken back: %(n)s score is gone. The same file can be brought in again.",
        "The import was taken back: %(n)s scores are gone. The same file can be brought in again.",
        number,
    )
    messages.success(request, said % {"n": number})
    return redirect("feedback:import_outcomes")
