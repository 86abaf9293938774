"""Typing in what stands on paper: item by item, or a total alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoshin.feedback.forms.client_form import field_for, in_writing
from shoshin.feedback.forms.sending import moment_in_words
from shoshin.feedback.queries.forms import Question, Sheet
from shoshin.feedback.queries.history_cells import EARLIEST

if TYPE_CHECKING:
    from shoshin.care.models import Appointment
    from shoshin.measures.models.definitions import ScoreFacts


class AnswersForm(forms.Form):
    """The items of a sheet for a therapist to fill in, and a total where only that stands on the paper."""

    says_what_may_stay_open = True  # the page says it once, not each item again

    def __init__(
        self,
        sheet: Sheet,
        score: "ScoreFacts",
        *args: Any,
        answers: Mapping[str, Any] | None = None,
        totals: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.score = sheet, score
        for question in sheet.questions:
            field = field_for(question)
            field.label = f"{question.number}. {question.item.text}"
            field.widget = _widget(question)
            field.initial = in_writing((answers or {}).get(question.item.id, ""))
            self.fields[question.name] = field
        self.fields["total"] = forms.FloatField(
            required=False,
            min_value=score.low,
            max_value=score.high,
            label=_("Total alone"),
            help_text=_("From %(low)s to %(high)s. Use it only where the single answers are not at hand.")
            % {"low": f"{score.low:g}", "high": f"{score.high:g}"},
            initial=(totals or {}).get(score.id),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self.totals() and self.answers():
            raise forms.ValidationError(_("Enter either the single answers or the total alone, not both."))
        if not self.errors and not self.totals() and not self.answers():
            raise forms.ValidationError(_("Enter at least one answer, or the total."))
        return cleaned

    def answers(self) -> dict[str, float | str]:
        """What was typed in, by item id."""
        given = {question.item.id: self.cleaned_data.get(question.name) for question in self.sheet.questions}
        return {item_id: value for item_id, value in given.items() if value is not None and value != ""}

    def totals(self) -> dict[str, float]:
        """The total alone, under its score's id."""
        total = self.cleaned_data.get("total")
        return {} if total is None else {self.score.id: total}


class PaperForm(AnswersForm):
    """A form filled on paper: when, before which appointment, and what stands on it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    answered_on = forms.DateField(
        label=gettext_lazy("Filled in on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    appointment = forms.ChoiceField(label=gettext_lazy("For which appointment?"), required=False)

    def __init__(
        self,
        sheet: Sheet,
        score: "ScoreFacts",
        *args: Any,
        appointments: "Sequence[Appointment]",
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(sheet, score, *args, **kwargs)
        self._today = today
        self._appointments = {str(each.pk): each for each in appointments}
        self.fields["appointment"].choices = [  # type: ignore[attr-defined]
            ("", _("none in particular")),
            *((pk, moment_in_words(each)) for pk, each in self._appointments.items()),
        ]
        self.fields["answered_on"].initial = today

    def clean_answered_on(self) -> date:
        answered_on: date = self.cleaned_data["answered_on"]
        if answered_on > self._today:
            raise forms.ValidationError(_("This day lies ahead. Enter the day the paper was filled in."))
        if answered_on < EARLIEST:
            text = _("%(day)s is in the future or before 1950. Check the year.")
            raise forms.ValidationError(text % {"day": answered_on.isoformat()})
        return answered_on

    def chosen_appointment(self) -> "Appointment | None":
        return self._appointments.get(self.cleaned_data["appointment"])


class CorrectionForm(AnswersForm):
    """New answers in the place of earlier ones, and why."""

    because = forms.CharField(
        label=gettext_lazy("Why do you correct it?"),
        max_length=200,
        help_text=gettext_lazy("One line, for example: typed 3 for 2. The earlier version stays visible."),
    )


def _widget(question: Question) -> forms.Widget:
    if question.look == "words":
        return forms.Textarea(attrs={"rows": 2})
    if question.look == "number":
        return forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    offered = question.picks or tuple((step, step) for step in question.steps)
    words = [(value, value if value == text else f"{value} · {text}") for value, text in offered]
    return forms.Select(choices=[("", "–"), *words])
