"""The schema of the outcomes mart: which columns there are, of which kind, and what each means. It bears a version.

`docs/mart.md` is this file in words; a test holds the one to the other.
"""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["SCHEMA_VERSION", "TABLES", "Column", "CourseRow", "ResponseRow", "Table", "schema_in_words"]

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Column:
    """One column: its name, its kind (`string`, `int32`, `int64`, `int8`, `double`, `bool`), and what it means."""

    name: str
    kind: str
    meaning: str
    may_lack: bool = False


@dataclass(frozen=True)
class Table:
    """One Parquet file of the mart, and what a row of it is."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The file's name within the folder of the mart."""
        return f"{self.name}.parquet"


KEYS = (
    Column("clinic", "string", "opaque key of the clinic"),
    Column("therapist", "string", "opaque key of the therapist who holds the course"),
    Column("client", "string", "opaque key of the client"),
    Column("course", "string", "opaque key of the course of therapy"),
)
MEASURE = Column("measure", "string", "id of the measure; an opaque key where it is a clinic's own")

RESPONSES = Table(
    "responses",
    "one score of one filled form, as it stands after corrections",
    (
        *KEYS,
        Column("response", "string", "opaque key of the filled form; its scores share it"),
        MEASURE,
        Column("version", "string", "version of the measure that the answers are bound to"),
        Column("score", "string", "id of the score; an opaque key where the measure is a clinic's own"),
        Column("headline", "bool", "whether this is the score that pages show for the measure"),
        Column("occasion", "int32", "number of the appointment that the form belongs to, 1 being the first"),
        Column(
            "week", "int32", "whole weeks since the course opened; missing where the days are not known", may_lack=True
        ),
        Column("value", "double", "the score in the measure's own units"),
        Column("prorated", "bool", "whether missing answers were made up for by the mean of the others"),
        Column("source", "string", "how it was given: link, device, paper, import"),
        Column("closed", "bool", "whether the course has ended"),
    ),
)
COURSES = Table(
    "courses",
    "one closed course and measure with at least two scores",
    (
        *KEYS,
        MEASURE,
        Column("first", "double", "the first score, in the measure's own units"),
        Column("last", "double", "the last score, in the same units"),
        Column("direction", "int8", "+1 where higher means worse, -1 where lower does"),
        Column("reliable", "double", "the smallest reliable change in those units", may_lack=True),
        Column("cutoff", "double", "where the clinical range begins", may_lack=True),
        Column("scores", "int32", "how many scores of this measure the course has"),
        Column("appointments", "int64", "kept appointments that were written down; 0 where none was"),
        Column("weeks", "double", "whole weeks from the first to the last score; missing as `week` is", may_lack=True),
        Column("planned", "bool", "whether the course ended as planned together"),
        Column("imported", "bool", "whether the course was brought in from records kept elsewhere"),
    ),
)
TABLES = {table.name: table for table in (RESPONSES, COURSES)}


class ResponseRow(NamedTuple):
    """A row of `responses`, in the order of its columns."""

    clinic: str
    therapist: str
    client: str
    course: str
    response: str
    measure: str
    version: str
    score: str
    headline: bool
    occasion: int
    week: int | None
    value: float
    prorated: bool
    source: str
    closed: bool


class CourseRow(NamedTuple):
    """A row of `courses`, in the order of its columns."""

    clinic: str
    therapist: str
    client: str
    course: str
    measure: str
    first: float
    last: float
    direction: int
    reliable: float | None
    cutoff: float | None
    scores: int
    appointments: int
    weeks: float | None
    planned: bool
    imported: bool


def schema_in_words() -> str:
    """The tables of the mart as Markdown, for docs/mart.md."""
    lines = [f"Schema version {SCHEMA_VERSION}."]
    for table in TABLES.values():
        lines += [
            "",
            f"### `{table.file}`",
            "",
            f"One row: {table.row}.",
            "",
            "| column | kind | meaning |",
            "|---|---|---|",
        ]
        for column in table.columns:
            kind = f"{column.kind}, may be missing" if column.may_lack else column.kind
            lines.append(f"| `{column.name}` | {kind} | {column.meaning} |")
    return "\n".join(lines) + "\n"
