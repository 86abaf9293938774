"""What each column of a file of history holds: a guess for the person to correct. No database is asked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shoshin.feedback.queries.history_cells import (
    FIRST_WORDS,
    SECOND_WORDS,
    THIRD_WORDS,
    CannotReadCell,
    DateOrder,
    TimeKind,
    date_order,
    figure,
    is_blank,
    looks_counted,
    looks_like_day,
)
from shoshin.feedback.queries.history_files import Table

Shape = Literal["long", "wide"]
CLIENT, TIME, TOTAL, ITEMS, NEW = "client", "time", "total:", "items:", "new:"
CLIENT_WORDS = {
    "client",
    "clientid",
    "clientcode",
    "code",
    "id",
    "subject",
    "subjectid",
    "patient",
    "patientid",
}
CLIENT_WORDS |= {
    "participant",
    "participantid",
    "person",
    "case",
    "caseid",
    "pid",
    "initials",
    "klient",
    "kuerzel",
}
TIME_WORDS = {
    "date",
    "datum",
    "day",
    "time",
    "zeit",
    "month",
    "months",
    "monat",
    "session",
    "appointment",
    "visit",
}
TIME_WORDS |= {
    "occasion",
    "wave",
    "termin",
    "sitzung",
    "timepoint",
    "sessionnumber",
    "appointmentnumber",
    "measuredon",
}
NEVER_SCORES = {
    "age",
    "sex",
    "gender",
    "treatment",
    "arm",
    "group",
    "drug",
    "length",
    "notes",
    "note",
    "comment",
}
NEVER_SCORES |= {
    "comments",
    "therapist",
    "site",
    "diagnosis",
    "alter",
    "geschlecht",
    "gruppe",
    "bemerkung",
    "year",
}
WORDS_OF_TIME = "|".join(sorted(FIRST_WORDS | SECOND_WORDS | THIRD_WORDS, key=len, reverse=True))
NAME_AND_TIME = re.compile(
    rf"(?P<stem>.+?)[ ._-]+(?P<time>{WORDS_OF_TIME}"
    r"|(?:m|mo|month|months|monat|s|session|appt|appointment|t|visit|v|w|week)?[ _.-]?\d{1,4}"
    r"|\d{1,4}[ _.-]?(?:m|mo|month|months|monate)|\d{4}-\d\d-\d\d)",
    re.IGNORECASE,
)
NUMBER_AT_END = re.compile(r"(?P<stem>.*?)[ ._-]*(?P<number>\d{1,3})", re.IGNORECASE)
IN_MONTHS = re.compile(
    r"(?:\d[ _.-]?(?:m|mo|month|months|monate)|(?:m|mo|month|months|monat)[ _.-]?\d+)", re.IGNORECASE
)
LOOKED_AT = 200


@dataclass(frozen=True)
class Known:
    """A measure there is already, as far as matching columns needs it."""

    measure_id: str
    short: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column: what it holds, and in the wide form when that was answered."""

    index: int
    name: str
    role: str = ""
    time: str = ""


@dataclass(frozen=True)
class Plan:
    """How a file is to be read."""

    shape: Shape
    time_kind: TimeKind
    columns: tuple[Column, ...]
    date_order: DateOrder = "ymd"
    start: date | None = None
    prefix: str = ""

    def column(self, role: str) -> Column | None:
        """The first column of a role."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def measured(self) -> tuple[Column, ...]:
        """The columns that hold scores or answers."""
        return tuple(column for column in self.columns if column.role.startswith((TOTAL, ITEMS, NEW)))

    @property
    def ignored(self) -> tuple[str, ...]:
        """The names of columns that are left aside."""
        return tuple(column.name for column in self.columns if not column.role)

    @property
    def new_names(self) -> tuple[str, ...]:
        """The measures that are not known here yet."""
        return tuple(dict.fromkeys(c.role.removeprefix(NEW) for c in self.columns if c.role.startswith(NEW)))


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[^a-z0-9äöüß]", "", name.casefold())


def stem_of(name: str) -> str:
    """The measure a column's name speaks of, without its time."""
    found = NAME_AND_TIME.fullmatch(name.strip())
    return found["stem"] if found else name.strip()


def time_of(name: str) -> str:
    """The time a column's name speaks of, as it would be typed."""
    found = NAME_AND_TIME.fullmatch(name.strip())
    return _time_text(found["time"]) if found else ""


def item_number(name: str) -> int | None:
    """The number an item's column ends with."""
    found = NUMBER_AT_END.fullmatch(name.strip())
    return int(found["number"]) if found else None


def guessed_plan(table: Table, known: Sequence[Known], file_name: str) -> Plan:
    """The likeliest reading of a table."""
    columns = [Column(index, name) for index, name in enumerate(table.header)]
    timed = _timed_stems(columns, table, known)
    shape: Shape = "wide" if timed else "long"
    guessed = tuple(_guess(column, columns, table, known, timed, shape) for column in columns)
    kind = _time_kind(guessed, table, shape)
    dates = [column.time for column in guessed if column.time] if shape == "wide" else _times(guessed, table)
    order = date_order(dates) if kind == "date" else "ymd"
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", file_name.rsplit(".", 1)[0]).strip("-")[:16] or "client"
    return Plan(shape, kind, guessed, order, None, prefix)


