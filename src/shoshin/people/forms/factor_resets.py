"""Who has lost their second factor, and how one knows that it is really them."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shoshin.people.models import Membership


class AskFactorResetForm(forms.Form):
    """One of the colleagues who have a factor, and a few words."""

    why = forms.CharField(
        label=_("How do you know that it is really them?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 20 characters. Whoever confirms reads it. A mail alone proves nothing."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Membership], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ModelChoiceField(queryset=colleagues, label=_("Who has lost it"))
        self.order_fields(["member", "why"])
