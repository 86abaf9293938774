"""`mart build` and `mart describe`: the outcomes mart, the only door of every analysis."""

import sys
from pathlib import Path

import click

from shoshin.cli.base import percent_of, start_django

FOLDER = click.Path(file_okay=False, path_type=Path)
LEFT_OUT = {"said_no": "who said no", "not_asked": "who were not asked"}


@click.group(epilog="Example:  shoshin mart build")
def mart() -> None:
    """The outcomes mart: figures without a person in them, for analyses."""


@mart.command(epilog="Example:  shoshin mart build --to /srv/research")
@click.option("--to", "folder", type=FOLDER, help="The folder; without this, mart/ of the home folder.")
def build(folder: Path | None) -> None:
    """Write the outcomes mart anew, from those whose latest word on clinic figures is yes.

    What therapists see of their own results, and a clinic's figures, are counted anew from it.
    """
    start_django()
    from shoshin.kit.action import OPERATOR
    from shoshin.kit.clock import now
    from shoshin.mart.extras import the
    from shoshin.mart.read import closed_courses
    from shoshin.research.actions import build_effects, build_mart, gather_mart
    from shoshin.research.queries import mart_folder, mart_key

    the("pyarrow")
    to, at = (folder or mart_folder()).absolute(), now()
    with click.progressbar(length=100, label="Gathering figures", file=sys.stderr) as bar:
        gathered, _facts = gather_mart(to, at, percent_of(bar))
    try:
        build_mart(mart=gathered, by=OPERATOR, at=at)
    finally:
        gathered.abandon()
    counted = build_effects(
        courses=closed_courses(to), key_of=lambda member: mart_key("therapist", member.pk), by=OPERATOR, at=at
    )
    say_what_is_in(to)
    click.echo(f"{counted.therapists:>12,} therapists' results counted, {counted.with_figure:,} of them with a figure")


@mart.command(epilog="Example:  shoshin mart describe /srv/research")
@click.argument("folder", type=FOLDER)
def describe(folder: Path) -> None:
    """Say what is in an outcomes mart, who is left out, and what each column means."""
    from shoshin.mart.schema import TABLES

    say_what_is_in(folder)
    for table in TABLES.values():
        click.echo(f"\n{table.file}: {table.row}")
        for column in table.columns:
            click.echo(f"  {column.name:<13}{column.kind:<8}{column.meaning}")


def say_what_is_in(folder: Path) -> None:
    """The facts of a mart, line by line; its files are looked at too."""
    from shoshin.mart.read import mart_facts, table_file
    from shoshin.mart.schema import TABLES

    facts = mart_facts(folder)
    for name in TABLES:
        table_file(folder, name)
    click.echo(f"Outcomes mart in {folder}, schema {facts.schema_version}, built {facts.built_at}")
    click.echo(f"{facts.rows['responses']:>12,} scores")
    click.echo(f"{facts.rows['courses']:>12,} closed courses with a measure that was answered twice or more")
    click.echo(f"{facts.clients:>12,} clients of {facts.therapists:,} therapists in {facts.clinics:,} clinics")
    for why, count in facts.left_out.items():
        click.echo(f"{'fewer than 5' if count is None else format(count, ','):>12} left out {LEFT_OUT.get(why, why)}")
