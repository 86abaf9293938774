"""Who outside was told about a client, and why."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import actions, queries
from shoshin.care.forms import DisclosureForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def record_disclosure(request: HattedRequest, ref: str) -> HttpResponse:
    """One more account, above those kept so far."""
    client = queries.client_for(request.hat, ref)
    member, at = request.hat.member, clock.now()
    form = DisclosureForm(request.POST or None, initial={"told_on": queries.day_of(client.clinic, at)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_disclosure(client=client, by=member, at=at, **form.told())
        except actions.CannotRecordDisclosure as refusal:
            for name, sentence in refusal.missing.items():
                form.add_error(name, sentence)
        else:
            messages.success(request, _("The account is kept with the record."))
            return redirect("care:record_disclosure", client.ref)
    kept = client.disclosures.select_related("written_by__person").order_by("-told_on", "-pk")
    return render(request, "care/record_disclosure.html", {"client": client, "form": form, "kept": kept})
