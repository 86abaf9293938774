"""Who coaches whom, what was shown between them, and whether a coach may take on somebody new."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.community.models import Coaching, Leave, Showing
from shoshin.community.queries.colleagues import mine, still_here
from shoshin.community.queries.showings import shown_to
from shoshin.kit.policy import Hat
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST = 90  # days since a coach last showed a practice of their own, days of leave not counted


@dataclass(frozen=True)
class CoachStanding:
    """Whether somebody may take on a new trainee, with what it rests on. Present trainees are never touched by it."""

    last_shown: date | None
    days: int | None
    away: bool

    @property
    def may_take(self) -> bool:
        return self.days is not None and self.days <= LONGEST


def standing_of(member: "Membership", at: datetime) -> CoachStanding:
    """How many days ago this person last showed a practice, not counting leave, and whether they are away today."""
    today = people.day_of(member.clinic, at)
    leaves = [(row.begins_on, row.ends_on) for row in leaves_of(member)]
    away = any(begins <= today <= ends for begins, ends in leaves)
    last = Showing.objects.filter(mine(member), shown_at__lte=at).order_by("-shown_at").first()
    if last is None:
        return CoachStanding(None, None, away)
    since = people.day_of(member.clinic, last.shown_at)
    passed = (since + timedelta(days=n) for n in range(1, (today - since).days + 1))
    counted = sum(not any(begins <= day <= ends for begins, ends in leaves) for day in passed)
    return CoachStanding(since, counted, away)


def coachings_of(member: "Membership") -> "QuerySet[Coaching]":
    """Every relation of this person that goes on or waits for its answer, on either side, the latest first."""
    side = mine(member, "trainee") | mine(member, "coach")
    open_ones = Coaching.objects.filter(side, still_here("trainee"), still_here("coach"), ended_at=None)
    return open_ones.select_related("trainee__person", "coach__person", "clinic").order_by("-asked_at", "-pk")


def coaching_for(hat: Hat, pk: int) -> Coaching:
    """A relation this person is one of the two in; 404 for everybody else."""
    found = coachings_of(hat.member).filter(pk=pk).first()
    if found is None:
        raise Http404("No such coaching of yours.")
    return found


def asked_coaching_for(hat: Hat, pk: int) -> Coaching:
    """A request that waits for this person's answer as a coach; 404 for anybody else's."""
    found = coachings_of(hat.member).filter(mine(hat.member, "coach"), pk=pk, accepted_at=None).first()
    if found is None:
        raise Http404("Nobody asks you that.")
    return found


def shown_between(coaching: Coaching, hat: Hat) -> "QuerySet[Showing]":
    """What the one asking may see of what the other of the two shows them now. A coach sees nothing else."""
    is_coach = coaching.coach.person_id == hat.member.person_id
    other = coaching.trainee if is_coach else coaching.coach
    assert hat.at is not None
    return shown_to(hat.member, hat.at).filter(mine(other))


def leaves_of(member: "Membership") -> "QuerySet[Leave]":
    """This person's days of leave, the latest first."""
    return Leave.objects.filter(mine(member)).order_by("-begins_on", "-pk")


def leave_for(hat: Hat, pk: int) -> Leave:
    """One leave of one's own; 404 for anybody else's."""
    found = leaves_of(hat.member).filter(pk=pk).first()
    if found is None:
        raise Http404("No such leave of yours.")
    return found
