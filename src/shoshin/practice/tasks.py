"""What practice does in the background: recordings checked and let go, rounds left open closed, reminders sent."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shoshin.kit import calls
from shoshin.kit.action import SYSTEM
from shoshin.kit.tasks import task
from shoshin.practice import actions, queries
from shoshin.practice.actions.recordings import CHECK
from shoshin.practice.models import Recording, Stopped


@task("practice.close_left_rounds", every=timedelta(hours=1))
def close_left_rounds(payload: dict[str, Any], at: datetime) -> None:
    """Close rounds in which nothing has happened for a day, each by itself."""
    for round in queries.left_rounds(at):
        actions.stop_round(round=round, because=Stopped.LEFT, by=SYSTEM, at=at)


@task("practice.remind_people", every=timedelta(minutes=30))
def remind_people(payload: dict[str, Any], at: datetime) -> None:
    """One mail to everybody whose reminder is due. A mail that fails is not tried again: no day has two."""
    for plan in queries.due_plans(at):
        reminded = actions.remind(plan=plan, by=SYSTEM, at=at)
        if reminded is not None:
            with override(settings.LANGUAGE_CODE):
                calls.mail(plan.member.person.email, _("A reminder you asked for"), _text(reminded.reminds))


def _text(goes_on: bool) -> str:
    """What the mail says: nothing of what is practised, and for the last one that it is the last."""
    where = f"\n{settings.PUBLIC_ADDRESS}" if settings.PUBLIC_ADDRESS else ""
    if goes_on:
        said = _("Today is one of your days. Ten minutes are enough, and leaving it is fine.")
        off = _("You can switch these reminders off in Shoshin with one tap.")
        return f"{said}\n{off}{where}"
    return _("I stop reminding you. Switch it on again when you like.") + where


@task(CHECK)
def check(payload: dict[str, Any], at: datetime) -> None:
    """A recording that arrived; nothing where it was checked in the same breath, or removed."""
    recording = Recording.objects.filter(pk=payload["recording"]).first()
    if recording is not None:
        actions.check_recording(recording, by=SYSTEM, at=at)


@task("practice.remove_expired_recordings", every=timedelta(days=1))
def remove_expired(payload: dict[str, Any], at: datetime) -> None:
    """Recordings whose days are over."""
    actions.remove_expired_recordings(at)
