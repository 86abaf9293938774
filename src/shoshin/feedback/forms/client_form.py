"""A measure as a Django form: every item may stay open, and nothing that is not offered comes through."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.feedback.queries.forms import LONGEST_TEXT, Question, Sheet


class ClientForm(forms.Form):
    """The answers of one sheet, item by item. Nothing is required: an open item is left open."""

    def __init__(self, sheet: Sheet, *args: Any, answers: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.kept = {item_id: in_writing(value) for item_id, value in (answers or {}).items()}
        for question in sheet.questions:
            self.fields[question.name] = field_for(question)

    def answers(self) -> dict[str, float | str]:
        """What was answered, by item id; call after `is_valid`."""
        given = {question.item.id: self.cleaned_data.get(question.name) for question in self.sheet.questions}
        return {item_id: value for item_id, value in given.items() if value is not None and value != ""}

    def rows(self) -> list[tuple[Question, str, list[str]]]:
        """Each question with the answer to show as given, and what is wrong with it."""
        return [
            (question, self._given(question), [str(error) for error in self.errors.get(question.name, ())])
            for question in self.sheet.questions
        ]

    def open_numbers(self) -> list[int]:
        """The numbers of the questions left open, words aside; call after `is_valid`."""
        given = self.answers()
        return [q.number for q in self.sheet.questions if q.look != "words" and q.item.id not in given]

    def _given(self, question: Question) -> str:
        if self.is_bound:
            return str(self.data.get(question.name, ""))
        return self.kept.get(question.item.id, "")


def in_writing(value: Any) -> str:
    """An answer as an input carries it: 3, not 3.0."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def field_for(question: Question) -> forms.Field:
    """A field that takes the answers on offer, and may stay empty."""
    item = question.item
    if question.look == "words":
        return forms.CharField(required=False, max_length=LONGEST_TEXT)
    if question.look == "number":
        return forms.FloatField(required=False, min_value=item.low, max_value=item.high)
    offered = [f"{option.value:g}" for option in item.options] or list(question.steps)
    return forms.TypedChoiceField(
        required=False,
        choices=[(value, value) for value in offered],
        coerce=_figure,
        empty_value=None,
        error_messages={"invalid_choice": _("This answer is not on offer. Choose one of those below.")},
    )


def _figure(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value
