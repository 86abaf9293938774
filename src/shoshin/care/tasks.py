"""What care does in the background: telling a therapist that a record was opened in an emergency."""

from datetime import datetime
from typing import Any

from shoshin.care.actions.break_glass import TELL, tell_of_break_glass
from shoshin.care.models import BreakGlass
from shoshin.kit.tasks import task


@task(TELL)
def tell(payload: dict[str, Any], at: datetime) -> None:
    """One mail; nothing where the client has been deleted since."""
    opened = BreakGlass.objects.select_related("client__therapist__person").filter(pk=payload["opened"]).first()
    if opened is not None:
        tell_of_break_glass(opened=opened)
