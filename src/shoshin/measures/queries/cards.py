"""A measure as its page shows it: what is known of it, in words, with where each figure is from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from shoshin.measures.models import LicenceConfirmation, MeasureVersion
from shoshin.measures.models.definitions import Measure, ScoreFacts
from shoshin.measures.models.facts import Cutoff, Norm, in_language
from shoshin.measures.queries.camcops import is_fetchable
from shoshin.measures.queries.figures import ReliableChangeFigure, change_figures
from shoshin.measures.queries.forms import here, shown_packs
from shoshin.measures.queries.versions import current_measures, facts

if TYPE_CHECKING:
    from shoshin.people.models import Clinic

METHODS = {
    "sum": gettext_lazy("sum of the answers"),
    "mean": gettext_lazy("mean of the answers"),
    "mean_x10": gettext_lazy("mean of the answers times ten"),
    "sum_x2": gettext_lazy("sum of the answers, doubled"),
    "sum_x4": gettext_lazy("sum of the answers times four"),
    "lookup": gettext_lazy("sum of the answers, converted by a table"),
    "percent_mean": gettext_lazy("mean of the answers on 0 to 100"),
}
MARKS = {
    "V": gettext_lazy("seen or computed for this file"),
    "M": gettext_lazy("from memory, to be checked against the source"),
    "G": gettext_lazy("as given by whoever brought it in"),
}
KINDS = {
    "caseness": gettext_lazy("caseness"),
    "screen": gettext_lazy("screening"),
    "jt_c": gettext_lazy("Jacobson-Truax c"),
}
LICENCES = {
    "PD": gettext_lazy("public domain"),
    "BY-ND": gettext_lazy("Creative Commons, unaltered and with credit"),
    "BY-NC-SA": gettext_lazy("Creative Commons, not for profit and with credit"),
    "FREE-C": gettext_lazy("free under conditions"),
    "ASK": gettext_lazy("permission is to be asked"),
    "PAID": gettext_lazy("a paid licence"),
    "OURS": gettext_lazy("our own, given away"),
}
ROLES = {
    "scored": gettext_lazy("counts"),
    "unscored": gettext_lazy("not counted"),
    "risk": gettext_lazy("asks about risk"),
    "free_text": gettext_lazy("free words"),
    "choice": gettext_lazy("not counted"),
}


@dataclass(frozen=True)
class Line:
    """A cut-off in words."""

    kind: str
    sentence: str
    population: str
    source: str


@dataclass(frozen=True)
class ScoreCard:
    """One score, read out."""

    facts: ScoreFacts
    title: str
    made: str
    direction: str
    missing: str
    changes: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    bands: tuple[tuple[str, str], ...]
    norms: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class MeasureCard:
    """One measure, read out. `languages` is empty for a skeleton."""

    row: MeasureVersion
    facts: Measure
    title: str
    construct: str
    licence: str
    languages: tuple[str, ...]
    waits_for_licence: bool
    scores: tuple[ScoreCard, ...]
    items: tuple[tuple[str, str, str], ...]
    is_own: bool
    credit: str
    notes: str

    @property
    def waits_to_be_fetched(self) -> bool:
        """Whether its wording is in the public domain and nobody has fetched it yet."""
        return not self.languages and is_fetchable(self.facts)

    @property
    def primary(self) -> ScoreCard:
        """The score that is drawn first."""
        return next(score for score in self.scores if score.facts.id == self.facts.primary.id)


def measure_cards(clinic: "Clinic | None", language: str) -> list[MeasureCard]:
    """Every measure of this clinic, read out, worded ones first, in a fixed number of queries."""
    rows = current_measures(clinic)
    packs = shown_packs(rows, clinic)
    confirmed = set(LicenceConfirmation.objects.filter(here(clinic)).values_list("measure_id", flat=True))
    cards = [_card(row, packs.get(row.pk, ()), row.measure_id in confirmed, language) for row in rows]
    return sorted(cards, key=lambda card: not card.languages)


def measure_card(version: MeasureVersion, clinic: "Clinic | None", language: str) -> MeasureCard:
    """One measure, read out."""
    confirmed = LicenceConfirmation.objects.filter(here(clinic), measure_id=version.measure_id).exists()
    return _card(version, shown_packs([version], clinic).get(version.pk, ()), confirmed, language)


def _card(row: MeasureVersion, languages: tuple[str, ...], confirmed: bool, language: str) -> MeasureCard:
    measure = facts(row)
    return MeasureCard(
        row=row,
        facts=measure,
        title=in_language(measure.title, language),
        construct=in_language(measure.construct_, language),
        licence=str(LICENCES[measure.licence.kind]),
        languages=tuple(sorted(_language_name(code) for code in languages)),
        waits_for_licence=measure.licence.needs_confirmation and not confirmed,
        scores=tuple(_score_card(score, language) for score in measure.scores),
        items=tuple((i.id, in_language(i.label, language), str(ROLES[i.role])) for i in measure.items),
        is_own=row.clinic_id is not None,
        credit=in_language(measure.licence.credit, language),
        notes=in_language(measure.notes, language),
    )


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:  # a language that the framework has no name for
        return code


def _score_card(score: ScoreFacts, language: str) -> ScoreCard:
    steps = score.bands.steps if score.bands else ()
    return ScoreCard(
        facts=score,
        title=in_language(score.title, language),
        made=str(METHODS[score.method]),
        direction=_("higher is worse") if score.higher_is_worse else _("higher is better"),
        missing=_missing(score),
        changes=tuple((_change(figure), _ground(figure)) for figure in change_figures(score)),
        lines=tuple(_line(cutoff) for cutoff in score.cutoffs),
        bands=tuple((f"{step.low:g}–{step.high:g}", in_language(step.word, language)) for step in steps),
        norms=tuple(_norm(norm) for norm in score.norms),
    )


def _missing(score: ScoreFacts) -> str:
    if not score.max_missing:
        return _("No answer may be missing.")
    return _("Up to %(n)d missing answers are filled in with the person's own mean.") % {"n": score.max_missing}


def _change(figure: ReliableChangeFigure) -> str:
    if figure.points is None:
        return _("cannot be computed yet")
    points = f"{figure.points:.1f}".removesuffix(".0")
    if figure.is_official:
        return _("%(points)s points or more (published)") % {"points": points}
    return _("more than %(points)s points (computed)") % {"points": points}


def _ground(figure: ReliableChangeFigure) -> str:
    """From what a figure was computed, and where it is from; for none, what is missing."""
    if figure.points is None:
        return _("A published figure, or a spread and a reliability with their source, is missing.")
    source = _sourced(figure.source, figure.mark)
    if figure.is_official:
        return source
    named = {"alpha": "α", "retest": _("retest"), "given": _("kind not named")}
    words = _("From SD %(sd)s (%(population)s) and reliability %(reliability)s (%(kind)s), at 95 %%.") % {
        "sd": figure.facts["sd"],
        "population": figure.facts["population"],
        "reliability": figure.facts["reliability"],
        "kind": named.get(str(figure.facts["reliability_kind"]), ""),
    }
    return f"{words} {source}"


def _line(cutoff: Cutoff) -> Line:
    words = _("%(points)s or more") if cutoff.side == "at_or_above" else _("%(points)s or less")
    sentence = words % {"points": f"{cutoff.points:g}"}
    return Line(str(KINDS[cutoff.kind]), sentence, cutoff.population, _sourced(cutoff.source, cutoff.mark))


def _norm(norm: Norm) -> tuple[str, str, str, str]:
    mean = "–" if norm.mean is None else f"{norm.mean:g}"
    spread = f"{mean} ({norm.sd:g})" if norm.sd else mean
    return norm.population, spread, f"{norm.n:,}" if norm.n else "–", _sourced(norm.source, norm.mark)


def _sourced(source: str, mark: str) -> str:
    """A source with how sure we are of it, each said once."""
    return f"{source.replace(', from memory', '')} ({MARKS[mark]})"
