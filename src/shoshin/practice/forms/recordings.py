"""What a browser sends about a recording."""

from django import forms

from shoshin.kit.vault.tapes import MOST_PARTS
from shoshin.practice.models.recordings import Kind


class StartRecordingForm(forms.Form):
    """A recording that is about to begin, and the answer it is for."""

    key = forms.UUIDField()
    answer_key = forms.UUIDField()
    kind = forms.ChoiceField(choices=Kind.choices)
    agree = forms.BooleanField(required=False)


class FinishRecordingForm(forms.Form):
    """How many parts there are, and the SHA-256 of all of them together."""

    parts = forms.IntegerField(min_value=1, max_value=MOST_PARTS)
    digest = forms.RegexField(r"^[0-9a-f]{64}$")
