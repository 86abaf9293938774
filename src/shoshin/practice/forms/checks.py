"""Flagging a statement: which one, and why."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from shoshin.practice.models import Flag, Statement


class _StatementField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Statement) -> str:
        return f"“{Truncator(obj.says).words(18)}”"


class FlagForm(forms.Form):
    """One statement that was met, and a reason from the closed list."""

    statement = _StatementField(label=_("Which statement?"), queryset=Statement.objects.none(), empty_label=None)
    reason = forms.ChoiceField(label=_("What should be looked at?"), choices=Flag.Reason, widget=forms.RadioSelect)

    def __init__(self, *args: Any, statements: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["statement"]
        field.queryset = statements
