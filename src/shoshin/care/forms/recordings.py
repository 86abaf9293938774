"""What a client said about one recording."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.forms.fields import DayField
from shoshin.care.models import RecordingAnswer


class AskToRecordForm(forms.Form):
    """One appointment, and one of three answers, none of them given in advance."""

    day = DayField(label=_("Day of the appointment"))
    answer = forms.ChoiceField(
        label=_("What did the client say?"),
        choices=RecordingAnswer.choices,
        widget=forms.RadioSelect,
        help_text=_("Ask before you record. A no, or a yes taken back later, changes nothing in their care."),
    )
