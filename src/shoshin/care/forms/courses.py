"""Opening and ending a course."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.actions import EndingWords, missing_from_ending
from shoshin.care.forms.fields import DayField, WordsField
from shoshin.care.models import Course, Ending
from shoshin.care.models.courses import Decider, Ground


class OpenCourseForm(forms.Form):
    """A new course for a client who is in none."""

    opened_on = DayField(label=_("The course begins on"))


class EndCourseForm(forms.Form):
    """How a course ends. `cleaned_data` holds what `care.actions.end_course` asks for besides the course."""

    ended_on = DayField(label=_("Last day of the course"))
    ending = forms.ChoiceField(label=_("How did it end?"), choices=Ending.choices, widget=forms.RadioSelect)
    decided_by = forms.ChoiceField(label=_("Who decided?"), choices=Decider.choices, widget=forms.RadioSelect)
    grounds = forms.MultipleChoiceField(
        label=_("On what ground?"),
        choices=Ground.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Asked when therapist or clinic decides. Scores or a signal alone are no ground."),
    )
    ground_words = WordsField(
        label=_("In your words"),
        required=False,
        help_text=_("Asked when therapist or clinic decides. The client may read this."),
    )
    consulted = forms.CharField(
        label=_("With whom did you consult?"),
        max_length=160,
        required=False,
        help_text=_("Asked when therapist or clinic decides."),
    )
    referred_to = forms.CharField(
        label=_("To whom is the client referred?"),
        max_length=160,
        required=False,
        help_text=_("Asked when you refer on."),
    )
    held_meanwhile_by = forms.CharField(
        label=_("Who holds the client until the next one has been met?"),
        max_length=160,
        required=False,
        help_text=_(
            "Asked when you refer on, and when therapist or clinic decides. A person, not a waiting list."
        ),
    )

    def __init__(self, *args: Any, course: Course, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.course, self.today = course, today
        self.fields["ended_on"].initial = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            for name, sentence in missing_from_ending(self.course, EndingWords(**given), self.today).items():
                self.add_error(name, sentence)
        return given
