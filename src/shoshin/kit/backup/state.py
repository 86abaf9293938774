"""What is known about the last backup and the last drill, and what follows when they are old.

Kept in a file beside the data, so that it can be read when no database answers.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

NAME = "backup_state.json"
BACKUP_AGE = timedelta(hours=24)
DRILL_AGE = timedelta(days=14)
FIRST_DAYS = timedelta(days=14)


@dataclass(frozen=True)
class State:
    """The three moments that matter. None: it never happened, or nobody wrote it down."""

    installed_at: datetime | None = None
    backup_at: datetime | None = None
    drill_at: datetime | None = None


def read_state(home: Path) -> State:
    """What is written down. A file that cannot be read counts as nothing known."""
    plain = _plain(home)
    return State(
        _moment(plain.get("installed_at")),
        _moment(plain.get("backup")),
        _moment(plain.get("drill")),
    )


def note_installed(home: Path, at: datetime) -> None:
    """Write down the first start, once."""
    if read_state(home).installed_at is None:
        _write(home, {"installed_at": at.isoformat()})


def note_backup(home: Path, at: datetime, **said: Any) -> None:
    """Write down a backup that was compared with what it copied."""
    _write(home, {"backup": {"at": at.isoformat(), **said}})


def note_drill(home: Path, at: datetime, **said: Any) -> None:
    """Write down a drill that went well to its end."""
    _write(home, {"drill": {"at": at.isoformat(), **said}})


def overdue(state: State, at: datetime) -> list[str]:
    """What is overdue about backups, as sentences. The last backup is a day old at most, the last drill two weeks."""
    sentences = []
    if state.backup_at is None:
        sentences.append(_("No backup has been made yet."))
    elif at - state.backup_at > BACKUP_AGE:
        sentences.append(_("The last backup is older than a day."))
    if state.drill_at is None:
        sentences.append(_("No backup has been tried out yet."))
    elif at - state.drill_at > DRILL_AGE:
        sentences.append(_("The last time a backup was tried out is more than two weeks ago."))
    return sentences


def in_first_days(state: State, at: datetime) -> bool:
    """Whether the clinic is so new that overdue backups are only a reminder."""
    return state.installed_at is None or at - state.installed_at <= FIRST_DAYS


def overdue_now(at: datetime) -> str:
    """What is overdue in this clinic, once its first days are over; empty where nothing is, and in a demo."""
    state = read_state(settings.HOME)
    return "" if settings.DEMO or in_first_days(state, at) else " ".join(overdue(state, at))


def sending_refused_because(at: datetime) -> str:
    """Why no new form may be sent now, as a sentence for a therapist; empty where nothing stands against it.

    Receiving is never refused: what a client has answered must always find its place.
    """
    rest = _("New forms cannot be sent until this is mended; answers still come in. Tell the owner of the clinic.")
    return f"{problems} {rest}" if (problems := overdue_now(at)) else ""


def notice_for_owner(at: datetime) -> str:
    """What the owner of the clinic is told about backups on Today."""
    rest = _("Whoever looks after the server makes one and tries it out: the guide for clinics says how.")
    return f"{problems} {rest}" if (problems := overdue_now(at)) else ""


def _plain(home: Path) -> dict[str, Any]:
    try:
        plain = json.loads((home / NAME).read_text())
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _moment(value: Any) -> datetime | None:
    """A moment from the file, written plain or as the `at` of an entry."""
    text = str(value.get("at") if isinstance(value, dict) else value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _write(home: Path, entries: dict[str, Any]) -> None:
    passing = home / f".{NAME}.{os.getpid()}"
    passing.write_text(json.dumps({**_plain(home), **entries}, indent=1))
    passing.replace(home / NAME)
