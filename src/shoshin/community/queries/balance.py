"""Whether most of what somebody hears comes from one person. Said to the maker alone, and without a figure."""

from collections import Counter
from typing import TYPE_CHECKING

from shoshin.community.models import Review
from shoshin.community.queries.colleagues import mine

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LATEST, LEAST = 12, 6  # the views looked at, newest first; with fewer nothing is said


def mostly_from(member: "Membership") -> "Membership | None":
    """Who wrote more than half of the latest views of this person's work, if one person did."""
    rows = Review.objects.filter(mine(member, "showing__member")).select_related("member__person")
    latest = list(rows.order_by("-sent_at", "-pk")[:LATEST])
    if len(latest) < LEAST:
        return None
    ((person, times),) = Counter(row.member.person_id for row in latest).most_common(1)
    if 2 * times <= len(latest):
        return None
    return next(row.member for row in latest if row.member.person_id == person)
