"""A person's own rounds and attempts. Every query here takes the hat: nobody else's are ever found."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.practice.models import Ability, Attempt, Goal, Rating, Round

if TYPE_CHECKING:
    from datetime import date, datetime

    from shoshin.people.models import Membership


@dataclass(frozen=True)
class TriedRound:
    """One round in figures: how many statements were answered, and in how many the criterion was met, by oneself."""

    pk: int
    title: str
    began_at: "datetime"
    tries: int
    met: int


def rounds_for(goal: Goal) -> tuple[TriedRound, ...]:
    """What was tried for a goal, oldest first. A round without an answer is none."""
    rows = Round.objects.filter(goal=goal).select_related("exercise").order_by("began_at", "pk")
    counted = rows.annotate(tries=Count("attempts"), met=Count("attempts", filter=Q(attempts__rating=Rating.MET)))
    return tuple(
        TriedRound(row.pk, row.exercise.title, row.began_at, row.tries, row.met) for row in counted if row.tries
    )


def round_for(hat: Hat, pk: int, *along: str) -> Round:
    """One of this person's own rounds with its exercise; 404 for anybody else's. `along`: what else is read with it."""
    found = Round.objects.filter(member=hat.member, pk=pk).select_related("exercise", *along).first()
    if found is None:
        raise Http404("No such round of yours.")
    found.member, found.clinic = hat.member, hat.member.clinic  # known already, so that nobody asks again
    return found


def attempt_for(hat: Hat, pk: int, *along: str) -> Attempt:
    """One of this person's own attempts; 404 for anybody else's. `along`: what it hangs on, read with it."""
    found = Attempt.objects.filter(member=hat.member, pk=pk).select_related(*along or (None,)).first()
    if found is None:
        raise Http404("No such attempt of yours.")
    found.member, found.clinic = hat.member, hat.member.clinic
    return found


def running_round(member: "Membership") -> Round | None:
    """The round that was begun last and not ended, if there is one."""
    return Round.objects.filter(member=member, ended_at=None).select_related("exercise").order_by("-began_at").first()


def latest_rounds(member: "Membership", most: int = 10) -> list[Round]:
    """The latest rounds with at least one attempt, newest first."""
    found = Round.objects.filter(member=member, attempts__isnull=False).distinct()
    return list(found.select_related("exercise").order_by("-began_at")[:most])


def attempts_of(member: "Membership") -> QuerySet[Attempt]:
    """All of a person's attempts, newest first."""
    return (
        Attempt.objects.filter(member=member)
        .select_related("statement", "round__exercise__skill", "recording")
        .order_by("-answered_at", "-pk")
    )


def useful_mistakes(member: "Membership") -> QuerySet[Attempt]:
    """The attempts a person kept because they taught something."""
    return attempts_of(member).filter(is_useful=True)


def unfinished(round: Round) -> Attempt | None:
    """The attempt of a round that still waits for its rating or its reaction."""
    return round.attempts.filter(reaction="").select_related("statement").order_by("number").first()


def returning_skills(member: "Membership", today: "date") -> list[str]:
    """Mastered skills that should be met again by now, the longest waiting first."""
    due = Ability.objects.filter(member=member, returns_on__lte=today).order_by("returns_on")
    return list(due.values_list("skill_slug", flat=True))
