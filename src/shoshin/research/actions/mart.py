"""Building the outcomes mart: gathered beside its place, then put there, with a row in the audit trail."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from shoshin.care import queries as care
from shoshin.kit.action import Actor, action
from shoshin.mart.build import MartFacts, NewMart
from shoshin.research.queries import mart_rows, number_of_courses

Progress = Callable[[float], None]


def gather_mart(folder: Path, at: datetime, progress: Progress = lambda _share: None) -> tuple[NewMart, MartFacts]:
    """Everything of those whose latest word is yes, on the disk under passing names. Holds up no one who writes."""
    mart, courses = NewMart(folder, at), max(1, number_of_courses())
    try:
        for done, rows in enumerate(mart_rows(), start=1):
            for row in rows:
                mart.add(row)
            progress(min(1.0, done / courses))
        return mart, mart.finish(care.clients_not_in_figures())
    except BaseException:
        mart.abandon()
        raise


@action("research.build_mart")
def build_mart(*, mart: NewMart, by: Actor, at: datetime) -> None:
    """Put a gathered mart in its place. Whoever has said no since the one before is not in it any more."""
    mart.put_in_place()
