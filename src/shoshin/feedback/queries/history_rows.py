"""Rows of history as a plan reads them, and each row that cannot come in. No database is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.feedback.queries.history_cells import (
    CannotReadCell,
    Moment,
    TimeKind,
    checked_day,
    counted,
    day_in,
    day_of_count,
    figure,
    is_blank,
    start_before,
)
from shoshin.feedback.queries.history_columns import CLIENT, ITEMS, TIME, Column, Plan, item_number
from shoshin.feedback.queries.history_files import Line, Table

LONGEST_CODE = 40


@dataclass(frozen=True)
class Target:
    """What a column's figures are checked against: a score's range, or a measure's items."""

    label: str
    low: float = 0.0
    high: float = 0.0
    items: tuple[str, ...] = ()
    misfits: Callable[[Mapping[str, float]], list[str]] | None = None


@dataclass(frozen=True)
class Entry:
    """One measure of one client at one time."""

    line: int
    code: str
    code_key: str
    role: str
    moment: Moment
    value: float | None
    answers: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Problem:
    """A row that cannot come in: why, and how to mend it."""

    line: int
    what: str


@dataclass
class Rows:
    """Everything a file holds, as it will come in."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    blanks: int = 0
    repeated: int = 0
    lines: int = 0

    @property
    def bad_lines(self) -> int:
        """How many rows have something to mend."""
        return len({problem.line for problem in self.problems})

    @property
    def clients(self) -> int:
        """How many clients the rows speak of."""
        return len({entry.code_key for entry in self.entries})


class BadRow(ValueError):
    """The row as a whole cannot be read."""


def read_rows(table: Table, plan: Plan, targets: Mapping[str, Target], today: date) -> Rows:
    """Every row of the table by this plan. A row with a problem gives no entry at all."""
    rows = Rows(lines=len(table.lines))
    plan = plan if plan.start or plan.time_kind == "date" else replace(plan, start=_nominal_start(table, plan, today))
    seen: dict[tuple[str, str, object], Entry] = {}
    width = len(str(len(table.lines)))
    for place, line in enumerate(table.lines, start=1):
        if not any(line.cells):
            continue
        found, problems, blanks = _row(line, f"{place:0{width}}", table, plan, targets, today)
        problems += _clashes(found, seen, plan)
        rows.blanks += blanks
        if problems:
            rows.problems += [Problem(line.number, what) for what in problems]
            continue
        for entry in found:
            if seen.setdefault(_key(entry, plan.time_kind), entry) is entry:
                rows.entries.append(entry)
            else:
                rows.repeated += 1
    if plan.time_kind == "date":
        rows.entries = in_order_of_days(rows.entries)
    return rows


def plan_problems(plan: Plan) -> list[str]:
    """Why a plan cannot be carried out on any row."""
    found = []
    if not plan.measured:
        found.append(_("Choose at least one column that holds a measure."))
    if plan.shape == "long" and plan.column(CLIENT) is None:
        found.append(_("Choose the column that tells the clients apart."))
    if plan.shape == "long" and plan.column(TIME) is None:
        found.append(_("Choose the column that says when, or choose “one row for each client”."))
    for role in (CLIENT, TIME):
        if sum(column.role == role for column in plan.columns) > 1:
            found.append(_("Two columns are marked as the client or as the time. Leave one of them out."))
    if plan.shape == "wide":
        found += _wide_problems(plan)
    if plan.shape == "long":
        totals = [column.role for column in plan.measured if not column.role.startswith(ITEMS)]
        found += [
            _("Two columns are the same measure at the same time. Leave one of them out.")
            for role in set(totals)
            if totals.count(role) > 1
        ]
    return list(dict.fromkeys(found))


def _wide_problems(plan: Plan) -> list[str]:
    if any(column.role.startswith(ITEMS) for column in plan.measured):
        return [_("Single answers come in one row for each client and time. Choose that, or bring in totals.")]
    found, seen = [], set()
    for column in plan.measured:
        try:
            when = _count_or_day(column.time, plan)
        except CannotReadCell as problem:
            found.append(_("Column %(name)s, time: %(what)s") % {"name": column.name, "what": problem})
            continue
        if (column.role, when) in seen:
            found.append(_("Column %(name)s has the same time as another of its measure.") % {"name": column.name})
        seen.add((column.role, when))
    return found


def _row(
    line: Line, number: str, table: Table, plan: Plan, targets: Mapping[str, Target], today: date
) -> tuple[list[Entry], list[str], int]:
    """The entries of a row, its problems, and how many of its cells are blank."""
    if len(line.cells) != len(table.header):
        what = _("The row has %(cells)s cells, the first line %(names)s. Look for a stray or missing mark.")
        return [], [what % {"cells": len(line.cells), "names": len(table.header)}], 0
    try:
        code = _code(line, number, plan)
        moments = _moments(line, plan, today)
    except (CannotReadCell, BadRow) as problem:
        return [], [str(problem)], 0
    found, problems, blanks, key = [], [], 0, care.folded(code)
    answers: dict[str, dict[str, float]] = {}
    for column in plan.measured:
        cell = line.cells[column.index]
        if is_blank(cell):
            blanks += 1
            continue
        try:
            value = figure(cell)
            if column.role.startswith(ITEMS):
                answers.setdefault(column.role, {})[_item(column, targets[column.role])] = value
                continue
            moment = moments[column.index]
            found.append(Entry(line.number, code, key, column.role, moment, _in_range(value, targets[column.role])))
        except CannotReadCell as problem:
            problems.append(f"{column.name}: {problem}")
    for role, given in answers.items():
        misfits = targets[role].misfits
        problems += misfits(given) if misfits else []
        moment = next(iter(moments.values()))
        found.append(Entry(line.number, code, key, role, moment, None, tuple(sorted(given.items()))))
    return found, problems, blanks


def _code(line: Line, number: str, plan: Plan) -> str:
    column = plan.column(CLIENT)
    if column is None:
        return f"{plan.prefix}-{number}"
    code = " ".join(line.cells[column.index].split())
    code = code.removesuffix(".0") if code.removesuffix(".0").isdigit() else code
    if is_blank(code):
        raise BadRow(_("The client is missing. Fill in a code or initials."))
    if len(code) > LONGEST_CODE:
        raise BadRow(_("The client's code is longer than 40 characters. Use a code or initials."))
    return code


def _moments(line: Line, plan: Plan, today: date) -> dict[int, Moment]:
    """When each measured column of this row was answered."""
    column = plan.column(TIME)
    if plan.shape == "wide" or column is None:
        wanted = [c for c in plan.measured if not is_blank(line.cells[c.index])]
        return {c.index: _moment(c.time, plan, today) for c in wanted}
    text = line.cells[column.index]
    if is_blank(text):
        raise BadRow(_("The time is missing. Fill in when this was answered."))
    moment = _moment(text, plan, today)
    return {c.index: moment for c in plan.measured}


def _moment(text: str, plan: Plan, today: date) -> Moment:
    when = _count_or_day(text, plan)
    if isinstance(when, date):
        return Moment(0, checked_day(when, today))
    assert plan.start is not None
    start = checked_day(plan.start, today)
    return Moment(when, checked_day(day_of_count(when, plan.time_kind, start), today))


def _count_or_day(text: str, plan: Plan) -> int | date:
    return day_in(text, plan.date_order) if plan.time_kind == "date" else counted(text, plan.time_kind)


def _nominal_start(table: Table, plan: Plan, today: date) -> date:
    column = plan.column(TIME)
    if plan.shape == "wide" or column is None:
        texts = [c.time for c in plan.measured]
    else:
        texts = [line.cells[column.index] for line in table.lines if len(line.cells) > column.index]
    latest = 0
    for text in set(texts):
        try:
            latest = max(latest, counted(text, plan.time_kind))
        except CannotReadCell:
            continue
    return start_before(latest, plan.time_kind, today)


def _item(column: Column, target: Target) -> str:
    number = item_number(column.name)
    if number is None or not 1 <= number <= len(target.items):
        raise CannotReadCell(
            _("The column's name ends with no item's number from 1 to %(last)s. Rename it, or leave it out.")
            % {"last": len(target.items)}
        )
    return target.items[number - 1]


def _in_range(value: float, target: Target) -> float:
    if target.low <= value <= target.high:
        return value
    raise CannotReadCell(
        _("%(value)s is outside %(low)s to %(high)s. Correct it, or empty the cell if nothing was answered.")
        % {"value": f"{value:g}", "low": f"{target.low:g}", "high": f"{target.high:g}"}
    )


def _key(entry: Entry, kind: TimeKind) -> tuple[str, str, object]:
    return entry.code_key, entry.role, entry.moment.day if kind == "date" else entry.moment.occasion


def _clashes(found: list[Entry], seen: Mapping[tuple[str, str, Any], Entry], plan: Plan) -> list[str]:
    """Rows that contradict an earlier one: the same client, measure and time with another value."""
    problems = []
    for entry in found:
        earlier = seen.get(_key(entry, plan.time_kind))
        if earlier is not None and (earlier.value, earlier.answers) != (entry.value, entry.answers):
            problems.append(
                _("Line %(line)s has another value for the same client and time. Keep one of the two.")
                % {"line": earlier.line}
            )
    return problems


def in_order_of_days(entries: list[Entry]) -> list[Entry]:
    """Each client's days, numbered in order: the first is 1."""
    days: dict[str, set[date]] = {}
    for entry in entries:
        days.setdefault(entry.code_key, set()).add(entry.moment.day)
    order = {key: {day: place for place, day in enumerate(sorted(of), start=1)} for key, of in days.items()}
    return [
        replace(entry, moment=Moment(order[entry.code_key][entry.moment.day], entry.moment.day)) for entry in entries
    ]
