"""What a record shows in an emergency: whom to call, what is marked, the latest answers. No notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shoshin.care import queries as care
from shoshin.feedback import queries as feedback

if TYPE_CHECKING:
    from shoshin.care.models import Client

LATEST_FORMS = 2


@dataclass(frozen=True)
class EmergencyPage:
    """Everything the page shows."""

    upcoming: Any
    alerts: Any
    forms: Any
    closes_at: datetime


def emergency_page(client: "Client", at: datetime) -> EmergencyPage:
    """The record as far as an emergency needs it."""
    course = care.open_course(client) or client.courses.order_by("-opened_on").first()
    latest = feedback.responses_in(course)[:LATEST_FORMS] if course else []
    return EmergencyPage(
        upcoming=list(care.upcoming(client, at)[:3]),
        alerts=[feedback.alert_page(alert) for alert in client.alerts.filter(acknowledged_at=None)],
        forms=[feedback.response_page(response) for response in latest],
        closes_at=client.broken_glass.filter(closes_at__gt=at).latest("closes_at").closes_at,
    )
