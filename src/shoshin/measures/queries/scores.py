"""What a form comes to: scores, answers that do not fit, risk marks, patterns. No database is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from shoshin.measures.models import MeasureVersion
from shoshin.measures.models.definitions import Count, Measure, Pattern
from shoshin.measures.queries.versions import facts
from shoshin.science.scales import BadAnswer, Score, score

Answer = float | int | str | None
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class AnswerProblem:
    """An answer that this measure does not offer."""

    item_id: str
    what: str


@dataclass(frozen=True)
class RiskMark:
    """A risk item marked at or above its threshold."""

    item_id: str
    label: dict[str, str]
    value: float
    threshold: float


def score_answers(version: MeasureVersion, answers: Answers) -> dict[str, Score]:
    """Every score of a form, by score id. Items that enter no score are passed over; BadAnswer if wrong."""
    return scores_of(facts(version), answers)


def scores_of(measure: Measure, answers: Answers) -> dict[str, Score]:
    """Every score of a form, from facts that need not be stored."""
    figures = {item.id: _figure(measure, item.id, answers) for item in measure.items if item.counts}
    return {
        score_id: score({item: figures[item] for item in rule.items if figures[item] is not None}, rule)
        for score_id, rule in measure.rules.items()
    }


def score_of_total(version: MeasureVersion, score_id: str, value: float) -> Score:
    """A total taken from paper or from a history file, checked against the score's range."""
    rule = facts(version).score(score_id)
    if isinstance(value, bool) or not rule.low <= value <= rule.high:
        raise BadAnswer(f"{rule.title['en']}: {value:g} is outside {rule.low:g} to {rule.high:g}.")
    return Score(value=float(value), answered=0, missing=(), prorated=False, raw=float(value))


def headline_score(version: MeasureVersion, scores: Mapping[str, Score]) -> tuple[str, Score]:
    """The score to show first: the primary one, or the one that stands in for it where it has no value."""
    measure = facts(version)
    primary = measure.primary.id
    stand_ins = [each.id for each in measure.scores if each.instead_of == primary]
    for score_id in (primary, *stand_ins):
        if score_id in scores and scores[score_id].value is not None:
            return score_id, scores[score_id]
    return primary, scores[primary]


def answer_problems(version: MeasureVersion, answers: Answers) -> list[AnswerProblem]:
    """Every answer that the measure does not offer, with a sentence. Empty: the form can be scored."""
    measure = facts(version)
    known = {item.id for item in measure.items}
    found = [AnswerProblem(item_id, "is no item of this measure") for item_id in answers if item_id not in known]
    for item in measure.items:
        value = answers.get(item.id)
        what = None if value is None else _misfit(measure, item.id, value)
        if what:
            found.append(AnswerProblem(item.id, what))
    return found


def risk_items_marked(version: MeasureVersion, answers: Answers) -> list[RiskMark]:
    """The risk items answered at or above the threshold, however much of the form is filled in."""
    measure = facts(version)
    if measure.safety is None:
        return []
    threshold = measure.safety.threshold
    given = [(item_id, answers.get(item_id)) for item_id in measure.safety.items]
    return [
        RiskMark(item_id, measure.item(item_id).label, float(value), threshold)
        for item_id, value in given
        if isinstance(value, int | float) and value >= threshold
    ]


def risk_items_missing(version: MeasureVersion, answers: Answers) -> list[str]:
    """The risk items left open: each is a reason to ask, never a nought."""
    safety = facts(version).safety
    return [item_id for item_id in safety.items if answers.get(item_id) is None] if safety else []


def patterns_met(version: MeasureVersion, answers: Answers) -> list[Pattern]:
    """Diagnostic patterns that these answers show: a prompt to ask, never a diagnosis."""
    return [each for each in facts(version).patterns if all(_reached(count, answers) for count in each.counts)]


def _reached(count: Count, answers: Answers) -> bool:
    given = {item: answers.get(item) for item in count.items}
    reached = sum(
        1
        for item, value in given.items()
        if isinstance(value, int | float) and value >= count.special.get(item, count.value)
    )
    return reached >= count.at_least and (count.at_most is None or reached <= count.at_most)


def _figure(measure: Measure, item_id: str, answers: Answers) -> float | None:
    value = answers.get(item_id)
    if value is None:
        return None
    misfit = _misfit(measure, item_id, value)
    if misfit:
        raise BadAnswer(f"{measure.short}, item {item_id}: {misfit}.")
    return measure.scale_of(item_id).scored(float(value))


def _misfit(measure: Measure, item_id: str, value: Answer) -> str | None:
    scale = measure.scale_of(item_id)
    if scale.kind == "text":
        return None if isinstance(value, str) else "takes words"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "takes a figure"
    if scale.offers(value):
        return None
    low, high = scale.ends
    return f"{value:g} is not among the answers it offers ({low:g} to {high:g})"
