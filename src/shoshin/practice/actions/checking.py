"""What happens to recordings by itself: each is checked and written anew, and each goes when its time is over."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from shoshin.kit.action import SYSTEM, Actor
from shoshin.kit.media import keeping
from shoshin.kit.media.keeping import KEPT, State
from shoshin.kit.vault.tapes import Tape, names_made_before
from shoshin.practice.actions.recordings import (
    UNFINISHED_FOR,
    accept_recording,
    refuse_recording,
    remove_recording,
)
from shoshin.practice.models import Recording

if TYPE_CHECKING:
    from shoshin.people.models import Membership


def check_recording(recording: Recording, by: "Membership | Actor", at: datetime) -> Recording:
    """Have the recording looked at, and keep what was written anew, or nothing."""
    return keeping.check(
        recording,
        accept=lambda checked: accept_recording(recording=recording, checked=checked, by=by, at=at),
        refuse=lambda why: refuse_recording(recording=recording, why=why, by=by, at=at),
    )


def remove_expired_recordings(at: datetime) -> int:
    """Take away what is over: past its days, begun and never ended, without an answer, or without its key.

    The last is what a restored backup brings back of a recording that was removed meanwhile. Says how many went.
    """
    kept = Recording.objects.filter(state__in=KEPT)
    yesterday = at - UNFINISHED_FOR
    unfinished = Q(began_at__lte=yesterday) & (Q(state=State.UPLOADING) | Q(attempt=None))
    over = set(kept.filter(Q(expires_at__lte=at) | Q(consent__withdrawn_at__isnull=False) | unfinished))
    over |= {each for each in kept if not each.tape.has_key()}
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
