"""Headers of pages that play recordings, and of those that make them: this site's own, and nobody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse

View = Callable[..., HttpResponse]

PLAYS: dict[str, Any] = {"media-src": [SELF, "blob:"]}
ASKS = "camera=(self), microphone=(self), geolocation=()"


def plays_recordings(view: View) -> View:
    """The page may play what this site sends, and what was just recorded in it."""
    return cast(View, csp_update(PLAYS)(view))


def records(view: View) -> View:
    """The page may besides ask its person for the microphone and the camera."""

    @wraps(view)
    def asked(*given: Any, **named: Any) -> HttpResponse:
        response = view(*given, **named)
        response.headers["Permissions-Policy"] = ASKS
        return response

    return plays_recordings(asked)
