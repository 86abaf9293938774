"""More people for the tests of welfare."""

from shoshin.kit.action import action
from shoshin.people.models import Membership, Role


@action("tests.second_hats")
def second_hats(*, cast, by, at):
    """ada also leads her clinic's team, and works at eve's."""
    return tuple(
        Membership.objects.create(person=cast.ada.person, clinic=clinic, role=Role.LEAD, began_at=at)
        for clinic in (cast.clinic, cast.eve.clinic)
    )


@action("tests.leave")
def leave(*, member, by, at):
    """This membership ended at this moment."""
    member.ended_at = at
    member.save()
