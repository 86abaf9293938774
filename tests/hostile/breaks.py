"""Faults that a request asks for, each quoting what it was sent."""

from django.contrib.auth import get_user_model
from django.core.exceptions import SuspiciousOperation
from django.db import connection


class Breaks:
    """`X-Break: value`, `cause`, `database` or `suspicious`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        quoted = f"cannot read {request.path} {dict(request.POST)} {request.COOKIES} {kwargs}"
        match request.headers.get("X-Break"):
            case "value":
                raise ValueError(quoted)
            case "cause":
                try:
                    int(quoted)
                except ValueError as cause:
                    raise RuntimeError(quoted) from cause
            case "database":
                person = get_user_model().objects.values().first()
                person.pop("id")
                columns = ", ".join(f'"{name}"' for name in person)
                marks = ", ".join(["%s"] * len(person))
                with connection.cursor() as cursor:
                    cursor.execute(f'INSERT INTO "people_person" ({columns}) VALUES ({marks})', list(person.values()))
            case "suspicious":
                raise SuspiciousOperation(quoted)
