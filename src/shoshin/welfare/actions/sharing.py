"""Showing one thing to one person, with an end, and taking it back."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import action
from shoshin.welfare.actions.oneself import oneself
from shoshin.welfare.models import CapacityCheck, FeelingNote, SharedItem
from shoshin.welfare.models.notes import open_share
from shoshin.welfare.queries.notes import people_to_show

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_SHARE = timedelta(days=28)


class CannotShare(ValueError):
    """Nothing is shown to anybody."""


@action("welfare.share_note")
def share_note(*, note: FeelingNote, to: "Membership", until: datetime, by: "Membership", at: datetime) -> SharedItem:
    """Show one note to one colleague until a moment. A note that goes earlier closes earlier."""
    ends_at = min(until, note.goes_at) if note.goes_at else until
    return _share(note, to, ends_at, by, at, note=note)


@action("welfare.share_check")
def share_check(
    *, check: CapacityCheck, to: "Membership", until: datetime, by: "Membership", at: datetime
) -> SharedItem:
    """Show one capacity check to one colleague until a moment."""
    return _share(check, to, until, by, at, capacity_check=check)


@action("welfare.stop_sharing")
def stop_sharing(*, share: SharedItem, by: "Membership", at: datetime) -> SharedItem:
    """Take one thing back at once. What was read stays read; the page of it is gone."""
    oneself(share, by)
    if share.taken_back_at is None:
        share.taken_back_at = at
        share.save(update_fields=["taken_back_at"])
    return share


def _share(
    thing: "FeelingNote | CapacityCheck",
    to: "Membership",
    ends_at: datetime,
    by: "Membership",
    at: datetime,
    **what: "FeelingNote | CapacityCheck",
) -> SharedItem:
    oneself(thing, by)
    if to.pk not in {each.pk for each in people_to_show(by)}:
        raise CannotShare(_("Choose a colleague of this clinic. Nothing was shown to anybody."))
    if not at < ends_at <= at + LONGEST_SHARE:
        raise CannotShare(_("Choose an end within four weeks. Nothing was shown to anybody."))
    shown = SharedItem.objects.filter(open_share(at), shown_to__person_id=to.person_id, **what)
    if shown.exists():
        raise CannotShare(_("This person sees it already. Take it back first, if you want another end."))
    return SharedItem.objects.create(
        clinic_id=by.clinic_id, person_id=by.person_id, shown_to=to, shared_at=at, ends_at=ends_at, **what
    )
