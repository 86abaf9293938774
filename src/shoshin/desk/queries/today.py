"""Today in one screen: who is coming, who answered, who has not, what needs an answer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from shoshin.care import queries as care
from shoshin.feedback import queries as feedback
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client
    from shoshin.feedback.models import Alert, Response


@dataclass(frozen=True)
class Visit:
    """One appointment of the day, and where its forms stand."""

    appointment: "Appointment"
    client: "Client"
    answered: int
    asked: int
    waiting: "tuple[Response, ...]"
    is_past: bool

    @property
    def state(self) -> str:
        """answered, partly, unanswered or unasked: what the row says about the forms."""
        if not self.asked:
            return "unasked"
        if self.answered == self.asked:
            return "answered"
        return "partly" if self.answered else "unanswered"


@dataclass(frozen=True)
class OpenSignal:
    """A signal that asks for an answer, in words."""

    pk: int
    client: "Client"
    kind: str
    level: str
    title: str
    since: datetime


@dataclass(frozen=True)
class Today:
    """Everything the page shows."""

    visits: tuple[Visit, ...]
    alerts: "tuple[Alert, ...]"
    signals: tuple[OpenSignal, ...]
    answered_elsewhere: "tuple[Client, ...]"
    undecided: Any
    to_rebook: Any
    consultations: Any
    locked_keys: Any
    has_clients: bool

    @property
    def has_more_than_alerts(self) -> bool:
        """Whether anything waits beside the marked safety questions above."""
        return bool(self.signals or self.undecided or self.to_rebook or self.consultations or self.locked_keys)

    @property
    def nothing_waits(self) -> bool:
        return not (self.alerts or self.has_more_than_alerts)


def today(hat: Hat, at: datetime) -> Today:
    """The day of whoever wears this hat. The number of queries does not grow with the clinic."""
    zone = ZoneInfo(hat.member.clinic.time_zone)
    appointments = list(care.appointments_on(hat, at.astimezone(zone).date(), zone))
    coming = {appointment.course.client.pk: appointment.course.client for appointment in appointments}
    hidden: dict[int, list[Response]] = defaultdict(list)
    for response in feedback.hidden_responses(care.clients_of(hat)):
        hidden[response.client_id].append(response)
    counts = feedback.forms_of_day(appointments)
    hidden_ids = {response.pk for responses in hidden.values() for response in responses}
    return Today(
        visits=tuple(_visit(appointment, counts, hidden, at) for appointment in appointments),
        alerts=tuple(feedback.open_alerts(hat)),
        signals=tuple(_in_words(row) for row in feedback.open_signals(hat) if row.response_id not in hidden_ids),
        answered_elsewhere=tuple(rows[0].client for pk, rows in hidden.items() if pk not in coming),
        undecided=[each for each in care.undecided(hat, at) if each.pk not in {visit.pk for visit in appointments}],
        to_rebook=list(care.cancelled_not_rebooked(hat)),
        consultations=list(care.open_consultations(hat)),
        locked_keys=list(care.locked_page_keys(hat)),
        has_clients=care.clients_of(hat).exists(),
    )


def _visit(
    appointment: "Appointment",
    counts: dict[int, tuple[int, int]],
    hidden: "dict[int, list[Response]]",
    at: datetime,
) -> Visit:
    client = appointment.course.client
    asked, answered = counts.get(appointment.pk, (0, 0))
    return Visit(appointment, client, answered, asked, tuple(hidden.get(client.pk, ())), appointment.starts_at < at)


def _in_words(row: Any) -> OpenSignal:
    title = feedback.signal_title(row.kind, row.level, row.occasion)
    return OpenSignal(row.pk, row.client, row.kind, row.level, title, row.raised_at)
