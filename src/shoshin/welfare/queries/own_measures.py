"""Measures about oneself: which there are, whether they are worded, when the next one may be filled in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.measures import queries as measures
from shoshin.welfare.models import OwnResponse
from shoshin.welfare.queries.days import day_of, own

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Membership

AGAIN_AFTER = timedelta(days=30)  # monthly at most
COUNTS_FOR = timedelta(days=92)  # how long an answer says something about now: a quarter, our choice


@dataclass(frozen=True)
class OwnScore:
    """One score of a filled measure, with its whole range and direction."""

    score_id: str
    title: str
    value: float | None
    low: float
    high: float
    higher_is_worse: bool


@dataclass(frozen=True)
class OwnMeasure:
    """One measure about oneself, and how it stands with this person."""

    version: "MeasureVersion"
    title: str
    short: str
    worded: bool
    last: OwnResponse | None
    opens_on: date | None  # None: it may be filled in now

    @property
    def measure_id(self) -> str:
        return self.version.measure_id


def responses_of(member: "Membership", at: datetime) -> QuerySet[OwnResponse]:
    """The member's own filled measures up to a moment, newest first."""
    found: QuerySet[OwnResponse] = OwnResponse.objects.filter(own(member), filled_at__lte=at)
    return found.select_related("version").order_by("-filled_at", "-pk")


def own_measures(member: "Membership", language: str, at: datetime) -> list[OwnMeasure]:
    """Every measure that a therapist fills in about themself. One that asks about safety is not among them."""
    rows = [row for row in measures.current_measures(member.clinic) if _is_own(row)]
    return [own_measure(member, row, language, at) for row in rows]


def own_measure(member: "Membership", row: "MeasureVersion", language: str, at: datetime) -> OwnMeasure:
    """How one measure stands with this person."""
    facts = measures.facts(row)
    last = responses_of(member, at).filter(version__measure_id=row.measure_id).first()
    again_at = last.filled_at + AGAIN_AFTER if last is not None else None
    return OwnMeasure(
        version=row,
        title=measures.in_language(facts.title, language),
        short=facts.short,
        worded=measures.is_worded(row, language, member.clinic),
        last=last,
        opens_on=day_of(member.clinic, again_at) if again_at is not None and again_at > at else None,
    )


def own_measure_for(hat: Hat, measure_id: str, language: str) -> OwnMeasure:
    """One measure about oneself, or 404: also for a measure that clients fill in."""
    try:
        row = measures.measure_version(measure_id, clinic=hat.member.clinic)
    except measures.CannotFindMeasure as unknown:
        raise Http404(str(unknown)) from None
    if not _is_own(row) or hat.at is None:
        raise Http404("This measure is not about oneself.")
    return own_measure(hat.member, row, language, hat.at)


def _is_own(row: "MeasureVersion") -> bool:
    facts = measures.facts(row)
    return facts.respondent == "therapist" and facts.safety is None


def scores_of(response: OwnResponse, language: str) -> list[OwnScore]:
    """What one filled measure came to, in the order of its facts."""
    facts = measures.facts(response.version)
    return [
        OwnScore(
            score_id=score.id,
            title=measures.in_language(score.title, language),
            value=response.scores.get(score.id),
            low=score.low,
            high=score.high,
            higher_is_worse=score.higher_is_worse,
        )
        for score in facts.scores
    ]


def latest_scores(member: "Membership", measure_id: str, at: datetime) -> dict[str, float]:
    """The scores of the last filled form of a measure, while it still says something about now."""
    recent = responses_of(member, at).filter(version__measure_id=measure_id, filled_at__gt=at - COUNTS_FOR)
    scores = recent.values_list("scores", flat=True).first() or {}
    return {name: value for name, value in scores.items() if value is not None}
