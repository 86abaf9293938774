"""A client's line on each measure, with what it is judged by and the message it carries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.feedback.models import Response, ScoreRow, SignalRow
from shoshin.feedback.queries.expected import ExpectedCourse, expected_course
from shoshin.feedback.queries.rules import is_by_appointment
from shoshin.feedback.queries.schedules import plan_of
from shoshin.measures import queries as measures
from shoshin.science.change import Change as JudgedChange
from shoshin.science.change import judge_change

if TYPE_CHECKING:
    from shoshin.care.models import Client, Course
    from shoshin.measures.models.facts import Cutoff
    from shoshin.measures.queries import ReliableChangeFigure

SELF_ENTERED = ("paper", "import")


@dataclass(frozen=True)
class ScorePoint:
    """One score of the line."""

    occasion: int
    day: date
    value: float
    prorated: bool
    response_id: int
    reference: str
    imported: bool
    signalled: bool
    check_mark: str = ""  # of an appointment check: rupture, repaired


@dataclass(frozen=True)
class Trajectory:
    """One measure over one course: its points in order, and the figures that say how to read them."""

    measure_id: str
    title: str
    short: str
    low: float
    high: float
    higher_is_worse: bool
    validated: bool
    points: tuple[ScorePoint, ...]
    figure: "ReliableChangeFigure"
    cutoff: "Cutoff | None"
    change: JudgedChange | None
    dates_known: bool = True

    @property
    def first(self) -> ScorePoint:
        return self.points[0]

    @property
    def last(self) -> ScorePoint:
        return self.points[-1]

    @property
    def is_by_appointment(self) -> bool:
        """Whether points stand at their appointment's number; else at their day, so that none hides another."""
        return is_by_appointment([point.occasion for point in self.points])

    def place(self, occasion: int, day: date) -> int | date:
        """Where on the line something of this appointment and day stands."""
        return occasion if self.is_by_appointment else day

    @property
    def band(self) -> tuple[float, float] | None:
        """The scores that cannot be told from the first one, where reliable change is known."""
        if self.figure.points is None:
            return None
        return self.first.value - self.figure.points, self.first.value + self.figure.points

    @property
    def expected(self) -> ExpectedCourse | None:
        """What courses that began with this score are expected to look like, where that is known."""
        return expected_course(self)

    @property
    def rows(self) -> tuple[tuple[ScorePoint, str], ...]:
        """Each point with the scores expected then, in words, for the table beside the chart."""
        course = self.expected
        steps = [course.at(point.occasion) if course else None for point in self.points]
        words = ["" if step is None or step.low == step.high else _between(step.low, step.high) for step in steps]
        return tuple(zip(self.points, words, strict=True))

    @property
    def message(self) -> str:
        """The chart in one sentence."""
        if len(self.points) == 1:
            return _("One answer so far.")
        if self.change is None and self.first.value == self.last.value:
            return _("As at the start: %(last)s.") % {"last": f"{self.last.value:g}"}
        if self.change is None:
            return _("From %(first)s to %(last)s.") % {
                "first": f"{self.first.value:g}",
                "last": f"{self.last.value:g}",
            }
        return {
            "recovered": _("Better than at the start, and across the cut-off."),
            "improved": _("Better than at the start."),
            "unchanged": _("About the same as at the start."),
            "worse": _("Worse than at the start."),
        }[self.change.category]

    @property
    def details(self) -> str:
        """The figures behind the message, and which of them count as change."""
        parts = [_("Now %(last)s, at the start %(first)s.") if len(self.points) > 1 else _("The score is %(first)s.")]
        if self.figure.points is None:
            parts.append(_("Whether a change is more than measurement error cannot be computed for this measure."))
        elif self.figure.is_official:
            parts.append(_("A change counts from %(points)s points on: the published figure (%(source)s)."))
        else:
            parts.append(_("A change counts above %(points)s points: computed from %(source)s."))
        if not self.validated:
            parts.append(_("This measure is not validated."))
        points = "" if self.figure.points is None else f"{self.figure.points:.3g}"
        facts = {"last": f"{self.last.value:g}", "first": f"{self.first.value:g}"}
        return " ".join(parts) % (facts | {"points": points, "source": self.figure.source})

    @property
    def plain_details(self) -> str:
        """The figures as client and therapist read them together."""
        if len(self.points) == 1:
            return _("The score is %(first)s.") % {"first": f"{self.first.value:g}"}
        now = _("Now %(last)s, at the start %(first)s.") % {
            "last": f"{self.last.value:g}",
            "first": f"{self.first.value:g}",
        }
        if self.figure.points is None:
            return now
        counts = _("A change counts from about %(points)s points on.") % {"points": f"{self.figure.points:.3g}"}
        return f"{now} {counts}"


