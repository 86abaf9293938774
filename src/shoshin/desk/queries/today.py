"""Today in one screen: who is coming, who answered, who has not, what needs an answer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from shoshin.care import queries as care
from shoshin.community import queries as community
from shoshin.feedback import queries as feedback
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.care.models import Appointment, Client
    from shoshin.care.queries import Gap
    from shoshin.community.queries import Waits
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
    is_own: bool

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
    is_own: bool


@dataclass(frozen=True)
class Today:
    """Everything the page shows."""

    visits: tuple[Visit, ...]
    alerts: "tuple[Alert, ...]"
    alerts_to_close: "tuple[Alert, ...]"
    signals: tuple[OpenSignal, ...]
    answered_elsewhere: "tuple[Client, ...]"
    undecided: Any
    to_rebook: Any
    consultations: Any
    locked_keys: Any
    opened_records: Any
    overdue_reviews: Any
    has_clients: bool
    gaps: "list[Gap]"
    gaps_of_others: "list[Gap]"
    cover_requests: Any
    covers: Any
    circle: "Waits"

    @property
    def waiting_clients(self) -> set[int]:
        """Whose records the lists of what waits speak of."""
        courses = [each.course for each in (*self.undecided, *self.to_rebook, *self.consultations)]
        return {each.client_id for each in (*self.alerts, *self.alerts_to_close, *self.locked_keys, *courses)} | {
            signal.client.pk for signal in self.signals
        }

    @property
    def has_more_than_alerts(self) -> bool:
        """Whether anything waits beside the marked safety questions above."""
        waiting = (self.signals, self.alerts_to_close, self.undecided, self.to_rebook, self.consultations)
        return any(map(bool, (*waiting, self.locked_keys, self.cover_requests, self.overdue_reviews)))

    @property
    def nothing_waits(self) -> bool:
        return not (self.alerts or self.has_more_than_alerts)


def today(hat: Hat, at: datetime) -> Today:
    """The day of whoever wears this hat. The number of queries does not grow with the clinic.

    Clients of a colleague one covers stand here too, without what only their own therapist settles.
    """
    own, member = hat.only("own"), hat.member
    roster = care.roster_of(member.clinic, at)
    zone = ZoneInfo(member.clinic.time_zone)
    appointments = list(care.appointments_on(hat, at.astimezone(zone).date(), zone))
    coming = {appointment.course.client.pk: appointment.course.client for appointment in appointments}
    hidden: dict[int, list[Response]] = defaultdict(list)
    for response in feedback.hidden_responses(care.clients_of(hat)):
        hidden[response.client_id].append(response)
    counts = feedback.forms_of_day(appointments)
    hidden_ids = {response.pk for responses in hidden.values() for response in responses}
    found = Today(
        visits=tuple(_visit(appointment, counts, hidden, member.pk, at) for appointment in appointments),
        alerts=tuple(feedback.open_alerts(hat)),
        alerts_to_close=tuple(feedback.alerts_to_close(hat)),
        signals=tuple(
            _in_words(row, member.pk) for row in feedback.open_signals(hat) if row.response_id not in hidden_ids
        ),
        answered_elsewhere=tuple(rows[0].client for pk, rows in hidden.items() if pk not in coming),
        undecided=[each for each in care.undecided(own, at) if each.pk not in {visit.pk for visit in appointments}],
        to_rebook=list(care.cancelled_not_rebooked(own)),
        consultations=list(care.open_consultations(own)),
        locked_keys=list(care.locked_page_keys(own)),
        opened_records=list(care.openings_to_tell(hat, at)),
        overdue_reviews=list(care.overdue_reviews(hat, at)),
        has_clients=care.clients_of(hat).exists(),
        gaps=roster.gaps_ahead(member, at),
        gaps_of_others=roster.gaps_of_others(member, at) if _answers_for_clinic(member) else [],
        cover_requests=list(care.cover_requests(member, at)),
        covers=list(care.covers_now(member, at)),
        circle=community.waiting_for(member, at),
    )
    hat.saw(*coming, *hidden, *found.waiting_clients)
    return found


def _visit(
    appointment: "Appointment",
    counts: dict[int, tuple[int, int]],
    hidden: "dict[int, list[Response]]",
    member: int,
    at: datetime,
) -> Visit:
    client = appointment.course.client
    asked, answered = counts.get(appointment.pk, (0, 0))
    return Visit(
        appointment=appointment,
        client=client,
        answered=answered,
        asked=asked,
        waiting=tuple(hidden.get(client.pk, ())),
        is_past=appointment.starts_at < at,
        is_own=client.therapist_id == member,
    )


def _answers_for_clinic(member: Any) -> bool:
    return bool(member.is_owner or member.role == "lead")


def _in_words(row: Any, member: int) -> OpenSignal:
    title = feedback.signal_title(row.kind, row.level, row.occasion)
    return OpenSignal(row.pk, row.client, row.kind, row.level, title, row.raised_at, row.client.therapist_id == member)
