"""A name and a few colleagues."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CircleForm(forms.Form):
    """Who is asked into a new circle."""

    name = forms.CharField(label=_("What do you call it?"), max_length=80)
    colleagues = forms.MultipleChoiceField(
        label=_("Whom do you ask?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One makes a pair. Each of them is asked and may say no."),
    )

    def __init__(self, *args: Any, colleagues: "list[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._known = {str(each.pk): each for each in colleagues}
        field: Any = self.fields["colleagues"]
        field.choices = [(pk, str(each)) for pk, each in self._known.items()]

    def chosen(self) -> "list[Membership]":
        return [self._known[pk] for pk in dict.fromkeys(self.cleaned_data["colleagues"])]


class InviteForm(forms.Form):
    """One more colleague."""

    colleague = forms.ChoiceField(label=_("Ask somebody in"))

    def __init__(self, *args: Any, colleagues: "list[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._known = {str(each.pk): each for each in colleagues}
        field: Any = self.fields["colleague"]
        field.choices = [(pk, str(each)) for pk, each in self._known.items()]

    def chosen(self) -> "Membership":
        return self._known[self.cleaned_data["colleague"]]