def hidden_responses(clients: "Iterable[Client] | QuerySet[Client]") -> QuerySet[Response]:
    """New answers the therapist has not opened: their score and signal wait behind the guess.

    A marked safety question or a reliable worsening never waits: such a response is not hidden.
    """
    return (
        Response.objects.filter(client__in=clients, reading=None, corrected_by=None, alerts=None)
        .exclude(source__in=SELF_ENTERED)
        .exclude(signals__kind="worse", signals__level="signal")
        .select_related("version", "course", "client")
        .order_by("received_at")
    )


def trajectories_of(
    course: "Course", hidden: Collection[int] = (), until: date | None = None
) -> tuple[Trajectory, ...]:
    """Every measure answered in a course (up to a day), in the order of its plan, without what waits to be opened."""
    rows = (
        ScoreRow.objects.filter(response__course=course, response__corrected_by=None, value__isnull=False)
        .exclude(response_id__in=list(hidden))
        .select_related("response__version", "response__batch")
        .order_by("response__occasion", "response__answered_on", "response__received_at")
    )
    if until is not None:
        rows = rows.filter(response__answered_on__lte=until)
    signalled: set[int | None] = set(SignalRow.objects.filter(course=course).values_list("response_id", flat=True))
    by_measure: dict[str, list[ScoreRow]] = {}
    for row in rows:
        by_measure.setdefault(row.response.measure_id, []).append(row)
    found = [_trajectory(rows, signalled) for rows in by_measure.values()]
    planned = {measure_id: place for place, measure_id in enumerate(plan_of(course))}
    return tuple(
        sorted(
            (line for line in found if line),
            key=lambda line: (not line.validated, planned.get(line.measure_id, len(planned)), line.short.lower()),
        )
    )


def _trajectory(rows: list[ScoreRow], signalled: set[int | None]) -> Trajectory | None:
    version = rows[-1].response.version
    facts = measures.facts(version)
    shown = [facts.primary.id, *(score.id for score in facts.scores if score.instead_of == facts.primary.id)]
    by_response: dict[int, ScoreRow] = {}
    for row in sorted((row for row in rows if row.score_id in shown), key=lambda row: shown.index(row.score_id)):
        by_response.setdefault(row.response_id, row)
    points = tuple(_point(row, signalled) for row in rows if by_response.get(row.response_id) is row)
    if not points:
        return None
    figure = measures.reliable_change(version, facts.primary.id)
    cutoff = measures.cutoff(version, facts.primary.id)
    language = get_language() or "en"
    return Trajectory(
        measure_id=facts.id,
        title=measures.in_language(facts.title, language),
        short=facts.short,
        low=facts.primary.low,
        high=facts.primary.high,
        higher_is_worse=facts.primary.higher_is_worse,
        validated=facts.validated,
        points=points,
        figure=figure,
        cutoff=cutoff,
        change=_judged(points, figure, cutoff, facts.primary.higher_is_worse),
        dates_known=all(row.response.batch is None or row.response.batch.dates_known for row in rows),
    )


def _between(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": f"{low:.0f}", "high": f"{high:.0f}"}


def _point(row: ScoreRow, signalled: set[int | None]) -> ScorePoint:
    response = row.response
    return ScorePoint(
        occasion=response.occasion,
        day=response.answered_on,
        value=row.value if row.value is not None else 0.0,
        prorated=row.prorated,
        response_id=response.pk,
        reference=response.reference,
        imported=response.source == "import",
        signalled=response.pk in signalled,
    )


def _judged(
    points: tuple[ScorePoint, ...],
    figure: "ReliableChangeFigure",
    cutoff: "Cutoff | None",
    higher_is_worse: bool,
) -> JudgedChange | None:
    if figure.points is None or len(points) < 2:
        return None
    return judge_change(
        points[0].value,
        points[-1].value,
        reliable_points=figure.points,
        cutoff=cutoff.points if cutoff else None,
        higher_is_worse=higher_is_worse,
        official=figure.is_official,
    )
