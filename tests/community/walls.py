"""What each therapist of the two clinics has of community, named by the client they hold.

In each clinic there is kay: in a circle with every therapist, shown something by them, and showing them something.
"""

from shoshin.community.actions import agree_gently, ask_coach, make_circle, mark_leave, open_views, say_how, tell_gently
from shoshin.community.models import Place
from shoshin.kit.action import action
from shoshin.people.models import Membership, Person, Role
from shoshin.practice.models import Attempt, Exercise
from tests.cast import PASSWORD
from tests.community.steps import coached, reviewed, shown, tried
from tests.practice.reels import recorded


def kept_together(walls, at) -> dict[str, dict[str, dict]]:
    """For each kind of thing: whose it is, and how addresses name it."""
    holders = {name: client.therapist for name, client in walls.clients.items()}
    kays = {clinic.pk: kay(clinic, at) for clinic in {member.clinic for member in holders.values()}}
    found: dict[str, dict[str, dict]] = {}
    for name, member in holders.items():
        for kind, row in _of(member, kays[member.clinic_id], at).items():
            found.setdefault(kind, {})[name] = {"pk": row.pk}
    return found


@action("tests.keep_together")
def kept_by(*, member: Membership, by, at) -> dict[str, int]:
    """The same of one therapist, by their ids."""
    return {kind: row.pk for kind, row in _of(member, kay(member.clinic, at), at).items()}


def kay(clinic, at) -> Membership:
    """A therapist who is in none of the roles that are tried."""
    person = Person.objects.create_user(f"kay{clinic.pk}@example.org", PASSWORD, "Kay")
    return Membership.objects.create(person=person, clinic=clinic, role=Role.THERAPIST, began_at=at)


def _of(member: Membership, other: Membership, at) -> dict:
    """One of everything between these two."""
    exercise = Exercise.objects.filter(pack__clinic=member.clinic, slug="aloud").order_by("pk").first()
    own = Attempt.objects.filter(member=member, answer="typed").order_by("pk").first()
    others = tried(exercise, other, at=at)
    recorded(others, at=at)
    showing, witnessed = shown(own, other, at=at), shown(others, member, at=at, with_recording=True)
    reviewed(showing, other, at=at)
    open_views(showing=showing, everything=True, by=member, at=at)
    asks = make_circle(name="Mondays", colleagues=[member], by=other, at=at)
    coaching = coached(member, other, at=at)
    say_how(coaching=coaching, words="it was quiet", by=member, at=at)
    agree_gently(coaching=coaching, by=member, at=at)
    tell_gently(coaching=coaching, by=member, at=at)
    return {
        "circle": make_circle(name="Tuesdays", colleagues=[other], by=member, at=at),
        "place": Place.objects.get(circle=asks, member=member),
        "showing": showing,
        "witnessed": witnessed,
        "coaching": coaching,
        "asked": ask_coach(coach=member, about="pace", by=other, at=at),
        "leave": mark_leave(begins_on=at.date(), ends_on=at.date(), by=member, at=at),
    }
