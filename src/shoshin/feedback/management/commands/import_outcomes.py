"""Bringing in history from the terminal: look first, then bring in with --yes."""

import shlex
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shoshin.feedback.actions.history import CannotImportOutcomes, checked_rows, import_outcomes
from shoshin.feedback.forms.history import NewMeasure
from shoshin.feedback.queries.history import as_known, known_measures, targets_of
from shoshin.feedback.queries.history_before import set_apart_known
from shoshin.feedback.queries.history_columns import NEW, Column, Plan, guessed_plan
from shoshin.feedback.queries.history_files import CannotReadHistory, read_table
from shoshin.feedback.queries.history_rows import Rows, Target
from shoshin.kit import clock
from shoshin.kit.action import OPERATOR
from shoshin.measures.actions import TotalsFigures
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Membership

PROBLEMS_SHOWN = 50


class Command(BaseCommand):
    """`manage.py import_outcomes`, and `shoshin import-outcomes`."""

    help = "Bring in scores kept elsewhere, from CSV or XLSX: all of a file or nothing of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--therapist", required=True)
        parser.add_argument("--over", choices=["planned", "unplanned"])
        parser.add_argument("--time", dest="time_kind", choices=["date", "month", "appointment"])
        parser.add_argument("--start", type=datetime.fromisoformat)
        parser.add_argument("--column", action="append", default=[])
        parser.add_argument("--define", action="append", default=[])
        parser.add_argument("--leave-out", action="store_true")
        parser.add_argument("--yes", action="store_true")

    def handle(self, *args: Any, **told: Any) -> None:
        therapist = people.therapist_by_email(told["therapist"])
        if therapist is None:
            raise CommandError(f"No therapist here has the address {told['therapist']}. Nothing was changed.")
        content = Path(told["file"]).read_bytes()
        try:
            self._bring_in(therapist, Path(told["file"]).name, content, told, clock.now())
        except (CannotReadHistory, CannotImportOutcomes) as refusal:
            self._list_problems(getattr(refusal, "rows", None))
            raise CommandError(str(refusal)) from None

    def _bring_in(self, therapist: "Membership", name: str, content: bytes, told: dict[str, Any], at: datetime) -> None:
        new = defined(told["define"])
        versions = known_measures(therapist.clinic)
        plan = corrected(guessed_plan(read_table(name, content), as_known(versions), name), told)
        rows = self._preview(therapist, name, content, plan, versions, new, at)
        if not told["yes"]:
            self._list_problems(rows)
            self.stdout.write("Nothing was brought in. Add --yes to bring it in as shown.")
            return
        with click.progressbar(length=len(rows.entries), label="Bringing in", show_eta=False) as bar:
            done = import_outcomes(
                therapist=therapist,
                file_name=name,
                content=content,
                plan=plan,
                new_measures=new,
                ending=told["over"] or "",
                leave_out_bad_rows=told["leave_out"],
                by=OPERATOR,
                at=at,
                written=bar.update,
            )
        self.stdout.write(
            f"{done.added} scores of {done.clients} clients were brought in; {done.blanks} cells were empty, "
            f"{done.already_here} were here already, {done.left_out} rows were left out."
        )

    def _preview(
        self,
        therapist: "Membership",
        name: str,
        content: bytes,
        plan: Plan,
        versions: "dict[str, MeasureVersion]",
        new: dict[str, TotalsFigures],
        at: datetime,
    ) -> Rows:
        for column in plan.columns:
            role = column.role or "left aside"
            self.stdout.write(f"  {column.name:<24}{role}{f' at {column.time}' if column.time else ''}")
        unknown = [each for each in plan.new_names if each not in new]
        if unknown:
            raise CannotImportOutcomes(
                f"{', '.join(unknown)}: no measure here has this name. Say what it measures with --define, "
                "or name another role with --column. Nothing was brought in."
            )
        targets = targets_of((column.role for column in plan.measured), versions)
        targets |= {f"{NEW}{each}": Target(each, figures.low, figures.high) for each, figures in new.items()}
        rows = set_apart_known(checked_rows(name, content, plan, targets, therapist, at), plan, therapist.clinic)
        self.stdout.write(
            f"Time is told as {plan.time_kind}. {len(rows.entries)} scores of {rows.clients} clients; "
            f"{rows.blanks} empty cells; {rows.bad_lines} rows to mend."
        )
        return rows

    def _list_problems(self, rows: Rows | None) -> None:
        problems = rows.problems if rows else []
        for problem in problems[:PROBLEMS_SHOWN]:
            self.stderr.write(f"line {problem.line}: {problem.what}")
        if len(problems) > PROBLEMS_SHOWN:
            self.stderr.write(f"and {len(problems) - PROBLEMS_SHOWN} more.")


def corrected(guess: Plan, told: dict[str, Any]) -> Plan:
    """The guess, with what was said about time and columns."""
    roles = {}
    for text in told["column"]:
        name, equals, role = text.rpartition("=")
        if not equals or name not in {column.name for column in guess.columns}:
            raise CommandError(f"--column {text}: write NAME=ROLE, with a name of the file's first line.")
        roles[name] = role
    columns = tuple(_as_told(column, roles.get(column.name)) for column in guess.columns)
    start = told["start"].date() if told["start"] else None
    return replace(guess, columns=columns, time_kind=told["time_kind"] or guess.time_kind, start=start)


def _as_told(column: Column, said: str | None) -> Column:
    if said is None:
        return column
    role, _at, time = said.partition("@")
    kind = role.partition(":")[0]
    if kind not in ("client", "time", "total", "items", "new", "skip"):
        raise CommandError(f"--column {column.name}={said}: roles are client, time, total:…, items:…, new:…, skip.")
    return replace(column, role="" if role == "skip" else role, time=time or column.time)


def defined(texts: list[str] | tuple[str, ...]) -> dict[str, TotalsFigures]:
    """Measures described at the terminal, checked as the page checks them."""
    found = {}
    for text in texts:
        name, *pairs = shlex.split(text)
        form = NewMeasure({"name": name} | dict(pair.partition("=")[::2] for pair in pairs))
        if not form.is_valid():
            told = [(field, error) for field, errors in form.errors.items() for error in errors]
            wrong = "; ".join(f"{field}: {error}" for field, error in told)
            raise CommandError(f"--define {name}: {wrong} Nothing was brought in.")
        found[name] = form.figures()
    return found
