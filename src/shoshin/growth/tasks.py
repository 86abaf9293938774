"""What growth does in the background: episodes close by themselves, recordings are checked and go."""

from datetime import datetime, timedelta
from typing import Any

from shoshin.growth import actions
from shoshin.growth.actions.recordings import CHECK
from shoshin.growth.models import ClientRecording
from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task


@task("growth.close_episodes", every=timedelta(days=1))
def close_episodes(payload: dict[str, Any], at: datetime) -> None:
    """Write down which episodes have come to their end. Pages know it before."""
    actions.close_due_episodes(by=SYSTEM, at=at)


@task(CHECK)
def check_client_recording(payload: dict[str, Any], at: datetime) -> None:
    """A recording that arrived; nothing where it was checked in the same breath, or removed."""
    recording = ClientRecording.objects.filter(pk=payload["recording"]).first()
    if recording is not None:
        actions.check_client_recording(recording, SYSTEM, at)


@task("growth.remove_client_recordings", every=timedelta(days=1))
def remove_client_recordings(payload: dict[str, Any], at: datetime) -> None:
    """Recordings of clients whose days are over, or whose yes was taken back."""
    actions.remove_client_recordings_over(at)
