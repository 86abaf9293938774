"""What somebody sees when the program cannot go on: a page that says what is safe, and never a bare error.

A database that is locked, full, restarting or gone, and a disk or memory that has run out, are over in a while. They
answer 503 with a time to come back, and the words "not received yet". Everything else is our mistake and answers 500.
An action is one transaction, so in both cases nothing was half done.
"""

import errno
import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.views.defaults import bad_request

from shoshin.kit.policy import LINK, policy, route_name

COME_BACK_AFTER = 5  # seconds
RUN_OUT = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS}
Kept = list[tuple[str, str]]


def is_passing(problem: BaseException | None) -> bool:
    """Whether this is over in a while: the database is away or full, or the machine has run out of something."""
    if isinstance(problem, OSError):
        return problem.errno in RUN_OUT
    return isinstance(problem, OperationalError | InterfaceError | MemoryError)


def fault_page(request: HttpRequest) -> HttpResponse:
    """The answer to a fault anywhere in a request, middleware included. It asks nothing of the database."""
    _let_go_of_the_database()
    if not is_passing(sys.exc_info()[1]):
        return HttpResponse(render_to_string("500.html"), status=500)
    facts = {"kept": _sent_by_client(request), "was_sent": request.method == "POST", "path": request.path}
    answer = HttpResponse(render_to_string("503.html", facts), status=503)
    answer.headers["Retry-After"] = str(COME_BACK_AFTER)
    return answer


def refused_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what cannot be read; and, in other words, to a session that was ended while its request ran."""
    if isinstance(exception, SessionInterrupted):
        return HttpResponse(render_to_string("session_ended.html"), status=400)
    return bad_request(request, exception)


def _let_go_of_the_database() -> None:
    """Close what the fault may have left half-way: a commit cut short would keep every other writer waiting."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _sent_by_client(request: HttpRequest) -> Kept:
    """What a client sent with a form, so that the page can send it again: without it their answers would be gone."""
    match: ResolverMatch | None = request.resolver_match
    row = policy().get(route_name(match)) if match else None
    if request.method != "POST" or row is None or row.door != LINK:
        return []
    try:
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, ValueError, MemoryError):
        return []
