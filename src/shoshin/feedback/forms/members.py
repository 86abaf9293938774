"""Who holds a leaving colleague's clients."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class HandOverForm(forms.Form):
    """One of the other therapists."""

    def __init__(self, *args: Any, others: "QuerySet[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ModelChoiceField(
            queryset=others,
            label=_("Who holds them from now on"),
            help_text=_("From this moment on, only this therapist sees these clients and what they answer."),
        )
