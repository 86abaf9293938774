"""Mail, and messages that something waits: by mail and by one more channel, always the same words, never any content.

Whatever the product itself mails goes through `mail`, here and nowhere else. What may be said a minute later is mailed
by a task, which is tried until it has gone out; only a link that is kept nowhere is mailed where it is made.

The second channel is a webhook (SHOSHIN_ALERT_WEBHOOK, which gets JSON) or a topic of ntfy (SHOSHIN_ALERT_NTFY, which
gets the plain sentence). Both addresses are the operator's own; nothing that a person types reaches them.
"""

import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

LONGEST_WAIT = 5  # seconds
UNDELIVERED = ("console", "dummy", "locmem")  # ways of Django's in which no mail leaves the machine


class CannotCall(RuntimeError):
    """The message did not go out. It is tried again."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message is delivered where the operator said, or not at all."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def can_mail() -> bool:
    """Whether mail reaches anybody: a mail server is set."""
    return not any(word in settings.EMAIL_BACKEND for word in UNDELIVERED)


def is_set() -> bool:
    """Whether there is a second channel."""
    return bool(settings.ALERT_WEBHOOK or settings.ALERT_NTFY)


def words() -> str:
    """What every message says, and all that it says."""
    where = f" {settings.PUBLIC_ADDRESS}" if settings.PUBLIC_ADDRESS else ""
    return _("One item in Shoshin needs somebody now. Please sign in.") + where


def mail(address: str, subject: str, text: str) -> None:
    """Send one mail to one address. Raises what the mail server says."""
    if not send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address]):
        raise CannotCall("The mail was not taken.")


def tell(address: str) -> None:
    """Tell one person by mail that something waits. Raises what the mail server says."""
    with override(settings.LANGUAGE_CODE):
        mail(address, _("Something waits for you"), words())


def call() -> None:
    """Tell whoever listens at the second channel."""
    with override(settings.LANGUAGE_CODE):
        said = words()
    if settings.ALERT_WEBHOOK:
        body = json.dumps({"text": said}).encode()
        _post(settings.ALERT_WEBHOOK, body, "application/json")
    if settings.ALERT_NTFY:
        _post(settings.ALERT_NTFY, said.encode(), "text/plain; charset=utf-8")


def _post(address: str, body: bytes, kind: str) -> None:
    if not address.startswith(("https://", "http://")):
        raise CannotCall("The address of the second channel begins with neither https:// nor http://.")
    request = urllib.request.Request(address, data=body, headers={"Content-Type": kind}, method="POST")  # noqa: S310  checked above
    try:
        with _opener.open(request, timeout=LONGEST_WAIT):
            return
    except (urllib.error.URLError, OSError, ValueError) as problem:
        raise CannotCall(f"The second channel did not take the message ({type(problem).__name__}).") from None
