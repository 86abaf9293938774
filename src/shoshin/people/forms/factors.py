"""Setting up a second factor: allauth's forms, after which this session counts as proved and others end."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.kit import clock
from shoshin.people import actions


class ActivateTotpForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits the app shows")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "placeholder": ""}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        _note_factor(Authenticator.Type.TOTP, self.user)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey: kept by this device, a phone or a security key."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("What to call it"),
            required=False,
            max_length=80,
            initial=_("This device"),
            help_text=_("So that you know it again in your list, such as “Laptop” or “Blue key”."),
        )
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _("The device then asks for your finger, face or PIN.")
        self.fields["passwordless"].initial = True
        self.order_fields(["name", "passwordless", "credential"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        if given.get("credential") and not self.errors:
            _note_factor(Authenticator.Type.WEBAUTHN, self.user)
        return given


def _note_factor(kind: str, person: Any) -> None:
    """Called once the factor has proved itself. Should the request fail after this, nothing of it is kept."""
    request = context.request
    request.session.cycle_key()
    record_authentication(request, person, "mfa", type=str(kind))
    actions.set_up_factor(person=person, keep=request.session.session_key, by=person.actor, at=clock.now())
