"""Writing a mart: two Parquet files and `mart.json`, put in their place only when all of it is on the disk."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from shoshin.mart.extras import the
from shoshin.mart.schema import SCHEMA_VERSION, TABLES, CourseRow, ResponseRow, Table

__all__ = ["ABOUT", "BUILD", "FEWEST", "MartFacts", "NewMart", "arrow_schema", "not_few"]

ABOUT = "mart.json"
BUILD = b"shoshin.build"  # under this name each Parquet file bears the build it belongs to
FEWEST = 5  # a count of people below this is not told
AT_ONCE = 50_000  # rows kept in memory before they are written


@dataclass(frozen=True)
class MartFacts:
    """What `mart.json` says: the schema, the build, how much is in it, and who is not.

    `left_out` counts clients whose latest word was no (`said_no`) or who were not asked (`not_asked`); a count
    from 1 to 4 is None, so that nobody can be told from it.
    """

    schema_version: int
    build: str
    built_at: str
    rows: Mapping[str, int]
    clients: int
    therapists: int
    clinics: int
    left_out: Mapping[str, int | None]


def not_few(count: int) -> int | None:
    """A count of people, or None where it is small enough to point at somebody."""
    return None if 0 < count < FEWEST else count


def arrow_schema(table: Table, build: str) -> Any:
    """The table's columns as Arrow knows them, marked with the build."""
    pa = the("pyarrow")
    kinds = {"double": pa.float64(), "bool": pa.bool_(), "string": pa.string()}
    kinds |= {name: getattr(pa, name)() for name in ("int8", "int32", "int64")}
    fields = [pa.field(column.name, kinds[column.kind], nullable=column.may_lack) for column in table.columns]
    return pa.schema(fields, metadata={BUILD: build.encode()})


@dataclass
class NewMart:
    """A mart being written beside its place. Nothing of it can be read before `put_in_place`; `abandon` removes it."""

    folder: Path
    built_at: datetime
    build: str = field(default_factory=lambda: secrets.token_hex(8))
    _writers: dict[str, Any] = field(default_factory=dict)
    _waiting: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    _people: dict[str, set[str]] = field(default_factory=lambda: {"client": set(), "therapist": set(), "clinic": set()})
    _rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))

    def __post_init__(self) -> None:
        parquet = the("pyarrow.parquet")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, table in TABLES.items():
            os.close(os.open(self._passing(table.file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            schema = arrow_schema(table, self.build)
            self._writers[name] = parquet.ParquetWriter(self._passing(table.file), schema, compression="zstd")
            self._waiting[name] = []

    def add(self, row: ResponseRow | CourseRow) -> None:
        """One more row of either table."""
        name = "responses" if isinstance(row, ResponseRow) else "courses"
        waiting = self._waiting[name]
        waiting.append(row)
        for kind, seen in self._people.items():
            seen.add(getattr(row, kind))
        if len(waiting) >= AT_ONCE:
            self._write_waiting(name)

    def add_columns(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Many rows of a table at once, as columns of equal length."""
        pa = the("pyarrow")
        part = pa.table(dict(columns), schema=self._writers[name].schema)
        self._writers[name].write_table(part)
        self._rows[name] += part.num_rows
        for kind, seen in self._people.items():
            seen.update(part.column(kind).unique().to_pylist())

    def finish(self, left_out: Mapping[str, int]) -> MartFacts:
        """Bring everything to the disk, under passing names. `left_out` are true counts; small ones are hidden."""
        for name, table in TABLES.items():
            self._write_waiting(name)
            self._writers[name].close()
            _sync(self._passing(table.file))
        facts = MartFacts(
            schema_version=SCHEMA_VERSION,
            build=self.build,
            built_at=self.built_at.isoformat(timespec="seconds"),
            rows=dict(self._rows),
            clients=len(self._people["client"]),
            therapists=len(self._people["therapist"]),
            clinics=len(self._people["clinic"]),
            left_out={why: not_few(count) for why, count in left_out.items()},
        )
        passing = self._passing(ABOUT)
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(json.dumps(asdict(facts), indent=2) + "\n")
        _sync(passing)
        return facts

    def put_in_place(self) -> None:
        """Replace the mart that was there. Between two of these steps a reader refuses: the builds differ."""
        for name in (*(table.file for table in TABLES.values()), ABOUT):
            self._passing(name).replace(self.folder / name)
        _sync(self.folder)

    def abandon(self) -> None:
        """Take away what was written so far. After `put_in_place` there is nothing left to take away."""
        for writer in self._writers.values():
            writer.close()
        for name in (*(table.file for table in TABLES.values()), ABOUT):
            self._passing(name).unlink(missing_ok=True)

    def _write_waiting(self, name: str) -> None:
        waiting = self._waiting[name]
        if waiting:
            pa, schema = the("pyarrow"), self._writers[name].schema
            columns = [
                pa.array(values, kind) for values, kind in zip(zip(*waiting, strict=True), schema.types, strict=True)
            ]
            self._writers[name].write_table(pa.Table.from_arrays(columns, schema=schema))
            self._rows[name] += len(waiting)
            waiting.clear()

    def _passing(self, name: str) -> Path:
        return self.folder / f".{name}.{self.build}"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
