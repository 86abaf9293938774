"""Recordings of my clients. Only the therapist who was given the yes ever finds one, and only while it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from shoshin.care import queries as care
from shoshin.growth.models import ClientRecording
from shoshin.kit import media
from shoshin.kit.media.keeping import KEPT, State
from shoshin.kit.policy import Hat
from shoshin.kit.vault.tapes import PlainCopy, room

if TYPE_CHECKING:
    from shoshin.care.models import AskedToRecord, Client

ROOM_LEFT = 1024**3  # bytes that stay free for answers of clients, whatever is recorded


@dataclass(frozen=True)
class Asked:
    """One answer about a recording, and the recording, while one is kept."""

    asked: "AskedToRecord"
    recording: ClientRecording | None

    @property
    def may_record(self) -> bool:
        """Whether the yes stands and nothing is kept yet that would have to be removed first."""
        return self.asked.stands and (self.recording is None or self.recording.state == State.UPLOADING)


def recordings_with(hat: Hat, client: "Client", at: datetime) -> tuple[Asked, ...]:
    """What this client of mine said about recordings, newest first, each with what is kept of it."""
    kept = {row.asked_id: row for row in _standing(at).filter(client=client, member=hat.member)}
    return tuple(Asked(asked, kept.get(asked.pk)) for asked in care.asked_to_record(client))


def recording_with(hat: Hat, key: UUID, at: datetime) -> Asked:
    """One yes that stands, with what is kept of its recording."""
    asked = care.standing_yes_for(hat, key)
    return Asked(asked, _standing(at).filter(asked=asked, member=hat.member).first())


def client_recording_for(hat: Hat, key: UUID, at: datetime) -> ClientRecording:
    """A recording of a client of mine that is not gone; 404 for any other."""
    found = recording_with(hat, key, at).recording
    if found is None:
        raise Http404("Nothing is kept at this address.")
    return found


def has_room() -> bool:
    """Whether one more recording fits on the disk."""
    return room() > ROOM_LEFT + media.LARGEST


def copies_of(client: "Client", at: datetime) -> list[PlainCopy]:
    """The recordings of a client that can be played, oldest first: they belong to the client's record."""
    rows = _standing(at).filter(client=client, state=State.READY).order_by("pk")
    return [PlainCopy(f"{row.key}.{row.mime.partition('/')[2]}", row.tape) for row in rows]


def recordings_over(at: datetime) -> QuerySet[ClientRecording]:
    """What is kept and should not be: past its days, without a standing yes, or of a client who has left its maker."""
    kept = ClientRecording.objects.filter(state__in=KEPT)
    left = ~Q(client__therapist=F("member"))
    return kept.filter(Q(expires_at__lte=at) | Q(asked__withdrawn_at__isnull=False) | left)


def _standing(at: datetime) -> QuerySet[ClientRecording]:
    """Kept, not over, with a yes that stands, and of a client who is still its maker's: swept away or not yet."""
    kept = ClientRecording.objects.filter(state__in=KEPT, expires_at__gt=at, asked__withdrawn_at=None)
    return kept.filter(client__therapist=F("member")).select_related("asked", "client", "member")
