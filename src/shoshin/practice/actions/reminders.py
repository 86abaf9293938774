"""Reminders that were asked for: noted before they go out, so that no day has two, and at rest when nobody answers."""

from datetime import datetime
from typing import TYPE_CHECKING

from shoshin.kit.action import Actor, action
from shoshin.people import queries as people
from shoshin.practice.models import Plan
from shoshin.practice.queries.reminders import has_practised, is_due, rests_now

if TYPE_CHECKING:
    from shoshin.people.models import Membership


@action("practice.remind", formative=True)
def remind(*, plan: Plan, by: Actor, at: datetime) -> Plan | None:
    """Note that a plan's reminder goes out today; nothing where none is due any more.

    After two weeks without practice the reminder of the day is the last one.
    """
    held = Plan.objects.select_for_update(of=("self",)).select_related("member__clinic", "clinic").get(pk=plan.pk)
    if not is_due(held, at):
        return None
    today = people.day_of(held.clinic, at)
    if rests_now(held, today, at):
        held.reminds, held.rested_on = False, today
    elif held.unanswered_since is None or has_practised(held.member, held.unanswered_since, at):
        held.unanswered_since = today
    held.reminded_on = today
    held.save(update_fields=["reminds", "rested_on", "unanswered_since", "reminded_on"])
    return held


@action("practice.stop_reminders", formative=True)
def stop_reminders(*, by: "Membership", at: datetime) -> int:
    """Remind no more. Says how many plans that changed."""
    return Plan.objects.filter(member=by, reminds=True).update(reminds=False, unanswered_since=None, rested_on=None)
