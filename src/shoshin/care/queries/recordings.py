"""What clients said about recordings. A recording may be made and heard only while its own yes stands."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from shoshin.care.models import AskedToRecord, Client
from shoshin.care.models.recordings import RecordingAnswer
from shoshin.care.queries.clients import clients_of
from shoshin.kit.policy import Hat


def asked_to_record(client: Client) -> QuerySet[AskedToRecord]:
    """Every answer of this client about a recording, newest first."""
    return AskedToRecord.objects.filter(client=client).order_by("-day", "-asked_at", "-pk")


def standing_yeses() -> QuerySet[AskedToRecord]:
    """The answers that are a yes and were not taken back."""
    return AskedToRecord.objects.filter(answer=RecordingAnswer.YES, withdrawn_at=None)


def standing_yes_for(hat: Hat, key: UUID) -> AskedToRecord:
    """The yes behind an address: given to me, by a client who is mine still. 404 for any other, and once withdrawn."""
    found: AskedToRecord | None = (
        standing_yeses()
        .filter(key=key, client__in=clients_of(hat), client__therapist=hat.member, asked_by=hat.member)
        .select_related("client__clinic", "client__therapist__person")
        .first()
    )
    if found is None:
        raise Http404("No recording of a client of yours has this address.")
    hat.saw(found.client_id)
    return found
