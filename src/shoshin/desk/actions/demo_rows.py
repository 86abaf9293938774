"""Rows of the demo clinic, kept in memory until all of them can be written together.

The one place that writes other apps' tables without their actions: these actions rightly refuse to plan,
answer or file in the past, and thousands of rows go in by the batch. Tables are reached by name.
"""

from collections import defaultdict
from operator import attrgetter
from typing import Any

from django.apps import apps

# A table comes after every table it points to.
ORDER = (
    "care.Client",
    "care.ClientChoice",
    "care.Strength",
    "care.Course",
    "care.Appointment",
    "care.Summary",
    "feedback.Schedule",
    "feedback.Assignment",
    "feedback.Response",
    "feedback.ScoreRow",
    "feedback.Guess",
    "feedback.Reading",
    "care.Consultation",
    "feedback.SignalRow",
    "feedback.SignalAnswer",
    "feedback.Change",
    "feedback.Alert",
)
IN_TIME = {
    "feedback.Response": "received_at",
    "feedback.SignalRow": "raised_at",
    "feedback.Alert": "raised_at",
}


class Rows:
    """What will be written, by table."""

    def __init__(self) -> None:
        self.held: dict[str, list[Any]] = defaultdict(list)

    def add(self, name: str, **fields: Any) -> Any:
        """A new row of a table, not yet written."""
        row = apps.get_model(name)(**fields)
        self.held[name].append(row)
        return row

    def write(self) -> None:
        """Write everything, each table after those it points to."""
        for name in ORDER:
            rows, table = self.held.pop(name, []), apps.get_model(name)
            if name in IN_TIME:
                rows.sort(key=attrgetter(IN_TIME[name]))
            for batch in _in_batches(name, rows):
                table.objects.bulk_create(batch)


def _in_batches(name: str, rows: list[Any]) -> list[list[Any]]:
    """An appointment that was moved points to the one it became, which therefore is written first."""
    if name != "care.Appointment":
        return [rows]
    return [[row for row in rows if row.moved_to is None], [row for row in rows if row.moved_to is not None]]
