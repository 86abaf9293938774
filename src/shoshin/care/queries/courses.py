"""A client's courses of therapy."""

from datetime import date
from typing import TYPE_CHECKING

from shoshin.care.models import Client, Course

if TYPE_CHECKING:
    from shoshin.people.models import Membership


def open_course(client: Client) -> Course | None:
    """The course the client is in now."""
    return client.courses.filter(ended_on=None).select_related("therapist__person").first()


def course_on(client: Client, day: date) -> Course | None:
    """The course a day falls in: begun by then, and not ended before it."""
    return client.courses.filter(opened_on__lte=day).exclude(ended_on__lt=day).order_by("-opened_on").first()


def courses_going_on() -> list[Course]:
    """Every course that has not ended, in every clinic of this installation: for what is done once a day."""
    return list(Course.objects.filter(ended_on=None).select_related("clinic", "client").order_by("pk"))


def number_held(member: "Membership") -> tuple[int, int]:
    """How many clients a member holds, and how many of them are in an open course. Numbers only."""
    held = Client.objects.filter(therapist=member)
    return held.count(), Course.objects.filter(client__therapist=member, ended_on=None).count()
