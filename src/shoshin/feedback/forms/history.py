"""Choosing a file of history, and saying what its columns hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoshin.feedback.queries.history_cells import CannotReadCell, figure
from shoshin.feedback.queries.history_columns import (
    CLIENT,
    ITEMS,
    NEW,
    TIME,
    TOTAL,
    Column,
    Known,
    Plan,
    stem_of,
    time_of,
)
from shoshin.feedback.queries.history_files import LARGEST_FILE, Table
from shoshin.measures.actions import TotalsFigures

if TYPE_CHECKING:
    from shoshin.people.models import Membership

SHAPES = (
    ("long", gettext_lazy("one row for each client and time")),
    ("wide", gettext_lazy("one row for each client, a column for each time")),
)
TIME_KINDS = (
    ("date", gettext_lazy("dates")),
    ("month", gettext_lazy("months since the start")),
    ("appointment", gettext_lazy("numbers of appointments")),
)
DATE_ORDERS = (
    ("ymd", gettext_lazy("year, month, day: 2024-05-31")),
    ("dmy", gettext_lazy("day, month, year: 31.05.2024")),
    ("mdy", gettext_lazy("month, day, year: 05/31/2024")),
)
OVER = (
    ("", "–"),
    ("open", gettext_lazy("They go on")),
    ("planned", gettext_lazy("They are over: ended as planned")),
    ("unplanned", gettext_lazy("They are over: the clients stopped coming, or it is not known")),
)
WORSE = (
    ("", "–"),
    ("high", gettext_lazy("a high total is worse")),
    ("low", gettext_lazy("a low total is worse")),
)


class LaterChoice(forms.ChoiceField):
    """To be answered before a file is brought in, and not before it is looked at: the sheet says when."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class HistoryFile(forms.Form):
    """The file, from the person's own disk."""

    file = forms.FileField(
        label=gettext_lazy("File with scores (CSV or XLSX)"),
        help_text=gettext_lazy("Nothing is brought in yet: first you see how it would be read."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        chosen = self.cleaned_data["file"]
        if chosen.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is larger than 20 MB. Split it, and bring in each part."))
        return chosen


class FigureField(forms.CharField):
    """A number with a decimal point or comma, kept as the person wrote it until it is right."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return figure(text) if text else None
        except CannotReadCell as problem:
            raise forms.ValidationError(str(problem)) from None

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """A number has no length."""


class NewMeasure(forms.Form):
    """A measure known by its totals only."""

    name = forms.CharField(label=gettext_lazy("Name of the measure"), max_length=64)
    low = FigureField(label=gettext_lazy("Lowest total possible"))
    high = FigureField(label=gettext_lazy("Highest total possible"))
    worse = forms.ChoiceField(label=gettext_lazy("Direction"), choices=WORSE)
    cutoff = FigureField(
        label=gettext_lazy("Cut-off"),
        required=False,
        help_text=gettext_lazy(
            "The total at which the clinical range begins. Without it nobody is counted as recovered."
        ),
    )
    points = FigureField(
        label=gettext_lazy("Published reliable change, in points"),
        required=False,
        help_text=gettext_lazy(
            "Or give reliability and standard deviation below. With neither, change cannot be computed."
        ),
    )
    reliability = FigureField(label=gettext_lazy("Reliability, between 0 and 1"), required=False)
    sd = FigureField(label=gettext_lazy("Standard deviation of clients at the start"), required=False)
    source = forms.CharField(
        label=gettext_lazy("Source of these figures"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Authors and year."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("low") is not None and given.get("high") is not None and given["low"] >= given["high"]:
            self.add_error("high", _("The highest total lies above the lowest."))
        if (given.get("sd") is None) != (given.get("reliability") is None):
            self.add_error("reliability", _("Reliability and standard deviation go together: give both, or neither."))
        known = [given.get(name) for name in ("points", "sd", "reliability", "cutoff")]
        if any(value is not None for value in known) and not given.get("source", "").strip():
            self.add_error("source", _("Say where these figures are from."))
        self._check_sizes(given)
        return given

    def _check_sizes(self, given: dict[str, Any]) -> None:
        reliability, cutoff = given.get("reliability"), given.get("cutoff")
        if reliability is not None and not 0 < reliability < 1:
            self.add_error("reliability", _("Reliability lies between 0 and 1, such as 0.85."))
        for name in ("points", "sd"):
            if given.get(name) is not None and given[name] <= 0:
                self.add_error(name, _("This figure is above 0."))
        low, high = given.get("low"), given.get("high")
        if cutoff is not None and low is not None and high is not None and not low <= cutoff <= high:
            self.add_error("cutoff", _("The cut-off lies between the lowest and the highest total."))

    @property
    def tells_change(self) -> bool:
        """Whether a change can be told from measurement error by what has been given so far."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return given.get("points") is not None or given.get("reliability") is not None

    def figures(self) -> TotalsFigures:
        """The measure as it will be stored."""
        given = self.cleaned_data
        return TotalsFigures(
            name=given["name"].strip(),
            low=given["low"],
            high=given["high"],
            higher_is_worse=given["worse"] == "high",
            source=given["source"].strip(),
            cutoff=given["cutoff"],
            points=given["points"],
            sd=given["sd"],
            reliability=given["reliability"],
        )


class Matching(forms.Form):
    """What the columns hold, when, and whose clients these are. It begins from the guess."""

    shape = forms.ChoiceField(label=gettext_lazy("The file has"), choices=SHAPES)
    time_kind = forms.ChoiceField(label=gettext_lazy("Time is given as"), choices=TIME_KINDS)
    date_order = forms.ChoiceField(label=gettext_lazy("Dates are written as"), choices=DATE_ORDERS)
    start = forms.DateField(
        label=gettext_lazy("First measurement of all"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "For months and appointments. Left empty, days are counted back from today, true in order only."
        ),
    )
    code_prefix = forms.RegexField(
        regex=r"^[^\s].{0,29}$",
        label=gettext_lazy("Codes begin with"),
        required=False,
        help_text=gettext_lazy("Only where no column tells clients apart: each row gets this and its number."),
    )
    ending = LaterChoice(label=gettext_lazy("These courses of therapy"), choices=OVER)
    therapist = forms.TypedChoiceField(label=gettext_lazy("They belong to"), coerce=int)
    leave_out = forms.BooleanField(label=gettext_lazy("Leave the rows out that cannot come in"), required=False)

    def __init__(
        self,
        table: Table,
        guess: Plan,
        known: list[Known],
        owners: "list[Membership]",
        given: Mapping[str, Any] | None,
    ):
        first: dict[str, Any] = {"shape": guess.shape, "time_kind": guess.time_kind, "date_order": guess.date_order}
        first |= {"code_prefix": guess.prefix, "therapist": owners[0].pk}
        super().__init__(given, initial=first)
        self.table, self.guess, self.owners = table, guess, owners
        chooser: Any = self.fields["therapist"]
        chooser.choices = [(owner.pk, str(owner)) for owner in owners]
        chooser.required = len(owners) > 1
        self.fields["date_order"].required = given is None or "date_order" in given
        for column in guess.columns:
            label = _("Column %(name)s") % {"name": column.name}
            self.fields[f"role_{column.index}"] = forms.ChoiceField(
                label=label, choices=_roles(column, known), required=False, initial=column.role
            )
            self.fields[f"time_{column.index}"] = forms.CharField(
                label=_("Time of %(name)s") % {"name": column.name},
                max_length=20,
                required=False,
                initial=column.time,
                widget=forms.TextInput(attrs={"class": "short"}),
            )

    @property
    def file_fields(self) -> list[forms.BoundField]:
        """What is asked about the file as a whole."""
        plan = self.plan()
        names = ["shape", "time_kind", "date_order" if plan.time_kind == "date" else "start"]
        names += [] if any(column.role == CLIENT for column in plan.columns) else ["code_prefix"]
        names += ["therapist"] if len(self.owners) > 1 else []
        return [self[name] for name in (*names, "ending")]

    @property
    def column_rows(self) -> list[dict[str, Any]]:
        """Each column with its first values, its role, and in the wide form its time."""
        plan = self.plan()
        timed = {column.index for column in plan.measured} if plan.shape == "wide" else set()
        return [
            {
                "name": column.name,
                "values": self._samples(column.index),
                "role": self[f"role_{column.index}"],
                "time": self[f"time_{column.index}"] if column.index in timed else None,
            }
            for column in self.guess.columns
        ]

    def _samples(self, index: int) -> list[str]:
        cells = (line.cells[index] for line in self.table.lines[:50] if len(line.cells) > index)
        return [cell for cell in cells if cell][:3]

    def plan(self) -> Plan:
        """How the file is to be read: as the person says, or as guessed where nothing has been said yet."""
        return self._said_plan

    @cached_property
    def _said_plan(self) -> Plan:
        if not self.is_bound or not self.is_valid():
            return self.guess
        given = self.cleaned_data
        wide = given["shape"] == "wide"
        columns = tuple(
            Column(
                column.index,
                column.name,
                role,
                (given[f"time_{column.index}"].strip() or time_of(column.name)) if wide and role != CLIENT else "",
            )
            for column in self.guess.columns
            for role in [given[f"role_{column.index}"]]
        )
        columns = tuple(replace(column, role="") if wide and column.role == TIME else column for column in columns)
        start: date | None = given["start"]
        return Plan(
            given["shape"],
            given["time_kind"],
            columns,
            given["date_order"] or self.guess.date_order,
            start,
            given["code_prefix"] or self.guess.prefix,
        )

    def says_ending(self) -> bool:
        """Whether it has been said how the courses ended; a sentence beside the question where not."""
        if self.cleaned_data.get("ending"):
            return True
        if not self.has_error("ending"):
            self.add_error("ending", _("Say whether these courses go on or are over. Nothing was brought in."))
        return False

    def how_ended(self) -> str:
        """How the courses ended; blank where they go on."""
        chosen = self.cleaned_data["ending"]
        return "" if chosen == "open" else chosen

    def owner(self) -> "Membership":
        """Whose clients these are."""
        return self._said_owner

    @cached_property
    def _said_owner(self) -> "Membership":
        chosen = self.cleaned_data.get("therapist") if self.is_bound and self.is_valid() else None
        return next((owner for owner in self.owners if owner.pk == chosen), self.owners[0])


def _roles(column: Column, known: list[Known]) -> list[Any]:
    guessed = [column.role.removeprefix(NEW)] if column.role.startswith(NEW) else []
    stems = dict.fromkeys([*guessed, stem_of(column.name), column.name.strip()])
    new = [(f"{NEW}{stem}", _("%(name)s: totals of a new measure") % {"name": stem}) for stem in stems if stem]
    totals = [(f"{TOTAL}{m.measure_id}", _("%(name)s: total") % {"name": m.short}) for m in known]
    items = [
        (
            f"{ITEMS}{m.measure_id}",
            _("%(name)s: one answer, numbered by the column's name") % {"name": m.short},
        )
        for m in known
        if m.items
    ]
    return [
        ("", _("leave aside")),
        (CLIENT, _("client: code or initials")),
        (TIME, _("time")),
        (_("A measure not known here"), new),
        (_("Totals"), totals),
        (_("Single answers"), items),
    ]
