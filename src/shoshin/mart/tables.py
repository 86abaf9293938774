"""A file of rows, opened so that it can be asked without being held in memory: CSV, XLSX or Parquet, through Ibis."""

import csv
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shoshin.mart.extras import the

if TYPE_CHECKING:
    import ibis

__all__ = ["MISSING", "BadFile", "rows_of"]

MISSING = ["", "NA", "NaN", "nan", "NULL"]  # what stands for a missing value in a CSV
LOOKED_AT = 65_536  # characters from which the separator is told
DIALECT = 25_000  # lines among which a broken one keeps the reader from understanding the rest


class BadFile(ValueError):
    """A file that cannot be read; the message names the line or the column, and the way out."""


@contextmanager
def rows_of(path: Path, wanted: Sequence[str] | None = None) -> Iterator["ibis.Table"]:
    """The rows of a file, with the wanted columns only. Inside, each question about them may raise BadFile.

    The rows are read once, into a temporary database on disk; decimal commas are understood where
    columns are separated by semicolons.
    """
    ibis, duckdb = the("ibis"), the("duckdb")
    if not path.is_file():
        raise BadFile(f"There is no file {path}.")
    with tempfile.TemporaryDirectory(prefix="shoshin-") as folder:
        connection = ibis.duckdb.connect(Path(folder) / "rows.duckdb", temp_directory=folder)
        try:
            yield _chosen(connection, _opened(connection, path), path, wanted)
        except duckdb.Error as problem:
            raise BadFile(_sentence(problem, path)) from None
        finally:
            with suppress(duckdb.Error):
                connection.disconnect()


def _chosen(connection: Any, table: "ibis.Table", path: Path, wanted: Sequence[str] | None) -> "ibis.Table":
    for name in wanted or ():
        if name not in table.columns:
            there = ", ".join(table.columns[:30])
            raise BadFile(f"{path.name} has no column {name!r}; its columns are {there}.")
    chosen = table.select(*dict.fromkeys(wanted)) if wanted else table
    # Parquet too: DuckDB takes isnan() from the file's own statistics, which leave NaN out, and so overlooks it.
    kept: ibis.Table = connection.create_table("kept", chosen)
    return kept


def _opened(connection: Any, path: Path) -> "ibis.Table":
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        table: ibis.Table = connection.read_parquet(str(path))
        return table
    if suffix in (".xlsx", ".xlsm"):
        sheet: ibis.Table = connection.create_table("sheet", _sheet(path))
        return sheet
    if suffix in (".csv", ".tsv", ".txt"):
        return _csv(connection, path)
    raise BadFile(f"{path.name} is neither CSV, XLSX nor Parquet: save it as one of these.")


def _csv(connection: Any, path: Path) -> "ibis.Table":
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.read(LOOKED_AT)
    except UnicodeDecodeError:
        raise BadFile(f"{path.name} is not written in UTF-8: save it as CSV UTF-8.") from None
    line = first.partition("\n")[0].strip()
    if not line:
        raise BadFile(f"{path.name} is empty, or its first line is: the first line names the columns.")
    if not first.partition("\n")[2].strip():
        raise BadFile(f"{path.name} has no rows below its first line, which names the columns.")
    mark = max(",;\t", key=line.count)
    names = next(csv.reader([line], delimiter=mark))
    _refuse_names(names, path)
    comma = mark == ";" and re.search(r"(?m)(^|;)-?\d+,\d+(;|\r?$)", first) is not None
    asked = {"header": True, "delim": mark, "quote": '"', "escape": '"', "comment": "", "nullstr": MISSING}
    import duckdb

    try:
        table: ibis.Table = connection.read_csv(str(path), **asked, decimal_separator="," if comma else ".")
    except duckdb.Error as problem:
        raise BadFile(_broken_line(path, mark, len(names)) or _sentence(problem, path)) from None
    if [name.strip() for name in table.columns] != [name.strip() for name in names]:
        said = _broken_line(path, mark, len(names))
        raise BadFile(said or f"The first line of {path.name} does not name the columns: put their names there.")
    return table


def _refuse_names(names: Sequence[str], path: Path) -> None:
    lower = [name.lower() for name in names]
    twice = [name for name in names if lower.count(name.lower()) > 1]
    if twice or not all(names):
        what = f"names the column {twice[0]!r} twice" if twice else "leaves a column without a name"
        raise BadFile(f"The first line of {path.name} {what}: give each column a name of its own.")


def _broken_line(path: Path, mark: str, columns: int) -> str:
    """Which line, near the start, has another number of columns than the first?"""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=mark)
        for row in reader:
            if row and len(row) != columns:
                return _line(path, reader.line_num, f"it has {len(row)} columns and the first line has {columns}")
            if reader.line_num > DIALECT:
                break
    return ""


def _line(path: Path, number: int, why: str) -> str:
    return f"Line {number:,} of {path.name} cannot be read, {why}: mend that line, or take it out."


def _sentence(problem: Exception, path: Path) -> str:
    """One sentence for what the database said about the file."""
    text = str(problem)
    line = re.search(r"Line: (\d+)", text)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    kind = re.search(r'converting column "(.+?)"\. Could not convert string "(.*?)" to \'(\w+)\'', text)
    if line and counts:
        return _line(path, int(line[1]), f"it has {counts[2]} columns and the first line has {counts[1]}")
    if line and kind:
        why = f"column {kind[1]!r} has {kind[2]!r} where the lines before have numbers"
        return _line(path, int(line[1]), why)
    if line:
        why = "a quotation mark is not closed" if "unterminated quote" in text else "it is not like the others"
        return _line(path, int(line[1]), why)
    said = re.sub(r"^[\w ]+ Error: ", "", text.strip().splitlines()[0])
    return f"{path.name} cannot be read ({said[:200].rstrip('.')}): save it anew as CSV, XLSX or Parquet."


def _sheet(path: Path) -> Any:
    """The first sheet of a workbook, its first line naming the columns."""
    import openpyxl
    import pyarrow

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except Exception:
        # openpyxl raises whatever its parts raise: zip, XML, key and value errors.
        raise BadFile(f"{path.name} is not a workbook that can be read: save it anew as XLSX, or as CSV.") from None
    if len(lines) < 2:
        raise BadFile(f"{path.name} has no rows below its first line, which names the columns.")
    names = ["" if name is None else str(name).strip() for name in lines[0]]
    _refuse_names(names, path)
    columns = {name: _cells(name, [line[at] for line in lines[1:]]) for at, name in enumerate(names)}
    return pyarrow.table(columns)


def _cells(name: str, cells: list[Any]) -> Any:
    import pyarrow

    given = [None if cell is None or (isinstance(cell, str) and cell.strip() in MISSING) else cell for cell in cells]
    if all(cell is None or isinstance(cell, int | float) for cell in given):
        return pyarrow.array([None if cell is None else float(cell) for cell in given], pyarrow.float64())
    words = [cell for cell in given if isinstance(cell, str)]
    numbers = [cell for cell in given if isinstance(cell, int | float)]
    if words and len(numbers) > len(words):
        raise BadFile(f"Column {name!r} has {words[0]!r} among its numbers: mend that cell, or leave it empty.")
    return pyarrow.array([None if cell is None else str(cell) for cell in given], pyarrow.string())
