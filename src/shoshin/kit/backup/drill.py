"""Try a backup out: restore it to scratch, compare every row, start the product there and look at a page."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from shoshin.kit.backup.archive import scratch
from shoshin.kit.backup.manifest import CannotRestore, Manifest
from shoshin.kit.backup.restore import restore
from shoshin.kit.backup.state import note_drill
from shoshin.kit.backup.stores import Store, sqlite_store

LONGEST_START = 600  # seconds, until a start counts as hung


@dataclass
class Drill:
    """What was tried, and how long each step took."""

    manifest: Manifest | None = None
    steps: dict[str, float] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum(self.steps.values())


def drill(file: Path, keys: list[Any], live: Store, *, home: Path, at: datetime, say: Callable[[str], None]) -> Drill:
    """Restore, compare, start, look. Raises CannotRestore at the first step that fails; scratch is always removed."""
    done = Drill()

    @contextmanager
    def timed(words: str) -> Iterator[None]:
        say(words)
        began = time.monotonic()
        yield
        done.steps[words] = time.monotonic() - began

    with scratch(home) as work, _scratch_store(live, work) as (store, addresses):
        with timed("Decrypting, restoring and comparing every row"):
            done.manifest = restore(file, keys, store, home=work / "home", at=at).manifest
        environment = {**os.environ, "SHOSHIN_HOME": str(work / "home"), **addresses}
        with timed("Bringing the copy up to date"):
            _python(environment, "shoshin.cli", "setup")
        with timed("Starting it and looking at pages"):
            done.pages = _looked_at(_python(environment, "shoshin.kit.backup.page"))
    note_drill(home, at, file=file.name, taken_at=done.manifest.taken_at.isoformat(), seconds=round(done.seconds, 1))
    return done


def _looked_at(output: str) -> list[str]:
    pages = json.loads(output.strip().splitlines()[-1])
    failed = [page["address"] for page in pages if page["status"] != 200]
    if failed or not pages:
        raise CannotRestore(f"The restored copy starts but does not show {' and '.join(failed) or 'any page'}.")
    return [page["address"] for page in pages]


def _python(environment: dict[str, str], *words: str) -> str:
    """Run a module of ours on the copy, in a process that knows nothing of the real data."""
    command = [sys.executable, "-m", *words]
    try:
        ran = subprocess.run(  # noqa: S603  our own modules
            command, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST_START
        )
    except subprocess.TimeoutExpired:
        raise CannotRestore("The restored copy does not start. The real data was not touched.") from None
    if ran.returncode:
        problem = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotRestore(f"The restored copy does not start ({problem}). The real data was not touched.")
    return ran.stdout


@contextmanager
def _scratch_store(live: Store, work: Path) -> Iterator[tuple[Store, dict[str, str]]]:
    """An empty place of the same kind as the live database, gone afterwards, and its addresses for a new process."""
    if live.engine == "sqlite":
        path = work / "home" / "shoshin.sqlite3"
        yield sqlite_store(path), {"SHOSHIN_DATABASE": f"sqlite:///{path.resolve()}"}
        return
    import psycopg
    from psycopg import sql

    name = f"shoshin_drill_{secrets.token_hex(4)}"
    with live.connect(autocommit=True) as server:  # type: ignore[attr-defined]
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise CannotRestore(
                "The role in SHOSHIN_DATABASE may not make the scratch database a drill needs. "
                "Name one that may: ALTER ROLE name CREATEDB."
            ) from None
        try:
            yield live.named(name), _addresses(name)  # type: ignore[attr-defined]
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _addresses(name: str) -> dict[str, str]:
    """The addresses of the environment, each leading to this database of the same server."""
    given = ((setting, os.environ.get(setting)) for setting in ("SHOSHIN_DATABASE", "SHOSHIN_OWNER_DATABASE"))
    return {
        setting: urlsplit(address)._replace(path=f"/{quote(name)}").geturl() for setting, address in given if address
    }
