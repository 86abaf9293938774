"""How much is in me today, and the two lines: scales from 0 to 10 that work without a script."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.welfare.models import Cause
from shoshin.welfare.models.capacity import HIGHEST

STEPS = [(str(step), str(step)) for step in range(HIGHEST + 1)]


class ScaleField(forms.TypedChoiceField):
    """A number from 0 to 10, one tap each. Where it may stay open, that is a choice as good as the others."""

    def __init__(self, *, required: bool = True, **kwargs: Any):
        super().__init__(
            choices=STEPS if required else [*STEPS, ("", _("leave it open"))],
            coerce=int,
            empty_value=None,
            required=required,
            widget=forms.RadioSelect(attrs={"class": "scale"}),
            **kwargs,
        )


def _steadiness() -> ScaleField:
    return ScaleField(
        label=_("How steady did I feel?"), required=False, initial="", help_text=_("0 is not at all, 10 is fully.")
    )


def _closeness() -> ScaleField:
    return ScaleField(
        label=_("How close did I feel to the person?"),
        required=False,
        initial="",
        help_text=_("0 is far away, 10 is very close. The two are never added up."),
    )


class LinesForm(forms.Form):
    """A mark on each of the two lines; either may stay open."""

    says_what_may_stay_open = True

    steadiness = _steadiness()
    closeness = _closeness()


class CapacityForm(forms.Form):
    """How much is in me, what it comes from, my own words, and the two lines if I like."""

    capacity = ScaleField(
        label=_("How much is in me today?"),
        help_text=_("0 is nothing left, 10 is as much as ever. Any number is fine."),
    )
    causes = forms.MultipleChoiceField(
        label=_("What does it come from?"), choices=Cause, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("In my own words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    steadiness = _steadiness()
    closeness = _closeness()

    def check(self) -> dict[str, Any]:
        """What the check says, as its action takes it."""
        return {name: self.cleaned_data[name] for name in ("capacity", "causes", "words")}

    def marks(self) -> dict[str, int | None]:
        """The marks on the two lines."""
        return {name: self.cleaned_data[name] for name in ("steadiness", "closeness")}
