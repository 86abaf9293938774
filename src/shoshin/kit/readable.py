"""Addresses that no page and no database can read are refused once, at the door."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\x00"


class RefuseUnreadable:
    """An address or a query with a NUL in it is met by the page that says it did not arrive whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or any(NUL in part for key in request.GET for part in (key, *request.GET.getlist(key))):
            raise BadRequest("The address holds a NUL.")
        return self.get_response(request)
