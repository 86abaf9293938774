"""What growth does in the background: episodes close by themselves."""

from datetime import datetime, timedelta
from typing import Any

from shoshin.growth.actions import close_due_episodes
from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task


@task("growth.close_episodes", every=timedelta(days=1))
def close_episodes(payload: dict[str, Any], at: datetime) -> None:
    """Write down which episodes have come to their end. Pages know it before."""
    close_due_episodes(by=SYSTEM, at=at)
