"""Answers in words, for a record to read: what was asked, in our own labels, and what was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from shoshin.feedback.models import Alert
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Client
    from shoshin.measures.models import MeasureVersion


@dataclass(frozen=True)
class AnswerInWords:
    """One answer: the item's own label here, and the value with its word where the wording may be shown."""

    label: str
    said: str


class Reader:
    """Puts answers of one client into words; each form is looked up once."""

    def __init__(self, client: "Client"):
        self.client = client
        self.language = get_language() or client.language
        self._words: dict[int, dict[str, dict[float, str]]] = {}

    def answers(self, version: "MeasureVersion", given: Any) -> tuple[AnswerInWords, ...]:
        """The answers that were given, in the order of the form."""
        items: Iterable[Any] = measures.facts(version).items
        asked = [item.id for item in items if given.get(item.id) not in (None, "")]
        return tuple(self.answer(version, item_id, given[item_id]) for item_id in asked)

    def answer(self, version: "MeasureVersion", item_id: str, value: Any) -> AnswerInWords:
        """One answer. Words stay as the client wrote them."""
        label = measures.in_language(measures.facts(version).item(item_id).label, self.language)
        if not isinstance(value, int | float):
            return AnswerInWords(label, str(value))
        figure = f"{value:g}"
        word = self._options(version).get(item_id, {}).get(float(value), figure)
        return AnswerInWords(label, figure if word == figure else f"{figure} ({word})")

    def _options(self, version: "MeasureVersion") -> dict[str, dict[float, str]]:
        if version.pk not in self._words:
            clinic, wanted = self.client.clinic, (self.language, self.client.language, "en")
            forms = (measures.form_for(version, language, clinic) for language in wanted)
            form = next((form for form in forms if form is not None), None)
            self._words[version.pk] = (
                {item.id: {option.value: option.text for option in item.options} for item in form.items} if form else {}
            )
        return self._words[version.pk]


@dataclass(frozen=True)
class MarkedQuestion:
    """A marked safety question with what it asked and what was chosen."""

    raised_at: datetime
    measure: str
    answer: AnswerInWords
    acknowledged_by: str
    note: str


def marked_questions(client: "Client") -> list[MarkedQuestion]:
    """The marked safety questions of a client, oldest first."""
    rows = Alert.objects.filter(client=client).order_by("raised_at", "pk")
    reader = Reader(client)
    return [
        _marked(row, reader)
        for row in rows.select_related("response__version", "assignment__version", "acknowledged_by__person")
    ]


def _marked(row: Alert, reader: Reader) -> MarkedQuestion:
    source = row.response or row.assignment
    who = str(row.acknowledged_by) if row.acknowledged_by else ""
    if source is None:
        bare = AnswerInWords(row.item_id, f"{row.value:g}")
        return MarkedQuestion(row.raised_at, "", bare, who, row.note)
    answer = reader.answer(source.version, row.item_id, row.value)
    return MarkedQuestion(row.raised_at, measures.facts(source.version).short, answer, who, row.note)
