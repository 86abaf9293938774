"""Signals of the demo clinic: raised by the published rules as answers came in, and answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from shoshin.desk.actions.demo_calendar import Visit, moment
from shoshin.desk.actions.demo_forms import Filed
from shoshin.desk.actions.demo_stories import Plan, Story
from shoshin.desk.actions.demo_words import words
from shoshin.feedback import queries as feedback
from shoshin.science import signals as rules

CHOICES = ("talked",) * 9 + ("changed",) * 4 + ("different",) * 2 + ("consult",) * 2 + ("bring",) * 3
STILL_OPEN, RECENT = 0.35, timedelta(days=6)
CONSULTED_AFTER = timedelta(days=9)


@dataclass
class Answered:
    """The latest answered signal of one kind, as the rule of raising again needs it."""

    kind: str
    level: str
    filed: Filed
    at: datetime


@dataclass
class Line:
    """What has happened in one course so far."""

    points: dict[str, dict[int, float]] = field(default_factory=dict)
    answered: dict[str, Answered] = field(default_factory=dict)
    open: Any = None
    opened_by: Filed | None = None
    due: datetime | None = None
    consultation: Any = None

    def on(self, measure_id: str, since: int = 0) -> list[rules.Point]:
        points = self.points.get(measure_id, {})
        return [rules.Point(occasion, value) for occasion, value in points.items() if occasion >= since]


class SignalMaker:
    """Applies the rules to one course after another."""

    def __init__(self, plan: Plan, group: tuple[float, float]) -> None:
        self.plan, self.rows, self.chance, self.group = plan, plan.rows, plan.chance, group

    def judge(self, story: Story) -> None:
        """The signals of one course, in the order of its answers."""
        self.chance = story.chance
        line = Line()
        for filed in sorted(story.filed, key=lambda each: each.received_at):
            self._answer_if_due(story, line, filed.received_at)
            if filed.value is not None:
                line.points.setdefault(filed.measure_id, {})[filed.occasion] = filed.value
            signal = rules.strongest(self._rested(story, line, each) for each in self._findings(line, filed))
            if signal is not None:
                self._raise(story, line, filed, signal)
        self._answer_if_due(story, line, self.plan.at)

    def _findings(self, line: Line, filed: Filed) -> list[rules.Signal]:
        points = line.on(filed.measure_id)
        if filed.measure_id == feedback.APPOINTMENT_CHECK:
            return feedback.drop_findings(points, self.group)
        limits = feedback.limits_of(filed.response)
        return feedback.change_findings(points, limits) if limits else []

    def _rested(self, story: Story, line: Line, found: rules.Signal) -> rules.Signal:
        """A finding after the last answer to its kind, by the same rule as in the clinic."""
        last = line.answered.get(found.kind)
        if last is None or found.level == "none":
            return found
        limits = feedback.limits_of(last.filed.response)
        since = line.on(last.filed.measure_id, since=last.filed.occasion)
        usual = found.reasons[0].facts.get("watch_limit")
        cleared = usual is not None and any(point.value >= float(usual) for point in since[1:-1])
        return rules.raised_again(
            rules.Signal(found.kind, last.level, ()),  # type: ignore[arg-type]
            found,
            since=since,
            reliable_points=limits.reliable_points if limits else None,
            higher_is_worse=limits.higher_is_worse if limits else True,
            cleared_between=cleared,
        )

    def _raise(self, story: Story, line: Line, filed: Filed, signal: rules.Signal) -> None:
        """One open signal a client: a stronger finding, or a newer one of its kind, brings it up to date."""
        row = line.open
        if row is not None and row.kind != signal.kind:
            held = rules.Signal(row.kind, row.level, ())
            if rules.strongest([signal, held]) is not signal:
                return
        if row is None:
            row = line.open = self.rows.add(
                "feedback.SignalRow",
                clinic=story.therapist.clinic,
                client=story.client,
                course=story.course,
                raised_at=filed.received_at,
            )
            line.due = self._due(story, filed)
        row.response, row.kind, row.level, row.occasion = (
            filed.response,
            signal.kind,
            signal.level,
            filed.occasion,
        )
        row.reasons = [{"code": reason.code, "facts": dict(reason.facts)} for reason in signal.reasons]
        line.opened_by = filed
        if signal.kind == "worse" and signal.level == "signal":
            self._consult(story, line, filed.received_at, by_itself=True)

    def _due(self, story: Story, filed: Filed) -> datetime | None:
        """When the therapist answers: in the appointment, or soon after a check. None: it still waits."""
        if filed.visit.state != "kept":
            return None
        due = max(filed.visit.starts_at + timedelta(minutes=50), filed.received_at + timedelta(minutes=5))
        if filed.measure_id == feedback.APPOINTMENT_CHECK:
            due = filed.received_at + timedelta(hours=40)
        if story.dated.ended_on is not None:
            return min(due, moment(story.dated.ended_on, time(18), self.plan.zone))
        waits = due > self.plan.at - RECENT and self.chance.happens(STILL_OPEN)
        return None if waits or due > self.plan.at else due

    def _answer_if_due(self, story: Story, line: Line, now: datetime) -> None:
        if line.open is None or line.due is None or line.due > now or line.opened_by is None:
            return
        row, filed, at = line.open, line.opened_by, line.due
        choice = self.chance.pick(CHOICES)
        if choice == "bring" and row.raised_at + timedelta(minutes=2) < filed.visit.starts_at < at:
            brought = row.raised_at + timedelta(minutes=2)
            self._write_answer(story, line, "bring", brought, returned_at=at)
        if choice == "bring":
            choice = "talked"
        self._write_answer(story, line, choice, at)
        row.answered_at = at
        line.answered[row.kind] = Answered(row.kind, row.level, filed, at)
        line.open = line.opened_by = line.due = None

    def _write_answer(
        self, story: Story, line: Line, choice: str, at: datetime, returned_at: datetime | None = None
    ) -> None:
        row = line.open
        consultation = self._consult(story, line, at) if choice == "consult" else None
        said: dict[str, str] = {}
        text = ""
        if choice == "changed":
            said = self.chance.pick(words()["changes"][row.kind])
            text = said["changed"]
        else:
            text = self.chance.pick(words()["answers"][choice])
        answer = self.rows.add(
            "feedback.SignalAnswer",
            signal=row,
            choice=choice,
            words=text,
            returned_at=returned_at,
            consultation=consultation,
            given_at=at,
            given_by=story.therapist,
        )
        if said:
            write_change(self.plan, story, said, at, answer)

    def _consult(self, story: Story, line: Line, at: datetime, by_itself: bool = False) -> Any:
        """The consultation that waits for this course, or a new one; an old one has been held."""
        waiting = line.consultation
        if waiting is not None and (waiting.closed_at is None or waiting.closed_at > at):
            return waiting
        closed = at + CONSULTED_AFTER
        is_held = closed < self.plan.at
        line.consultation = self.rows.add(
            "care.Consultation",
            clinic=story.therapist.clinic,
            course=story.course,
            question="" if by_itself else self.chance.pick(words()["consultations"]["questions"]),
            opened_by_itself=by_itself,
            opened_at=at,
            held_on=closed.date() if is_held else None,
            outcome=self.chance.pick(words()["consultations"]["outcomes"]) if is_held else "",
            closed_at=closed if is_held else None,
            closed_by=story.therapist if is_held else None,
        )
        return line.consultation


def write_change(plan: Plan, story: Story, said: dict[str, str], at: datetime, answer: Any = None) -> None:
    """You said, I changed."""
    plan.rows.add(
        "feedback.Change",
        course=story.course,
        you_said=said["said"],
        i_changed=said["changed"],
        signal_answer=answer,
        occasion=max(1, story.dated.kept_before(at)),
        made_at=at,
        made_by=story.therapist,
    )


def check_group(stories: Sequence[Story]) -> tuple[float, float]:
    """The clinic's own checks as the rule reads them: its latest thousand."""
    checks = [
        (each.received_at, place, each.value)
        for place, story in enumerate(stories)
        for each in story.filed
        if each.measure_id == feedback.APPOINTMENT_CHECK and each.value is not None
    ]
    checks.sort(key=lambda check: check[0])
    return feedback.group_of([(place, value) for _, place, value in checks[-1000:]])


def last_kept(story: Story) -> Visit | None:
    """The latest appointment that was kept."""
    kept = story.dated.kept
    return kept[-1] if kept else None
