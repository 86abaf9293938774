"""What a browser sends about a recording."""

from django import forms

from shoshin.kit.media.keeping import Kind


class StartRecordingForm(forms.Form):
    """A recording that is about to begin, and the answer it is for."""

    key = forms.UUIDField()
    answer_key = forms.UUIDField()
    kind = forms.ChoiceField(choices=Kind.choices)
    agree = forms.BooleanField(required=False)
