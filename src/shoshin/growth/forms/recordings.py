"""What a browser sends of a client's recording."""

from django import forms

from shoshin.kit.media.keeping import Kind


class StartClientRecordingForm(forms.Form):
    """A recording that is about to begin."""

    kind = forms.ChoiceField(choices=Kind.choices)
