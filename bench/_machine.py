"""What every figure needs: the machine's name, a database of one's own, a server, a table."""

import contextlib
import http.client
import importlib.metadata
import io
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 2  # as `shoshin serve` starts them
UP_WITHIN = 60


def heading(title: str) -> None:
    """The figure's name and the machine it was taken on."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("django", "granian"))
    print(f"{title}\n{'=' * len(title)}")
    print(f"{_cpu()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}")
    print(f"Python {platform.python_version()}, {versions}; load before: {os.getloadavg()[0]:.1f}\n", flush=True)


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table: the first column to the left, figures to the right."""
    widths = [max(len(str(row[place])) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([str(row[0]).ljust(widths[0]), *cells[1:]]).rstrip(), flush=True)
    print(flush=True)


def on_both(script: str, *more: str) -> list[dict[str, Any]]:
    """Run a script's `--here` part on a fresh SQLite and on a private, durable PostgreSQL; what each found."""
    found = []
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory(prefix="shoshin-bench-") as home:
            found += _found_on(kind, script, home, more)
    return found


def _found_on(kind: str, script: str, home: str, more: Sequence[str]) -> list[dict[str, Any]]:
    command = [sys.executable, script, "--here", *more]
    environment = os.environ | {"SHOSHIN_HOME": home, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'bench'}"}
    environment |= {"SHOSHIN_DEMO": "0", "DJANGO_SETTINGS_MODULE": "shoshin.settings"}
    environment.pop("SHOSHIN_DATABASE", None)
    if kind == "PostgreSQL":
        if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
            print("PostgreSQL: no server here, so it was left out.\n")
            return []
        command, environment["DURABLE"] = [str(ROOT / "tests" / "postgres.sh"), *command], "1"
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{kind}: the measurement stopped with code {done.returncode}.\n{done.stdout}")
    return [json.loads(done.stdout.splitlines()[-1])]


def set_up() -> None:
    """An empty, migrated database for the settings in the environment."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_measures", stdout=io.StringIO())


def database() -> str:
    """The database with its version."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("select sqlite_version()")
            version = cursor.fetchone()[0]
            cursor.execute("pragma journal_mode")
            return f"SQLite {version} ({cursor.fetchone()[0]})"
        cursor.execute("show server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


@contextlib.contextmanager
def served(application: str, **environment: str) -> Iterator[int]:
    """The application behind granian, as `shoshin serve` runs it. Gives the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws"]
    command += ["--log-level", "error", application]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=UP_WITHIN)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("OPTIONS", "/")
            connection.getresponse()
            time.sleep(1.5)  # the other worker is still importing
            return
        time.sleep(0.1)
    raise SystemExit("The server did not come up within a minute.")


def share(values: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * len(ordered)))]


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
