"""A measure about oneself, as its wording stands: every question may stay open."""

from typing import Any

from django import forms

from shoshin.measures.queries import Form, FormItem


def _written(value: float) -> str:
    return f"{value:g}"


def _field(number: int, item: FormItem) -> forms.Field:
    """The question's own answers to choose from; words where it asks for words."""
    label = f"{number}. {item.text}"
    if item.kind == "text":
        return forms.CharField(label=label, required=False, max_length=2000, widget=forms.Textarea())
    if item.options:
        choices = [(_written(option.value), option.text) for option in item.options]
        return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)
    return forms.FloatField(label=label, required=False, min_value=item.low, max_value=item.high, step_size=item.step)


class OwnMeasureForm(forms.Form):
    """The questions of one worded measure."""

    says_what_may_stay_open = True

    def __init__(self, form: Form, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._items = {f"item_{number}": item for number, item in enumerate(form.items, start=1)}
        for number, (name, item) in enumerate(self._items.items(), start=1):
            self.fields[name] = _field(number, item)

    def answers(self) -> dict[str, Any]:
        """What was answered, by item id; open questions are not in it."""
        given = {item: self.cleaned_data.get(name) for name, item in self._items.items()}
        return {
            item.id: value if item.kind == "text" else float(value)
            for item, value in given.items()
            if value is not None and value != ""
        }
