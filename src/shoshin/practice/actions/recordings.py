"""Recording one's own practice: agree, begin, receive, keep or refuse, keep longer, remove, take the consent back."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.kit.media import keeping
from shoshin.kit.media.keeping import KEPT, Checked, Kind, State
from shoshin.kit.vault.tapes import MOST_PARTS, Tape
from shoshin.practice.models import Attempt, Recording, RecordingConsent, Round
from shoshin.practice.queries.recordings import consent_of, has_room, waiting_recordings

if TYPE_CHECKING:
    from shoshin.people.models import Membership

KEPT_FOR = timedelta(days=60)
UNFINISHED_FOR = timedelta(days=1)
CHECK = "practice.check_recording"


class CannotRecord(ValueError):
    """Something about a recording does not fit. The message says what is safe and what to do."""


@action("practice.agree_to_recordings", formative=True)
def agree_to_recordings(*, by: "Membership", at: datetime) -> RecordingConsent:
    """Say yes to recording one's own practice. It stands until it is taken back."""
    return consent_of(by) or RecordingConsent.objects.create(clinic=by.clinic, member=by, given_at=at)


@action("practice.start_recording", formative=True)
def start_recording(
    *, round: Round, key: UUID, answer_key: UUID, kind: str, by: "Membership", at: datetime
) -> Recording:
    """Make room for a recording of the answer that is about to be given. A further take replaces the one before."""
    known = Recording.objects.filter(key=key).first()
    if known is not None:
        if known.member != by or known.state != State.UPLOADING:
            raise CannotRecord(_("This recording has ended. Begin a new one; what you write stays."))
        return known
    consent = RecordingConsent.objects.select_for_update().filter(member=by, withdrawn_at=None).first()
    if consent is None:
        raise CannotRecord(_("Tick that you agree to record your own practice. Nothing has been recorded."))
    if round.exercise.is_silent or round.ended_at is not None or kind not in Kind.values:
        raise CannotRecord(_("Here nothing is recorded. What you write stays."))
    if not has_room(by):
        raise CannotRecord(
            _("There is no room for a recording now. What you write is kept as always. Removing an old one makes room.")
        )
    for earlier in Recording.objects.filter(member=by, answer_key=answer_key, attempt=None, state__in=KEPT):
        remove_recording(recording=earlier, by=by, at=at)
    return Recording.objects.create(
        clinic=by.clinic,
        member=by,
        consent=consent,
        round=round,
        key=key,
        answer_key=answer_key,
        kind=kind,
        key_id=Tape(key).begin(),
        began_at=at,
        expires_at=at + KEPT_FOR,
    )


@action("practice.receive_recording", formative=True)
def receive_recording(*, recording: Recording, parts: int, by: "Membership", at: datetime) -> Recording:
    """All its parts are here: from now on it is being checked, even if whoever asked for that goes away."""
    if not 0 < parts <= MOST_PARTS:
        raise CannotRecord(_("This is no whole recording. Record again, or answer without it."))
    return keeping.receive(recording, parts, CHECK, at)


@action("practice.accept_recording", formative=True)
def accept_recording(*, recording: Recording, checked: Checked, by: "Membership | Actor", at: datetime) -> Recording:
    """The recording was checked and is sealed: it can be played."""
    return keeping.accept(recording, checked)


@action("practice.refuse_recording", formative=True)
def refuse_recording(*, recording: Recording, why: str, by: "Membership | Actor", at: datetime) -> Recording:
    """It is not what it should be, so nothing of it is kept. One that was accepted meanwhile stays."""
    if Recording.objects.get(pk=recording.pk).is_ready:
        return recording
    return keeping.forget(recording, State.REFUSED, at, why)


@action("practice.keep_recording", formative=True)
def keep_recording(*, recording: Recording, by: "Membership", at: datetime) -> Recording:
    """Keep it for another 60 days from now."""
    recording.expires_at = max(recording.expires_at, at + KEPT_FOR)
    recording.save(update_fields=["expires_at"])
    return recording


@action("practice.remove_recording", formative=True)
def remove_recording(*, recording: Recording, by: "Membership | Actor", at: datetime) -> Recording:
    """Take it away for good: its key is destroyed before this is said to be done."""
    return keeping.forget(recording, State.REMOVED, at)


@action("practice.withdraw_recordings", formative=True)
def withdraw_recordings(*, by: "Membership", at: datetime) -> int:
    """Take the consent back. Every recording of this person is gone for good. Says how many there were."""
    RecordingConsent.objects.filter(member=by, withdrawn_at=None).update(withdrawn_at=at)
    kept = list(Recording.objects.filter(member=by, state__in=KEPT))
    for recording in kept:
        remove_recording(recording=recording, by=by, at=at)
    return len(kept)


@action("practice.join_recording", formative=True)
def join_recording(*, attempt: Attempt, by: "Membership", at: datetime) -> Recording | None:
    """Bind what was recorded for an answer to the answer itself, now that it was given."""
    found = waiting_recordings(by, attempt.key).first()
    if found is not None and found.round == attempt.round:
        found.attempt = attempt
        found.save(update_fields=["attempt"])
        return found
    return None
