"""How many wrong tries there may be in ten minutes: from one address, and from everywhere together.

Only wrong tries are counted, and only wrong tries are slowed. Whoever brings what is right is never asked here, so
that a whole clinic behind one address can answer while somebody else at that address guesses.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from shoshin.kit.action import SYSTEM, Actor, action

SPAN = timedelta(minutes=10)
EVERYBODY = "everybody"
alarm = logging.getLogger("shoshin.alarm")


@dataclass(frozen=True)
class Limit:
    """Wrong tries of one kind that are met in the usual way; further ones are told to wait."""

    name: str
    from_one: int = 30
    in_all: int = 300


def sender_of(request: HttpRequest) -> str:
    """The address that sent this: what the last proxy we were told of saw, else who is connected."""
    said = request.headers.get("X-Forwarded-For", "").split(",")
    if settings.PROXIES and len(said) >= settings.PROXIES and (seen := said[-settings.PROXIES].strip()):
        return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def are_too_many(limit: Limit, request: HttpRequest, at: datetime) -> bool:
    """Whether wrong tries from this sender, or from everybody, have reached the limit."""
    from_one, in_all = _recent(limit, sender_of(request), at), _recent(limit, EVERYBODY, at)
    return len(from_one) >= limit.from_one or len(in_all) >= limit.in_all


def count_wrong_try(limit: Limit, request: HttpRequest, at: datetime) -> bool:
    """Whether this wrong try is one too many; if not, it is counted. The count is read by all processes.

    Two tries in the same instant may be counted as one. What is refused writes nothing.
    """
    if are_too_many(limit, request, at):
        return True
    _count(limit, sender_of(request), at)
    if _count(limit, EVERYBODY, at) == limit.in_all:
        sound_alarm(limit=limit.name, by=SYSTEM, at=at)
    return False


@action("kit.sound_alarm")
def sound_alarm(*, limit: str, by: Actor, at: datetime) -> None:
    """Somebody is guessing from many places: one row in the audit trail and one line in the log."""
    alarm.warning("Many wrong tries (%s) within ten minutes. Nobody with a right link is held up.", limit)


def _recent(limit: Limit, whose: str, at: datetime) -> list[float]:
    since = (at - SPAN).timestamp()
    return [then for then in cache.get(_key(limit, whose), []) if then > since]


def _count(limit: Limit, whose: str, at: datetime) -> int:
    """Add one try to somebody's, and say how many they are now."""
    tries = [*_recent(limit, whose, at), at.timestamp()]
    cache.set(_key(limit, whose), tries, SPAN.total_seconds())
    return len(tries)


def _key(limit: Limit, whose: str) -> str:
    """Addresses are people's: the shared table keeps none, only what cannot be turned back."""
    return f"limit:{limit.name}:{salted_hmac('shoshin.kit.limits', whose, algorithm='sha256').hexdigest()[:32]}"
