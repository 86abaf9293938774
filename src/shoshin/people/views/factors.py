"""Second factors: why one is needed, how its secrets are kept, and that the last one stays."""

import base64
import functools
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn import views as webauthn
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoshin.design.qr import qr_code
from shoshin.people import queries


def set_up_factor(request: Any) -> HttpResponse:
    """Why a second factor is needed, and the two ways to it. Whoever has one proves it instead."""
    if request.second_factor:
        return redirect("/")
    if queries.has_second_factor(request.user):
        return redirect("mfa_reauthenticate")
    return render(request, "people/set_up_factor.html")


def readable_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """allauth's view, where what a browser sends as its passkey's answer cannot be read: refused, not a fault."""

    @functools.wraps(view)
    def guarded(request: Any, **kwargs: Any) -> HttpResponse:
        try:
            json.loads(request.POST.get("credential") or "null")
        except (ValueError, RecursionError):
            raise BadRequest("This is no passkey's answer.") from None
        return view(request, **kwargs)

    return guarded


add_passkey = readable_key(webauthn.add_webauthn)
enter_with_passkey = readable_key(webauthn.login_webauthn)
prove_passkey = readable_key(webauthn.reauthenticate_webauthn)


def remove_passkey(request: Any, pk: int) -> HttpResponse:
    """allauth's page, but not for the last factor of an account."""
    key = queries.second_factors_of(request.user).filter(pk=pk).first()
    if key is not None and not FactorAdapter().can_delete_authenticator(key):
        messages.warning(request, str(FactorAdapter.error_messages["cannot_delete_authenticator"]))
        return redirect("mfa_list_webauthn")
    return webauthn.remove_webauthn(request, pk=pk)


class FactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted; the QR code is a drawing in the page; the last factor stays."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your only second factor. Set up the other kind, then remove it."
        ),
        "incorrect_code": gettext_lazy("This code does not fit. Wait for the next one, then type it."),
    }

    def encrypt(self, text: str) -> str:
        return _locker().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _locker().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Kept under another secret key. A secret nobody knows lets nobody in; an empty one would let anybody in.
            return generate_totp_secret()

    def build_totp_svg(self, url: str) -> SafeString:
        return qr_code(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = queries.second_factors_of(authenticator.user).exclude(pk=authenticator.pk)
        return settings.DEMO or others.exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("A passkey")


def _locker() -> Fernet:
    """The lock for secrets in the table of factors, made from the installation's secret key."""
    key = sha256(b"shoshin second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
