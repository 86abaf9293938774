"""How to read a score: reliable change, cut-offs, bands, each with where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shoshin.measures.models import MeasureVersion
from shoshin.measures.models.definitions import ScoreFacts
from shoshin.measures.models.facts import Band, Cutoff
from shoshin.measures.queries.versions import facts
from shoshin.science.change import reliable_points

Origin = Literal["official", "computed", "none"]


@dataclass(frozen=True)
class ReliableChangeFigure:
    """How many points are more than error, and on what ground. `points` is None where it cannot be computed.

    A change meets an official figure at equality and must exceed a computed one. `facts` holds what a
    sentence about it needs: sd, reliability, reliability_kind, population, confidence.
    """

    points: float | None
    origin: Origin
    source: str = ""
    mark: str = ""
    facts: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def is_official(self) -> bool:
        """Whether this is a published figure, met at equality."""
        return self.origin == "official"


def reliable_change(version: MeasureVersion, score_id: str) -> ReliableChangeFigure:
    """The published figure where there is one, else the computed one, else none."""
    return change_figures(facts(version).score(score_id))[0]


def change_figures(score: ScoreFacts) -> list[ReliableChangeFigure]:
    """Every reliable-change figure known for a score, the one to use first."""
    found = [figure for figure in (_official(score), _computed(score)) if figure]
    return found or [ReliableChangeFigure(None, "none")]


def _official(score: ScoreFacts) -> ReliableChangeFigure | None:
    official = score.official_change
    if official is None:
        return None
    known: dict[str, float | str] = {"confidence": official.confidence} if official.confidence else {}
    return ReliableChangeFigure(official.points, "official", official.source, official.mark, known)


def _computed(score: ScoreFacts) -> ReliableChangeFigure | None:
    basis = score.change_basis
    norm = score.norm(basis.norm) if basis else None
    reliability = score.reliability(basis.reliability) if basis else None
    if norm is None or norm.sd is None or reliability is None:
        return None
    known: dict[str, float | str] = {
        "sd": norm.sd,
        "population": norm.population,
        "reliability": reliability.value,
        "reliability_kind": reliability.kind,
        "confidence": 0.95,
    }
    mark = next(each for each in ("G", "M", "V") if each in (norm.mark, reliability.mark))
    points = reliable_points(norm.sd, reliability.value, 0.95)
    return ReliableChangeFigure(
        points, "computed", "; ".join(dict.fromkeys((norm.source, reliability.source))), mark, known
    )


def cutoff(version: MeasureVersion, score_id: str, kind: str | None = None) -> Cutoff | None:
    """The cut-off of this kind; without a kind the one pages draw: caseness, else screen, else jt_c."""
    lines = {line.kind: line for line in facts(version).score(score_id).cutoffs}
    if kind is not None:
        return lines.get(kind)  # type: ignore[call-overload,no-any-return]
    return next((lines[each] for each in ("caseness", "screen", "jt_c") if each in lines), None)


def band(version: MeasureVersion, score_id: str, value: float) -> Band | None:
    """The band in which a score lies, None where the measure has none. Between two bands the lower counts."""
    bands = facts(version).score(score_id).bands
    reached = [step for step in bands.steps if step.low <= value] if bands else []
    return reached[-1] if reached else None
