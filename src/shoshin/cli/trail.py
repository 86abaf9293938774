"""The commands that run by themselves or look back: `worker`, `audit verify`, `audit anchor`, `inventory`."""

import click

from shoshin.cli.base import start_django


@click.command(epilog="Example:  shoshin worker")
@click.option("--once", is_flag=True, help="Run what is due now, and leave.")
def worker(once: bool) -> None:
    """Run tasks as they fall due: messages about alerts, and what comes round by itself.

    Not needed on one machine: the web server does this while no worker is heard of.
    """
    start_django()
    from django.core.management import call_command

    call_command("work", once=once)


@click.group(epilog="Example:  shoshin audit verify")
def audit() -> None:
    """The audit trail: who did and read what."""


@audit.command(epilog="Example:  shoshin audit verify")
def verify() -> None:
    """Read the whole trail: is every row as it was written, and none missing?"""
    start_django()
    from django.core.management import call_command

    call_command("audit", "verify")


@audit.command(epilog="Example:  shoshin audit anchor")
def anchor() -> None:
    """Keep the end of the trail outside the database. It happens by itself every 15 minutes."""
    start_django()
    from django.core.management import call_command

    call_command("audit", "anchor")


@click.command(epilog="Example:  shoshin inventory > inventory.md")
def inventory() -> None:
    """Print what is kept, why, how private it is and for how long."""
    start_django()
    from django.core.management import call_command

    call_command("inventory")
