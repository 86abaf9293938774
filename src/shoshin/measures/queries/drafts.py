"""What a reader found in somebody's file, before it is a measure. Every reader fills the same draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shoshin.measures.models.definitions import Measure
from shoshin.measures.models.files import Problem
from shoshin.measures.models.wording import Wording
from shoshin.science.scales import Method

SHORTEST = 24
DraftKind = Literal["choice", "number", "text"]


@dataclass(frozen=True)
class DraftOption:
    """One answer: its words, its weight if the file has one, the raw value it stands for, a LOINC code."""

    text: str
    weight: float | None = None
    value: float | None = None
    code: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftItem:
    """One question and where it stands in the file."""

    id: str
    link: str
    text: str
    path: str
    kind: DraftKind
    options: tuple[DraftOption, ...] = ()
    low: float = 0
    high: float = 0
    whole: bool = True
    onto: tuple[float, float] | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    threshold: float | None = None
    parents: tuple[str, ...] = ()

    @property
    def has_weights(self) -> bool:
        """Whether every answer has a weight."""
        return self.kind == "choice" and bool(self.options) and all(o.weight is not None for o in self.options)

    @property
    def can_count(self) -> bool:
        """Whether its answer can enter a score."""
        return self.kind == "number" or self.has_weights

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest weight."""
        weights = [option.weight for option in self.options if option.weight is not None]
        return (min(weights), max(weights)) if weights else self.onto or (self.low, self.high)


@dataclass(frozen=True)
class DraftScore:
    """One score, as far as the file tells."""

    id: str
    title: str
    items: tuple[str, ...]
    method: Method = "sum"
    max_missing: int = 0
    decimals: int = 0
    table: Mapping[int, float] = field(default_factory=dict)
    higher_is_worse: bool | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A whole file, read."""

    file: str
    id: str
    version: str
    title: str
    items: tuple[DraftItem, ...]
    scores: tuple[DraftScore, ...] = ()
    stem: str = ""
    language: str = "en"
    credit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    respondent: Literal["client", "therapist"] = "client"
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    named: bool = True
    short: str = ""

    @property
    def asks_name(self) -> bool:
        """Whether the file gives no name, or one that is too long for a chart."""
        return not self.named or len(self.title) > SHORTEST


@dataclass(frozen=True)
class Choices:
    """What only a person can say about an imported form. None means: not said yet.

    `also_counted` are the lists of answers, by key, whose items enter the sum beside those of the largest list.
    """

    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    higher_is_worse: bool | None = None
    risk_items: tuple[str, ...] | None = None
    counted: tuple[str, ...] | None = None
    also_counted: tuple[str, ...] = ()
    short: str = ""


@dataclass(frozen=True)
class WeightQuestion:
    """Answers that have no weight in the file, and the items that offer them."""

    key: str
    answers: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What would come in: facts and wording, or problems, or questions only a person can answer."""

    file: str
    measure: Measure | None
    wording: Wording | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    weight_questions: tuple[WeightQuestion, ...] = ()
    asks_direction: bool = False
    asks_risk: bool = False
    draft: Draft | None = None

    @property
    def is_ready(self) -> bool:
        """Whether nothing is wrong and nothing is open."""
        asks = self.weight_questions or self.asks_direction or self.asks_risk
        return self.measure is not None and not self.problems and not asks
