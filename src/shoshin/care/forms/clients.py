"""What is asked of and about a client: the code, the three choices, the PIN."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shoshin.care.forms.fields import DayField
from shoshin.care.models import ClientChoice
from shoshin.care.models.clients import Purpose

NOT_ASKED = "unasked"
ANSWERS = {NOT_ASKED: _("not asked yet"), "yes": _("yes"), "no": _("no")}
QUESTIONS = {
    Purpose.CARE: (
        _("For your care"),
        _("Your answers are kept here, and your therapist uses them to see with you how it goes."),
    ),
    Purpose.LEARNING: (
        _("For my therapist’s learning"),
        _("What happens with you may shape what your therapist practises. Practice records never name you."),
    ),
    Purpose.FIGURES: (
        _("For clinic figures and research"),
        _("Your answers, without your code, may count in figures over many clients."),
    ),
}


class AddClientForm(forms.Form):
    """A client and the first course, in one step."""

    code = forms.CharField(
        label=_("Code or initials"),
        max_length=40,
        help_text=_("A full name is not needed, and better left out: initials or a code of your own are enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )
    language = forms.ChoiceField(label=_("Language of the client’s forms"), choices=settings.LANGUAGES)
    opened_on = DayField(label=_("The course begins on"))


class ChoicesForm(forms.Form):
    """One question a purpose, none answered in advance, none tied to another."""

    def __init__(self, *args: Any, asked: tuple[Purpose, ...], latest: Mapping[str, ClientChoice], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for purpose in asked:
            title, meaning = QUESTIONS[purpose]
            said = latest.get(purpose)
            # A word once given can be changed, but not made unsaid.
            answers = [(value, label) for value, label in ANSWERS.items() if value != NOT_ASKED or said is None]
            self.fields[purpose.value] = forms.ChoiceField(
                label=title,
                help_text=meaning,
                choices=answers,
                initial=NOT_ASKED if said is None else "yes" if said.agreed else "no",
                widget=forms.RadioSelect,
            )

    def choices(self) -> dict[str, bool]:
        """The purposes that were answered."""
        return {name: said == "yes" for name, said in self.cleaned_data.items() if said != NOT_ASKED}


class StrengthForm(forms.Form):
    """One line. Whether it says something, and not too much, is for the action to say."""

    text = forms.CharField(required=False)


class PageKeyForm(forms.Form):
    """The PIN that client and therapist agree on."""

    pin = forms.CharField(
        label=_("PIN"),
        min_length=4,
        max_length=6,
        help_text=_("4 to 6 digits that the client chooses and can remember. Not a birthday, not 1234."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )
