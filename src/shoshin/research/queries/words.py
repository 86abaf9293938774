"""What a stored result says in words, as a picture and as a table. A figure never stands without its interval.

The pictures are our own drawings, cleaned element by element in design/charts: nothing that a person typed enters them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.design.charts import Span, span_pictures
from shoshin.research.models import ClinicEffect, Counted, OwnEffect
from shoshin.science.therapist_effects import FEWEST_COLLEAGUES, PRIORS

FACTOR = {Counted.CHANGE: 1, Counted.RATE: 10, Counted.DROPOUT: 100}
DIGITS = {Counted.CHANGE: 2, Counted.RATE: 2, Counted.DROPOUT: 0}


@dataclass(frozen=True)
class ToldResult:
    """One outcome of one person: its name, what is counted, the sentences, the picture and its twin."""

    name: str
    title: str
    unit: str
    sentences: tuple[str, ...]
    picture: SafeString | str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ToldShare:
    """One outcome of a clinic, in the same shape."""

    name: str
    title: str
    sentences: tuple[str, ...]
    picture: SafeString | str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def unit_of(outcome: str) -> str:
    """What the figures of an outcome count."""
    return {
        Counted.CHANGE: _("Improvement from first to last score; 1 is the usual spread of first scores."),
        Counted.RATE: _("Improvement in ten appointments; 1 is the usual spread of first scores."),
        Counted.DROPOUT: _("Of 100 courses, how many ended otherwise than planned."),
    }[Counted(outcome)]


def written(values: Sequence[float], most: int, least: int = 0) -> list[str]:
    """Values that stand together, with no more decimals than the step to which they were rounded has."""
    digits = next((each for each in range(least, most) if all(abs(round(v, each) - v) < 1e-9 for v in values)), most)
    return [rounded(value, digits) for value in values]


def rounded(value: float, digits: int) -> str:
    """A number as the reader's language writes it. Django's own cuts digits off where this rounds."""
    return str(number_format(f"{value:.{digits}f}", digits))


def told_result(row: OwnEffect) -> ToldResult:
    """One outcome of the person whose row it is."""
    title, unit = str(row.get_outcome_display()), unit_of(row.outcome)
    if row.estimate is None or row.low is None or row.high is None or row.typical is None or row.chance is None:
        return ToldResult(row.outcome, title, unit, (_why_none(row),), "", (), ())
    factor, most = FACTOR[Counted(row.outcome)], DIGITS[Counted(row.outcome)]
    low, high, typical = written([factor * value for value in (row.low, row.high, row.typical)], most, min(most, 1))
    said = {"low": low, "high": high, "typical": typical}
    first = _("Your interval reaches from %(low)s to %(high)s. Typical here is %(typical)s.") % said
    sentences = (first, _beside(row.low, row.high, row.typical), _chance(row.chance, row.courses), *_leaning(row))
    span = Span(_("yours"), factor * row.low, factor * row.estimate, factor * row.high)
    picture = span_pictures(
        spans=(span,),
        typical=factor * row.typical,
        typical_label=_("typical here"),
        axis=_axis(row.outcome),
        description=f"{title}. {first}",
        language=get_language() or "en",
    )
    head = ("", _("from"), _("to"))
    rows = ((_("your interval"), low, high), (_("typical here"), typical, typical))
    return ToldResult(row.outcome, title, unit, sentences, SafeString(picture), head, rows)


def _axis(outcome: str) -> str:
    return {
        Counted.CHANGE: _("more improvement →"),
        Counted.RATE: _("more improvement →"),
        Counted.DROPOUT: _("more unplanned endings →"),
    }[Counted(outcome)]


def _beside(low: float, high: float, typical: float) -> str:
    if low <= typical <= high:
        return _(
            "Typical lies inside your interval: as far as these courses can tell, your results are like others' here."
        )
    return _(
        "Typical lies outside your interval. That can be your work, who was sent to you, or chance; ask what it may be."
    )


def _chance(share: float, courses: int) -> str:
    said = {"parts": round(10 * share), "courses": courses}
    return (
        _("With %(courses)s closed courses, about %(parts)s in 10 parts of a difference between averages are chance.")
        % said
    )


def _leaning(row: OwnEffect) -> tuple[str, ...]:
    if not row.leans:
        return ()
    said = {"share": rounded(100 * PRIORS[row.outcome].mean, 0), "source": row.source}  # type: ignore[index]
    words = _(
        "Your clinic is too small to tell how much therapists differ, so this leans on published figures: about "
        "%(share)s percent of what differs between clients (%(source)s)."
    )
    return (words % said,)


def _why_none(row: OwnEffect) -> str:
    """One sentence why there is no figure."""
    if row.reason == "too_few_colleagues":
        words = _(
            "There is nothing to compare with: of under %(needed)s therapists, a figure would give away a colleague."
        )
        return words % {"needed": FEWEST_COLLEAGUES}
    if row.reason == "outcome_without_spread":
        return _("All courses here ended alike, so there is nothing to compare.")
    return _(
        "%(courses)s closed courses tell about this so far. That is too few: nearly all of a figure would be chance."
    ) % {"courses": row.courses}


def told_share(rows: Sequence[ClinicEffect]) -> ToldShare:
    """One outcome of a clinic: its shares by severity, or what is missing."""
    first = rows[0]
    title = str(first.get_outcome_display())
    kept = [(row, row.low, row.share, row.high) for row in rows if row.share is not None]
    spans = [
        Span(_severity(row.severity, len(kept)), 100 * low, 100 * share, 100 * high)
        for row, low, share, high in kept
        if low is not None and high is not None
    ]
    if not spans:
        return ToldShare(first.outcome, title, (_missing(first),), "", (), ())
    told = tuple(_share_sentence(span, len(spans) > 1) for span in spans)
    picture = span_pictures(
        spans=tuple(spans),
        typical=None,
        typical_label="",
        axis=_("percent between therapists →"),
        description=f"{title}. {told[0]}",
        language=get_language() or "en",
    )
    counted = _("Counted over %(courses)s closed courses of %(therapists)s therapists.") % {
        "courses": first.courses,
        "therapists": first.therapists,
    }
    table = tuple((span.name, *written((span.low, span.high), 1)) for span in spans)
    head = (_("Clients"), _("from, in percent"), _("to, in percent"))
    return ToldShare(first.outcome, title, (*told, counted), SafeString(picture), head, table)


def _severity(severity: int, shares: int) -> str:
    if shares == 1:
        return _("all")
    return {0: _("average"), -1: _("milder"), 1: _("more severe")}[severity]


def _share_sentence(span: Span, several: bool) -> str:
    said = {"low": rounded(span.low, 0), "high": rounded(span.high, 0), "who": span.name}
    if several:
        return (
            _("Clients who began %(who)s: between %(low)s and %(high)s percent of what differs is between therapists.")
            % said
        )
    return _("Between %(low)s and %(high)s percent of what differs between clients lies between therapists.") % said


def _missing(row: ClinicEffect) -> str:
    if row.reason != "too_few_for_clinic_share":
        return _("These courses allow no figure with an interval, so none is shown.")
    said = {"therapists": row.therapists, "courses": row.courses}
    said |= {"more": row.missing_therapists, "missing": row.missing_courses}
    words = _(
        "No figure yet: %(therapists)s therapists with four closed courses or more, %(courses)s closed courses. "
        "Missing: %(more)s therapists and %(missing)s courses."
    )
    return words % said
