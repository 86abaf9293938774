"""What a coach reads of a trainee who goes gently, what the trainee may do about it, and what was told when."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from shoshin.community.models import Coaching, GentleWord, GentleYes
from shoshin.community.models.gently import lately_told
from shoshin.community.queries.coaching import coachings_of
from shoshin.community.queries.colleagues import mine, still_here
from shoshin.practice import queries as practice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shoshin.people.models import Membership


@dataclass(frozen=True)
class Gently:
    """The trainee's side: whether today asks, what the coach reads now, the standing yes, and all that was told."""

    asks: bool
    word: GentleWord | None
    yes: GentleYes | None
    told: tuple[GentleWord, ...]


def standing_word(coaching: Coaching, at: datetime) -> GentleWord | None:
    """What the coach reads at this moment, if anything."""
    standing = GentleWord.objects.filter(lately_told(at), coaching=coaching, taken_back_at=None)
    return standing.order_by("-told_at").first()


def standing_yes(coaching: Coaching) -> GentleYes | None:
    """The yes that stands, if the trainee has given one."""
    return GentleYes.objects.filter(revoked_at=None, coaching=coaching).first()


def gently_of(coaching: Coaching, at: datetime) -> Gently:
    """Everything of it, for the trainee alone."""
    asks = practice.asks_gently(coaching.trainee, at)
    told = tuple(GentleWord.objects.filter(coaching=coaching).order_by("-told_at", "-pk"))
    return Gently(asks, standing_word(coaching, at), standing_yes(coaching), told)


def coaches_to_tell(member: "Membership", at: datetime) -> list[Coaching]:
    """On a day that asks this person to go gently: their coaches who were not told lately. On other days nobody."""
    if not practice.asks_gently(member, at):
        return []
    return list(_untold(at).filter(mine(member, "trainee"), pk__in=coachings_of(member)))


def words_due(at: datetime) -> list[Coaching]:
    """Where a standing yes, and a day that asks to go gently, meet: the coach is to be told, and was not lately."""
    agreed = GentleYes.objects.filter(coaching=OuterRef("pk"), revoked_at=None, given_at__lte=at)
    going_on = _untold(at).filter(Exists(agreed), still_here("trainee"), still_here("coach"))
    rows = going_on.select_related("clinic", "trainee__person", "trainee__clinic", "coach__person").order_by("pk")
    return [each for each in rows if practice.asks_gently(each.trainee, at)]


def _untold(at: datetime) -> "QuerySet[Coaching]":
    lately = GentleWord.objects.filter(lately_told(at), coaching=OuterRef("pk"))
    return Coaching.objects.filter(~Exists(lately), accepted_at__isnull=False, ended_at=None)
