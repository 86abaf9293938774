"""Bring a backup back, never over anything, and compare every row with what was recorded when it was taken."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shoshin.kit.backup.archive import scratch, unpack
from shoshin.kit.backup.manifest import DATABASE, CannotRestore, Manifest
from shoshin.kit.backup.stores import Store
from shoshin.kit.backup.take import MEDIA


@dataclass(frozen=True)
class Restored:
    """A backup that is back, compared row by row."""

    manifest: Manifest
    set_aside: tuple[Path, ...]


def restore(file: Path, keys: list[Any], store: Store, *, home: Path, at: datetime, replace: bool = False) -> Restored:
    """Unpack to a folder of its own, check, and only then put database and files in their places."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    store.refuse_taken(replace=replace)
    media = home / MEDIA
    if media.exists() and any(media.iterdir()) and not replace:
        raise CannotRestore(f"{media} is not empty. Nothing was changed. Restore into another home folder.")
    aside: list[Path] = []

    def set_aside(path: Path) -> Path:
        kept = path.with_name(f"{path.name}.before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        path.rename(kept)
        aside.append(kept)
        return kept

    with scratch(home) as work:
        manifest = unpack(file, keys, work)
        refuse_unfit(manifest, store)
        store.put(work / DATABASE, manifest, set_aside)
        if (work / MEDIA).exists():
            if media.exists():
                set_aside(media)
            shutil.move(work / MEDIA, media)
    return Restored(manifest, tuple(aside))


def refuse_unfit(manifest: Manifest, store: Store) -> None:
    """A backup goes back to the kind of database it came from, under a version that knows its tables."""
    if manifest.engine != store.engine:
        raise CannotRestore(
            f"This backup is of {manifest.engine}, and the place for it is {store.engine}. Nothing was changed. "
            "Name a fitting place in SHOSHIN_DATABASE or by --into."
        )
    if unknown := sorted(set(manifest.migrations) - known_migrations()):
        raise CannotRestore(
            f"This backup was made by version {manifest.version}, which knows more than this one "
            f"({unknown[0]}). Nothing was changed. Install that version first."
        )


def known_migrations() -> set[str]:
    """Every step of the tables' history this version knows."""
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
