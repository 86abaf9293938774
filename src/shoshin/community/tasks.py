"""What community does in the background: a coach is told where a trainee's standing yes says so."""

from datetime import datetime, timedelta
from typing import Any

from shoshin.community import actions, queries
from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task


@task("community.tell_coaches", every=timedelta(hours=1))
def tell_coaches(payload: dict[str, Any], at: datetime) -> None:
    """One sentence to each coach whose trainee has said yes to it and whose day asks to go gently."""
    for coaching in queries.words_due(at):
        actions.tell_by_yes(coaching=coaching, by=SYSTEM, at=at)
