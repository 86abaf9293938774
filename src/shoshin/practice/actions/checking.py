"""What happens to recordings by itself: each is checked and written anew, and each goes when its time is over."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from shoshin.kit import media
from shoshin.kit.action import SYSTEM, Actor
from shoshin.kit.media import MediaRefused
from shoshin.kit.vault import KeyIsGone, Tampered
from shoshin.kit.vault.tapes import Tape, names_made_before
from shoshin.practice.actions.recordings import (
    UNFINISHED_FOR,
    accept_recording,
    refuse_recording,
    remove_recording,
)
from shoshin.practice.models import Recording
from shoshin.practice.models.recordings import State
from shoshin.practice.queries.recordings import KEPT

if TYPE_CHECKING:
    from shoshin.people.models import Membership

PIECE = 1 << 20


def check_recording(recording: Recording, by: "Membership | Actor", at: datetime) -> Recording:
    """Have the recording looked at, and keep what was written anew, or nothing.

    It takes a while, so it happens between two actions and in neither: no lock is held. Done twice, it ends the same.
    """
    if recording.state != State.CHECKING:
        return recording
    tape = Tape(recording.key)
    try:
        reel = media.check(tape.arrived(recording.parts))
        with reel.plain:
            size = tape.keep(iter(lambda: reel.plain.read(PIECE), b""))
    except MediaRefused as refusal:
        return refuse_recording(recording=recording, why=refusal.why, by=by, at=at)
    except (KeyIsGone, Tampered, FileNotFoundError):
        held = Recording.objects.get(pk=recording.pk)
        return held if held.is_ready else refuse_recording(recording=held, why="broken", by=by, at=at)
    kept = accept_recording(recording=recording, mime=reel.mime, size=size, seconds=reel.seconds, by=by, at=at)
    tape.forget_parts()
    return kept


def remove_expired_recordings(at: datetime) -> int:
    """Take away what is over: past its days, begun and never ended, without an answer, or without its key.

    The last is what a restored backup brings back of a recording that was removed meanwhile. Says how many went.
    """
    kept = Recording.objects.filter(state__in=KEPT)
    yesterday = at - UNFINISHED_FOR
    unfinished = Q(began_at__lte=yesterday) & (Q(state=State.UPLOADING) | Q(attempt=None))
    over = set(kept.filter(Q(expires_at__lte=at) | Q(consent__withdrawn_at__isnull=False) | unfinished))
    over |= {each for each in kept if not Tape(each.key).has_key()}
    for recording in over:
        remove_recording(recording=recording, by=SYSTEM, at=at)
    _sweep(yesterday)
    return len(over)


def _sweep(before: datetime) -> None:
    """Destroy keys and files that no row speaks of any more, as after a person's rows were deleted."""
    known = {str(key) for key in Recording.objects.filter(state__in=KEPT).values_list("key", flat=True)}
    for name in names_made_before(before):
        if name not in known:
            Tape(name).destroy()
