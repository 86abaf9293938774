"""Telling people that an alert waits: step after step of the ladder, without content, until somebody acknowledges."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shoshin.feedback.models import Alert, Notice
from shoshin.feedback.models.alerts import Channel
from shoshin.feedback.queries.ladder import ladder, step_due_at, told_at
from shoshin.kit import calls, tasks
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Membership

ONE_MESSAGE = timedelta(minutes=5)
CLIMB, SEND = "feedback.climb_ladder", "feedback.send_notice"


def promise_step(alert: Alert, number: int) -> None:
    """Promise a step of the ladder, in the transaction in which it follows."""
    payload = {"alert": alert.pk, "step": number}
    tasks.promise(CLIMB, key=f"alert {alert.pk} step {number}", payload=payload, due_at=step_due_at(alert, number))


@action("feedback.climb_ladder")
def climb_ladder(*, alert: Alert, step: int, by: Any, at: datetime) -> int:
    """Take one step: a notice for each who is to be told, and the promise of the next step. Says how many.

    An acknowledged alert has no more steps. What is told is decided now: cover that opened since then counts.
    """
    held = Alert.objects.select_for_update().get(pk=alert.pk)
    if held.acknowledged_at is not None:
        return 0
    members = told_at(held, step, at)
    for member in members:
        _promise_notice(held, step, Channel.MAIL, member, at)
    if calls.is_set():
        _promise_notice(held, step, Channel.CALL, None, at)
    promise_step(held, _next_step(held, step, at))
    return len(members)


def _next_step(alert: Alert, step: int, at: datetime) -> int:
    """The step after this one. Missed rungs are caught up with one by one; missed repetitions become one."""
    following = step + 1
    while following >= len(ladder().rungs) and step_due_at(alert, following) <= at:
        following += 1
    return following


def _promise_notice(alert: Alert, step: int, channel: str, member: "Membership | None", at: datetime) -> None:
    notice, _new = Notice.objects.get_or_create(
        alert=alert, step=step, channel=channel, member=member, defaults={"made_at": at}
    )
    tasks.promise(SEND, key=f"notice {notice.pk}", payload={"notice": notice.pk}, due_at=at)


def readdress_notices(alerts: Iterable[int], at: datetime) -> None:
    """Who answers for these clients has changed: what has not gone out goes to whom its step tells now.

    The first step counts as not gone out, because whoever holds a client now has not been told. Inside an action.
    """
    waiting = Alert.objects.filter(pk__in=set(alerts), acknowledged_at=None).select_related("client__clinic")
    for alert in waiting.select_for_update(of=("self",)):
        unsent = Notice.objects.filter(alert=alert, channel=Channel.MAIL, sent_at=None)
        for step in sorted({0, *unsent.values_list("step", flat=True)}):
            members = told_at(alert, step, at)
            unsent.filter(step=step).exclude(member__in=members).delete()
            for member in members:
                _promise_notice(alert, step, Channel.MAIL, member, at)


def send_notice(*, notice: Notice, by: Any, at: datetime) -> None:
    """Send one message, then write down that it went. A crash in between sends it once more, never not at all."""
    if notice.sent_at is not None or notice.alert.acknowledged_at is not None:
        return
    if not _told_just_now(notice, at):
        if notice.channel == Channel.CALL:
            calls.call()
        elif notice.member is not None:
            calls.tell(notice.member.person.email)
    record_notice_sent(notice=notice, by=by, at=at)


def _told_just_now(notice: Notice, at: datetime) -> bool:
    """Whether the same person has had the same words about the same client in the last minutes: two marked
    questions of one form are one message."""
    lately = Notice.objects.filter(alert__client_id=notice.alert.client_id, sent_at__gt=at - ONE_MESSAGE)
    return lately.filter(channel=notice.channel, member_id=notice.member_id, step=notice.step).exists()


@action("feedback.record_notice_sent")
def record_notice_sent(*, notice: Notice, by: Any, at: datetime) -> Notice:
    """A message has gone out; the alert counts as notified from the first one on."""
    notice.sent_at = at
    notice.save(update_fields=["sent_at"])
    Alert.objects.filter(pk=notice.alert_id, notified_at=None).update(notified_at=at)
    return notice
