"""What is asked before a record opens in an emergency, and at the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.forms.fields import WordsField
from shoshin.care.models.break_glass import Emergency, Finding


class OpenBreakGlassForm(forms.Form):
    """Which record, what kind of emergency, and why it cannot wait."""

    code = forms.CharField(
        label=_("The client’s code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.ChoiceField(label=_("What is it about?"), choices=Emergency, widget=forms.RadioSelect)
    why = WordsField(
        label=_("Why can it not wait?"),
        max_length=2000,
        help_text=_("At least 20 characters. The therapist and the person who reviews this read it."),
    )


class ReviewBreakGlassForm(forms.Form):
    """Whether it was needed."""

    finding = forms.ChoiceField(label=_("What do you find?"), choices=Finding, widget=forms.RadioSelect)
    note = WordsField(label=_("In a few words"), max_length=2000)
