"""Storing measures: the files that come with the product, and measures known by their totals only."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from shoshin.kit.action import Actor, action
from shoshin.measures.models import MeasureVersion, files
from shoshin.measures.models.definitions import Measure

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership


class CannotLoadMeasures(ValueError):
    """Measure files that were not stored; the message has a line for each problem."""


class CannotDefineTotalsMeasure(ValueError):
    """A totals-only measure whose figures contradict each other."""


@dataclass
class LoadReport:
    """What loading changed."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TotalsFigures:
    """What is known of a measure whose items we do not have. Without points, or SD with reliability, reliable
    change cannot be computed, and pages say so."""

    name: str
    low: float
    high: float
    higher_is_worse: bool
    source: str
    cutoff: float | None = None
    points: float | None = None
    sd: float | None = None
    reliability: float | None = None


@action("measures.load_measures")
def load_measures(*, by: Actor, at: datetime) -> LoadReport:
    """Store the measure files that come with the product. Loading twice changes nothing."""
    report = LoadReport()
    measures, problems = _read_all()
    problems += [problem for measure in measures for problem in _variant_problems(measure, measures)]
    kept = MeasureVersion.objects.filter(clinic=None).values_list("measure_id", "version", "sha256")
    known = {(measure_id, version): sha256 for measure_id, version, sha256 in kept}
    added = []
    for measure in measures:
        sha256 = known.get((measure.id, measure.version))
        if sha256 is None:
            added.append(_row(measure, clinic=None, maker=None, at=at))
            report.added.append(measure.id)
        elif sha256 == measure.sha256():
            report.unchanged.append(measure.id)
        else:
            problems.append(
                f"{measure.id}.yaml, version: the facts changed but the version is still {measure.version}. "
                "Answers are bound to a version for ever: give the file a new one."
            )
    if problems:
        raise CannotLoadMeasures("\n".join(problems))
    MeasureVersion.objects.bulk_create(added)
    return report


@action("measures.define_totals_measure")
def define_totals_measure(
    *, figures: TotalsFigures, clinic: "Clinic", by: "Membership | Actor", at: datetime
) -> MeasureVersion:
    """Store a measure known by its totals only. The same figures twice are the same measure."""
    slug = re.sub(r"[^a-z0-9]+", "-", figures.name.lower()).strip("-")[:48] or "measure"
    earlier: list[MeasureVersion] = list(
        MeasureVersion.objects.filter(clinic=clinic, measure_id=f"totals-{slug}").order_by("pk")
    )
    for stored in earlier:
        if stored.sha256 == _totals_measure(figures, stored.measure_id, stored.version).sha256():
            return stored
    measure = _totals_measure(figures, f"totals-{slug}", str(len(earlier) + 1))
    return _store(measure, clinic=clinic, maker=member(by), at=at)


@action("measures.forget_totals_measure")
def forget_totals_measure(*, version: MeasureVersion, by: "Membership | Actor", at: datetime) -> None:
    """A clinic's totals-only measure goes again, as no answer is bound to it: whoever calls has made sure."""
    # By queryset, so that the instance keeps its number for the audit row.
    MeasureVersion.objects.filter(pk=version.pk, clinic__isnull=False).delete()


def store_for_clinic(measure: Measure, clinic: "Clinic", by: "Membership | Actor", at: datetime) -> MeasureVersion:
    """Store an imported measure as this clinic's own; called inside an action."""
    return _store(measure, clinic=clinic, maker=member(by), at=at)


def member(by: "Membership | Actor") -> "Membership | None":
    """The membership that acts, or None for the operator at the terminal."""
    return None if isinstance(by, Actor) else by


def _read_all() -> tuple[list[Measure], list[str]]:
    measures, problems = [], []
    for path in files.measure_files():
        try:
            measures.append(files.read_measure_file(path))
        except files.CannotReadMeasure as refusal:
            problems += [str(problem) for problem in refusal.problems]
    return measures, problems


def _variant_problems(measure: Measure, measures: list[Measure]) -> list[str]:
    """The form offered where nobody reads risk answers is this one without its risk items, no more."""
    if measure.variant_without_risk is None:
        return []
    variant = next((each for each in measures if each.id == measure.variant_without_risk), None)
    if variant is None:
        return [f"{measure.id}.yaml, variant_without_risk: no file {measure.variant_without_risk}.yaml. Add it."]
    kept = [(item.id, item.scale, item.codes) for item in measure.items if item.role != "risk"]
    if kept == [(item.id, item.scale, item.codes) for item in variant.items]:
        return []
    return [f"{variant.id}.yaml, items: differ from {measure.id} without its risk items. Make them the same."]


def _store(measure: Measure, *, clinic: "Clinic | None", maker: "Membership | None", at: datetime) -> MeasureVersion:
    row = _row(measure, clinic=clinic, maker=maker, at=at)
    row.save()
    return row


def _row(measure: Measure, *, clinic: "Clinic | None", maker: "Membership | None", at: datetime) -> MeasureVersion:
    return MeasureVersion(
        measure_id=measure.id,
        version=measure.version,
        facts=measure.canonical(),
        sha256=measure.sha256(),
        clinic=clinic,
        created_at=at,
        created_by=maker,
    )


def _totals_measure(figures: TotalsFigures, measure_id: str, version: str) -> Measure:
    score: dict[str, object] = {
        "id": "total",
        "title": {"en": "Total", "de": "Summe"},
        "items": ["total"],
        "method": "sum",
        "decimals": 2,
        "low": figures.low,
        "high": figures.high,
        "higher_is_worse": figures.higher_is_worse,
        "primary": True,
        **_known_figures(figures),
    }
    if figures.low >= figures.high:
        raise CannotDefineTotalsMeasure("The lowest total must lie below the highest. Check the two figures.")
    try:
        return Measure.model_validate(
            {
                "id": measure_id,
                "version": version,
                "title": figures.name,
                "short": figures.name[:24],
                "construct": figures.name,
                "validated": True,
                "source": figures.source or "Named at import",
                "totals_only": True,
                "licence": {
                    "class": "ASK",
                    "evidence": "Totals only: no wording.",
                    "mark": "G",
                    "may_display": False,
                },
                "scores": [score],
            }
        )
    except ValidationError as error:
        what = str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
        raise CannotDefineTotalsMeasure(f"These figures do not fit together: {what}. Nothing was stored.") from None


def _known_figures(figures: TotalsFigures) -> dict[str, object]:
    """What the person gave, marked as given: no mean is invented, no kind of reliability guessed."""
    given = {"source": figures.source or "Named at import", "mark": "G"}
    known: dict[str, object] = {}
    if (figures.sd is None) != (figures.reliability is None):
        raise CannotDefineTotalsMeasure("Spread and reliability go together: give both, or neither.")
    if figures.points is not None:
        known["official_change"] = {"points": figures.points, **given}
    if figures.sd is not None:
        known["norms"] = [{"id": "given", "population": "named at import", "sd": figures.sd, **given}]
        known["reliabilities"] = [{"kind": "given", "value": figures.reliability, **given}]
        known["change_basis"] = {"norm": "given", "reliability": "given"}
    if figures.cutoff is not None:
        side = "at_or_above" if figures.higher_is_worse else "at_or_below"
        line = {"kind": "caseness", "points": figures.cutoff, "side": side, "population": "named at import"}
        known["cutoffs"] = [line | given]
    return known
