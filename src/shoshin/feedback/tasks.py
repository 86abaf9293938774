"""What feedback does in the background: the ladder of each alert, its messages, and looking for what was missed."""

from datetime import datetime, timedelta
from typing import Any

from shoshin.feedback.actions.notices import CLIMB, SEND, climb_ladder, send_notice
from shoshin.feedback.actions.reconciling import LOOK_BACK, reconcile_alerts
from shoshin.feedback.actions.signals import notice_silence
from shoshin.feedback.models import Alert, Notice
from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task


@task(CLIMB)
def climb(payload: dict[str, Any], at: datetime) -> None:
    """One step of an alert's ladder; nothing where the client has been deleted since."""
    alert = Alert.objects.select_related("client__clinic").filter(pk=payload["alert"]).first()
    if alert is not None:
        climb_ladder(alert=alert, step=payload["step"], by=SYSTEM, at=at)


@task(SEND)
def send(payload: dict[str, Any], at: datetime) -> None:
    """One message about an alert."""
    notice = Notice.objects.select_related("alert", "member__person").filter(pk=payload["notice"]).first()
    if notice is not None:
        send_notice(notice=notice, by=SYSTEM, at=at)


@task("feedback.reconcile_lately", every=timedelta(minutes=5))
def reconcile_lately(payload: dict[str, Any], at: datetime) -> None:
    """Whether every marked safety question of these days has its alert."""
    reconcile_alerts(since=at - LOOK_BACK, by=SYSTEM, at=at)


@task("feedback.reconcile_everything", every=timedelta(days=1))
def reconcile_everything(payload: dict[str, Any], at: datetime) -> None:
    """The same over every answer ever given, and forms that stayed unanswered."""
    reconcile_alerts(since=None, by=SYSTEM, at=at)
    notice_silence(by=SYSTEM, at=at)
