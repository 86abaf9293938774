"""The key of a browser that began a form: a signed cookie that dies after an hour idle or four hours in all."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from shoshin.feedback.queries.forms import IDLE

LONGEST = timedelta(hours=4)
SALT = "feedback.form"


@dataclass(frozen=True)
class FormKey:
    """The secret whose fingerprint the assignment holds, when it was given and last used, and on whose device."""

    secret: str
    begun: float
    seen: float
    on_device: bool = False


def cookie_name() -> str:
    return "__Host-form" if settings.SECURE else "form"


def key_in(request: HttpRequest, at: datetime) -> FormKey | None:
    """The key this browser carries, while it is fresh."""
    try:
        key = FormKey(**signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
    now = at.timestamp()
    fresh = now - key.seen < IDLE.total_seconds() and now - key.begun < LONGEST.total_seconds()
    return key if fresh else None


def new_key(secret: str, at: datetime, on_device: bool = False) -> FormKey:
    return FormKey(secret, at.timestamp(), at.timestamp(), on_device)


def give_key(response: HttpResponse, key: FormKey, at: datetime) -> HttpResponse:
    """Put the key into the answer, used just now."""
    used = replace(key, seen=at.timestamp())
    response.set_cookie(
        cookie_name(),
        signing.dumps(used.__dict__, salt=SALT),
        max_age=IDLE,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
        path=_path(),
    )
    return response


def take_key(response: HttpResponse) -> HttpResponse:
    """Let the browser forget its key."""
    response.delete_cookie(cookie_name(), path=_path(), samesite="Lax")
    return response


def _path() -> str:
    return "/" if settings.SECURE else "/f/"
