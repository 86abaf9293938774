"""The one question of a licence confirmation."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmLicenceForm(forms.Form):
    """A person's word, under a sentence that they can read."""

    confirmed = forms.BooleanField(
        label=_("I confirm this."),
        error_messages={"required": _("Nothing was stored. Confirm the sentence, or go back.")},
    )
