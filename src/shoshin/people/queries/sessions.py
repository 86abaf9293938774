"""Where a person is signed in, and how long each session has lasted."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from shoshin.people.models import Person, PersonSession

BEGAN, SEEN, DEVICE = "began_at", "seen_at", "device"
BROWSERS = (("Firefox/", "Firefox"), ("Edg", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class SignedIn:
    """One browser in which somebody is signed in."""

    device: str
    began_at: datetime
    seen_at: datetime
    here: bool


def named(device: str) -> str:
    """A browser's long description in two words."""
    words = (next((name for sign, name in known if sign in device), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(word for word in words if word)


def sessions_of(person: Person, here: str | None, at: datetime) -> list[SignedIn]:
    """Every browser this person is signed in with, the latest first."""
    rows = PersonSession.objects.filter(person=person, expire_date__gt=at)
    found = [_described(row, here) for row in rows]
    return sorted(found, key=lambda session: session.seen_at, reverse=True)


def _described(row: PersonSession, here: str | None) -> SignedIn:
    kept = row.get_decoded()
    began = int(kept.get(BEGAN, 0))
    return SignedIn(
        device=kept.get(DEVICE) or _("A browser we cannot name"),
        began_at=datetime.fromtimestamp(began, UTC),
        seen_at=datetime.fromtimestamp(int(kept.get(SEEN, began)), UTC),
        here=row.session_key == here,
    )
