"""A person's own recordings. Every query here takes the hat or the member: nobody else's are ever found."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.http import Http404

from shoshin.kit import media
from shoshin.kit.media.keeping import KEPT, State
from shoshin.kit.policy import Hat
from shoshin.kit.vault.tapes import room
from shoshin.practice.models import Attempt, Recording, RecordingConsent, Round

if TYPE_CHECKING:
    from shoshin.people.models import Membership

MOST_KEPT = 2 * 1024**3  # bytes a person
ROOM_LEFT = 1024**3  # bytes that stay free for answers of clients, whatever is recorded


def recording_for(hat: Hat, key: UUID) -> Recording:
    """One of this person's own recordings that is not gone; 404 for anybody else's."""
    found = (
        Recording.objects.filter(member=hat.member, key=key, state__in=KEPT, consent__withdrawn_at=None)
        .select_related("member", "clinic", "round", "attempt")
        .first()
    )
    if found is None:
        raise Http404("No such recording of yours.")
    return found


def recordings_of(member: "Membership") -> QuerySet[Recording]:
    """All that is kept of a person's recordings, newest first."""
    return (
        Recording.objects.filter(member=member, state__in=KEPT)
        .select_related("attempt__statement", "round__exercise")
        .order_by("-began_at", "-pk")
    )


def recording_of(attempt: Attempt) -> Recording | None:
    """The recording of an answer, if there is one that can be played."""
    return Recording.objects.filter(attempt=attempt, state=State.READY).first()


def playable_of(attempt: Attempt, at: datetime) -> Recording | None:
    """The recording of an answer, if it may be played now to those its person shows it to: not over, not withdrawn."""
    standing = Recording.objects.filter(state=State.READY, expires_at__gt=at, consent__withdrawn_at=None)
    return standing.filter(attempt=attempt).first()


def waiting_recordings(member: "Membership", answer_key: UUID) -> QuerySet[Recording]:
    """What was recorded for an answer that is only now being given."""
    return Recording.objects.filter(member=member, answer_key=answer_key, attempt=None, state__in=KEPT)


def consent_of(member: "Membership") -> RecordingConsent | None:
    """The standing consent to recordings, if there is one."""
    return RecordingConsent.objects.filter(member=member, withdrawn_at=None).first()


def is_offered(round: Round) -> bool:
    """Whether answers of this round can be recorded: it is practised aloud, and recordings can be checked here."""
    return not round.exercise.is_silent and media.can_check()


def has_room(member: "Membership") -> bool:
    """Whether one more recording fits: among this person's own, and on the disk."""
    kept = Recording.objects.filter(member=member, state__in=KEPT).aggregate(size=Sum("size"))["size"] or 0
    return kept < MOST_KEPT and room() > ROOM_LEFT + media.LARGEST
