"""The PIN of a client's own page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PinForm(forms.Form):
    """Four to six digits, agreed in an appointment. What is wrong with them is never said."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=12,
        strip=True,
        help_text=_("The digits you agreed on in your appointment."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
