"""Short words for tests: opening an episode, choosing the moment, appointments that were kept."""

from datetime import timedelta

from shoshin.care.actions import hand_over_clients
from shoshin.care.models import Appointment
from shoshin.growth.actions import meet_differently, open_episode
from shoshin.growth.models import Episode
from shoshin.growth.queries import standing_of
from shoshin.kit.action import action
from shoshin.kit.policy import Hat
from tests.cast import NOW

MOMENT = "When somebody goes quiet, I fill the silence."


def hat_of(member, at=NOW, *relations):
    return Hat(member, relations or ("own",), at)


def began(cast, signal=None, what="mine", at=NOW, sentence=MOMENT, skill=None):
    """Ada opens an episode about Ben, and says which moment, if any."""
    episode = open_episode(client=cast.ben, course=cast.course, signal=signal, what=what, by=cast.ada, at=at)
    if sentence:
        meet_differently(episode=episode, sentence=sentence, skill=skill, by=cast.ada, at=at)
    return episode


@action("tests.keep_appointments")
def kept(*, cast, weeks, by, at):
    """Ben came in each of these weeks after NOW."""
    return [
        Appointment.objects.create(
            clinic=cast.clinic, course=cast.course, therapist=cast.ada, starts_at=NOW + timedelta(weeks=week),
            state="kept", state_at=at,
        )
        for week in weeks
    ]  # fmt: skip


def came(cast, *weeks):
    return kept(cast=cast, weeks=weeks, by=cast.ada, at=NOW)


def hand_over(cast):
    hand_over_clients(member=cast.ada, to=cast.mia, by=cast.ada, at=NOW)


def now_of(episode, **later):
    """How the episode stands, read anew, so much later than NOW."""
    row = Episode.objects.select_related("clinic", "member", "client", "course__client").get(pk=episode.pk)
    return standing_of(row, NOW + timedelta(**later))


@action("tests.keep_one_appointment")
def kept_at(*, cast, starts_at, by, at):
    """Ben came at this moment."""
    return Appointment.objects.create(
        clinic=cast.clinic, course=cast.course, therapist=cast.ada, starts_at=starts_at, state="kept", state_at=at
    )
