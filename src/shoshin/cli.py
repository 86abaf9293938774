"""The `shoshin` command. Django is imported inside the commands, so that help and mistakes answer at once.

Exit codes: 0 done; 1 refused, with one sentence that says why; 2 the command was typed wrongly.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import click

LOOPBACK = ("127.0.0.1", "::1", "localhost")
DATABASES = ("postgres://", "postgresql://", "sqlite:")
YES = ("1", "true", "yes", "on")


class Refusal(click.ClickException):
    """Something the person can mend: one plain sentence, no traceback."""

    exit_code = 1


class PlainGroup(click.Group):
    """A group of commands whose refusals are sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        with plainly_refused():
            return super().invoke(ctx)


@contextmanager
def plainly_refused() -> Iterator[None]:
    """Turn what a person can mend into one sentence. Anything else is our mistake, with its traceback."""
    from django.core.management.base import CommandError
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except CommandError as problem:
        raise Refusal(str(problem)) from None
    except (OperationalError, ProgrammingError) as problem:
        raise Refusal(
            f"The database does not answer as expected ({first_line(problem)}). Nothing was changed. "
            "Check SHOSHIN_DATABASE, and run `shoshin setup` once."
        ) from None
    except OSError as problem:
        if not problem.filename:
            raise
        raise Refusal(
            f"{problem.filename}: {problem.strerror}. Check SHOSHIN_HOME, and who owns that folder."
        ) from None
    except Exception as problem:
        # By the house's naming an action that refuses raises CannotSomething, with a sentence for the person.
        if type(problem).__name__.startswith("Cannot"):
            raise Refusal(str(problem)) from None
        raise


def first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


@click.group(
    cls=PlainGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 refused (with the reason), 2 typed wrongly.",
)
def main() -> None:
    """Shoshin: feedback from clients, practice for therapists.

    Try it:  shoshin demo  then  shoshin serve --demo
    """


# More threads a process only wait for each other: eight in place of two doubled the slowest answers.
THREADS = 2


def start_django(demo: bool = False) -> None:
    """Read the settings. A demo keeps its invented people apart from a real clinic's files."""
    if demo:
        os.environ["SHOSHIN_DEMO"] = "1"
        os.environ.setdefault("SHOSHIN_HOME", "var/demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoshin.settings")
    if not os.environ.get("SHOSHIN_DATABASE", "sqlite:").startswith(DATABASES):
        raise Refusal("SHOSHIN_DATABASE begins with postgres:// or sqlite:///. Nothing was changed.")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ValueError, KeyError, ImproperlyConfigured) as problem:
        raise Refusal(
            f"A setting cannot be read ({first_line(problem)}). "
            "Check the variables that begin with SHOSHIN_; README.md explains each."
        ) from None


def wants_demo(flag: bool) -> bool:
    return flag or os.environ.get("SHOSHIN_DEMO", "").lower() in YES


@main.command(epilog="Example:  shoshin version")
def version() -> None:
    """Say which versions are installed."""
    start_django()
    import sqlite3

    from django.db import connection

    library = f" {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else ""
    click.echo(f"Shoshin {installed_version('shoshin')}")
    click.echo(f"Python {sys.version.split()[0]}, Django {installed_version('django')}")
    click.echo(f"Database: {connection.display_name}{library}")


@main.command(epilog="Example:  SHOSHIN_HOME=/srv/shoshin shoshin setup")
def setup() -> None:
    """Make the database and load the measures. Safe to run again, and needed after each update."""
    start_django()
    set_up()


@main.command(epilog="Example:  shoshin daily   (from cron, once a day)")
def daily() -> None:
    """Do what is done once a day: notice forms that stay unanswered. Starting the server does it too."""
    start_django()
    click.echo(f"Looked at {look_for_silence():,} courses.")


def look_for_silence() -> int:
    from shoshin.feedback.actions import notice_silence
    from shoshin.kit.action import SYSTEM
    from shoshin.kit.clock import now

    return notice_silence(by=SYSTEM, at=now())


def set_up() -> None:
    from django.core.management import call_command

    steps: list[tuple[str, Callable[[], Any]]] = [
        ("Bringing the database up to date", lambda: call_command("migrate", verbosity=0, interactive=False)),
        ("Making room for sign-in limits", lambda: call_command("createcachetable", verbosity=0)),
        ("Loading the measures", lambda: call_command("load_measures", stdout=open_nothing())),
    ]
    with click.progressbar(
        steps, label="Setting up", item_show_func=lambda step: step[0] if step else "", file=sys.stderr
    ) as bar:
        for _words, step in bar:
            step()


