"""Read what the rules of `boot.py` ask for: settings, files, and how the database answers."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, connections

from shoshin.kit import boot, calls, sqlite
from shoshin.kit.backup.state import overdue, read_state
from shoshin.kit.boot import DatabaseFacts, Facts
from shoshin.kit.clock import now

TLS = ("require", "verify-ca", "verify-full")


def facts_of_settings(
    *,
    host: str = "127.0.0.1",
    has_certificate: bool = False,
    behind_proxy: bool | None = None,
    processes: int = 2,
    is_in_use: bool = False,
) -> Facts:
    """What can be known without asking the database."""
    given_key = os.environ.get("SHOSHIN_SECRET_KEY", "")
    key_file = settings.HOME / "secret_key"
    return Facts(
        demo=settings.DEMO,
        debug=settings.DEBUG,
        strict=settings.STRICT,
        host=host,
        has_certificate=has_certificate,
        behind_proxy=settings.BEHIND_PROXY if behind_proxy is None else behind_proxy,
        has_public_address=settings.SECURE,
        hosts=tuple(settings.ALLOWED_HOSTS),
        given_key_length=len(given_key) if given_key else None,
        processes=processes,
        cache=str(settings.CACHES["default"]["BACKEND"]).rpartition(".")[2],
        home=str(settings.HOME),
        home_is_open=_open_to(settings.HOME, 0o007),
        key_is_open=not given_key and _open_to(key_file, 0o077),
        static_holds_data=_holds_data(Path(settings.STATIC_ROOT)),
        can_reach_people=calls.can_mail() or calls.is_set(),
        is_in_use=is_in_use,
        overdue_backups=" ".join(overdue(read_state(settings.HOME), now())),
        database=_of_address(settings.DATABASES["default"]),
    )


def with_database(facts: Facts) -> Facts:
    """The same, with what the database says about itself."""
    read = _of_sqlite if connection.vendor == "sqlite" else _of_postgres
    return replace(facts, database=replace(facts.database, pending_migrations=_pending(), **read()))


def refuse_at_import() -> None:
    """For the web application, whoever serves it: exit where a setting is unsafe.

    A database that does not answer just now is no reason: the pages say so themselves until it does.
    """
    try:
        facts = facts_of_settings()
        boot.refuse_unsafe(facts, boot.OF_SETTINGS)
        boot.refuse_unsafe(with_database(facts), boot.OF_DATABASE)
    except boot.CannotStart as problem:
        raise SystemExit(f"Shoshin does not start. {problem}") from None
    except OperationalError:
        return
    finally:
        connections.close_all()


def _of_address(database: dict[str, Any]) -> DatabaseFacts:
    options, host = database.get("OPTIONS") or {}, str(database.get("HOST") or "")
    if "sqlite" in database["ENGINE"]:
        name = str(database["NAME"])
        return DatabaseFacts(name=name, file_system=file_system_of(Path(name), _mounts()))
    return DatabaseFacts(
        vendor="postgresql",
        name=str(database["NAME"]),
        is_elsewhere=bool(host) and not host.startswith("/") and host not in boot.LOOPBACK,
        has_password=any((database.get("PASSWORD"), options.get("passfile"), options.get("sslcert"))),
        demands_tls=options.get("sslmode") in TLS,
    )


def _of_sqlite() -> dict[str, Any]:
    import sqlite3

    wanted = {name: str(value) for name, value in sqlite.wanted().items()}
    with connection.cursor() as cursor:
        found = {name: str(cursor.execute(f"PRAGMA {name}").fetchone()[0]).lower() for name in wanted}
    return {"settings": found, "wanted": wanted, "library": sqlite3.sqlite_version_info}


def _of_postgres() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(boot.DURABLE)])
        found = dict(cursor.fetchall())
        cursor.execute(
            "SELECT rolname, rolsuper OR rolbypassrls, EXISTS (SELECT 1 FROM pg_tables "
            "WHERE schemaname = current_schema() AND tableowner = current_user) "
            "FROM pg_roles WHERE rolname = current_user"
        )
        role, sees_everything, owns = cursor.fetchone()
    return {"settings": found, "role": role, "role_sees_everything": sees_everything, "role_owns_tables": owns}


def _pending() -> int:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _open_to(path: Path, others: int) -> bool:
    """Whether these permission bits are set. Other systems than POSIX keep permissions elsewhere."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & others)


def _holds_data(public: Path) -> bool:
    public = public.resolve()
    places = [settings.HOME, settings.HOME / "media", settings.HOME / "backups"]
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        places.append(Path(settings.DATABASES["default"]["NAME"]))
    return any(Path(place).resolve().is_relative_to(public) for place in places)


def _mounts() -> str:
    mounts = Path("/proc/self/mounts")
    return mounts.read_text() if mounts.exists() else ""


def file_system_of(path: Path, mounts: str) -> str:
    """The kind of file system a path lies on, by the longest mount point above it; empty where nobody can say."""
    found = {"": ""}
    for line in mounts.splitlines():
        _device, point, kind, *_rest = line.split(" ")
        point = point.replace("\\040", " ")
        if path.resolve().is_relative_to(point):
            found[point] = kind
    return found[max(found, key=len)]
