"""What research does in the background: views that ended long ago go."""

from datetime import datetime, timedelta
from typing import Any

from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task
from shoshin.research import actions, queries


@task("research.forget_old_views", every=timedelta(days=1))
def forget_old_views(payload: dict[str, Any], at: datetime) -> None:
    """Forget views that ended a year ago. Nothing due leaves no row."""
    if queries.views_to_go(at).exists():
        actions.forget_old_views(by=SYSTEM, at=at)
