"""The client's own page: a link and a PIN open it, for this browser and for half an hour idle."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoshin.care import actions as care_actions
from shoshin.care import queries as care
from shoshin.feedback.forms.own_page import PinForm
from shoshin.feedback.queries.own_page import own_choices, own_page
from shoshin.kit import clock
from shoshin.kit.action import Actor
from shoshin.kit.limits import SPAN, Limit, are_too_many, count_wrong_try
from shoshin.kit.policy import Hat, HattedRequest
from shoshin.kit.record import is_key
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.care.models import Client, PageKey

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=4)
SALT = "feedback.client_page"
WRONG_PAGES = Limit("client-pages")


def open_client_page(request: HttpRequest, token: str) -> HttpResponse:
    """A neutral door with a PIN. An unknown link and a wrong PIN get the same answer."""
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        if are_too_many(WRONG_PAGES, request, at) and not care.may_open_page(token):
            return _wait(request)
        key = care_actions.check_page_key(token=token, pin=form.cleaned_data["pin"], by=Actor("client"), at=at)
        if key is not None:
            return _stay_open(_see_other("feedback:client_page"), key.pk, at.timestamp(), at)
        count_wrong_try(WRONG_PAGES, request, at)
        form.add_error("pin", _("This link and this PIN open no page. After five wrong tries the link stops working."))
    facts = {"form": form, "safety": people.safety_for(None)}
    return render(request, "feedback/open_client_page.html", facts, status=422 if form.errors else 200)


def _wait(request: HttpRequest) -> HttpResponse:
    """After very many wrong tries a link that opens nothing is not tried any more; one that may open always is."""
    response = _closed(request, status=429)
    response["Retry-After"] = str(int(SPAN.total_seconds()))
    return response


def client_page(request: HattedRequest) -> HttpResponse:
    """Their line, what was changed, who reads; and taking back a yes."""
    at = clock.now()
    found = _opened(request, at)
    if found is None:
        return _closed(request, status=404)
    key, begun = found
    client = key.client
    with override(client.language), timezone.override(ZoneInfo(client.clinic.time_zone)):
        if request.method == "POST":
            _withdraw(client, request.POST.get("withdraw", ""), at)
            _withdraw_recording(client, request.POST.get("withdraw_recording", ""), at)
            return _stay_open(_see_other("feedback:client_page"), key.pk, begun, at)
        request.hat = Hat(None, reader=_actor(client))
        request.hat.saw(client.pk)
        facts = {"page": own_page(client, at), "safety": people.safety_for(client.clinic)}
        return _stay_open(render(request, "feedback/client_page.html", facts), key.pk, begun, at)


def leave_client_page(request: HttpRequest) -> HttpResponse:
    """Close the page in this browser."""
    response = _closed(request, status=200)
    response.delete_cookie(_cookie(), path=_path(), samesite="Lax")
    return response


def _withdraw(client: "Client", purpose: str, at: datetime) -> None:
    """Take back a yes to one of the two that care does not need; anything else changes nothing."""
    if any(choice.purpose == purpose and choice.may_be_withdrawn for choice in own_choices(client)):
        care_actions.record_choices(client=client, choices={purpose: False}, by=_actor(client), at=at)


def _withdraw_recording(client: "Client", number: str, at: datetime) -> None:
    """Take back a yes to one recording of this client; anything else changes nothing."""
    asked = care.standing_yeses().filter(client=client, pk=int(number) if is_key(number) else 0).first()
    if asked is not None:
        care_actions.withdraw_recording(asked=asked, by=_actor(client), at=at)


def _actor(client: "Client") -> Actor:
    return Actor("client", str(client.pk), client.clinic_id)


def _opened(request: HttpRequest, at: datetime) -> "tuple[PageKey, float] | None":
    """The key this browser opened its page with, while it is fresh and nobody has locked or replaced it."""
    try:
        said: dict[str, Any] = signing.loads(request.COOKIES.get(_cookie(), ""), salt=SALT)
    except signing.BadSignature:
        return None
    now = at.timestamp()
    if now - said["seen"] >= IDLE.total_seconds() or now - said["begun"] >= LONGEST.total_seconds():
        return None
    key = care.open_page_key(said["key"])
    return (key, said["begun"]) if key else None


def _stay_open(response: HttpResponse, key: int, begun: float, at: datetime) -> HttpResponse:
    response.set_cookie(
        _cookie(),
        signing.dumps({"key": key, "begun": begun, "seen": at.timestamp()}, salt=SALT),
        max_age=IDLE,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
        path=_path(),
    )
    return response


def _closed(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "feedback/closed_client_page.html", {"safety": people.safety_for(None)}, status=status)


def _cookie() -> str:
    return "__Host-page" if settings.SECURE else "page"


def _path() -> str:
    return "/" if settings.SECURE else "/p/"


def _see_other(name: str) -> HttpResponse:
    response = redirect(name)
    response.status_code = 303
    return response
