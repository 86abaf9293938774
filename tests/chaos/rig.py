"""A clinic of its own to be broken: a home, a database, and the real server in a process group that can be killed."""

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import copies

ROOT = Path(__file__).resolve().parents[2]
UP_WITHIN = 90
FIGURES = ROOT / "var" / "chaos.jsonl"  # what the runs on this machine found; bench/trust.py makes a page of it
GRANIAN = "--interface wsgi --host 127.0.0.1 --workers 2 --blocking-threads 2 --no-ws --log-level error"


@dataclass
class Clinic:
    """An installation in a folder, on SQLite or on a database of its own in the PostgreSQL of the tests."""

    home: Path
    database: str = ""  # the address of a PostgreSQL database; empty for SQLite
    port: int = 0
    forms: list[tuple[int, str]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)  # what else stands in the server's environment

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOSHIN_", "DJANGO_"))}
        kept |= {"SHOSHIN_HOME": str(self.home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        kept |= {"DJANGO_SETTINGS_MODULE": "shoshin.settings"}
        return kept | ({"SHOSHIN_DATABASE": self.database} if self.database else {}) | self.more

    @property
    def kind(self) -> str:
        return "PostgreSQL" if self.database else "SQLite"

    def prepare(self, count: int) -> None:
        """Put so many open forms there, in a database that is migrated first where it is none of the copies."""
        command = [sys.executable, "-m", "tests.chaos.prepare", str(count)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, check=True)
        self.forms = [(pk, token) for pk, token in json.loads(done.stdout.splitlines()[-1])]
        self.port = free_port()

    def start(self, application: str = "", before: tuple[str, ...] = ()) -> None:
        """`shoshin serve`; or another application, behind the same server with the same processes and threads."""
        command = [sys.executable, "-m", "shoshin.cli", "serve", "--no-setup", "--port", str(self.port)]
        if application:
            granian = str(Path(sys.executable).parent / "granian")
            command = [granian, *GRANIAN.split(), "--port", str(self.port), application]
        log = (self.home / "server.log").open("ab")
        self.server = subprocess.Popen(
            [*before, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def wait_until_up(self) -> None:
        until = time.monotonic() + UP_WITHIN
        while time.monotonic() < until:
            if self.server is not None and self.server.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self._answers():
                    return
            time.sleep(0.02)
        raise AssertionError(f"The server did not come up:\n{(self.home / 'server.log').read_text()[-3000:]}")

    def _answers(self) -> bool:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", "/safety/")
            with connection.getresponse() as answer:
                answer.read()
                return answer.status == 200

    def kill(self) -> None:
        """SIGKILL to every process of the server at once: nobody says goodbye."""
        self.signal(signal.SIGKILL)
        if self.server is not None:
            self.server.wait(30)
            wait_until_free(self.port)

    def signal(self, what: int) -> None:
        if self.server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.server.pid, what)

    def broken_links(self) -> list[str]:
        """Where the chain of the audit trail does not hold, by its own verifier in a process of its own."""
        program = (
            "import django; django.setup(); from shoshin.kit.chain import verify; found = verify(); "
            "print(found.rows, *(f'chain: {each}' for each in found.problems), sep='\\n')"
        )
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        rows, *problems = done.stdout.splitlines()
        return problems if int(rows) else ["chain: there is no audit row at all"]

    def processes(self) -> list[int]:
        """The ids of every process of the server."""
        assert self.server is not None
        found = subprocess.run(["pgrep", "-g", str(self.server.pid)], stdout=subprocess.PIPE, check=False)
        return [int(line) for line in found.stdout.split()]


def keep_figure(test: str, words: str) -> None:
    """Note what a run found, with its database and the moment."""
    kind = "PostgreSQL" if os.environ.get("SHOSHIN_DATABASE", "").startswith("postgres") else "SQLite"
    FIGURES.parent.mkdir(exist_ok=True)
    with FIGURES.open("a") as file:
        line = {"test": test, "database": kind, "found": words, "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime())}
        file.write(json.dumps(line) + "\n")


def wait_until_free(port: int) -> None:
    """Until the last worker of a server that was killed has let go of its port: its head may be gone before."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return
        time.sleep(0.02)


def free_port() -> int:
    """A port below those that outgoing connections are given.

    A client that knocks while the server is dead could else be given the server's own port, talk to itself, and keep
    the server from coming back.
    """
    for _ in range(100):
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No port is free between 20000 and 32000.")


@contextlib.contextmanager
def clinic_in(home: Path, count: int) -> Iterator[Clinic]:
    """A prepared clinic on the database the tests run on. Its server is killed at the end, however it ends."""
    with own_database() as database:
        if not database:
            copies.fresh_file(home)
        clinic = Clinic(home, database)
        try:
            clinic.prepare(count)
            yield clinic
        finally:
            clinic.kill()


@contextlib.contextmanager
def own_database() -> Iterator[str]:
    """A new database in the PostgreSQL of the tests; nothing where they run on SQLite."""
    server = os.environ.get("SHOSHIN_DATABASE", "")
    if not server.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"chaos_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'create database {name} template "{copies.template()}"')
    yield f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
