"""The commands of researchers: `fit` and `signals`. They need no database and no settings, only a file.

Exit codes: 0 done; 1 refused, with one sentence; 2 typed wrongly; 3 no optimum could be certified, so no estimates.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from shoshin.cli.base import Refusal
from shoshin.cli.science_words import fit_lines, reason_words

NOT_FITTED = 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
PLOT = click.option("--plot", type=OUT, help="Write a picture: FILE.png or FILE.svg.")
JSON = click.option("--json", "as_json", type=OUT, help="Write the figures to this file, for another program.")


@contextmanager
def refused_in_a_sentence() -> Iterator[None]:
    """What is wrong with a file, a formula or the installation, as one sentence."""
    from shoshin.mart.extras import CannotDoWithout
    from shoshin.mart.formulas import BadFormula
    from shoshin.mart.occasions import BadRules
    from shoshin.mart.tables import BadFile
    from shoshin.science.mixed import BadData, BadModel

    try:
        yield
    except (BadFile, BadFormula, BadRules, BadData, BadModel, CannotDoWithout) as problem:
        raise Refusal(" ".join(str(problem).split())) from None
    except MemoryError:
        raise Refusal("The memory does not suffice: name fewer columns or groups in the formula.") from None


@contextmanager
def steps(label: str, most: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal that says what is being done; nothing where the output goes to a file."""
    with click.progressbar(length=most, label=label, file=sys.stderr, item_show_func=lambda words: words or "") as bar:

        def step(words: str) -> None:
            bar.update(1, words)
            bar.render_progress()

        yield step
        bar.update(most - bar.pos, "")


@click.command(epilog='Example:  shoshin fit outcomes.csv "post ~ pre + age + (1 | therapist)" --json fit.json')
@click.argument("file", type=FILE)
@click.argument("formula")
@click.option("--ml", is_flag=True, help="Maximum likelihood in place of REML, to compare fixed columns.")
@click.option("--logistic", is_flag=True, help="The outcome is 0 or 1; one group, whose level differs.")
@PLOT
@JSON
def fit(file: Path, formula: str, ml: bool, logistic: bool, plot: Path | None, as_json: Path | None) -> None:
    """Fit a mixed model to CSV, XLSX or Parquet: who differs from whom, and what goes with the outcome?

    Groups that lie inside one another are fitted exactly, groups that cross by mixedlm. Ends with 3, and prints no
    estimates, where no optimum could be certified. Needs the extra: pip install 'shoshin[analytics]'.
    """
    if ml and logistic:
        raise click.UsageError("--ml and --logistic exclude each other: a logistic model is always fitted by ML.")
    refuse_picture(plot)
    with refused_in_a_sentence():
        from shoshin.mart.fitting import fit_file

        with steps("Fitting", 5) as step:
            found = fit_file(file, formula, reml=not ml, logistic=logistic, step=step)
    if as_json:
        write(as_json, json.dumps(found.as_json(), indent=2, allow_nan=False) + "\n")
    for line in fit_lines(found, logistic=logistic):
        click.echo(line)
    if not found.converged:
        click.echo("Error: no estimates, since no optimum could be certified (see above).", err=True)
        raise SystemExit(NOT_FITTED)
    if plot:
        from shoshin.cli.science_plots import coefficients_plot

        draw(coefficients_plot(found), plot)


@click.command(
    epilog="Example:  shoshin signals outcomes.csv --define 'phq-9 reliable=6 cutoff=10' "
    "--define 'ors worse=low sd=8.4 reliability=0.86 cutoff=25'"
)
@click.argument("file", type=FILE)
@click.option(
    "--define",
    multiple=True,
    required=True,
    metavar="TEXT",
    help="How a measure is judged: NAME worse=high|low cutoff=10 reliable=6 (published), or sd=5 reliability=.9.",
)
@click.option("--column", multiple=True, metavar="ROLE=NAME", help="Where columns have other names: client=id.")
@click.option("--all", "everyone", is_flag=True, help="Also clients about whom no rule has found anything.")
@PLOT
@JSON
def signals(
    file: Path,
    define: tuple[str, ...],
    column: tuple[str, ...],
    everyone: bool,
    plot: Path | None,
    as_json: Path | None,
) -> None:
    """Ask the published rules of every course in a file: who is worse, who has not changed, who stopped answering?

    One line of the file is one score: client, occasion (a number, or date), measure, score. An empty score counts as
    a form without an answer. Needs the extra: pip install 'shoshin[analytics]'.
    """
    refuse_picture(plot)
    with refused_in_a_sentence():
        from shoshin.mart.occasions import courses_of, judged, limits_from

        limits = [limits_from(text) for text in define]
        with steps("Reading", 3) as step:
            step("Reading the rows")
            courses = courses_of(file, limits, dict(told(column)))
            step("Asking the rules")
            found = [judged(course) for course in courses]
    shown = [one for one in found if everyone or one.level != "none"]
    if as_json:
        write(as_json, json.dumps([one.as_json() for one in found], indent=2, allow_nan=False) + "\n")
    for line in signal_lines(shown, len(found)):
        click.echo(line)
    if plot:
        from shoshin.cli.science_plots import MOST_COURSES, courses_plot

        if len(shown) > MOST_COURSES:
            click.echo(f"The picture shows the first {MOST_COURSES} of {len(shown):,} courses.", err=True)
        draw(courses_plot(shown[:MOST_COURSES]), plot)


def told(columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for text in columns:
        role, equals, name = text.partition("=")
        if not equals or role not in ("client", "occasion", "measure", "score"):
            raise click.UsageError(
                f"--column {text}: write client=, occasion=, measure= or score= and a column's name."
            )
        yield role, name


def signal_lines(shown: list[Any], courses: int) -> Iterator[str]:
    """A table, and how many courses there were."""
    rows = [(one.client, one.measure, one.level, one.rule, "; ".join(map(reason_words, one.reasons))) for one in shown]
    head = ("client", "measure", "level", "rule", "why")
    widths = [max(len(str(row[at])) for row in (head, *rows)) for at in range(4)]
    if rows:
        for row in (head, *rows):
            yield "  ".join([*(f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=False)), row[4]])
    by_level = {level: sum(one.level == level for one in shown) for level in ("signal", "watch")}
    yield f"{courses:,} courses: {by_level['signal']:,} with a signal, {by_level['watch']:,} to watch."
    yield "A signal is a question about a course, never a verdict."


def refuse_picture(path: Path | None) -> None:
    if path and path.suffix.lower() not in (".png", ".svg"):
        raise click.UsageError(f"--plot {path}: the name ends with .png or .svg.")


def write(path: Path, content: str | bytes) -> None:
    try:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as problem:
        raise Refusal(f"{path} cannot be written ({problem.strerror}). Choose another place.") from None


def draw(spec: dict[str, Any], path: Path) -> None:
    """Write a picture, drawn here without a network."""
    import vl_convert

    if path.suffix.lower() == ".svg":
        write(path, vl_convert.vegalite_to_svg(spec))
    else:
        write(path, vl_convert.vegalite_to_png(spec, scale=2))
    click.echo(f"The picture is in {path}.", err=True)
