"""Who stands at the door: the membership a request acts under, and a sign-up that stays closed."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shoshin.people import queries
from shoshin.people.models import Membership

CHOSEN = "membership"  # the session's key for the membership somebody acts under


class MembershipMiddleware:
    """Set `request.member`, and read and write times in the clinic's own zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        signed_in = request.user.is_authenticated
        request.member = queries.member_of(request.user, request.session.get(CHOSEN)) if signed_in else None
        if request.path == "/" and request.member is None and not settings.DEMO and not queries.has_clinic():
            return redirect("people:first_run")
        zone = ZoneInfo(request.member.clinic.time_zone) if request.member else None
        with timezone.override(zone):
            return self.get_response(request)


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts come by the first run and by invitation, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address and password do not fit together. Try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def sign_in(request: HttpRequest, member: Membership) -> None:
    """Begin a session as this member, as allauth does after a password."""
    get_adapter(request).login(request, member.person)
    request.session[CHOSEN] = member.pk
