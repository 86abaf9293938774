"""REDCap data dictionaries in: CSV as REDCap exports it, and the JSON of RADAR-style definitions."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

from shoshin.measures.models.files import Problem
from shoshin.measures.queries.drafts import Choices, Draft, DraftItem, DraftOption, DraftScore, Proposal
from shoshin.measures.queries.json_files import figure_written, is_storable
from shoshin.measures.queries.proposals import proposal_for, slug, weight_questions, with_weights
from shoshin.science.scales import Method

COLUMNS = {
    "variable / field name": "field_name",
    "form name": "form_name",
    "section header": "section_header",
    "field type": "field_type",
    "field label": "field_label",
    "choices, calculations, or slider labels": "select_choices_or_calculations",
    "choices or calculations": "select_choices_or_calculations",
    "text validation min": "text_validation_min",
    "text validation max": "text_validation_max",
}
CHOICES = "select_choices_or_calculations"
ASKED = {"radio", "dropdown", "yesno", "truefalse", "slider", "text", "notes", "calc"}
NAME = r"\[[a-z0-9_]+\]"
SUM = re.compile(rf"^(?:sum\(({NAME}(?:\s*,\s*{NAME})+)\)|({NAME}(?:\s*\+\s*{NAME})+))$")
MEAN = re.compile(rf"^mean\(({NAME}(?:\s*,\s*{NAME})+)\)$")
Row = dict[str, Any]


def redcap_proposal(name: str, content: bytes, choices: Choices) -> Proposal:
    """What a data dictionary in CSV would bring in, or every problem in it."""
    try:
        rows = _csv_rows(content.decode("utf-8-sig"))
    except (csv.Error, ValueError) as error:
        return _refused(name, error)
    return _rows_proposal(name, rows, choices)


def entries_proposal(name: str, found: Any, choices: Choices) -> Proposal:
    """The same from JSON that has been read: a list of entries, or one under `questions`."""
    try:
        rows = _json_rows(found)
    except ValueError as error:
        return _refused(name, error)
    return _rows_proposal(name, rows, choices)


def _refused(name: str, error: Exception) -> Proposal:
    problem = Problem(name, "", f"is no data dictionary ({error})", "Export it again from REDCap.")
    return Proposal(name, None, None, (problem,))


def _rows_proposal(name: str, rows: list[Row], choices: Choices) -> Proposal:
    problems: list[Problem] = []
    notes: list[str] = []
    read = [_item(name, n, row, problems, notes) for n, row in enumerate(rows, 1)]
    items = tuple(item for item in read if item)
    asked = weight_questions(items) if not problems else ()
    items = with_weights(items, choices)
    scores = _scores(name, rows, items, problems)
    title = str(rows[0].get("form_name") or name) if rows else name
    draft = Draft(
        file=name,
        id=slug(title.lower(), "imported"),
        version="1",
        title=title.replace("_", " ").strip(),
        items=items,
        scores=scores,
        stem=_plain(str(rows[0].get("section_header") or "")) if rows else "",
        notes=tuple(notes),
        problems=tuple(problems),
        named=bool(rows and rows[0].get("form_name")),
    )
    if not items and not problems:
        draft = replace(draft, problems=(Problem(name, "", "there are no questions", "Choose another file."),))
    return proposal_for(draft, choices, asked=asked)


def _json_rows(found: Any) -> list[Row]:
    rows = found if isinstance(found, list) else found.get("questions") or []
    if not isinstance(rows, list):
        raise ValueError("questions is no list")
    if not all(isinstance(row, dict) and row.get("field_name") for row in rows):
        raise ValueError("each entry needs a field_name")
    return rows


def _csv_rows(text: str) -> list[Row]:
    if not is_storable(text):
        raise ValueError("it holds signs that cannot be stored")
    reader = csv.DictReader(io.StringIO(text))
    names = {column: COLUMNS.get(column.strip().lower(), _column(column)) for column in reader.fieldnames or ()}
    if "field_name" not in names.values() or "field_type" not in names.values():
        raise ValueError("the first row must name the columns, with Variable / Field Name and Field Type among them")
    return [{names[key]: value or "" for key, value in row.items() if key in names} for row in reader]


def _column(text: str) -> str:
    """A column that says more than the usual name, such as "Choices, Calculations, OR Slider Labels"."""
    lowered = text.strip().lower()
    return next((name for known, name in COLUMNS.items() if lowered.startswith(known)), lowered)


def _item(name: str, n: int, row: Row, problems: list[Problem], notes: list[str]) -> DraftItem | None:
    field, kind = str(row["field_name"]), str(row.get("field_type") or "")
    path = f"row {n}, {field}"
    if kind in ("descriptive", "calc"):
        return None
    if kind not in ASKED:
        notes.append(f"Left out, because answers of type {kind} cannot be asked here: {field}.")
        return None
    found = DraftItem(slug(field, f"item-{n}"), field, _plain(str(row.get("field_label") or field)), path, "text")
    if kind in ("text", "notes"):
        return _figure(found, row, 0, None)
    if kind == "slider":
        return _figure(found, row, 0, 100)
    options = _yes_no() if kind in ("yesno", "truefalse") else _options(row.get(CHOICES))
    if len(options) < 2:
        problems.append(Problem(name, path, "offers fewer than two answers", "Write them as 0, never | 1, often."))
    return replace(found, kind="choice", options=options)


def _figure(found: DraftItem, row: Row, low: float, high: float | None) -> DraftItem:
    """A slider, or a text field that says between which figures an answer lies."""
    ends = [figure_written(row.get(f"text_validation_{end}")) for end in ("min", "max")]
    first, last = (ends[0] if ends[0] is not None else low), (ends[1] if ends[1] is not None else high)
    if last is None or first >= last:
        return found
    return replace(found, kind="number", low=first, high=last)


def _yes_no() -> tuple[DraftOption, ...]:
    return tuple(DraftOption(text, value, value) for text, value in (("no", 0), ("yes", 1)))


def _options(written: Any) -> tuple[DraftOption, ...]:
    if isinstance(written, list):
        pairs = [(str(each.get("code", "")), str(each.get("label", ""))) for each in written if isinstance(each, dict)]
    else:
        parts = [part.partition(",") for part in str(written or "").split("|") if part.strip()]
        pairs = [(code, label) for code, _, label in parts]
    figures = [(figure_written(code), _plain(label)) for code, label in pairs]
    return tuple(DraftOption(_without_figure(text, value), value, value) for value, text in figures)


def _without_figure(text: str, value: float | None) -> str:
    """The words of an answer, without its figure in front; the figure itself where there are no words."""
    figure = "" if value is None else f"{value:g}"
    return text.removeprefix(figure).strip(" .:-=") or figure if figure and text.startswith(figure) else text


def _scores(
    name: str, rows: list[Row], items: tuple[DraftItem, ...], problems: list[Problem]
) -> tuple[DraftScore, ...]:
    by_field = {item.link: item for item in items}
    found = []
    for n, row in enumerate(rows, 1):
        if row.get("field_type") != "calc":
            continue
        path, text = f"row {n}, {row['field_name']}", str(row.get(CHOICES) or "").strip()
        method, fields = _calculation(text)
        unknown = [field for field in fields if field not in by_field]
        if not fields:
            todo = "Write it as sum([a], [b]) or mean([a], [b]), or remove it and choose the items that count."
            problems.append(Problem(name, path, f"the calculation {text[:60]!r} is no plain sum or mean", todo))
        elif unknown:
            todo = "Check the names in the calculation."
            problems.append(Problem(name, path, f"counts {', '.join(unknown)}, which is no question here", todo))
        else:
            title = _plain(str(row.get("field_label") or "Total"))
            ids = tuple(by_field[field].id for field in fields)
            decimals = 2 if method == "mean" else 0
            found.append(DraftScore(slug(str(row["field_name"]), "total"), title, ids, method, decimals=decimals))
    return tuple(found)


def _calculation(text: str) -> tuple[Method, list[str]]:
    mean = MEAN.match(text)
    found = mean or SUM.match(text)
    names = re.findall(r"\[([a-z0-9_]+)\]", text) if found else []
    return ("mean" if mean else "sum"), names


def _plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
