"""Asking a coach, how it was, and days of leave."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CoachForm(forms.Form):
    """Whom, and about what."""

    coach = forms.ChoiceField(label=_("Whom would you like to learn with?"), widget=forms.RadioSelect)
    about = forms.CharField(
        label=_("What would you like to learn?"),
        max_length=240,
        help_text=_("One sentence. Leave out anything that names a client."),
    )

    def __init__(self, *args: Any, colleagues: "list[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._known = {str(each.pk): each for each in colleagues}
        field: Any = self.fields["coach"]
        field.choices = [(pk, str(each)) for pk, each in self._known.items()]

    def chosen(self) -> "Membership":
        return self._known[self.cleaned_data["coach"]]


class HowForm(forms.Form):
    """How it was to practise."""

    words = forms.CharField(
        label=_("A few words for your coach"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class LeaveForm(forms.Form):
    """A first and a last day."""

    begins_on = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
