"""Questions taken to colleagues."""

from datetime import date

from django.db.models import Max, QuerySet
from django.http import Http404

from shoshin.care.models import Consultation
from shoshin.care.queries.clients import clients_of
from shoshin.kit.policy import Hat


def _consultations(hat: Hat) -> QuerySet[Consultation]:
    found = Consultation.objects.filter(course__client__in=clients_of(hat))
    return found.select_related("course__client__clinic", "closed_by__person")


def consultation_for(hat: Hat, pk: int) -> Consultation:
    """The consultation behind an address, or 404 where its client is not this hat's to see."""
    found = _consultations(hat).filter(pk=pk).first()
    if found is None:
        raise Http404("No consultation of yours has this address.")
    hat.saw(found.course.client_id)
    return found


def open_consultations(hat: Hat) -> QuerySet[Consultation]:
    """Questions that wait for a colleague, the oldest first."""
    return _consultations(hat).filter(closed_at=None).order_by("opened_at")


def last_consulted_on(hat: Hat) -> date | None:
    """The day this hat last held a consultation about one of its clients."""
    day: date | None = _consultations(hat).aggregate(day=Max("held_on"))["day"]
    return day
