"""What somebody may like to know when they come in: an open invitation, and nothing that has to be answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef

from shoshin.community.models import Coaching, Place, Review, Showing
from shoshin.community.queries.circles import invitations_to
from shoshin.community.queries.coaching import coachings_of
from shoshin.community.queries.colleagues import mine
from shoshin.community.queries.showings import shown_by, shown_to

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@dataclass(frozen=True)
class Waits:
    """What colleagues show and ask this person, and what they showed themself and somebody has written about."""

    shown: tuple[Showing, ...]
    met: tuple[Showing, ...]
    invitations: tuple[Place, ...]
    requests: tuple[Coaching, ...]

    def __bool__(self) -> bool:
        return bool(self.shown or self.met or self.invitations or self.requests)


def waiting_for(member: "Membership", at: datetime) -> Waits:
    """What waits for one person: showings that still ask for a view and not yet have theirs, and requests."""
    written = Review.objects.filter(mine(member), showing=OuterRef("pk"))
    closed = Review.objects.filter(showing=OuterRef("pk"), opened_at=None)
    asking = shown_to(member, at).annotate(written=Count("reviews")).filter(written__lt=F("wished"))
    return Waits(
        tuple(asking.exclude(Exists(written))),
        tuple(shown_by(member).filter(Exists(closed))),
        tuple(invitations_to(member)),
        tuple(coachings_of(member).filter(mine(member, "coach"), accepted_at=None)),
    )
