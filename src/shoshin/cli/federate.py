"""`federate`: several sites fit one model together; sums leave a site, rows do not."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from shoshin.cli.base import Refusal
from shoshin.cli.science import JSON, NOT_FITTED, write

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(
    epilog="Example:  shoshin federate means mart --measure phq-9 --fixed first --key site.key --to means.json"
)
def federate() -> None:
    """Fit one model to the marts of several sites: sums leave a site, rows do not.

    Each site makes a key, all write each other's public keys into a list, each sends its means, each exports the sums
    about the common means, and anybody on the list merges.
    """


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what the sites ask together, and who signs."""
    for option in (
        click.option("--yes", is_flag=True, help="Write it without asking; what it reveals is still printed."),
        click.option("--to", "file", required=True, type=FILE, help="The file to write."),
        click.option("--key", required=True, type=FILE, help="This site's key."),
        click.option("--fewest", default=10, show_default=True, help="Withhold who has fewer clients than this."),
        click.option("--ml", is_flag=True, help="Maximum likelihood instead of REML."),
        click.option("--group", multiple=True, metavar="GROUP[+COLUMN]", help="Groups, innermost first: therapist"),
        click.option("--fixed", multiple=True, help="A column that explains; the intercept is always there."),
        click.option("--outcome", default="last", show_default=True, help="The column to explain."),
        click.option("--measure", required=True, help="The measure, such as phq-9."),
    ):
        command = option(command)
    return command


@federate.command(epilog="Example:  shoshin federate key site.key")
@click.argument("file", type=FILE)
def key(file: Path) -> None:
    """Make this site's key, and say the public part that the others put into their lists."""
    from shoshin.mart.envelopes import new_key

    with in_a_sentence():
        click.echo(new_key(file))


@federate.command(
    epilog="Example:  shoshin federate means mart --measure phq-9 --fixed first --key site.key --to m.json"
)
@click.argument("folder", type=FOLDER)
@asked
def means(folder: Path, key: Path, file: Path, yes: bool, **told: Any) -> None:
    """The first round: write the means and spreads of this site's columns, signed."""
    from shoshin.mart.engines import mart_table
    from shoshin.mart.federation import means_of_site

    with in_a_sentence():
        payload = means_of_site(mart_table(folder, "courses"), question_of_options(**told))
        write_after_a_look(payload, file, key, yes)


@federate.command(
    epilog="Example:  shoshin federate export mart --means a.json --means b.json --sites sites.txt --measure phq-9 "
    "--fixed first --key site.key --to sums.json"
)
@click.argument("folder", type=FOLDER)
@click.option(
    "--means", "means_files", multiple=True, required=True, type=FILE, help="Means of each site, one's own too."
)
@click.option("--sites", required=True, type=FILE, help="The list of sites: one line each, name and public key.")
@asked
def export(
    folder: Path, means_files: tuple[Path, ...], sites: Path, key: Path, file: Path, yes: bool, **told: Any
) -> None:
    """The second round: write this site's sums of products about the common means, signed."""
    from shoshin.mart.engines import mart_table
    from shoshin.mart.envelopes import open_envelope, read_sites
    from shoshin.mart.federation import sums_of_site

    with in_a_sentence():
        listed = read_sites(sites)
        opened = [open_envelope(each, listed) for each in means_files]
        payload = sums_of_site(mart_table(folder, "courses"), question_of_options(**told), opened)
        write_after_a_look(payload, file, key, yes)


@federate.command("merge", epilog="Example:  shoshin federate merge a-sums.json b-sums.json --sites sites.txt")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--sites", required=True, type=FILE, help="The list of sites: one line each, name and public key.")
@JSON
def merge_sites(files: tuple[Path, ...], sites: Path, as_json: Path | None) -> None:
    """Check every file, bring the sums together, and fit.

    Ends with 3, and prints no estimates, where no optimum could be certified.
    """
    from shoshin.mart.envelopes import open_envelope, read_sites
    from shoshin.mart.federation import merged
    from shoshin.mart.fitting import fit_of_sums
    from shoshin.science.mixed import Fitted, fit

    with in_a_sentence():
        listed = read_sites(sites)
        with click.progressbar(files, label="Checking signatures", file=sys.stderr) as bar:
            opened = [open_envelope(file, listed) for file in bar]
        question, grams = merged(opened)
        found = fit(grams, question.model)
    if as_json:
        write(as_json, json.dumps(fit_of_sums(grams, found).as_json(), indent=2, allow_nan=False) + "\n")
    for part in opened:
        units, withheld = len(part.payload["n_obs"]), part.payload["withheld"]
        click.echo(f"{part.site}: {units:,} units of {question.model.groups[0]!r}, {withheld['units']:,} withheld")
    if not isinstance(found, Fitted):
        codes = ", ".join(reason.code.replace("_", " ") for reason in found.reasons)
        click.echo(
            f"Error: no optimum could be certified ({codes}), so no estimates. Ask for a simpler model.", err=True
        )
        raise SystemExit(NOT_FITTED)
    say_fit(found)


def say_fit(found: Any) -> None:
    """Coefficients, standard deviations and -2 log likelihood, one a line."""
    for name, estimate in found.coefficients.items():
        click.echo(
            f"{'(Intercept)' if name == '1' else name:<24}{estimate:>12.5f}  se {found.standard_errors[name]:.5f}"
        )
    for level in found.levels:
        for name, sd in zip(level.columns, level.sd, strict=True):
            what = level.group if name == "1" else f"{level.group}: {name}"
            click.echo(f"{what:<24}{sd:>12.5f}  standard deviation between {level.n_units:,} units")
    click.echo(f"{'residual':<24}{found.residual_variance**0.5:>12.5f}  standard deviation")
    method = "REML" if found.model.reml else "ML"
    click.echo(f"-2 log likelihood ({method}) {found.m2ll:.6f}, {found.n_rows:,} courses")
    if found.singular:
        click.echo("A variance is 0 or a correlation is 1 at the optimum: a result, not a fault.")


def question_of_options(
    measure: str, outcome: str, fixed: tuple[str, ...], group: tuple[str, ...], ml: bool, fewest: int
) -> Any:
    """What was asked at the command line."""
    from shoshin.mart.federation import Question
    from shoshin.science.mixed import INTERCEPT, NestedModel, RandomTerm

    words = [each.split("+") for each in group or ("therapist",)]
    terms = tuple(RandomTerm(name, (INTERCEPT, *columns)) for name, *columns in words)
    return Question(measure, NestedModel(outcome, (INTERCEPT, *fixed), terms, reml=not ml), fewest)


def write_after_a_look(payload: dict[str, Any], file: Path, key: Path, yes: bool) -> None:
    """Say what the file would reveal, ask, and only then write it."""
    from shoshin.mart.envelopes import read_key, write_envelope
    from shoshin.mart.federation import revealed

    signing = read_key(key)
    click.echo("What this file reveals:", err=True)
    for line in revealed(payload):
        click.echo(f"  {line}", err=True)
    if not yes and not click.confirm("Write it?", default=False, err=True):
        raise Refusal("Nothing was written.")
    write_envelope(file, payload, signing)
    click.echo(f"Written and signed: {file}")


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """What the science or the mart refuses is something the person can mend."""
    from shoshin.science.mixed import BadData, BadModel

    try:
        yield
    except (BadData, BadModel) as problem:
        raise Refusal(str(problem)) from None
