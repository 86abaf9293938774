"""What must be true of the rows after all that, judged without any of the product's own code: plain SQL and sums.

PHQ-9 by its manual: nine items of 0 to 3; with at most two left open the total is filled in by the mean of the others,
to a whole number, a half upwards; with more open there is none. The ninth item, marked 1 or more, reaches a person.
"""

import json
import math
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.chaos.phones import ITEMS, Answered

Rows = list[dict[str, Any]]
TABLES = {
    "responses": "select id, assignment_id, reference, answers, corrects_id from feedback_response",
    "scores": "select response_id, score_id, value from feedback_scorerow",
    "alerts": "select id, assignment_id, response_id, item_id, value, from_draft from feedback_alert",
    "drafts": "select assignment_id, answers from feedback_draft",
    "assignments": "select id, state from feedback_assignment",
    "audit": "select id, event, subjects from kit_auditevent",
}


def rows_of(home: Path, database: str) -> dict[str, Rows]:
    """Every table that matters, read past Django."""
    with closing(_connection(home, database)) as connection:
        return {name: _rows(connection, statement) for name, statement in TABLES.items()}


def _connection(home: Path, database: str) -> Any:
    if database:
        import psycopg

        return psycopg.connect(database)
    import sqlite3  # the newer library: the settings have put it in this place

    return sqlite3.connect(home / "shoshin.sqlite3")


def _rows(connection: Any, statement: str) -> Rows:
    cursor = connection.cursor()
    cursor.execute(statement)
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        for name in ("answers", "subjects"):
            if isinstance(row.get(name), str):
                row[name] = json.loads(row[name])
    return found


def total(answers: dict[str, int]) -> float | None:
    """The PHQ-9 total of these answers."""
    given = [answers[item] for item in ITEMS if item in answers]
    if len(given) < 7:
        return None
    return math.floor(sum(given) * 9 / len(given) + 0.5)


def problems(rows: dict[str, Rows], forms: list[Answered]) -> list[str]:
    """What is wrong, one sentence each, beginning with its kind: lost, doubled, changed, score, alert, audit, state."""
    return [*_responses(rows, forms), *_scores(rows), *_alerts(rows, forms), *_audit(rows), *_states(rows, forms)]


def _responses(rows: dict[str, Rows], forms: list[Answered]) -> list[str]:
    found, by_form = [], defaultdict(list)
    for row in rows["responses"]:
        by_form[row["assignment_id"]].append(row)
    for form in forms:
        mine = by_form.pop(form.assignment, [])
        if form.reference and form.reference not in [row["reference"] for row in mine]:
            found.append(f"lost: {form.reference} of form {form.assignment} was received and is not there")
        if len(mine) > 1:
            found.append(f"doubled: form {form.assignment} is there {len(mine)} times")
        found += [f"changed: {row['reference']}" for row in mine if row["answers"] != form.answers]
    return found + [f"doubled: nobody sent form {form}" for form in by_form]


def _scores(rows: dict[str, Rows]) -> list[str]:
    by_response = Counter(row["response_id"] for row in rows["scores"])
    value = {row["response_id"]: row["value"] for row in rows["scores"] if row["score_id"] == "total"}
    found = []
    for row in rows["responses"]:
        wanted = total(row["answers"])
        if by_response[row["id"]] != 1 or value.get(row["id"]) != wanted:
            found.append(f"score: {row['reference']} has {value.get(row['id'])}, wanted {wanted}")
    return found


def _alerts(rows: dict[str, Rows], forms: list[Answered]) -> list[str]:
    """One alert for each form whose ninth item was marked, on the way or at the end, joined to what was sent."""
    response_of = {row["assignment_id"]: row for row in rows["responses"]}
    wanted, there = set(), Counter()
    for form in forms:
        sent = response_of.get(form.assignment)
        if sent and sent["answers"].get("9", 0) >= 1:
            wanted.add((form.assignment, sent["id"], "9", float(sent["answers"]["9"]), False))
        elif form.reference and form.draft and form.draft["9"] >= 1:
            wanted.add((form.assignment, None, "9", float(form.draft["9"]), True))
    for row in rows["alerts"]:
        facts = (row["assignment_id"], row["response_id"], row["item_id"], row["value"], bool(row["from_draft"]))
        there[facts] += 1
    found = [f"alert: missing {facts}" for facts in wanted if not there[facts]]
    return found + [f"alert: {n} times {facts}" for facts, n in there.items() if n > 1 or facts not in wanted]


def _audit(rows: dict[str, Rows]) -> list[str]:
    """Every row has the audit row of its action, and no audit row speaks of a row that is not there."""
    found = []
    for event, label, table in (
        ("feedback.record_response", "feedback.response", "responses"),
        ("feedback.raise_alert", "feedback.alert", "alerts"),
    ):
        told = {row["subjects"].get("result") for row in rows["audit"] if row["event"] == event}
        there = {f"{label}:{row['id']}" for row in rows[table]}
        found += [f"audit: {name} has no row" for name in there - told]
        found += [f"audit: a row speaks of {name}, which is not there" for name in told - there]
    return found


def _states(rows: dict[str, Rows], forms: list[Answered]) -> list[str]:
    state = {row["id"]: row["state"] for row in rows["assignments"]}
    held = {row["assignment_id"] for row in rows["drafts"]}
    done = [form.assignment for form in forms if form.reference]
    found = [f"state: form {form} was received and is {state.get(form)}" for form in done if state.get(form) != "done"]
    return found + [f"state: form {form} was received and keeps a draft" for form in done if form in held]
