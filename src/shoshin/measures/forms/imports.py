"""An upload, and what only a person can say about the form in it. The file travels with the page; nothing is kept."""

import base64
import binascii
import zlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shoshin.measures.queries.drafts import SHORTEST, Choices, DraftItem, Proposal, WeightQuestion
from shoshin.measures.queries.uploads import MOST_BYTES

NEW = "new"
HEAVIEST = 1_000_000
NONE = "none"
DIRECTIONS = [("worse", _("worse, as on a list of complaints")), ("better", _("better, as on a list of strengths"))]


class LaterChoice(forms.ChoiceField):
    """To be answered before the form is stored, and not before it is looked at: the view says when."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class LaterChoices(forms.MultipleChoiceField):
    """The same, for several."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class LaterText(forms.CharField):
    """The same, for words."""

    def validate(self, value: Any) -> None:
        """Nothing is asked while one looks."""


class UploadForm(forms.Form):
    """A file from this computer, or the same file coming back from the preview."""

    file = forms.FileField(
        label=_("Choose a file"),
        error_messages={"required": _("Choose a file first.")},
        help_text=_(
            "A FHIR R4 Questionnaire, a REDCap data dictionary (CSV or JSON), or a zipped ReproSchema activity."
        ),
    )
    packed = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("packed")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        upload, packed = found.get("file"), found.get("packed")
        if upload is not None and upload.size > MOST_BYTES:
            raise ValidationError(_("This file is larger than 5 MB. Nothing was stored. Choose a smaller one."))
        if upload is not None:
            found["content"], found["name"] = upload.read(), upload.name
        elif packed:
            found["content"] = unpacked(packed)
        elif not self.errors:
            self.add_error("file", self.fields["file"].error_messages["required"])
        return found


class ImportMeasureForm(forms.Form):
    """The open questions of a proposal: weights, direction, risk, what counts, as what it comes in, its terms."""

    use_required_attribute = False

    def __init__(self, *args: Any, proposal: Proposal, skeletons: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        self.questions = proposal.weight_questions
        for question in self.questions:
            self._ask_weights(question)
        self._ask_target(skeletons)
        self._ask_name()
        self._ask_direction()
        self._ask_risk()
        self._ask_counted()
        self.fields["terms"] = forms.BooleanField(
            required=False, label=_("I have read the terms of this form, and they allow how we use it.")
        )

    def _ask_weights(self, question: WeightQuestion) -> None:
        for n, answer in enumerate(question.answers):
            self.fields[f"weight-{question.key}-{n}"] = forms.FloatField(
                required=False, label=answer, min_value=-HEAVIEST, max_value=HEAVIEST
            )
        if question is not max(self.questions, key=lambda each: len(each.items)):
            label = _("These items count in the sum too")
            self.fields[f"weight-also-{question.key}"] = forms.BooleanField(required=False, label=label)

    def _ask_target(self, skeletons: list[tuple[str, str]]) -> None:
        choices = [(NEW, _("a measure of our own")), *((key, _("wording for %s") % name) for key, name in skeletons)]
        self.fields["target"] = forms.ChoiceField(label=_("It comes in as"), choices=choices, initial=NEW)

    def _ask_name(self) -> None:
        draft = self.proposal.draft
        if draft is not None and draft.asks_name:
            self.fields["short"] = LaterText(
                label=_("Short name"),
                max_length=SHORTEST,
                initial=draft.title[:SHORTEST].strip() if draft.named else "",
                help_text=_("At most 24 characters, for charts and lists. The file gives no name, or a longer one."),
            )

    def _ask_direction(self) -> None:
        if self.proposal.asks_direction or self.questions:
            self.fields["direction"] = LaterChoice(
                label=_("A higher score means that this person is"),
                choices=DIRECTIONS,
                widget=forms.RadioSelect,
            )

    def _ask_risk(self) -> None:
        items = self._items()
        if self.proposal.asks_risk or self.questions:
            self.fields["risk"] = LaterChoices(
                label=_("Which items ask about death, suicide or harm?"),
                choices=[(NONE, _("none of them")), *((item.id, _short(item)) for item in items)],
                widget=forms.CheckboxSelectMultiple,
                help_text=_(
                    "A marked risk item is shown to the therapist at once. Look at each item before you answer."
                ),
            )

    def _ask_counted(self) -> None:
        items = [item for item in self._items() if item.can_count]
        names_a_score = self.proposal.draft is not None and self.proposal.draft.scores
        if items and not names_a_score:
            measure = self.proposal.measure
            self.fields["counted"] = forms.MultipleChoiceField(
                label=_("Which items count in the sum?"),
                choices=[(item.id, _short(item)) for item in items],
                initial=list(measure.primary.items) if measure else [],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def _items(self) -> list[DraftItem]:
        draft = self.proposal.draft
        return [item for item in draft.items if item.kind != "text"] if draft else []

    def weight_fields(self) -> list[tuple[WeightQuestion, list[Any]]]:
        """The weight boxes, list of answers by list of answers; but for the largest, whether it counts at all."""
        names = {q.key: [f"weight-{q.key}-{n}" for n in range(len(q.answers))] for q in self.questions}
        asked = [(q, [*names[q.key], f"weight-also-{q.key}"]) for q in self.questions]
        return [(q, [self[name] for name in found if name in self.fields]) for q, found in asked]

    def other_fields(self) -> list[Any]:
        """Everything but the weight boxes and the terms."""
        return [self[name] for name in self.fields if not name.startswith("weight-") and name != "terms"]

    def clean_risk(self) -> list[str]:
        marked: list[str] = self.cleaned_data["risk"]
        if NONE in marked and len(marked) > 1:
            raise ValidationError(_("Mark either items or “none of them”."))
        return marked

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for question in self.questions:
            names = [f"weight-{question.key}-{n}" for n in range(len(question.answers))]
            given = [found.get(name) for name in names]
            if any(each is not None for each in given) and any(each is None for each in given):
                self.add_error(names[given.index(None)], _("Give every answer of this list a weight, or none."))
        return found

    def choices(self) -> Choices:
        """What the person has said so far; what they have not said stays open."""
        said = self.cleaned_data
        weights = {}
        for question in self.questions:
            given = [said.get(f"weight-{question.key}-{n}") for n in range(len(question.answers))]
            if all(each is not None for each in given):
                weights[question.key] = tuple(float(each) for each in given if each is not None)
        risk, counted = said.get("risk"), said.get("counted")
        return Choices(
            weights=weights,
            higher_is_worse={"worse": True, "better": False}.get(said.get("direction", "")),
            risk_items=tuple(each for each in risk if each != NONE) if risk else None,
            counted=tuple(counted) if counted else None,
            also_counted=tuple(q.key for q in self.questions if said.get(f"weight-also-{q.key}")),
            short=said.get("short", ""),
        )


def packed(content: bytes) -> str:
    """File content as text that a hidden field can carry."""
    return base64.b64encode(zlib.compress(content)).decode()


def unpacked(text: str) -> bytes:
    """The content back, refused if it is not what a page of ours carried or unpacks to too much."""
    try:
        pressed = base64.b64decode(text, validate=True)
        opened = zlib.decompressobj()
        content = opened.decompress(pressed, MOST_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise ValidationError(_("The file did not come back whole. Nothing was stored. Choose it again.")) from None
    if len(content) > MOST_BYTES:
        raise ValidationError(_("This file is larger than 5 MB. Nothing was stored. Choose a smaller one."))
    return content


def _short(item: DraftItem) -> str:
    return item.text if len(item.text) <= 120 else f"{item.text[:117]}…"
