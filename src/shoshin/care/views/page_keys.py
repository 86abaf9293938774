"""The key to a client's own page: made with a PIN agreed in the appointment, its link shown once."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shoshin.care import actions, queries
from shoshin.care.forms import PageKeyForm
from shoshin.design.qr import qr_code
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def make_page_key(request: HattedRequest, ref: str) -> HttpResponse:
    """A new key replaces the old one. Without a public address there is no link to give."""
    client = queries.client_for(request.hat, ref)
    member, at = request.hat.member, clock.now()
    if request.method == "POST" and "revoke" in request.POST:
        actions.revoke_page_key(client=client, by=member, at=at)
        messages.success(request, _("The link no longer opens."))
        return redirect("desk:client", client.ref)
    form = PageKeyForm(request.POST or None)
    if request.method == "POST" and settings.PUBLIC_ADDRESS and form.is_valid():
        try:
            made = actions.make_page_key(client=client, by=member, at=at, **form.cleaned_data)
        except actions.CannotMakePageKey as refusal:
            form.add_error("pin", str(refusal))
        else:
            return render(request, "care/page_key.html", {"client": client, **_shown_once(made.token)})
    facts = {"form": form, "client": client, "key": queries.page_key_of(client)}
    return render(request, "care/make_page_key.html", facts | {"public": bool(settings.PUBLIC_ADDRESS)})


def _shown_once(token: str) -> dict[str, str]:
    """The link and its QR code: black on white, no inline style, named for those who cannot see it."""
    link = settings.PUBLIC_ADDRESS + reverse("feedback:open_client_page", args=[token])
    return {"link": link, "qr": qr_code(link)}
