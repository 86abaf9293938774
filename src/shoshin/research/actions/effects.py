"""Counting closed courses into therapist effects, and showing one's own to one person for a while."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from shoshin.kit.action import Actor, action
from shoshin.mart.courses import ClosedCourses
from shoshin.people import queries as people
from shoshin.research.models import ClinicEffect, EffectView, OwnEffect
from shoshin.research.queries.effects import people_to_show, views_to_go
from shoshin.science.therapist_effects import (
    OUTCOMES,
    PRIORS,
    Cases,
    ClinicShare,
    NoOwnResult,
    Outcome,
    OwnResult,
    cases_of,
    clinic_share,
    coarse_results,
    coarse_share,
    own_results,
)

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership

LONGEST_VIEW = timedelta(days=30)


class CannotShow(ValueError):
    """Nothing is shown to anybody."""


@dataclass(frozen=True)
class BuiltEffects:
    """How much one build made: clinics with closed courses, therapists with a row, and how many have a figure."""

    clinics: int
    therapists: int
    with_figure: int


@action("research.build_effects")
def build_effects(
    *, courses: ClosedCourses, key_of: "Callable[[Membership], str]", by: Actor, at: datetime
) -> BuiltEffects:
    """Count every clinic's closed courses anew, in place of every earlier build.

    `key_of` gives the opaque key by which the mart knows a membership. Whoever is in the mart and has left still counts
    in the clinic's figures and gets no row. A course that the mart no longer holds is in none of the new figures.
    """
    known = {key_of(member): member for member in people.open_memberships()}
    OwnEffect.objects.all().delete()
    ClinicEffect.objects.all().delete()
    clinics = _clinics_of(courses, known)
    own: list[OwnEffect] = []
    for key, clinic in clinics.items():
        cases = _cases(courses, courses.clinic == key)
        mine = {key: member for key, member in known.items() if member.clinic_id == clinic.pk}
        ClinicEffect.objects.bulk_create(row for outcome in OUTCOMES for row in clinic_rows(clinic, cases, outcome, at))
        own += [row for outcome in OUTCOMES for row in own_rows(mine, cases, outcome, at)]
    OwnEffect.objects.bulk_create(own)
    figures = {row.member_id for row in own if row.estimate is not None}
    return BuiltEffects(len(clinics), len({row.member_id for row in own}), len(figures))


def _clinics_of(courses: ClosedCourses, known: "Mapping[str, Membership]") -> "dict[str, Clinic]":
    """Which clinic is behind each of the mart's keys: that of the therapists found under it."""
    votes: dict[str, Counter[int]] = {}
    for key, therapist in set(zip(courses.clinic.tolist(), courses.therapist.tolist(), strict=True)):
        if therapist in known:
            votes.setdefault(key, Counter())[known[therapist].clinic_id] += 1
    found = {key: counted.most_common(1)[0][0] for key, counted in votes.items()}
    if len(set(found.values())) < len(found) or any(len(counted) > 1 for counted in votes.values()):
        raise ValueError("The mart joins or divides clinics: build it anew. Nothing was counted.")
    clinics = {member.clinic_id: member.clinic for member in known.values()}
    return {key: clinics[pk] for key, pk in sorted(found.items())}


def _cases(courses: ClosedCourses, here: NDArray[np.bool_]) -> Cases:
    names = ("therapist", "course", "measure", "first", "last", "direction", "appointments", "planned")
    return cases_of(**{name: getattr(courses, name)[here] for name in names})


def clinic_rows(clinic: "Clinic", cases: Cases, outcome: Outcome, at: datetime) -> list[ClinicEffect]:
    """One clinic's rows of one outcome. What is kept, and so shown anywhere, is rounded: see coarse_share."""
    found = clinic_share(cases, outcome)
    about: dict[str, Any] = {"clinic": clinic, "outcome": outcome, "built_at": at}
    about |= {"therapists": found.therapists, "courses": found.courses, "reason": found.reasons[0].code}
    if isinstance(found, ClinicShare):
        found = coarse_share(found)
        return [
            ClinicEffect(**about, severity=round(each.severity), share=each.share, low=each.low, high=each.high)
            for each in found.shares
        ]
    return [ClinicEffect(**about, missing_therapists=found.missing_therapists, missing_courses=found.missing_courses)]


def own_rows(mine: "Mapping[str, Membership]", cases: Cases, outcome: Outcome, at: datetime) -> list[OwnEffect]:
    """The rows of these members of one clinic. What is kept of their results is rounded: see coarse_results."""
    found = coarse_results(own_results(cases, outcome))
    return [_own_row(mine[key], one, at) for key, one in found.items() if key in mine]


def _own_row(member: "Membership", found: OwnResult | NoOwnResult, at: datetime) -> OwnEffect:
    row = OwnEffect(clinic_id=member.clinic_id, member=member, outcome=found.outcome, built_at=at)
    row.courses, row.reason = found.courses, found.reasons[0].code
    if isinstance(found, OwnResult):
        row.estimate, row.low, row.high = found.estimate, found.low, found.high
        row.typical, row.chance, row.leans = found.typical, found.chance, found.leans
        row.source = PRIORS[found.outcome].source if found.leans else ""
    return row


@action("research.show_results")
def show_results(*, to: "Membership", by: "Membership", at: datetime) -> EffectView:
    """Show one's own results to one colleague for 30 days. Never to whoever owns, leads or operates the clinic."""
    allowed = {each.pk for each in people_to_show(by)}
    if to.pk not in allowed:
        raise CannotShow(_("Choose a colleague who decides nothing about you."))
    over = Q(ends_at__lte=at) | ~Q(shown_to__in=allowed)
    EffectView.objects.filter(over, member=by, closed_at=None).update(closed_at=at)
    ends_at = at + LONGEST_VIEW
    try:
        with transaction.atomic():
            return EffectView.objects.create(
                clinic_id=by.clinic_id, member=by, shown_to=to, shown_at=at, ends_at=ends_at
            )
    except IntegrityError:
        raise CannotShow(_("One person sees your results already. Take that back first.")) from None


@action("research.take_back_results")
def take_back_results(*, view: EffectView, by: "Membership", at: datetime) -> EffectView:
    """Take a view back at once. What was read stays read."""
    if view.member_id != by.pk:
        raise CannotShow(_("This view was not given by you. Nothing was changed."))
    if view.closed_at is None:
        view.closed_at = at
        view.save(update_fields=["closed_at"])
    return view


@action("research.forget_old_views")
def forget_old_views(*, by: Actor, at: datetime) -> int:
    """Forget views that ended a year ago. That they were given stays in the audit trail."""
    gone, _rows = views_to_go(at).delete()
    return gone
