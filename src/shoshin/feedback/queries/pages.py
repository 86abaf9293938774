"""The facts of the pages on one response, one signal, one alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from shoshin.feedback.models import Alert, Response, SignalRow
from shoshin.feedback.queries.responses import versions_of
from shoshin.feedback.queries.rules import limits_of, points_until
from shoshin.feedback.queries.words import reason_sentences, signal_title
from shoshin.measures import queries as measures
from shoshin.science.change import felt_direction

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion


@dataclass(frozen=True)
class AnswerLine:
    """One item as it was answered. Labels are ours, neutral; the wording is never repeated on this page."""

    label: str
    value: str
    is_risk: bool


@dataclass(frozen=True)
class ScoreLine:
    """One score, with the band it lies in and what was missing."""

    title: str
    value: float | None
    low: float
    high: float
    band: str
    prorated: bool


@dataclass(frozen=True)
class ResponsePage:
    """A filled form in full."""

    response: Response
    title: str
    answers: list[AnswerLine]
    scores: list[ScoreLine]
    earlier: list[Response]
    is_latest: bool
    validated: bool


def response_page(response: Response) -> ResponsePage:
    """Everything about one filled form."""
    language = get_language() or "en"
    facts = measures.facts(response.version)
    line = versions_of(response)
    return ResponsePage(
        response=response,
        title=measures.in_language(facts.title, language),
        answers=answer_lines(response.version, response.answers, language),
        scores=[_score_line(response.version, row, language) for row in response.scores.order_by("pk")],
        earlier=[version for version in line if version.pk < response.pk],
        is_latest=line[-1].pk == response.pk,
        validated=facts.validated,
    )


def answer_lines(version: "MeasureVersion", answers: dict[str, Any], language: str) -> list[AnswerLine]:
    """Every item with its answer, in the order of the form; a dash where it was left open."""
    worded = measures.form_for(version, language) or measures.form_for(version, "en")
    words = {item.id: {option.value: option.text for option in item.options} for item in worded.items} if worded else {}
    return [
        AnswerLine(item.text, _shown(answers.get(item.id), words.get(item.id, {})), item.is_risk)
        for item in measures.skeleton_for(version, language).items
        if answers or item.is_risk
    ]


def _shown(value: Any, words: Mapping[float, str]) -> str:
    """The answer as figure, with its words where the wording is here."""
    if value is None:
        return "–"
    if not isinstance(value, int | float):
        return str(value)
    return f"{words[value]} ({value:g})" if words.get(value) else f"{value:g}"


def _score_line(version: "MeasureVersion", row: Any, language: str) -> ScoreLine:
    score = measures.facts(version).score(row.score_id)
    band = measures.band(version, row.score_id, row.value) if row.value is not None else None
    return ScoreLine(
        title=measures.in_language(score.title, language),
        value=row.value,
        low=score.low,
        high=score.high,
        band=measures.in_language(band.word, language) if band else "",
        prorated=row.prorated,
    )


@dataclass(frozen=True)
class SignalPage:
    """A signal with its reasons in words, and what it was answered with before."""

    signal: SignalRow
    title: str
    reasons: list[str]
    answers: list[Any]


def signal_page(signal: SignalRow) -> SignalPage:
    """Everything about one signal."""
    return SignalPage(
        signal=signal,
        title=signal_title(signal.kind, signal.level, signal.occasion),
        reasons=reason_sentences(signal.reasons),
        answers=list(signal.answers.select_related("given_by__person").order_by("given_at")),
    )


@dataclass(frozen=True)
class AlertPage:
    """An alert with the answers that raised it."""

    alert: Alert
    title: str
    label: str
    answer: str
    answers: list[AnswerLine]


def alert_page(alert: Alert) -> AlertPage:
    """Everything about one alert: which question, what was answered, and the rest of the form."""
    language = get_language() or "en"
    holder: Any = alert.response or alert.assignment
    facts = measures.facts(holder.version)
    answers = alert.response.answers if alert.response else _draft_answers(alert)
    lines = answer_lines(holder.version, answers, language)
    label = measures.in_language(facts.item(alert.item_id).label, language)
    return AlertPage(
        alert=alert,
        title=measures.in_language(facts.title, language),
        label=label,
        answer=next((line.value for line in lines if line.label == label), f"{alert.value:g}"),
        answers=lines,
    )


def _draft_answers(alert: Alert) -> dict[str, Any]:
    """Of a form that was not sent, only the marked question is shown: the rest is still the client's own."""
    return {alert.item_id: alert.value}


def seen_beside_guess(response: Response, expected: str) -> str:
    """How the answers compare with the last ones, where a guess was made; empty where nothing can be compared."""
    limits = limits_of(response)
    points = points_until(response.course, response)
    if not expected or limits is None or len(points) < 2:
        return ""
    return felt_direction(
        points[-2].value,
        points[-1].value,
        reliable_points=limits.reliable_points,
        higher_is_worse=limits.higher_is_worse,
    )
