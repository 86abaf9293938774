"""Signals and alerts that wait for somebody."""

from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.http import Http404

from shoshin.care import queries as care
from shoshin.feedback.models import Alert, SignalAnswer, SignalRow
from shoshin.kit.policy import Hat

if TYPE_CHECKING:
    from shoshin.care.models import Client, Course

# An answer "bring it to the next appointment" comes back once, when an appointment of the course has been kept since.
RETURNED = Q(
    answers__choice="bring",
    answers__returned_at=None,
    course__ended_on=None,
    course__appointments__state="kept",
    course__appointments__starts_at__gt=F("answers__given_at"),
)
TOLD = "told"  # the relation of whom the risk ladder has told of an alert
WAITING = Q(answered_at=None) | RETURNED


def waiting_signals(client: "Client | int") -> QuerySet[SignalRow]:
    """A client's signals that ask for an answer: never answered, or brought to an appointment that has been kept."""
    return SignalRow.objects.filter(WAITING, client=client).distinct()


def open_signals(hat: Hat) -> QuerySet[SignalRow]:
    """The signals of this hat's clients that ask for an answer, longest waiting first."""
    return (
        SignalRow.objects.filter(WAITING, client__in=care.clients_of(hat))
        .select_related("client", "response")
        .order_by("raised_at")
        .distinct()
    )


def raised_signals(hat: Hat) -> QuerySet[SignalRow]:
    """Every signal of this hat's clients in a course that goes on, answered or not."""
    rows = SignalRow.objects.filter(client__in=care.clients_of(hat), course__ended_on=None)
    return rows.select_related("client", "course__client", "response")


def signal_for(hat: Hat, pk: int) -> SignalRow:
    """The signal behind an address, or 404 where its client is not this hat's to see."""
    found = (
        SignalRow.objects.filter(pk=pk, client__in=care.clients_of(hat))
        .select_related("client__clinic", "course", "response__version")
        .first()
    )
    if found is None:
        raise Http404("No signal of a client of yours has this address.")
    hat.saw(found.client_id)
    return found


def alerts_of(hat: Hat) -> QuerySet[Alert]:
    """The alerts this hat may see: of its clients, and those the ladder has told it of, until they are closed."""
    mine = Q(client__in=care.clients_of(hat))
    if TOLD in hat.relations and hat.member is not None and hat.member.ended_at is None:
        mine |= Q(notices__member=hat.member, closed_at=None)
    return Alert.objects.filter(mine).distinct()


def open_alerts(hat: Hat) -> QuerySet[Alert]:
    """Marked safety questions of this hat's clients that nobody has acknowledged, oldest first."""
    return alerts_of(hat).filter(acknowledged_at=None).select_related("client", "response").order_by("raised_at")


def alerts_to_close(hat: Hat) -> QuerySet[Alert]:
    """Alerts that somebody has acknowledged, and of which nobody has said yet what came of them."""
    seen = alerts_of(hat).filter(acknowledged_at__isnull=False, closed_at=None)
    return seen.select_related("client", "acknowledged_by__person").order_by("acknowledged_at")


def alert_for(hat: Hat, pk: int) -> Alert:
    """The alert behind an address, or 404 where its client is not this hat's to see."""
    found = (
        alerts_of(hat)
        .filter(pk=pk)
        .select_related(
            "client__clinic", "response__version", "assignment__version", "acknowledged_by__person", "closed_by__person"
        )
        .first()
    )
    if found is None:
        raise Http404("No alert of a client of yours has this address.")
    hat.saw(found.client_id)
    return found


def answers_the_client_may_read(course: "Course") -> list[SignalAnswer]:
    """What the therapist wrote in answer to signals of a course: part of the record, newest first."""
    return list(
        SignalAnswer.objects.filter(signal__course=course)
        .exclude(words="")
        .select_related("signal")
        .order_by("-given_at")
    )
