"""What is asked for an episode: what it might be, the moment to meet differently, and whom a private note was about."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.growth.models import Might
from shoshin.growth.queries import Suggestion

if TYPE_CHECKING:
    from shoshin.care.models import Client


class MightForm(forms.Form):
    """Five answers, none of them a verdict."""

    what = forms.ChoiceField(
        label=_("What might it be?"),
        choices=Might.choices,
        widget=forms.RadioSelect,
        help_text=_("A stall has many causes. Choose what seems likeliest today; you can change it later."),
    )


class MomentForm(forms.Form):
    """One sentence, and one of the suggested skills or none."""

    sentence = forms.CharField(
        label=_("The moment I'd like to meet differently"),
        max_length=240,
        help_text=_("One sentence, in your own words. Leave out anything that names a client: practice keeps it."),
    )
    skill = forms.ChoiceField(label=_("A skill that may help"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, offered: list[Suggestion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offered = {str(each.skill.pk): each.skill for each in offered}
        field: Any = self.fields["skill"]
        named = [(str(each.skill.pk), f"{each.skill.title} · {each.exercise.title}") for each in offered]
        field.choices = [*named, ("", _("none of these"))]
        field.initial = named[0][0] if named else ""

    def moment(self) -> dict[str, Any]:
        """What the action takes."""
        said = self.cleaned_data
        return {"sentence": said["sentence"], "skill": self.offered.get(said["skill"])}


class AboutForm(forms.Form):
    """One client of one's own, or nobody."""

    client = forms.ChoiceField(
        label=_("Whom was it about?"),
        required=False,
        help_text=_("The note itself never holds it; you can take it back at any time."),
    )

    def __init__(self, *args: Any, clients: "list[Client]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._own = {client.ref: client for client in clients}
        field: Any = self.fields["client"]
        field.choices = [("", _("nobody in particular")), *((ref, str(each)) for ref, each in self._own.items())]

    def chosen(self) -> "Client | None":
        return self._own.get(self.cleaned_data["client"])