def open_nothing() -> Any:
    """Where the words of inner commands go when ours say enough."""
    import io

    return io.StringIO()


@main.command(epilog="Example:  shoshin serve --host 0.0.0.0 --port 443 --cert clinic.pem --key clinic.key")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TLS certificate.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its private key.")
@click.option("--demo", is_flag=True, help="Serve the invented clinic, on this machine only.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--no-setup", is_flag=True, help="Start at once: the database is up to date already.")
def serve(host: str, port: int, cert: Path | None, key: Path | None, demo: bool, workers: int, no_setup: bool) -> None:
    """Serve the pages: on this machine, or over https for clients' phones."""
    if (cert is None) != (key is None):
        raise click.UsageError("--cert and --key go together.")
    demo = wants_demo(demo)
    start_django(demo)
    refuse_unsafe_serving(host, secure=cert is not None, demo=demo)
    refuse_taken_port(host, port)
    if not no_setup:
        set_up()
    look_for_silence()
    for line in greeting(f"{'https' if cert else 'http'}://{host}:{port}", demo):
        click.echo(line)
    run_server(host, port, cert, key, workers)


def refuse_unsafe_serving(host: str, *, secure: bool, demo: bool) -> None:
    """A demo stays on this machine; answers of clients never travel unencrypted."""
    from django.conf import settings

    behind_proxy = os.environ.get("SHOSHIN_BEHIND_PROXY", "").lower() in YES
    if demo and (host not in LOOPBACK or behind_proxy):
        raise Refusal("The demo opens without passwords, so it is served on 127.0.0.1 only, without a proxy.")
    if host in LOOPBACK:
        return
    if not secure and not behind_proxy:
        raise Refusal(
            f"Serving on {host} needs https: give --cert and --key, "
            "or set SHOSHIN_BEHIND_PROXY=1 where a proxy brings it."
        )
    if not settings.SECURE:
        raise Refusal(
            "Set SHOSHIN_PUBLIC_ADDRESS to the https address people will type, such as https://forms.example.org."
        )


def refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Refusal(f"Cannot listen on {host}:{port} ({problem.strerror}). Choose another with --port.") from None


def greeting(address: str, demo: bool) -> list[str]:
    """What the terminal says before the first page: where to go, and how to get in."""
    from django.conf import settings

    from shoshin.kit.setup_code import write_code
    from shoshin.measures import queries as measures
    from shoshin.people import queries

    lines = [f"Shoshin is at {settings.PUBLIC_ADDRESS or address}   (stop with Ctrl+C)"]
    if demo:
        return lines + (demo_roles(address) or ["The demo clinic is empty. Fill it with: shoshin demo"])
    if not queries.has_clinic():
        lines.append(f"Make your clinic at {settings.PUBLIC_ADDRESS or address}/start/")
        lines.append(f"From another machine that page asks for this setup code: {write_code(settings.HOME)}")
    if unfetched := measures.unfetched_names(None):
        lines.append(f"Not fetched yet: the wording of {', '.join(unfetched)}. Fetch it: shoshin measures wording")
    return lines


def demo_roles(address: str) -> list[str]:
    """One line a role, with somebody to enter as."""
    from shoshin.people import queries

    first: dict[str, str] = {}
    for member in queries.demo_members():
        first.setdefault(str(member.get_role_display()), member.person.name)
    return [f"  Enter as {role}: {name}, at {address}/demo/" for role, name in first.items()]


