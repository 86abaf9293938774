"""Backups of PostgreSQL: pg_dump inside the snapshot in which the rows were hashed."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shoshin.kit.backup import rows
from shoshin.kit.backup.archive import CannotBackUp
from shoshin.kit.backup.manifest import CannotRestore, Manifest
from shoshin.kit.backup.rows import Progress
from shoshin.kit.backup.stores import Snapshot

# A backup is of every clinic. Where rows are walled off by clinic, this setting asks for all of them.
EVERY_CLINIC = "-c shoshin.clinic=*"
# Made anew by `shoshin setup`, because they name roles that the new server may not have.
LEFT_TO_SETUP = (" POLICY ", " ROW SECURITY ")


@dataclass(frozen=True)
class PostgresStore:
    """One database on a server."""

    database: dict[str, Any] = field(repr=False)
    engine: str = "postgresql"

    def connect(self, **other: Any) -> Any:
        import psycopg

        return psycopg.connect(**{**self._parameters(), **other})

    def named(self, name: str) -> "PostgresStore":
        """Another database on the same server."""
        return PostgresStore({**self.database, "NAME": name})

    def copy(self, to: Path, progress: Progress) -> Snapshot:
        import psycopg

        with self.connect() as source:
            source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = source.execute("SELECT pg_export_snapshot()").fetchone()
            (library,) = source.execute("SHOW server_version").fetchone()
            try:
                found = source.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
            except psycopg.errors.UndefinedTable:
                raise CannotBackUp("The database is empty. Nothing was backed up. Run shoshin setup once.") from None
            tables = rows.of_postgres(source, lambda share: progress(share / 2))
            words = ("pg_dump", "--format=custom", "--enable-row-security", f"--snapshot={snapshot}", f"--file={to}")
            self._run(words, CannotBackUp)
            progress(1)
        return Snapshot(f"PostgreSQL {library}", tuple(f"{app}.{name}" for app, name in found), tables)

    def refuse_taken(self, *, replace: bool) -> None:
        with self.connect() as target:
            taken = target.execute(rows.TABLES_OF_POSTGRES).fetchone()
        if taken:
            raise CannotRestore(
                f"The database {self.database['NAME']} is not empty. Nothing was changed. Make an empty one "
                "(createdb NAME) and name it in SHOSHIN_DATABASE or by --into."
            )

    def put(self, file: Path, manifest: Manifest, set_aside: Callable[[Path], Path]) -> None:
        listed = self._run(("pg_restore", "--list", str(file)), CannotRestore, of_database=False)
        kept = [line for line in listed.splitlines() if not any(word in line for word in LEFT_TO_SETUP)]
        (contents := file.with_name("contents")).write_text("\n".join(kept) + "\n")
        words = ("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        self._run((*words, f"--use-list={contents}", str(file)), CannotRestore)
        self.check(manifest.tables)

    def check(self, tables: dict[str, rows.Table]) -> None:
        with self.connect() as restored:
            wrong = rows.differences(tables, rows.of_postgres(restored))
        if wrong:
            raise CannotRestore(
                f"What arrived in {self.database['NAME']} is not what was recorded: {'; '.join(wrong)}. "
                "Do not use that database."
            )

    def _parameters(self) -> dict[str, Any]:
        """How libpq is told where to go; options such as sslmode as they are set."""
        given = self.database
        named = {"dbname": given["NAME"], "user": given.get("USER"), "password": given.get("PASSWORD")}
        named |= {"host": given.get("HOST"), "port": given.get("PORT")}
        options = {key: value for key, value in (given.get("OPTIONS") or {}).items() if isinstance(value, str | int)}
        options["options"] = f"{options.get('options', '')} {EVERY_CLINIC}".strip()
        return {key: value for key, value in {**options, **named}.items() if value not in (None, "")}

    def _run(self, words: tuple[str, ...], cannot: type[ValueError], *, of_database: bool = True) -> str:
        """Run a tool of PostgreSQL's own. The password goes by the environment: lists of processes show arguments."""
        from psycopg.conninfo import make_conninfo

        parameters = self._parameters()
        environment = {**os.environ, "PGPASSWORD": str(parameters.pop("password", ""))}
        if of_database:
            words = (*words, f"--dbname={make_conninfo(**parameters)}")
        try:
            # The words are ours; nothing of them comes from outside.
            done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  a list of words, no shell
        except FileNotFoundError:
            raise cannot(
                f"{words[0]} is missing. Nothing was changed. Install PostgreSQL's own tools "
                "(on Debian and Ubuntu: apt-get install postgresql-client)."
            ) from None
        if done.returncode:
            problem = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise cannot(f"{words[0]} stopped ({problem}). Nothing was taken into use.")
        return done.stdout
