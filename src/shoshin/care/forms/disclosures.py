"""What is asked when somebody outside was told about a client."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.models.disclosures import WhyTold

KNOWS = [("yes", _("yes")), ("no", _("no"))]


def _lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


class DisclosureForm(forms.Form):
    """To whom, on what ground, how much, why that was needed and why less would not do."""

    told_on = forms.DateField(
        label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_whom = forms.CharField(
        label=_("Who was told?"), max_length=200, help_text=_("A person or an office, such as the out-of-hours doctor.")
    )
    ground = forms.ChoiceField(label=_("On what ground?"), choices=WhyTold.choices, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("What was told?"), widget=_lines(), help_text=_("As much as was needed, and no more.")
    )
    why_needed = forms.CharField(label=_("Why was it needed?"), widget=_lines())
    why_not_less = forms.CharField(label=_("Why would less not have done?"), widget=_lines())
    consulted = forms.CharField(label=_("Whom did you ask for advice?"), max_length=200, required=False)
    client_knows = forms.ChoiceField(label=_("Does the client know?"), choices=KNOWS, widget=forms.RadioSelect)
    why_client_does_not_know = forms.CharField(
        label=_("If not, why not?"),
        widget=_lines(),
        required=False,
        help_text=_("The client may read this record later."),
    )

    def told(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        return self.cleaned_data | {"client_knows": self.cleaned_data["client_knows"] == "yes"}
