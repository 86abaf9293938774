"""Take a backup: one snapshot of the database, the recordings' folder, and a list that says how to know them again."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shoshin.kit.backup.archive import CannotBackUp, file_of, pack, scratch
from shoshin.kit.backup.ladder import name_at
from shoshin.kit.backup.manifest import DATABASE, Manifest
from shoshin.kit.backup.rows import Progress, ignore
from shoshin.kit.backup.state import note_backup
from shoshin.kit.backup.stores import Store

MEDIA = "media"  # the folder of files people add; the secret key and fetched wording are never copied


@dataclass(frozen=True)
class Taken:
    """A backup that was made."""

    file: Path
    manifest: Manifest


def take_backup(
    store: Store, *, home: Path, folder: Path, keys: list[Any], at: datetime, progress: Progress = ignore
) -> Taken:
    """Copy, compare, encrypt, bring to the disk, and write down that it was done."""
    _make(folder)
    with scratch(home) as work:
        copied = work / DATABASE
        snapshot = store.copy(copied, lambda share: progress(share * 0.8))
        files = {DATABASE: copied} | media_of(home, work)
        manifest = Manifest(
            version=version("shoshin"),
            engine=store.engine,
            library=snapshot.library,
            taken_at=at,
            migrations=snapshot.migrations,
            tables=snapshot.tables,
            files={name: file_of(path) for name, path in files.items()},
        )
        pack(manifest, files, folder / name_at(at), keys, work)
    progress(1)
    taken = Taken(folder / name_at(at), manifest)
    note_backup(home, at, file=taken.file.name, rows=manifest.rows)
    return taken


def media_of(home: Path, work: Path) -> dict[str, Path]:
    """Every file people added, by its name in the archive, held so that it may be removed meanwhile."""
    held: dict[str, Path] = {}
    for path in sorted((home / MEDIA).rglob("*")):
        if path.is_symlink() or not path.is_file() or (path.name.startswith(".") and path.suffix == ".part"):
            continue
        name = path.relative_to(home).as_posix()
        place = work / "held" / str(len(held))
        place.parent.mkdir(exist_ok=True)
        try:
            _hold(path, place)
        except FileNotFoundError:
            continue
        held[name] = place
    return held


def _hold(path: Path, place: Path) -> None:
    """The same file under a second name; a copy where the file system has no second names."""
    try:
        os.link(path, place)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, place)


def _make(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CannotBackUp(f"{folder} is a file. Name a folder for the backups.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
