"""Who stands at the door: the membership a request acts under, and a sign-up that stays closed."""

import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from shoshin.kit import calls, clock, row_security
from shoshin.kit.policy import FACTOR
from shoshin.people import queries
from shoshin.people.models import Membership
from shoshin.people.views.sessions import begin_afresh, keep_words

CHOSEN = "membership"  # the session's key for the membership somebody acts under
SECOND_FACTORS = {"totp", "webauthn", "recovery_codes"}
FORGET = '"cache", "storage"'  # what a browser drops when somebody signs out


class MembershipMiddleware:
    """Set `request.member` and `request.second_factor`; see this clinic's rows only, and tell times in its own zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        signed_in = request.user.is_authenticated
        with row_security.acting_for(None, person=request.user.pk if signed_in else None):
            mine = list(queries.memberships_of(request.user)) if signed_in else []
            request.member = queries.hat_among(mine, request.session.get(CHOSEN))
            request.several_hats = len(mine) > 1
            request.second_factor = signed_in and proved_factor(request)
            if request.member is not None:
                row_security.act_for(request.member.clinic_id)
            return self._answer(request, signed_in)

    def _answer(self, request: Any, signed_in: bool) -> HttpResponse:
        if request.path == "/" and request.member is None and not settings.DEMO and not queries.has_clinic():
            return redirect("people:first_run")
        zone = ZoneInfo(request.member.clinic.time_zone) if request.member else None
        with timezone.override(zone):
            response = self.get_response(request)
        if signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = FORGET
        return response


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts come by the first run and by invitation, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address and password do not fit together. Try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        begin_afresh(request.session)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The library's letters, such as the way to a new password, go out where all of ours do."""
        request = allauth_context.request
        facts = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        letter = self.render_mail(template_prefix, email, facts)
        calls.mail(email, letter.subject, letter.body)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def sign_in(request: HttpRequest, member: Membership) -> None:
    """Begin a session as this member, who has just shown who they are."""
    get_adapter(request).login(request, member.person)
    record_authentication(request, member.person, "password", reauthenticated=True)
    request.session[CHOSEN] = member.pk


def proved_factor(request: Any) -> bool:
    """Whether a second factor was proved in this session, in whatever order it was asked for."""
    return bool(_factors_shown(request))


def _factors_shown(request: Any) -> list[dict[str, Any]]:
    """What this session remembers of second factors: which, and when."""
    records = get_authentication_records(request, request.user)
    return [record for record in records if record.get("method") == "mfa" and record.get("type") in SECOND_FACTORS]


def asks_to_prove_again(request: HttpRequest, fresh: str) -> HttpResponse | None:
    """The way to password or factor and back, where the last proof is some minutes old. What was being sent waits."""
    by_factor = fresh == FACTOR
    if _showed_factor_lately(request) if by_factor else did_recently_reauthenticate(request):
        return None
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if by_factor:
        methods = [method for method in methods if method["id"].startswith("mfa_")]
        messages.info(request, _("This page asks for your second factor again. Your password alone does not open it."))
    keep_words(request, int(clock.now().timestamp()))
    way = methods[0]["url"] if methods else reverse(settings.LOGIN_URL)
    return redirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def _showed_factor_lately(request: Any) -> bool:
    """Whether a second factor was shown within the minutes that a proof holds, at sign-in or since."""
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(shown["at"] > oldest for shown in _factors_shown(request))
