"""A colleague leaves: their clients go to somebody first, then the membership ends."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.care.models import Appointment, Client, Course
from shoshin.care.models.appointments import AppointmentState
from shoshin.kit.action import Actor, action
from shoshin.people import actions as people

if TYPE_CHECKING:
    from shoshin.people.models import Membership


class CannotEndMembership(ValueError):
    """Clients would be left without anybody."""


class CannotHandOver(ValueError):
    """The clients cannot go to this colleague."""


@action("care.end_membership")
def end_membership(*, member: "Membership", by: "Actor | Membership", at: datetime) -> "Membership":
    """End a membership that holds no client in an open course. The people's own action does the ending."""
    held = Course.objects.filter(client__therapist=member, ended_on=None).count()
    if held:
        raise CannotEndMembership(
            ngettext(
                "One client of this colleague is in an open course. Hand the clients over first.",
                "%(count)d clients of this colleague are in open courses. Hand the clients over first.",
                held,
            )
            % {"count": held}
        )
    try:
        return people.end_membership(member=member, by=by, at=at)
    except people.CannotEndMembership as refusal:
        raise CannotEndMembership(str(refusal)) from refusal


@action("care.hand_over_clients")
def hand_over_clients(*, member: "Membership", to: "Membership", by: "Membership", at: datetime) -> int:
    """Give all of a member's clients to another therapist of the same clinic. Each leaves a row of its own."""
    if not by.is_owner or by.clinic_id != member.clinic_id or to.clinic_id != member.clinic_id:
        raise CannotHandOver(_("Only the owner of this clinic hands its clients over, and only within it."))
    if to.pk == member.pk or to.role != "therapist" or to.ended_at is not None:
        raise CannotHandOver(_("Choose another therapist who is in the clinic now."))
    clients = list(Client.objects.select_for_update().filter(therapist=member))
    for client in clients:
        hand_over_client(client=client, to=to, by=by, at=at)
    return len(clients)


@action("care.hand_over_client")
def hand_over_client(*, client: Client, to: "Membership", by: "Membership", at: datetime) -> Client:
    """This client's therapist is now somebody else; what was planned is planned with them."""
    client.therapist = to
    client.save(update_fields=["therapist"])
    Course.objects.filter(client=client, ended_on=None).update(therapist=to)
    planned = Appointment.objects.filter(course__client=client, state=AppointmentState.PLANNED, starts_at__gte=at)
    planned.update(therapist=to)
    return client
