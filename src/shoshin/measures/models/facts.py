"""The small parts of a measure's facts: words, figures with their sources, licence, items, scales.

Django-free. Every figure says where it is from, and whether it was seen (V), is from memory (M) or was
given by whoever brought the measure in (G).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*$", max_length=64)]
Mark = Literal["V", "M", "G"]
Respondent = Literal["client", "therapist", "supervisor"]
LicenceClass = Literal["PD", "BY-ND", "BY-NC-SA", "FREE-C", "ASK", "PAID", "OURS"]
Role = Literal["scored", "unscored", "risk", "free_text", "choice"]
ScaleKind = Literal["likert", "slider", "percent", "text", "choice"]
CutoffKind = Literal["caseness", "jt_c", "screen"]
Side = Literal["at_or_above", "at_or_below"]


def _as_words(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


def _has_english(value: dict[str, str]) -> dict[str, str]:
    if not value.get("en"):
        raise ValueError("needs at least the English words (en)")
    return value


Words = Annotated[dict[str, str], BeforeValidator(_as_words)]
"""Words of ours by language code; plain text in a file means English."""


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in this language, else in its base language, else in English."""
    return words.get(language) or words.get(language.partition("-")[0]) or words["en"]


class Facts(BaseModel):
    """Frozen, and strict about unknown keys, so that a slip of the pen is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Figure(Facts):
    """A number from the literature: where from, and V (seen or computed), M (from memory) or G (given)."""

    source: str = Field(min_length=1)
    mark: Mark


class Licence(Facts):
    """What may be shown, on what ground, and whether someone must confirm first."""

    kind: LicenceClass = Field(alias="class")
    evidence: str = Field(min_length=1)
    mark: Mark
    checked_on: date | None = None
    may_display: bool = True
    credit: Words = {"en": ""}
    needs_confirmation: bool = False
    statement: Words = {"en": ""}

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="after")
    def _open_or_confirmed(self) -> Self:
        if self.kind not in ("PD", "OURS") and self.may_display and not self.needs_confirmation:
            raise ValueError(f"class {self.kind} needs needs_confirmation: true, or may_display: false")
        if self.needs_confirmation and not self.statement.get("en"):
            raise ValueError("needs the statement that a person confirms")
        return self


class Scale(Facts):
    """The answers an item offers. `onto` maps a scale onto another before scoring (0-100 onto 1-9)."""

    kind: ScaleKind
    values: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float = 1
    anchors: int = 0
    codes: dict[str, str] = {}
    onto: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in ("likert", "choice") and (len(self.values) < 2 or len(set(self.values)) != len(self.values)):
            raise ValueError("needs at least two different values")
        if self.kind in ("slider", "percent") and (self.low is None or self.high is None or self.low >= self.high):
            raise ValueError("needs low and high, low below high")
        if self.onto and self.onto[0] >= self.onto[1]:
            raise ValueError("onto goes from a lower to a higher figure")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest answer."""
        if self.values:
            return min(self.values), max(self.values)
        return self.low or 0.0, self.high or 0.0

    @property
    def scored_ends(self) -> tuple[float, float]:
        """The lowest and the highest figure that enters a score."""
        return self.onto or self.ends

    def offers(self, value: float) -> bool:
        """Whether an answer is one that this scale offers."""
        if self.values:
            return value in self.values
        low, high = self.ends
        return low <= value <= high

    def scored(self, value: float) -> float:
        """The figure that enters a score for this answer."""
        if self.onto is None:
            return value
        (low, high), (start, end) = self.ends, self.onto
        return start + (value - low) * (end - start) / (high - low)


class Item(Facts):
    """One question: its place on a form and a short neutral label in our words, never its wording."""

    id: Slug
    label: Words
    scale: Slug
    role: Role = "scored"
    codes: dict[str, str] = {}

    @property
    def counts(self) -> bool:
        """Whether its answer may enter a score."""
        return self.role in ("scored", "risk")


class Band(Facts):
    """A stretch of a score with a word for it; both ends belong to it."""

    low: float
    high: float
    word: Words


class Bands(Figure):
    """The bands of a score, without gaps."""

    steps: tuple[Band, ...] = Field(min_length=2)


class Cutoff(Figure):
    """A line on a score. Caseness (a service's rule), screen and Jacobson-Truax c are different lines."""

    kind: CutoffKind
    points: float
    side: Side
    population: str = Field(min_length=1)


class Norm(Figure):
    """How a score is spread in one population."""

    id: Slug
    population: str
    n: int | None = None
    mean: float | None = None
    sd: float | None = Field(default=None, gt=0)


class Reliability(Figure):
    """How repeatable a score is: internal consistency (alpha) or retest after `interval`."""

    kind: Literal["alpha", "retest", "given"]
    value: float = Field(gt=0, lt=1)
    interval: str = ""


class OfficialChange(Figure):
    """The published number of points that counts as reliable change."""

    points: float = Field(gt=0)
    confidence: float | None = Field(default=None, gt=0.5, lt=1)


class ChangeBasis(Facts):
    """Which norm's SD and which reliability the computed reliable change uses."""

    norm: Slug
    reliability: Literal["alpha", "retest", "given"] = "alpha"


class Example(Facts):
    """A scored form: what the answers must come to. Read back at every load."""

    answers: dict[str, float | str]
    scores: dict[str, float]


class Schedule(Facts):
    """When this measure is usually sent; a course may differ."""

    when: Literal["every_appointment", "every_four", "intake_and_end", "monthly", "quarterly", "early"]
    asked: Literal["before", "after"] = "before"  # before an appointment, or after it about how it went
    minimum_gap_days: int = 0
