"""What is asked before an attempt is shown, and of those who look at it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.community.actions import Said, Terms
from shoshin.community.models import Circle, View

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LASTS = [("7", _("a week")), ("14", _("two weeks")), ("30", _("30 days"))]
VIEWS = [(str(n), str(n)) for n in range(1, 6)]


def lines(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    """A field of a few lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=1500, required=required, widget=area)


def circle_with(circle: Circle, there: "list[Membership]") -> str:
    """A circle as it was shown before pressing: with anybody more or fewer in it, it is another choice."""
    return f"circle-{circle.pk}-" + "-".join(str(each.pk) for each in there)


class ShowForm(forms.Form):
    """To whom, with which question, how many views, and for how long."""

    to = forms.ChoiceField(label=_("Who may see it?"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("What I would like to know"),
        max_length=240,
        help_text=_("One question helps more than “any thoughts?”. Leave out anything that names a client."),
    )
    wished = forms.ChoiceField(
        label=_("How many views would you like?"),
        choices=VIEWS,
        initial="2",
        help_text=_("When they have come, it closes for more. You open them when you like, one by one or all."),
    )
    lasts = forms.ChoiceField(label=_("For how long?"), choices=LASTS, initial="14", widget=forms.RadioSelect)
    with_own_rating = forms.BooleanField(
        label=_("After they wrote theirs, they may see how I rated it myself"), required=False
    )
    with_recording = forms.BooleanField(
        label=_("They may play my recording, too"),
        help_text=_("They hear your voice, and see you where there is a picture. Without the tick nobody does."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        colleagues: "list[Membership]",
        circles: "list[tuple[Circle, list[Membership]]]",
        is_recorded: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        if not is_recorded:
            del self.fields["with_recording"]
        self._known: dict[str, Membership | Circle] = {}
        field: Any = self.fields["to"]
        field.choices = [
            *(self._offer(circle_with(circle, there), circle, ", ".join(map(str, there))) for circle, there in circles),
            *(self._offer(f"person-{each.pk}", each) for each in colleagues),
        ]
        field.error_messages["invalid_choice"] = _("Who would see it has changed. Look once more before you show it.")

    def _offer(self, key: str, whom: "Membership | Circle", names: str = "") -> tuple[str, str]:
        self._known[key] = whom
        return key, f"{whom}: {names}" if names else str(whom)

    def whom(self) -> "Membership | Circle":
        return self._known[self.cleaned_data["to"]]

    def terms(self) -> Terms:
        """What the action takes."""
        said = self.cleaned_data
        return Terms(
            said["question"],
            int(said["wished"]),
            int(said["lasts"]),
            said["with_own_rating"],
            said.get("with_recording", False),
        )


class ReviewForm(forms.Form):
    """One's own view first; then one strength and one thing to try."""

    view = forms.ChoiceField(
        label=_("As you see it: does it meet the criterion?"), choices=View.choices, widget=forms.RadioSelect
    )
    words = lines(_("What makes you see it that way?"), _("Your own view, before you see anybody else's."))
    strength = lines(_("One strength"), _("Something they did that is worth keeping."))
    to_try = lines(_("One thing to try"), _("Only one, as an offer: “you might try …”."))
    moment = lines(_("A comment on one moment"), _("Quote the words you mean."), required=False, rows=2)

    def __init__(self, *args: Any, is_played: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_played:
            self.fields["moment"].label = _("Comments on single moments")
            self.fields["moment"].help_text = _(
                "A line for each. Begin it with the time in the recording, as in “0:42 here you wait”."
            )

    def said(self) -> Said:
        """What the action takes."""
        given = self.cleaned_data
        return Said(given["view"], given["words"], given["strength"], given["to_try"], given["moment"])
