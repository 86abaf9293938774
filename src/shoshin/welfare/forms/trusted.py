"""The one person to talk to."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TrustedForm(forms.Form):
    """A name, and how to reach them, in one's own words."""

    name = forms.CharField(label=_("Who is it?"), max_length=120)
    reached = forms.CharField(
        label=_("How do I reach them?"),
        max_length=240,
        required=False,
        help_text=_("A number, a door, a time of day. Nobody is told, and nothing is sent."),
    )
