"""Which backups are kept: all of today, then one a day for two weeks, one a week for eight, one a month for twelve."""

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

SUFFIX = ".tar.age"
STAMP = "%Y%m%dT%H%M%SZ"
OURS = re.compile(r"shoshin-(\d{8}T\d{6}Z)" + re.escape(SUFFIX))

RUNGS: tuple[tuple[timedelta, Callable[[datetime], Hashable]], ...] = (
    (timedelta(days=14), lambda taken: taken.date()),
    (timedelta(weeks=8), lambda taken: taken.isocalendar()[:2]),
    (timedelta(days=366), lambda taken: (taken.year, taken.month)),
)


def name_at(at: datetime) -> str:
    """The name of a backup taken at this moment."""
    return f"shoshin-{at.astimezone(UTC):{STAMP}}{SUFFIX}"


def backups_in(folder: Path) -> dict[datetime, Path]:
    """The backups in a folder by the moment in their name. Other files are no business of ours."""
    found = {}
    for path in folder.iterdir():
        if (match := OURS.fullmatch(path.name)) and path.is_file():
            found[datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)] = path
    return dict(sorted(found.items()))


def kept(taken: Iterable[datetime], at: datetime) -> set[datetime]:
    """The moments whose backups stay. Of each day, week and month the last; the newest of all stays in any case."""
    moments = sorted(taken)
    stay = {moment for moment in moments if moment.date() >= at.astimezone(UTC).date()} | set(moments[-1:])
    for reach, period in RUNGS:
        stay |= set({period(moment): moment for moment in moments if at - moment <= reach}.values())
    return stay


def prune(folder: Path, at: datetime) -> list[Path]:
    """Delete what the ladder does not keep, and say what."""
    found = backups_in(folder)
    gone = [path for moment, path in found.items() if moment not in kept(found, at)]
    for path in gone:
        path.unlink()
    return gone