def run_server(host: str, port: int, cert: Path | None, key: Path | None, workers: int) -> None:
    """Hand over to granian. It keeps no log of addresses: they would name form links."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    connections.close_all()
    Granian(
        "shoshin.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        ssl_cert=cert,
        ssl_key=key,
        ssl_protocol_min=SSLProtocols.tls12,
    ).serve()


@main.command(epilog="Example:  shoshin demo --clients 50 --years 1")
@click.option("--clients", default=300, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--years", default=2, show_default=True, type=click.IntRange(1, 10))
@click.option("--seed", default=2026, show_default=True, help="The same seed makes the same people.")
@click.option("--if-empty", is_flag=True, help="Do nothing where a clinic is there already.")
def demo(clients: int, years: int, seed: int, if_empty: bool) -> None:
    """Fill an invented clinic to try everything on. It lives apart from real data, in var/demo."""
    start_django(demo=True)
    set_up()
    from shoshin.desk.actions import fill_demo_clinic
    from shoshin.kit.action import OPERATOR
    from shoshin.kit.clock import now
    from shoshin.people.queries import has_clinic

    if if_empty and has_clinic():
        click.echo("The demo clinic is there already.")
        return
    with click.progressbar(length=100, label="Inventing a clinic", file=sys.stderr) as bar:
        filled = fill_demo_clinic(
            clients=clients, years=years, seed=seed, by=OPERATOR, at=now(), progress=percent_of(bar)
        )
    click.echo(str(filled))
    click.echo("See it with: shoshin serve --demo")


def percent_of(bar: Any) -> Callable[[float], None]:
    """Move a bar of 100 to the share done so far."""
    return lambda share: bar.update(round(share * 100) - bar.pos)


@main.group(epilog="Example:  shoshin measures list")
def measures() -> None:
    """Measures: what is there, and how it is worded."""


@measures.command("list", epilog="Example:  shoshin measures list")
def list_measures() -> None:
    """List the measures of this installation and the languages each is worded in."""
    start_django()
    from shoshin.measures import queries

    found = queries.current_measures(None)
    if not found:
        raise Refusal("No measures are loaded yet. Run `shoshin setup`.")
    for version in found:
        worded = ", ".join(queries.languages(version)) or "skeleton: no wording"
        click.echo(f"{version.measure_id:<18}{version.version:<8}{worded}")


@measures.command(epilog="Example:  shoshin measures load")
def load() -> None:
    """Load the measure files that come with the product. A changed file needs a new version."""
    start_django()
    from django.core.management import call_command

    call_command("load_measures")


@measures.command(epilog="Example:  shoshin measures wording --offline")
@click.option("--offline", is_flag=True, help="Use what was fetched before; no network.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read the package's XML files from this folder.",
)
def wording(offline: bool, folder: Path | None) -> None:
    """Fetch the wording that may be shown (PHQ-9, GAD-7, PCL-5), pinned by its hash, and add it."""
    if folder and not list(folder.glob("*.xml")):
        raise Refusal(f"There is no XML file in {folder}. Nothing was changed.")
    start_django()
    from django.core.management import call_command

    call_command("load_wording", offline=offline, folder=folder)


@measures.command("import", epilog="Example:  shoshin measures import form.json --owner ada@example.org --no-risk")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--owner", required=True, help="Who answers for its terms: the e-mail address of the owner.")
@click.option("--higher", type=click.Choice(["worse", "better"]), help="What a higher score means.")
@click.option("--risk", multiple=True, metavar="ITEM", help="An item about safety; say it for each.")
@click.option("--no-risk", is_flag=True, help="No item is about safety.")
@click.option("--weights", multiple=True, metavar="KEY=0,1,2", help="Weights the file does not have.")
@click.option("--terms-allow", is_flag=True, help="Its terms allow your use. Without this nothing is stored.")
def import_measure(path: Path, **told: Any) -> None:
    """Bring in a form: a FHIR Questionnaire, a REDCap dictionary, a ReproSchema folder."""
    start_django()
    from django.core.management import call_command

    call_command("import_measure", path, **{name: _listed(value) for name, value in told.items()})


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@main.command(
    "import-outcomes",
    epilog="Example:  shoshin import-outcomes scores.csv --therapist ada@example.org --over unplanned "
    "--define 'bdi low=0 high=63 worse=high cutoff=14'",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--therapist", required=True, help="Whose clients these are: the e-mail address of an account.")
@click.option("--over", type=click.Choice(["planned", "unplanned"]), help="The courses are over, and how.")
@click.option("--time", "time_kind", type=click.Choice(["date", "month", "appointment"]), help="How time is told.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="First day, for months and appointments.")
@click.option("--column", multiple=True, help="What a column holds: NAME=client, time, total:phq-9, skip …")
@click.option("--define", multiple=True, help="A measure not known here: NAME low=0 high=63 worse=high …")
@click.option("--leave-out", is_flag=True, help="Leave out the rows that cannot come in.")
@click.option("--yes", is_flag=True, help="Bring it in; without this you only see how it would be read.")
def import_outcomes(file: Path, **told: Any) -> None:
    """Bring in scores kept elsewhere, from CSV or XLSX: all of a file or nothing of it."""
    start_django()
    from django.core.management import call_command

    call_command("import_outcomes", str(file), **told)


if __name__ == "__main__":
    main()