def _timed_stems(columns: Sequence[Column], table: Table, known: Sequence[Known]) -> set[str]:
    """Names that come with several times, as bdi.pre, bdi.2m: the wide form."""
    if any(plain(column.name) in TIME_WORDS for column in columns):
        return set()
    stems: Counter[str] = Counter()
    for column in columns:
        found = NAME_AND_TIME.fullmatch(column.name.strip())
        if found and _known_by(column.name, known) is None and _holds_figures(table, column.index):
            stems[plain(found["stem"])] += 1
    return {stem for stem, number in stems.items() if number > 1}


def _guess(
    column: Column,
    columns: Sequence[Column],
    table: Table,
    known: Sequence[Known],
    timed: set[str],
    shape: Shape,
) -> Column:
    name = plain(column.name)
    if name in CLIENT_WORDS and not any(plain(c.name) in CLIENT_WORDS for c in columns[: column.index]):
        return Column(column.index, column.name, CLIENT)
    if shape == "wide":
        found = NAME_AND_TIME.fullmatch(column.name.strip())
        if not found or plain(found["stem"]) not in timed:
            return column
        return Column(column.index, column.name, _measure_role(found["stem"], known), _time_text(found["time"]))
    if name in TIME_WORDS and not any(plain(c.name) in TIME_WORDS for c in columns[: column.index]):
        return Column(column.index, column.name, TIME)
    items = _items_role(column, columns, known)
    if items:
        return Column(column.index, column.name, items)
    if name in NEVER_SCORES or name in CLIENT_WORDS | TIME_WORDS or not _holds_figures(table, column.index):
        return column
    return Column(column.index, column.name, _measure_role(column.name.strip(), known))


def _time_text(text: str) -> str:
    found = re.search(r"\d{4}-\d\d-\d\d|\d+", text)
    return found[0] if found else text.casefold()


def _measure_role(name: str, known: Sequence[Known]) -> str:
    measure = _known_by(name, known)
    return f"{TOTAL}{measure.measure_id}" if measure else f"{NEW}{name}"


def _known_by(name: str, known: Sequence[Known]) -> Known | None:
    wanted = plain(name).removesuffix("total").removesuffix("sum").removesuffix("score")
    return next(
        (
            m
            for m in known
            if wanted in (plain(m.measure_id), plain(m.short), plain(m.measure_id.removeprefix("totals-")))
        ),
        None,
    )


def _items_role(column: Column, columns: Sequence[Column], known: Sequence[Known]) -> str:
    """Columns q1 to q9 are the items of a measure that has nine; phq9_1 to phq9_9 say of which."""
    found = NUMBER_AT_END.fullmatch(column.name.strip())
    if not found or _known_by(column.name, known):
        return ""
    stem = plain(found["stem"])
    alike = [NUMBER_AT_END.fullmatch(c.name.strip()) for c in columns]
    numbers = sorted(int(f["number"]) for f in alike if f and plain(f["stem"]) == stem)
    named = _known_by(stem.removesuffix("q").removesuffix("item") or stem, known)
    fits = [m for m in ([named] if named else known) if numbers == list(range(1, len(m.items) + 1)) and numbers]
    loose = named is not None or stem in ("q", "item", "i", "frage")
    return f"{ITEMS}{fits[0].measure_id}" if fits and loose else ""


def _time_kind(columns: Sequence[Column], table: Table, shape: Shape) -> TimeKind:
    named = " ".join(column.name for column in columns if column.role == TIME or column.time)
    times = [column.time for column in columns if column.time] if shape == "wide" else _times(columns, table)
    if times and sum(looks_like_day(text) for text in times) * 2 > len(times):
        return "date"
    if "month" in named.casefold() or "monat" in named.casefold() or IN_MONTHS.search(named):
        return "month"
    if times and sum(looks_counted(text) for text in times) * 2 > len(times):
        return "appointment"
    return "date" if shape == "long" else "appointment"


def _times(columns: Sequence[Column], table: Table) -> list[str]:
    place = next((column.index for column in columns if column.role == TIME), None)
    if place is None:
        return []
    cells = (line.cells[place] for line in table.lines if len(line.cells) > place)
    return [cell for cell in cells if not is_blank(cell)][:LOOKED_AT]


def _holds_figures(table: Table, index: int) -> bool:
    given = [line.cells[index] for line in table.lines[:LOOKED_AT] if len(line.cells) > index]
    given = [cell for cell in given if not is_blank(cell)]
    right = 0
    for cell in given:
        try:
            figure(cell)
            right += 1
        except CannotReadCell:
            continue
    return bool(given) and right * 2 > len(given)
