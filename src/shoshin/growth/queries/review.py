"""The Friday review: at most three clients who do not yet benefit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from shoshin.care import queries as care
from shoshin.feedback import queries as feedback
from shoshin.growth.models import Episode, Reviewed
from shoshin.growth.queries.standing import main_line, standing_of
from shoshin.kit.policy import Hat
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.care.models import Client
    from shoshin.feedback.models import SignalRow

MOST = 3
FRIDAY = 4


@dataclass(frozen=True)
class Waiting:
    """One client to think about: the signal, in words, and what was decided the last time."""

    client: "Client"
    signal: "SignalRow"
    title: str
    reasons: list[str]
    message: str
    has_consultation: bool
    last_time: Reviewed | None


@dataclass(frozen=True)
class Review:
    """What the page shows: who is left of this week's three, and what was decided and when it comes back."""

    waiting: tuple[Waiting, ...]
    decided: tuple[Reviewed, ...]


def next_friday(today: date) -> date:
    """The Friday after this day; on a Friday the one a week later."""
    return today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)


def review_of(hat: Hat, at: datetime) -> Review:
    """This week's review for the person of this hat."""
    today = people.day_of(hat.member.clinic, at)
    decided = Reviewed.objects.filter(member=hat.member, returns_on__gt=today, client__in=care.clients_of(hat))
    decided_rows = tuple(decided.select_related("client").order_by("decided_at"))
    left = MOST - len({row.client_id for row in decided_rows} | _episodes_this_week(hat, today))
    settled = {row.client_id for row in decided_rows} | _with_episode(hat, at)
    found = _candidates(hat, settled, max(left, 0))
    hat.saw(*(each.client.pk for each in found), *(row.client_id for row in decided_rows))
    return Review(tuple(found), decided_rows)


def _with_episode(hat: Hat, at: datetime) -> set[int]:
    rows = Episode.objects.filter(member=hat.member, closed_at=None)
    rows = rows.select_related("clinic", "member", "client", "course__client")
    return {row.client_id for row in rows if standing_of(row, at).is_open}


def _episodes_this_week(hat: Hat, today: date) -> set[int]:
    """Clients taken to an episode since last Friday: they are among this week's three."""
    since = care.start_of_day(hat.member.clinic, next_friday(today) - timedelta(days=7))
    return set(Episode.objects.filter(member=hat.member, opened_at__gte=since).values_list("client_id", flat=True))


def _candidates(hat: Hat, settled: set[int], most: int) -> list[Waiting]:
    """Clients with a signal in an open course, not better by more than error: open signals first, oldest first."""
    hidden = {row.pk for row in feedback.hidden_responses(care.clients_of(hat))}
    rows = list(feedback.raised_signals(hat).exclude(client__in=settled).order_by("raised_at"))
    open_now = set(feedback.open_signals(hat).values_list("pk", flat=True))
    latest = {row.client_id: row for row in rows if row.response_id not in hidden}
    found: list[Waiting] = []
    for row in sorted(latest.values(), key=lambda each: (each.pk not in open_now, each.raised_at)):
        if len(found) == most:
            break
        line = main_line(row.course)
        if line is None or line.change is None or line.change.category not in ("improved", "recovered"):
            found.append(_in_words(hat, row, line.message if line else ""))
    return found


def _in_words(hat: Hat, row: "SignalRow", message: str) -> Waiting:
    earlier = Reviewed.objects.filter(member=hat.member, client=row.client).order_by("-decided_at")
    return Waiting(
        client=row.client,
        signal=row,
        title=feedback.signal_title(row.kind, row.level, row.occasion),
        reasons=feedback.reason_sentences(row.reasons),
        message=message,
        has_consultation=row.course.consultations.filter(closed_at=None).exists(),
        last_time=earlier.first(),
    )
