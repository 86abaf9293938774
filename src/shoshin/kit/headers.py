"""Headers every answer carries: nothing stays in a shared browser, nothing tells other sites where one was."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class QuietHeaders:
    """No caching of pages, no indexing, no referrer, no device permissions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response
