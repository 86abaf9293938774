"""Raising signals when answers come in, and answering them. A signal cannot be dismissed."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shoshin.care import actions as care_actions
from shoshin.care import queries as care
from shoshin.feedback.models import Change, Response, SignalAnswer, SignalRow
from shoshin.feedback.models.signals import Next
from shoshin.feedback.queries.rules import findings, missing_finding, points_of, rested
from shoshin.feedback.queries.signals import waiting_signals
from shoshin.kit.action import action
from shoshin.science import signals as rules

if TYPE_CHECKING:
    from shoshin.care.models import Course

WORDS_NEEDED = (Next.CHANGED, Next.DIFFERENT)


class CannotAnswerSignal(ValueError):
    """The signal stays open."""


class CannotRecordChange(ValueError):
    """Nothing was written for the client."""


def judge_signals(*, course: "Course", response: Response, by: Any, at: datetime) -> None:
    """Apply the published rules to a course after a new response. Imported history raises nothing."""
    if response.batch_id is not None:
        return
    points = points_of(course, response)
    signal = rules.strongest(rested(course, findings(course, response, points), response, points))
    if signal is not None:
        occasion = points[-1].appointment
        raise_signal(course=course, signal=signal, response=response, occasion=occasion, by=by, at=at)


def judge_missing(*, course: "Course", by: Any, at: datetime) -> None:
    """Apply the rule for unanswered forms to a course: when the next form is sent, and once a day."""
    signal = rules.strongest(rested(course, [missing_finding(course, at)]))
    if signal is not None:
        occasion = care.kept_before(course, at)
        raise_signal(course=course, signal=signal, response=None, occasion=occasion, by=by, at=at)


@action("feedback.notice_silence")
def notice_silence(*, by: Any, at: datetime) -> int:
    """Once a day: apply the rule for unanswered forms to every course that goes on. Says how many were looked at."""
    courses = care.courses_going_on()
    for course in courses:
        judge_missing(course=course, by=by, at=at)
    return len(courses)


@action("feedback.raise_signal")
def raise_signal(
    *, course: "Course", signal: rules.Signal, response: Response | None, occasion: int, by: Any, at: datetime
) -> SignalRow:
    """Raise a signal found at an appointment, or, where one is open for this client, bring the open one up to date."""
    row = waiting_signals(course.client_id).first()
    if row is None:
        row = SignalRow(clinic_id=course.clinic_id, client_id=course.client_id, raised_at=at)
    elif rules.strongest([signal, _as_found(row)]) != signal and row.kind != signal.kind:
        return row
    row.course, row.response, row.kind, row.level = course, response, signal.kind, signal.level
    row.reasons = [{"code": reason.code, "facts": dict(reason.facts)} for reason in signal.reasons]
    row.occasion, row.answered_at = occasion, None
    row.save()
    row.answers.filter(choice=Next.BRING, returned_at=None).update(returned_at=at)
    if signal.kind == "worse" and signal.level == "signal":
        _open_consultation(row, by_itself=True, by=by, at=at)
    return row


def _as_found(row: SignalRow) -> rules.Signal:
    kind: Any = row.kind
    level: Any = row.level
    reasons = tuple(rules.Reason(reason["code"], reason["facts"]) for reason in row.reasons)
    return rules.Signal(kind, level, reasons)


def _open_consultation(row: SignalRow, *, by_itself: bool, by: Any, at: datetime) -> Any:
    """The course's open consultation, or a new one: help is asked for rather than going on with what does not help."""
    waiting = row.course.consultations.filter(closed_at=None).first()
    return waiting or care_actions.open_consultation(
        course=row.course, question="", opened_by_itself=by_itself, by=by, at=at
    )


@action("feedback.answer_signal")
def answer_signal(
    *, signal: SignalRow, choice: str, words: str = "", you_said: str = "", by: Any, at: datetime
) -> SignalAnswer:
    """What the therapist does with a signal. The answer is part of the record the client may read."""
    words = words.strip()
    returned = signal.answers.filter(choice=Next.BRING, returned_at=None)
    if not waiting_signals(signal.client_id).filter(pk=signal.pk).exists():
        raise CannotAnswerSignal(_("This signal has been answered already; the answer is kept."))
    if choice not in Next.values:
        raise CannotAnswerSignal(_("Choose one of the answers. The signal stays open until then."))
    if choice in WORDS_NEEDED and not words:
        raise CannotAnswerSignal(_("Say it in a few words. The signal stays open until then."))
    if choice == Next.BRING and signal.answers.filter(choice=Next.BRING).exists():
        raise CannotAnswerSignal(_("It has been to an appointment once. Say what came of it; the signal stays open."))
    returned.update(returned_at=at)
    answer = SignalAnswer(signal=signal, choice=choice, words=words, given_at=at, given_by=by)
    if choice == Next.CONSULT:
        answer.consultation = _open_consultation(signal, by_itself=False, by=by, at=at)
    answer.save()
    signal.answered_at = at
    signal.save(update_fields=["answered_at"])
    if choice == Next.CHANGED:
        record_change(course=signal.course, you_said=you_said, i_changed=words, signal_answer=answer, by=by, at=at)
    return answer


@action("feedback.record_change")
def record_change(
    *,
    course: "Course",
    you_said: str,
    i_changed: str,
    by: Any,
    at: datetime,
    signal_answer: SignalAnswer | None = None,
) -> Change:
    """ "You said, I changed": goes to the client's own page, and marks the chart at this appointment."""
    if not i_changed.strip():
        raise CannotRecordChange(_("Say in a few words what you changed. Nothing has gone to the client's page yet."))
    return Change.objects.create(
        course=course,
        you_said=you_said.strip(),
        i_changed=i_changed.strip(),
        signal_answer=signal_answer,
        occasion=max(1, care.kept_before(course, at)),
        made_at=at,
        made_by=by,
    )
