"""Reading a mart: what is in it, and its tables. Every analysis comes in by here."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart.build import ABOUT, BUILD, MartFacts
from shoshin.mart.courses import ClosedCourses
from shoshin.mart.extras import the
from shoshin.mart.schema import SCHEMA_VERSION, TABLES

__all__ = ["CannotReadMart", "closed_courses", "mart_facts", "table_file"]

WORDS = ("clinic", "therapist", "client", "course", "measure")
NUMBERS = {
    "first": np.float64,
    "last": np.float64,
    "direction": np.int8,
    "reliable": np.float64,
    "cutoff": np.float64,
    "appointments": np.int64,
    "weeks": np.float64,
    "planned": np.bool_,
}


class CannotReadMart(ValueError):
    """There is no mart that this version reads; the message says what to do."""


def mart_facts(folder: Path) -> MartFacts:
    """What is in this mart? Refuses what is no mart, or one of another schema."""
    try:
        told = json.loads((folder / ABOUT).read_text())
        version = told["schema_version"]
    except FileNotFoundError:
        raise CannotReadMart(f"There is no outcomes mart in {folder}. Build one: shoshin mart build") from None
    except (ValueError, KeyError, TypeError):
        raise CannotReadMart(f"{folder / ABOUT} cannot be read. Build the mart anew: shoshin mart build") from None
    if version != SCHEMA_VERSION:
        raise CannotReadMart(
            f"The mart in {folder} has schema {version}, and this Shoshin reads schema {SCHEMA_VERSION}. "
            "Build it anew with this version: shoshin mart build"
        )
    try:
        return MartFacts(**told)
    except TypeError:
        raise CannotReadMart(f"{folder / ABOUT} cannot be read. Build the mart anew: shoshin mart build") from None


def table_file(folder: Path, name: str) -> Path:
    """Where a table of this mart lies, its schema and build looked at."""
    facts, table = mart_facts(folder), TABLES[name]
    path = folder / table.file
    try:
        schema = the("pyarrow.parquet").read_schema(path)
    except (OSError, the("pyarrow").ArrowInvalid):
        raise CannotReadMart(f"{path} is missing or damaged. Build the mart anew: shoshin mart build") from None
    if (schema.metadata or {}).get(BUILD, b"").decode() != facts.build:
        raise CannotReadMart(f"{path} is of another build than {ABOUT}: it is being built just now. Try again.")
    if schema.names != [column.name for column in table.columns]:
        raise CannotReadMart(f"{path} has other columns than schema {SCHEMA_VERSION}. Build the mart anew.")
    return path


def closed_courses(folder: Path) -> ClosedCourses:
    """Which closed courses are in this mart? One line for each course and measure with at least two scores."""
    held = the("pyarrow.parquet").read_table(table_file(folder, "courses"), columns=[*WORDS, *NUMBERS])
    columns: dict[str, NDArray[Any]] = {name: np.array(held.column(name).to_pylist(), dtype=np.str_) for name in WORDS}
    columns |= {name: _numbers(held.column(name), kind) for name, kind in NUMBERS.items()}
    return ClosedCourses(**columns)


def _numbers(column: Any, kind: type) -> NDArray[Any]:
    return np.asarray(column.to_numpy(zero_copy_only=False)).astype(kind)
