"""A note for oneself, and one thing for one person."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LASTS = [("1", _("until tomorrow")), ("7", _("for a week")), ("28", _("for four weeks"))]


class NoteForm(forms.Form):
    """A feeling in one's own words."""

    words = forms.CharField(
        label=_("What do I feel?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("No name and no code is needed. Nothing here is written into any record."),
    )


class ShareForm(forms.Form):
    """To whom, and for how long."""

    to = forms.ChoiceField(label=_("Who may see it?"), widget=forms.RadioSelect)
    lasts = forms.ChoiceField(label=_("For how long?"), choices=LASTS, initial="7", widget=forms.RadioSelect)

    def __init__(self, *args: Any, colleagues: "list[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._colleagues = {str(each.pk): each for each in colleagues}
        self.fields["to"].choices = [(pk, str(each)) for pk, each in self._colleagues.items()]  # type: ignore[attr-defined]

    def colleague(self) -> "Membership":
        return self._colleagues[self.cleaned_data["to"]]

    def until(self, at: datetime) -> datetime:
        """When it closes again."""
        return at + timedelta(days=int(self.cleaned_data["lasts"]))
