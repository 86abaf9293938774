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


def signal_for(hat: Hat, pk: int) -> SignalRow:
    """The signal behind an address, or 404 where its client is not this hat's to see."""
    found = (
        SignalRow.objects.filter(pk=pk, client__in=care.clients_of(hat))
        .select_related("client__clinic", "course", "response__version")
        .first()
    )
    if found is None:
        raise Http404("No signal of a client of yours has this address.")
    return found


def open_alerts(hat: Hat) -> QuerySet[Alert]:
    """Marked safety questions of this hat's clients that nobody has acknowledged, oldest first."""
    return (
        Alert.objects.filter(client__in=care.clients_of(hat), acknowledged_at=None)
        .select_related("client", "response")
        .order_by("raised_at")
    )


def alert_for(hat: Hat, pk: int) -> Alert:
    """The alert behind an address, or 404 where its client is not this hat's to see."""
    found = (
        Alert.objects.filter(pk=pk, client__in=care.clients_of(hat))
        .select_related("client__clinic", "response__version", "assignment__version", "acknowledged_by__person")
        .first()
    )
    if found is None:
        raise Http404("No alert of a client of yours has this address.")
    return found


def answers_the_client_may_read(course: "Course") -> list[SignalAnswer]:
    """What the therapist wrote in answer to signals of a course: part of the record, newest first."""
    return list(
        SignalAnswer.objects.filter(signal__course=course)
        .exclude(words="")
        .select_related("signal")
        .order_by("-given_at")
    )
