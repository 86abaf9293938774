"""Days and times as the browser's own inputs, on the clinic's wall clock."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shoshin.care.queries.calendar import EARLIEST_DAY, OUT_OF_REACH


class DayField(forms.DateField):
    """A day, picked with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def validate(self, value: Any) -> None:
        super().validate(value)
        _refuse_long_ago(value)


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MomentField(forms.DateTimeField):
    """A day and a time of day."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def validate(self, value: Any) -> None:
        super().validate(value)
        _refuse_long_ago(value and value.date())


class WordsField(forms.CharField):
    """A few lines of text."""

    def __init__(self, *, rows: int = 3, **kwargs: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def _refuse_long_ago(day: date | None) -> None:
    """How far ahead a day may lie is for the actions, which know what today is."""
    if day is not None and day < EARLIEST_DAY:
        raise ValidationError(OUT_OF_REACH)
