"""Whose results are whose. Every query starts from one person, and answers with that person's figures or a clinic's.

No query takes a list of people, and none orders by a figure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.people import queries as people
from shoshin.research.models import ClinicEffect, Counted, EffectView, OwnEffect, open_view
from shoshin.research.queries.words import ToldResult, ToldShare, told_result, told_share
from shoshin.science.therapist_effects import FEWEST_OWN

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership

OUTCOMES = tuple(Counted.values)
KEPT = timedelta(days=365)  # of a view after its end


@dataclass(frozen=True)
class Results:
    """One person's results, an outcome after the other, and how many closed courses there are."""

    built_at: datetime | None
    courses: int
    missing: int
    told: tuple[ToldResult, ...]

    @property
    def any_figure(self) -> bool:
        """Whether there is something to look at, for which limits have to be said."""
        return any(each.picture for each in self.told)


@dataclass(frozen=True)
class ClinicResults:
    """A clinic's shares, an outcome after the other. Nobody is in it."""

    built_at: datetime | None
    told: tuple[ToldShare, ...]


def results_of(member: "Membership") -> Results:
    """One therapist's own results, as the last build left them. The caller has settled that the reader may see them."""
    rows = sorted(OwnEffect.objects.filter(member=member), key=lambda row: OUTCOMES.index(row.outcome))
    courses = max((row.courses for row in rows), default=0)
    told = tuple(told_result(row) for row in rows)
    built = OwnEffect.objects.filter(clinic=member.clinic).values_list("built_at", flat=True).first()
    return Results(built, courses, max(0, FEWEST_OWN - courses), told)


def clinic_effects(clinic: "Clinic | None" = None) -> QuerySet[ClinicEffect]:
    """The shares of one clinic, or of every clinic here: outcome by outcome, average severity first."""
    rows = ClinicEffect.objects.select_related("clinic").order_by("clinic_id", "pk")
    return rows if clinic is None else rows.filter(clinic=clinic)


def clinic_results(hat: Hat) -> ClinicResults:
    """The shares of the clinic that this person leads, or 404."""
    if not hat.member.leads:
        raise Http404("Only the owner and the team's leads open this page.")
    rows = list(clinic_effects(hat.member.clinic))
    outcomes = [[row for row in rows if row.outcome == outcome] for outcome in OUTCOMES]
    told = tuple(told_share(each) for each in outcomes if each)
    return ClinicResults(rows[0].built_at if rows else None, told)


def may_be_shown(clinic: "Clinic") -> "QuerySet[Membership]":
    """To whom somebody's results may be shown at all: therapists who hold no office over others in the clinic.

    Whoever owns, leads or operates is left out with every hat they wear, since a figure would be read by the one who
    decides about somebody.
    """
    return people.therapists_without_office(clinic)


def people_to_show(member: "Membership") -> "list[Membership]":
    """The colleagues to whom this person may show their results."""
    return list(may_be_shown(member.clinic).exclude(person_id=member.person_id))


def view_given(member: "Membership", at: datetime) -> EffectView | None:
    """The one view that this person has given and that opens something now."""
    allowed = may_be_shown(member.clinic).values("pk")
    rows = EffectView.objects.filter(open_view(at), member=member, shown_to__in=allowed)
    return rows.select_related("shown_to__person").first()


def views_received(member: "Membership", at: datetime) -> list[EffectView]:
    """Who shows this person their results: names to open, one page each, and no figure."""
    if not may_be_shown(member.clinic).filter(pk=member.pk).exists():
        return []
    rows = EffectView.objects.filter(open_view(at), shown_to=member).select_related("member__person")
    return list(rows.order_by("member__person__name", "pk"))


def views_to_go(at: datetime) -> "QuerySet[EffectView]":
    """Views that ended a year ago."""
    return EffectView.objects.filter(ends_at__lt=at - KEPT)


def own_view_for(hat: Hat, pk: int) -> EffectView:
    """A view that this person has given, or 404."""
    found = EffectView.objects.filter(member=hat.member, pk=pk).first()
    if found is None:
        raise Http404("This person has given no such view.")
    return found


def shown_view_for(hat: Hat, pk: int, at: datetime) -> EffectView:
    """A view that is open to this person now, or 404: also when they have come to lead since it was given."""
    found = next((view for view in views_received(hat.member, at) if view.pk == pk), None)
    if found is None:
        raise Http404("No such view is open to this person.")
    return found
