"""What the pages of welfare show, put together once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shoshin.measures import queries as measures
from shoshin.people import queries as people
from shoshin.people.queries import Safety
from shoshin.welfare.models import CapacityCheck, Cause, Easing, SharedItem, TrustedPerson
from shoshin.welfare.queries import capacity, gates, notes
from shoshin.welfare.queries.charts import DrawnLine, capacity_line, drawn
from shoshin.welfare.queries.days import day_of
from shoshin.welfare.queries.lines import steadier_and_further, two_lines
from shoshin.welfare.queries.own_measures import OwnScore, latest_scores, responses_of, scores_of
from shoshin.welfare.queries.practised import practised_by
from shoshin.welfare.queries.trusted import trusted_person
from shoshin.welfare.queries.words import GateWords, gate_in_words, load_in_words, week_in_words

if TYPE_CHECKING:
    from shoshin.people.models import Membership

PLANNED = 45  # minutes a week until a plan says otherwise: three times a quarter of an hour
LOW_SELF_COMPASSION = 2.5  # of 5: the lower band of the SCS-SF; used to offer support, never to mark anybody


@dataclass(frozen=True)
class WelfarePage:
    """Everything on "How am I?"."""

    today: CapacityCheck | None
    causes: list[str]
    words: GateWords
    week: str
    load: list[str]
    easing: Easing | None
    capacity: DrawnLine
    shown: list[SharedItem]
    shares: list[SharedItem]
    safety: Safety | None
    kindly: bool
    trusted: TrustedPerson | None


@dataclass(frozen=True)
class LinesPage:
    """Both lines, and a question where they part."""

    steady: DrawnLine
    close: DrawnLine
    together: str


def welfare_page(member: "Membership", at: datetime, planned: int = PLANNED) -> WelfarePage:
    """Today, this week and the last weeks of whoever asks."""
    known = gates.known_of(member, at)
    gate = gates.gate_on(known, known.today)
    today, rest = capacity.check_today(member, at), gates.rest_on(known)
    days = capacity.capacity_days(member, at)
    latest = capacity.checks_of(member, at).first()
    causes = latest.causes if latest is not None else []
    return WelfarePage(
        today=today,
        causes=capacity.causes_in_words(today) if today is not None else [],
        words=gate_in_words(gate),
        week=week_in_words(gates.week_on(known, planned, causes), planned),
        load=load_in_words(practised_by(member, at, known), rest[0] if rest else None),
        easing=capacity.easing_of(member, at),
        capacity=capacity_line(days, capacity.shown_days(days, day_of(member.clinic, at))),
        shown=list(notes.shown_to(member, at)),
        shares=list(notes.shares_of(member, at)),
        safety=people.safety_for(member.clinic) if gate.signpost else None,
        kindly=doubting(member, at),
        trusted=trusted_person(member),
    )


def lines_page(member: "Membership", at: datetime) -> LinesPage:
    """Steadiness and closeness, side by side, never added."""
    steady, close = two_lines(member, at)
    return LinesPage(drawn(steady), drawn(close), steadier_and_further(steady, close))


def doubting(member: "Membership", at: datetime) -> bool:
    """Whether doubt meets little kindness to oneself: a reason to offer support. Doubt alone never is one."""
    latest = capacity.checks_of(member, at).first()
    recent = latest is not None and (at - latest.checked_at).days < gates.SAYS_SOMETHING_FOR
    kindness = latest_scores(member, "scs-sf", at).get("total")
    doubts = latest is not None and recent and Cause.DOUBT in latest.causes
    return doubts and kindness is not None and kindness < LOW_SELF_COMPASSION


@dataclass(frozen=True)
class FilledMeasure:
    """One measure as often as it was filled in: a table of scores, newest first, with their ranges in the head."""

    measure_id: str
    title: str
    caption: str
    head: list[str]
    rows: list[list[Any]]


def filled_measures(member: "Membership", language: str, at: datetime) -> list[FilledMeasure]:
    """What the member filled in about themself. Figures and ranges; no band, no word that judges."""
    found: dict[str, list[Any]] = {}
    for response in responses_of(member, at):
        found.setdefault(response.version.measure_id, []).append(response)
    return [_filled(member, responses, language) for responses in found.values()]


def _filled(member: "Membership", responses: list[Any], language: str) -> FilledMeasure:
    facts = measures.facts(responses[0].version)
    head = [_("Day"), *(_named(score) for score in scores_of(responses[0], language))]
    rows = [
        [
            date_format(day_of(member.clinic, row.filled_at), _("j F Y")),
            *(each.value for each in scores_of(row, language)),
        ]
        for row in responses
    ]
    caption = _("Read each scale only within yourself, and over months.")
    return FilledMeasure(facts.id, measures.in_language(facts.title, language), caption, head, rows)


def _named(score: OwnScore) -> str:
    way = _("higher is harder") if score.higher_is_worse else _("higher is kinder")
    return f"{score.title} ({score.low:g}–{score.high:g}, {way})"
