"""Is it enough for today? The stop rule of `science.load` on this person's attempts. It suggests and never locks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from shoshin.people import queries as people
from shoshin.practice.models import Attempt, Round
from shoshin.science import load
from shoshin.welfare import queries as welfare

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_TRY = 10.0  # minutes that one attempt counts for at most; a page left open is no practice
LEFT_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Enough:
    """Whether to suggest stopping, and why in a sentence."""

    suggested: bool
    why: str


def enough_for_today(member: "Membership", at: datetime) -> Enough:
    """Whether what was tried today fills what today has room for."""
    budget = welfare.budget(member, at)
    found = load.stop_rule(budget, _tried_today(member, at))
    return Enough(found.stop, _in_words(found, budget) if found.stop else "")


def asks_gently(member: "Membership", at: datetime) -> bool:
    """Whether today asks this person to go gently or to rest. Nothing of why, and no figure, goes beyond this door."""
    return welfare.gate(member, at).colour != "green"


def left_rounds(at: datetime) -> list[Round]:
    """Rounds in which nothing has happened for a day."""
    since = at - LEFT_AFTER
    found = Round.objects.filter(ended_at=None, began_at__lte=since).exclude(attempts__received_at__gt=since)
    return list(found.select_related("exercise__skill", "member__clinic", "member__person", "clinic", "goal"))


def _tried_today(member: "Membership", at: datetime) -> list[tuple[float, load.Label | None]]:
    """Minutes and mark of each of today's attempts, in order."""
    today = people.day_of(member.clinic, at)
    lately = Q(answered_at__gt=at - timedelta(days=2), answered_at__lte=at)
    rows = Attempt.objects.filter(lately, member=member).select_related("round").order_by("answered_at", "number")
    before: dict[int, datetime] = {}
    found: list[tuple[float, load.Label | None]] = []
    for row in rows:
        passed = (row.answered_at - before.get(row.round_id, row.round.began_at)).total_seconds() / 60
        before[row.round_id] = row.answered_at
        if people.day_of(member.clinic, row.answered_at) == today:
            found.append((min(max(passed, 0.0), LONGEST_TRY), row.reaction or None))  # type: ignore[arg-type]
    return found


def _in_words(found: load.Stop, budget: load.Budget) -> str:
    if budget.load == 0:
        return _("Today asks for rest first. A round can wait.")
    if found.reasons[0].code == "attempts_used":
        return _("You have made the tries that fit into a week that asks for care.")
    return _("What you practised today fills what today has room for.")
