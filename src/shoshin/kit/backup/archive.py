"""One backup, one file: a tar inside age encryption, written whole or not at all."""

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from shoshin.kit.backup.manifest import NAME, CannotRestore, File, Manifest, read_manifest

CHUNK = 1 << 20
LONGEST_MANIFEST = 16 << 20
TORN = "The backup is damaged: {what}. Nothing was changed. Take another file, and find out what happened to this one."


class CannotBackUp(ValueError):
    """No backup was made; the message says why."""


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A folder only we can read, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def file_of(path: Path) -> File:
    """How a file can be told to be whole."""
    with path.open("rb") as source:
        return File(path.stat().st_size, hashlib.file_digest(source, "sha256").hexdigest())


def pack(manifest: Manifest, files: dict[str, Path], to: Path, keys: list[Any], work: Path) -> None:
    """Write the encrypted tar under a passing name, bring it to the disk, and only then give it its name."""
    import pyrage

    plain = work / "plain.tar"
    with tarfile.open(plain, "w") as tar:
        listed = tarfile.TarInfo(NAME)
        listed.size = len(raw := manifest.to_json())
        tar.addfile(listed, io.BytesIO(raw))
        for name, path in files.items():
            tar.add(path, name, recursive=False, filter=_nameless)
    passing = to.with_name(f".{to.name}.part")
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            with plain.open("rb") as source:
                pyrage.encrypt_io(source, out, keys)
            out.flush()
            os.fsync(out.fileno())
        passing.replace(to)
        sync_folder(to.parent)
    finally:
        passing.unlink(missing_ok=True)


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def sync_folder(folder: Path) -> None:
    """Bring a new name to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unpack(file: Path, keys: list[Any], into: Path) -> Manifest:
    """Decrypt and unpack a backup, and compare every file with the list of contents."""
    import pyrage

    plain = into / "plain.tar"
    try:
        with file.open("rb") as source, plain.open("wb") as out:
            pyrage.decrypt_io(source, out, keys)
    except pyrage.DecryptError as problem:
        if "No matching keys" in str(problem):
            raise CannotRestore("This key does not open this backup. Look for the key it was made with.") from None
        raise CannotRestore(TORN.format(what="it is no whole encrypted file")) from None
    except OSError as problem:
        if problem.filename or problem.errno:
            raise
        raise CannotRestore(TORN.format(what="a part of it was changed or cut off")) from None
    try:
        with tarfile.open(plain) as tar:
            return _unpack_members(tar, into)
    except tarfile.TarError:
        raise CannotRestore(TORN.format(what="what is inside is no whole archive")) from None
    finally:
        plain.unlink(missing_ok=True)


def _unpack_members(tar: tarfile.TarFile, into: Path) -> Manifest:
    first = tar.next()
    if first is None or first.name != NAME or not first.isfile() or first.size > LONGEST_MANIFEST:
        raise CannotRestore(TORN.format(what="its list of contents is missing"))
    manifest = read_manifest(_open(tar, first).read())
    missing = dict(manifest.files)
    while member := tar.next():
        expected = missing.pop(member.name, None)
        if expected is None or not member.isfile():
            raise CannotRestore(TORN.format(what=f"it holds {member.name}, which nobody listed"))
        path = into / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            shutil.copyfileobj(_open(tar, member), out, CHUNK)
        if file_of(path) != expected:
            raise CannotRestore(TORN.format(what=f"{member.name} is not what was put in"))
    if missing:
        raise CannotRestore(TORN.format(what=f"{min(missing)} is missing"))
    return manifest


def _open(tar: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    source = tar.extractfile(member)
    if source is None:
        raise CannotRestore(TORN.format(what=f"{member.name} is no file"))
    return source  # type: ignore[return-value]
