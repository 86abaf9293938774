"""What welfare does in the background: what is over goes."""

from datetime import datetime, timedelta
from typing import Any

from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task
from shoshin.welfare import actions, queries


@task("welfare.forget_notes", every=timedelta(days=1))
def forget_notes(payload: dict[str, Any], at: datetime) -> None:
    """Let notes go after 30 days unless kept, and everything of people who left. Nothing due leaves no row."""
    if queries.notes_to_go(at).exists():
        actions.forget_notes(by=SYSTEM, at=at)
    if any(rows.exists() for rows in queries.rows_of_people_who_left(at)):
        actions.forget_people_who_left(by=SYSTEM, at=at)
