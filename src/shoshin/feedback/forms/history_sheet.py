"""Between choosing a file and bringing it in: its columns, new measures, and the rows as they would come."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

from shoshin.feedback.actions.history import (
    CannotImportOutcomes,
    Imported,
    checked_rows,
    import_outcomes,
    same_file_sentence,
)
from shoshin.feedback.forms.history import Matching, NewMeasure
from shoshin.feedback.queries.history import as_known, known_measures, targets_of
from shoshin.feedback.queries.history_before import digest_of, imported_before, set_apart_known
from shoshin.feedback.queries.history_columns import NEW, Plan, guessed_plan
from shoshin.feedback.queries.history_files import read_table
from shoshin.feedback.queries.history_rows import Problem, Rows, Target
from shoshin.measures import queries as measures
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.feedback.models import WaitingFile
    from shoshin.measures.actions import TotalsFigures
    from shoshin.people.models import Membership

FIRST_ROWS = 8
PROBLEMS_SHOWN = 200


class MatchingSheet:
    """A waiting file with its guessed or corrected plan, and what that plan makes of the rows."""

    def __init__(self, waiting: "WaitingFile", member: "Membership", given: Mapping[str, Any] | None, at: datetime):
        self.waiting, self.member, self.at = waiting, member, at
        self.content = bytes(waiting.content)
        self.table = read_table(waiting.file_name, self.content)
        self.versions = known_measures(member.clinic)
        known = as_known(self.versions)
        guess = guessed_plan(self.table, known, waiting.file_name)
        self.form = Matching(self.table, guess, known, owners_for(member), given)
        self.plan: Plan = self.form.plan()
        numbered = {name: place for place, name in enumerate(self._names())}
        self.new_measures = {
            name: NewMeasure(
                self._given(given, f"new{numbered[name]}"),
                initial={"name": name},
                prefix=f"new{numbered[name]}",
            )
            for name in self.plan.new_names
        }
        self.refusal = ""

    def _names(self) -> list[str]:
        """Every name a new measure could bear, so that its form keeps its place while columns change."""
        choices = (self.form.fields[f"role_{c.index}"].choices for c in self.form.guess.columns)  # type: ignore[attr-defined]
        flat = (
            value for choice in choices for _label, group in choice if isinstance(group, list) for value, _w in group
        )
        return sorted({value.removeprefix(NEW) for value in flat if value.startswith(NEW)})

    @staticmethod
    def _given(given: Mapping[str, Any] | None, prefix: str) -> Mapping[str, Any] | None:
        """A measure's form is filled only once it has been shown."""
        return given if given is not None and f"{prefix}-name" in given else None

    @property
    def same_file(self) -> str:
        """That this file has been brought in, where it has."""
        earlier = imported_before(self.member.clinic, digest_of(self.content, self.plan))
        return same_file_sentence(earlier) if earlier else ""

    @cached_property
    def rows(self) -> Rows | None:
        """The rows by this plan; none while the plan itself has a problem."""
        targets = targets_of((c.role for c in self.plan.measured), self.versions)
        targets |= {f"{NEW}{name}": self._target(name) for name in self.plan.new_names}
        try:
            owner = self.form.owner()
            found = checked_rows(self.waiting.file_name, self.content, self.plan, targets, owner, self.at)
        except CannotImportOutcomes as refusal:
            self.refusal = self.refusal or str(refusal)
            return None
        return set_apart_known(found, self.plan, self.member.clinic)

    def _target(self, name: str) -> Target:
        form = self.new_measures[name]
        if form.is_bound and form.is_valid():
            return Target(name, form.cleaned_data["low"], form.cleaned_data["high"])
        return Target(name, -inf, inf)

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        """A few rows as they will stand here."""
        entries = self.rows.entries[:FIRST_ROWS] if self.rows else []
        return [
            {
                "code": entry.code,
                "when": entry.moment.day if self.plan.time_kind == "date" else entry.moment.occasion,
                "measure": self._name(entry.role),
                "value": entry.value,
                "answers": len(entry.answers),
            }
            for entry in entries
        ]

    def _name(self, role: str) -> str:
        name = role.partition(":")[2]
        return measures.facts(self.versions[name]).short if name in self.versions else name

    @property
    def problems(self) -> list[Problem]:
        """What is to mend, as far as a page can show."""
        return self.rows.problems[:PROBLEMS_SHOWN] if self.rows else []

    @property
    def more_problems(self) -> int:
        """How many more there are."""
        return max(0, len(self.rows.problems) - PROBLEMS_SHOWN) if self.rows else 0

    @property
    def counts_nominally(self) -> bool:
        """Whether days are only counted back from today."""
        return self.plan.time_kind != "date" and self.plan.start is None

    def is_valid(self) -> bool:
        """Whether everything asked has been said. All forms are asked: every mistake shows at once."""
        self.form.owner()  # read before a missing ending makes the form invalid
        asked = [self.form.is_valid() and self.form.says_ending()]
        return all([*asked, *(form.is_valid() for form in self.new_measures.values())])

    @property
    def without_change(self) -> list[str]:
        """The new measures for which no figure says how much of a change is measurement error."""
        return [name for name, form in self.new_measures.items() if not form.tells_change]

    def bring_in(self) -> Imported | None:
        """Bring the file in, or keep the sentence that says why not."""
        if not self.is_valid():
            return None
        figures: dict[str, TotalsFigures] = {name: form.figures() for name, form in self.new_measures.items()}
        try:
            return import_outcomes(
                therapist=self.form.owner(),
                file_name=self.waiting.file_name,
                content=self.content,
                plan=self.plan,
                new_measures=figures,
                ending=self.form.how_ended(),
                leave_out_bad_rows=self.form.cleaned_data["leave_out"],
                by=self.member,
                at=self.at,
            )
        except CannotImportOutcomes as refusal:
            self.refusal = str(refusal)
            return None


def owners_for(member: "Membership") -> "list[Membership]":
    """Whose clients a file may hold: one's own, or for the clinic's owner those of each therapist."""
    others = [each for each in people.therapists_of(member.clinic) if each.pk != member.pk] if member.is_owner else []
    return [member, *others]
