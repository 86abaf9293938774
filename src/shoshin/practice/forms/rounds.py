"""What is asked in a round: where to begin, the answer, and how it was."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.practice.actions import Answer, Felt
from shoshin.practice.models import Exercise, Reaction

LEVELS = [("", _("where it fits me")), ("1", _("1, easier")), ("2", _("2")), ("3", _("3, harder"))]
DEGREES = [("", _("rather not say")), *((str(n), str(n)) for n in range(11))]


class StartForm(forms.Form):
    """Which criterion to practise with, and at which level to begin."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    criterion = forms.ChoiceField(label=_("The one criterion of this round"), widget=forms.RadioSelect)
    level = forms.TypedChoiceField(
        label=_("Begin at level"), choices=LEVELS, coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, exercise: Exercise, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["criterion"]
        field.choices = [(each["id"], each["text"]) for each in exercise.criteria]
        field.initial = exercise.criteria[0]["id"]


class AnswerForm(forms.Form):
    """One's own answer, in words, or the mark that it was given in silence or aloud."""

    says_what_may_stay_open = True

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    statement = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    kind = forms.ChoiceField(
        choices=[("typed", "typed"), ("spoken", "spoken"), ("silent", "silent")], widget=forms.HiddenInput
    )
    text = forms.CharField(
        label=_("What would you say?"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    given_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def answer(self) -> Answer:
        """The answer, as the action takes it."""
        said = self.cleaned_data
        return Answer(said["key"], said["kind"], said["text"], said["given_at"])


class ReactionForm(forms.Form):
    """How hard it was; and, only if one likes, how it felt."""

    reaction = forms.ChoiceField(choices=Reaction.choices, widget=forms.RadioSelect, label=_("How was that for you?"))
    emotion = forms.CharField(label=_("Which feeling was there?"), max_length=300, required=False)
    body = forms.CharField(label=_("Where in the body?"), max_length=300, required=False)
    urge = forms.CharField(label=_("What did you want to do?"), max_length=300, required=False)
    shame = forms.TypedChoiceField(
        label=_("Shame, 0 none to 10 extreme"), choices=DEGREES, coerce=int, empty_value=None, required=False
    )
    self_criticism = forms.TypedChoiceField(
        label=_("Being hard on yourself, 0 not at all to 10"),
        choices=DEGREES,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def felt(self) -> Felt:
        """What was marked, as the action takes it."""
        more = {name: value for name, value in self.cleaned_data.items() if name != "reaction" and value is not None}
        return Felt(self.cleaned_data["reaction"], more)
