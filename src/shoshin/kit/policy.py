"""The machinery of the route policy: one row a route, deny by default.

`shoshin/policy.py` holds the rows. The middleware opens a route only to whom its row names, and hands the view a hat:
the membership that acts, with the relations this route opens. Access queries take the hat and apply its relations, so
what a page may show, and the sentence that tells a client who reads it, come from the same row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.module_loading import import_string

from shoshin.kit import chain, clock
from shoshin.kit.action import Actor

ANYONE = "anyone"  # no sign-in: the landing pages, safety numbers
LINK = "link"  # a form's own cookie; the view checks it
PAGE = "page"  # a client's own page; the view checks it
SIGNED_IN = "signed in"  # an account, with or without a clinic
MEMBER = "member"  # an active membership, and a second factor proved in this session
LEAD = "lead"  # the owner, or a membership that leads the team
OWNER = "owner"  # the membership that answers for the clinic's settings
READ = "read "  # how the event of a reading begins, before the route's name
DEMO = "demo"  # demo mode on this machine's own loopback address

PROOF, FACTOR = "proof", "factor"  # what a fresh row asks for again


@dataclass(frozen=True)
class Row:
    """Who may open a route, by which relations to a client, and which shelf of data it touches.

    A fresh row asks again who is there: for password or factor (`PROOF`), or for the factor alone (`FACTOR`), where it
    was last shown more than a few minutes ago.
    """

    door: str
    relations: tuple[str, ...] = ()
    shelf: str = "none"
    methods: tuple[str, ...] = ("GET",)
    fresh: str = ""


@dataclass(frozen=True)
class Hat:
    """Under which membership a request acts, when, which relations to records its route opens, and whose it has seen.

    A relation that opens and closes by the clock stays shut for a hat without a moment.
    """

    member: Any
    relations: tuple[str, ...] = field(default=())
    at: datetime | None = None
    reader: Actor | None = None  # who reads where no member does: a client on their own page
    seen: set[int] = field(default_factory=set, compare=False)

    def saw(self, *records: int) -> None:
        """Note whose records this request shows. They are in the audit trail before the answer leaves."""
        self.seen.update(records)

    def only(self, *relations: str) -> "Hat":
        """The same hat with fewer relations: for the parts of a page that not every relation opens."""
        return replace(self, relations=tuple(name for name in self.relations if name in relations))


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


SHOWN = (
    200,
    206,
    422,
)  # answers with a page or a part of a recording in them; a redirect shows nothing, and its action has left its own row


class PolicyMiddleware:
    """Open each route to whom its row names, and to nobody else; write down whose record a page showed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        hat: Hat | None = getattr(request, "hat", None)
        if hat is not None and hat.seen and response.status_code in SHOWN:
            _remember_reading(request, hat)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        row = policy().get(route_name(match))
        if row is None:
            raise Http404("This route is in no policy row, so nobody may open it.")
        if request.method not in _with_implied(row.methods):
            return HttpResponse(status=405, headers={"Allow": ", ".join(row.methods)})
        if request.method == "OPTIONS":  # answered here: a view that acts on POST would take it for one
            return HttpResponse(status=204, headers={"Allow": ", ".join(row.methods)})
        request.hat = Hat(getattr(request, "member", None), row.relations, clock.now())
        refusal = _answer_at_door(row.door, request)
        if refusal is None and row.fresh and not settings.DEMO:
            return import_string(settings.PROVES_AGAIN)(request, row.fresh)
        return refusal


def _remember_reading(request: Any, hat: Hat) -> None:
    """One row in the audit trail for a page that showed records. Without it the page is not sent."""
    about = min(hat.seen) if len(hat.seen) == 1 else None
    actor = hat.member.actor if hat.member is not None else hat.reader or Actor("nobody")
    subjects = {} if about else {"seen": sorted(hat.seen)}
    event = f"{READ}{route_name(request.resolver_match)}"
    clinic_id = actor.clinic_id or chain.NOBODY
    chain.remember([chain.Entry(clock.now(), actor.kind, actor.id, event, clinic_id, about, subjects)])


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
    if not (settings.DEMO or request.second_factor):
        return redirect(settings.SECOND_FACTOR_URL)
    if door == OWNER and not request.member.is_owner:
        raise Http404("Only the clinic's owner opens this page.")
    if door == LEAD and not request.member.leads:
        raise Http404("Only the owner and the team's leads open this page.")
    return None


LOOPBACK = ("127.0.0.1", "::1")
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def comes_from_this_machine(request: HttpRequest) -> bool:
    """Whether both the sender's address and the name it asked for are loopback, with no proxy in between."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
    return request.META.get("REMOTE_ADDR") in LOOPBACK and host in LOOPBACK_HOSTS and not forwarded
