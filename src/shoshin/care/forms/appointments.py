"""Planning, moving and calling off appointments; what is kept of one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.forms.fields import ClockField, DayField, MomentField, WordsField
from shoshin.care.models.appointments import Side


class AddAppointmentsForm(forms.Form):
    """One appointment, or one a week."""

    day = DayField(label=_("Day"))
    clock_time = ClockField(label=_("Time"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=50)
    weeks = forms.IntegerField(
        label=_("How many weeks in a row?"),
        min_value=1,
        max_value=52,
        initial=1,
        help_text=_("1 is a single appointment. Weekly ones stay at the same time in summer and winter."),
    )


class MoveAppointmentForm(forms.Form):
    """A new time for an appointment."""

    day = DayField(label=_("New day"))
    clock_time = ClockField(label=_("New time"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)
    side = forms.ChoiceField(label=_("Who asked for it?"), choices=Side.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, rebooking: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if rebooking:  # who called the old one off is known already
            del self.fields["side"]


class CancelAppointmentForm(forms.Form):
    """Who calls off, and since when the other side knows."""

    side = forms.ChoiceField(label=_("Who cancels?"), choices=Side.choices, widget=forms.RadioSelect)
    told_at = MomentField(
        label=_("When was the other side told?"),
        help_text=_("The record shows the notice: how long before the appointment this was."),
    )


class WriteSummaryForm(forms.Form):
    """Three short fields, in the order one speaks of them."""

    talked_about = WordsField(label=_("We talked about"), rows=2, max_length=1000, required=False)
    agreed = WordsField(label=_("We agreed"), rows=2, max_length=1000, required=False)
    until_next_time = WordsField(label=_("Until next time"), rows=2, max_length=1000, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["talked_about"].widget.attrs["autofocus"] = True


class CloseConsultationForm(forms.Form):
    """When it was held and what came of it."""

    held_on = DayField(label=_("Held on"))
    outcome = WordsField(
        label=_("What came of it?"),
        help_text=_("What you will try, keep or find out. Part of the client’s record."),
    )
