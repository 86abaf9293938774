"""A measure as facts: what it asks, how it scores, what a score means, what may be shown. Django-free."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from shoshin.measures.models.facts import (
    Bands,
    ChangeBasis,
    Cutoff,
    Example,
    Facts,
    Item,
    Licence,
    Mark,
    Norm,
    OfficialChange,
    Reliability,
    Respondent,
    Scale,
    Schedule,
    Slug,
    Words,
)
from shoshin.science.scales import Method, ScoreRule, Subgroup, round_half_up


class Domain(Facts):
    """Items of a score among which fewer may be missing than in the whole."""

    id: Slug
    items: tuple[str, ...]
    max_missing: int


class ScoreFacts(Facts):
    """One score: how it is made, and everything known about reading it."""

    id: Slug
    title: Words
    codes: dict[str, str] = {}
    items: tuple[str, ...] = Field(min_length=1)
    method: Method
    reverse: tuple[str, ...] = ()
    max_missing: int = 0
    decimals: int = 0
    table: dict[int, float] = {}
    domains: tuple[Domain, ...] = ()
    low: float
    high: float
    higher_is_worse: bool
    primary: bool = False
    instead_of: Slug | None = None
    bands: Bands | None = None
    cutoffs: tuple[Cutoff, ...] = ()
    norms: tuple[Norm, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()
    official_change: OfficialChange | None = None
    change_basis: ChangeBasis | None = None

    def norm(self, norm_id: str) -> Norm | None:
        """The norm of this id."""
        return next((norm for norm in self.norms if norm.id == norm_id), None)

    def reliability(self, kind: str) -> Reliability | None:
        """The reliability of this kind."""
        return next((each for each in self.reliabilities if each.kind == kind), None)

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.change_basis and self.official_change is None and not self._basis_is_known():
            raise ValueError("change_basis names a norm with an SD and a reliability that this score has")
        if self.bands:
            steps = self.bands.steps
            if steps[0].low != self.low or steps[-1].high != self.high:
                raise ValueError(f"bands go from {self.low:g} to {self.high:g}, like the score")
            if any(b.low > b.high for b in steps) or any(a.high >= b.low for a, b in pairwise(steps)):
                raise ValueError("bands rise, without overlap")
        if any(not self.low <= cutoff.points <= self.high for cutoff in self.cutoffs):
            raise ValueError("a cut-off lies outside the score's range")
        return self

    def _basis_is_known(self) -> bool:
        basis = self.change_basis
        norm = basis and self.norm(basis.norm)
        return bool(basis and norm and norm.sd and self.reliability(basis.reliability))


class Count(Facts):
    """How many of these items stand at `value` or more; `special` items have a value of their own."""

    items: tuple[str, ...]
    value: float
    special: dict[str, float] = {}
    at_least: int
    at_most: int | None = None


class Pattern(Facts):
    """A diagnostic pattern of answers: a prompt to ask, never a diagnosis."""

    id: Slug
    title: Words
    counts: tuple[Count, ...]
    source: str
    mark: Mark


class Safety(Facts):
    """Which items ask about risk, from what answer on, and what an unanswered one means."""

    items: tuple[str, ...]
    threshold: float
    when_missing: Literal["ask", "marked"] = "ask"
    message: Slug = "safety-numbers"


class Measure(Facts):
    """Everything about an instrument but its wording. Immutable: a change is a new version."""

    id: Slug
    version: str = Field(min_length=1, max_length=32)
    title: Words
    short: str = Field(min_length=1, max_length=24)
    construct_: Words = Field(alias="construct")
    respondent: Respondent = "client"
    recall: Words = {"en": ""}
    codes: dict[str, str] = {}
    validated: bool
    source: str = Field(min_length=1)
    licence: Licence
    scales: dict[str, Scale] = {}
    items: tuple[Item, ...] = ()
    scores: tuple[ScoreFacts, ...] = Field(min_length=1)
    patterns: tuple[Pattern, ...] = ()
    safety: Safety | None = None
    variant_without_risk: Slug | None = None
    schedule: Schedule | None = None
    example: Example | None = None
    totals_only: bool = False
    notes: Words = {"en": ""}

    model_config = Facts.model_config | {"populate_by_name": True}

    def item(self, item_id: str) -> Item:
        """The item of this id; KeyError for a stranger."""
        return self._by_id[item_id]

    def score(self, score_id: str) -> ScoreFacts:
        """The score of this id; KeyError for a stranger."""
        return self._scores_by_id[score_id]

    def scale_of(self, item_id: str) -> Scale:
        """The scale on which this item is answered."""
        return self.scales[self.item(item_id).scale]

    @property
    def primary(self) -> ScoreFacts:
        """The score that is drawn first."""
        return next((score for score in self.scores if score.primary), self.scores[0])

    @property
    def asked_after(self) -> bool:
        """Whether it asks about an appointment that has been, not before one that comes."""
        return self.schedule is not None and self.schedule.asked == "after"

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _scores_by_id(self) -> dict[str, ScoreFacts]:
        return {score.id: score for score in self.scores}

    @cached_property
    def rules(self) -> dict[str, ScoreRule]:
        """How each score is computed, by score id. Empty for a measure known by its totals only."""
        return {} if self.totals_only else {score.id: self._rule(score) for score in self.scores}

    def _rule(self, score: ScoreFacts) -> ScoreRule:
        ends = {item: self.scale_of(item).scored_ends for item in score.items}
        return ScoreRule(
            id=score.id,
            items=score.items,
            method=score.method,
            low={item: low for item, (low, _) in ends.items()},
            high={item: high for item, (_, high) in ends.items()},
            reverse=score.reverse,
            max_missing=score.max_missing,
            decimals=score.decimals,
            table=score.table,
            subgroups=tuple(Subgroup(d.id, d.items, d.max_missing) for d in score.domains),
        )

    def canonical(self) -> dict[str, Any]:
        """The facts as plain data, without what was left at its default: stable when the schema grows."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def sha256(self) -> str:
        """The fingerprint of these facts."""
        return fingerprint(self.canonical())

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [*_unknown_references(self), *_score_problems(self), *_safety_problems(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def fingerprint(plain: dict[str, Any]) -> str:
    """SHA-256 of plain data in one fixed spelling."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _unknown_references(measure: Measure) -> list[str]:
    ids = [item.id for item in measure.items]
    found = [f"item {item_id} appears twice" for item_id in {i for i in ids if ids.count(i) > 1}]
    found += [f"item {i.id} names the unknown scale {i.scale}" for i in measure.items if i.scale not in measure.scales]
    if measure.totals_only:
        return found
    named = {f"score {score.id}": (*score.items, *score.reverse) for score in measure.scores}
    named |= {f"pattern {p.id}": tuple(i for c in p.counts for i in c.items) for p in measure.patterns}
    named["safety"] = measure.safety.items if measure.safety else ()
    return found + [
        f"{where} names the unknown item {i}" for where, items in named.items() for i in items if i not in ids
    ]


def _score_problems(measure: Measure) -> list[str]:
    ids = [score.id for score in measure.scores]
    found = [f"score {score_id} appears twice" for score_id in {i for i in ids if ids.count(i) > 1}]
    if sum(score.primary for score in measure.scores) != 1:
        found.append("exactly one score is primary")
    known = {item.id: item for item in measure.items if item.scale in measure.scales}
    for score in measure.scores:
        if measure.totals_only or any(item not in known for item in score.items):
            continue
        uncounted = [item for item in score.items if not known[item].counts]
        found += [f"score {score.id} counts item {item}, which is not scored" for item in uncounted]
        if not uncounted:
            found += _range_problems(measure, score)
    return found


def _range_problems(measure: Measure, score: ScoreFacts) -> list[str]:
    ends = [measure.scales[measure.item(item).scale].scored_ends for item in score.items]
    low, high = attainable(ends, score.method, score.decimals, score.table)
    if (low, high) == (score.low, score.high):
        return []
    return [f"score {score.id} says {score.low:g} to {score.high:g}, its items give {low:g} to {high:g}"]


def attainable(
    ends: list[tuple[float, float]], method: Method, decimals: int, table: Mapping[int, float]
) -> tuple[float, float]:
    """The lowest and the highest score that items with these lowest and highest answers can give."""
    if method == "lookup":
        return min(table.values(), default=0), max(table.values(), default=0)
    if method == "percent_mean":
        return 0, 100
    share = len(ends) if method in ("mean", "mean_x10") else 1
    factor = {"mean_x10": 10, "sum_x2": 2, "sum_x4": 4}.get(method, 1)
    low, high = (round_half_up(sum(side) * factor / share, decimals) for side in zip(*ends, strict=True))
    return low, high


def _safety_problems(measure: Measure) -> list[str]:
    risky = {item.id for item in measure.items if item.role == "risk"}
    guarded = set(measure.safety.items) if measure.safety else set()
    if risky != guarded:
        return [f"safety names {sorted(guarded) or 'no items'}, but the items of role risk are {sorted(risky)}"]
    return []
