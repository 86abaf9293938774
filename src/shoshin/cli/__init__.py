"""The `shoshin` command. Django is imported inside the commands, so that help and mistakes answer at once.

Exit codes: 0 done; 1 refused, with one sentence that says why; 2 the command was typed wrongly; 3 a fit that found no
optimum.
"""

import io
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import click

from shoshin.cli import federate, mart, science, trail
from shoshin.cli.backup import COMMANDS
from shoshin.cli.base import PlainGroup, Refusal, percent_of, plainly_refused, start_django, wants, wants_demo
from shoshin.cli.effects import effects

__all__ = ["Refusal", "main", "plainly_refused"]


@click.group(
    cls=PlainGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 refused (with the reason), 2 typed wrongly, 3 no optimum found (fit).",
)
def main() -> None:
    """Shoshin: feedback from clients, practice for therapists.

    Try it:  shoshin demo  then  shoshin serve --demo
    """


# More threads a process only wait for each other: eight in place of two doubled the slowest answers.
THREADS = 2


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


def set_up() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from shoshin.kit.backup.state import note_installed
    from shoshin.kit.clock import now

    asked: dict[str, Any] = {"database": "owner" if "owner" in settings.DATABASES else "default", "verbosity": 0}
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("Bringing the database up to date", lambda: call_command("migrate", interactive=False, **asked)),
        ("Making room for sign-in limits", lambda: call_command("createcachetable", **asked)),
        ("Keeping clinics apart", lambda: call_command("keep_clinics_apart")),
        ("Loading the measures", lambda: call_command("load_measures", stdout=io.StringIO())),
        ("Loading the exercises", lambda: call_command("load_packs", stdout=io.StringIO())),
    ]
    note_installed(settings.HOME, now())
    with click.progressbar(
        steps, label="Setting up", item_show_func=lambda step: step[0] if step else "", file=sys.stderr
    ) as bar:
        for _words, step in bar:
            step()


@main.command(epilog="Example:  shoshin coverage")
def coverage() -> None:
    """Show client problem → skills → exercises of the packs that come with Shoshin, and where nothing is offered."""
    start_django()
    from shoshin.practice.queries import coverage as rows

    for row in rows(None):
        click.echo(f"{row.name}: {row.statements} statements")
        click.echo(f"  skills     {', '.join(row.skills) or 'none'}")
        click.echo(f"  exercises  {', '.join(row.exercises) or 'none'}")
        if row.empty_levels:
            click.echo(f"  hole       no statement of level {', '.join(str(level) for level in row.empty_levels)}")


@main.command("reset-second-factor", epilog="Example:  shoshin reset-second-factor ada@example.org")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take away a lost second factor, once you know who asks. Their next sign-in sets up a new one."""
    start_django()
    from shoshin.kit import action, clock
    from shoshin.people.actions import reset_second_factor as reset

    person = reset(email=email, by=action.OPERATOR, at=clock.now())
    click.echo(f"{person.name} has no second factor now and is signed out everywhere. This is in the audit trail.")


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
    from shoshin.kit import boot, boot_facts

    facts = boot_facts.facts_of_settings(
        host=host, has_certificate=cert is not None, behind_proxy=wants("SHOSHIN_BEHIND_PROXY"), processes=workers
    )
    facts = replace(facts, demo=demo)
    boot.refuse_unsafe(facts, boot.OF_SETTINGS)
    refuse_taken_port(host, port)
    if not no_setup:
        set_up()
    facts = boot_facts.with_database(facts)
    boot.refuse_unsafe(facts, boot.OF_DATABASE)
    for warning in boot.sentences(replace(facts, is_in_use=is_in_use()), boot.WARNINGS):
        click.echo(f"Warning: {warning}", err=True)
    for line in greeting(f"{'https' if cert else 'http'}://{host}:{port}", demo):
        click.echo(line)
    run_server(host, port, cert, key, workers)


def is_in_use() -> bool:
    """Whether there is a clinic, whose people answers may concern."""
    from shoshin.people.queries import has_clinic

    return has_clinic()


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
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    from shoshin.kit import row_security

    row_security.stop_acting_as_operator()
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
@click.option("--fetch-only", is_flag=True, help="Fetch it now, and add it another time with --offline.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read the package's XML files from this folder.",
)
def wording(offline: bool, fetch_only: bool, folder: Path | None) -> None:
    """Fetch the wording that may be shown (PHQ-9, GAD-7, PCL-5), pinned by its hash, and add it."""
    if folder and not list(folder.glob("*.xml")):
        raise Refusal(f"There is no XML file in {folder}. Nothing was changed.")
    if fetch_only and (offline or folder):
        raise click.UsageError("--fetch-only fetches; it goes with neither --offline nor --folder.")
    start_django()
    from django.core.management import call_command

    call_command("load_wording", offline=offline, fetch_only=fetch_only, folder=folder)


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

    call_command(
        "import_measure",
        path,
        **{name: list(told[name]) if isinstance(told[name], tuple) else told[name] for name in told},
    )


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


for command in (
    *COMMANDS,
    science.fit,
    science.signals,
    trail.worker,
    trail.audit,
    trail.inventory,
    mart.mart,
    federate.federate,
    effects,
):
    main.add_command(command)
