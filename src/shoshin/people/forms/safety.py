"""The safety numbers as somebody checks and edits them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.people.queries.safety import Safety, SafetyLine

EMPTY_ROWS, MOST_LINES = 2, 30


class SafetyForm(forms.Form):
    """The emergency number, and the owner's word that all of them were checked."""

    emergency = forms.RegexField(
        regex=r"^[\d +]{2,20}$",
        label=_("Emergency number"),
        max_length=20,
        error_messages={"invalid": _("Write one number, in digits.")},
    )
    checked = forms.BooleanField(
        label=_("I have checked these numbers myself"),
        error_messages={"required": _("Check each number first: your clients will rely on them.")},
    )


class LineForm(forms.Form):
    """One line. Emptied, it goes."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    number = forms.CharField(label=_("Number to call"), max_length=40, required=False)
    text_to = forms.CharField(label=_("Number to text"), max_length=40, required=False)
    text_word = forms.CharField(label=_("Word to text"), max_length=20, required=False)
    hours = forms.CharField(label=_("Hours"), max_length=80, required=False)
    languages = forms.CharField(label=_("Languages (as en, de)"), max_length=40, required=False)
    source = forms.CharField(label=_("Where you checked it"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not (given.get("number") or given.get("text_to")):
            self.add_error("number", _("Add a number to call or to text, or empty the name to leave the line out."))
        if (given.get("number") or given.get("text_to")) and not given.get("name"):
            self.add_error("name", _("Say whose number this is."))
        return given

    def line(self) -> SafetyLine:
        given = self.cleaned_data
        languages = tuple(code.strip() for code in given["languages"].split(",") if code.strip())
        return SafetyLine(**{**given, "languages": languages})


class SafetySheet:
    """Both forms together, begun from the numbers that stand."""

    def __init__(self, begun: Safety, given: Mapping[str, Any] | None = None):
        rows = forms.formset_factory(LineForm, extra=EMPTY_ROWS, max_num=MOST_LINES, absolute_max=MOST_LINES)
        first = [{**asdict(line), "languages": ", ".join(line.languages)} for line in begun.lines]
        self.begun = begun
        self.form = SafetyForm(given, initial={"emergency": begun.emergency})
        self.lines = rows(given, initial=first, prefix="lines")

    @property
    def is_open(self) -> bool:
        """Whether the rows show at once: where a line has a mistake, or none is there yet."""
        return not self.begun.lines or (self.lines.is_bound and any(self.lines.errors))

    def is_valid(self) -> bool:
        """Whether all fields are right. Both are asked, so that every mistake shows at once."""
        return all([self.form.is_valid(), self.lines.is_valid()])

    def safety(self, on: date) -> Safety:
        """The numbers as they were checked on a day."""
        lines = tuple(row.line() for row in self.lines.forms if row.cleaned_data.get("name"))
        sources = dict.fromkeys(line.source for line in lines if line.source)
        return Safety(
            region=self.begun.region,
            emergency=self.form.cleaned_data["emergency"].strip(),
            lines=lines,
            source=", ".join(sources) or self.begun.source,
            checked_on=on,
        )
