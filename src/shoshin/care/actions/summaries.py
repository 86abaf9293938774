"""The summary after an appointment."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care.actions.appointments import CannotMarkAppointment, keep_appointment
from shoshin.care.models import Appointment, Summary
from shoshin.care.queries.appointments import summary_versions
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotWriteSummary(ValueError):
    """There is nothing to keep, or the appointment did not take place."""


@action("care.write_summary")
def write_summary(
    *,
    appointment: Appointment,
    talked_about: str,
    agreed: str,
    until_next_time: str,
    by: "Membership",
    at: datetime,
) -> Summary:
    """Keep what both take away, and that the appointment took place. A correction is a new version."""
    words = {
        "talked_about": talked_about.strip(),
        "agreed": agreed.strip(),
        "until_next_time": until_next_time.strip(),
    }
    if not any(words.values()):
        raise CannotWriteSummary(_("Write a few words in at least one of the three."))
    try:
        keep_appointment(appointment=appointment, by=by, at=at)
    except CannotMarkAppointment as refusal:
        raise CannotWriteSummary(str(refusal)) from refusal
    latest = summary_versions(appointment).first()
    if latest is not None and all(getattr(latest, name) == text for name, text in words.items()):
        return latest
    return Summary.objects.create(appointment=appointment, written_at=at, written_by=by, **words)
