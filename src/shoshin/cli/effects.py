"""`shoshin effects`: how much results differ between therapists. A clinic's figure only, and no person in it."""

import json
from pathlib import Path
from typing import Any

import click

from shoshin.cli.base import Refusal, start_django

HEAD = f"{'outcome':<10}{'severity':>9}{'therapists':>12}{'courses':>9}{'share':>8}{'95 % from':>11}{'to':>8}"


@click.command(epilog="Example:  shoshin effects --json effects.json")
@click.option("--json", "written", type=click.Path(dir_okay=False, path_type=Path), help="Write the same as JSON.")
def effects(written: Path | None) -> None:
    """Print how much of what differs between clients' results lies between therapists, with its 95 % interval.

    As counted when the figures were last built. Never below 10 therapists and 200 closed courses; no therapist's own
    result is ever printed.
    """
    start_django()
    from shoshin.research import queries

    rows = list(queries.clinic_effects())
    if not rows:
        raise Refusal("Nothing has been counted yet: no figures were built from closed courses.")
    clinic = 0
    for row in rows:
        if row.clinic_id != clinic:
            click.echo(f"{'' if not clinic else chr(10)}{row.clinic.name}, counted on {row.built_at:%Y-%m-%d}\n{HEAD}")
            clinic = row.clinic_id
        click.echo(line_of(row))
    if written:
        written.write_text(json.dumps([facts_of(row) for row in rows], indent=2) + "\n", encoding="utf-8")


def line_of(row: Any) -> str:
    """One outcome at one severity, or what is missing."""
    begin = f"{row.outcome:<10}{row.severity:>9}{row.therapists:>12}{row.courses:>9}"
    if row.share is not None:
        return f"{begin}{row.share:>8.1%}{row.low:>11.1%}{row.high:>8.1%}"
    if row.missing_therapists or row.missing_courses:
        return f"{begin}  no figure: {row.missing_therapists} therapists and {row.missing_courses} courses are missing"
    return f"{begin}  no figure: {row.reason.replace('_', ' ')}"


def facts_of(row: Any) -> dict[str, Any]:
    """The same for a machine; a figure that is not shown is null."""
    figures = ("outcome", "severity", "therapists", "courses", "share", "low", "high")
    names = (*figures, "missing_therapists", "missing_courses", "reason")
    told = {name: getattr(row, name) for name in names}
    return {"clinic": row.clinic.name, "built_at": row.built_at.isoformat(), **told}
