"""The machinery of the route policy: one row a route, deny by default.

`shoshin/policy.py` holds the rows. The middleware opens a route only to whom its row names, and hands the view a hat:
the membership that acts, with the relations this route opens. Access queries take the hat and apply its relations, so
what a page may show, and the sentence that tells a client who reads it, come from the same row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.module_loading import import_string

ANYONE = "anyone"  # no sign-in: the landing pages, safety numbers
LINK = "link"  # a form's own cookie; the view checks it
PAGE = "page"  # a client's own page; the view checks it
SIGNED_IN = "signed in"  # an account, with or without a clinic
MEMBER = "member"  # an active membership
OWNER = "owner"  # the membership that answers for the clinic's settings
DEMO = "demo"  # demo mode on this machine's own loopback address


@dataclass(frozen=True)
class Row:
    """Who may open a route, by which relations to a client, and which shelf of data it touches."""

    door: str
    relations: tuple[str, ...] = ()
    shelf: str = "none"
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True)
class Hat:
    """Under which membership a request acts, and which relations to clients its route opens."""

    member: Any
    relations: tuple[str, ...] = field(default=())


class HattedRequest(HttpRequest):
    """A request past the policy: its view may count on a hat."""

    hat: Hat
    member: Any


@lru_cache(maxsize=1)
def policy() -> dict[str, Row]:
    """The registry, from the one file that holds it."""
    rows: dict[str, Row] = import_string(settings.ROUTE_POLICY)
    return rows


def relations_reading(shelf: str) -> tuple[str, ...]:
    """Every relation by which some page shows this shelf, each once, in the order of the policy."""
    found = (relation for row in policy().values() if row.shelf == shelf for relation in row.relations)
    return tuple(dict.fromkeys(found))


def route_name(match: ResolverMatch) -> str:
    """The name under which a route stands in the policy, with its namespace."""
    return match.view_name or ""


class PolicyMiddleware:
    """Open each route to whom its row names, and to nobody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        row = policy().get(route_name(match))
        if row is None:
            raise Http404("This route is in no policy row, so nobody may open it.")
        if request.method not in _with_implied(row.methods):
            return HttpResponse(status=405, headers={"Allow": ", ".join(row.methods)})
        request.hat = Hat(member=getattr(request, "member", None), relations=row.relations)
        return _answer_at_door(row.door, request)


def _with_implied(methods: Iterable[str]) -> set[str]:
    return {*methods, "HEAD", "OPTIONS"} if "GET" in methods else {*methods, "OPTIONS"}


def _answer_at_door(door: str, request: Any) -> HttpResponse | None:
    if door in (ANYONE, LINK, PAGE):
        return None
    if door == DEMO:
        if not (settings.DEMO and comes_from_this_machine(request)):
            raise Http404("Demo sign-in exists only in demo mode, on this machine.")
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if door == SIGNED_IN:
        return None
    if request.member is None:
        return redirect(settings.NO_MEMBERSHIP_URL)
    if door == OWNER and not request.member.is_owner:
        raise Http404("Only the clinic's owner opens this page.")
    return None


LOOPBACK = ("127.0.0.1", "::1")
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def comes_from_this_machine(request: HttpRequest) -> bool:
    """Whether both the sender's address and the name it asked for are loopback, with no proxy in between."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
    return request.META.get("REMOTE_ADDR") in LOOPBACK and host in LOOPBACK_HOSTS and not forwarded
