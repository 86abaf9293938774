"""A recording as a row, whoever it is of: how far it has come, how it is kept once it was checked, and forgotten.

The functions are the inner halves of actions: an app calls them inside its own, which bear its names and its rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoshin.kit import media, tasks
from shoshin.kit.record import Record
from shoshin.kit.vault import KeyIsGone, Tampered
from shoshin.kit.vault.tapes import OWN, Tape

PIECE = 1 << 20
R = TypeVar("R", bound="SealedRecording")


class Kind(models.TextChoices):
    """What is recorded."""

    AUDIO = "audio", _("sound")
    VIDEO = "video", _("sound and picture")


class State(models.TextChoices):
    """How far a recording has come."""

    UPLOADING = "uploading", _("arriving")
    CHECKING = "checking", _("being checked")
    READY = "ready", _("ready")
    REFUSED = "refused", _("not kept")
    REMOVED = "removed", _("gone for good")


KEPT = (State.UPLOADING, State.CHECKING, State.READY)


class SealedRecording(Record):
    """One recording. Its bytes are sealed files (see `kit/vault/tapes.py`), none is in here.

    `size` is in bytes, as played; `key_id` says which master key wraps the recording's own, which lies on `shelf`.
    """

    shelf: ClassVar[str] = OWN
    key: Any

    kind = models.CharField(max_length=8, choices=Kind)
    mime = models.CharField(max_length=16, blank=True)
    size = models.BigIntegerField(default=0)
    seconds = models.FloatField(null=True)
    state = models.CharField(max_length=16, choices=State, default=State.UPLOADING)
    refused = models.CharField(max_length=16, blank=True)
    parts = models.PositiveIntegerField(default=0)
    key_id = models.CharField(max_length=16)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def tape(self) -> Tape:
        """Its files."""
        return Tape(self.key, self.shelf)

    @property
    def is_ready(self) -> bool:
        """Whether it can be played."""
        return self.state == State.READY

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is kept."""
        return self.state in (State.REFUSED, State.REMOVED)


@dataclass(frozen=True)
class Checked:
    """What a recording was found to be, once it was written anew and sealed; or `why` nothing of it is kept."""

    mime: str = ""
    size: int = 0
    seconds: float = 0.0
    why: str = ""


def locked(recording: R) -> R:
    """The row as it is now, held until the action ends."""
    return cast(R, type(recording)._default_manager.select_for_update().get(pk=recording.pk))


def receive(recording: R, parts: int, task: str, at: datetime) -> R:
    """All its parts are here: from now on it is being checked, even if whoever asked for that goes away."""
    held = locked(recording)
    if held.state == State.UPLOADING:
        held.state, held.parts = State.CHECKING, parts
        held.save(update_fields=["state", "parts"])
        due = at + timedelta(minutes=1)
        tasks.promise(task, key=f"recording {held.pk}", payload={"recording": held.pk}, due_at=due)
    return held


def look_at(recording: SealedRecording) -> Checked:
    """Have the parts looked at and written anew, sealed."""
    tape = recording.tape
    try:
        reel = media.check(tape.arrived(recording.parts))
        with reel.plain:
            size = tape.keep(iter(lambda: reel.plain.read(PIECE), b""))
    except media.MediaRefused as refusal:
        return Checked(why=refusal.why)
    except (KeyIsGone, Tampered, FileNotFoundError):
        return Checked(why="broken")
    return Checked(reel.mime, size, reel.seconds)


def check(recording: R, accept: Callable[[Checked], R], refuse: Callable[[str], R]) -> R:
    """Have what arrived looked at, and keep what was written anew, or nothing, by the app's own actions.

    It takes a while, so it happens between two actions and in neither: no lock is held. Done twice, it ends the same.
    """
    if recording.state != State.CHECKING:
        return recording
    found = look_at(recording)
    if found.why:
        held = cast(R, type(recording)._default_manager.get(pk=recording.pk))
        return refuse(found.why) if held.state == State.CHECKING else held  # somebody's look or removal came first
    kept = accept(found)
    recording.tape.forget_parts()
    return kept


def accept(recording: R, checked: Checked) -> R:
    """It was checked and is sealed: it can be played. One that was removed meanwhile stays removed."""
    held = locked(recording)
    if held.state == State.CHECKING:
        held.state, held.mime, held.size, held.seconds = State.READY, checked.mime, checked.size, checked.seconds
        held.kind = Kind.VIDEO if checked.mime.startswith("video/") else Kind.AUDIO
        held.save(update_fields=["state", "mime", "size", "seconds", "kind"])
    if held.is_gone:
        held.tape.destroy()
    return held


def forget(recording: R, state: str, at: datetime, why: str = "") -> R:
    """Key, files, row, in this order: what fails half-way leaves too little and never too much."""
    held = locked(recording)
    held.tape.destroy()
    if not held.is_gone:
        held.state, held.removed_at, held.refused = state, at, why
        held.save(update_fields=["state", "removed_at", "refused"])
    return held
