"""Recording an appointment with a client's yes: begin, receive, keep or refuse, remove; and what goes by itself."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.growth.models import ClientRecording
from shoshin.growth.queries.recordings import has_room, recordings_over
from shoshin.kit.action import SYSTEM, Actor, action
from shoshin.kit.media import can_check, keeping
from shoshin.kit.media.keeping import KEPT, Checked, Kind, State
from shoshin.kit.vault.tapes import MOST_PARTS, OTHERS, Tape, names_made_before

if TYPE_CHECKING:
    from shoshin.care.models import AskedToRecord
    from shoshin.people.models import Membership

KEPT_FOR = timedelta(days=60)
UNFINISHED_FOR = timedelta(days=1)
CHECK = "growth.check_client_recording"


class CannotRecordClient(ValueError):
    """Something about a recording does not fit. The message says what is safe and what to do."""


@action("growth.start_client_recording")
def start_client_recording(*, asked: "AskedToRecord", kind: str, by: "Membership", at: datetime) -> ClientRecording:
    """Make room for the recording a client said yes to. A further take replaces the one before.

    The days of every take are counted from the yes, so that no removing and recording anew goes beyond them.
    """
    held = care.standing_yeses().select_for_update().filter(pk=asked.pk).first()
    if held is None or asked.asked_by_id != by.pk or asked.client.therapist_id != by.pk:
        raise CannotRecordClient(_("There is no yes of this client to a recording now. Nothing has been recorded."))
    if at >= held.asked_at + KEPT_FOR:
        raise CannotRecordClient(_("This yes is older than 60 days. Ask the client again. Nothing has been recorded."))
    if kind not in Kind.values or not can_check():
        raise CannotRecordClient(_("Recordings cannot be checked here, so none is kept."))
    if not has_room():
        raise CannotRecordClient(_("There is no room for a recording now. Nothing has been recorded."))
    kept = ClientRecording.objects.filter(asked=held).first()
    if kept is not None and kept.state in (State.CHECKING, State.READY):
        raise CannotRecordClient(_("This appointment has its recording already. Remove it first, to record again."))
    tape = Tape(asked.key, OTHERS)
    tape.destroy()
    facts = {
        "clinic": asked.client.clinic,
        "member": by,
        "client": asked.client,
        "key": asked.key,
        "kind": kind,
        "state": State.UPLOADING,
        "refused": "",
        "parts": 0,
        "key_id": tape.begin(),
        "began_at": at,
        "expires_at": held.asked_at + KEPT_FOR,
        "removed_at": None,
    }
    return ClientRecording.objects.update_or_create(asked=held, defaults=facts)[0]


@action("growth.receive_client_recording")
def receive_client_recording(
    *, recording: ClientRecording, parts: int, by: "Membership", at: datetime
) -> ClientRecording:
    """All its parts are here: from now on it is being checked, even if whoever asked for that goes away."""
    if not 0 < parts <= MOST_PARTS:
        raise CannotRecordClient(_("This is no whole recording. Record again."))
    return keeping.receive(recording, parts, CHECK, at)


@action("growth.accept_client_recording")
def accept_client_recording(
    *, recording: ClientRecording, checked: Checked, by: "Membership | Actor", at: datetime
) -> ClientRecording:
    """The recording was checked and is sealed: it can be played."""
    return keeping.accept(recording, checked)


@action("growth.refuse_client_recording")
def refuse_client_recording(
    *, recording: ClientRecording, why: str, by: "Membership | Actor", at: datetime
) -> ClientRecording:
    """It is not what it should be, so nothing of it is kept."""
    return keeping.forget(recording, State.REFUSED, at, why)


@action("growth.remove_client_recording")
def remove_client_recording(*, recording: ClientRecording, by: "Membership | Actor", at: datetime) -> ClientRecording:
    """Take it away for good: its key is destroyed before this is said to be done. The client's yes stands."""
    return keeping.forget(recording, State.REMOVED, at)


def check_client_recording(recording: ClientRecording, by: "Membership | Actor", at: datetime) -> ClientRecording:
    """Have the recording looked at, and keep what was written anew, or nothing."""
    return keeping.check(
        recording,
        accept=lambda checked: accept_client_recording(recording=recording, checked=checked, by=by, at=at),
        refuse=lambda why: refuse_client_recording(recording=recording, why=why, by=by, at=at),
    )


def remove_client_recordings_over(at: datetime) -> int:
    """Take away what is over, and destroy keys that no row speaks of any more. Says how many recordings went.

    A recording without its key is what a restored backup brings back of one that was taken away meanwhile.
    """
    yesterday = at - UNFINISHED_FOR
    kept = ClientRecording.objects.filter(state__in=KEPT)
    over = set(recordings_over(at)) | set(kept.filter(began_at__lte=yesterday, state=State.UPLOADING))
    over |= {each for each in kept if not each.tape.has_key()}
    for recording in over:
        remove_client_recording(recording=recording, by=SYSTEM, at=at)
    known = {str(key) for key in kept.values_list("key", flat=True)}
    for name in names_made_before(yesterday, OTHERS):
        if name not in known:
            Tape(name, OTHERS).destroy()
    return len(over)
