"""Reading a table out of a file of history: CSV as it comes, or XLSX. No database is asked."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LAST_ROW = 1_048_576  # of any spreadsheet
DELIMITERS = ",;\t"
LOOK_AHEAD = 25


class CannotReadHistory(ValueError):
    """The file is no table we can read; the message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """One row, under the number a spreadsheet or editor shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file as rows of text, with what had to be assumed to read it."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def read_table(name: str, content: bytes) -> Table:
    """The table in a file, or a sentence why there is none."""
    if not content.strip():
        raise CannotReadHistory(_("This file is empty. Nothing was changed. Choose the file that holds the scores."))
    if len(content) > LARGEST_FILE:
        raise CannotReadHistory(
            _("This file is larger than 20 MB. Split it into several and bring them in one by one.")
        )
    if content.startswith(b"PK"):
        lines, notes = _sheet(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotReadHistory(_("This is an old Excel file (.xls). Save it as .xlsx or .csv and choose that."))
    else:
        lines, notes = _text(content)
    return _as_table(lines, notes)


def _as_table(lines: list[Line], notes: list[str]) -> Table:
    filled = [line for line in lines if any(line.cells)]
    if len(filled) < 2:
        raise CannotReadHistory(
            _("The first line names the columns, each further line is one row; this file has none.")
        )
    head, rows = filled[0], filled[1:]
    while (
        head.cells and not head.cells[-1] and all(len(row.cells) < len(head.cells) or not row.cells[-1] for row in rows)
    ):
        head = Line(head.number, head.cells[:-1])
        rows = [Line(row.number, row.cells[: len(head.cells)]) for row in rows]
    if len(rows) > MOST_ROWS or len(head.cells) > MOST_COLUMNS:
        raise _too_large()
    names = tuple(cell or _("column %(number)s") % {"number": place} for place, cell in enumerate(head.cells, 1))
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise CannotReadHistory(
            _("Two columns bear the same name (%(names)s). Rename one in the file and choose it again.")
            % {"names": ", ".join(doubled)}
        )
    return Table(names, tuple(rows), tuple(notes))


def _too_large() -> CannotReadHistory:
    return CannotReadHistory(
        _("This file has over %(rows)s rows or %(columns)s columns. Split it, and bring in each part.")
        % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
    )


def _text(content: bytes) -> tuple[list[Line], list[str]]:
    text, notes = _decoded(content)
    text = text.lstrip("\ufeff")
    skipped, delimiter = 0, ""
    first, _break, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        text, skipped, delimiter = rest, 1, first.strip()[-1]
    delimiter = delimiter or _delimiter(text)
    return list(_csv_lines(text, delimiter, skipped)), notes


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """UTF-8 where it is, UTF-16 where the file says so, else Latin-1, which is said aloud."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = _("The file is not UTF-8, so it was read as Latin-1. Look whether letters with accents are right.")
        return content.decode("latin-1"), [note]


def _delimiter(text: str) -> str:
    """The mark that cuts the first lines into most cells, evenly."""
    sample = text.splitlines()[:LOOK_AHEAD]

    def evenness(mark: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
        except csv.Error:
            return (0, 0)
        alike = sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
        return (alike, widths[0] if widths else 0)

    return max(DELIMITERS, key=evenness)


def _csv_lines(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = skipped + 1
    try:
        for cells in reader:
            yield Line(begins, tuple(cell.replace("\x00", "").strip() for cell in cells))
            begins = skipped + reader.line_num + 1
    except csv.Error as problem:
        raise CannotReadHistory(
            _(
                "Line %(line)s cannot be read as CSV (%(why)s). Nothing was changed. "
                "Mend the line: often it is a quotation mark."
            )
            % {"line": begins, "why": problem}
        ) from None


def _sheet(content: bytes) -> tuple[list[Line], list[str]]:
    """The first sheet of a workbook."""
    from openpyxl import load_workbook

    refusal = _("This file cannot be read as a workbook. Save it from your spreadsheet as CSV, and choose that.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise CannotReadHistory(_("This workbook unpacks to more than 200 MB. Save the one sheet as CSV."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = book.sheetnames
        lines = list(_sheet_lines(book[names[0]]))
        book.close()
    except CannotReadHistory:
        raise
    except Exception as problem:  # a broken workbook breaks openpyxl in many ways; none of them is the person's fault
        raise CannotReadHistory(refusal) from problem
    return _evened(lines), _other_sheets(names)


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    """The filled rows as they stand in the file, whatever size it claims for itself."""
    sheet.reset_dimensions()
    filled = walked = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        walked += len(row)
        if number > LAST_ROW or walked > MOST_ROWS * MOST_COLUMNS:
            raise _too_large()
        width = max((place for place, cell in enumerate(row, 1) if cell is not None), default=0)
        if not width:
            continue
        filled += 1
        if filled > MOST_ROWS + 1 or width > MOST_COLUMNS:
            raise _too_large()
        yield Line(number, tuple(_cell(cell) for cell in row[:width]))


def _other_sheets(names: list[str]) -> list[str]:
    if len(names) < 2:
        return []
    return [
        ngettext(
            "Only the first sheet (%(first)s) was read; %(n)s more sheet is left aside.",
            "Only the first sheet (%(first)s) was read; %(n)s more sheets are left aside.",
            len(names) - 1,
        )
        % {"first": names[0], "n": len(names) - 1}
    ]


def _evened(lines: list[Line]) -> list[Line]:
    """A spreadsheet leaves out empty cells at a row's end; they are put back."""
    width = max((len(line.cells) for line in lines), default=0)
    return [Line(line.number, line.cells + ("",) * (width - len(line.cells))) for line in lines]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()
